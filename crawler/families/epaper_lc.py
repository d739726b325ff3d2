"""Digital editions whose pages are called ``l01.html`` and whose stories ``c1234.html``.

Seen: ``/szb/tjbpc/202109/12/l01.html`` for a page and ``/szb/tjbpc/202109/12/c1234.html`` for a story; the
pages in ``.nav-list``, the stories in ``.news-list``; headlines in ``#Title``, bodies in ``#ozoom``.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, text_of
from .epaper import edition
from .family import Parts
from .plain import parts_with_body

_STORY: Final = re.compile(r"/(20\d{4})/(\d\d)/c\d+\.html?$")
_SHEET: Final = re.compile(r"/(20\d{4})/(\d\d)/l\w*\d+\.html?$")


def _recognises(page: Page) -> bool:
    return page.first("#Title") is not None and page.first("#ozoom") is not None


def _parts(page: Page) -> Parts | None:
    body, head = page.first("#ozoom"), page.first("#Title")
    if body is None:
        return None
    return parts_with_body(page, body, headline=text_of(head) if head is not None else "")


FAMILY: Final = edition(
    "epaper_lc", story=_STORY, sheet=_SHEET, recognises=_recognises, parts=_parts
)
