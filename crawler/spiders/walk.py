"""What all spiders share: entries, list pages, and the store's queue.

A visit asks for the source's entries and then drains the queue. What a list page brings is in the
store together with the mark that it was read; so a kill at any moment costs the request under way and
nothing else. A spider says only what a list page brings (:meth:`WalkSpider.read_list`).
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from ...index.clock import Clock
from ...index.errors import JianbaoError
from ...index.limits import (
    FAILURES_IN_A_ROW,
    FULL_READ_DAYS,
    SOURCE_SECONDS,
)
from ...index.store import ListState, Store, Task
from ..addresses import canonical_address
from ..dates import day_in_address, day_printed
from ..failures import problem_of
from ..families import Row
from ..lists import pattern_of
from ..politeness import (
    Asking,
)
from ..problems import LayoutIsUnknown, OutOfTime, SiteDeclines
from ..sources import Source
from ..tally import Tally
from .answers import header, is_gone
from .stories import StoryItem, StoryPages

_SLOW_DOWN: Final = (429, 503)  # the statuses that Retry-After is defined for (RFC 9110, RFC 6585)


@dataclass(frozen=True, slots=True)
class Found:
    """What a list page brings: rows of stories, further lists, states to remember, and addresses that
    are refused unread (with a key of ``REASONS``)."""

    rows: Iterable[Row] = ()
    lists: Iterable[Task] = ()
    states: Iterable[ListState] = ()
    refused: Iterable[tuple[str, str]] = field(default=())


class WalkSpider(StoryPages):
    """Base of the spiders."""

    conditional = True
    """Whether entries are asked for conditionally, and an unchanged one is not read."""

    def __init__(
        self,
        *,
        source: Source,
        store: Store,
        tally: Tally,
        clock: Clock,
        asking: Asking,
        visit: int,
        since: date | None,
        most: int = 0,
    ) -> None:
        super().__init__(source=source, store=store, tally=tally, clock=clock, asking=asking)
        self.visit = visit
        self.deep = since is not None
        self.first = max(filter(None, (since, source.since)), default=None)
        self.most = most
        self.pattern = pattern_of(source)
        self._asked_stories = 0
        self._shown: dict[str, set[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> WalkSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._sent, signals.request_reached_downloader)
        crawler.signals.connect(spider._answered, signals.response_received)
        crawler.signals.connect(spider._failed, signals.spider_error)
        crawler.signals.connect(spider._failed, signals.item_error)
        crawler.signals.connect(spider._closed, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for entry in self.source.entries:
            if problem := self.asking.why_not(entry, self.clock()):
                self.tally.problem = self.tally.problem or problem
            else:
                yield self.ask_entry(entry)

    # --- the queue, as the scheduler asks for it ---

    def has_task(self) -> bool:
        """Whether a task is due that may be asked for now."""
        return self._next_task() is not None

    def next_request(self) -> Request | None:
        """The next task's request. Tasks that need nobody to be asked are settled on the way.

        Nothing is asked before the task in hand is settled, so that a kill leaves one to be repeated.
        """
        if self.in_hand:
            return None
        while task := self._next_task():
            self.in_hand.add(task.number)
            if self.asking.why_not(task.url, self.clock()):
                self.leave(task)
            elif request := self._request(task):
                return request
        return None

    def _next_task(self) -> Task | None:
        if self.most and self._asked_stories >= self.most:
            return None
        now = self.clock()
        skip = self.in_hand | self.left
        task = self.store.next_task(
            self.source.id, now.isoformat(), first=self.first, deep=self.deep, skip=skip
        )
        if task and (waits := self.asking.waits(now)):
            self.tally.waits = waits
            return None
        return task

    def _request(self, task: Task) -> Request | None:
        if task.kind == "story":
            return self._story_request(task)
        facts: dict[str, Any] = dict(task.facts)
        if task.kind == "list":
            state = self.store.list_state(task.url) if facts.get("again") else None
            facts = {"etag": state.etag, "last_modified": state.last_modified} if state else {}
        return Request(
            task.url,
            headers=_conditions(facts.get("etag", ""), facts.get("last_modified", "")),
            callback=self.parse_story if task.kind == "check" else self.parse_list,
            errback=self.story_failed if task.kind == "check" else self.list_failed,
            cb_kwargs={"task": task},
            meta={"handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    def _story_request(self, task: Task) -> Request | None:
        if self.store.seen(task.url):  # another source on the same host had it first
            self.store.finish(task, self.source.id)
            self.tally.same += 1
            self.release(task)
            return None
        if (made := self.from_snapshot(task)) is not None:
            for output in made:
                if isinstance(output, Request):
                    return output
                self.store_item(output)
            return None
        self._asked_stories += 1
        return Request(
            task.url,
            callback=self.parse_story,
            errback=self.story_failed,
            cb_kwargs={"task": task},
            dont_filter=True,
        )

    # --- lists ---

    def ask_entry(self, entry: str) -> Request:
        """The request for an entry, conditional when its last visit left what that needs."""
        state = self.store.list_state(entry) if self.conditional else None
        lately = (self.today - timedelta(days=FULL_READ_DAYS)).isoformat()
        # A server whose dates are wrong would say "unchanged" for ever.
        fresh = state is not None and state.read[:10] > lately
        return Request(
            entry,
            headers=_conditions(state.etag, state.last_modified) if state and fresh else None,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"entry": entry},
            meta={"handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    def read_list(self, response: Response, task: Task | None) -> Found:
        """What an answered list page brings; ``task`` is ``None`` for an entry.

        Raises:
            JianbaoError: the page is no list; the visit ends with it.
        """
        raise NotImplementedError

    def parse_list(
        self, response: Response, task: Task | None = None, entry: str = ""
    ) -> Iterator[Request]:
        """An answered list page: everything it brings goes into the store at once."""
        self.forgive(response.url)
        state = self._state_of(response, task.url if task else entry)
        if state is None:
            self._finish_list(task)
            return
        try:
            found = self.read_list(response, task)
        except JianbaoError as problem:
            if task:
                self._tried(task, problem)
            self.stop(problem)
            return
        stories = self._new_stories(found.rows)
        refused = [(url, why) for url, why in found.refused if not self.store.seen(url)]
        remembered = [state, *found.states] if self._remembers(task) else list(found.states)
        tasks = [*stories, *found.lists]
        self.store.found(self.source.id, tasks, states=remembered, task=task, refused=refused)
        for url, why in refused:
            self.tally.refuse(url, why)
        if task:
            self.release(task)
        yield from ()

    def _remembers(self, task: Task | None) -> bool:
        """Whether the state of a list page is needed again: entries, and pages that are read again."""
        return task is None or "again" in task.facts

    def _state_of(self, response: Response, url: str) -> ListState | None:
        """What to remember of a list page; ``None`` when it is as it was, which is remembered here."""
        known, now = self.store.list_state(url), self.clock().isoformat()
        if response.status == 304:
            self.store.put_list_state(replace(known or ListState(url), checked=now))
            return None
        digest = hashlib.sha256(response.body).hexdigest()
        state = ListState(
            url=url,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            digest=digest,
            checked=now,
            read=now,
        )
        if self.conditional and known and known.digest == digest:
            self.store.put_list_state(state)
            return None
        return state

    def _finish_list(self, task: Task | None) -> None:
        if task:
            self.store.finish(task, self.source.id)
            self.release(task)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        """A list page could not be read: the source ends with the sentence."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        task: Task | None = request.cb_kwargs.get("task")
        url = task.url if task else request.cb_kwargs["entry"]
        if self.waits_as_asked(failure, url):
            if task:
                self.release(task)
            else:
                yield self.ask_entry(url)
            return
        problem = problem_of(failure, request.url)
        if isinstance(problem, SiteDeclines):
            self.note_decline(problem, url, failure)
        if task:
            if is_gone(failure) and self.list_is_gone(task):
                return
            self._tried(task, problem)
        self.stop(problem)

    def list_is_gone(self, task: Task) -> bool:
        """Whether a list page that the site does not have is no reason to end the visit. A further page
        that is announced but missing ends its list: some sites announce pages that they lack."""
        self.store.finish(task, self.source.id)
        self.release(task)
        return True

    def address_of(self, row: Row) -> str:
        """The one address of a story in a list."""
        return canonical_address(row.url, self.family, self.source)

    def _new_stories(self, rows: Iterable[Row]) -> list[Task]:
        """Tasks for the stories of a list that were never settled, in its order."""
        tasks: dict[str, Task] = {}
        for row in rows:
            url = self.address_of(row)
            if url in tasks or urlsplit(url).netloc not in self.hosts:
                continue
            if self.store.seen(url):
                self.tally.same += 1
                continue
            listed = day_printed(row.day, today=self.today)
            day = day_in_address(url, today=self.today) or listed
            facts = {"listed": listed.isoformat()} if listed else {}
            tasks[url] = Task(url, "story", day=day.isoformat() if day else "", facts=facts)
        return list(tasks.values())

    def brings_news(self, rows: Iterable[Row], walk: str, visit: int) -> bool:
        """Whether a list page shows a story of ours that was unknown when its walk began, and that no
        earlier page of the walk has shown (a site that ignores its paging repeats itself)."""
        shown = self._shown.setdefault(walk, set())
        urls = {url for row in rows if urlsplit(url := self.address_of(row)).netloc in self.hosts}
        news = any(
            not self.store.known_before(url, source_id=self.source.id, visit=visit)
            for url in urls - shown
        )
        shown |= urls
        return news

    # --- ends ---

    def _closed(self, reason: str) -> None:
        if len(self._without_body) >= FAILURES_IN_A_ROW and not self._read:
            first = self._without_body[0].url
            changed = LayoutIsUnknown(first, count=len(self._without_body))
            self.tally.problem = self.tally.problem or changed
        else:
            for task in self._without_body:
                self.refuse(task, "no-body")
        if reason == "closespider_timeout":
            late = OutOfTime(self.source.id, seconds=SOURCE_SECONDS)
            self.tally.problem = self.tally.problem or late
        self.asking.write()
        self.tally.finished = reason in ("finished", "closespider_timeout") or bool(
            self.tally.problem
        )


class StorePipeline:
    """Item pipeline: a story, the mark of its address and the end of its task go in together."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    def process_item(self, item: StoryItem) -> StoryItem:
        """Stores one story and settles it."""
        spider = self._crawler.spider
        if not isinstance(spider, WalkSpider):
            raise TypeError("this pipeline serves the spiders of this package only")
        spider.store_item(item)
        return item


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """The headers that make a request conditional (RFC 9110, 13.1)."""
    named = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return {name: value for name, value in named if value}
