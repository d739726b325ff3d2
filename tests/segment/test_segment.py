"""The segmenter: our words stay whole, the text comes back, nothing is left in the temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.limits import SEGMENT_RUN
from jianbao.index.segment import (
    Segmenter,
    default_segmenter,
    dictionary_words,
    read_words,
)


def test_every_entry_of_the_dictionary_applies() -> None:
    segmenter = default_segmenter()
    broken = {
        word: segmenter.cut(word) for word in dictionary_words() if segmenter.cut(word) != [word]
    }
    assert broken == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("乡村振兴县级", ["乡村振兴", "县级"]),
        ("响应县委号召", ["响应", "县委", "号召"]),
        ("面临县域竞争", ["面临", "县域", "竞争"]),
        ("蒲县古县乡", ["蒲县", "古县乡"]),
        ("太原市尖草坪区阳曲镇", ["太原市", "尖草坪区", "阳曲镇"]),
        ("县融媒体中心", ["县", "融媒体中心"]),
        ("党员双报到", ["党员", "双报到"]),
        ("东方市场", ["东方", "市场"]),
    ],
)
def test_more_words_do_not_cut_other_words_in_two(text: str, words: list[str]) -> None:
    assert default_segmenter().cut(text) == words


@given(st.text(alphabet=st.sampled_from("党支部文水县a1 +。，\n\r%\U00020000"), max_size=80))
def test_the_words_joined_are_the_text(text: str) -> None:
    segmenter = default_segmenter()
    assert "".join(segmenter.cut(text)) == text
    assert all(text[start:end] == word for word, start, end in segmenter.tokens(text))


@pytest.mark.parametrize(
    "size", [SEGMENT_RUN - 1, SEGMENT_RUN, SEGMENT_RUN + 1, 3 * SEGMENT_RUN + 7]
)
def test_a_run_without_punctuation_is_cut_as_if_it_were_short(size: int) -> None:
    run = ("党支部领办合作社带动村集体经济" * (size // 15 + 1))[:size]
    words = default_segmenter().cut(f"开头，{run}。")
    assert "".join(words) == f"开头，{run}。"
    assert words.count("合作社") + words.count("党支部领办合作社") >= size // 15
    assert max(map(len, words)) <= 8


def test_a_long_latin_run_comes_to_an_end() -> None:
    assert "".join(default_segmenter().cut("a" * (3 * SEGMENT_RUN))) == "a" * (3 * SEGMENT_RUN)


def test_words_of_the_editor_are_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeff# 本县的叫法\n老槐树议事点\n\n  \n", encoding="utf-8")
    assert read_words(path) == ("老槐树议事点",)
    assert "老槐树议事点" in Segmenter(read_words(path)).cut("村里的老槐树议事点开张了")


def test_it_starts_silently_and_leaves_no_file_behind(tmp_path: Path) -> None:
    code = "from jianbao.index.segment import Segmenter; print(Segmenter().cut('党员'))"
    elsewhere = {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)}
    environment = {**os.environ, **elsewhere, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "['党员']\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
