"""Strings of three characters and more: which stories have them, given the stories of their parts.

A string can only stand in stories that hold both its beginning and its end, each one character
shorter; for most strings these *candidates* are nearly all right. So of every string that occurs and
has more than a few candidates, only the difference is written: nothing, the stories that are missing,
or the few that have it. What is not written and has more than a few candidates occurs nowhere; a few
candidates are looked up in their texts. Counts are exact for any length, and the differences weigh a
sixth of the pairs' lists, where places of pairs would weigh more than the lists.

A reader meets a string below the pair that begins it, in a tree: each character that may follow is
named by a few mixed bits. Another character may carry the same bits; then the string it would make
occurs nowhere, which the text of a single hit tells.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .reader_bits import char_code, gamma, gaps, node_list, rice_k
from .reader_rows import Row, Strings, differences

NO_TREE = gamma(1)
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


def trees(row: Row, pairs: Strings, few: int, most: int) -> list[str]:
    """The bits of every pair's tree, with strings of up to ``most`` characters. ``few`` is the number of
    candidates up to which the texts are read instead."""
    levels: list[_Level] = []
    shorter, in_heads = pairs, pairs.headed(row)
    for _ in range(3, most + 1):
        strings = row.longer(shorter)
        alive = strings.count > few
        kept = strings.kept(alive)
        headed = kept.headed(row)
        levels.append(_level(row, strings, shorter, kept, in_heads, headed, few))
        shorter, in_heads = kept, headed
        if not len(kept.count):
            break
    below: dict[int, str] = {}
    for level in reversed(levels):
        below = _blocks(level, below)
    return [below.get(number, NO_TREE) for number in range(len(pairs.count))]


def _level(
    row: Row,
    strings: Strings,
    shorter: Strings,
    kept: Strings,
    in_heads: dict[int, list[int]],
    headed: dict[int, list[int]],
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
    ranks, at = found.ranks.tolist(), 0
    for begin, end, own, kind, listed in zip(
        level.begins, ends.tolist(), level.numbers, found.kind[stored].tolist(),
        found.listed[stored].tolist(), strict=True,
    ):  # fmt: skip
        node = kinds[kind] + (node_list(ranks[at : at + listed]) if listed else "")
        at += listed
        if own >= 0:
            start, last = in_heads.get(begin), in_heads.get(end)
            if start is None or last is None:
                node += "0"
            else:
                stories = kept.story[stops[own] : stops[own + 1]].tolist()
                node += _heads({*start} & {*last} & {*stories}, headed.get(own, []))
        level.bits.append(node)
    return level


def _heads(candidates: set[int], right: list[int]) -> str:
    """Which stories have the string in the headline: nothing to say if all do that have both parts there."""
    if len(right) == len(candidates):
        return "0"
    ranks = [n for n, story in enumerate(sorted(candidates)) if story in right]
    return "10" if not ranks else "11" + node_list(ranks)


def _blocks(level: _Level, below: dict[int, str]) -> dict[int, str]:
    """What hangs on each beginning; ``below`` is what hangs on the nodes themselves."""
    borders = [n for n, (a, b) in enumerate(pairwise(level.begins), 1) if a != b]
    blocks: dict[int, str] = {}
    for start, stop in pairwise([0, *borders, len(level.begins)]):
        if start < stop:
            children = [
                (level.chars[n], level.bits[n] + ("" if own < 0 else below.get(own, NO_TREE)))
                for n, own in enumerate(level.numbers[start:stop], start)
            ]
            blocks[level.begins[start]] = _block(children)
    return blocks


def _block(children: list[tuple[int, str]]) -> str:
    width = min(16, len(children).bit_length() + 5)
    while width < 16 and len({char_code(c, width) for c, _ in children}) < len(children):
        width += 1
    ordered = sorted((char_code(c, width), bits) for c, bits in children)
    names = gaps([code for code, _ in ordered], rice_k(1 << width, len(ordered)))
    return f"{gamma(len(ordered) + 1)}{width - 1:04b}{names}{''.join(bits for _, bits in ordered)}"
