"""Shape 2: a city government's site, in the manner of the older Hanweb system.

The list stands in no markup: its first group waits in a script as XML, the rest comes from a proxy.
Bodies stand between two comments; half of the meta tags are there and empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from math import ceil
from typing import Any, Final

from markupsafe import Markup

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

HOST: Final = "www.shuozhou-sample.example"
_SITE: Final = "朔州市人民政府网（样例）"
_CODE: Final = "1406000099"
_COLUMN: Final = "党建园地"
_LIST: Final = "/col/col1021/index.html"
_PROXY: Final = "/module/web/jpage/dataproxy.jsp"
_PER_PAGE: Final = 2
_GROUP: Final = 3  # pages of the list in one answer of the proxy
_DIVS_UNTIL: Final = date(2026, 11, 8)
_COLUMNS: Final = ("首页", "走进朔州", "政务公开", "办事服务", "互动交流", "专题专栏")


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """The site as it stands on ``upto``."""
    numbers = numbered(stories, 80431)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/art/2026/11/6/art_1099_")}
    for index, story in enumerate(out):
        answers.update(_story_pages(story, out, numbers, index))
    rows = [_row(story, _address(story, numbers)) for story in out][::-1]
    # Closed by the site's robots.txt, and in its list all the same.
    closed = "/art/2026/11/6/art_1099_80999.html"
    rows.insert(min(1, len(rows)), Row(closed, "内部通讯录", "内部通讯录", "2026-11-06"))
    answers[closed] = html(
        page("feed-plain.html", site=_SITE, title="内部通讯录", text="仅供内部使用，请勿转载。" * 9)
    )
    answers[_LIST] = html(_list(rows))
    places = {story.slug: _address(story, numbers) for story in out}
    return Shape(answers, places, {_PROXY: partial(_records, rows)})


def _address(story: SampleStory, numbers: Mapping[str, int]) -> str:
    day = story.published
    return f"/art/{day.year}/{day.month}/{day.day}/art_1021_{numbers[story.slug]}.html"


def _row(story: SampleStory, href: str) -> Row:
    title = story.headline
    return Row(href, title if len(title) <= 14 else f"{title[:13]}...", title, f"{story.published}")


def _list(rows: Sequence[Row]) -> str:
    return page(
        "city-list.html",
        site=_SITE,
        host=HOST,
        code=_CODE,
        column=_COLUMN,
        columns=_COLUMNS,
        rows=rows[: _PER_PAGE * _GROUP],
        row_html=lambda row: Markup(page("city-row.html", row=row).strip()),  # noqa: S704 - escaped by its template
        per=_PER_PAGE,
        total=len(rows),
        pages=ceil(len(rows) / _PER_PAGE),
    )


def _records(rows: Sequence[Row], query: Mapping[str, str]) -> Answer:
    """What the proxy answers: the records from ``startrecord`` to ``endrecord``."""
    try:
        first, last = int(query["startrecord"]), int(query["endrecord"])
    except (KeyError, ValueError):
        return Answer("参数错误".encode(), status=500)
    if query.get("columnid") != "1021" or query.get("webid") != "3":
        return Answer(b"<datastore></datastore>", "text/xml; charset=utf-8")
    records = "".join(
        f"<record><![CDATA[{page('city-row.html', row=row).strip()}]]></record>\n"
        for row in rows[first - 1 : last]
    )
    text = (
        f"<datastore>\n<totalrecord>{len(rows)}</totalrecord>\n"
        f"<totalpage>{ceil(len(rows) / _PER_PAGE)}</totalpage>\n<recordset>{records}</recordset></datastore>"
    )
    return Answer(text.encode(), "text/xml; charset=utf-8")


def _story_pages(
    story: SampleStory, out: Sequence[SampleStory], numbers: Mapping[str, int], index: int
) -> Answers:
    address = _address(story, numbers)
    number = numbers[story.slug]
    pictures = [f"/picture/0/{number}_{n}.png" for n in range(len(story.captions))]
    chance = mess.number_of(story.slug)
    values: dict[str, Any] = {
        "site": _SITE,
        "host": HOST,
        "code": _CODE,
        "column": _COLUMN,
        "columns": _COLUMNS,
        "story": story,
        "number": number,
        "clock": f"{8 + index % 9:02d}:{(index * 13) % 60:02d}",
        "blocks": printed_blocks(story, pictures),
        "full_meta": chance % 2 == 0,
        "divs": story.published <= _DIVS_UNTIL,
        "related": mess.related(story, out, partial(_address, numbers=numbers))
        if chance % 3
        else [],
        "hot": mess.other_news(story.slug, 4, "/art/2023/5/6/art_1020_{}.html"),
        "disclaimer": mess.DISCLAIMERS[chance % 3] if chance % 4 < 2 else "",
    }
    answers = {address: html(page("city-story.html", **values))}
    answers.update({one: picture(one) for one in pictures})
    return answers
