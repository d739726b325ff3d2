"""Reads digital editions: the newest issue behind the index, then the days before it.

Issues follow the calendar, so the address of an earlier issue is the address of this one with
another day in it. Days without an issue answer 404 and are passed over. An issue that was read on
its own day is read once more when it has stopped growing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from scrapy.http import Response, TextResponse

from ...index.clock import ZONE
from ...index.limits import ISSUE_DAYS, ISSUE_GAP_DAYS
from ...index.store import ListState, Task
from ..problems import ListHasNoStories
from ..webpage import Page, PageHasNoText
from .walk import Found, WalkSpider

_GROWS_HOURS: Final = 24  # hours from the beginning of its day in which an issue may change


class EpaperSpider(WalkSpider):
    """Issues of an e-paper. Each issue is remembered by the address of its first page 版."""

    conditional = False  # the index stays as it is while the issue behind it changes

    def read_list(self, response: Response, task: Task | None) -> Found:
        """A page 版 of an issue: its stories, the issue's other pages, and the issue before it."""
        page = self._page(response)
        if task and task.facts.get("sheet"):
            return Found(self.family.rows(page, self.pattern))
        day = self.family.issue_day(response.url)
        if day is None:
            return self._from_front(page, task)
        newest = date.fromisoformat(task.facts["newest"]) if task else day
        before = self._before(response.url, day, newest, gap=0)
        if self._is_settled(response.url, day):
            return Found(lists=before)
        state = ListState(response.url, digest=day.isoformat(), checked=self.clock().isoformat())
        sheets = [
            Task(sheet, "list", day.isoformat(), facts={"sheet": True, "again": True})
            for sheet in (self.family.sheets(page) if self.family.sheets else [])
            if sheet != page.url
        ]
        return Found(self.family.rows(page, self.pattern), [*sheets, *before], [state])

    def _from_front(self, page: Page, task: Task | None) -> Found:
        """A front that does not lead on by itself: the newest issue that it links, its first page 版."""
        sheets = {
            url: day
            for link in page.tree.iter("a")
            if self.family.is_sheet(url := page.address(link.get("href") or "").split("#")[0])
            and (day := self.family.issue_day(url))
        }
        newest = max(sheets.values(), default=None)
        if task is not None or newest is None:
            raise ListHasNoStories(page.url)
        first = next(url for url, day in sheets.items() if day == newest)
        if self._is_settled(first, newest):
            return Found()
        facts: dict[str, Any] = {"newest": newest.isoformat(), "gap": 0}
        return Found(lists=[Task(first, "list", newest.isoformat(), facts=facts)])

    def list_is_gone(self, task: Task) -> bool:
        """A day without an issue is passed over; after a long gap the paper had not begun."""
        if task.facts.get("sheet"):
            return super().list_is_gone(task)
        day, newest = date.fromisoformat(task.day), date.fromisoformat(task.facts["newest"])
        gap = int(task.facts["gap"]) + 1
        before: list[Task] = []
        if gap < ISSUE_GAP_DAYS and not task.facts.get("late"):
            before = self._before(task.url, day, newest, gap=gap)
        states: list[ListState] = []
        if self.today - day <= timedelta(days=1) and not task.facts.get("late"):
            # Today's issue may come later: it is asked for once more tomorrow.
            tomorrow = (self.today + timedelta(days=1)).isoformat()
            late = {**task.facts, "late": True}
            before.append(Task(task.url, "list", task.day, due=tomorrow, facts=late))
        else:
            now = self.clock().isoformat()
            states.append(ListState(task.url, digest="no issue", checked=now))
        self.store.found(self.source.id, before, states=states, task=task)
        self.release(task)
        return True

    def _before(self, url: str, day: date, newest: date, *, gap: int) -> list[Task]:
        """The next earlier issue to be asked for; none where its part of the past is known.

        An issue further back than ``ISSUE_DAYS`` waits for a crawl with a first day.
        """
        calendar = self.source.calendar
        earlier = day - timedelta(days=1)
        while not self.source.has_issue(earlier):
            if calendar and calendar.first_issue and earlier < calendar.first_issue:
                return []
            earlier -= timedelta(days=1)
        address = self.family.issue_address(url, earlier)
        if self._is_settled(address, earlier):
            return []
        deep = newest - earlier > timedelta(days=ISSUE_DAYS)
        facts: dict[str, Any] = {"newest": newest.isoformat(), "gap": gap}
        return [Task(address, "list", earlier.isoformat(), deep=deep, facts=facts)]

    def _is_settled(self, url: str, day: date) -> bool:
        """Whether an issue was read after it had stopped growing, or is known not to be."""
        state = self.store.list_state(url)
        if state is None or not state.digest or not state.checked:
            return False
        hours = self.source.calendar.recheck_hours if self.source.calendar else _GROWS_HOURS
        stops = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hours)
        return datetime.fromisoformat(state.checked) >= stops

    def _page(self, response: Response) -> Page:
        try:
            text = response.text if isinstance(response, TextResponse) else ""
            return Page.parse(text, response.url)
        except PageHasNoText:
            raise ListHasNoStories(response.url) from None
