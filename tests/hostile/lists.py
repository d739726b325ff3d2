"""Rows about lists: traps without an end, sitemaps and feeds."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from jianbao.index.limits import LIST_PAGES, SITEMAP_FILES

from .host import Answers, Reply
from .pages import (
    ROBOTS,
    bomb,
    html,
    instead,
    listing,
    path,
    rows_of,
    story,
    title,
)
from .row import Row


def feed(items: str, doctype: str = "") -> Answers:
    text = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel>{items}</channel></rss>'
    return {
        "/robots.txt": ROBOTS,
        "/list/": Reply(text.encode(), kind="text/xml"),
        path(1): html(story(1)),
    }


ITEM = f"<item><title>{title(1)}</title><link>http://{{}}.example{path(1)}</link></item>"
FEED: dict[str, object] = {"kind": "feed"}
LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
NESTED = "<div>" * 100_000


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


def calendar(asked: str) -> Reply:
    """A list that has a next page for ever, each with a story that nobody has seen."""
    number = int(asked.partition("page=")[2] or 0)
    rows = f'<li><a href="/list/202611/t20261103_9{number:04}.html">x{number}</a>2026-11-03</li>'
    more = f'<a href="/list/?page={number + 1}">下一页</a>'
    return html(f"<html><body><ul>{rows}</ul>{more}</body></html>")


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
                + rows_of(1))),
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

LIST_BOMBS: dict[str, Row] = {
    "sitemap-gzip-bomb": Row(
        (1, 14), lambda: mapped("sitemap-gzip-bomb") | {"/1.xml": Reply(bomb("gzip"), kind="application/gzip")},
        "JB-245", "larger than", stories=0, source=SITEMAP,
    ),
}  # fmt: skip
