"""What every crawl of ours is made of, plugged into Scrapy as one add-on.

Scrapy's defaults are kept for compatibility; several of them (robots read late and open on failure,
cookies, consoles, file and FTP handlers, a gigabyte per page) are wrong for a polite reader.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from ..index.errors import JianbaoError
from ..index.limits import (
    CRAWL_DELAY_SECONDS,
    LINK_DEPTH,
    REDIRECTS,
    RESPONSE_BYTES,
    RESPONSE_SECONDS,
    RETRIES,
    ROBOTS_BYTES,
    SOURCE_SECONDS,
)
from .charset import BytesAreNotText, decode
from .failures import Declined, problem_of, problem_of_status
from .guard import AddressGuard
from .notices import Notice, notice_in
from .problems import (
    DelayIsTooLong,
    ListIsGone,
    ListIsTooLarge,
    PageWantsLogin,
    RobotsForbid,
    RobotsUnreadable,
    SiteDeclines,
    SiteFails,
    SiteIsDown,
)
from .spiders.walk import StorePipeline

_log = logging.getLogger(__name__)

_OFF: Final = (
    "COOKIES_ENABLED",
    "HTTPCACHE_ENABLED",
    "HTTPPROXY_ENABLED",  # the address guard could not see where a proxy connects to
    "MEMUSAGE_ENABLED",
    "REMOTE_CONTROL_ENABLED",
    "ROBOTSTXT_OBEY",  # Scrapy's reader allows everything when robots.txt fails; ours is below
    "STATS_DUMP",
    "TELNETCONSOLE_ENABLED",
)
_SETTINGS: Final = {
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "CLOSESPIDER_TIMEOUT": SOURCE_SECONDS,
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9",
        "Accept-Encoding": "gzip",  # its end can be told from a cut, and everybody has it
    },
    "DEPTH_LIMIT": LINK_DEPTH,
    "DOWNLOAD_DELAY_JITTER": 0,  # a delay is a promise; Scrapy's jitter halves it at times
    "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
    "DOWNLOAD_MAXSIZE": RESPONSE_BYTES,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_TIMEOUT": RESPONSE_SECONDS,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the store knows what was seen
    "METAREFRESH_MAXDELAY": 6,
    "REDIRECT_MAX_TIMES": REDIRECTS,
    "REFERRER_POLICY": "same-origin",
    "RETRY_TIMES": RETRIES,
}
# Downloader middlewares: smaller numbers see a request earlier and its answer later.
_MIDDLEWARES: Final = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}


class Politeness:
    """The add-on: limits, switches and middlewares of a polite, guarded crawl."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Applies the values to a crawler's settings."""
        for name in _OFF:
            settings.set(name, False, priority="addon")
        for name, value in _SETTINGS.items():
            settings.set(name, value, priority="addon")
        chain = settings["DOWNLOADER_MIDDLEWARES"]
        chain.update(_MIDDLEWARES)
        chain[RobotsFirst] = 100
        # Just after decompression (590) on the way back, before anybody asks for text.
        chain[ChallengeDetector] = 584
        chain[NoticeDetector] = 582
        chain[OneCharset] = 586
        # Last before the wire, so that redirects, retries and robots.txt itself pass it.
        chain[AddressGuard] = 870
        chain[WholeStream] = 592
        settings["ITEM_PIPELINES"][StorePipeline] = 100


class RobotsFirst:
    """Downloader middleware: robots.txt is read before anything else, and decides when unreadable.

    404 and 410 mean that the site has no wishes. Any other failure, a web page in its place, or a
    file over the limit means that we do not know them, and nothing is asked of the site. A
    Crawl-delay longer than the source's own delay is kept (it is no part of RFC 9309, but county
    sites that write it mean it).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._rules: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsFirst:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Waits for the rules of the host and keeps to them.

        Raises:
            Declined: with ``RobotsForbid`` or ``RobotsUnreadable``.
        """
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._read(f"{root}/robots.txt"))
        rules = await self._rules[root]
        if not rules.can_fetch(request.url, self._agent):
            raise Declined(RobotsForbid(request.url))

    async def _read(self, url: str) -> Protego:
        request = Request(
            url,
            callback=NO_CALLBACK,
            priority=1000,
            meta={"is_robots": True, "download_maxsize": ROBOTS_BYTES},
        )
        try:
            answer = await self._crawler.engine.download_async(request)
        except Declined as declined:
            if isinstance(declined.problem, ListIsTooLarge):
                raise Declined(RobotsUnreadable(url, detail="it is far too large")) from None
            raise
        except Exception as error:  # whatever failed, the rules are unknown
            _log.info("robots.txt of %s: %r", url, error)
            problem = problem_of(Failure(error), url)
            if isinstance(problem, ListIsTooLarge):
                problem = RobotsUnreadable(url, detail="it is far too large")
            raise Declined(problem) from error
        if answer.status in (404, 410):
            return Protego.parse("")
        if answer.status != 200:
            problem = problem_of_status(answer.status, url)
            if not isinstance(problem, SiteDeclines):
                problem = RobotsUnreadable(url, detail=f"it answered {answer.status}")
            raise Declined(problem)
        if (
            b"html" in (answer.headers.get("Content-Type") or b"").lower()
            or answer.body.lstrip()[:1] == b"<"
        ):
            raise Declined(RobotsUnreadable(url, detail="it is a web page"))
        rules = Protego.parse(answer.body.decode("utf-8", errors="ignore"))
        delay = float(rules.crawl_delay(self._agent) or 0)
        if not delay <= CRAWL_DELAY_SECONDS:  # "nan" is a number to Python
            raise Declined(DelayIsTooLong(url, seconds=f"{delay:.0f}", limit=CRAWL_DELAY_SECONDS))
        self._slow_down(url, delay)
        return rules

    def _slow_down(self, url: str, delay: float) -> None:
        host = urlsplit(url).hostname or ""
        if slot := self._crawler.engine.downloader.slots.get(host):
            slot.delay = max(slot.delay, delay / (1 - slot.jitter))


class OneCharset:
    """Downloader middleware: text responses leave it as UTF-8, whatever they declared."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Re-encodes a text response.

        Raises:
            Declined: the bytes are no text at all.
        """
        if not isinstance(response, TextResponse) or not response.body:
            return response
        try:
            decoded = decode(response.body)
        except BytesAreNotText as problem:
            raise Declined(BytesAreNotText(request.url, **problem.facts)) from problem
        request.meta["dropped"] = decoded.dropped
        request.meta["as_sent"] = response.body  # for the snapshot
        return response.replace(body=decoded.text.encode("utf-8", "ignore"), encoding="utf-8")


class WholeStream:
    """Downloader middleware: one layer of a compression whose end can be told from a cut, within limits.

    Scrapy unpacks brotli, zstd and any number of layers too, and passes half a stream on as whole.
    What was not asked for is not unpacked at all, and a bomb ends where the size limit is. A file
    that is itself gzip (a sitemap's ``.xml.gz``, or a server that forgot to say so) is unpacked here.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Passes what is not packed, and whole streams of gzip or deflate.

        Raises:
            Declined: with ``SiteIsDown`` for a stream that is cut, damaged or in another compression (the
                page is tried again in the next crawl), with ``ListIsTooLarge`` for one over the limit.
        """
        packed = b",".join(response.headers.getlist("Content-Encoding")).lower().strip()
        plain = packed in (b"", b"identity")
        if plain and not response.body.startswith(_GZIP_MARK):
            return response
        if not plain and packed not in (b"gzip", b"x-gzip", b"deflate"):
            said = packed.decode("latin-1")[:40]
            detail = f"it came in a compression that was not asked for: {said}"
            raise Declined(SiteIsDown(request.url, detail=detail))
        wbits = _wbits(b"gzip" if plain else packed, response.body)
        limit = request.meta.get("download_maxsize", RESPONSE_BYTES)
        kept: list[bytes] = []
        try:
            for piece in _unpacked(response.body, wbits, limit):
                kept += [piece] if plain else []  # what is labelled, Scrapy unpacks afterwards
        except _TooLarge:
            raise Declined(ListIsTooLarge(request.url, limit=limit)) from None
        except _Cut:
            raise Declined(SiteIsDown(request.url, detail="the answer was cut off")) from None
        except zlib.error as error:
            raise Declined(SiteIsDown(request.url, detail="the answer is damaged")) from error
        if not plain:
            return response
        body = b"".join(kept)
        return response.replace(body=body, cls=responsetypes.from_args(body=body))


_GZIP_MARK: Final = b"\x1f\x8b\x08"


class _TooLarge(Exception):
    """More came out of a stream than may be kept."""


class _Cut(Exception):
    """A stream has no end."""


def _wbits(packed: bytes, body: bytes) -> int:
    """How zlib is to read it. "deflate" is sent with the header of RFC 1950, as it should be, and without."""
    if packed != b"deflate":
        return 16 + zlib.MAX_WBITS
    headed = body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS


def _unpacked(body: bytes, wbits: int, limit: int) -> Iterator[bytes]:
    stream, rest, size = zlib.decompressobj(wbits), body, 0
    while rest and not stream.eof:
        piece = stream.decompress(rest, 1 << 20)
        size += len(piece)
        if size > limit:
            raise _TooLarge
        yield piece
        rest = stream.unconsumed_tail
    if not stream.eof:
        raise _Cut


class NoticeDetector:
    """Downloader middleware: a notice in place of the page is a failure, though it came as a success.

    "Does not exist" counts as 404, maintenance as the site's own fault, a test for humans as a refusal.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Passes everything but notices.

        Raises:
            Declined: with the sentence that the notice amounts to.
        """
        if response.status == 206:
            raise Declined(SiteIsDown(request.url, detail="only a part of the page was sent"))
        if response.status != 200 or not isinstance(response, TextResponse):
            return response
        if (notice := notice_in(response.text)) is not None:
            raise Declined(_amounts_to(notice, request.url))
        return response


def _amounts_to(notice: Notice, url: str) -> JianbaoError:
    if notice == "human":
        return SiteDeclines(url, status="200 with a test for humans")
    if notice == "login":
        return PageWantsLogin(url)
    if notice == "missing":
        return ListIsGone(url, status="200 with a page that says so")
    return SiteFails(url, status="200 with a notice of maintenance")


_CHALLENGES: Final = (b"__jsl_clearance", b"acw_sc__v2", b"$_ts=window", b"$_ts.cd")
_CHALLENGE_BYTES: Final = 32 * 1024  # real challenge pages are a few kB of script without text


class ChallengeDetector:
    """Downloader middleware: a script that tests for a browser, sent as 200, is a refusal too."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Passes everything but challenges.

        Raises:
            Declined: with ``SiteDeclines``.
        """
        if len(response.body) <= _CHALLENGE_BYTES and any(m in response.body for m in _CHALLENGES):
            status = f"{response.status} with a browser test"
            raise Declined(SiteDeclines(request.url, status=status))
        return response
