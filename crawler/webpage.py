"""One fetched page, parsed once: its tree, its meta tags, and its text as blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue] - compiled
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from ..index.invisible import INVISIBLE
from .blocks import Block, blocks_of, is_small, squeeze, text_of
from .charset import decode
from .mojibake import mend

_SIMPLE: Final = re.compile(r"[.#]?[\w-]+")
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_MARKED: Final = etree.XPath("descendant-or-self::*[@id or @class]")
_INVISIBLE: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{INVISIBLE}\ud800-\udfff]")
_ENTITY: Final = re.compile(r"&#(?:([xX])([0-9a-fA-F]{1,6})|()([0-9]{1,7}));")


__all__ = [
    "Block",
    "Page",
    "PageHasNoText",
    "blocks_of",
    "clean",
    "is_small",
    "squeeze",
    "text_of",
]


# libxml2 compares every attribute of a tag with all before it: a hundred thousand take a minute.
_CROWDED: Final = re.compile(r"<([a-zA-Z][\w:-]{0,40})[\s/][^<>]{4000,}>")
_ATTRIBUTES_MOST: Final = 300  # a tag of a real page has up to forty


def _with_few_attributes(tag: re.Match[str]) -> str:
    return tag[0] if tag[0].count("=") <= _ATTRIBUTES_MOST else f"<{tag[1]}>"


class PageHasNoText(ValueError):
    """The document holds nothing that can be parsed as HTML."""


def clean(text: str) -> str:
    """Text without control, invisible and direction characters and lone surrogates."""
    return _INVISIBLE.sub("", text)


def _without_invisible(entity: re.Match[str]) -> str:
    """A character written as a number is as invisible as one that is written out."""
    number = int(entity[2], 16) if entity[1] else int(entity[4])
    return entity[0] if number > 0x10FFFF or not _INVISIBLE.match(chr(number)) else ""


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
        cleaned = _CROWDED.sub(_with_few_attributes, cleaned)
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
        return cls.parse(mend(decoded.text), url, dropped=decoded.dropped)

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """Meta tags by lower-case name (or property); the first one with a value wins."""
        found: dict[str, str] = {}
        for tag in self.tree.iter("meta"):
            said = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
            name = said.strip().lower()
            # Some systems write the markup of the headline into its tag too.
            value = squeeze(_MARKUP.sub("", tag.get("content") or ""))
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
        root = self.tree.getroottree().getroot()
        # Some are written before <html> or after </html>.
        around = [*reversed(list(root.itersiblings(preceding=True))), *root.itersiblings()]
        outside = [one for one in around if one.tag is etree.Comment]
        return [*outside, *root.iter(etree.Comment)]

    @cached_property
    def form_names(self) -> frozenset[str]:
        """The names of its forms."""
        return frozenset(str(form.get("name")) for form in self.all("form") if form.get("name"))

    @cached_property
    def title(self) -> str:
        """The text of ``<title>``."""
        return next((squeeze("".join(tag.itertext())) for tag in self.tree.iter("title")), "")

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
        names = _simple_names(selector)
        if not names:
            return cast("list[HtmlElement]", _compiled(selector)(self.tree))
        found: list[list[HtmlElement]] = []
        for name in names:
            marked = name[0] in "#."
            some = self._named.get(name, []) if marked else list(self.tree.iter(name))
            if some:
                found.append(some)
        if len(found) < 2:
            return found[0] if found else []
        wanted = {one for some in found for one in some}
        return sorted(wanted, key=self._places.__getitem__)

    @cached_property
    def _named(self) -> Mapping[str, list[HtmlElement]]:
        """Elements by ``.class`` and ``#id``, in order.

        Rules ask for dozens of names on every page; one walk is cheaper than a search for each.
        """
        found: dict[str, list[HtmlElement]] = {}
        for element in cast("list[HtmlElement]", _MARKED(self.tree)):
            if name := element.get("id"):
                found.setdefault(f"#{name.strip()}", []).append(element)
            if names := element.get("class"):
                for name in dict.fromkeys(names.split()):
                    found.setdefault(f".{name}", []).append(element)
        return found

    @cached_property
    def _places(self) -> Mapping[HtmlElement, int]:
        """Where each element stands in the document."""
        return {element: place for place, element in enumerate(self.tree.iter("*"))}


@lru_cache(maxsize=256)
def _simple_names(selector: str) -> tuple[str, ...]:
    """The tags, classes and ids of a selector that asks for nothing else; empty for any other."""
    names = tuple(selector.split(", "))
    return names if all(map(_SIMPLE.fullmatch, names)) else ()


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector)
