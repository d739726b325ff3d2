"""Our editors' index, and two ways in which it might have been made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from jianbao.index.search import Query, SearchIndex, document, engine
from jianbao.index.search.document import story_fields
from jianbao.index.search.postings import Fields
from jianbao.index.search.snapshot import Snapshot
from jianbao.index.segment import default_segmenter
from tests.search.samples import Annotated

from .engine import CITY, SINCE, UNTIL, Ask


class Jianbao:
    """Ours. Every answer counts all facets and marks twenty excerpts, whatever was asked."""

    note = "exact strings, words for the ranking, all facets and excerpts in every answer"

    def warm(self) -> None:
        default_segmenter().cut("党建")

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        SearchIndex.rebuild(folder, stories, default_segmenter()).close()

    def open(self, folder: Path) -> Callable[[Ask], int]:
        index = SearchIndex.open(folder, default_segmenter())
        return lambda ask: index.search(self.query(ask)).total

    @staticmethod
    def query(ask: Ask) -> Query:
        if ask.kind == "filtered":
            return Query(ask.string, counties=(CITY,), since=SINCE, until=UNTIL)
        return Query(ask.string, sort="date" if ask.kind == "by date" else "relevance")

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        with SearchIndex.open(folder, default_segmenter()) as index:
            index.update(stories)


class JianbaoWords(Jianbao):
    """Ours without the character pairs that make exact finding possible: the word index alone."""

    note = "indexing only: words, filters and texts, no character pairs"

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        document._pairs = lambda _: set()
        super().build(folder, stories)


class JianbaoScan(Jianbao):
    """Ours without the character pairs, but as exact: strings are looked for in the packed text."""

    note = "no character pairs: every string is looked for in the text of all stories"

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        engine.story_fields = _without_pairs
        super().build(folder, stories)

    def open(self, folder: Path) -> Callable[[Ask], int]:
        index = SearchIndex.open(folder, default_segmenter())
        index._snapshot.matching = _Scan(index._snapshot).matching  # type: ignore[method-assign]
        return lambda ask: index.search(self.query(ask)).total

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        engine.story_fields = _without_pairs
        super().add(folder, stories)


def _without_pairs(*story: Any) -> Fields:
    terms, words, columns = story_fields(*story)
    return {field: found for field, found in terms.items() if field != "pair"}, words, columns


class _Scan:
    """The folded texts of all stories, one after the other."""

    def __init__(self, snapshot: Snapshot) -> None:
        texts = [snapshot.text(number) for number in range(len(snapshot.ids))]
        self._packed = b"\0\n".join(texts)
        self._starts = [0, *accumulate(len(text) + 2 for text in texts)]
        self._live = snapshot.live
        self._found: dict[str, int] = {}

    def matching(self, string: str) -> int:
        if string not in self._found:
            self._found[string] = self._scan(string.encode()) & self._live
        return self._found[string]

    def _scan(self, needle: bytes) -> int:
        packed, starts = self._packed, self._starts
        found = bytearray(len(starts) // 8 + 1)
        at = packed.find(needle)
        while at >= 0:
            story = bisect_right(starts, at) - 1
            found[story >> 3] |= 1 << (story & 7)
            at = packed.find(needle, starts[story + 1])
        return int.from_bytes(found, "little")
