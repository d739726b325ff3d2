"""The desk's book 台账: what the desk remembers beside the issue files, in ``data/desk.db``.

Earlier versions of issue files, decisions about candidates, the editor's actions, and the texts of
signed stories. It is a file of its own, because an editor decides while a crawl of hours holds the
store's one writer lock; and writes are so short that processes simply take turns. Nothing of it can
be made again from the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..index.errors import JianbaoError
from ..index.limits import BOOK_SECONDS

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions (
    issue TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, act TEXT NOT NULL,
    parent INTEGER NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (issue, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tray (
    story TEXT PRIMARY KEY, state TEXT NOT NULL, why TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actions (
    number INTEGER PRIMARY KEY, issue TEXT NOT NULL, at TEXT NOT NULL, name TEXT NOT NULL, by TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS actions_by_issue ON actions (issue, at);
CREATE TABLE IF NOT EXISTS texts (digest TEXT PRIMARY KEY, story TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
"""


class BookCannotBeUsed(JianbaoError):
    """The desk's book cannot be read or written: a full disk, a read-only folder, a damaged file."""

    code = "JB-432"
    what = "the desk's book cannot be used ({detail})"
    remedy = (
        "free some disk space and check the folder's rights; if the file is damaged, restore data/desk.db"
        " from a copy. Nothing was half-written"
    )
    what_zh = "编辑台账无法使用（{detail}）"
    remedy_zh = (
        "请清理磁盘空间、检查文件夹权限；如文件损坏，请用备份恢复 data/desk.db。没有写入半截数据"
    )


class BookIsNewer(JianbaoError):
    """The file was written by a later version."""

    code = "JB-433"
    what = "the desk's book has schema {found}, this program knows {known}"
    remedy = "install the newer jianbao; nothing was changed"
    what_zh = "编辑台账的版本（{found}）比本程序（{known}）新"
    remedy_zh = "请安装新版简报程序，台账没有被改动"


class Book:
    """The file, opened for each piece of work and closed after it: no process holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question; none where nothing was ever written."""
        if not self.path.is_file():
            return []
        with self._open() as db:
            return db.execute(question, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is written, or nothing."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BookCannotBeUsed(self.path, detail=error.strerror) from error
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self.path, isolation_level=None, timeout=BOOK_SECONDS)
            try:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                self._check_schema(db)
                yield db
            finally:
                db.close()
        except sqlite3.Error as error:
            raise BookCannotBeUsed(self.path, detail=error) from error

    def _check_schema(self, db: sqlite3.Connection) -> None:
        found = int(db.execute("PRAGMA user_version").fetchone()[0])
        if found > SCHEMA_VERSION:
            raise BookIsNewer(self.path, found=found, known=SCHEMA_VERSION)
        if found < SCHEMA_VERSION:
            db.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            db.execute("COMMIT")
