"""The sample county web: always the same, and as unpleasant as the sites it stands for."""

from __future__ import annotations

import html
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from opencc import OpenCC

from jianbao.crawler.charset import decode
from jianbao.crawler.sources import load_sources
from jianbao.desk.countyweb import department
from jianbao.desk.countyweb.dataset import (
    SITES,
    SampleStory,
    SampleStoryIsWrong,
    Site,
    load_stories,
)
from jianbao.desk.countyweb.home import HOSTS
from jianbao.desk.countyweb.server import CountyWeb, build_site, serve_countyweb, write_sources
from jianbao.desk.countyweb.shape import NOTICE, Answers

LAST_DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def stories() -> tuple[SampleStory, ...]:
    return load_stories()


@pytest.fixture(scope="module")
def sites(stories: tuple[SampleStory, ...]) -> dict[Site, Answers]:
    return {site: build_site(site, stories, None).answers for site in SITES}


@pytest.fixture(scope="module")
def web() -> Iterator[CountyWeb]:
    with serve_countyweb() as running:
        yield running


def ask(address: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}))  # noqa: S310 - ours


def text(answers: Answers, path: str, encoding: str = "utf-8") -> str:
    return answers[path].body.decode(encoding)


def story_texts(answers: Answers, pattern: str, encoding: str = "utf-8") -> list[str]:
    return [text(answers, path, encoding) for path in answers if re.search(pattern, path)]


def test_every_site_has_stories_of_the_three_weeks(stories: tuple[SampleStory, ...]) -> None:
    for site in SITES:
        weeks = {story.published.isocalendar().week for story in stories if story.site == site}
        assert weeks == {45, 46, 47}, site
    assert all(date(2026, 11, 2) <= story.published <= LAST_DAY for story in stories)


def test_the_same_stories_give_the_same_bytes(stories: tuple[SampleStory, ...]) -> None:
    for site in SITES:
        one, other = build_site(site, stories, None), build_site(site, load_stories(), None)
        assert one.answers == other.answers
        for path, script in one.scripts.items():
            asked = {"startrecord": "1", "endrecord": "6", "columnid": "1021", "webid": "3"}
            assert script(asked) == other.scripts[path](asked)


def test_a_later_story_moves_no_earlier_one(stories: tuple[SampleStory, ...]) -> None:
    for site in SITES:
        early = build_site(site, stories, date(2026, 11, 10)).answers
        late = build_site(site, stories, None).answers
        for path, answer in early.items():
            if answer.content_type == "image/png":
                assert late[path] == answer


def shown_on(site: Site, stories: tuple[SampleStory, ...], day: date) -> str:
    """Everything that a site would print that evening, lists from scripts among it."""
    built = build_site(site, stories, day)
    lists = [
        script(
            {
                "startrecord": "1",
                "endrecord": "99",
                "columnid": "1021",
                "webid": "3",
                **department.SETTINGS,
                "paramJson": '{"pageNo": 1, "pageSize": 99}',
            }
        )
        for script in built.scripts.values()
    ]
    bodies = [
        answer.body
        for answer in (*built.answers.values(), *lists)
        if not answer.content_type.startswith("image/")
    ]
    return "\n".join(decode(body).text for body in bodies if body)


def test_a_story_is_not_out_before_its_day(stories: tuple[SampleStory, ...]) -> None:
    day = date(2026, 11, 10)
    for site in SITES:
        everything = html.unescape(shown_on(site, stories, day)).replace("\\n", "\n")
        for story in stories:
            if story.site == site:
                out = story.headline in everything
                assert out == (story.published <= day), story.slug


def test_every_page_says_that_it_is_invented(sites: dict[Site, Answers]) -> None:
    notices = (NOTICE, OpenCC("s2t").convert(NOTICE))
    for answers in sites.values():
        for path, answer in answers.items():
            if answer.content_type.startswith("text/html") and answer.status == 200:
                assert any(notice in decode(answer.body).text for notice in notices), path


def test_every_story_stands_where_its_site_says(stories: tuple[SampleStory, ...]) -> None:
    for site in SITES:
        built = build_site(site, stories, None)
        assert set(built.stories) == {story.slug for story in stories if story.site == site}
        for story in stories:
            if story.site == site:
                page = html.unescape(decode(built.answers[built.stories[story.slug]].body).text)
                assert story.headline in page, story.slug


def test_every_site_closes_a_path_that_its_lists_link_to(stories: tuple[SampleStory, ...]) -> None:
    for site in SITES:
        answers = build_site(site, stories, None).answers
        rules = text(answers, "/robots.txt")
        closed = re.findall(r"Disallow: (\S+)", rules)[0]
        behind = [path for path in answers if path.startswith(closed)]
        assert behind, site
        names = {path.rsplit("/", 1)[1] for path in behind}
        linked = shown_on(site, stories, LAST_DAY)
        assert any(name in linked for name in names), site
        assert "Crawl-delay: 0.02" in rules


def test_every_site_has_a_home_that_leads_to_its_list(tmp_path: Path, web: CountyWeb) -> None:
    write_sources(tmp_path, web.addresses)
    for source in load_sources(tmp_path):
        site: Site = source.id  # pyright: ignore[reportAssignmentType]
        with ask(f"{web.addresses[site]}/") as answer:
            home = decode(answer.read()).text
        entry = urlsplit(source.entries[0])
        assert entry.netloc == HOSTS[site]
        leads = entry.path + (f"?{entry.query}" if entry.query else "")
        assert leads in home or leads.removeprefix("/") in home, site


def test_two_layouts_are_common(stories: tuple[SampleStory, ...]) -> None:
    """At least four sources in ten changed their layout in the three weeks, as real ones do."""
    changed = 0
    for site in SITES:
        built = build_site(site, stories, None)
        days = sorted((one.published, one.slug) for one in stories if one.site == site)
        first, last = (
            set(
                re.findall(
                    r'<(?:div|article|founder-content|p)\b[^>]*(?:class|id)="?([\w -]+)',
                    decode(built.answers[built.stories[slug]].body).text,
                )
            )
            for slug in (days[0][1], days[-1][1])
        )
        changed += len(first ^ last) >= 3
    assert changed / len(SITES) >= 0.4


class TestCountyGovernment:
    LIST = "/zwxx/jcdj/"

    def test_its_meta_tags_are_those_of_the_guide(self, sites: dict[Site, Answers]) -> None:
        for page in story_texts(sites["county-gov"], r"jcdj/202611/t\d+_\d+\.html$"):
            for name in (
                "SiteName",
                "SiteDomain",
                "SiteIDCode",
                "ColumnName",
                "ArticleTitle",
                "Url",
            ):
                assert f'<meta name="{name}" content=' in page
            assert '<meta name="Author" content="">' in page
            assert 'content="1404310099"' in page
            assert re.search(r'<meta name="Url" content="\./t\d+_\d+\.html">', page)
            assert re.search(r'<meta name="PubDate" content="2026-11-\d\d \d\d:\d\d">', page)

    def test_its_second_page_is_known_to_a_script_only(self, sites: dict[Site, Answers]) -> None:
        first = text(sites["county-gov"], self.LIST)
        assert re.search(r'createPageHTML\(\d, 0, "index", "html"\)', first)
        assert "index_1.html" not in first
        assert self.LIST + "index_1.html" in sites["county-gov"]

    def test_its_list_cuts_titles_drops_years_and_links_elsewhere(
        self, sites: dict[Site, Answers]
    ) -> None:
        lists = "".join(
            text(sites["county-gov"], path)
            for path in sites["county-gov"]
            if path.startswith(self.LIST + "index")
        )
        cut = re.findall(r'<a href="\./202611/[^"]+" title="([^"]+)"[^>]*>([^<]+)…</a>', lists)
        assert cut
        assert all(full.startswith(shown) and full != shown for full, shown in cut)
        assert re.search(r"<span>11-\d\d</span>", lists)
        assert re.search(r"<span>2026-11-\d\d</span>", lists)
        assert "http://www.changzhi-xiangcun-sample.example/" in lists
        assert lists.count("t20240105_100001.html") >= 2

    def test_its_bodies_come_from_word(self, sites: dict[Site, Answers]) -> None:
        pages = story_texts(sites["county-gov"], r"jcdj/202611/t\d+_\d+\.html$")
        assert all('<div class="TRS_Editor">' in page for page in pages)
        assert any("[if gte mso 9]" in page for page in pages)
        assert any("相关阅读" in page for page in pages)
        assert any(".pdf" in page for page in pages)
        assert any("（责任编辑：" in page for page in pages)
        assert all("扫一扫" in page for page in pages)


class TestOldPaper:
    def test_the_header_is_wrong_on_every_page(self, sites: dict[Site, Answers]) -> None:
        pages = [a for a in sites["paper"].values() if b"<HTML>" in a.body]
        assert {page.content_type for page in pages} == {"text/html; charset=ISO-8859-1"}

    def test_no_page_is_in_the_charset_it_declares(self, sites: dict[Site, Answers]) -> None:
        declared: list[str] = []
        for answer in sites["paper"].values():
            if b"<HTML>" not in answer.body:
                continue
            found = re.search(rb'charset=([\w-]+)"', answer.body)
            declared.append(found[1].decode() if found else "")
            for charset in filter(None, {declared[-1], "gbk"}):
                with pytest.raises(UnicodeDecodeError):
                    answer.body.decode(charset)
            answer.body.decode("gb18030")
        assert declared.count("utf-8") == 1
        assert declared.count("") == 1
        assert declared.count("gb2312") == len(declared) - 2

    def test_layout_is_tables_and_paragraphs_are_breaks(self, sites: dict[Site, Answers]) -> None:
        pages = story_texts(sites["paper"], r"^/news/.*htm$", "gb18030")
        for page in pages:
            assert "<P>" not in page.upper()
            assert page.count("<BR><BR>") > 3
            assert "上一篇" in page
            assert "下一篇" in page
        assert 0 < sum("免责声明" in page for page in pages) < len(pages)
        empty = sum("作者：　编辑" in page for page in pages)
        assert 0 < empty < len(pages)


class TestEpaper:
    def test_three_trees_carry_the_same_stories(self, sites: dict[Site, Answers]) -> None:
        answers = sites["epaper"]
        stories = [path for path in answers if path.startswith("/pc/con/")]
        assert stories
        for path in stories:
            for tree in ("pad", "mobile"):
                assert answers[path.replace("/pc/", f"/{tree}/", 1)] == answers[path]

    def test_there_is_no_sunday_issue(self, sites: dict[Site, Answers]) -> None:
        days = {
            date(int(found[1][:4]), int(found[1][4:]), int(found[2]))
            for path in sites["epaper"]
            if (found := re.search(r"/layout/(\d{6})/(\d\d)/node_01", path))
        }
        assert days
        assert all(day.isoweekday() != 7 for day in days)

    def test_the_index_sends_to_the_newest_issue(self, stories: tuple[SampleStory, ...]) -> None:
        early = build_site("epaper", stories, date(2026, 11, 5)).answers
        assert re.search(
            r'refresh" content="0; url=layout/202611/0[2-5]/node_01', text(early, "/pc/index.html")
        )

    def test_issues_hold_what_is_no_story(self, sites: dict[Site, Answers]) -> None:
        pages = story_texts(sites["epaper"], r"^/pc/con/")
        assert any("<h3>责任编辑 " in page for page in pages)
        assert any("<h3>广告</h3>" in page for page in pages)
        assert any("<founder-content>" in page for page in pages)
        assert any("<!--founder-content-->" in page for page in pages)
        for page in story_texts(sites["epaper"], r"/layout/.*node_"):
            assert "PagePicMap" in page
            assert 'href="../../../con/' in page or "content_" not in page


class TestFeed:
    def test_its_days_and_links_are_odd(self, sites: dict[Site, Answers]) -> None:
        rss = text(sites["feed"], "/rss/rss.xml?siteId=1")
        assert re.findall(r"<pubDate>2026-11-\d\d \d\d:39:11\.0</pubDate>", rss)
        assert "<link><![CDATA[http" in rss
        assert "utm_source=rss" in rss
        assert "County reading rooms" in rss

    def test_it_had_another_layout_before(self, sites: dict[Site, Answers]) -> None:
        old = story_texts(sites["feed"], r"^/article/2026/11/0[2-8]/\d+\.html")
        new = story_texts(sites["feed"], r"^/article/2026/11/(09|[12]\d)/\d+\.html")
        assert old
        assert new
        assert all('class="nr"' in page for page in old)
        assert all("<article" in page for page in new)

    def test_it_answers_304_to_what_it_said(self, web: CountyWeb) -> None:
        address = web.addresses["feed"] + "/rss/rss.xml?siteId=1"
        with ask(address) as answer:
            headers = {
                "If-None-Match": answer.headers["ETag"],
                "If-Modified-Since": answer.headers["Last-Modified"],
            }
        for name, value in headers.items():
            with pytest.raises(urllib.error.HTTPError) as refused:
                ask(address, {name: value})
            assert refused.value.code == 304
        with ask(address, {"If-None-Match": '"other"'}) as answer:
            assert answer.status == 200


def test_it_answers_on_this_machine_only_and_stops(stories: tuple[SampleStory, ...]) -> None:
    with serve_countyweb(stories=stories[:3]) as running:
        assert all(
            address.startswith("http://127.0.0.1:") for address in running.addresses.values()
        )
        address = running.addresses["county-gov"] + "/robots.txt"
        with ask(address) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(running.addresses["county-gov"] + "/nothing")
    with pytest.raises(urllib.error.URLError):
        ask(address)


def test_its_clock_can_be_moved_while_it_runs(stories: tuple[SampleStory, ...]) -> None:
    def shown(running: CountyWeb) -> int:
        with ask(running.addresses["feed"] + "/rss/rss.xml?siteId=1") as answer:
            return answer.read().count(b"<item>")

    with serve_countyweb(upto=date(2026, 11, 5)) as running:
        before = shown(running)
        running.publish(None)
        assert shown(running) > before


def test_its_sources_pass_the_registry(tmp_path: Path, web: CountyWeb) -> None:
    write_sources(tmp_path, web.addresses)
    sources = {source.id: source for source in load_sources(tmp_path)}
    assert set(sources) == set(SITES)
    hosts = {site: sources[site].hosts[0] for site in SITES}
    assert hosts == dict(HOSTS)
    assert all(sources[site].loopback == web.addresses[site] for site in SITES)


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("[[story]]\nslug = ", "Invalid"),
        ('[[story]]\nslug = "a"\n', "KeyError"),
        ('[[story]]\nslug = "a"\nsite = "radio"\nbyline_style = "box"\n', "radio"),
    ],
)
def test_a_wrong_story_file_is_refused_with_its_name(
    tmp_path: Path, content: str, detail: str
) -> None:
    (tmp_path / "bad.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SampleStoryIsWrong, match=detail) as refused:
        load_stories(tmp_path)
    assert "bad.toml" in refused.value.english()
