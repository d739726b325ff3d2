"""Shape 9: a submissions board 投稿区, in the manner of Discuz.

A thread is a story, its author the unit that sent it in; replies stand below. Half of the threads
are copies of stories that other sites ran, most of them cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
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

HOST: Final = "bbs.hedong-sample.example"
_SITE: Final = "河东党建投稿园地（样例）"
_COLUMN: Final = "基层来稿"
_PER_PAGE: Final = 4
_REPLIES: Final = (
    ("编辑部小林", "稿件收到，请补充一张现场照片，谢谢投稿的同志。"),
    ("一棵老槐", "写得实在，学习了。"),
    ("山路弯弯", "我们那儿也想这么办，能不能介绍一下经费从哪里来？"),
)


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the board as it stands on ``upto``."""
    numbers = numbered(stories, 30211)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/thread-99")}
    for index, story in enumerate(out):
        answers.update(_thread(story, numbers[story.slug], index))
    answers["/thread-11-1-1.html"] = answers["/thread-9901-1-1.html"] = html(
        page("feed-plain.html", site=_SITE, title="投稿须知", text="来稿请写明单位和联系人。" * 9)
    )
    answers.update(_lists(out, numbers))
    return Shape(answers, {one.slug: f"/thread-{numbers[one.slug]}-1-1.html" for one in out})


def _author(story: SampleStory) -> str:
    """The account that posted it: the unit, or the site's own one for stories of its people."""
    return next(iter(story.byline.organisations), story.source)


def _lists(out: Sequence[SampleStory], numbers: Mapping[str, int]) -> Answers:
    rows = [
        Row(
            f"thread-{numbers[story.slug]}-1-{{}}.html",
            story.headline,
            _author(story),
            f"{story.published.year}-{story.published.month}-{story.published.day}",
        )
        for story in out
    ][::-1]
    rows.insert(min(2, len(rows)), Row("thread-9901-1-{}.html", "版主议事", "管理员", "2026-11-6"))
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)]
    answers: Answers = {}
    for number, chunk in enumerate(pages, start=1):
        # The last number of a thread's address is the page of the list that the reader came from.
        shown = [Row(row.href.format(number), row.title, row.full, row.day) for row in chunk]
        answers[f"/forum-37-{number}.html"] = html(
            page(
                "board-list.html",
                site=_SITE,
                column=_COLUMN,
                number=number,
                rows=shown,
                following=f"forum-37-{number + 1}.html" if number < len(pages) else "",
            )
        )
    return answers


def _thread(story: SampleStory, number: int, index: int) -> Answers:
    pictures = [f"/data/attachment/{number}_{n}.png" for n in range(len(story.captions))]
    chance = mess.number_of(story.slug)
    values: dict[str, Any] = {
        "site": _SITE,
        "column": _COLUMN,
        "story": story,
        "number": number,
        "author": _author(story),
        "clock": f"{8 + index % 10:02d}:{(index * 23) % 60:02d}",
        "edited": chance % 3 == 0,
        "fonts": chance % 2 == 0,
        "blocks": printed_blocks(story, pictures),
        "sign": "本园地欢迎基层党组织来稿" if chance % 2 else "",
        "advert": mess.ADVERTS[chance % len(mess.ADVERTS)],
        "replies": _REPLIES[: chance % 4],
    }
    text = html(page("board-thread.html", **values))
    # Every page of the list has its own address for a thread.
    answers = {f"/thread-{number}-1-{page_of}.html": text for page_of in range(1, 8)}
    answers.update({one: picture(one) for one in pictures})
    return answers
