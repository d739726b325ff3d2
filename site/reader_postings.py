"""The posting lists of a part of the reader's search: which stories hold which character or pair.

Common tokens, in more than a few stories, have an entry in one of the shards, which a mixed number
chooses: the token's number in what the shard's leaves over, its stories, those that have it in the
headline, and, of a pair, its tree (``reader_strings``). Rare tokens have no entry: each of their stories
stands in the shard as one number, a few mixed bits of the token before the story's. Another token may
have the same bits; what is found there is looked up in the texts, which will be shown anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from .reader_bits import base64_of, gamma, gaps, rice_k, subset
from .reader_rows import Row, Strings, headed, renumbered
from .reader_strings import NO_TREE, trees

Entries = defaultdict[int, list[tuple[int, str]]]
"""What the shards hold: of every entry what the token's number leaves over, and its bits."""
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
        char = row.chars[tokens.first + offset]
        char = np.where(char < 0x10000, char, 0xD800 | char & 0x7FF).astype(np.uint32)
        code = code << np.uint32(16) | char
    return code


def shards(docs: Iterable[tuple[str, str]], bits: int, few: int, most: int) -> Iterator[str]:
    """The shards of folded (headline, rest), in order, in base 64."""
    row = Row.of(docs)
    entries: Entries = defaultdict(list)
    single, at = row.single()
    common = (single.count > few) & _narrow(row, single)
    loose = [_loose(row, single.kept(~common))]
    own_heads = headed(row, np.where(np.append(common, False)[at], at, -1))
    _enter(row, single, common, own_heads, None, bits, entries)
    pairs = row.longer(single, at)
    common = (pairs.count > few) & _narrow(row, pairs)
    loose.append(_loose(row, pairs.kept(~common)))
    pairs = pairs.kept(common)
    renumbered(at, common)
    every = np.ones(len(pairs.count), np.bool_)
    own_heads = headed(row, at)
    below = trees(row, pairs, at, few, most)
    del at
    _enter(row, pairs, every, own_heads, below, bits, entries)
    yield from _written(entries, np.concatenate(loose), row.stories, bits)


def _narrow(row: Row, tokens: Strings) -> NDArray[np.bool_]:
    """Whether all characters of a token belong to the BMP."""
    last = row.chars[tokens.first + tokens.size - 1]
    return (row.chars[tokens.first] < 0x10000) & (last < 0x10000)


def _enter(
    row: Row,
    tokens: Strings,
    common: NDArray[np.bool_],
    heads: dict[int, list[int]],
    below: list[str] | None,
    bits: int,
    entries: Entries,
) -> None:
    """The entries of common characters, or of pairs with their trees."""
    number = mixed(codes(row, tokens)).tolist()
    left = (1 << (32 - bits)) - 1
    for n, stories in enumerate(tokens.lists()):
        if common[n]:
            own = set(heads.get(n, ()))
            ranks = [rank for rank, story in enumerate(stories) if story in own] if own else []
            entry = subset(stories, row.stories) + subset(ranks, len(stories))
            tree = below[n] if below else NO_TREE
            entries[number[n] >> (32 - bits)].append((number[n] & left, entry + tree))


def _loose(row: Row, rare: Strings) -> NDArray[np.int64]:
    """Shard, what is left of the token's number, and story: one number for each story of a rare token."""
    number = np.repeat(mixed(codes(row, rare)).astype(np.int64), rare.count)
    return number * row.stories + rare.story


def _written(
    entries: Entries,
    loose: NDArray[np.int64],
    stories: int,
    bits: int,
) -> Iterator[str]:
    names = max(1, (SPARE * len(loose) >> bits).bit_length() - 1)
    universe = stories << names
    shard = loose // (stories << (32 - bits))
    both = np.unique(shard * universe + loose % universe)
    stops = np.searchsorted(both, np.arange((1 << bits) + 1) * universe).tolist()
    for n in range(1 << bits):
        own = sorted(entries.pop(n, ()))
        keys = gaps([left for left, _ in own], rice_k(1 << (32 - bits), len(own) or 1))
        listed = (both[stops[n] : stops[n + 1]] - n * universe).tolist()
        numbers = gaps(listed, rice_k(universe, len(listed) or 1))
        head = f"{names:05b}{gamma(len(listed) + 1)}{numbers}{gamma(len(own) + 1)}{keys}"
        yield base64_of(head + "".join(entry for _, entry in own))
