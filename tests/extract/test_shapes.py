"""Shapes of portal pages that once went wrong, each cut down to what made the trouble."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.crawler.article import Extraction, StoryIsRefused, extract
from jianbao.crawler.webpage import Page

TODAY = date(2026, 11, 22)
HEADLINE = "柳沟村的磨坊又转了起来"
TITLE = f"{HEADLINE}_基层_样例网"
FIRST = "柳沟村的水磨停了二十六年，今年入冬又转了起来，磨出来的玉米面带着一股石头味。"
SECOND = "磨坊是村里老党员郭石柱领着修的，石匠只有他一个，木匠从邻村请，前后用了四个多月。"
THIRD = "他说，钱是小事，难的是当年的图样没有留下来，只好照着磨眼的大小一点一点往回推。"
BODY = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD))
INFO = "<div class=info>2026-11-03 08:31　来源：交城日报</div>"


def read(
    body: str, *, head: str = f"<h1>{HEADLINE}</h1>", info: str = INFO, title: str = TITLE
) -> Extraction:
    markup = (
        f"<html><head><title>{title}</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<div class=box>{head}{info}<div class=text>{body}</div></div></body></html>"
    )
    return extract(Page.parse(markup, ""), today=TODAY)


def texts(found: Extraction) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


def test_a_short_story_is_not_outweighed_by_the_sites_own_words_and_teasers() -> None:
    brief = "11月3日，柳沟村的水磨转了起来。截至发稿时，磨坊门口还排着三十多个人，都提着布袋子，最远的从十五里外的邻乡赶来。"
    own = "<p>声明：</p><p>凡注明为其他来源的稿件均为转载。</p><p>电话：0358-0000000，传真：0358-0000001，邮箱同上。</p>"
    teasers = "".join(
        f"<div><p>样例访谈第{n}期：养羊的老任做客本站，说起这几年的雪和路，[详情]</p></div>"
        for n in (1, 2, 3)
    )
    assert texts(read(f"<p>{brief}</p>{own}</div><div class=more>{teasers}")) == [brief]


def test_a_list_among_the_paragraphs_belongs_to_the_story() -> None:
    rows = [f"{n}号磨盘　归第{n}村民小组　{n}月检修" for n in range(1, 13)]
    body = BODY + "".join(f"<p>{row}</p>" for row in rows)
    found = read(f"{body}<div><a href=/1>另一条消息的题目在这里</a></div>")
    assert texts(found)[-12:] == [row.replace("　", "　") for row in rows]


def test_a_survey_in_the_body_is_no_part_of_the_story() -> None:
    boxes = "".join(
        f"<li><input type=radio name=q>{answer}</li>"
        for answer in ("磨坊该不该收钱，收多少合适", "不该收，这是大家的磨", "说不清，先转着再说")
    )
    assert texts(read(f"{BODY}<div class=vote><h3>您怎么看？</h3><ul>{boxes}</ul></div>")) == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_a_frame_of_other_stories_does_not_end_the_story() -> None:
    frame = "<div class=rec><h4>推荐阅读</h4><p><a href=/2>雪夜里的两盏灯</a></p><p>又一条，明天再看。</p></div>"
    found = read(f"<p>{FIRST}</p><p>{SECOND}</p>{frame}<p>{THIRD}</p>")
    assert texts(found) == [FIRST, SECOND, THIRD]


def test_the_text_below_a_lone_picture_is_the_story() -> None:
    caption = "图为11月3日，柳沟村的老人提着布袋在磨坊门口排队，队尾拐过了村口的那棵槐树，有人还带来了板凳。白渡 摄"
    found = read(f"<p align=center><img src=/a.jpg></p><p align=center>{caption}</p>")
    assert texts(found) == [caption.removesuffix("白渡 摄").strip()]
    assert [(one.caption, one.credit) for one in found.pictures] == [("", "白渡 摄")]


@pytest.mark.parametrize(
    ("line", "reporters", "photographers"),
    [
        ("交城晚报记者 苏晚晴", ("苏晚晴",), ()),
        ("本版文/记者柳青禾苏晚晴", ("柳青禾", "苏晚晴"), ()),
        ("采写：交晚记者 苏晚晴", ("苏晚晴",), ()),
        ("交城日报记者柳青禾摄影白渡", ("柳青禾",), ("白渡",)),
    ],
)
def test_a_byline_amid_the_body_leaves_it(
    line: str, reporters: tuple[str, ...], photographers: tuple[str, ...]
) -> None:
    body = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{line}</p>{BODY}<p>{FIRST}</p>"
    found = read(body)
    assert line not in texts(found)
    assert found.byline.reporters == reporters
    assert found.byline.photographers == photographers


def test_questions_of_an_interview_are_no_bylines() -> None:
    asked = "".join(f"<p>记者：{word}</p><p>{FIRST}</p>" for word in ("您好。", "谢谢", "后来呢？"))
    found = read(f"{BODY}{asked}{BODY}")
    assert found.byline.people() == ()
    assert "记者：谢谢" in texts(found)


def test_the_lead_of_a_second_report_in_the_page_names_its_reporter_too() -> None:
    body = (
        f"<p>交城日报11月3日讯(记者 柳青禾 通讯员 郝一诺){FIRST}</p><p>{SECOND}</p>"
        f"<p>交城日报11月3日讯(记者 苏晚晴){THIRD}</p>"
    )
    found = read(body)
    assert found.byline.reporters == ("柳青禾", "苏晚晴")
    assert found.byline.correspondents == ("郝一诺",)


def test_a_byline_between_headline_and_meta_line_is_read() -> None:
    found = read(BODY, info=f"<div>交城晚报记者 苏晚晴</div>{INFO}")
    assert found.byline.reporters == ("苏晚晴",)
    named = read(BODY, info=f"<div class=author>苏晚晴</div>{INFO}")
    assert named.byline.authors == ("苏晚晴",)


@pytest.mark.parametrize(
    "below",
    [
        "<table><tr><td>编辑：苗禾</td></tr><tr><td>来源： 交城晚报</td></tr><tr><td>作者：柳青禾</td></tr></table>",
        "<div>作者：柳青禾　来源：交城晚报　编辑：苗禾</div>",
        "<ul><li>文章来源: 交城晚报</li><li>作者：柳青禾</li><li>责任编辑: 苗禾</li></ul>",
        "<h4>相关文章:</h4><p><a href=/3>雪夜里的两盏灯</a></p><ul><li>来源：交城晚报</li><li>编辑：苗禾</li><li>作者：柳青禾</li></ul>",
    ],
)
def test_source_author_and_editor_below_the_body_are_read(below: str) -> None:
    found = read(f"{BODY}</div><div class=foot>{below}", info="<div>2026-11-03 08:31</div>")
    assert found.source == "交城晚报"
    assert found.byline.editors == ("苗禾",)
    assert found.byline.authors == ("柳青禾",)
    assert texts(found) == [FIRST, SECOND, THIRD]


def test_a_labelled_source_below_beats_an_unlabelled_one_above() -> None:
    found = read(
        f"{BODY}</div><div>编辑：苗禾　来源：交城新闻网",
        info="<div>http://www.a.example/2026-11-03 09:06:00样例网</div>",
    )
    assert found.source == "交城新闻网"


def test_the_names_of_a_portals_keywords_are_no_editors() -> None:
    found = read(f"{BODY}<div>[责任编辑：苗禾] 标签：柳树 苹果 白面 方言</div>")
    assert found.byline.editors == ("苗禾",)


def test_a_name_glued_to_the_source_is_not_in_it() -> None:
    found = read(
        f"<p>本报讯（记者柳青禾）{FIRST}</p><p>{SECOND}</p>",
        info="<span>2026年11月03日15:49</span><span>交城晚报</span><span>柳青禾</span>",
    )
    assert found.source == "交城晚报"
    assert found.byline.reporters == ("柳青禾",)


@pytest.mark.parametrize(
    ("head", "title", "kicker", "headline", "deck"),
    [
        (
            "<h1>交城县：<br>“小磨坊”磨出大日子</h1>",
            "样例网",
            "",
            "交城县：“小磨坊”磨出大日子",
            "",
        ),
        (
            "<h1>一盏灯照着四个村<br>半夜回家不摔跤</h1>",
            "一盏灯照着四个村 半夜回家不摔跤_样例网",
            "",
            "一盏灯照着四个村 半夜回家不摔跤",
            "",
        ),
        (
            f"<h3>一盘石磨牵起两个村</h3><h1>{HEADLINE}</h1><h2>——柳沟村入冬见闻</h2>",
            TITLE,
            "一盘石磨牵起两个村",
            HEADLINE,
            "柳沟村入冬见闻",
        ),
        (
            f"<table align=center><tr><td align=center>一盘石磨牵起两个村</td></tr><tr><td align=center class=title>{HEADLINE}</td></tr></table>",
            TITLE,
            "一盘石磨牵起两个村",
            HEADLINE,
            "",
        ),
        (f"<h1>【走基层】{HEADLINE}</h1>", TITLE, "走基层", HEADLINE, ""),
        (f"<h1>[党建信息]{HEADLINE}</h1>", TITLE, "", HEADLINE, ""),
        (f"<h1>{HEADLINE}</h1><p>夏家营镇</p>", TITLE, "夏家营镇", HEADLINE, ""),
    ],
)
def test_the_parts_of_a_headline_block(
    head: str, title: str, kicker: str, headline: str, deck: str
) -> None:
    found = read(BODY, head=head, title=title)
    assert (found.kicker, found.headline, found.deck) == (kicker, headline, deck)


def test_a_page_without_a_window_title_has_its_headline_by_its_looks() -> None:
    assert read(BODY, head=f"<div class=Heading>{HEADLINE}</div>", title="").headline == HEADLINE


def test_a_headline_tag_with_markup_in_it_is_plain_text() -> None:
    meta = f'<meta name="ArticleTitle" content="{HEADLINE}&lt;br/&gt;——见闻">'
    markup = f"<html><head>{meta}<title>{TITLE}</title></head><body><h1>{HEADLINE}——见闻</h1>{INFO}{BODY}</body></html>"
    assert extract(Page.parse(markup, ""), today=TODAY).headline == f"{HEADLINE}——见闻"


def _gone_astray(text: str, times: int) -> bytes:
    for _ in range(times):
        text = text.encode("gb18030" if _ == 0 else "utf-8").decode("latin-1")
    return text.encode("utf-8")


@pytest.mark.parametrize("times", [1, 2])
def test_text_that_was_read_in_the_wrong_table_is_brought_back(times: int) -> None:
    markup = f"<html><head><title>{TITLE}</title></head><body><h1>{HEADLINE}</h1>{INFO}{BODY * 3}</body></html>"
    page = Page.from_bytes(_gone_astray(markup, times), "")
    assert extract(page, today=TODAY).headline == HEADLINE


def test_words_of_another_language_are_not_taken_for_broken_ones() -> None:
    french = "Les élèves de l'école ont été étonnés par la forêt dévastée à côté du château. " * 20
    markup = f"<html><title>{TITLE}</title><body><p>{french}</p>{BODY}</body></html>"
    page = Page.from_bytes(markup.encode(), "")
    assert any("élèves" in block.text for block in page.blocks)


@pytest.mark.parametrize(
    "said",
    ["您访问的页面不存在", "404 您要找的内容已删除", "用户登录"],
)
def test_a_page_that_says_it_is_not_there_is_refused_as_such(said: str) -> None:
    body = f"<p>{said}，请检查您输入的地址是否正确，或者稍后再试，也可以返回首页重新查找您需要的内容。</p>"
    markup = (
        f"<html><head><title>{said}-样例网</title></head><body><h1>{said}</h1>{body}</body></html>"
    )
    with pytest.raises(StoryIsRefused) as refused:
        extract(Page.parse(markup, ""), today=TODAY)
    assert refused.value.reason == "not-there"


def test_the_second_extractor_is_asked_when_told_and_its_doubt_is_a_warning() -> None:
    markup = f"<html><head><title>{TITLE}</title></head><body><div><h1>{HEADLINE}</h1>{INFO}<div class=text>{BODY}</div></div></body></html>"
    page = Page.parse(markup, "http://a.example/2026/1103/1.html")
    agreed = extract(page, today=TODAY, compare=True)
    assert agreed.doubt == ""
    other = "<div id=comments>" + "".join(f"<p>{THIRD}{n}</p>" for n in range(40)) + "</div>"
    doubted = extract(
        Page.parse(markup.replace("</body>", f"{other}</body>"), ""), today=TODAY, compare=True
    )
    assert not doubted.doubt or doubted.doubt in doubted.warnings
    alone = extract(page, today=TODAY, compare=False)
    assert (alone.headline, alone.doubt) == (agreed.headline, "")
