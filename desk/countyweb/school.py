"""Shape 8: a city's party school, in the manner of Boda's VSB.

List pages count downwards, so a page keeps its address while what stands on it moves. A counter's
script sits in the meta line; there is no h1: the headline is in a table cell, later in an h3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from . import mess
from .dataset import SampleStory
from .shape import (
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

HOST: Final = "dx.xinzhou-sample.example"
_SITE: Final = "忻州市委党校（样例）"
_COLUMN: Final = "党建工作"
_PER_PAGE: Final = 3
_OLD_UNTIL: Final = date(2026, 11, 12)


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 4103)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/info/1099/")}
    for index, story in enumerate(out):
        answers.update(_story_pages(story, out, numbers, index))
    rows = [
        Row(
            f"info/1031/{numbers[story.slug]}.htm",
            story.headline[:18] + ("…" if len(story.headline) > 18 else ""),
            story.headline,
            f"{story.published:%Y/%m/%d}",
        )
        for story in out
    ][::-1]
    rows.insert(min(1, len(rows)), Row("info/1099/9001.htm", "职工名册", "职工名册", "2026/11/06"))
    answers["/info/1099/9001.htm"] = html(
        page("feed-plain.html", site=_SITE, title="职工名册", text="本页只供校内查阅。" * 12)
    )
    answers.update(_lists(rows))
    return Shape(answers, {one.slug: f"/info/1031/{numbers[one.slug]}.htm" for one in out})


def _lists(rows: Sequence[Row]) -> Answers:
    """``djgz.htm`` is the first page; the second of n is ``djgz/n-1.htm``, the last ``djgz/1.htm``."""
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)] or [[]]
    answers: Answers = {}
    for at, chunk in enumerate(pages):
        below = len(pages) - at - 1
        folder = "djgz/" if at == 0 else ""
        text = page(
            "school-list.html",
            site=_SITE,
            column=_COLUMN,
            rows=chunk,
            up="../" if at == 0 else "../../",
            total=len(rows),
            count=len(pages),
            current=below + 1,
            following=f"{folder}{below}.htm" if below else "",
            last=f"{folder}1.htm",
        )
        answers["/xw/djgz.htm" if at == 0 else f"/xw/djgz/{below + 1}.htm"] = html(text)
    return answers


def _name(story: SampleStory, numbers: Mapping[str, int]) -> str:
    return f"{numbers[story.slug]}.htm"


def _story_pages(
    story: SampleStory, out: Sequence[SampleStory], numbers: Mapping[str, int], index: int
) -> Answers:
    number = numbers[story.slug]
    pictures = [f"/__local/A/{number}_{n}.png" for n in range(len(story.captions))]
    chance = mess.number_of(story.slug)
    before = mess.related(story, out, partial(_name, numbers=numbers), 1)
    values: dict[str, Any] = {
        "site": _SITE,
        "column": _COLUMN,
        "story": story,
        "number": number,
        "old": story.published <= _OLD_UNTIL,
        "clock": f"{9 + index % 8:02d}:{(index * 7) % 60:02d}",
        "blocks": printed_blocks(story, pictures),
        "word": chance % 2 == 0,
        "inside": chance % 3 == 0,
        "earlier": before[0] if before else mess.Link("没有了", "#"),
        "hot": mess.other_news(story.slug, 4, "../1020/{}.htm"),
    }
    answers = {f"/info/1031/{number}.htm": html(page("school-story.html", **values))}
    answers.update({one: picture(one) for one in pictures})
    return answers
