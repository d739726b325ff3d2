"""What a search answers: the stories found, and how many of them have each county, theme, source, week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .highlight import Pieces


@dataclass(frozen=True, slots=True)
class Hit:
    """One story found. ``headline_pieces`` and ``excerpt`` are (text, marked) pieces of its own text."""

    story_id: str
    headline: str
    published: date | None
    source: str
    counties: tuple[str, ...]
    themes: tuple[str, ...]
    headline_pieces: Pieces
    excerpt: Pieces
    score: float


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the results have this value; ``city`` is the code of a county's city."""

    value: str
    count: int
    city: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all results. Counties, cities, themes, sources: most first. Weeks (ISO): newest first.

    A city counts the stories of its counties and those about the city as a whole.
    """

    counties: tuple[FacetCount, ...] = ()
    themes: tuple[FacetCount, ...] = ()
    sources: tuple[FacetCount, ...] = ()
    weeks: tuple[FacetCount, ...] = ()
    cities: tuple[FacetCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` counts all results; ``hits`` are the page that was asked for."""

    total: int
    hits: tuple[Hit, ...]
    facets: Facets
