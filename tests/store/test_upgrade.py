"""A store of an earlier version is brought up to date when it is opened, whole or not at all."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from filelock import FileLock

from jianbao.index.store import SCHEMA_VERSION, ListState, Store, WriterIsBusy
from jianbao.index.store.connection import digest_of, dump
from jianbao.index.store.schema import STEPS

from .test_store import a_story, clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jianbao.db"


def a_store_of(version: int, path: Path) -> None:
    """A file as the program of that version left it, with a story, its earlier text and refusals."""
    story = a_story("槐树沟")
    earlier = replace(story, headline="更正前的标题")
    with sqlite3.connect(path) as db:
        for step in STEPS[:version]:
            db.executescript(step)
        db.execute("INSERT INTO meta VALUES ('schema', ?)", (str(version),))
        db.execute("INSERT INTO meta VALUES ('created', '2026-10-01T09:00:00+08:00')")
        for table, one in (("stories", story), ("revisions", earlier)):
            record = dump(one.to_json())
            facts = (
                (one.id, "2026-11-20", "qinyuan", "", digest_of(one.to_json()), record, "")
                if table == "stories"
                else (one.id, digest_of(one.to_json()), record, "2026-11-21T09:00:00+08:00")
            )
            db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(facts))})", facts)  # noqa: S608
        marks = [
            ("http://county.example/1", "qinyuan", story.id, "", "2026-11-20T09:00:00+08:00"),
            ("http://county.example/2", "qinyuan", None, "short", "2026-11-20T09:00:00+08:00"),
            ("http://county.example/3", "qinyuan", None, "robots", "2026-11-20T09:00:00+08:00"),
        ]
        db.executemany("INSERT INTO addresses VALUES (?, ?, ?, ?, ?)", marks)
        state = {k: v for k, v in asdict(ListState("http://county.example/", digest="d")).items() if k != "read"}  # fmt: skip
        db.execute("INSERT INTO lists VALUES (?, ?)", (state["url"], json.dumps(state)))
    db.close()


@pytest.mark.parametrize("writer", ["", "test"], ids=["a reader", "a writer"])
@pytest.mark.parametrize("version", [1, 2])
def test_an_earlier_store_keeps_everything_it_held(path: Path, version: int, writer: str) -> None:
    a_store_of(version, path)
    with Store.open(path, clock=clock, writer=writer) as store:
        story = a_story("槐树沟")
        assert list(store.stories()) == [story]
        assert [one.headline for one in store.revisions(story.id)] == ["更正前的标题"]
        assert [one.replaced for one in store.revision_log(story.id)] == [
            "2026-11-21T09:00:00+08:00"
        ]
        assert store.list_state("http://county.example/") == ListState(
            "http://county.example/", digest="d"
        )
        assert store.seen("http://county.example/2")
        assert store.snapshots("qinyuan") == []
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (
            str(SCHEMA_VERSION),
        )
    db.close()


def test_what_robots_refused_for_good_waits_to_be_asked_again(path: Path) -> None:
    a_store_of(2, path)
    with Store.open(path, clock=clock, writer="test") as store:
        assert not store.seen("http://county.example/3")
        task = store.next_task("qinyuan", clock().isoformat())
        assert task is not None
        assert (task.url, task.kind, task.why) == ("http://county.example/3", "story", "robots")


def test_a_reader_does_not_upgrade_while_another_writes(path: Path) -> None:
    a_store_of(2, path)
    before = _tables(path)
    with FileLock(path.with_name(path.name + ".lock")), pytest.raises(WriterIsBusy):
        Store.open(path, clock=clock)
    assert _tables(path) == before
    Store.open(path, clock=clock).close()


def test_a_step_that_fails_leaves_the_earlier_version(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_store_of(2, path)
    before = _tables(path)
    broken = (*STEPS, "CREATE TABLE half (a TEXT); CREATE TABEL mistake (b TEXT)")
    monkeypatch.setattr("jianbao.index.store.schema.STEPS", broken)
    with pytest.raises(Exception, match="TABEL"):
        Store.open(path, clock=clock, writer="test")
    assert _tables(path) == before
    monkeypatch.undo()
    Store.open(path, clock=clock, writer="test").close()


def _tables(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    db.close()
    return rows
