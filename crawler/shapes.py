"""What the links of an unknown page are: stories of one shape with a day beside them, or columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .addresses import site_of
from .families.family import Row, dated_rows
from .webpage import Page, text_of

_ANY: Final = re.compile(r".")
_HEX: Final = re.compile(r"[0-9a-f]{32}")
_DIGITS: Final = re.compile(r"\d+")
_DATE: Final = re.compile(r"20[0-4]\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?")
_TITLE_LEAST: Final = 6  # characters; shorter links with a day are issues and archives
_COLUMN_LONGEST: Final = 10  # characters of a column's name
_BOX_DEPTH: Final = 3  # elements between a link 更多 and its box
_BOX_ELEMENTS: Final = 200  # elements of a box that are looked through for its heading

_PARTY: Final = (
    *("党建", "党的建设", "组织工作", "组工", "党务", "两新", "红色", "先锋", "党员", "基层组织"),
    *("组织部", "干部工作", "人才工作", "主题教育", "廉政"),
)
_NEWS: Final = (
    "要闻",
    "新闻",
    "时政",
    "动态",
    "头条",
    "今日",
    "本地",
    "资讯",
    "县区",
    "乡镇",
    "基层",
)
_OTHER: Final = re.compile(
    r"公开|公告|公示|通知|招聘|招考|采购|招标|政策|法规|解读|文件|视频|图片|影像|直播|专栏图|信箱|互动|服务|办事"
    r"|登录|注册|联系|关于|简介|概况|国务院|国内|国际|体育|娱乐|财经|更多专题|邮箱|下载|投诉|English"
)


_MORE: Final = re.compile(r"^(?:查看)?更多|^more|^[>》»+]+$", re.IGNORECASE)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5"))


@dataclass(frozen=True, slots=True)
class Cluster:
    """Links of one shape with a day beside each: a list. ``pattern`` finds their addresses."""

    pattern: str
    rows: tuple[Row, ...]


def cluster_of(page: Page) -> Cluster | None:
    """The list of a page: its largest group of dated links whose addresses have one shape.

    Links to other sites, without a title, or without a day beside them are no rows.
    """
    host = site_of(urlsplit(page.url).netloc)
    groups: dict[str, list[Row]] = {}
    for row in dated_rows(page, _ANY):
        own = site_of(urlsplit(row.url).netloc) == host
        if own and row.day and len(row.title) >= _TITLE_LEAST and (shape := shape_of(row.url)):
            groups.setdefault(shape, []).append(row)
    if not groups:
        return None
    # The names of people and places beside the titles are links of one shape too, but short.
    shape, rows = max(groups.items(), key=lambda one: (sum(len(r.title) for r in one[1]), one[0]))
    return Cluster(shape, tuple(rows))


def shape_of(url: str) -> str:
    """The address as a pattern: numbers and digests may differ; empty where it has none.

    Folders of words stay as they are only where they tell stories from the rest: the last one and the
    file's name.
    """
    parts = urlsplit(url)
    steps = parts.path.split("/")
    kept: list[str] = []
    for step in reversed(steps):
        pattern = _pattern(step)
        if kept and pattern == _literal(step):
            break  # a folder of words: the column, which differs from list to list
        kept.append(pattern)
    shape = "/" + "/".join(reversed(kept))
    if parts.query:
        names = [pair.split("=")[0] for pair in parts.query.split("&") if re.search(r"=\d", pair)]
        return f"{shape}\\?.*{re.escape(names[0])}=\\d+" if names else ""
    return f"{shape}$" if "\\d" in shape or "[0-9a-f]" in shape else ""


def _pattern(step: str) -> str:
    if _HEX.search(step):
        return "[0-9a-f]{32}".join(map(_literal, _HEX.split(step)))
    pieces = _DIGITS.split(step)
    out = _literal(pieces[0])
    for number, rest in zip(_DIGITS.findall(step), pieces[1:], strict=True):
        # Only a date keeps its width: ids grow.
        out += (f"\\d{{{len(number)}}}" if _DATE.fullmatch(number) else "\\d+") + _literal(rest)
    return out


def _literal(text: str) -> str:
    return re.escape(text).replace("\\-", "-").replace("\\_", "_")


def has_words(words: str) -> bool:
    """Whether a column's name speaks of Party building."""
    return any(word in words for word in _PARTY)


def column_links(page: Page) -> Iterator[tuple[str, str]]:
    """Links to columns of the same site, those of Party building first, then those of news."""
    host = site_of(urlsplit(page.url).netloc)
    ranked: dict[str, tuple[int, int, str]] = {}
    for number, link in enumerate(page.tree.iter("a")):
        words = re.sub(r"\s+", "", text_of(link)) or (link.get("title") or "").strip()
        url = page.address(link.get("href") or "").split("#")[0]
        if _MORE.match(words):
            words = _heading_above(link)
        if not url or not words or len(words) > _COLUMN_LONGEST or _OTHER.search(words):
            continue
        if site_of(urlsplit(url).netloc) != host or url.rstrip("/") == page.url.rstrip("/"):
            continue
        rank = 0 if has_words(words) else 1 if any(word in words for word in _NEWS) else 2
        if rank < 2 and (url not in ranked or rank < ranked[url][0]):
            ranked[url] = (rank, number, words)
    for url, (_, _, words) in sorted(ranked.items(), key=lambda item: item[1][:2]):
        yield words, url


def _heading_above(link: HtmlElement) -> str:
    """What the box is called that a link 更多 belongs to."""
    for up in islice(link.iterancestors(), _BOX_DEPTH):
        for element in islice(up.iterdescendants(), _BOX_ELEMENTS):
            named = element.tag in _HEADINGS or "tit" in (element.get("class") or "").lower()
            text = re.sub(r"\s+", "", text_of(element)) if named else ""
            if text and not _MORE.match(text):
                return re.sub(r"更多.*|[>》»]+$", "", text)
    return ""
