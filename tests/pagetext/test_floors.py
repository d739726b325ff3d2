"""Accuracy of page repair on made pages: the floors stand in ``tests/floors.toml``.

``python benchmarks/page_repair.py`` prints the same figures and every page that is wrong.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from .generator import GoldPage, make_page
from .scoring import Score, score_pages

FLOORS = tomllib.loads((Path(__file__).parents[1] / "floors.toml").read_text(encoding="utf-8"))[
    "page_repair"
]
HALVES = {"tuning": range(150), "held-out": range(150, 300)}
"""Rules were made looking at the first half only."""

# Counted by hand on two dumps of real newspaper pages (7 stories).
SEED_PAGES, SEED_STORIES = 2, 7
SEED_CUTS, SEED_CUTS_ACROSS = 5, 1
SEED_CAPTIONS, SEED_SUBHEADS, SEED_DISPLACED = 3, 9, 1
SEED_LINES = 61


@cache
def _pages(half: str) -> tuple[GoldPage, ...]:
    return tuple(make_page(seed) for seed in HALVES[half])


@cache
def _score(half: str) -> Score:
    return score_pages(_pages(half))


@pytest.mark.parametrize("half", HALVES)
def test_the_made_pages_are_no_easier_than_real_ones(half: str) -> None:
    pages = _pages(half)
    count = {name: sum(page.counts[name] for page in pages) for name in pages[0].counts}
    stories = count["stories"]
    assert stories / len(pages) >= 3.3  # real: 3.5
    assert count["lines"] / len(pages) >= SEED_LINES / SEED_PAGES
    assert count["cuts"] / stories >= SEED_CUTS / SEED_STORIES
    assert count["cuts"] / len(pages) >= SEED_CUTS / SEED_PAGES
    assert count["across"] / stories >= SEED_CUTS_ACROSS / SEED_STORIES
    assert count["captions"] / stories >= SEED_CAPTIONS / SEED_STORIES
    assert count["displaced"] / stories >= SEED_DISPLACED / SEED_STORIES
    assert count["displaced"] / len(pages) >= 0.3
    assert count["subheads"] / stories >= SEED_SUBHEADS / SEED_STORIES


@pytest.mark.parametrize("half", HALVES)
def test_boundaries_are_found(half: str) -> None:
    assert _score(half).boundary.f1 >= FLOORS["boundary_f1"]


@pytest.mark.parametrize("half", HALVES)
def test_headlines_are_exact(half: str) -> None:
    assert _score(half).headline >= FLOORS["headline_exact"]


@pytest.mark.parametrize("half", HALVES)
def test_cuts_are_stitched(half: str) -> None:
    assert _score(half).stitch.f1 >= FLOORS["stitch_f1"]


@pytest.mark.parametrize("half", HALVES)
def test_whole_pages_are_right(half: str) -> None:
    assert _score(half).whole_page >= FLOORS["whole_page"]


def test_a_page_is_made_the_same_every_time() -> None:
    assert make_page(7).text == make_page(7).text
    assert make_page(7).text != make_page(8).text
