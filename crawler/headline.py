"""The headline of a page whose system is not known, and what is printed around it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from lxml.html import HtmlElement

from .blocks import Block, frame_of
from .dates import has_day
from .furniture import EDITORS, FULL_STOP, FURNITURE, NOISY
from .page_headline import is_place
from .webpage import Page, squeeze

_SHORTEST: Final = 4
_LONGEST: Final = 90
_COLUMN: Final = 8  # a shorter title names a column: 新闻动态, 基层党建
_INFO_LONGEST: Final = 240
_AROUND: Final = (
    14  # blocks between headline and body that may be the meta line; share bars are longer
)
_HEADS: Final = {"h1": 40, "h2": 24, "h3": 16, "h4": 8, "h5": 4, "founder-title": 40}
_NAMES: Final = re.compile(
    r"title|biaoti|(?:^|[\s_-])bt|headline|heading|(?:^|[\s_-])tit(?:[\s_-]|$)|h1|activity-name",
    re.I,
)
_NOT: Final = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
_INFO: Final = re.compile(
    r"来源|稿源|出处|发布(?:时间|日期)?\s*[：:]|(?:时间|日期|作者|编辑|记者|责编|撰稿)\s*[：:]|(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d\d"
)
# 题目_栏目_网站: what follows the first of these marks is the site's.
_SITE_SUFFIX: Final = re.compile(
    r"\s*[_|｜┃>»]+\s*|\s*--+\s*|\s+[-–—·]+\s+|(?<=[\u3400-\u9fff”》）)！？])\s*[-–—]\s*(?=[^-–—]{2,20}$)"
    r"|\s*[-–—]\s*(?=[^-–—]*(?:网|新闻|频道|日报|晚报|政府|资讯|在线|热线|门户|论坛|中心|电视台)[^-–—]*(?:$|[-–—]))|\s*[,，](?=[^，。]*(?:网|频道)$)"
    # -关键词,关键词,…-网站
    r"|\s*[-–—]\s*(?=(?:[^\s,，。！？-]{1,8}[,，|]){1,8}[^\s,，。！？-]{1,8}(?:[-–—]|$))"
)
_TAG: Final = re.compile(
    r"[【\[(（]?(?:原创|转载|独家|组图|视频|图文|头条|置顶|最新|热|荐|顶|图)[】\])）]?\s*"
)
_SITE: Final = re.compile(
    r"(?:网|网站|频道|日报|晚报|晨报|新闻中心|政府|资讯|门户|在线|热线|首页|正文|详情|内容页|新闻)$"
)


def letters(text: str) -> str:
    """Text without spaces and punctuation, for comparing."""
    return _NOT.sub("", text)


def is_info(text: str) -> bool:
    """Whether a short text is a meta line 来源/作者/时间."""
    return bool(text) and len(text) <= _INFO_LONGEST and _INFO.search(text) is not None


_KICKER: Final = re.compile(r"kicker|yinti|introtitle|subtitle|(?:^|[\s_-])(?:yt|sub)(?:[\s_-]|$)")
_CATEGORY: Final = re.compile(r"[\[【［].{2,8}[\]】］]")
_ABOVE: Final = (6, 40)  # characters of a kicker that only its place tells
_COLUMN_TAG: Final = re.compile(
    r"^(?:【(?P<a>[^】]{2,16})】|[\[［](?P<b>[^\]］]{2,12})[\]］])\s*(?=\S)"
)


def split_column(headline: str, title: str) -> tuple[str, str, str]:
    """``【党旗飘扬】沟里的路灯`` → column, label and headline.

    The column reads like a kicker. Square brackets hold a label of the system (``[党建信息]``) where
    the window's title does without them, and are the headline's own (``[快讯]``) where it does not.
    """
    tag = _COLUMN_TAG.match(headline)
    if not tag:
        return "", "", headline
    rest = headline[tag.end() :]
    name = tag["a"] or tag["b"]
    alone = tag["b"] and (not title or letters(name) in letters(title)[: len(letters(headline))])
    if len(letters(rest)) < _SHORTEST or alone:
        return "", "", headline
    return tag["a"] or "", tag["b"] or "", rest


def printed_title(page: Page) -> int:
    """The last block that prints what the window's title begins with; −1 when none does."""
    title = letters(page.title)
    found = -1
    for number, block in enumerate(page.blocks):
        if len(block.text) >= _COLUMN and block.linked < 0.5:
            name = letters(block.text[:_LONGEST])
            if len(name) >= _COLUMN - 2 and title.startswith(name):
                found = number
    return found


def find_headline(page: Page, until: int) -> tuple[str, int]:
    """The headline and the block that prints it (−1: none does), before block ``until``.

    A text that the window's title or a meta tag repeats is taken first, then a heading; the window's
    title itself, cut before the site's name, is the last resort.
    """
    said = page.meta.get("articletitle", "") or ""
    also = page.meta.get("og:title", "")
    title, whole = letters(page.title), letters(said)
    first = letters(cut_title(page.title))
    best, best_at, best_score = "", -1, 0.0
    for number in range(min(until + 1, len(page.blocks))):
        block = page.blocks[number]
        text = block.text
        if not _SHORTEST <= len(text) <= _LONGEST:
            continue
        score = _score(block, (title, whole, letters(also), first))
        score -= min(30, (until - number) * 0.7)
        # The later of two equal ones: navigation repeats the headline above it, never below.
        if score >= best_score and score > 0:
            best, best_at, best_score = text, number, score
    if best_at >= 0:
        best = _whole_heading(page, best_at, title)
    tag = _TAG.match(best)
    if tag and letters(best) not in title and letters(best[tag.end() :]) in title:
        best = best[tag.end() :]
    if said and (best_at < 0 or letters(said) != letters(best)):
        best = said
    if not best:
        best = cut_title(page.title)
        # 新闻动态_网站: the window's title names the column only.
        if len(letters(best)) < _COLUMN or _is_site(best):
            best, best_at = _nearest(page, until) or (best, -1)
        best = best or also or _heading(page, until)
    return squeeze(best), best_at


def _whole_heading(page: Page, at: int, title: str) -> str:
    """A headline that a line break cuts in two within its heading, as the window's title has it."""
    text = page.blocks[at].text
    heading = _heading_of(page.blocks[at])
    for number in (at - 1, at + 1):
        if heading is None or not 0 <= number < len(page.blocks):
            continue
        other = page.blocks[number]
        if not other.text or _heading_of(other) is not heading:
            continue
        first, last = (other.text, text) if number < at else (text, other.text)
        whole = f"{first}{last}" if first.endswith(("：", ":")) else f"{first} {last}"
        if first.endswith(("：", ":")) or letters(whole) in title:
            return whole
    return text


def _heading_of(block: Block) -> HtmlElement | None:
    node = block.node
    for _ in range(3):
        if node is None or node.tag in _HEADS:
            return node
        node = node.getparent()
    return None


def _nearest(page: Page, until: int) -> tuple[str, int] | None:
    """The nearest text above the body that is set like a headline."""
    for number in range(until - 1, max(-1, until - 8), -1):
        block = page.blocks[number]
        tag, names = _around(block)
        set_apart = tag or block.bold or block.centred or _NAMES.search(names)
        fits = _COLUMN <= len(block.text) <= 60 and block.linked < 0.5 and not is_info(block.text)
        if set_apart and fits and not FURNITURE.match(block.text) and "首页" not in block.text:
            return block.text, number
    return None


def _heading(page: Page, until: int) -> str:
    """The nearest heading above, whatever it says: 通知 and 广告 are headlines too."""
    for block in page.blocks[:until][::-1]:
        if block.text and _HEADS.get(_around(block)[0], 0) > 20:
            return block.text
    return ""


def cut_title(title: str) -> str:
    """The window's title without the names of site and columns."""
    parts = [part.strip(" \u3000-_|—") for part in _SITE_SUFFIX.split(title)]
    parts = [part for part in parts if part]
    if not parts:
        return title.strip()
    longest = max(parts, key=len)
    first = parts[0]
    # 网站 - 题目: the site's name comes first on some.
    too_short = len(first) < 8 and len(longest) > 2 * len(first) and _SITE.search(first)
    return longest if too_short else first


def site_in(title: str) -> str:
    """The site's name behind the headline in a window's title; empty when it names none."""
    parts = [part.strip(" \u3000-_|—") for part in _SITE_SUFFIX.split(title)]
    return parts[-1] if len(parts) > 1 and _is_site(parts[-1]) else ""


def _is_site(text: str) -> bool:
    """Whether a text is the name of a site: 某某新闻网, 某某新闻网（试运行）."""
    return _SITE.search(re.sub(r"[（(][^（()）]*[)）]$", "", text)) is not None


def _score(block: Block, said: tuple[str, str, str, str]) -> float:
    title, whole, also, first = said
    name = letters(block.text)
    tag, names = _around(block)
    if not name or (block.linked > 0.5 and not tag) or name.startswith("首页"):
        return 0.0
    if (name == title or block.linked > 0.5) and _is_site(block.text):
        return 0.0
    if FURNITURE.match(block.text) or EDITORS.match(block.text):
        return 0.0
    info = is_info(block.text)
    score = 0.0
    if (whole and name == whole) or (also and name == also):
        score = 150.0
    elif len(name) >= _SHORTEST and title and name in title:
        score = 5.0 * min(len(name), 16) + (25 if title.startswith(name) else 0)
    elif first and len(first) > 5 and not info:
        likeness = SequenceMatcher(None, name, first, autojunk=False).ratio()
        score = 70 * likeness if likeness > 0.5 else 0.0
    if info and score < 100:
        return 0.0
    heading = _HEADS.get(tag, 0)
    if not score and not (heading >= 16 and len(name) >= 6):
        return 0.0
    score += heading
    if _NAMES.search(names):
        score += 18
    if NOISY.search(names):
        score -= 40
    if FULL_STOP.search(block.text) and block.text.endswith("。"):
        score -= 20
    return score + (6 if block.bold else 0) + (4 if block.centred else 0)


def _around(block: Block) -> tuple[str, str]:
    """The heading tag that a block stands in, and the classes and ids of the elements around it."""
    node, names, tag = block.node, [], ""
    for _ in range(3):
        if node is None or not isinstance(node.tag, str):
            break
        if not tag and node.tag in _HEADS:
            tag = node.tag
        names += [node.get("class") or "", node.get("id") or ""]
        node = node.getparent()
    return tag, " ".join(names)


def names_around(block: Block) -> str:
    """The classes and ids of the elements that a block stands in, three deep, in small letters."""
    return _around(block)[1].lower()


def read_head(page: Page, at: int, first: int, start: int) -> tuple[str, str, str]:
    """Kicker, deck and meta line around the headline in block ``at``.

    ``first`` is where the body's element begins and ``start`` its first sentence: some pages print
    the meta line inside the body. Where nothing of that shape follows the headline, the line may
    stand above it.
    """
    blocks = page.blocks
    kicker, deck, info = "", "", list[str]()
    above = at > 0 and _heading_of(blocks[at]) is not None
    halves = above and _heading_of(blocks[at - 1]) is _heading_of(blocks[at])
    if (
        at > 0
        and not (halves and letters(blocks[at - 1].text) in letters(page.title))
        and _is_kicker(blocks[at - 1], blocks[at])
    ):
        kicker = blocks[at - 1].text
    low = at + 1 if at >= 0 else max(0, first - _AROUND)
    heading = _heading_of(blocks[at]) if at >= 0 else None
    for number in range(low, min(start, low + _AROUND * 2)):
        text = blocks[number].text
        if not text or len(text) > _INFO_LONGEST:
            continue
        if heading is not None and _heading_of(blocks[number]) is heading:
            continue  # the second half of the headline
        if is_info(text) or (info and blocks[number].linked > 0.5 and len(text) < 20):
            info.append(text)
        elif not deck and not info and _is_deck(blocks[number]):
            deck = text
        elif not kicker and not info and is_place(text):
            kicker = text
        elif len(text) <= 24 and not FURNITURE.match(text):
            info.append(text)
    if at > 0 and not any(has_day(text) for text in info):
        above = [blocks[n].text for n in range(max(0, at - 6), at)]
        info += [text for text in above if is_info(text) and has_day(text)]
    return kicker, deck, "\n".join(info)


def _is_kicker(before: Block, headline: Block) -> bool:
    """Whether the line above the headline is set with it: named so, in the same heading, or centred
    in the row above it."""
    text = before.text
    tag, names = _around(before)
    if not text or before.linked > 0 or is_info(text) or NOISY.search(names):
        return False
    beside = frame_of(before.node) is frame_of(headline.node)
    if FURNITURE.match(text) or _CATEGORY.fullmatch(text) or text.endswith(("：", ":")):
        return False
    if not beside and not _parents(before) & _parents(headline):
        return False
    if _KICKER.search(names):
        return 2 <= len(text) <= 60
    return (
        4 <= len(text) <= 60
        if tag
        else _ABOVE[0] <= len(text) <= _ABOVE[1] and (before.centred and headline.centred)
    )


def _is_deck(block: Block) -> bool:
    text = block.text
    _, names = _around(block)
    dashed = text.startswith(("—", "－－", "--", "――"))
    named = re.search(r"deck|subtitle|futi|sub-title|(?:^|\s)sub(?:\s|$)", names.lower())
    return 4 <= len(text) <= 60 and (dashed or bool(named)) and not is_info(text)


def _parents(block: Block) -> set[object]:
    found: set[object] = set()
    node = block.node
    for _ in range(4):
        if node is None or node.tag == "body":
            break
        found.add(node)
        node = node.getparent()
    return found
