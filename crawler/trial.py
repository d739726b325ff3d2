"""A dry run: the newest stories of one source as a crawl would take them, into a store that is thrown away."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..index.clock import Clock
from ..index.limits import TRIAL_PAGES, TRIAL_STORIES
from ..index.store import Store
from ..index.story import Story
from .crawl import CrawlSettings, SourceReport, crawl
from .snapshots import Snapshots
from .sources import Source


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A story page as it was sent. ``listed`` is the day that the list printed beside its link."""

    url: str
    body: bytes
    listed: date | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a dry run of one source brought: its report, the stories, and their pages."""

    report: SourceReport
    stories: tuple[Story, ...]
    pages: tuple[TrialPage, ...]

    @property
    def passed(self) -> bool:
        """Whether every story that was read has a headline, a body and a day, and nothing went wrong."""
        whole = all(
            story.headline and story.paragraphs and story.published for story in self.stories
        )
        return bool(self.stories) and whole and self.report.problem is None


def try_source(source: Source, *, clock: Clock, settings: CrawlSettings) -> Trial:
    """Reads at most :data:`~jianbao.index.limits.TRIAL_STORIES` stories of one source, politely.

    The rules of a crawl hold: robots.txt, delay, windows, the address guard. Nothing is kept.

    Raises:
        WriterIsBusy, StoreCannotWrite: the temporary folder cannot be used.
    """
    # Windows holds files open a moment longer than their process.
    with tempfile.TemporaryDirectory(prefix="jianbao-trial-", ignore_cleanup_errors=True) as name:
        path = Path(name) / "trial.db"
        report = crawl([source], path, clock=clock, settings=settings, most=TRIAL_PAGES)
        if not path.is_file():
            return Trial(report.sources[0], (), ())
        with Store.open(path, clock=clock) as store:
            stories = tuple(store.stories())[:TRIAL_STORIES]
            shown = {story.url for story in stories}
            snapshots = Snapshots(path.parent / "snapshots", store, clock)
            pages = tuple(
                TrialPage(
                    one.url,
                    snapshots.body(one),
                    date.fromisoformat(one.listed) if one.listed else None,
                )
                for one in store.snapshots(source.id)
                if one.url in shown
            )
    return Trial(report.sources[0], stories, pages)
