"""What every command is given: the workspace it runs in and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from ..index.clock import Clock
from ..index.errors import JianbaoError
from ..index.store import Store
from .book import Book
from .issues import Issues
from .workspace import Workspace


class StoryIsUnknown(JianbaoError):
    """No story has an id that begins so."""

    code = "JB-404"
    what = "no story has an id that begins with {prefix!r}"
    remedy = "see `jianbao stories` for the ids"
    what_zh = "没有编号以“{prefix}”开头的稿件"
    remedy_zh = "请在稿件列表中查看编号"


class StoryIsAmbiguous(JianbaoError):
    """More than one story has an id that begins so."""

    code = "JB-405"
    what = "several stories have ids that begin with {prefix!r}: {ids}"
    remedy = "write more of the id"
    what_zh = "有多篇稿件的编号以“{prefix}”开头：{ids}"
    remedy_zh = "请多写几位编号"


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command line."""

    folder: Path
    clock: Clock

    @classmethod
    def of(cls, context: typer.Context) -> Session:
        """The session that the command line made."""
        return context.ensure_object(cls)

    def workspace(self) -> Workspace:
        """The workspace of this run."""
        return Workspace.open(self.folder)

    def issues(self) -> Issues:
        """The workspace's issues."""
        workspace = self.workspace()
        return Issues(workspace.issues_folder, Book(workspace.book_path), self.clock)

    def book(self) -> Book:
        """The desk's book."""
        return Book(self.workspace().book_path)

    def read(self) -> Store:
        """The workspace's store, to read."""
        return Store.open(self.workspace().store_path, clock=self.clock)

    def write(self, command: str) -> Store:
        """The workspace's store, to write; ``command`` names the writer to others."""
        return Store.open(self.workspace().store_path, clock=self.clock, writer=command)


def story_of(store: Store, prefix: str) -> str:
    """The one id that begins with ``prefix``.

    Raises:
        StoryIsUnknown, StoryIsAmbiguous: there is none, or more than one.
    """
    found = store.find(prefix) if prefix else []
    if not found:
        raise StoryIsUnknown(prefix=prefix)
    if len(found) > 1:
        raise StoryIsAmbiguous(prefix=prefix, ids=" ".join(found[:5]))
    return found[0]
