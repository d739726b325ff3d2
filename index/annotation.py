"""The annotation 标引: what a story is about, and why we say so.

"None" and "undecided" 待定 are answers. A decision without evidence is not made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

About = Literal["county", "mentioned", "city", "theme", "relevance"]
Field = Literal["kicker", "headline", "deck", "body", "byline", "source"]
Level = Literal["county", "city", "province", "none", "undecided"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one decision.

    ``value`` is what it speaks for: an administrative code, a theme slug, or ``yes``/``no`` for
    relevance. ``start`` and ``end`` count characters in the named field of the story (``body`` is
    :attr:`Story.body`); ``words`` are those characters. ``weight`` is negative when it speaks
    against.
    """

    about: About
    value: str
    field: Field
    start: int
    end: int
    words: str
    rule: str
    weight: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a story is about.

    ``counties`` are the attributed county-level units 县级行政区 (six-digit codes, the main one
    first); ``mentioned`` are units that stand in the text without being its subject. ``themes`` are
    slugs, the primary one first. ``reason`` says in one Chinese sentence why the story is, or is
    not, Party-building news.
    """

    counties: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    city: str | None = None
    province: str | None = None
    level: Level = "none"
    themes: tuple[str, ...] = ()
    relevant: bool = False
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage; :meth:`from_json` reads it back to an equal annotation."""
        return {
            "counties": self.counties,
            "mentioned": self.mentioned,
            "city": self.city,
            "province": self.province,
            "level": self.level,
            "themes": self.themes,
            "relevant": self.relevant,
            "reason": self.reason,
            "evidence": tuple(
                {name: getattr(one, name) for name in Evidence.__slots__} for one in self.evidence
            ),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Annotation:
        """Reads what :meth:`to_json` wrote."""
        lists = {key: tuple(data[key]) for key in ("counties", "mentioned", "themes")}
        evidence = tuple(Evidence(**item) for item in data["evidence"])
        return cls(**{**data, **lists, "evidence": evidence})
