"""Reads the snapshots again through today's rules: stories are made anew without asking anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..index.errors import JianbaoError
from ..index.store import Change, Snapshot
from .article import Extraction, StoryIsRefused, extract
from .snapshots import Snapshots
from .sources import Source
from .webpage import Page, PageHasNoText


@dataclass
class ReparseReport:
    """What a reparse did. ``refused`` are pages that give no story by today's rules, ``problems``
    snapshots that cannot be read; the stories of both stay as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    problems: list[JianbaoError] = field(default_factory=list)


def reparse(
    snapshots: Snapshots,
    sources: Sequence[Source],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> ReparseReport:
    """Makes the stories of these sources again from their latest snapshots.

    A changed story keeps its earlier text as a revision. ``progress`` is called with each address.
    """
    report = ReparseReport()
    for source in sources:
        latest = snapshots.store.snapshots(source.id)
        pages = {one.url: one for one in latest}
        for snapshot in latest:
            if snapshot.page_of:
                continue
            try:
                _again(snapshots, snapshot, pages, source, report)
            except (StoryIsRefused, PageHasNoText) as refusal:
                reason = refusal.reason if isinstance(refusal, StoryIsRefused) else "no-body"
                report.refused.append((snapshot.url, reason))
            except JianbaoError as problem:
                report.problems.append(problem)
            progress(snapshot.url)
    return report


def _again(
    snapshots: Snapshots,
    snapshot: Snapshot,
    pages: Mapping[str, Snapshot],
    source: Source,
    report: ReparseReport,
) -> None:
    today = snapshots.clock().date()
    listed = date.fromisoformat(snapshot.listed) if snapshot.listed else None

    def read(one: Snapshot, *, whole: bool) -> Extraction:
        page = Page.from_bytes(snapshots.body(one), one.url)
        return extract(page, today=today, source=source, listed=listed, whole=whole)

    found = read(snapshot, whole=True)
    for url in found.further:
        if url in pages:
            found = found.joined(read(pages[url], whole=False))
    change: Change = snapshots.store.take(found.to_story(source), url=snapshot.url)
    setattr(report, change, getattr(report, change) + 1)
