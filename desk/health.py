"""``jianbao sources health``: who is silent, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from ..crawler.health import judge
from ..crawler.sources import load_sources
from .collect import sources_app
from .console import out, plain, print_json
from .session import Session


def register() -> None:
    """Adds the command of this module to ``jianbao sources``."""
    sources_app.command("health")(health)


def health(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say of each source whether it is read, silent as usual, broken, changed, or declines programs."""
    session = Session.of(context)
    workspace = session.workspace()
    sources = load_sources(workspace.sources_folder)
    troubled = False
    with session.read() as store:
        runs = store.runs()
        for source in sources:
            own = [run for run in runs if run.source_id == source.id]
            found = judge(source.id, own, store.days(source.id), session.clock().date())
            troubled = troubled or found.state not in ("fine", "quiet")
            if as_json:
                newest = found.newest.isoformat() if found.newest else None
                facts = {"state": found.state, "newest": newest, "detail": found.detail}
                print_json({"source": source.id, "home": source.home, **facts})
                continue
            newest = f"newest story {found.newest}" if found.newest else "no story yet"
            out.print(plain(f"{source.id:16} {found.state:9} {newest}; {found.words}"))
            if found.detail:
                out.print(plain(f"{'':16} {found.detail}"))
    if troubled:
        raise typer.Exit(1)
