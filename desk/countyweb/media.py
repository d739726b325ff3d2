"""Shape 10: a county media centre that puts copies of its WeChat articles on the web.

Sections and spans without one paragraph element, hidden until a script runs; pictures wait in
``data-src``; the only date is the epoch in a script; kicker and headline are one line with a space,
so these stories have neither kicker nor deck of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from ...index.clock import ZONE
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

HOST: Final = "rm.lingshi-sample.example"
_SITE: Final = "灵石融媒（样例）"
ACCOUNT: Final = "灵石融媒样例"
_PER_PAGE: Final = 5
_OLD_UNTIL: Final = date(2026, 11, 10)


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 2001)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/wx/nb")}
    for index, story in enumerate(out):
        answers.update(_story_pages(story, numbers[story.slug], index))
    rows = [
        Row(_name(story, numbers[story.slug]), story.headline, "", f"{story.published:%m月%d日}")
        for story in out
    ][::-1]
    rows.insert(min(1, len(rows)), Row("/wx/nb2026110601.html", "选题单", "", "11月06日"))
    answers["/wx/nb2026110601.html"] = html(
        page("feed-plain.html", site=_SITE, title="选题单", text="本单只供采编人员使用。" * 9)
    )
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)]
    for number, chunk in enumerate(pages, start=1):
        answers["/wx/" if number == 1 else f"/wx/list_{number}.html"] = html(
            page(
                "media-list.html",
                site=_SITE,
                column="原创",
                rows=chunk,
                following=f"/wx/list_{number + 1}.html" if number < len(pages) else "",
            )
        )
    return Shape(answers, {one.slug: _name(one, numbers[one.slug]) for one in out})


def _name(story: SampleStory, number: int) -> str:
    return f"/wx/{story.published:%Y%m%d}{number}.html"


def _story_pages(story: SampleStory, number: int, index: int) -> Answers:
    address = _name(story, number)
    pictures = [f"/mmbiz/{number}_{n}.png" for n in range(len(story.captions))]
    poster = f"/mmbiz/{number}_poster.png"
    moment = datetime.combine(story.published, time(6 + index % 15, (index * 29) % 60), ZONE)
    chance = mess.number_of(story.slug)
    values: dict[str, Any] = {
        "title": story.headline,
        "story": story,
        "account": ACCOUNT,
        "author": story.byline_printed if story.byline_style == "none" else "",
        "old": story.published <= _OLD_UNTIL,
        "epoch": int(moment.timestamp()),
        "sn": f"{chance:08x}",
        "description": story.paragraphs[0].text[:40],
        "poster": poster,
        "promote": chance % 2 == 0,
        "blocks": printed_blocks(story, pictures),
    }
    answers = {address: html(page("media-story.html", **values))}
    answers.update({one: picture(one) for one in (*pictures, poster, "/wx/qr.png")})
    return answers
