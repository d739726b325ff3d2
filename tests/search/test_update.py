"""An index that was updated answers like one that was built anew."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.index.annotation import Annotation
from jianbao.index.search import SearchIndex, files, postings
from jianbao.index.search.query import Query
from jianbao.index.segment import Segmenter
from jianbao.index.story import Paragraph

from .samples import Annotated, recombined, sample_stories

QUERIES = [
    Query(limit=999),
    Query("党员", limit=999),
    Query("支部书记 -街道", limit=999),
    Query("社区", themes=("community",), sort="date", limit=999),
    Query(counties=("141100",), limit=999),
]


def answers(index: SearchIndex) -> list[object]:
    """Ids and facets; scores are left out: a deleted story counts in the statistics until a merge."""
    found = (index.search(query) for query in QUERIES)
    return [(r.total, sorted(h.story_id for h in r.hits), r.facets) for r in found]


def test_updates_in_any_order_end_where_a_rebuild_ends(
    tmp_path: Path, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "SEARCH_SEGMENTS", 4)
    dice = random.Random(5)  # noqa: S311 - the same in every run
    held: dict[str, Annotated] = {s.id: (s, a) for s, a in sample_stories()[:30]}
    fresh = list(recombined(60, seed=9))
    with SearchIndex.rebuild(tmp_path / "search", held.values(), segmenter) as index:
        for _ in range(9):
            changed = [fresh.pop() for _ in range(dice.randint(0, 4))]
            for story_id in dice.sample(sorted(held), k=3):
                story, about = held[story_id]
                text = Paragraph(f"补记第{dice.randint(1, 99)}次党员会。")
                changed.append((replace(story, paragraphs=(*story.paragraphs, text)), about))
            removed = dice.sample(sorted(held), k=dice.randint(0, 3))
            index.update(changed, removed)
            for story_id in removed:
                del held[story_id]
            held |= {story.id: (story, about) for story, about in changed}
            assert len(index) == len(held)
        segments = {path.name.split(".")[0] for path in (tmp_path / "search").rglob("*.trm")}
        assert len(segments) <= 5
        with SearchIndex.rebuild(tmp_path / "anew", held.values(), segmenter) as anew:
            assert answers(index) == answers(anew)


def test_a_changed_story_is_found_by_its_new_text_only(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    story, about = sample_stories()[0]
    with SearchIndex.rebuild(tmp_path / "search", [(story, about)], segmenter) as index:
        index.update([(replace(story, headline="换了标题的稿件"), None)])
        assert index.search(Query("换了标题")).total == 1
        assert index.search(Query(f'"{story.headline}"')).total == 0
        assert index.search(Query()).facets.counties == ()
        assert index.search(Query(relevant=True)).total == 0


def test_removing_everything_leaves_an_index_that_answers(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    stories = sample_stories()[:5]
    with SearchIndex.rebuild(tmp_path / "search", stories, segmenter) as index:
        index.update([], [story.id for story, _ in stories] + ["unknown"])
        assert len(index) == 0
        assert index.search(Query("党员")).total == 0
        index.update(stories)
        assert index.search(Query(limit=9)).total == 5


def test_another_reader_takes_up_an_update_when_asked(tmp_path: Path, segmenter: Segmenter) -> None:
    stories = sample_stories()[:5]
    with (
        SearchIndex.rebuild(tmp_path / "search", stories, segmenter) as writer,
        SearchIndex.open(tmp_path / "search", segmenter) as reader,
    ):
        assert not reader.refresh()
        writer.update(sample_stories()[5:8])
        assert reader.search(Query()).total == 5
        assert reader.refresh()
        assert reader.search(Query()).total == 8


def test_a_story_that_comes_twice_counts_once(tmp_path: Path, segmenter: Segmenter) -> None:
    story, _ = sample_stories()[0]
    twice = [(story, None), (story, Annotation(themes=("rural",)))]
    with SearchIndex.rebuild(tmp_path / "search", twice, segmenter) as index:
        assert index.search(Query()).total == 1
        index.update([*twice])
        assert index.search(Query(themes=("rural",))).total == 1


def test_a_stamp_stays_beside_its_story_until_the_story_changes(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    (one, about), (two, _), (three, _) = sample_stories()[:3]
    stamps = {one.id: "first", two.id: "second"}
    with SearchIndex.rebuild(
        tmp_path / "search", [(one, about), (two, None), (three, None)], segmenter, stamps=stamps
    ) as index:
        assert index.stamps == {one.id: "first", two.id: "second", three.id: "-"}
        index.update([(one, None)], [two.id], stamps={one.id: "newer"})
        assert index.stamps == {one.id: "newer", three.id: "-"}
    with SearchIndex.open(tmp_path / "search", segmenter) as again:
        assert again.stamps == {one.id: "newer", three.id: "-"}


def test_a_commit_does_not_read_unchanged_files_again(
    tmp_path: Path, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    real = files.file_sum

    def watched(path: Path) -> int:
        read.append(path)
        return real(path)

    monkeypatch.setattr(files, "file_sum", watched)
    with SearchIndex.rebuild(tmp_path / "search", sample_stories()[:30], segmenter) as index:
        old = {path.name for path in read}
        read.clear()
        index.update(sample_stories()[30:33])
        assert read
        assert not old & {path.name for path in read}
