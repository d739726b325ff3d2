"""Reads the snapshots again through today's rules: stories are made anew without asking anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..index.errors import JianbaoError
from ..index.store import Change, Snapshot
from .article import StoryIsRefused, extract
from .charset import BytesAreNotText
from .snapshots import Snapshots
from .sources import Source
from .story_pages import joined, missing_page, reason_of
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
            except (StoryIsRefused, PageHasNoText, BytesAreNotText) as refusal:
                report.refused.append((snapshot.url, reason_of(refusal)))
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
    listed = date.fromisoformat(snapshot.listed) if snapshot.listed else None

    def page_of(one: Snapshot) -> Page:
        return Page.from_bytes(snapshots.body(one), one.landed or one.url)

    # A page is read as on the day it came: a date without a year means another day a year later.
    day = date.fromisoformat(snapshot.fetched[:10])
    found = extract(page_of(snapshot), today=day, source=source, listed=listed)
    waiting = list(found.further)
    while waiting:
        url = waiting.pop(0)
        if one := pages.get(url):
            found, waiting = joined(
                found, waiting, url, lambda one=one: page_of(one), first=snapshot.url, today=day, source=source
            )  # fmt: skip
        else:
            found = replace(found, repairs=(*found.repairs, missing_page(url)))
    story = found.to_story(source)
    store = snapshots.store
    if (known := store.story_at(snapshot.url)) and known != story.id:
        # Another address of a story, or one that a redirect led away from since.
        present = store.story(known)
        story = replace(story, id=known, url=present.url if present else story.url)
    change: Change = store.take(story, url=snapshot.url, cause="rules")
    setattr(report, change, getattr(report, change) + 1)
