"""Families: how each is recognised, and its list and paging rules."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.crawler.families import FAMILIES
from jianbao.crawler.feeds import feed_rows, sitemap_of
from jianbao.crawler.problems import FeedIsUnreadable
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
        ("epaper_people", "<p>x</p>", "http://a.example/html/2026-11/04/nbs.D140000yprb_01.htm"),
        ("epaper_shtml", "<p>x</p>", "http://a.example/shtml/yprb/20261104/vA1.shtml"),
        ("epaper_shtml", "<div class='detConTit'>题</div>", BASE),
        ("epaper_lc", "<p>x</p>", "http://a.example/szb/ypb/202611/04/l01.html"),
        ("ucap", "<UCAPCONTENT>文</UCAPCONTENT>", BASE),
        ("ucap", "<script>createPageHTML('page_div',3,1,'xlist','shtml',40)</script>", BASE),
        ("hanweb", "<div><!--ZJEG_RSS.content.begin-->文<!--ZJEG_RSS.content.end--></div>", BASE),
        ("nfc", "<p>x</p>", "http://a.example/dj/content/post_4954524.html"),
        ("enorth", "<p>x</p>", "http://a.example/system/2026/11/04/031022236.shtml"),
        ("cntv", "<p>x</p>", "http://a.example/2026/11/04/ARTI1779102179030620.shtml"),
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


SHAPES = {
    "day in a definition": "<dl><dt><a href='{0}'>{1}</a></dt><dd>2026-11-03</dd></dl>",
    "boxes": "<div class='item'><a href='{0}'>{1}</a><div class='t'>2026-11-03</div></div>",
    "day inside the link": "<li><a href='{0}'><h3>{1}</h3><span>2026-11-03</span></a></li>",
    "day before the title": "<li><span>[11-03]</span><a href='{0}'>{1}</a></li>",
    "picture and title": "<li><a href='{0}'><img src='a.jpg'></a><a href='{0}'>{1}</a><i>2026年11月3日</i></li>",
    "day of the month in large type": "<li><div><b>03</b><i>2026-11</i></div><a href='{0}'>{1}</a></li>",
    "column before the title": "<li><a href='/lm/'>[党建]</a><a href='{0}'>{1}</a><span>2026-11-03</span></li>",
    "unit behind the title": "<tr><td><a href='{0}'>{1}</a></td><td><a href='/u/3'>县委组织部</a></td><td>2026-11-03</td></tr>",
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_rows_of_a_list_come_in_many_shapes(shape: str) -> None:
    row = SHAPES[shape]
    markup = "".join(row.format(f"./202611/t20261103_{n}.html", f"第{n}条题目") for n in (1, 2))
    navigation = "<p><a href='./202401/t20240105_9.html'>机构设置</a></p>"
    table = markup.startswith("<tr>")
    body = navigation + (f"<table>{markup}</table>" if table else f"<div>{markup}</div>")
    found = FAMILIES["trs"].rows(page(body), FAMILIES["trs"].story_address)
    assert [row.title for row in found] == ["第1条题目", "第2条题目"]
    assert all("11" in row.day for row in found)
    if "large type" in shape:
        assert {row.day for row in found} == {"2026-11-03"}


def test_the_number_of_a_page_is_no_day() -> None:
    markup = "<table><tr><td>共3条 1/3</td><td><a href='./202611/t20261103_2.html'>下页</a></td></tr></table>"
    assert [
        row.day for row in FAMILIES["trs"].rows(page(markup), FAMILIES["trs"].story_address)
    ] == [""]


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
        ("<a href='2.htm'></a><a title='下一页' href='3.htm'><img></a>", BASE + "3.htm"),
        ("<a href='2.htm'>下一页&raquo;</a>", BASE + "2.htm"),
        # Numbers alone: the one that is no link, or leads here, is this page.
        ("<b>1</b><a href='2.htm'>2</a><a href='3.htm'>3</a>", BASE + "2.htm"),
        ("<a href='1.htm'>1</a><b>2</b><a href='3.htm'>3</a>", BASE + "3.htm"),
        (f"<a href='{BASE}'>1</a><a href='2.htm'>2</a><a href='3.htm'>3</a>", BASE + "2.htm"),
        ("<a href='1.htm'>1</a><a href='2.htm'>2</a><b>3</b>", ""),
        ("<a href='5.htm'>5</a>", ""),
        # The last page's 下一页 leads to itself.
        (f"<a href='{BASE}'>下一页</a>", ""),
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
    assert FAMILIES["epaper_pc"].issue_day(SHEET) == date(2026, 11, 4)
    assert FAMILIES["epaper_pc"].issue_day(
        "http://a.example/pc/con/202611/05/content_1.html"
    ) == date(2026, 11, 5)
    assert (
        FAMILIES["epaper_pc"].issue_day("http://a.example/pc/layout/202613/04/node_01.html") is None
    )
    assert FAMILIES["epaper_pc"].issue_day("http://a.example/pc/") is None
    earlier = FAMILIES["epaper_pc"].issue_address(SHEET, date(2026, 10, 31))
    assert earlier == "http://a.example/pc/layout/202610/31/node_01.html"


@pytest.mark.parametrize(
    ("family", "sheet", "earlier"),
    [
        ("founder", "/html/2026-11/04/node_2.htm", "/html/2026-10/31/node_2.htm"),
        ("epaper_people", "/html/2026-11/04/nbs.D1yprb_01.htm", "/html/2026-10/31/nbs.D1yprb_01.htm"),
        ("epaper_shtml", "/shtml/yprb/20261104/vA1.shtml", "/shtml/yprb/20261031/vA1.shtml"),
        ("epaper_lc", "/szb/ypb/202611/04/l01.html", "/szb/ypb/202610/31/l01.html"),
    ],
)  # fmt: skip
def test_the_day_stands_in_every_address_of_an_edition(
    family: str, sheet: str, earlier: str
) -> None:
    one = FAMILIES[family]
    url = f"http://a.example{sheet}"
    assert one.is_sheet(url)
    assert one.issue_day(url) == date(2026, 11, 4)
    assert one.issue_address(url, date(2026, 10, 31)) == f"http://a.example{earlier}"
    assert one.issue_address("http://a.example/", date(2026, 10, 31)) == "http://a.example/"
    assert not one.is_sheet("http://a.example/index.htm")


def test_the_arrows_of_a_viewer_are_no_stories() -> None:
    markup = (
        "<a href='../../../con/202611/04/content_7.html'>上一篇</a>"
        "<a href='../../../con/202611/04/content_8.html'>一条真正的题目</a>"
    )
    assert [title for _, title in rows("epaper_pc", markup, SHEET)] == ["一条真正的题目"]


@pytest.mark.parametrize(
    ("script", "following"),
    [
        ("createPageHTML('page_div',10, 1,'xlist','shtml',189);", "xlist_2.shtml"),
        ("createPageHTML('page_div',10, 9,'xlist','shtml',189);", "xlist_10.shtml"),
        ("createPageHTML('page_div',10, 10,'xlist','shtml',189);", ""),
    ],
)
def test_the_second_page_of_a_ucap_list_is_number_two(script: str, following: str) -> None:
    found = FAMILIES["ucap"].following(page(f"<script>{script}</script>"))
    assert found == (BASE + following if following else "")


SITEMAP = (
    '<?xml version="1.0" encoding="GB2312"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>http://a.example/1.html</loc><lastmod>2026-11-03</lastmod></url>"
    "<url><loc><![CDATA[ /2.html ]]></loc><lastmod>2026-11-05T08:00:00+08:00</lastmod></url>"
    "<url><loc>/3.html</loc><news:news><news:publication_date>2026-11-04</news:publication_date>"
    "<news:title>三条</news:title></news:news></url><url><lastmod>2026-11-06</lastmod></url></urlset>"
)


def test_a_sitemap_is_read_newest_first() -> None:
    found = sitemap_of(SITEMAP.encode(), "http://a.example/sitemap.xml")
    assert [row.url for row in found.rows] == [
        f"http://a.example/{number}.html" for number in (2, 3, 1)
    ]
    assert (found.rows[1].title, found.files) == ("三条", ())


def test_a_sitemap_index_names_its_files_each_once() -> None:
    inner = "".join(f"<sitemap><loc>/m{n}.xml</loc></sitemap>" for n in (1, 2, 1))
    found = sitemap_of(f"<sitemapindex>{inner}</sitemapindex>".encode(), "http://a.example/s.xml")
    assert found.files == ("http://a.example/m1.xml", "http://a.example/m2.xml")


@pytest.mark.parametrize(
    "body",
    [
        "<html><p>不是地图</p></html>",
        "<rss><channel/></rss>",
        "",
        '<!DOCTYPE urlset [<!ENTITY a "a">]><urlset><url><loc>&a;</loc></url></urlset>',
    ],
)
def test_what_is_no_sitemap_is_refused(body: str) -> None:
    with pytest.raises(FeedIsUnreadable, match="JB-249"):
        sitemap_of(body.encode(), "http://a.example/sitemap.xml")


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


def test_a_trs_list_without_a_script_is_paged_by_its_links() -> None:
    markup = "<a href='index_1.html'>下一页</a>"
    assert FAMILIES["trs"].following(page(markup)) == BASE + "index_1.html"
    last = "<script>createPageHTML(2, 1, 'index', 'html')</script><a href='index_2.html'>下一页</a>"
    assert FAMILIES["trs"].following(page(last)) == ""
