"""The static site: pages, style, and the reader's search, from a shelf to a folder.

The same shelf and the same ``built`` give the same bytes, on any machine and in any order of input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from .edition import Shelf
from .output import Folder
from .pages import Press
from .reader_index import index_files
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
    shelf: Shelf, out: Path, *, built: datetime, progress: Progress | None = None
) -> BuildReport:
    """Builds the site of a shelf in ``out``.

    ``built`` (with a zone) is the time shown to readers; it stands on three pages only, so that an
    unchanged shelf leaves all other files untouched. Nothing is written when the shelf is refused.

    Raises:
        FolderIsNotOurs: ``out`` holds something that no build of ours put there.
        FolderCannotBeWritten: the disk refuses; what was there before still works.
        IdIsUnsafe, ComesTwice, ItemIsUnknown: the shelf contradicts itself.
    """
    view = make_view(shelf)
    search = index_files(view)
    press = Press(view, built=built, search=search.folder)
    early, late = press.pages()
    pages = [*early, *late]
    folder = Folder.take(out)
    folder.promise([*press.assets, *(name for name, _ in search.files), *(p.path for p in pages)])
    # Pages come after the files they need, and are rendered one at a time: ten thousand of them
    # are never held in memory together.
    files = chain(press.assets.items(), search.files, ((p.path, p.render()) for p in pages))
    total = len(press.assets) + len(search.files) + len(pages)
    for done, (name, data) in enumerate(files, 1):
        folder.write(name, data)
        if progress:
            progress(done, total)
    folder.finish()
    return BuildReport(folder.written, folder.unchanged, folder.removed)
