"""Takes a body's blocks apart: paragraphs, captions and bylines on one side, page furniture on the other.

Press pages end with editors' lines, links to other stories, disclaimers and share buttons inside the
body itself. What is dropped here is never part of a story on any page read so far; anything doubtful
stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml.html import HtmlElement

from ..index.story import Paragraph, Picture, Repair
from .blocks import Block, frame_of
from .byline import BylineParse, parse_byline
from .credits import read_credit, read_credit_behind
from .furniture import EDITORS, END, FULL_STOP, FURNITURE, PAGER, RIGHTS, SOURCE_LINE
from .headline import is_info, letters
from .leads import read_lead, read_line, read_tail
from .metaline import NO_SOURCE
from .page_headline import is_place

_EDITORS_LONGEST: Final = 140
_END_LONGEST: Final = 30  # a longer line ends the story only when it speaks of rights
_LABEL_INSIDE: Final = re.compile(
    r"[\s\u3000]*[（(【\[〔<]?[\s\u3000]*(?:本版|网络|本网|本期|值班|本文|见习|实习|新媒体)?(?:责任编辑|责编|编辑|编审|审核|校对|监制|终审)"
    r"[\s\u3000]*[：:丨｜][\s\u3000]*[^，。；！？]{1,50}$"
)
_SOURCE_INSIDE: Final = re.compile(
    r"[\s\u3000]*[（(【\[](?:[^（()），。；]{0,10}来源|稿源|转载自|来自|据)[\s\u3000]*[：:][\s\u3000]*(?P<source>[^（()）】\]，。；]{2,40})[）)】\]][\s\u3000]*$"
)
_NAMED: Final = re.compile(
    r"(?:责任编辑|责编|编辑)[\s\u3000]*[：:丨｜][\s\u3000]*[^，。；！？]{1,30}"
)
_NEAR: Final = 3  # lines from either end of a body in which questions of an interview do not stand
_BESIDE: Final = 2  # lines from the editors' line in which the source and the author stand
_BELOW_SURE: Final = 10  # blocks below the body that are still its own when nothing ended it
# 云溪网11月3日讯（: a second story's lead inside the text
_LEAD_INSIDE: Final = re.compile(r"^[^，。：:（(]{2,18}(?:讯|电|消息|报道)[\s\u3000]*[（(]")
_MOMENT_LINE: Final = re.compile(
    r"来源|稿源|发布|作者\s*[：:]|编辑\s*[：:]|\d{1,2}:\d\d|^[\d\s年月日./:：-]+$"
)
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


def take_apart(blocks: Sequence[Block], *, after: Sequence[Block] = (), headline: str = "") -> Body:
    """Sorts a body's blocks; the order of what stays is the order of the page.

    ``after`` is what stands below the body: only editors' and source lines are read there.
    ``headline`` is left out where the body repeats it.
    """
    body = Body()
    _read_pictures(_without_furniture(blocks, body, letters(headline)), body)
    _take_place(body)
    _take_line(body)
    _take_lead(body)
    _take_tail(body)
    _read_after(after, body)
    if not body.paragraphs:
        _tell_by_captions(body)
    return body


def _without_furniture(blocks: Sequence[Block], body: Body, headline: str) -> list[Block]:
    kept: list[Block] = []
    end, framed = _end_of(blocks)
    begun = False
    for number, block in enumerate(blocks):
        text = block.text
        if number >= end or number in framed:
            _read_label(block, body)
        elif not text:
            kept.append(block)
        elif len(text) <= _EDITORS_LONGEST and EDITORS.match(text):
            _read_label(block, body, whole=True)
        elif (
            credit := read_credit(text, labelled=_NEAR <= number < len(blocks) - _NEAR)
        ).found and not (block.image or block.caption):
            _keep_credit(credit, body)
        elif line := (SOURCE_LINE.match(text) if len(text) < 60 else None):
            _keep_source(line["source"], body)
        elif _is_left_out(block, headline if not begun else "") or (
            not begun
            and len(text) < 160
            and is_info(text)
            and _MOMENT_LINE.search(text)
            and not FULL_STOP.search(text)
        ):
            _read_label(block, body)  # 【纠错】【责任编辑：…】
        elif cut := _without_label(block, body):
            begun = begun or bool(FULL_STOP.search(cut.text))
            kept.append(cut)
    body.linked = _linked(kept)
    return kept


def _linked(blocks: Sequence[Block]) -> float:
    size = sum(len(block.text) for block in blocks)
    return sum(len(block.text) * block.linked for block in blocks) / size if size else 0.0


def _end_of(blocks: Sequence[Block]) -> tuple[int, frozenset[int]]:
    """Where other stories, comments and the site's own words begin, and what stands in frames of its
    own before that: 推荐阅读 between two paragraphs.

    Only what leaves most of the sentences before it can be the end.
    """
    sentences = [len(b.text) if FULL_STOP.search(b.text) and b.linked < 0.5 else 0 for b in blocks]
    total, passed = sum(sentences), 0
    frames: set[HtmlElement | None] = set()
    framed: set[int] = set()
    for number, block in enumerate(blocks):
        text = block.text
        ends = END.match(text) and (len(text) <= _END_LONGEST or RIGHTS.search(text))
        if ends and number not in framed:
            inside = _frame_at(blocks, sentences, number, frames)
            if inside:
                framed |= inside
            elif passed * 2 >= total or (
                passed > 0 and RIGHTS.search(text) and passed * 3 >= total
            ):
                return number, frozenset(framed)
        passed += sentences[number]
        if sentences[number]:
            frames.add(frame_of(block.node))
    return len(blocks), frozenset(framed)


def _frame_at(
    blocks: Sequence[Block], sentences: Sequence[int], at: int, frames: set[HtmlElement | None]
) -> set[int]:
    """The blocks of the frame that begins at a block; none when the story does not go on behind it."""
    node = blocks[at].node
    outer = set(frames)
    for frame in frames:
        outer.update(frame.iterancestors() if frame is not None else ())
    if node is None or frame_of(node) in outer:
        return set()
    while (parent := node.getparent()) is not None and parent not in outer:
        node = parent
    within = set(node.iter())
    inside = {n for n in range(at, len(blocks)) if blocks[n].node in within}
    goes_on = any(
        sentences[n] and n not in inside and frame_of(blocks[n].node) in frames
        for n in range(at + 1, len(blocks))
    )
    return inside if goes_on else set()


def _is_left_out(block: Block, headline: str) -> bool:
    text = block.text
    if len(text) <= 120 and (FURNITURE.match(text) or PAGER.match(text)):
        return True
    if END.match(text) and (len(text) <= _END_LONGEST or RIGHTS.search(text)):
        return True
    if block.linked > 0.7 and not FULL_STOP.search(text):
        return True
    return bool(headline) and letters(text) == headline


def _without_label(block: Block, body: Body) -> Block | None:
    """A last line with the editors or the source at its end, without them."""
    text = block.text
    for _ in range(3):
        if (credit := read_credit_behind(text)).found:
            _keep_credit(credit, body)
            text = text[: credit.start].rstrip(" \u3000")
            continue
        if found := _LABEL_INSIDE.search(text):
            parse = parse_byline(found[0].strip(), "footer")
            if not parse.found and found.start() == 0:
                break
            body.editors.append(parse)
        elif found := _SOURCE_INSIDE.search(text):
            _keep_source(found["source"], body)
        elif (found := re.search(r"返回[^。]{0,8}首页[>》\s]*$", text)) or (
            found := re.search(r"(?:[【\[]\s*\d{1,2}\s*[】\]]\s*){2,}.{0,8}$", text)
        ):
            pass
        else:
            break
        text = text[: found.start()].rstrip(" \u3000")
    if not text:
        return None
    return block if text == block.text else replace(block, text=text)


def _read_label(block: Block, body: Body, *, whole: bool = False) -> None:
    """An editors' line outside the text; nothing else of the block is kept."""
    if not whole and "编" not in block.text:
        return
    credit = read_credit(block.text, labelled=True)
    if credit.editors or (credit.found and whole):
        _keep_credit(credit, body)
        return
    named = block.text if whole else (_NAMED.search(block.text) or [""])[0]
    if named and len(named) <= _EDITORS_LONGEST:
        parse = parse_byline(named, "footer")
        if parse.found:
            body.editors.append(parse)


def _keep_credit(credit: BylineParse, body: Body) -> None:
    """Who wrote goes to the bylines, who edited to the editors, where it came from is kept apart."""
    _keep_source(credit.source, body)
    if credit.editors:
        body.editors.append(BylineParse(raw=credit.raw, found=True, editors=credit.editors))
    writer = replace(credit, editors=())
    if any(getattr(writer, role) for role in _WRITERS):
        body.bylines.append(writer)
        body.repairs.append(Repair("byline-out", credit.raw))


def _keep_source(said: str, body: Body) -> None:
    if said.strip() not in NO_SOURCE:
        body.source = body.source or said.strip()


_WRITERS: Final = (
    *("reporters", "correspondents", "trainee_reporters", "interns", "authors"),
    *("org_authors", "photographers"),
)


def _read_after(blocks: Sequence[Block], body: Body) -> None:
    """Editors, source and author below the body: until other stories begin, and beside the editors'
    line wherever it stands."""
    ended = False
    beside: int | None = None
    for number, block in enumerate(blocks):
        text = block.text
        ended = ended or number >= _BELOW_SURE or bool(END.match(text))
        if ended and (body.editors if beside is None else number > beside + _BESIDE):
            break
        if not text or len(text) > _EDITORS_LONGEST:
            continue
        credit = read_credit(text, labelled=True)
        if not body.editors:
            _read_label(block, body)
            beside = number if body.editors else None
        elif credit.found and (not ended or beside is not None):
            _keep_credit(replace(credit, editors=()), body)
            continue
        if credit.found and not ended and not credit.editors:
            _keep_credit(credit, body)
    if not body.source and beside:
        for block in blocks[max(0, beside - _BESIDE) : beside]:
            _keep_source(read_credit(block.text, labelled=True).source, body)


def _tell_by_captions(body: Body) -> None:
    """A story in pictures: what stands below them is all that it says."""
    body.paragraphs = [Paragraph(one.caption) for one in body.pictures if one.caption]
    body.pictures = [Picture("", one.credit, one.url) for one in body.pictures]


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
        if not parse.names_somebody() or parse.confidence == "low" or "：" in paragraph.text:
            named = read_line(paragraph.text)
            parse = named if named.found else parse
        certain = parse.confidence != "low" or not paragraph.subhead
        if parse.found and parse.strip and parse.names_somebody() and certain:
            body.bylines.append(parse)
            body.repairs.append(Repair("byline-out", parse.raw))
            del body.paragraphs[at]


def _take_lead(body: Body) -> None:
    at = next((n for n, p in enumerate(body.paragraphs) if not p.subhead), None)
    if at is None:
        return
    _take_first_lead(body, at)
    for paragraph in body.paragraphs[at + 1 :]:
        if _LEAD_INSIDE.match(paragraph.text) and (signed := read_lead(paragraph.text)).found:
            body.bylines.append(signed)


def _take_first_lead(body: Body, at: int) -> None:
    text = body.paragraphs[at].text
    parse = parse_byline(text, "head")
    if not parse.found or parse.agency or not parse.names_somebody():
        signed = read_lead(text)
        if parse.found and parse.agency and (signed.found or parse.names_somebody()):
            # An agency's dateline stays: whoever reprints its copy has to print it.
            body.bylines.append(parse if parse.names_somebody() else signed)
            return
        if not parse.found and signed.found:
            body.bylines.append(signed)
            return
    rest = text[parse.end :].lstrip(" \u3000")
    if parse.found and parse.strip and not parse.agency and (rest or len(body.paragraphs) > 1):
        body.bylines.append(parse)
        body.repairs.append(Repair("byline-out", parse.raw))
        body.paragraphs[at : at + 1] = [Paragraph(rest)] if rest else []


def _take_tail(body: Body) -> None:
    if not body.paragraphs:
        return
    text = body.paragraphs[-1].text
    parse = parse_byline(text, "tail")
    if not parse.names_somebody() and (signed := read_tail(text)).found:
        parse = signed
    if parse.found and parse.strip:
        body.bylines.append(parse)
        body.repairs.append(Repair("byline-out", parse.raw))
        rest = (text[: parse.start] + text[parse.end :]).rstrip(" \u3000")
        body.paragraphs[-1:] = [Paragraph(rest, body.paragraphs[-1].subhead)] if rest else []
