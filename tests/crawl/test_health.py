"""Silence has a reason: nothing published, a broken source, a new layout, or a site that declines."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from jianbao.crawler.health import (
    WORDS,
    WORDS_ZH,
    health_of,
    judge,
    silent_counties,
    why_silent,
)
from jianbao.crawler.sources import Rhythm
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
        ([brought(published=10, source=10), brought(published=10, source=2)], days(1), "fields"),
        ([brought(published=10, source=3), brought(published=10)], days(1), "fine"),
        ([brought(published=10), run(new=2, rules={"trs": 2})], days(1), "fine"),  # too few to say
        ([brought(), run(new=9, rules={"looks": 8, "trs": 1})], days(1), "layout"),
        ([run(problem="JB-254 no body was found in any")], days(1), "layout"),
        ([run(problem="JB-248 no story was found in the list")], days(1), "layout"),
        ([run(problem="JB-261 the site has declined")], days(30), "declines"),
        ([run(declines="521")], days(1), "declines"),
        ([run(problem="JB-262 the site asked to be left alone")], days(30), "waits"),
        ([run(new=9, rules={"trs": 9}, doubted=6)], days(1), "doubt"),
        ([run(new=9, rules={"trs": 9}, doubted=2)], days(1), "fine"),
        ([run(new=1, rules={"trs": 1}, doubted=1)], days(1), "fine"),  # too few to say
        ([run(new=2), run(requests=0, waits="by its hours")], days(1), "fine"),
        ([run(new=2), run(problem="JB-251 the crawl was stopped")], days(1), "fine"),
        ([run(requests=0, waits="by its hours")], [], "never"),
    ],
)
def test_a_source_is_judged_by_its_visits_and_its_own_rhythm(
    runs: list[SourceRun], published: list[date], state: str
) -> None:
    found = judge("a", runs, published, TODAY)
    assert found.state == state
    assert found.words == WORDS[found.state]
    assert found.words_zh == WORDS_ZH[found.state]
    assert bool(found.detail) == (state not in ("fine", "quiet", "never"))
    assert [alarm.kind for alarm in found.alarms][:1] == ([state] if found.detail else [])


@pytest.mark.parametrize(
    ("rhythm", "ago", "state"),
    [
        ({"longest_gap": 3}, 4, "dark"),
        ({"longest_gap": 30}, 29, "quiet"),
        ({"weekdays": (1, 2, 3, 4, 5)}, 7, "quiet"),  # a holiday week
        ({"weekdays": (1, 2, 3, 4, 5)}, 10, "dark"),
        ({"weekdays": (5,)}, 30, "quiet"),  # a weekly that missed four Fridays at most
        ({"weekdays": (5,)}, 50, "dark"),
    ],
)
def test_what_its_file_says_of_its_rhythm_is_believed_first(
    rhythm: dict[str, object], ago: int, state: str
) -> None:
    known = Rhythm.model_validate(rhythm)
    assert judge("a", [run()], days(ago), TODAY, known).state == state


def test_every_alarm_is_told_the_gravest_first() -> None:
    runs = [
        brought(published=10, source=10),
        run(new=10, filled={"published": 10}, rules={"looks": 10}, doubted=9),
    ]
    found = judge("a", runs, days(60), TODAY)
    assert [alarm.kind for alarm in found.alarms] == ["layout", "dark", "fields", "doubt"]


def test_each_silent_county_has_its_reason() -> None:
    homes = {
        "reads": "140431", "quiet": "140430", "broken": "140429", "declines": "140428", "new": "140427"
    }  # fmt: skip
    sources = [source("http://127.0.0.1:1", id=name, home=home) for name, home in homes.items()]
    sources.append(source("http://127.0.0.1:1", id="also", home="140428"))
    healths = {
        "reads": judge("reads", [run(new=1)], days(1), TODAY),
        "quiet": judge("quiet", [run()], days(*range(8, 80, 9)), TODAY),
        "broken": judge("broken", [run(problem="JB-240 down")], days(9), TODAY),
        "declines": judge("declines", [run(problem="JB-242 declines")], days(9), TODAY),
        "also": judge("also", [run()], days(*range(8, 80, 9)), TODAY),
    }
    counties = [*homes.values(), "140421"]
    silent = silent_counties(counties, sources, healths, TODAY)
    assert {one.county: one.state for one in silent} == {
        "140430": "quiet", "140429": "broken", "140428": "declines", "140427": "none", "140421": "none"
    }  # fmt: skip
    assert all(one.words and one.words_zh for one in silent)
    assert [
        one.source_id for one in why_silent(["140428"], sources, healths)["140428"].sources
    ] == [
        "declines",
        "also",
    ]


def test_a_site_that_declines_one_source_declines_the_others_on_its_host(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        site.answers["/list/"] = Answer(status=412)
        one = source(site.address)
        visit_one(tmp_path, one)
        site.answers["/other/"] = site.answers["/list/202611/t20261103_1.html"]
    other = source(site.address, id="other", entries=("http://odd.example/other/",))
    with Store.open(tmp_path / "store.db", clock=now) as store:
        assert health_of(store, one, now()).state == "declines"
        assert health_of(store, other, now()).state == "declines"
        later = now() + timedelta(days=30)
        assert health_of(store, other, later).state == "never"


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
