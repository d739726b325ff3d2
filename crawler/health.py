"""How each source is doing: whether silence means that nothing was published, that something broke, or
that the site declines programs. Judged from the ledger of visits and from the source's own rhythm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from ..index.store import SourceRun, Store
from .politeness import AskedToWait, StillDeclines, hold_of
from .problems import (
    CrawlWasStopped,
    LayoutIsUnknown,
    ListHasNoStories,
    OutOfTime,
    SiteDeclines,
)
from .source_parts import Rhythm
from .sources import Source

State = Literal[
    "fine", "quiet", "dark", "layout", "fields", "doubt", "broken", "waits", "declines", "never"
]

WORDS: Final[dict[State, str]] = {
    "fine": "it publishes and is read",
    "quiet": "nothing new was published, which is usual for it",
    "dark": "it has been silent for longer than it ever is; look at it in a browser",
    "layout": "its pages have changed and are not read as before; give its file a new rule",
    "fields": "fields that were mostly filled are empty now; its layout may have changed",
    "doubt": "a second reader sees other bodies in its pages; look at some of its stories",
    "broken": "it could not be read",
    "waits": "the site asked to be left alone for a while",
    "declines": "the site declines programs; bring its page text in by hand",
    "never": "it was never crawled",
}
WORDS_ZH: Final[dict[State, str]] = {
    "fine": "正常采集",
    "quiet": "近期没有发布新稿，属正常情况",
    "dark": "沉默时间超过以往，请用浏览器核对",
    "layout": "网站改版，需要更新来源文件中的规则",
    "fields": "以往都有的字段现在为空，网站可能已改版",
    "doubt": "正文提取结果存疑，请抽查",
    "broken": "采集失败",
    "waits": "网站要求暂缓访问",
    "declines": "网站拒绝程序访问，请手工导入",
    "never": "从未采集",
}
_GRAVEST: Final[tuple[State, ...]] = (
    *("declines", "broken", "layout", "dark", "fields", "doubt", "waits", "never"),
    *("quiet", "fine"),
)

_RECENT: Final = 20  # gaps between days with stories that make a source's rhythm
_GAPS_LEAST: Final = 4  # fewer gaps are no rhythm yet
_DARK_LEAST: Final = 7  # days; holidays and weekends silence every office
_DARK_FACTOR: Final = 2  # times the longest gap of its rhythm
_MISSED_MOST: Final = 5  # publishing days in a row that a holiday silences
_NEW_LEAST: Final = 3  # stories of one visit that can show a change of layout
_RUNS: Final = 8  # earlier visits that a field's usual share is taken from
_DROP: Final = 0.5  # a field filled half as often as usual is lost, not rare
_USUAL_LEAST: Final = 0.5  # a field that was filled less often than this says nothing
_DOUBTED: Final = 0.4
"""Share of doubted stories that is an alarm. On real pages two extractors disagree on 13–18 % of the pages
even where nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person should look at. ``kind`` is a state, ``detail`` says what was seen."""

    kind: State
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one source. ``newest`` is the latest day with a story, ``detail`` says more.

    ``state`` is that of the gravest alarm; ``alarms`` are all of them, the gravest first.
    """

    source_id: str
    state: State
    newest: date | None = None
    detail: str = ""
    alarms: tuple[Alarm, ...] = ()

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def words_zh(self) -> str:
        """The state in words, for the desk."""
        return WORDS_ZH[self.state]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a county brought nothing. ``state`` is ``none`` where no source speaks for it; otherwise
    that of its gravest source. ``quiet`` (and ``fine``) mean that nothing was published."""

    county: str
    state: State | Literal["none"]
    sources: tuple[Health, ...] = ()

    @property
    def words(self) -> str:
        """The reason in words."""
        return "no source speaks for it" if self.state == "none" else WORDS[self.state]

    @property
    def words_zh(self) -> str:
        """The reason in words, for the desk."""
        return "没有登记来源" if self.state == "none" else WORDS_ZH[self.state]


def judge(
    source_id: str,
    runs: Sequence[SourceRun],
    days: Sequence[date],
    today: date,
    rhythm: Rhythm | None = None,
) -> Health:
    """The state of a source from its visits (the oldest first) and the days of its stories.

    Visits that ended before they asked anything, or that somebody stopped, say nothing of the source.
    """
    newest = max(days, default=None)
    telling = [run for run in runs if not _says_nothing(run)]
    if not telling:
        return Health(source_id, "never", newest)
    alarms = [alarm for look in _LOOKS for alarm in look(telling)]
    if not any(alarm.kind in ("broken", "declines", "waits") for alarm in alarms):
        alarms += _dark(days, today, rhythm)
    alarms.sort(key=lambda alarm: _GRAVEST.index(alarm.kind))
    if alarms:
        detail = "; ".join(alarm.detail for alarm in alarms)
        return Health(source_id, alarms[0].kind, newest, detail, tuple(alarms))
    return Health(source_id, "fine" if telling[-1].new else "quiet", newest)


def health_of(store: Store, source: Source, now: datetime) -> Health:
    """The state of a source by what the store knows of it, its hosts among it."""
    days = store.days(source.id)
    found = judge(source.id, store.runs(source.id), days, now.date(), source.rhythm)
    if found.state in ("declines", "waits"):
        return found
    for host in source.hosts:
        # Another source on the same host may have met the refusal.
        if held := hold_of(store.host(host), source.id, now):
            state: State = "declines" if isinstance(held, StillDeclines) else "waits"
            alarm = Alarm(state, held.english())
            alarms = (alarm, *found.alarms)
            return Health(source.id, state, found.newest, alarm.detail, alarms)
    return found


def why_silent(
    counties: Iterable[str], sources: Sequence[Source], healths: Mapping[str, Health]
) -> dict[str, Silence]:
    """Why each of these counties (six-digit codes) brought nothing.

    Args:
        counties: the silent ones.
        sources: the registry; a source speaks for the county of its ``home``.
        healths: the state of each source by its id.
    """
    found: dict[str, Silence] = {}
    for county in counties:
        own = [healths[one.id] for one in sources if one.home == county and one.id in healths]
        own.sort(key=lambda health: _GRAVEST.index(health.state))
        found[county] = Silence(county, own[0].state if own else "none", tuple(own))
    return found


def silent_counties(
    counties: Iterable[str],
    sources: Sequence[Source],
    healths: Mapping[str, Health],
    today: date,
    days: int = 7,
) -> list[Silence]:
    """The counties none of whose own sources published within ``days``, with the reason, in order."""
    first = today - timedelta(days=days)
    heard = {
        source.home
        for source in sources
        if (known := healths.get(source.id)) and known.newest and known.newest > first
    }
    silent = [county for county in counties if county not in heard]
    return list(why_silent(silent, sources, healths).values())


def _says_nothing(run: SourceRun) -> bool:
    cut = run.problem.startswith((CrawlWasStopped.code, OutOfTime.code))
    return (cut and not run.new) or (not run.requests and not run.problem)


def _stopped(runs: Sequence[SourceRun]) -> list[Alarm]:
    """The last visit ended with a problem."""
    last = runs[-1]
    if last.declines or last.problem.startswith((SiteDeclines.code, StillDeclines.code)):
        return [Alarm("declines", last.problem or f"it answered {last.declines}")]
    if last.problem.startswith(AskedToWait.code):
        return [Alarm("waits", last.problem)]
    if last.problem.startswith((LayoutIsUnknown.code, ListHasNoStories.code)):
        return [Alarm("layout", last.problem)]
    if last.problem and not last.problem.startswith((CrawlWasStopped.code, OutOfTime.code)):
        return [Alarm("broken", last.problem)]
    return []


def _compared(runs: Sequence[SourceRun]) -> tuple[SourceRun, Sequence[SourceRun]] | None:
    """The last visit and those before it, when both brought enough stories to compare them."""
    brought = [run for run in runs if sum(run.rules.values()) >= _NEW_LEAST]
    if len(brought) < 2 or brought[-1] is not runs[-1]:
        return None
    return brought[-1], brought[:-1][-_RUNS:]


def _lost_fields(runs: Sequence[SourceRun]) -> list[Alarm]:
    """Fields that the last visit's stories lack and earlier ones had."""
    if (both := _compared(runs)) is None:
        return []
    last, earlier = both
    lost: list[Alarm] = []
    for name in sorted({name for run in earlier for name in run.filled}):
        usual = median(_share(run, run.filled.get(name, 0)) for run in earlier)
        now = _share(last, last.filled.get(name, 0))
        if usual >= _USUAL_LEAST and now <= usual * _DROP:
            lost.append(Alarm("fields", f"{name} ({now:.0%}, usually {usual:.0%})"))
    return lost


def _other_rule(runs: Sequence[SourceRun]) -> list[Alarm]:
    """Bodies that a rule found used to be found by another one: by their looks at worst."""
    if (both := _compared(runs)) is None:
        return []
    last, earlier = both
    guessed = _share(last, last.rules.get("looks", 0))
    before = median(_share(run, run.rules.get("looks", 0)) for run in earlier)
    if guessed >= _DROP > before:
        return [Alarm("layout", f"body rule ({guessed:.0%} of the pages were read by their looks)")]
    return []


def _doubted(runs: Sequence[SourceRun]) -> list[Alarm]:
    """A second extractor sees other bodies in too many stories of the last visit."""
    last = runs[-1]
    stories = sum(last.rules.values())
    if stories >= _NEW_LEAST and last.doubted / stories >= _DOUBTED:
        return [Alarm("doubt", f"{last.doubted} of {stories} bodies are seen otherwise")]
    return []


_LOOKS: Final[tuple[Callable[[Sequence[SourceRun]], list[Alarm]], ...]] = (
    _stopped,
    _lost_fields,
    _other_rule,
    _doubted,
)


def _share(run: SourceRun, count: int) -> float:
    return count / sum(run.rules.values())


def _dark(days: Sequence[date], today: date, rhythm: Rhythm | None) -> list[Alarm]:
    """Silence longer than the source's own rhythm, or than the editor says that it may be."""
    if not days:
        return [Alarm("dark", "it never gave a story")]
    newest = max(days)
    silent = (today - newest).days
    if rhythm and rhythm.longest_gap:
        if silent > rhythm.longest_gap:
            said = f"its file allows {rhythm.longest_gap} days"
            return [Alarm("dark", f"silent for {silent} days, {said}")]
        return []
    if rhythm and rhythm.weekdays:
        passed = (newest + timedelta(days=number) for number in range(1, silent))
        missed = sum(day.isoweekday() in rhythm.weekdays for day in passed)
        if missed > _MISSED_MOST and silent > _DARK_LEAST:
            return [Alarm("dark", f"silent on {missed} of its publishing days in a row")]
        return []
    allowed = _allowed(days)
    if silent > allowed:
        usual = f"its longest gap is {allowed // _DARK_FACTOR} days"
        return [Alarm("dark", f"silent for {silent} days, {usual}")]
    return []


def _allowed(days: Sequence[date]) -> int:
    """Days of silence that are usual for a source, by the gaps between its last days with stories."""
    known = sorted(set(days))[-_RECENT - 1 :]
    gaps = [(later - earlier).days for earlier, later in pairwise(known)]
    if len(gaps) < _GAPS_LEAST:
        return _DARK_LEAST * _DARK_FACTOR
    return max(_DARK_LEAST, _DARK_FACTOR * max(gaps))
