"""The crawl: one call, from a plain synchronous program.

Scrapy's reactor can run once in a process, takes over its signals and logs through its root logger.
So the crawl itself runs in a process of its own (:mod:`jianbao.crawler.worker`): a command can crawl
several times, the desk can crawl while it serves, a crash or a kill leaves the caller whole, and
nothing of Scrapy's reaches the terminal. The two talk in JSON lines; when the caller goes away, by
whatever means, the other one sees its input close and ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Literal

from ..index.clock import Clock
from ..index.errors import JianbaoError, all_error_classes
from ..index.limits import LEAVE_SECONDS
from .article import REASONS
from .politeness import AskedToWait
from .problems import CrawlWasStopped, ReaderFailed
from .sources import Source

What = Literal[
    "started", "asked", "new", "changed", "same", "refused", "missed", "withdrawn", "done"
]


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """``contact`` (an address of a page or mailbox) stands in the user agent, so that a site's
    staff can reach whoever crawls; ``log`` is the file that Scrapy's log goes to."""

    contact: str
    log: Path

    @property
    def user_agent(self) -> str:
        """``jianbao/0.1.0 (+https://…)``"""
        # A header is one line of ASCII; whatever else stands in a contact does not belong there.
        contact = "".join(c for c in self.contact if c.isascii() and c.isprintable())
        return f"jianbao/{version('jianbao')} (+{contact})"


@dataclass(frozen=True, slots=True)
class CrawlEvent:
    """One step, for a progress display. ``detail`` is a headline, a reason, or empty."""

    source_id: str
    what: What
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that gave no story, for good. ``reason`` is a key of ``article.REASONS``."""

    url: str
    reason: str

    def english(self) -> str:
        """The reason in words."""
        return REASONS[self.reason][0]

    def chinese(self) -> str:
        """The reason in words, for the desk."""
        return REASONS[self.reason][1]


@dataclass(frozen=True, slots=True)
class Missed:
    """A story page that could not be read this time; the next crawl tries it again."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source's visit did. ``same`` counts listed stories that were known already, ``checked``
    known ones that were looked at again, of which ``withdrawn`` are gone at their source; ``waits``
    says why the rest waits for a later crawl."""

    source_id: str
    name: str
    started: str = ""
    finished: str = ""
    requests: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: tuple[Refused, ...] = ()
    missed: tuple[Missed, ...] = ()
    problem: JianbaoError | None = None
    checked: int = 0
    withdrawn: int = 0
    waits: str = ""


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What the crawl did, source by source in the order given. ``pruned`` are the months of kept pages
    that were dropped because too much was kept."""

    sources: tuple[SourceReport, ...]
    pruned: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """New stories of all sources."""
        return sum(source.new for source in self.sources)

    @property
    def changed(self) -> int:
        """Stories whose text differs from the one stored before."""
        return sum(source.changed for source in self.sources)

    @property
    def problems(self) -> tuple[JianbaoError, ...]:
        """What went wrong with whole sources."""
        return tuple(source.problem for source in self.sources if source.problem)


def crawl(
    sources: Sequence[Source],
    store_path: Path,
    *,
    clock: Clock,
    settings: CrawlSettings,
    since: date | None = None,
    most: int = 0,
    again: bool = False,
    printed: Mapping[str, date] | None = None,
    progress: Callable[[CrawlEvent], None] = lambda _: None,
) -> CrawlReport:
    """Reads what is new at the sources into the store, politely, and says what happened.

    A source that is down or declines is reported and the others go on. Killed at any moment, the
    next crawl goes on without losing or doubling a story.

    Args:
        sources: the sources to visit.
        store_path: the database; it is made when missing.
        clock: the time that days of publication and the ledger go by.
        settings: contact and log file.
        since: the first day of publication wanted. Older stories wait for a crawl without it, and
            lists and e-papers are followed back to it, further than a crawl without it goes.
        most: at most so many story pages are asked for of each source, the newest first; 0 for all.
        again: whether hosts that are left alone because they declined are asked all the same.
        printed: stories by id with the day on which an issue printed them, to be looked at again.
        progress: called for every step, in this process and thread.

    Raises:
        WriterIsBusy: another command is writing the store.
        StoreCannotWrite, StoreIsDamaged, StoreIsNewer: the store cannot be used.
        KeyboardInterrupt: passed on after the crawl's process has ended in order.
    """
    if not sources:
        return CrawlReport(())
    job = {
        "sources": [source.model_dump(mode="json") for source in sources],
        "store": str(store_path.absolute()),
        "now": clock().isoformat(),
        "since": since.isoformat() if since else None,
        "most": most,
        "again": again,
        "printed": {story: day.isoformat() for story, day in (printed or {}).items()},
        "user_agent": settings.user_agent,
        "log": str(settings.log.absolute()),
    }
    reports: dict[str, SourceReport] = {}
    names = {source.id: source.name for source in sources}
    ended, pruned = False, ()
    with _worker(settings.log) as (orders, events):
        with suppress(BrokenPipeError):  # it ended at once: no event follows, and the log says why
            orders.write(json.dumps(job).encode("ascii") + b"\n")
            orders.flush()
        for line in events:
            event = json.loads(line)
            if event["what"] == "failed":
                raise _problem(event["problem"])
            if event["what"] == "ended":
                ended, pruned = True, tuple(event["pruned"])
            if event["what"] == "done":
                reports[event["source"]] = _report(event, names[event["source"]])
            if source_id := event.get("source"):
                told = (event["what"], event.get("url", ""), event.get("detail", ""))
                progress(CrawlEvent(source_id, *told))
    stopped = None if ended else CrawlWasStopped
    return CrawlReport(
        tuple(
            reports.get(source.id)
            or SourceReport(source.id, source.name, problem=stopped(source.id) if stopped else None)
            for source in sources
        ),
        pruned,
    )


@contextmanager
def _worker(log: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The crawl's process. Leaving the block closes its input, which ends it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = subprocess.Popen(
            # -P: a file named like a module in the working folder must not run in its place.
            [sys.executable, "-P", "-m", "jianbao.crawler.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both pipes were asked for")
        try:
            yield process.stdin, process.stdout
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(LEAVE_SECONDS + 5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def _report(event: dict[str, Any], name: str) -> SourceReport:
    facts: dict[str, Any] = event["report"]
    problem = facts.pop("problem")
    return SourceReport(
        **{
            **facts,
            "source_id": event["source"],
            "name": name,
            "refused": tuple(Refused(*item) for item in facts["refused"]),
            "missed": tuple(Missed(*item) for item in facts["missed"]),
            "problem": _problem(problem) if problem else None,
        }
    )


def _problem(plain: dict[str, Any]) -> JianbaoError:
    """The error that the other process met, as the same class with the same facts."""
    for cls in (*all_error_classes(), AskedToWait):  # the worker alone loads its module otherwise
        if cls.code == plain["code"]:
            return cls(plain["where"], **plain["facts"])
    return ReaderFailed(plain["where"], detail=plain["code"])
