"""A story is looked at again: corrected, withdrawn, back, moved, or as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jianbao.crawler.crawl import SourceReport
from jianbao.crawler.recheck import days_after
from jianbao.crawler.reparse import reparse
from jianbao.crawler.snapshots import Snapshots
from jianbao.desk.history import history, history_lines
from jianbao.index.limits import CHECK_DAYS
from jianbao.index.store import Store
from jianbao.index.story import Story

from .odd_site import SENTENCE, Answer, OddSite, odd_site, source, story_page, visit
from .test_systems import BASE, long_story

pytestmark = pytest.mark.usefixtures("quick_crawls")

FIRST = datetime(2026, 11, 3, 18, 0).astimezone()
PATH = "/list/202611/t20261103_1.html"
CORRECTED = story_page(1, text=SENTENCE.replace("六个", "七个"))


def on(day: int) -> datetime:
    """The evening so many days after the story was published."""
    return FIRST + timedelta(days=day)


def read(folder: Path, site: OddSite, day: int, **options: object) -> SourceReport:
    site.requests.clear()
    site.headers.clear()
    report = visit(folder, source(site.address), at=on(day), **options)
    assert report.problems == ()
    return report.sources[0]


def the_story(folder: Path) -> tuple[Store, Story]:
    store = Store.open(folder / "store.db", clock=lambda: on(30))
    (story,) = store.stories()
    return store, story


def test_the_days_are_counted_from_publication_and_only_those_to_come() -> None:
    assert days_after(date(2026, 11, 3), date(2026, 11, 3)) == [
        (date(2026, 11, 3) + timedelta(days=after)).isoformat() for after in CHECK_DAYS
    ]
    assert days_after(date(2026, 11, 3), date(2026, 11, 5)) == [
        "2026-11-06",
        "2026-11-10",
        "2026-12-03",
    ]
    assert days_after(date(2026, 11, 3), date(2026, 12, 3)) == []


def test_a_story_is_looked_at_on_the_days_of_the_schedule_and_on_no_other(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        looked = []
        for day in (*range(5), 6, 7, 8, 29, 30, 31):
            report = read(tmp_path, site, day)
            if PATH in site.requests and day:
                looked.append(day)
                assert (report.checked, report.new, report.changed) == (1, 0, 0)
    assert looked == list(CHECK_DAYS)


def test_days_without_a_crawl_are_made_up_for_once(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        read(tmp_path, site, 5)
        assert site.requests.count(PATH) == 1
        read(tmp_path, site, 6)
        assert PATH not in site.requests


def test_a_look_is_conditional_and_an_unchanged_answer_changes_nothing(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        page = story_page(1)
        page.headers |= {"ETag": '"s1"', "Last-Modified": "Tue, 03 Nov 2026 01:00:00 GMT"}
        site.answers[PATH] = page
        read(tmp_path, site, 0)
        site.answers[PATH] = Answer(status=304)
        for day in (1, 3):
            assert read(tmp_path, site, day).checked == 1
            asked = site.headers[site.requests.index(PATH)]
            assert asked["if-none-match"] == '"s1"'
            assert asked["if-modified-since"] == "Tue, 03 Nov 2026 01:00:00 GMT"
    store, story = the_story(tmp_path)
    with store:
        assert store.revisions(story.id) == []
        assert history(store, story.id) == []


def test_a_corrected_story_keeps_its_history_and_shows_it(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        site.answers[PATH] = CORRECTED
        report = read(tmp_path, site, 1)
        assert (report.new, report.changed, report.checked) == (0, 1, 1)
        assert read(tmp_path, site, 3).changed == 0
    store, story = the_story(tmp_path)
    with store:
        assert "七个" in story.body
        (earlier,) = store.revisions(story.id)
        assert "六个" in earlier.body
        (told,) = history(store, story.id)
        assert (told["what"], str(told["at"])[:10]) == ("source", "2026-11-04")
        assert list(told["changes"]) == ["paragraphs"]
        assert store.revised("2026-11-04") == [story.id]
        assert store.revised("2026-11-05") == []
        lines = list(history_lines(store, story.id))
        assert "changed by its source: paragraphs" in lines[0]
        assert any("七个" in line and line.strip().startswith("+") for line in lines)
        snapshots = Snapshots(tmp_path / "snapshots", store, lambda: on(30))
        kept = store.snapshot(f"http://odd.example{PATH}", "") or store.latest_snapshot(
            f"http://odd.example{PATH}"
        )
        assert kept is not None
        assert snapshots.body(kept) == CORRECTED.sent


def test_what_a_page_counts_or_shows_around_the_story_is_no_revision(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        body = str(story_page(1).body).replace("</body>", "<div>浏览次数：812</div></body>")
        site.answers[PATH] = Answer(body, headers={"Content-Type": "text/html; charset=utf-8"})
        assert (read(tmp_path, site, 1).changed, read(tmp_path, site, 3).changed) == (0, 0)
    store, story = the_story(tmp_path)
    with store:
        assert store.revisions(story.id) == []
        # Nothing became of the page, so it is not kept.
        assert store._db.execute("SELECT count(*) FROM snapshots").fetchone() == (1,)


@pytest.mark.parametrize("status", [404, 410])
def test_gone_on_two_days_is_withdrawn_and_the_story_stays(tmp_path: Path, status: int) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        site.answers[PATH] = Answer(status=status)
        assert read(tmp_path, site, 1).withdrawn == 0
        store, story = the_story(tmp_path)
        with store:
            assert store.withdrawals() == {}
            assert [event.what for event in store.events(story.id)] == ["missing"]
        assert read(tmp_path, site, 1).checked == 0  # the same day says nothing more
        assert read(tmp_path, site, 2).withdrawn == 1
        assert read(tmp_path, site, 3).withdrawn == 0
    store, story = the_story(tmp_path)
    with store:
        assert list(store.withdrawals()) == [story.id]
        assert SENTENCE in story.body
        assert [one["what"] for one in history(store, story.id)] == ["missing", "withdrawn"]
        assert "withdrawn at its source" in list(history_lines(store, story.id))[1]


def test_gone_for_a_day_only_is_told_and_forgiven(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        page = site.answers.pop(PATH)
        read(tmp_path, site, 1)
        site.answers[PATH] = page
        assert read(tmp_path, site, 2).withdrawn == 0
    store, story = the_story(tmp_path)
    with store:
        assert [event.what for event in store.events(story.id)] == ["missing", "returned"]
        assert store.withdrawals() == {}


def test_a_withdrawn_story_that_comes_back_is_withdrawn_no_longer(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        page = site.answers.pop(PATH)
        for day in (1, 2):
            read(tmp_path, site, day)
        site.answers[PATH] = page
        read(tmp_path, site, 3)
    store, story = the_story(tmp_path)
    with store:
        assert [e.what for e in store.events(story.id)] == ["missing", "withdrawn", "returned"]
        assert store.withdrawals() == {}


def test_a_server_that_fails_withdraws_nothing(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        site.answers[PATH] = Answer(status=500)
        for day in (1, 2, 3, 4):
            assert read(tmp_path, site, day).withdrawn == 0
        site.answers[PATH] = CORRECTED
        assert read(tmp_path, site, 5).changed == 1
    store, story = the_story(tmp_path)
    with store:
        assert store.events(story.id) == []


def test_a_page_that_is_no_story_any_more_leaves_the_story_alone(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        site.answers[PATH] = Answer("<html><body><h1>系统维护</h1></body></html>")
        report = read(tmp_path, site, 1)
        assert (report.changed, report.withdrawn, report.refused) == (0, 0, ())
    store, story = the_story(tmp_path)
    with store:
        assert SENTENCE in story.body
        assert store.seen(f"http://odd.example{PATH}")


def test_a_story_that_moved_stays_one_story(tmp_path: Path) -> None:
    moved = PATH.replace("t20261103_1", "t20261103_901")
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        listed = site.answers["/list/"]
        assert isinstance(listed, Answer)
        listed.body = str(listed.body).replace(PATH, moved)
        site.answers[moved] = site.answers[PATH]
        site.answers[PATH] = Answer(status=301, headers={"Location": moved})
        report = read(tmp_path, site, 1)
        assert (report.new, report.withdrawn) == (0, 0)
        read(tmp_path, site, 3)
    store, story = the_story(tmp_path)
    with store:
        assert story.url == f"http://odd.example{moved}"
        assert [list(one["changes"]) for one in history(store, story.id)] == [["url"]]
    with Store.open(tmp_path / "store.db", clock=lambda: on(9), writer="test") as store:
        snapshots = Snapshots(tmp_path / "snapshots", store, lambda: on(9))
        report = reparse(snapshots, [source("http://127.0.0.1:1")])
        assert (report.new, report.changed, report.same) == (0, 0, 2)


def test_a_story_that_an_issue_printed_is_looked_at_again_from_that_day(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        read(tmp_path, site, 0)
        for day in CHECK_DAYS:
            read(tmp_path, site, day)
        store, story = the_story(tmp_path)
        store.close()
        printed = {story.id: on(40).date(), "unknown": on(40).date()}
        looked = []
        for day in (40, 41, 42, 43, 46, 47, 48, 70, 71):
            read(tmp_path, site, day, printed=printed)
            looked += [day - 40] if PATH in site.requests else []
        assert looked == list(CHECK_DAYS)


def test_a_story_of_several_pages_is_looked_at_whole(tmp_path: Path) -> None:
    with odd_site() as site:
        long_story(site, 3)
        one = source(site.address, family="people", entries=(f"{BASE}/GB/1/index.html",))
        assert visit(tmp_path, one, at=on(0)).sources[0].new == 1
        pages = [path for path in site.requests if "c1013" in path]
        last = site.answers[pages[-1]]
        assert isinstance(last, Answer)
        site.requests.clear()
        assert visit(tmp_path, one, at=on(1)).sources[0].changed == 0
        # An unchanged first page is believed: the others are asked for when it changed.
        assert [path for path in site.requests if "c1013" in path] == pages[:1]
        first = site.answers[pages[0]]
        assert isinstance(first, Answer)
        first.body = str(first.body).replace("六个", "七个")
        last.body = str(last.body).replace("当天能办的", "三天能办的")
        site.requests.clear()
        assert visit(tmp_path, one, at=on(3)).sources[0].changed == 1
        assert [path for path in site.requests if "c1013" in path] == pages
    store, story = the_story(tmp_path)
    with store:
        assert "七个" in story.body
        assert "三天能办的" in story.body
    with Store.open(tmp_path / "store.db", clock=lambda: on(9), writer="test") as store:
        snapshots = Snapshots(tmp_path / "snapshots", store, lambda: on(9))
        assert reparse(snapshots, [one]).same == 1
        assert store.story(story.id) == story
