"""News portals on the system of 北方网, among them that of Taiyuan's papers.

Seen: ``/system/2026/05/18/031022236.shtml`` stories, lists at folder addresses; no fixed name of the body's
element, which is found by its looks.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from . import plain
from .family import Family, dated_rows, next_link

_STORY: Final = re.compile(r"/system/20\d\d/\d\d/\d\d/\d{6,}\.s?html?$")


def _recognises(page: Page) -> bool:
    return bool(_STORY.search(page.url))


FAMILY: Final = Family("enorth", _STORY, _recognises, dated_rows, next_link, plain.FAMILY.parts)
