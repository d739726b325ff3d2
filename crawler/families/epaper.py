"""What the generations of digital editions 数字报 share: pages, their stories, and the calendar.

An edition is a folder for each day; a page 版 of it lists its stories in a list and in the picture
map of the printed page. The day stands in every address, so another day's issue is the same address
with another day in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from ..webpage import Page, squeeze, text_of
from .family import Family, Parts, Row, no_following

_NO_STORY: Final = re.compile(
    r"^(?:上一[版篇期]|下一[版篇期]|返回|首页|版面导航|PDF|放大|缩小|默认|标题导航)"
)


def edition(
    name: str,
    *,
    story: re.Pattern[str],
    sheet: re.Pattern[str],
    recognises: Callable[[Page], bool],
    parts: Callable[[Page], Parts | None],
    canonical: Callable[[str], str] = lambda url: url,
) -> Family:
    """A family of digital editions.

    ``story`` and ``sheet`` find the addresses of stories and of pages 版; their groups are the pieces
    of the day, in order: year, year and month, or all of it, then what is left.
    """

    def issue_day(url: str) -> date | None:
        found = sheet.search(url) or story.search(url)
        try:
            return date.fromisoformat("".join(found.groups())) if found else None
        except ValueError:
            return None

    def known(page: Page) -> bool:
        return bool(sheet.search(page.url) or story.search(page.url)) or recognises(page)

    return Family(
        name,
        story,
        known,
        lambda page, pattern: edition_rows(page, pattern, canonical),
        no_following,
        parts,
        canonical,
        lambda page: sheets_of(page, sheet),
        issue_day,
        lambda url, day: on_another_day(url, sheet, day),
        lambda url: sheet.search(url) is not None,
    )


def edition_rows(
    page: Page, pattern: re.Pattern[str], canonical: Callable[[str], str]
) -> list[Row]:
    """Stories of a page from its list and from its picture map, each once, under its longest name.

    The arrows of the viewer and the switches to its other trees link stories too.
    """
    rows: dict[str, Row] = {}
    for link in (*page.tree.iter("a"), *page.tree.iter("area")):
        url = canonical(page.address(link.get("href") or "").split("#")[0])
        title = text_of(link) or squeeze(link.get("title") or link.get("alt") or "")
        if pattern.search(url) and not _NO_STORY.match(title):
            known = rows.get(url)
            if known is None or len(title) > len(known.title):
                rows[url] = Row(url, title)
    return list(rows.values())


def sheets_of(page: Page, pattern: re.Pattern[str]) -> list[str]:
    """Addresses of the pages 版次 of the issue that ``page`` belongs to, its own first.

    ``pattern`` finds the address of such a page; its groups are the day of the issue.
    """
    found = pattern.search(page.url)
    if not found:
        return []
    sheets = {page.url.split("#")[0]: None}
    for link in (*page.tree.iter("a"), *page.tree.iter("area")):
        url = page.address(link.get("href") or "").split("#")[0]
        other = pattern.search(url)
        if other and other.groups() == found.groups():
            sheets.setdefault(url)
    return list(sheets)


def on_another_day(url: str, sheet: re.Pattern[str], day: date) -> str:
    """The address of the same page in the issue of another day; as it is when it is no page."""
    found = sheet.search(url)
    if not found:
        return url
    digits, at, out = f"{day:%Y%m%d}", 0, ""
    last = 0
    for number in range(1, len(found.groups()) + 1):
        start, end = found.span(number)
        out += url[last:start] + digits[at : at + end - start]
        at, last = at + end - start, end
    return out + url[last:]


def number_of(sheet: re.Match[str] | None) -> str:
    """The printed number of a page: ``3`` for ``第03版``, ``A3`` and the like."""
    return str(int(next(group for group in sheet.groups() if group))) if sheet else ""
