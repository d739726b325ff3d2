"""What of a story may stand on the public site, and nothing else.

Pages and the reader's search are made from :class:`Shown` alone, so that a body which may not be
shown cannot reach a page, a search shard or a count. Facts (headline, source, day, place) and a link
are always free (Copyright Law of the PRC, art. 5); by default an excerpt with a link; the full text
only where the source's licence says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ..index.invisible import INVISIBLE
from ..index.lead import lead
from ..index.story import Byline, Paragraph, Picture, Rights, Story

_INVISIBLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{INVISIBLE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A story cut to its rights. ``paragraphs`` is the whole body or the excerpt; ``whole`` says
    which. Texts are free of control, bidirectional and invisible characters; ``url`` is http(s) or
    empty."""

    id: str
    rights: Rights
    kicker: str
    headline: str
    deck: str
    paragraphs: tuple[Paragraph, ...]
    captions: tuple[Picture, ...]
    byline: str
    authors: tuple[str, ...]
    organisations: tuple[str, ...]
    source: str
    published: date | None
    page: str
    url: str

    @property
    def whole(self) -> bool:
        return self.rights == "full"

    @property
    def lead(self) -> str:
        """The lead as one line, an excerpt even where all may be shown: for lists and feeds."""
        return "".join(p.text for p in excerpt(self.paragraphs)) if self.paragraphs else ""


def clean(text: str) -> str:
    """One line of text that is safe to write and cannot turn the page's direction.

    Lone surrogates become U+FFFD, because UTF-8 cannot carry them.
    """
    # Nothing printable is invisible, and the only white space among it is the plain space: nine of
    # ten texts need no second look.
    if text.isprintable() and "  " not in text and text.strip() == text:
        return text
    return " ".join(_INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text)).split())


def safe_url(url: str) -> str:
    """The address when it is http(s) with a host, else the empty string."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return clean(url) if parts.scheme in {"http", "https"} and parts.hostname else ""


def byline_line(byline: Byline) -> str:
    """``记者 柳青禾　通讯员 郝一诺``: the parts of a byline with their role words."""
    roles = (
        ("记者", byline.reporters),
        ("通讯员", byline.correspondents),
        ("实习生", byline.trainees),
        ("作者", byline.authors),
        ("摄影", byline.photographers),
        ("", byline.organisations),
        ("责任编辑", byline.editors),
    )
    parts = [
        " ".join((role, *map(clean, names))).strip()
        for role, names in roles
        if any(map(clean, names))
    ]
    return "　".join(parts) or clean(byline.raw)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in map(clean, names) if name)


def excerpt(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """The lead (:func:`~..index.lead.lead`). Paragraph borders are kept; subheads are left out."""
    cleaned = tuple(map(_cleaned, paragraphs))
    kept: dict[int, str] = {}
    for sentence in lead(cleaned):
        kept[sentence.paragraph] = kept.get(sentence.paragraph, "") + sentence.text(cleaned)
    return tuple(map(Paragraph, kept.values()))


def lines(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text that holds one a line."""
    return tuple(Paragraph(line) for line in map(clean, text.splitlines()) if line)


def within(rights: Rights, paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """A body, the source's or the editor's, cut to what the rights allow."""
    if rights == "facts":
        return ()
    if rights == "excerpt":
        return excerpt(paragraphs)
    return tuple([paragraph for paragraph in map(_cleaned, paragraphs) if paragraph.text])


def _cleaned(paragraph: Paragraph) -> Paragraph:
    text = clean(paragraph.text)
    return paragraph if text is paragraph.text else Paragraph(text, paragraph.subhead)


def shown(story: Story) -> Shown:
    """What of a story may be shown.

    ``facts``: headline, source, day, page and address. ``excerpt``: also kicker, deck, byline and
    the lead. ``full``: all of it, with the words under pictures.
    """
    facts, full = story.rights == "facts", story.rights == "full"
    captions = (Picture(clean(p.caption), clean(p.credit)) for p in story.pictures)
    return Shown(
        id=story.id,
        rights=story.rights,
        kicker="" if facts else clean(story.kicker),
        headline=clean(story.headline) or "（无标题）",
        deck="" if facts else clean(story.deck),
        paragraphs=within(story.rights, story.paragraphs),
        captions=tuple(p for p in captions if p.caption or p.credit) if full else (),
        byline="" if facts else byline_line(story.byline),
        authors=() if facts else _names(story.byline.people()),
        organisations=() if facts else _names(story.byline.organisations),
        source=clean(story.source),
        published=story.published,
        page=clean(story.page),
        url=safe_url(story.url),
    )
