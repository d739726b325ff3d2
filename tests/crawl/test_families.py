"""Families: how each is recognised, and its list and paging rules."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.crawler.families import FAMILIES, epaper_pc
from jianbao.crawler.problems import FeedIsUnreadable
from jianbao.crawler.spiders.feed import feed_rows
from jianbao.crawler.webpage import Page

BASE = "http://a.example/zw/djgz/"


def page(markup: str, url: str = BASE) -> Page:
    return Page.parse(f"<html><body>{markup}</body></html>", url)


def rows(family: str, markup: str, url: str = BASE) -> list[tuple[str, str]]:
    one = FAMILIES[family]
    found = one.rows(page(markup, url), one.story_address)
    return [(row.url.removeprefix("http://a.example"), row.title) for row in found]


@pytest.mark.parametrize(
    ("family", "markup", "url"),
    [
        ("trs", "<div class='TRS_Editor'>文</div>", BASE),
        ("trs", "<div class='trs_editor_view TRS_UEDITOR'>文</div>", BASE),
        ("trs", "<script>createPageHTML(3, 0, 'index', 'html')</script>", BASE),
        ("epaper_pc", "<div class='newsdetatit'><h3>题</h3></div>", BASE),
        ("epaper_pc", "<p>x</p>", "http://a.example/pc/layout/202611/04/node_A01.html"),
        ("table_paper", "<table><tr><td>2026-11-03 来源：日报 作者：</td></tr></table>", BASE),
        ("plain", f"<h1>支部办实事有清单</h1><article>{'正文' * 40}</article>", BASE),
    ],
)
def test_a_family_is_told_apart_by_its_fingerprint(family: str, markup: str, url: str) -> None:
    first = next(name for name, one in FAMILIES.items() if one.recognises(page(markup, url)))
    assert first == family


TRS_ROW = "<li><a href='./202611/t2026110{0}_{0}.html'{2}>{1}</a><span>{3}</span></li>"


def test_a_list_row_is_a_link_with_a_day_beside_it() -> None:
    markup = (
        "<p><a href='./202401/t20240105_9.html'>机构设置</a></p>"
        + TRS_ROW.format(1, "一条", "", "2026-11-01")
        + TRS_ROW.format(2, "截断的…", " title='截断的长题目'", "11-02")
        + TRS_ROW.format(3, "三条", "", "[2026年11月3日]")
        + "<li><a href='./gk/'>公开</a><span>2026-11-03</span></li>"
    )
    assert rows("trs", markup) == [
        ("/zw/djgz/202611/t20261101_1.html", "一条"),
        ("/zw/djgz/202611/t20261102_2.html", "截断的长题目"),
        ("/zw/djgz/202611/t20261103_3.html", "三条"),
    ]


def test_a_list_without_days_gives_all_its_story_links() -> None:
    markup = "".join(TRS_ROW.format(n, f"第{n}条", "", "") for n in (1, 2))
    assert len(rows("trs", markup)) == 2


def test_a_row_that_is_listed_twice_counts_once() -> None:
    markup = TRS_ROW.format(1, "一条", "", "11-01") * 2
    assert len(rows("trs", markup)) == 1


@pytest.mark.parametrize(
    ("script", "url", "following"),
    [
        ('createPageHTML(3, 0, "index", "html");', BASE, "index_1.html"),
        ("createPageHTML( 3 , 1 , 'index' , 'shtml' )", BASE + "index_1.shtml", "index_2.shtml"),
        ('createPageHTML(3, 2, "index", "html");', BASE + "index_2.html", ""),
        ('createPageHTML(1, 0, "index", "html");', BASE, ""),
        ("var countPage = 4; var currentPage = 2;", BASE + "index_2.html", "index_3.html"),
        ("var countPage = 4;", BASE, ""),
        ("", BASE, ""),
    ],
)
def test_the_second_page_of_a_trs_list_is_number_one(script: str, url: str, following: str) -> None:
    found = FAMILIES["trs"].following(page(f"<script>{script}</script>", url))
    assert found == (BASE + following if following else "")


@pytest.mark.parametrize(
    ("markup", "following"),
    [
        ("<a href='index_2.htm'>下一页</a>", BASE + "index_2.htm"),
        ("<a href='index_2.htm'>[下页]</a>", BASE + "index_2.htm"),
        ("<a href='index_2.htm'><b>下一页</b> &gt;</a>", BASE + "index_2.htm"),
        ("下一页", ""),
        ("<a href='javascript:go(2)'>下一页</a>", ""),
        ("<a href='2.htm'>下一页的内容更精彩</a>", ""),
    ],
)
def test_the_next_page_of_a_paper_is_behind_its_link(markup: str, following: str) -> None:
    assert FAMILIES["table_paper"].following(page(markup)) == following


def test_a_table_layout_is_read_around_its_meta_line() -> None:
    markup = (
        "<table><tr><td>首页 | 党建</td></tr></table><table>"
        "<tr><td><font size=3>引题在上</font></td></tr>"
        "<tr><td><font size=5><b>主题最大</b></font></td></tr>"
        "<tr><td><font size=3>——副题在下</font></td></tr>"
        "<tr><td>2026年11月3日 第03版 来源：样例日报 作者： 编辑：纪怀瑾</td></tr>"
        f"<tr><td>{'正文有一定长度。' * 10}</td></tr></table>"
    )
    parts = FAMILIES["table_paper"].parts(page(markup))
    assert parts is not None
    assert (parts.kicker, parts.headline, parts.deck) == ("引题在上", "主题最大", "——副题在下")
    assert parts.page == "3"
    assert "来源：样例日报" in parts.info


SHEET = "http://a.example/pc/layout/202611/04/node_01.html"


def test_an_issues_list_map_and_other_trees_give_each_story_once() -> None:
    markup = (
        "<a href='../../../../mobile/con/202611/04/content_7.html'>手机版</a>"
        "<map><area href='../../../con/202611/04/content_7.html'>"
        "<area href='../../../con/202611/04/content_8.html'></map>"
        "<ul><li><a href='../../../con/202611/04/content_7.html'>一条真正的题目</a></li></ul>"
    )
    assert rows("epaper_pc", markup, SHEET) == [
        ("/pc/con/202611/04/content_7.html", "一条真正的题目"),
        ("/pc/con/202611/04/content_8.html", ""),
    ]


def test_the_pages_of_an_issue_are_those_of_its_day() -> None:
    sheets = FAMILIES["epaper_pc"].sheets
    assert sheets is not None
    markup = (
        "<a href='node_01.html#a'>1</a><a href='node_02.html'>2</a><a href='node_A3.html'>3</a>"
        "<a href='../03/node_01.html'>上一期</a>"
    )
    found = [url.rsplit("/", 1)[1] for url in sheets(page(markup, SHEET))]
    assert found == ["node_01.html", "node_02.html", "node_A3.html"]


def test_an_issue_is_found_by_its_day() -> None:
    assert epaper_pc.issue_day(SHEET) == date(2026, 11, 4)
    assert epaper_pc.issue_day("http://a.example/pc/con/202611/05/content_1.html") == date(
        2026, 11, 5
    )
    assert epaper_pc.issue_day("http://a.example/pc/layout/202613/04/node_01.html") is None
    assert epaper_pc.issue_day("http://a.example/pc/") is None
    earlier = epaper_pc.issue_address(SHEET, date(2026, 10, 31))
    assert earlier == "http://a.example/pc/layout/202610/31/node_01.html"


RSS = (
    "<rss><channel><item><title><![CDATA[一条 <题目>]]></title>"
    "<link><![CDATA[ http://a.example/1.html ]]></link><pubDate>2026-11-04 01:39:11.0</pubDate></item>"
    "<item><title>没有链接</title></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>二条</title>'
    '<link href="/2.html"/><published>2026-11-05T08:00:00+08:00</published></entry></feed>'
)


def test_feeds_are_read_as_xml() -> None:
    (item,) = feed_rows(RSS.encode(), "http://a.example/rss.xml")
    assert (item.url, item.title, item.day) == (
        "http://a.example/1.html",
        "一条 <题目>",
        "2026-11-04 01:39:11.0",
    )
    (entry,) = feed_rows(ATOM.encode(), "http://a.example/atom.xml")
    assert (entry.url, entry.title) == ("http://a.example/2.html", "二条")


@pytest.mark.parametrize(
    "body",
    [
        "<html><p>不是订阅</html>",
        "",
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>',
    ],
)
def test_a_feed_that_is_none_or_brings_a_document_type_is_refused(body: str) -> None:
    with pytest.raises(FeedIsUnreadable, match="JB-249"):
        feed_rows(body.encode(), "http://a.example/rss.xml")
