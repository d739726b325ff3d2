"""A shelf made of the sample county web's own stories, annotated from their gold."""

from __future__ import annotations

import functools
import threading
from datetime import datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.countyweb.dataset import SampleStory, load_stories
from jianbao.index.annotation import Annotation, Evidence
from jianbao.index.clock import ZONE, week_range
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.story import Picture, Story, story_id
from jianbao.site.build import build_site
from jianbao.site.edition import (
    City,
    County,
    Edition,
    EditionItem,
    Reprint,
    Shelf,
    ShelfStory,
    Theme,
)

HOME = "140000"
ADDRESS = "https://party.example/jianbao/"
BUILT = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
RIGHTS = ("full", "full", "excerpt", "full", "facts")
GROUPS = {
    "领域党建": "rural community relocation organ soe newecon institution",
    "队伍与组织": "member cadre talent discipline orgwork",
    "服务与联建": "service joint red assist",
}
THEME_NAMES = {
    "rural": "农村党建·乡村振兴",
    "community": "社区党建·基层治理",
    "relocation": "易地搬迁社区",
    "organ": "机关党建",
    "soe": "国企党建",
    "newecon": "两新组织·新就业群体",
    "institution": "学校·医院等事业单位",
    "member": "党员教育管理",
    "cadre": "干部与带头人队伍",
    "talent": "人才工作",
    "discipline": "作风·廉洁",
    "orgwork": "组织建设·党建责任",
    "service": "为民服务·一老一小",
    "joint": "党建联建共建",
    "red": "红色资源·党史教育",
    "assist": "驻村帮扶·对口支援",
}


def story_of(sample: SampleStory, rights: Any) -> Story:
    return Story(
        id=story_id(sample.slug),
        kicker=sample.kicker,
        headline=sample.headline,
        deck=sample.deck,
        paragraphs=sample.paragraphs,
        pictures=tuple(Picture(caption=c.text, credit=c.credit) for c in sample.captions),
        byline=sample.byline,
        source=sample.source,
        published=sample.published,
        page=sample.page,
        url="" if sample.page else f"https://news.example/{sample.slug}.html",
        home=HOME,
        rights=rights,
    )


def annotation_of(sample: SampleStory, story: Story) -> Annotation:
    """The gold, with the county's own name in headline and body as evidence."""
    evidence: list[Evidence] = []
    for code in sample.counties:
        name = Gazetteer.load().county_name(code)
        for field, text in (("headline", story.headline), ("body", story.body)):
            start = text.find(name)
            while start >= 0:
                end = start + len(name)
                evidence.append(
                    Evidence("county", code, field, start, end, name, "full-name", 3.0)  # pyright: ignore[reportArgumentType]
                )
                start = text.find(name, end)
    return Annotation(
        counties=sample.counties,
        city=sample.city or None,
        province=HOME,
        level="county" if sample.counties else "none",
        themes=sample.themes,
        relevant=sample.relevant,
        reason="正文写的是基层党组织的工作。" if sample.relevant else "正文不涉及党的建设。",
        evidence=tuple(evidence),
    )


def shanxi() -> tuple[City, ...]:
    places = Gazetteer.load()
    return tuple(
        City(
            city.code,
            city.name,
            tuple(County(unit.code, unit.name) for unit in places.counties_of(city.code)),
        )
        for city in places.cities_of(HOME)
    )


def themes() -> tuple[Theme, ...]:
    return tuple(
        Theme(slug, THEME_NAMES[slug], group)
        for group, slugs in GROUPS.items()
        for slug in slugs.split()
    )


def make_shelf() -> Shelf:
    """All sample stories, rights in turn, and one issue a week of three sections."""
    items: list[ShelfStory] = []
    for number, sample in enumerate(load_stories()):
        story = story_of(sample, RIGHTS[number % len(RIGHTS)])
        copies = (Reprint("汾河转载报", story.published, "https://copy.example/1"),) * (
            number % 7 == 3
        )
        items.append(ShelfStory(story, annotation_of(sample, story), copies))
    editions = [
        _edition(week, number, items)
        for number, week in enumerate(("2026-W45", "2026-W46", "2026-W47"), 45)
    ]
    return Shelf(
        title="三晋党建简报",
        masthead="三晋党建简报",
        publisher="三晋党建简报编辑部",
        home=HOME,
        stories=tuple(items),
        editions=tuple(editions),
        cities=shanxi(),
        themes=themes(),
        contact="编辑部信箱 editor@news.example",
        address=ADDRESS,
    )


def _edition(week: str, number: int, items: list[ShelfStory]) -> Edition:
    first, last = week_range(week)
    own = [
        item
        for item in items
        if item.annotation.relevant
        and item.story.published
        and first <= item.story.published <= last
    ]
    group = {slug: name for name, slugs in GROUPS.items() for slug in slugs.split()}
    chosen = sorted(
        own, key=lambda item: (list(GROUPS).index(group[item.annotation.themes[0]]), item.story.id)
    )[:12]
    return Edition(
        number=number,
        total=number + 100,
        week=week,
        first=first,
        last=last,
        issued=last,
        title="把服务送到家门口" if number == 47 else "",
        note="本期选编一周以来各地的做法，供各县（市、区）参考。" if number != 46 else "",
        items=tuple(
            EditionItem(item.story.id, group[item.annotation.themes[0]]) for item in chosen
        ),
    )


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return make_shelf()


@pytest.fixture(scope="session")
def built(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build_site(shelf, out, built=BUILT)
    return out


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/jianbao"))


def serve(folder: Path) -> tuple[ThreadingHTTPServer, str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}/jianbao/"
