"""Which strings a part's stories hold, size by size, as sorted rows of numbers.

All stories stand in one long row of characters. Strings of a size are numbered in the order of their
beginnings and ends, which are strings one character shorter; so a size follows from the one before by
one sort, and no string is ever built. (Dictionaries of strings took five times as long.)

``at`` is, throughout, an array that says for each place of the row which string begins there, or -1.
At ten thousand stories it is 34 MB; so there is one, and each step changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Numbers = NDArray[np.int16]
"""Numbers of stories within a part, which has at most ``SEARCH_PART_MOST``."""
Words = NDArray[np.uint64]
_CHUNK = 1024
"""Rows of bits that are worked on together: 10 MB unpacked at ten thousand stories."""
_PLACES = 1 << 20
"""Places that are joined together: 8 MB."""


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of all stories, a line break after each headline and each story; whose each is,
    and whether it stands in a headline."""

    chars: NDArray[np.uint32]
    story: Numbers
    headed: NDArray[np.bool_]
    stories: int

    @classmethod
    def of(cls, docs: Iterable[tuple[str, str]]) -> Row:
        lines = [f"{line}\n" for doc in docs for line in doc]
        sizes = np.array(list(map(len, lines)), np.int64)
        stories = len(lines) // 2
        return cls(
            np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), np.uint32),
            np.repeat(np.arange(stories, dtype=np.int16), sizes[::2] + sizes[1::2]),
            np.repeat(np.tile([True, False], stories), sizes),
            stories,
        )

    def single(self) -> tuple[Strings, Ints]:
        """All characters but blanks and line breaks, as strings of size one, and ``at``."""
        kinds = np.flatnonzero(np.bincount(self.chars))
        kinds = kinds[(kinds != 0x20) & (kinds != 0x0A)]
        number = np.full(int(self.chars.max(initial=0)) + 1, -1, np.int32)
        number[kinds] = np.arange(len(kinds), dtype=np.int32)
        at = number[self.chars]
        return self._numbered(at, None, 1), at

    def longer(self, shorter: Strings, at: Ints) -> Strings:
        """The strings one character longer whose beginning and end are both numbered; ``at`` is theirs
        from then on."""
        return self._numbered(at, len(shorter.count), shorter.size + 1)

    def _numbered(self, at: Ints, many: int | None, size: int) -> Strings:
        valid = at >= 0
        if many is not None:
            valid[:-1] &= valid[1:]
            valid[-1:] = False
        shift = max(1, len(at).bit_length())
        both = np.empty(int(valid.sum()), np.int64)
        end = 0
        for low in range(0, len(at), _PLACES):
            places = np.flatnonzero(valid[low : low + _PLACES]) + low
            key = at[places].astype(np.int64)
            if many is not None:
                key *= many
                key += at[places + 1]
            both[end : end + len(places)] = key << shift | places
            end += len(places)
        both.sort()
        places = (both & ((1 << shift) - 1)).astype(np.int32)
        both >>= shift
        fresh = np.ones(len(both), np.bool_)
        np.not_equal(both[1:], both[:-1], out=fresh[1:])
        key = both[fresh]
        del both
        number = np.cumsum(fresh, dtype=np.int32) - np.int32(1)
        at.fill(-1)
        at[places] = number
        story = self.story[places]
        once = fresh.copy()
        once[1:] |= story[1:] != story[:-1]
        count = np.bincount(number[once], minlength=len(key)).astype(np.int32)
        return Strings(size, key, places[fresh], count, story[once])


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings of one size, numbered: ``key`` tells beginning and end, ``first`` is a place of each,
    ``count`` how many stories have it, ``story`` these stories, one string after the other."""

    size: int
    key: NDArray[np.int64]
    first: Ints
    count: Ints
    story: Numbers

    def kept(self, keep: NDArray[np.bool_]) -> Strings:
        """Only some of them, numbered anew; see :func:`renumbered`."""
        return Strings(
            self.size,
            self.key[keep],
            self.first[keep],
            self.count[keep],
            self.story[np.repeat(keep, self.count)],
        )

    def lists(self) -> Iterator[list[int]]:
        """The stories of each, ascending."""
        end = 0
        for count in self.count.tolist():
            yield self.story[end : end + count].tolist()
            end += count

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


def renumbered(at: Ints, keep: NDArray[np.bool_]) -> None:
    """Numbers in ``at`` only the strings that are kept."""
    number = np.full(len(keep) + 1, -1, np.int32)
    number[:-1][keep] = np.arange(int(keep.sum()), dtype=np.int32)
    for low in range(0, len(at), _PLACES):
        at[low : low + _PLACES] = number[at[low : low + _PLACES]]


def headed(row: Row, at: Ints) -> dict[int, list[int]]:
    """The stories that have a string in the headline, by its number."""
    places = np.flatnonzero(row.headed)
    places = places[at[places] >= 0]
    found = np.unique(at[places].astype(np.int64) * row.stories + row.story[places])
    if not len(found):
        return {}
    numbers, starts = np.unique(found // row.stories, return_index=True)
    listed, stops = (found % row.stories).tolist(), [*starts.tolist()[1:], len(found)]
    return {
        number: listed[start:stop]
        for number, start, stop in zip(numbers.tolist(), starts.tolist(), stops, strict=True)
    }


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

    def steps(self) -> Ints:
        """The gaps between a string's ranks, less one."""
        steps = np.diff(self.ranks, prepend=np.int32(-1)) - np.int32(1)
        starts = (np.cumsum(self.listed) - self.listed)[self.listed > 0]
        steps[starts] = self.ranks[starts]
        return steps


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
