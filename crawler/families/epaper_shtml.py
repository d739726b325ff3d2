"""Digital editions under ``/shtml/``, on which provincial and city papers of Shanxi have appeared.

Seen: ``/shtml/sxrb/20160203/index.shtml`` and ``/shtml/szrb/20220101/vA1.shtml`` for a page,
``/shtml/sxrb/20160203/335337.shtml`` for a story; headlines in ``.detConTit`` or the ``h1`` of ``.detailCon``,
bodies in ``.detailsWrap``, ``.details`` or ``#content_div``.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, text_of
from .epaper import edition
from .family import Parts
from .plain import parts_with_body

_STORY: Final = re.compile(r"/shtml/\w+/(20\d{6})/\d+\.shtml$")
_SHEET: Final = re.compile(r"/shtml/\w+/(20\d{6})/(?:v\w+|index)\.shtml$")


def _recognises(page: Page) -> bool:
    return page.first(".detConTit") is not None or page.first("#article_img_marquee") is not None


def _parts(page: Page) -> Parts | None:
    body = page.first("#content_div, .detailsWrap, .details")
    if body is None:
        return None
    head = page.first(".detConTit, .detailCon h1")
    return parts_with_body(page, body, headline=text_of(head) if head is not None else "")


FAMILY: Final = edition(
    "epaper_shtml", story=_STORY, sheet=_SHEET, recognises=_recognises, parts=_parts
)
