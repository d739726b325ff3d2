"""What the search's files are made of: numbers as bits, and which stories hold which strings."""

from __future__ import annotations

import math
import random
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.site.reader_bits import NODE_K, gamma, gap_steps, gaps, node_list, rice_k, subset
from jianbao.site.reader_postings import mixed, shards
from jianbao.site.reader_rows import Row, Strings, differences, renumbered
from jianbao.site.reader_texts import FOLD, fold_runs, packed


class Reader:
    """Bits read as the browser reads them."""

    def __init__(self, bits: str) -> None:
        self.bits, self.at = bits, 0

    def take(self, n: int) -> int:
        self.at += n
        return int(self.bits[self.at - n : self.at] or "0", 2)

    def gamma(self) -> int:
        zeros = next(n for n in count() if self.bits[self.at + n] == "1")
        self.at += zeros
        return self.take(zeros + 1)

    def gaps(self, many: int, k: int) -> list[int]:
        out: list[int] = []
        last = -1
        for _ in range(many):
            high = next(n for n in count() if self.bits[self.at + n] == "0")
            self.at += high + 1
            last += (high << k) + self.take(k) + 1
            out.append(last)
        return out

    def subset(self, universe: int) -> list[int]:
        some = self.gamma() - 1
        if some in {0, universe}:
            return list(range(some))
        if 2 * some <= universe:
            return self.gaps(some, rice_k(universe, some))
        missing = set(self.gaps(universe - some, rice_k(universe, universe - some)))
        return [n for n in range(universe) if n not in missing]


numbers = st.sets(st.integers(0, 30_000), min_size=1, max_size=60).map(sorted)


@given(numbers, st.integers(0, 12), st.integers(1, 1 << 30))
def test_numbers_end_themselves(values: list[int], k: int, more: int) -> None:
    reader = Reader(gaps(values, k) + gamma(more) + node_list(gap_steps(values), values[-1]) + "1")
    assert reader.gaps(len(values), k) == values
    assert reader.gamma() == more
    many = reader.gamma()
    assert reader.gaps(many, NODE_K[reader.take(3)]) == values
    assert reader.at == len(reader.bits) - 1


@given(st.sets(st.integers(0, 99)), st.integers(100, 5000))
def test_a_subset_is_read_back_whatever_its_size(values: set[int], universe: int) -> None:
    chosen = sorted(values)
    for some in (chosen, [n for n in range(universe) if n not in values]):
        assert Reader(subset(some, universe)).subset(universe) == some


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.3, 0.5, 0.9])
def test_a_list_weighs_little_more_than_its_entropy(share: float) -> None:
    draw = random.Random(1)  # noqa: S311 - reproducible, not secret
    universe = 20_000
    chosen = [n for n in range(universe) if draw.random() < share]
    least = math.lgamma(universe + 1) - math.lgamma(len(chosen) + 1)
    least = (least - math.lgamma(universe - len(chosen) + 1)) / math.log(2)
    assert len(subset(chosen, universe)) < least * 1.06 + 40


def test_no_two_numbers_are_mixed_into_one() -> None:
    codes = np.random.default_rng(1).permutation(1 << 22).astype(np.uint32) << np.uint32(7)
    assert len(np.unique(mixed(codes))) == len(codes)


texts = st.lists(
    st.tuples(st.text("甲乙丙 ", max_size=6), st.text("甲乙丙，\n", max_size=30)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(texts, st.integers(0, 3))
@settings(deadline=None)
def test_strings_and_their_differences_agree_with_the_texts(
    docs: list[tuple[str, str]], few: int
) -> None:
    row = Row.of(docs)

    def holding(text: str) -> list[int]:
        return [n for n, doc in enumerate(docs) if any(text in part for part in doc)]

    def named(place: int, size: int) -> str:
        return "".join(map(chr, row.chars[place : place + size].tolist()))

    def check(strings: Strings) -> list[str]:
        names = [named(place, strings.size) for place in strings.first.tolist()]
        assert len(set(names)) == len(names)
        assert [holding(name) for name in names] == list(strings.lists())
        return names

    strings, at = row.single()
    check(strings)
    for _ in range(3):
        keep = strings.count > few
        shorter = strings.kept(keep)
        renumbered(at, keep)
        strings = row.longer(shorter, at)
        found, end = differences(strings, shorter, row.stories, few), 0
        for n, name in enumerate(check(strings)):
            both = [story for story in holding(name[:-1]) if story in holding(name[1:])]
            ranks = found.ranks[end : end + found.listed[n]].tolist()
            end += found.listed[n]
            assert found.many[n] == len(both)
            if len(both) > few:
                missing = [story for story in both if story not in holding(name)]
                expected = (holding(name), [], missing)[found.kind[n]]
                assert [both[rank] for rank in ranks] == expected


def test_shards_come_in_full_number_even_of_nothing() -> None:
    assert len(list(shards([("", "")], 3, 16, 8))) == 8
    assert len(list(shards([("甲", "乙丙" * 9)] * 40, 1, 16, 8))) == 2


def test_the_table_of_folding_is_told_in_runs() -> None:
    runs = fold_runs()
    assert {a + n * s: a + n * s + d for a, many, s, d in runs for n in range(many)} == FOLD
    assert len(runs) < 150


@given(st.text(max_size=30))
def test_packing_keeps_every_character_apart(text: str) -> None:
    assert packed(text) == "".join(map(packed, text))
    assert not set(packed("党" + text.replace('"', "").replace("<", ""))) & set('"<')
