"""The process that crawls: reads a job from its input, writes events to its output, one a line.

Started by :func:`jianbao.crawler.crawl.crawl` and by nothing else. It ends by itself when its input
is closed, so that no crawl goes on without the command that started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from ..index.clock import Clock
from ..index.errors import JianbaoError
from ..index.limits import LEAVE_SECONDS, SOURCES_AT_ONCE
from ..index.store import SourceRun, Store
from .addons import Politeness
from .guard import GuardedResolver
from .politeness import Asking, groups, pause
from .problems import CrawlWasStopped
from .recheck import watch
from .scheduler import StoreScheduler
from .snapshots import Snapshots
from .sources import Source
from .spiders import SPIDERS
from .tally import Tally


class Job(BaseModel):
    """What to crawl. ``now`` is the time of the clock that the caller goes by; the rest is as in
    :func:`jianbao.crawler.crawl.crawl`."""

    model_config = ConfigDict(extra="forbid")

    sources: tuple[Source, ...]
    store: Path
    now: datetime
    since: date | None
    most: int = 0
    again: bool = False
    printed: dict[str, date] = Field(default_factory=dict)
    user_agent: str
    log: Path


def main() -> int:
    """Runs the job on standard input. Problems are events; the exit code is 0 when it ended."""
    # The keyboard's interrupt reaches both processes; the caller closes our input when it is meant.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = Job.model_validate_json(sys.stdin.buffer.readline())
    pruned: list[str] = []
    try:
        clock = _clock_from(job.now)
        with Store.open(job.store, clock=clock, writer="crawl") as store:
            watch(store, job.printed, clock().date())
            _Run(job, store, clock).run()
            pruned = Snapshots(job.store.parent / "snapshots", store, clock).prune()
    except JianbaoError as problem:
        _tell({"what": "failed", "problem": _plain(problem)})
    _tell({"what": "ended", "pruned": pruned})
    return 0


class _Run:
    """All sources of a job, host by host, in one reactor."""

    def __init__(self, job: Job, store: Store, clock: Clock) -> None:
        self._job = job
        self._store = store
        self._clock = clock
        self._stopping = False
        self._visit = store.begin_visit()
        self._process = AsyncCrawlerProcess(_settings(job))

    def run(self) -> None:
        """Crawls until every source is done or the caller goes away."""
        loop = asyncio.get_event_loop()
        main_task = loop.create_task(self._all())
        threading.Thread(target=self._watch, args=(loop,), daemon=True).start()
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        if main_task.done() and (error := main_task.exception()):
            raise error

    async def _all(self) -> None:
        from twisted.internet import reactor

        gate = asyncio.Semaphore(SOURCES_AT_ONCE)
        try:
            await asyncio.gather(*(self._host(group, gate) for group in groups(self._job.sources)))
        finally:
            reactor.stop()  # pyright: ignore[reportAttributeAccessIssue] - zope interfaces

    async def _host(self, sources: list[Source], gate: asyncio.Semaphore) -> None:
        """Sources that share a host, one after the other: a host is never asked twice at a time."""
        for source in sources:
            async with gate:
                await self._source(source)

    async def _source(self, source: Source) -> None:
        started = self._clock().isoformat()
        tally = Tally(source.id, _tell)
        _tell({"source": source.id, "what": "started"})
        asking = Asking(source, self._store, again=self._job.again)
        if waits := asking.waits(self._clock()):
            tally.waits, tally.finished = waits, True
        elif not self._stopping:
            delay, jitter = pause(source.delay, source.jitter)
            gently = {"DOWNLOAD_DELAY": delay, "DOWNLOAD_DELAY_JITTER": jitter}
            await self._process.crawl(
                Crawler(SPIDERS[source.kind], Settings(gently)),
                source=source,
                store=self._store,
                tally=tally,
                clock=self._clock,
                asking=asking,
                visit=self._visit,
                since=self._job.since,
                most=self._job.most,
            )
        if not tally.finished and tally.problem is None:
            tally.problem = CrawlWasStopped(source.id)
        run = SourceRun(
            source_id=source.id,
            started=started,
            finished=self._clock().isoformat(),
            requests=tally.requests,
            new=tally.new + tally.changed,
            same=tally.same,
            refused=len(tally.refused),
            problem=tally.problem.english() if tally.problem else "",
            changed=tally.changed,
            missed=len(tally.missed),
            received=tally.received,
            statuses=dict(sorted(tally.statuses.items())),
            filled=dict(sorted(tally.filled.items())),
            rules=dict(sorted(tally.rules.items())),
            checked=tally.checked,
            withdrawn=tally.withdrawn,
            doubted=tally.doubted,
            declines=tally.declines,
            waits=tally.waits,
        )
        self._store.log_run(run)
        _tell({"source": source.id, "what": "done", "report": _report(tally, run)})

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Waits for the caller to close our input, then ends the crawl in order, or in force."""
        # The raw descriptor: a thread inside a buffered read would stop the interpreter from ending.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        self._stopping = True
        loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._process.stop()))
        time.sleep(LEAVE_SECONDS)
        os._exit(1)


def _settings(job: Job) -> Settings:
    settings = Settings()
    settings.setdict(
        {
            "ADDONS": {Politeness: 100},
            "JIANBAO_LOOPBACK": any(source.loopback for source in job.sources),
            "LOG_FILE": str(job.log),
            # One item at a time comes of a page; Scrapy would start a hundred tasks for each answer.
            "CONCURRENT_ITEMS": 1,
            "LOG_LEVEL": "INFO",
            # 429 and 503 are not tried again at once: such a server asks for less, not for more.
            "RETRY_HTTP_CODES": [408, 500, 502, 504],
            "SCHEDULER": StoreScheduler,
            "TWISTED_DNS_RESOLVER": GuardedResolver,
            "USER_AGENT": job.user_agent,
            # It reads the source of the callback anew for each answer.
            "WARN_ON_GENERATOR_RETURN_VALUE": False,
        }
    )
    return settings


def _clock_from(now: datetime) -> Clock:
    """The caller's clock, carried over: its time at the start and the seconds since."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=int(time.monotonic() - began))


def _report(tally: Tally, run: SourceRun) -> dict[str, Any]:
    return {
        "started": run.started,
        "finished": run.finished,
        "requests": tally.requests,
        "new": tally.new,
        "changed": tally.changed,
        "same": tally.same,
        "refused": tally.refused,
        "missed": tally.missed,
        "checked": tally.checked,
        "withdrawn": tally.withdrawn,
        "waits": tally.waits,
        "problem": _plain(tally.problem) if tally.problem else None,
    }


def _plain(problem: JianbaoError) -> dict[str, Any]:
    facts = {name: str(value) for name, value in problem.facts.items()}
    return {"code": problem.code, "where": problem.where, "facts": facts}


def _tell(event: dict[str, Any]) -> None:
    # Plain ASCII, so that no console's code page matters.
    sys.stdout.buffer.write(json.dumps(event).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
