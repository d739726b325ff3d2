"""Pages of text that an editor brought in, and the stories made from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..story import Rights, Story
from .connection import dump
from .stories import Change, StoryTables


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page of plain text that an editor brought in, with the editor's edits to its split.

    The text is kept whole, so that the split can be made again at any time; ``cleaned`` are the
    repairs of kind "cleaned" that were made when it was read, as plain data.
    """

    id: str
    name: str
    text: str
    source: str = ""
    published: str = ""
    page: str = ""
    rights: Rights = "excerpt"
    edits: tuple[dict[str, Any], ...] = ()
    cleaned: tuple[dict[str, Any], ...] = ()
    imported: str = ""


class ImportTables(StoryTables):
    """Imported pages."""

    def put_page(self, page: ImportedPage, stories: Sequence[Story]) -> dict[Change, int]:
        """Stores a page and the stories made from it, in place of those made from it before.

        Returns how many stories are new, changed and the same.
        """
        counts: dict[Change, int] = {"new": 0, "changed": 0, "same": 0}
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)",
                (page.id, page.imported, dump(asdict(page))),
            )
            keep = {story.id for story in stories}
            for (old,) in self._db.execute(
                "SELECT id FROM stories WHERE import_id = ?", (page.id,)
            ).fetchall():
                if old not in keep:
                    self._db.execute("DELETE FROM stories WHERE id = ?", (old,))
            for story in stories:
                counts[self._put(story, cause="import", import_id=page.id)] += 1
        return counts

    def page(self, page_id: str) -> ImportedPage | None:
        """An imported page, or ``None``."""
        row = self._db.execute("SELECT record FROM pages WHERE id = ?", (page_id,)).fetchone()
        return _read(row[0]) if row else None

    def pages(self) -> list[ImportedPage]:
        """Imported pages, the latest first."""
        rows = self._db.execute("SELECT record FROM pages ORDER BY imported DESC, id")
        return [_read(row[0]) for row in rows]

    def page_of(self, story_id: str) -> str:
        """The id of the imported page that a story was made from, or an empty text."""
        row = self._db.execute("SELECT import_id FROM stories WHERE id = ?", (story_id,)).fetchone()
        return row[0] if row else ""


def _read(record: str) -> ImportedPage:
    data = json.loads(record)
    return ImportedPage(
        **{**data, "edits": tuple(data["edits"]), "cleaned": tuple(data["cleaned"])}
    )
