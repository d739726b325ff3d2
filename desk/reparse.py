"""``jianbao reparse``: the kept pages again through today's rules, without the network."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from ..crawler.article import REASONS
from ..crawler.reparse import reparse
from ..crawler.snapshots import Snapshots
from ..crawler.sources import SourceIsUnknown, load_sources
from .console import err, out, plain, progress
from .session import Session


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("reparse")(reparse_command)


def reparse_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources (default: all).")
    ] = None,
) -> None:
    """Make the stories again from the kept pages, by today's rules, without asking any site."""
    session = Session.of(context)
    workspace = session.workspace()
    known = {source.id: source for source in load_sources(workspace.sources_folder)}
    for name in sources or []:
        if name not in known:
            raise SourceIsUnknown(source_id=name, known=", ".join(known) or "none")
    chosen = [known[name] for name in dict.fromkeys(sources)] if sources else list(known.values())
    with session.write("reparse") as store, progress() as bars:
        task = bars.add_task("Reading kept pages", total=None)
        snapshots = Snapshots(workspace.store_path.parent / "snapshots", store, session.clock)
        report = reparse(snapshots, chosen, progress=lambda _: bars.advance(task))
    out.print(f"{report.changed} changed, {report.new} new, {report.same} the same")
    for reason, count in Counter(reason for _, reason in report.refused).items():
        out.print(f"  {count} pages give no story: {REASONS[reason][0]}")
    for problem in report.problems:
        err.print(plain(problem.english()))
    if report.problems:
        raise typer.Exit(1)
