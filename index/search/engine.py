"""The editors' search 检索: everything that was typed is found, and the best of it comes first.

The index is a cache of the store, in a private folder of ours: it can be thrown away and rebuilt at
any time. A rebuild is made beside the old index and swapped in; an update is one commit. Nothing
outside this module knows what keeps the index (Whoosh, see :mod:`.postings`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from ..annotation import Annotation
from ..limits import SEARCH_SEGMENT_STORIES
from ..segment import Segmenter
from ..story import Story
from .cache import (
    SearchIndexCannotBeWritten,
    SearchIndexDamaged,
    current,
    locked,
    make_current,
    next_name,
    refuse_foreign,
    sweep,
)
from .document import is_word, story_fields
from .highlight import excerpt, mark
from .postings import Writer, create, open_existing
from .query import Clause, Query, parse
from .results import FacetCount, Facets, Hit, Results
from .snapshot import NO_STAMP, Snapshot

LAYOUT = "2"
"""Raised with every change of the schema, the folding or the weights: older indexes are then stale."""

_PREFERRED = ("body", "deck", "kicker", "caption", "byline", "source")
"""Where an excerpt comes from, best first. The headline stands above it anyway."""

Annotated = tuple[Story, Annotation | None]
_NO_STAMPS: Mapping[str, str] = MappingProxyType({})


class SearchIndex:
    """The index of one workspace. Safe to share between threads; :meth:`close` it when done."""

    def __init__(self, folder: Path, segmenter: Segmenter) -> None:
        self._folder = folder
        self._segmenter = segmenter
        self._checked: set[str] = set()
        self._name, self._snapshot = _read(folder, segmenter, self._checked)

    @classmethod
    def open(cls, folder: Path, segmenter: Segmenter) -> SearchIndex:
        """The index as it stands.

        Raises:
            SearchIndexMissing: none was built, or it was built by other rules.
            SearchFolderIsForeign: the folder is somebody else's.
            SearchIndexDamaged: files are missing or cannot be read.
        """
        return cls(folder, segmenter)

    @classmethod
    def rebuild(
        cls,
        folder: Path,
        stories: Iterable[Annotated],
        segmenter: Segmenter,
        *,
        stamps: Mapping[str, str] = _NO_STAMPS,
        progress: Callable[[int], None] | None = None,
    ) -> SearchIndex:
        """Builds everything anew beside the old index and swaps. ``progress`` hears the number done.

        ``stamps`` are kept beside the stories (id → anything without a space), see :attr:`stamps`.

        Raises:
            SearchFolderIsForeign: the folder holds files of somebody else.
            SearchIndexBusy: another process is writing.
            SearchIndexCannotBeWritten: disk full or no right to write.
        """
        refuse_foreign(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with locked(folder):
                name = next_name(folder)
                try:
                    _build(folder / name, stories, stamps, segmenter, progress)
                    make_current(folder, name, _rules(segmenter))
                except BaseException:
                    shutil.rmtree(folder / name, ignore_errors=True)
                    raise
                sweep(folder, name)
                return cls(folder, segmenter)
        except OSError as error:
            raise _not_written(folder, error) from error

    def __enter__(self) -> SearchIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the files back."""
        self._snapshot.close()

    def __len__(self) -> int:
        return len(self._snapshot.number_of)

    @property
    def stamps(self) -> Mapping[str, str]:
        """What was kept beside each story when it was indexed: tells which stories have changed since."""
        return self._snapshot.stamps

    def update(
        self,
        changed: Iterable[Annotated],
        removed: Iterable[str] = (),
        *,
        stamps: Mapping[str, str] = _NO_STAMPS,
    ) -> None:
        """Adds or replaces the changed stories and takes out the removed ids, in one commit.

        Raises:
            SearchIndexBusy: another process has been writing for too long.
            SearchIndexCannotBeWritten: disk full or no right to write.
            SearchIndexMissing, SearchIndexDamaged: see :meth:`open`.
        """
        newest = {story.id: (story, annotation) for story, annotation in changed}
        gone = {*newest, *removed}
        with locked(self._folder):
            self.refresh()
            try:
                self._commit(newest, sorted(gone & self._snapshot.number_of.keys()), stamps)
            except OSError as error:
                raise _not_written(self._folder, error) from error
            except Exception as error:
                raise SearchIndexDamaged(self._folder, detail=type(error).__name__) from error
            self.refresh()

    def _commit(
        self, newest: Mapping[str, Annotated], gone: Iterable[str], stamps: Mapping[str, str]
    ) -> None:
        writer = Writer(open_existing(self._folder / self._name, self._checked))
        try:
            for story_id in gone:
                writer.delete_document(self._snapshot.number_of[story_id])
            for story_id in sorted(newest):
                stamp = stamps.get(story_id, NO_STAMP)
                writer.add_story(*story_fields(*newest[story_id], self._segmenter, stamp))
        except BaseException:
            writer.cancel()
            raise
        writer.finish()

    def refresh(self) -> bool:
        """Takes up what another process, or :meth:`update`, has written since. ``True`` when it did."""
        name = current(self._folder, _rules(self._segmenter))
        if name == self._name and not self._snapshot.outdated():
            return False
        # Other threads may still be reading the old snapshot: its files close when the last lets go.
        self._name, self._snapshot = _read(self._folder, self._segmenter, self._checked)
        return True

    def search(self, query: Query) -> Results:
        """Everything that answers the query.

        Raises:
            QueryIsTooLong, QueryIsUnreadable, QuoteIsOpen, QueryIsEmpty: see :func:`~.query.parse`.
            FilterIsWrong: see :meth:`~.query.Query.check`.
            SearchIndexDamaged: the files cannot be read.
        """
        query.check()
        clauses = (*parse(query.text), *query.clauses)
        try:
            return self._answer(self._snapshot, query, clauses)
        except Exception as error:
            raise SearchIndexDamaged(self._folder, detail=type(error).__name__) from error

    def _answer(self, snapshot: Snapshot, query: Query, clauses: Sequence[Clause]) -> Results:
        found = snapshot.found(query, clauses)
        strings = tuple(dict.fromkeys(s for c in clauses if not c.excluded for s in c.strings))
        if query.sort == "date" or not strings:
            page = [(n, 0.0) for n in snapshot.newest(found, query.offset, query.limit)]
        else:
            words = self._words(strings)
            page = snapshot.best(found, strings, words, query.offset, query.limit)
        marked = (*strings, *_names_signed(clauses))
        hits = tuple(_hit(snapshot, number, score, marked) for number, score in page)
        return Results(found.bit_count(), hits, _facets(snapshot, found))

    def _words(self, strings: Iterable[str]) -> list[str]:
        return sorted({w for s in strings for w in (s, *self._segmenter.cut(s)) if is_word(w)})


def _names_signed(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        if not clause.excluded:
            for condition in clause.conditions:
                yield from condition.values if condition.field == "byline" else ()


def _not_written(folder: Path, error: OSError) -> SearchIndexCannotBeWritten:
    return SearchIndexCannotBeWritten(folder, detail=error.strerror or error)


def _rules(segmenter: Segmenter) -> Mapping[str, str]:
    """What the content of an index depends on, beside the stories."""
    return {
        "layout": LAYOUT,
        "whoosh": version("whoosh3"),
        "words": hashlib.sha256("\n".join(segmenter.words).encode()).hexdigest()[:16],
    }


def _read(folder: Path, segmenter: Segmenter, checked: set[str]) -> tuple[str, Snapshot]:
    """The valid index, opened. Tried again when a writer swept its files away at that moment."""
    for last in (False, False, True):
        name = current(folder, _rules(segmenter))
        try:
            return name, Snapshot(open_existing(folder / name, checked))
        except Exception as error:  # Whoosh raises bare exceptions for damaged files
            if last or not isinstance(error, FileNotFoundError):
                raise SearchIndexDamaged(folder, detail=type(error).__name__) from error
    raise AssertionError("the last try returns or raises")


def _build(
    folder: Path,
    stories: Iterable[Annotated],
    stamps: Mapping[str, str],
    segmenter: Segmenter,
    progress: Callable[[int], None] | None,
) -> None:
    index = create(folder)
    writer = Writer(index)
    seen: set[str] = set()
    for done, (story, annotation) in enumerate(stories, 1):
        if story.id in seen:
            continue
        seen.add(story.id)
        writer.add_story(
            *story_fields(story, annotation, segmenter, stamps.get(story.id, NO_STAMP))
        )
        if progress:
            progress(done)
        if done % SEARCH_SEGMENT_STORIES == 0:
            writer.commit(merge=False)
            writer = Writer(index)
    writer.commit(merge=False)


def _hit(snapshot: Snapshot, number: int, score: float, strings: Sequence[str]) -> Hit:
    shown = snapshot.shown(number)
    text = str(snapshot.text(number), "utf-8", "surrogatepass")
    folded = text.replace("\0", "").split("\n")
    parts = [
        (_PREFERRED.index(field), text, line)
        for (field, text), line in zip(shown["parts"], folded, strict=True)
        if field != "headline"
    ]
    parts.sort(key=lambda part: part[0])
    return Hit(
        story_id=snapshot.ids[number],
        headline=shown["headline"],
        published=date.fromisoformat(shown["published"]) if shown["published"] else None,
        source=shown["source"],
        counties=tuple(shown["counties"]),
        themes=tuple(shown["themes"]),
        headline_pieces=mark(shown["headline"], strings),
        excerpt=excerpt([(text, line) for _, text, line in parts], strings),
        score=round(score, 4),
    )


def _facets(snapshot: Snapshot, found: int) -> Facets:
    def counts(field: str) -> tuple[FacetCount, ...]:
        pairs = snapshot.counts(field, found)
        ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        return tuple(FacetCount(value, count) for value, count in ordered)

    return Facets(
        counties=tuple(FacetCount(f.value, f.count, f.value[:4] + "00") for f in counts("county")),
        cities=counts("city"),
        themes=counts("theme"),
        sources=counts("source"),
        weeks=tuple(FacetCount(*pair) for pair in reversed(snapshot.counts("week", found))),
    )
