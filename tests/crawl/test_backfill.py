"""How far back a crawl goes: by itself, with a first day, and when it is told to read a few stories."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jianbao.crawler.crawl import SourceReport
from jianbao.crawler.sources import Source
from jianbao.index.clock import ZONE
from jianbao.index.limits import ISSUE_DAYS
from jianbao.index.store import Store

from .odd_site import HOST, SENTENCE, Answer, OddSite, now, odd_site, source, stored, visit

pytestmark = pytest.mark.usefixtures("quick_crawls")

HTML = {"Content-Type": "text/html; charset=utf-8"}
NEWEST = date(2026, 11, 21)


def sheet(day: date, node: int = 1) -> str:
    return f"/pc/layout/{day:%Y%m/%d}/node_{node:02d}.html"


def content(day: date, node: int = 1) -> str:
    return f"/pc/con/{day:%Y%m/%d}/content_{day:%m%d}{node}.html"


def put_issue(site: OddSite, day: date, nodes: int = 1) -> None:
    """An issue with a story on each of its pages, of a paper of the current generation."""
    links = "".join(f"<a href='{sheet(day, n)}'>第{n:02d}版</a>" for n in range(1, nodes + 1))
    for node in range(1, nodes + 1):
        title = f"{day.month}月{day.day}日第{node}版的支部故事"
        site.answers[sheet(day, node)] = Answer(
            f"<html><body>{links}<ul><li><a href='{content(day, node)}'>{title}</a></li></ul></body></html>",
            headers=HTML,
        )
        site.answers[content(day, node)] = Answer(
            f"<html><body><div class='newsdetatit'><h3>{title}</h3><p>来源：样例晚报 {day}</p></div>"
            f"<div class='newsdetatext'><p>{SENTENCE}</p><p>{SENTENCE}（{title}）</p></div></body></html>",
            headers=HTML,
        )
    site.answers["/pc/index.html"] = Answer(
        f"<html><head><meta http-equiv='refresh' content='0;url={sheet(day)[4:]}'></head></html>",
        headers=HTML,
    )


def paper(site: OddSite, days: int, newest: date = NEWEST) -> None:
    """A paper that appears daily except on Sundays, for so many days back."""
    for back in range(days, -1, -1):
        day = newest - timedelta(days=back)
        if day.isoweekday() != 7:
            put_issue(site, day)


def the_paper(site: OddSite, **changes: object) -> Source:
    entry = f"http://{HOST}/pc/index.html"
    return source(site.address, kind="epaper", family="epaper_pc", entries=(entry,), **changes)


def read(folder: Path, site: OddSite, one: Source, **options: object) -> SourceReport:
    site.requests.clear()
    report = visit(folder, one, **options).sources[0]  # pyright: ignore[reportArgumentType]
    assert report.problem is None, report.problem
    return report


def days_of(folder: Path) -> list[date]:
    return sorted({story.published for story in stored(folder) if story.published})


def test_an_epaper_goes_back_a_month_by_itself_and_further_with_a_first_day(tmp_path: Path) -> None:
    with odd_site() as site:
        paper(site, ISSUE_DAYS + 30)
        read(tmp_path, site, the_paper(site))
        assert days_of(tmp_path)[0] == NEWEST - timedelta(days=ISSUE_DAYS)
        first = NEWEST - timedelta(days=ISSUE_DAYS + 20)
        read(tmp_path, site, the_paper(site), since=first)
        assert days_of(tmp_path)[0] >= first
        assert (days_of(tmp_path)[0] - first).days <= 1  # it may be a Sunday
        asked = [path for path in site.requests if "content_" in path]
        assert all(f"/{NEWEST:%Y%m/%d}/" not in path for path in asked)
        # What it walked to is known: a crawl without a first day asks for nothing more.
        read(tmp_path, site, the_paper(site))
        assert [path for path in site.requests if "content_" in path] == []


def test_a_first_day_ends_the_walk_and_the_rest_waits(tmp_path: Path) -> None:
    with odd_site() as site:
        paper(site, 12)
        first = NEWEST - timedelta(days=4)
        read(tmp_path, site, the_paper(site), since=first)
        assert days_of(tmp_path)[0] >= first
        read(tmp_path, site, the_paper(site))
        assert len(days_of(tmp_path)) == 12
        assert not any(f"/{NEWEST:%Y%m/%d}/content" in path for path in site.requests)


def test_the_files_own_first_day_holds_for_every_crawl(tmp_path: Path) -> None:
    with odd_site() as site:
        paper(site, 12)
        one = the_paper(site, since=NEWEST - timedelta(days=3))
        read(tmp_path, site, one)
        read(tmp_path, site, one, since=date(2026, 1, 1))
        assert len(days_of(tmp_path)) == 4


def test_the_calendar_saves_asking_for_issues_that_never_were(tmp_path: Path) -> None:
    with odd_site() as site:
        paper(site, 20)
        began = NEWEST - timedelta(days=9)
        calendar = {"no_issue": [7], "pauses": ["2026-11-19"], "first_issue": began.isoformat()}
        read(tmp_path, site, the_paper(site, calendar=calendar))
        asked = {path for path in site.requests if "/layout/" in path}
        wanted = [began + timedelta(days=n) for n in range(10)]
        left_out = {date(2026, 11, 15), date(2026, 11, 19)}
        assert asked == {sheet(day) for day in wanted if day not in left_out}


def test_todays_issue_is_read_again_until_its_day_is_over(tmp_path: Path) -> None:
    today = now().date()
    with odd_site() as site:
        put_issue(site, today)
        at = datetime(today.year, today.month, today.day, 8, 0, tzinfo=ZONE)
        assert read(tmp_path, site, the_paper(site), at=at).new == 1
        put_issue(site, today, nodes=3)  # the other pages come during the morning
        assert read(tmp_path, site, the_paper(site), at=at + timedelta(hours=4)).new == 2
        put_issue(site, today, nodes=4)
        assert read(tmp_path, site, the_paper(site), at=at + timedelta(hours=26)).new == 1
        read(tmp_path, site, the_paper(site), at=at + timedelta(hours=50))
        assert [path for path in site.requests if "node" in path] == [sheet(today)]


def test_an_issue_that_comes_late_is_found_the_next_day(tmp_path: Path) -> None:
    today = now().date()
    yesterday = today - timedelta(days=1)
    with odd_site() as site:
        put_issue(site, yesterday - timedelta(days=1))
        put_issue(site, today)
        assert read(tmp_path, site, the_paper(site)).new == 2
        assert sheet(yesterday) in site.requests
        put_issue(site, yesterday)
        put_issue(site, today)
        assert read(tmp_path, site, the_paper(site), at=now() + timedelta(days=1)).new == 1


def numbered_list(site: OddSite, days: int) -> None:
    """Lists of five stories, one a day, the newest first."""
    site.publish(list(range(days, 0, -1)))
    for name, answer in list(site.answers.items()):
        assert isinstance(answer, Answer)
        for number in range(days, 0, -1):
            day = NEWEST - timedelta(days=days - number)
            old = f"t20261103_{number}.html"
            answer.body = str(answer.body).replace(old, f"t{day:%Y%m%d}_{number}.html")
            answer.body = (
                answer.body.replace("2026-11-03", f"{day}") if old in name else answer.body
            )
            if name.endswith(f"/{old}"):
                del site.answers[name]
                site.answers[name.replace("t20261103", f"t{day:%Y%m%d}")] = answer


def test_a_list_is_followed_so_far_and_further_with_a_first_day(tmp_path: Path) -> None:
    with odd_site() as site:
        numbered_list(site, 60)
        one = source(site.address, list_pages=3)
        assert read(tmp_path, site, one).new == 15
        assert read(tmp_path, site, one).new == 0
        assert read(tmp_path, site, one, since=NEWEST - timedelta(days=31)).new == 32 - 15
        assert "/list/" in site.requests
        assert not {"/list/index_1.html", "/list/index_2.html"} & set(site.requests)
        assert read(tmp_path, site, one, since=date(2026, 1, 1)).new == 60 - 32


def test_a_walk_that_was_cut_short_goes_on_after_many_new_stories(tmp_path: Path) -> None:
    with odd_site() as site:
        numbered_list(site, 40)
        # The third page fails: the first two were read.
        third = site.answers["/list/index_2.html"]
        site.answers["/list/index_2.html"] = Answer(status=500)
        report = visit(tmp_path, source(site.address)).sources[0]
        assert (report.new, report.problem is not None) == (10, True)
        site.answers["/list/index_2.html"] = third
        assert read(tmp_path, site, source(site.address)).new == 30
        assert site.requests.count("/list/index_1.html") == 0


def test_a_few_stories_are_read_when_only_a_few_are_wanted(tmp_path: Path) -> None:
    with odd_site() as site:
        numbered_list(site, 30)
        assert read(tmp_path, site, source(site.address), most=3).new == 3
        assert sum("t2026" in path for path in site.requests) == 3
        assert [story.published for story in stored(tmp_path)] == [
            NEWEST - timedelta(days=n) for n in range(3)
        ]
        assert read(tmp_path, site, source(site.address)).new == 27
    with Store.open(tmp_path / "store.db", clock=now) as store:
        assert [task.kind for task in store.tasks() if task.kind != "check"] == []
