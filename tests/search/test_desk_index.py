"""``jianbao index`` writes what has changed to the search index, and makes it anew only when it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.progress import Progress

from jianbao.desk import indexing
from jianbao.desk.indexing import Indexed, bring_up_to_date
from jianbao.desk.workspace import Workspace
from jianbao.index.search import Query, SearchIndex
from jianbao.index.segment import default_segmenter
from jianbao.index.store import Store
from jianbao.index.story import Paragraph, Story

from .samples import sample_stories

STORIES = [story for story, _ in sample_stories()[:12]]


class Desk:
    """A workspace with a store, and what each run of ``jianbao index`` wrote."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.wrote: list[str] = []

    def put(self, *stories: Story) -> None:
        with self.store() as store:
            for story in stories:
                store.put_story(story)

    def store(self) -> Store:
        return Store.open(
            self.workspace.store_path, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC), writer="t"
        )

    def run(self, *, rebuild: bool = False) -> Indexed:
        self.wrote.clear()
        with self.store() as store, Progress(disable=True) as bars:
            return bring_up_to_date(self.workspace, store, bars, rebuild=rebuild)

    def finds(self, text: str) -> int:
        segmenter = default_segmenter(self.workspace.words())
        with SearchIndex.open(self.workspace.index_folder, segmenter) as index:
            return index.search(Query(text)).total


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(Workspace.create(tmp_path / "office", title="周报", province="140000"))

    def watched(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            made.wrote.append(name)
            return real(*given, **named)

        return call

    monkeypatch.setattr(SearchIndex, "rebuild", watched("rebuild", SearchIndex.rebuild))
    monkeypatch.setattr(SearchIndex, "update", watched("update", SearchIndex.update))
    monkeypatch.setattr(indexing, "find_reprints", watched("fold", indexing.find_reprints))
    made.put(*STORIES[:9])
    assert made.run().stories == 9
    assert made.wrote == ["fold", "rebuild"]
    return made


def test_nothing_new_writes_nothing(desk: Desk) -> None:
    assert desk.run().stories == 9
    assert desk.wrote == []


def test_a_changed_story_is_updated_and_found_by_its_new_text(desk: Desk) -> None:
    more = Paragraph("晒谷场上支起了新的露天银幕。")
    desk.put(replace(STORIES[0], paragraphs=(*STORIES[0].paragraphs, more)), STORIES[9])
    assert desk.run().stories == 10
    assert desk.wrote == ["fold", "update"]
    assert desk.finds("露天银幕") == 1


def test_rebuild_makes_it_anew(desk: Desk) -> None:
    assert desk.run(rebuild=True).annotated == 9
    assert desk.wrote == ["fold", "rebuild"]


def test_a_damaged_index_is_made_anew(desk: Desk) -> None:
    next(desk.workspace.index_folder.rglob("*.pst")).write_bytes(b"")
    desk.run()
    assert desk.wrote == ["fold", "rebuild"]
    assert desk.finds("党员") > 0


def test_a_run_killed_before_the_index_was_written_folds_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(replace(STORIES[0], id="f" * 12, source="另一家报纸"))
    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "update", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.run()
    done = desk.run()
    assert desk.wrote == ["fold", "update"]
    assert done.folded == 1
