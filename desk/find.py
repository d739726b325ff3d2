"""Commands that annotate, list, show and search."""

from __future__ import annotations

import json as json_module
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ..index.annotate import Annotator, RecordIsWrong
from ..index.annotation import Annotation
from ..index.clock import week_range
from ..index.errors import JianbaoError
from ..index.gazetteer import Gazetteer
from ..index.search import (
    FacetCount,
    Facets,
    Names,
    Query,
    SearchIndex,
    dated_words,
    hints,
    read_line,
)
from ..index.segment import default_segmenter
from ..index.story import Story
from .console import err, out, plain, print_json, progress
from .history import history, history_lines
from .indexing import bring_up_to_date
from .names import choice, county_codes, day, theme_slugs
from .records import (
    annotation_lines,
    digest_lines,
    repair_lines,
    results_record,
    story_lines,
    story_record,
)
from .session import Session, story_of
from .withdrawal import Withdrawal, withdrawn

Json = Annotated[bool, typer.Option("--json", help="One object a line.")]
County = Annotated[
    list[str] | None, typer.Option(help="County or city, by name or code; may be repeated.")
]
Theme = Annotated[
    list[str] | None, typer.Option(help="Theme, by slug or Chinese name; may be repeated.")
]


FACET_VALUES = 10
"""Values of one facet that a person reads at a terminal."""


class RecordsCannotBeRead(JianbaoError):
    """The file for ``annotate`` cannot be read."""

    code = "JB-406"
    what = "the file cannot be read ({detail})"
    remedy = "give a file of JSON lines in UTF-8"
    what_zh = "文件无法读取（{detail}）"
    remedy_zh = "请提供 UTF-8 编码、每行一个 JSON 对象的文件"


class LineIsNoRecord(JianbaoError):
    """One line of the file for ``annotate`` is not JSON."""

    code = "JB-407"
    what = "this line is not a JSON object; it was left out"
    remedy = "write one JSON object a line: id, title, body, source_name, byline_text, date_text"
    what_zh = "这一行不是 JSON 对象，已跳过"
    remedy_zh = "请每行写一个 JSON 对象：id、title、body、source_name、byline_text、date_text"


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (index, stories, show, search, annotate):
        app.command()(command)


def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Annotate every story again.")] = False,
) -> None:
    """Annotate new stories, fold reprints and update the editors' search."""
    session = Session.of(context)
    workspace = session.workspace()
    with session.write("index") as store, progress() as bars:
        done = bring_up_to_date(workspace, store, bars, rebuild=rebuild)
    out.print(done.sentence())
    for copy in done.to_check[:FACET_VALUES]:
        alike = f"{copy.containment:.0%} of the shorter text"
        out.print(f"  the same copy? {copy.story_id} and {copy.other_id} ({alike})")
    if len(done.to_check) > FACET_VALUES:
        out.print(f"  and {len(done.to_check) - FACET_VALUES} more pairs")


def stories(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="ISO week such as 2026-W47.")] = "",
    county: County = None,
    theme: Theme = None,
    relevant: Annotated[bool, typer.Option("--relevant", help="Party-building news only.")] = False,
    json: Json = False,
) -> None:
    """List the stories, newest first."""
    session = Session.of(context)
    workspace = session.workspace()
    themes, segmenter = workspace.themes(), default_segmenter(workspace.words())
    count = 0
    with session.read() as store:
        folds, gone = store.folds(), withdrawn(workspace)
        for story, annotation in _chosen(
            store.annotated(), week, county or [], theme_slugs(theme or [], themes), relevant
        ):
            count += 1
            if json:
                first = folds.get(story.id, story.id)
                record = story_record(story, annotation, first, segmenter)
                print_json({**record, "withdrawn": _why(gone.get(story.id))})
                continue
            day = story.published.isoformat() if story.published else "no date   "
            reprint = "  (reprint)" if folds.get(story.id, story.id) != story.id else ""
            reprint += "  (withdrawn)" if story.id in gone else ""
            out.print(
                f"{story.id}  {day}  {_places(annotation)}  {plain(story.headline or '(no headline)')}{reprint}"
            )
    if not count:
        err.print("No story fits. Without filters `jianbao stories` lists everything.")


def _chosen(
    everything: Iterator[tuple[Story, Annotation | None]],
    week: str,
    counties: list[str],
    slugs: set[str],
    relevant: bool,
) -> Iterator[tuple[Story, Annotation | None]]:
    days = week_range(week) if week else None
    codes = county_codes(counties)
    for story, annotation in everything:
        about = annotation or Annotation()
        if days and not (story.published and days[0] <= story.published <= days[1]):
            continue
        if codes and not codes & {*about.counties, about.city}:
            continue
        if slugs and not slugs & set(about.themes):
            continue
        if relevant and not about.relevant:
            continue
        yield story, annotation


def _why(gone: Withdrawal | None) -> str | None:
    return gone.why if gone else None


def _places(annotation: Annotation | None) -> str:
    if annotation is None:
        return "(not indexed)"
    gazetteer = Gazetteer.load()
    codes = annotation.counties or ((annotation.city,) if annotation.city else ())
    return (
        "、".join(gazetteer.county_name(code) or gazetteer.full_name(code) for code in codes)
        or annotation.level
    )


def show(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")],
    json: Json = False,
) -> None:
    """Show one story with its repairs, and why it has its county and themes."""
    session = Session.of(context)
    with session.read() as store:
        story_id = story_of(store, story)
        record, annotation = store.story(story_id), store.annotation(story_id)
        first = store.folds().get(story_id, story_id)
        past, told = history(store, story_id), list(history_lines(store, story_id))
        taken_back, page = store.withdrawals().get(story_id, ""), store.page_of(story_id)
    gone = withdrawn(session.workspace()).get(story_id)
    assert record is not None  # noqa: S101 - story_of found it in this very store
    segmenter = default_segmenter(session.workspace().words())
    if json:
        known = {
            "history": past,
            "withdrawn_at_source": taken_back or None,
            "withdrawn": _why(gone),
        }
        print_json({**story_record(record, annotation, first, segmenter), **known})
        return
    if gone:
        out.print(plain(f"Withdrawn by this office on {gone.at.date()}, shown nowhere: {gone.why}"))
    if taken_back:
        out.print(f"Withdrawn at its source (found on {taken_back[:10]}).")
    for line in story_lines(record):
        out.print(line)
    out.print("\nIn short:")
    for line in digest_lines(record, segmenter):
        out.print(f"  {line}")
    if record.repairs:
        out.print(f"\nRepairs{f' (page {page})' if page else ''}:")
        for line in repair_lines(record):
            out.print(line)
    out.print("\nAbout:")
    if annotation is None:
        out.print("  not annotated yet: run `jianbao index`")
    else:
        for line in annotation_lines(annotation, Gazetteer.load(), session.workspace().themes()):
            out.print(line)
    if first != story_id:
        out.print(f"\nA reprint: the first story is {first}.")
    if told:
        out.print("\nHistory:")
        for line in told:
            out.print(plain(line))


def search(
    context: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            help='What to find; strings with a space between must all stand in a story. -word excludes, OR means or, "quotation marks" keep spaces; 县:文水县 主题:农村党建 来源:日报 署名:郝一诺 日期:2026-11-01..2026-11-20 (county: theme: source: byline: date:), 本周, 上周.'
        ),
    ] = "",
    county: County = None,
    theme: Theme = None,
    since: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    sort: Annotated[str, typer.Option(help="relevance or date.")] = "relevance",
    limit: Annotated[int, typer.Option(help="Stories shown.", min=1, max=1000)] = 20,
    json: Json = False,
) -> None:
    """Search the stories. Nothing needs to be cut into words: type any two characters of it."""
    session = Session.of(context)
    workspace = session.workspace()
    gazetteer, themes = Gazetteer.load(), workspace.themes()
    names = Names(gazetteer, themes, session.clock().date())
    index = SearchIndex.open(workspace.index_folder, default_segmenter(workspace.words()))
    asked = Query(
        clauses=read_line(query, names),
        counties=tuple(sorted(county_codes(county or []))),
        themes=tuple(sorted(theme_slugs(theme or [], themes))),
        since=day(since, "--from"),
        until=day(until, "--to"),
        sort="date" if choice(sort, "--sort", ("relevance", "date")) == "date" else "relevance",
        limit=limit,
    )
    results = index.search(asked)

    def finds(line: str) -> int:
        return index.search(replace(asked, clauses=read_line(line, names), limit=0)).total

    offered = [] if results.total else hints(query, finds, gazetteer)
    if json:
        print_json(results_record(results, offered))
        return
    for hit in results.hits:
        out.print(f"{hit.story_id}  {hit.published or 'no date   '}  {plain(hit.headline)}")
        out.print(
            "    "
            + "".join(
                f"【{plain(text)}】" if marked else plain(text) for text, marked in hit.excerpt
            )
        )
    out.print(
        f"{results.total} found"
        + (f", the first {len(results.hits)} shown" if results.total > len(results.hits) else "")
    )
    for words in dated_words(query, names.today):
        out.print(f"  {words}; in quotation marks it is text")
    for hint in offered:
        out.print(plain(f"  {hint.why}: jianbao search '{hint.line}'"))
    _print_places(results.facets, gazetteer)
    _print_facet("theme", results.facets.themes, lambda slug: themes.name(slug) or slug)
    _print_facet("source", results.facets.sources, plain)
    _print_facet("week", results.facets.weeks, plain)


def _print_places(facets: Facets, gazetteer: Gazetteer) -> None:
    """Cities with their counties below them, the most stories first."""
    for city in facets.cities:
        name = gazetteer.county_name(city.value) or gazetteer.full_name(city.value[:2] + "0000")
        inside = [one for one in facets.counties if one.city == city.value]
        _print_facet(
            f"{name or city.value} {city.count}",
            inside,
            lambda code: gazetteer.county_name(code) or code,
        )
        if not inside:
            out.print(f"  {name or city.value} {city.count}")


def _print_facet(name: str, counts: Sequence[FacetCount], called: Callable[[str], str]) -> None:
    if counts:
        shown = "  ".join(f"{called(one.value)} {one.count}" for one in counts[:FACET_VALUES])
        more = f"  and {len(counts) - FACET_VALUES} more" if len(counts) > FACET_VALUES else ""
        out.print(f"  {name}: {shown}{more}")


def annotate(
    file: Annotated[
        Path,
        typer.Argument(help="JSON lines: id, title, body, source_name, byline_text, date_text."),
    ],
) -> None:
    """Say county, themes and relevance of stories in a file, for evaluation. Needs no workspace."""
    problems = 0
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsCannotBeRead(file, detail=error) from None
    annotator = Annotator()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        try:
            print_json(annotator.annotate_record(_record(line, where)))
        except LineIsNoRecord as error:
            problems += 1
            err.print(error.english())
        except RecordIsWrong as error:
            problems += 1
            err.print(RecordIsWrong(where, **error.facts).english())
    if problems:
        raise typer.Exit(1)


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json_module.loads(line)
    except ValueError:
        raise LineIsNoRecord(where) from None
    if not isinstance(record, dict):
        raise LineIsNoRecord(where)
    return record
