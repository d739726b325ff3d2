"""What the crawler knows of each host: what was asked of it today, and until when it is left alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .connection import Connection, dump


@dataclass(frozen=True, slots=True)
class HostState:
    """One host. ``asked`` requests went out on ``day``.

    Until ``not_before`` (ISO 8601 or empty) nothing is asked of it: it declined ``declined`` times in
    a row since ``since``, or it named the time itself. ``answer`` is what it said.
    """

    host: str
    day: str = ""
    asked: int = 0
    declined: int = 0
    since: str = ""
    not_before: str = ""
    answer: str = ""


class HostTables(Connection):
    """Hosts by name and port, as they stand in addresses."""

    def host(self, name: str) -> HostState:
        """What is known of a host; nothing yet is an empty state."""
        row = self._db.execute("SELECT record FROM hosts WHERE host = ?", (name,)).fetchone()
        return HostState(**json.loads(row[0])) if row else HostState(name)

    def put_host(self, state: HostState) -> None:
        """Remembers a host's state."""
        with self._transaction(lasting=False):
            self._db.execute(
                "INSERT OR REPLACE INTO hosts VALUES (?, ?)", (state.host, dump(asdict(state)))
            )
