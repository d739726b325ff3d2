"""The store 稿库: every story, annotation and imported page, in one SQLite file.

Everything right of the store can be thrown away and made again from it. One process writes at a
time and its name stands beside the lock; readers are never blocked (write-ahead log). All SQL of
the project stands in this package: one module for each kind of data, and the tables in
:mod:`.schema`.
"""

from __future__ import annotations

from .annotations import AnnotationTables
from .connection import (
    StoreCannotWrite,
    StoreIsDamaged,
    StoreIsMissing,
    StoreIsNewer,
    WriterIsBusy,
    digest_of,
)
from .crawl import CrawlTables, ListState
from .desk import DeskTables
from .history import Cause, Revision, StoryEvent
from .hosts import HostState, HostTables
from .imports import ImportedPage, ImportTables
from .queue import Task, TaskKind
from .runs import RunTables, SourceRun
from .schema import SCHEMA_VERSION
from .snapshots import Snapshot, SnapshotTables
from .stories import Change


class Store(
    DeskTables,
    CrawlTables,
    HostTables,
    ImportTables,
    AnnotationTables,
    RunTables,
    SnapshotTables,
):
    """The story store. Open it with :meth:`open` and close it, or use it as a context manager."""


__all__ = [
    "SCHEMA_VERSION",
    "Cause",
    "Change",
    "HostState",
    "ImportedPage",
    "ListState",
    "Revision",
    "Snapshot",
    "SourceRun",
    "Store",
    "StoreCannotWrite",
    "StoreIsDamaged",
    "StoreIsMissing",
    "StoreIsNewer",
    "StoryEvent",
    "Task",
    "TaskKind",
    "WriterIsBusy",
    "digest_of",
]
