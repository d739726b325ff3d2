"""Sources 来源: how each is doing, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from ...crawler.health import Health, health_of
from ...crawler.sources import Source, load_sources
from ...index.errors import all_error_classes
from ...index.store import SourceRun
from .ask import Ask
from .words import HEALTH, RIGHTS


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source with the state of its last visit. ``tone`` is ok, warn or stop."""

    source: Source
    state: str
    advice: str
    tone: str
    newest: date | None
    last: SourceRun | None
    detail: str
    rights: str


def show(ask: Ask) -> Response:
    """Every source, those that need a person first."""
    sources = load_sources(ask.room.workspace().sources_folder)
    now = ask.room.session.clock()
    with ask.room.read() as store:
        rows = [
            _row(one, health_of(store, one, now), store.runs(one.id))
            if store
            else _row(one, Health(one.id, "never"), [])
            for one in sources
        ]
    order = {"stop": 0, "warn": 1, "ok": 2}
    rows.sort(key=lambda row: (order[row.tone], row.source.id))
    counts = {tone: sum(row.tone == tone for row in rows) for tone in order}
    return ask.page("sources.html", rows=rows, counts=counts)


def _row(source: Source, found: Health, runs: list[SourceRun]) -> SourceRow:
    word, advice, tone = HEALTH[found.state]
    return SourceRow(
        source,
        word,
        _advice(found.detail) or advice,
        tone,
        found.newest,
        runs[-1] if runs else None,
        found.detail,
        RIGHTS[source.rights],
    )


def _advice(detail: str) -> str:
    """What to do about a problem of the last visit, in Chinese, by the code it begins with."""
    code = detail.split(" ", 1)[0]
    for cls in all_error_classes():
        if cls.code == code and "{" not in cls.remedy_zh:
            return f"{cls.remedy_zh}。"
    return ""


VIEWS: Final = (("GET", "/sources", show),)
