"""TRS WCM, on which most government sites of the province run.

Seen: list at a folder address with ``./202611/t20261103_153762.html`` links; page 2 is
``index_1.html`` (counted from 0), known only to a script call; bodies in ``TRS_Editor``; meta tags
of 《政府网站发展指引》(国办发〔2017〕47号).
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/t\d{8}_\d+(?:_[a-z]+)?\.s?html?$")
_PAGER: Final = re.compile(
    r"createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_COUNT: Final = re.compile(r"\bcountPage\s*=\s*(\d{1,5})")
_CURRENT: Final = re.compile(r"\bcurrentPage\s*=\s*(\d{1,5})")
_BODY: Final = (
    ".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, .trs_paper_default, #zoom, #UCAP-CONTENT"
)


def _recognises(page: Page) -> bool:
    return page.first(".TRS_Editor, .TRS_UEDITOR, .trs_editor_view") is not None or bool(
        _PAGER.search(page.scripts)
    )


def _following(page: Page) -> str:
    if found := _PAGER.search(page.scripts):
        count, current, name, ending = int(found[1]), int(found[2]), found[3], found[4]
    elif (total := _COUNT.search(page.scripts)) and (at := _CURRENT.search(page.scripts)):
        count, current, name, ending = int(total[1]), int(at[1]), "index", "html"
    else:
        return next_link(page)
    return page.address(f"{name}_{current + 1}.{ending}") if current + 1 < count else ""


def _parts(page: Page) -> Parts | None:
    body = page.first(_BODY)
    return parts_with_body(page, body, further=_further(page)) if body is not None else None


def _further(page: Page) -> list[str]:
    """The other pages of a long story, which only the script call reveals: ``t20261103_1_1.html``."""
    found = _PAGER.search(page.scripts)
    if not found or not re.match(r"t\d{8}_\d+", found[3]) or int(found[2]) > 0:
        return []
    return [page.address(f"{found[3]}_{number}.{found[4]}") for number in range(1, int(found[1]))]


FAMILY: Final = Family("trs", _STORY, _recognises, dated_rows, _following, _parts)
