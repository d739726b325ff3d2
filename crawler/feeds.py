"""Feeds (RSS, Atom) and sitemaps, read as XML that may be hostile."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled

from .families import Row
from .problems import FeedIsUnreadable
from .webpage import clean, squeeze


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One file of a sitemap: the pages it names, the newest first where it says when they changed,
    and the further files of an index, in the same order."""

    rows: tuple[Row, ...] = ()
    files: tuple[str, ...] = ()


def feed_rows(body: bytes, base: str) -> list[Row]:
    """The items of a feed in UTF-8, in its order. Items without a link are left out.

    Raises:
        FeedIsUnreadable: it is no XML, or it declares a document type (entities could then grow
            without end, or read files).
    """
    rows: list[Row] = []
    for item in _root(body, base).iter("{*}item", "{*}entry"):
        texts = {name: _child(item, name) for name in ("title", "link", "pubDate", "published")}
        link = texts["link"] or next((x.get("href", "") for x in item.iterchildren("{*}link")), "")
        if link:
            day = texts["pubDate"] or texts["published"]
            rows.append(Row(urljoin(base, link.strip()), squeeze(texts["title"]), day))
    return rows


def sitemap_of(body: bytes, base: str) -> Sitemap:
    """A file of a sitemap (sitemaps.org 0.9) in UTF-8: addresses of pages, or of further files.

    ``loc`` may stand in CDATA and be relative. Of the news extension, title and day are taken.

    Raises:
        FeedIsUnreadable: it is no XML, declares a document type, or is no sitemap.
    """
    root = _root(body, base)
    name = etree.QName(root).localname
    if name not in ("urlset", "sitemapindex"):
        raise FeedIsUnreadable(base, detail=f"it is no sitemap but <{name}>")
    found: list[Row] = []
    for item in root.iter("{*}url" if name == "urlset" else "{*}sitemap"):
        if loc := _child(item, "loc"):
            told = next(iter(item.iter("{*}publication_date")), None)
            day = (told.text or "").strip() if told is not None else _child(item, "lastmod")
            title = next((squeeze(one.text or "") for one in item.iter("{*}title")), "")
            found.append(Row(urljoin(base, loc), title, day))
    # Days are written big end first, so they sort as text; those without one stay where they are.
    ordered = sorted(found, key=lambda row: row.day, reverse=True)
    if name == "urlset":
        return Sitemap(rows=tuple(ordered))
    return Sitemap(files=tuple(dict.fromkeys(row.url for row in ordered)))


def _root(body: bytes, base: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(clean(body.decode(errors="ignore")).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedIsUnreadable(base, detail=getattr(error, "msg", str(error))) from None
    if root.getroottree().docinfo.doctype:
        raise FeedIsUnreadable(base, detail="it declares a document type")
    return root


def _child(item: etree._Element, name: str) -> str:
    found = item.find(f"{{*}}{name}")
    return (found.text or "").strip() if found is not None else ""
