"""Snapshots 快照: every page that became or should have become a story, as it came, in WARC files.

One file a source and month (``qinyuan/202611.warc.gz``), each record a gzip member of its own, found by
its place, which the store keeps. A record that a kill cut off is cut away before the next is written.
What is kept is bounded: beyond ``SNAPSHOT_BYTES`` the oldest months go, never the present one.
Format: WARC 1.1 (ISO 28500:2017), written and read with warcio.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ..index.clock import Clock
from ..index.errors import JianbaoError
from ..index.limits import RESPONSE_BYTES, SNAPSHOT_BYTES
from ..index.store import Snapshot, Store, StoreCannotWrite

# Headers of the transfer, which the stored body no longer has.
_OF_TRANSFER: Final = frozenset(
    ("content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection")
)


class SnapshotIsDamaged(JianbaoError):
    """A stored page cannot be read back, or is not what was stored."""

    code = "JB-260"
    what = "the snapshot of {url} cannot be read ({detail})"
    remedy = "restore data/snapshots from a copy; the story itself is unharmed"
    what_zh = "{url} 的快照无法读取（{detail}）"
    remedy_zh = "请用备份恢复 data/snapshots；稿件本身没有受损"


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots beside a store, in ``folder``."""

    folder: Path
    store: Store
    clock: Clock

    def keep(
        self,
        url: str,
        body: bytes,
        *,
        source_id: str,
        headers: Iterable[tuple[str, str]] = (),
        page_of: str = "",
        listed: date | None = None,
        landed: str = "",
    ) -> Snapshot:
        """Stores a page; where the same bytes were stored for its address before, they count as found again.

        Args:
            url: the story's address, or that of one of its further pages.
            body: the page, decompressed.
            source_id: whose page it is.
            headers: of the answer.
            page_of: the story's address when this is a further page of it.
            listed: the day that the list printed beside the link.
            landed: the address that a redirect led to.
        """
        digest = hashlib.sha256(body).hexdigest()
        now = self.clock()
        if known := self.store.snapshot(url, digest):
            again = replace(known, fetched=now.isoformat(), landed=landed if landed != url else "")
            self.store.put_snapshot(again)
            return again
        name = f"{source_id}/{now:%Y%m}.warc.gz"
        record = _record(url, body, headers, now)
        start = self._append(name, record)
        snapshot = Snapshot(
            url=url,
            source_id=source_id,
            digest=digest,
            file=name,
            start=start,
            size=len(record),
            fetched=now.isoformat(),
            page_of=page_of,
            listed=listed.isoformat() if listed else "",
            landed=landed if landed != url else "",
        )
        self.store.put_snapshot(snapshot)
        return snapshot

    def _append(self, name: str, record: bytes) -> int:
        path = self.folder / name
        # What stands behind the last known record was cut off by a kill before it was known.
        start = self.store.snapshots_end(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("r+b" if path.exists() else "x+b") as file:
                file.truncate(start)
                file.seek(start)
                file.write(record)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreCannotWrite(path, detail=error.strerror or error) from error
        return start

    def body(self, snapshot: Snapshot) -> bytes:
        """The page as it came.

        Raises:
            SnapshotIsDamaged: it is missing, cut off, or other bytes than were stored.
        """
        try:
            with (self.folder / snapshot.file).open("rb") as file:
                file.seek(snapshot.start)
                record = next(iter(ArchiveIterator(io.BytesIO(file.read(snapshot.size)))))
                body = record.content_stream().read(RESPONSE_BYTES + 1)
        except (OSError, ArchiveLoadFailed, StopIteration, EOFError, ValueError) as error:
            detail = str(error) or type(error).__name__
            raise SnapshotIsDamaged(url=snapshot.url, detail=detail) from None
        if hashlib.sha256(body).hexdigest() != snapshot.digest:
            raise SnapshotIsDamaged(url=snapshot.url, detail="its digest is another")
        return body

    def prune(self, most: int = SNAPSHOT_BYTES) -> list[str]:
        """Drops the oldest months until no more than ``most`` bytes are kept; returns their files.

        The present month always stays. The stories of what goes stay too, they only cannot be made
        again by later rules. A file that no snapshot is known of was left by a kill, and goes first.
        """
        sizes = {
            f"{path.parent.name}/{path.name}": path.stat().st_size
            for path in self.folder.glob("*/*.warc.gz")
        }
        present = f"{self.clock():%Y%m}.warc.gz"
        known = set(self.store.snapshot_files())
        # By month, then by source: the oldest first.
        old = sorted((name for name in sizes if not name.endswith(f"/{present}")), key=_by_month)
        gone: list[str] = []
        for name in sorted(old, key=lambda name: name in known):
            if name in known and sum(sizes.values()) <= most:
                break
            self.store.forget_snapshots(name)
            (self.folder / name).unlink(missing_ok=True)
            del sizes[name]
            gone.append(name)
        return gone


def _by_month(name: str) -> tuple[str, str]:
    source, _, file = name.partition("/")
    return file, source


def _record(url: str, body: bytes, headers: Iterable[tuple[str, str]], now: datetime) -> bytes:
    """One WARC response record, compressed."""
    kept = [(name, value) for name, value in headers if name.lower() not in _OF_TRANSFER]
    kept.append(("Content-Length", str(len(body))))
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(body),
        length=len(body),  # unknown, it would be copied through a temporary file
        http_headers=StatusAndHeaders("200 OK", kept, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
    )
    writer.write_record(record)
    return target.getvalue()
