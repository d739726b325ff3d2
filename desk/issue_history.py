"""Every earlier text of an issue file, so that the desk can undo and the trail can be told."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..index.limits import EDIT_SECONDS
from .book import Book

BY_HAND = "by-hand"
"""The act of a version that no command made: somebody changed the file in an editor."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text that an issue file had. ``number`` counts from 1; ``parent`` is what it was made from,
    0 for the first. An ``undo`` and a ``redo`` stand at the version whose text they put back."""

    number: int
    at: datetime
    by: str
    act: str
    parent: int
    digest: str
    text: str


class History:
    """The versions of the issues of one workspace."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def versions(self, key: str) -> list[Version]:
        """Every version of an issue, the oldest first."""
        rows = self._book.rows(
            "SELECT number, at, by, act, parent, digest, text FROM versions WHERE issue = ?"
            " ORDER BY number",
            (key,),
        )
        return [Version(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    def keep(
        self,
        key: str,
        before: str,
        after: str,
        *,
        act: str,
        by: str,
        at: datetime,
        write: Callable[[], None],
        to: int = 0,
    ) -> None:
        """Adds the text of a file after a change; the text before it too, when it is not known. The file
        itself is written by ``write`` within the same transaction: both, or neither.

        ``to`` is the version whose text an undo or redo put back. Edits of one story by one person
        within :data:`~.limits.EDIT_SECONDS` are one version: undo goes back over a thought, not over
        a pause in typing.
        """
        with self._book.writing() as db:
            last = db.execute(
                "SELECT number, digest, act, by, at FROM versions WHERE issue = ?"
                " ORDER BY number DESC LIMIT 1",
                (key,),
            ).fetchone()
            goes_on = last and act.startswith("edit ") and last[2:4] == (act, by)
            known = bool(last) and last[1] == digest_of_text(before)
            if goes_on and known and _seconds(last[4], at) < EDIT_SECONDS:
                db.execute(
                    "UPDATE versions SET digest = ?, text = ? WHERE issue = ? AND number = ?",
                    (digest_of_text(after), after, key, last[0]),
                )
            else:
                number = last[0] if last else 0
                if before and not known:
                    number += 1
                    # Not the first: then somebody has changed the file by hand since.
                    parent = _position(db, key)
                    _add(db, key, number, at, "" if last else by, BY_HAND, parent, before)
                parent = to or _position(db, key)
                _add(db, key, number + 1, at, by, act, parent, after)
            write()


def digest_of_text(text: str) -> str:
    """The digest that a version carries."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _seconds(since: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(since)).total_seconds()


def _add(
    db: sqlite3.Connection,
    key: str,
    number: int,
    at: datetime,
    by: str,
    act: str,
    parent: int,
    text: str,
) -> None:
    db.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, number, at.isoformat(), by, act, parent, digest_of_text(text), text),
    )


def _position(db: sqlite3.Connection, key: str) -> int:
    """The version that the file stands at: the last one, or the one that it put back."""
    row = db.execute(
        "SELECT number, act, parent FROM versions WHERE issue = ? ORDER BY number DESC LIMIT 1",
        (key,),
    ).fetchone()
    if row is None:
        return 0
    return row[2] if row[1] in ("undo", "redo") else row[0]


def before_last(versions: Sequence[Version]) -> Version | None:
    """The version that an undo puts back, or ``None``."""
    at = _standing(versions)
    by_number = {one.number: one for one in versions}
    here = by_number.get(at)
    return by_number.get(here.parent) if here else None


def after_undo(versions: Sequence[Version]) -> Version | None:
    """The version that a redo puts back: the one that the last undo left, or ``None``."""
    undone: list[int] = []
    position = 0
    for one in versions:
        if one.act == "undo":
            undone.append(position)
            position = one.parent
        elif one.act == "redo":
            undone.pop()
            position = one.parent
        else:
            undone.clear()
            position = one.number
    return next((one for one in versions if undone and one.number == undone[-1]), None)


def _standing(versions: Sequence[Version]) -> int:
    if not versions:
        return 0
    last = versions[-1]
    return last.parent if last.act in ("undo", "redo") else last.number
