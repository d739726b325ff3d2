"""What happened to a story at its source after we had it: revised, gone, back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from ..story import Story
from .connection import Connection

What = Literal["missing", "withdrawn", "returned"]
Cause = Literal["source", "rules", "import", ""]
"""Who changed a text: the source, newer rules read from the kept page, or an editor's import."""


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """The source no longer had a story (``missing`` on one day, ``withdrawn`` on two), or had it again."""

    story_id: str
    at: str
    what: What
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of a story, when it was replaced and by whom."""

    story: Story
    replaced: str
    cause: Cause


class HistoryTables(Connection):
    """Revisions and events of stories, in the order in which they happened."""

    def revisions(self, story_id: str) -> list[Story]:
        """Earlier texts of a story, the oldest first."""
        return [revision.story for revision in self.revision_log(story_id)]

    def revision_log(self, story_id: str) -> list[Revision]:
        """Earlier texts of a story with the moment and the cause of their end, the oldest first."""
        rows = self._db.execute(
            "SELECT record, replaced, cause FROM revisions WHERE story_id = ? ORDER BY number",
            (story_id,),
        )
        return [
            Revision(Story.from_json(json.loads(record)), replaced, cause)
            for record, replaced, cause in rows
        ]

    def revised(self, since: str) -> list[str]:
        """Ids of the stories whose source changed their text at or after ``since`` (ISO 8601), in order."""
        rows = self._db.execute(
            "SELECT DISTINCT story_id FROM revisions WHERE cause = 'source' AND replaced >= ?"
            " ORDER BY story_id",
            (since,),
        )
        return [row[0] for row in rows]

    def events(self, story_id: str) -> list[StoryEvent]:
        """What happened to a story at its source, the oldest first."""
        rows = self._db.execute(
            "SELECT story_id, at, what, detail FROM events WHERE story_id = ? ORDER BY number",
            (story_id,),
        )
        return [StoryEvent(*row) for row in rows]

    def withdrawals(self) -> dict[str, str]:
        """Story id → when it was found withdrawn at its source, for those that did not return."""
        rows = self._db.execute(
            "SELECT story_id, at FROM events WHERE what = 'withdrawn' AND number ="
            " (SELECT max(number) FROM events AS later WHERE later.story_id = events.story_id)"
            " ORDER BY story_id"
        )
        return dict(rows.fetchall())

    def _event(self, event: StoryEvent | None) -> None:
        if event:
            self._db.execute(
                "INSERT INTO events (story_id, at, what, detail) VALUES (?, ?, ?, ?)",
                (event.story_id, event.at, event.what, event.detail),
            )
