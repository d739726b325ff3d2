"""A host on this machine that answers as badly as the rows of the table tell it to.

One server stands for every row: requests arrive with the invented host in their address, and the
first label of the host's name says which row is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"
Body = bytes | Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Reply:
    """An answer. A body that is a function is sent piece by piece, without a length.

    ``length`` is the Content-Length that the header claims where it is not the true one; ``wire``
    is the whole answer, status line and all, where even that is odd.
    """

    body: Body = b""
    status: int = 200
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    wire: Body | None = None


Answers = dict[str, Reply | Callable[[str], Reply]]
"""Path with query to its answer; ``*`` answers what is not named."""


def moved(target: str, status: int = 302) -> Reply:
    return Reply(status=status, headers=(("Location", target),))


@dataclass
class Host:
    """The running host. ``asked`` are (row, path with query, headers) in order."""

    address: str = ""
    rows: dict[str, Answers] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def paths(self, name: str) -> list[str]:
        """What one row was asked for."""
        return [path for row, path, _ in self.asked if row == name]


@contextmanager
def hostile_host(rows: Mapping[str, Answers]) -> Iterator[Host]:
    host = Host(rows=dict(rows))
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 0

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            name = (asked.hostname or "").split(".", 1)[0]
            path = asked.path + (f"?{asked.query}" if asked.query else "")
            headers = {key.lower(): value for key, value in self.headers.items()}
            host.asked.append((name, path, headers))
            answers = host.rows.get(name, {})
            found = answers.get(path, answers.get("*", Reply(status=404)))
            reply = found(path) if callable(found) else found
            self.close_connection = True
            # A reader that has seen enough goes away: that is what is wanted.
            with suppress(ConnectionError, OSError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            if reply.wire is not None:
                self._pour(reply.wire)
                return
            self.send_response_only(reply.status)
            self.send_header("Content-Type", reply.kind)
            for key, value in reply.headers:
                self.send_header(key, value)
            if isinstance(reply.body, bytes):
                length = len(reply.body) if reply.length is None else reply.length
                self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")
            self.end_headers()
            self._pour(reply.body)

        def _pour(self, body: Body) -> None:
            for piece in [body] if isinstance(body, bytes) else body():
                if over.is_set():
                    return
                self.wfile.write(piece)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            """Readers go away in the middle here as a matter of course."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
