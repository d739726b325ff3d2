"""What every search engine of ours must do, whatever keeps its index.

A new engine gets a class in ``test_conformance.py`` with ``engine`` set to what offers the methods of
:class:`~jianbao.index.search.SearchIndex`. Ranking is left out: engines may differ in it.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from jianbao.index.errors import JianbaoError
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.search import Names, Query, read_line
from jianbao.index.segment import Segmenter
from jianbao.index.themes import load_themes

from .plain import PlainIndex
from .samples import recombined, sample_stories

STORIES = (*sample_stories()[:25], *recombined(10))
NAMES = Names(Gazetteer.load(), load_themes(), date(2026, 11, 22))
ALL = 1_000
LINES = (
    "",
    "党员",
    "党",
    "支部书记 村民",
    "书记 -街道",
    '"村党支部"',
    "土豆 OR 公章 | 巡线",
    "黨員",
    "ＷＩＦＩ OR １",
    "，",
    "县:沁源县 党员",
    "-县:沁源县",
    "市:长治市 OR 主题:rural",
    "来源:融媒体",
    "署名:记者 -来源:晚报",
    "日期:2026-11-01..2026-11-10",
    "上周 支部",
    "没有哪篇稿件有这句话",
)
FILTERS = (
    Query(limit=ALL),
    Query("党员", counties=("140400",), limit=ALL),
    Query(themes=("rural", "community"), since=date(2026, 1, 1), limit=ALL),
    Query("支部", source="沁源县融媒体中心", until=date(2026, 11, 9), limit=ALL),
    Query(relevant=False, limit=ALL),
)


class Conformance:
    """The tests; a subclass names the engine."""

    engine: ClassVar[Any]

    @pytest.fixture
    def index(self, tmp_path: Path, segmenter: Segmenter) -> Any:
        built = self.engine.rebuild(tmp_path / "engine", STORIES, segmenter)
        yield built
        built.close()

    @pytest.fixture
    def truth(self, tmp_path: Path, segmenter: Segmenter) -> PlainIndex:
        return PlainIndex.rebuild(tmp_path / "truth", STORIES, segmenter)

    def test_every_line_finds_what_plain_reading_finds(self, index: Any, truth: PlainIndex) -> None:
        for line in LINES:
            query = Query(clauses=read_line(line, NAMES), limit=ALL)
            assert_same(index, truth, query)

    def test_every_filter_keeps_what_plain_reading_keeps(
        self, index: Any, truth: PlainIndex
    ) -> None:
        for query in FILTERS:
            assert_same(index, truth, query)

    def test_any_string_cut_out_of_a_story_finds_every_story_that_holds_it(
        self, index: Any, truth: PlainIndex
    ) -> None:
        dice = random.Random(41)  # noqa: S311 - the same strings in every run
        for _ in range(120):
            text = dice.choice(STORIES)[0].body
            at = dice.randrange(len(text) - 9)
            string = text[at : at + dice.randint(2, 8)].replace('"', "").strip()
            if string:
                assert_same(index, truth, Query(f'"{string}"', limit=ALL))

    def test_by_date_and_page_by_page_is_the_whole_list(
        self, index: Any, truth: PlainIndex
    ) -> None:
        whole = [hit.story_id for hit in truth.search(Query("党", limit=ALL)).hits]
        pages = [
            hit.story_id
            for offset in range(0, len(whole), 4)
            for hit in index.search(Query("党", sort="date", limit=4, offset=offset)).hits
        ]
        assert pages == whole

    def test_a_hit_shows_the_story_and_marks_what_was_asked(self, index: Any) -> None:
        by_id = {story.id: (story, about) for story, about in STORIES}
        for hit in index.search(Query("党支部", limit=ALL)).hits:
            story, about = by_id[hit.story_id]
            assert "".join(text for text, _ in hit.headline_pieces) == story.headline
            assert (hit.published, hit.source) == (story.published, story.source)
            assert (hit.counties, hit.themes) == (about.counties, about.themes)
            marked = [text for text, is_marked in hit.excerpt if is_marked]
            assert all("党支部" in text for text in marked)

    def test_changes_and_removals_show_at_once_and_nothing_else_changes(
        self, index: Any, truth: PlainIndex
    ) -> None:
        story, _ = STORIES[0]
        changed = [(replace(story, headline="晒谷场新闻"), None), *recombined(3, seed=8)]
        removed = [STORIES[1][0].id, "unknown"]
        for one in (index, truth):
            one.update(changed, removed, stamps={story.id: "second"})
        assert len(index) == len(truth)
        assert index.stamps == truth.stamps
        for query in (Query("晒谷场", limit=ALL), *FILTERS):
            assert_same(index, truth, query)

    def test_a_reader_keeps_its_state_until_it_asks_for_the_new_one(
        self, tmp_path: Path, segmenter: Segmenter
    ) -> None:
        self.engine.rebuild(tmp_path / "engine", STORIES, segmenter).close()
        reader = self.engine.open(tmp_path / "engine", segmenter)
        heard: list[int] = []
        self.engine.rebuild(
            tmp_path / "engine", STORIES[:4], segmenter, progress=heard.append
        ).close()
        assert heard == [1, 2, 3, 4]
        assert reader.search(Query()).total == len(STORIES)
        assert reader.refresh()
        assert reader.search(Query()).total == 4
        assert not reader.refresh()
        reader.close()

    @pytest.mark.parametrize(
        "query",
        [
            Query("字" * 10_000),
            Query("甲\ud800"),
            Query('"没有收尾'),
            Query('""'),
            Query(since=date(2026, 2, 2), until=date(2026, 1, 1)),
            Query(limit=-1),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_a_code(self, index: Any, query: Query) -> None:
        with pytest.raises(JianbaoError, match="JB-15"):
            index.search(query)

    @pytest.mark.parametrize("text", ["。！？", "——", "（）", "\u200b党\u200b", "😀", "%_*?\\"])
    def test_punctuation_and_odd_characters_are_text(
        self, index: Any, truth: PlainIndex, text: str
    ) -> None:
        assert_same(index, truth, Query(text, limit=ALL))


def assert_same(index: Any, truth: PlainIndex, query: Query) -> None:
    """The same stories, and the same counts of all of them."""
    found, right = index.search(query), truth.search(query)
    assert sorted(h.story_id for h in found.hits) == sorted(h.story_id for h in right.hits), query
    assert found.total == right.total
    assert found.facets == right.facets, query
