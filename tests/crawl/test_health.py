"""Silence has a reason: nothing published, a broken source, a new layout, or a site that declines."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from jianbao.crawler.health import WORDS, judge
from jianbao.index.store import SourceRun, Store

from .odd_site import Answer, now, odd_site, source, visit_one

TODAY = date(2026, 11, 22)


def run(**facts: object) -> SourceRun:
    values: dict[str, object] = {
        "source_id": "a",
        "started": "",
        "finished": "",
        "requests": 3,
        "new": 0,
        "same": 5,
        "refused": 0,
    }
    return SourceRun(**(values | facts))  # pyright: ignore[reportArgumentType]


def days(*ago: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in ago]


def brought(**filled: int) -> SourceRun:
    return run(new=10, filled=filled, rules={"trs": 10})


@pytest.mark.parametrize(
    ("runs", "published", "state"),
    [
        ([], [], "never"),
        ([run(new=2)], days(1), "fine"),
        ([run()], days(*range(3, 12)), "quiet"),
        ([run()], days(*range(20, 40)), "dark"),
        ([run()], days(20, 40, 60, 80, 100, 120), "quiet"),  # a monthly bulletin is not dark
        ([run()], days(50, 70, 90, 110, 130, 150), "dark"),
        ([run()], days(6), "quiet"),
        ([run()], [], "dark"),
        ([run(problem="JB-242 the site declines programs")], days(1), "declines"),
        ([run(problem="JB-240 the site did not answer")], days(1), "broken"),
        ([run(problem="JB-240 the site did not answer"), run(new=1)], days(1), "fine"),
        ([brought(published=10, source=10), brought(published=10, source=10)], days(1), "fine"),
        ([brought(published=10, source=10), brought(published=10, source=2)], days(1), "layout"),
        ([brought(published=10, source=3), brought(published=10)], days(1), "fine"),
        ([brought(published=10), run(new=2, rules={"trs": 2})], days(1), "fine"),  # too few to say
        ([brought(), run(new=9, rules={"looks": 8, "trs": 1})], days(1), "layout"),
    ],
)
def test_a_source_is_judged_by_its_visits_and_its_own_rhythm(
    runs: list[SourceRun], published: list[date], state: str
) -> None:
    found = judge("a", runs, published, TODAY)
    assert found.state == state
    assert found.words == WORDS[found.state]
    assert bool(found.detail) == (state in ("dark", "layout", "declines", "broken"))


def test_a_visit_leaves_what_health_is_judged_by(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1, 2, 3])
        site.answers["/list/202611/t20261103_3.html"] = Answer(status=410)
        one = source(site.address)
        visit_one(tmp_path, one)
        site.answers["/list/"] = Answer(status=412)
        visit_one(tmp_path, one)
    with Store.open(tmp_path / "store.db", clock=now) as store:
        first, second = store.runs()
        assert (first.new, first.refused, first.statuses) == (2, 1, {"200": 4, "410": 1})
        assert first.rules == {"trs": 2}
        assert first.filled == {"published": 2, "source": 2}
        assert first.received > 1000
        assert store.days("odd") == [date(2026, 11, 3)]
        assert judge("odd", [first], store.days("odd"), date(2026, 11, 5)).state == "fine"
        assert judge("odd", [first, second], store.days("odd"), TODAY).state == "declines"
