"""Given only a home address: which system, which lists, whose place; or a sentence why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlSettings
from jianbao.crawler.problems import LeadsElsewhere, ListIsGone, RobotsForbid, SiteDeclines
from jianbao.crawler.proposal import Proposal, place_of, site_name
from jianbao.crawler.recognise import IsNoNewsSite, recognise
from jianbao.crawler.sources import Source, load_sources
from jianbao.crawler.survey import IsNoWebPage
from jianbao.crawler.trial import try_source
from jianbao.crawler.visitor import LookedTooLong
from jianbao.crawler.webpage import Page
from jianbao.desk.countyweb.dataset import Site
from jianbao.desk.countyweb.home import HOSTS
from jianbao.desk.countyweb.server import SITES, CountyWeb, serve_countyweb, write_sources
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.limits import LOOK_REQUESTS

from ..crawl.odd_site import HOST, Answer, OddSite, now, odd_site, title
from . import small_sites
from .conftest import Visiting

GAZETTEER = Gazetteer.load()
HOME = f"http://{HOST}/"
# Whose place a site speaks for, where its own pages say it; these do not.
_SILENT = {"board", "feed", "paper", "portal"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CountyWeb, dict[str, Source]]]:
    folder = tmp_path_factory.mktemp("sources")
    with serve_countyweb() as running:
        write_sources(folder, running.addresses)
        yield running, {source.id: source for source in load_sources(folder)}


def propose(look: Visiting, loopback: str, url: str = HOME, **options: object) -> Proposal:
    with look(loopback) as visitor:
        return recognise(
            visitor,
            url,
            gazetteer=GAZETTEER,
            province="140000",
            loopback=loopback,
            **options,  # pyright: ignore[reportArgumentType]
        )


@pytest.mark.parametrize("site", SITES)
def test_each_shape_of_the_county_web_is_recognised_from_its_home_page(
    site: Site, web: tuple[CountyWeb, dict[str, Source]], look: Visiting
) -> None:
    running, sources = web
    known = sources[site]
    found = propose(look, running.addresses[site], f"http://{HOSTS[site]}/").source
    assert (found.kind, found.family) == (known.kind, known.family)
    if known.kind != "epaper":
        assert set(found.entries) & set(known.entries)
    if site in _SILENT:
        assert found.home == ""
    else:
        assert found.home[:4] == known.home[:4]


@pytest.mark.parametrize("name", sorted(small_sites.SITES))
def test_a_small_site_of_each_other_system_is_recognised_and_read(
    name: str, look: Visiting, tmp_path: Path
) -> None:
    with odd_site() as site:
        small_sites.SITES[name](site)
        found = propose(look, site.address)
        assert found.source.family == name
        trial = trial_of(found.source, tmp_path)
    assert trial.report.problem is None
    assert [story.headline for story in trial.stories] != []
    assert all(len(story.paragraphs) == 3 for story in trial.stories)
    assert all(story.published and story.published.month == 11 for story in trial.stories)


def trial_of(source: Source, folder: Path):
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")
    return try_source(source, clock=now, settings=settings)


def test_an_unknown_system_gets_the_shape_of_its_addresses_from_its_list(
    look: Visiting, tmp_path: Path
) -> None:
    with odd_site() as site:
        small_sites.plain_site(site)
        found = propose(look, site.address)
        assert found.source.family == "plain"
        trial = trial_of(found.source, tmp_path)
    assert {story.headline for story in trial.stories} <= {title(n) for n in range(1, 6)}
    assert len(trial.stories) == 3


def test_a_sitemap_is_the_last_resort_of_a_site_made_by_scripts(
    look: Visiting, tmp_path: Path
) -> None:
    with odd_site() as site:
        small_sites.sitemap(site)
        found = propose(look, site.address)
        assert (found.source.kind, found.source.entries) == ("sitemap", (f"{HOME}map.xml",))
        trial = trial_of(found.source, tmp_path)
    assert len(trial.stories) == 3


def test_the_party_columns_become_entries_and_the_news_a_note(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.front(
            site, "/dj/", more="<a href='/yw/'>样例要闻</a><a href='/zg/'>组织工作</a>"
        )
        for column, start in (("/dj/", 1), ("/yw/", 4), ("/zg/", 7)):
            addresses = [f"{column}202611/t20261103_{start + n}.html" for n in range(3)]
            small_sites.listing(site, column, addresses)
            small_sites.stories(site, addresses, small_sites.PLAIN)
        found = propose(look, site.address)
    assert found.source.entries == (f"{HOME}dj/", f"{HOME}zg/")
    assert any("样例要闻" in note for note in found.notes)


def test_every_line_of_a_proposal_has_its_reason(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        found = propose(look, site.address)
    assert all(reason for _, _, reason in found.lines())
    assert {name for name, _, _ in found.lines()} >= {"id", "name", "kind", "family", "entries"}


def test_a_proposal_is_a_file_that_the_registry_reads(look: Visiting, tmp_path: Path) -> None:
    with odd_site() as site:
        small_sites.plain_site(site)
        found = propose(look, site.address)
    (tmp_path / "odd.toml").write_text(found.toml(now().date()), encoding="utf-8")
    (read,) = load_sources(tmp_path)
    assert read.model_dump(exclude={"log"}) == found.source.model_dump(exclude={"log"})
    assert read.log[0].day == now().date()


def test_what_a_site_calls_itself_cannot_break_the_file(look: Visiting, tmp_path: Path) -> None:
    name = "样例\\u000a网\"]\nid = 'x' # 县"
    with odd_site() as site:
        small_sites.plain_site(site)
        site.answers["/"] = small_sites.html(
            "<a href='/yw/'>样例要闻</a>",
            f"<meta name='SiteName' content='{name}'>".replace("'x'", "x"),
        )
        found = propose(look, site.address)
    (tmp_path / "odd.toml").write_text(found.toml(), encoding="utf-8")
    (read,) = load_sources(tmp_path)
    assert read.id == found.source.id


def test_the_id_is_taken_from_the_host_and_never_twice(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        assert propose(look, site.address).source.id == "odd"
        assert propose(look, site.address, taken={"odd", "odd-2"}).source.id == "odd-3"


@pytest.mark.parametrize(
    ("meta", "home"),
    [
        ("<meta name='SiteIDCode' content='1404310099'>", "140431"),
        ("<meta name='SiteIDCode' content='bm27000001'><title>沁源县人民政府</title>", "140431"),
        ("<meta name='SiteIDCode' content='9999990001'><title>某处</title>", ""),
        ("<meta name='SiteName' content='文水县人民政府门户网站'>", "141121"),
        ("<title>首页_文水新闻网</title>", "141121"),
        # 城区 is in Yangquan and in Jincheng: nothing is guessed.
        ("<title>城区人民政府</title>", ""),
    ],
)
def test_the_place_is_the_site_codes_or_the_names(meta: str, home: str) -> None:
    page = Page.parse(f"<html><head>{meta}</head><body><p>x</p></body></html>", HOME)
    name, why_name = site_name(page, HOME)
    code, why = place_of(page, name, GAZETTEER, "140000")
    assert code == home
    assert why
    assert why_name


# --- what is refused, and with which sentence ---


def refusal(look: Visiting, site: OddSite, url: str = HOME) -> Exception:
    with pytest.raises(Exception) as refused, look(site.address) as visitor:  # noqa: PT011
        recognise(visitor, url, gazetteer=GAZETTEER, loopback=site.address)
    return refused.value


def test_a_site_that_declines_programs_is_left_alone(look: Visiting) -> None:
    with odd_site() as site:
        site.answers["/"] = Answer("<script>$_ts=window</script>", status=412)
        assert isinstance(refusal(look, site), SiteDeclines)
        assert site.requests == ["/robots.txt", "/"]


def test_a_site_whose_robots_forbid_the_address_is_not_asked(look: Visiting) -> None:
    with odd_site() as site:
        site.answers["/robots.txt"] = Answer(
            "User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"}
        )
        assert isinstance(refusal(look, site), RobotsForbid)
        assert site.requests == ["/robots.txt"]


def test_a_private_address_is_not_asked(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        address = site.address
        with pytest.raises(LeadsElsewhere, match="JB-246"), look("") as visitor:
            recognise(visitor, f"{address}/", gazetteer=GAZETTEER)
        assert site.requests == []


def test_a_redirect_to_another_office_is_not_followed(look: Visiting) -> None:
    with odd_site() as site:
        site.answers["/"] = Answer(status=302, headers={"Location": "http://other.example/"})
        assert isinstance(refusal(look, site), LeadsElsewhere)


def test_a_redirect_to_the_same_office_is(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        site.answers["/start"] = Answer(status=302, headers={"Location": f"http://www.{HOST}/"})
        found = propose(look, site.address, f"{HOME}start")
    assert found.source.family == "nfc"
    assert found.source.entries == (f"http://www.{HOST}/dj/index.html",)
    assert found.source.aliases == (HOST,)


def test_a_page_that_is_gone_is_said_to_be(look: Visiting) -> None:
    with odd_site() as site:
        assert isinstance(refusal(look, site), ListIsGone)


def test_a_file_is_no_web_page(look: Visiting) -> None:
    with odd_site() as site:
        site.answers["/"] = Answer(
            b"%PDF-1.4 \x00\x01", headers={"Content-Type": "application/pdf"}
        )
        problem = refusal(look, site)
    assert isinstance(problem, IsNoWebPage)
    assert "application/pdf" in str(problem)


def test_a_shop_is_no_news_site(look: Visiting) -> None:
    with odd_site() as site:
        goods = "".join(f"<div><a href='/item/{n}.html'>好货{n}</a> ￥{n}</div>" for n in range(9))
        site.answers["/"] = small_sites.html(goods)
        problem = refusal(look, site)
    assert isinstance(problem, IsNoNewsSite)
    assert "sitemap" in str(problem)


def test_a_look_ends_after_its_requests(look: Visiting) -> None:
    with odd_site() as site:
        with look(site.address) as visitor:
            for number in range(LOOK_REQUESTS):
                visitor.get(f"{HOME}{number}")
            with pytest.raises(LookedTooLong):
                visitor.get(f"{HOME}more")
        assert len(site.requests) == LOOK_REQUESTS + 1  # and robots.txt


def test_no_page_is_asked_for_twice_while_looking(look: Visiting) -> None:
    with odd_site() as site:
        small_sites.enorth(site)
        propose(look, site.address)
        assert len(site.requests) == len(set(site.requests))
        assert site.most_at_once == 1
