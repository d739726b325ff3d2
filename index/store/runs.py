"""The ledger of crawls 采集台账: one line a source and visit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from .connection import Connection, dump


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source in one crawl. Times are ISO 8601 in Asia/Shanghai; ``problem`` is empty when all went well.

    ``new`` counts changed stories too, which ``changed`` counts apart. ``statuses`` are the answers by
    status, ``filled`` how many of the stories had each field, ``rules`` which rule found their bodies.
    ``checked`` stories were looked at again, of which ``withdrawn`` are gone; ``doubted`` are those
    whose body a second extractor sees otherwise. ``declines`` says that the site declined, ``waits``
    why the rest waits for a later crawl (both empty when they do not hold).
    """

    source_id: str
    started: str
    finished: str
    requests: int
    new: int
    same: int
    refused: int
    problem: str = ""
    changed: int = 0
    missed: int = 0
    received: int = 0  # bytes of bodies
    checked: int = 0
    withdrawn: int = 0
    doubted: int = 0
    declines: str = ""
    waits: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)


class RunTables(Connection):
    """Visits, in the order in which they ended."""

    def log_run(self, run: SourceRun) -> None:
        """Adds a line to the ledger of crawls."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO runs (source_id, record) VALUES (?, ?)",
                (run.source_id, dump(asdict(run))),
            )

    def runs(self, source_id: str = "") -> list[SourceRun]:
        """The ledger of crawls, of one source or of all, the oldest first."""
        rows = self._db.execute(
            "SELECT record FROM runs WHERE ? IN ('', source_id) ORDER BY number", (source_id,)
        )
        return [SourceRun(**json.loads(row[0])) for row in rows]
