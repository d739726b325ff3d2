"""What the editor's desk asks of the store: a week's stories, and one text of a story."""

from __future__ import annotations

import json
from datetime import date

from ..annotation import Annotation
from ..story import Story
from .connection import Connection


class DeskTables(Connection):
    """Questions over the tables of the other modules; no table of its own."""

    def annotated_between(
        self, first: date | None, last: date | None
    ) -> list[tuple[Story, Annotation | None]]:
        """The stories published from one day to another with their annotations, the newest first.

        Without days: the stories whose day of publication is unknown.
        """
        when = "published BETWEEN ? AND ?" if first and last else "published IS NULL"
        days = (first.isoformat(), last.isoformat()) if first and last else ()
        rows = self._db.execute(
            "SELECT stories.record, annotations.record FROM stories"  # noqa: S608 - two fixed texts
            f" LEFT JOIN annotations ON story_id = id WHERE {when} ORDER BY published DESC, id",
            days,
        )
        return [
            (
                Story.from_json(json.loads(story)),
                Annotation.from_json(json.loads(about)) if about else None,
            )
            for story, about in rows
        ]

    def text_digest(self, story_id: str) -> str:
        """The digest of the present text of a story; empty when there is no such story."""
        row = self._db.execute("SELECT digest FROM stories WHERE id = ?", (story_id,)).fetchone()
        return row[0] if row else ""

    def story_as(self, story_id: str, digest: str) -> Story | None:
        """The text of a story that has this digest, the present one or an earlier one, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM stories WHERE id = ? AND digest = ?"
            " UNION ALL SELECT record FROM revisions WHERE story_id = ? AND digest = ?",
            (story_id, digest, story_id, digest),
        ).fetchone()
        return Story.from_json(json.loads(row[0])) if row else None
