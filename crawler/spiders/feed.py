"""Reads RSS and Atom feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled
from scrapy.http import Response

from ..article import canonical_address
from ..families import Row
from ..problems import FeedIsUnreadable
from ..webpage import clean, squeeze
from .walk import Walk, WalkSpider

_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def feed_rows(body: bytes, base: str) -> list[Row]:
    """The items of a feed in UTF-8, in its order. Items without a link are left out.

    Raises:
        FeedIsUnreadable: it is no XML, or it declares a document type (entities could then grow
            without end, or read files).
    """
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(clean(body.decode()).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FeedIsUnreadable(base, detail=error.msg) from None
    if root.getroottree().docinfo.doctype:
        raise FeedIsUnreadable(base, detail="it declares a document type")
    rows: list[Row] = []
    for item in root.iter("{*}item", "{*}entry"):
        texts = {name: _child(item, name) for name in ("title", "link", "pubDate", "published")}
        link = texts["link"] or next((x.get("href", "") for x in item.iterchildren("{*}link")), "")
        if link:
            day = texts["pubDate"] or texts["published"]
            rows.append(Row(urljoin(base, link.strip()), squeeze(texts["title"]), day))
    return rows


def _child(item: etree._Element, name: str) -> str:
    found = item.find(f"{{*}}{name}")
    return (found.text or "").strip() if found is not None else ""


class FeedSpider(WalkSpider):
    """Feeds; a feed has no second page."""

    def parse_list(self, response: Response, walk: Walk) -> Iterator[Any]:
        """Asks for the stories of the feed; items in another language are refused unread."""
        if self.open_walk(response, walk):
            try:
                rows = feed_rows(response.body, response.url)
            except FeedIsUnreadable as problem:
                self.stop(problem)
                return
            chinese = [row for row in rows if not row.title or _HAN.search(row.title)]
            for row in rows:
                if row not in chinese:
                    self._refuse_unread(canonical_address(row.url))
            yield from self.ask_stories(chinese, walk)
        self.settle_one(walk)

    def _refuse_unread(self, url: str) -> None:
        if not self.store.seen(url):
            self.refuse(url, "not-chinese")
