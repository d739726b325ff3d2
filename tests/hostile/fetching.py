"""Rows about fetching: compression, endless answers, redirects, robots.txt, refusals."""

from __future__ import annotations

from collections.abc import Callable

from jianbao.index.limits import RESPONSE_BYTES, ROBOTS_BYTES

from .host import Reply, moved
from .lists import FEED, feed
from .pages import (
    bomb,
    cut_gzip,
    drip,
    endless,
    html,
    instead,
    listing,
    packed,
    path,
    rows_of,
    silence,
    site,
    slow_head,
    story,
    wire,
)
from .row import Row

BOMBS: dict[str, Row] = {
    "bomb-gzip-list": Row(
        (1,), lambda: instead("/list/", packed("gzip", bomb("gzip"))), "JB-245", "larger than",
        stories=0,
    ),
    "bomb-deflate-list": Row(
        (1,), lambda: instead("/list/", packed("deflate", bomb("deflate"))), "JB-245", "larger than",
        stories=0,
    ),
    "bomb-brotli-list": Row(
        (1,), lambda: instead("/list/", packed("br", bomb("br"))), "JB-240", "not asked for: br",
        stories=0,
    ),
    "bomb-twice-packed": Row(
        (1,), lambda: instead("/list/", packed("gzip, gzip", bomb("gzip"))), "JB-240", "not asked for",
        stories=0,
    ),
    "bomb-story": Row(
        (1,), lambda: site(packed("gzip", bomb("gzip"))), refused=("too-large",)
    ),
    "bomb-robots": Row(
        (1, 13), lambda: instead("/robots.txt", packed("gzip", bomb("gzip"), kind="text/plain")),
        "JB-243", "far too large", stories=0,
    ),
    "bomb-feed": Row(
        (1,), lambda: {**feed(""), "/list/": packed("gzip", bomb("gzip"), kind="text/xml")},
        "JB-245", "larger than", stories=0, source=FEED,
    ),
}  # fmt: skip

COMPRESSED: dict[str, Row] = {
    "gzip-cut-story": Row((2,), lambda: site(cut_gzip(story(2))), missed=1),
    "gzip-cut-list": Row(
        (2,), lambda: instead("/list/", cut_gzip(rows_of(1))), "JB-240", "cut off", stories=0
    ),
    "gzip-that-is-none": Row(
        (2,), site(packed("gzip", story(2).encode())), missed=1
    ),
}  # fmt: skip

ENDLESS: dict[str, Row] = {
    "drip-list": Row(
        (3,), instead("/list/", Reply(drip(b"<p>..</p>"))), "JB-240", "no answer within", stories=0
    ),
    "drip-story": Row((3,), site(Reply(drip(b"<p>..</p>"))), missed=1),
    "drip-robots": Row(
        (3, 12), instead("/robots.txt", Reply(drip(b"# "), kind="text/plain")),
        "JB-240", "no answer within", stories=0,
    ),
    "drip-headers": Row((3,), site(slow_head()), missed=1),
    "silent-list": Row((3,), instead("/list/", silence()), "JB-240", "no answer within", stories=0),
    "endless-list": Row(
        (3,), instead("/list/", Reply(endless(b"<p>" * 20_000))), "JB-245", "larger than",
        stories=0,
    ),
    "endless-story": Row((3,), site(Reply(endless(b"<p>" * 20_000))), refused=("too-large",)),
    "endless-headers": Row(
        (3,), site(Reply(wire=endless(b"X: " + b"y" * 9_000 + b"\r\n"))), missed=1
    ),
    "three-megabytes": Row(
        (3,), site(html(story(2, after="<!--" + "x" * 3_000_000 + "-->"))), stories=2
    ),
    "over-the-limit": Row(
        (3,), site(html(story(2, after="x" * (RESPONSE_BYTES + 1)))), refused=("too-large",)
    ),
    "shorter-than-said": Row((3,), site(html(story(2), length=90_000)), missed=1),
    "chunks-cut": Row(
        (3,),
        site(wire("HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked",
                  b"40\r\n<html><body><h1>" )),
        missed=1,
    ),
    "not-http": Row((3,), site(wire("SSH-2.0-OpenSSH_9.6")), missed=1),
    "partial-unasked": Row((3,), site(html(story(2), status=206)), missed=1, stories=1),
    "unchanged-unasked": Row((3,), site(Reply(status=304)), missed=1),
}  # fmt: skip

INSIDE = (
    "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:9/", "http://localhost/",
    "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://10.0.0.1/", "//10.0.0.1/",
    "http://0/", "http://redirect-inside.example@10.0.0.1/", "http://redirect-inside.example.evil.example/",
)  # fmt: skip
NOT_PAGES = (
    "file:///etc/passwd", "data:text/html,<p>x</p>", "ftp://redirect-schemes.example/x",
    "s3://bucket/key",
)  # fmt: skip
NOT_PAGES_EITHER = (
    "javascript:alert(1)",
    "gopher://127.0.0.1:9/_x",
    "FILE:///etc/passwd",
    "//[::1",
)

REDIRECTS: dict[str, Row] = {
    "redirect-schemes": Row(
        (4, 26), site(*(moved(target) for target in NOT_PAGES)), missed=4, most=20
    ),
    "redirect-odd-schemes": Row(
        (4, 26), site(*(moved(target) for target in NOT_PAGES_EITHER)), missed=4, most=20
    ),
    "redirect-inside": Row(
        (5, 7), site(*(moved(target) for target in INSIDE)),
        refused=("elsewhere",) * len(INSIDE), most=20,
    ),
    "redirect-second-hop": Row(
        (5,),
        {**site(moved("/hop/1", 307)), "/hop/1": moved("/hop/2", 308), "/hop/2": moved("http://192.168.0.1/")},
        refused=("elsewhere",),
    ),
    "redirect-list-inside": Row(
        (5,), instead("/list/", moved("http://172.16.0.9/list/")), "JB-246", "172.16.0.9", stories=0
    ),
    "redirect-robots-outside": Row(
        (5, 12), instead("/robots.txt", moved("http://10.1.1.1/robots.txt")), "JB-246", "10.1.1.1",
        stories=0, most=1,
    ),
    "refresh-inside": Row(
        (5,),
        site(html('<meta http-equiv="refresh" content="0;url=http://10.0.0.1/">'),
             html('<meta http-equiv="refresh" content="0;url=file:///etc/passwd">')),
        refused=("elsewhere", "no-body"),
    ),
    "redirect-loop-of-two": Row(
        (5,), {**site(moved("/b")), "/b": moved(path(2))}, missed=1, most=12
    ),
    "redirect-ever-longer": Row(
        (5,), {**site(moved("/r/")), "*": lambda asked: moved(f"{asked}x/")}, missed=1, most=12
    ),
    "redirect-home": Row(
        (4,), {**site(moved("/list/202611/new_2.html")), "/list/202611/new_2.html": html(story(2))},
        stories=2,
    ),
    "credentials": Row(
        (9,),
        {**site(moved("http://user:secret@credentials.example/x")), "/x": html(story(2))},
        refused=("elsewhere",),
    ),
    "cookies": Row(
        (10,),
        instead("/list/", Reply(listing([1]).body, headers=(
            ("Set-Cookie", "a=b; Domain=example; Path=/"), ("Set-Cookie", "session=1; Path=/"),
        ))),
    ),
    "headers-as-names": Row(
        (11,),
        instead("/list/", Reply(listing([1]).body, headers=(
            ("Referrer-Policy", "os.abort"), ("Refresh", "0; url=file:///etc/passwd"),
            ("Link", "<http://10.0.0.1/>; rel=preload"), ("Content-Location", "http://10.0.0.1/"),
        ))),
    ),
}  # fmt: skip

ROBOTS_ROWS: dict[str, Row] = {
    "robots-three-megabytes": Row(
        (13,), instead("/robots.txt", Reply(b"# x\n" * 800_000, kind="text/plain")),
        "JB-243", "far too large", stories=0, most=1,
    ),
    "robots-just-allowed": Row(
        (13,),
        instead("/robots.txt", Reply(
            b"User-agent: *\nDisallow: /list/2026\n" + b"# x\n" * (ROBOTS_BYTES // 4 - 20), kind="text/plain"
        )),
        stories=0, refused=("robots",),
    ),
    "robots-cut": Row(
        (12,), instead("/robots.txt", Reply(cut_gzip("User-agent: *\n" * 99).body, kind="text/plain",
                                            headers=(("Content-Encoding", "gzip"),))),
        "JB-240", "cut off", stories=0, most=2,
    ),
    "robots-login": Row(
        (12, 39), {**instead("/robots.txt", moved("/login")), "/login": html("<form>请登录</form>")},
        "JB-243", "web page", stories=0, most=2,
    ),
    "robots-shut-down": Row(
        (12,), instead("/robots.txt", wire("")), "JB-240", "", stories=0, most=4
    ),
    "robots-odd-but-readable": Row(
        (12,),
        instead("/robots.txt", Reply(
            b"\xef\xbb\xbfUSER-AGENT: *\r\nDisallow: /list/202611/t20261103_2\r\nDisallow\r\n:\x00\r\nCrawl-delay: x\r\n",
            kind="text/plain",
        )) | {"/list/": listing([1, 2]), path(2): html(story(2))}, refused=("robots",),
    ),
    "robots-endless-delay": Row(
        (12,),
        instead("/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 99999999\n", kind="text/plain")),
        "JB-256", "99999999", stories=0, most=1,
    ),
}  # fmt: skip


def then(*replies: Reply) -> Callable[[str], Reply]:
    """One answer after the other; the last one for ever."""
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def asks_for(seconds: str, status: int = 503) -> Reply:
    return Reply(status=status, headers=(("Retry-After", seconds),))


REFUSALS: dict[str, Row] = {
    "recovers-after-a-pause": Row(
        (40,), lambda: instead("/list/", then(asks_for("1"), listing([1]))), most=4
    ),
    "story-recovers-after-a-pause": Row(
        (40,), lambda: {**site(), "/list/": listing([1, 2]), path(2): then(asks_for("1", 429), html(story(2)))},
        stories=2, most=6,
    ),
    "asks-for-a-day": Row(
        (40,), lambda: instead("/list/", asks_for("86400")), "JB-262", "left alone until", stories=0, most=2
    ),
    "asks-for-a-century": Row(
        (40,), lambda: instead("/list/", asks_for("99999999999999")), "JB-262", "left alone until", stories=0, most=2
    ),
    "asks-for-nonsense": Row(
        (40,), lambda: instead("/list/", asks_for("soon, dear")), "JB-241", "503", stories=0, most=4
    ),
    "one-closed-story": Row((40,), site(Reply(status=403)), missed=1),
    "declines-in-the-middle": Row(
        (40,), site(*[Reply(b"<script>$_ts={}</script>", status=412)] * 4), "JB-242", "412", missed=1
    ),
    "security-cookie": Row(
        (40,), site(Reply(b"<script>document.cookie='__jsl_clearance_s=1'</script>", status=521)), "JB-242", "521", missed=1
    ),
    "tiny-challenge": Row(
        (40,), site(html("<html><script>var arg1='0A1B';setCookie('acw_sc__v2',arg1)</script></html>")),
        "JB-242", "browser test", missed=1,
    ),
}  # fmt: skip
