"""Given only a home address: which system, which lists, whose place; or a sentence why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlSettings, crawl
from jianbao.crawler.problems import LeadsElsewhere, ListIsGone, RobotsForbid, SiteDeclines
from jianbao.crawler.proposal import Proposal, place_of, site_name
from jianbao.crawler.recognise import IsNoNewsSite, recognise
from jianbao.crawler.sources import Source, load_sources
from jianbao.crawler.survey import IsNoWebPage
from jianbao.crawler.visitor import LookedTooLong, Visitor, visiting
from jianbao.crawler.webpage import Page
from jianbao.desk.countyweb.dataset import Site
from jianbao.desk.countyweb.home import HOSTS
from jianbao.desk.countyweb.server import SITES, write_sources
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.limits import LOOK_REQUESTS

from ..crawl.odd_site import Answer, OddSite, now, odd_site, stored, title
from . import small_sites
from .conftest import AGENT
from .town import Town

GAZETTEER = Gazetteer.load()
HOME = "http://a.example/"
# Whose place a site speaks for, where its own pages say it; these do not.
_SILENT = {"board", "feed", "paper", "portal"}
_SHOWN = 3  # stories of each small site that the crawl reads


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    """What the sample county web's own source files say."""
    folder = tmp_path_factory.mktemp("sources")
    write_sources(folder, dict.fromkeys(SITES, "http://127.0.0.1:1"))
    return {source.id: source for source in load_sources(folder)}


def propose(town: Town, visitor: Visitor, url: str, **options: object) -> Proposal:
    return recognise(
        visitor,
        url,
        gazetteer=GAZETTEER,
        province="140000",
        loopback=town.address,
        **options,  # pyright: ignore[reportArgumentType]
    )


@pytest.mark.parametrize("site", SITES)
def test_each_shape_of_the_county_web_is_recognised_from_its_home_page(
    site: Site, registered: dict[str, Source], town: Town, visitor: Visitor
) -> None:
    known = registered[site]
    found = propose(town, visitor, f"http://{HOSTS[site]}/").source
    assert (found.kind, found.family) == (known.kind, known.family)
    if known.kind != "epaper":
        assert set(found.entries) & set(known.entries)
    if site in _SILENT:
        assert found.home == ""
    else:
        assert found.home[:4] == known.home[:4]
    assert len(visitor.asked) <= 8


def test_a_small_site_of_each_other_system_is_recognised_and_read(
    town: Town, visitor: Visitor, tmp_path: Path
) -> None:
    """One crawl reads what was proposed for all of them, and every story of it is whole."""
    sources: list[Source] = []
    for name, build in small_sites.SITES.items():
        site, home = town.site(name.replace("_", "-"))
        build(site)
        found = propose(town, visitor.anew(), home).source
        assert found.family == name
        sources.append(found)
    site, home = town.site("own-system")
    small_sites.plain_site(site)
    sources.append(propose(town, visitor.anew(), home).source)
    assert (sources[-1].family, sources[-1].story_address) == ("plain", "")
    site, home = town.site("by-scripts")
    small_sites.sitemap(site, home)
    sources.append(propose(town, visitor.anew(), home).source)
    assert (sources[-1].kind, sources[-1].entries) == ("sitemap", (f"{home}map.xml",))
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=tmp_path / "crawl.log")
    report = crawl(sources, tmp_path / "store.db", clock=now, settings=settings, most=_SHOWN)
    assert [one.problem for one in report.sources] == [None] * len(sources)
    stories = stored(tmp_path)
    for source in sources:
        own = [story for story in stories if story.source_id == source.id]
        assert len(own) >= 2, source.id
        assert {story.headline for story in own} <= {title(number) for number in range(1, 6)}
        assert all(len(story.paragraphs) == 3 for story in own), source.id
        assert all(story.published and story.published.month == 11 for story in own), source.id


def test_an_address_shape_of_its_own_is_read_off_the_list(town: Town, visitor: Visitor) -> None:
    site, home = town.site("own-shape")
    addresses = [f"/ddjs/xx-{number}.jsp" for number in range(12, 17)]
    small_sites.front(site, "/ddjs/list.jsp")
    small_sites.listing(site, "/ddjs/list.jsp", addresses)
    small_sites.stories(site, addresses, small_sites.PLAIN)
    found = propose(town, visitor, home)
    assert found.source.story_address == r"/xx-\d+\.jsp$"
    assert "shape" in found.reasons["story_address"]


def test_the_party_columns_become_entries_and_the_news_a_note(town: Town, visitor: Visitor) -> None:
    site, home = town.site("columns")
    small_sites.front(site, "/dj/", more="<a href='/yw/'>样例要闻</a><a href='/zg/'>组织工作</a>")
    for column, start in (("/dj/", 1), ("/yw/", 4), ("/zg/", 7)):
        addresses = [f"{column}202611/t20261103_{start + n}.html" for n in range(3)]
        small_sites.listing(site, column, addresses)
        small_sites.stories(site, addresses, small_sites.PLAIN)
    found = propose(town, visitor, home)
    assert found.source.entries == (f"{home}dj/", f"{home}zg/")
    assert any("样例要闻" in note for note in found.notes)


NAVIGATION = "".join(
    f"<a href='/c{n}/'>{words}</a>"
    for n, words in enumerate(
        ("党建", "要闻", "时政要闻", "基层动态", "今日样例", "组织工作", "部门动态")
    )
)


def test_a_list_that_was_given_is_taken_though_it_carries_the_navigation(
    town: Town, visitor: Visitor
) -> None:
    site, home = town.site("given")
    addresses = [f"/dj/202611/t20261103_{n}.html" for n in range(8)]
    small_sites.listing(site, "/dj/", addresses)
    site.answers["/dj/"] = small_sites.html(NAVIGATION + body_of(site, "/dj/"))
    small_sites.stories(site, addresses, small_sites.PLAIN)
    found = propose(town, visitor, f"{home}dj/")
    assert found.source.entries == (f"{home}dj/",)
    assert len(visitor.asked) == 1 + 3


def test_a_front_page_in_a_folder_is_not_taken_for_a_list(town: Town, visitor: Visitor) -> None:
    site, home = town.site("folder")
    addresses = [f"/c{n % 4}/202611/t20261103_{n}.html" for n in range(8)]
    small_sites.listing(site, "/ypzf/", addresses)
    site.answers["/ypzf/"] = small_sites.html(NAVIGATION + body_of(site, "/ypzf/"))
    own = [f"/c0/202611/t20261103_{n}.html" for n in range(20, 24)]
    small_sites.listing(site, "/c0/", own)
    small_sites.stories(site, own, small_sites.PLAIN)
    assert propose(town, visitor, f"{home}ypzf/").source.entries == (f"{home}c0/",)


def body_of(site: OddSite, path: str) -> str:
    answer = site.answers[path]
    assert isinstance(answer, Answer)
    return answer.sent.decode().split("<body>")[1].split("</body>")[0]


def test_a_link_more_is_named_by_its_box(town: Town, visitor: Visitor) -> None:
    site, home = town.site("boxes")
    addresses = [f"/a/202611/t20261103_{n}.html" for n in range(3)]
    site.answers["/"] = small_sites.html(
        "<div><h2>基层党建</h2><ul><li>…</li></ul><a href='/a/'>更多&gt;&gt;</a></div>"
    )
    small_sites.listing(site, "/a/", addresses)
    small_sites.stories(site, addresses, small_sites.PLAIN)
    found = propose(town, visitor, home)
    assert found.source.entries == (f"{home}a/",)
    assert "基层党建" in found.reasons["entries"]


def test_a_front_page_of_deleted_stories_is_no_list(town: Town, visitor: Visitor) -> None:
    site, home = town.site("deleted")
    addresses = [f"/a/202611/t20261103_{n}.html" for n in range(6)]
    small_sites.listing(site, "/", addresses)
    with pytest.raises(IsNoNewsSite):
        propose(town, visitor, home)


def test_every_line_of_a_proposal_has_its_reason(town: Town, visitor: Visitor) -> None:
    site, home = town.site("reasons")
    small_sites.nfc(site)
    found = propose(town, visitor, home)
    assert all(reason for _, _, reason in found.lines())
    assert {name for name, _, _ in found.lines()} >= {"id", "name", "kind", "family", "entries"}


def test_a_proposal_is_a_file_that_the_registry_reads(
    town: Town, visitor: Visitor, tmp_path: Path
) -> None:
    site, home = town.site("file")
    small_sites.plain_site(site)
    found = propose(town, visitor, home)
    (tmp_path / "one.toml").write_text(found.toml(now().date()), encoding="utf-8")
    (read,) = load_sources(tmp_path)
    assert read.model_dump(exclude={"log"}) == found.source.model_dump(exclude={"log"})
    assert read.log[0].day == now().date()


def test_what_a_site_calls_itself_cannot_break_the_file(
    town: Town, visitor: Visitor, tmp_path: Path
) -> None:
    site, home = town.site("hostile")
    small_sites.plain_site(site)
    name = "样例\u2028网&quot;]&#10;id = &quot;x&quot; # 县\u0085"
    site.answers["/"] = small_sites.html(
        "<a href='/yw/'>样例&#10;要闻</a>", f"<meta name='SiteName' content='{name}'>"
    )
    found = propose(town, visitor, home)
    (tmp_path / "one.toml").write_text(found.toml(), encoding="utf-8")
    (read,) = load_sources(tmp_path)
    assert (read.id, read.name) == (found.source.id, found.source.name)


def test_the_id_is_taken_from_the_host_and_never_twice(town: Town, visitor: Visitor) -> None:
    site, home = town.site("ids")
    small_sites.nfc(site)
    assert propose(town, visitor, home).source.id == "ids-town"
    taken = {"ids-town", "ids-town-2"}
    assert propose(town, visitor, home, taken=taken).source.id == "ids-town-3"


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


def test_a_site_that_declines_programs_is_left_alone(town: Town, visitor: Visitor) -> None:
    site, home = town.site("declines")
    site.answers["/"] = Answer("<script>$_ts=window</script>", status=412)
    with pytest.raises(SiteDeclines):
        propose(town, visitor, home)
    assert site.requests == ["/robots.txt", "/"]


def test_a_site_whose_robots_forbid_the_address_is_not_asked(town: Town, visitor: Visitor) -> None:
    site, home = town.site("forbids")
    small_sites.nfc(site)
    plain = {"Content-Type": "text/plain"}
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /\n", headers=plain)
    with pytest.raises(RobotsForbid):
        propose(town, visitor, home)
    assert site.requests == ["/robots.txt"]


def test_a_private_address_is_not_asked(tmp_path: Path) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        with (
            visiting(user_agent=AGENT, log=tmp_path / "log", delay=0.01) as visitor,
            pytest.raises(LeadsElsewhere, match="JB-246"),
        ):
            recognise(visitor, f"{site.address}/", gazetteer=GAZETTEER)
        assert site.requests == []


def test_a_redirect_to_another_office_is_not_followed(town: Town, visitor: Visitor) -> None:
    site, home = town.site("moved-away")
    other, there = town.site("another")
    site.answers["/"] = Answer(status=302, headers={"Location": there})
    with pytest.raises(LeadsElsewhere):
        propose(town, visitor, home)
    assert other.requests == []


def test_a_redirect_to_the_same_office_is(town: Town, visitor: Visitor) -> None:
    site, home = town.site("moved")
    small_sites.nfc(site)
    main = home.replace("http://", "http://www.")
    site.answers["/start"] = Answer(status=302, headers={"Location": main})
    found = propose(town, visitor, f"{home}start")
    assert found.source.family == "nfc"
    assert found.source.entries == (f"{main}dj/index.html",)
    assert found.source.aliases == (home[7:-1],)


def test_a_page_that_is_gone_is_said_to_be(town: Town, visitor: Visitor) -> None:
    _, home = town.site("gone")
    with pytest.raises(ListIsGone):
        propose(town, visitor, home)


def test_a_file_is_no_web_page(town: Town, visitor: Visitor) -> None:
    site, home = town.site("pdf")
    site.answers["/"] = Answer(b"%PDF-1.4 \x00\x01", headers={"Content-Type": "application/pdf"})
    with pytest.raises(IsNoWebPage, match="application/pdf"):
        propose(town, visitor, home)


def test_a_shop_is_no_news_site(town: Town, visitor: Visitor) -> None:
    site, home = town.site("shop")
    goods = "".join(f"<div><a href='/item/{n}.html'>好货{n}</a> ￥{n}</div>" for n in range(9))
    site.answers["/"] = small_sites.html(goods)
    with pytest.raises(IsNoNewsSite, match="sitemap"):
        propose(town, visitor, home)


def test_a_look_ends_after_its_requests(town: Town, visitor: Visitor) -> None:
    site, home = town.site("endless")
    for number in range(LOOK_REQUESTS):
        visitor.get(f"{home}{number}")
    with pytest.raises(LookedTooLong):
        visitor.get(f"{home}more")
    assert len(site.requests) == LOOK_REQUESTS + 1  # and robots.txt


def test_no_page_is_asked_for_twice_while_looking_and_never_two_at_once(
    town: Town, visitor: Visitor
) -> None:
    site, home = town.site("once")
    small_sites.enorth(site)
    propose(town, visitor, home)
    assert len(site.requests) == len(set(site.requests))
    assert town.most_at_once == 1
