"""Kills a writer at every file operation, one child process a point, and looks at what is left.

    python -m tests.search.killing rebuild|update|merge FOLDER [EVERY]

With EVERY, only each EVERY-th operation is tried.

Prints the number of points, what a reader saw after each, and after which the next write failed.
A killed child runs no handler and flushes no buffer, as with ``kill -9``.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import jianbao.index.search.engine
import jianbao.index.search.postings
from jianbao.index.search import SearchIndex
from jianbao.index.search.query import Query
from jianbao.index.segment import default_segmenter

from .samples import recombined, sample_stories

OLD, NEW = sample_stories()[:4], tuple(recombined(5))
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}


def main(action: str, scratch: Path, every: int) -> None:
    segmenter = default_segmenter()
    jianbao.index.search.engine.SEARCH_SEGMENT_STORIES = 2  # several commits in one rebuild
    original, folder = scratch / "original", scratch / "search"
    SearchIndex.rebuild(original, OLD, segmenter).close()
    if action == "merge":
        jianbao.index.search.postings.SEARCH_SEGMENTS = 2

    # What is left of an old segment is merged; a segment that is all gone is only dropped.
    gone = OLD[:1] if action == "merge" else OLD
    new = tuple(pair for pair in (*OLD, *NEW) if pair not in gone)

    def write() -> None:
        if action == "rebuild":
            SearchIndex.rebuild(folder, NEW, segmenter)
        else:
            SearchIndex.open(folder, segmenter).update(NEW, [story.id for story, _ in gone])

    def state() -> str:
        with SearchIndex.open(folder, segmenter) as index:
            ids = {hit.story_id for hit in index.search(Query(limit=99)).hits}
            found = index.search(Query("党员", limit=99)).total
        for name, stories in (("old", OLD), ("new", new)):
            if ids == {story.id for story, _ in stories} and found:
                return name
        return f"mixed: {sorted(ids)}"

    seen: list[str] = []
    failed: list[str] = []
    point = 1 - every
    while True:
        point += every
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(original, folder)
        if not _killed_at(point, folder, write):
            break
        seen.append(state())
        try:
            write()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            failed.append(f"{point}: {error!r}")
        else:
            if state() != "new":
                failed.append(f"{point}: {state()}")
    print(json.dumps({"points": len(seen), "seen": seen, "next write failed": failed}))


def _killed_at(point: int, folder: Path, write: Callable[[], None]) -> bool:
    """Runs ``write`` in a child that dies at its ``point``-th file operation inside the folder."""
    child = os.fork()
    if child == 0:
        count = 0

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event in EVENTS and str(arguments[0]).startswith(str(folder)):
                count += 1
                if count == point:
                    os._exit(9)

        sys.addaudithook(watch)
        write()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 9


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int((*sys.argv, 1)[3]))
