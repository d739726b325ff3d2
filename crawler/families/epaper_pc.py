"""Digital editions 数字报 of the current "pc" generation.

Seen: ``/pc/layout/202611/04/node_01.html`` for a page, ``/pc/con/202611/04/content_53290.html`` (also
``/pc/content/``, ``/pc/col/``, ``c123.html``) for a story; ``/pad/`` and ``/mobile/`` repeat every story;
``.newsdetatit`` holds headline, source and day together, ``.newsdetatext`` the body.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, blocks_of, text_of
from .epaper import edition, number_of
from .family import Parts, is_info

_STORY: Final = re.compile(r"/con(?:tent)?/(\d{6})/(\d\d)/(?:content_|c)\d+\.html?$")
_SHEET: Final = re.compile(r"/(?:layout|col|lay)/(\d{6})/(\d\d)/node_\w+\.html?$")
_TWIN: Final = re.compile(r"(?<=/)(?:pad|mobile|wap|m)/(?=con(?:tent)?/\d{6}/)")
_SHEET_NAME: Final = re.compile(r"第?\s*[A-Z]?0*(\d{1,3})\s*版")


def _recognises(page: Page) -> bool:
    return page.first(".newsdetatit, .newsdetatext") is not None


def _canonical(url: str) -> str:
    return _TWIN.sub("pc/", url)


def _parts(page: Page) -> Parts | None:
    block = page.first(".newsdetatit, .titleblock")
    body = page.first("founder-content, .newsdetatext, #ozoom, #ScroLeft")
    if block is None or body is None:
        return None
    head = next((found[0] for name in ("h1", "h2", "h3") if (found := block.cssselect(name))), None)
    if head is None:
        return None
    texts = {name: _text(page, f".{name}") for name in ("introtitle", "subtitle")}
    info = next(
        (text for el in block.iter("p", "div", "span") if is_info(text := text_of(el))),
        "",
    )
    sheet = _SHEET_NAME.search(_text(page, ".sheet, .banci") or page.title)
    return Parts(
        blocks_of(body, page),
        text_of(head),
        texts["introtitle"],
        texts["subtitle"],
        info,
        number_of(sheet),
    )


def _text(page: Page, selector: str) -> str:
    found = page.first(selector)
    return text_of(found) if found is not None else ""


FAMILY: Final = edition(
    "epaper_pc",
    story=_STORY,
    sheet=_SHEET,
    recognises=_recognises,
    parts=_parts,
    canonical=_canonical,
)
