"""``jianbao sources health``: who is silent, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from ..crawler.health import Health, Silence, health_of, silent_counties
from ..crawler.sources import load_sources
from ..index.gazetteer import Gazetteer
from ..index.store import SourceRun
from .console import out, plain, print_json
from .session import Session
from .sources_commands import sources_app

_SILENT_DAYS = 7


def register() -> None:
    """Adds the command of this module to ``jianbao sources``."""
    sources_app.command("health")(health)


def health(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say of each source and each silent county whether it is read, silent as usual, broken, changed, or declines programs."""
    session = Session.of(context)
    workspace = session.workspace()
    sources = load_sources(workspace.sources_folder)
    gazetteer, now = Gazetteer.load(), session.clock()
    with session.read() as store:
        healths = {source.id: health_of(store, source, now) for source in sources}
        last = {run.source_id: run for run in store.runs()}
    counties = [place.code for place in gazetteer.counties_of(workspace.settings.home.province)]
    silent = silent_counties(counties, sources, healths, now.date(), _SILENT_DAYS)
    for source in sources:
        if as_json:
            print_json(_record(source.home, healths[source.id], last.get(source.id)))
        else:
            _print(healths[source.id], last.get(source.id))
    if not as_json and sources:
        out.print(f"\nCounties without a story of their own in {_SILENT_DAYS} days:")
    for one in silent:
        name = gazetteer.full_name(one.county)
        if as_json:
            names = [known.source_id for known in one.sources]
            facts = {"state": one.state, "words": one.words, "sources": names}
            print_json({"county": one.county, "name": name, **facts})
    if not as_json:
        _print_counties(silent, gazetteer)
    if any(found.alarms or found.state == "never" for found in healths.values()):
        raise typer.Exit(1)


def _print(found: Health, run: SourceRun | None) -> None:
    newest = f"newest story {found.newest}" if found.newest else "no story yet"
    out.print(plain(f"{found.source_id:16} {found.state:9} {newest}; {found.words}"))
    for alarm in found.alarms:
        out.print(plain(f"{'':16} {alarm.kind}: {alarm.detail}"))
    if run:
        statuses = ", ".join(f"{count} × {status}" for status, count in run.statuses.items())
        rules = ", ".join(f"{rule} {count}" for rule, count in run.rules.items())
        counts = f"{run.new} new, {run.changed} changed, {run.missed} not read, {run.refused} no story, {run.checked} looked at again"
        out.print(plain(f"{'':16} {run.finished[:16]}: {counts}; {run.received // 1024} kB; {statuses or 'nothing asked'}{f'; by {rules}' if rules else ''}"))  # fmt: skip


def _print_counties(silent: list[Silence], gazetteer: Gazetteer) -> None:
    """One line a county that has a source; those without one share a line, for they are many."""
    none = [gazetteer.full_name(one.county) for one in silent if one.state == "none"]
    for one in silent:
        if one.state != "none":
            names = ", ".join(known.source_id for known in one.sources)
            out.print(plain(f"  {gazetteer.full_name(one.county)}: {one.words} ({names})"))
    if none:
        out.print(f"  {len(none)} have no source: {'、'.join(none)}")


def _record(home: str, found: Health, run: SourceRun | None) -> dict[str, Any]:
    return {
        "source": found.source_id,
        "home": home,
        "state": found.state,
        "words": found.words,
        "newest": found.newest.isoformat() if found.newest else None,
        "detail": found.detail,
        "alarms": [asdict(alarm) for alarm in found.alarms],
        "last": asdict(run) if run else None,
    }
