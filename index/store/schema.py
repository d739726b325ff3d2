"""The tables, as an ordered list of steps: step *n* brings a store of version *n* − 1 to version *n*.

A step that was released is never changed; what is new is appended. All steps that a file lacks are
made in one transaction, so a kill leaves the old version or the new one. A store of the present
version is opened without writing anything.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from ..clock import Clock

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stories (
    id TEXT PRIMARY KEY, published TEXT, source_id TEXT NOT NULL, import_id TEXT NOT NULL,
    digest TEXT NOT NULL, record TEXT NOT NULL, added TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX stories_by_day ON stories (published DESC, id);
CREATE INDEX stories_by_import ON stories (import_id);
CREATE TABLE revisions (
    story_id TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, replaced TEXT NOT NULL,
    PRIMARY KEY (story_id, digest)
) WITHOUT ROWID;
CREATE TABLE annotations (
    story_id TEXT PRIMARY KEY REFERENCES stories (id) ON DELETE CASCADE,
    story_digest TEXT NOT NULL, rules TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE addresses (
    url TEXT PRIMARY KEY, source_id TEXT NOT NULL, story_id TEXT, why TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE lists (url TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (number INTEGER PRIMARY KEY, source_id TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE folds (story_id TEXT PRIMARY KEY, first TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (id TEXT PRIMARY KEY, imported TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
"""

_SNAPSHOTS = """
CREATE TABLE snapshots (
    url TEXT NOT NULL, digest TEXT NOT NULL, source_id TEXT NOT NULL, file TEXT NOT NULL,
    last INTEGER NOT NULL, fetched TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (url, digest)
) WITHOUT ROWID;
"""

_CRAWL_STATE = """
CREATE TABLE queue (
    number INTEGER PRIMARY KEY, source_id TEXT NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL,
    day TEXT NOT NULL, rank TEXT NOT NULL, due TEXT NOT NULL, deep INTEGER NOT NULL,
    why TEXT NOT NULL, facts TEXT NOT NULL, visit INTEGER NOT NULL, found TEXT NOT NULL,
    UNIQUE (source_id, kind, url)
);
CREATE INDEX queue_in_order ON queue (source_id, kind, rank DESC, number);
CREATE TABLE hosts (host TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
    number INTEGER PRIMARY KEY, story_id TEXT NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX events_by_story ON events (story_id, number);
ALTER TABLE addresses ADD COLUMN visit INTEGER NOT NULL DEFAULT 0;
CREATE TABLE earlier (
    number INTEGER PRIMARY KEY, story_id TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL,
    replaced TEXT NOT NULL, cause TEXT NOT NULL
);
INSERT INTO earlier (story_id, digest, record, replaced, cause)
    SELECT story_id, digest, record, replaced, '' FROM revisions ORDER BY replaced, story_id, digest;
DROP TABLE revisions;
ALTER TABLE earlier RENAME TO revisions;
CREATE INDEX revisions_by_story ON revisions (story_id, number);
CREATE TABLE texts (
    source_id TEXT NOT NULL, digest TEXT NOT NULL, story_id TEXT NOT NULL,
    PRIMARY KEY (source_id, digest)
) WITHOUT ROWID;
CREATE INDEX stories_by_source ON stories (source_id, published);
CREATE INDEX runs_by_source ON runs (source_id, number);
CREATE INDEX snapshots_by_source ON snapshots (source_id, url);
CREATE INDEX snapshots_by_file ON snapshots (file, last);
INSERT INTO queue (source_id, kind, url, day, rank, due, deep, why, facts, visit, found)
    SELECT source_id, 'story', url, '', substr(at, 1, 10), '', 0, why, '{}', 0, at
    FROM addresses WHERE story_id IS NULL AND why = 'robots';
DELETE FROM addresses WHERE story_id IS NULL AND why = 'robots'
"""

STEPS: Final[tuple[str, ...]] = (_FIRST, _SNAPSHOTS, _CRAWL_STATE)
SCHEMA_VERSION: Final = len(STEPS)


def version_of(db: sqlite3.Connection) -> int:
    """The version of a file's tables; 0 when there are none of ours."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        return 0
    return int(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def bring_up_to_date(db: sqlite3.Connection, clock: Clock) -> None:
    """Makes the steps that the file lacks, all or none. Only a writer may call it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        found = version_of(db)
        for step in STEPS[found:]:
            for statement in step.split(";"):
                db.execute(statement)
        facts = [("schema", str(SCHEMA_VERSION)), ("created", clock().isoformat())]
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts[0])
        db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", facts[1])
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
