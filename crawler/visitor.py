"""Fetches single pages of a site that is not a source yet, as politely as a crawl does.

The fetching happens in a process of its own (:mod:`jianbao.crawler.visitor_worker`), because Scrapy's
reactor can run once in a process; to the caller it is a plain call.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ..index.errors import JianbaoError, all_error_classes
from ..index.limits import LEAVE_SECONDS, LOOK_REQUESTS
from .problems import ReaderFailed


class LookedTooLong(JianbaoError):
    """A site was not recognised within the requests that a look may take."""

    code = "JB-234"
    what = "nothing was recognised in {requests} requests, and no more are made"
    remedy = "give the address of the list that carries the stories instead of the home page"
    what_zh = "访问 {requests} 次后仍未识别出网站结构，已停止"
    remedy_zh = "请直接给出稿件列表页的网址，而不是首页"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answered page. ``url`` is where it was found in the end; ``body`` is as it was sent."""

    url: str
    status: int
    content_type: str
    body: bytes


@dataclass
class Visitor:
    """Asks for pages one after the other. ``asked`` are the addresses, in order."""

    _orders: IO[bytes]
    _answers: IO[bytes]
    asked: list[str] = field(default_factory=list)
    _known: dict[str, Fetched] = field(default_factory=dict)

    def anew(self) -> Visitor:
        """A visitor by the same process that has asked for nothing yet: for the next site."""
        return Visitor(self._orders, self._answers)

    def get(self, url: str) -> Fetched:
        """A page of any status, asked for once. Redirects are followed within the same site.

        Raises:
            LookedTooLong: the requests of this look are used up.
            JianbaoError: of ``problems.py``: the site is down, declines, forbids, leads elsewhere.
        """
        if url in self._known:
            return self._known[url]
        if len(self.asked) >= LOOK_REQUESTS:
            raise LookedTooLong(url, requests=len(self.asked))
        self.asked.append(url)
        answer = self._ask({"url": url})
        if "problem" in answer:
            raise _problem(answer["problem"])
        body = base64.b64decode(answer["body"])
        found = Fetched(answer["url"], answer["status"], answer["type"], body)
        self._known[url] = self._known[found.url] = found
        return found

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        try:
            self._orders.write(json.dumps(order).encode("ascii") + b"\n")
            self._orders.flush()
            line = self._answers.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise ReaderFailed(order["url"], detail="the fetching process ended; its log says why")
        return json.loads(line)


@contextmanager
def visiting(*, user_agent: str, log: Path, delay: float, loopback: str = "") -> Iterator[Visitor]:
    """A visitor for the time of the block.

    Args:
        user_agent: who we say we are, with a contact.
        log: the file that the fetching process logs to.
        delay: seconds between requests; the site's own Crawl-delay wins when longer.
        loopback: as in :class:`~jianbao.crawler.sources.Source`: for the demo and tests only.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = subprocess.Popen(
            # -P: a file named like a module in the working folder must not run in its place.
            [sys.executable, "-P", "-m", "jianbao.crawler.visitor_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both pipes were asked for")
        job = {
            "user_agent": user_agent,
            "log": str(log.absolute()),
            "delay": delay,
            "loopback": loopback,
        }
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(job).encode("ascii") + b"\n")
                process.stdin.flush()
            yield Visitor(process.stdin, process.stdout)
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def _problem(plain: dict[str, Any]) -> JianbaoError:
    """The error that the other process met, as the same class with the same facts."""
    for cls in all_error_classes():
        if cls.code == plain["code"]:
            return cls(plain["where"], **plain["facts"])
    return ReaderFailed(plain["where"], detail=plain["code"])
