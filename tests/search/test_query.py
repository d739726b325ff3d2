"""What is typed is read as meant, or refused with the right form."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.errors import JianbaoError
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.search import Names, SearchIndex, read_line
from jianbao.index.search.query import (
    Clause,
    FilterIsWrong,
    Query,
    QueryIsEmpty,
    QueryIsTooLong,
    QueryIsUnreadable,
    QuoteIsOpen,
    parse,
)
from jianbao.index.themes import load_themes


def has(*strings: str) -> Clause:
    return Clause(strings)


def without(*strings: str) -> Clause:
    return Clause(strings, excluded=True)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", ()),
        ("  \u3000\n", ()),
        ("文水县", (has("文水县"),)),
        ("文水县 汾阳市", (has("文水县"), has("汾阳市"))),
        ("文水县 文水县", (has("文水县"),)),
        ("ＡＢ　Cd", (has("ab"), has("cd"))),
        ('"5G 网络"', (has("5g 网络"),)),
        ('-"5G 网络" 村', (without("5g 网络"), has("村"))),
        ("＂两  字＂", (has("两  字"),)),
        ("书记 -街道", (has("书记"), without("街道"))),
        ("书记 －街道", (has("书记"), without("街道"))),
        ("-", (has("-"),)),
        ("- 书记", (has("-"), has("书记"))),
        ("2025-11", (has("2025-11"),)),
        ('"-5℃"', (has("-5°c"),)),
        ("甲 OR 乙", (has("甲", "乙"),)),
        ("甲 | 乙 ｜ 丙 丁", (has("甲", "乙", "丙"), has("丁"))),
        ("OR", (has("or"),)),
        ("甲 OR", (has("甲"), has("or"))),
        ("OR 甲", (has("or"), has("甲"))),
        ("甲 OR -乙", (has("甲"), has("or"), without("乙"))),
        ('甲 "OR" 乙', (has("甲"), has("or"), has("乙"))),
        ("甲or乙", (has("甲or乙"),)),
        ("“三农”问题", (has("“三农”问题"),)),
        ("他说“好", (has("他说“好"),)),
        ('说"三农"的', (has('说"三农"的'),)),
        ('"三农"问题', (has('"三农"问题'),)),
        ("。！", (has("。!"),)),
        ("甲\x00乙", (has("甲"), has("乙"))),
        ("甲\u200b乙", (has("甲乙"),)),
    ],
)
def test_a_line_of_typing_is_read_as_meant(text: str, clauses: tuple[Clause, ...]) -> None:
    assert parse(text) == clauses


@pytest.mark.parametrize(
    ("text", "error", "right"),
    [
        ("字" * 10_000, QueryIsTooLong, "one telling phrase"),
        ("甲 " * 50, QueryIsTooLong, "one telling phrase"),
        ("甲\ud800乙", QueryIsUnreadable, "type the words again"),
        ('"三农', QuoteIsOpen, '"三农"'),
        ('村 "5G 网络', QuoteIsOpen, '"5G 网络"'),
        ('"', QuoteIsOpen, '"乡村振兴"'),
        ('""', QueryIsEmpty, "乡村振兴"),
        ('-""', QueryIsEmpty, "乡村振兴"),
        ('"　"', QueryIsEmpty, "乡村振兴"),
        ("\u200b\u200d", QueryIsEmpty, "乡村振兴"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_right_form(
    text: str, error: type[JianbaoError], right: str
) -> None:
    with pytest.raises(error) as caught:
        parse(text)
    assert right in caught.value.english()
    assert error.code in caught.value.chinese()


@pytest.mark.parametrize(
    "query",
    [
        Query(since=date(2026, 11, 9), until=date(2026, 11, 2)),
        Query(limit=-1),
        Query(offset=-1),
        Query(sort="loudest"),  # type: ignore[arg-type]
    ],
)
def test_filters_that_make_no_sense_are_refused(index: SearchIndex, query: Query) -> None:
    with pytest.raises(FilterIsWrong) as caught:
        index.search(query)
    assert caught.value.code == "JB-158"


NAMES = Names(Gazetteer.load(), load_themes(), date(2026, 11, 22))
NASTY = [
    *"\"'-|*?~^:()[]{}\\/&!+.,;<>=#@%$_`\x00\x1f\x7f\u200b\u2028\ufeff\ufffe\ue000\u0301，。、“”‘’《》（）—…·　",
    *(
        "AND",
        "OR",
        "NOT",
        "TO",
        "id:x",
        "pair:党",
        "[a TO z]",
        "../..",
        "党*",
        "?建",
        "党~2",
        "党^9",
        "县:",
        "主题：",
        "日期:",
        "本周",
        "foo:",
    ),
    *(
        "-",
        "--",
        "-OR",
        '"',
        '""',
        "党建",
        "5G",
        "𠮷",
        "👩‍👩‍👧",
        "é",
        "e\u0301",
        "ﷺ",
        "㎡",
        "½",
        "İ",
        "ß",
        "\ud800",
    ),
]


def test_five_hundred_nasty_queries_are_answered_or_refused_with_a_code(
    index: SearchIndex,
) -> None:
    dice = random.Random(3)  # noqa: S311 - the same queries in every run
    for number in range(500):
        text = "".join(dice.choice((*NASTY, " ")) for _ in range(dice.randint(1, 12)))
        code = ""
        try:
            if number % 2:
                index.search(Query(text))
            else:
                index.search(Query(clauses=read_line(text, NAMES)))
        except JianbaoError as error:
            code = error.code
        assert code in ("", *(f"JB-{n}" for n in (154, 155, 156, 157, 158, 160))), repr(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        clauses = parse(text)
    except JianbaoError:
        return
    assert all(string for clause in clauses for string in clause.strings)
