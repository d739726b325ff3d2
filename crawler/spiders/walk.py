"""What all spiders share: asking for lists and stories, settling each story, remembering a walk.

A *walk* starts at an entry and ends when every story found on the way is settled: taken, or refused
for good. Only then is the entry's state written down. A walk that was cut short leaves its state
open, and the next one goes to the end again instead of stopping at stories it knows; so a kill at
any moment costs time and no story.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DownloadCancelledError
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ...index.clock import Clock
from ...index.errors import JianbaoError
from ...index.limits import FAILURES_IN_A_ROW, SOURCE_SECONDS
from ...index.store import ListState, Store
from ...index.story import Repair, Story
from ..article import Extraction, StoryIsRefused, canonical_address, extract
from ..charset import BytesAreNotText
from ..dates import day_in_address, day_printed
from ..failures import Declined, problem_of
from ..families import FAMILIES, Row
from ..problems import (
    LayoutIsUnknown,
    LeadsElsewhere,
    ManyPagesFail,
    OutOfTime,
    ReaderFailed,
    RobotsForbid,
    SiteDeclines,
)
from ..snapshots import Snapshots
from ..sources import Source
from ..tally import Tally
from ..webpage import Page, PageHasNoText


@dataclass
class Walk:
    """One entry's visit. ``fresh`` is what to remember when it ends whole.

    ``waiting`` counts what is still under way; a walk inside another (an issue of an e-paper) counts
    as one of the things that ``outer`` waits for.
    """

    entry: str
    known: ListState | None
    waiting: int = 0
    whole: bool = True
    fresh: ListState | None = None
    seen_here: set[str] = field(default_factory=set)
    outer: Walk | None = None

    @property
    def was_open(self) -> bool:
        """Whether the last walk never ended, or there was none."""
        return self.known is None or not self.known.digest


@dataclass
class StoryItem:
    """A story on its way to the store, with the address that was asked."""

    story: Story
    url: str
    rule: str = ""


class WalkSpider(Spider):
    """Base of the three spiders. Subclasses say what an entry is and how to go on from it."""

    def __init__(
        self, *, source: Source, store: Store, tally: Tally, clock: Clock, since: date | None
    ) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.store = store
        self.tally = tally
        self.clock = clock
        self.since = since
        self.hosts = source.hosts
        self.loopback = source.loopback
        self.family = FAMILIES[source.family]
        self.pattern = (
            re.compile(source.story_address) if source.story_address else self.family.story_address
        )
        self._failures = 0
        self._in_flight: dict[str, list[Walk]] = {}
        self._without_body: list[str] = []
        self._read = 0
        self.snapshots = Snapshots(store.path.parent / "snapshots", store, clock)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> WalkSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._asked, signals.request_reached_downloader)
        crawler.signals.connect(spider._answered, signals.response_received)
        crawler.signals.connect(spider._failed, signals.spider_error)
        crawler.signals.connect(spider._failed, signals.item_error)
        crawler.signals.connect(spider._closed, signals.spider_closed)
        return spider

    @property
    def today(self) -> date:
        """The day of the clock."""
        return self.clock().date()

    async def start(self) -> AsyncIterator[Request]:
        for entry in self.source.entries:
            yield self.ask_entry(entry)

    # --- lists ---

    def ask_entry(self, entry: str) -> Request:
        """The request for an entry, conditional when its last walk ended."""
        walk = Walk(entry, self.store.list_state(entry))
        headers: dict[str, str] = {}
        if walk.known and not walk.was_open and self.since is None:
            headers = {
                name: value
                for name, value in (
                    ("If-None-Match", walk.known.etag),
                    ("If-Modified-Since", walk.known.last_modified),
                )
                if value
            }
        return self.ask_list(entry, walk, headers=headers)

    def ask_list(
        self, url: str, walk: Walk, *, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> Request:
        """A request for a list page; the walk waits for it."""
        walk.waiting += 1
        return Request(
            url,
            headers=headers,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"walk": walk, **kwargs},
            meta={"handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    def parse_list(self, response: Response, walk: Walk) -> Iterator[Any]:
        """Reads an answered list page."""
        raise NotImplementedError

    def open_walk(self, response: Response, walk: Walk) -> bool:
        """Whether the entry brings anything new; if so, its state is open from here on."""
        if response.status == 304 and walk.known:
            walk.fresh = walk.known
            return False
        digest = hashlib.sha256(response.body).hexdigest()
        walk.fresh = ListState(
            url=walk.entry,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
            digest=digest,
        )
        if walk.known and walk.known.digest == digest and self.since is None:
            return False
        self.store.put_list_state(ListState(walk.entry, checked=self.clock().isoformat()))
        return True

    def list_failed(self, failure: Failure) -> None:
        """A list page could not be read: the source ends with the sentence."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        self.stop(problem_of(failure, request.url))

    def settle_one(self, walk: Walk) -> None:
        """One thing that the walk waited for is done; the last one writes the state down."""
        walk.waiting -= 1
        if walk.waiting:
            return
        if walk.whole and walk.fresh:
            self.store.put_list_state(replace(walk.fresh, checked=self.clock().isoformat()))
        if walk.outer:
            walk.outer.whole = walk.outer.whole and walk.whole
            self.settle_one(walk.outer)

    # --- stories ---

    def ask_stories(self, rows: list[Row], walk: Walk) -> Iterator[Request]:
        """Requests for the stories that were never settled, in the order of the list."""
        for row in rows:
            url = canonical_address(row.url, self.family)
            if url in walk.seen_here:
                continue
            walk.seen_here.add(url)
            if urlsplit(url).netloc not in self.hosts:
                continue
            if self.store.seen(url):
                self.tally.same += 1
                continue
            day = day_in_address(url, today=self.today)
            if self.since and day and day < self.since:
                walk.whole = False  # an older story waits for a crawl without a first day
                continue
            walk.waiting += 1
            self._in_flight.setdefault(url, []).append(walk)
            if len(self._in_flight[url]) > 1:
                continue  # another list of this source asked for it already
            yield Request(
                url,
                callback=self.parse_story,
                errback=self.story_failed,
                cb_kwargs={"row": row, "asked": url},
                dont_filter=True,
            )

    def unseen(self, rows: list[Row], walk: Walk) -> bool:
        """Whether a list page shows a story of ours that is not settled and new to this walk."""
        urls = (canonical_address(row.url, self.family) for row in rows)
        return any(
            url not in walk.seen_here
            and urlsplit(url).netloc in self.hosts
            and not (not walk.was_open and self.store.seen(url))
            for url in urls
        )

    def parse_story(
        self, response: Response, row: Row, asked: str
    ) -> Iterator[StoryItem | Request]:
        """Extracts a story; a refusal settles it as well."""
        self._failures = 0
        if not isinstance(response, TextResponse) or not _may_be_html(response):
            self.refuse(asked, "not-html")
            return
        try:
            listed = day_printed(row.day, today=self.today)
            self._keep(asked, response, listed=listed)
            page = Page.parse(response.text, response.url, dropped=response.meta.get("dropped", 0))
            found = extract(page, today=self.today, source=self.source, listed=listed)
        except PageHasNoText:
            self._set_aside(asked)
        except StoryIsRefused as refusal:
            if refusal.reason == "no-body":
                self._set_aside(asked)
            else:
                self.refuse(asked, refusal.reason)
        else:
            self._read += 1
            yield self._next_page(found, list(found.further), asked)

    def _keep(
        self, url: str, response: Response, *, page_of: str = "", listed: date | None = None
    ) -> None:
        """Keeps the page as it came, before anything is made of it."""
        headers = [
            (str(name, "latin-1"), str(value, "latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        self.snapshots.keep(
            url,
            response.meta.get("as_sent", response.body),
            source_id=self.source.id,
            headers=headers,
            page_of=page_of,
            listed=listed,
        )

    def _next_page(self, found: Extraction, waiting: list[str], asked: str) -> StoryItem | Request:
        """The story, or the request for its next page while there is one."""
        while waiting and urlsplit(waiting[0]).netloc not in self.hosts:
            waiting.pop(0)
        if not waiting:
            return StoryItem(found.to_story(self.source), asked, found.rule)
        return Request(
            waiting[0],
            callback=self._parse_further,
            errback=self._further_failed,
            cb_kwargs={"found": found, "waiting": waiting[1:], "asked": asked},
            dont_filter=True,
        )

    def _parse_further(
        self, response: Response, found: Extraction, waiting: list[str], asked: str
    ) -> Iterator[StoryItem | Request]:
        """A further page of a story, joined to it."""
        text = response.text if isinstance(response, TextResponse) else ""
        self._keep(
            response.request.url if response.request else response.url, response, page_of=asked
        )
        try:
            page = Page.parse(text, response.url, dropped=response.meta.get("dropped", 0))
            more = extract(page, today=self.today, source=self.source, whole=False)
        except (PageHasNoText, StoryIsRefused):
            found = replace(found, repairs=(*found.repairs, _missing(response.url)))
        else:
            found = found.joined(more)
            # The second page may be the first to name the fourth.
            waiting += [url for url in more.further if url not in (*found.further, *waiting, asked)]
            found = replace(found, further=(*found.further, *waiting))
        yield self._next_page(found, waiting, asked)

    def _further_failed(self, failure: Failure) -> Iterator[StoryItem | Request]:
        """A page that is announced but gone leaves a note; any other failure waits for the next crawl."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        if not _for_good(failure):
            self.story_failed(failure)
            return
        facts = request.cb_kwargs
        found = replace(facts["found"], repairs=(*facts["found"].repairs, _missing(request.url)))
        yield self._next_page(found, facts["waiting"], facts["asked"])

    def story_failed(self, failure: Failure) -> None:
        """A story page that could not be read: gone for good, or tried again next time."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        asked: str = request.cb_kwargs["asked"]
        if reason := _for_good(failure):
            self.refuse(asked, reason)
            return
        problem = problem_of(failure, asked)
        if isinstance(problem, SiteDeclines):
            self.stop(problem)
        self.tally.miss(asked, problem)
        self.settle_story(asked, whole=False)
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            self.stop(ManyPagesFail(asked, count=self._failures, detail=problem.english()))

    def refuse(self, url: str, reason: str) -> None:
        """Settles an address without a story."""
        self.store.refuse(url, source_id=self.source.id, why=reason)
        self.tally.refuse(url, reason)
        self.settle_story(url)

    def settle_story(self, url: str, *, whole: bool = True) -> None:
        """A story is done with, for every walk that found it; not ``whole`` when it has to come back."""
        for walk in self._in_flight.pop(url, []):
            walk.whole = walk.whole and whole
            self.settle_one(walk)

    def _set_aside(self, url: str) -> None:
        """A page whose body was not found waits for the end: if no page of the visit could be read,
        the site was redesigned, and its stories must not count as refused."""
        self._without_body.append(url)

    # --- ends ---

    def stop(self, problem: JianbaoError) -> None:
        """Ends the visit with a sentence.

        Raises:
            CloseSpider: always; Scrapy ends the spider with it.
        """
        self.tally.problem = self.tally.problem or problem
        raise CloseSpider(problem.code)

    def _asked(self, request: Request) -> None:
        self.tally.asked(request.url)

    def _answered(self, response: Response) -> None:
        self.tally.answered(response.status, len(response.body))

    def _failed(self, failure: Failure) -> None:
        """A callback or the pipeline raised: the source goes on, and the report says so."""
        error = failure.value
        known = isinstance(error, JianbaoError)
        problem = error if known else ReaderFailed(self.source.id, detail=repr(error))
        self.tally.problem = self.tally.problem or problem

    def _closed(self, reason: str) -> None:
        if len(self._without_body) >= FAILURES_IN_A_ROW and not self._read:
            changed = LayoutIsUnknown(self._without_body[0], count=len(self._without_body))
            self.tally.problem = self.tally.problem or changed
        else:
            for url in self._without_body:
                self.refuse(url, "no-body")
        if reason == "closespider_timeout":
            late = OutOfTime(self.source.id, seconds=SOURCE_SECONDS)
            self.tally.problem = self.tally.problem or late
        self.tally.finished = reason in ("finished", "closespider_timeout") or bool(
            self.tally.problem
        )


class StorePipeline:
    """Item pipeline: a story and the mark that its address was seen go into the store together."""

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
        change = spider.store.take(item.story, url=item.url)
        spider.tally.take(item.story, change, item.rule)
        spider.settle_story(item.url)
        return item


def _missing(url: str) -> Repair:
    return Repair("set-aside", f"a further page of the story could not be read: {url}")


def _for_good(failure: Failure) -> str:
    """Why a story page will never be read, as a key of ``REASONS``; empty when it may come back."""
    error = failure.value
    if isinstance(error, HttpError) and error.response.status in (404, 410):
        return "gone"
    if isinstance(error, DownloadCancelledError):
        return "too-large"
    if isinstance(error, Declined):
        kinds = {
            RobotsForbid: "robots",
            LeadsElsewhere: "elsewhere",
            BytesAreNotText: "broken-bytes",
        }
        return kinds.get(type(error.problem), "")
    return "too-large" if "DOWNLOAD_MAXSIZE" in str(error) else ""


def _may_be_html(response: Response) -> bool:
    said = _header(response, "Content-Type").lower()
    return not said or "html" in said or said.startswith("text/")


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
