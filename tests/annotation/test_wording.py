"""What the ordinary words of a story say of its themes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.crawler.byline_names import SURNAMES
from jianbao.index import themes_wording
from jianbao.index.annotate import Annotator
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.rules import RULE_WORDS
from jianbao.index.themes import load_themes
from jianbao.index.themes_wording import (
    SHOWN,
    UNIT,
    Token,
    Wording,
    WordingTableIsDamaged,
    load_wording,
)

TABLE = Wording({"分钱": (("rural", 2.0), ("service", -1.0)), "老人": (("service", 1.0),)})
ROWS = [
    line.split("\t")
    for line in themes_wording.WORDING.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def tokens(*words: str) -> list[Token]:
    """The words as they stand one after another."""
    found: list[Token] = []
    at = 0
    for word in words:
        found.append((word, at, at + len(word)))
        at += len(word)
    return found


def test_words_speak_for_one_theme_and_against_another() -> None:
    heard = TABLE.hear([tokens("分钱")])
    assert heard["rural"].total == 2
    assert heard["service"].total == -1


def test_a_word_that_is_said_often_counts_once() -> None:
    once = TABLE.hear([tokens("分钱", "了")])
    often = TABLE.hear([tokens("分钱", "了"), tokens("分钱", "分钱")])
    assert once == often


def test_a_long_text_is_not_more_of_a_theme_than_a_short_one() -> None:
    short = TABLE.hear([tokens("分钱", "了")])
    long = TABLE.hear([tokens("分钱", "了", *"天地玄黄宇宙洪荒")])
    assert long["rural"].total < short["rural"].total


SLUGS = ("community", "red", "rural", "service")
QUARTERS = st.integers(-400, 400).map(lambda n: n / UNIT)
TABLES = st.dictionaries(
    st.sampled_from("天地玄黄宇宙洪荒日月盈昃"), st.dictionaries(st.sampled_from(SLUGS), QUARTERS)
)


@given(TABLES)
def test_what_a_story_says_of_a_theme_is_the_sum_of_its_words(
    table: dict[str, dict[str, float]],
) -> None:
    heard = Wording({word: tuple(row.items()) for word, row in table.items()}).hear(
        [tokens(*table)]
    )
    for slug in SLUGS:
        total = sum(row.get(slug, 0.0) for row in table.values()) / math.sqrt(max(1, len(table)))
        assert (heard[slug].total if slug in heard else 0.0) == pytest.approx(total)


def test_words_without_a_leaning_say_nothing() -> None:
    assert TABLE.hear([tokens("天", "地")]) == {}
    assert TABLE.hear([]) == {}


def test_only_the_words_that_say_most_are_shown_each_with_its_place() -> None:
    table = Wording({word: (("rural", 1.0 + at),) for at, word in enumerate("天地玄黄")})
    shown = table.hear([tokens("无"), tokens(*"天地玄黄")])["rural"].strongest
    assert [one[1:] for one in shown] == [(1, 3, 4), (1, 2, 3)]
    assert len(shown) == SHOWN


def test_another_table_has_another_digest() -> None:
    assert TABLE.told() == Wording(dict(TABLE._table)).told() != Wording({}).told()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# nothing but a comment\n", 1),
        ("word\trural\tred\n分钱\t1\n", 2),
        ("# head\nword\trural\n分钱\t1\n老人\tmuch\n", 4),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(
    text: str, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "theme-wording.tsv"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(themes_wording, "WORDING", file)
    with pytest.raises(WordingTableIsDamaged, match=f"line {line} "):
        load_wording.__wrapped__()


def test_the_table_knows_the_sixteen_themes_and_every_row_says_something() -> None:
    assert tuple(ROWS[0][1:]) == load_themes().slugs()
    assert all(len(row) == len(ROWS[0]) and any(row[1:]) for row in ROWS[1:])
    words = [row[0] for row in ROWS[1:]]
    assert words == sorted(set(words))


def test_no_name_of_a_place_or_person_stands_in_the_table() -> None:
    gazetteer = Gazetteer.load()
    for word, *_ in ROWS[1:]:
        assert word not in SURNAMES
        assert not gazetteer.named(word)
        assert not gazetteer.short_named(word)
        assert not gazetteer.towns_named(word)
        assert not gazetteer.old_named(word)


def test_the_words_that_say_most_are_evidence_with_their_place(annotator: Annotator) -> None:
    body = "村党支部把闲地租出去，年底给全村人分钱，家家户户都有份。"
    record = {"id": "wording", "title": "闲地有了租金", "body": body}
    shown = [
        one
        for one in annotator.annotate_record(record)["evidence"]
        if one["rule"] == "theme-wording"
    ]
    assert shown
    for one in shown:
        text = record["title"] if one["field"] == "headline" else body
        assert text[one["start"] : one["end"]] == one["words"]
        assert one["weight"] >= 0
    assert "theme-wording" in RULE_WORDS
