"""Coverage 覆盖: which county was heard of in which week and on which theme, and why the silent ones are.

A matrix by the order of the division codes: no map shapes (a published map needs a review number).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..crawler.health import Silence as SourceSilence
from ..crawler.health import health_of, why_silent
from ..crawler.sources import load_sources
from ..index.clock import week_of, week_range
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from .session import Session
from .withdrawal import withdrawn

Cause = Literal["no-source", "broken", "declines", "never", "nothing"]

CAUSES: dict[Cause, str] = {
    "no-source": "没有登记来源",
    "broken": "来源采集异常",
    "declines": "来源谢绝程序访问，请人工导入",
    "never": "来源尚未采集过",
    "nothing": "来源正常，没有发布相关报道",
}

_CAUSE_OF: dict[str, Cause] = {
    "none": "no-source",
    "fine": "nothing",
    "quiet": "nothing",
    "declines": "declines",
    "never": "never",
}
"""States of sources that are no fault; every other one means that something is to be mended."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a county has no story in the weeks looked at. ``words`` say it in Chinese, ``sources`` are the
    ids of its sources."""

    cause: Cause
    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountyRow:
    """One county: stories by week and by theme, in the order of :class:`Coverage`; ``newest`` is the
    day of its last story within the weeks."""

    code: str
    name: str
    by_week: tuple[int, ...]
    by_theme: tuple[int, ...]
    newest: date | None
    silent: Silence | None

    @property
    def total(self) -> int:
        """Stories in all weeks."""
        return sum(self.by_week)


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city with its counties in code order; ``own`` are stories of the city and none of its counties."""

    code: str
    name: str
    own: tuple[int, ...]
    counties: tuple[CountyRow, ...]

    @property
    def by_week(self) -> tuple[int, ...]:
        """Stories by week; one about two of its counties counts for both."""
        rows = [self.own, *(county.by_week for county in self.counties)]
        return tuple(map(sum, zip(*rows, strict=True)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix. ``themes`` are slug and name."""

    weeks: tuple[str, ...]
    themes: tuple[tuple[str, str], ...]
    cities: tuple[CityRow, ...]

    @property
    def silent(self) -> tuple[CountyRow, ...]:
        """The counties without a story, in code order."""
        return tuple(row for city in self.cities for row in city.counties if row.silent)


def coverage(session: Session, store: Store, weeks: Sequence[str]) -> Coverage:
    """Relevant stories of the home province's counties in these weeks; copies count once.

    Raises:
        WeekIsUnreadable: a week is none.
    """
    workspace, gazetteer = session.workspace(), Gazetteer.load()
    themes = tuple((one.slug, one.name) for one in workspace.themes().themes)
    by_week: dict[str, Counter[str]] = {}
    by_theme: dict[str, Counter[str]] = {}
    newest: dict[str, date] = {}
    folds, gone = store.folds(), withdrawn(workspace)
    for week in weeks:
        for story, about in store.annotated_between(*week_range(week)):
            copy = folds.get(story.id, story.id) != story.id
            if about is None or not about.relevant or copy or story.id in gone:
                continue
            for code in about.counties or ((about.city,) if about.city else ()):
                by_week.setdefault(code, Counter())[week] += 1
                by_theme.setdefault(code, Counter()).update(about.themes[:1])
                if story.published and story.published > newest.get(code, date.min):
                    newest[code] = story.published
    silences = _silences(session, store, gazetteer)

    def row(code: str, name: str) -> CountyRow:
        counts, kinds = by_week.get(code, Counter()), by_theme.get(code, Counter())
        return CountyRow(
            code,
            name,
            tuple(counts[week] for week in weeks),
            tuple(kinds[slug] for slug, _ in themes),
            newest.get(code),
            None if counts else silences[code],
        )

    return Coverage(
        tuple(weeks),
        themes,
        tuple(
            CityRow(
                city.code,
                city.name,
                tuple(by_week.get(city.code, Counter())[week] for week in weeks),
                tuple(row(one.code, one.name) for one in gazetteer.counties_of(city.code)),
            )
            for city in gazetteer.cities_of(workspace.settings.home.province)
        ),
    )


def last_weeks(today: date, count: int) -> list[str]:
    """The last weeks up to this one, the oldest first."""
    return [week_of(date.fromordinal(today.toordinal() - 7 * back)) for back in range(count)][::-1]


def _silences(session: Session, store: Store, gazetteer: Gazetteer) -> dict[str, Silence]:
    """Why each county of the home province would be silent, by its own sources."""
    workspace, now = session.workspace(), session.clock()
    sources = [one for one in load_sources(workspace.sources_folder) if not one.retired]
    healths = {one.id: health_of(store, one, now) for one in sources}
    counties = [one.code for one in gazetteer.counties_of(workspace.settings.home.province)]
    found = why_silent(counties, sources, healths)
    return {code: _told(found[code]) for code in counties}


def _told(found: SourceSilence) -> Silence:
    cause = _CAUSE_OF.get(found.state, "broken")
    words = found.words_zh if cause in ("broken", "declines") else CAUSES[cause]
    return Silence(cause, words, tuple(one.source_id for one in found.sources))
