"""What programs read: JSON-LD, Atom feeds with their archive, the sitemap, and a week's data.

Nothing here shows more of a story than its page does. Feeds and sitemap name absolute addresses, and
are made only where the shelf has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from ..index.clock import ZONE
from ..index.limits import FEED_ARCHIVE, FEED_LEAST, SITEMAP_ADDRESSES
from .edition import Edition, Shelf
from .rights import clean
from .view import Entry, View

_TAG_YEAR = 2026
"""RFC 4151 wants a date at which the host was the tag's; one for all keeps the ids stable."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An Atom series: where its newest document lies, what it is about, its items oldest first."""

    path: str
    title: str
    page: str
    items: tuple[Item | Entry, ...]


class Item(NamedTuple):
    """One entry of a feed. ``link`` is a path within the site."""

    link: str
    title: str
    day: date
    summary: str
    authors: tuple[str, ...] = ()
    changed: date | None = None
    """The day of its last correction, if there was one."""

    @property
    def updated(self) -> date:
        return self.changed or self.day


def json_ld(shelf: Shelf, entry: Entry) -> dict[str, Any]:
    """A story as schema.org's NewsArticle. Facts that are not known are left out, not guessed."""
    story = entry.story
    people = [{"@type": "Person", "name": name} for name in story.authors]
    units = [{"@type": "Organization", "name": name} for name in story.organisations]
    source = {"@type": "NewsMediaOrganization", "name": story.source} if story.source else None
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{shelf.address}story/{story.id}.html" if shelf.address else None,
        "inLanguage": "zh-CN",
        "headline": story.headline,
        "alternativeHeadline": story.deck or story.kicker,
        "description": entry.lead,
        "datePublished": story.published.isoformat() if story.published else None,
        "dateline": "、".join(county.name for county in entry.counties),
        "contentLocation": [{"@type": "Place", "name": c.name} for c in entry.counties],
        "articleSection": [theme.name for theme in entry.themes],
        "author": people + units,
        "printPage": story.page,
        "isBasedOn": story.url,
        "sourceOrganization": source,
        "copyrightHolder": source,
        "publisher": {"@type": "Organization", "name": clean(shelf.publisher or shelf.title)},
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in facts.items() if value}


def week_data(view: View, week: str, entries: Sequence[Entry]) -> bytes:
    """``stories.json``: a week's stories with what their rights allow, newest first."""
    shelf = view.shelf
    stories: list[dict[str, Any]] = []
    for entry in entries:
        story = entry.story
        stories.append(
            {
                "id": story.id,
                "page": f"story/{story.id}.html",
                "rights": story.rights,
                "published": story.published.isoformat() if story.published else None,
                "kicker": story.kicker,
                "headline": story.headline,
                "deck": story.deck,
                "byline": story.byline,
                "source": story.source,
                "printPage": story.page,
                "url": story.url,
                "counties": [{"code": c.code, "name": c.name} for c in entry.counties],
                "cities": [{"code": c.code, "name": c.name} for c in entry.cities],
                "themes": [{"slug": t.slug, "name": t.name} for t in entry.themes],
                "issues": [edition.key for edition in entry.issues],
                "paragraphs": [p.text for p in story.paragraphs],
                "reprints": [
                    {
                        "source": r.source,
                        "published": r.published.isoformat() if r.published else None,
                        "url": r.url,
                    }
                    for r in entry.reprints
                ],
            }
        )
    # A story a line, and not a fact a line: Python indents thirty times more slowly.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    head = encode({"title": clean(shelf.title), "site": shelf.address, "week": week})
    lines = ",\n".join(map(encode, stories))
    return f'{head[:-1]}, "stories": [\n{lines}\n]}}\n'.encode()


def feeds(view: View) -> Iterator[Feed]:
    """The issues, every county with stories, every theme with stories. Undated stories stand in no
    feed: an entry needs a day, and none is made up."""
    title = clean(view.shelf.title)
    yield Feed("feed/issues.xml", title, "archive.html", _issues(view.editions[::-1]))
    for city in view.shelf.cities:
        for county in city.counties:
            if items := _dated(view.by_county.get(county.code, ())):
                page = f"county/{county.code}.html"
                yield Feed(
                    f"feed/county/{county.code}.xml", f"{title} · {county.name}", page, items
                )
    for theme in view.shelf.themes:
        if items := _dated(view.by_theme.get(theme.slug, ())):
            page = f"theme/{theme.slug}.html"
            yield Feed(f"feed/theme/{theme.slug}.xml", f"{title} · {theme.name}", page, items)


def _dated(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple([entry for entry in reversed(entries) if entry.published])


def _item(told: Item | Entry) -> Item:
    if isinstance(told, Item):
        return told
    day = told.published or date.min  # none is undated: see _dated
    return Item(told.link, told.story.headline, day, told.lead, told.story.authors)


def _issues(editions: Sequence[Edition]) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"issue/{e.key}.html",
            f"{e.issued.year}年{e.called}" + (f" {clean(e.title)}" if e.title else ""),
            e.issued,
            _summary(e),
            changed=e.updated if e.corrections else None,
        )
        for e in editions
    )


def _summary(edition: Edition) -> str:
    """How many stories, and every correction: a subscriber reads it here or nowhere."""
    named = {"correction": "更正", "withdrawal": "撤稿", "restoration": "恢复"}
    told = [
        f"{named[one.kind]}（{one.on.isoformat()}）：{clean(one.text)}"
        for one in edition.corrections
    ]
    return "；".join([f"共 {len(edition.items)} 篇", *told])


def documents(shelf: Shelf, feed: Feed) -> Iterator[tuple[str, list[Any], Callable[[], bytes]]]:
    """A feed's documents, and all that each depends on: the full archives, oldest first, then the one that
    is subscribed to (RFC 5005, section 4). A full archive changes only when an older story comes in."""
    full = len(feed.items) // FEED_ARCHIVE
    folder = feed.path.removesuffix(".xml")
    for number in range(1, full + 1):
        items = feed.items[(number - 1) * FEED_ARCHIVE : number * FEED_ARCHIVE]
        later = f"{folder}/{number + 1}.xml" if number < full else ""
        yield (
            f"{folder}/{number}.xml",
            [feed.title, feed.page, number - 1, later, items],
            _document(shelf, feed, f"{folder}/{number}.xml", items, number - 1, later),
        )
    newest = feed.items[max(0, min(full * FEED_ARCHIVE, len(feed.items) - FEED_LEAST)) :]
    facts = [feed.title, feed.page, full, "", newest]
    yield feed.path, facts, _document(shelf, feed, feed.path, newest, full, "")


def _document(
    shelf: Shelf, feed: Feed, path: str, listed: Sequence[Item | Entry], before: int, later: str
) -> Callable[[], bytes]:
    def render() -> bytes:
        items = list(map(_item, listed))
        address, folder = shelf.address, feed.path.removesuffix(".xml")
        links = [("self", path), ("alternate", feed.page)]
        if path != feed.path:
            links.append(("current", feed.path))
        if before:
            links.append(("prev-archive", f"{folder}/{before}.xml"))
        if later:
            links.append(("next-archive", later))
        updated = max((item.updated for item in items), default=date(_TAG_YEAR, 1, 1))
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="zh-CN">',
            f"<id>{_tag(address, folder)}</id>",
            f"<title>{escape(feed.title)}</title>",
            f"<updated>{_moment(updated)}</updated>",
            f"<author><name>{escape(clean(shelf.publisher or shelf.title))}</name></author>",
            *(f'<link rel="{rel}" href={quoteattr(address + to)}/>' for rel, to in links),
            *(["<fh:archive/>"] if path != feed.path else []),
            *(_entry(address, item) for item in reversed(items)),
            "</feed>\n",
        ]
        return "\n".join(lines).encode("utf-8")

    return render


def _entry(address: str, item: Item) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in item.authors)
    summary = f"<summary>{escape(item.summary)}</summary>" if item.summary else ""
    return (
        f"<entry><id>{_tag(address, item.link.removesuffix('.html'))}</id>"
        f"<title>{escape(item.title)}</title>"
        f"<link href={quoteattr(address + item.link)}/>"
        f"<published>{_moment(item.day)}</published><updated>{_moment(item.updated)}</updated>"
        f"{authors}{summary}</entry>"
    )


def _tag(address: str, name: str) -> str:
    """RFC 4151. The path of the address is part of it: one host may carry two sites."""
    parts = urlsplit(address)
    return escape(f"tag:{parts.hostname},{_TAG_YEAR}:{parts.path}{name}")


def _moment(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).isoformat()


def sitemap(address: str, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """``sitemap.xml``: all pages, or an index of parts where the protocol's 50,000 are near."""
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    head = '<?xml version="1.0" encoding="utf-8"?>\n'

    def urls(some: Sequence[str]) -> bytes:
        rows = "".join(f"<url><loc>{escape(address + path)}</loc></url>\n" for path in some)
        return f"{head}<urlset {space}>\n{rows}</urlset>\n".encode()

    if len(paths) <= SITEMAP_ADDRESSES:
        yield "sitemap.xml", urls(paths)
        return
    names: list[str] = []
    for start in range(0, len(paths), SITEMAP_ADDRESSES):
        names.append(f"sitemap/{len(names) + 1}.xml")
        yield names[-1], urls(paths[start : start + SITEMAP_ADDRESSES])
    rows = "".join(f"<sitemap><loc>{escape(address + name)}</loc></sitemap>\n" for name in names)
    yield "sitemap.xml", f"{head}<sitemapindex {space}>\n{rows}</sitemapindex>\n".encode()
