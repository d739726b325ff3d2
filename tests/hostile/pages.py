"""What the rows of the table are made of: healthy lists and stories, and ways to spoil them."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache

from .host import Answers, Reply

ROBOTS = Reply(b"User-agent: *\nDisallow:\n", kind="text/plain")
SENTENCE = (
    "镇党委把党员分成六个小组，挨家挨户问难处，当天能办的当天办，办不了的写清楚谁来办、哪天办完。"
)
_BOMB = 192 * 1024 * 1024


def title(number: int) -> str:
    return f"支部第{number}号清单办结"


def path(number: int) -> str:
    return f"/list/202611/t20261103_{number}.html"


def story(
    number: int, *, body: str = "", head: str = "", after: str = "", heading: str = ""
) -> str:
    """A healthy story page of the TRS family with something in it."""
    return (
        f"<html><head><meta name='ArticleTitle' content='{title(number)}'>{head}"
        f"<meta name='PubDate' content='2026-11-03 08:00'></head><body>"
        f"<h1>{heading or title(number)}</h1><div>来源：样例县融媒体中心</div>"
        f"<div class='TRS_Editor'><p>{SENTENCE}</p><p>{SENTENCE[::-1]}</p>{body}</div>{after}</body></html>"
    )


def html(text: str, **more: object) -> Reply:
    return Reply(text.encode(), **more)  # pyright: ignore[reportArgumentType]


def rows_of(*numbers: int) -> str:
    """The markup of a list of healthy stories."""
    rows = (f'<li><a href="{path(n)}">{title(n)}</a>2026-11-03</li>' for n in numbers)
    return f"<ul>{''.join(rows)}</ul>"


def listing(numbers: Iterable[int], extra: str = "") -> Reply:
    return html(f"<html><body>{rows_of(*numbers)}{extra}</body></html>")


def site(*spoiled: Reply, **more: Reply | Callable[[str], Reply]) -> Answers:
    """A list of one healthy story (number 1) and, from number 2 on, the spoiled ones."""
    count = 1 + len(spoiled)
    pages = {path(number): reply for number, reply in enumerate(spoiled, start=2)}
    return {
        "/robots.txt": ROBOTS,
        "/list/": listing(range(1, count + 1)),
        path(1): html(story(1)),
        **pages,
        **more,
    }


def instead(where: str, reply: Reply | Callable[[str], Reply]) -> Answers:
    """The healthy site with one address spoiled."""
    return {**site(), where: reply}


@lru_cache(maxsize=4)
def bomb(encoding: str) -> bytes:
    """192 MB of spaces inside markup, packed."""
    pieces = [b"<html><body><p>", *[b" " * (1 << 20)] * (_BOMB >> 20)]
    if encoding == "br":
        import brotli

        packer = brotli.Compressor(quality=1)
        return b"".join([*(packer.process(piece) for piece in pieces), packer.finish()])
    wbits = {"gzip": 31, "deflate": 15}[encoding]
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join([*(packer.compress(piece) for piece in pieces), packer.flush()])


def packed(encoding: str, body: bytes, **more: object) -> Reply:
    return Reply(body, headers=(("Content-Encoding", encoding),), **more)  # pyright: ignore[reportArgumentType]


def cut_gzip(text: str) -> Reply:
    return packed("gzip", gzip.compress(text.encode(), mtime=0)[:-9])


def drip(text: bytes, pause: float = 0.2, seconds: float = 20) -> Callable[[], Iterable[bytes]]:
    """A body that comes one byte at a time, for longer than anybody should wait."""

    def pieces() -> Iterable[bytes]:
        ends = time.monotonic() + seconds
        at = 0
        while time.monotonic() < ends:
            yield text[at % len(text) : at % len(text) + 1]
            at += 1
            time.sleep(pause)

    return pieces


def endless(piece: bytes, seconds: float = 20) -> Callable[[], Iterable[bytes]]:
    """A body without an end, as fast as it is taken."""

    def pieces() -> Iterable[bytes]:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            yield piece

    return pieces


def slow_head() -> Reply:
    """A status line, and then one header after the other for ever."""

    def pieces() -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        ends = time.monotonic() + 20
        number = 0
        while time.monotonic() < ends:
            number += 1
            yield f"X-{number}: y\r\n".encode()
            time.sleep(0.2)

    return Reply(wire=pieces)


def silence() -> Reply:
    def pieces() -> Iterable[bytes]:
        time.sleep(20)
        yield b""

    return Reply(wire=pieces)


def wire(text: str | bytes, body: bytes = b"") -> Reply:
    """An answer written out, status line and headers."""
    head = text.encode("latin-1") if isinstance(text, str) else text
    return Reply(wire=head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body)
