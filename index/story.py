"""The story 稿件: one record, written once by the crawler and never changed by what follows.

The display text is the source's text. Whatever page repair joined, moved or set aside is recorded
in ``repairs``; nothing is mended silently.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal, get_args

Rights = Literal["facts", "excerpt", "full"]
"""How much a source lets us show: facts and link, an excerpt with link, or the full text."""

RepairKind = Literal[
    "joined",  # a paragraph cut by a column or page edge was put together again
    "joined-across",  # the same, with a caption or credit taken out of the middle
    "headline-returned",  # a displaced headline block was given back to its story
    "caption-out",  # a caption or picture credit was taken out of the body
    "byline-out",  # a byline was taken out of the body
    "set-aside",  # text of the page that belongs to no story
    "by-editor",  # the editor merged, split or reassigned
    "cleaned",  # control or invisible characters were removed
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph 段落 of the body; ``subhead`` marks a 小标题."""

    text: str
    subhead: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture 图片 of a story. ``url`` is http(s) or empty; ``credit`` is the raw credit text."""

    caption: str = ""
    credit: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it 署名. ``raw`` keeps the source's own words, all parts in order, one a line.

    ``authors`` are people named without a role; ``organisations`` are units that sign.
    """

    raw: str = ""
    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    trainees: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()

    def people(self) -> tuple[str, ...]:
        """Everybody who wrote or photographed, each once, in order of role."""
        named = (
            *self.reporters,
            *self.correspondents,
            *self.trainees,
            *self.authors,
            *self.photographers,
        )
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was done to the source's text, and where.

    ``line`` is the first line concerned in the text given (1-based; 0 when there are no lines).
    ``text`` shows the place: for a join, the two edges with ``|`` between them.
    """

    kind: RepairKind
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One story. Identity is ``id``; equality is by value.

    ``published`` is the day of publication, or ``None`` when the source does not say: it is never
    guessed. ``home`` is the administrative code of the source's own place (six digits) or empty.
    ``source_id`` is the registry's id of the source, empty for text that an editor brought in.
    """

    id: str
    headline: str
    paragraphs: tuple[Paragraph, ...]
    source: str = ""
    published: date | None = None
    kicker: str = ""
    deck: str = ""
    pictures: tuple[Picture, ...] = ()
    byline: Byline = field(default_factory=Byline)
    page: str = ""
    url: str = ""
    source_id: str = ""
    home: str = ""
    snapshot: str = ""
    repairs: tuple[Repair, ...] = ()
    rights: Rights = "excerpt"

    @property
    def body(self) -> str:
        """All paragraphs, subheads among them, one a line. Evidence offsets count in this text."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage; :meth:`from_json` reads it back to an equal story."""
        data = asdict(self)
        data["published"] = self.published.isoformat() if self.published else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Story:
        """Reads what :meth:`to_json` wrote. Unknown keys are refused with a ``TypeError``."""
        published = data["published"]
        byline: dict[str, Any] = {role: tuple(data["byline"][role]) for role in BYLINE_ROLES}
        return cls(
            **{
                **data,
                "published": date.fromisoformat(published) if published else None,
                "paragraphs": tuple(Paragraph(**p) for p in data["paragraphs"]),
                "pictures": tuple(Picture(**p) for p in data["pictures"]),
                "repairs": tuple(Repair(**r) for r in data["repairs"]),
                "byline": Byline(raw=data["byline"]["raw"], **byline),
            }
        )


def story_id(*parts: str) -> str:
    """A stable id of twelve hexadecimal digits.

    From the canonical address when the story has one; for page text from source, day of
    publication and headline (or the first words of the body where no headline was found).
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


BYLINE_ROLES: tuple[str, ...] = tuple(f.name for f in fields(Byline) if f.name != "raw")
REPAIR_KINDS: tuple[str, ...] = get_args(RepairKind)
