"""Which strings a part's stories hold, size by size, as sorted rows of numbers.

All stories stand in one long row of characters. Strings of a size are numbered in the order of their
beginnings and ends, which are strings one character shorter; so a size follows from the one before by
one sort, and no string is ever built. (Dictionaries of strings took five times as long and twice the
memory.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Words = NDArray[np.uint64]
_CHUNK = 4096
"""Rows of bits that are worked on together: 5 MB at ten thousand stories."""


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of all stories, a line break after each headline and each story; whose each is,
    and whether it stands in a headline."""

    chars: NDArray[np.uint32]
    story: Ints
    headed: NDArray[np.bool_]
    stories: int

    @classmethod
    def of(cls, docs: Sequence[tuple[str, str]]) -> Row:
        text = "".join(f"{head}\n{rest}\n" for head, rest in docs)
        sizes = np.array([(len(head) + 1, len(rest) + 1) for head, rest in docs], np.int64)
        numbers = np.arange(len(docs), dtype=np.int32)
        return cls(
            np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32),
            np.repeat(numbers, sizes.sum(axis=1)),
            np.repeat(np.tile([True, False], len(docs)), sizes.ravel()),
            len(docs),
        )

    def single(self) -> Strings:
        """All characters but blanks and line breaks, as strings of size one."""
        kinds = np.flatnonzero(np.bincount(self.chars))
        kinds = kinds[(kinds != 0x20) & (kinds != 0x0A)]
        number = np.full(int(self.chars.max(initial=0)) + 1, -1, np.int32)
        number[kinds] = np.arange(len(kinds), dtype=np.int32)
        return self._numbered(number[self.chars], 1)

    def longer(self, shorter: Strings) -> Strings:
        """The strings one character longer whose beginning and end are both numbered."""
        return self._numbered(_joined(shorter.at, len(shorter.count)), shorter.size + 1)

    def _numbered(self, keys: NDArray[np.integer], size: int) -> Strings:
        places = np.flatnonzero(keys >= 0)
        shift = max(1, len(self.chars).bit_length())
        both = keys[places].astype(np.int64)
        both <<= shift
        both |= places
        both.sort()
        places = (both & ((1 << shift) - 1)).astype(np.int32)
        both >>= shift
        fresh = np.ones(len(both), np.bool_)
        np.not_equal(both[1:], both[:-1], out=fresh[1:])
        key = both[fresh]
        del both
        number = np.cumsum(fresh, dtype=np.int32) - 1
        at = np.full(len(self.chars), -1, np.int32)
        at[places] = number
        story = self.story[places]
        once = fresh.copy()
        once[1:] |= story[1:] != story[:-1]
        count = np.bincount(number[once], minlength=len(key)).astype(np.int32)
        return Strings(size, key, places[fresh], count, story[once], at)


def _joined(at: Ints, many: int) -> NDArray[np.int64]:
    """A number for each place where two numbered strings overlap, else -1."""
    keys = np.full(len(at), -1, np.int64)
    both = np.flatnonzero((at[:-1] >= 0) & (at[1:] >= 0))
    keys[both] = at[both].astype(np.int64) * many + at[both + 1]
    return keys


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings of one size, numbered: ``key`` tells beginning and end, ``first`` is a place of each,
    ``count`` how many stories have it, ``story`` these stories, one string after the other, ``at`` the
    string that begins at each place of the row, or -1."""

    size: int
    key: NDArray[np.int64]
    first: Ints
    count: Ints
    story: Ints
    at: Ints

    def kept(self, keep: NDArray[np.bool_]) -> Strings:
        """Only some of them, numbered anew."""
        number = np.full(len(keep) + 1, -1, np.int32)
        number[:-1][keep] = np.arange(int(keep.sum()), dtype=np.int32)
        return Strings(
            self.size,
            self.key[keep],
            self.first[keep],
            self.count[keep],
            self.story[np.repeat(keep, self.count)],
            number[self.at],
        )

    def lists(self) -> Iterator[list[int]]:
        """The stories of each, ascending."""
        listed, end = self.story.tolist(), 0
        for count in self.count.tolist():
            yield listed[end : end + count]
            end += count

    def headed(self, row: Row) -> dict[int, list[int]]:
        """The stories that have a string in the headline, by its number."""
        places = np.flatnonzero(row.headed & (self.at >= 0))
        found = np.unique(self.at[places].astype(np.int64) * row.stories + row.story[places])
        lists: dict[int, list[int]] = {}
        for number, story in zip(
            (found // row.stories).tolist(), (found % row.stories).tolist(), strict=True
        ):
            lists.setdefault(number, []).append(story)
        return lists

    def bits(self, stories: int) -> Words:
        """The stories of each as a row of bits."""
        words = -(-stories // 64)
        ends = np.cumsum(self.count)
        out = np.empty((len(self.count), words), np.uint64)
        for low in range(0, len(self.count), _CHUNK):
            some = self.count[low : low + _CHUNK]
            listed = self.story[ends[low] - some[0] : ends[low + len(some) - 1]]
            flags = np.zeros((len(some), words * 64), np.bool_)
            flags[np.repeat(np.arange(len(some)), some), listed] = True
            out[low : low + len(some)] = np.packbits(flags, axis=1, bitorder="little").view(
                np.uint64
            )
        return out


@dataclass(frozen=True, slots=True)
class Differences:
    """What sets strings apart from their candidates, the stories with both beginning and end.

    ``many`` candidates each; ``kind`` 0 where the ranks among them of the stories that have the string
    are listed, 1 where all have it, 2 where the ranks of those that do not are. ``ranks`` holds them,
    one string after the other, ``listed`` how many each.
    """

    many: Ints
    kind: NDArray[np.int8]
    listed: Ints
    ranks: Ints


def differences(strings: Strings, shorter: Strings, stories: int, few: int) -> Differences:
    """The differences of all strings that have more than ``few`` candidates; of the others, none."""
    rows = shorter.bits(stories)
    begin, end = np.divmod(strings.key, len(shorter.count))
    ends = np.cumsum(strings.count, dtype=np.int64)
    every: list[tuple[Ints, NDArray[np.int8], Ints, Ints]] = []
    for low in range(0, len(begin), _CHUNK):
        high = min(low + _CHUNK, len(begin))
        both = rows[begin[low:high]] & rows[end[low:high]]
        count = strings.count[low:high]
        per_word = np.bitwise_count(both)
        many = per_word.sum(axis=1, dtype=np.int32)
        kind = np.where(
            (count <= few) | (2 * count <= many), 0, np.where(count == many, 1, 2)
        ).astype(np.int8)
        own = strings.story[ends[low] - count[0] : ends[high - 1]]
        line = np.repeat(np.arange(high - low), count)
        present = ((kind == 0) & (many > few))[line]
        told = [np.stack((line[present], own[present]))]
        rest = np.flatnonzero(kind == 2)
        if len(rest):
            flags = np.unpackbits(both[rest].view(np.uint8), axis=1, bitorder="little")
            place = np.full(high - low, -1)
            place[rest] = np.arange(len(rest))
            inside = place[line] >= 0
            flags[place[line[inside]], own[inside]] = 0
            missing, story = np.nonzero(flags)
            told.append(np.stack((rest[missing], story)))
        lines, listed = np.concatenate(told, axis=1)
        order = np.lexsort((listed, lines))
        lines, listed = lines[order], listed[order]
        before = np.cumsum(per_word, axis=1, dtype=np.int32) - per_word
        word, bit = listed >> 6, (listed & 63).astype(np.uint64)
        lower = both[lines, word] & ((np.uint64(1) << bit) - np.uint64(1))
        ranks = before[lines, word] + np.bitwise_count(lower)
        sizes = np.bincount(lines, minlength=high - low).astype(np.int32)
        every.append((many, kind, sizes, ranks.astype(np.int32)))
    if not every:
        empty = np.zeros(0, np.int32)
        return Differences(empty, empty.astype(np.int8), empty, empty)
    many, kind, sizes, ranks = (np.concatenate(column) for column in zip(*every, strict=True))
    return Differences(many, kind, sizes, ranks)
