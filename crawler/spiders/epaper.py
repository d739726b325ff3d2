"""Reads digital editions: the newest issue behind the index, then the days before it.

Issues follow the calendar, so the address of an earlier issue is the address of this one with
another day in it. Days without an issue answer 404 and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ...index.limits import ISSUE_DAYS, ISSUE_GAP_DAYS
from ...index.store import ListState
from ..problems import ListHasNoStories
from ..webpage import Page, PageHasNoText
from .walk import Walk, WalkSpider


class EpaperSpider(WalkSpider):
    """Issues of an e-paper. Each issue is remembered by the address of its first page 版."""

    def parse_list(
        self, response: Response, walk: Walk, issue: Walk | None = None
    ) -> Iterator[Any]:
        """The index (which led to the newest issue), or the first page of an earlier issue."""
        day = self.family.issue_day(response.url)
        page = self._page(response)
        if day is None or page is None:
            self.stop(ListHasNoStories(response.url))
            return
        is_entry = issue is None
        if issue is None:
            walk.fresh = ListState(walk.entry, digest=day.isoformat())
            if walk.known and not walk.was_open:
                self.store.put_list_state(ListState(walk.entry, checked=self.clock().isoformat()))
            issue = self._issue(response.url, walk)
            self._newest = day
        self._gap = 0
        if not self._is_settled(response.url, day):
            self.store.put_list_state(ListState(issue.entry, checked=self.clock().isoformat()))
            issue.fresh = ListState(issue.entry, digest=day.isoformat())
            yield from self._read_issue(page, issue)
        # The index still shows the issue that the last whole walk began with: nothing came since.
        if not (is_entry and walk.known and walk.known.digest == day.isoformat()):
            yield from self._before(response.url, day, walk)
        self.settle_one(issue)
        if is_entry:
            self.settle_one(walk)

    def _issue(self, url: str, walk: Walk) -> Walk:
        """An issue's own walk. The entry's walk ends after all issues that it opened."""
        walk.waiting += 1
        return Walk(url, self.store.list_state(url), waiting=1, outer=walk)

    def _read_issue(self, page: Page, issue: Walk) -> Iterator[Request]:
        yield from self._read_sheet(page, issue)
        for sheet in self.family.sheets(page) if self.family.sheets else []:
            if sheet != page.url:
                issue.waiting += 1
                yield Request(
                    sheet,
                    callback=self._parse_sheet,
                    errback=self.list_failed,
                    cb_kwargs={"issue": issue},
                    dont_filter=True,
                )

    def _parse_sheet(self, response: Response, issue: Walk) -> Iterator[Request]:
        page = self._page(response)
        if page is None:
            self.stop(ListHasNoStories(response.url))
            return
        yield from self._read_sheet(page, issue)
        self.settle_one(issue)

    def _read_sheet(self, page: Page, issue: Walk) -> Iterator[Request]:
        yield from self.ask_stories(self.family.rows(page, self.pattern), issue)

    def _before(self, url: str, day: date, walk: Walk) -> Iterator[Request]:
        """The next earlier issue that has to be read, unless the walk ends here."""
        for earlier in (day - timedelta(days=n) for n in range(1, ISSUE_DAYS + 1)):
            if self._newest - earlier > timedelta(days=ISSUE_DAYS):
                return
            if self.since and earlier < self.since:
                walk.whole = False
                return
            address = self.family.issue_address(url, earlier)
            if not self._is_settled(address, earlier):
                issue = self._issue(address, walk)
                yield Request(
                    address,
                    callback=self.parse_list,
                    errback=self._issue_failed,
                    cb_kwargs={"walk": walk, "issue": issue},
                    dont_filter=True,
                )
                return
            self._gap = 0
            if not walk.was_open:
                return

    def _issue_failed(self, failure: Failure) -> Iterator[Request]:
        """A day without an issue is passed over; after a long gap the paper had not begun."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        error = failure.value
        if not (isinstance(error, HttpError) and error.response.status in (404, 410)):
            self.list_failed(failure)
        walk, issue = request.cb_kwargs["walk"], request.cb_kwargs["issue"]
        day = self.family.issue_day(request.url)
        self._gap += 1
        if day and self._gap < ISSUE_GAP_DAYS:
            yield from self._before(request.url, day, walk)
        self.settle_one(issue)

    def _is_settled(self, url: str, day: date) -> bool:
        """Whether an issue was read whole. Today's may still grow."""
        state = self.store.list_state(url)
        return state is not None and bool(state.digest) and day < self.today

    def _page(self, response: Response) -> Page | None:
        try:
            return Page.parse(
                response.text if isinstance(response, TextResponse) else "", response.url
            )
        except PageHasNoText:
            return None
