"""Reads list pages, the newest first, until one brings nothing new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from ...index.limits import LIST_PAGES
from ..dates import day_in_address
from ..failures import problem_of
from ..families import Row
from ..problems import ListHasNoStories, ListIsGone
from ..webpage import Page, PageHasNoText
from .walk import Walk, WalkSpider


class ListingSpider(WalkSpider):
    """Lists of a government or media site."""

    def parse_list(self, response: Response, walk: Walk, number: int = 1) -> Iterator[Any]:
        """Asks for the stories of a list page, then for the next page while there is news."""
        if number == 1 and not self.open_walk(response, walk):
            self.settle_one(walk)
            return
        try:
            page = Page.parse(_html_of(response), response.url)
        except PageHasNoText:
            self.stop(ListHasNoStories(response.url))
            return
        rows = self.family.rows(page, self.pattern)
        following = self.family.following(page)
        # Some systems' first page is empty, and a script fetches the rows.
        filled_later = number == 1 and not rows and bool(following)
        if number == 1 and not rows and not filled_later:
            self.stop(ListHasNoStories(response.url))
        news = filled_later or self.unseen(rows, walk)
        yield from self.ask_stories(rows, walk)
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


def _html_of(response: Response) -> str:
    """The markup of a list: the page itself, or what an answer in JSON carries in ``data.html``."""
    text = response.text if isinstance(response, TextResponse) else ""
    if not text.lstrip().startswith("{"):
        return text
    try:
        data = json.loads(text).get("data")
    except (ValueError, AttributeError, RecursionError):
        return text
    inner = data.get("html") if isinstance(data, dict) else data
    return inner if isinstance(inner, str) else ""
