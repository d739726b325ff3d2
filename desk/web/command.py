"""``jianbao desk``: the editor's local web app, until Ctrl-C."""

from __future__ import annotations

import socket
import sys
from typing import Annotated, Final

import typer
import uvicorn
from starlette.types import ASGIApp

from ...index.errors import JianbaoError
from ..console import out
from ..session import Session
from .app import make_app
from .keys import Keys

HOST: Final = "127.0.0.1"
PORT: Final = 8750
TRIED: Final = 20
"""Ports tried from :data:`PORT` on. The same port at each start keeps open tabs working after a restart."""


class PortIsTaken(JianbaoError):
    """Another program listens there."""

    code = "JB-487"
    what = "port {port} is in use by another program"
    remedy = "choose another one with --port, or leave it out"
    what_zh = "端口 {port} 已被别的程序占用"
    remedy_zh = "请用 --port 换一个端口，或不写这一项"


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(desk)


def desk(
    context: typer.Context,
    port: Annotated[
        int,
        typer.Option(help="The port (default: 8750, or the next that is free).", min=0, max=65535),
    ] = 0,
) -> None:
    """Open the editor's desk: choose, edit, review and sign an issue in the browser of this machine."""
    session = Session.of(context)
    workspace = session.workspace()
    keys = Keys.of(workspace.store_path.parent)
    listening = listen(port)
    number = listening.getsockname()[1]
    app = make_app(session, keys, number)
    out.print("The desk is open on this machine only. Open this address in a browser:")
    out.print(f"\n  http://{HOST}:{number}/?key={keys.entry}\n")
    out.print("Stop with Ctrl-C. What was typed is saved; open tabs go on after the next start.")
    server_of(app).run(sockets=[listening])


def server_of(app: ASGIApp) -> uvicorn.Server:
    """The server: it tells nobody its name, and waits three seconds for a save that is under way."""
    settings = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, date_header=False,
        lifespan="off", ws="none", timeout_graceful_shutdown=3,
    )  # fmt: skip
    return uvicorn.Server(settings)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback: the port asked for, else the first free one from 8750 on.

    Raises:
        PortIsTaken: it, or all of them, are in use.
    """
    for number in (port,) if port else range(PORT, PORT + TRIED):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # On Windows the same option would let another program take the port over.
        if sys.platform == "win32":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, number))
            one.listen(64)
        except OSError:
            one.close()
            continue
        return one
    raise PortIsTaken(port=port or f"{PORT}–{PORT + TRIED - 1}")
