"""How Whoosh keeps our postings: plain arrays instead of pickled blocks.

Whoosh carries the segments, the term dictionary, the columns, deletions, merges and the atomic
commit. Three of its parts are replaced through its own extension points (codec, storage, writer),
because the stock ones spend their time on token objects, sorted tuples and pickled positions: 10,000
stories of 556 characters are indexed at 596 a second where the standard recipe does 77 in the same
run, although character pairs are kept as well (1,283 without them).
(``python -m benchmarks.index``; processor time, one core.)

* The writer gathers one array of story numbers a term (Whoosh: one tuple a posting, sorted later).
* The codec writes a term's story numbers as four-byte integers or, where that is shorter (from one
  story in 32), as a bitmap, so that a query reads a frequent term in one step.
* The storage reads through memory maps, which threads can share (see :mod:`.files`).

Known faults of Whoosh that this keeps clear of: a filter that matches nothing makes ``len(results)``
count the unfiltered total (we count our own sets); ``inlinelimit`` above 1 raises; ``procs`` gains
nothing (104 stories a second against 95 to 113); jieba's ``ChineseAnalyzer`` stores character offsets
as positions, so that no quoted phrase is found (we keep no positions and check strings on the text).

Written against exactly ``whoosh3`` 3.54.0.
"""

from __future__ import annotations

import json
import mmap
import sys
from array import array
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import compress, repeat
from pathlib import Path
from typing import Any

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocReader, W3TermInfo, W3TermsReader
from whoosh.columns import CompressedBytesColumn, VarBytesColumn
from whoosh.index import TOC, FileIndex
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.system import pack_ushort
from whoosh.writing import SegmentWriter

from ..limits import SEARCH_SEGMENT_STORIES, SEARCH_SEGMENTS
from .files import SUMS, Storage, check, file_sum, sync

_IDS, _BITMAP = b"i", b"b"

BYLINE = b"\0"
"""Begins each line of the text column that is a byline. Folding leaves no such character in a text."""

Fields = tuple[Mapping[str, Iterable[str]], Mapping[str, int], Mapping[str, bytes]]
"""A story for the index: terms by field (each once), word weights of 1 to 255, raw column bytes."""


def _terms() -> fields.FieldType:
    """A field whose terms we make ourselves; existence only, so that merging never reads a value."""
    return fields.FieldType(formats.Existence(), None)  # type: ignore[arg-type]


SCHEMA = fields.Schema(
    id=_terms(),
    pair=_terms(),  # single characters and character pairs of everything: what is found
    head=_terms(),  # the same of kicker, headline and deck: ranks only
    sign=_terms(),  # the same of the byline: what 署名: finds
    word=_terms(),  # words with their weight: ranks only
    county=_terms(),
    area=_terms(),  # the county's own code, its city's and its province's
    theme=_terms(),
    source=_terms(),
    day=_terms(),
    flag=_terms(),
    key=fields.COLUMN(VarBytesColumn()),
    text=fields.COLUMN(VarBytesColumn()),
    shown=fields.COLUMN(CompressedBytesColumn(level=1)),
)


# --- the codec ---


def _pack(numbers: array[int], weights: bytes | None) -> bytes:
    """Story numbers (rising) and, for words, one byte of weight each."""
    size = (numbers[-1] >> 3) + 1
    if weights is None and size < 4 * len(numbers):
        bits = bytearray(size)
        for number in numbers:
            bits[number >> 3] |= 1 << (number & 7)
        return _BITMAP + bytes(bits)
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return _IDS + numbers.tobytes() + (weights or b"")


def bit_numbers(bits: int) -> list[int]:
    """The places of the bits that are set, rising."""
    if _DENSE * bits.bit_count() > bits.bit_length():
        digits = bin(bits)[:1:-1].encode().translate(_DIGITS)
        return list(compress(range(len(digits)), digits))
    found: list[int] = []
    data = bits.to_bytes((bits.bit_length() + 7) >> 3, "little")
    for at, byte in enumerate(data):
        if byte:
            found += [(at << 3) + place for place in _PLACES[byte]]
    return found


_DENSE = 16
"""From one story in so many on it is quicker to walk over all places than to collect the few."""
_DIGITS = bytes.maketrans(b"01", b"\0\1")
_PLACES = [tuple(place for place in range(8) if byte >> place & 1) for byte in range(256)]


class Postings:
    """One term in one segment: its story numbers and, for words, their weights."""

    __slots__ = ("_data", "count")

    def __init__(self, data: bytes, count: int) -> None:
        self._data = data
        self.count = count

    def bits(self) -> int:
        """All story numbers as one integer, a bit a story."""
        if self._data[:1] == _BITMAP:
            return int.from_bytes(self._data[1:], "little")
        numbers = self.numbers()
        bits = bytearray((numbers[-1] >> 3) + 1)
        for number in numbers:
            bits[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(bits, "little")

    def numbers(self) -> Sequence[int]:
        """All story numbers, rising."""
        if self._data[:1] == _BITMAP:
            return bit_numbers(int.from_bytes(self._data[1:], "little"))
        numbers = array("I")
        numbers.frombytes(self._data[1 : 1 + 4 * self.count])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def weights(self) -> bytes:
        """One byte a story, in the order of :meth:`numbers`; empty for existence terms."""
        return self._data[1 + 4 * self.count :] if self._data[:1] == _IDS else b""

    def weighted(self, base: int, wanted: Sequence[int]) -> Iterable[tuple[int, int]]:
        """``base`` + story number and its weight, for at least all stories ``wanted`` (rising)."""
        numbers, weights = self.numbers(), self.weights()
        if 4 * len(wanted) > len(numbers):
            return zip((base + number for number in numbers), weights, strict=True)
        return self._looked_up(base, wanted, numbers, weights)

    @staticmethod
    def _looked_up(
        base: int, wanted: Sequence[int], numbers: Sequence[int], weights: bytes
    ) -> Iterable[tuple[int, int]]:
        for number in wanted:
            at = bisect_left(numbers, number - base)
            if at < len(numbers) and numbers[at] == number - base:
                yield number, weights[at]


class PackedCodec(W3Codec):
    """Whoosh's codec with packed postings. Segments are not assembled: nothing is copied twice."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> _PerDocReader:
        return _PerDocReader(storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """For Whoosh's own reading; ours goes through :func:`read_postings`."""
        postings = _load(dbfile, terminfo)
        numbers = list(postings.numbers())
        weights = [float(w) for w in postings.weights()] or None
        return ListMatcher(
            numbers, weights, [b""] * len(numbers), format_, scorer, term=term, terminfo=terminfo
        )


class _PerDocReader(W3PerDocReader):
    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Nothing is stored but columns; Whoosh would unpickle here."""
        del docnum
        return {}


class _FieldWriter(W3FieldWriter):
    def add_term(self, term: str, numbers: array[int], weights: bytes | None) -> None:
        """One term with all its postings, at once."""
        packed = _pack(numbers, weights)
        start = self._postfile.tell()
        self._postfile.write(packed)
        info = W3TermInfo(weight=len(numbers), df=len(numbers), minid=numbers[0], maxid=numbers[-1])
        info.set_extent(start, len(packed))
        key = pack_ushort(self._fieldid) + term.encode("utf-8", "surrogatepass")
        self._tindex.add(key, info.to_bytes())


def _load(dbfile: Any, info: W3TermInfo) -> Postings:
    offset, length = info.extent()
    # W3TermInfo.from_bytes leaves the length in the tuple that struct gave it.
    size = length[0] if isinstance(length, tuple) else length
    return Postings(dbfile.get(offset, size), info.doc_frequency())


def read_postings(terms: W3TermsReader, field: str, term: str) -> Postings | None:
    """A term's postings in one segment, or ``None``."""
    try:
        info = terms.term_info(field, term.encode("utf-8", "surrogatepass"))
    except TermNotFound:
        return None
    return _load(terms._postfile, info)


def read_field(terms: W3TermsReader, field: str) -> Iterable[tuple[str, Postings]]:
    """All terms of a field in one segment, in order."""
    if field not in terms.indexed_field_names():
        return
    for (name, term), info in terms.items_from(field, b""):
        if name != field:
            return
        yield term.decode("utf-8", "surrogatepass"), _load(terms._postfile, info)


Packed = tuple["bytes | mmap.mmap", Sequence[int], Sequence[int]]
"""A column of bytes as it lies in its file: the file, and each story's start and length in it."""


def packed(column: Any) -> Packed:
    """A variable-length column, to be read by thousands without a call for each."""
    starts = array("Q", (column._basepos + offset for offset in column._offsets))
    return column._dbfile.mapped, starts, column._lengths


# --- the writer ---


def _numbers() -> defaultdict[str, array[int]]:
    return defaultdict(partial(array, "I"))


class _Pool:
    """Term → story numbers (and weights), kept until the commit.

    The loops over terms run inside ``map``: there are about a thousand of them a story.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, defaultdict[str, array[int]]] = {}
        self.weights: defaultdict[str, bytearray] = defaultdict(bytearray)

    def add_terms(self, field: str, terms: Iterable[str], number: int) -> None:
        table = self.numbers.get(field)
        if table is None:
            table = self.numbers[field] = _numbers()
        _run(map(array.append, map(table.__getitem__, terms), repeat(number)))

    def add_words(self, words: Mapping[str, int], number: int) -> None:
        self.add_terms("word", words, number)
        _run(map(bytearray.append, map(self.weights.__getitem__, words), words.values()))

    def cleanup(self) -> None:
        """Called by Whoosh after the commit."""
        self.numbers = {}
        self.weights = defaultdict(bytearray)


def _run(calls: Iterable[None]) -> None:
    deque(calls, maxlen=0)


class Writer(SegmentWriter):
    """Whoosh's segment writer, fed with ready terms. :meth:`commit` makes all of it visible at once."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, codec=PackedCodec(), compound=False)
        self.pool: Any = _Pool()

    def add_story(
        self,
        terms: Mapping[str, Iterable[str]],
        words: Mapping[str, int],
        columns: Mapping[str, bytes],
    ) -> None:
        """One story, made of :data:`Fields`."""
        number = self.docnum
        self.perdocwriter.start_doc(number)
        for name, value in columns.items():
            self.perdocwriter.add_column_value(name, SCHEMA[name].column_type, value)
        self.perdocwriter.finish_doc()
        for field, found in terms.items():
            self.pool.add_terms(field, found, number)
        self.pool.add_words(words, number)
        self._added = True
        self.docnum += 1

    def finish(self) -> None:
        """Commits; small segments are merged when there are too many, or too much is deleted."""
        self.commit(mergetype=_merge)

    def _commit_toc(self, segments: list[Any]) -> None:
        """Whoosh syncs nothing: after a power cut a new table of contents could name empty files."""
        storage, segment = self.storage, self.newsegment
        if segment in segments:
            paths = [Path(storage.folder, name) for name in sorted(segment.list_files(storage))]
            sums = Path(storage.folder, segment.make_filename(SUMS))
            sums.write_text(json.dumps({path.name: file_sum(path) for path in paths}), "utf-8")
            for path in (*paths, sums):
                sync(path)
        super()._commit_toc(segments)
        sync(Path(storage.folder, TOC._filename(self.indexname, self.generation)))

    def add_postings_to_pool(
        self, reader: Any, startdoc: int, docmap: dict[int, int] | None
    ) -> None:
        """Takes over another segment's postings. Deleted stories have no place in ``docmap``."""
        terms = reader.codec().terms_reader(reader.storage(), reader.segment())
        for field in sorted(terms.indexed_field_names()):
            table = self.pool.numbers.setdefault(field, _numbers())
            for term, postings in read_field(terms, field):
                old, weights = postings.numbers(), postings.weights()
                if docmap is None:
                    kept = [startdoc + number for number in old]
                else:
                    kept = [docmap[number] for number in old if number in docmap]
                    weights = bytes(
                        w for w, number in zip(weights, old, strict=False) if number in docmap
                    )
                if kept:
                    table[term].extend(kept)
                    if field == "word":
                        self.pool.weights[term].extend(weights)
        terms.close()

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        out: Any = self.fieldwriter
        for field in sorted(self.pool.numbers):
            out.start_field(field, self.schema[field])
            table = self.pool.numbers[field]
            for term in sorted(table):
                weights = bytes(self.pool.weights[term]) if field == "word" else None
                out.add_term(term, table[term], weights)
            out.finish_field()
        out.close()


def _merge(writer: Writer, segments: list[Any]) -> list[Any]:
    """Which segments stay as they are. A daily update must not rewrite the big ones every day."""
    crowded = len(segments) >= SEARCH_SEGMENTS
    kept: list[Any] = []
    for segment in segments:
        total = segment.doc_count_all()
        if segment.deleted_count() == total:
            continue
        small = total < SEARCH_SEGMENT_STORIES // 2
        if 3 * segment.deleted_count() > total or (crowded and small):
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        else:
            kept.append(segment)
    return kept


def create(folder: Path) -> FileIndex:
    """An empty index in an empty folder."""
    folder.mkdir(parents=True)
    return FileIndex.create(Storage(str(folder)), SCHEMA)


def open_existing(folder: Path, checked: set[str]) -> FileIndex:
    """The index of a folder; Whoosh's and pickle's own exceptions when it cannot be read.

    A segment's files never change: those in ``checked`` are not read through again, others are added.
    """
    index = FileIndex(Storage(str(folder)), SCHEMA)
    segments = [one for one in index._segments() if _name_of(folder, one) not in checked]
    check(folder, segments)
    checked.update(_name_of(folder, one) for one in segments)
    return index


def _name_of(folder: Path, segment: Any) -> str:
    return f"{folder.name}/{segment.segment_id()}"
