"""One opened state of the search index: what is found, in which order, and how it counts.

Sets of stories are integers, a bit a story, so that *and*, *or*, *not*, every filter and every
facet count is one operation on the whole set. What is found is decided by character pairs and
checked on the text; words only rank.
"""

from __future__ import annotations

import heapq
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from whoosh.index import FileIndex

from ..clock import week_of
from ..limits import SEARCH_CACHED, SEARCH_COUNTED
from .folding import fold
from .postings import BYLINE, Packed, bit_numbers, packed, read_field, read_postings
from .query import Clause, Condition, Query

_K1, _B = 1.2, 0.6
"""BM25. A little less length normalisation than the usual .75: a long story of a county is not worse."""
_HEAD = 2.0
"""A string in the headline counts like the string standing in the body very often (BM25's ceiling is 2.2)."""
_FRESH, _HALF_LIFE_DAYS = 0.15, 60
"""A story of today is worth 15 % more than a very old one: it decides between equals, never more."""


class _Part:
    """One segment: its readers, and the number of its first story."""

    def __init__(self, reader: Any, base: int) -> None:
        self.base = base
        self.size: int = reader.doc_count_all()
        self.terms = reader.codec().terms_reader(reader.storage(), reader.segment())
        self.keys = reader.column_reader("key", translate=False)
        self.text = reader.column_reader("text", translate=False)
        self.shown = reader.column_reader("shown", translate=False)
        self.packed = packed(self.text)
        self.deleted: tuple[int, ...] = tuple(sorted(reader.segment().deleted_docs()))


class Snapshot:
    """The index as one commit left it. Safe to share between threads: only caches change."""

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._generation = index.latest_generation()
        self._reader: Any = index.reader()
        self._parts = [_Part(leaf, base) for leaf, base in _leaves(self._reader)]
        self._cache: dict[tuple[str, str], int] = {}
        self._matches: dict[str, int] = {}
        keys = [str(raw, "utf-8").split(" ", 3) for part in self._parts for raw in part.keys]
        self.days = [day for day, _, _, _ in keys]
        self.ids = [story_id for _, _, _, story_id in keys]
        gone = {part.base + number for part in self._parts for number in part.deleted}
        self.live = _bits(number for number in range(len(keys)) if number not in gone)
        self.number_of = {self.ids[n]: n for n in range(len(keys)) if n not in gone}
        self.by_day = sorted(self.number_of.values(), key=self.ids.__getitem__)
        self.by_day.sort(key=self.days.__getitem__, reverse=True)
        self._place = {number: place for place, number in enumerate(self.by_day)}
        self._set_weights([int(length) for _, length, _, _ in keys])
        self.stamps = {story_id: keys[n][2] for story_id, n in self.number_of.items()}
        self._facets = {name: self._facet(name) for name in ("county", "theme", "source", "day")}
        self._facets["city"] = {
            area: stories for area, stories in self._facet("area").items() if _is_city(area)
        }
        self._facets["week"] = _by_week(self._facets["day"])

    def outdated(self) -> bool:
        """Whether there has been a commit since."""
        return self._index.latest_generation() != self._generation

    def close(self) -> None:
        """Gives the files back (Windows deletes no file that is open)."""
        for part in self._parts:
            part.terms.close()
        if not self._reader.is_closed:
            self._reader.close()

    def _set_weights(self, lengths: Sequence[int]) -> None:
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norm = [_K1 * (1 - _B + _B * length / (mean or 1.0)) for length in lengths]
        known = [day for day in self.days if day != _UNKNOWN]
        newest = date.fromisoformat(max(known)) if known else None
        fresh = {day: _freshness(day, newest) for day in set(self.days)}
        self._fresh = [fresh[day] for day in self.days]

    def _facet(self, field: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in self._parts:
            for value, postings in read_field(part.terms, field):
                found[value] = found.get(value, 0) | postings.bits() << part.base
        return {value: bits & self.live for value, bits in sorted(found.items())}

    # --- what is found ---

    def bits(self, field: str, term: str) -> int:
        """The stories that have this term."""
        held = self._cache.get((field, term))
        if held is None:
            held = 0
            for part in self._parts:
                postings = read_postings(part.terms, field, term)
                if postings:
                    held |= postings.bits() << part.base
            held &= self.live
            if len(self._cache) >= SEARCH_CACHED:
                self._cache.clear()
            self._cache[field, term] = held
        return held

    def matching(self, string: str) -> int:
        """The stories in which the folded string stands, exactly."""
        held = self._matches.get(string)
        if held is None:
            held = self._candidates("pair", string)
            # One character or one pair is itself a term; longer strings only had all their pairs.
            if len(string) > 2 and held:
                needle = string.encode("utf-8", "surrogatepass")
                held = _bits(n for n, text in self._texts(bit_numbers(held)) if needle in text)
            if len(self._matches) >= SEARCH_CACHED:
                self._matches.clear()
            self._matches[string] = held
        return held

    def _candidates(self, field: str, string: str) -> int:
        pairs = {string[at : at + 2] for at in range(max(1, len(string) - 1))}
        found = self.live
        for pair in sorted(pairs):
            found &= self.bits(field, pair)
            if not found:
                break
        return found

    def found(self, query: Query, clauses: Iterable[Clause]) -> int:
        """The stories that answer every condition and every filter."""
        found = self.live & self._filtered(query)
        for clause in clauses:
            matching = 0
            for string in clause.strings:
                matching |= self.matching(string)
            for condition in clause.conditions:
                matching |= self._holding(condition)
            found &= ~matching if clause.excluded else matching
        return found

    def _filtered(self, query: Query) -> int:
        found = self.live
        if query.counties:
            found &= self._any("area", query.counties)
        if query.themes:
            found &= self._any("theme", query.themes)
        if query.source:
            found &= self.bits("source", query.source)
        if query.relevant is not None:
            relevant = self.bits("flag", "relevant")
            found &= relevant if query.relevant else ~relevant
        if query.since or query.until:
            found &= self._between(
                query.since.isoformat() if query.since else "",
                query.until.isoformat() if query.until else "",
            )
        return found

    def _holding(self, condition: Condition) -> int:
        values = condition.values
        if condition.field == "day":
            return self._between(*values)
        if condition.field == "source":
            return self._sources(values)
        if condition.field == "byline":
            return self._signed(values)
        return self._any(condition.field, values)

    def _between(self, first: str, last: str) -> int:
        """Stories of the days from ``first`` to ``last``, both included; empty for an open end."""
        found = 0
        for day, stories in self._facets["day"].items():
            if first <= day <= (last or "9999-12-31"):
                found |= stories
        return found

    def _sources(self, parts: Iterable[str]) -> int:
        found = 0
        for name, stories in self._facets["source"].items():
            if any(part in fold(name) for part in parts):
                found |= stories
        return found

    def _signed(self, strings: Iterable[str]) -> int:
        found = 0
        for string in strings:
            held = self._candidates("sign", string)
            if len(string) > 2:
                needle = string.encode("utf-8", "surrogatepass")
                texts = self._texts(bit_numbers(held))
                held = _bits(n for n, text in texts if _in_byline(needle, text))
            found |= held
        return found

    def _any(self, field: str, values: Iterable[str]) -> int:
        found = 0
        for value in values:
            found |= self.bits(field, value)
        return found

    # --- in which order ---

    def newest(self, found: int, first: int, count: int) -> list[int]:
        """``count`` stories of a set from place ``first`` on, newest first, unknown days last."""
        data = found.to_bytes((len(self.ids) >> 3) + 1, "little")
        wanted = first + count
        listed: list[int] = []
        for number in self.by_day:
            if len(listed) >= wanted:
                break
            if data[number >> 3] >> (number & 7) & 1:
                listed.append(number)
        return listed[first:]

    def best(
        self, found: int, strings: Sequence[str], words: Iterable[str], first: int, count: int
    ) -> list[tuple[int, float]]:
        """Stories and scores from place ``first`` on, best first; equals by day, then by id."""
        numbers = bit_numbers(found)
        scores = [0.0] * len(self.ids)
        for word in words:
            self._score_word(word, numbers, scores)
        for string in strings:
            self._score_string(string, found, numbers, scores)
        fresh, place = self._fresh, self._place
        values = [scores[n] * fresh[n] for n in numbers]
        # The worst score of the page first, on bare numbers: ordering pairs is three times slower.
        least = heapq.nlargest(first + count, values)[-1:] or [math.inf]
        kept = [(-v, place[n], n) for v, n in zip(values, numbers, strict=True) if v >= least[0]]
        return [(n, -value) for value, _, n in sorted(kept)[first : first + count]]

    def _score_word(self, word: str, numbers: Sequence[int], scores: list[float]) -> None:
        held = [(part.base, read_postings(part.terms, "word", word)) for part in self._parts]
        postings = [(base, p) for base, p in held if p]
        gain = self._rarity(sum(p.count for _, p in postings)) * (_K1 + 1)
        norm = self._norm
        for base, one in postings:
            for at, weight in one.weighted(base, numbers):
                scores[at] += gain * weight / (weight + norm[at])

    def _score_string(
        self, string: str, found: int, numbers: Sequence[int], scores: list[float]
    ) -> None:
        gain = self._rarity(self.matching(string).bit_count())
        for number in bit_numbers(self._candidates("head", string) & found):
            scores[number] += gain * _HEAD
        if len(numbers) > SEARCH_COUNTED:
            return
        needle = string.encode("utf-8", "surrogatepass")
        gain *= _K1 + 1
        norm = self._norm
        for number, text in self._texts(numbers):
            count = text.count(needle)
            scores[number] += gain * count / (count + norm[number])

    def _rarity(self, count: int) -> float:
        """BM25's inverse document frequency, never negative."""
        return math.log(1 + (len(self.number_of) + 0.5) / (count + 0.5))

    # --- what is shown ---

    def text(self, number: int) -> bytes:
        """The folded text, its parts one a line."""
        part = self._part(number)
        return part.text[number - part.base]

    def _texts(self, numbers: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Rising story numbers, each with its folded text."""
        parts = iter(self._parts)
        first = end = 0
        data, starts, lengths = _NOTHING
        for number in numbers:
            while number >= end:
                part = next(parts)
                first, end = part.base, part.base + part.size
                data, starts, lengths = part.packed
            start = starts[number - first]
            yield number, data[start : start + lengths[number - first]]

    def shown(self, number: int) -> dict[str, Any]:
        """What a hit shows, as :func:`~.document.story_fields` wrote it."""
        part = self._part(number)
        return json.loads(str(part.shown[number - part.base], "utf-8", "surrogatepass"))

    def _part(self, number: int) -> _Part:
        for part in self._parts:
            if number < part.base + part.size:
                return part
        raise IndexError(number)

    def counts(self, field: str, found: int) -> list[tuple[str, int]]:
        """Value and number of stories, by value; values that no story of the set has are left out."""
        counts = ((v, (bits & found).bit_count()) for v, bits in self._facets[field].items())
        return [(value, count) for value, count in counts if count]


_NOTHING: Packed = (b"", (), ())

_UNKNOWN = "0"
"""A story's day in its key when the source does not say: sorts before every day."""


NO_STAMP = "-"
"""A story's stamp when the caller gave none."""


def key_of(day: date | None, length: int, stamp: str, story_id: str) -> bytes:
    """The key column: day, number of words, stamp, id."""
    return f"{day.isoformat() if day else _UNKNOWN} {length} {stamp} {story_id}".encode()


def _in_byline(needle: bytes, text: bytes) -> bool:
    lines = text[text.find(BYLINE) :].split(b"\n")
    return any(line[:1] == BYLINE and needle in line for line in lines)


def _is_city(area: str) -> bool:
    return area.endswith("00") and not area.endswith("0000")


def _by_week(days: dict[str, int]) -> dict[str, int]:
    weeks: dict[str, int] = {}
    for day, stories in days.items():
        week = week_of(date.fromisoformat(day))
        weeks[week] = weeks.get(week, 0) | stories
    return weeks


def _leaves(reader: Any) -> list[tuple[Any, int]]:
    """Segments with their first number; one that a merge left empty has no columns to read."""
    if not reader.doc_count_all():
        return []
    return [(leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()]


def _bits(numbers: Iterable[int]) -> int:
    """A set as an integer."""
    found = bytearray()
    for number in numbers:
        at = number >> 3
        if at >= len(found):
            found.extend(bytes(at + 1 - len(found)))
        found[at] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def _freshness(day: str, newest: date | None) -> float:
    if newest is None or day == _UNKNOWN:
        return 1.0
    age = (newest - date.fromisoformat(day)).days
    return 1.0 + _FRESH * 0.5 ** (age / _HALF_LIFE_DAYS)
