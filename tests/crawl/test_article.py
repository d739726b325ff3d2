"""From a page to a story: what is taken, what is trimmed, what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.crawler.article import REASONS, StoryIsRefused, canonical_address, extract
from jianbao.crawler.families import FAMILIES
from jianbao.crawler.sources import Rule, Source
from jianbao.crawler.webpage import Page

from .odd_site import SENTENCE, source

TODAY = date(2026, 11, 22)
URL = "http://odd.example/list/202611/t20261103_1.html"
PARAGRAPH = f"<p>{SENTENCE}</p>"


def page(
    body: str, *, head: str = "<h1>支部办实事清单</h1>", meta: str = "", url: str = URL
) -> Page:
    markup = (
        f"<html><head>{meta}</head><body>{head}<div>来源：样例县融媒体中心</div>"
        f"<div class='TRS_Editor'>{body}</div></body></html>"
    )
    return Page.parse(markup, url)


def texts(body: str) -> list[str]:
    return [one.text for one in extract(page(body), today=TODAY).paragraphs]


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>责任编辑：纪怀瑾</p>",
        "<p>（责编：纪怀瑾、韩柏川）</p>",
        "<p>编辑丨纪怀瑾　审核丨韩柏川　监制丨段青禾</p>",
        "<p>上一篇：<a href='/1'>某稿</a></p><p>下一篇：没有了</p>",
        "<p>相关阅读</p><ul><li><a href='/1'>另一条</a></li></ul>",
        "<p>【延伸阅读】</p><p><a href='/1'>另一条</a></p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<p>免责声明：本网转载仅为传递信息。</p><p>如有异议请联系。</p>",
        "<p>原标题：另一个题目</p>",
        "<p>附件：<a href='./P1.pdf'>名单.pdf</a></p>",
        "<p>附件1：名单</p>",
        "<p>分享到：</p>",
        "<p>点赞　在看　分享</p>",
        "<p>（完）</p>",
    ],
)
def test_page_furniture_is_no_paragraph(furniture: str) -> None:
    assert texts(PARAGRAPH * 2 + furniture) == [SENTENCE] * 2


@pytest.mark.parametrize(
    "kept",
    [
        "编辑部的党员说，责任编辑的担子不轻。",
        "相关部门当天就来了人。",
        "上一任书记留下三本账。",
        "声明书贴在墙上，谁都看得见。",
    ],
)
def test_a_sentence_that_begins_like_furniture_stays(kept: str) -> None:
    assert texts(f"{PARAGRAPH}<p>{kept}</p>{PARAGRAPH}") == [SENTENCE, kept, SENTENCE]


def test_editors_after_the_end_of_the_body_are_still_found() -> None:
    body = PARAGRAPH * 2 + "<p>相关阅读</p><p><a href='/1'>一条</a></p><p>责任编辑：纪怀瑾</p>"
    assert extract(page(body), today=TODAY).byline.editors == ("纪怀瑾",)


@pytest.mark.parametrize(
    ("body", "byline", "first", "last"),
    [
        (
            f"<p>□ 本报记者 木清扬</p>{PARAGRAPH * 2}",
            {"reporters": ("木清扬",)},
            SENTENCE,
            SENTENCE,
        ),
        (
            f"<p>本报讯（记者 木清扬 通讯员 纪怀瑾）{SENTENCE}</p>{PARAGRAPH}",
            {"reporters": ("木清扬",), "correspondents": ("纪怀瑾",)},
            SENTENCE,
            SENTENCE,
        ),
        (f"{PARAGRAPH}<p>{SENTENCE}（卫小河）</p>", {"authors": ("卫小河",)}, SENTENCE, SENTENCE),
        (
            f"{PARAGRAPH * 2}<p>（样例县融媒体中心）</p>",
            {"organisations": ("样例县融媒体中心",)},
            SENTENCE,
            SENTENCE,
        ),
        (PARAGRAPH * 2, {}, SENTENCE, SENTENCE),
    ],
)
def test_a_byline_leaves_the_body_for_its_field(
    body: str, byline: dict[str, tuple[str, ...]], first: str, last: str
) -> None:
    found = extract(page(body), today=TODAY)
    assert (found.paragraphs[0].text, found.paragraphs[-1].text) == (first, last)
    for role in ("reporters", "correspondents", "authors", "organisations"):
        assert getattr(found.byline, role) == byline.get(role, ())
    assert bool([one for one in found.repairs if one.kind == "byline-out"]) == bool(byline)


@pytest.mark.parametrize(
    ("markup", "caption", "credit"),
    [
        (
            "<p align=center><img src=a.png></p><p align=center>老人在食堂吃饭。木清扬 摄</p>",
            "老人在食堂吃饭。",
            "木清扬 摄",
        ),
        (
            "<figure><img src=a.png><figcaption>老人在食堂吃饭（资料图片）</figcaption></figure>",
            "老人在食堂吃饭",
            "资料图片",
        ),
        ("<p><img src=a.png></p><p>图为志愿者在扫雪。</p>", "图为志愿者在扫雪。", ""),
        ("<p><img src=a.png></p>", "", ""),
    ],
)
def test_a_caption_leaves_the_body_for_its_picture(markup: str, caption: str, credit: str) -> None:
    found = extract(page(PARAGRAPH + markup + PARAGRAPH), today=TODAY)
    assert [one.text for one in found.paragraphs] == [SENTENCE, SENTENCE]
    (picture,) = found.pictures
    assert (picture.caption, picture.credit) == (caption, credit)
    assert picture.url == "http://odd.example/list/202611/a.png"


@pytest.mark.parametrize(
    ("markup", "subhead"),
    [
        ("<p><strong>建强阵地 织密服务网</strong></p>", True),
        ("<h3>建强阵地</h3>", True),
        ("<p align='center'>建强阵地</p>", True),
        ("<p><b>这一句是加粗的正文，它有句号。</b></p>", False),
        ("<p>建强阵地</p>", False),
        (f"<p><b>{'长' * 41}</b></p>", False),
    ],
)
def test_a_subhead_is_short_set_apart_and_no_sentence(markup: str, subhead: bool) -> None:
    found = extract(page(PARAGRAPH + markup + PARAGRAPH), today=TODAY)
    assert [one.subhead for one in found.paragraphs] == [False, subhead, False]


@pytest.mark.parametrize(
    ("body", "head", "reason"),
    [
        ("<p>太短。</p>", "<h1>通知</h1>", "short"),
        ("", "<h1>只有图片</h1>", "short"),
        (PARAGRAPH * 2, "", "no-body"),
        (PARAGRAPH * 2, "<h1>广告</h1>", "advert"),
        (PARAGRAPH * 2, "<h1>责任编辑 纪怀瑾 版式 韩柏川</h1>", "credits"),
        ("<p>" + "Reading rooms open at nine. " * 20 + "</p>", "<h1>Reading</h1>", "not-chinese"),
        (
            "".join(f"<p><a href='/{n}'>{SENTENCE}</a></p>" for n in range(4)),
            "<h1>栏目</h1>",
            "links",
        ),
        (f"<p>{SENTENCE}\ufffd{SENTENCE}</p>", "<h1>坏字</h1>", "broken-characters"),
    ],
)
def test_a_page_without_a_believable_story_is_refused(body: str, head: str, reason: str) -> None:
    with pytest.raises(StoryIsRefused) as refused:
        extract(page(body, head=head), today=TODAY)
    assert refused.value.reason == reason
    assert REASONS[reason][0] in refused.value.english()
    assert REASONS[reason][1] in refused.value.chinese()


def test_meta_tags_name_the_place_the_source_and_the_day() -> None:
    meta = (
        "<meta name='SiteIDCode' content='1404310099'><meta name='PubDate' content='2026-11-03 08:00'>"
        "<meta name='ArticleTitle' content='长长的完整题目'><meta name='author' content='韩柏川'>"
    )
    found = extract(
        page(PARAGRAPH * 2, meta=meta), today=TODAY, source=source("", delay=1, home="140000")
    )
    assert (found.home, found.published, found.headline) == (
        "140431",
        date(2026, 11, 3),
        "长长的完整题目",
    )
    assert found.byline.authors == ("韩柏川",)


@pytest.mark.parametrize("code", ["", "bm14000001", "9914310099", "140431"])
def test_a_site_code_that_names_no_place_leaves_the_registrys(code: str) -> None:
    meta = f"<meta name='SiteIDCode' content='{code}'>"
    found = extract(
        page(PARAGRAPH * 2, meta=meta), today=TODAY, source=source("", delay=1, home="140000")
    )
    assert found.home == "140000"


@pytest.mark.parametrize("author", ["10023847", "县融媒体中心编辑部综合整理", "admin"])
def test_a_meta_author_that_is_no_name_is_not_believed(author: str) -> None:
    meta = f"<meta name='author' content='{author}'>"
    assert extract(page(PARAGRAPH * 2, meta=meta), today=TODAY).byline.authors == ()


def test_the_address_decides_when_the_page_names_another_day() -> None:
    meta = "<meta name='PubDate' content='2026-09-01'>"
    found = extract(page(PARAGRAPH * 2, meta=meta), today=TODAY)
    assert found.published == date(2026, 11, 3)
    assert found.warnings == ("the page says 2026-09-01, its address 2026-11-03",)


def test_an_unknown_day_stays_unknown_and_is_said() -> None:
    found = extract(page(PARAGRAPH * 2, url="http://odd.example/a/1234.html"), today=TODAY)
    assert found.published is None
    assert found.warnings == ("no day of publication",)


def ruled(*rules: Rule) -> Source:
    return source("", delay=1).model_copy(update={"rules": rules})


def test_a_rule_of_the_source_comes_before_its_family_while_it_holds() -> None:
    markup = (
        "<html><body><h1>家族的题目</h1><div class='TRS_Editor'>" + PARAGRAPH * 2 + "</div>"
        "<div class='bt'>来源的题目</div><div class='nr'>" + PARAGRAPH * 3 + "</div></body></html>"
    )
    read = Page.parse(markup, URL)
    until = Rule(valid_until=date(2026, 11, 3), headline=".bt", body=".nr")
    over = Rule(valid_until=date(2026, 11, 2), headline=".bt", body=".nr")
    missing = Rule(headline=".bt", body=".gone")
    found = extract(read, today=TODAY, source=ruled(over, missing, until))
    assert (found.headline, len(found.paragraphs), found.rule) == ("来源的题目", 3, "source rule 3")
    found = extract(read, today=TODAY, source=ruled(over, missing))
    assert (found.headline, len(found.paragraphs), found.rule) == ("家族的题目", 2, "trs")


@pytest.mark.parametrize(
    ("url", "family", "canonical"),
    [
        ("HTTP://A.Example:80/x/1.html#top", "trs", "http://a.example/x/1.html"),
        ("https://a.example:443/x", "trs", "https://a.example/x"),
        ("http://a.example:8080/x", "trs", "http://a.example:8080/x"),
        ("http://a.example/x?id=7&utm_source=rss&spm=1", "plain", "http://a.example/x?id=7"),
        ("http://a.example/x?utm_source=rss#a", "plain", "http://a.example/x"),
        ("http://a.example", "plain", "http://a.example/"),
        (
            "http://a.example/pad/con/202611/04/content_1.html",
            "epaper_pc",
            "http://a.example/pc/con/202611/04/content_1.html",
        ),
        (
            "http://a.example/mobile/content/202611/04/content_1.html",
            "epaper_pc",
            "http://a.example/pc/content/202611/04/content_1.html",
        ),
        (
            "http://a.example/mobile/video/1.html",
            "epaper_pc",
            "http://a.example/mobile/video/1.html",
        ),
    ],
)
def test_a_story_has_one_address(url: str, family: str, canonical: str) -> None:
    assert canonical_address(url, FAMILIES[family]) == canonical
    assert canonical_address(canonical, FAMILIES[family]) == canonical


def test_invisible_characters_are_taken_out_and_said() -> None:
    found = extract(page(f"<p>{SENTENCE}\u200b</p>{PARAGRAPH}"), today=TODAY)
    assert found.paragraphs[0].text == SENTENCE
    assert [one.text for one in found.repairs if one.kind == "cleaned"] == [
        "1 invisible characters"
    ]


BODY = PARAGRAPH * 4
OTHER_SYSTEMS = {
    # Shapes of systems that have no family of their own yet.
    "people": (
        "<title>支部办实事有清单--样例频道--样例网</title>",
        "<div class='rwb_navpath'>首页</div><div class='rm_txt'><h4>引题在此</h4><h1>支部办实事有清单</h1>"
        "<h4>——记某镇</h4><div>2026年11月03日08:12 | 来源：<a href='/'>样例日报</a></div>"
        f"<div class='rm_txt_con cf'>{BODY}<p>(责编：纪怀瑾、韩柏川)</p><div>分享让更多人看到</div></div></div>",
    ),
    "party school": (
        "<title>支部办实事有清单-样例党校</title>",
        "<table><tr><td>样例党校</td></tr><tr><td class='titlestyle1'>支部办实事有清单</td></tr>"
        "<tr><td>来源：样例日报　时间：2026-11-03 (点击: <script>_showDynClicks()</script>)</td></tr>"
        f"<tr><td><div id='vsb_content'>{BODY}</div></td></tr></table><p>上一条：<a href='/1'>别的</a></p>",
    ),
    "wechat": (
        "<meta property='og:title' content='支部办实事有清单'>",
        "<h1 id='activity-name'> 支部办实事有清单 </h1><a id='js_name'>样例日报</a><div id='js_content' style='visibility:hidden'>"
        + f"<section><section><span>{SENTENCE}</span></section></section>" * 4
        + "<section><span>编辑丨纪怀瑾　审核丨韩柏川</span></section></div><script>var ct = '1793664000';</script>",
    ),
    "nothing known": (
        "<title>支部办实事有清单_党建_样例网</title>",
        "<div class=nav><a href=/a>一个很长很长很长很长很长很长的栏目</a></div><div><div>支部办实事有清单</div>"
        f"<div>来源：样例日报　作者：木清扬　时间：2026-11-03</div><div class=n>{BODY}</div></div><ul>"
        + "<li><a href=/x>另一条很长很长的新闻题目在这里出现</a></li>" * 20
        + "</ul>",
    ),
}


@pytest.mark.parametrize("name", OTHER_SYSTEMS)
def test_a_page_of_an_unknown_system_is_read_by_its_looks(name: str) -> None:
    head, body = OTHER_SYSTEMS[name]
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    found = extract(Page.parse(markup, "http://a.example/x/1234.html"), today=TODAY)
    assert (found.headline, found.source) == ("支部办实事有清单", "样例日报")
    assert found.published == date(2026, 11, 3)
    assert [one.text for one in found.paragraphs] == [SENTENCE] * 4
