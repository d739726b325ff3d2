"""Folding for matching: what changes, what stays, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.normalise import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("臨縣黨員幹部", "临县党员干部"),
        ("孝義市陽泉曲社區", "孝义市阳泉曲社区"),
        ("乾坤湾乡", "乾坤湾乡"),
        ("１２名党员，两个“支部”：", "12名党员,两个“支部”:"),
        ("文 水 县", "文水县"),
        ("文　水　县", "文水县"),
        ("文水县 党建引领", "文水县 党建引领"),
        ("3 名 党 员 到岗", "3 名党员 到岗"),
        ("", ""),
    ],
)
def test_a_text_is_folded_for_matching(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(
    st.text(alphabet=st.sampled_from("文水县党員 　，1Ａ\n乾\U00020000\u202e"), max_size=60),
    st.data(),
)
def test_every_span_leads_back_to_its_own_characters(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    back = text[slice(*folded.span(start, end))]
    if start < end:
        assert fold(back).text.replace(" ", "") == folded.text[start:end].replace(" ", "")


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).text
    assert len(once) <= len(text)
    assert fold(once).text.replace(" ", "") == once.replace(" ", "")
