"""The crawl's own process, started quickly and killed at any moment.

The process is forked from a server that has imported the crawl once, which makes thirty of them a
matter of seconds. What is killed is the very process that :func:`jianbao.crawler.crawl.crawl` starts.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any

from jianbao.crawler import worker
from jianbao.crawler.sources import Source

_FORKS: Any = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
_FORKS.set_forkserver_preload(["tests.crawl.killing"])


def job_of(folder: Path, sources: Sequence[Source], now: datetime) -> bytes:
    """A crawl of these sources into a folder, as the caller's process orders it."""
    job = {
        "sources": [source.model_dump(mode="json") for source in sources],
        "store": str(folder / "store.db"),
        "now": now.isoformat(),
        "since": None,
        "user_agent": "jianbao/0 (+https://jianbao.example/bot)",
        "log": str(folder / "crawl.log"),
    }
    return json.dumps(job).encode("ascii") + b"\n"


class _Stdin:
    """Standard input with a raw descriptor, as a started process has it."""

    def __init__(self, descriptor: int) -> None:
        self.buffer = os.fdopen(descriptor, "rb")

    def fileno(self) -> int:
        return self.buffer.fileno()


def run_job(orders: Connection, events: Connection, log: str) -> None:
    """Runs the crawl's process in this one, which may be killed."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    sys.stdin = _Stdin(os.dup(orders.fileno()))  # pyright: ignore[reportAttributeAccessIssue]
    with os.fdopen(os.dup(events.fileno()), "w", encoding="ascii") as sys.stdout:
        worker.main()
        sys.stdout.flush()
        os._exit(0)


@dataclass
class Started:
    """The process, its input and its output."""

    process: BaseProcess
    orders: IO[bytes]
    events: IO[bytes]


def start(log: Path) -> Started:
    """Starts the process; it waits for its job."""
    orders, give = _FORKS.Pipe(duplex=False)
    take, events = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=run_job, args=(orders, events, str(log)), daemon=True)
    process.start()
    ours = Started(
        process, os.fdopen(os.dup(give.fileno()), "wb"), os.fdopen(os.dup(take.fileno()), "rb")
    )
    for end in (orders, give, take, events):
        end.close()
    return ours


@contextmanager
def quick_worker(log: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """In place of ``jianbao.crawler.crawl._worker``: the same process, started in a tenth of the time."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = start(log)
    try:
        yield started.orders, started.events
    finally:
        with suppress(BrokenPipeError):
            started.orders.close()
        started.process.join(30)
        started.events.close()
