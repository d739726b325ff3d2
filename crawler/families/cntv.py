"""The content system of CNTV, on which 共产党员网 12371.cn runs.

Seen: ``/2026/11/03/ARTI1793671200123456.shtml`` stories (``ARTI`` and sixteen digits, the first thirteen of them
the time in milliseconds); most lists are made by scripts; the body's element has no fixed name.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from . import plain
from .family import Family, dated_rows, next_link

_STORY: Final = re.compile(r"/20\d\d/\d\d/\d\d/ARTI\d{16}\.s?html?$")


def _recognises(page: Page) -> bool:
    return bool(_STORY.search(page.url))


FAMILY: Final = Family("cntv", _STORY, _recognises, dated_rows, next_link, plain.FAMILY.parts)
