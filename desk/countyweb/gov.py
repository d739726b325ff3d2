"""Shape 1: a county government's site, in the manner of the TRS content system.

Meta tags of the national guide for government sites, a folder as list, numbered pages that only a
script call reveals, bodies pasted from Word.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup, escape

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

HOST = "www.qinyuan-sample.example"
SITE_NAME = "沁源县人民政府门户网站（样例）"
SITE_ID = "1404310099"
_COLUMN = "基层党建"
_PER_PAGE = 8
_COLUMNS = ("首页", "走进沁源", "信息公开", "政务服务", "政民互动", "基层党建")
_FOLDER = "/zwxx/jcdj/"
_CLOSED = "/zwxx/jcdj/nbzl/"


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 153762)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots(_CLOSED), "/": _plain("首页", "欢迎访问本网站。")}
    rows: list[Row] = []
    for index, story in enumerate(out):
        name = _name(story, numbers[story.slug])
        answers.update(_story_pages(story, name, index))
        rows.append(_row(f"./{name}", story.headline, story.published, without_year=index % 3 == 1))
    rows.reverse()
    answers.update(_lists(rows))
    answers[_FOLDER + "202401/t20240105_100001.html"] = _plain(
        "机构设置", "县委组织部内设办公室、组织科、干部科、人才科。"
    )
    answers[_CLOSED + "202611/t20261106_153999.html"] = _plain(
        "内部资料目录（11月）", "本目录只供本单位使用，请勿转载。" * 8
    )
    return Shape(
        answers, {story.slug: _FOLDER + _name(story, numbers[story.slug]) for story in out}
    )


def _name(story: SampleStory, number: int) -> str:
    return f"{story.published:%Y%m}/t{story.published:%Y%m%d}_{number}.html"


def _row(href: str, title: str, day: date, *, without_year: bool = False) -> Row:
    shown = title if len(title) <= 16 else title[:15] + "…"
    return Row(href, shown, title, f"{day:%m-%d}" if without_year else day.isoformat())


def _lists(rows: list[Row]) -> Answers:
    """The list pages. Page 2 is ``index_1.html``, and only the script call says that it exists."""
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)] or [[]]
    sister = Row(
        "http://www.changzhi-xiangcun-sample.example/202611/t20261105_8801.html",
        "全市乡村振兴擂台赛开赛",
        "全市乡村振兴擂台赛开赛",
        "2026-11-05",
    )
    closed = Row(
        "./nbzl/202611/t20261106_153999.html",
        "内部资料目录（11月）",
        "内部资料目录（11月）",
        "2026-11-06",
    )
    answers: Answers = {}
    for number, chunk in enumerate(pages):
        shown = [*chunk[:2], sister, closed, *chunk[2:]] if number == 0 else chunk
        text = page(
            "gov-list.html",
            site_name=SITE_NAME,
            site_id=SITE_ID,
            host=HOST,
            column=_COLUMN,
            rows=shown,
            count=len(pages),
            current=number,
        )
        name = "index.html" if number == 0 else f"index_{number}.html"
        answers[_FOLDER + name] = html(text)
    answers[_FOLDER] = answers[_FOLDER + "index.html"]
    return answers


def _story_pages(story: SampleStory, name: str, index: int) -> Answers:
    stem = name.rsplit("/", 1)[1].removesuffix(".html")
    folder = _FOLDER + name.rsplit("/", 1)[0] + "/"
    pictures = [f"./W0{stem[1:]}_{number}.png" for number in range(len(story.captions))]
    attachment = f"./P0{stem[1:]}.pdf" if index % 5 == 2 else ""
    blocks = [
        (kind, _soup(text, story.slug) if kind != "picture" else text, caption)
        for kind, text, caption in printed_blocks(story, pictures)
    ]
    text = page(
        "gov-story.html",
        site_name=SITE_NAME,
        site_id=SITE_ID,
        host=HOST,
        column=_COLUMN,
        story=story,
        clock=f"{8 + index % 9:02d}:{(index * 17) % 60:02d}",
        address=f"./{stem}.html",
        image=pictures[0] if pictures else "",
        blocks=blocks,
        attachment=attachment,
        related=index % 4 == 0,
        columns=_COLUMNS,
        meta_source=index % 3 > 0,
        more=mess.other_news(story.slug, 4, "../202305/t20230506_1{}00.html") if index % 2 else [],
        office_comment=index % 3 == 0,
    )
    answers = {_FOLDER + name: html(text)}
    answers.update({folder + address[2:]: picture(address) for address in pictures})
    if attachment:
        answers[folder + attachment[2:]] = Answer(b"%PDF-1.4\n%%EOF\n", "application/pdf")
    return answers


def _soup(text: str, seed: str) -> Markup:
    """A paragraph as Word pastes it: spans that cut the text at digits and at odd places."""
    step = 9 + zlib.crc32(seed.encode()) % 13
    pieces: list[Any] = []
    for start in range(0, len(text), step):
        part = escape(text[start : start + step])
        if start // step % 3 == 0:
            pieces.append(
                Markup('<span style="font-family:仿宋_GB2312;font-size:16.0pt">{}</span>').format(
                    part
                )
            )
        elif start // step % 3 == 1:
            pieces.append(
                Markup('<font face="仿宋_GB2312"><span lang="EN-US">{}</span></font>').format(part)
            )
        else:
            pieces.append(Markup("<span><span>{}</span><o:p></o:p></span>").format(part))
    return Markup("").join(pieces)


def _plain(title: str, text: str) -> Answer:
    return html(
        page(
            "gov-plain.html",
            site_name=SITE_NAME,
            site_id=SITE_ID,
            host=HOST,
            title=title,
            text=text,
        )
    )
