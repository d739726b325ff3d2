"""Search 检索: the editors' index, with counts by place, theme, source and week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from ...index.clock import week_range
from ...index.errors import JianbaoError
from ...index.search import (
    FacetCount,
    Hint,
    Names,
    Query,
    Results,
    SearchIndex,
    SearchIndexMissing,
    hints,
    read_line,
)
from ...index.segment import default_segmenter
from ..workspace import Workspace
from .ask import Ask
from .printing import county_name, full_place

SHOWN: Final = 20
FACET_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its name, how many results have it, and where a click on it leads."""

    name: str
    count: int
    link: str
    chosen: bool


def show(ask: Ask) -> Response:
    """What was found, or how to ask."""
    workspace = ask.room.workspace()
    typed, page = ask.query("q"), ask.query("page")
    offset = (int(page) - 1) * SHOWN if page.isdecimal() and 0 < int(page) < 1_000 else 0
    filters = {name: ask.queries(name) for name in ("place", "theme", "source", "week")}
    facts = {"typed": typed, "results": None, "choices": {}, "hints": (), "error": None}
    facts |= {"offset": offset, "shown": SHOWN, "filters": filters, "missing": False}
    facts["sort"] = sort = "date" if ask.query("sort") == "date" else "relevance"
    facts["link"] = lambda **other: _link(
        {"q": (typed,), "sort": (sort,), **filters, **_tuples(other)}
    )
    if not typed and not any(filters.values()):
        return ask.page("search.html", **facts)
    try:
        query = _query(ask, workspace, typed, filters)
        with SearchIndex.open(
            workspace.index_folder, default_segmenter(workspace.words())
        ) as index:
            results = index.search(replace(query, limit=SHOWN, offset=offset, sort=sort))
            facts["hints"] = () if results.total else _hints(ask, index, query, typed)
    except SearchIndexMissing:
        return ask.page("search.html", **(facts | {"missing": True}))
    except JianbaoError as error:
        return ask.page("search.html", status=422, **(facts | {"error": error}))
    facts |= {"results": results, "choices": _choices(ask, results, typed, sort, filters)}
    return ask.page("search.html", **facts)


def _query(
    ask: Ask, workspace: Workspace, typed: str, filters: dict[str, tuple[str, ...]]
) -> Query:
    names = Names(ask.room.places(), workspace.themes(), ask.room.today())
    query = Query(
        clauses=read_line(typed, names),
        counties=filters["place"],
        themes=filters["theme"],
        source=filters["source"][0] if filters["source"] else "",
    )
    if filters["week"]:
        since, until = week_range(filters["week"][0])
        query = replace(query, since=since, until=until)
    return query


def _hints(ask: Ask, index: SearchIndex, query: Query, typed: str) -> list[Hint]:
    names = Names(ask.room.places(), ask.room.workspace().themes(), ask.room.today())

    def finds(line: str) -> int:
        return index.search(replace(query, clauses=read_line(line, names), limit=0)).total

    return hints(typed, finds, ask.room.places())


def _choices(
    ask: Ask, results: Results, typed: str, sort: str, filters: dict[str, tuple[str, ...]]
) -> dict[str, list[Choice]]:
    themes = ask.room.workspace().themes()
    facets = results.facets
    by_city = {one.value: one for one in facets.cities}
    counties = [one for one in facets.counties if one.city in by_city][:FACET_SHOWN]
    lists: dict[str, tuple[str, list[FacetCount]]] = {
        "市": ("place", list(facets.cities)),
        "区县": ("place", counties),
        "主题": ("theme", list(facets.themes)),
        "来源": ("source", list(facets.sources)),
        "周": ("week", list(facets.weeks)),
    }
    names = {"place": county_name, "theme": lambda slug: themes.name(slug) or slug}

    def choice(name: str, one: FacetCount) -> Choice:
        chosen = one.value in filters[name]
        now = {**filters, name: () if chosen else (one.value,), "q": (typed,), "sort": (sort,)}
        called = names.get(name, str)(one.value)
        if name == "place" and one.city and called.endswith("区") and len(called) <= 3:
            called = full_place(one.value)
        return Choice(called, one.count, _link(now), chosen)

    return {
        title: [choice(name, one) for one in counts[:FACET_SHOWN] if one.value]
        for title, (name, counts) in lists.items()
        if counts
    }


def _tuples(given: dict[str, object]) -> dict[str, tuple[str, ...]]:
    return {name: (str(value),) if value else () for name, value in given.items()}


def _link(parameters: dict[str, tuple[str, ...]]) -> str:
    pairs = [(name, value) for name, values in parameters.items() for value in values if value]
    return f"/search?{urlencode(pairs)}"


VIEWS: Final = (("GET", "/search", show),)
