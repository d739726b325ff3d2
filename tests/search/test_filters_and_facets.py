"""Filters narrow, facets count the same results, and the order is the one asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest

from jianbao.index.annotation import Annotation
from jianbao.index.clock import week_of
from jianbao.index.search import FacetCount, SearchIndex
from jianbao.index.search.folding import fold
from jianbao.index.search.query import Query
from jianbao.index.story import Story

from .samples import Annotated


class It(NamedTuple):
    story: Story
    about: Annotation


Keeps = Callable[[It], bool]
ALL = 10_000
MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 15)


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        (Query(limit=ALL), lambda _: True),
        (Query(counties=("141121",), limit=ALL), lambda it: "141121" in it.about.counties),
        (
            Query(counties=("141121", "140581"), limit=ALL),
            lambda it: bool({"141121", "140581"} & {*it.about.counties}),
        ),
        (
            Query(counties=("141100",), limit=ALL),
            lambda it: (
                it.about.city == "141100" or any(c.startswith("1411") for c in it.about.counties)
            ),
        ),
        (Query(counties=("140000",), limit=ALL), lambda _: True),
        (Query(counties=("110101",), limit=ALL), lambda _: False),
        (Query(themes=("community",), limit=ALL), lambda it: "community" in it.about.themes),
        (
            Query(themes=("community", "rural"), limit=ALL),
            lambda it: bool({"community", "rural"} & {*it.about.themes}),
        ),
        (
            Query(themes=("community",), counties=("140400",), limit=ALL),
            lambda it: (
                "community" in it.about.themes and any(c[:4] == "1404" for c in it.about.counties)
            ),
        ),
        (Query(source="离石晚报样刊", limit=ALL), lambda it: it.story.source == "离石晚报样刊"),
        (Query(source="离石", limit=ALL), lambda _: False),
        (
            Query(since=MONDAY, until=SUNDAY, limit=ALL),
            lambda it: MONDAY <= it.story.published <= SUNDAY,
        ),
        (Query(since=MONDAY, limit=ALL), lambda it: it.story.published >= MONDAY),
        (Query(until=MONDAY, limit=ALL), lambda it: it.story.published <= MONDAY),
        (Query(relevant=True, limit=ALL), lambda it: it.about.relevant),
        (Query(relevant=False, limit=ALL), lambda it: not it.about.relevant),
        (
            Query("书记", themes=("rural",), since=date(2026, 1, 1), limit=ALL),
            lambda it: (
                "rural" in it.about.themes
                and it.story.published >= date(2026, 1, 1)
                and "书记"
                in fold(
                    "\n".join(
                        (it.story.headline, it.story.deck, it.story.body, it.story.byline.raw)
                    )
                )
            ),
        ),
    ],
)
def test_filters_keep_exactly_what_they_name_and_facets_count_it(
    index: SearchIndex, stories: tuple[Annotated, ...], query: Query, keeps: Keeps
) -> None:
    kept = [(story, about) for story, about in stories if keeps(It(story, about))]
    results = index.search(query)
    assert {hit.story_id for hit in results.hits} == {story.id for story, _ in kept}
    assert results.total == len(results.hits) == len(kept)

    counties = Counter(code for _, about in kept for code in about.counties)
    assert {c.value: c.count for c in results.facets.counties} == counties
    assert all(c.city == c.value[:4] + "00" for c in results.facets.counties)
    themes = Counter(slug for _, about in kept for slug in about.themes)
    assert {c.value: c.count for c in results.facets.themes} == themes
    sources = Counter(story.source for story, _ in kept)
    assert {c.value: c.count for c in results.facets.sources} == sources
    weeks = Counter(week_of(story.published) for story, _ in kept if story.published)
    assert {c.value: c.count for c in results.facets.weeks} == weeks


def test_facets_count_all_results_whatever_page_is_shown(index: SearchIndex) -> None:
    whole = index.search(Query("党员", limit=ALL))
    for page in (
        Query("党员", limit=3),
        Query("党员", limit=0),
        Query("党员", limit=3, offset=9_999),
    ):
        results = index.search(page)
        assert results.facets == whole.facets
        assert results.total == whole.total


def test_facets_stand_most_first_and_weeks_newest_first(index: SearchIndex) -> None:
    facets = index.search(Query()).facets
    for counts in (facets.counties, facets.themes, facets.sources):
        assert list(counts) == sorted(counts, key=lambda c: (-c.count, c.value))
    assert list(facets.weeks) == sorted(facets.weeks, key=lambda c: c.value, reverse=True)
    assert all(isinstance(c, FacetCount) and c.count > 0 for c in facets.weeks)


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_pages_put_together_are_the_whole_list(index: SearchIndex, sort: str) -> None:
    whole = index.search(Query("社区", sort=sort, limit=ALL)).hits  # type: ignore[arg-type]
    pages = [
        hit
        for offset in range(0, len(whole), 7)
        for hit in index.search(
            Query("社区", sort=sort, limit=7, offset=offset)  # type: ignore[arg-type]
        ).hits
    ]
    assert tuple(pages) == whole


@pytest.mark.parametrize("query", [Query("社区", sort="date", limit=ALL), Query(limit=ALL)])
def test_by_date_means_newest_first_and_then_by_id(index: SearchIndex, query: Query) -> None:
    order = [(hit.published, hit.story_id) for hit in index.search(query).hits]
    by_id = sorted(order, key=lambda pair: pair[1])
    assert order == sorted(by_id, key=lambda pair: pair[0] or date.min, reverse=True)


def test_a_hit_carries_the_story_as_it_is_printed(
    index: SearchIndex, stories: tuple[Annotated, ...]
) -> None:
    by_id = {story.id: (story, about) for story, about in stories}
    for hit in index.search(Query("党支部", limit=ALL)).hits:
        story, about = by_id[hit.story_id]
        assert hit.headline == story.headline
        assert (hit.published, hit.source) == (story.published, story.source)
        assert (hit.counties, hit.themes) == (about.counties, about.themes)
