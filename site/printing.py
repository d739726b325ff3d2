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
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from ..index.limits import (
    EXCERPT_LEAST,
    EXCERPT_MOST,
    FEED_ARCHIVE,
    LISTED_STORIES,
    QUERY_CHARACTERS,
)
from .dates import zh_date, zh_span, zh_week
from .digests import digest_of, own_files
from .edition import Shelf
from .lines import line, meta, page_words, tags
from .machines import json_ld
from .rights import clean
from .view import UNDATED, Entry, reasons

_HERE = Path(__file__).parent
ASSETS = {
    "icon.svg": ("icon.svg",),
    "keys.js": ("keys.js",),
    "search.js": ("keys.js", "find.js", "search.js"),
    "style.css": ("style.css",),
}
"""The files every page may need, and what each is made of: the search page asks for one script only."""
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
        self.assets = {
            f"assets/{name}": b"".join(_lean(_HERE / "assets" / part) for part in parts)
            for name, parts in ASSETS.items()
        }
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._jinja.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self._jinja.filters.update(zh_date=zh_date, zh_week=zh_week, clean=clean, page=page_words)
        own = {
            "title": clean(shelf.title),
            "masthead": clean(shelf.masthead),
            "publisher": clean(shelf.publisher),
            "contact": clean(shelf.contact),
            "address": shelf.address,
            "stamp": hashlib.sha256(b"".join(self.assets.values())).hexdigest()[:8],
        }
        limits = (LISTED_STORIES, EXCERPT_LEAST, EXCERPT_MOST, QUERY_CHARACTERS, FEED_ARCHIVE)
        self.key = digest_of([own_files(".html"), own, limits])
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
            meta=meta,
            tags=tags,
            top=self._top,
            foot=self._foot,
        )
        self._templates: dict[str, Template] = {}
        self._lines: dict[tuple[str, str, bool, int], Markup] = {}
        self._frames: dict[tuple[str, str, str], Markup] = {}
        # The page for an address that is not there is sent for any folder's: where the site's own
        # address is known, its links start there.
        self._root_404 = urlsplit(shelf.address).path if shelf.address else ""

    def page(self, path: str, template: str, /, **facts: Any) -> Page:
        """A page of a template."""
        # Of a list of ten thousand entries the digests are taken at once.
        told = facts | {"entries": [entry.digest for entry in facts.get("entries", ())]}
        return Page(
            path,
            digest_of([self.key, path, template, told]),
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
        return self._template(template).render(root=root, path=path, **facts).encode("utf-8")

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            for own in (name, "parts.html"):
                template = self._templates[own] = self._jinja.get_template(own)
                # Jinja chains the names that all templates know to the template's own, and walks that
                # chain for every page.
                template.globals = dict(template.globals)
        return self._templates[name]

    def _line(self, entry: Entry, root: str, lead: bool = True, level: int = 2) -> Markup:
        """A story in a list. It stands on a dozen pages, and is printed once."""
        key = (entry.id, root, lead, level)
        if key not in self._lines:
            self._lines[key] = line(entry, root, lead, level)
        return self._lines[key]

    def _top(self, root: str, path: str) -> Markup:
        listed = {target for target, _ in NAVIGATION}
        return self._frame("top.html", root, path if path in listed else "")

    def _foot(self, root: str) -> Markup:
        return self._frame("foot.html", root, "")

    def _frame(self, template: str, root: str, path: str) -> Markup:
        key = (template, root, path)
        if key not in self._frames:
            html = self._template(template).render(root=root, path=path)
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
