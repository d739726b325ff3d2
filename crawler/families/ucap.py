"""UCAP 开普, on which cities and counties in the north of Shanxi run.

Seen: ``/djgz/202602/d228cbfb30e747a0b4d3062fd41aa5b7.shtml`` stories (also ``/c1234/content.shtml``); the
elements ``UCAPTITLE`` and ``UCAPCONTENT``, the body in ``#zoomcon``; lists that only a script pages,
``createPageHTML('page_div', 10, 1, 'xlist', 'shtml', 189)``: counted from 1, page 2 is ``xlist_2.shtml``.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, text_of
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/\d{6}/[0-9a-f]{32}\.s?html?$|/c\d+/content\.s?html?$")
_PAGER: Final = re.compile(
    r"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']"
)


def _recognises(page: Page) -> bool:
    return bool(
        _STORY.search(page.url)
        or _PAGER.search(page.scripts)
        or page.first("ucapcontent, ucaptitle") is not None
    )


def _following(page: Page) -> str:
    found = _PAGER.search(page.scripts)
    if not found:
        return next_link(page)
    count, current = int(found[1]), int(found[2])
    return page.address(f"{found[3]}_{current + 1}.{found[4]}") if current < count else ""


def _parts(page: Page) -> Parts | None:
    body = page.first("ucapcontent") if page.first("ucapcontent") is not None else None
    body = body if body is not None else page.first("#zoomcon, #zoom")
    if body is None:
        return None
    head = page.first("ucaptitle")
    return parts_with_body(page, body, headline=text_of(head) if head is not None else "")


FAMILY: Final = Family("ucap", _STORY, _recognises, dated_rows, _following, _parts)
