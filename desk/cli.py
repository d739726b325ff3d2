"""The command line ``jianbao``. The verbs follow the editor's week.

Exit codes: 0 done, 1 done with problems listed, 2 wrong use, 3 nothing could be done.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..index.clock import system_clock
from ..index.errors import JianbaoError
from . import (
    collect,
    correct,
    export,
    extract,
    find,
    health,
    publish,
    reparse,
    usage_commands,
    withdraw_commands,
)
from .console import err, speak_utf8
from .session import Session
from .web import command as desk_command

NOTHING_DONE = 3

app = typer.Typer(
    name="jianbao",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Turns county Party-building news into a weekly digest: crawl or import, index, choose, build.",
)
collect.register(app)
health.register()
correct.register(app)
extract.register(app)
reparse.register(app)
find.register(app)
publish.register(app)
export.register(app)
withdraw_commands.register(app)
usage_commands.register(app)
desk_command.register(app)


@app.callback()
def _options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            envvar="JIANBAO_WORKSPACE",
            help="The workspace folder (default: here or above).",
        ),
    ] = None,
) -> None:
    context.obj = Session(folder=workspace or Path.cwd(), clock=system_clock)


def main() -> None:
    """The entry point: every failure becomes one sentence and an exit code."""
    speak_utf8()
    try:
        app()
    except JianbaoError as error:
        err.print(error.english())
        sys.exit(NOTHING_DONE)
    except BrokenPipeError:
        # The reader of the pipe (head, less) left: nothing is wrong, and nobody listens any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
