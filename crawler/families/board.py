"""Submissions boards 投稿区 on Discuz and its relatives: a thread is a story, its first post the text.

Seen: ``thread-123-1-1.html``, ``forum.php?mod=viewthread&tid=123``, ``gaojian.php?tid=123``; the submitting unit
is the post's author; replies stand below and are no part of the story.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml.html import HtmlElement

from ..webpage import Page, text_of
from .family import Family, Parts, Row, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/thread-\d+-1-\d+\.html|[?&]tid=\d+|gaojian\.php\?")
_EXTRA: Final = re.compile(r"(thread-\d+-1)-\d+(?=\.html)")


def _recognises(page: Page) -> bool:
    return page.first("#thread_subject, .t_f, #postlist, .t_msgfont") is not None


def _canonical(url: str) -> str:
    # The last number is the page of the list that the reader came from.
    return _EXTRA.sub(r"\1-1", url)


def _rows(page: Page, pattern: re.Pattern[str]) -> list[Row]:
    """The threads of a list, without those that are pinned above it: rules and notices."""
    pinned = {
        page.address(link.get("href") or "")
        for element in page.all("tbody[id^=stickthread]")
        for link in element.iter("a")
    }
    return [row for row in dated_rows(page, pattern) if row.url not in pinned]


def _parts(page: Page) -> Parts | None:
    body = _first(page, ".t_f, .t_msgfont", ".pcb, .gaojian_content", ".content")
    if body is None:
        return None
    author = _first(page, ".authi a.xw1", ".authi a, .postauthor, .xw1")
    moment = _first(page, "em[id^=authorposton]", ".authi em")
    info = " ".join(
        f"{label}：{text_of(found).removeprefix('发表于').strip()}"
        for label, found in (("作者", author), ("时间", moment))
        if found is not None
    )
    # Beside it stand the kind of thread, [党建信息], and a link that copies the address.
    subject = _first(page, "#thread_subject", ".ts, h1")
    headline = text_of(subject) if subject is not None else ""
    parts = parts_with_body(page, body, headline=headline, info=info)
    return replace(parts, kicker="", deck="") if parts else None


def _first(page: Page, *selectors: str) -> HtmlElement | None:
    """What the first selector finds that finds anything."""
    found = (page.first(selector) for selector in selectors)
    return next((one for one in found if one is not None), None)


FAMILY: Final = Family("board", _STORY, _recognises, _rows, next_link, _parts, _canonical)
