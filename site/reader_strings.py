"""Strings of three characters and more: which stories have them, given the stories of their parts.

A string can only stand in stories that hold both its beginning and its end, each one character
shorter; for most strings these *candidates* are nearly all right. So of every string that occurs and
has more than a few candidates, only the difference is written: nothing, the stories that are missing,
or the few that have it. What is not written and has more than a few candidates occurs nowhere; a few
candidates are looked up in their texts. Counts are exact for any length, and the differences weigh a
quarter of the pairs' lists, where places of pairs would weigh twice the lists. Across the marks that
end a clause nothing is written: who searches across them has pasted a sentence, and few have it all.

A reader meets a string below the pair that begins it, in a tree: each character that may follow is
named by a few mixed bits. Another character may carry the same bits; then the string it would make
occurs nowhere, which the text of a single hit tells.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .reader_bits import (
    Codes,
    Ints,
    Runs,
    bit_length,
    char_code,
    gamma,
    gaps,
    inside,
    node_lists,
    rice_k,
)
from .reader_rows import Row, Strings, differences, renumbered

BREAKS = ",。;:!?"
"""Marks, folded, that no string of a tree holds."""
_KINDS3, _KINDS = ((0b0, 0b10, 0b11), (1, 2, 2)), ((0b10, 0b0, 0b11), (2, 1, 2))
"""How a node begins, and in how many bits: few listed, all, missing listed. Of three characters most
strings are in few of their candidates, of more in all."""


class _Level(NamedTuple):
    """The nodes of one size: the beginning each hangs on, its last character, its own number if strings
    hang on it in turn, else -1, and its bits."""

    begins: Ints
    chars: Ints
    numbers: Ints
    nodes: Runs


def no_tree(many: int) -> Runs:
    """The empty tree, so many times."""
    return Runs.of(gamma(np.ones(many, np.int64)))


def trees(row: Row, pairs: Strings, at: NDArray[np.int32], few: int, most: int) -> Runs:
    """The bits of every pair's tree, with strings of up to ``most`` characters. ``at`` is used up;
    ``few`` is the number of candidates up to which the texts are read instead."""
    levels: list[_Level] = []
    shorter = pairs
    broken = np.isin(row.kinds, [ord(mark) for mark in BREAKS])[row.kind]
    broken[:-1] |= broken[1:]
    at[broken] = -1
    del broken
    for _ in range(3, most + 1):
        strings = row.longer(shorter, at)
        alive = strings.count > few
        kept = strings.kept(alive)
        renumbered(at, alive)
        levels.append(_level(row, strings, shorter, kept, few))
        shorter = kept
        if not len(kept.count):
            break
    below = no_tree(len(shorter.count))
    for level, above in zip(levels[::-1], [*levels[-2::-1], None], strict=True):
        many = int(above.numbers.max(initial=-1)) + 1 if above else len(pairs.count)
        below = _blocks(level, below, many)
    return below


def _level(row: Row, strings: Strings, shorter: Strings, kept: Strings, few: int) -> _Level:
    found = differences(strings, shorter, row.stories, few)
    stored = found.many > few
    alive = strings.count > few
    number = np.where(alive, np.cumsum(alive) - 1, -1)[stored]
    value, size = np.array(_KINDS3 if strings.size == 3 else _KINDS)
    kind, listed = found.kind[stored], found.listed[stored].astype(np.int64)
    # What has no number, -1, has the last: nothing.
    heads = Runs.stacked(_heads(kept, shorter, row.stories), Runs.of(Codes.none(1)))
    nodes = Runs.joined(
        node_lists(value[kind], size[kind], found.ranks, listed), heads.taken(number)
    )
    chars = row.char(strings.first[stored] + np.int32(strings.size - 1)).astype(np.int64)
    return _Level(strings.key[stored] // max(1, len(shorter.count)), chars, number, nodes)


def _heads(kept: Strings, shorter: Strings, stories: int) -> Runs:
    """Which stories have each string in the headline: nothing to say if all do that have both parts there."""
    headed = np.flatnonzero(shorter.owner & 1)
    line = _lines(headed, shorter)
    have = line * stories + (shorter.owner[headed] >> 1)
    some = np.bincount(line, minlength=len(shorter.count)) > 0
    begin, end = np.divmod(kept.key, max(1, len(shorter.count)))
    asked = np.flatnonzero(np.repeat(some[begin] & some[end], kept.count))
    line = _lines(asked, kept)
    owner = kept.owner[asked]
    for part in (begin, end):
        both = _among(part[line] * stories + (owner >> 1), have)
        line, owner = line[both], owner[both]
    right = (owner & 1).astype(np.bool_)
    many = np.bincount(line, minlength=len(kept.count))
    own = np.bincount(line[right], minlength=len(kept.count))
    told = (own < many) & (own > 0)
    ranks = inside(many)[right & told[line]]
    value = np.where(own == many, 0b0, np.where(own, 0b11, 0b10))
    return node_lists(value, np.where(own == many, 1, 2), ranks, np.where(told, own, 0))


def _lines(places: Ints, strings: Strings) -> Ints:
    """Which string each of some places among the stories of all belongs to."""
    return np.searchsorted(strings.stops, places, "right")


def _among(asked: Ints, known: Ints) -> NDArray[np.bool_]:
    """Which of the numbers are among others that ascend."""
    if not len(known):
        return np.zeros(len(asked), np.bool_)
    return known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked


def _blocks(level: _Level, below: Runs, many: int) -> Runs:
    """What hangs on each of ``many`` beginnings; ``below`` is what hangs on the nodes themselves."""
    code = char_code(level.chars)
    order = np.argsort(level.begins << 16 | code)
    begins, code = level.begins[order], code[order]
    counts = np.bincount(begins, minlength=many)
    # As many bits as the block's size wants, and more where two neighbours would be the same.
    width = np.minimum(16, bit_length(counts) + 5)
    alike = begins[1:] == begins[:-1]
    apart = 17 - bit_length(code[1:] ^ code[:-1])
    np.maximum.at(width, begins[1:][alike], np.minimum(16, apart[alike]))
    below = Runs.stacked(below, Runs.of(Codes.none(1)))
    nodes = Runs.joined(level.nodes, below.taken(level.numbers)).taken(order)
    wide = np.where(counts > 0, 4, 0)
    size = gamma(counts + 1).size + wide
    heads = Codes.of(counts + 1 << wide | np.where(counts > 0, width - 1, 0), size)
    names = gaps(code >> np.repeat(16 - width, counts), counts, rice_k(1 << width, counts))
    return Runs.joined(Runs.of(heads), names, nodes.grouped(counts))
