"""Reads list pages, the newest first, until one brings nothing new."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from ...index.limits import BACKFILL_PAGES
from ...index.store import Task
from ..dates import day_in_address, day_printed
from ..families import Row
from ..lists import html_of
from ..problems import ListHasNoStories
from ..webpage import Page, PageHasNoText
from .walk import Found, WalkSpider


class ListingSpider(WalkSpider):
    """Lists of a government or media site.

    A further page waits in the queue with the number of the visit that its walk began in: the walk
    ends at stories that were known before that, even when it goes on days later. Pages beyond
    ``list_pages`` wait for a crawl with a first day.
    """

    def read_list(self, response: Response, task: Task | None) -> Found:
        """The stories of a list page, and the next page while there is news."""
        number = int(task.facts["number"]) if task else 1
        walk = str(task.facts["walk"]) if task else f"{response.url} {self.visit}"
        visit = int(task.facts["visit"]) if task else self.visit
        text = response.text if isinstance(response, TextResponse) else ""
        try:
            page = Page.parse(html_of(text), response.url)
        except PageHasNoText:
            raise ListHasNoStories(response.url) from None
        rows = self.family.rows(page, self.pattern)
        following = self.family.following(page)
        # Some systems' first page is empty, and a script fetches the rows.
        filled_later = number == 1 and not rows and bool(following)
        was_empty = bool(task and task.facts.get("filled"))
        if not rows and ((number == 1 and not filled_later) or was_empty):
            raise ListHasNoStories(response.url)
        news = self.brings_news(rows, walk, visit) or filled_later
        if not (news and following and number < BACKFILL_PAGES):
            return Found(rows)
        facts = {"number": number + 1, "walk": walk, "visit": visit, "filled": filled_later}
        deep = number >= self.source.list_pages
        return Found(rows, [Task(following, "list", self._newest(rows), deep=deep, facts=facts)])

    def _newest(self, rows: list[Row]) -> str:
        """The newest day of a page: no page behind it has a newer one. Empty when a row tells none."""
        days = [
            day_in_address(row.url, today=self.today) or day_printed(row.day, today=self.today)
            for row in rows
        ]
        known = [day for day in days if day is not None]
        return max(known).isoformat() if known and len(known) == len(days) else ""
