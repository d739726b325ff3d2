"""Reads RSS and Atom feeds."""

from __future__ import annotations

import re
from typing import Final

from scrapy.http import Response

from ...index.store import Task
from ..feeds import feed_rows
from .walk import Found, WalkSpider

__all__ = ["FeedSpider", "feed_rows"]

_HAN: Final = re.compile(r"[\u3400-\u9fff]")


class FeedSpider(WalkSpider):
    """Feeds; a feed has no second page."""

    def read_list(self, response: Response, task: Task | None) -> Found:  # noqa: ARG002
        """The stories of the feed; items in another language are refused unread."""
        rows = feed_rows(response.body, response.url)
        chinese = [row for row in rows if not row.title or _HAN.search(row.title)]
        others = [row for row in rows if row not in chinese]
        return Found(chinese, refused=[(self.address_of(row), "not-chinese") for row in others])
