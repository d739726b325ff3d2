"""The static site: pages, style, and the reader's search, from a shelf to a folder.

The same shelf and the same ``built`` give the same bytes, on any machine and in any order of input.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from ..index.limits import SPAWN_STORIES
from .edition import Shelf
from .output import Folder, put
from .pages import Press
from .printing import Page
from .reader_index import Block, Lists, Part, Texts, plan_index
from .view import make_view

Progress = Callable[[int, int], None]
"""Called with files done and files in all, often enough for a bar."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Files written because their bytes changed, left as they were, and removed as stale."""

    written: int
    unchanged: int
    removed: int


def build_site(
    shelf: Shelf,
    out: Path,
    *,
    built: datetime,
    processes: int = 1,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds the site of a shelf in ``out``.

    ``built`` (with a zone) is the time shown to readers; it stands on three pages only, so that an
    unchanged shelf leaves all other files untouched. With two ``processes`` the search's files of a
    large site are made beside the pages; the bytes are the same. Nothing is written when the shelf
    is refused.

    Raises:
        FolderIsNotOurs: ``out`` holds something that no build of ours put there.
        FolderCannotBeWritten: the disk refuses; what was there before still works.
        IdIsUnsafe, ComesTwice, ItemIsUnknown: the shelf contradicts itself.
    """
    with _no_collection():
        view = make_view(shelf)
        plan = plan_index(view)
        press = Press(view, built=built, search=plan.meta)
        early, late = press.pages()
    with _set_aside():
        assets = [_file(name, content) for name, content in press.assets.items()]
        keys = {page.path: page.key for page in (*assets, *early, *late)}
        search = (*plan.parts, *plan.blocks)
        keys |= {name: part.folder for part in search for name in part.names()}
        folder = Folder.take(out)
        folder.promise(keys)
        tick = partial(_tick, count(1), len(keys), progress)
        missing: list[Part | Block] = []
        for part in search:
            # The files of a part or block are made together or not at all.
            if all(folder.has(name, part.folder) for name in part.names()):
                for name in part.names():
                    folder.keep(name)
                    tick()
            else:
                missing.append(part)
        spawn = processes > 1 and any(len(part.entries) >= SPAWN_STORIES for part in missing)
        with ProcessPoolExecutor(1, get_context("spawn")) if spawn else nullcontext() as pool:
            waiting = [
                pool.submit(_make_part, out, part.stock()) if pool else None for part in missing
            ]
            # Pages come after the files they need; the search's are needed by the late pages only.
            _print(folder, (*assets, *early), tick)
            for part, made in zip(missing, waiting, strict=True):
                for name, size, new in made.result() if made else _make_part(out, part.stock()):
                    folder.note(name, part.folder, size, new=new)
                    tick()
            _print(folder, late, tick)
        folder.finish()
        return BuildReport(folder.written, folder.unchanged, folder.removed)


def _tick(done: Iterator[int], total: int, progress: Progress | None) -> None:
    number = next(done)
    if progress:
        progress(number, total)


def _file(name: str, data: bytes) -> Page:
    return Page(name, hashlib.sha256(data).hexdigest()[:24], partial(bytes, data))


def _print(folder: Folder, pages: Iterable[Page], tick: Callable[[], None]) -> None:
    """Pages are rendered one at a time: ten thousand are never held in memory together."""
    for page in pages:
        if folder.has(page.path, page.key):
            folder.keep(page.path)
        else:
            folder.write(page.path, page.key, page.render())
        tick()


def _make_part(out: Path, part: Lists | Texts) -> list[tuple[str, int, bool]]:
    """Writes the files of a part or block; their names, sizes, and whether they are new."""
    with _no_collection():
        return [(name, len(data), put(out, name, data)) for name, data in part.files()]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the collector of garbage: it would walk half a million objects, none of them garbage,
    over and over."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def _set_aside() -> Iterator[None]:
    """What is there already is none of the collector's business: it would be walked through once for
    every few thousand pages, a third of the time that they take."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
