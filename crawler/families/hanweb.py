"""Hanweb 大汉, the older generation: ``/col/col123/index.html`` lists, ``/art/2026/11/3/art_12_345.html`` stories.

Seen: the first rows of a list stand in the page inside a script as XML, the rest comes from
``/module/web/jpage/dataproxy.jsp?startrecord=…&endrecord=…``; bodies stand between the comments
``ZJEG_RSS.content.begin`` and ``end`` in ``#zoom``.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml.html import HtmlElement

from ..webpage import Page, PageHasNoText, text_of
from .family import Family, Parts, Row, dated_rows
from .plain import parts_with_body

_STORY: Final = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+\.html?$")
_RECORDS: Final = re.compile(r"<(?:datastore|recordset|record)\b.*", re.DOTALL)
_SETTING: Final = re.compile(
    r"[\"']?\b(col|appid|webid|path|columnid|unitid|webname|permissiontype|sourceContentType|keyWordCount|totalRecord|perPage|proxyUrl)[\"']?\s*[:=]\s*[\"']?([^\"',;\s}&]*)"
)
_PROXY: Final = "/module/web/jpage/dataproxy.jsp"
_TOTAL: Final = re.compile(r"<totalrecord>\s*(\d{1,7})\s*</totalrecord>", re.IGNORECASE)


def _recognises(page: Page) -> bool:
    return bool(
        {"i_columnid", "i_articleid"} & set(page.meta)
        or _PROXY.rpartition("/")[0] in page.scripts
        or _STORY.search(page.url)
        or any("ZJEG_RSS" in (comment.text or "") for comment in page.comments)
    )


def _rows(page: Page, pattern: re.Pattern[str]) -> list[Row]:
    """Rows of the page itself, then those that wait in its script as XML."""
    shown = dated_rows(page, pattern)
    rows = {row.url: row for row in shown}
    if found := _RECORDS.search(page.scripts):
        try:
            inner = Page.parse(f"<html><body>{found[0]}</body></html>", page.url)
        except PageHasNoText:
            return shown
        # Beside a list in a script, a link without a day is navigation.
        waiting = dated_rows(inner, pattern)
        rows = {row.url: row for row in (*(row for row in shown if row.day), *waiting)}
    return list(rows.values())


def _following(page: Page) -> str:
    """The next stretch of the list from the proxy: after the page's own records, or after a stretch."""
    parts = urlsplit(page.url)
    if parts.path == _PROXY:
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        total = _TOTAL.search(f"<totalrecord>{_text(page, 'totalrecord')}</totalrecord>")
    else:
        asked = dict(_SETTING.findall(page.scripts))
        total = _TOTAL.search(page.scripts)
    if total is None or "columnid" not in asked:
        return ""
    size = int(asked.get("perpage") or asked.get("perPage") or 15)
    end = int(asked.get("endrecord") or size * _GROUP)
    if end >= int(total[1]):
        return ""
    kept = {name: asked[name] for name in _KEPT if asked.get(name)}
    stretch = {"startrecord": end + 1, "endrecord": end + size * _GROUP, "perpage": size}
    return page.address(f"{_PROXY}?{urlencode(stretch | kept)}")


def _text(page: Page, selector: str) -> str:
    found = page.first(selector)
    return text_of(found) if found is not None else ""


_GROUP: Final = 3  # the proxy serves three pages of a list at a time
_KEPT: Final = (
    *("col", "appid", "webid", "path", "columnid", "unitid", "webname", "permissiontype"),
    "sourceContentType",
)


def _body(page: Page) -> HtmlElement | None:
    for comment in page.comments:
        if "content.begin" in (comment.text or ""):
            return comment.getparent()
    return page.first("#zoom, .bt_content, .article-content")


def _parts(page: Page) -> Parts | None:
    body = _body(page)
    return parts_with_body(page, body) if body is not None else None


FAMILY: Final = Family("hanweb", _STORY, _recognises, _rows, _following, _parts)
