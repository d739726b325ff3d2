"""Pieces: the page's text cut into slices, each with its place in a story or set aside.

Everything else is derived from the pieces, so nothing of the page can be lost or invented: every
character that is not a blank is in exactly one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ..index.story import Repair
from .page_drafts import Draft, Drafted
from .page_headline import head_roles
from .page_labels import Label
from .page_lines import Line

StoryRole = Literal[
    "kicker", "headline", "deck", "byline", "paragraph", "subhead", "caption", "credit"
]
AsideRole = Literal["advert", "furniture", "jump", "stray"]
Role = Literal[StoryRole, AsideRole]
STORY_ROLES: Final[tuple[str, ...]] = get_args(StoryRole)
ASIDE_ROLES: Final[tuple[str, ...]] = get_args(AsideRole)


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of the page's cleaned text: ``text[start:end]``, without blanks at its ends.

    ``story`` counts the stories of the page from 0; ``None`` is set aside. ``joins`` says that the
    piece goes on with the piece of the same role before it, without a break.
    """

    start: int
    end: int
    story: int | None
    role: Role
    joins: bool = False


PageRepair = tuple[int | None, Repair]
"""A repair and the story it was done to (``None``: the page)."""
_EDGE: Final = 8


def make_pieces(
    lines: Sequence[Line], labels: Sequence[Label], drafted: Drafted
) -> tuple[list[Piece], list[PageRepair]]:
    """The pieces of the automatic reading, in the order of the text, and what was repaired."""
    maker = _Maker(lines, labels)
    used: set[int] = set()
    number = 0
    for draft in drafted.drafts:
        if draft.is_story(lines):
            maker.story(number, draft)
            number += 1
            used |= {*draft.heads, *draft.returned, *draft.bylines, *draft.body, *draft.captions}
    for i, line in enumerate(lines):
        if i not in used:
            reason = line.reason if line.kind == "out" else _unnamed_reason(line)
            maker.aside(line.start, line.end, reason, line)
    maker.pieces.sort(key=lambda piece: piece.start)
    maker.repairs.sort(key=lambda repair: (repair[1].line, -1 if repair[0] is None else repair[0]))
    return maker.pieces, maker.repairs


def _unnamed_reason(line: Line) -> AsideRole:
    if line.kind == "signature" and not line.signed:
        return (
            "jump" if any(t.jump_to_page or t.jump_from_page for t in line.tails) else "furniture"
        )
    return "stray"


class _Maker:
    def __init__(self, lines: Sequence[Line], labels: Sequence[Label]) -> None:
        self.lines, self.labels = lines, labels
        self.pieces: list[Piece] = []
        self.repairs: list[PageRepair] = []

    def aside(self, start: int, end: int, reason: str, line: Line) -> None:
        role: AsideRole = reason if reason in ASIDE_ROLES else "stray"  # type: ignore[assignment]
        self.pieces.append(Piece(start, end, None, role))
        text = line.text[start - line.start : end - line.start]
        self.repairs.append((None, Repair("set-aside", text, line.number)))

    def story(self, number: int, draft: Draft) -> None:
        heads = draft.returned or draft.heads
        roles = head_roles([self.lines[i].text for i in heads])
        for i, (role, joins) in zip(heads, roles, strict=True):
            self._whole(i, number, role, joins=joins)
        if draft.returned:
            shown = " ".join(self.lines[i].text for i in draft.returned)
            self._repair(number, "headline-returned", shown, draft.returned[0])
            for i in draft.heads:
                self._whole(i, number, "kicker")
        for i in draft.bylines:
            self._signature(i, number)
        self._body(number, draft)
        for i in draft.captions:
            self._caption(i, number)

    def _whole(self, i: int, number: int, role: Role, *, joins: bool = False) -> None:
        line = self.lines[i]
        self.pieces.append(Piece(line.start, line.end, number, role, joins))

    def _repair(self, number: int | None, kind: str, text: str, i: int) -> None:
        self.repairs.append((number, Repair(kind, text, self.lines[i].number)))  # type: ignore[arg-type]

    def _signature(self, i: int, number: int) -> None:
        line = self.lines[i]
        if line.kind == "signature":
            self._tails(i, number)
            return
        self._whole(i, number, "byline")
        self._repair(number, "byline-out", line.text, i)

    def _tails(self, i: int, number: int) -> None:
        line = self.lines[i]
        for tail in line.tails:
            start, end = line.start + tail.start, line.start + tail.end
            if tail.jump_to_page or tail.jump_from_page:
                self.aside(start, end, "jump", line)
            elif tail.is_caption:
                self.pieces.append(Piece(start, end, number, "credit"))
                self._repair(number, "caption-out", tail.raw, i)
            elif (
                tail.names_somebody()
                or tail.author_title
                or tail.author_affiliation
                or tail.reprint_of
            ):
                self.pieces.append(Piece(start, end, number, "byline"))
                self._repair(number, "byline-out", tail.raw, i)
            else:
                self.aside(start, end, "furniture", line)

    def _body(self, number: int, draft: Draft) -> None:
        open_line: int | None = None
        for i in draft.body:
            line, label = self.lines[i], self.labels[i]
            start, end = line.start, line.end
            if line.lead and label != "continuation":
                start = self._lead(i, number)
            if line.tails:
                end = line.start + line.tails[0].start
                self._tails(i, number)
            text = line.text[start - line.start : end - line.start]
            start, end = _trimmed(text, start)
            if start < end:
                joins = label == "continuation" and open_line is not None
                if joins and open_line is not None:
                    self._join(number, open_line, i)
                role: StoryRole = "subhead" if label == "subhead" else "paragraph"
                self.pieces.append(Piece(start, end, number, role, joins))
                open_line = i if role == "paragraph" else None

    def _lead(self, i: int, number: int) -> int:
        """The lead leaves the body; 上接第一版 is no name and is set aside."""
        line = self.lines[i]
        assert line.lead is not None  # noqa: S101 - the caller looked
        start, end = _trimmed(
            line.text[line.lead.start : line.lead.end], line.start + line.lead.start
        )
        if line.lead.jump_from_page:
            self.aside(start, end, "jump", line)
        else:
            self.pieces.append(Piece(start, end, number, "byline"))
            self._repair(number, "byline-out", line.lead.raw, i)
        return end

    def _join(self, number: int, left: int, right: int) -> None:
        between = any(
            self.labels[i] in ("caption", "out", "head", "deck") for i in range(left + 1, right)
        )
        edges = f"{self.lines[left].body[-_EDGE:]}|{self.lines[right].body[:_EDGE]}"
        self._repair(number, "joined-across" if between else "joined", edges, left)

    def _caption(self, i: int, number: int) -> None:
        line = self.lines[i]
        credit = (
            line.own if line.kind in ("caption", "credit") and line.own and line.own.raw else None
        )
        at = line.start + credit.start if credit else line.end
        if line.kind == "credit":
            at = line.start
        start, end = _trimmed(line.text[: at - line.start], line.start)
        if start < end:
            self.pieces.append(Piece(start, end, number, "caption"))
        if at < line.end:
            self.pieces.append(Piece(at, line.end, number, "credit", joins=start < end))
        self._repair(number, "caption-out", line.text, i)


def _trimmed(text: str, start: int) -> tuple[int, int]:
    """Bounds of the text without the blanks at its ends; ``start`` is where the text stands."""
    left = len(text) - len(text.lstrip())
    return start + left, start + left + len(text.strip())


def runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces of one story and role, grouped by what joins what."""
    group: list[Piece] = []
    for piece in pieces:
        if piece.joins and group:
            group.append(piece)
            continue
        if group:
            yield group
        group = [piece]
    if group:
        yield group
