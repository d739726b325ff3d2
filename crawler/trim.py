"""Takes a body's blocks apart: paragraphs, captions and bylines on one side, page furniture on the other.

Press pages end with editors' lines, links to other stories, disclaimers and share buttons inside the
body itself. What is dropped here is never part of a story on any page read so far; anything doubtful
stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ..index.story import Paragraph, Picture, Repair
from .byline import BylineParse, parse_byline
from .webpage import Block
from .page_headline import is_place

_END: Final = re.compile(
    r"^[【\[（(]?\s*(?:相关(?:阅读|链接|新闻|报道|稿件|文章)|延伸阅读|推荐阅读|热点推荐|更多新闻|往期回顾"
    r"|免责声明|版权声明|特别声明|郑重声明|声明\s*[：:])"
)
_FURNITURE: Final = re.compile(
    r"^[【\[（(]?\s*(?:上一(?:篇|条)|下一(?:篇|条)|扫一扫|扫描二维码|分享到|分享至|分享让更多人看到|打印本页|关闭窗口|打印\s|字号"
    r"|返回(?:首页|顶部|列表)|原标题\s*[：:]|阅读原文|点赞|在看|长按.{0,6}二维码|附件\s*\d*\s*[：:])"
)
_EDITORS: Final = re.compile(
    r"^[（(【\[]?\s*(?:本版|网络|本期|值班)?(?:责任编辑|责编|编辑|校对|审核|初审|复审|终审|监制|版式|主编)\s*[：:丨|｜/\s]"
)
_SOURCE_LINE: Final = re.compile(r"^(?:来源|稿源|文字来源)\s*[：:丨|｜]\s*(\S{2,20})$")
_EDITORS_LONGEST: Final = 80
_SUBHEAD_LONGEST: Final = 40
_CLOSED: Final = re.compile(r"[。！？!?；;：:，,、…]$")


@dataclass
class Body:
    """What a body holds. ``bylines`` are its signatures in order, ``editors`` its editors' lines,
    ``place`` a place name that stands above the text in a line of its own, ``source`` a 来源 that
    stands inside the body."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    bylines: list[BylineParse] = field(default_factory=list)
    editors: list[BylineParse] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    linked: float = 0.0
    place: str = ""
    source: str = ""


def take_apart(blocks: Sequence[Block]) -> Body:
    """Sorts a body's blocks; the order of what stays is the order of the page."""
    body = Body()
    _read_pictures(_without_furniture(blocks, body), body)
    _take_place(body)
    _take_line(body)
    _take_lead(body)
    _take_tail(body)
    return body


def _without_furniture(blocks: Sequence[Block], body: Body) -> list[Block]:
    kept: list[Block] = []
    ended = False
    for block in blocks:
        if not block.text:
            if not ended:
                kept.append(block)
        elif len(block.text) <= _EDITORS_LONGEST and _EDITORS.match(block.text):
            parse = parse_byline(block.text, "footer")
            if parse.found:
                body.editors.append(parse)
            elif not ended:
                kept.append(block)
        elif line := _SOURCE_LINE.match(block.text):
            body.source = body.source or line[1]
        elif _END.match(block.text):
            ended = True
        elif not ended and not _FURNITURE.match(block.text):
            kept.append(block)
    letters = sum(len(block.text) for block in kept)
    body.linked = (
        sum(len(block.text) * block.linked for block in kept) / letters if letters else 0.0
    )
    return kept


def _read_pictures(blocks: Sequence[Block], body: Body) -> None:
    """Pairs pictures with captions; everything else becomes a paragraph or a subhead."""
    waiting: list[str] = []
    for block in blocks:
        if block.image:
            waiting.append(block.image)
        elif _is_caption(block, after_picture=bool(waiting)):
            caption, credit = _split_credit(block.text)
            if not caption and not waiting and body.pictures:
                last = body.pictures[-1]
                body.pictures[-1] = Picture(last.caption, last.credit or credit, last.url)
                continue
            # Several pictures above one caption share it; it is printed once, with the first.
            body.pictures.append(Picture(caption, credit, waiting[0] if waiting else ""))
            body.pictures.extend(Picture(url=url) for url in waiting[1:])
            waiting.clear()
        else:
            body.pictures.extend(Picture(url=url) for url in waiting)
            waiting.clear()
            body.paragraphs.append(Paragraph(block.text, subhead=_is_subhead(block)))
    body.pictures.extend(Picture(url=url) for url in waiting)


def _is_caption(block: Block, *, after_picture: bool) -> bool:
    if block.caption:
        return True
    if not after_picture or len(block.text) > 120:
        return False
    parse = parse_byline(block.text, "caption")
    return block.centred or (parse.is_caption and parse.found)


def _split_credit(text: str) -> tuple[str, str]:
    parse = parse_byline(text, "caption")
    if not parse.raw:
        return text, ""
    credit = parse.raw.strip(" \u3000")
    if credit.startswith(("（", "(")) and credit.endswith(("）", ")")):
        credit = credit[1:-1].strip(" \u3000")
    return text[: parse.start].strip(" \u3000"), credit


def _is_subhead(block: Block) -> bool:
    return (
        (block.bold or block.centred)
        and len(block.text) <= _SUBHEAD_LONGEST
        and not _CLOSED.search(block.text)
    )


def _take_place(body: Body) -> None:
    """A place name printed as a frame of its own is no paragraph but a head of the story."""
    if len(body.paragraphs) > 1 and is_place(body.paragraphs[0].text):
        body.place = body.paragraphs.pop(0).text


def _take_line(body: Body) -> None:
    """A byline in a line of its own, first or last."""
    for at in (0, len(body.paragraphs) - 1):
        if len(body.paragraphs) < 2 or at >= len(body.paragraphs):
            return
        paragraph = body.paragraphs[at]
        parse = parse_byline(paragraph.text, "line")
        certain = parse.confidence != "low" or not paragraph.subhead
        if parse.found and parse.strip and parse.names_somebody() and certain:
            body.bylines.append(parse)
            body.repairs.append(Repair("byline-out", parse.raw))
            del body.paragraphs[at]


def _take_lead(body: Body) -> None:
    at = next((n for n, p in enumerate(body.paragraphs) if not p.subhead), None)
    if at is None:
        return
    text = body.paragraphs[at].text
    parse = parse_byline(text, "head")
    if parse.found and parse.strip and (rest := text[parse.end :].lstrip(" \u3000")):
        body.bylines.append(parse)
        body.repairs.append(Repair("byline-out", parse.raw))
        body.paragraphs[at] = Paragraph(rest)


def _take_tail(body: Body) -> None:
    if not body.paragraphs:
        return
    text = body.paragraphs[-1].text
    parse = parse_byline(text, "tail")
    if parse.found and parse.strip:
        body.bylines.append(parse)
        body.repairs.append(Repair("byline-out", parse.raw))
        rest = (text[: parse.start] + text[parse.end :]).rstrip(" \u3000")
        body.paragraphs[-1:] = [Paragraph(rest, body.paragraphs[-1].subhead)] if rest else []
