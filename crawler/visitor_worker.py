"""The process that fetches single pages for :mod:`jianbao.crawler.visitor`, politely and guarded.

It reads orders, one JSON object a line, and answers each with one. It ends when its input closes.
Everything that a crawl keeps to holds here too: robots.txt, the address guard, limits, one request at
a time, the delay.
"""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from .addons import Politeness
from .addresses import site_of
from .failures import problem_of
from .guard import GuardedResolver


class OneSite(tuple[str, ...]):
    """The hosts of one office's site, as the address guard asks for them: ``www.`` or not, and its
    e-paper's host, but nobody else's."""

    __slots__ = ()

    def __contains__(self, host: object) -> bool:
        return any(site_of(str(host)) == site_of(known) for known in self)


class VisitorSpider(Spider):
    """Asks for what it is told to. ``hosts`` are those of the order under way."""

    name = "visitor"

    def __init__(self, *, loopback: str) -> None:
        super().__init__()
        self.hosts: tuple[str, ...] = OneSite()
        self.loopback = loopback

    async def start(self) -> AsyncIterator[Request]:
        loop = asyncio.get_event_loop()
        while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
            order = json.loads(line)
            self.hosts = OneSite((urlsplit(order["url"]).netloc.lower(),))
            yield Request(
                order["url"],
                callback=self.parse,
                errback=self.failed,
                dont_filter=True,
                meta={"handle_httpstatus_list": [404, 410]},
            )

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """Answers with the page as it was sent."""
        body = response.meta.get("as_sent", response.body)
        content_type = response.headers.get("Content-Type") or b""
        tell(
            {
                "url": response.url,
                "status": response.status,
                "type": content_type.decode("latin-1"),
                "body": base64.b64encode(body).decode("ascii"),
            }
        )
        return
        yield  # an async generator, as Scrapy asks of a callback

    def failed(self, failure: Failure) -> None:
        """Answers with the sentence of what went wrong."""
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        problem = problem_of(failure, request.url)
        facts = {name: str(value) for name, value in problem.facts.items()}
        tell({"problem": {"code": problem.code, "where": problem.where, "facts": facts}})


def tell(answer: dict[str, Any]) -> None:
    """One line of plain ASCII, so that no console's code page matters."""
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Serves orders until standard input closes."""
    # The keyboard's interrupt reaches both processes; the caller closes our input when it is meant.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = json.loads(sys.stdin.buffer.readline())
    settings = Settings()
    settings.setdict(
        {
            "ADDONS": {Politeness: 100},
            "DOWNLOAD_DELAY": job["delay"],
            "JIANBAO_LOOPBACK": bool(job["loopback"]),
            "LOG_FILE": job["log"],
            "LOG_LEVEL": "INFO",
            "TWISTED_DNS_RESOLVER": GuardedResolver,
            "USER_AGENT": job["user_agent"],
        }
    )
    process = AsyncCrawlerProcess(settings)
    process.crawl(VisitorSpider, loopback=job["loopback"])
    process.start(install_signal_handlers=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
