"""How gently a host is asked: pauses, daily budget, hours, and how long it is left alone.

Nothing here asks anybody; the spiders and the worker act on it. What a host said is kept in the
store (:class:`~jianbao.index.store.HostState`), so that the next crawl keeps to it as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from ..index.clock import ZONE
from ..index.errors import JianbaoError
from ..index.limits import RETRY_AFTER_DAYS
from ..index.store import HostState, Store
from .sources import Source

BACK_OFF_DAYS: Final = (1, 2, 4, 7)
"""Days for which a host that declines is left alone: after the first time, the second, and so on; the
last holds for ever after. A firewall's mood passes in a day or two, a policy does not."""


class StillDeclines(JianbaoError):
    """The site declined lately and is not asked again yet."""

    code = "JB-261"
    what = "the site has declined programs since {since} (it answered {answer}) and is left alone until {until}"
    remedy = "import its page text by hand, or ask the site for permission; `jianbao crawl --again {source_id}` asks it now"
    what_zh = "网站自 {since} 起拒绝程序访问（返回 {answer}），{until} 之前不再访问"
    remedy_zh = (
        "请手工导入文字，或向该网站申请许可；如已获许可，可运行 jianbao crawl --again {source_id}"
    )


class AskedToWait(JianbaoError):
    """The site named a time before which it does not want to be asked."""

    code = "JB-262"
    what = "the site asked to be left alone until {until} (it answered {answer})"
    remedy = "nothing was lost; a crawl after that time goes on"
    what_zh = "网站要求 {until} 之前不要访问（返回 {answer}）"
    remedy_zh = "没有数据丢失，请在该时间之后再采集"


def pause(delay: float, jitter: float) -> tuple[float, float]:
    """Scrapy's delay and jitter for pauses between ``delay`` and ``delay × (1 + jitter)``.

    Scrapy's own jitter goes both ways around its delay; a site's delay is a promise, so it is the
    shortest pause and never the mean.
    """
    half = jitter / 2
    return delay * (1 + half), half / (1 + half)


def retry_after(said: str, date_said: str, now: datetime) -> timedelta | None:
    """How long an answer with ``Retry-After`` wants to be left alone (RFC 9110, 10.2.3).

    Both forms are read: seconds, and a date, which is taken against the answer's own ``Date`` so that
    a server's wrong clock does not matter. Nothing readable gives ``None``; more than
    ``RETRY_AFTER_DAYS`` is cut to that.
    """
    most = timedelta(days=RETRY_AFTER_DAYS)
    text = said.strip()
    if text.isdecimal() and text.isascii():
        return min(timedelta(seconds=int(text[:9])), most)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    try:
        began = parsedate_to_datetime(date_said)
    except ValueError:
        began = now
    # A date without a zone is one in GMT, as the standard wants it.
    until, began = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (until, began))
    return min(max(until - began, timedelta(0)), most)


def has_declined(state: HostState, answer: str, now: datetime) -> HostState:
    """The host's state after it declined: left alone for longer each time in a row."""
    days = BACK_OFF_DAYS[min(state.declined, len(BACK_OFF_DAYS) - 1)]
    # From the day's beginning, so that an evening's crawl does not slip behind the next one.
    until = (now + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(
        state,
        declined=state.declined + 1,
        since=state.since or now.isoformat(),
        not_before=until.isoformat(),
        answer=answer,
    )


def asked_to_wait(state: HostState, answer: str, wait: timedelta, now: datetime) -> HostState:
    """The host's state after it named a time of its own."""
    return replace(state, not_before=(now + wait).isoformat(), answer=answer)


def has_answered(state: HostState) -> HostState:
    """The host's state after it gave what was asked for: it is forgiven."""
    return replace(state, declined=0, since="", not_before="", answer="")


def hold_of(state: HostState, source_id: str, now: datetime) -> JianbaoError | None:
    """Why nothing is asked of a host now, or ``None``."""
    if not state.not_before or datetime.fromisoformat(state.not_before) <= now:
        return None
    until = short(state.not_before)
    if not state.declined:
        return AskedToWait(state.host, until=until, answer=state.answer)
    since = state.since[:10]
    facts = {"since": since, "until": until, "answer": state.answer, "source_id": source_id}
    return StillDeclines(state.host, **facts)


def short(moment: str) -> str:
    """``2026-11-23 09:00`` of an ISO moment, in our zone."""
    return datetime.fromisoformat(moment).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


class Asking:
    """What one visit may still ask of a source's hosts; counts what it asked."""

    def __init__(self, source: Source, store: Store, *, again: bool) -> None:
        self._source = source
        self._store = store
        self._again = again
        self._counted = 0
        self._hosts: dict[str, HostState] = {}

    def state(self, host: str) -> HostState:
        """What is known of a host."""
        if host not in self._hosts:
            self._hosts[host] = self._store.host(host)
        return self._hosts[host]

    def put(self, state: HostState) -> None:
        """Remembers a host's new state at once."""
        self._hosts[state.host] = state
        self._store.put_host(state)

    def why_not(self, url: str, now: datetime) -> JianbaoError | None:
        """Why an address is not asked now, or ``None``."""
        if self._again:
            return None
        return hold_of(self.state(urlsplit(url).netloc.lower()), self._source.id, now)

    def waits(self, now: datetime) -> str:
        """Why the rest of the source waits for a later crawl, as words; empty when it may go on."""
        if not self._source.open_at(now):
            opens = short(self._source.opens(now).isoformat())
            return f"it is read from {opens} on, by its hours"
        today = now.date().isoformat()
        asked = [
            state.asked if state.day == today else 0
            for state in map(self.state, self._source.hosts)
        ]
        if sum(asked) >= self._source.daily_requests:
            return f"its {self._source.daily_requests} requests of today are used up; the rest waits for tomorrow"
        return ""

    def count(self, url: str, now: datetime) -> None:
        """One request went out. Written down now and then; a kill forgets a few at most."""
        state, today = self.state(urlsplit(url).netloc.lower()), now.date().isoformat()
        asked = state.asked if state.day == today else 0
        self._hosts[state.host] = replace(state, day=today, asked=asked + 1)
        self._counted += 1
        if self._counted % _WRITTEN_EVERY == 0:
            self.write()

    def write(self) -> None:
        """Writes the counts down."""
        for state in self._hosts.values():
            if state.day:
                self._store.put_host(state)


_WRITTEN_EVERY: Final = 20


def groups(sources: Sequence[Source]) -> list[list[Source]]:
    """Sources in groups that share a host, each in the order given: one group is read by one hand."""
    found: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts, together = set(source.hosts), [source]
        for other in [one for one in found if one[0] & hosts]:
            found.remove(other)
            hosts |= other[0]
            together = other[1] + together
        found.append((hosts, together))
    order = {source.id: number for number, source in enumerate(sources)}
    ranked = [sorted(group, key=lambda one: order[one.id]) for _, group in found]
    return sorted(ranked, key=lambda group: order[group[0].id])
