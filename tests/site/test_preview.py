"""``jianbao serve``: the headers, the compression, and nothing outside the folder."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jianbao.site.output import MARKER
from jianbao.site.preview import ASK_AGAIN, FOR_EVER, Preview


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Preview]:
    with Preview(built) as preview:
        threading.Thread(target=preview.serve_forever, daemon=True).start()
        yield preview
        preview.shutdown()


def ask(
    server: Preview, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    line.request(method, path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    answer = line.getresponse()
    return answer, answer.read()


def test_files_come_with_type_length_and_rules_for_keeping(server: Preview, built: Path) -> None:
    meta = next(built.glob("search/*/facets.js")).relative_to(built).as_posix()
    for path, kind, keep in (
        ("/", "text/html; charset=utf-8", ASK_AGAIN),
        ("/assets/style.css?v=1", "text/css; charset=utf-8", ASK_AGAIN),
        (f"/{meta}", "text/javascript; charset=utf-8", FOR_EVER),
        ("/feed/issues.xml", "application/xml; charset=utf-8", ASK_AGAIN),
        ("/week/2026-W47/stories.json", "application/json; charset=utf-8", ASK_AGAIN),
    ):
        answer, data = ask(server, path, Accept_Encoding="gzip, br")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == keep
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Encoding"] == "gzip"
        plain, whole = ask(server, path)
        assert plain.headers["Content-Encoding"] is None
        assert gzip.decompress(data) == whole
        assert int(plain.headers["Content-Length"]) == len(whole)


def test_what_a_browser_has_is_not_sent_again(server: Preview) -> None:
    tag = ask(server, "/index.html")[0].headers["ETag"]
    answer, data = ask(server, "/index.html", If_None_Match=tag)
    assert (answer.status, data) == (304, b"")
    assert ask(server, "/index.html", "HEAD")[1] == b""


@pytest.mark.parametrize(
    "path",
    [
        "/story/none.html", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cx", f"/{MARKER}",
        "//etc/passwd", "/story", "/C:/x",
    ],
)  # fmt: skip
def test_what_is_not_the_sites_is_not_sent(server: Preview, path: str) -> None:
    answer, data = ask(server, path)
    assert answer.status == 404
    assert "没有这个页面" in data.decode("utf-8")
