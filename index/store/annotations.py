"""Annotations 标引 and folds of reprints: what the index makes of the stories."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from ..annotation import Annotation
from ..story import Story
from .connection import Connection, dump


class AnnotationTables(Connection):
    """What each story is about, by which rules, and who had it first."""

    def put_annotation(self, story_id: str, annotation: Annotation, rules: str) -> None:
        """Stores what a story is about, as the rules of version ``rules`` see its present text."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO annotations SELECT id, digest, ?, ? FROM stories WHERE id = ?",
                (rules, dump(annotation.to_json()), story_id),
            )

    def annotation(self, story_id: str) -> Annotation | None:
        """The annotation of a story, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM annotations WHERE story_id = ?", (story_id,)
        ).fetchone()
        return Annotation.from_json(json.loads(row[0])) if row else None

    def annotated(self) -> Iterator[tuple[Story, Annotation | None]]:
        """Every story with its annotation, in the order of :meth:`stories`."""
        rows = self._db.execute(
            "SELECT stories.record, annotations.record FROM stories"
            " LEFT JOIN annotations ON story_id = id ORDER BY published DESC, id"
        )
        for story, annotation in rows:
            known = Annotation.from_json(json.loads(annotation)) if annotation else None
            yield Story.from_json(json.loads(story)), known

    def stamps(self) -> dict[str, str]:
        """Story id → a mark that changes with the story's record or its annotation."""
        rows = self._db.execute(
            "SELECT id, digest, annotations.record FROM stories"
            " LEFT JOIN annotations ON story_id = id ORDER BY id"
        )
        return {
            story: hashlib.sha256(
                f"{digest}{annotation}".encode("utf-8", "surrogatepass")
            ).hexdigest()[:16]
            for story, digest, annotation in rows
        }

    def unannotated(self, rules: str) -> list[Story]:
        """Stories that have no annotation by these rules, or whose text changed since, by id."""
        rows = self._db.execute(
            "SELECT stories.record FROM stories LEFT JOIN annotations ON story_id = id"
            " WHERE rules IS NOT ? OR story_digest <> digest ORDER BY id",
            (rules,),
        )
        return [Story.from_json(json.loads(row[0])) for row in rows]

    def put_folds(self, firsts: Mapping[str, str]) -> None:
        """Stores the folds of reprints anew: story id → id of the first story of its fold."""
        with self._transaction():
            self._db.execute("DELETE FROM folds")
            self._db.executemany("INSERT INTO folds VALUES (?, ?)", sorted(firsts.items()))

    def folds(self) -> dict[str, str]:
        """Story id → id of the first story of its fold, as last stored."""
        return dict(
            self._db.execute("SELECT story_id, first FROM folds ORDER BY story_id").fetchall()
        )
