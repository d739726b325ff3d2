"""``jianbao sources``: the registry from the command line: list, check, add, catalogue, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..crawler import catalogue
from ..crawler.checks import CheckReport, check
from ..crawler.sources import Source, SourceIsUnknown, load_sources, read_folder
from ..crawler.trial import try_source
from ..index.gazetteer import Gazetteer
from .console import err, out, plain, print_json
from .session import Session
from .source_add import add
from .source_file import mark_verified
from .source_trial import crawl_settings, print_trial, save_pages
from .workspace import Workspace

sources_app = typer.Typer(
    no_args_is_help=True, help="The registry of sources: one TOML file each in sources/."
)
sources_app.command("add")(add)
_JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@sources_app.command("list")
def list_sources(context: typer.Context, as_json: _JSON = False) -> None:
    """List the sources and how the last crawl of each went."""
    session = Session.of(context)
    workspace = session.workspace()
    sources = load_sources(workspace.sources_folder)
    last: dict[str, Any] = {}
    if workspace.store_path.is_file():
        with session.read() as store:
            last = {one.source_id: one for one in store.runs()}
    for source in sources:
        ran = last.get(source.id)
        if as_json:
            told = {"last": ran.finished, "new": ran.new, "problem": ran.problem} if ran else None
            record = source.model_dump(mode="json", exclude_defaults=True)
            print_json({**record, "state": source.state, "last_run": told})
            continue
        result = (
            "never crawled"
            if ran is None
            else f"{ran.finished[:16]}: {ran.problem or f'{ran.new} new'}"
        )
        state = "" if source.state == "verified" else f" [{source.state}]"
        state = f" [ended {source.retired}]" if source.retired else state
        out.print(
            f"{source.id:16} {plain(source.name)}  ({source.kind}, {source.family}){state}; {plain(result)}"
        )
    if not sources and not as_json:
        out.print(
            "No source yet: `jianbao sources add ADDRESS` proposes one, `jianbao sources catalogue` lists known ones."
        )


@sources_app.command("refused")
def refused(context: typer.Context) -> None:
    """List the addresses that gave no story, with the reason."""
    with Session.of(context).read() as store:
        rows = store.refused()
    for source_id, url, why in rows:
        out.print(f"{source_id}  {plain(url)}  {plain(why)}")
    if not rows:
        out.print("No address was refused.")


@sources_app.command("check")
def check_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources (default: all).")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the site: a dry run of one source, three stories.")
    ] = False,
    save: Annotated[
        bool, typer.Option("--save", help="With --live: keep the pages as saved pages.")
    ] = False,
    as_json: _JSON = False,
) -> None:
    """Check sources against their saved pages, without asking any site; or one source live."""
    session = Session.of(context)
    workspace = session.workspace()
    known = read_folder(workspace.sources_folder)
    chosen = _choose(known, sources or [])
    if live:
        if len(sources or []) != 1:
            raise typer.BadParameter("--live asks one site: name exactly one source")
        _check_live(session, workspace, *chosen[0], save=save, as_json=as_json)
        return
    if save:
        raise typer.BadParameter("--save keeps the pages of a dry run: it needs --live")
    reports = [check(source, workspace.sources_folder) for _, source in chosen]
    for report in reports:
        _print_check(report, as_json)
    if any(page.differences for report in reports for page in report.pages):
        raise typer.Exit(1)
    if not any(report.pages for report in reports):
        err.print("There is no saved page to check.")
        raise typer.Exit(3)


def _choose(known: list[tuple[Path, Source]], names: list[str]) -> list[tuple[Path, Source]]:
    by_id = {source.id: (path, source) for path, source in known}
    for name in names:
        if name not in by_id:
            raise SourceIsUnknown(source_id=name, known=", ".join(by_id) or "none")
    return [by_id[name] for name in dict.fromkeys(names)] if names else known


def _print_check(report: CheckReport, as_json: bool) -> None:
    if as_json:
        for page in report.pages:
            facts = {"page": page.path.stem, "what": page.what, "rule": page.rule}
            print_json({"source": report.source_id, **facts, "differences": list(page.differences)})
        return
    wrong = sum(bool(page.differences) for page in report.pages)
    if not report.pages:
        out.print(
            f"{report.source_id:16} no saved page: `jianbao sources check --live --save {report.source_id}` keeps one"
        )
    else:
        said = f"{wrong} not as expected" if wrong else "all as expected"
        hits = ", ".join(f"{rule} {count}" for rule, count in sorted(report.hits.items()))
        out.print(
            f"{report.source_id:16} {len(report.pages)} saved pages, {said}"
            + (f" ({plain(hits)})" if hits else "")
        )
    for page in report.pages:
        for difference in page.differences:
            err.print(plain(f"  {page.path.stem}: {difference}"))
    for rule in report.unused if report.pages else ():
        err.print(plain(f"  no saved page shows {rule}"))


def _check_live(
    session: Session,
    workspace: Workspace,
    path: Path,
    source: Source,
    *,
    save: bool,
    as_json: bool,
) -> None:
    """A dry run; an unverified source that passes becomes verified."""
    trial = try_source(source, clock=session.clock, settings=crawl_settings(workspace, "check.log"))
    print_trial(trial, as_json)
    if save:
        save_pages(session, workspace, source, trial)
    if trial.passed and source.state == "unverified":
        today = session.clock().date()
        mark_verified(path, today, "three stories read by `jianbao sources check --live`")
        err.print(f"{source.id} is verified now: the next crawl reads it.")
    if not trial.passed:
        raise typer.Exit(1 if trial.stories else 3)


@sources_app.command("catalogue")
def list_catalogue(context: typer.Context, as_json: _JSON = False) -> None:
    """List the sources of the starter catalogue, and which of them the workspace has."""
    session = Session.of(context)
    taken = {source.id for source in load_sources(session.workspace().sources_folder)}
    gazetteer = Gazetteer.load()
    for path, source in catalogue.entries():
        if as_json:
            record = source.model_dump(mode="json", exclude_defaults=True)
            print_json({**record, "catalogue": path.parent.name, "taken": source.id in taken})
            continue
        place = gazetteer.full_name(source.home) if source.home else "the whole country"
        mark = "*" if source.id in taken else " "
        newest = max(seen.day for seen in source.seen)
        out.print(
            plain(
                f"{mark} {source.id:18} {source.name}  ({place}; {source.kind}, {source.family}; seen {newest})"
            )
        )
