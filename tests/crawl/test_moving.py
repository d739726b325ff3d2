"""A site that does not stay as it is, from the sample county web: every turn of it is noticed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlSettings, SourceReport, crawl
from jianbao.crawler.health import Health, health_of
from jianbao.crawler.sources import Source, load_sources
from jianbao.desk.countyweb import moving
from jianbao.desk.countyweb.server import CountyWeb, serve_countyweb, write_sources
from jianbao.desk.history import history
from jianbao.index.clock import ZONE
from jianbao.index.store import Store
from jianbao.index.story import Story

_TURNING = (moving.CORRECTED, moving.WITHDRAWN, moving.MOVED)


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, 0, tzinfo=ZONE)


def read(folder: Path, web: CountyWeb, one: Source, day: date) -> SourceReport:
    web.publish(day)
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")
    report = crawl([one], folder / "store.db", clock=lambda: evening(day), settings=settings)
    assert report.problems == ()
    return report.sources[0]


@pytest.fixture(scope="module")
def followed(
    tmp_path_factory: pytest.TempPathFactory, quick_module: object
) -> tuple[Path, CountyWeb, Source]:
    """The site read on many evenings, until a month after its stories came."""
    folder = tmp_path_factory.mktemp("moving")
    with serve_countyweb() as web:
        write_sources(folder / "sources", web.addresses)
        (one,) = [one for one in load_sources(folder / "sources") if one.id == "moving"]
        own = [story for story in web.stories if story.site == "moving"]
        # Every evening with a story, and those on which the three that turn are looked at again.
        turning = [one.published for one in own if one.slug in _TURNING]
        looks = {day + timedelta(days=after) for day in turning for after in (30, 31)}
        for day in sorted({*(story.published for story in own), moving.TURNS, *looks}):
            read(folder, web, one, day)
    return folder, web, one


def health(folder: Path, one: Source, day: date) -> Health:
    with Store.open(folder / "store.db", clock=lambda: evening(day)) as store:
        return health_of(store, one, evening(day))


def by_slug(folder: Path, web: CountyWeb, slug: str) -> Story:
    headline = next(story.headline for story in web.stories if story.slug == slug)
    with Store.open(folder / "store.db", clock=lambda: evening(moving.TURNS)) as store:
        (story,) = [story for story in store.stories() if story.headline == headline]
        return story


def test_both_layouts_and_every_move_leave_each_story_once(
    followed: tuple[Path, CountyWeb, Source],
) -> None:
    folder, web, _ = followed
    with Store.open(folder / "store.db", clock=lambda: evening(moving.TURNS)) as store:
        taken = sorted(story.headline for story in store.stories())
    assert taken == sorted(story.headline for story in web.stories if story.site == "moving")


def test_the_correction_is_a_revision(followed: tuple[Path, CountyWeb, Source]) -> None:
    folder, web, _ = followed
    gold = moving.corrected(next(s for s in web.stories if s.slug == moving.CORRECTED))
    story = by_slug(folder, web, moving.CORRECTED)
    assert [p.text for p in story.paragraphs] == [p.text for p in gold.paragraphs]
    with Store.open(folder / "store.db", clock=lambda: evening(moving.TURNS)) as store:
        assert [one["what"] for one in history(store, story.id)] == ["source"]


def test_the_withdrawal_is_marked_and_the_story_kept(
    followed: tuple[Path, CountyWeb, Source],
) -> None:
    folder, web, _ = followed
    story = by_slug(folder, web, moving.WITHDRAWN)
    with Store.open(folder / "store.db", clock=lambda: evening(moving.TURNS)) as store:
        assert list(store.withdrawals()) == [story.id]
        assert [one["what"] for one in history(store, story.id)] == ["missing", "withdrawn"]


def test_the_move_is_told(followed: tuple[Path, CountyWeb, Source]) -> None:
    folder, web, _ = followed
    story = by_slug(folder, web, moving.MOVED)
    with Store.open(folder / "store.db", clock=lambda: evening(moving.TURNS)) as store:
        assert store.withdrawals().get(story.id) is None
        assert [list(one["changes"]) for one in history(store, story.id)] == [["url"]]


def test_the_silence_is_first_usual_and_then_dark(
    followed: tuple[Path, CountyWeb, Source],
) -> None:
    folder, _, one = followed
    assert health(folder, one, moving.TURNS).state in ("fine", "quiet")
    found = health(folder, one, moving.TURNS + timedelta(days=60))
    assert found.state == "dark"
    assert "silent for" in found.detail
