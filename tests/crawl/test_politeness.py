"""How gently sites are asked, and how long they are left alone when they say so."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.crawler.crawl import SourceReport
from jianbao.crawler.politeness import (
    BACK_OFF_DAYS,
    Asking,
    groups,
    has_answered,
    has_declined,
    hold_of,
    pause,
    retry_after,
)
from jianbao.index.clock import ZONE
from jianbao.index.limits import RETRY_AFTER_DAYS, ROBOTS_DAYS, TRY_DAYS
from jianbao.index.store import HostState, Store

from .odd_site import ROBOTS, Answer, OddSite, now, odd_site, source, stored, story_page, visit

pytestmark = pytest.mark.usefixtures("quick_crawls")

DATE = "Sun, 22 Nov 2026 10:00:00 GMT"  # 18:00 with us
TEXT = {"Content-Type": "text/plain"}


def path(number: int) -> str:
    return f"/list/202611/t20261103_{number}.html"


def on(day: int, hour: int = 18) -> datetime:
    return now().replace(hour=hour) + timedelta(days=day)


def read(folder: Path, site: OddSite, at: datetime, **options: object) -> SourceReport:
    changes = {name: options.pop(name) for name in ("windows", "daily_requests", "delay", "jitter") if name in options}  # fmt: skip
    site.requests.clear()
    return visit(folder, source(site.address, **changes), at=at, **options).sources[0]


@given(st.floats(0.01, 600), st.floats(0, 5), st.floats(-1, 1))
def test_a_pause_is_never_shorter_than_the_delay_nor_longer_than_its_jitter(
    delay: float, jitter: float, chance: float
) -> None:
    centre, share = pause(delay, jitter)
    waited = centre * (1 + chance * share)  # as Scrapy draws it
    assert delay * 0.999999 <= waited <= delay * (1 + jitter) * 1.000001


@pytest.mark.parametrize(
    ("said", "date_said", "seconds"),
    [
        ("0", "", 0),
        ("120", "", 120),
        (" 120 ", "", 120),
        ("99999999999999", "", RETRY_AFTER_DAYS * 86400),
        ("Sun, 22 Nov 2026 10:02:00 GMT", DATE, 120),
        ("Sun, 22 Nov 2026 10:02:00 GMT", "", 120),  # against our own clock
        # The server's clock is an hour ahead; what it means is two minutes.
        ("Sun, 22 Nov 2026 11:02:00 GMT", "Sun, 22 Nov 2026 11:00:00 GMT", 120),
        ("Sun, 22 Nov 2026 09:00:00 GMT", DATE, 0),
        ("Sun, 22 Nov 2026 10:02:00 -0000", DATE, 120),
        ("Wed, 22 Nov 2028 10:00:00 GMT", DATE, RETRY_AFTER_DAYS * 86400),
        ("-5", DATE, None),
        ("soon", DATE, None),
        ("", DATE, None),
        ("１２０", DATE, None),
        ("9" * 5000, DATE, RETRY_AFTER_DAYS * 86400),
    ],
)
def test_both_forms_of_retry_after_are_read(
    said: str, date_said: str, seconds: float | None
) -> None:
    found = retry_after(said, date_said, now())
    assert (found.total_seconds() if found is not None else None) == seconds


def test_a_host_that_goes_on_declining_is_left_alone_for_longer_and_longer() -> None:
    state, at, waited = HostState("a.example"), now(), []
    for _ in range(6):
        state = has_declined(state, "521", at)
        until = datetime.fromisoformat(state.not_before)
        waited.append((until.date() - at.date()).days)
        assert hold_of(state, "a", at) is not None
        assert hold_of(state, "a", until) is None
        at = until + timedelta(hours=18)
    assert tuple(waited) == (*BACK_OFF_DAYS, BACK_OFF_DAYS[-1], BACK_OFF_DAYS[-1])
    assert state.since == now().isoformat()
    assert has_answered(state) == HostState("a.example")


def test_sources_that_share_any_host_are_read_by_one_hand() -> None:
    def one(name: str, host: str, **more: object) -> object:
        return source("http://127.0.0.1:1", id=name, entries=(f"http://{host}/",), **more)

    a, b = one("a", "a.example"), one("b", "b.example")
    c = one("c", "c.example", sisters=("a.example", "d.example"))
    d = one("d", "d.example")
    found = groups([a, b, c, d])  # pyright: ignore[reportArgumentType]
    assert [[source.id for source in group] for group in found] == [["a", "c", "d"], ["b"]]


def test_pauses_are_kept_and_vary(tmp_path: Path) -> None:
    times: list[float] = []

    def timed(number: int) -> Answer:
        times.append(time.monotonic())
        return story_page(number)

    with odd_site() as site:
        site.publish(list(range(1, 9)), per_page=20)
        for number in range(1, 9):
            site.answers[path(number)] = lambda number=number: timed(number)
        assert read(tmp_path, site, now(), delay=0.1, jitter=1).new == 8
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 0.095
    assert max(gaps) - min(gaps) > 0.01


def test_the_daily_budget_ends_the_visit_and_the_next_day_goes_on(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish(list(range(1, 10)), per_page=20)
        first = read(tmp_path, site, on(0), daily_requests=6)
        assert len(site.requests) == 6
        assert (first.new, first.problem) == (4, None)  # robots.txt and the list count too
        assert "6 requests of today" in first.waits
        again = read(tmp_path, site, on(0, 20), daily_requests=6)
        assert (again.new, site.requests) == (0, [])
        second = read(tmp_path, site, on(1), daily_requests=60)
        assert (second.new, second.waits) == (5, "")
        # No story was asked for on both days.
        assert sum("t2026" in one for one in site.requests) == 5


def test_a_source_is_read_in_its_hours_only(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        early = read(tmp_path, site, on(0, 12), windows=("20:00-07:00",))
        assert (site.requests, early.problem) == ([], None)
        assert "from 2026-11-22 20:00 on" in early.waits
        assert read(tmp_path, site, on(0, 23), windows=("20:00-07:00",)).new == 1


@pytest.mark.parametrize("status", [412, 521])
def test_a_site_that_declines_is_left_alone_for_days_and_then_asked_again(
    tmp_path: Path, status: int
) -> None:
    with odd_site() as site:
        site.publish([1])
        page = site.answers["/list/"]
        site.answers["/list/"] = Answer(status=status)
        problem = read(tmp_path, site, on(0)).problem
        assert problem is not None
        assert problem.code == "JB-242"
        held = read(tmp_path, site, on(0, 22)).problem
        assert held is not None
        assert (held.code, site.requests) == ("JB-261", [])
        assert f"answered {status}" in held.english()
        assert "2026-11-23 00:00" in held.english()
        read(tmp_path, site, on(1))
        assert site.requests.count("/list/") == 1
        read(tmp_path, site, on(2))
        assert site.requests == []  # the second time it is two days
        site.answers["/list/"] = page
        assert read(tmp_path, site, on(2), again=True).new == 1
        assert read(tmp_path, site, on(3)).problem is None


def test_one_page_that_is_refused_is_missed_and_three_in_a_row_decline(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish(list(range(1, 10)), per_page=20)
        site.answers[path(4)] = Answer(status=403)
        one = read(tmp_path / "one", site, on(0))
        assert (one.new, len(one.missed), one.problem) == (8, 1, None)
        for number in range(1, 10):
            site.answers[path(number)] = Answer(status=403)
        three = read(tmp_path / "three", site, on(0))
        assert three.problem is not None
        assert three.problem.code == "JB-242"
        assert sum("t2026" in asked for asked in site.requests) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_retry_after_is_waited_for_and_a_long_one_ends_the_visit(
    tmp_path: Path, status: int
) -> None:
    busy = Answer(status=status, headers={"Retry-After": "1"})
    with odd_site() as site:
        site.publish([1, 2])
        pages: dict[str, list[Answer]] = {
            name: [busy, site.answers[name]]  # pyright: ignore[reportAssignmentType]
            for name in ("/list/", path(1))
        }
        for name, answers in pages.items():
            site.answers[name] = lambda answers=answers: answers.pop(0)
        began = time.monotonic()
        report = read(tmp_path / "short", site, on(0))
        assert (report.new, report.problem, report.missed) == (2, None, ())
        assert time.monotonic() - began > 2
        assert (site.requests.count("/list/"), site.requests.count(path(1))) == (2, 2)

        site.answers[path(1)] = story_page(1)
        site.answers["/list/"] = Answer(
            status=status, headers={"Retry-After": "Sun, 22 Nov 2026 13:00:00 GMT", "Date": DATE}
        )
        problem = read(tmp_path / "long", site, on(0)).problem
        assert problem is not None
        assert problem.code == "JB-262"
        assert "2026-11-22 21:00" in problem.english()
        site.publish([1, 2])
        assert read(tmp_path / "long", site, on(0, 20)).new == 0
        assert site.requests == []
        assert read(tmp_path / "long", site, on(0, 22)).new == 2


def test_a_page_closed_by_robots_is_asked_for_again_after_a_week(tmp_path: Path) -> None:
    closed = Answer(f"User-agent: *\nDisallow: {path(2)}\n", headers=TEXT)
    with odd_site() as site:
        site.publish([1, 2])
        site.answers["/robots.txt"] = closed
        first = read(tmp_path, site, on(0))
        assert (first.new, [one.reason for one in first.refused]) == (1, ["robots"])
        with Store.open(tmp_path / "store.db", clock=now) as store:
            assert store.refused() == [("odd", f"http://odd.example{path(2)}", "robots")]
        site.answers["/robots.txt"] = Answer(ROBOTS, headers=TEXT)
        assert read(tmp_path, site, on(ROBOTS_DAYS - 1)).new == 0
        assert read(tmp_path, site, on(ROBOTS_DAYS)).new == 1
        with Store.open(tmp_path / "store.db", clock=now) as store:
            assert store.refused() == []


def test_what_fails_is_tried_on_so_many_days_and_then_its_failure_is_the_answer(
    tmp_path: Path,
) -> None:
    with odd_site() as site:
        site.publish([1, 2, 3])
        site.answers[path(2)] = Answer(status=500)
        site.answers[path(3)] = Answer(status=404)
        for day in range(TRY_DAYS + 2):
            report = read(tmp_path, site, on(day))
            asked = [number for number in (2, 3) if path(number) in site.requests]
            # A page that is not there is believed on the second day.
            assert asked == [n for n, last in ((2, TRY_DAYS), (3, 2)) if day < last], day
            assert report.problem is None
    with Store.open(tmp_path / "store.db", clock=now) as store:
        assert [(url[-6], why) for _, url, why in store.refused()] == [
            ("2", "unreadable"),
            ("3", "gone"),
        ]
    assert len(stored(tmp_path)) == 1


def test_a_list_whose_server_always_says_unchanged_is_read_once_a_week(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        listed = site.answers["/list/"]
        assert isinstance(listed, Answer)
        listed.headers = {"Last-Modified": "Tue, 03 Nov 2026 01:00:00 GMT"}
        read(tmp_path, site, on(0))
        site.publish([2, 1])

        fresh = site.answers["/list/"]
        assert isinstance(fresh, Answer)

        def lies(fresh: Answer = fresh) -> Answer:
            conditional = "if-modified-since" in site.headers[-1]
            return Answer(status=304) if conditional else fresh

        site.answers["/list/"] = lies
        assert read(tmp_path, site, on(3)).new == 0
        assert read(tmp_path, site, on(7)).new == 1


def test_the_requests_of_a_host_are_counted_for_all_its_sources(tmp_path: Path) -> None:
    one = source("http://127.0.0.1:1", daily_requests=10)
    with Store.open(tmp_path / "store.db", clock=now, writer="test") as store:
        asking = Asking(one, store, again=False)
        for _ in range(10):
            assert asking.waits(now()) == ""
            asking.count("http://odd.example/x", now())
        asking.write()
        other = Asking(one.model_copy(update={"id": "other"}), store, again=False)
        assert "10 requests" in other.waits(now())
        assert other.waits(now() + timedelta(days=1)) == ""
        assert store.host("odd.example") == replace(
            HostState("odd.example"), day=now().astimezone(ZONE).date().isoformat(), asked=10
        )
