"""The checks: what they find in the table of cases, what they must not find, and how well on our own web."""

from __future__ import annotations

import random
import re
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.checks import Checks, Material
from jianbao.desk.checks_figures import chinese_number, figures, unfounded_figures
from jianbao.desk.checks_names import Places, people, unfounded_names
from jianbao.desk.checks_personal import is_identity_number, personal_data
from jianbao.desk.checks_terms import load_terms
from jianbao.desk.countyweb.dataset import load_stories
from jianbao.desk.issue import Issue, Item
from jianbao.index.annotation import Annotation
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.places import Finder
from jianbao.index.segment import default_segmenter
from jianbao.index.story import Byline, Paragraph, Picture, Story
from jianbao.index.tomlfile import FileIsWrong

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "checks_cases.toml").read_text(encoding="utf-8"))
FLOORS = tomllib.loads((HERE.parent / "floors.toml").read_text(encoding="utf-8"))["checks"]


@pytest.fixture(scope="module")
def checks() -> Checks:
    gazetteer = Gazetteer.load()
    finder = Finder(gazetteer, default_segmenter(), "140000")
    return Checks(load_terms(HERE / "none.toml"), Places(finder, gazetteer))


def found_in(checks: Checks, case: dict[str, Any]) -> list[str]:
    """What the checks say of the editor's headline and text of a case."""
    names = tuple(case.get("byline", ()))
    story = Story(
        id="abc",
        headline="党员带头",
        paragraphs=(Paragraph(case["source"]),),
        source="样刊",
        published=case.get("published", date(2026, 11, 18)),
        byline=Byline(reporters=names),
        pictures=(Picture(caption=case.get("caption", "")),),
        rights="full",
    )
    item = Item(story="abc", headline=case.get("headline", ""), text=case["edited"])
    issue = Issue(number=1, week="2026-W47", dated=date(2026, 11, 22), items=(item,))
    about = Annotation(counties=tuple(case.get("counties", ())), relevant=True)
    material = Material({"abc": story}, {"abc": about}, {}, {}, {})
    kinds = ("figure", "name", "post", "place")
    return sorted(
        f"{one.kind}:{one.words}" for one in checks.issue(issue, material) if one.kind in kinds
    )


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["about"])
def test_the_edited_text_is_held_against_its_source(checks: Checks, case: dict[str, Any]) -> None:
    assert found_in(checks, case) == sorted(case.get("expect", []))


@pytest.mark.parametrize("case", CASES["printed"], ids=lambda case: case["text"])
def test_personal_data_is_found_in_what_is_printed(case: dict[str, Any]) -> None:
    text = case["text"]
    found = [f"{one.kind}:{text[one.start : one.end]}" for one in personal_data(text)]
    assert (found == case.get("expect", [])) is not case.get("miss", False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百二十一点五", Fraction(643, 2)),
        ("两万三", 23000),
        ("二〇二六", 2026),
        ("十五", 15),
        ("三百五", 350),
        ("一千零五", 1005),
        ("一亿三千万", 130_000_000),
        ("十万零三百", 100_300),
        ("点五", None),
        ("", None),
        ("一" * 5_000, None),
    ],
)
def test_chinese_numerals_have_the_value_that_is_spoken(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("140105203013310021", False),
        ("990105194912310021", False),
        ("140105660101001", True),
        ("140105661301001", False),
    ],
)
def test_an_identity_number_has_a_place_a_birthday_and_a_checksum(number: str, right: bool) -> None:
    assert is_identity_number(number) is right


# --- how well, on the stories of the sample web ---


def _source(story: Any) -> str:
    body = "\n".join(one.text for one in story.paragraphs)
    return "\n".join([story.headline, story.kicker, story.deck, body])


def test_leaving_sentences_out_raises_no_alarm(checks: Checks) -> None:
    alarms = 0
    places = checks._places  # pyright: ignore[reportPrivateUsage]
    for story in load_stories():
        source = _source(story)
        for kept in (0, 1):
            edited = "".join(re.findall(r"[^。]+。", source)[kept::2])
            alarms += len(unfounded_figures(edited, source, story.published))
            alarms += len(unfounded_names(edited, source, story.byline.people()))
            alarms += len(places.unfounded(edited, source, ()))
    assert alarms <= FLOORS["most_false_alarms"]


def _other_number(words: str) -> str:
    """The same figure with another first digit, Arabic or Chinese."""
    for digits in ("123456789", "二三四五六七八九"):
        for char in words:
            if char in digits:
                return words.replace(char, digits[(digits.index(char) + 1) % len(digits)], 1)
    return words


def test_changed_figures_are_found() -> None:
    missed = tried = 0
    for story in load_stories():
        source = _source(story)
        values = {one.value for one in figures(source)}
        for one in figures(source):
            if one.kind != "number" or one.value < 2:
                continue
            wrong = _other_number(one.words)
            edited = source[: one.start] + wrong + source[one.end :]
            changed = [other for other in figures(edited) if other.start == one.start]
            if changed and changed[0].value in values:
                continue  # by chance another figure of the same story
            tried += 1
            spots = unfounded_figures(edited, source, story.published)
            missed += not any(spot.start == one.start for spot in spots)
    assert tried > 500
    assert 1 - missed / tried >= FLOORS["figure_recall"]


def test_changed_names_are_found() -> None:
    rng = random.Random(7)  # noqa: S311
    missed = tried = 0
    for story in load_stories():
        source = _source(story)
        known = {*story.byline.people(), *(one.name for one in people(source))}
        for name in sorted(one for one in known if one in source and len(one) > 1):
            for at in range(1, len(name)):
                wrong = name[:at] + rng.choice("建平海军丽芳明强") + name[at + 1 :]
                if wrong in source:
                    continue
                tried += 1
                spots = unfounded_names(source.replace(name, wrong), source, story.byline.people())
                missed += not any(wrong in spot.message_zh for spot in spots)
    assert tried > 80
    assert 1 - missed / tried >= FLOORS["name_recall"]


def test_changed_places_are_found(checks: Checks) -> None:
    rng = random.Random(7)  # noqa: S311
    places = checks._places  # pyright: ignore[reportPrivateUsage]
    names = [one.name for one in Gazetteer.load().counties_of("140000")]
    missed = tried = 0
    for story in load_stories():
        source = _source(story)
        others = [one for one in names if one not in source and one[:-1] not in source]
        for name in (one for one in names if one in source):
            wrong = rng.choice(others)
            tried += 1
            spots = places.unfounded(source.replace(name, wrong), source, story.counties)
            missed += not any(wrong in spot.message_zh for spot in spots)
    assert tried > 50
    assert 1 - missed / tried >= FLOORS["place_recall"]


def test_the_checks_take_linear_time(checks: Checks) -> None:
    import time

    text = "党员李向阳今年67岁，11月18日帮助126户。" * 2_000
    started = time.process_time()
    unfounded_figures(text, text, date(2026, 11, 18))
    unfounded_names(text, text)
    hostile = "一" * 40_000 + "1" * 40_000 + "党员" * 20_000 + "1单元" * 10_000
    unfounded_figures(hostile, text, None)
    personal_data(hostile)
    assert time.process_time() - started < 10


# --- wordings ---


def test_a_wrong_wording_is_found_and_the_right_one_is_not(tmp_path: Path) -> None:
    terms = load_terms(tmp_path / "none.toml")
    text = "党委布署工作，建国以来第一次；村长远规划，两委部署。"
    assert [text[one.start : one.end] for one in terms.find(text)] == ["布署", "建国以来"]


def test_no_default_wording_is_found_in_its_own_right_one() -> None:
    terms = load_terms(HERE / "none.toml")
    for term in terms.terms:
        assert not [one for one in terms.find(term.right) if one.severity != "note"], term
        assert terms.find(f"说{term.wrong}吧"), term


def test_no_serious_wording_stands_in_the_sample_web() -> None:
    terms = load_terms(HERE / "none.toml")
    alarms = [
        one.message_zh
        for story in load_stories()
        for one in terms.find(_source(story))
        if one.severity != "note"
    ]
    assert alarms == []


def test_the_offices_wordings_come_before_the_programs(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    assert load_terms(path).find("布署")
    own = '[[term]]\nwrong = "布署"\nright = "部署"\nwhy = "本刊用法"\nseverity = "stop"\n'
    path.write_text(own, encoding="utf-8")
    assert [one.severity for one in load_terms(path).find("布署和座落")] == ["stop", "ask"]
    path.write_text("defaults = false\n" + own, encoding="utf-8")
    assert [one.severity for one in load_terms(path).find("布署和座落")] == ["stop"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[term]]\nwrong = "甲"\n', "terms.toml:1: term.0.why"),
        ('[[term]]\nwrong = ""\nwhy = "乙"\n', "terms.toml:2"),
        ('[[term]]\nwrong = "甲"\nright = "甲"\nwhy = "乙"\n', "the same"),
        ('[[term]]\nwrong = "甲"\nwhy = "乙"\nunless = ["丙"]\n', "unless"),
        ('[[term]]\nwrong = "甲"\nwhy = "乙"\n[[term]]\nwrong = "甲"\nwhy = "丙"\n', "terms.toml:5: .*twice"),
    ],
)  # fmt: skip
def test_a_wrong_terms_file_names_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileIsWrong, match=says):
        load_terms(path)
