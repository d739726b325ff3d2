"""Bylines in all their forms. Every name is invented."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any, Literal, cast

import pytest

from jianbao.crawler.byline import BylineParse, join_bylines, parse_byline
from jianbao.crawler.byline_names import is_name, is_organisation, names_in
from jianbao.crawler.credits import read_credit, read_credit_behind
from jianbao.crawler.dates import day_printed
from jianbao.crawler.headline import cut_title, split_column
from jianbao.crawler.leads import read_lead, read_line, read_tail

from .cases import CASES

TODAY = date(2026, 11, 22)
Place = Literal["head", "line", "tail", "caption", "meta", "footer"]


def _read_column(text: str) -> dict[str, str]:
    column, label, headline = split_column(text, "雪夜里的两盏灯_样例网")
    return {"column": column, "label": label, "headline": headline}


def _read_day(text: str) -> dict[str, str]:
    day = day_printed(text, today=TODAY)
    return {"day": day.isoformat()} if day else {}


PORTALS = {
    "portal lead": read_lead,
    "portal line": read_line,
    "portal tail": read_tail,
    "credit": read_credit,
    "behind": read_credit_behind,
}
PLAIN: dict[str, Callable[[str], dict[str, str]]] = {
    "column": _read_column,
    "suffix": lambda text: {"headline": cut_title(text)},
    "day": _read_day,
}


def _parse(place: str, text: str) -> BylineParse:
    reader = PORTALS.get(place)
    return reader(text) if reader else parse_byline(text, cast("Place", place))


def _rows(*places: str) -> list[Any]:
    return [pytest.param(*row, id=f"{row[0]}: {row[1]}") for row in CASES if row[0] in places]


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    _rows("head", "line", "tail", "caption", "meta", "footer", *PORTALS),
)
def test_who_and_where_from_is_read(place: str, text: str, expected: dict[str, Any] | None) -> None:
    parse = _parse(place, text)
    if expected is None:
        assert not parse.names_somebody()
        assert not (parse.strip and place in ("head", "line", "tail"))
        return
    for name, value in expected.items():
        if name == "after":
            assert text[parse.end :].lstrip().startswith(value)
        else:
            assert getattr(parse, name) == value, name
    if any(expected.values()):
        assert parse.found or parse.is_caption


@pytest.mark.parametrize(("place", "text", "expected"), _rows(*PLAIN))
def test_headlines_and_days_are_read(
    place: str, text: str, expected: dict[str, Any] | None
) -> None:
    found = PLAIN[place](text)
    assert {name: value for name, value in found.items() if value} == (expected or {})


@pytest.mark.parametrize(("place", "text", "_"), _rows("head", "line", "tail"))
def test_a_byline_is_bounded_in_its_text(place: str, text: str, _: object) -> None:
    parse = _parse(place, text)
    if not parse.strip:
        return
    assert parse.raw == text[parse.start : parse.end].strip()
    if place == "line":
        assert parse.is_byline_line
    if place == "tail":
        assert parse.end == len(text)


def test_the_table_holds_more_than_two_hundred_different_rows() -> None:
    assert len({(place, text) for place, text, _ in CASES}) == len(CASES) >= 250


def test_two_bylines_of_one_story_become_one() -> None:
    both = join_bylines(
        [
            parse_byline("本报讯（记者 柳青禾）", "head"),
            parse_byline("（记者 柳青禾 通讯员 苗禾）", "tail"),
        ]
    )
    assert both.raw == "本报讯（记者 柳青禾）\n（记者 柳青禾 通讯员 苗禾）"
    assert both.reporters == ("柳青禾",)
    assert both.correspondents == ("苗禾",)


def test_trainees_and_interns_are_trainees_of_the_story() -> None:
    byline = parse_byline("本报讯（见习记者 蒲小满 实习生 石砾）近日，", "head").to_byline()
    assert byline.trainees == ("蒲小满", "石砾")


@pytest.mark.parametrize("name", ["柳青禾", "苗禾", "欧阳岚", "令狐晓舟", "阿依·努尔", "雒一鸣"])
def test_names_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("word", ["资料图片", "化名", "完", "左", "组织部", "服务", "一二三四五"])
def test_marks_of_the_paper_are_no_names(word: str) -> None:
    assert not is_name(word)


def test_a_unit_is_told_from_a_person() -> None:
    assert is_organisation("文水县融媒体中心")
    assert not is_organisation("柳青禾")
    assert names_in("文水县融媒体中心 柳青禾", labelled=False)[:2] == (
        ["柳青禾"],
        ["文水县融媒体中心"],
    )


@pytest.mark.parametrize("where", ["head", "line", "tail", "caption", "meta", "footer"])
@pytest.mark.parametrize(
    "unit", ["记者 ", "（", "王 ", "来源：", "本报讯（", "编辑丨", "。（完）", "　"]
)
def test_a_hostile_line_costs_no_time(where: Any, unit: str) -> None:
    text = unit * (20_000 // len(unit))
    started = time.perf_counter()
    parse_byline(text, where)
    assert time.perf_counter() - started < 20  # a pattern that blows up takes minutes
