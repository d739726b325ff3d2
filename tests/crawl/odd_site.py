"""A site on this machine that answers whatever a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from jianbao.crawler.crawl import CrawlReport, CrawlSettings, SourceReport, crawl
from jianbao.crawler.sources import Source
from jianbao.index.clock import ZONE
from jianbao.index.store import Store
from jianbao.index.story import Story

HOST = "odd.example"
ROBOTS = "User-agent: *\nDisallow:\n"
SENTENCE = (
    "镇党委把党员分成六个小组，挨家挨户问难处，当天能办的当天办，办不了的写清楚谁来办、哪天办完。"
)


def now() -> datetime:
    return datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)


@dataclass
class Answer:
    """Status, body and headers; ``raw`` sends the body's bytes without a true length."""

    body: bytes | str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sent(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass(kw_only=True)
class Busy:
    """How many requests are under way side by side, and how many were at most."""

    at_once: int = 0
    most_at_once: int = 0


@dataclass
class OddSite(Busy):
    """``answers`` by path with query; what is not there is 404. ``requests`` are the paths asked."""

    address: str = ""
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def publish(self, numbers: list[int], *, per_page: int = 5) -> None:
        """A list of stories with these numbers, the first one on top, over as many pages as needed."""
        pages = [numbers[at : at + per_page] for at in range(0, len(numbers), per_page)]
        for at, chunk in enumerate(pages):
            rows = "".join(
                f'<li><a href="/list/202611/t20261103_{number}.html">{title(number)}</a>2026-11-03</li>'
                for number in chunk
            )
            script = f'<script>createPageHTML({len(pages)}, {at}, "index", "html");</script>'
            name = "/list/" if at == 0 else f"/list/index_{at}.html"
            self.answers[name] = Answer(f"<html><body><ul>{rows}</ul>{script}</body></html>")
        for number in numbers:
            self.answers.setdefault(f"/list/202611/t20261103_{number}.html", story_page(number))


def title(number: int) -> str:
    return f"支部第{number}号清单办结"


def story_page(number: int, *, text: str = SENTENCE) -> Answer:
    return Answer(
        f"<html><head><meta name='ArticleTitle' content='{title(number)}'>"
        f"<meta name='PubDate' content='2026-11-03 08:00'></head><body><h1>{title(number)}</h1>"
        f"<div>来源：样例县融媒体中心</div><div class='TRS_Editor'><p>{text}</p><p>{text}</p></div>"
        "</body></html>",
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


@contextmanager
def served(busy: Busy, answer: Callable[[SplitResult, dict[str, str]], Answer]) -> Iterator[str]:
    """Sends what ``answer`` says to an address and its headers, until the block ends; the home address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            busy.at_once += 1
            busy.most_at_once = max(busy.most_at_once, busy.at_once)
            asked = {name.lower(): value for name, value in self.headers.items()}
            found = answer(urlsplit(self.path), asked)
            self.send_response_only(found.status)
            headers = {"Content-Type": "text/html", "Content-Length": str(len(found.sent))}
            for name, value in (headers | found.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.sent)
            busy.at_once -= 1

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def odd_site() -> Iterator[OddSite]:
    site = OddSite(answers={"/robots.txt": Answer(ROBOTS, headers={"Content-Type": "text/plain"})})

    def answer(asked: SplitResult, headers: dict[str, str]) -> Answer:
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        site.requests.append(path)
        site.headers.append(headers)
        found = site.answers.get(path, Answer(status=404))
        return found() if callable(found) else found

    with served(site, answer) as site.address:
        yield site


def source(address: str, **changes: object) -> Source:
    """A listing source on the odd site."""
    values: dict[str, object] = {
        "id": "odd",
        "name": "样例县",
        "kind": "listing",
        "family": "trs",
        "entries": (f"http://{HOST}/list/",),
        "home": "140431",
        "delay": 0.01,
        "loopback": address,
    }
    return Source.model_validate(values | changes)


def visit(
    folder: Path, *sources: Source, at: datetime | None = None, **options: object
) -> CrawlReport:
    """A crawl into ``folder``, at a moment or with the clock of the tests."""
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")
    clock = (lambda: at) if at else now
    return crawl(sources, folder / "store.db", clock=clock, settings=settings, **options)  # pyright: ignore[reportArgumentType]


def visit_one(folder: Path, one: Source, **options: object) -> SourceReport:
    return visit(folder, one, **options).sources[0]  # pyright: ignore[reportArgumentType]


def stored(folder: Path) -> list[Story]:
    with Store.open(folder / "store.db", clock=now) as store:
        return list(store.stories())
