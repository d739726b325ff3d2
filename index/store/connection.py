"""The file: opening, the one writer's lock, transactions, and what can go wrong with it."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from ..clock import Clock
from ..errors import JianbaoError
from .schema import SCHEMA_VERSION, bring_up_to_date, version_of


class StoreIsMissing(JianbaoError):
    """There is no database yet."""

    code = "JB-110"
    what = "there is no story store here yet"
    remedy = "run `jianbao crawl` or `jianbao import` first"
    what_zh = "这里还没有稿库"
    remedy_zh = "请先采集（jianbao crawl）或导入（jianbao import）"


class WriterIsBusy(JianbaoError):
    """Another process holds the one writer's lock."""

    code = "JB-111"
    what = "the store is being written by {owner}"
    remedy = "wait until it has finished, or stop it, and run the command again"
    what_zh = "稿库正在被{owner}写入"
    remedy_zh = "请等它完成，或停止它之后再试"


class StoreIsNewer(JianbaoError):
    """The file was written by a later version."""

    code = "JB-112"
    what = "the store has schema {found}, this program knows {known}"
    remedy = "install the newer jianbao; nothing was changed"
    what_zh = "稿库的版本（{found}）比本程序（{known}）新"
    remedy_zh = "请安装新版简报程序，稿库没有被改动"


class StoreIsDamaged(JianbaoError):
    """SQLite cannot read the file."""

    code = "JB-113"
    what = "the store cannot be read ({detail})"
    remedy = "restore data/jianbao.db from a copy; the file was left as it is"
    what_zh = "稿库无法读取（{detail}）"
    remedy_zh = "请用备份恢复 data/jianbao.db，原文件没有被改动"


class StoreCannotWrite(JianbaoError):
    """The disk is full or the folder is read-only."""

    code = "JB-114"
    what = "the store could not be written ({detail})"
    remedy = "free some disk space or check the folder's rights, then run the command again; nothing was half-written"
    what_zh = "稿库写入失败（{detail}）"
    remedy_zh = "请清理磁盘空间或检查文件夹权限后重试，没有写入半截数据"


def digest_of(data: object) -> str:
    """SHA-256 of the canonical JSON of plain data, in hexadecimal."""
    return hashlib.sha256(dump(data).encode("utf-8", "surrogatepass")).hexdigest()


def dump(data: object) -> str:
    """Canonical JSON: the same data, the same text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Connection:
    """An open store. The modules beside this one add what each kind of data needs."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, clock: Clock, lock: FileLock | None
    ) -> None:
        self.path = path
        self._db = connection
        self._clock = clock
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, clock: Clock, writer: str = "") -> Self:
        """Opens the store, to read, or to write when ``writer`` names the command that will.

        A writer makes the file when it is missing and holds the one writer's lock until
        :meth:`close`. The lock is the operating system's, so a killed writer leaves none behind.
        A file of an earlier version is brought up to date first, by a reader as well.

        Raises:
            StoreIsMissing: nothing to read yet.
            WriterIsBusy: another process writes; the message names it.
            StoreIsNewer, StoreIsDamaged, StoreCannotWrite: the file cannot be used; it is left alone.
        """
        if not writer and not path.is_file():
            raise StoreIsMissing(path)
        lock = _take_lock(path, writer, clock) if writer else None
        try:
            connection = _connect(path, clock, writes=bool(writer))
        except BaseException:
            _give_back(path, lock)
            raise
        return cls(path, connection, clock, lock)

    def close(self) -> None:
        """Closes the file and gives the writer's lock back."""
        self._db.close()
        _give_back(self.path, self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _now(self) -> str:
        return self._clock().isoformat()

    @contextmanager
    def _transaction(self, *, lasting: bool = True) -> Iterator[None]:
        """All of the block's writing, or nothing of it.

        Args:
            lasting: whether it survives a power cut once the block has ended. What the crawler only
                has to do again need not wait for the disk; it is written in order with what must
                last, so a power cut takes the newest of it and never something from the middle.
        """
        try:
            if not lasting:
                self._db.execute("PRAGMA synchronous = NORMAL")
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            finally:
                if not lasting:
                    self._db.execute("PRAGMA synchronous = FULL")
        except sqlite3.OperationalError as error:
            raise StoreCannotWrite(self.path, detail=error) from error


def _connect(path: Path, clock: Clock, *, writes: bool) -> sqlite3.Connection:
    mode = "rwc" if writes else "rw"
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            _check_schema(db, path, clock, writes=writes)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise StoreIsDamaged(path, detail=error) from error
    return db


def _check_schema(db: sqlite3.Connection, path: Path, clock: Clock, *, writes: bool) -> None:
    found = version_of(db)
    if found > SCHEMA_VERSION:
        raise StoreIsNewer(path, found=found, known=SCHEMA_VERSION)
    if found == SCHEMA_VERSION:
        return
    lock = None if writes else _take_lock(path, "upgrade of the store", clock)
    try:
        bring_up_to_date(db, clock)
    finally:
        _give_back(path, lock)


def _owner_file(path: Path) -> Path:
    return path.with_name(path.name + ".writer.json")


def _take_lock(path: Path, writer: str, clock: Clock) -> FileLock:
    """The one writer's lock. Who holds it stands in a file beside it, for the message only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(path.name + ".lock"), timeout=0)
        lock.acquire()
    except Timeout:
        raise WriterIsBusy(path, owner=_owner(path)) from None
    except OSError as error:
        raise StoreCannotWrite(path, detail=error.strerror or error) from error
    owner = {
        "command": writer,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": clock().isoformat(),
    }
    _owner_file(path).write_text(dump(owner), encoding="utf-8")
    return lock


def _give_back(path: Path, lock: FileLock | None) -> None:
    if lock:
        _owner_file(path).unlink(missing_ok=True)
        lock.release()


def _owner(path: Path) -> str:
    try:
        owner = json.loads(_owner_file(path).read_text(encoding="utf-8"))
        return f"`jianbao {owner['command']}` (process {owner['pid']} on {owner['host']}, since {owner['since'][:16]})"
    except (OSError, ValueError, KeyError):
        return "another process"
