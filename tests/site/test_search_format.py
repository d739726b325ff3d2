"""What the search's files are made of: numbers as bits, and which stories hold which strings."""

from __future__ import annotations

import math
import random
from base64 import b64decode
from collections.abc import Iterable
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jianbao.site import reader_bits, reader_rows
from jianbao.site.reader_bits import (
    NODE_K,
    PIECES,
    Codes,
    Runs,
    gamma,
    gaps,
    node_lists,
    rice_k,
    subsets,
)
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
            return self.gaps(some, best_k(universe, some))
        missing = set(self.gaps(universe - some, best_k(universe, universe - some)))
        return [n for n in range(universe) if n not in missing]


def ints(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), np.int64)


def told(runs: Runs) -> list[str]:
    """The bit strings one by one."""
    bits = "".join(f"{word:064b}" for word in runs.words.tolist())
    return [bits[a:b] for a, b in zip(runs.starts.tolist(), runs.ends.tolist(), strict=True)]


def best_k(universe: int, chosen: int) -> int:
    return int(rice_k(universe, ints([chosen]))[0])


numbers = st.sets(st.integers(0, 30_000), max_size=60).map(sorted)
several = st.lists(numbers, min_size=1, max_size=5)


@given(several, st.integers(0, 12), st.integers(1, 1 << 30))
def test_numbers_end_themselves(lists: list[list[int]], k: int, more: int) -> None:
    counts, values = ints(map(len, lists)), ints(value for some in lists for value in some)
    many = Runs.of(gamma(ints([more] * len(lists))))
    prefix = ints([5] * len(lists)), ints([3] * len(lists))
    runs = Runs.joined(
        gaps(values, counts, np.full(len(lists), k)),
        many,
        node_lists(*prefix, values, counts),
        many,
    )
    for some, bits in zip(lists, told(runs), strict=True):
        reader = Reader(bits)
        assert reader.gaps(len(some), k) == some
        assert reader.gamma() == more
        assert reader.take(3) == 5
        if some:
            listed = reader.gamma()
            assert reader.gaps(listed, int(NODE_K[reader.take(3)])) == some
        assert reader.gamma() == more
        assert reader.at == len(bits)


@given(several, st.integers(0, 30))
def test_subsets_are_read_back_whatever_their_size(lists: list[list[int]], spare: int) -> None:
    universe = 30_001 + spare
    lists += [[n for n in range(universe) if n not in some] for some in map(set, lists[:2])]
    lists += [[], list(range(universe))]
    counts, values = ints(map(len, lists)), ints(value for some in lists for value in some)
    runs = subsets(values, counts, np.full(len(lists), universe))
    assert [Reader(bits).subset(universe) for bits in told(runs)] == lists


@given(st.lists(st.text("01", max_size=150), min_size=1, max_size=12), st.randoms())
def test_bit_strings_are_put_together_like_texts(texts: list[str], draw: random.Random) -> None:
    runs = Runs.of(Codes.none(len(texts)))
    for start in range(0, 150, 50):
        some = [text[start : start + 50] for text in texts]
        value, size = ints(int(t or "0", 2) for t in some), ints(map(len, some))
        bits = np.where(size > 0, Codes.of(value, np.maximum(size, 1)).bits, np.uint64(0))
        runs = Runs.joined(runs, Runs.of(Codes(bits, size)))
    assert told(runs) == texts
    order = [draw.randrange(len(texts)) for _ in range(9)]
    taken = runs.taken(ints(order))
    assert told(taken) == [texts[n] for n in order]
    assert told(Runs.stacked(runs, taken)) == texts + told(taken)
    assert told(taken.grouped(ints([2, 0, 4, 3]))) == [
        "".join(told(taken)[a:b]) for a, b in ((0, 2), (2, 2), (2, 6), (6, 9))
    ]
    for text, packed64 in zip(texts, Runs.joined(runs, align=64).base64(), strict=True):
        data = b64decode(packed64 + "=" * (-len(packed64) % 4))
        assert "".join(f"{byte:08b}" for byte in data) == text + "0" * (-len(text) % 8)


def test_more_bits_than_are_worked_on_at_once_are_put_together_alike() -> None:
    """Bands of arrays meet within words and within strings."""
    values = np.arange(2 * PIECES + 7) * 3
    counts = ints([1, len(values) - 1])
    runs = Runs.joined(gaps(values, counts, ints([1, 1])), Runs.of(gamma(ints([5, 6]))))
    rest = "101" + "100" * (len(values) - 2) + "00110"
    assert told(runs) == ["00" + "00101", rest]
    assert told(runs.taken(ints([1, 0, 1]))) == [rest, "0000101", rest]


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.3, 0.5, 0.9])
def test_a_list_weighs_little_more_than_its_entropy(share: float) -> None:
    draw = random.Random(1)  # noqa: S311 - reproducible, not secret
    universe = 20_000
    chosen = [n for n in range(universe) if draw.random() < share]
    least = math.lgamma(universe + 1) - math.lgamma(len(chosen) + 1)
    least = (least - math.lgamma(universe - len(chosen) + 1)) / math.log(2)
    size = subsets(ints(chosen), ints([len(chosen)]), ints([universe])).sizes()
    assert size[0] < least * 1.06 + 40


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
        return "".join(map(chr, row.char(np.arange(place, place + size, dtype=np.int32)).tolist()))

    def check(strings: Strings) -> list[str]:
        names = [named(place, strings.size) for place in strings.first.tolist()]
        assert len(set(names)) == len(names)
        found = np.split(strings.owner, np.cumsum(strings.count))[:-1]
        for name, owners in zip(names, found, strict=True):
            assert holding(name) == (owners >> 1).tolist()
            assert [n for n in holding(name) if name in docs[n][0]] == (
                owners[owners & 1 == 1] >> 1
            ).tolist()
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


@given(texts)
@settings(deadline=None, max_examples=25)
def test_what_is_sorted_at_once_does_not_matter(docs: list[tuple[str, str]]) -> None:
    docs = docs * 4
    with pytest.MonkeyPatch.context() as patch:
        whole = list(shards(docs, 2, 3, 8))
        patch.setattr(reader_rows, "_BAND", 7)
        patch.setattr(reader_rows, "_PLACES", 5)
        patch.setattr(reader_rows, "_CHUNK", 3)
        patch.setattr(reader_rows, "_ROWS", 4)
        patch.setattr(reader_bits, "PIECES", 4)
        assert list(shards(docs, 2, 3, 8)) == whole


def test_the_table_of_folding_is_told_in_runs() -> None:
    runs = fold_runs()
    assert {a + n * s: a + n * s + d for a, many, s, d in runs for n in range(many)} == FOLD
    assert len(runs) < 150


@given(st.text(max_size=30))
def test_packing_keeps_every_character_apart(text: str) -> None:
    assert packed(text) == "".join(map(packed, text))
    assert not set(packed("党" + text.replace('"', "").replace("<", ""))) & set('"<')
