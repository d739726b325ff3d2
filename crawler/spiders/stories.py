"""Reading story pages: the first time, page by page, and again on later days.

Every way that a story page can go ends in the store: a story, a refusal for good, or a task that is
put off with its reason. A page that was kept today, by a crawl that was killed before it made a story
of it, is read from there and not asked for again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from ...index.clock import Clock
from ...index.errors import JianbaoError
from ...index.limits import FAILURES_IN_A_ROW, ROBOTS_DAYS, TRY_DAYS
from ...index.store import Store, StoryEvent, Task
from ...index.story import Story
from ..addresses import canonical_address
from ..article import Extraction, extract
from ..failures import problem_of
from ..politeness import Asking
from ..problems import ManyPagesFail, ReaderFailed, SiteDeclines
from ..recheck import after_gone, after_look, check_task, days_after
from ..snapshots import SnapshotIsDamaged, Snapshots
from ..sources import Source
from ..story_pages import NO_STORY, joined, missing_page, reason_of
from ..tally import Tally
from ..webpage import Page
from .answers import (
    closed_by_robots,
    for_good,
    header,
    headers_of,
    is_gone,
    is_of_one_page,
    may_be_html,
    status_of,
)
from .polite import PoliteSpider

_REFUSED_IN_A_ROW = (
    3  # single pages that are refused one after another before the site counts as declining
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came, for the snapshots."""

    url: str
    body: bytes
    landed: str
    headers: Sequence[tuple[str, str]]
    page_of: str = ""


@dataclass
class Draft:
    """A story whose further pages are being read. ``pages`` are those of a look at a known story,
    which are kept only when its text has changed."""

    task: Task
    found: Extraction
    waiting: list[str]
    validators: dict[str, str]
    pages: list[Fetched] = field(default_factory=list)


@dataclass
class StoryItem:
    """A story on its way to the store."""

    story: Story
    draft: Draft


class StoryPages(PoliteSpider):
    """The half of every spider that reads stories."""

    def __init__(
        self, *, source: Source, store: Store, tally: Tally, clock: Clock, asking: Asking
    ) -> None:
        super().__init__(source=source, store=store, tally=tally, clock=clock, asking=asking)
        self.snapshots = Snapshots(store.path.parent / "snapshots", store, clock)
        self.in_hand: set[int] = set()
        self.left: set[int] = set()
        """Numbers of tasks that failed in this visit and wait for the next one."""
        self._without_body: list[Task] = []
        self._read = 0
        self._failures = 0
        self._refusals = 0

    # --- pages ---

    def parse_story(self, response: Response, task: Task) -> Iterator[StoryItem | Request]:
        """An answered story page, of a new story or of one that is looked at again."""
        self._failures = self._refusals = 0
        fetched = self._fetched(response, task.url)
        digest = hashlib.sha256(fetched.body).hexdigest()
        if response.status == 304 or (
            task.kind == "check" and self._is_as_known(response, task, digest)
        ):
            self._found_the_same(task)
            return
        validators = {
            "digest": digest,
            "etag": header(response, "ETag"),
            "last_modified": header(response, "Last-Modified"),
        }
        if not isinstance(response, TextResponse) or not may_be_html(response):
            self._no_story(task, "not-html")
            return
        if task.kind == "story":
            self._keep(fetched, task)

        def make() -> Page:
            return Page.parse(response.text, response.url, dropped=response.meta.get("dropped", 0))

        yield from self._first_page(task, make, validators, fetched)

    def _is_as_known(self, response: Response, task: Task, digest: str) -> bool:
        """Whether a story's page has the bytes and the address that it had."""
        story = self.store.story(self.store.story_at(task.url))
        where = canonical_address(response.url, self.family, self.source)
        return digest == task.facts.get("digest") and story is not None and story.url == where

    def from_snapshot(self, task: Task) -> Iterator[StoryItem | Request] | None:
        """The same from a page that was kept today, or ``None`` when there is none."""
        body = self._kept_today(task.url)
        if body is None:
            return None
        validators = {"digest": hashlib.sha256(body[0]).hexdigest()}
        return self._first_page(task, lambda: Page.from_bytes(*body), validators, None)

    def _kept_today(self, url: str) -> tuple[bytes, str] | None:
        kept = self.store.latest_snapshot(url)
        if kept is None or kept.fetched[:10] != self.today.isoformat():
            return None
        try:
            return self.snapshots.body(kept), kept.landed or kept.url
        except SnapshotIsDamaged:
            return None

    def _first_page(
        self,
        task: Task,
        make: Callable[[], Page],
        validators: dict[str, str],
        fetched: Fetched | None,
    ) -> Iterator[StoryItem | Request]:
        listed = date.fromisoformat(day) if (day := task.facts.get("listed")) else None
        try:
            found = extract(make(), today=self.today, source=self.source, listed=listed)
        except NO_STORY as refusal:
            self._no_story(task, reason_of(refusal))
            return
        self._read += 1
        draft = Draft(task, found, list(found.further), validators)
        if task.kind == "check" and fetched:
            draft.pages.append(fetched)
        yield from self._go_on(draft)

    def _go_on(self, draft: Draft) -> Iterator[StoryItem | Request]:
        """The story, or the request for its next page while there is one."""
        while draft.waiting:
            url = draft.waiting[0]
            if urlsplit(url).netloc not in self.hosts:
                draft.waiting.pop(0)
                continue
            kept = self._kept_today(url) if draft.task.kind == "story" else None
            if kept is None:
                yield Request(
                    url,
                    callback=self._parse_further,
                    errback=self._further_failed,
                    cb_kwargs={"draft": draft},
                    dont_filter=True,
                )
                return
            self._join(draft, lambda kept=kept: Page.from_bytes(*kept))
        yield StoryItem(draft.found.to_story(self.source), draft)

    def _parse_further(self, response: Response, draft: Draft) -> Iterator[StoryItem | Request]:
        """A further page of a story, joined to it."""
        fetched = self._fetched(response, draft.waiting[0], page_of=draft.task.url)
        if draft.task.kind == "story":
            self._keep(fetched, draft.task)
        else:
            draft.pages.append(fetched)
        text = response.text if isinstance(response, TextResponse) else ""
        dropped = response.meta.get("dropped", 0)
        self._join(draft, lambda: Page.parse(text, response.url, dropped=dropped))
        yield from self._go_on(draft)

    def _join(self, draft: Draft, make: Callable[[], Page]) -> None:
        url = draft.waiting.pop(0)
        draft.found, draft.waiting = joined(
            draft.found, draft.waiting, url, make, first=draft.task.url, today=self.today, source=self.source
        )  # fmt: skip

    def _further_failed(self, failure: Failure) -> Iterator[StoryItem | Request]:
        """A page that is announced but gone leaves a note; any other failure waits for the next crawl."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        draft: Draft = request.cb_kwargs["draft"]
        if not (for_good(failure) or is_gone(failure) or closed_by_robots(failure)):
            self._story_failed(failure, draft.task)
            return
        url = draft.waiting.pop(0)
        draft.found = replace(draft.found, repairs=(*draft.found.repairs, missing_page(url)))
        yield from self._go_on(draft)

    # --- ends of a story's task ---

    def store_item(self, item: StoryItem) -> None:
        """A story goes into the store; one that was looked at again only when its text changed."""
        task, story = item.draft.task, item.story
        if task.kind == "check":
            self._store_look(item)
            return
        day = min(story.published or self.today, self.today)
        facts = {"story": story.id, **item.draft.validators}
        looks = check_task(task.url, days_after(day, self.today), facts)
        change = self.store.take(story, url=task.url, task=task, following=looks)
        self.tally.take(story, change, item.draft.found)
        self.release(task)

    def _store_look(self, item: StoryItem) -> None:
        task, story, now = item.draft.task, item.story, self.clock().isoformat()
        old_id = self.store.story_at(task.url)
        if old_id:
            story = replace(story, id=old_id)  # a page that moved is the same story
        changed = self.store.story(story.id) != story
        if changed:
            for page in item.draft.pages:
                self._keep(page, task)
        looks = after_look(task, self.today, **item.draft.validators)
        event = _back(task, story.id, now)
        if changed:
            change = self.store.take(story, url=task.url, task=task, following=looks, event=event)
            self.tally.take(story, change, item.draft.found)
        else:
            self.store.end_check(task, source_id=self.source.id, following=looks, event=event)
        self.tally.look(task.url)
        self.release(task)

    def _found_the_same(self, task: Task) -> None:
        event = _back(task, self.store.story_at(task.url), self.clock().isoformat())
        looks = after_look(task, self.today)
        self.store.end_check(task, source_id=self.source.id, following=looks, event=event)
        self.tally.look(task.url)
        self.release(task)

    def _no_story(self, task: Task, reason: str) -> None:
        """A page that was answered gives no story."""
        if task.kind == "check":
            if reason == "not-there":
                self._look_found_gone(task, 200)
                return
            # The story that we have stands; a page that cannot be read says nothing against it.
            looks = after_look(task, self.today)
            self.store.end_check(task, source_id=self.source.id, following=looks)
            self.tally.look(task.url)
            self.release(task)
        elif reason == "no-body":
            # Waits for the end of the visit: if no page of it could be read, the site was
            # redesigned, and its stories must not count as refused.
            self._without_body.append(task)
            self.leave(task)
        else:
            self.refuse(task, reason)

    def refuse(self, task: Task, reason: str) -> None:
        """Settles an address without a story."""
        self.store.refuse(task.url, source_id=self.source.id, why=reason, task=task)
        self.tally.refuse(task.url, reason)
        self.release(task)

    def release(self, task: Task) -> None:
        """The task is out of our hands: settled, or left for the next visit."""
        self.in_hand.discard(task.number)

    def leave(self, task: Task) -> None:
        """The task is left for the next visit."""
        self.left.add(task.number)
        self.release(task)

    # --- failures ---

    def story_failed(self, failure: Failure) -> None:
        """A story page that could not be read."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        self._story_failed(failure, request.cb_kwargs["task"])

    def _story_failed(self, failure: Failure, task: Task) -> None:
        problem = problem_of(failure, task.url)
        if closed_by_robots(failure):
            due = self.today + timedelta(days=ROBOTS_DAYS)
            self._put_off(task, "robots", due)
            if task.kind == "story":
                self.tally.refuse(task.url, "robots")
            return
        if task.kind == "check" and is_gone(failure):
            self._failures = self._refusals = 0
            self._look_found_gone(task, status_of(failure))
            return
        if reason := for_good(failure):
            self._no_story(task, reason)
            return
        if self.waits_as_asked(failure, task.url):
            self.release(task)
            return
        self.tally.miss(task.url, problem)
        self._tried(task, problem, gone=is_gone(failure))
        if isinstance(problem, SiteDeclines):
            self._refusals += 1
            if not is_of_one_page(failure) or self._refusals >= _REFUSED_IN_A_ROW:
                self.note_decline(problem, task.url, failure)
                self.stop(problem)
        elif not is_gone(failure):
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                count = self._failures
                self.stop(ManyPagesFail(task.url, count=count, detail=problem.english()))

    def _look_found_gone(self, task: Task, status: int) -> None:
        story_id = self.store.story_at(task.url)
        event, looks = after_gone(task, story_id, self.clock().isoformat(), status)
        self.store.end_check(task, source_id=self.source.id, following=looks, event=event)
        self.tally.look(task.url, withdrawn=event is not None and event.what == "withdrawn")
        self.release(task)

    def _tried(self, task: Task, problem: JianbaoError, *, gone: bool = False) -> None:
        """One more day on which an address failed. A page that the site does not have is believed on
        the second one: some lists name a story before its page is there."""
        days = sorted({*task.facts.get("tried", ()), self.today.isoformat()})
        if len(days) < (2 if gone else TRY_DAYS):
            facts = {**task.facts, "tried": days}
            tomorrow = (self.today + timedelta(days=1)).isoformat() if gone else task.due
            self.store.put_off(task, due=tomorrow, why=problem.code, facts=facts)
            self.leave(task)
        elif task.kind == "story":
            self.refuse(task, "gone" if gone else "unreadable")
        else:
            looks = after_look(task, self.today)
            self.store.finish(task, self.source.id, looks if task.kind == "check" else ())
            self.release(task)

    def _put_off(self, task: Task, why: str, due: date) -> None:
        self.store.put_off(task, due=due.isoformat(), why=why)
        self.leave(task)

    def _failed(
        self, failure: Failure, response: Response | None = None, item: StoryItem | None = None
    ) -> None:
        """A callback or the pipeline raised: the source goes on, and the report says so."""
        error = failure.value
        known = isinstance(error, JianbaoError)
        problem = error if known else ReaderFailed(self.source.id, detail=repr(error))
        self.tally.problem = self.tally.problem or problem
        facts = response.request.cb_kwargs if response is not None and response.request else {}
        draft: Draft | None = item.draft if item else facts.get("draft")
        if task := draft.task if draft else facts.get("task"):
            with suppress(JianbaoError):  # a full disk, most likely: the task simply stays
                self._tried(task, problem)

    # --- snapshots ---

    def _fetched(self, response: Response, url: str, page_of: str = "") -> Fetched:
        body = response.meta.get("as_sent", response.body)
        return Fetched(url, body, response.url, headers_of(response), page_of)

    def _keep(self, page: Fetched, task: Task) -> None:
        """Keeps a page as it came, before anything is made of it."""
        listed: Any = task.facts.get("listed") if not page.page_of else None
        self.snapshots.keep(
            page.url,
            page.body,
            source_id=self.source.id,
            headers=page.headers,
            page_of=page.page_of,
            listed=date.fromisoformat(listed) if listed else None,
            landed=page.landed,
        )


def _back(task: Task, story_id: str, now: str) -> StoryEvent | None:
    """A story that was found gone is there again."""
    if not task.facts.get("missing"):
        return None
    return StoryEvent(story_id, now, "returned", f"gone since {task.facts['missing']}")
