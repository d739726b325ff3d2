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

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .reader_bits import char_code, gamma, gap_steps, gaps, node_list, rice_k
from .reader_rows import Ints, Row, Strings, differences, headed, renumbered

NO_TREE = gamma(1)
BREAKS = ",。;:!?"
"""Marks, folded, that no string of a tree holds."""
_KINDS3, _KINDS = ("0", "10", "11"), ("10", "0", "11")
"""How a node begins: few listed, all, missing listed. Of three characters most strings are in few of
their candidates, of more in all."""


class _Level(NamedTuple):
    """The nodes of one size: the beginning each hangs on, its last character, its bits, and its own
    number if strings hang on it in turn, else -1."""

    begins: list[int]
    chars: list[int]
    bits: list[str]
    numbers: list[int]


def trees(row: Row, pairs: Strings, at: Ints, few: int, most: int) -> list[str]:
    """The bits of every pair's tree, with strings of up to ``most`` characters. ``at`` is used up;
    ``few`` is the number of candidates up to which the texts are read instead."""
    levels: list[_Level] = []
    shorter, in_heads = pairs, headed(row, at)
    broken = np.isin(row.chars, [ord(mark) for mark in BREAKS])
    broken[:-1] |= broken[1:]
    at[broken] = -1
    for _ in range(3, most + 1):
        strings = row.longer(shorter, at)
        alive = strings.count > few
        kept = strings.kept(alive)
        renumbered(at, alive)
        own_heads = headed(row, at)
        levels.append(_level(row, strings, shorter, kept, in_heads, own_heads, few))
        shorter, in_heads = kept, own_heads
        if not len(kept.count):
            break
    below: dict[int, str] = {}
    while levels:
        below = _blocks(levels.pop(), below)
    return [below.get(number, NO_TREE) for number in range(len(pairs.count))]


def _level(
    row: Row,
    strings: Strings,
    shorter: Strings,
    kept: Strings,
    in_heads: dict[int, list[int]],
    own_heads: dict[int, list[int]],
    few: int,
) -> _Level:
    found = differences(strings, shorter, row.stories, few)
    stored = found.many > few
    number = np.where(strings.count > few, np.cumsum(strings.count > few) - 1, -1)[stored]
    begins, ends = np.divmod(strings.key[stored], max(1, len(shorter.count)))
    chars = row.chars[strings.first[stored] + strings.size - 1]
    kinds = _KINDS3 if strings.size == 3 else _KINDS
    level = _Level(begins.tolist(), chars.tolist(), [], number.tolist())
    stops = np.concatenate(([0], np.cumsum(kept.count))).tolist()
    steps, ranks, at = found.steps(), found.ranks, 0
    sizes = found.listed[stored]
    ends_at = np.cumsum(sizes) - 1
    means = np.where(sizes > 0, ranks[ends_at] if len(ranks) else 0, 0).tolist()
    for begin, end, own, kind, listed, last in zip(
        level.begins, ends.tolist(), level.numbers, found.kind[stored].tolist(), sizes.tolist(), means,
        strict=True,
    ):  # fmt: skip
        node = kinds[kind]
        if listed:
            node += node_list(steps[at : at + listed].tolist(), last)
            at += listed
        if own >= 0:
            start, stop = in_heads.get(begin), in_heads.get(end)
            if start is None or stop is None:
                node += "0"
            else:
                stories = kept.story[stops[own] : stops[own + 1]].tolist()
                node += _heads({*start} & {*stop} & {*stories}, own_heads.get(own, []))
        level.bits.append(node)
    return level


def _heads(candidates: set[int], right: list[int]) -> str:
    """Which stories have the string in the headline: nothing to say if all do that have both parts there."""
    if len(right) == len(candidates):
        return "0"
    ranks = [n for n, story in enumerate(sorted(candidates)) if story in right]
    return "11" + node_list(gap_steps(ranks), ranks[-1]) if ranks else "10"


def _blocks(level: _Level, below: dict[int, str]) -> dict[int, str]:
    """What hangs on each beginning; ``below`` is what hangs on the nodes themselves."""
    borders = [n for n, (a, b) in enumerate(pairwise(level.begins), 1) if a != b]
    bits = [
        text if own < 0 else text + below.get(own, NO_TREE)
        for text, own in zip(level.bits, level.numbers, strict=True)
    ]
    return {
        level.begins[start]: _block(level.chars[start:stop], bits[start:stop])
        for start, stop in pairwise([0, *borders, len(bits)])
        if start < stop
    }


def _block(chars: list[int], bits: list[str]) -> str:
    width = min(16, len(chars).bit_length() + 5)
    codes = [char_code(char, width) for char in chars]
    while len(set(codes)) < len(codes) and width < 16:
        width += 1
        codes = [char_code(char, width) for char in chars]
    ordered = sorted(zip(codes, bits, strict=True))
    names = gaps([code for code, _ in ordered], rice_k(1 << width, len(ordered)))
    return f"{gamma(len(ordered) + 1)}{width - 1:04b}{names}{''.join([b for _, b in ordered])}"
