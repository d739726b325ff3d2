"""What programs read: JSON-LD, feeds, sitemap, a week's data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from jianbao.index import limits
from jianbao.index.clock import week_of
from jianbao.site import machines
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf
from jianbao.site.machines import documents, feeds, sitemap
from jianbao.site.view import View, make_view

from .conftest import ADDRESS, BUILT
from .test_pages import ATTACK, hostile

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def linked_data(page: Path) -> dict[str, object]:
    html = page.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def read(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())  # noqa: S314 - our own file


def test_a_story_page_says_who_wrote_what_where_and_when(built: Path, shelf: Shelf) -> None:
    for entry in make_view(shelf).entries:
        story, data = entry.story, linked_data(built / "story" / f"{entry.story.id}.html")
        assert data["@type"] == "NewsArticle"
        assert data["headline"] == story.headline
        assert data["datePublished"] == story.published.isoformat()  # pyright: ignore[reportOptionalMemberAccess]
        assert data.get("isBasedOn", "") == story.url
        assert data.get("printPage", "") == story.page
        assert data["publisher"] == {"@type": "Organization", "name": shelf.publisher}
        authors = [person["name"] for person in data.get("author", [])]  # pyright: ignore[reportAttributeAccessIssue, reportGeneralTypeIssues]
        assert authors == [*story.authors, *story.organisations]
        assert data["@id"] == f"{ADDRESS}story/{story.id}.html"
        assert len(str(data.get("description", ""))) <= limits.EXCERPT_MOST + 2


def test_facts_rights_tell_programs_no_more_than_facts(built: Path, shelf: Shelf) -> None:
    facts = [e for e in make_view(shelf).entries if e.story.rights == "facts"]
    assert facts
    for entry in facts:
        data = linked_data(built / "story" / f"{entry.story.id}.html")
        assert not data.keys() & {"author", "description", "alternativeHeadline"}


def test_a_hostile_story_stays_data(shelf: Shelf, tmp_path: Path) -> None:
    build_site(
        replace(shelf, stories=(hostile(),), editions=(), publisher=ATTACK), tmp_path, built=BUILT
    )
    assert linked_data(tmp_path / "story" / "attack.html")["headline"] == ATTACK
    titles = [e.text for e in read(tmp_path / "feed/county/140431.xml").iter(f"{ATOM}title")]
    assert ATTACK in titles
    week = json.loads((tmp_path / "week/2026-W47/stories.json").read_text(encoding="utf-8"))
    assert week["stories"][0]["headline"] == ATTACK


def test_every_page_names_its_own_address(built: Path) -> None:
    for path in built.rglob("*.html"):
        name = path.relative_to(built).as_posix()
        html = path.read_text(encoding="utf-8")
        found = re.findall(r'<link rel="canonical" href="([^"]*)"', html)
        assert found == ([] if name == "404.html" else [ADDRESS + name.removesuffix("index.html")])
        assert html.count('property="og:title"') == html.count('property="og:type"') == 1


def test_the_sitemap_names_every_page_once(built: Path) -> None:
    listed = [e.text for e in read(built / "sitemap.xml").iter() if e.tag.endswith("loc")]
    pages = {ADDRESS + p.relative_to(built).as_posix() for p in built.rglob("*.html")}
    assert sorted(map(str, listed)) == sorted(pages - {ADDRESS + "404.html"})


def test_a_large_sitemap_is_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "SITEMAP_ADDRESSES", 4)
    files = dict(sitemap(ADDRESS, [f"story/{n}.html" for n in range(9)]))
    assert list(files) == ["sitemap/1.xml", "sitemap/2.xml", "sitemap/3.xml", "sitemap.xml"]
    assert [data.count(b"<url>") for data in files.values()] == [4, 4, 1, 0]
    assert files["sitemap.xml"].count(b"<sitemap>") == 3


def test_feeds_stand_for_issues_counties_and_themes(built: Path, shelf: Shelf) -> None:
    view = make_view(shelf)
    names = {path.relative_to(built).as_posix() for path in built.glob("feed/**/*.xml")}
    assert names >= {"feed/issues.xml", "feed/theme/service.xml"}
    assert {name for name in names if "county" in name} == {
        f"feed/county/{code}.xml" for code in view.by_county
    }
    for name in names:
        feed = read(built / name)
        ids = [str(e.findtext(f"{ATOM}id")) for e in feed.iter(f"{ATOM}entry")]
        assert ids
        assert len(set(ids)) == len(ids)
        assert all(i.startswith("tag:party.example,2026:/jianbao/") for i in ids)
        for link in feed.iter(f"{ATOM}link"):
            address = link.attrib["href"]
            assert (built / address.removeprefix(ADDRESS)).is_file(), address
        moments = [str(e.findtext(f"{ATOM}updated")) for e in feed.iter(f"{ATOM}entry")]
        assert moments == sorted(moments, reverse=True)
        assert feed.findtext(f"{ATOM}updated") == moments[0]
    county = (built / "county/140431.html").read_text(encoding="utf-8")
    assert 'type="application/atom+xml"' in county


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> View:
    monkeypatch.setattr(machines, "FEED_ARCHIVE", 5)
    monkeypatch.setattr(machines, "FEED_LEAST", 3)
    return make_view(shelf)


def test_an_archive_leads_back_to_the_first_story(small: View) -> None:
    for feed in feeds(small):
        files = {path: render() for path, _, render in documents(small.shelf, feed)}
        at, seen, archives = feed.path, [], 0
        while at:
            document = ET.fromstring(files.pop(at))  # noqa: S314 - our own
            seen += [str(e.findtext(f"{ATOM}id")) for e in document.iter(f"{ATOM}entry")]
            archives += document.find(f"{HISTORY}archive") is not None
            links = {e.attrib["rel"]: e.attrib["href"] for e in document.findall(f"{ATOM}link")}
            assert links["self"] == ADDRESS + at
            at = links.get("prev-archive", "").removeprefix(ADDRESS)
        assert not files, "every document can be reached"
        assert archives == len(feed.items) // 5
        wanted = [f"tag:party.example,2026:/jianbao/{i.link[:-5]}" for i in feed.items]
        assert set(seen) == set(wanted)


def test_a_full_archive_stays_the_same_when_stories_arrive(small: View) -> None:
    feed = max(feeds(small), key=lambda feed: len(feed.items))
    assert len(feed.items) > 12
    before = replace(feed, items=feed.items[:-2])
    old = {path: render() for path, _, render in documents(small.shelf, before)}
    new = {path: render() for path, _, render in documents(small.shelf, feed)}
    first = f"{feed.path[:-4]}/1.xml"
    assert old[first] == new[first]
    assert old[feed.path] != new[feed.path]


def test_a_weeks_data_holds_its_stories_within_their_rights(built: Path, shelf: Shelf) -> None:
    view = make_view(shelf)
    for week, entries in view.by_week.items():
        data = json.loads((built / "week" / week / "stories.json").read_text(encoding="utf-8"))
        assert data["week"] == week
        assert [s["id"] for s in data["stories"]] == [e.story.id for e in entries]
        for item, entry in zip(data["stories"], entries, strict=True):
            assert item["paragraphs"] == [p.text for p in entry.story.paragraphs]
            assert item["headline"] == entry.story.headline
            assert (built / item["page"]).is_file()
            assert week_of(entry.story.published) == week if entry.story.published else True


def test_without_an_address_nothing_claims_one(shelf: Shelf, tmp_path: Path) -> None:
    build_site(replace(shelf, address=""), tmp_path, built=BUILT)
    assert not list(tmp_path.rglob("*.xml"))
    assert "没有设定公开网址" in (tmp_path / "about.html").read_text(encoding="utf-8")
    for path in tmp_path.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "canonical" not in html
        assert "og:url" not in html
    assert "@id" not in linked_data(next((tmp_path / "story").iterdir()))
