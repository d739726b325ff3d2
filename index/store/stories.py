"""Stories 稿件: the present text of each; what it replaces goes to :mod:`.history`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Literal

from ..story import Story
from .connection import Connection, digest_of, dump
from .history import Cause

Change = Literal["new", "changed", "same"]


class StoryTables(Connection):
    """Stories by id; an earlier text is kept when a story changes."""

    def put_story(self, story: Story, *, cause: Cause = "") -> Change:
        """Stores a story under its id; an earlier text of the same id is kept as a revision."""
        with self._transaction():
            return self._put(story, cause=cause)

    def story(self, story_id: str) -> Story | None:
        """One story, or ``None``."""
        row = self._db.execute("SELECT record FROM stories WHERE id = ?", (story_id,)).fetchone()
        return Story.from_json(json.loads(row[0])) if row else None

    def find(self, prefix: str) -> list[str]:
        """Ids that begin with ``prefix``, in order."""
        rows = self._db.execute(
            "SELECT id FROM stories WHERE substr(id, 1, ?) = ? ORDER BY id", (len(prefix), prefix)
        )
        return [row[0] for row in rows]

    def stories(self) -> Iterator[Story]:
        """Every story, the newest day first, unknown days last, then by id."""
        for row in self._db.execute("SELECT record FROM stories ORDER BY published DESC, id"):
            yield Story.from_json(json.loads(row[0]))

    def days(self, source_id: str) -> list[date]:
        """The days on which a source published the stories that we have, each once, in order."""
        rows = self._db.execute(
            "SELECT DISTINCT published FROM stories WHERE source_id = ? AND published IS NOT NULL"
            " ORDER BY published",
            (source_id,),
        )
        return [date.fromisoformat(row[0]) for row in rows]

    def _put(self, story: Story, *, cause: Cause, import_id: str = "") -> Change:
        """Stores a story inside a transaction of the caller's."""
        record = dump(story.to_json())
        digest = digest_of(story.to_json())
        old = self._db.execute(
            "SELECT digest, record FROM stories WHERE id = ?", (story.id,)
        ).fetchone()
        if old and old[0] == digest:
            return "same"
        day = story.published.isoformat() if story.published else None
        if old:
            self._db.execute(
                "INSERT INTO revisions (story_id, digest, record, replaced, cause) VALUES (?, ?, ?, ?, ?)",
                (story.id, *old, self._now(), cause),
            )
            self._db.execute(
                "UPDATE stories SET published = ?, source_id = ?, import_id = ?, digest = ?, record = ? WHERE id = ?",
                (day, story.source_id, import_id, digest, record, story.id),
            )
            return "changed"
        self._db.execute(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?)",
            (story.id, day, story.source_id, import_id, digest, record, self._now()),
        )
        return "new"
