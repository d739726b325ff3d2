"""One visit after another: what is asked again, and what never."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlEvent, CrawlReport, CrawlSettings, SourceReport, crawl
from jianbao.crawler.sources import load_sources
from jianbao.desk.countyweb.server import serve_countyweb, write_sources
from jianbao.index.clock import ZONE
from jianbao.index.limits import RESPONSE_BYTES
from jianbao.index.store import Store, WriterIsBusy

from .odd_site import (
    SENTENCE,
    Answer,
    OddSite,
    now,
    odd_site,
    source,
    stored,
    story_page,
    title,
    visit,
)

NAMES = ("grows", "repeats", "mends", "validates", "moves", "huge", "twice")


def story_path(number: int) -> str:
    return f"/list/202611/t20261103_{number}.html"


@dataclass
class Visit:
    report: CrawlReport
    requests: dict[str, list[str]]
    headers: dict[str, list[dict[str, str]]]

    def of(self, name: str) -> SourceReport:
        return next(one for one in self.report.sources if one.source_id == name)

    def pages(self, name: str) -> list[str]:
        return [path for path in self.requests[name] if path != "/robots.txt"]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Visit]]:
    """Three visits to six sites; between them the sites change as their names say."""
    folder = tmp_path_factory.mktemp("visits")
    done: list[Visit] = []
    with ExitStack() as stack:
        sites = {name: stack.enter_context(odd_site()) for name in NAMES}
        sources = [
            source(site.address, id=name, name=name, entries=(f"http://{name}.example/list/",))
            for name, site in sites.items()
        ]
        both = ("http://twice.example/list/", "http://twice.example/other/")
        sources[-1] = sources[-1].model_copy(update={"entries": both})

        def go() -> None:
            for site in sites.values():
                site.requests.clear()
                site.headers.clear()
            report = visit(folder, *sources)
            requests = {name: list(site.requests) for name, site in sites.items()}
            headers = {name: list(site.headers) for name, site in sites.items()}
            done.append(Visit(report, requests, headers))

        for site in sites.values():
            site.publish(list(range(12, 0, -1)))
        _change_first(sites)
        go()
        sites["grows"].publish(list(range(14, 0, -1)))
        sites["mends"].answers[story_path(7)] = story_page(7)
        go()
        go()
        yield done


def _change_first(sites: dict[str, OddSite]) -> None:
    first = sites["repeats"].answers["/list/"]
    for number in range(1, 9):
        # A site that does not know its own paging parameter shows the first page again.
        sites["repeats"].answers[f"/list/index_{number}.html"] = first
    sites["mends"].answers[story_path(7)] = Answer(status=500)
    listed = sites["validates"].answers["/list/"]
    assert isinstance(listed, Answer)
    listed.headers = {"ETag": '"w1"', "Last-Modified": "Tue, 03 Nov 2026 01:00:00 GMT"}
    sites["moves"].answers[story_path(3)] = Answer(status=301, headers={"Location": "/new/3.html"})
    sites["moves"].answers["/new/3.html"] = story_page(3)
    sites["moves"].answers[story_path(4)] = Answer(status=410)
    sites["moves"].answers[story_path(5)] = Answer(
        b"%PDF-1.4", headers={"Content-Type": "application/pdf"}
    )
    sites["moves"].answers[story_path(6)] = story_page(6, text="通知。")
    sites["twice"].answers["/other/"] = sites["twice"].answers["/list/"]
    sites["huge"].answers[story_path(2)] = story_page(2, text="党" * (RESPONSE_BYTES // 3))


def test_the_first_visit_reads_every_page_to_the_end(visits: list[Visit]) -> None:
    for name in ("grows", "validates"):
        assert visits[0].of(name).new == 12
        assert [p for p in visits[0].pages(name) if "index" in p] == [
            "/list/index_1.html",
            "/list/index_2.html",
        ]


def test_an_unchanged_list_is_all_that_is_asked_again(visits: list[Visit]) -> None:
    for name in ("repeats", "validates", "moves", "huge"):
        for later in visits[1:]:
            assert later.pages(name) == ["/list/"], name
            assert later.of(name).new == 0
            assert later.of(name).problem is None


def test_a_story_in_two_lists_is_asked_for_once(visits: list[Visit]) -> None:
    asked = [path for path in visits[0].pages("twice") if "t2026" in path]
    assert sorted(asked) == sorted(set(asked))
    assert visits[0].of("twice").new == len(asked) == 12
    assert sorted(visits[1].pages("twice")) == ["/list/", "/other/"]


def test_a_further_page_that_is_announced_but_missing_ends_the_list(visits: list[Visit]) -> None:
    assert "/other/index_1.html" in visits[0].pages("twice")
    assert visits[0].of("twice").problem is None


def test_a_list_is_asked_with_what_it_said_last_time(visits: list[Visit]) -> None:
    first, second = (visit.headers["validates"][1] for visit in visits[:2])
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"w1"'
    assert second["if-modified-since"] == "Tue, 03 Nov 2026 01:00:00 GMT"


def test_new_stories_are_read_and_paging_stops_at_known_ones(visits: list[Visit]) -> None:
    news = ["/list/", "/list/index_1.html", story_path(13), story_path(14)]
    assert sorted(visits[1].pages("grows")) == sorted(news)
    assert (visits[1].of("grows").new, visits[1].of("grows").changed) == (2, 0)
    assert visits[2].pages("grows") == ["/list/"]


def test_paging_that_repeats_itself_ends(visits: list[Visit]) -> None:
    assert [path for path in visits[0].pages("repeats") if "t2026" not in path] == [
        "/list/",
        "/list/index_1.html",
    ]
    assert visits[0].of("repeats").new == 5


def test_a_story_that_failed_is_tried_again_and_found(visits: list[Visit]) -> None:
    first, second, third = (visit.of("mends") for visit in visits)
    assert (first.new, len(first.missed), first.problem) == (11, 1, None)
    assert story_path(7) in first.missed[0].url
    assert "answered 500" in first.missed[0].why
    assert (second.new, second.missed) == (1, ())
    assert [path for path in visits[1].pages("mends") if "t2026" in path] == [story_path(7)]
    assert visits[2].pages("mends") == ["/list/"]
    assert third.new == 0


def test_what_gives_no_story_is_refused_once_with_its_reason(visits: list[Visit]) -> None:
    refused = {one.url.rsplit("_", 1)[1]: one.reason for one in visits[0].of("moves").refused}
    assert refused == {"4.html": "gone", "5.html": "not-html", "6.html": "short"}
    assert visits[0].of("moves").new == 9
    assert [one.reason for one in visits[0].of("huge").refused] == ["too-large"]
    assert all(one.english() and one.chinese() for one in visits[0].of("huge").refused)


def test_every_request_says_who_asks_and_carries_no_cookie(visits: list[Visit]) -> None:
    for visit_ in visits:
        for headers in (header for all_ in visit_.headers.values() for header in all_):
            assert headers["user-agent"].startswith("jianbao/")
            assert "+https://jianbao.example/bot" in headers["user-agent"]
            assert headers["accept-language"].startswith("zh-CN")
            assert "cookie" not in headers


def test_robots_rules_and_crawl_delay_are_kept(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1, 2, 3])
        site.answers["/robots.txt"] = Answer(
            "User-agent: *\nDisallow: /list/202611/t20261103_2\nCrawl-delay: 0.4\n",
            headers={"Content-Type": "text/plain"},
        )
        began = time.monotonic()
        report = visit(tmp_path, source(site.address)).sources[0]
        took = time.monotonic() - began
    assert story_path(2) not in site.requests
    assert [one.reason for one in report.refused] == ["robots"]
    assert report.new == 2
    assert took > 3 * 0.4  # list and two stories, each after the delay


def test_a_host_is_asked_one_thing_at_a_time_even_by_two_sources(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1, 2, 3])

        def slowly(number: int) -> Answer:
            time.sleep(0.1)
            return story_page(number)

        for number in (1, 2, 3):
            site.answers[story_path(number)] = lambda number=number: slowly(number)
        site.answers["/other/"] = site.answers["/list/"]
        second = source(site.address, id="second", entries=("http://odd.example/other/",))
        report = visit(tmp_path, source(site.address), second)
    assert site.most_at_once == 1
    assert [(one.new + one.changed, one.same, one.problem) for one in report.sources] == [
        (3, 0, None),
        (0, 3, None),
    ]


def test_since_leaves_older_stories_for_a_later_crawl(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1, 2])
        rows = site.answers["/list/"]
        assert isinstance(rows, Answer)
        rows.body = str(rows.body).replace("t20261103_2", "t20261001_2")
        site.answers["/list/202611/t20261001_2.html"] = story_page(2)
        one = source(site.address)
        assert visit(tmp_path, one, since=date(2026, 11, 1)).new == 1
        assert visit(tmp_path, one).new == 1


def test_progress_is_told_and_scrapy_stays_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    events: list[CrawlEvent] = []
    with odd_site() as site:
        site.publish([1, 2])
        one = source(site.address)
        visit(tmp_path, one, progress=events.append)
        assert capfd.readouterr() == ("", "")
        assert {event.detail for event in events if event.what == "new"} == {title(1), title(2)}
        assert [events[0].what, events[-1].what] == ["started", "done"]
        assert sum(event.what == "asked" for event in events) == len(site.requests)
        assert "Spider closed" in (tmp_path / "crawl.log").read_text(encoding="utf-8")
        with (
            Store.open(tmp_path / "store.db", clock=now, writer="index"),
            pytest.raises(WriterIsBusy, match="jianbao index"),
        ):
            visit(tmp_path, one)


def test_an_interrupt_ends_the_crawl_and_loses_nothing(tmp_path: Path) -> None:
    def interrupt(event: CrawlEvent) -> None:
        if event.what == "new":
            raise KeyboardInterrupt

    with odd_site() as site:
        site.publish(list(range(1, 13)))
        one = source(site.address)
        with pytest.raises(KeyboardInterrupt):
            visit(tmp_path, one, progress=interrupt)
        early = {story.id for story in stored(tmp_path)}
        visit(tmp_path, one)
    assert early < {story.id for story in stored(tmp_path)}
    assert len(stored(tmp_path)) == 12
    assert all(SENTENCE in story.body for story in stored(tmp_path))


def test_a_web_that_grows_day_by_day_is_read_without_asking_twice(tmp_path: Path) -> None:
    """Every kind of source, over four evenings; a story is looked at again as the schedule says."""
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=tmp_path / "crawl.log")
    with serve_countyweb() as web:
        # A site without a single story on the first evening has no list either.
        began = {s.site for s in web.stories if s.published <= date(2026, 11, 10)}
        began.discard("board")  # its pinned notices make it a case of its own
        write_sources(tmp_path / "sources", web.addresses)
        sources = [one for one in load_sources(tmp_path / "sources") if one.id in began]
        wanted = [s for s in web.stories if s.site in began]
        for day in (10, 11, 12, 21):
            evening = datetime(2026, 11, day, 20, 0, tzinfo=ZONE)
            web.publish(evening.date())
            web.requests.clear()
            report = crawl(sources, tmp_path / "store.db", clock=lambda: evening, settings=settings)  # noqa: B023
            assert report.problems == ()
            assert len(stored(tmp_path)) == sum(s.published <= evening.date() for s in wanted)
            looks = sum(one.checked for one in report.sources)
            due = [s for s in wanted if s.published < evening.date()]
            assert looks <= len(due)
            asked = Counter((site, path) for site, path, _ in web.requests if not _is_list(path))
            assert max(asked.values()) == 1
            # One request for a story that is new, or that the schedule has looked at again.
            assert day == 10 or sum(asked.values()) <= looks + 3 * (report.new + 10)


def _is_list(path: str) -> bool:
    return not re.search(r"\d{4,}[^/]*\.s?html?$", path) or "node_" in path
