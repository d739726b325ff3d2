"""用稿统计: how many stories of each county and unit were used, month by month, zeros shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..crawler.sources import load_sources
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from .csvtext import csv_text
from .frozen import texts_of
from .session import Session
from .withdrawal import withdrawn

By = Literal["county", "unit"]


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A county or a unit: ``code`` is empty for a unit, ``city`` the county's city. ``received`` are the
    stories of it that came in, copies once; ``by_month`` the used ones."""

    code: str
    name: str
    city: str
    received: int
    by_month: tuple[int, ...]

    @property
    def total(self) -> int:
        """Used in all months."""
        return sum(self.by_month)


@dataclass(frozen=True, slots=True)
class Usage:
    """The signed issues dated ``first`` to ``last``. A story about two counties counts for both, so
    the sum of the counties may exceed ``stories``. Withdrawn stories do not count."""

    first: date
    last: date
    months: tuple[str, ...]
    issues: int
    stories: int
    counties: tuple[UsageRow, ...]
    units: tuple[UsageRow, ...]

    def rows(self, by: By) -> tuple[UsageRow, ...]:
        """The counties, or the units."""
        return self.counties if by == "county" else self.units


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``share`` of the longest bar."""

    name: str
    count: int
    share: float


def usage(session: Session, store: Store, first: date, last: date) -> Usage:
    """What signed issues of a period used, by county (all of the home province, in code order) and by
    unit: the organisations that sign a story, or else its source (most used first; registered sources
    of which nothing was used stand there with zero)."""
    workspace, gazetteer = session.workspace(), Gazetteer.load()
    gone, book, folds = withdrawn(workspace), session.book(), store.folds()
    months = _months(first, last)
    issues = [
        one
        for one in session.issues().all()
        if one.state == "signed" and first <= one.dated <= last
    ]
    county_used: dict[str, Counter[str]] = {}
    unit_used: dict[str, Counter[str]] = {}
    stories = 0
    for issue in issues:
        month = f"{issue.dated:%Y-%m}"
        for story_id, story in texts_of(store, book, issue).items():
            if story_id in gone:
                continue
            stories += 1
            about = store.annotation(story_id)
            for code in about.counties if about else ():
                county_used.setdefault(code, Counter())[month] += 1
            for unit in _units(story.byline.organisations, story.source):
                unit_used.setdefault(unit, Counter())[month] += 1
    county_received: Counter[str] = Counter()
    unit_received: Counter[str] = Counter()
    for story, about in store.annotated_between(first, last):
        if about is None or not about.relevant or folds.get(story.id, story.id) != story.id:
            continue
        county_received.update(about.counties)
        unit_received.update(_units(story.byline.organisations, story.source))

    def row(name: str, code: str, city: str, used: Counter[str], received: int) -> UsageRow:
        return UsageRow(code, name, city, received, tuple(used[month] for month in months))

    home = gazetteer.counties_of(workspace.settings.home.province)
    away = sorted(set(county_used) - {one.code for one in home})
    places = [*home, *(place for place in map(gazetteer.place, away) if place)]
    counties = [
        row(
            place.name,
            place.code,
            gazetteer.county_name(place.city),
            county_used.get(place.code, Counter()),
            county_received[place.code],
        )
        for place in places
    ]
    names = {*unit_used, *unit_received, *_registered(session)}
    units = [
        row(name, "", "", unit_used.get(name, Counter()), unit_received[name]) for name in names
    ]
    units.sort(key=lambda one: (-one.total, -one.received, one.name))
    return Usage(first, last, months, len(issues), stories, tuple(counties), tuple(units))


def usage_csv(found: Usage, by: By = "county") -> str:
    """The table for a spreadsheet: formula-safe, with a line of sums."""
    rows = found.rows(by)
    head = ["代码", "地市", "区县"] if by == "county" else ["单位"]
    lines: list[list[object]] = [[*head, "收稿", *found.months, "用稿合计"]]
    for row in rows:
        name: list[object] = [row.code, row.city, row.name] if by == "county" else [row.name]
        lines.append([*name, row.received, *row.by_month, row.total])
    sums = [sum(column) for column in zip(*(row.by_month for row in rows), strict=True)]
    sums = sums or [0] * len(found.months)
    blanks = ["合计", *[""] * (len(head) - 1)]
    lines.append([*blanks, sum(row.received for row in rows), *sums, sum(sums)])
    return csv_text(lines)


def chart(found: Usage, by: By = "county", most: int = 20) -> list[Bar]:
    """The most used, as bars; at most ``most`` of them, none without a use."""
    rows = sorted(found.rows(by), key=lambda row: (-row.total, row.code, row.name))
    rows = [row for row in rows if row.total][:most]
    longest = max((row.total for row in rows), default=1)
    return [Bar(row.name, row.total, row.total / longest) for row in rows]


def _units(organisations: Sequence[str], source: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(organisations)) or ((source,) if source else ())


def _registered(session: Session) -> Iterable[str]:
    return (source.name for source in load_sources(session.workspace().sources_folder))


def _months(first: date, last: date) -> tuple[str, ...]:
    found: list[str] = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(f"{year}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return tuple(found)
