"""The table of hostile input: what is served, and what must come of it.

The numbers are those of the project's list of hostile inputs and faults. Each row is a site of its
own: a healthy list and story with one thing spoiled.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from jianbao.index.limits import LIST_PAGES, RESPONSE_BYTES, ROBOTS_BYTES, SITEMAP_FILES
from jianbao.index.story import Story

from .host import Answers, Reply, moved
from .pages import (
    ROBOTS,
    bomb,
    cut_gzip,
    drip,
    endless,
    html,
    instead,
    listing,
    packed,
    path,
    silence,
    site,
    slow_head,
    story,
    title,
    wire,
)

Check = Callable[[list[Story]], None]


@dataclass(frozen=True)
class Row:
    """One row. ``problem`` and ``words`` are of the source's sentence (none for a visit that is whole),
    ``stories`` how many are stored (the healthy one among them), ``refused`` the reasons of what was
    refused for good, ``missed`` what is tried again; ``most`` is how many requests it may cost."""

    numbers: tuple[int, ...]
    answers: Answers | Callable[[], Answers]
    problem: str = ""
    words: str = ""
    stories: int = 1
    refused: tuple[str, ...] = ()
    missed: int = 0
    most: int = 12
    source: dict[str, object] = field(default_factory=dict)
    check: Check | None = None


def texts_of(stories: list[Story]) -> str:
    return "\n".join(f"{one.kicker}{one.headline}{one.deck}\n{one.body}" for one in stories)


def holds(*wanted: str, without: tuple[str, ...] = ()) -> Check:
    def check(stories: list[Story]) -> None:
        text = texts_of(stories)
        for words in wanted:
            assert words in text, (words, text)
        for words in without:
            assert words not in text, (words, text)

    return check


def second(wanted: Callable[[Story], object]) -> Check:
    """Something that must hold of the story that is not the healthy one."""

    def check(stories: list[Story]) -> None:
        (one,) = (story for story in stories if story.headline != title(1))
        assert wanted(one), one

    return check


def undated(stories: list[Story]) -> None:
    assert {one.headline: one.published for one in stories}[title(2)] is None, stories


def feed(items: str, doctype: str = "") -> Answers:
    text = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel>{items}</channel></rss>'
    return {
        "/robots.txt": ROBOTS,
        "/list/": Reply(text.encode(), kind="text/xml"),
        path(1): html(story(1)),
    }


ITEM = f"<item><title>{title(1)}</title><link>http://{{}}.example{path(1)}</link></item>"
FEED = {"kind": "feed"}
LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
NESTED = "<div>" * 100_000

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
        (2,), lambda: instead("/list/", cut_gzip(str(listing([1]).body))), "JB-240", "cut off", stories=0
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


def calendar(asked: str) -> Reply:
    """A list that has a next page for ever, each with a story that nobody has seen."""
    number = int(asked.partition("page=")[2] or 0)
    rows = f'<li><a href="/list/202611/t20261103_9{number:04}.html">x{number}</a>2026-11-03</li>'
    more = f'<a href="/list/?page={number + 1}">下一页</a>'
    return html(f"<html><body><ul>{rows}</ul>{more}</body></html>")


def sitemap(*addresses: str, index: bool = False) -> Reply:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{one}</loc></{inner}>" for one in addresses)
    return Reply(f"<?xml version='1.0'?><{outer}>{entries}</{outer}>".encode(), kind="text/xml")


def mapped(name: str, **more: Reply | Callable[[str], Reply]) -> Answers:
    """A sitemap's index at the entry, one file with the healthy story, and what the row adds."""
    home = f"http://{name}.example"
    extra = [f"{home}{one}" for one in more]
    return {
        "/robots.txt": ROBOTS,
        "/list/": sitemap(f"{home}/1.xml", f"{home}/list/", *extra, index=True),
        "/1.xml": sitemap(f"{home}{path(1)}"),
        path(1): html(story(1)),
        **more,
    }


def any_page(asked: str) -> Reply:
    if asked == "/robots.txt":
        return ROBOTS
    return (
        calendar(asked) if asked.startswith("/list/?") or asked == "/list/" else Reply(status=410)
    )


def segments(asked: str) -> Reply:
    """Relative links that make the address longer each time."""
    rows = f'<li><a href="a/t20261103_{len(asked)}.html">x</a>2026-11-03</li>'
    more = '<a href="list/">下一页</a>'
    return html(f"<html><body><ul>{rows}</ul>{more}</body></html>")


TRAPS: dict[str, Row] = {
    "calendar": Row(
        (15,), {"*": any_page}, stories=0, refused=("gone",) * LIST_PAGES, most=2 * LIST_PAGES + 3,
        source={"family": "plain", "story_address": r"/t\d{8}_\d+\.html$"},
    ),
    "segments": Row(
        (15,),
        {"/robots.txt": ROBOTS, "*": lambda asked: segments(asked) if asked.endswith("/") else Reply(status=410)},
        stories=0, refused=("gone",) * LIST_PAGES, most=2 * LIST_PAGES + 3,
        source={"family": "plain", "story_address": r"/t\d{8}_\d+\.html$"},
    ),
    "one-page-for-all": Row(
        (15, 39),
        {"/robots.txt": ROBOTS, "*": lambda _: listing([], extra='<a href="/list/?p=2">下一页</a>')},
        "JB-248", "layout", stories=0, most=3,
    ),
    "a-hundred-thousand-links": Row(
        (15,),
        instead("/list/", html("<ul>" + "<li><a href='http://elsewhere.example/t20261103_1.html'>x</a>2026-11-03</li>" * 40_000 + "</ul>"
                + str(listing([1]).body, "utf-8"))),
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

SITEMAP: dict[str, object] = {"kind": "sitemap"}
SITEMAPS: dict[str, Row] = {
    "sitemap-loop": Row(
        (14,),
        mapped("sitemap-loop", **{
            "/2.xml": sitemap("http://sitemap-loop.example/list/", "http://sitemap-loop.example/2.xml", index=True),
        }),
        source=SITEMAP, most=6,
    ),
    "sitemap-without-end": Row(
        (14,),
        mapped("sitemap-without-end", **{"/a": sitemap("http://sitemap-without-end.example/a/x", index=True)})
        | {"*": lambda asked: sitemap(f"http://sitemap-without-end.example{asked}/x", index=True)},
        source=SITEMAP, most=8,
    ),
    "sitemap-of-thousands": Row(
        (14,),
        {
            "/robots.txt": ROBOTS,
            "/list/": sitemap(*(f"http://sitemap-of-thousands.example/{n}.xml" for n in range(20_000)), index=True),
            "*": sitemap(f"http://sitemap-of-thousands.example{path(1)}"),
            path(1): html(story(1)),
        },
        source=SITEMAP, most=SITEMAP_FILES + 3,
    ),
    "sitemap-gzip": Row(
        (14,),
        mapped("sitemap-gzip") | {"/1.xml": Reply(
            gzip.compress(bytes(sitemap(f"http://sitemap-gzip.example{path(1)}").body), mtime=0), kind="application/gzip"  # pyright: ignore[reportArgumentType]
        )},
        source=SITEMAP,
    ),
    "sitemap-laughs": Row(
        (14, 16),
        mapped("sitemap-laughs") | {"/1.xml": Reply((LAUGHS.replace("rss", "urlset") + "<urlset>&a9;</urlset>").encode(), kind="text/xml")},
        "JB-249", "", stories=0, source=SITEMAP,
    ),
    "sitemap-leads-inside": Row(
        (5, 14),
        {
            "/robots.txt": ROBOTS,
            "/list/": sitemap("http://10.0.0.1/1.xml", "file:///etc/passwd", "http://sitemap-leads-inside.example/1.xml", index=True),
            "/1.xml": sitemap(f"http://192.168.0.1{path(2)}", "file:///x/t20261103_7.html", f"http://sitemap-leads-inside.example{path(1)}"),
            path(1): html(story(1)),
        },
        "JB-246", "10.0.0.1", stories=0, source=SITEMAP,
    ),
}  # fmt: skip

MARKUP: dict[str, Row] = {
    "laughs-feed": Row((16,), feed("<item><title>&a9;</title></item>", LAUGHS), "JB-249", "", stories=0, source=FEED),
    "outside-entity-feed": Row((16,), feed("<item><title>&a;</title></item>", OUTSIDE), "JB-249", "", stories=0, source=FEED),
    "parameter-entity-feed": Row(
        (16,), feed(ITEM.format("x"), '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://10.0.0.1/x.dtd"> %p;]>'),
        "JB-249", "", stories=0, source=FEED,
    ),
    "laughs-story": Row(
        (16,), site(html(LAUGHS.replace("rss", "html") + story(2, body="<p>&a9;&a1;</p>"))), stories=2,
        check=holds(title(2), without=("haha",)),
    ),
    "nested-feed": Row((17,), feed("<item>" * 3_000), "JB-249", "", stories=0, source=FEED),
    "nested-story": Row((17,), site(html(story(2, body=NESTED))), stories=2),
    "nested-around": Row(
        (17,), site(html(NESTED + story(2))), stories=1, refused=("no-body",),
    ),
    "nested-list": Row(
        (17,), instead("/list/", html(NESTED + str(listing([1]).body, "utf-8"))), "JB-248", "", stories=0
    ),
    "nested-links": Row(
        (17,), site(html(story(2, body="<a href=x><b>" * 50_000))), stories=2
    ),
    "attributes": Row(
        (17,), site(html(story(2, after="<p " + " ".join(f"a{n}='1'" for n in range(100_000)) + ">x</p>"))),
        stories=2,
    ),
    "regular-expressions": Row(
        (18,),
        site(
            html(story(2, head="<script>" + "createPageHTML( " * 40_000 + "</script>")),
            html(story(3, head="<meta http-equiv='refresh' content='" + "0;url=" * 40_000 + "'>")),
            html(story(4, head="<base href='" + "h" * 300_000 + "'>")),
            html(story(5, body="<p>" + "（记者 " * 50_000 + "</p>")),
            html(story(6, body="<p>责任编辑" + " " * 200_000 + "</p>")),
            html(story(7, head="<meta charset='" + "gb" * 100_000 + "'>")),
            html(story(8, body="<p>来源：" + "某" * 90_000 + "</p>")),
        ),
        stories=8,
    ),
    "content-type-of-a-novel": Row(
        (18,), site(html(story(2), kind="text/html; charset=" + "a;" * 9_000)), missed=1
    ),
    "one-paragraph-of-a-megabyte": Row(
        (45,), site(html(story(2, body="<p>" + "村里办了一件实事" * 45_000 + "</p>"))), stories=2
    ),
    "script-in-the-headline": Row(
        (23,), site(html(story(2, heading="支部&lt;script&gt;alert(1)&lt;/script&gt;清单").replace(title(2), "支部&lt;script&gt;alert(1)&lt;/script&gt;清单"))),
        stories=2, check=second(lambda one: one.headline in ("支部<script>alert(1)</script>清单", "支部alert(1)清单")),
    ),
    "markup-that-runs": Row(
        (24, 25),
        site(html(story(2, body=(
            "<iframe srcdoc='<p>内嵌的假稿件内容在这里。</p>'></iframe><svg><text>矢量假字</text><script>x='假脚本'</script></svg>"
            "<style>p{content:'假样式'}</style><object data='x'>假对象</object><template>假模板</template>"
            "<noscript>请启用脚本</noscript>"),
            head="<script type='application/ld+json'>{\"a\":\"</script><p>断开的数据</p>\"}</script>"))),
        stories=2, check=holds(title(2), without=("假",)),
    ),
    "links-that-run": Row(
        (26,),
        instead("/list/", html(
            "<ul>" + "".join(f"<li><a href='{href}'>{title(9)}</a>2026-11-03</li>" for href in (
                "javascript:location='/t20261103_9.html'", "data:text/html,/t20261103_9.html", "file:///t20261103_9.html",
                "http://[bad/t20261103_9.html", "http://links-that-run.example:99999/t20261103_9.html", "\\\\10.0.0.1\\t20261103_9.html",
            )) + "</ul>" + str(listing([1]).body, "utf-8"))),
    ),
    "pictures-that-run": Row(
        (26,),
        site(html(story(2, body="<p><img src='javascript:alert(1)'></p><p>图为会场。</p><p><img src='data:image/png;base64,AAAA'></p>"))),
        stories=2, check=second(lambda one: all(p.url.startswith("http") or not p.url for p in one.pictures)),
    ),
    "templates-in-the-text": Row(
        (27,), site(html(story(2, body="<p>支部把{{ 7*7 }}和{% raw %}写在黑板上，谁也不懂，后来擦了。</p>"))),
        stories=2, check=holds("{{ 7*7 }}和{% raw %}"),
    ),
    "paths-in-addresses": Row(
        (30,),
        instead("/list/", html(
            "<ul><li><a href='/list/../../../etc/t20261103_9.html'>x</a>2026-11-03</li>"
            "<li><a href='/list/%2e%2e/%2e%2e/t20261103_8.html'>x</a>2026-11-03</li>"
            "<li><a href='/list/%00/t20261103_7.html'>x</a>2026-11-03</li></ul>" + str(listing([1]).body, "utf-8"))),
        missed=3,
    ),
    "a-headline-of-a-page": Row(
        (31,), site(html(story(2).replace(title(2), "一" * 4_000))), stories=2,
        check=second(lambda one: len(one.headline) <= 4_000),
    ),
    "a-name-too-long-for-a-file": Row(
        (31,),
        {**instead("/list/", html(f"<ul><li><a href='/list/202611/{'长' * 300}/t20261103_2.html'>x</a>2026-11-03</li></ul>" + str(listing([1]).body, "utf-8"))),
         "*": html(story(2))},
        stories=2,
    ),
}  # fmt: skip

WRONG = "支部书记白镕、贺堃、申喆和任㛃在䶮河边开会，记了三页纸，说了五件事，一件一件写在墙上，月底再来看。"


def said(number: int, encoding: str, meta: str, header: str) -> Reply:
    head = f"<meta http-equiv='Content-Type' content='text/html; charset={meta}'>" if meta else ""
    body = story(number, body=f"<p>{WRONG}</p>" * 3, head=head).encode(encoding)
    return Reply(body, kind="text/html" + (f"; charset={header}" if header else ""))


def broken(number: int, encoding: str) -> Reply:
    body = story(number, body=f"<p>{WRONG}</p>" * 40).encode(encoding)
    at = body.rindex("三页纸".encode(encoding))
    return Reply(body[:at] + b"\xff" + body[at:])


def right_in_all(count: int) -> Check:
    def check(stories: list[Story]) -> None:
        spoiled = [one for one in stories if one.headline != title(1)]
        assert len(spoiled) == count
        for one in spoiled:
            assert "\ufffd" not in texts_of([one])
            assert WRONG in one.body, one

    return check


CHARACTERS: dict[str, Row] = {
    "seven-wrong-labels": Row(
        (19,),
        site(
            said(2, "gb18030", "gb2312", ""), said(3, "gb18030", "gb2312", "utf-8"),
            said(4, "gb18030", "utf-8", ""), said(5, "gb18030", "", ""),
            said(6, "utf-8", "gb2312", ""), said(7, "utf-8", "", ""), broken(8, "utf-8"),
        ),
        stories=8, check=right_in_all(7),
    ),
    "labels-against-each-other": Row(
        (20,),
        site(
            said(2, "utf-8", "utf-8", "iso-8859-1"), said(3, "utf-8-sig", "gbk", "gb2312"),
            said(4, "utf-16", "utf-8", "utf-8"), said(5, "utf-16-be", "", "utf-16be"),
            said(6, "gb18030", "big5", "shift_jis"), said(7, "utf-8", "utf-7", "utf-7"), broken(8, "gb18030"),
        ),
        stories=8, check=right_in_all(7),
    ),
    "broken-at-the-source": Row(
        (19,), site(html(story(2, body="<p>支部书记\ufffd\ufffd\ufffd在河边开会\ufffd\ufffd\ufffd</p>"))), refused=("broken-characters",)
    ),
    "no-text-at-all": Row((19,), site(Reply(bytes(range(128, 256)) * 90)), refused=("broken-bytes",)),
    "controls": Row(
        (21,),
        site(html(story(2, body="<p>支部\x00把\x0b清单\x7f贴在&#0;墙&#xD800;上\ufffe，\uffff月底&#x1F;对账，谁也不许漏掉一项。</p>")),
             Reply(story(3, body="<p>半个字").encode() + b"\xed\xa0\x80" + "也能读，余下的都在这里写着。</p>".encode())),
        stories=3, check=holds("支部把清单贴在墙上，月底对账", without=("\x00", "\ufffe", "\ud800", "\x1f", "\x7f")),
    ),
    "directions": Row(
        (22,),
        site(html(story(2, body="<p>支部书记\u202e远山\u202c和\u200b李\u2066四\u2069&#8238;在村里开会，说了三件事情。</p>"))),
        stories=2,
        check=second(lambda one: "支部书记远山和李四在村里开会" in one.body and any(r.kind == "cleaned" for r in one.repairs)),
    ),
}  # fmt: skip


def dated(number: int, day: str) -> Reply:
    return html(story(number).replace("2026-11-03 08:00", day))


def without_day(answers: Answers) -> Answers:
    """The list names no day, nor does the address."""
    return {
        **answers,
        "/list/": html(f"<ul><li><a href='/list/a_1.html'>{title(1)}</a></li><li><a href='/list/a_2.html'>{title(2)}</a></li></ul>"),
        "/list/a_1.html": html(story(1)),
        "/list/a_2.html": answers[path(2)],
    }  # fmt: skip


def odd_day(day: str) -> Row:
    return Row(
        (37,), without_day(site(dated(2, day))), stories=2, check=undated,
        source={"story_address": r"/a_\d\.html$"},
    )  # fmt: skip


DATES: dict[str, Row] = {
    "day-in-the-future": odd_day("2099-11-03 08:00"),
    "day-of-the-epoch": odd_day("1970-01-01 00:00"),
    "day-of-the-moon": odd_day("丙午年九月廿五"),
    "day-that-is-none": odd_day("2026-13-45"),
    "day-without-a-year": odd_day("11月"),
    "day-of-another-age": odd_day("0001-01-01"),
    "tomorrow": Row(
        (37, 38), without_day(site(dated(2, "2026-11-23"))), stories=2,
        source={"story_address": r"/a_\d\.html$"},
        check=second(lambda one: one.published in (None, date(2026, 11, 23))),
    ),
}  # fmt: skip

NOT_FOUND = (
    "<html><head><title>页面不存在</title></head><body><div class='box'><h1>抱歉，您访问的页面不存在或已被删除</h1>"
    "<p>可能的原因：您输入的网址有误；该网页已经被移动、更名或者删除；网站正在升级维护，请您稍后再试。</p>"
    "<p>您可以：返回上一页重新操作；返回网站首页浏览其他内容；使用站内搜索查找您需要的信息；如有疑问请与网站管理员联系。</p></div></body></html>"
)
LOGIN = (
    "<html><head><title>用户登录-样例县政府网</title></head><body><h1>用户登录</h1><form action='/login'><p>用户名：<input name='u'></p>"
    "<p>密码：<input type='password' name='p'></p><p>您需要登录以后才能继续浏览本页内容。为了保护您的账号安全，请不要在公共电脑上保存密码，"
    "使用完毕请及时退出登录。忘记密码的用户请持有效证件到政务服务大厅办理重置手续，办理时间为工作日上午九点到下午五点。</p></form></body></html>"
)
HUMAN = (
    "<html><head><title>安全验证</title></head><body><h1>请完成安全验证</h1><p>系统检测到您的访问行为异常，请拖动滑块完成验证后继续访问。"
    "本次验证是为了确认您是真人访问而不是程序自动访问，给您带来的不便敬请谅解。如果多次验证仍然无法通过，请更换浏览器或者网络环境以后再试。</p>"
    "<div id='captcha'></div></body></html>"
)
MAINTENANCE = (
    "<html><head><title>系统维护公告</title></head><body><h1>网站正在维护</h1><p>尊敬的用户：为了给您提供更好的服务，本网站正在进行系统升级维护，"
    "维护期间网站将暂停访问，预计维护时间为两个小时。由此给您带来的不便，我们深表歉意，感谢您的理解与支持，请您稍后再来访问。</p></body></html>"
)

ANSWERS_FOR_PAGES: dict[str, Row] = {
    "soft-404": Row((39,), site(html(NOT_FOUND), html(NOT_FOUND)), missed=2),
    "soft-404-by-redirect": Row(
        (39,), {**site(moved("/404.html")), "/404.html": html(NOT_FOUND)}, missed=1
    ),
    "story-becomes-the-home-page": Row(
        (39,), {**site(moved("/")), "/": html("<html><body>" + "<p><a href='/x'>栏目</a></p>" * 40 + "</body></html>")},
        refused=("no-body",),
    ),
    "login-page": Row((39,), site(html(LOGIN)), missed=1),
    "are-you-human": Row((39,), site(html(HUMAN)), "JB-242", "test for humans", missed=1),
    "list-asks-for-a-human": Row((39,), instead("/list/", html(HUMAN)), "JB-242", "test for humans", stories=0, most=2),
    "maintenance": Row((39,), site(html(MAINTENANCE)), missed=1),
    "list-is-a-login-page": Row((39,), instead("/list/", html(LOGIN)), "JB-257", "login", stories=0),
    "not-a-page": Row((39,), site(Reply(b"%PDF-1.7 " + b"x" * 900, kind="application/pdf")), refused=("not-html",)),
    "json-for-a-page": Row((39,), site(Reply(json.dumps({"code": 401}).encode(), kind="application/json")), refused=("not-html",)),
}  # fmt: skip

BOMBS |= {
    "sitemap-gzip-bomb": Row(
        (1, 14), lambda: mapped("sitemap-gzip-bomb") | {"/1.xml": Reply(bomb("gzip"), kind="application/gzip")},
        "JB-245", "larger than", stories=0, source=SITEMAP,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Rows that one crawl visits side by side. ``waits`` are the seconds that an answer may take where
    that is what the rows are about; ``seconds`` of processor time and ``memory`` (MB above an idle crawl's) are
    for all of its rows together and far above what they use: what grows with the square of its input, or
    is unpacked whole, passes them many times over."""

    rows: dict[str, Row]
    seconds: int
    memory: int
    waits: int = 0


GROUPS: dict[str, Group] = {
    "bombs": Group(BOMBS, seconds=15, memory=40),
    "endless": Group(ENDLESS, seconds=20, memory=40, waits=4),
    "sites": Group({**COMPRESSED, **REDIRECTS, **ROBOTS_ROWS, **REFUSALS, **ANSWERS_FOR_PAGES}, seconds=25, memory=40),
    "traps": Group({**TRAPS, **SITEMAPS}, seconds=40, memory=80),
    "pages": Group({**MARKUP, **CHARACTERS, **DATES}, seconds=40, memory=80),
}  # fmt: skip
TABLE: dict[str, Row] = {name: row for group in GROUPS.values() for name, row in group.rows.items()}
