"""How a page is made: the templates, what is printed once for many pages, and the key of a page.

A page's key is a digest of everything that goes into it. A page whose key stands in the folder's
record is not made again; so whatever a template prints has to come from the page's facts, from the
shelf's own lines (in :attr:`Printer.key`), or from this package's files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..index.clock import week_range
from ..index.limits import (
    EXCERPT_LEAST,
    EXCERPT_MOST,
    FEED_ARCHIVE,
    LISTED_STORIES,
    QUERY_CHARACTERS,
)
from .edition import Shelf
from .machines import json_ld
from .rights import clean
from .view import UNDATED, Entry, digest_of, reasons

_HERE = Path(__file__).parent
ASSETS = ("find.js", "icon.svg", "search.js", "style.css")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""The content security policy of every page. ``'self'`` also covers the folder of a page opened from
disk (measured in Chromium by ``tests/site/test_in_the_browser.py``), so one policy serves both."""

NAVIGATION = (
    ("index.html", "本期"),
    ("archive.html", "往期"),
    ("counties.html", "区县"),
    ("themes.html", "主题"),
    ("search.html", "检索"),
    ("about.html", "关于"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """An address within the site, what its bytes depend on, and how to make them."""

    path: str
    key: str
    render: Callable[[], bytes]


class Printer:
    """The templates, set up for one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.assets = {f"assets/{name}": _lean(_HERE / "assets" / name) for name in ASSETS}
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._jinja.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self._jinja.filters.update(zh_date=zh_date, zh_week=zh_week, clean=clean)
        own = {
            "title": clean(shelf.title),
            "masthead": clean(shelf.masthead),
            "publisher": clean(shelf.publisher),
            "contact": clean(shelf.contact),
            "address": shelf.address,
            "stamp": hashlib.sha256(b"".join(self.assets.values())).hexdigest()[:8],
        }
        limits = (LISTED_STORIES, EXCERPT_LEAST, EXCERPT_MOST, QUERY_CHARACTERS, FEED_ARCHIVE)
        self.key = digest_of([_own_files(), own, limits])
        self._jinja.globals.update(
            own,
            policy=POLICY,
            navigation=NAVIGATION,
            listed=LISTED_STORIES,
            excerpt=(EXCERPT_LEAST, EXCERPT_MOST),
            query_characters=QUERY_CHARACTERS,
            undated=UNDATED,
            feed="",
            zh_span=zh_span,
            reasons=reasons,
            json_ld=partial(json_ld, shelf),
            line=self._line,
            top=self._top,
            foot=self._foot,
        )
        self._parts: Any = self._jinja.get_template("parts.html").module
        self._lines: dict[tuple[str, str, bool, int], Markup] = {}
        self._frames: dict[tuple[str, str, str], Markup] = {}
        # The page for an address that is not there is sent for any folder's: where the site's own
        # address is known, its links start there.
        self._root_404 = urlsplit(shelf.address).path if shelf.address else ""

    def page(self, path: str, template: str, /, **facts: Any) -> Page:
        """A page of a template."""
        return Page(
            path,
            digest_of([self.key, path, template, facts]),
            partial(self._render, path, template, facts),
        )

    def known(
        self, path: str, template: str, facts: dict[str, Any], digests: Sequence[str]
    ) -> Page:
        """A page of a template whose facts have digests already: of ten thousand pages it matters."""
        key = hashlib.sha256("\n".join((self.key, path, template, *digests)).encode())
        return Page(path, key.hexdigest()[:24], partial(self._render, path, template, facts))

    def file(self, path: str, facts: Any, render: Callable[[], bytes]) -> Page:
        """A page that no template makes; ``facts`` are all that its bytes depend on."""
        return Page(path, digest_of([self.key, path, facts]), render)

    def _render(self, path: str, template: str, facts: dict[str, Any]) -> bytes:
        root = self._root_404 if path == "404.html" else "../" * path.count("/")
        html = self._jinja.get_template(template).render(root=root, path=path, **facts)
        return html.encode("utf-8")

    def _line(self, entry: Entry, root: str, lead: bool = True, level: int = 2) -> Markup:
        """A story in a list. It stands on a dozen pages, and is printed once."""
        key = (entry.story.id, root, lead, level)
        if key not in self._lines:
            self._lines[key] = self._parts.line(entry, root, lead, level)
        return self._lines[key]

    def _top(self, root: str, path: str) -> Markup:
        listed = {target for target, _ in NAVIGATION}
        return self._frame("top.html", root, path if path in listed else "")

    def _foot(self, root: str) -> Markup:
        return self._frame("foot.html", root, "")

    def _frame(self, template: str, root: str, path: str) -> Markup:
        key = (template, root, path)
        if key not in self._frames:
            html = self._jinja.get_template(template).render(root=root, path=path)
            self._frames[key] = Markup(html)  # noqa: S704 - printed by a template that escapes
        return self._frames[key]


def _lean(path: Path) -> bytes:
    """A file of ours without indents, empty lines and lines of comment. Nothing else is touched: what a
    reader's browser complains about can still be found."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{s}\n" for s in lines if s and not s.startswith("//")).encode("utf-8")


@cache
def _own_files() -> str:
    """A digest of the program and the templates: a new release prints every page anew."""
    files = sorted(p for p in _HERE.rglob("*") if p.suffix in {".py", ".html"})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:24]


def zh_date(day: date) -> str:
    """``2026年11月22日``"""
    return f"{day.year}年{day.month}月{day.day}日"


def zh_span(first: date, last: date) -> str:
    """``2026年11月16日—22日``, repeating only what changes."""
    end = f"{last.day}日"
    if (first.year, first.month) != (last.year, last.month):
        end = f"{last.month}月{end}"
    if first.year != last.year:
        end = f"{last.year}年{end}"
    return zh_date(first) if first == last else f"{zh_date(first)}—{end}"


def zh_week(week: str) -> str:
    """``2026年第47周（11月16日—22日）``; ``日期不详`` for undated stories."""
    if week == UNDATED:
        return "日期不详"
    first, last = week_range(week)
    end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{week[:4]}年第{int(week[6:])}周（{first.month}月{first.day}日—{end}）"
