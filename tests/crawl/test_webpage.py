"""A page as blocks: what counts as a paragraph, a caption, a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.crawler.webpage import Page, PageHasNoText, blocks_of, clean, squeeze, text_of


def blocks(markup: str) -> list[str]:
    page = Page.parse(f"<html><body>{markup}</body></html>", "http://a.example/x/1.html")
    return [block.text or block.image for block in blocks_of(page.tree, page)]


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>一</p><p>二</p>", ["一", "二"]),
        ("一<br>二<br/><br/>三", ["一", "二", "三"]),
        ("<p><span>党员<font>11</font></span>名<o:p></o:p></p>", ["党员11名"]),
        ("<section><span>一</span><section>二</section>三</section>", ["一", "二", "三"]),
        ("<p>　　开头两格&nbsp;</p><p>&nbsp;</p>", ["开头两格"]),
        ("<p>行内\n  换行</p>", ["行内换行"]),
        ("<p>two\nwords</p>", ["two words"]),
        ("<p>一<script>var a='二'</script>三</p>", ["一三"]),
        ("<p>一<style>p{}</style><noscript>二</noscript>三</p>", ["一三"]),
        ("<p>一<span style='display:none'>隐</span>二</p>", ["一二"]),
        ("<p>一<!-- 二 -->三</p>", ["一三"]),
        ("<!--[if gte mso 9]><xml>一</xml><![endif]--><p>二</p>", ["二"]),
        ("<table><tr><td>一</td><td>二</td></tr></table>", ["一", "二"]),
        ("<p>前<img src='../a.png'>后</p>", ["前", "http://a.example/a.png", "后"]),
        ("<img src='/lazy.gif' data-src='b.png'>", ["http://a.example/x/b.png"]),
        ("<img src='data:image/png;base64,AA=='><img src='javascript:x'><img>", []),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", ["<script>alert(1)</script>"]),
        ("<p>零\u200b宽\u202e反\u0000转</p>", ["零宽反转"]),
    ],
)
def test_blocks(markup: str, texts: list[str]) -> None:
    assert blocks(markup) == texts


def test_a_block_knows_how_it_is_set() -> None:
    page = Page.parse(
        "<html><body><p><b>小标题</b></p><p>正<b>文</b></p><p align='center'>图说</p>"
        "<p><a href='/'>全是链接</a></p><figcaption>说明</figcaption>"
        "<div style='text-align: center'><span>居中</span></div></body></html>",
        "http://a.example/",
    )
    head, text, centred, link, caption, styled = blocks_of(page.tree)
    assert (head.bold, text.bold) == (True, False)
    assert (centred.centred, styled.centred, text.centred) == (True, True, False)
    assert (link.linked, text.linked) == (1.0, 0.0)
    assert (caption.caption, text.caption) == (True, False)


def test_meta_names_are_compared_without_case_and_empty_values_give_way() -> None:
    page = Page.parse(
        "<html><head><meta name='PubDate' content=' 2026-11-03 '><meta name='contentSource' content='null'>"
        "<meta name='ContentSource' content='县融媒'><meta property='og:title' content='题'></head></html>",
        "http://a.example/",
    )
    assert page.meta == {"pubdate": "2026-11-03", "contentsource": "县融媒", "og:title": "题"}


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./t1.html", "http://a.example/x/t1.html"),
        ("../../../con/1.html", "http://a.example/con/1.html"),
        (" /a b.html ", "http://a.example/a b.html"),
        ("//b.example/1", "http://b.example/1"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.example", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://[::1", ""),
        ("http:///x", "http://a.example/x"),  # as browsers read it
    ],
)
def test_only_web_addresses_are_addresses(href: str, address: str) -> None:
    page = Page.parse("<html><body>x</body></html>", "http://a.example/x/1.html")
    assert page.address(href) == address


def test_a_base_tag_moves_relative_addresses() -> None:
    page = Page.parse(
        "<html><head><base href='/y/'></head><body>x</body></html>", "http://a.example/x/1"
    )
    assert page.address("2.html") == "http://a.example/y/2.html"


@pytest.mark.parametrize("text", ["", "   ", "<!-- -->", "\x00\x00"])
def test_nothing_is_no_page(text: str) -> None:
    with pytest.raises(PageHasNoText):
        Page.parse(text, "http://a.example/")


def test_an_xml_declaration_with_another_encoding_does_no_harm() -> None:
    page = Page.parse(
        '<?xml version="1.0" encoding="gb2312"?><html><body>正文</body></html>', "http://a.example/"
    )
    assert text_of(page.tree) == "正文"


def test_deep_nesting_and_many_elements_are_read_without_recursion() -> None:
    deep = "<div>" * 5000 + "底" + "</div>" * 5000
    page = Page.parse(f"<html><body>{deep}{'<p>段</p>' * 5000}</body></html>", "http://a.example/")
    assert text_of(page.tree).count("段") in (0, 5000)  # the parser may cut what is too deep


def test_entities_of_a_page_are_not_grown() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "党党党党党党党党党党">]><html><body><p>&a;&a;</p></body></html>'
    page = Page.parse(bomb, "http://a.example/")
    assert "党党" not in text_of(page.tree)


@given(st.text(max_size=300))
def test_cleaned_text_can_always_be_written(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert squeeze(squeeze(cleaned)) == squeeze(cleaned)


@given(st.text(max_size=300))
def test_any_text_is_a_page_or_none(text: str) -> None:
    try:
        page = Page.parse(text, "http://a.example/")
    except PageHasNoText:
        return
    assert isinstance(text_of(page.tree), str)
