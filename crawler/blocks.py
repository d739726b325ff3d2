"""The visible text of an element as blocks, in reading order, however the markup cuts it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled
from lxml.html import HtmlElement

if TYPE_CHECKING:
    from .webpage import Page

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCK_TAGS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt"),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hr",
            "li",
            "main",
            "nav",
        ),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul", *_HEADINGS),
    )
)
_SKIPPED_TAGS: Final = frozenset(
    (
        *("script", "style", "noscript", "iframe", "object", "embed", "select", "textarea"),
        *("button", "template", "svg", "head", "title"),
    )
)
_BOLD_TAGS: Final = frozenset(("b", "strong", *_HEADINGS))
_CAPTION_CLASSES: Final = ("tushuo", "caption", "pictext", "tuzhu")
_HAN: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u201c\u201d"
_WRAP: Final = re.compile(rf"(?<=[{_HAN}])[ \t]*\n\s*(?=[{_HAN}])")
_SPACES: Final = re.compile(r"[ \t\r\n\xa0]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none")
_CENTRED: Final = re.compile(r"text-align\s*:\s*center")

INLINE: Final = frozenset(
    (
        *("a", "abbr", "b", "big", "em", "font", "i", "img", "ins", "label", "s", "small"),
        *("span", "strong", "sub", "sup", "u"),
    )
)
_LINES: Final = frozenset(("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
# What an element makes of the text in it, as bits.
_BOLD, _CENTRE, _LINK, _CAPTION = 1, 2, 4, 8
_BY_TAG: Final = {
    **dict.fromkeys(_BOLD_TAGS, _BOLD),
    "center": _CENTRE,
    "a": _LINK,
    "figcaption": _CAPTION,
}
_SKIPPED: Final = -1


@dataclass(frozen=True, slots=True)
class Block:
    """One visible block of a body, in reading order.

    ``bold`` and ``centred`` hold when the whole text is; ``linked`` is the share of its characters
    that stand in links; ``caption`` when the markup itself says that the text describes a picture.
    """

    text: str = ""
    bold: bool = False
    centred: bool = False
    caption: bool = False
    linked: float = 0.0
    image: str = ""
    node: HtmlElement | None = field(default=None, compare=False, repr=False)
    """The innermost element that was open when the text began."""


def squeeze(text: str) -> str:
    """One line: runs of spaces become one, the edges lose theirs (ideographic ones too)."""
    if "\n" in text:
        text = _WRAP.sub("", text)
    return _SPACES.sub(" ", text).strip(" \u3000")


def is_small(node: HtmlElement, most: int) -> bool:
    """Whether an element has at most ``most`` others in it. Never looks further than that.

    Rules that read the text of many elements ask first: a page of containers within containers
    would otherwise be read once for each of them.
    """
    return next(islice(node.iterdescendants(), most, None), None) is None


def text_of(node: HtmlElement) -> str:
    """The visible text of an element in one line, blocks parted by spaces."""
    return squeeze(" ".join(block.text for block in blocks_of(node) if block.text))


def frame_of(node: HtmlElement | None) -> HtmlElement | None:
    """The element whose lines a block is one of: the parent of its paragraph."""
    while node is not None and node.tag in INLINE:
        node = node.getparent()
    return node.getparent() if node is not None and node.tag in _LINES else node


class _Writer:
    """Gathers text into blocks while the tree is walked; ``marks`` count what is open around it."""

    __slots__ = ("blocks", "bold", "caption", "centred", "linked", "node", "pieces", "solid")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, bool, bool, bool]] = []
        self.node: HtmlElement | None = None
        self.solid = False
        self.bold = self.centred = self.linked = self.caption = 0

    def mark(self, flags: int, step: int) -> None:
        """Opens (+1) or closes (−1) what an element makes of its text."""
        if flags & _BOLD:
            self.bold += step
        if flags & _CENTRE:
            self.centred += step
        if flags & _LINK:
            self.linked += step
        if flags & _CAPTION:
            self.caption += step

    def add(self, text: str, node: HtmlElement) -> None:
        if not self.solid and not text.isspace():
            self.node, self.solid = node, True
        self.pieces.append((text, self.bold > 0, self.centred > 0, self.linked > 0))

    def flush(self) -> None:
        pieces = self.pieces
        if self.solid:
            text = squeeze("".join([piece[0] for piece in pieces]))
            bold, centred, linked = True, True, 0
            for piece, is_bold, is_centred, is_linked in pieces:
                if is_linked or not (is_bold and is_centred):
                    if piece.isspace():
                        continue
                    bold, centred = bold and is_bold, centred and is_centred
                    linked += len(squeeze(piece)) if is_linked else 0
            if text:
                share = min(1.0, linked / len(text))
                self.blocks.append(
                    Block(text, bold, centred, self.caption > 0, share, node=self.node)
                )
        pieces.clear()
        self.node, self.solid = None, False


def blocks_of(node: HtmlElement, page: Page | None = None) -> list[Block]:
    """The text of an element as blocks; pictures among them when ``page`` is given."""
    writer = _Writer()
    opened: list[int] = []  # what each open element made of its text
    walker = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start":
            tag = element.tag
            if writer.pieces and tag in _BLOCK_TAGS:
                writer.flush()
            flags = _flags(element, tag)
            opened.append(flags)
            if flags == _SKIPPED:
                # The end event still comes, and with it the text that follows the element.
                walker.skip_subtree()
                continue
            writer.mark(flags, 1)
            if tag == "img" and page:
                _write_picture(writer, element, page)
            elif text := element.text:
                writer.add(text, element)
            continue
        if event == "end":
            if writer.pieces and element.tag in _BLOCK_TAGS:
                writer.flush()
            if (flags := opened.pop()) > 0:
                writer.mark(flags, -1)
        if (
            element is not node
            and (tail := element.tail)
            and (parent := element.getparent()) is not None
        ):
            writer.add(tail, parent)
    writer.flush()
    return writer.blocks


def _flags(element: HtmlElement, tag: str) -> int:
    if tag in _SKIPPED_TAGS:
        return _SKIPPED
    flags = _BY_TAG.get(tag, 0)
    if style := element.get("style"):
        if _HIDDEN.search(style):
            return _SKIPPED
        if _CENTRED.search(style):
            flags |= _CENTRE
    if (align := element.get("align")) and align.lower() == "center":
        flags |= _CENTRE
    if names := element.get("class"):
        low = names.lower()
        for word in _CAPTION_CLASSES:
            if word in low:
                return flags | _CAPTION
    return flags


def _write_picture(writer: _Writer, node: HtmlElement, page: Page) -> None:
    # Lazy loaders keep the real address beside a placeholder.
    href = node.get("data-src") or node.get("data-original") or node.get("src") or ""
    if href and (address := page.picture(href)):
        writer.flush()
        writer.blocks.append(Block(image=address, node=node))
