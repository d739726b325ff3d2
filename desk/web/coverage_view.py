"""Coverage 覆盖: the matrix of cities and counties by week and by theme; who is silent, and why; and use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from ..coverage import CityRow, Coverage, coverage, last_weeks
from ..statistics import Usage, chart, usage, usage_csv
from .ask import Ask, wrong
from .review_view import download

WEEKS: Final = (8, 4, 12)
"""Weeks on one screen: eight fit beside the names at 1366 px."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One count with where a click on it leads; the shade says how much it is."""

    count: int
    link: str

    @property
    def shade(self) -> str:
        """The class of the cell."""
        return (
            "zero"
            if not self.count
            else "l1"
            if self.count < 3
            else "l2"
            if self.count < 10
            else "l3"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the matrix; ``cause`` is why it is silent."""

    code: str
    name: str
    city: bool
    cells: tuple[Cell, ...]
    total: int
    cause: str
    grave: bool


def show(ask: Ask) -> Response:
    """The matrix, by week or by theme; all counties or the silent ones."""
    asked = ask.query("weeks")
    count = int(asked) if asked.isdecimal() and int(asked) in WEEKS else WEEKS[0]
    by = "theme" if ask.query("by") == "theme" else "week"
    only = ask.query("only") == "silent"
    with ask.room.read() as store:
        found = (
            coverage(ask.room.session, store, last_weeks(ask.room.today(), count)[::-1])
            if store
            else None
        )
    if found is None:
        return ask.page("coverage.html", found=None)
    silent = found.silent
    causes: dict[str, int] = {}
    for one in silent:
        if one.silent:
            causes[one.silent.words] = causes.get(one.silent.words, 0) + 1
    heads = [name for _, name in found.themes] if by == "theme" else list(found.weeks)
    return ask.page(
        "coverage.html", found=found, by=by, only=only, count=count, choices=sorted(WEEKS), heads=heads,
        rows=_rows(found, by, only), silent=len(silent), causes=sorted(causes.items(), key=lambda one: -one[1]),
        counties=sum(len(city.counties) for city in found.cities),
    )  # fmt: skip


def _rows(found: Coverage, by: str, only: bool) -> list[Row]:
    rows: list[Row] = []
    for city in found.cities:
        below = [one for one in city.counties if one.silent or not only]
        if below or not only:
            rows.append(_city(found, city, by))
        for one in below:
            counts = one.by_theme if by == "theme" else one.by_week
            cause = one.silent.words if one.silent else ""
            grave = bool(one.silent and one.silent.cause not in ("nothing",))
            rows.append(
                Row(
                    one.code,
                    one.name,
                    False,
                    _cells(found, one.code, counts, by),
                    one.total,
                    cause,
                    grave,
                )
            )
    return rows


def _city(found: Coverage, city: CityRow, by: str) -> Row:
    counts = (
        tuple(sum(column) for column in zip(*(one.by_theme for one in city.counties), strict=True))
        if by == "theme"
        else city.by_week
    )
    return Row(
        city.code,
        city.name,
        True,
        _cells(found, city.code, counts, by),
        sum(city.by_week),
        "",
        False,
    )


def _cells(found: Coverage, code: str, counts: tuple[int, ...], by: str) -> tuple[Cell, ...]:
    if by == "theme":
        return tuple(
            Cell(n, f"/search?place={code}&theme={slug}")
            for n, (slug, _) in zip(counts, found.themes, strict=True)
        )
    return tuple(
        Cell(n, f"/tray?week={week}&place={code}&state=")
        for n, week in zip(counts, found.weeks, strict=True)
    )


def use(ask: Ask) -> Response:
    """How many stories of each county and unit were used, month by month."""
    found = _usage(ask)
    by = "unit" if ask.query("by") == "unit" else "county"
    return ask.page(
        "use.html", found=found, by=by, first=_first(ask), last=_last(ask),
        bars=chart(found, by) if found else [], rows=found.rows(by) if found else (),
    )  # fmt: skip


def use_csv(ask: Ask) -> Response:
    """The table for a spreadsheet."""
    found, by = _usage(ask), ask.query("by")
    if found is None:
        raise wrong("first", "统计", "no store", "还没有稿件")
    text = usage_csv(found, "unit" if by == "unit" else "county")
    name = f"use-{'unit' if by == 'unit' else 'county'}-{found.first}-{found.last}.csv"
    return download(text.encode("utf-8"), name, "text/csv")


def _usage(ask: Ask) -> Usage | None:
    first, last = _first(ask), _last(ask)
    if first > last:
        raise wrong("first", "开始日期", "after the last day", "晚于结束日期")
    if last.year - first.year > 10:
        raise wrong("first", "开始日期", "too long ago", "一次最多统计十年")
    with ask.room.read() as store:
        return usage(ask.room.session, store, first, last) if store else None


def _first(ask: Ask) -> date:
    return _day(ask.query("first")) or ask.room.today().replace(month=1, day=1)


def _last(ask: Ask) -> date:
    return _day(ask.query("last")) or ask.room.today()


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise wrong("first", "日期", "not a day", "请写成 2026-11-22") from None


VIEWS: Final = (
    ("GET", "/coverage", show),
    ("GET", "/coverage/use", use),
    ("GET", "/coverage/use.csv", use_csv),
)
