"""A page, split into stories: everything is derived from its pieces."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

from ..index.story import Byline, Paragraph, Picture, Repair, Story, story_id
from .byline import BylineParse, join_bylines, parse_byline
from .page_headline import DASHES
from .page_pieces import AsideRole, PageRepair, Piece, runs

REASONS: Final[dict[str, tuple[str, str]]] = {
    "advert": ("an advertisement", "广告"),
    "furniture": ("page furniture: editors, date, page number", "版面信息：责编、日期、版次"),
    "jump": ("a jump to or from another page", "转版、接版提示"),
    "stray": ("fits no story of this page", "不属于本版任何一篇稿件"),
}
"""Why text was set aside, in English and Chinese, by the role of its piece."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Text of the page that is in no story. ``reason`` is a key of :data:`REASONS`."""

    text: str
    line: int
    reason: AsideRole


@dataclass(frozen=True)
class PageSplit:
    """A page, split. ``pieces`` stand in the order of ``text`` (the cleaned input)."""

    text: str
    pieces: tuple[Piece, ...]
    repairs: tuple[PageRepair, ...] = ()

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_of(self, piece: Piece) -> int:
        """The line number (1-based) of the cleaned text where the piece begins."""
        return bisect_right(self._line_starts, piece.start)

    @cached_property
    def count(self) -> int:
        """How many stories the page has."""
        return len({piece.story for piece in self.pieces if piece.story is not None})

    def of_story(self, number: int) -> tuple[Piece, ...]:
        """The pieces of one story (counted from 0), in the order of the text."""
        return tuple(piece for piece in self.pieces if piece.story == number)

    def words(self, piece: Piece) -> str:
        """The piece's text."""
        return self.text[piece.start : piece.end]

    def set_aside(self) -> tuple[SetAside, ...]:
        """What is in no story, in the order of the page, with reasons."""
        return tuple(
            SetAside(self.words(piece), self.line_of(piece), piece.role)  # type: ignore[arg-type]
            for piece in self.pieces
            if piece.story is None
        )

    def repairs_of(self, number: int | None) -> tuple[Repair, ...]:
        """What was done to one story; with ``None``, to the page."""
        return tuple(repair for story, repair in self.repairs if story == number)

    def stories(
        self, *, source: str = "", published: date | None = None, page: str = ""
    ) -> tuple[Story, ...]:
        """The stories. The three facts are the page's, known to whoever gave it; never guessed."""
        return tuple(self._story(number, source, published, page) for number in range(self.count))

    def _story(self, number: int, source: str, published: date | None, page: str) -> Story:
        by_role: dict[str, list[Piece]] = {}
        for piece in self.of_story(number):
            by_role.setdefault(piece.role, []).append(piece)
        headline = self._joined(by_role.get("headline", []))
        paragraphs = self._paragraphs(by_role)
        first = headline or (paragraphs[0].text[:40] if paragraphs else "")
        return Story(
            id=story_id(source, published.isoformat() if published else "", first),
            kicker=self._joined(by_role.get("kicker", [])),
            headline=headline,
            deck=self._joined(by_role.get("deck", [])).lstrip(DASHES).strip(),
            paragraphs=paragraphs,
            pictures=self._pictures(by_role),
            byline=self._byline(by_role.get("byline", [])),
            source=source,
            published=published,
            page=page,
            repairs=self.repairs_of(number),
        )

    def _joined(self, pieces: Sequence[Piece]) -> str:
        return " ".join(self._seamless(group) for group in runs(pieces))

    def _seamless(self, pieces: Sequence[Piece]) -> str:
        """Pieces put together as printed; Latin words and figures on both sides keep a space."""
        text = ""
        for piece in pieces:
            words = self.words(piece)
            latin = (
                text[-1:].isascii()
                and text[-1:].isalpha()
                and words[:1].isascii()
                and words[:1].isalpha()
            )
            text += f" {words}" if latin else words
        return text

    def _paragraphs(self, by_role: dict[str, list[Piece]]) -> tuple[Paragraph, ...]:
        body = sorted(
            [*by_role.get("paragraph", []), *by_role.get("subhead", [])],
            key=lambda piece: piece.start,
        )
        return tuple(
            Paragraph(self._seamless(group), subhead=group[0].role == "subhead")
            for group in runs(body)
        )

    def _pictures(self, by_role: dict[str, list[Piece]]) -> tuple[Picture, ...]:
        """A credit belongs to the caption before it, when that has none and stands next to it."""
        pieces = sorted(
            [*by_role.get("caption", []), *by_role.get("credit", [])], key=lambda piece: piece.start
        )
        pictures: list[Picture] = []
        last: Piece | None = None
        for piece in pieces:
            words = self.words(piece)
            if piece.role == "caption":
                pictures.append(Picture(caption=words))
            elif last and last.role == "caption" and not self.text[last.end : piece.start].strip():
                pictures[-1] = Picture(caption=pictures[-1].caption, credit=words)
            else:
                pictures.append(Picture(credit=words))
            last = piece
        return tuple(pictures)

    def _byline(self, pieces: Sequence[Piece]) -> Byline:
        return join_bylines([parse_byline_words(self.words(piece)) for piece in pieces])


def parse_byline_words(words: str) -> BylineParse:
    """Reads words that are known to be a byline, wherever they stood; ``raw`` keeps all of them."""
    for where in ("head", "line"):
        parse = parse_byline(words, where)
        if parse.found:
            return replace(parse, raw=words)
    return replace(parse_byline(f"。 {words}", "tail"), raw=words)
