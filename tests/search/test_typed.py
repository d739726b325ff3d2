"""Prefixes, dates and misspelt places in a line of typing."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.index.gazetteer import Gazetteer
from jianbao.index.search import Names, Query, SearchIndex, hints, near_places, read_line
from jianbao.index.search.query import Clause, Condition, FieldIsUnknown, FilterIsWrong
from jianbao.index.search.typed import days
from jianbao.index.themes import load_themes

from .samples import Annotated
from .test_filters_and_facets import It, Keeps

TODAY = date(2026, 11, 22)  # a Sunday: 本周 is 16 to 22 November
NAMES = Names(Gazetteer.load(), load_themes(), TODAY)
ALL = 10_000


def one(field: str, *values: str, excluded: bool = False) -> Clause:
    return Clause((), excluded, (Condition(field, values),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "clauses"),
    [
        ("县:文水县", (one("area", "141121"),)),
        ("county:文水", (one("area", "141121"),)),
        ("县：141121", (one("area", "141121"),)),
        ("市:吕梁市", (one("area", "141100"),)),
        ("县:文水县,汾阳市", (one("area", "141121", "141182"),)),
        ("-县:文水县", (one("area", "141121", excluded=True),)),
        ("theme:rural", (one("theme", "rural"),)),
        ("主题:rural、talent", (one("theme", "rural", "talent"),)),
        ("来源:离石晚报", (one("source", "离石晚报"),)),
        ("source:ＡＢ报", (one("source", "ab报"),)),
        ('来源:"县 报"', (one("source", "县 报"),)),
        ("署名:郝一诺", (one("byline", "郝一诺"),)),
        ("日期:2026-11-05", (one("day", "2026-11-05", "2026-11-05"),)),
        ("date:2026-11-01..2026-11-20", (one("day", "2026-11-01", "2026-11-20"),)),
        ("日期:2026-11-01..", (one("day", "2026-11-01", ""),)),
        ("本周", (one("day", "2026-11-16", "2026-11-22"),)),
        ("党员 上周", (Clause(("党员",)), one("day", "2026-11-09", "2026-11-15"))),
        ('"本周"', (Clause(("本周",)),)),
        ("本周末", (Clause(("本周末",)),)),
        (
            "县:文水县 OR 老人",
            (Clause(("老人",), False, (Condition("area", ("141121",)),)),),
        ),
        ("8:30", (Clause(("8:30",)),)),
        ("编者按：此事", (Clause(("编者按:此事",)),)),
        ("https://a.example", (Clause(("https://a.example",)),)),
        ('"county:x"', (Clause(("county:x",)),)),
    ],
)
def test_a_prefix_is_read_as_its_field_and_everything_else_as_text(
    line: str, clauses: tuple[Clause, ...]
) -> None:
    assert read_line(line, NAMES) == clauses


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026年11月5日", date(2026, 11, 5), date(2026, 11, 5)),
        ("２０２６/11/5", date(2026, 11, 5), date(2026, 11, 5)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026.11.1至2026.11.9", date(2026, 11, 1), date(2026, 11, 9)),
        ("..2026-11", None, date(2026, 11, 30)),
        ("今天", TODAY, TODAY),
        ("昨天", date(2026, 11, 21), date(2026, 11, 21)),
        ("本月", date(2026, 11, 1), date(2026, 11, 30)),
        ("上月", date(2026, 10, 1), date(2026, 10, 31)),
        ("去年..今天", date(2025, 1, 1), TODAY),
    ],
)
def test_days_are_read_as_people_write_them(
    value: str, first: date | None, last: date | None
) -> None:
    assert days(value, TODAY) == (first, last)


def test_the_first_of_january_counts_back_into_the_year_before() -> None:
    assert days("上月", date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert days("上周", date(2026, 1, 1)) == (date(2025, 12, 22), date(2025, 12, 28))


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("县:文水显", "县:文水县"),
        ("县:蓬莱国", "县:蓬莱区"),
        ("县:月球背面", "县:文水县"),
        ("县:", "县:文水县"),
        ("主题:诗歌", "农村"),
        ("来源:", "来源:"),
        ("日期:2026-13-01", "日期:2026-11-01..2026-11-20"),
        ("日期:2026-02-30", "日期:本周"),
        ("日期:2026-11-20..2026-11-01", "日期:2026-11"),
        ("日期:..", "日期:2026-11"),
        ("日期:2026-W60", "2026-W47"),
        ("date:tomorrow", "日期:2026-11"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_form(line: str, right: str) -> None:
    with pytest.raises(FilterIsWrong) as caught:
        read_line(line, NAMES)
    assert right in caught.value.english()
    assert "JB-158" in caught.value.chinese()


def test_an_unknown_field_names_the_fields_and_how_to_look_for_the_text() -> None:
    with pytest.raises(FieldIsUnknown, match=r'JB-160 .*county: theme: .*"author:x"') as caught:
        read_line("author:x", NAMES)
    assert "署名:" in caught.value.chinese()


@pytest.mark.parametrize(
    ("line", "keeps"),
    [
        ("县:文水县", lambda it: "141121" in it.about.counties),
        ("-县:文水县", lambda it: "141121" not in it.about.counties),
        ("来源:晚报", lambda it: "晚报" in it.story.source),
        (
            "-来源:晚报 主题:rural",
            lambda it: "晚报" not in it.story.source and "rural" in it.about.themes,
        ),
        ("署名:记者", lambda it: "记者" in it.story.byline.raw),
        ("日期:2026-11", lambda it: it.story.published.strftime("%Y-%m") == "2026-11"),
        ("上周", lambda it: date(2026, 11, 9) <= it.story.published <= date(2026, 11, 15)),
        (
            "县:文水县 OR 主题:talent",
            lambda it: "141121" in it.about.counties or "talent" in it.about.themes,
        ),
    ],
)
def test_prefixes_keep_exactly_what_they_name(
    index: SearchIndex, stories: tuple[Annotated, ...], line: str, keeps: Keeps
) -> None:
    wanted = {s.id for s, a in stories if keeps(It(s, a))}
    results = index.search(Query(clauses=read_line(line, NAMES), limit=ALL))
    assert wanted
    assert {hit.story_id for hit in results.hits} == wanted


def test_a_byline_is_found_in_the_byline_only(
    index: SearchIndex, stories: tuple[Annotated, ...]
) -> None:
    for story, _ in stories[:40]:
        for name in story.byline.people():
            results = index.search(Query(clauses=read_line(f"署名:{name}", NAMES), limit=ALL))
            signed = {s.id for s, _ in stories if name in (*s.byline.people(), s.byline.raw)}
            assert signed <= {hit.story_id for hit in results.hits}
    assert index.search(Query(clauses=read_line("署名:党支部书记", NAMES))).total == 0


def test_cities_count_their_counties_and_their_own_stories(
    index: SearchIndex, stories: tuple[Annotated, ...]
) -> None:
    cities = {one.value: one.count for one in index.search(Query()).facets.cities}
    for code in {about.city for _, about in stories if about.city}:
        kept = [
            a for _, a in stories if a.city == code or any(c[:4] == code[:4] for c in a.counties)
        ]
        assert cities[code] == len(kept)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("文水显", "文水县"),
        ("文县水", "文水县"),
        ("交城现", "交城县"),
        ("吕粱市", "吕梁市"),
        ("文水水县", "文水县"),
        ("凤城振", "凤城镇"),
    ],
)
def test_one_slip_away_stands_the_place_that_was_meant(typed: str, meant: str) -> None:
    assert meant in near_places(typed, Gazetteer.load(), towns=True)


@pytest.mark.parametrize("typed", ["党员", "乡村振兴", "", "蓬莱国国", "文水县文水县文水县"])
def test_what_is_no_misspelt_place_gets_no_suggestion_of_itself(typed: str) -> None:
    assert typed not in near_places(typed, Gazetteer.load(), towns=True)


def test_a_hint_always_finds_something(index: SearchIndex) -> None:
    def finds(line: str) -> int:
        return index.search(Query(clauses=read_line(line, NAMES), limit=0)).total

    (near,) = hints("文水显", finds, NAMES.gazetteer)[:1]
    assert near.line == "文水县"
    assert finds(near.line)
    (marked,) = hints("「党员」", finds, NAMES.gazetteer)
    assert marked.line == "党员"
    assert hints("月球背面没有的词", finds, NAMES.gazetteer) == []
