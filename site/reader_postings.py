"""The posting lists of a part of the reader's search: which stories hold which character or pair.

Common tokens, in more than a few stories, have an entry in one of the shards, which a mixed number
chooses: the token's number in what the shard's leaves over, its stories, those that have it in the
headline, and, of a pair, its tree (``reader_strings``). Rare tokens have no entry: each of their stories
stands in the shard as one number, a few mixed bits of the token before the story's. Another token may
have the same bits; what is found there is looked up in the texts, which will be shown anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .reader_bits import base64_of, gamma, gaps, rice_k, subset
from .reader_rows import Row, Strings
from .reader_strings import NO_TREE, trees

SPARE = 4
"""Names for rare tokens to one that is used in a shard: of what nobody wrote, one in so many leads to a text."""


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


def shards(docs: Sequence[tuple[str, str]], bits: int, few: int, most: int) -> Iterator[str]:
    """The shards of folded (headline, rest), in order, in base 64."""
    row = Row.of(docs)
    loose: list[NDArray[np.int64]] = []
    entries: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    tokens = row.single()
    for _ in range(2):
        strings, wide = tokens, row.chars[tokens.first] > 0xFFFF
        if strings.size == 2:
            wide |= row.chars[strings.first + 1] > 0xFFFF
        else:
            tokens = row.longer(strings)
        common = (strings.count > few) & ~wide
        loose.append(_loose(row, strings.kept(~common), bits))
        _enter(row, strings.kept(common), bits, few, most, entries)
    yield from _written(entries, np.concatenate(loose), row.stories, bits)


def _enter(
    row: Row,
    common: Strings,
    bits: int,
    few: int,
    most: int,
    entries: defaultdict[int, list[tuple[int, str]]],
) -> None:
    """The entries of common characters, or of pairs with their trees."""
    number = mixed(codes(row, common)).astype(np.int64)
    below = trees(row, common, few, most) if common.size == 2 else [NO_TREE] * len(number)
    in_heads = common.headed(row)
    for n, (mix, stories) in enumerate(zip(number.tolist(), common.lists(), strict=True)):
        own = set(in_heads.get(n, ()))
        ranks = [rank for rank, story in enumerate(stories) if story in own] if own else []
        entry = subset(stories, row.stories) + subset(ranks, len(stories)) + below[n]
        entries[mix >> (32 - bits)].append((mix & ((1 << (32 - bits)) - 1), entry))


def _loose(row: Row, rare: Strings, bits: int) -> NDArray[np.int64]:
    """Shard, what is left of the token's number, and story: one number for each story of a rare token."""
    number = np.repeat(mixed(codes(row, rare)).astype(np.int64), rare.count)
    return number * row.stories + rare.story


def _written(
    entries: defaultdict[int, list[tuple[int, str]]],
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
