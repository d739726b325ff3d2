"""The crawl's queue 待取队列: everything that was found and not yet settled, kept over kills and days.

An answered page and what it brought go in together, so that a crawl that is killed goes on exactly
where it stood.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from .connection import Connection, dump

TaskKind = Literal["story", "list", "check"]
"""A story page never settled, a further list page or issue, and a story looked at again."""

_ORDER: Final[tuple[TaskKind, ...]] = ("story", "list", "check")


@dataclass(frozen=True, slots=True)
class Task:
    """One address that a source's visit has to ask for.

    ``day`` is the day of publication as far as it is known (ISO 8601 or empty), ``due`` the day or
    moment before which it is not asked, ``deep`` whether only a crawl with a first day goes there.
    ``why`` is the reason of the last try that brought nothing. ``facts`` are the kind's own.
    ``number`` and ``visit`` (the visit that found it) are given by the store.
    """

    url: str
    kind: TaskKind
    day: str = ""
    due: str = ""
    deep: bool = False
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    visit: int = 0


class QueueTables(Connection):
    """The queue, by source: stories first, the newest first."""

    def begin_visit(self) -> int:
        """The number of a new visit; what is found from here on carries it."""
        with self._transaction(lasting=False):
            self._db.execute(
                "INSERT INTO meta VALUES ('visit', '1')"
                " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
            )
        return self._visit()

    def next_task(
        self,
        source_id: str,
        now: str,
        *,
        first: date | None = None,
        deep: bool = False,
        skip: Collection[int] = (),
    ) -> Task | None:
        """The next task of a source that is due at ``now`` (ISO 8601), or ``None``.

        Args:
            source_id: whose task.
            now: the moment; a task that is due later waits.
            first: the first day wanted; stories and lists of earlier days wait.
            deep: whether deep tasks are wanted too.
            skip: numbers of tasks that are in hand, or failed in this visit.
        """
        oldest = first.isoformat() if first else ""
        for kind in _ORDER:
            rows = self._db.execute(
                _SELECT + " WHERE source_id = ? AND kind = ? AND due <= ? AND deep <= ?"
                " AND (day = '' OR day >= ?) ORDER BY rank DESC, number",
                (source_id, kind, now, int(deep), "" if kind == "check" else oldest),
            )
            for row in rows:
                if row[0] not in skip:
                    return _task(row)
        return None

    def tasks(self, source_id: str = "") -> list[Task]:
        """What waits, of one source or of all, in the order in which it was found."""
        rows = self._db.execute(
            _SELECT + " WHERE ? IN ('', source_id) ORDER BY number", (source_id,)
        )
        return [_task(row) for row in rows]

    def task(self, source_id: str, kind: TaskKind, url: str) -> Task | None:
        """The waiting task for an address, or ``None``."""
        row = self._db.execute(
            _SELECT + " WHERE source_id = ? AND kind = ? AND url = ?",
            (source_id, kind, url),
        ).fetchone()
        return _task(row) if row else None

    def put_off(
        self, task: Task, *, due: str, why: str, facts: Mapping[str, Any] | None = None
    ) -> None:
        """Lets a task wait until ``due``, with the reason."""
        kept = dump(dict(task.facts if facts is None else facts))
        with self._transaction(lasting=False):
            self._db.execute(
                "UPDATE queue SET due = ?, why = ?, facts = ? WHERE number = ?",
                (due, why, kept, task.number),
            )

    def add_tasks(self, source_id: str, tasks: Iterable[Task]) -> None:
        """Adds tasks; one that waits already stays as it is."""
        with self._transaction(lasting=False):
            self._add(source_id, tasks)

    def finish(self, task: Task, source_id: str, following: Iterable[Task] = ()) -> None:
        """Takes a task from the queue and adds what follows from it, both or neither."""
        with self._transaction(lasting=False):
            self._done(task)
            self._add(source_id, following)

    def _add(self, source_id: str, tasks: Iterable[Task]) -> None:
        now, visit = self._now(), self._visit()
        self._db.executemany(
            "INSERT OR IGNORE INTO queue (source_id, kind, url, day, rank, due, deep, why, facts, visit, found)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(source_id, one.kind, one.url, one.day, one.day or now[:10], one.due),
                    *(int(one.deep), one.why, dump(dict(one.facts)), visit, now),
                )
                for one in tasks
            ],
        )

    def _done(self, task: Task | None) -> None:
        if task:
            self._db.execute("DELETE FROM queue WHERE number = ?", (task.number,))

    def _visit(self) -> int:
        row = self._db.execute("SELECT value FROM meta WHERE key = 'visit'").fetchone()
        return int(row[0]) if row else 0


_SELECT: Final = "SELECT number, url, kind, day, due, deep, why, facts, visit FROM queue"


def _task(row: tuple[Any, ...]) -> Task:
    number, url, kind, day, due, deep, why, facts, visit = row
    return Task(url, kind, day, due, bool(deep), why, json.loads(facts), number, visit)
