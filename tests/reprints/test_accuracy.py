"""The floors of reprint folding, on 150 pairs of our own."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from jianbao.index.reprints import Copy, Reprints, find_reprints
from jianbao.index.story import Story

from .pairs import Pair, corpus

FLOORS = tomllib.loads((Path(__file__).parents[1] / "floors.toml").read_text("utf-8"))["reprints"]


@pytest.fixture(scope="module")
def measured() -> tuple[list[Story], list[Pair], Reprints]:
    stories, pairs = corpus()
    return stories, pairs, find_reprints(stories)


def linked(found: Reprints, pair: Pair) -> bool:
    """In one fold, or named to each other as "same copy, check"."""
    one, other = found.firsts[pair.one], found.firsts[pair.other]
    checks = {frozenset((c.story_id, found.firsts[c.other_id])) for c in found.copies}
    return one == other or frozenset((one, other)) in checks


def test_there_are_150_pairs_that_nobody_has_changed() -> None:
    stories, pairs = corpus()
    assert len(pairs) == 150
    assert Counter(pair.same for pair in pairs) == {True: 90, False: 60}
    text = "\n".join(
        [f"{p.one} {p.other} {p.same}" for p in pairs] + [s.id + s.body for s in stories]
    )
    assert hashlib.sha256(text.encode()).hexdigest() == FLOORS["pairs_sha256"]


def test_recall_and_precision_stay_above_their_floors(
    measured: tuple[list[Story], list[Pair], Reprints],
) -> None:
    _, pairs, found = measured
    right = [pair for pair in pairs if pair.same and linked(found, pair)]
    wrong = [pair for pair in pairs if not pair.same and linked(found, pair)]
    missed = [pair for pair in pairs if pair.same and not linked(found, pair)]
    assert len(right) / (len(right) + len(missed)) >= FLOORS["recall"], missed
    assert len(right) / (len(right) + len(wrong)) >= FLOORS["precision"], wrong


def test_what_is_folded_without_asking_is_never_wrong(
    measured: tuple[list[Story], list[Pair], Reprints],
) -> None:
    _, pairs, found = measured
    assert [p for p in pairs if not p.same and found.firsts[p.one] == found.firsts[p.other]] == []


def test_the_base_is_the_first_of_its_copies(
    measured: tuple[list[Story], list[Pair], Reprints],
) -> None:
    _, pairs, found = measured
    folded = [p for p in pairs if p.same and found.firsts[p.other] != p.other]
    assert len(folded) >= FLOORS["folded"] * 90
    late = [p for p in folded if p.kind != "new lead" and found.firsts[p.other] != p.one]
    assert late == []


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("cut", "part"), ("excerpt", "part"), ("traditional", "whole")],
)
def test_the_direction_says_who_cut_whom(
    measured: tuple[list[Story], list[Pair], Reprints], kind: str, direction: str
) -> None:
    _, pairs, found = measured
    by_id: dict[str, Copy] = {copy.story_id: copy for copy in found.copies}
    of_kind = [by_id[p.other] for p in pairs if p.kind == kind and by_id[p.other].other_id == p.one]
    assert len(of_kind) >= 8
    assert Counter(copy.direction for copy in of_kind).most_common(1)[0][0] == direction
