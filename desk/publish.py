"""Commands that make what people read: issue, build, serve, run, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..site.preview import Preview
from .collect import crawl_sources
from .console import out, progress
from .demo import run_demo
from .indexing import bring_up_to_date
from .issue_commands import issue_app
from .publishing import build_into
from .session import Session

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Where the site is built (default: public/ of the workspace)."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(issue_app, name="issue")
    for command in (build, serve, run, demo):
        app.command()(command)


def build(context: typer.Context, folder: Out = None) -> None:
    """Build the static site from the indexed stories and the locked issues."""
    session = Session.of(context)
    workspace = session.workspace()
    folder = folder or workspace.public_folder
    with session.read() as store, progress() as bars:
        report = build_into(folder, workspace, store, session, bars)
    out.print(
        f"{report.written} pages written, {report.unchanged} unchanged, {report.removed} removed."
    )
    out.print(f"Open {(folder / 'index.html').absolute()}")


def serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="The port (default: any that is free).", min=0, max=65535)
    ] = 0,
    folder: Out = None,
) -> None:
    """Show the built site on this machine, until Ctrl-C."""
    folder = folder or Session.of(context).workspace().public_folder
    if not (folder / "index.html").is_file():
        raise typer.BadParameter(f"there is no site in {folder}; run `jianbao build` first")
    with Preview(folder, port) as server:
        out.print(f"http://127.0.0.1:{server.server_port}/ shows {folder}. Stop with Ctrl-C.")
        server.serve_forever()


def run(context: typer.Context) -> None:
    """Crawl, index and build, for a timer: what an office runs every night."""
    session = Session.of(context)
    workspace = session.workspace()
    with progress() as bars:
        problems = crawl_sources(session, workspace, [], None, bars)
        with session.write("run") as store:
            bring_up_to_date(workspace, store, bars)
            report = build_into(workspace.public_folder, workspace, store, session, bars)
    out.print(
        f"{report.written} pages written, {report.unchanged} unchanged, {report.removed} removed."
    )
    if problems:
        raise typer.Exit(1)


def demo(
    folder: Annotated[
        Path, typer.Option("--out", help="A new folder, or that of an earlier demo.")
    ] = Path("jianbao-demo"),
) -> None:
    """Run the whole line on the sample county web, on this machine alone, into a fresh folder."""
    run_demo(folder)
