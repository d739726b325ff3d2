"""Shape 7: the province's news portal, in the manner of the content system of people.com.cn.

Long stories over three pages; every page is there again in traditional characters under ``/BIG5/``,
and the list links some of those as well; the author's meta tag is a clerk's number; the site's
disclaimer stands on every story. Two layouts: ``/GB/…`` addresses before the redesign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

from opencc import OpenCC

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

HOST: Final = "www.sanjin-sample.example"
_SITE: Final = "三晋新闻网样例"
_COLUMN: Final = "党建"
_LIST: Final = "/GB/64387/"
_PER_PAGE: Final = 4
_OLD_UNTIL: Final = date(2026, 11, 8)
_LONG: Final = 7  # paragraphs from which a story goes over three pages
_COLUMNS: Final = ("首页", "时政", "社会", "县区", "党建", "图片", "评论")


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the portal as it stands on ``upto``."""
    numbers = numbered(stories, 41161200)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/GB/99999/")}
    for index, story in enumerate(out):
        answers.update(_story_pages(story, out, numbers, index))
    rows = []
    for story in out:
        address = _address(story, numbers)
        twin = _twin(address) if numbers[story.slug] % 3 == 0 else ""
        rows.append(Row(address, story.headline, twin, f"{story.published} 08:1{len(rows) % 10}"))
    rows.reverse()
    rows.insert(min(2, len(rows)), Row("/GB/99999/9000001.html", "会员专区", "", "2026-11-06"))
    answers["/GB/99999/9000001.html"] = html(
        page("feed-plain.html", site=_SITE, title="会员专区", text="本区只对注册会员开放。" * 9)
    )
    answers.update(_lists(rows))
    answers.update(
        {
            f"/BIG5{path.removeprefix('/GB')}": html(_traditional(answer.body.decode()))
            for path, answer in answers.items()
            if path.endswith(".html") and "99999" not in path
        }
    )
    return Shape(answers, {story.slug: _address(story, numbers) for story in out})


def _address(story: SampleStory, numbers: Mapping[str, int]) -> str:
    if story.published <= _OLD_UNTIL:
        return f"{_LIST}{numbers[story.slug]}.html"
    return f"/n1/{story.published:%Y/%m%d}/c64387-{numbers[story.slug]}.html"


def _twin(address: str) -> str:
    return f"/BIG5{address.removeprefix('/GB')}"


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2t")


@lru_cache(maxsize=512)
def _traditional(text: str) -> str:
    return _converter().convert(text)


def _lists(rows: Sequence[Row]) -> Answers:
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)] or [[]]
    answers: Answers = {}
    for number, chunk in enumerate(pages, start=1):
        text = page(
            "portal-list.html",
            site=_SITE,
            column=_COLUMN,
            columns=_COLUMNS,
            rows=chunk,
            count=len(pages),
            current=number,
            hot=mess.other_news(f"list{number}", 5, "/GB/64380/{}888.html"),
        )
        answers[f"{_LIST}index{'' if number == 1 else number}.html"] = html(text)
    return answers


def _story_pages(
    story: SampleStory, out: Sequence[SampleStory], numbers: Mapping[str, int], index: int
) -> Answers:
    address = _address(story, numbers)
    folder, _, name = address.rpartition("/")
    stem = name.removesuffix(".html")
    pictures = [f"/NMediaFile/{numbers[story.slug]}_{n}.png" for n in range(len(story.captions))]
    blocks = printed_blocks(story, pictures)
    count = 3 if len(story.paragraphs) >= _LONG else 1
    size = -(-len(blocks) // count)
    chance = mess.number_of(story.slug)
    values: dict[str, Any] = {
        "site": _SITE,
        "column": _COLUMN,
        "story": story,
        "number": numbers[story.slug],
        "description": story.paragraphs[0].text[:60],
        "old": story.published <= _OLD_UNTIL,
        "clock": f"{7 + index % 10:02d}:{(index * 19) % 60:02d}",
        "count": count,
        "stem": stem,
        "editors": story.editor,
        "share_inside": chance % 3 == 0,
        "disclaimer": mess.DISCLAIMERS[0],
        "related": mess.related(story, out, partial(_address, numbers=numbers), 4),
        "comments": mess.COMMENTS if chance % 4 == 0 else (),
        "hot": mess.other_news(story.slug, 6, "/GB/64380/{}777.html"),
    }
    answers: Answers = {}
    for number in range(1, count + 1):
        chunk = blocks[(number - 1) * size : number * size]
        path = address if number == 1 else f"{folder}/{stem}-{number}.html"
        answers[path] = html(page("portal-story.html", **values, current=number, blocks=chunk))
    answers.update({one: picture(one) for one in pictures})
    return answers
