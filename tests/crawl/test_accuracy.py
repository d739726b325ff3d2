"""The whole county web, crawled: every story once, every field right.

Run alone with ``-s`` to see the table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlReport, CrawlSettings, crawl
from jianbao.crawler.sources import load_sources
from jianbao.desk.countyweb.dataset import SITES, SampleStory
from jianbao.desk.countyweb.server import build_site, serve_countyweb, write_sources
from jianbao.index.story import Byline, Story

from .odd_site import now, stored

FLOORS = tomllib.loads((Path(__file__).parents[1] / "floors.toml").read_text("utf-8"))["crawl"]
WRITERS = ("reporters", "correspondents", "trainees", "authors", "photographers", "organisations")


def people(byline: Byline) -> dict[str, tuple[str, ...]]:
    return {role: getattr(byline, role) for role in WRITERS}


FIELDS: dict[str, Callable[[Story, SampleStory], bool]] = {
    "headline": lambda story, gold: story.headline == gold.headline,
    "kicker": lambda story, gold: story.kicker == (gold.kicker or gold.place_line),
    "deck": lambda story, gold: story.deck == gold.deck,
    "published": lambda story, gold: story.published == gold.published,
    "source": lambda story, gold: story.source == gold.source,
    "page": lambda story, gold: story.page == gold.page,
    "byline": lambda story, gold: people(story.byline) == people(gold.byline),
    "editors": lambda story, gold: story.byline.editors == gold.byline.editors,
    "paragraphs": lambda story, gold: story.paragraphs == gold.paragraphs,
    "captions": lambda story, gold: (
        # Posters and codes to scan are pictures without words.
        [(one.caption, one.credit) for one in story.pictures if one.caption or one.credit]
        == [(one.text, one.credit) for one in gold.captions]
    ),
}


@dataclass
class Crawled:
    gold: tuple[SampleStory, ...]
    stories: list[Story]
    first: CrawlReport
    second: CrawlReport
    asked: set[str]
    asked_again: list[tuple[str, str, int]]
    log: str


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch
) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("countyweb")
    # The crawl's process inherits this: a deprecation anywhere in it ends it.
    monkeypatch_module.setenv("PYTHONWARNINGS", "error")
    with serve_countyweb() as web:
        write_sources(folder / "sources", web.addresses)
        settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")

        def go() -> CrawlReport:
            sources = load_sources(folder / "sources")
            return crawl(sources, folder / "store.db", clock=now, settings=settings)

        first = go()
        asked = len(web.requests)
        paths = {path for _, path, _ in web.requests}
        second = go()
        log = (folder / "crawl.log").read_text(encoding="utf-8")
        yield Crawled(
            web.stories, stored(folder), first, second, paths, list(web.requests[asked:]), log
        )


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def pairs(crawled: Crawled) -> list[tuple[Story, SampleStory]]:
    """Stories with their gold, by site and headline."""
    gold = {(one.site, one.headline): one for one in crawled.gold}
    return [(story, gold[story.source_id, story.headline]) for story in crawled.stories]


def test_every_story_is_taken_exactly_once_and_nothing_else(crawled: Crawled) -> None:
    wanted = sorted((one.site, one.published, one.headline) for one in crawled.gold)
    taken = sorted((one.source_id, one.published, one.headline) for one in crawled.stories)
    assert taken == wanted
    assert crawled.first.new == len(wanted)
    assert len({story.url for story in crawled.stories}) == len(wanted)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_right(crawled: Crawled, field: str) -> None:
    both = pairs(crawled)
    right = sum(FIELDS[field](story, gold) for story, gold in both)
    print(f"\n{field:12} {right:4}/{len(both)}  {right / len(both):.3f}")
    for story, gold in both:
        if not FIELDS[field](story, gold):
            print(f"  {gold.slug}")
    assert right / len(both) >= FLOORS["field"]


def test_every_site_is_right_for_itself(crawled: Crawled) -> None:
    for site in SITES:
        both = [(story, gold) for story, gold in pairs(crawled) if gold.site == site]
        whole = sum(all(right(*pair) for right in FIELDS.values()) for pair in both)
        print(f"\n{site:12} {whole}/{len(both)} stories right in every field")
        assert whole / len(both) >= FLOORS["whole_stories_of_a_site"]


def test_a_story_knows_its_home_its_rights_and_its_one_address(crawled: Crawled) -> None:
    homes = {
        "county-gov": "140431",
        "city-gov": "140600",
        "department": "140500",
        "paper": "140781",
        "founder": "140800",
        "epaper": "141100",
        "portal": "140000",
        "school": "140900",
        "board": "140000",
        "media": "140729",
        "feed": "140000",
        "moving": "140924",
    }
    for story in crawled.stories:
        assert story.home == homes[story.source_id]
        assert story.rights == "full"
        assert story.url.startswith("http://")
        assert not any(
            mark in story.url for mark in ("#", "utm_", "/pad/", "/mobile/", "/BIG5/", "-1-2.html")
        )
        assert story.byline.raw or not any(people(story.byline).values())
        assert all(one.url.startswith("http://") for one in story.pictures)


def test_a_place_line_beside_a_kicker_is_kept_among_the_repairs(crawled: Crawled) -> None:
    both = [(story, gold) for story, gold in pairs(crawled) if gold.place_line and gold.kicker]
    assert both
    for story, gold in both:
        assert gold.place_line in [one.text for one in story.repairs if one.kind == "set-aside"]


def test_what_is_no_story_is_refused_with_its_reason(crawled: Crawled) -> None:
    refused = {
        (source.source_id, one.reason) for source in crawled.first.sources for one in source.refused
    }
    assert refused == {
        *((site, "robots") for site in SITES),
        ("epaper", "credits"),
        ("epaper", "advert"),
        ("founder", "credits"),
        ("founder", "advert"),
        ("feed", "not-chinese"),
    }


def test_no_site_is_asked_for_what_its_robots_close(crawled: Crawled) -> None:
    assert all(source.problem is None for source in crawled.first.sources)
    assert not [path for _, path in closed_paths(crawled) if path in crawled.asked]


def closed_paths(crawled: Crawled) -> list[tuple[str, str]]:
    """Addresses that a site's robots.txt closes and its lists link to."""
    found: list[tuple[str, str]] = []
    for site in SITES:
        answers = build_site(site, crawled.gold, None).answers
        closed = answers["/robots.txt"].body.decode().split("Disallow: ")[1].split()[0]
        found += [(site, path) for path in answers if path.startswith(closed)]
    assert {site for site, _ in found} == set(SITES)
    return found


def test_a_second_visit_brings_nothing_and_asks_for_no_story(crawled: Crawled) -> None:
    assert (crawled.second.new, crawled.second.changed) == (0, 0)
    assert crawled.second.problems == ()
    for site in SITES:
        asked = [path for one, path, _ in crawled.asked_again if one == site]
        stories = set(build_site(site, crawled.gold, None).stories.values())
        assert not stories & set(asked), site
        # robots.txt and the entry; e-papers look at the days that might still get an issue.
        assert 2 <= len(asked) <= 8, (site, asked)
        assert len(asked) == len(set(asked)), (site, asked)
    assert ("feed", "/rss/rss.xml?siteId=1", 304) in crawled.asked_again


def test_the_log_holds_no_warning_and_no_error(crawled: Crawled) -> None:
    assert "Spider closed (finished)" in crawled.log
    for word in (" WARNING: ", " ERROR: ", "Traceback", "Warning:"):
        assert word not in crawled.log, crawled.log[crawled.log.index(word) - 300 :][:900]


def test_the_same_web_gives_the_same_stories(crawled: Crawled, tmp_path: Path) -> None:
    with serve_countyweb() as web:
        write_sources(tmp_path / "sources", web.addresses)
        settings = CrawlSettings(contact="https://jianbao.example/bot", log=tmp_path / "crawl.log")
        sources = load_sources(tmp_path / "sources")
        crawl(sources, tmp_path / "store.db", clock=now, settings=settings)
    assert stored(tmp_path) == crawled.stories != []
