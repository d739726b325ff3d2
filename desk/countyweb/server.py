"""Serves the sample county web on the machine's own address, for the demo and for tests.

The sites live under invented host names (``….example``, RFC 2606), which no name server knows.
Each has a server of its own on 127.0.0.1 that answers for that host, so a story's address, and with
it the story's id, is the same in every run while the ports differ.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ...index.tomlfile import write_text
from . import (
    board,
    citygov,
    department,
    epaper,
    feed,
    founder,
    gov,
    media,
    moving,
    paper,
    portal,
    school,
)
from .dataset import SITES, SampleStory, Site, load_stories
from .home import home_page
from .shape import Answer, Shape

BUILD: Final[Mapping[Site, Callable[[Sequence[SampleStory], date | None], Shape]]] = {
    "county-gov": gov.build,
    "city-gov": citygov.build,
    "department": department.build,
    "paper": paper.build,
    "founder": founder.build,
    "epaper": epaper.build,
    "portal": portal.build,
    "school": school.build,
    "board": board.build,
    "media": media.build,
    "feed": feed.build,
    "moving": moving.build,
}
_SOURCES = Path(__file__).parent / "sources"
_MISSING = Answer("找不到网页".encode(), status=404)


@dataclass
class CountyWeb:
    """The running web.

    ``addresses`` are the base addresses by site, ``requests`` what was asked and answered:
    ``(site, path with query, status)`` in order.
    """

    stories: tuple[SampleStory, ...]
    upto: date | None = None
    addresses: dict[Site, str] = field(default_factory=dict)
    requests: list[tuple[Site, str, int]] = field(default_factory=list)
    _pages: dict[Site, Shape] = field(default_factory=dict)

    def publish(self, upto: date | None) -> None:
        """Moves the web to the evening of ``upto``; ``None`` shows every story."""
        self.upto = upto
        self._pages = {site: build_site(site, self.stories, upto) for site in SITES}

    def answer(self, site: Site, path: str, query: str) -> Answer:
        """What ``site`` answers for a path and its query."""
        return self._pages[site].answer(path, query) or _MISSING


def build_site(site: Site, stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """All pages of one site on the evening of ``upto``: the same stories give the same bytes."""
    built = BUILD[site]([story for story in stories if story.site == site], upto)
    return replace(built, answers=built.answers | {"/": home_page(site)})


@contextmanager
def serve_countyweb(
    *, upto: date | None = None, stories: Sequence[SampleStory] | None = None
) -> Iterator[CountyWeb]:
    """Runs the sites until the block ends.

    Args:
        upto: the last day whose stories are out; ``None`` for all.
        stories: the stories to publish, by default the bundled ones.
    """
    web = CountyWeb(tuple(stories) if stories is not None else load_stories())
    web.publish(upto)
    with ExitStack() as stack:
        for site in SITES:
            server = _Server(("127.0.0.1", 0), _handler(web, site))
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            web.addresses[site] = f"http://127.0.0.1:{server.server_port}"
        yield web


def write_sources(folder: Path, addresses: Mapping[Site, str]) -> list[Path]:
    """Writes the sources of the running web into a workspace's ``sources/`` folder.

    Raises:
        OSError: the folder cannot be written.
    """
    written: list[Path] = []
    for site in SITES:
        text = (_SOURCES / f"{site}.toml").read_text(encoding="utf-8")
        path = folder / f"{site}.toml"
        write_text(path, text.replace("{address}", addresses[site]))
        written.append(path)
    return written


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that goes away in the middle is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]


def _handler(web: CountyWeb, site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "countyweb"
        sys_version = ""
        # Headers and body in one packet: apart, the second waits 40 ms for the first to be confirmed.
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            # A crawler that was told to come here for an invented host sends the whole address.
            asked = urlsplit(self.path)
            path = asked.path + (f"?{asked.query}" if asked.query else "")
            answer = web.answer(site, asked.path, asked.query)
            status = 304 if self._unchanged(answer) else answer.status
            web.requests.append((site, path, status))
            self.send_response_only(status)
            for name, value in answer.validators:
                self.send_header(name, value)
            if answer.location:
                self.send_header("Location", answer.location)
            body = b"" if status == 304 else answer.body
            if status != 304:
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _unchanged(self, answer: Answer) -> bool:
            known = dict(answer.validators)
            etag = self.headers.get("If-None-Match")
            if etag is not None:
                return etag == known.get("ETag")
            since = self.headers.get("If-Modified-Since")
            return since is not None and since == known.get("Last-Modified")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed: the requests stand in ``CountyWeb.requests``."""

    return Handler
