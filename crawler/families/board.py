"""Submissions boards 投稿区 on Discuz and its relatives: a thread is a story, its first post the text.

Seen: ``thread-123-1-1.html``, ``forum.php?mod=viewthread&tid=123``, ``gaojian.php?tid=123``; the submitting unit
is the post's author; replies stand below and are no part of the story.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, text_of
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/thread-\d+-1-\d+\.html|[?&]tid=\d+|gaojian\.php\?")
_EXTRA: Final = re.compile(r"(thread-\d+-1)-\d+(?=\.html)")


def _recognises(page: Page) -> bool:
    return page.first("#thread_subject, .t_f, #postlist, .t_msgfont") is not None


def _canonical(url: str) -> str:
    # The last number is the page of the list that the reader came from.
    return _EXTRA.sub(r"\1-1", url)


def _parts(page: Page) -> Parts | None:
    body = page.first(".t_f, .t_msgfont, .pcb, .gaojian_content, .content")
    if body is None:
        return None
    author, moment = page.first(".authi a, .postauthor, .xw1"), page.first(".authi em, em")
    info = " ".join(
        f"{label}：{text_of(found)}"
        for label, found in (("作者", author), ("时间", moment))
        if found is not None
    )
    subject = page.first("#thread_subject, .ts, h1")
    headline = text_of(subject) if subject is not None else ""
    return parts_with_body(page, body, headline=headline, info=info)


FAMILY: Final = Family("board", _STORY, _recognises, dated_rows, next_link, _parts, _canonical)
