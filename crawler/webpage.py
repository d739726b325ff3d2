"""One fetched page, parsed once: its tree, its meta tags, and its text as blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue] - compiled
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from .charset import decode

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

# Control characters, zero-width characters and text direction marks: in the names of people they
# hide a different name, in an index they hide a word. Lone surrogates cannot be written at all.
_SIMPLE: Final = re.compile(r"[.#]?[\w-]+")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ENTITY: Final = re.compile(r"&#(?:([xX])([0-9a-fA-F]{1,6})|()([0-9]{1,7}));")
_HAN: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u201c\u201d"
_WRAP: Final = re.compile(rf"(?<=[{_HAN}])[ \t]*\n\s*(?=[{_HAN}])")
_SPACES: Final = re.compile(r"[ \t\r\n\xa0]+")


class PageHasNoText(ValueError):
    """The document holds nothing that can be parsed as HTML."""


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


def clean(text: str) -> str:
    """Text without control, invisible and direction characters and lone surrogates."""
    return _INVISIBLE.sub("", text)


def _without_invisible(entity: re.Match[str]) -> str:
    """A character written as a number is as invisible as one that is written out."""
    number = int(entity[2], 16) if entity[1] else int(entity[4])
    return entity[0] if number > 0x10FFFF or not _INVISIBLE.match(chr(number)) else ""


def squeeze(text: str) -> str:
    """One line: runs of spaces become one, the edges lose theirs (ideographic ones too)."""
    return _SPACES.sub(" ", _WRAP.sub("", text)).strip(" \u3000")


@dataclass(frozen=True)
class Page:
    """A page. ``removed`` counts the invisible characters that were taken out before parsing,
    ``dropped`` the broken places that decoding left out."""

    url: str
    tree: HtmlElement
    removed: int = 0
    dropped: int = 0

    @classmethod
    def parse(cls, text: str, url: str, *, dropped: int = 0) -> Page:
        """Parses decoded HTML. Entities of its own, DTDs and the network are never consulted.

        Raises:
            PageHasNoText: there is no element in it.
        """
        cleaned = clean(_ENTITY.sub(_without_invisible, text))
        removed = len(text) - len(cleaned)
        # Marks of XML: HTML parsers drop what stands between them, lists in XML and all.
        cleaned = cleaned.replace("<![CDATA[", "").replace("]]>", "")
        # The parser reads bytes: given text, it refuses pages that carry an XML encoding line.
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        try:
            tree = html.document_fromstring(cleaned.encode(), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            raise PageHasNoText(str(error)) from None
        return cls(url, cast("HtmlElement", tree), removed, dropped)

    @classmethod
    def from_bytes(cls, body: bytes, url: str) -> Page:
        """Decodes and parses a page as it came.

        Raises:
            BytesAreNotText: it is neither UTF-8 nor GB 18030.
            PageHasNoText: there is no element in it.
        """
        decoded = decode(body)
        return cls.parse(decoded.text, url, dropped=decoded.dropped)

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """Meta tags by lower-case name (or property); the first one with a value wins."""
        found: dict[str, str] = {}
        for tag in self.tree.iter("meta"):
            name = (tag.get("name") or tag.get("property") or "").strip().lower()
            value = squeeze(tag.get("content") or "")
            if name and value and value.lower() != "null":
                found.setdefault(name, value)
        return found

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to."""
        for tag in self.tree.iter("base"):
            if tag.get("href"):
                return urljoin(self.url, str(tag.get("href")))
        return self.url

    @cached_property
    def scripts(self) -> str:
        """The text of the page's own scripts, in order."""
        return "\n".join(tag.text or "" for tag in self.tree.iter("script"))

    @cached_property
    def comments(self) -> list[etree._Comment]:
        """Comments, in which some systems keep what they know of a story."""
        return list(self.tree.getroottree().iter(etree.Comment))

    @cached_property
    def form_names(self) -> frozenset[str]:
        """The names of its forms."""
        return frozenset(str(form.get("name")) for form in self.all("form") if form.get("name"))

    @cached_property
    def title(self) -> str:
        """The text of ``<title>``."""
        return next((squeeze(tag.text_content()) for tag in self.tree.iter("title")), "")

    @cached_property
    def blocks(self) -> list[Block]:
        """Everything visible on the page, in reading order."""
        body = next(self.tree.iter("body"), None)
        return blocks_of(self.tree if body is None else body, self)

    def address(self, href: str) -> str:
        """An absolute http(s) address, or an empty text for anything else."""
        try:
            address = urljoin(self.base, href.strip())
            parts = urlsplit(address)
        except ValueError:
            return ""
        return address if parts.scheme in ("http", "https") and parts.netloc else ""

    def picture(self, href: str) -> str:
        """The address of a picture; as it is written when the page's own address is unknown."""
        if self.base or ":" in href:
            return self.address(href)
        return "" if href.startswith("#") else href

    def first(self, selector: str) -> HtmlElement | None:
        """The first element that a CSS selector finds."""
        found = self.all(selector)
        return found[0] if found else None

    def all(self, selector: str) -> list[HtmlElement]:
        """Every element that a CSS selector finds, in order."""
        names = selector.split(", ")
        if not all(map(_SIMPLE.fullmatch, names)):
            return cast("list[HtmlElement]", _compiled(selector)(self.tree))
        found = {place: one for name in names for place, one in self._named.get(name, ())}
        return [found[place] for place in sorted(found)]

    @cached_property
    def _named(self) -> Mapping[str, list[tuple[int, HtmlElement]]]:
        """Elements by ``tag``, ``.class`` and ``#id``, each with its place in the document.

        Rules ask for dozens of names on every page; one walk is cheaper than a search for each.
        """
        found: dict[str, list[tuple[int, HtmlElement]]] = {}
        for place, element in enumerate(self.tree.iter("*")):
            found.setdefault(str(element.tag), []).append((place, element))
            if name := element.get("id"):
                found.setdefault(f"#{name.strip()}", []).append((place, element))
            for name in (element.get("class") or "").split():
                found.setdefault(f".{name}", []).append((place, element))
        return found


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector)


def is_small(node: HtmlElement, most: int) -> bool:
    """Whether an element has at most ``most`` others in it. Never looks further than that.

    Rules that read the text of many elements ask first: a page of containers within containers
    would otherwise be read once for each of them.
    """
    return next(islice(node.iterdescendants(), most, None), None) is None


def text_of(node: HtmlElement) -> str:
    """The visible text of an element in one line, blocks parted by spaces."""
    return squeeze(" ".join(block.text for block in blocks_of(node) if block.text))


@dataclass
class _Writer:
    """Gathers text into blocks while the tree is walked."""

    page: Page | None
    blocks: list[Block] = field(default_factory=list)
    pieces: list[tuple[str, bool, bool, bool]] = field(default_factory=list)
    node: HtmlElement | None = None
    bold: int = 0
    centred: int = 0
    caption: int = 0
    linked: int = 0

    def add(self, text: str | None, node: HtmlElement | None) -> None:
        if text:
            if not self.pieces or (self.node is None and text.strip()):
                self.node = node if text.strip() else None
            self.pieces.append((text, self.bold > 0, self.centred > 0, self.linked > 0))

    def flush(self) -> None:
        text = squeeze("".join(piece[0] for piece in self.pieces))
        solid = [piece for piece in self.pieces if squeeze(piece[0])]
        if text:
            in_links = sum(len(squeeze(piece[0])) for piece in solid if piece[3])
            self.blocks.append(
                Block(
                    text,
                    bold=all(piece[1] for piece in solid),
                    centred=all(piece[2] for piece in solid),
                    caption=self.caption > 0,
                    linked=min(1.0, in_links / len(text)),
                    node=self.node,
                )
            )
        self.pieces.clear()

    def image(self, node: HtmlElement) -> None:
        # Lazy loaders keep the real address beside a placeholder.
        href = node.get("data-src") or node.get("data-original") or node.get("src") or ""
        address = self.page.picture(href) if self.page and href else ""
        if address:
            self.flush()
            self.blocks.append(Block(image=address, node=node))


def blocks_of(node: HtmlElement, page: Page | None = None) -> list[Block]:
    """The text of an element as blocks; pictures among them when ``page`` is given."""
    writer = _Writer(page)
    walker = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, item in walker:
        if event in ("comment", "pi"):
            if item is not node:
                writer.add(item.tail, item.getparent())
            continue
        element = cast("HtmlElement", item)
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        if tag in _BLOCK_TAGS:
            writer.flush()
        skipped = tag in _SKIPPED_TAGS or _is_hidden(element)
        if event == "start" and skipped:
            # The end event still comes, and with it the text that follows the element.
            walker.skip_subtree()
            continue
        if not skipped:
            writer.bold += step * (tag in _BOLD_TAGS)
            writer.linked += step * (tag == "a")
            writer.centred += step * _is_centred(element, tag)
            writer.caption += step * _is_caption(element, tag)
            if event == "start":
                if tag == "img":
                    writer.image(element)
                writer.add(element.text, element)
        if event == "end" and element is not node:
            writer.add(element.tail, element.getparent())
    writer.flush()
    return writer.blocks


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return bool(style) and re.search(r"display\s*:\s*none", style) is not None


def _is_centred(element: HtmlElement, tag: str) -> bool:
    if tag == "center":
        return True
    if not element.attrib:  # most elements of a body
        return False
    style = element.get("style") or ""
    return (element.get("align") or "").lower() == "center" or re.search(
        r"text-align\s*:\s*center", style
    ) is not None


def _is_caption(element: HtmlElement, tag: str) -> bool:
    names = (element.get("class") or "").lower()
    return tag == "figcaption" or (bool(names) and any(w in names for w in _CAPTION_CLASSES))
