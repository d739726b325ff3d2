"""The best comes first: headline before body, words before chance neighbours, new before old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from jianbao.index.search import SearchIndex
from jianbao.index.search.query import Query
from jianbao.index.segment import Segmenter
from jianbao.index.story import Paragraph, Story

FILLER = "会议由办公室主持，大家逐项讨论了明年的安排，并记下了各自要做的事。"
DAY = date(2026, 11, 9)


def story(name: str, headline: str, body: str, day: date | None = DAY) -> Story:
    return Story(name, headline, (Paragraph(body + FILLER * 3),), source="晨报", published=day)


def order(folder: Path, segmenter: Segmenter, stories: Sequence[Story], text: str) -> list[str]:
    padding = [story(f"z{n}", "无关的一天", "天气晴好。") for n in range(20)]
    with SearchIndex.rebuild(folder, [(s, None) for s in (*stories, *padding)], segmenter) as index:
        return [hit.story_id for hit in index.search(Query(text)).hits]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        # the headline
        ("红色物业", ("红色物业进小区", "物业来了。"), ("小区新事", "红色物业来了。")),
        (
            "孝义镇",
            ("孝义镇开新局", "开局。"),
            ("全县开新局", "孝义镇、大武镇都来了，孝义镇先说。"),
        ),
        # how often
        ("网格员", ("一天", "网格员敲门。网格员登记。网格员回访。"), ("一天", "网格员敲门。")),
        # a word before characters that only happen to stand side by side
        ("国人", ("一天", "国人皆知。"), ("一天", "中国人民银行来了。")),
        # a rare string weighs more than a common one
        ("会议 窑洞", ("一天", "窑洞窑洞会议。"), ("一天", "会议会议窑洞。")),
        # nothing else decides: the day
        ("老人", ("一天", "老人来了。"), ("一天", "老人来了。", DAY - timedelta(days=90))),
        ("老人", ("一天", "老人来了。", DAY - timedelta(days=900)), ("一天", "老人来了。", None)),
    ],
)
def test_the_better_answer_comes_first(
    tmp_path: Path,
    segmenter: Segmenter,
    text: str,
    first: tuple[str, str],
    second: tuple[str, str],
) -> None:
    pair = [story("b", *first), story("a", *second)]
    assert order(tmp_path / "search", segmenter, pair, text) == ["b", "a"]


def test_freshness_never_beats_a_better_answer(tmp_path: Path, segmenter: Segmenter) -> None:
    old = story("old", "窑洞里的党课", "窑洞里坐满了人。", DAY - timedelta(days=2000))
    new = story("new", "一天", "路过窑洞。")
    assert order(tmp_path / "search", segmenter, [new, old], "窑洞") == ["old", "new"]


def test_the_same_stories_in_another_order_give_the_same_answer(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    twins = [story(name, "一天", "老人来了。") for name in "cabd"]
    one = order(tmp_path / "one", segmenter, twins, "老人")
    other = order(tmp_path / "other", segmenter, twins[::-1], "老人")
    assert one == other == ["a", "b", "c", "d"]
