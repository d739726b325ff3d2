"""The store 稿库: every story, annotation and imported page, in one SQLite file.

Everything right of the store can be thrown away and made again from it. One process writes at a
time and its name stands beside the lock; readers are never blocked (write-ahead log). All SQL of
the project stands in this module.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from filelock import FileLock, Timeout

from .annotation import Annotation
from .clock import Clock
from .errors import JianbaoError
from .story import Rights, Story

SCHEMA_VERSION = 2

Change = Literal["new", "changed", "same"]


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


@dataclass(frozen=True, slots=True)
class ListState:
    """What we know of a list page or feed, so that the next visit can be conditional."""

    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source in one crawl. Times are ISO 8601 in Asia/Shanghai; ``problem`` is empty when all went well.

    ``new`` counts changed stories too, which ``changed`` counts apart. ``statuses`` are the answers by
    status, ``filled`` how many of the stories had each field, ``rules`` which rule found their bodies.
    """

    source_id: str
    started: str
    finished: str
    requests: int
    new: int
    same: int
    refused: int
    problem: str = ""
    changed: int = 0
    missed: int = 0
    received: int = 0  # bytes of bodies
    statuses: dict[str, int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a page is kept as it came: ``size`` bytes from ``start`` of a WARC file.

    ``digest`` is the SHA-256 of the page, ``page_of`` the story's address when this is one of its
    further pages, ``listed`` the day that the list printed beside the link (ISO 8601 or empty).
    """

    url: str
    source_id: str
    digest: str
    file: str
    start: int
    size: int
    fetched: str
    page_of: str = ""
    listed: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page of plain text that an editor brought in, with the editor's edits to its split.

    The text is kept whole, so that the split can be made again at any time; ``cleaned`` are the
    repairs of kind "cleaned" that were made when it was read, as plain data.
    """

    id: str
    name: str
    text: str
    source: str = ""
    published: str = ""
    page: str = ""
    rights: Rights = "excerpt"
    edits: tuple[dict[str, Any], ...] = ()
    cleaned: tuple[dict[str, Any], ...] = ()
    imported: str = ""


_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stories (
    id TEXT PRIMARY KEY, published TEXT, source_id TEXT NOT NULL, import_id TEXT NOT NULL,
    digest TEXT NOT NULL, record TEXT NOT NULL, added TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stories_by_day ON stories (published DESC, id);
CREATE INDEX IF NOT EXISTS stories_by_import ON stories (import_id);
CREATE TABLE IF NOT EXISTS revisions (
    story_id TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, replaced TEXT NOT NULL,
    PRIMARY KEY (story_id, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS annotations (
    story_id TEXT PRIMARY KEY REFERENCES stories (id) ON DELETE CASCADE,
    story_digest TEXT NOT NULL, rules TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS addresses (
    url TEXT PRIMARY KEY, source_id TEXT NOT NULL, story_id TEXT, why TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lists (url TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, source_id TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS folds (story_id TEXT PRIMARY KEY, first TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
    url TEXT NOT NULL, digest TEXT NOT NULL, source_id TEXT NOT NULL, file TEXT NOT NULL,
    last INTEGER NOT NULL, fetched TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (url, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (id TEXT PRIMARY KEY, imported TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
"""


def digest_of(data: object) -> str:
    """SHA-256 of the canonical JSON of plain data, in hexadecimal."""
    return hashlib.sha256(_dump(data).encode("utf-8", "surrogatepass")).hexdigest()


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Store:
    """The story store. Open it with :meth:`open` and close it, or use it as a context manager."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, clock: Clock, lock: FileLock | None
    ) -> None:
        self.path = path
        self._db = connection
        self._clock = clock
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, clock: Clock, writer: str = "") -> Store:
        """Opens the store, to read, or to write when ``writer`` names the command that will.

        A writer makes the file when it is missing and holds the one writer's lock until
        :meth:`close`. The lock is the operating system's, so a killed writer leaves none behind.

        Raises:
            StoreIsMissing: nothing to read yet.
            WriterIsBusy: another process writes; the message names it.
            StoreIsNewer, StoreIsDamaged, StoreCannotWrite: the file cannot be used; it is left alone.
        """
        if not writer and not path.is_file():
            raise StoreIsMissing(path)
        lock = _take_lock(path, writer, clock) if writer else None
        try:
            connection = _connect(path, clock, create=bool(writer))
        except BaseException:
            if lock:
                lock.release()
            raise
        return cls(path, connection, clock, lock)

    def close(self) -> None:
        """Closes the file and gives the writer's lock back."""
        self._db.close()
        if self._lock:
            _owner_file(self.path).unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- stories ---

    def put_story(self, story: Story) -> Change:
        """Stores a story under its id; an earlier text of the same id is kept as a revision."""
        with self._transaction():
            return self._put(story)

    def story(self, story_id: str) -> Story | None:
        """One story, or ``None``."""
        row = self._db.execute("SELECT record FROM stories WHERE id = ?", (story_id,)).fetchone()
        return Story.from_json(json.loads(row[0])) if row else None

    def find(self, prefix: str) -> list[str]:
        """Ids that begin with ``prefix``, in order."""
        rows = self._db.execute(
            "SELECT id FROM stories WHERE substr(id, 1, ?) = ? ORDER BY id", (len(prefix), prefix)
        )
        return [row[0] for row in rows]

    def stories(self) -> Iterator[Story]:
        """Every story, the newest day first, unknown days last, then by id."""
        for row in self._db.execute("SELECT record FROM stories ORDER BY published DESC, id"):
            yield Story.from_json(json.loads(row[0]))

    def revisions(self, story_id: str) -> list[Story]:
        """Earlier texts of a story, the oldest first."""
        rows = self._db.execute(
            "SELECT record FROM revisions WHERE story_id = ? ORDER BY replaced, digest", (story_id,)
        )
        return [Story.from_json(json.loads(row[0])) for row in rows]

    # --- annotations ---

    def put_annotation(self, story_id: str, annotation: Annotation, rules: str) -> None:
        """Stores what a story is about, as the rules of version ``rules`` see its present text."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO annotations SELECT id, digest, ?, ? FROM stories WHERE id = ?",
                (rules, _dump(annotation.to_json()), story_id),
            )

    def annotation(self, story_id: str) -> Annotation | None:
        """The annotation of a story, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM annotations WHERE story_id = ?", (story_id,)
        ).fetchone()
        return Annotation.from_json(json.loads(row[0])) if row else None

    def annotated(self) -> Iterator[tuple[Story, Annotation | None]]:
        """Every story with its annotation, in the order of :meth:`stories`."""
        rows = self._db.execute(
            "SELECT stories.record, annotations.record FROM stories"
            " LEFT JOIN annotations ON story_id = id ORDER BY published DESC, id"
        )
        for story, annotation in rows:
            known = Annotation.from_json(json.loads(annotation)) if annotation else None
            yield Story.from_json(json.loads(story)), known

    def stamps(self) -> dict[str, str]:
        """Story id → a mark that changes with the story's record or its annotation."""
        rows = self._db.execute(
            "SELECT id, digest, annotations.record FROM stories"
            " LEFT JOIN annotations ON story_id = id ORDER BY id"
        )
        return {
            story: hashlib.sha256(
                f"{digest}{annotation}".encode("utf-8", "surrogatepass")
            ).hexdigest()[:16]
            for story, digest, annotation in rows
        }

    def unannotated(self, rules: str) -> list[Story]:
        """Stories that have no annotation by these rules, or whose text changed since, by id."""
        rows = self._db.execute(
            "SELECT stories.record FROM stories LEFT JOIN annotations ON story_id = id"
            " WHERE rules IS NOT ? OR story_digest <> digest ORDER BY id",
            (rules,),
        )
        return [Story.from_json(json.loads(row[0])) for row in rows]

    def put_folds(self, firsts: Mapping[str, str]) -> None:
        """Stores the folds of reprints anew: story id → id of the first story of its fold."""
        with self._transaction():
            self._db.execute("DELETE FROM folds")
            self._db.executemany("INSERT INTO folds VALUES (?, ?)", sorted(firsts.items()))

    def folds(self) -> dict[str, str]:
        """Story id → id of the first story of its fold, as last stored."""
        return dict(
            self._db.execute("SELECT story_id, first FROM folds ORDER BY story_id").fetchall()
        )

    # --- what the crawler remembers ---

    def seen(self, url: str) -> bool:
        """Whether a story address was taken, or refused for good."""
        return (
            self._db.execute("SELECT 1 FROM addresses WHERE url = ?", (url,)).fetchone() is not None
        )

    def take(self, story: Story, *, url: str) -> Change:
        """Stores a story and marks its address as seen, both or neither."""
        with self._transaction():
            change = self._put(story)
            self._mark(url, story.source_id, story.id, "")
            return change

    def refuse(self, url: str, *, source_id: str, why: str) -> None:
        """Marks an address as seen without a story, with the reason."""
        with self._transaction():
            self._mark(url, source_id, None, why)

    def refused(self) -> list[tuple[str, str, str]]:
        """Addresses without a story: source id, address, reason."""
        rows = self._db.execute(
            "SELECT source_id, url, why FROM addresses WHERE story_id IS NULL ORDER BY source_id, url"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def list_state(self, url: str) -> ListState | None:
        """What the last visit to a list page left, or ``None``."""
        row = self._db.execute("SELECT record FROM lists WHERE url = ?", (url,)).fetchone()
        return ListState(**json.loads(row[0])) if row else None

    def put_list_state(self, state: ListState) -> None:
        """Remembers a visit to a list page."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO lists VALUES (?, ?)", (state.url, _dump(asdict(state)))
            )

    def log_run(self, run: SourceRun) -> None:
        """Adds a line to the ledger of crawls."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO runs (source_id, record) VALUES (?, ?)",
                (run.source_id, _dump(asdict(run))),
            )

    def runs(self) -> list[SourceRun]:
        """The ledger of crawls, the oldest first."""
        return [
            SourceRun(**json.loads(row[0]))
            for row in self._db.execute("SELECT record FROM runs ORDER BY number")
        ]

    def days(self, source_id: str) -> list[date]:
        """The days on which a source published the stories that we have, each once, in order."""
        rows = self._db.execute(
            "SELECT DISTINCT published FROM stories WHERE source_id = ? AND published IS NOT NULL"
            " ORDER BY published",
            (source_id,),
        )
        return [date.fromisoformat(row[0]) for row in rows]

    # --- snapshots ---

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Remembers where a page is kept."""
        end = snapshot.start + snapshot.size
        row = (snapshot.url, snapshot.digest, snapshot.source_id, snapshot.file, end)
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, snapshot.fetched, _dump(asdict(snapshot))),
            )

    def snapshot(self, url: str, digest: str) -> Snapshot | None:
        """The snapshot of a page with these bytes, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM snapshots WHERE url = ? AND digest = ?", (url, digest)
        ).fetchone()
        return Snapshot(**json.loads(row[0])) if row else None

    def snapshots(self, source_id: str) -> list[Snapshot]:
        """The latest snapshot of every page of a source, by address."""
        rows = self._db.execute(
            "SELECT record FROM snapshots WHERE source_id = ? ORDER BY url, fetched, last",
            (source_id,),
        )
        latest = {one.url: one for one in (Snapshot(**json.loads(row[0])) for row in rows)}
        return list(latest.values())

    def snapshots_end(self, file: str) -> int:
        """Where the last known snapshot of a file ends."""
        row = self._db.execute("SELECT max(last) FROM snapshots WHERE file = ?", (file,)).fetchone()
        return row[0] or 0

    # --- pages that an editor brought in ---

    def put_page(self, page: ImportedPage, stories: Sequence[Story]) -> dict[Change, int]:
        """Stores a page and the stories made from it, in place of those made from it before.

        Returns how many stories are new, changed and the same.
        """
        counts: dict[Change, int] = {"new": 0, "changed": 0, "same": 0}
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)",
                (page.id, page.imported, _dump(asdict(page))),
            )
            keep = {story.id for story in stories}
            for (old,) in self._db.execute(
                "SELECT id FROM stories WHERE import_id = ?", (page.id,)
            ).fetchall():
                if old not in keep:
                    self._db.execute("DELETE FROM stories WHERE id = ?", (old,))
            for story in stories:
                counts[self._put(story, import_id=page.id)] += 1
        return counts

    def page(self, page_id: str) -> ImportedPage | None:
        """An imported page, or ``None``."""
        row = self._db.execute("SELECT record FROM pages WHERE id = ?", (page_id,)).fetchone()
        return _read_page(row[0]) if row else None

    def pages(self) -> list[ImportedPage]:
        """Imported pages, the latest first."""
        rows = self._db.execute("SELECT record FROM pages ORDER BY imported DESC, id")
        return [_read_page(row[0]) for row in rows]

    def page_of(self, story_id: str) -> str:
        """The id of the imported page that a story was made from, or an empty text."""
        row = self._db.execute("SELECT import_id FROM stories WHERE id = ?", (story_id,)).fetchone()
        return row[0] if row else ""

    # --- inside ---

    def _put(self, story: Story, import_id: str = "") -> Change:
        record = _dump(story.to_json())
        digest = digest_of(story.to_json())
        old = self._db.execute(
            "SELECT digest, record FROM stories WHERE id = ?", (story.id,)
        ).fetchone()
        if old and old[0] == digest:
            return "same"
        now = self._clock().isoformat()
        day = story.published.isoformat() if story.published else None
        if old:
            self._db.execute(
                "INSERT OR IGNORE INTO revisions VALUES (?, ?, ?, ?)", (story.id, *old, now)
            )
            self._db.execute(
                "UPDATE stories SET published = ?, source_id = ?, import_id = ?, digest = ?, record = ? WHERE id = ?",
                (day, story.source_id, import_id, digest, record, story.id),
            )
            return "changed"
        self._db.execute(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?)",
            (story.id, day, story.source_id, import_id, digest, record, now),
        )
        return "new"

    def _mark(self, url: str, source_id: str, story_id: str | None, why: str) -> None:
        now = self._clock().isoformat()
        self._db.execute(
            "INSERT OR REPLACE INTO addresses VALUES (?, ?, ?, ?, ?)",
            (url, source_id, story_id, why, now),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise StoreCannotWrite(self.path, detail=error) from error


def _read_page(record: str) -> ImportedPage:
    data = json.loads(record)
    return ImportedPage(
        **{**data, "edits": tuple(data["edits"]), "cleaned": tuple(data["cleaned"])}
    )


def _connect(path: Path, clock: Clock, *, create: bool) -> sqlite3.Connection:
    mode = "rwc" if create else "rw"
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            _check_schema(db, path, clock, write=create)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise StoreIsDamaged(path, detail=error) from error
    return db


def _check_schema(db: sqlite3.Connection, path: Path, clock: Clock, *, write: bool) -> None:
    """Makes the tables in one transaction, or checks that this program knows them.

    A writer brings an older file up to date; what later versions added so far are whole tables.
    """
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        facts = [("schema", str(SCHEMA_VERSION)), ("created", clock().isoformat())]
        db.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", facts)
        db.execute("COMMIT")
    found = int(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])
    if found > SCHEMA_VERSION:
        raise StoreIsNewer(path, found=found, known=SCHEMA_VERSION)
    if found < SCHEMA_VERSION and write:
        db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(SCHEMA_VERSION),))
        db.execute("COMMIT")


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
    _owner_file(path).write_text(_dump(owner), encoding="utf-8")
    return lock


def _owner(path: Path) -> str:
    try:
        owner = json.loads(_owner_file(path).read_text(encoding="utf-8"))
        return f"`jianbao {owner['command']}` (process {owner['pid']} on {owner['host']}, since {owner['since'][:16]})"
    except (OSError, ValueError, KeyError):
        return "another process"
