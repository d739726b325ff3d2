"""``jianbao doctor`` names what is wrong and what to do; ``jianbao run`` does what it can."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from jianbao.desk.doctor import Diagnosis, examine
from jianbao.desk.issue import Item

from .conftest import Jianbao
from .made import Office, a_story, make_office, story_id


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = make_office(tmp_path / "office")
    made.put([a_story("甲")])
    return made


def seen(office: Office, state: str) -> dict[str, Diagnosis]:
    return {one.about: one for one in examine(office.session) if one.state == state}


def test_a_new_office_is_told_what_comes_next(office: Office, jianbao: Jianbao) -> None:
    done = jianbao("doctor", cwd=office.root)
    assert "remedy: `jianbao build`" in done.out
    assert jianbao("index").code == 0
    assert jianbao("build").code == 0
    office.signed(story_id("甲"))
    assert "signed but not on it: 2026-1" in jianbao("doctor").out
    jianbao("build")
    after = jianbao("doctor")
    assert after.code == 0
    assert "fine   site: 1 issues on it" in after.out
    assert "fine   search index: 1 stories, up to date" in after.out


def test_every_trouble_is_named_with_its_remedy(office: Office) -> None:
    office.issue(story_id("甲"))
    issues = office.session.issues()
    path = issues.path("2026-1")
    path.write_text(
        path.read_text(encoding="utf-8").replace("number = 1", "number = x"), encoding="utf-8"
    )
    (office.root / "issues" / "draft.toml").write_text("", encoding="utf-8")
    (office.root / "terms.toml").write_text("[[term]]\n", encoding="utf-8")
    (office.root / "criteria.toml").write_text("mots = 3\n", encoding="utf-8")
    (office.root / "sources" / "a.toml").write_text("id = 3\n", encoding="utf-8")
    wrong = seen(office, "wrong")
    assert "2026-001.toml:2" in wrong["issues"].said
    assert "terms.toml" in wrong["terms.toml"].said
    assert "criteria.toml:1" in wrong["criteria.toml"].said
    assert "a.toml" in wrong["sources"].said
    assert "JB-116" not in wrong["search index"].said
    assert all(one.remedy for one in wrong.values())
    assert "draft.toml" in seen(office, "look")["issues"].said


def test_a_damaged_book_and_a_held_lock_are_seen(office: Office) -> None:
    office.issue(story_id("甲"))
    lock = FileLock(office.root / "data" / "jianbao.db.lock")
    with lock:
        assert "jianbao.db.lock" in seen(office, "look")["locks"].said
    office.session.workspace().book_path.write_bytes(b"no database at all, but long enough" * 99)
    assert "JB-432" in seen(office, "wrong")["desk's book"].said


def test_a_story_of_an_open_issue_that_left_the_store_is_seen(office: Office) -> None:
    office.issue(story_id("甲"), story_id("没有"))
    assert story_id("没有") in seen(office, "look")["store"].said


def test_the_doctor_changes_nothing(office: Office) -> None:
    office.issue(story_id("甲"))

    def tree() -> dict[str, bytes]:
        kept = [path for path in office.root.rglob("*") if path.suffix in (".toml", ".txt", ".db")]
        return {str(path): path.read_bytes() for path in kept}

    before = tree()
    examine(office.session)
    assert tree() == before


def test_the_doctor_speaks_json(office: Office, jianbao: Jianbao) -> None:
    rows = [
        json.loads(line) for line in jianbao("doctor", "--json", cwd=office.root).out.splitlines()
    ]
    assert {"workspace", "disk", "issues", "store", "site"} <= {row["about"] for row in rows}


# --- run ---


def test_a_run_does_the_steps_it_can(office: Office, jianbao: Jianbao) -> None:
    path = office.root / "jianbao.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("desk@example.org", ""), encoding="utf-8")
    done = jianbao("run", cwd=office.root)
    assert done.code == 1
    assert "crawl: JB-403" in done.err
    assert (office.root / "public" / "index.html").is_file()
    path.write_text(text, encoding="utf-8")
    assert jianbao("run").code == 0


def test_two_runs_do_not_meet(office: Office, jianbao: Jianbao) -> None:
    with FileLock(office.root / "data" / "run.lock"):
        done = jianbao("run", cwd=office.root)
    assert done.code == 3
    assert "JB-438" in done.err


# --- killed anywhere ---

KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from jianbao.index.clock import ZONE
from jianbao.desk.session import Session
import jianbao.index.tomlfile as tomlfile
at = int(sys.argv[2])
count = 0
for name in ("fsync", "replace"):
    real = getattr(os, name)
    def step(*args, real=real, **named):
        global count
        count += 1
        if count == at:
            os._exit(9)
        return real(*args, **named)
    setattr(os, name, step)
session = Session(Path(sys.argv[1]), lambda: datetime(2026, 11, 22, 10, tzinfo=ZONE))
session.issues().edit("2026-1", sys.argv[3], headline="新的标题" * 2000)
"""


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_killed_desk_leaves_the_old_file_or_the_new_one(office: Office, at: int) -> None:
    office.issue(story_id("甲"))
    path = office.session.issues().path("2026-1")
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(office.root), str(at), story_id("甲")],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    headline = office.session.issues().get("2026-1").items[0].headline
    assert done.returncode in (0, 9)
    assert (path.read_bytes() == before) is (headline == "")
    assert done.returncode == 0 or headline in ("", "新的标题" * 2000)
    office.session.issues().add("2026-1", Item(story="bbb"))
    assert office.session.issues().undo("2026-1").items[-1].story == story_id("甲")


def test_a_book_of_a_later_version_is_left_alone(office: Office) -> None:
    from jianbao.desk.book import BookIsNewer

    path = office.session.workspace().book_path
    office.issue(story_id("甲"))
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(BookIsNewer):
        office.session.issues().drop("2026-1", story_id("甲"))
