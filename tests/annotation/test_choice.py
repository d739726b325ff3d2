"""Which themes are taken, by their weights alone."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from jianbao.index.choice import CHOICE, MOST, Choice, ThemeScore, load_choice
from jianbao.index.themes import load_themes

FIELDS = {"rural", "community", "relocation", "organ", "soe", "newecon", "institution"}
CHOSEN = load_choice()


def score(slug: str, weight: float, words: int = 5) -> ThemeScore:
    return ThemeScore(slug, weight, (), headline=weight / 3, lead=weight / 3, words=words)


def slugs(scores: list[ThemeScore], length: int = 0) -> list[str]:
    return [one.slug for one in CHOSEN.choose(scores, FIELDS.__contains__, length)]


def test_a_story_without_a_word_has_no_theme() -> None:
    assert slugs([]) == []


def test_a_single_theme_is_taken_however_light() -> None:
    assert slugs([score("red", 0.2, 0)]) == ["red"]


def test_a_field_and_its_work_go_together_sooner_than_two_works() -> None:
    work = [score("discipline", 20), score("member", 9)]
    pair = [score("soe", 20), score("member", 9)]
    assert slugs(work) == ["discipline"]
    assert slugs(pair) == ["soe", "member"]


def test_never_more_than_three() -> None:
    many = [score(slug, 30) for slug in ("rural", "member", "cadre", "service", "joint")]
    assert len(slugs(many)) == MOST


def test_the_more_a_theme_has_the_likelier_it_is() -> None:
    plain = score("service", 8, 2)
    chance = CHOSEN.likelihood(plain, 20)
    assert CHOSEN.likelihood(replace(plain, weight=12), 20) > chance
    assert CHOSEN.likelihood(replace(plain, words=6), 20) > chance
    assert CHOSEN.likelihood(plain, 10) > chance
    assert CHOSEN.likelihood(replace(plain, promised=True), 20) > chance


def test_a_long_text_asks_more_of_a_theme() -> None:
    chances = [CHOSEN.likelihood(score("service", 8), 20, length) for length in (100, 250, 900)]
    assert chances[0] == chances[1] > chances[2]


def test_what_the_headline_promises_is_taken_beside_two_heavy_ones() -> None:
    heavy = [score("service", 70, 12), score("community", 72, 12)]
    light = score("relocation", 8, 1)
    assert "relocation" not in slugs([*heavy, light])
    assert "relocation" in slugs([*heavy, replace(light, promised=True)])


@pytest.mark.parametrize(
    ("first", "second"),
    [("assist", "rural"), ("relocation", "community"), ("newecon", "community")],
)
def test_what_sets_a_story_apart_comes_before_its_setting(first: str, second: str) -> None:
    assert slugs([score(second, 24), score(first, 20)]) == [first, second]


def test_a_theme_of_an_own_file_counts_as_an_average_one() -> None:
    assert 0 < CHOSEN.likelihood(score("ecology", 10), 20) < 1
    assert slugs([score("ecology", 10)]) == ["ecology"]


def test_a_weight_beyond_all_bounds_is_no_error() -> None:
    assert CHOSEN.likelihood(score("rural", 1e300), 1e300) == pytest.approx(1)
    assert CHOSEN.likelihood(score("rural", 0.0, 0), 1e300) < 0.01


def test_the_numbers_are_those_of_the_sixteen_themes() -> None:
    assert set(CHOSEN.theme) == set(load_themes().slugs())
    data = tomllib.loads(CHOICE.read_text(encoding="utf-8"))
    assert Choice.model_validate(data) == CHOSEN
