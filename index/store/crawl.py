"""What the crawler remembers: addresses that are settled, and list pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from ..story import Story
from .connection import digest_of, dump
from .history import Cause, HistoryTables, StoryEvent
from .queue import QueueTables, Task
from .stories import Change, StoryTables


@dataclass(frozen=True, slots=True)
class ListState:
    """What we know of a list page or feed, so that the next visit can be conditional.

    ``checked`` is the last visit, ``read`` the last one that brought the page itself and not only
    "unchanged" (both ISO 8601).
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    checked: str = ""
    read: str = ""


class CrawlTables(StoryTables, QueueTables, HistoryTables):
    """Addresses and lists. An answer, what it brought and the end of its task go in together."""

    def seen(self, url: str) -> bool:
        """Whether a story address was taken, or refused for good."""
        return (
            self._db.execute("SELECT 1 FROM addresses WHERE url = ?", (url,)).fetchone() is not None
        )

    def known_before(self, url: str, *, source_id: str, visit: int) -> bool:
        """Whether an address was found or settled before a visit began."""
        return (
            self._db.execute(
                "SELECT 1 FROM addresses WHERE url = ? AND visit < ? UNION ALL"
                " SELECT 1 FROM queue WHERE source_id = ? AND kind = 'story' AND url = ? AND visit < ?",
                (url, visit, source_id, url, visit),
            ).fetchone()
            is not None
        )

    def story_at(self, url: str) -> str:
        """The id of the story that was taken from an address, or an empty text."""
        row = self._db.execute("SELECT story_id FROM addresses WHERE url = ?", (url,)).fetchone()
        return (row and row[0]) or ""

    def address_of(self, story_id: str) -> str:
        """The address that a story was first taken from, or an empty text."""
        row = self._db.execute(
            "SELECT url FROM addresses WHERE story_id = ? ORDER BY visit, at, url", (story_id,)
        ).fetchone()
        return row[0] if row else ""

    def take(
        self,
        story: Story,
        *,
        url: str,
        cause: Cause = "source",
        task: Task | None = None,
        following: Iterable[Task] = (),
        event: StoryEvent | None = None,
    ) -> Change:
        """Stores a story, marks its address as seen and settles its task: all of it or nothing.

        ``following`` are tasks that this brings, ``event`` what it says of the story's past. A new
        address that carries the very text of a story that its source published on the same day is
        another address of that story (it moved, or stands in two columns), and brings nothing.
        """
        with self._transaction():
            self._done(task)
            if twin := self._twin(story):
                self._mark(url, story.source_id, twin, "")
                return "same"
            change = self._put(story, cause=cause)
            self._mark(url, story.source_id, story.id, "")
            self._db.execute(
                "INSERT OR REPLACE INTO texts VALUES (?, ?, ?)",
                (story.source_id, _text_digest(story), story.id),
            )
            self._add(story.source_id, following)
            self._event(event)
            return change

    def _twin(self, story: Story) -> str:
        """The story of another address that has this one's text, or an empty text."""
        row = self._db.execute(
            "SELECT story_id FROM texts JOIN stories ON stories.id = story_id"
            " WHERE texts.source_id = ? AND texts.digest = ?"
            " AND NOT EXISTS (SELECT 1 FROM stories WHERE id = ?)",
            (story.source_id, _text_digest(story), story.id),
        ).fetchone()
        return row[0] if row else ""

    def refuse(self, url: str, *, source_id: str, why: str, task: Task | None = None) -> None:
        """Marks an address as seen without a story, with the reason, and settles its task."""
        with self._transaction(lasting=False):
            self._mark(url, source_id, None, why)
            self._done(task)

    def end_check(
        self,
        task: Task,
        *,
        source_id: str,
        following: Iterable[Task] = (),
        event: StoryEvent | None = None,
    ) -> None:
        """Settles a look at a story that left its text as it was."""
        with self._transaction(lasting=False):
            self._done(task)
            self._add(source_id, following)
            self._event(event)

    def refused(self) -> list[tuple[str, str, str]]:
        """Addresses without a story, for good or until they are tried again: source, address, reason."""
        rows = self._db.execute(
            "SELECT source_id, url, why FROM addresses WHERE story_id IS NULL UNION ALL"
            " SELECT source_id, url, why FROM queue WHERE kind = 'story' AND why <> ''"
            " ORDER BY source_id, url"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def list_state(self, url: str) -> ListState | None:
        """What the last visit to a list page left, or ``None``."""
        row = self._db.execute("SELECT record FROM lists WHERE url = ?", (url,)).fetchone()
        return ListState(**json.loads(row[0])) if row else None

    def put_list_state(self, state: ListState) -> None:
        """Remembers a visit to a list page."""
        with self._transaction(lasting=False):
            self._put_state(state)

    def found(
        self,
        source_id: str,
        tasks: Iterable[Task],
        *,
        states: Iterable[ListState] = (),
        task: Task | None = None,
        refused: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Stores what a list page brought: tasks, the states of lists, addresses refused unread
        (address and reason), and the end of its own task; all of it or nothing."""
        with self._transaction(lasting=False):
            self._done(task)
            self._add(source_id, tasks)
            for state in states:
                self._put_state(state)
            for url, why in refused:
                self._mark(url, source_id, None, why)

    def _put_state(self, state: ListState) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO lists VALUES (?, ?)", (state.url, dump(asdict(state)))
        )

    def _mark(self, url: str, source_id: str, story_id: str | None, why: str) -> None:
        # The visit stays that of the first time: it says what was old when a later visit began.
        self._db.execute(
            "INSERT INTO addresses (url, source_id, story_id, why, at, visit) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET source_id = excluded.source_id,"
            " story_id = excluded.story_id, why = excluded.why",
            (url, source_id, story_id, why, self._now(), self._visit()),
        )


def _text_digest(story: Story) -> str:
    day = story.published.isoformat() if story.published else ""
    return digest_of([story.headline, day, *(one.text for one in story.paragraphs)])
