"""The crawl's own process, started quickly and killed at any moment.

The process is forked from a server that has imported the crawl once, which makes thirty of them a
matter of seconds. What is killed is the very process that :func:`jianbao.crawler.crawl.crawl` starts.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

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
        self.buffer = os.fdopen(descriptor, "rb", buffering=0)

    def fileno(self) -> int:
        return self.buffer.fileno()


def run_job(job: bytes, events: str) -> None:
    """Runs the crawl's process in this one, which may be killed."""
    reading, writing = os.pipe()
    os.write(writing, job)
    sys.stdin = _Stdin(reading)  # pyright: ignore[reportAttributeAccessIssue]
    with Path(events).open("w", encoding="ascii") as sys.stdout:
        worker.main()
        sys.stdout.flush()
        os._exit(0)


def start(folder: Path, job: bytes) -> BaseProcess:
    """Starts the process."""
    process = _FORKS.Process(target=run_job, args=(job, str(folder / "events.txt")), daemon=True)
    process.start()
    return process
