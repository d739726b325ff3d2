"""Commands that make what people read: issue, build, serve, run, demo; and doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..site.preview import Preview
from .console import out, plain, print_json, progress
from .demo import run_demo
from .doctor import examine
from .publishing import build_into
from .review_commands import issue_app
from .run import run_all
from .session import Session

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Where the site is built (default: public/ of the workspace)."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(issue_app, name="issue")
    for command in (build, serve, run, doctor, demo):
        app.command()(command)


def build(context: typer.Context, folder: Out = None) -> None:
    """Build the static site from the indexed stories and the signed issues."""
    session = Session.of(context)
    folder = folder or session.workspace().public_folder
    with session.read() as store, progress() as bars:
        report = build_into(folder, store, session, bars)
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
    """Crawl, index and build, for a timer: what an office runs every night.

    A step that fails is told, and the next ones do their part; the exit code is then 1, and 3 when none
    of them could be done.
    """
    session = Session.of(context)
    with progress() as bars:
        steps = run_all(session, bars)
    if all(step.error for step in steps):
        raise typer.Exit(3)
    if not all(step.well for step in steps):
        raise typer.Exit(1)


def doctor(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Look whether everything is in its place, and say what to do about what is not."""
    found = examine(Session.of(context))
    for one in found:
        if json:
            print_json(
                {"about": one.about, "state": one.state, "said": one.said, "remedy": one.remedy}
            )
            continue
        out.print(plain(f"{one.state:5}  {one.about}: {one.said}"))
        if one.remedy:
            out.print(plain(f"       remedy: {one.remedy}"))
    if any(one.state == "wrong" for one in found):
        raise typer.Exit(1)


def demo(
    folder: Annotated[
        Path, typer.Option("--out", help="A new folder, or that of an earlier demo.")
    ] = Path("jianbao-demo"),
) -> None:
    """Run the whole line on the sample county web, on this machine alone, into a fresh folder."""
    run_demo(folder)
