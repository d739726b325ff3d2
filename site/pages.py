"""The pages: every address of the site with its bytes, in the order in which they may appear.

Story pages come first and the front page last, so that at no moment of a build does a list on disk
lead to a page that is not there yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..index.clock import ZONE, week_range
from ..index.limits import EXCERPT_LEAST, EXCERPT_MOST, LISTED_STORIES, QUERY_CHARACTERS
from ..index.story import Paragraph
from .edition import Edition, EditionItem, Withdrawal
from .rights import clean, lines, within
from .view import UNDATED, Entry, View, neighbours, reasons

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
class Item:
    """An item of an issue as it is shown: ``entry`` or, for a story taken off the site, ``gone``."""

    anchor: str
    headline: str
    paragraphs: tuple[Paragraph, ...]
    edited: bool
    entry: Entry | None
    gone: Withdrawal | None


@dataclass(frozen=True, slots=True)
class Page:
    """An address within the site, and how to make its bytes."""

    path: str
    render: Callable[[], bytes]


class Press:
    """Renders the pages of one view."""

    def __init__(self, view: View, *, built: datetime, search: str) -> None:
        self._view = view
        self._built = built.astimezone(ZONE)
        self.assets = {f"assets/{name}": (_HERE / "assets" / name).read_bytes() for name in ASSETS}
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters.update(zh_date=zh_date, zh_week=zh_week, clean=clean)
        stamp = hashlib.sha256(b"".join(self.assets.values())).hexdigest()[:8]
        self._jinja.globals.update(
            shelf=view.shelf,
            policy=POLICY,
            stamp=stamp,
            search=search,
            zh_span=zh_span,
            navigation=NAVIGATION,
            listed=LISTED_STORIES,
            excerpt=(EXCERPT_LEAST, EXCERPT_MOST),
            query_characters=QUERY_CHARACTERS,
            undated=UNDATED,
        )

    def pages(self) -> Iterator[Page]:
        """Every page, not yet rendered; the front page is the last."""
        yield from self._stories()
        for edition in self._view.editions:
            yield self._page(f"issue/{edition.key}.html", "issue.html", **self._issue(edition))
        yield from self._lists()
        yield from self._singles()
        newest = self._view.editions[0] if self._view.editions else None
        front: dict[str, Any] = (
            self._issue(newest)
            if newest
            else {"edition": None, "sections": (), "older": None, "newer": None}
        )
        front |= {"built": self._built, "newest": self._view.entries[:20]}
        yield self._page("index.html", "index.html", **front)

    def _stories(self) -> Iterator[Page]:
        view = self._view
        for entry in view.entries:
            near, alike = neighbours(view, entry)
            yield self._page(
                f"story/{entry.story.id}.html",
                "story.html",
                entry=entry,
                near=near,
                alike=alike,
                reasons=reasons(entry),
            )
        for gone in sorted(view.gone.values(), key=lambda gone: gone.story_id):
            yield self._page(f"story/{gone.story_id}.html", "gone.html", gone=gone)

    def _lists(self) -> Iterator[Page]:
        view = self._view
        for city in view.shelf.cities:
            for county in city.counties:
                entries = view.by_county.get(county.code, [])
                yield self._page(
                    f"county/{county.code}.html",
                    "county.html",
                    city=city,
                    county=county,
                    entries=entries,
                    themes=_tally(entries),
                    others=[
                        (unit, len(view.by_county.get(unit.code, ())))
                        for unit in city.counties
                        if unit.code != county.code
                    ],
                )
            entries = view.by_city.get(city.code, [])
            yield self._page(
                f"city/{city.code}.html",
                "city.html",
                city=city,
                entries=entries,
                themes=_tally(entries),
                counts=self._counts(),
            )
        for theme in view.shelf.themes:
            entries = view.by_theme.get(theme.slug, [])
            yield self._page(f"theme/{theme.slug}.html", "theme.html", theme=theme, entries=entries)
        for week, entries in view.by_week.items():
            yield self._page(f"week/{week}.html", "week.html", week=week, entries=entries)

    def _singles(self) -> Iterator[Page]:
        view = self._view
        groups: dict[str, list[Any]] = {}
        for theme in view.shelf.themes:
            groups.setdefault(theme.group, []).append(
                (theme, len(view.by_theme.get(theme.slug, ())))
            )
        years: dict[str, list[Edition]] = {}
        for edition in view.editions:
            years.setdefault(f"{edition.issued.year}年", []).append(edition)
        weeks = [(week, len(entries)) for week, entries in view.by_week.items()]
        yield self._page("counties.html", "counties.html", counts=self._counts())
        yield self._page("themes.html", "themes.html", groups=groups)
        yield self._page("archive.html", "archive.html", years=years, weeks=weeks)
        yield self._page("about.html", "about.html", built=self._built, total=len(view.entries))
        yield self._page("search.html", "search.html", built=self._built, weeks=weeks)
        yield self._page("404.html", "404.html")

    def _issue(self, edition: Edition) -> dict[str, Any]:
        sections: dict[str, list[Item]] = {}
        for number, item in enumerate(edition.items, 1):
            sections.setdefault(clean(item.section), []).append(self._item(item, f"i{number}"))
        at = self._view.editions.index(edition)
        return {
            "edition": edition,
            "note": lines(edition.note),
            "sections": tuple(sections.items()),
            "newer": self._view.editions[at - 1] if at else None,
            "older": self._view.editions[at + 1] if at + 1 < len(self._view.editions) else None,
        }

    def _item(self, item: EditionItem, anchor: str) -> Item:
        gone = self._view.gone.get(item.story_id)
        if gone:
            return Item(anchor, "（本篇已撤回）", (), False, None, gone)
        entry = self._view.by_id[item.story_id]
        edited = lines(item.text)
        return Item(
            anchor=anchor,
            headline=clean(item.headline) or entry.story.headline,
            paragraphs=within(entry.story.rights, edited) if edited else entry.story.paragraphs,
            edited=bool(edited) and entry.story.rights != "facts",
            entry=entry,
            gone=None,
        )

    def _counts(self) -> dict[str, int]:
        view = self._view
        return {
            code: len(entries) for code, entries in (*view.by_county.items(), *view.by_city.items())
        }

    def _page(self, path: str, template: str, **facts: Any) -> Page:
        return Page(path, partial(self._render, path, template, facts))

    def _render(self, path: str, template: str, facts: dict[str, Any]) -> bytes:
        root = "../" * path.count("/")
        html = self._jinja.get_template(template).render(root=root, path=path, **facts)
        return html.encode("utf-8")


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


def _tally(entries: list[Entry]) -> list[tuple[Any, int]]:
    """Themes with their number of stories, most first."""
    counts: dict[Any, int] = {}
    for entry in entries:
        for theme in entry.themes:
            counts[theme] = counts.get(theme, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].slug))
