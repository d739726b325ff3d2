"""Many small sites and the sample county web behind one address of this machine, told apart by host.

One fetching process can then look at all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from jianbao.desk.countyweb.home import HOSTS
from jianbao.desk.countyweb.server import CountyWeb

from ..crawl.odd_site import ROBOTS, Answer, OddSite

_MISSING = Answer(status=404)


@dataclass
class Town:
    """``sites`` by host name; ``requests`` of each site stand in it."""

    web: CountyWeb
    address: str = ""
    sites: dict[str, OddSite] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0

    def site(self, name: str) -> tuple[OddSite, str]:
        """A new site and its home address; it has a robots.txt that allows everything."""
        host = f"{name}-town.example"
        plain = {"Content-Type": "text/plain"}
        found = self.sites[host] = OddSite(
            self.address, answers={"/robots.txt": Answer(ROBOTS, headers=plain)}
        )
        return found, f"http://{host}/"

    def answer(self, host: str, path: str, query: str) -> Answer:
        """What a host answers."""
        for name, known in HOSTS.items():
            if known == host:
                answer = self.web.answer(name, path, query)
                return Answer(answer.body, answer.status, {"Content-Type": answer.content_type})
        site = self.sites.get(host.removeprefix("www."))
        if site is None:
            return _MISSING
        asked = path + (f"?{query}" if query else "")
        site.requests.append(asked)
        found = site.answers.get(asked, _MISSING)
        return found() if callable(found) else found


@contextmanager
def serve_town(web: CountyWeb) -> Iterator[Town]:
    """Runs the town until the block ends."""
    town = Town(web)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            town.at_once += 1
            town.most_at_once = max(town.most_at_once, town.at_once)
            answer = town.answer(asked.netloc, asked.path, asked.query)
            self.send_response_only(answer.status)
            headers = {"Content-Type": "text/html", "Content-Length": str(len(answer.sent))}
            for name, value in (headers | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.sent)
            town.at_once -= 1

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    town.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
