"""Marks cover whole characters of the source's own text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.limits import SEARCH_EXCERPT
from jianbao.index.search import SearchIndex
from jianbao.index.search.folding import fold, fold_map
from jianbao.index.search.highlight import excerpt, mark
from jianbao.index.search.query import Query

from .conftest import printed
from .samples import Annotated


@pytest.mark.parametrize(
    ("text", "string", "marked"),
    [
        ("文水县的文水", "文水", ["文水", "文水"]),
        ("哈哈哈", "哈哈", ["哈哈哈"]),
        ("５Ｇ网络", "5g", ["５Ｇ"]),
        ("黨員來了", "党员", ["黨員"]),
        ("共120㎡大", "m", ["㎡"]),
        ("共120㎡大", "2大", ["㎡大"]),
        ("cafe\u0301好", "e", ["e\u0301"]),
        ("cafe\u0301好", "cafe", ["cafe\u0301"]),
        ("caf\u00e9好", "cafe", ["caf\u00e9"]),
        ("来👨\u200d👩\u200d👧了", "👨", ["👨\u200d👩\u200d👧"]),
        ("来👨\u200d👩\u200d👧了", "👩", ["👨\u200d👩\u200d👧"]),
        ("好👍🏽的", "👍", ["👍🏽"]),
        ("葛\U000e0100城", "葛", ["葛\U000e0100"]),
        ("零\u200b宽", "零宽", ["零\u200b宽"]),
        ("𠮷野", "𠮷", ["𠮷"]),
        ("没有", "无", []),
    ],
)
def test_a_mark_covers_whole_characters(text: str, string: str, marked: list[str]) -> None:
    pieces = mark(text, [string])
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_marked in pieces if is_marked] == marked


TEXT = st.text(
    st.sampled_from("文水县党建， 5Ｇg㎡①\u0301\u200d\ufe0f👩👍🏽黨ßﷺ\u200b"), max_size=40
)


@given(TEXT, st.lists(TEXT.map(lambda s: fold(s)[:3]), max_size=3))
def test_marked_text_joined_is_the_text(text: str, strings: list[str]) -> None:
    pieces = mark(text, strings)
    assert "".join(piece for piece, _ in pieces) == text
    for piece, is_marked in pieces:
        assert piece
        if is_marked:
            assert any(string and string in fold(piece) for string in strings)
        else:
            assert not any(string and string in fold(piece) for string in strings)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)
    assert fold(fold(one)) == fold(one)
    folded, places = fold_map(one)
    assert folded == fold(one)
    assert len(places) == len(folded) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(one)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("ＡＢＣ", "abc"),
        ("２０２５年", "2025年"),
        ("，；", ",;"),
        ("黨員發展", "党员发展"),
        ("\u3000\t\n", "   "),
    ],
)
def test_width_case_and_script_fold_to_one_form(one: str, same: str) -> None:
    assert fold(one) == same


def test_an_excerpt_is_about_two_lines_around_the_first_mark() -> None:
    long = "前面的话很长。" * 40 + "这里提到窑洞，" + "后面的话也很长。" * 40
    pieces = excerpt([(long, fold(long))], ["窑洞"])
    text = "".join(piece for piece, _ in pieces)
    assert ("窑洞", True) in pieces
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) <= SEARCH_EXCERPT + 2


def test_an_excerpt_comes_from_the_part_with_most_of_the_strings() -> None:
    parts = [(t, fold(t)) for t in ("只有窑洞。", "窑洞和党课都在。", "党课。")]
    assert "".join(piece for piece, _ in excerpt(parts, ["窑洞", "党课"])) == "窑洞和党课都在。"
    assert "".join(piece for piece, _ in excerpt(parts, [])) == "只有窑洞。"
    assert excerpt([], ["窑洞"]) == ()


def test_excerpts_of_real_hits_are_their_own_text_with_what_was_typed_marked(
    index: SearchIndex, stories: tuple[Annotated, ...]
) -> None:
    by_id = {story.id: story for story, _ in stories}
    for text in ("党支部", "“", "合作社 老人", "2"):
        for hit in index.search(Query(text, limit=60)).hits:
            cut = "".join(piece for piece, _ in hit.excerpt).strip("…")
            assert any(cut in whole for whole in printed(by_id[hit.story_id]))
            assert len(cut) <= SEARCH_EXCERPT + len(text)
            assert "".join(piece for piece, _ in hit.headline_pieces) == hit.headline
            marks = [p for p, marked in (*hit.headline_pieces, *hit.excerpt) if marked]
            assert any(fold(string) in fold(p) for p in marks for string in text.split())
