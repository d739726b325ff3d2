"""Where each kept page 快照 lies in the WARC files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .connection import Connection, dump


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a page is kept as it came: ``size`` bytes from ``start`` of a WARC file.

    ``digest`` is the SHA-256 of the page, ``page_of`` the story's address when this is one of its
    further pages, ``listed`` the day that the list printed beside the link (ISO 8601 or empty),
    ``landed`` the address that a redirect led to (empty without one). ``fetched`` is the last time
    that the page was found like this.
    """

    url: str
    source_id: str
    digest: str
    file: str
    start: int
    size: int
    fetched: str
    page_of: str = ""
    listed: str = ""
    landed: str = ""


class SnapshotTables(Connection):
    """Kept pages by address and digest."""

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Remembers where a page is kept, or that it was found like this again."""
        end = snapshot.start + snapshot.size
        row = (snapshot.url, snapshot.digest, snapshot.source_id, snapshot.file, end)
        with self._transaction(lasting=False):
            self._db.execute(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, snapshot.fetched, dump(asdict(snapshot))),
            )

    def snapshot(self, url: str, digest: str) -> Snapshot | None:
        """The snapshot of a page with these bytes, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM snapshots WHERE url = ? AND digest = ?", (url, digest)
        ).fetchone()
        return Snapshot(**json.loads(row[0])) if row else None

    def snapshots(self, source_id: str) -> list[Snapshot]:
        """The latest snapshot of every page of a source, by address."""
        rows = self._db.execute(
            "SELECT record FROM snapshots WHERE source_id = ? ORDER BY url, fetched, last",
            (source_id,),
        )
        latest = {one.url: one for one in (Snapshot(**json.loads(row[0])) for row in rows)}
        return list(latest.values())

    def latest_snapshot(self, url: str) -> Snapshot | None:
        """What was last kept of an address, or ``None``."""
        row = self._db.execute(
            "SELECT record FROM snapshots WHERE url = ? ORDER BY fetched DESC, last DESC LIMIT 1",
            (url,),
        ).fetchone()
        return Snapshot(**json.loads(row[0])) if row else None

    def snapshot_files(self) -> list[str]:
        """The files that hold a known snapshot, in order."""
        rows = self._db.execute("SELECT DISTINCT file FROM snapshots ORDER BY file")
        return [row[0] for row in rows]

    def forget_snapshots(self, file: str) -> int:
        """Forgets what lies in a file, which may then go; returns how many pages that were."""
        with self._transaction():
            return self._db.execute("DELETE FROM snapshots WHERE file = ?", (file,)).rowcount

    def snapshots_end(self, file: str) -> int:
        """Where the last known snapshot of a file ends."""
        row = self._db.execute("SELECT max(last) FROM snapshots WHERE file = ?", (file,)).fetchone()
        return row[0] or 0
