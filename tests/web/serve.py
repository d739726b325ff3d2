"""A desk in a process of its own, to be killed: ``python -m tests.web.serve FOLDER PORT``."""

from __future__ import annotations

import sys
from pathlib import Path

from jianbao.desk.session import Session
from jianbao.desk.web.app import make_app
from jianbao.desk.web.command import listen, server_of
from jianbao.desk.web.keys import Keys

from .conftest import clock

if __name__ == "__main__":
    session = Session(Path(sys.argv[1]), clock)
    keys = Keys.of(session.workspace().store_path.parent)
    port = int(sys.argv[2])
    listening = listen(port)
    print(keys.entry, flush=True)
    server_of(make_app(session, keys, port)).run(sockets=[listening])
