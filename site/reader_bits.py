"""How the reader's search writes numbers: as bits, a great many strings of bits at once.

A hundred thousand lists are written in a dozen steps over arrays, since one number at a time takes
Python ten times as long and, as text of ``0`` and ``1``, eight times the room. A script file carries the
bits in base 64; gzip gets back what that adds, so a shard weighs what its bits weigh. Integers only, so
that the browser computes the same.

* gamma (Elias 1975): as many zeros as the number has further digits, then the number.
* Rice (1979): a quotient in ones, a zero, and ``k`` bits. For gaps of a random subset it stays within
  three per cent of the entropy when ``k`` suits the density.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
NODE_K = np.array((0, 1, 2, 3, 4, 5, 6, 8))
"""Values of ``k`` that three bits name, where a reader cannot compute it from the density."""
_NAMES = np.searchsorted(NODE_K, np.arange(64), "right") - 1
PIECES = 1 << 17
"""Pieces of 64 bits that are worked on together: a dozen arrays of a megabyte."""


class Codes(NamedTuple):
    """Bit strings of at most 64 bits: ``bits`` from the highest down, nothing behind, and ``size``."""

    bits: Words
    size: Ints

    @classmethod
    def of(cls, value: Ints, size: Ints) -> Codes:
        """Numbers in so many bits, at least one."""
        return cls(value.astype(np.uint64) << (64 - size).astype(np.uint64), size)

    @classmethod
    def none(cls, many: int) -> Codes:
        """Bit strings without a bit."""
        return cls(np.zeros(many, np.uint64), np.zeros(many, np.int64))


@dataclass(frozen=True, slots=True)
class Runs:
    """Bit strings of any length, one after the other: the n-th is in ``words`` from bit ``starts[n]`` to
    ``ends[n]``, the highest bit of a word first. One spare word follows."""

    words: Words
    starts: Ints
    ends: Ints

    @classmethod
    def _room(cls, sizes: Ints, align: int = 1) -> Runs:
        """Zeros; each string begins at a multiple of ``align``."""
        ends = np.cumsum(-(-sizes // align) * align)
        starts = ends - -(-sizes // align) * align
        words = (int(ends[-1]) >> 6) + 2 if len(ends) else 1
        return cls(np.zeros(words, np.uint64), starts, starts + sizes)

    @classmethod
    def of(cls, codes: Codes) -> Runs:
        """Every code as a string of its own."""
        runs = cls._room(codes.size)
        _put(runs.words, runs.starts, codes.bits)
        return runs

    @classmethod
    def joined(cls, *parts: Runs, align: int = 1) -> Runs:
        """The n-th strings of all parts, put together."""
        runs = cls._room(sum((part.sizes() for part in parts), np.zeros(1, np.int64)), align)
        at = runs.starts
        for part in parts:
            part._copied(runs.words, at)
            at = at + part.sizes()
        return runs

    @classmethod
    def stacked(cls, *parts: Runs) -> Runs:
        """The strings of the first part, then those of the second."""
        runs = cls._room(np.concatenate([part.sizes() for part in parts]))
        low = 0
        for part in parts:
            part._copied(runs.words, runs.starts[low : low + len(part.starts)])
            low += len(part.starts)
        return runs

    def sizes(self) -> Ints:
        return self.ends - self.starts

    def taken(self, index: Ints) -> Runs:
        """Some of the strings, in another order or several times."""
        chosen = Runs(self.words, self.starts[index], self.ends[index])
        runs = self._room(chosen.sizes())
        chosen._copied(runs.words, runs.starts)
        return runs

    def grouped(self, counts: Ints) -> Runs:
        """The first so many as one string, and so on; they lie together without a gap."""
        borders = np.concatenate((self.starts, self.ends[-1:] if len(self.ends) else [0]))
        stops = np.cumsum(counts)
        return Runs(self.words, borders[stops - counts], borders[stops])

    def base64(self) -> Iterator[str]:
        """Each string in base 64; zeros fill the last character. They begin at whole words."""
        data = self.words.astype(">u8").tobytes()
        starts, ends = self.starts >> 3, self.ends + 7 >> 3
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            yield b64encode(data[start:end]).decode("ascii").rstrip("=")

    def _copied(self, out: Words, at: Ints) -> None:
        """Puts the strings into ``out`` from the bits ``at``, which ascend."""
        sizes = self.sizes()
        pieces = sizes + 63 >> 6
        stops = np.cumsum(pieces)
        for low, high in bands(stops):
            many = pieces[low:high]
            run = np.repeat(np.arange(low, high), many)
            inner = (np.arange(len(run)) - np.repeat(np.cumsum(many) - many, many)) << 6
            place = self.starts[run] + inner
            spare = (64 - np.minimum(64, sizes[run] - inner)).astype(np.uint64)
            offset = (place & 63).astype(np.uint64)
            place >>= 6
            bits = self.words[place] << offset
            bits |= self.words[place + 1] >> np.uint64(63) - offset >> np.uint64(1)
            _put(out, at[run] + inner, bits >> spare << spare)


def bands(stops: Ints) -> Iterator[tuple[int, int]]:
    """Cuts items that take ``stops`` pieces up to each into bands of a few pieces."""
    total = int(stops[-1]) if len(stops) else 0
    cuts = np.searchsorted(stops, np.arange(0, total, PIECES), "right")
    borders = np.unique(np.append(cuts, len(stops)))
    return pairwise(borders.tolist())


def merge(out: Words, where: Ints, bits: Words) -> None:
    """Sets bits in the words ``where``, which ascend and may repeat."""
    if len(where):
        first = np.flatnonzero(np.append(True, where[1:] != where[:-1]))
        out[where[first]] |= np.bitwise_or.reduceat(bits, first)


def _put(out: Words, at: Ints, bits: Words) -> None:
    word, offset = at >> 6, (at & 63).astype(np.uint64)
    merge(out, word, bits >> offset)
    merge(out, word + 1, bits << np.uint64(63) - offset << np.uint64(1))


def bit_length(values: Ints) -> Ints:
    """Digits of numbers below 2**53; none of 0."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)


def gamma(values: Ints) -> Codes:
    """Numbers of at least 1 that end themselves."""
    return Codes.of(values, 2 * bit_length(values) - 1)


def rice_k(universe: Ints | int, chosen: Ints) -> Ints:
    """The ``k`` that suits ``chosen`` numbers spread over a universe (Golomb's rule for gaps)."""
    return np.maximum(0, bit_length(universe * 61 // (64 * np.maximum(chosen, 1))) - 1)


def inside(counts: Ints) -> Ints:
    """0, 1, 2 … within each of runs of so many."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def gaps(values: NDArray[np.integer], counts: Ints, k: Ints) -> Runs:
    """Runs of ascending different numbers, ``counts`` each, in the Rice code of their gaps."""
    sizes = np.zeros(len(counts), np.int64)
    full = counts > 0
    stops = np.cumsum(counts)
    steps = np.diff(values, prepend=0).astype(np.int64) - 1
    firsts = (stops - counts)[full]
    steps[firsts] = values[firsts]
    ks = np.repeat(k, counts)
    size = (steps >> ks) + 1 + ks
    if len(size):
        sizes[full] = np.add.reduceat(size, firsts)
    runs = Runs._room(sizes)
    at = np.cumsum(size) - size
    for low in range(0, len(steps), PIECES):
        band = slice(low, low + PIECES)
        _rice(runs.words, at[band], steps[band], ks[band])
    return runs


def _rice(out: Words, at: Ints, steps: Ints, k: Ints) -> None:
    ones = steps >> k
    many = ones >> 5  # times thirty-two ones, so that the rest of any code fits into a word
    if many.any():
        places = np.repeat(at, many) + 32 * inside(many)
        _put(out, places, np.full(len(places), 0xFFFFFFFF << 32, np.uint64))
        at, ones = at + 32 * many, ones & 31
    low = steps & (1 << k) - 1
    _put(out, at, Codes.of(((1 << ones) - 1) << (k + 1) | low, ones + 1 + k).bits)


def subsets(values: NDArray[np.integer], counts: Ints, universe: Ints) -> Runs:
    """Runs of ascending numbers, ``counts`` each, below a ``universe`` each, which the reader knows. How
    many comes first; of a majority those that are missing are written."""
    most = 2 * counts > universe
    flipped = np.repeat(most, counts)
    starts = np.cumsum(universe[most]) - universe[most]
    flags = np.ones(int(universe[most].sum()), np.bool_)
    flags[np.repeat(starts, counts[most]) + values[flipped]] = False
    listed = np.where(most, universe - counts, counts)
    told = np.empty(int(listed.sum()), np.int64)
    missing = np.repeat(most, listed)
    told[missing] = np.flatnonzero(flags) - np.repeat(starts, listed[most])
    told[~missing] = values[~flipped]
    return Runs.joined(Runs.of(gamma(counts + 1)), gaps(told, listed, rice_k(universe, listed)))


def node_lists(value: Ints, size: Ints, ranks: NDArray[np.integer], counts: Ints) -> Runs:
    """Lists of numbers, each with its own ``k``, for a reader who does not know the universe, behind a
    ``value`` of a few bits. Of an empty list only that is written."""
    last = np.zeros(len(counts), np.int64)
    last[counts > 0] = ranks[np.cumsum(counts)[counts > 0] - 1]
    name = _NAMES[rice_k(last + 1, counts)]
    wide = np.where(counts > 0, 2 * bit_length(counts) + 2, 0)
    value = np.where(counts > 0, value << wide | counts << 3 | name, value)
    return Runs.joined(Runs.of(Codes.of(value, size + wide)), gaps(ranks, counts, NODE_K[name]))


def char_code(chars: Ints) -> Ints:
    """Sixteen mixed bits of a character; no two of the BMP meet. As many of them as keep it apart from
    its like, from the highest, stand for it."""
    return chars * 0x9E3D & 0xFFFF
