"""Reads list pages, the newest first, until one brings nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from ...index.limits import LIST_PAGES
from ..dates import day_in_address
from ..failures import problem_of
from ..families import Row
from ..webpage import Page, PageHasNoText
from ..problems import ListHasNoStories, ListIsGone
from .walk import Walk, WalkSpider


class ListingSpider(WalkSpider):
    """Lists of a government or media site."""

    def parse_list(self, response: Response, walk: Walk, number: int = 1) -> Iterator[Any]:
        """Asks for the stories of a list page, then for the next page while there is news."""
        if number == 1 and not self.open_walk(response, walk):
            self.settle_one(walk)
            return
        try:
            page = Page.parse(
                response.text if isinstance(response, TextResponse) else "", response.url
            )
        except PageHasNoText:
            self.stop(ListHasNoStories(response.url))
            return
        rows = self.family.rows(page, self.pattern)
        if number == 1 and not rows:
            self.stop(ListHasNoStories(response.url))
        news = self.unseen(rows, walk)
        yield from self.ask_stories(rows, walk)
        following = self.family.following(page)
        if news and following and number < LIST_PAGES and not self._all_older(rows):
            yield self.ask_list(following, walk, number=number + 1)
        self.settle_one(walk)

    def list_failed(self, failure: Failure) -> None:
        """A further page that is not there ends the list: some sites announce pages they lack."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        further = request.cb_kwargs.get("number", 1) > 1
        if further and isinstance(problem_of(failure, request.url), ListIsGone):
            self.settle_one(request.cb_kwargs["walk"])
            return
        super().list_failed(failure)

    def _all_older(self, rows: list[Row]) -> bool:
        """Whether every story of the page was published before the first day asked for."""
        if self.since is None:
            return False
        days = [day_in_address(row.url, today=self.today) for row in rows]
        return all(day is not None and day < self.since for day in days)
