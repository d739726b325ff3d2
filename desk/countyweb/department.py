"""Shape 3: a city department's site, in the manner of Hanweb's newer system (jpaas).

The list page is empty; a script fetches JSON with the rows as HTML inside. The page number is only
heeded up to the third page: after that the third one comes again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from math import ceil
from typing import Any, Final

from . import mess
from .dataset import SampleStory
from .shape import (
    Answer,
    Answers,
    Row,
    Shape,
    html,
    page,
    picture,
    printed_blocks,
    robots,
    until,
)

HOST: Final = "nyncj.jincheng-sample.example"
_SITE: Final = "晋城市农业农村局（样例）"
_CODE: Final = "1405000099"
_COLUMN: Final = "工作动态"
_LIST: Final = "/gzdt/index.html"
_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAGES: Final = 3
_OLD_UNTIL: Final = date(2026, 11, 9)
_COLUMNS: Final = ("首页", "机构概况", "政务公开", "工作动态", "党的建设", "政民互动")
SETTINGS: Final[Mapping[str, str]] = {
    "parseType": "buildstatic",
    "webId": "7d3c1f1b5a",
    "tplSetId": "91c0e7",
    "pageType": "column",
    "tagId": "list-gzdt",
    "editType": "null",
    "pageId": "b84a02c6",
}


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """The site as it stands on ``upto``."""
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/nbgk/")}
    for index, story in enumerate(out):
        answers.update(_story_pages(story, out, index))
    rows = [
        Row(_address(story), story.headline, story.headline, f"{story.published}") for story in out
    ][::-1]
    closed = Row(f"/nbgk/art/2026/art_{'0' * 32}.html", "值班表", "值班表", "2026-11-09")
    rows.insert(min(2, len(rows)), closed)
    answers[closed.href] = html(
        page("feed-plain.html", site=_SITE, title="值班表", text="本表只供单位内部使用。" * 12)
    )
    size = max(2, ceil(len(rows) / _PAGES))
    answers[_LIST] = html(
        page(
            "dept-list.html",
            site=_SITE,
            code=_CODE,
            column=_COLUMN,
            columns=_COLUMNS,
            settings=SETTINGS,
            settings_text=json.dumps(dict(SETTINGS)).replace('"', "'"),
            size=size,
        )
    )
    places = {story.slug: _address(story) for story in out}
    return Shape(answers, places, {_UNIT: partial(_unit, rows)})


def _address(story: SampleStory) -> str:
    mark = hashlib.md5(story.slug.encode(), usedforsecurity=False).hexdigest()
    return f"/art/{story.published.year}/art_{mark}.html"


def _unit(rows: Sequence[Row], query: Mapping[str, str]) -> Answer:
    """One page of the list as JSON; 500 for a question that the page's script would not ask."""
    try:
        at = json.loads(query["paramJson"])
        number, size = int(at["pageNo"]), int(at["pageSize"])
    except (KeyError, ValueError, TypeError):
        number = size = 0
    known = all(query.get(name) == SETTINGS[name] for name in ("webId", "tagId", "pageId"))
    if not known or number < 1 or size < 1:
        return Answer(b'{"success":false,"code":"500","data":null}', "application/json", 500)
    number = min(number, _PAGES)
    shown = rows[(number - 1) * size : number * size]
    data = {"html": page("dept-rows.html", rows=shown, total=len(rows)), "pageNo": number}
    body = json.dumps({"success": True, "code": "200", "data": data}, ensure_ascii=False)
    return Answer(body.encode(), "application/json;charset=UTF-8")


def _story_pages(story: SampleStory, out: Sequence[SampleStory], index: int) -> Answers:
    address = _address(story)
    stem = address.rsplit("_", 1)[1][:12]
    pictures = [f"/cms_files/{stem}/{n}.png" for n in range(len(story.captions))]
    chance = mess.number_of(story.slug)
    values: dict[str, Any] = {
        "site": _SITE,
        "host": HOST,
        "code": _CODE,
        "column": _COLUMN,
        "columns": _COLUMNS,
        "story": story,
        "clock": f"{9 + index % 8:02d}:{(index * 11) % 60:02d}",
        "old": story.published <= _OLD_UNTIL,
        "blocks": printed_blocks(story, pictures),
        "soup": chance % 2 == 0,
        "meta_source": chance % 3 > 0,
        "inside": chance % 5 < 3,
        "disclaimer": mess.DISCLAIMERS[1 + chance % 2] if chance % 7 < 3 else "",
        "related": mess.related(story, out, _address, 4),
        "attachment": f"/cms_files/{stem}/fj.docx" if chance % 4 == 1 else "",
    }
    answers = {address: html(page("dept-story.html", **values))}
    answers.update({one: picture(one) for one in pictures})
    return answers
