"""Which themes are taken, by their weights alone."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from jianbao.index.choice import CHOICE, LOOKED, MOST, Choice, ThemeScore, load_choice, pair
from jianbao.index.themes import load_themes

FIELDS = {"rural", "community", "relocation", "organ", "soe", "newecon", "institution"}
CHOSEN = load_choice()


def score(slug: str, weight: float, wording: float = 0.0) -> ThemeScore:
    return ThemeScore(slug, weight, (), headline=weight / 3, lead=weight / 3, wording=wording)


def chances(scores: list[ThemeScore], choice: Choice = CHOSEN) -> dict[str, float]:
    return choice.chances(scores, FIELDS.__contains__)


def slugs(scores: list[ThemeScore], length: int = 0) -> list[str]:
    return [one.slug for one in CHOSEN.choose(scores, FIELDS.__contains__, length).themes]


def test_a_story_without_a_word_has_no_theme() -> None:
    assert slugs([]) == []


def test_a_single_theme_is_taken_however_light() -> None:
    assert slugs([score("red", 0.2)]) == ["red"]


def test_a_field_and_its_work_go_together_sooner_than_two_works() -> None:
    plain = CHOSEN.model_copy(update={"pairs": {}})
    for field_or_work, expected in (("discipline", ["discipline"]), ("soe", ["soe", "member"])):
        found = plain.choose([score(field_or_work, 20), score("member", 9)], FIELDS.__contains__)
        assert [one.slug for one in found.themes] == expected
    assert plain.bond("soe", "organ", FIELDS.__contains__) < 0
    assert plain.bond("cadre", "talent", FIELDS.__contains__) < 0
    assert plain.bond("rural", "talent", FIELDS.__contains__) == 0


def test_themes_that_go_together_lift_each_other() -> None:
    scores = [score("rural", 20), score("joint", 12), score("red", 12)]
    alone = chances(scores, CHOSEN.model_copy(update={"pairs": {}}))
    tied = chances(scores, CHOSEN.model_copy(update={"pairs": {pair("rural", "joint"): 2.0}}))
    assert tied["joint"] > alone["joint"]
    assert tied["red"] < alone["red"]


def test_a_pair_is_the_same_whichever_comes_first() -> None:
    assert pair("soe", "joint") == pair("joint", "soe")
    assert all(key == pair(*key.split("-")) for key in CHOSEN.pairs)


def test_the_chances_count_as_many_themes_as_a_story_may_have() -> None:
    found = chances([score(slug, 10 + at) for at, slug in enumerate(sorted(CHOSEN.theme))])
    assert len(found) == LOOKED
    assert 1 <= sum(found.values()) <= MOST


def test_never_more_than_three() -> None:
    many = [score(slug, 30) for slug in ("rural", "member", "cadre", "service", "joint")]
    assert len(slugs(many)) == MOST


def test_the_more_a_theme_has_the_likelier_it_is() -> None:
    plain = score("service", 8)
    odds = CHOSEN.odds(plain, 20)
    assert CHOSEN.odds(replace(plain, weight=12), 20) > odds
    assert (
        CHOSEN.odds(replace(plain, wording=0.5), 20)
        > odds
        > CHOSEN.odds(replace(plain, wording=-0.5), 20)
    )
    assert CHOSEN.odds(plain, 10) > odds
    assert CHOSEN.odds(replace(plain, promised=True), 20) > odds


def test_ordinary_words_decide_between_themes_of_one_weight() -> None:
    heavy = score("community", 24)
    plain = [score("talent", 8), score("member", 8)]
    assert slugs([heavy, *plain, score("service", 8, 2.0)]) == ["community", "service"]
    assert "service" not in slugs([heavy, *plain, score("service", 8, -2.0)])


def test_a_long_text_asks_more_of_a_theme() -> None:
    odds = [CHOSEN.odds(score("service", 8), 20, length) for length in (100, 250, 900)]
    assert odds[0] == odds[1] > odds[2]


def test_what_the_headline_promises_is_taken_beside_two_heavy_ones() -> None:
    heavy = [score("service", 70), score("community", 72)]
    light = score("relocation", 8)
    assert "relocation" not in slugs([*heavy, light])
    assert "relocation" in slugs([*heavy, replace(light, promised=True)])


@pytest.mark.parametrize(
    ("first", "second"),
    [("assist", "rural"), ("relocation", "community"), ("newecon", "community")],
)
def test_what_sets_a_story_apart_comes_before_its_setting(first: str, second: str) -> None:
    assert slugs([score(second, 24), score(first, 20)]) == [first, second]


def test_a_theme_of_an_own_file_counts_as_an_average_one() -> None:
    assert 0 < chances([score("ecology", 10), score("rural", 20)])["ecology"] < 1
    assert slugs([score("ecology", 10)]) == ["ecology"]


def test_a_weight_beyond_all_bounds_is_no_error() -> None:
    found = chances([score("rural", 1e300), score("red", 1e300, 1e300), score("soe", 0.1, -1e300)])
    assert found["red"] == pytest.approx(1)
    assert found["soe"] < 0.01


def test_the_numbers_are_those_of_the_sixteen_themes() -> None:
    assert set(CHOSEN.theme) == set(load_themes().slugs())
    data = tomllib.loads(CHOICE.read_text(encoding="utf-8"))
    assert Choice.model_validate(data) == CHOSEN
