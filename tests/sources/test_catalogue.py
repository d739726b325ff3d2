"""The starter catalogue: every file follows the schema, names its place and its evidence, and claims no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jianbao.crawler import catalogue
from jianbao.crawler.catalogue import CatalogueHasNot
from jianbao.crawler.families import FAMILIES
from jianbao.crawler.lists import pattern_of
from jianbao.crawler.sources import Source, due
from jianbao.index.gazetteer import Gazetteer

from ..crawl.odd_site import now

ENTRIES = catalogue.entries()
GAZETTEER = Gazetteer.load()


@pytest.mark.parametrize(("path", "source"), ENTRIES, ids=[source.id for _, source in ENTRIES])
def test_a_file_of_the_catalogue_says_where_its_shape_was_seen(path: Path, source: Source) -> None:
    assert path.stem == source.id
    assert source.state == "unverified"
    assert source.seen
    assert not source.loopback
    assert source.rights != "full"
    assert source.delay >= 3
    if source.home:
        place = GAZETTEER.place(source.home)
        assert place is not None
        assert place.province == "140000"
    hosts = {host.removeprefix("www.") for host in source.hosts}
    sites = {seen.address.split("/")[2].removeprefix("www.") for seen in source.seen}
    assert sites & hosts, "what was seen is on the site itself"


@pytest.mark.parametrize(("path", "source"), ENTRIES, ids=[source.id for _, source in ENTRIES])
def test_a_story_address_that_was_seen_has_the_shape_that_the_file_claims(
    path: Path, source: Source
) -> None:
    pages = [seen.address for seen in source.seen if "story page" in seen.what]
    assert all(pattern_of(source).search(address) for address in pages), path
    if not pages:
        assert source.family in ("plain", "trs", "founder", "epaper_pc", "epaper_shtml", "people")


def test_the_province_and_each_of_its_cities_has_a_source() -> None:
    homes = {source.home for _, source in ENTRIES}
    assert len(ENTRIES) >= 25
    assert "140000" in homes
    cities = {place.code for place in GAZETTEER.cities_of("140000")}
    assert len(cities) == 11
    assert cities <= homes
    assert len({home for home in homes if home[4:] != "00"}) >= 5, "counties"
    assert len({source.family for _, source in ENTRIES}) >= 6


def test_none_of_them_is_crawled_without_a_word() -> None:
    sources = [source for _, source in ENTRIES]
    chosen, left = due(sources, [], today=now().date())
    assert chosen == []
    assert len(left) == len(sources)
    assert all("check --live" in one.english() for one in left)


def test_no_text_of_a_site_is_in_the_catalogue() -> None:
    """Names and our own words only: no run of Chinese that could be somebody's sentence."""
    for path in sorted(catalogue.FOLDER.rglob("*.toml")):
        runs = re.findall(r"[\u4e00-\u9fff]{15,}", path.read_text(encoding="utf-8"))
        assert not runs, path


def test_a_source_is_found_by_its_id() -> None:
    path, source = catalogue.entry("qinyuan-gov")
    assert (path.parent.name, source.home) == ("shanxi", "140431")
    with pytest.raises(CatalogueHasNot, match="nowhere"):
        catalogue.entry("nowhere")


def test_every_family_of_the_catalogue_is_one_of_ours() -> None:
    assert {source.family for _, source in ENTRIES} <= set(FAMILIES)
