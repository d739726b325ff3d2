"""The pages: every address of the site, in the order in which they may appear.

Story pages come first and the front page last, so that at no moment of a build does a list on disk
lead to a page that is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ..index.clock import ZONE
from ..index.limits import COVERAGE_WEEKS
from .edition import Edition
from .items import Item, corrections_of, items_of
from .machines import documents, feeds, sitemap, week_data
from .printing import Page, Printer
from .rights import lines
from .view import UNDATED, Entry, View, neighbours


class Press:
    """The pages of one view. ``search`` is what the search page says of the search's files."""

    def __init__(self, view: View, *, built: datetime, search: dict[str, Any]) -> None:
        self._view = view
        self._built = built.astimezone(ZONE)
        self._search = search
        self._printer = Printer(view.shelf)
        self.assets = self._printer.assets
        self._page = self._printer.page
        self._at = {edition.key: at for at, edition in enumerate(view.editions)}
        self._feeds = {feed.path: feed for feed in feeds(view)} if view.shelf.address else {}

    def pages(self) -> tuple[list[Page], list[Page]]:
        """Every page, not yet rendered: those that stand for themselves, and those that need the
        search's files, the front page last."""
        early = [*self._stories(), *self._issues(), *self._lists(), *self._weeks(), *self._tables()]
        early += self._singles()
        late = self._late()
        if self._view.shelf.address:
            early += self._machines([page.path for page in (*early, *late)])
        return early, late

    def _late(self) -> list[Page]:
        newest = self._view.editions[0] if self._view.editions else None
        front: dict[str, Any] = (
            self._issue(newest)
            if newest
            else {"edition": None, "sections": (), "older": None, "newer": None}
        )
        front |= {"built": self._built, "newest": self._view.entries[:20]}
        front["feed"] = self._feed("feed/issues.xml")
        weeks = list(self._view.by_week)[:6]
        return [
            self._page(
                "search.html", "search.html", built=self._built, weeks=weeks, search=self._search
            ),
            self._page("index.html", "index.html", **front),
        ]

    def _feed(self, path: str) -> str:
        return path if path in self._feeds else ""

    def _machines(self, paths: Sequence[str]) -> Iterator[Page]:
        shelf = self._view.shelf
        for feed in self._feeds.values():
            for path, facts, render in documents(shelf, feed):
                yield self._printer.file(path, facts, render)
        listed = [path for path in paths if path.endswith(".html") and path != "404.html"]
        for name, data in sitemap(shelf.address, sorted(listed)):
            yield self._printer.file(name, listed, partial(bytes, data))

    def _issues(self) -> Iterator[Page]:
        for edition in self._view.editions:
            facts = self._issue(edition) | {"feed": self._feed("feed/issues.xml")}
            yield self._page(f"issue/{edition.key}.html", "issue.html", **facts)

    def _stories(self) -> Iterator[Page]:
        view = self._view
        for entry, near, alike in neighbours(view):
            known = (entry.digest, *(e.digest for e in near), "", *(e.digest for e in alike))
            facts = {"entry": entry, "near": near, "alike": alike}
            yield self._printer.known(entry.link, "story.html", facts, known)
        for gone in sorted(view.gone.values(), key=lambda gone: gone.story_id):
            yield self._page(f"story/{gone.story_id}.html", "gone.html", gone=gone)

    def _lists(self) -> Iterator[Page]:
        view, counts = self._view, self._counts()
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
                        (unit, counts.get(unit.code, 0))
                        for unit in city.counties
                        if unit.code != county.code
                    ],
                    feed=self._feed(f"feed/county/{county.code}.xml"),
                )
            entries = view.by_city.get(city.code, [])
            inside = {unit.code: counts.get(unit.code, 0) for unit in city.counties}
            yield self._page(
                f"city/{city.code}.html",
                "city.html",
                city=city,
                entries=entries,
                themes=_tally(entries),
                counts=inside,
            )
        for theme in view.shelf.themes:
            entries = view.by_theme.get(theme.slug, [])
            feed = self._feed(f"feed/theme/{theme.slug}.xml")
            yield self._page(
                f"theme/{theme.slug}.html", "theme.html", theme=theme, entries=entries, feed=feed
            )
        for source, entries in view.by_source.items():
            yield self._page(
                f"source/{source.key}.html",
                "source.html",
                source=source,
                entries=entries,
                themes=_tally(entries),
                days=[e.published for e in entries if e.published],
                rights=[sum(e.item.story.rights == r for e in entries) for r in ("full", "excerpt", "facts")],
            )  # fmt: skip

    def _weeks(self) -> Iterator[Page]:
        view = self._view
        for week, entries in view.by_week.items():
            issues = [edition for edition in view.editions if edition.week == week]
            data = f"week/{week}/stories.json"
            yield self._page(
                f"week/{week}.html", "week.html", week=week, entries=entries, issues=issues
            )
            render = partial(week_data, view, week, entries)
            yield self._printer.file(data, [entry.digest for entry in entries], render)

    def _tables(self) -> Iterator[Page]:
        """The timeline, and how many stories each county had in each week."""
        view = self._view
        years: dict[str, list[tuple[str, int, list[Edition]]]] = {}
        for week, entries in view.by_week.items():
            issues = [edition for edition in view.editions if edition.week == week]
            year = "日期不详" if week == UNDATED else f"{week[:4]}年"
            years.setdefault(year, []).append((week, len(entries), issues))
        yield self._page("timeline.html", "timeline.html", years=years)
        weeks = sorted(week for week in view.by_week if week != UNDATED)
        shown = sorted({week[:4] for week in weeks}, reverse=True)
        tables = [("coverage.html", "", weeks[-COVERAGE_WEEKS:])]
        tables += [
            (f"coverage/{year}.html", year, [w for w in weeks if w[:4] == year]) for year in shown
        ]
        for path, year, columns in tables:
            yield self._page(
                path,
                "coverage.html",
                year=year,
                years=shown,
                weeks=columns,
                counts=self._cells(columns),
                cities=view.shelf.cities,
            )

    def _cells(self, weeks: Sequence[str]) -> dict[str, list[int]]:
        """For every city and county, its stories in each of the weeks."""
        column = {week: at for at, week in enumerate(weeks)}
        rows: dict[str, list[int]] = {}
        for city in self._view.shelf.cities:
            for code, group in (
                (city.code, self._view.by_city),
                *((unit.code, self._view.by_county) for unit in city.counties),
            ):
                rows[code] = [0] * len(weeks)
                for entry in group.get(code, ()):
                    if entry.week in column:
                        rows[code][column[entry.week]] += 1
        return rows

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
        sources = sorted(
            ((source, len(entries)) for source, entries in view.by_source.items()),
            key=lambda row: (-row[1], row[0].name),
        )
        weeks = [(week, len(entries)) for week, entries in view.by_week.items()]
        yield self._page("counties.html", "counties.html", counts=self._counts(), cities=view.shelf.cities)  # fmt: skip
        yield self._page("themes.html", "themes.html", groups=groups)
        yield self._page("sources.html", "sources.html", sources=sources)
        yield self._page(
            "archive.html",
            "archive.html",
            years=years,
            weeks=weeks[:COVERAGE_WEEKS],
            feed=self._feed("feed/issues.xml"),
        )
        yield self._page("about.html", "about.html", built=self._built, total=len(view.entries))
        yield self._page("404.html", "404.html")

    def _issue(self, edition: Edition) -> dict[str, Any]:
        sections: dict[str, list[Item]] = {}
        for item in items_of(self._view, edition):
            sections.setdefault(item.section, []).append(item)
        at = self._at[edition.key]
        return {
            "edition": edition,
            "note": lines(edition.note),
            "corrections": corrections_of(edition),
            "sections": tuple(sections.items()),
            "newer": self._view.editions[at - 1] if at else None,
            "older": self._view.editions[at + 1] if at + 1 < len(self._view.editions) else None,
        }

    def _counts(self) -> dict[str, int]:
        view = self._view
        return {
            code: len(entries) for code, entries in (*view.by_county.items(), *view.by_city.items())
        }


def _tally(entries: list[Entry]) -> list[tuple[Any, int]]:
    """Themes with their number of stories, most first."""
    counts: dict[Any, int] = {}
    for entry in entries:
        for theme in entry.themes:
            counts[theme] = counts.get(theme, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].slug))
