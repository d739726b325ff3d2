"""Effort 用时: the editor's actions and minutes, counted per issue, so that savings are measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ..index.limits import EFFORT_IDLE_SECONDS
from .book import Book


@dataclass(frozen=True, slots=True)
class Effort:
    """``actions`` by name, most first; ``minutes`` of work without pauses longer than
    :data:`~.limits.EFFORT_IDLE_SECONDS`; ``first`` and ``last`` action."""

    actions: tuple[tuple[str, int], ...]
    minutes: float
    first: datetime | None
    last: datetime | None

    @property
    def total(self) -> int:
        """All actions."""
        return sum(count for _, count in self.actions)


def note_action(book: Book, issue: str, name: str, at: datetime, *, by: str = "") -> None:
    """Counts one action for an issue (its key; empty before there is one)."""
    with book.writing() as db:
        db.execute(
            "INSERT INTO actions (issue, at, name, by) VALUES (?, ?, ?, ?)",
            (issue, at.isoformat(), name, by),
        )


def effort(book: Book, issue: str) -> Effort:
    """What an issue has taken so far. Every person's time counts for itself."""
    rows = book.rows(
        "SELECT at, name, by FROM actions WHERE issue = ? ORDER BY at, number", (issue,)
    )
    times = [datetime.fromisoformat(row[0]) for row in rows]
    seconds = 0.0
    last_of: dict[str, datetime] = {}
    for at, row in zip(times, rows, strict=True):
        pause = (at - last_of[row[2]]).total_seconds() if row[2] in last_of else 0.0
        seconds += pause if 0 <= pause <= EFFORT_IDLE_SECONDS else 0.0
        last_of[row[2]] = at
    counts = Counter(row[1] for row in rows)
    return Effort(
        actions=tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
        minutes=round(seconds / 60, 1),
        first=min(times, default=None),
        last=max(times, default=None),
    )
