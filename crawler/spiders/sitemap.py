"""Reads sitemaps: the addresses that a site gives to search engines, the newest first."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from ...index.limits import SITEMAP_FILES
from ...index.store import Task
from ..feeds import sitemap_of
from ..problems import ListHasNoStories
from .walk import Found, WalkSpider


class SitemapSpider(WalkSpider):
    """Sitemaps and sitemap indexes.

    An index often stays as it is while its files change, so it is read every time and its files are
    asked for conditionally. Files that name each other come to an end: each is asked for once in a
    visit, and nothing is followed further than an index of indexes.
    """

    conditional = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._named = set(self.source.entries)

    def read_list(self, response: Response, task: Task | None) -> Found:
        """The stories of a sitemap's file, and the further files of an index."""
        found = sitemap_of(response.body, response.url)
        rows = [row for row in found.rows if self.pattern.search(row.url)]
        depth = int(task.facts["depth"]) if task else 0
        if task is None and not rows and not found.files:
            raise ListHasNoStories(response.url)
        if depth >= _DEPTH:
            return Found(rows)
        files = [url for url in found.files if url not in self._named][:SITEMAP_FILES]
        self._named.update(files)
        facts = {"depth": depth + 1, "again": True}
        return Found(rows, [Task(url, "list", facts=facts) for url in files])


_DEPTH = 2  # an index of indexes is the deepest that was ever seen
