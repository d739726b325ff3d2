"""Scrapy's scheduler, fed from the store's queue.

Scrapy's own queues live in memory, or in a folder that survives an orderly stop only. Here nothing
but what belongs to the request under way (a redirect, a retry, a story's next page) is held in
memory; everything found waits in the store, and a killed crawl goes on where it stood. One task is
handed out at a time, so memory does not grow with what waits.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler


class Feeding(Protocol):
    """What a spider must offer: its next task as a request, and whether there is one."""

    def must_wait(self) -> bool:
        """Whether nothing may be asked at this moment."""
        ...

    def next_request(self) -> Request | None:
        """The next task's request."""
        ...

    def has_task(self) -> bool:
        """Whether a task is due."""
        ...


class StoreScheduler(BaseScheduler):
    """Requests at hand first, then the store's next task."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._at_hand: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreScheduler:
        return cls(crawler)

    @property
    def _spider(self) -> Feeding:
        return self._crawler.spider  # pyright: ignore[reportReturnType] - ours always is one

    def has_pending_requests(self) -> bool:
        return bool(self._at_hand) or self._spider.has_task()

    def enqueue_request(self, request: Request) -> bool:
        self._at_hand.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._spider.must_wait():
            return None
        return self._at_hand.popleft() if self._at_hand else self._spider.next_request()
