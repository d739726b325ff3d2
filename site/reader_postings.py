"""The posting lists of a part of the reader's search: which stories hold which character or pair.

Common tokens, in more than a few stories, have an entry in one of the shards, which a mixed number
chooses: the token's number in what the shard's leaves over, its stories, those that have it in the
headline, and, of a pair, its tree (``reader_strings``). Rare tokens have no entry: each of their stories
stands in the shard as one number, a few mixed bits of the token before the story's. Another token may
have the same bits; what is found there is looked up in the texts, which will be shown anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from .reader_bits import Codes, Ints, Runs, bands, gamma, gaps, inside, rice_k, subsets
from .reader_rows import Row, Strings, renumbered
from .reader_strings import no_tree, trees

SPARE = 2
"""Names for rare tokens to one that is used in a shard: a rare pair leads to less than one wrong text. Twice
as many names would weigh eleven bytes a story."""


def mixed(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Scatters the numbers below 2**32; no two of them meet. The browser computes the same."""
    codes = codes * np.uint32(0x9E3779B1)
    codes = (codes ^ codes >> np.uint32(15)) * np.uint32(0x85EBCA77)
    return codes ^ codes >> np.uint32(13)


def codes(row: Row, tokens: Strings) -> NDArray[np.uint32]:
    """Each character or pair as one number below 2**32. Characters beyond the BMP meet others: what is
    found by them is checked in the texts."""
    code = np.zeros(len(tokens.first), np.uint32)
    for offset in range(tokens.size):
        char = row.char(tokens.first + np.int32(offset))
        char = np.where(char < 0x10000, char, 0xD800 | char & 0x7FF).astype(np.uint32)
        code = code << np.uint32(16) | char
    return code


def shards(docs: Iterable[tuple[str, str]], bits: int, few: int, most: int) -> Iterator[str]:
    """The shards of folded (headline, rest), in order, in base 64."""
    row = Row.of(docs)
    single, at = row.single()
    common = (single.count > few) & _narrow(row, single)
    loose = [_loose(row, single.kept(~common))]
    pairs = row.longer(single, at)
    single = single.kept(common)
    common = (pairs.count > few) & _narrow(row, pairs)
    loose.append(_loose(row, pairs.kept(~common)))
    pairs = pairs.kept(common)
    renumbered(at, common)
    numbers = np.concatenate([_numbers(row, tokens) for tokens in (single, pairs)])
    lists = Runs.stacked(_lists(single, row.stories), _lists(pairs, row.stories))
    below = trees(row, pairs, at, few, most)
    stories = row.stories
    del row, at, pairs
    entries = Runs.joined(lists, Runs.stacked(no_tree(len(single.count)), below))
    return _written(entries, numbers, np.concatenate(loose), stories, bits).base64()


def _numbers(row: Row, tokens: Strings) -> Ints:
    return mixed(codes(row, tokens)).astype(np.int64)


def _narrow(row: Row, tokens: Strings) -> NDArray[np.bool_]:
    """Whether all characters of a token belong to the BMP."""
    last = row.char(tokens.first + np.int32(tokens.size - 1))
    return (row.char(tokens.first) < 0x10000) & (last < 0x10000)


def _lists(tokens: Strings, stories: int) -> Runs:
    """The stories of each token, and which of them have it in the headline."""
    counts, made = tokens.count.astype(np.int64), [Runs.of(Codes.none(0))]
    stops = np.cumsum(counts)
    for low, high in bands(stops):
        some = counts[low:high]
        owner = tokens.owner[stops[low] - some[0] : stops[high - 1]]
        headed = np.flatnonzero(owner & 1)
        line = np.repeat(np.arange(len(some)), some)[headed]
        heads = np.bincount(line, minlength=len(some))
        made.append(
            Runs.joined(
                subsets(owner >> 1, some, np.full(len(some), stories)),
                subsets(inside(some)[headed], heads, some),
            )
        )
    return Runs.stacked(*made)


def _loose(row: Row, rare: Strings) -> Ints:
    """Shard, what is left of the token's number, and story: one number for each story of a rare token."""
    number = np.repeat(_numbers(row, rare), rare.count)
    number *= row.stories
    number += rare.owner >> 1
    return number


def _written(entries: Runs, numbers: Ints, loose: Ints, stories: int, bits: int) -> Runs:
    many = 1 << bits
    names = max(1, (SPARE * len(loose) >> bits).bit_length() - 1)
    universe = stories << names
    both = loose // (stories << (32 - bits)) * universe + loose % universe
    both.sort()
    both = both[np.diff(both, prepend=-1) > 0]
    listed = np.bincount(both // universe, minlength=many)
    order = np.argsort(numbers)
    own = np.bincount(numbers >> (32 - bits), minlength=many)
    keys = numbers[order] & (1 << (32 - bits)) - 1
    return Runs.joined(
        Runs.of(Codes.of(np.full(many, names), np.full(many, 5))),
        Runs.of(gamma(listed + 1)),
        gaps(both % universe, listed, rice_k(universe, listed)),
        Runs.of(gamma(own + 1)),
        gaps(keys, own, rice_k(1 << (32 - bits), own)),
        entries.taken(order).grouped(own),
        align=64,
    )
