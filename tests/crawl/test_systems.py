"""Whole visits to small sites of each content system: list, paging, story, story pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from jianbao.crawler.families import FAMILIES
from jianbao.crawler.webpage import Page
from jianbao.index.story import Story

from .odd_site import HOST, SENTENCE, Answer, OddSite, odd_site, source, stored, title, visit_one

BASE = f"http://{HOST}"
P = f"<p>　　{SENTENCE}</p>"


def html(body: str, head: str = "") -> Answer:
    return Answer(
        f"<html><head>{head}</head><body>{body}</body></html>",
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


def read(
    folder: Path, site: OddSite, family: str, entry: str, **changes: object
) -> dict[str, Story]:
    one = source(site.address, family=family, entries=(BASE + entry,), **changes)
    report = visit_one(folder, one)
    assert report.problem is None, report.problem
    assert report.missed == ()
    asked = [path for path in site.requests if path != "/robots.txt"]
    assert sorted(asked) == sorted(set(asked))
    return {story.headline: story for story in stored(folder)}


def test_hanweb_lists_come_from_the_page_and_then_from_its_proxy(tmp_path: Path) -> None:
    def record(number: int) -> str:
        link = f"<a href='/art/2026/11/3/art_12_{number}.html' title='{title(number)}'>…</a>"
        return f"<record><![CDATA[<li>{link}<span>2026-11-03</span></li>]]></record>"

    def xml(numbers: range) -> str:
        rows = "".join(map(record, numbers))
        return f"<datastore><totalrecord>8</totalrecord><recordset>{rows}</recordset></datastore>"

    settings = "var param = {col:1, webid:3, path:'/', columnid:12, sourceContentType:1, unitid:99, webname:'x', permissiontype:0, perPage:1};"
    proxy = "/module/web/jpage/dataproxy.jsp"
    with odd_site() as site:
        site.answers["/col/col12/index.html"] = html(
            f"<script>{settings} proxyUrl='{proxy}'</script><script type='text/xml'>{xml(range(1, 4))}</script>"
        )
        query = "&col=1&webid=3&path=%2F&columnid=12&unitid=99&webname=x&permissiontype=0&sourceContentType=1"
        for first in (4, 7):
            path = f"{proxy}?startrecord={first}&endrecord={first + 2}&perpage=1{query}"
            site.answers[path] = Answer(
                xml(range(first, min(first + 3, 9))), headers={"Content-Type": "text/xml"}
            )
        for number in range(1, 9):
            site.answers[f"/art/2026/11/3/art_12_{number}.html"] = html(
                f"<div class='t'>{title(number)}</div><p>信息来源：市委组织部 发布日期：2026-11-03</p>"
                f"<div id='zoom'><!--ZJEG_RSS.content.begin-->{P * 2}<!--ZJEG_RSS.content.end--></div>",
                f"<title>{title(number)}</title><meta name='i_columnid' content='12'>",
            )
        found = read(tmp_path, site, "hanweb", "/col/col12/index.html")
    assert sorted(found) == sorted(title(number) for number in range(1, 9))
    assert {story.source for story in found.values()} == {"市委组织部"}


def test_jpaas_lists_are_fetched_as_json_until_nothing_is_new(tmp_path: Path) -> None:
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    settings = "{'webId':'w1','tplSetId':'t1','pageType':'column','tagId':'list','pageId':'p1','pageSize':'2'}"

    def story_path(number: int) -> str:
        return f"/art/2026/11/3/art_{number:032x}.html"

    with odd_site() as site:
        site.answers["/col/djgz/index.html"] = html(
            f'<div class="list" querydata="{settings}"></div><script>var pageSize=2, url="{unit}"</script>'
        )
        asked: list[int] = []

        def build(number: int) -> Answer:
            asked.append(number)
            at = min(number, 3)  # past the end the last page comes again
            rows = "".join(
                f"<li><a href='{story_path(n)}'>{title(n)}</a><span>2026-11-03</span></li>"
                for n in (2 * at - 1, 2 * at)
            )
            body = json.dumps({"success": True, "data": {"html": f"<ul>{rows}</ul>"}})
            return Answer(body, headers={"Content-Type": "application/json; charset=utf-8"})

        page = Page.parse(
            str(site.answers["/col/djgz/index.html"].sent.decode()), f"{BASE}/col/djgz/index.html"
        )  # pyright: ignore[reportAttributeAccessIssue]
        following = FAMILIES["jpaas"].following(page)
        for number in range(1, 6):
            parts = urlsplit(following)
            site.answers[f"{parts.path}?{parts.query}"] = lambda number=number: build(number)
            following = FAMILIES["jpaas"].following(Page.parse("<p>x</p>", following))
        for number in range(1, 7):
            site.answers[story_path(number)] = html(
                f"<h1>{title(number)}</h1><p>2026-11-03 来源：样例厅</p><div class='article-content'>{P * 2}</div>"
            )
        found = read(tmp_path, site, "jpaas", "/col/djgz/index.html")
    assert sorted(found) == sorted(title(number) for number in range(1, 7))
    assert asked == [1, 2, 3, 4]
    assert parse_qs(urlsplit(following).query)["webId"] == ["w1"]


def test_a_party_schools_list_counts_its_pages_downwards(tmp_path: Path) -> None:
    with odd_site() as site:
        for path, numbers, below in (
            ("/dj/tzgg.htm", (6, 5), "tzgg/2.htm"),
            ("/dj/tzgg/2.htm", (4, 3), "1.htm"),
            ("/dj/tzgg/1.htm", (2, 1), ""),
        ):
            rows = "".join(
                f"<li><a href='/info/1012/{n}.htm'>{title(n)}</a><span>2026-11-03</span></li>"
                for n in numbers
            )
            site.answers[path] = html(
                f"<ul>{rows}</ul>" + (f"<a href='{below}'>下页</a>" if below else "")
            )
        for number in range(1, 7):
            site.answers[f"/info/1012/{number}.htm"] = html(
                f"<form name='_newscontent_fromname'><table><tr><td class='titlestyle1'>{title(number)}</td></tr>"
                f"<tr><td>2026年11月03日 09:30 样例党校 (点击: <script>_showDynClicks()</script>)</td></tr>"
                f"<tr><td><div id='vsb_content'>{P * 2}</div></td></tr></table></form>",
                f"<title>{title(number)}-样例党校</title>",
            )
        found = read(tmp_path, site, "vsb", "/dj/tzgg.htm")
    assert sorted(found) == sorted(title(number) for number in range(1, 7))
    assert {(story.published, story.source) for story in found.values()} == {
        (date(2026, 11, 3), "样例党校")
    }


def long_story(site: OddSite, pages: int, *, missing: int = 0) -> None:
    """A list with one story that goes over several pages, in the manner of people.com.cn."""
    name = "/n1/2026/1103/c1013-900"
    site.answers["/GB/1/index.html"] = html(
        f"<ul><li><a href='{name}.html'>{title(1)}</a> 2026-11-03</li></ul>"
    )
    links = "".join(
        f"<a href='{name}{f'-{n}' if n > 1 else ''}.html'>【{n}】</a>" for n in range(1, pages + 1)
    )
    for number in range(1, pages + 1):
        if number == missing:
            continue
        last = "<p>(责编：纪怀瑾)</p>" if number == pages else ""
        site.answers[f"{name}{f'-{number}' if number > 1 else ''}.html"] = html(
            f"<div class='rwb_navpath'>首页</div><h1>{title(1)}</h1><div>2026年11月03日08:12 | 来源：<a>样例日报</a></div>"
            f"<div id='rwb_zw'><p>同一段引言每页都印，它说这件事从哪里来，到哪里去，谁来办。</p><p>第{number}页。{SENTENCE}</p>{links}{last}</div>",
            f"<title>{title(1)}--样例网</title><meta name='author' content='104123'>",
        )


def test_a_story_of_several_pages_is_one_story(tmp_path: Path) -> None:
    with odd_site() as site:
        long_story(site, 3)
        found = read(tmp_path, site, "people", "/GB/1/index.html")
    (story,) = found.values()
    assert [paragraph.text[:4] for paragraph in story.paragraphs] == [
        "同一段引",
        "第1页。",
        "第2页。",
        "第3页。",
    ]
    assert (story.byline.editors, story.source) == (("纪怀瑾",), "样例日报")
    assert story.url == f"{BASE}/n1/2026/1103/c1013-900.html"


def test_a_missing_page_of_a_story_leaves_a_note(tmp_path: Path) -> None:
    with odd_site() as site:
        long_story(site, 3, missing=2)
        found = read(tmp_path, site, "people", "/GB/1/index.html")
    (story,) = found.values()
    assert [paragraph.text[:4] for paragraph in story.paragraphs] == [
        "同一段引",
        "第1页。",
        "第3页。",
    ]
    assert any("c1013-900-2" in repair.text for repair in story.repairs)


def test_a_page_of_a_story_that_fails_brings_the_story_back_next_time(tmp_path: Path) -> None:
    with odd_site() as site:
        long_story(site, 2)
        whole = site.answers["/n1/2026/1103/c1013-900-2.html"]
        site.answers["/n1/2026/1103/c1013-900-2.html"] = Answer(status=500)
        one = source(site.address, family="people", entries=(f"{BASE}/GB/1/index.html",))
        assert (visit_one(tmp_path, one).new, len(stored(tmp_path))) == (0, 0)
        site.answers["/n1/2026/1103/c1013-900-2.html"] = whole
        assert visit_one(tmp_path, one).new == 1


def test_the_pages_of_a_trs_story_stand_in_a_script(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        name = "t20261103_1"
        for number, text in enumerate(("头一页。", "后一页。")):
            path = f"/list/202611/{name}{f'_{number}' if number else ''}.html"
            site.answers[path] = html(
                f"<h1>{title(1)}</h1><p>2026-11-03</p><div class='TRS_Editor'><p>{text}{SENTENCE}</p></div>"
                f"<script>createPageHTML(2, {number}, '{name}', 'html');</script>"
            )
        found = read(tmp_path, site, "trs", "/list/")
    (story,) = found.values()
    assert [paragraph.text[:4] for paragraph in story.paragraphs] == ["头一页。", "后一页。"]


PROPERTY = (
    "<!--enpproperty <articleid>{n}</articleid><date>2026-11-{day:02} 00:00:00.0</date><author>木清扬</author>"
    "<title>{title}</title><subtitle>——记样例村</subtitle><introtitle>一盏灯照亮一条沟</introtitle>"
    "<nodename>第0{page}版：要闻</nodename><papername>样例日报</papername>/enpproperty-->"
)


def test_a_classic_e_paper_is_read_issue_by_issue(tmp_path: Path) -> None:
    """Page numbers that are ids, a day without an issue, kicker and deck in a comment."""
    with odd_site() as site:
        site.answers["/html/index.htm"] = html(
            "<p>x</p>", "<meta http-equiv='refresh' content='0; url=2026-11/04/node_2.htm'>"
        )
        number = 100
        for day in (4, 2):
            for sheet, node in ((1, 2), (3, 7)):
                number += 1
                base = f"/html/2026-11/{day:02}"
                sheets = "<a href='node_2.htm'>第01版</a><a href='node_7.htm'>第03版</a>"
                site.answers[f"{base}/node_{node}.htm"] = html(
                    f"{sheets}<map name='PagePicMap'><area href='content_{number}.htm'></map>"
                    f"<table><tr><td><a href='content_{number}.htm'>{title(number)}</a></td></tr></table>"
                )
                site.answers[f"{base}/content_{number}.htm"] = html(
                    f"<table><tr><td><strong>{title(number)}</strong></td></tr><tr><td><div id='ozoom'><!--enpcontent-->{P * 2}<!--/enpcontent--></div></td></tr></table>"
                    + PROPERTY.format(n=number, day=day, title=title(number), page=sheet)
                )
        found = read(tmp_path, site, "founder", "/html/index.htm", kind="epaper")
    assert sorted(found) == sorted(title(number) for number in range(101, 105))
    story = found[title(102)]
    assert (story.kicker, story.deck, story.page) == ("一盏灯照亮一条沟", "记样例村", "3")
    assert (story.published, story.source) == (date(2026, 11, 4), "样例日报")
    assert story.byline.authors == ("木清扬",)


def test_a_thread_of_a_submissions_board_is_its_first_post(tmp_path: Path) -> None:
    with odd_site() as site:
        site.answers["/forum-2-1.html"] = html(
            "".join(
                f"<table><tr><td><a href='thread-{n}-1-{n}.html'>{title(n)}</a></td><td>2026-11-03</td></tr></table>"
                for n in (1, 2)
            )
        )
        for number in (1, 2):
            site.answers[f"/thread-{number}-1-1.html"] = html(
                f"<span id='thread_subject'>{title(number)}</span><div id='postlist'><div class='authi'><a>样例县委组织部</a> <em>发表于 2026-11-3 10:20</em></div>"
                f"<table><tr><td class='t_f'>{P * 2}</td></tr></table><table><tr><td class='t_f'><p>好稿，建议采用，请补一张照片，谢谢投稿的同志。</p></td></tr></table></div>"
            )
        found = read(tmp_path, site, "board", "/forum-2-1.html")
    assert sorted(found) == [title(1), title(2)]
    story = found[title(1)]
    assert [paragraph.text for paragraph in story.paragraphs] == [SENTENCE] * 2
    assert (story.published, story.byline.organisations) == (date(2026, 11, 3), ("样例县委组织部",))


@pytest.mark.parametrize(
    ("family", "markup", "url"),
    [
        ("wechat", "<div id='js_content'>x</div>", BASE),
        ("founder", "<p>x</p>", f"{BASE}/html/2026-11/03/node_2.htm"),
        ("founder", "<!--enpproperty <title>题</title>-->", BASE),
        (
            "jpaas",
            "<script>u='/api-gateway/jpaas-publish-server/front/page/build/unit'</script>",
            BASE,
        ),
        ("hanweb", "<p>x</p>", f"{BASE}/art/2026/11/3/art_1_2.html"),
        ("vsb", "<div id='vsb_content'>x</div>", BASE),
        ("people", "<div class='rm_txt_con'>x</div>", BASE),
        ("board", "<span id='thread_subject'>题</span>", BASE),
    ],
)
def test_a_system_is_told_apart_by_its_fingerprint(family: str, markup: str, url: str) -> None:
    page = Page.parse(f"<html><body>{markup}</body></html>", url)
    assert next(name for name, one in FAMILIES.items() if one.recognises(page)) == family


@pytest.mark.parametrize(
    ("family", "url", "canonical"),
    [
        ("people", "/BIG5/64387/12345.html", "/GB/64387/12345.html"),
        ("people", "/n1/2026/1103/c1-22-3.html", "/n1/2026/1103/c1-22.html"),
        ("people", "/BIG5/n1/2026/1103/c1-22.html", "/n1/2026/1103/c1-22.html"),
        ("board", "/thread-7-1-9.html", "/thread-7-1-1.html"),
    ],
)
def test_the_addresses_of_one_story_become_one(family: str, url: str, canonical: str) -> None:
    assert FAMILIES[family].canonical(BASE + url) == BASE + canonical


def test_a_sitemap_is_read_with_its_files_and_without_its_loops(tmp_path: Path) -> None:
    """An index that stays as it is while its files grow, one of which names the index again."""
    xml = {"Content-Type": "text/xml"}

    def index(*names: str) -> Answer:
        files = "".join(f"<sitemap><loc>{BASE}{name}</loc></sitemap>" for name in names)
        return Answer(f"<sitemapindex>{files}</sitemapindex>", headers=xml)

    def file(*numbers: int) -> Answer:
        urls = [f"{BASE}/list/202611/t20261103_{number}.html" for number in numbers]
        locs = "".join(f"<url><loc>{url}</loc></url>" for url in (*urls, f"{BASE}/about.html"))
        return Answer(f"<urlset>{locs}</urlset>", headers=xml)

    with odd_site() as site:
        site.publish([1, 2, 3, 4])
        site.answers["/map.xml"] = index("/m1.xml", "/m2.xml", "/map.xml")
        site.answers["/m1.xml"] = file(1, 2)
        site.answers["/m2.xml"] = index("/map.xml", "/m1.xml")
        found = read(tmp_path, site, "trs", "/map.xml", kind="sitemap")
        assert sorted(found) == [title(1), title(2)]
        site.answers["/m1.xml"] = file(1, 2, 3)
        one = source(site.address, kind="sitemap", entries=(f"{BASE}/map.xml",))
        assert visit_one(tmp_path, one).new == 1
    assert title(3) in {story.headline for story in stored(tmp_path)}


def test_the_front_of_an_e_paper_may_only_link_its_newest_issue(tmp_path: Path) -> None:
    """No refresh leads on; older issues are linked beside the newest."""
    with odd_site() as site:
        links = "".join(
            f"<a href='/shtml/yprb/202611{day:02}/vA1.shtml'>{day}日</a>" for day in (2, 4)
        )
        site.answers["/index.shtml"] = html(links)
        for day in (2, 4):
            base = f"/shtml/yprb/202611{day:02}"
            site.answers[f"{base}/vA1.shtml"] = html(
                f"<a href='vA2.shtml'>A2</a><li><a href='{day}1.shtml'>{title(day * 10 + 1)}</a></li>"
            )
            site.answers[f"{base}/vA2.shtml"] = html(
                f"<a href='vA1.shtml'>A1</a><li><a href='{day}2.shtml'>{title(day * 10 + 2)}</a></li>"
            )
            for number in (1, 2):
                site.answers[f"{base}/{day}{number}.shtml"] = html(
                    f"<div class='detailCon'><h1>{title(day * 10 + number)}</h1></div><div id='content_div'>{P * 2}</div>"
                )
        found = read(tmp_path, site, "epaper_shtml", "/index.shtml", kind="epaper")
        assert sorted(found) == sorted(title(number) for number in (21, 22, 41, 42))
        assert found[title(41)].published == date(2026, 11, 4)
        one = source(
            site.address,
            family="epaper_shtml",
            entries=(f"{BASE}/index.shtml",),
            kind="epaper",
        )
        site.requests.clear()
        assert visit_one(tmp_path, one).new == 0
        assert site.requests == ["/robots.txt", "/index.shtml"]
