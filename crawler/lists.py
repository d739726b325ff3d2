"""A list page as it was sent → its rows and its next page, without asking anybody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .charset import decode
from .families import FAMILIES, Row
from .feeds import feed_rows, sitemap_of
from .sources import Source
from .webpage import Page, PageHasNoText


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list page brings. ``following`` is the next list page, or of a sitemap the first file of
    those that it lists; empty when there is none."""

    rows: tuple[Row, ...]
    following: str = ""


def html_of(text: str) -> str:
    """The markup of a list: the page itself, or what an answer in JSON carries in ``data.html``."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        data = json.loads(text).get("data")
    except (ValueError, AttributeError, RecursionError):
        return text
    inner = data.get("html") if isinstance(data, dict) else data
    return inner if isinstance(inner, str) else ""


def pattern_of(source: Source) -> re.Pattern[str]:
    """What the address of a story of this source contains."""
    family = FAMILIES[source.family]
    return re.compile(source.story_address) if source.story_address else family.story_address


def read_list(source: Source, body: bytes, url: str) -> ListPage:
    """The rows of a list page, feed, sitemap, or page of an issue of this source.

    Raises:
        FeedIsUnreadable: a feed or sitemap is not XML.
        BytesAreNotText: the page is neither UTF-8 nor GB 18030.
    """
    family, pattern = FAMILIES[source.family], pattern_of(source)
    decoded = decode(body)
    if source.kind == "feed":
        return ListPage(tuple(feed_rows(decoded.text.encode(), url)))
    if source.kind == "sitemap":
        found = sitemap_of(decoded.text.encode(), url)
        rows = tuple(row for row in found.rows if pattern.search(row.url))
        return ListPage(rows, next(iter(found.files), ""))
    try:
        page = Page.parse(html_of(decoded.text), url)
    except PageHasNoText:
        return ListPage(())
    return ListPage(tuple(family.rows(page, pattern)), family.following(page))
