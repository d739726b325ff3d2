"""What the shapes share: answers, templates, pictures and the tables that page makers leave."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...index.story import Paragraph
from .dataset import Caption, SampleStory

NOTICE = "样例网站，内容均为虚构"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answers. ``validators`` are ETag and Last-Modified, for 304."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    validators: tuple[tuple[str, str], ...] = ()
    location: str = ""


Answers = dict[str, Answer]
"""Path with query, as requested, to its answer."""

Script = Callable[[Mapping[str, str]], Answer]
"""A program on the server: the query's values to the answer."""


@dataclass(frozen=True)
class Shape:
    """One site as it stands on an evening.

    ``stories`` says at which path each story stands, by slug; ``scripts`` answer for their path
    whatever the query.
    """

    answers: Answers
    stories: Mapping[str, str]
    scripts: Mapping[str, Script] = field(default_factory=dict)

    def answer(self, path: str, query: str) -> Answer | None:
        """The answer for a path and a query; ``None`` where the site has nothing."""
        if script := self.scripts.get(path):
            return script(dict(parse_qsl(query, keep_blank_values=True)))
        return self.answers.get(f"{path}?{query}" if query else path)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list page."""

    href: str
    title: str
    full: str
    day: str


def page(template: str, **values: Any) -> str:
    """A page of the web as text; the shape chooses its bytes."""
    return _TEMPLATES.get_template(template).render(notice=NOTICE, **values)


def html(text: str) -> Answer:
    """A page in UTF-8 that says so."""
    return Answer(text.encode())


def picture(seed: str) -> Answer:
    """A plain 24 × 16 PNG whose colour follows from ``seed``."""
    colour = struct.pack(">I", zlib.crc32(seed.encode()))[:3]
    rows = b"".join(b"\x00" + colour * 24 for _ in range(16))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 24, 16, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return Answer(b"\x89PNG\r\n\x1a\n" + body, "image/png")


def robots(disallow: str, sitemap: str = "") -> Answer:
    """A robots.txt with one closed path; the delay is short because the demo waits for it."""
    text = f"User-agent: *\nDisallow: {disallow}\nCrawl-delay: 0.02\n"
    text += f"Sitemap: {sitemap}\n" if sitemap else ""
    return Answer(text.encode(), "text/plain; charset=utf-8")


def numbered(stories: Sequence[SampleStory], first: int) -> Mapping[str, int]:
    """A number for each story, by day and slug, so that later stories do not move earlier ones."""
    return {story.slug: first + number * 7 for number, story in enumerate(stories)}


def until(stories: Sequence[SampleStory], upto: date | None) -> list[SampleStory]:
    """The stories that are out by the end of ``upto``; all without it."""
    return [story for story in stories if upto is None or story.published <= upto]


def printed_blocks(
    story: SampleStory, pictures: Sequence[str]
) -> list[tuple[str, str, Caption | None]]:
    """The body in print order: ``(kind, text, caption)``, kind being line, text, subhead or picture.

    A place line comes first. The byline goes where the story's style puts it. The first picture stands after the first
    paragraph and the others after the following ones, so that captions interrupt the text.
    """
    texts = list(story.paragraphs)
    blocks: list[tuple[str, str, Caption | None]] = []
    if story.place_line:
        blocks.append(("line", story.place_line, None))
    if story.byline_style == "box":
        blocks.append(("line", f"□ {story.byline_printed}", None))
    if story.byline_style == "lead":
        texts[0] = Paragraph(f"本报讯（{story.byline_printed}）{texts[0].text}")
    if story.byline_style == "tail":
        texts[-1] = Paragraph(f"{texts[-1].text}（{story.byline_printed}）")
    waiting = list(zip(pictures, story.captions, strict=True))
    for paragraph in texts:
        blocks.append(("subhead" if paragraph.subhead else "text", paragraph.text, None))
        if waiting and not paragraph.subhead:
            address, caption = waiting.pop(0)
            blocks.append(("picture", address, caption))
    blocks.extend(("picture", address, caption) for address, caption in waiting)
    return blocks
