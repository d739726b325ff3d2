"""Which strings a part's stories hold, size by size, as sorted rows of numbers.

All stories stand in one long row of characters. Strings of a size are numbered in the order of their
beginnings and ends, which are strings one character shorter; so a size follows from the one before by
one sort, and no string is ever built. (Dictionaries of strings took five times as long.)

``at`` is, throughout, an array that says for each place of the row which string begins there, or -1.
At ten thousand stories it is 34 MB; so there is one, and each step changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .reader_bits import Words, bands, inside, merge

Ints = NDArray[np.int32]
Numbers = NDArray[np.uint16]
"""Twice the numbers of stories within a part, which has at most ``SEARCH_PART_MOST``, and one more in a
headline."""
_CHUNK = 2048
"""Strings that are compared together: two megabytes of bits at ten thousand stories."""
_ROWS = 1 << 14
"""Rows of bits that are held at once: 20 MB at ten thousand stories."""
_PLACES = 1 << 19
"""Places that are joined together: 4 MB."""
_BAND = 1 << 20
"""Places that are sorted together: 8 MB, and half as much again around it."""
_ONE = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of all stories, a line break after each headline and each story, as numbers in
    ``kinds``, which ascend; ``owner`` is twice the number of the story, and one more in a headline."""

    kinds: NDArray[np.uint32]
    kind: NDArray[np.uint16] | NDArray[np.uint32]
    owner: Numbers
    stories: int

    @classmethod
    def of(cls, docs: Iterable[tuple[str, str]]) -> Row:
        lines = [f"{line}\n" for doc in docs for line in doc]
        sizes = np.array(list(map(len, lines)), np.int64)
        stories = len(lines) // 2
        text = "".join(lines)
        del lines
        chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        del text
        seen = np.zeros(0x110000, np.bool_)
        seen[chars] = True
        kinds = np.flatnonzero(seen)
        number = np.zeros(0x110000, np.min_scalar_type(len(kinds)))
        number[kinds] = np.arange(len(kinds))
        owner = np.arange(2 * stories, dtype=np.uint16) ^ np.uint16(1)
        return cls(kinds.astype(np.uint32), number[chars], np.repeat(owner, sizes), stories)

    def char(self, places: Ints) -> NDArray[np.uint32]:
        """The characters at some places."""
        return self.kinds[self.kind[places]]

    def single(self) -> tuple[Strings, Ints]:
        """All characters but blanks and line breaks, as strings of size one, and ``at``."""
        wanted = ~np.isin(self.kinds, (0x20, 0x0A))
        number = np.full(len(self.kinds), -1, np.int32)
        number[wanted] = np.arange(int(wanted.sum()), dtype=np.int32)
        at = number[self.kind]
        return self._numbered(at, None, 1), at

    def longer(self, shorter: Strings, at: Ints) -> Strings:
        """The strings one character longer whose beginning and end are both numbered; ``at`` is theirs
        from then on."""
        return self._numbered(at, len(shorter.count), shorter.size + 1)

    def _numbered(self, at: Ints, many: int | None, size: int) -> Strings:
        fresh = np.full(len(at), -1, np.int32)
        made = [Strings(size, np.zeros(0, np.int64), _NONE, _NONE, np.zeros(0, np.uint16))]
        done = 0
        for low, high in _divided(at):
            some = self._band(at, many, low, high, fresh, done)
            made.append(Strings(size, *some))
            done += len(some[0])
        at[:] = fresh
        return Strings(
            size,
            *(
                np.concatenate([getattr(some, name) for some in made])
                for name in ("key", "first", "count", "owner")
            ),
        )

    def _band(
        self, at: Ints, many: int | None, low: int, high: int, fresh: Ints, done: int
    ) -> tuple[NDArray[np.int64], Ints, Ints, Numbers]:
        """The strings that begin with what is numbered from ``low`` to ``high``; their numbers, from
        ``done`` on, are put into ``fresh``."""
        shift = max(1, len(at).bit_length())
        every: list[NDArray[np.int64]] = []
        for start in range(0, len(at), _PLACES):
            begin = at[start : start + _PLACES]
            wanted = (begin >= low) & (begin < high)
            if many is not None:
                after = at[start + 1 : start + 1 + _PLACES]
                wanted[len(after) :] = False
                wanted[: len(after)] &= after >= 0
            places = np.flatnonzero(wanted)
            key = begin[places].astype(np.int64)
            places += start
            if many is not None:
                key *= many
                key += at[places + 1]
            key <<= shift
            key |= places
            every.append(key)
        both = np.concatenate(every)
        del every
        both.sort()
        places = np.empty(len(both), np.int32)
        np.bitwise_and(both, (1 << shift) - 1, out=places, casting="unsafe")
        both >>= shift
        new = np.ones(len(both), np.bool_)
        np.not_equal(both[1:], both[:-1], out=new[1:])
        starts = np.flatnonzero(new)
        key = both[starts]
        del both
        number = np.cumsum(new, dtype=np.int32)
        number += done - 1
        fresh[places] = number
        owner = self.owner[places]
        once = (owner | 1) != np.roll(owner | 1, 1)
        once |= new
        count = np.add.reduceat(once, starts, dtype=np.int32) if len(starts) else _NONE
        return key, places[starts], count, owner[once]


def _divided(at: Ints) -> Iterator[tuple[int, int]]:
    """Divides the numbered strings so that each band has much the same number of places: what has to be
    sorted at once is the peak of the memory."""
    counts = np.zeros(int(at.max(initial=0)) + 1, np.int64)
    for start in range(0, len(at), _PLACES):
        some = at[start : start + _PLACES]
        counts += np.bincount(some[some >= 0], minlength=len(counts))
    stops = np.cumsum(counts)
    cuts = np.searchsorted(stops, np.arange(_BAND, int(stops[-1]), _BAND)) + 1
    return pairwise([0, *cuts.tolist(), len(counts)])


_NONE = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings of one size, numbered: ``key`` tells beginning and end, ``first`` is a place of each,
    ``count`` how many stories have it, ``owner`` these stories, one string after the other, as in a row:
    odd where the string stands in the headline, which comes before all else of the story."""

    size: int
    key: NDArray[np.int64]
    first: Ints
    count: Ints
    owner: Numbers
    stops: NDArray[np.int64] = field(init=False)
    """Where the stories of each end."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stops", np.cumsum(self.count, dtype=np.int64))

    def kept(self, keep: NDArray[np.bool_]) -> Strings:
        """Only some of them, numbered anew; see :func:`renumbered`."""
        return Strings(
            self.size,
            self.key[keep],
            self.first[keep],
            self.count[keep],
            self.owner[np.repeat(keep, self.count)],
        )

    def bits(self, chosen: NDArray[np.int64], stories: int) -> Words:
        """The stories of some of them, each as a row of bits, the lowest first."""
        words = -(-stories // 64)
        out = np.zeros(len(chosen) * words, np.uint64)
        stops = np.cumsum(self.count[chosen], dtype=np.int64)
        for low, high in bands(stops):
            owner, line = self.owners(chosen[low:high])
            line += low
            merge(out, line * words + (owner >> 7), _ONE << (owner >> 1 & 63).astype(np.uint64))
        return out.reshape(-1, words)

    def owners(self, chosen: NDArray[np.int64]) -> tuple[Numbers, NDArray[np.int64]]:
        """The stories of some of them, one string after the other, and which of these each belongs to."""
        count = self.count[chosen].astype(np.int64)
        starts = self.stops[chosen] - count
        line = np.repeat(np.arange(len(chosen)), count)
        return self.owner[starts[line] + inside(count)], line


def renumbered(at: Ints, keep: NDArray[np.bool_]) -> None:
    """Numbers in ``at`` only the strings that are kept."""
    number = np.full(len(keep) + 1, -1, np.int32)
    number[:-1][keep] = np.arange(np.count_nonzero(keep), dtype=np.int32)
    for low in range(0, len(at), _PLACES):
        at[low : low + _PLACES] = number[at[low : low + _PLACES]]


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
    begin, end = np.divmod(strings.key, max(1, len(shorter.count)))
    many = np.zeros(len(begin), np.int32)
    kind = np.zeros(len(begin), np.int8)
    told = [np.zeros(0, np.int64)]
    for low in range(0, len(shorter.count), _ROWS):
        high = min(low + _ROWS, len(shorter.count))
        ends = shorter.bits(np.arange(low, high), stories)
        mine = np.flatnonzero((end >= low) & (end < high))
        for start in range(0, len(mine), _CHUNK):
            some = mine[start : start + _CHUNK]
            begins, line = np.unique(begin[some], return_inverse=True)
            both = shorter.bits(begins, stories)[line]
            both &= ends[end[some] - low]
            many[some], kind[some], line, ranks = _ranks(both, strings, some, few)
            told.append(some[line] << 16 | ranks)
    ranks = np.concatenate(told)
    ranks.sort()
    listed = np.bincount(ranks >> 16, minlength=len(begin)).astype(np.int32)
    return Differences(many, kind, listed, (ranks & 0xFFFF).astype(np.int32))


def _ranks(
    both: Words, strings: Strings, some: NDArray[np.int64], few: int
) -> tuple[Ints, Ints, NDArray[np.int64], Ints]:
    """Of some strings, whose candidates are the rows of ``both``: how many candidates, what is listed,
    and the ranks of these, each with the string it belongs to."""
    count = strings.count[some]
    owner, line = strings.owners(some)
    story = owner >> np.uint16(1)
    per_word = np.bitwise_count(both)
    many = per_word.sum(axis=1, dtype=np.int32)
    kind = np.where((count <= few) | (2 * count <= many), 0, np.where(count == many, 1, 2))
    present = ((kind == 0) & (many > few))[line]
    words = both.shape[1]
    # Whoever has a string of which the others are listed is taken out of its candidates.
    absent = (kind == 2)[line]
    place = line[absent] * words + (story[absent] >> 6)
    has = np.zeros(both.size, np.uint64)
    merge(has, place, _ONE << (story[absent] & 63).astype(np.uint64))
    missing = both * (kind == 2)[:, None]
    missing &= ~has.reshape(both.shape)
    told = np.concatenate(((line[present] * words << 6) + story[present], _places(missing.ravel())))
    word, bit = told >> 6, (told & 63).astype(np.uint64)
    before = np.cumsum(per_word, axis=1, dtype=np.int32)
    before -= per_word
    lower = both.ravel()[word] & ((_ONE << bit) - _ONE)
    return many, kind, word // words, before.ravel()[word] + np.bitwise_count(lower)


def _places(words: Words) -> NDArray[np.int64]:
    """Where bits are set, the lowest of the first word being 0."""
    some = np.flatnonzero(words)
    flags = np.unpackbits(words[some].astype("<u8").view(np.uint8), bitorder="little")
    bits = np.flatnonzero(flags)
    return (some[bits >> 6] << 6) + (bits & 63)
