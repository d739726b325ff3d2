"""Story pages of a plain modern layout: one ``h1``, one body container, day and source between.

It is also the last to be asked for a page that no other family recognises: the container is looked
for under the names that content systems give it.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from ..page import Page, text_of
from .family import Family, Parts, around_headline, dated_rows, next_link

_STORY: Final = re.compile(r"/(?:19|20)\d\d[-/]?\d\d.*\d+\.s?html?$|/\w*\d{4,}\.s?html?$")
# In this order: ids and classes of known systems first, then what any page may be wrapped in.
_BODIES: Final = (
    *("#js_content", "#zoom", "#zoomcon", "#UCAP-CONTENT", "#vsb_content", ".v_news_content"),
    *("#rwb_zw", "#ozoom", "#articleContent", ".article-content", ".article_content", ".art_txt"),
    *(".pages_content", ".rm_txt_con", ".content", "#content", "article", "main"),
)


def _recognises(page: Page) -> bool:
    return page.first("h1, #activity-name") is not None and _body(page) is not None


def _body(page: Page) -> HtmlElement | None:
    for selector in _BODIES:
        for found in page.tree.cssselect(selector):
            if text_of(found):
                return found
    return None


def _parts(page: Page) -> Parts | None:
    body = _body(page)
    title = page.first("h1, #activity-name")
    headline = text_of(title) if title is not None else page.meta.get("og:title", "")
    if body is None or not headline:
        return None
    kicker, deck, info = around_headline(title, body) if title is not None else ("", "", "")
    return Parts(body, headline, kicker, deck, info)


FAMILY: Final = Family("plain", _STORY, _recognises, dated_rows, next_link, _parts)
