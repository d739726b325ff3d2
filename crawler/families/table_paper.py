"""Old sites of papers: layout by tables, a headline cell, a meta cell, a body of line breaks.

Seen: no class or id on anything; the meta line 来源/作者/编辑 is the one fixed point. The rows above
it are kicker, headline and deck, the headline in the largest type; the body is the cell below.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from ..body import below
from ..webpage import Page, blocks_of, text_of
from .family import Family, Parts, Row, dated_rows, is_info, next_link

_STORY: Final = re.compile(r"/(?:19|20)\d\d-?/?\d\d[-/]?\d\d/\w*\d+\.s?html?$")
_LABEL: Final = re.compile(r"(?:来源|稿源|出处)\s*[：:]")
_SHEET: Final = re.compile(r"第?\s*0*(\d{1,3})\s*版")
_BODY_LEAST: Final = 40  # characters; shorter cells below the meta line are rulers and counters


def _recognises(page: Page) -> bool:
    return _info_cell(page) is not None


def _rows(page: Page, pattern: re.Pattern[str]) -> list[Row]:
    # These pages have no navigation element: without a day beside it, a link is never a row.
    return [row for row in dated_rows(page, pattern) if row.day]


def _info_cell(page: Page) -> HtmlElement | None:
    for cell in page.tree.iter("td"):
        if next(cell.iter("table"), None) is None:
            text = text_of(cell)
            if is_info(text) and _LABEL.search(text):
                return cell
    return None


def _parts(page: Page) -> Parts | None:
    cell = _info_cell(page)
    row = next(cell.iterancestors("tr"), None) if cell is not None else None
    if cell is None or row is None:
        return None
    body = _body_after(row)
    above = [up for up in row.itersiblings("tr", preceding=True) if text_of(up)][::-1]
    if body is None or not above:
        return None
    # Where the type does not decide, the text that the window's title repeats does.
    head = max(above, key=lambda up: (_type_size(up), _length_in(page.title, text_of(up))))
    at = above.index(head)
    kicker = text_of(above[at - 1]) if at else ""
    deck = text_of(above[at + 1]) if at + 1 < len(above) else ""
    info = text_of(cell)
    sheet = _SHEET.search(info)
    return Parts(
        blocks_of(body, page),
        text_of(head),
        kicker,
        deck,
        info,
        sheet[1] if sheet else "",
        after=below(page, body),
    )


def _body_after(row: HtmlElement) -> HtmlElement | None:
    for after in row.itersiblings("tr"):
        for cell in after.iterchildren("td"):
            if len(text_of(cell)) >= _BODY_LEAST:
                return cell
    return None


def _length_in(title: str, text: str) -> int:
    return len(text) if text in title else 0


def _type_size(row: HtmlElement) -> tuple[int, int]:
    """How large the type of a row is: HTML font size, or the height of a heading; then boldness."""
    sizes = [0]
    for element in row.iter():
        if element.tag == "font" and (size := (element.get("size") or "").lstrip("+")).isdigit():
            sizes.append(int(size))
        elif isinstance(element.tag, str) and re.fullmatch(r"h[1-6]", element.tag):
            sizes.append(8 - int(element.tag[1]))
    bold = next(row.iter("b", "strong"), None) is not None
    return max(sizes), int(bold)


FAMILY: Final = Family("table_paper", _STORY, _recognises, _rows, next_link, _parts)
