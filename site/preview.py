"""A server for looking at a built site on this machine, with the headers a real one should send."""

from __future__ import annotations

import gzip
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ..index.limits import PREVIEW_FILES
from .output import MARKER

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def cache_of(name: str) -> str:
    """The search's files lie under the digest of their content; everything else may change."""
    return FOR_EVER if PurePosixPath(name).parts[:1] == ("search",) else ASK_AGAIN


class Preview(ThreadingHTTPServer):
    """Serves a built site on 127.0.0.1. Port 0 takes any that is free; see ``server_port``."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        super().__init__(("127.0.0.1", port), _Handler)

    def find(self, path: str) -> tuple[str, Path] | None:
        """The file for a request's path: name within the site, and where it lies."""
        parts = PurePosixPath(unquote(urlsplit(path).path).lstrip("/")).parts
        if any(part in {"..", MARKER} or "\\" in part or ":" in part for part in parts):
            return None
        name = "/".join(parts) or "index.html"
        file = self.folder.joinpath(*name.split("/"))
        if file.is_dir():
            name, file = f"{name}/index.html", file / "index.html"
        # A link within the folder that leads out of it shows nothing.
        if not file.is_file() or not file.resolve().is_relative_to(self.folder):
            return None
        return name, file


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # one write for head and body: two would wait for each other
    disable_nagle_algorithm = True
    server: Preview  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """Sends a file, or the site's own page for what is missing."""
        found, status = self.server.find(self.path), HTTPStatus.OK
        if found is None:
            found, status = self.server.find("/404.html"), HTTPStatus.NOT_FOUND
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        name, file = found
        stat = file.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        same = status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        data = b"" if same else _read(file, tag, packed)
        self.send_response(HTTPStatus.NOT_MODIFIED if same else status)
        self.send_header("Cache-Control", cache_of(name))
        self.send_header("ETag", tag)
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if not same:
            self.send_header(
                "Content-Type", KINDS.get(file.suffix.lower(), "application/octet-stream")
            )
            self.send_header("Content-Length", str(len(data)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing for every request."""


@lru_cache(maxsize=PREVIEW_FILES)
def _read(file: Path, tag: str, packed: bool) -> bytes:  # noqa: ARG001 - a new tag reads anew
    data = file.read_bytes()
    return gzip.compress(data, 6, mtime=0) if packed else data
