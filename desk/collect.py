"""Commands that bring stories in: init, sources, crawl, and what :mod:`.import_commands` adds."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from ..crawler.crawl import CrawlEvent, CrawlSettings, SourceReport, crawl
from ..crawler.sources import due, load_sources
from ..index.gazetteer import Gazetteer
from .console import err, out, plain, progress
from .import_commands import import_, page_app
from .names import day
from .session import Session
from .sources_commands import sources_app
from .workspace import ContactIsMissing, Workspace


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (init, crawl_command):
        app.command(command.__name__.removesuffix("_command"))(command)
    app.command("import")(import_)
    app.add_typer(page_app, name="page")
    app.add_typer(sources_app, name="sources")


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    title: Annotated[str, typer.Option(help="The name of the digest.")] = "党建简报",
    publisher: Annotated[
        str, typer.Option(help="The office that issues it, printed under the title.")
    ] = "",
    province: Annotated[str, typer.Option(help="The home province, by its code.")] = "140000",
    contact: Annotated[
        str,
        typer.Option(help="An address or telephone number, given to every site that is crawled."),
    ] = "",
) -> None:
    """Make a new workspace."""
    place = Gazetteer.load().place(province)
    if place is None or place.level != "province":
        raise typer.BadParameter(f"{province!r} is not the code of a province; Shanxi is 140000")
    workspace = Workspace.create(
        folder, title=title, publisher=publisher, province=province, contact=contact
    )
    out.print(f"A new workspace stands in {workspace.root}")
    out.print(
        "Next: drop page text into inbox/ and run `jianbao import inbox`, or add a source with `jianbao sources add ADDRESS --write` and run `jianbao crawl`."
    )


def crawl_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources (default: all).")
    ] = None,
    since: Annotated[
        str,
        typer.Option(
            help="Leave out stories before this day, YYYY-MM-DD, and read lists and e-papers back to it."
        ),
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Ask also the sites that declined lately.")
    ] = False,
) -> None:
    """Crawl the sources, politely; it may be stopped and run again at any time."""
    session = Session.of(context)
    with progress() as bars:
        problems = crawl_sources(
            session,
            session.workspace(),
            sources or [],
            day(since, "--since"),
            bars,
            again=again,
        )
    if problems:
        raise typer.Exit(1)


def crawl_sources(
    session: Session,
    workspace: Workspace,
    names: list[str],
    since: date | None,
    bars: Progress,
    *,
    again: bool = False,
) -> int:
    """Crawls the named sources, or all; prints a line for each. Returns how many had a problem.

    Stories of signed issues are looked at again, counted from the day of the issue.

    Raises:
        ContactIsMissing: the workspace does not say whose crawler this is.
        SourceIsUnknown: a name is not in the registry.
    """
    contact = workspace.settings.crawl.contact
    if not contact:
        raise ContactIsMissing(workspace.root / "jianbao.toml")
    today = session.clock().date()
    chosen, left = due(load_sources(workspace.sources_folder), names, today=today)
    for one in left:
        err.print(plain(one.english()))
    if not chosen and not left:
        err.print("There is no source to crawl: add a file to sources/.")
        return 0
    # How many stories a site has is not known beforehand: the bar moves until the source is done.
    tasks = {source.id: bars.add_task(plain(source.name), total=None) for source in chosen}

    def on_event(event: CrawlEvent) -> None:
        if event.what in ("new", "changed", "same", "refused"):
            bars.advance(tasks[event.source_id])
        elif event.what == "done":
            seen = bars.tasks[tasks[event.source_id]].completed
            bars.update(tasks[event.source_id], total=max(seen, 1), completed=max(seen, 1))

    report = crawl(
        chosen,
        workspace.store_path,
        clock=session.clock,
        settings=CrawlSettings(contact=contact, log=workspace.root / "data" / "crawl.log"),
        since=since,
        again=again,
        printed=_printed(session),
        progress=on_event,
    )
    for one in report.sources:
        _print_report(one)
    if report.pruned:
        out.print(f"The oldest kept pages made room: {', '.join(report.pruned)}")
    return sum(bool(one.problem or one.missed) for one in report.sources)


def _printed(session: Session) -> dict[str, date]:
    """Stories of signed issues with the day of the last issue that printed them."""
    signed = [issue for issue in session.issues().all() if issue.state == "signed"]
    return {
        item.story: issue.dated
        for issue in sorted(signed, key=lambda issue: issue.dated)
        for item in issue.items
    }


def _print_report(report: SourceReport) -> None:
    counts = f"{report.new} new, {report.changed} changed, {report.same} known, {report.requests} requests"
    out.print(f"{report.source_id:16} {counts}")
    for reason, count in Counter(one.english() for one in report.refused).items():
        out.print(f"  {count} pages gave no story: {reason}")
    if report.withdrawn:
        out.print(
            f"  {report.withdrawn} stories are gone at their source (`jianbao show ID` says which)"
        )
    for one in report.missed:
        err.print(f"  not read this time: {plain(one.url)} ({plain(one.why)})")
    if report.waits:
        out.print(f"  {plain(report.waits)}")
    if report.problem:
        err.print(f"  {plain(report.problem.english())}")
