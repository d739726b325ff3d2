"""Digital editions 数字报 of the current "pc" generation.

Seen: ``/pc/layout/202611/04/node_01.html`` for a page, ``/pc/con/202611/04/content_53290.html`` (also
``/pc/content/``, ``/pc/col/``, ``c123.html``) for a story; ``/pad/`` and ``/mobile/`` repeat every story;
``.newsdetatit`` holds headline, source and day together, ``.newsdetatext`` the body.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ..webpage import Page, blocks_of, text_of
from .family import Family, Parts, Row, is_info, sheets_of

_STORY: Final = re.compile(r"/con(?:tent)?/(\d{6})/(\d\d)/(?:content_|c)\d+\.html?$")
_SHEET: Final = re.compile(r"/(?:layout|col|lay)/(\d{6})/(\d\d)/node_\w+\.html?$")
_TWIN: Final = re.compile(r"(?<=/)(?:pad|mobile|wap|m)/(?=con(?:tent)?/\d{6}/)")
_SHEET_NAME: Final = re.compile(r"第?\s*[A-Z]?0*(\d{1,3})\s*版")


def _recognises(page: Page) -> bool:
    return page.first(".newsdetatit, .newsdetatext") is not None or bool(
        _SHEET.search(page.url) or _STORY.search(page.url)
    )


def _canonical(url: str) -> str:
    return _TWIN.sub("pc/", url)


def _rows(page: Page, pattern: re.Pattern[str]) -> list[Row]:
    """Stories of a page from its list and from its picture map, each once by canonical address."""
    rows: dict[str, Row] = {}
    for link in (*page.tree.iter("a"), *page.tree.iter("area")):
        url = _canonical(page.address(link.get("href") or ""))
        if pattern.search(url):
            title = text_of(link) or (link.get("title") or link.get("alt") or "").strip()
            known = rows.get(url)
            # The switch to another tree links a story too, under the name of the tree.
            if known is None or len(title) > len(known.title):
                rows[url] = Row(url, title)
    return list(rows.values())


def _sheets(page: Page) -> list[str]:
    return sheets_of(page, _SHEET)


def issue_day(url: str) -> date | None:
    """The day of the issue that a page or story address belongs to."""
    found = _SHEET.search(url) or _STORY.search(url)
    if not found:
        return None
    try:
        return date(int(found[1][:4]), int(found[1][4:]), int(found[2]))
    except ValueError:
        return None


def issue_address(url: str, day: date) -> str:
    """The address of the same page in the issue of another day."""
    return re.sub(r"/\d{6}/\d\d/(?=node_)", f"/{day:%Y%m/%d}/", url)


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
        sheet[1] if sheet else "",
    )


def _text(page: Page, selector: str) -> str:
    found = page.first(selector)
    return text_of(found) if found is not None else ""


FAMILY: Final = Family(
    "epaper_pc",
    _STORY,
    _recognises,
    _rows,
    lambda _: "",
    _parts,
    _canonical,
    _sheets,
    issue_day,
    issue_address,
)
