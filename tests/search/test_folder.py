"""The index is a cache in its own folder: missing, stale, foreign, damaged, planted, locked, killed."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from jianbao.index.search import SearchIndex, cache
from jianbao.index.search.cache import (
    SearchFolderIsForeign,
    SearchIndexBusy,
    SearchIndexCannotBeWritten,
    SearchIndexDamaged,
    SearchIndexMissing,
)
from jianbao.index.search.query import Query
from jianbao.index.segment import Segmenter

from .samples import sample_stories

STORIES = sample_stories()[:12]


@pytest.fixture
def folder(tmp_path: Path, segmenter: Segmenter) -> Path:
    SearchIndex.rebuild(tmp_path / "search", STORIES, segmenter).close()
    return tmp_path / "search"


def test_a_missing_index_names_the_command_that_makes_it(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    with pytest.raises(SearchIndexMissing, match=r"JB-150 .*jianbao index --rebuild"):
        SearchIndex.open(tmp_path / "search", segmenter)
    assert not (tmp_path / "search").exists()


@pytest.mark.parametrize("rule", ["layout", "whoosh", "words"])
def test_an_index_of_other_rules_is_stale(folder: Path, segmenter: Segmenter, rule: str) -> None:
    current = json.loads((folder / "current.json").read_text("utf-8"))
    current["rules"][rule] = "another"
    (folder / "current.json").write_text(json.dumps(current), "utf-8")
    with pytest.raises(SearchIndexMissing, match="built by other rules"):
        SearchIndex.open(folder, segmenter)
    with SearchIndex.rebuild(folder, STORIES, segmenter) as index:
        assert len(index) == len(STORIES)


def test_other_words_of_the_editor_make_an_index_stale(folder: Path) -> None:
    with pytest.raises(SearchIndexMissing, match="built by other rules"):
        SearchIndex.open(folder, Segmenter(["暖棚瓜"]))


@pytest.mark.parametrize("name", ["notes.txt", "MAIN_1.toc", "_MAIN_1.toc", "g-1", ".git"])
def test_a_folder_of_somebody_else_is_left_alone(
    tmp_path: Path, segmenter: Segmenter, name: str
) -> None:
    (tmp_path / name).write_bytes(b"mine")
    for action in (
        lambda: SearchIndex.open(tmp_path, segmenter),
        lambda: SearchIndex.rebuild(tmp_path, STORIES, segmenter),
    ):
        with pytest.raises(SearchFolderIsForeign, match=name):
            action()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_a_file_manager_leaves_in_our_folder_does_no_harm(
    folder: Path, segmenter: Segmenter
) -> None:
    (folder / "Thumbs.db").write_bytes(b"")
    SearchIndex.rebuild(folder, STORIES[:3], segmenter).close()
    with SearchIndex.open(folder, segmenter) as index:
        assert len(index) == 3
    assert (folder / "Thumbs.db").exists()


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path, segmenter: Segmenter) -> None:
    (tmp_path / "search").write_text("mine", "utf-8")
    with pytest.raises(SearchFolderIsForeign):
        SearchIndex.open(tmp_path / "search", segmenter)
    with pytest.raises(SearchFolderIsForeign):
        SearchIndex.rebuild(tmp_path / "search", STORIES, segmenter)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 3):
        data[at] ^= 0x5A
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [_truncate, _scramble, Path.unlink, lambda p: p.write_bytes(b"")])
@pytest.mark.parametrize(
    "ending", [".toc", ".sum", ".trm", ".pst", ".key.col", ".text.col", ".shown.col"]
)
def test_a_damaged_file_is_reported_and_a_rebuild_mends_it(
    folder: Path, segmenter: Segmenter, ending: str, harm: Callable[[Path], None]
) -> None:
    harm(next(path for path in folder.rglob("*") if path.name.endswith(ending)))
    with pytest.raises(SearchIndexDamaged, match=r"JB-151 .*jianbao index --rebuild"):
        SearchIndex.open(folder, segmenter)
    with SearchIndex.rebuild(folder, STORIES, segmenter) as index:
        assert index.search(Query(limit=99)).total == len(STORIES)


def test_an_update_of_a_damaged_index_is_reported(folder: Path, segmenter: Segmenter) -> None:
    with SearchIndex.open(folder, segmenter) as index:
        _truncate(next(folder.rglob("*.toc")))
        with pytest.raises(SearchIndexDamaged, match="jianbao index --rebuild"):
            index.update(sample_stories()[20:23])


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"name": "../..", "rules": {}}', "[" * 99_999]
)
def test_a_damaged_pointer_is_reported(folder: Path, segmenter: Segmenter, content: str) -> None:
    (folder / "current.json").write_text(content, "utf-8")
    with pytest.raises((SearchIndexDamaged, SearchIndexMissing)):
        SearchIndex.open(folder, segmenter)


def test_the_pointer_never_leads_out_of_the_folder(folder: Path, segmenter: Segmenter) -> None:
    current = json.loads((folder / "current.json").read_text("utf-8"))
    for name in ("../elsewhere", "/etc", "g-000001/..", 7, None):
        (folder / "current.json").write_text(json.dumps({**current, "name": name}), "utf-8")
        with pytest.raises(SearchIndexDamaged, match="no index of ours"):
            SearchIndex.open(folder, segmenter)


class _Planted:
    """Pickles to a call that makes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("ending", [".toc", ".trm"])
def test_a_planted_pickle_is_refused_and_never_run(
    folder: Path, segmenter: Segmenter, tmp_path: Path, ending: str
) -> None:
    trap = tmp_path / "trap"
    path = next(path for path in folder.rglob("*") if path.name.endswith(ending))
    data, planted = path.read_bytes(), pickle.dumps(_Planted(str(trap)), 2)
    place = data.rindex(b"\x80\x05\x95")  # the last pickle of the file
    path.write_bytes(data[:place] + planted + data[place + len(planted) :])
    sums = next(folder.rglob("*.sum"))
    honest = json.loads(sums.read_bytes())
    sums.write_text(json.dumps({**honest, path.name: zlib.crc32(path.read_bytes())}), "utf-8")
    with pytest.raises(SearchIndexDamaged, match="UnpicklingError"):
        SearchIndex.open(folder, segmenter)
    assert not trap.exists()


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(
    folder: Path, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SEARCH_WAIT_SECONDS", 0.2)
    held, done = threading.Event(), threading.Event()

    def other() -> None:
        with FileLock(folder / "lock"):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(SearchIndexBusy):
            SearchIndex.rebuild(folder, STORIES, segmenter)
        with SearchIndex.open(folder, segmenter) as index:
            with pytest.raises(SearchIndexBusy):
                index.update(STORIES[:1])
            assert index.search(Query(limit=99)).total == len(STORIES)
    finally:
        done.set()
        thread.join()


def test_a_rebuild_that_fails_leaves_the_old_index(folder: Path, segmenter: Segmenter) -> None:
    def failing():
        yield STORIES[0]
        raise KeyError("the store went away")

    before = sorted(folder.rglob("*"))
    with pytest.raises(KeyError):
        SearchIndex.rebuild(folder, failing(), segmenter)
    assert sorted(folder.rglob("*")) == before
    with SearchIndex.open(folder, segmenter) as index:
        assert len(index) == len(STORIES)


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written"
)
def test_a_folder_that_cannot_be_written_is_reported(folder: Path, segmenter: Segmenter) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(SearchIndexCannotBeWritten):
            SearchIndex.rebuild(folder, STORIES, segmenter)
    finally:
        folder.chmod(0o700)


def test_a_full_disk_is_reported_and_the_old_index_stays(
    folder: Path, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SearchIndexCannotBeWritten, match="No space left"):
            SearchIndex.rebuild(folder, STORIES[:3], segmenter)
    with SearchIndex.open(folder, segmenter) as index:
        assert len(index) == len(STORIES)


FULL = """
import resource, sys
from pathlib import Path
from jianbao.index.search import SearchIndex, SearchIndexCannotBeWritten
from jianbao.index.segment import default_segmenter
from tests.search.samples import recombined
segmenter, folder = default_segmenter(), Path(sys.argv[2])
index = SearchIndex.open(folder, segmenter)
stories = list(recombined(80))
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    index.update(stories) if sys.argv[1] == "update" else SearchIndex.rebuild(folder, stories, segmenter)
except SearchIndexCannotBeWritten as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="the size of files cannot be limited")
@pytest.mark.parametrize("action", ["update", "rebuild"])
def test_when_files_can_grow_no_more_the_old_index_stays_and_the_next_write_is_fine(
    folder: Path, segmenter: Segmenter, action: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FULL, action, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "JB-159" in done.stdout
    with SearchIndex.open(folder, segmenter) as index:
        assert index.search(Query(limit=99)).total == len(STORIES)
        index.update(sample_stories()[20:23])
        assert len(index) == len(STORIES) + 3


def test_progress_hears_every_story_and_old_indexes_are_swept(
    folder: Path, segmenter: Segmenter
) -> None:
    heard: list[int] = []
    with SearchIndex.open(folder, segmenter) as reader:
        SearchIndex.rebuild(folder, STORIES[:5], segmenter, progress=heard.append).close()
        assert heard == [1, 2, 3, 4, 5]
        assert reader.search(Query(limit=99)).total == len(STORIES)
        assert reader.refresh()
        assert reader.search(Query(limit=99)).total == 5
    assert len([p for p in folder.iterdir() if p.is_dir()]) == 1


def test_many_threads_read_the_same_answers(index: SearchIndex) -> None:
    queries = [
        Query(text, limit=50) for text in ("党员", "支部书记", "社区 老人", "2026", "“", "合作社")
    ]
    expected = [index.search(query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(index.search, queries * 20))
    assert answers == expected * 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are made by fork")
@pytest.mark.parametrize("action", ["rebuild", "update", "merge"])
def test_killed_at_any_file_operation_the_index_is_the_old_one_or_the_new_one(
    tmp_path: Path, action: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.search.killing", action, str(tmp_path), "11"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["points"] >= 5
    assert set(outcome["seen"]) <= {"old", "new"}
    assert "old" in outcome["seen"]
    assert outcome["next write failed"] == []
