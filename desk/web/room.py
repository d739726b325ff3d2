"""The room that the desk's pages work in: workspace, store, clock, printer, and one writer at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...index.annotate import Annotator
from ...index.clock import week_of
from ...index.gazetteer import Gazetteer
from ...index.store import Store, StoreIsMissing
from ..checks import Checks, checks_of
from ..indexing import annotator_of
from ..session import Session
from ..workspace import Workspace
from .keys import Keys

if TYPE_CHECKING:
    from .printing import Printer


OWN_FILES: Final = ("jianbao.toml", "themes.toml", "places.toml", "words.txt", "terms.toml")
"""The office's own files, which checks and annotator are made from."""


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


@dataclass(slots=True)
class Room:
    """What every page needs. Nothing of the stories and issues is remembered between two requests, so
    that the command line and a second desk may change them at any moment."""

    session: Session
    keys: Keys
    printer: Printer
    remarks: dict[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    """Issue → what the editor should know of the documents made last."""
    _one: threading.RLock = field(default_factory=threading.RLock)
    _tables: dict[str, tuple[object, Any]] = field(default_factory=dict[str, "tuple[object, Any]"])

    def workspace(self) -> Workspace:
        """The workspace, as its settings stand now."""
        return self.session.workspace()

    def today(self) -> date:
        """The day, in Asia/Shanghai."""
        return self.session.clock().date()

    def week(self) -> str:
        """The week of today."""
        return week_of(self.today())

    @contextmanager
    def read(self) -> Iterator[Store | None]:
        """The store, to read; ``None`` while there is none yet."""
        try:
            store = self.session.read()
        except StoreIsMissing:
            yield None
            return
        with store:
            yield store

    @contextmanager
    def write(self, what: str) -> Iterator[Store]:
        """The store, to write; the requests of this desk wait for each other."""
        with self._one, self.session.write(f"desk {what}") as store:
            yield store

    def serve(self, handler: Callable[[Any], Any], ask: Any) -> Any:
        """Runs a handler; those that change something one after the other."""
        if ask.request.method in ("GET", "HEAD"):
            return handler(ask)
        with self._one:
            return handler(ask)

    def checks(self) -> Checks:
        """The checks of the workspace: their tables take half a second, so they are kept until one of
        the office's own files changes."""
        return self._kept("checks", lambda: checks_of(self.session))

    def annotator(self) -> Annotator:
        """The annotator of the workspace, kept in the same way."""
        return self._kept("annotator", lambda: annotator_of(self.workspace()))

    def _kept(self, name: str, make: Callable[[], Any]) -> Any:
        root = self.workspace().root
        stamp = [_stamp(root / one) for one in OWN_FILES]
        known, value = self._tables.get(name, (None, None))
        if known != stamp:
            value = make()
            self._tables[name] = (stamp, value)
        return value

    def places(self) -> Gazetteer:
        """All places."""
        return Gazetteer.load()
