"""How each source is doing: whether silence means that nothing was published, that something broke, or
that the site declines programs. Judged from the ledger of visits and from the source's own rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from ..index.store import SourceRun
from .problems import SiteDeclines

State = Literal["fine", "quiet", "dark", "layout", "broken", "declines", "never"]

WORDS: Final[dict[State, str]] = {
    "fine": "it publishes and is read",
    "quiet": "nothing new was published, which is usual for it",
    "dark": "it has been silent for longer than it ever is; look at it in a browser",
    "layout": "its pages have changed: fields that were always filled are empty now",
    "broken": "it could not be read",
    "declines": "the site declines programs; bring its page text in by hand",
    "never": "it was never crawled",
}

_RECENT: Final = 20  # gaps between days with stories that make a source's rhythm
_GAPS_LEAST: Final = 4  # fewer gaps are no rhythm yet
_DARK_LEAST: Final = 7  # days; holidays and weekends silence every office
_DARK_FACTOR: Final = 2  # times the longest gap of its rhythm
_NEW_LEAST: Final = 3  # stories of one visit that can show a change of layout
_RUNS: Final = 8  # earlier visits that a field's usual share is taken from
_DROP: Final = 0.5  # a field filled half as often as usual is lost, not rare
_USUAL_LEAST: Final = 0.5  # a field that was filled less often than this says nothing


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one source. ``newest`` is the latest day with a story, ``detail`` says more."""

    source_id: str
    state: State
    newest: date | None = None
    detail: str = ""

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]


def judge(source_id: str, runs: Sequence[SourceRun], days: Sequence[date], today: date) -> Health:
    """The state of a source from its visits (the oldest first) and the days of its stories."""
    newest = max(days, default=None)
    if not runs:
        return Health(source_id, "never", newest)
    last = runs[-1]
    if last.problem:
        declines = last.problem.startswith(SiteDeclines.code)
        return Health(source_id, "declines" if declines else "broken", newest, last.problem)
    if lost := _lost_fields(runs):
        return Health(source_id, "layout", newest, ", ".join(lost))
    silent = (today - newest).days if newest else None
    allowed = _allowed(days)
    if silent is None or silent > allowed:
        usual = f"its longest gap is {allowed // _DARK_FACTOR} days"
        said = f"silent for {silent} days, {usual}" if newest else "it never gave a story"
        return Health(source_id, "dark", newest, said)
    return Health(source_id, "fine" if last.new else "quiet", newest)


def _allowed(days: Sequence[date]) -> int:
    """Days of silence that are usual for a source, by the gaps between its last days with stories."""
    known = sorted(set(days))[-_RECENT - 1 :]
    gaps = [(later - earlier).days for earlier, later in pairwise(known)]
    if len(gaps) < _GAPS_LEAST:
        return _DARK_LEAST * _DARK_FACTOR
    return max(_DARK_LEAST, _DARK_FACTOR * max(gaps))


def _lost_fields(runs: Sequence[SourceRun]) -> list[str]:
    """Fields that the last visit's stories lack and earlier ones had; and a body found by its looks."""
    brought = [run for run in runs if sum(run.rules.values()) >= _NEW_LEAST]
    if not brought or brought[-1] is not runs[-1] or len(brought) < 2:
        return []
    last, earlier = brought[-1], brought[:-1][-_RUNS:]
    lost: list[str] = []
    for name in sorted({name for run in earlier for name in run.filled}):
        usual = median(run.filled.get(name, 0) / sum(run.rules.values()) for run in earlier)
        now = last.filled.get(name, 0) / sum(last.rules.values())
        if usual >= _USUAL_LEAST and now <= usual * _DROP:
            lost.append(f"{name} ({now:.0%}, usually {usual:.0%})")
    guessed = last.rules.get("looks", 0) / sum(last.rules.values())
    before = median(run.rules.get("looks", 0) / sum(run.rules.values()) for run in earlier)
    if guessed >= _DROP > before:
        lost.append(f"body rule ({guessed:.0%} of the pages were read by their looks)")
    return lost
