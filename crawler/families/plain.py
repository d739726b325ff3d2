"""Story pages of a plain modern layout: one headline, one body container, day and source between.

It is also the last to be asked for a page that no other family recognises. The container is looked
for under the names that content systems give it; failing that, it is the element that holds the most
Chinese text outside links.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

from ...index.clock import ZONE
from ..webpage import Page, blocks_of, is_small, text_of
from .family import Family, Parts, around_headline, dated_rows, next_link

_STORY: Final = re.compile(r"/(?:19|20)\d\d[-/]?\d\d.*\d+\.s?html?$|/\w*\d{4,}\.s?html?$")
# In this order: ids and classes of known systems first, then what any page may be wrapped in.
_BODIES: Final = (
    *("#js_content", "#zoom", "#zoomcon", "#UCAP-CONTENT", "#vsb_content", ".v_news_content"),
    *("#rwb_zw", "#ozoom", "#articleContent", ".article-content", ".article_content", ".art_txt"),
    *(".pages_content", ".rm_txt_con", ".content", "#content", "article", "main"),
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_EPOCH: Final = re.compile(r"\bct\s*=\s*[\"'](\d{10})[\"']")
_BODY_LEAST: Final = 60  # Chinese characters; containers of that name are also used for rulers
_HEADLINE_LONGEST: Final = 80
_HEADLINE_LEAST: Final = 5  # shorter headings name a column or the site's section
_PRINTS: Final = ("h1", "h2", "h3", "h4", "founder-title", "td", "div", "p", "span", "strong")
_INSIDE_HEADLINE: Final = 4  # a headline's element holds a break or a font tag, no layout
_TEXT_TAGS: Final = ("p", "section", "span", "font", "strong", "b")
_CONTAINERS: Final = ("div", "td", "section", "article")
# 题目_栏目_网站, 题目-网站, 题目 | 网站: what follows the first mark is the site's.
_SITE_SUFFIX: Final = re.compile(
    r"\s*[_|｜]\s*|\s*--\s*|\s+[-–]\s+|-(?=[^-]*(?:网|新闻|频道|日报|政府)[^-]*$)"
)


def _recognises(page: Page) -> bool:
    return bool(_headline(page)[0]) and _body(page) is not None


def _headline(page: Page) -> tuple[str, HtmlElement | None]:
    """The headline and the element that prints it, when one does.

    What is printed and also stands in the page's title (or its meta tags) is the headline; the
    longest such text wins over the column's name, which stands there too.
    """
    said = page.meta.get("articletitle", "") or page.meta.get("og:title", "")
    best: tuple[str, HtmlElement | None] = ("", None)
    for element in page.tree.iter(*_PRINTS):
        if not is_small(element, _INSIDE_HEADLINE):
            continue
        text = text_of(element)
        if _HEADLINE_LEAST <= len(text) <= _HEADLINE_LONGEST and len(text) > len(best[0]):
            whole = text == said if said else text in page.title and text != page.title
            if whole or (text == page.title and element.tag == "h1"):
                best = text, element
    if best[0]:
        return best
    first = next((h for h in page.tree.iter("h1") if len(text_of(h)) >= _HEADLINE_LEAST), None)
    if first is not None:
        return text_of(first), first
    return said or _SITE_SUFFIX.split(page.title)[0], None


def _body(page: Page) -> HtmlElement | None:
    for selector in _BODIES:
        for found in page.tree.cssselect(selector):
            if len(_HAN.findall(text_of(found))) >= _BODY_LEAST:
                return found
    return _densest(page)


def _densest(page: Page) -> HtmlElement | None:
    """The element whose own paragraphs, or own lines, hold the most Chinese text outside links."""
    weights: dict[HtmlElement, int] = {}
    for element in page.tree.iter(*_CONTAINERS):
        own = element.text or ""
        for child in element:
            own += child.tail or ""
            # Only what holds no container: each text is then read once, however deep it stands.
            if child.tag in _TEXT_TAGS and next(child.iterdescendants(*_CONTAINERS), None) is None:
                own += "".join(block.text for block in blocks_of(child) if block.linked < 0.5)
        weights[element] = len(_HAN.findall(own))
    best = max(weights, key=lambda element: weights[element], default=None)
    return best if best is not None and weights[best] >= _BODY_LEAST else None


def _parts(page: Page) -> Parts | None:
    body = _body(page)
    headline, printed = _headline(page)
    if body is None or not headline:
        return None
    kicker, deck, info = around_headline(printed, body) if printed is not None else ("", "", "")
    return Parts(body, headline, kicker, deck, info or _wechat_info(page))


def _wechat_info(page: Page) -> str:
    """The meta line of a WeChat page, which a script would print: account name and epoch seconds."""
    name, moment = page.first("#js_name"), _EPOCH.search(page.scripts)
    if name is None or moment is None:
        return ""
    day = datetime.fromtimestamp(int(moment[1]), ZONE).date()
    return f"来源：{text_of(name)} 发布时间：{day.isoformat()}"


FAMILY: Final = Family("plain", _STORY, _recognises, dated_rows, next_link, _parts)
