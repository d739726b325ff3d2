"""Shape 13: a county news site that does not stay as it is.

It has a new layout from :data:`LAYOUT_CHANGES` on, list and stories. In the week after the last of
the sample news, from :data:`TURNS` on, one story is corrected, one is withdrawn (410) and one has
moved to another address; from then on nothing new comes: the site goes dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from ...index.story import Paragraph
from . import mess
from .dataset import SampleStory
from .shape import (
    Answer,
    Answers,
    Row,
    Shape,
    html,
    numbered,
    page,
    picture,
    printed_blocks,
    robots,
    until,
)

HOST: Final = "www.fanshi-sample.example"
LAYOUT_CHANGES: Final = date(2026, 11, 12)
TURNS: Final = date(2026, 11, 23)
CORRECTED: Final = "fanshi-xiaomi-hezuo"
WITHDRAWN: Final = "fanshi-shuijiao"
MOVED: Final = "fanshi-jiedai"
_SITE: Final = "繁峙新闻网（样例）"
_COLUMN: Final = "基层党建"
_LIST: Final = "/xw/jcdj/"
_COLUMNS: Final = ("首页", "本地要闻", "基层党建", "民生", "文化")


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """The site as it stands on ``upto``; without a day, on the last evening before it turns."""
    numbers = numbered(stories, 6101)
    out = until(stories, upto)
    turned = upto is not None and upto >= TURNS
    answers: Answers = {"/robots.txt": robots("/xw/nb/")}
    rows: list[Row] = []
    places: dict[str, str] = {}
    for index, story in enumerate(out):
        address = _address(story, numbers, turned=turned)
        if turned and story.slug == WITHDRAWN:
            answers[address] = Answer("该文章已撤回".encode(), status=410)
            continue
        if turned and story.slug == MOVED:
            old = _address(story, numbers, turned=False)
            answers[old] = Answer(b"", status=301, location=f"http://{HOST}{address}")
        answers.update(_story_pages(story, out, numbers, address, index, turned=turned))
        places[story.slug] = address
        rows.append(Row(address, story.headline, "", f"{story.published}"))
    rows.reverse()
    rows.insert(min(1, len(rows)), Row("/xw/nb/2026/11/06/9001.html", "内部", "", "2026-11-06"))
    answers["/xw/nb/2026/11/06/9001.html"] = html(
        page("feed-plain.html", site=_SITE, title="内部", text="内部资料，不得转载。" * 9)
    )
    newest = max((story.published for story in out), default=LAYOUT_CHANGES)
    answers[_LIST] = html(
        page(
            "moving-list.html",
            site=_SITE,
            column=_COLUMN,
            columns=_COLUMNS,
            rows=rows,
            old=newest < LAYOUT_CHANGES,
        )
    )
    return Shape(answers, places)


def corrected(story: SampleStory) -> SampleStory:
    """The story as it stands after its correction: the last number of its first paragraph."""
    first = story.paragraphs[0].text
    mended = re.sub(r"\d+(?!.*\d)", lambda found: str(int(found[0]) + 1), first)
    return replace(story, paragraphs=(Paragraph(mended), *story.paragraphs[1:]))


def _address(story: SampleStory, numbers: Mapping[str, int], *, turned: bool) -> str:
    if turned and story.slug == MOVED:
        return f"/xw/gdxw/{story.published:%Y/%m/%d}/{numbers[story.slug]}.html"
    return f"{_LIST}{story.published:%Y/%m/%d}/{numbers[story.slug]}.html"


def _story_pages(
    story: SampleStory,
    out: Sequence[SampleStory],
    numbers: Mapping[str, int],
    address: str,
    index: int,
    *,
    turned: bool,
) -> Answers:
    mended = turned and story.slug == CORRECTED
    pictures = [f"/upload/{numbers[story.slug]}_{n}.png" for n in range(len(story.captions))]
    chance = mess.number_of(story.slug)
    shown = corrected(story) if mended else story
    values: dict[str, Any] = {
        "site": _SITE,
        "column": _COLUMN,
        "columns": _COLUMNS,
        "story": shown,
        "old": story.published < LAYOUT_CHANGES,
        "clock": f"{8 + index % 11:02d}:{(index * 31) % 60:02d}",
        "blocks": printed_blocks(shown, pictures),
        "related": mess.related(story, out, partial(_address, numbers=numbers, turned=False)),
        "advert": mess.ADVERTS[chance % len(mess.ADVERTS)],
        "disclaimer": mess.DISCLAIMERS[chance % 3],
        "hot": mess.other_news(story.slug, 5, "/zt/{}.html"),
        "corrected": "11月23日" if mended else "",
    }
    answers = {address: html(page("moving-story.html", **values))}
    answers.update({one: picture(one) for one in pictures})
    return answers
