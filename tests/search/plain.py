"""A search engine without an index: reads every text every time. Slow, and plainly right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

from jianbao.index.annotation import Annotation
from jianbao.index.clock import week_of
from jianbao.index.search import FacetCount, Facets, Hit, Query, Results
from jianbao.index.search.document import story_parts
from jianbao.index.search.folding import fold
from jianbao.index.search.highlight import excerpt, mark
from jianbao.index.search.query import Clause, Condition, parse
from jianbao.index.segment import Segmenter
from jianbao.index.story import Story

Annotated = tuple[Story, Annotation | None]
_Held = dict[str, tuple[Story, Annotation, str]]


class PlainIndex:
    """The interface of ``SearchIndex`` over a dictionary."""

    _kept: ClassVar[dict[Path, _Held]] = {}

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = self._kept[folder]

    @classmethod
    def open(cls, folder: Path, segmenter: Segmenter) -> PlainIndex:
        del segmenter
        return cls(folder)

    @classmethod
    def rebuild(
        cls,
        folder: Path,
        stories: Iterable[Annotated],
        segmenter: Segmenter,
        *,
        stamps: Mapping[str, str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> PlainIndex:
        del segmenter
        held: _Held = {}
        for done, (story, about) in enumerate(stories, 1):
            held[story.id] = (story, about or Annotation(), (stamps or {}).get(story.id, "-"))
            if progress:
                progress(done)
        cls._kept[folder] = held
        return cls(folder)

    def update(
        self,
        changed: Iterable[Annotated],
        removed: Iterable[str] = (),
        *,
        stamps: Mapping[str, str] | None = None,
    ) -> None:
        held = dict(self._kept[self._folder])
        for story_id in removed:
            held.pop(story_id, None)
        for story, about in changed:
            held[story.id] = (story, about or Annotation(), (stamps or {}).get(story.id, "-"))
        self._kept[self._folder] = self._held = held

    def refresh(self) -> bool:
        newer = self._kept[self._folder] is not self._held
        self._held = self._kept[self._folder]
        return newer

    def close(self) -> None:
        pass

    def __len__(self) -> int:
        return len(self._held)

    @property
    def stamps(self) -> Mapping[str, str]:
        return {story_id: stamp for story_id, (_, _, stamp) in self._held.items()}

    def search(self, query: Query) -> Results:
        query.check()
        clauses = (*parse(query.text), *query.clauses)
        found = [
            (story, about)
            for story, about, _ in self._held.values()
            if _passes(story, about, query) and all(_holds(story, about, c) for c in clauses)
        ]
        found.sort(key=lambda pair: pair[0].id)
        found.sort(key=lambda pair: pair[0].published or date.min, reverse=True)
        strings = [string for c in clauses if not c.excluded for string in c.strings]
        shown = found[query.offset : query.offset + query.limit]
        hits = tuple(_hit(story, about, strings) for story, about in shown)
        return Results(len(found), hits, _facets(found))


def _areas(about: Annotation) -> set[str]:
    codes = [code for code in (*about.counties, about.city, about.province) if code]
    return {area for c in codes for area in (c, c[:4] + "00", c[:2] + "0000")}


def _passes(story: Story, about: Annotation, query: Query) -> bool:
    day = story.published
    return (
        (not query.counties or bool(_areas(about) & set(query.counties)))
        and (not query.themes or bool(set(about.themes) & set(query.themes)))
        and (not query.source or story.source == query.source)
        and (query.relevant is None or about.relevant == query.relevant)
        and (not query.since or (day is not None and day >= query.since))
        and (not query.until or (day is not None and day <= query.until))
    )


def _holds(story: Story, about: Annotation, clause: Clause) -> bool:
    texts = [fold(text) for _, text in story_parts(story)]
    found = any(string in text for string in clause.strings for text in texts) or any(
        _meets(story, about, condition) for condition in clause.conditions
    )
    return found is not clause.excluded


def _meets(story: Story, about: Annotation, condition: Condition) -> bool:
    values = condition.values
    if condition.field == "area":
        return bool(_areas(about) & set(values))
    if condition.field == "theme":
        return bool(set(about.themes) & set(values))
    if condition.field == "source":
        return any(value in fold(story.source) for value in values)
    if condition.field == "byline":
        lines = [fold(text) for field, text in story_parts(story) if field == "byline"]
        return any(value in line for value in values for line in lines)
    first, last = values
    return story.published is not None and first <= story.published.isoformat() <= (last or "9")


def _hit(story: Story, about: Annotation, strings: list[str]) -> Hit:
    parts = [(text, fold(text)) for field, text in story_parts(story) if field != "headline"]
    return Hit(
        story.id,
        story.headline,
        story.published,
        story.source,
        about.counties,
        about.themes,
        mark(story.headline, strings),
        excerpt(parts, strings),
        0.0,
    )


def _facets(found: list[tuple[Story, Annotation]]) -> Facets:
    def most_first(values: Iterable[str]) -> tuple[FacetCount, ...]:
        counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(FacetCount(value, count) for value, count in counted)

    counties = most_first(code for _, about in found for code in about.counties)
    cities = (
        area
        for _, about in found
        for area in _areas(about)
        if area.endswith("00") and not area.endswith("0000")
    )
    weeks = most_first(week_of(story.published) for story, _ in found if story.published)
    return Facets(
        counties=tuple(FacetCount(c.value, c.count, c.value[:4] + "00") for c in counties),
        themes=most_first(slug for _, about in found for slug in about.themes),
        sources=most_first(story.source for story, _ in found if story.source),
        weeks=tuple(sorted(weeks, key=lambda week: week.value, reverse=True)),
        cities=most_first(cities),
    )
