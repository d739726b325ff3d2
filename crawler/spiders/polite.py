"""What every spider is made of: its source, the store, and how it minds what hosts say of being asked."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from ...index.clock import Clock
from ...index.errors import JianbaoError
from ...index.limits import RETRY_AFTER_SECONDS
from ...index.store import Store
from ..families import FAMILIES
from ..politeness import (
    AskedToWait,
    Asking,
    asked_to_wait,
    has_answered,
    has_declined,
    retry_after,
    short,
)
from ..problems import SiteDeclines
from ..sources import Source
from ..tally import Tally
from .answers import answered, header

_SLOW_DOWN: Final = (429, 503)  # the statuses that Retry-After is defined for (RFC 9110, RFC 6585)


class PoliteSpider(Spider):
    """The base of all spiders."""

    def __init__(
        self, *, source: Source, store: Store, tally: Tally, clock: Clock, asking: Asking
    ) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.store = store
        self.tally = tally
        self.clock = clock
        self.asking = asking
        self.hosts = source.hosts
        self.loopback = source.loopback
        self.family = FAMILIES[source.family]
        self._paused_until = 0.0
        self._paused_for: set[str] = set()

    @property
    def today(self) -> date:
        """The day of the clock."""
        return self.clock().date()

    def stop(self, problem: JianbaoError) -> None:
        """Ends the visit with a sentence.

        Raises:
            CloseSpider: always; Scrapy ends the spider with it.
        """
        self.tally.problem = self.tally.problem or problem
        raise CloseSpider(problem.code)

    def must_wait(self) -> bool:
        """Whether the site asked for a pause that is not over."""
        return time.monotonic() < self._paused_until

    def waits_as_asked(self, failure: Failure, url: str) -> bool:
        """Whether the site asked for a short pause, which is kept, after which it is asked again.

        A longer one is remembered for the next crawls and ends this visit.
        """
        wait = self._wait_named(failure)
        response = answered(failure)
        if wait is None or response is None:
            return False
        if wait.total_seconds() <= RETRY_AFTER_SECONDS and url not in self._paused_for:
            self._paused_for.add(url)
            self._paused_until = time.monotonic() + wait.total_seconds()
            return True
        host, now = urlsplit(url).netloc.lower(), self.clock()
        state = asked_to_wait(self.asking.state(host), str(response.status), wait, now)
        self.asking.put(state)
        self.stop(AskedToWait(url, until=short(state.not_before), answer=response.status))
        return True

    def note_decline(self, problem: SiteDeclines, url: str, failure: Failure) -> None:
        """Remembers that a host declined, and until when it is left alone."""
        host, now = urlsplit(url).netloc.lower(), self.clock()
        answer = str(problem.facts.get("status", ""))
        state = has_declined(self.asking.state(host), answer, now)
        wait = self._wait_named(failure)
        if (
            wait
            and (named := asked_to_wait(state, answer, wait, now)).not_before > state.not_before
        ):
            state = named
        self.asking.put(state)
        self.tally.declines = answer

    def forgive(self, url: str) -> None:
        """A host that gives us a list no longer declines."""
        state = self.asking.state(urlsplit(url).netloc.lower())
        if state.not_before or state.declined:
            self.asking.put(has_answered(state))

    def _wait_named(self, failure: Failure) -> timedelta | None:
        response = answered(failure)
        if response is None or response.status not in _SLOW_DOWN:
            return None
        said = header(response, "Retry-After")
        return retry_after(said, header(response, "Date"), self.clock()) if said else None

    def _sent(self, request: Request) -> None:
        self.tally.asked(request.url)
        self.asking.count(request.url, self.clock())

    def _answered(self, response: Response) -> None:
        self.tally.answered(response.status, len(response.body))
