"""Shape 2: a city paper's old site: GBK bytes, layout by tables, paragraphs by line breaks.

The server's header says ISO-8859-1 on every page, the pages say gb2312 and hold characters that
only GB18030 has; one story says utf-8 over GBK bytes, one says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from . import mess
from .dataset import SampleStory
from .shape import (
    Answer,
    Answers,
    Row,
    Shape,
    numbered,
    page,
    picture,
    printed_blocks,
    robots,
    until,
)

HOST = "www.mianshan-sample.example"
PAPER = "绵山新报"
_COLUMN = "党建频道"
_LIST = "/djpd/"
_PER_PAGE = 10
# 堃 喆 镕 are missing from GB 2312, 㛃 from GBK as well: the page can only be read as GB18030.
_STAFF = "本频道主持：贺堃、申喆、白镕、任㛃"


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 40211)
    out = until(stories, upto)
    names = [f"{story.published:%Y-%m/%d}/{numbers[story.slug]}.htm" for story in out]
    answers: Answers = {"/robots.txt": robots("/djpd/nb/")}
    for index, (story, name) in enumerate(zip(out, names, strict=True)):
        earlier = names[index - 1] if index else ""
        later = names[index + 1] if index + 1 < len(out) else ""
        # The template of this site prints the neighbours' titles, cut by bytes.
        titles = (
            out[index - 1].headline[:12] if index else "",
            out[index + 1].headline[:12] if later else "",
        )
        answers.update(_story_pages(story, name, index, earlier, later, titles))
    rows = [
        Row(f"../news/{name}", story.headline, story.headline, f"{story.published:%m-%d}")
        for story, name in zip(out, names, strict=True)
    ]
    rows.reverse()
    answers.update(_lists(rows))
    answers["/djpd/nb/2026-11/05/90001.htm"] = _gbk(
        page("paper-list.html", paper=PAPER, column=_COLUMN, rows=[], following="", staff=_STAFF),
        "gb2312",
    )
    return Shape(
        answers, {story.slug: f"/news/{name}" for story, name in zip(out, names, strict=True)}
    )


def _lists(rows: list[Row]) -> Answers:
    pages = [rows[start : start + _PER_PAGE] for start in range(0, len(rows), _PER_PAGE)] or [[]]
    closed = Row("nb/2026-11/05/90001.htm", "采编值班安排", "采编值班安排", "11-05")
    answers: Answers = {}
    for number, chunk in enumerate(pages, start=1):
        following = f"index_{number + 1}.htm" if number < len(pages) else ""
        shown = [*chunk, closed] if number == 1 else chunk
        text = page(
            "paper-list.html",
            paper=PAPER,
            column=_COLUMN,
            rows=shown,
            following=following,
            staff=_STAFF,
        )
        answers[_LIST + ("index.htm" if number == 1 else f"index_{number}.htm")] = _gbk(
            text, "gb2312"
        )
    answers[_LIST] = answers[_LIST + "index.htm"]
    return answers


def _story_pages(
    story: SampleStory, name: str, index: int, earlier: str, later: str, titles: tuple[str, str]
) -> Answers:
    stem = name.rsplit("/", 1)[1].removesuffix(".htm")
    pictures = [f"{stem}_{number}.png" for number in range(len(story.captions))]
    declared = {2: "utf-8", 4: ""}.get(index, "gb2312")
    author = re.sub("^(?:本报)?记者 ", "", story.byline_printed)
    text = page(
        "paper-story.html",
        declared=declared,
        paper=PAPER,
        column=_COLUMN,
        story=story,
        author=author if _is_plain_name(author) else "",
        blocks=printed_blocks(story, pictures),
        earlier=f"/news/{earlier}" if earlier else "",
        later=f"/news/{later}" if later else "",
        earlier_title=titles[0],
        later_title=titles[1],
        disclaimer=index % 2 == 0,
        hot=mess.other_news(story.slug, 4, "/news/2023-01/01/1{}.htm"),
        staff=_STAFF,
    )
    folder = f"/news/{name.rsplit('/', 1)[0]}/"
    answers = {f"/news/{name}": _gbk(text, declared)}
    answers.update({folder + address: picture(address) for address in pictures})
    return answers


def _is_plain_name(words: str) -> bool:
    """The paper's form has one field for the author: only a single name without a role fits."""
    return 2 <= len(words) <= 3


def _gbk(text: str, declared: str) -> Answer:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    text = text.replace("<!--charset-->", meta if declared else "")
    return Answer(text.encode("gb18030"), "text/html; charset=ISO-8859-1")
