"""The editor's mending of a split page: plain records, replayed over the automatic reading.

Lines are the line numbers of the cleaned text, the same that every repair and every set-aside item
shows; they do not move when another edit is added or dropped, so an edit is undone by leaving it
out of the list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from ..index.errors import JianbaoError
from ..index.story import Repair
from .page_pieces import ASIDE_ROLES, STORY_ROLES, PageRepair, Piece, Role
from .page_split import PageSplit

EDIT_ROLES: Final = (*STORY_ROLES, "continuation", *ASIDE_ROLES)
EditKind = Literal["merge", "split", "assign"]
_BODY: Final = ("paragraph", "subhead")
_HEADS: Final = ("kicker", "headline", "deck")


class NoSuchLine(JianbaoError):
    code = "JB-220"
    what = "edit {number} ({edit}): line {line} has no text; the page has text on lines {lines}"
    remedy = "take a line number from the shown split"
    what_zh = "第 {number} 条修改（{edit}）：第 {line} 行没有文字；有文字的行是 {lines}"
    remedy_zh = "请按拆分结果里显示的行号填写"


class NoSuchStory(JianbaoError):
    code = "JB-221"
    what = "edit {number} ({edit}): line {line} is in no story; stories are on lines {lines}"
    remedy = "name a line that is inside a story, or assign the line to one first"
    what_zh = "第 {number} 条修改（{edit}）：第 {line} 行不属于任何稿件；各稿件所在的行是 {lines}"
    remedy_zh = "请改填某篇稿件里的行号，或先把这一行归入稿件"


class EditChangesNothing(JianbaoError):
    code = "JB-222"
    what = "edit {number} ({edit}) changes nothing: {why}; stories are on lines {lines}"
    remedy = "drop this edit, or choose another line"
    what_zh = "第 {number} 条修改（{edit}）不起作用：{why_zh}；各稿件所在的行是 {lines}"
    remedy_zh = "请删去这条修改，或改填别的行号"


class EditIsMalformed(JianbaoError):
    code = "JB-223"
    what = "this is not an edit: {why}"
    remedy = "an edit has kind (merge, split or assign), line, and what the kind needs; roles are {roles}"
    what_zh = "这不是一条有效的修改：{why}"
    remedy_zh = "修改须有 kind（merge、split 或 assign）和 line 等项；角色可用 {roles}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One mending; a plain value. Make it with :meth:`merge`, :meth:`split` or :meth:`assign`.

    ``line`` is the first line concerned, ``last`` the last one (assign only), ``to`` a line of the
    story that is meant (0: set aside), ``role`` what the lines are to be (assign only).
    """

    kind: EditKind
    line: int
    last: int = 0
    to: int = 0
    role: str = ""

    @classmethod
    def merge(cls, line: int, other: int) -> Edit:
        """The story with line ``other`` becomes part of the story with ``line``."""
        return cls("merge", line, to=other)

    @classmethod
    def split(cls, line: int) -> Edit:
        """A new story begins with this line; a subhead there becomes its headline."""
        return cls("split", line)

    @classmethod
    def assign(cls, first: int, last: int, to: int, role: str = "paragraph") -> Edit:
        """Lines ``first`` … ``last`` go to the story with line ``to`` in the given role, or are set
        aside (``to`` = 0; the role is then the reason, ``stray`` for any role of a story).

        The role ``continuation`` is a paragraph joined to the one before it. A byline or credit that
        stands in a line with other text keeps its role when the line goes to a story.
        """
        return cls("assign", first, last=last, to=to, role=role)

    def __str__(self) -> str:
        if self.kind == "merge":
            return f"merge {self.line} {self.to}"
        if self.kind == "split":
            return f"split {self.line}"
        return f"assign {self.line}-{self.last} to {self.to or 'aside'} as {self.role}"

    def to_json(self) -> dict[str, Any]:
        """Plain data; :meth:`from_json` reads it back to an equal edit."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: object) -> Edit:
        """Reads what :meth:`to_json` wrote. Raises :class:`EditIsMalformed`."""
        roles = ", ".join(EDIT_ROLES)
        if not isinstance(data, dict):
            raise EditIsMalformed(why=f"{type(data).__name__}, not an object", roles=roles)
        unknown = sorted(set(map(str, data)) - {"kind", "line", "last", "to", "role"})
        if unknown:
            raise EditIsMalformed(why=f"unknown {', '.join(unknown)}", roles=roles)
        numbers = {key: data.get(key, 0) for key in ("line", "last", "to")}
        wrong = [
            k for k, v in numbers.items() if not isinstance(v, int) or isinstance(v, bool) or v < 0
        ]
        if wrong:
            raise EditIsMalformed(why=f"{', '.join(wrong)} must be a line number", roles=roles)
        kind, role = data.get("kind"), data.get("role", "")
        if kind != "merge" and kind != "split" and kind != "assign":
            raise EditIsMalformed(why=f"kind {kind!r}", roles=roles)
        if role not in EDIT_ROLES and (kind == "assign" or role):
            raise EditIsMalformed(why=f"role {role!r}", roles=roles)
        return cls(kind, role=str(role), **numbers)


def apply_edits(split: PageSplit, edits: Sequence[Edit]) -> PageSplit:
    """The split with the edits done one after the other. Raises ``JB-220`` … ``JB-223``."""
    for number, edit in enumerate(edits, 1):
        Edit.from_json(edit.to_json())
        page = _Page(split, edit, number)
        pieces = page.pieces_after()
        told: PageRepair = (page.told_to(pieces), Repair("by-editor", str(edit), edit.line))
        pieces, repairs = _renumbered(pieces, [*split.repairs, told], split)
        split = replace(split, pieces=pieces, repairs=repairs)
    return split


class _Page:
    """One edit at work on one split."""

    def __init__(self, split: PageSplit, edit: Edit, number: int) -> None:
        self.split, self.edit, self.number = split, edit, number
        starts = [0, *(i + 1 for i, char in enumerate(split.text) if char == "\n")]
        self.lines = [bisect_right(starts, piece.start) for piece in split.pieces]

    def pieces_after(self) -> list[Piece]:
        return {"merge": self._merge, "split": self._split, "assign": self._assign}[
            self.edit.kind
        ]()

    def told_to(self, pieces: Sequence[Piece]) -> int | None:
        """The story that remembers the edit: the one that has the edit's line now."""
        wanted = self.edit.line if self.edit.kind != "assign" else self.edit.to
        return next(
            (
                p.story
                for p, at in zip(pieces, self.lines, strict=True)
                if at == wanted and p.story is not None
            ),
            None,
        )

    # --- the three kinds ---

    def _merge(self) -> list[Piece]:
        mine, other = self._story_at(self.edit.line), self._story_at(self.edit.to)
        if mine == other:
            raise self._nothing("both lines are of one story", "两行属于同一篇稿件")
        has_headline = any(p.story == mine and p.role == "headline" for p in self.split.pieces)
        first_body = min(p.start for p in self.split.pieces if p.story == mine and p.role in _BODY)
        merged: list[Piece] = []
        for piece in self.split.pieces:
            if piece.story == other:
                role = piece.role
                if role in _HEADS and has_headline:
                    role = "subhead" if piece.start > first_body else "kicker"
                merged.append(replace(piece, story=mine, role=role))
            else:
                merged.append(piece)
        return merged

    def _split(self) -> list[Piece]:
        story = self._story_at(self.edit.line)
        new = self.split.count
        mine = [
            (p, at) for p, at in zip(self.split.pieces, self.lines, strict=True) if p.story == story
        ]
        last_body = max(at for p, at in mine if p.role in _BODY)
        before = [p for p, at in mine if at < self.edit.line and p.role in _BODY]
        after = [p for p, at in mine if at >= self.edit.line and p.role in _BODY]
        if not before or not after:
            raise self._nothing("one side would have no text", "拆开后有一边没有正文")
        first = True
        done: list[Piece] = []
        for piece, at in zip(self.split.pieces, self.lines, strict=True):
            displaced = piece.role in _HEADS and at > last_body
            if piece.story != story or at < self.edit.line or displaced:
                done.append(piece)
                continue
            role = "headline" if first and piece.role == "subhead" else piece.role
            done.append(replace(piece, story=new, role=role, joins=piece.joins and not first))
            first = first and piece.role not in _BODY
        return done

    def _assign(self) -> list[Piece]:
        first, last = self.edit.line, max(self.edit.line, self.edit.last)
        story = self._story_at(self.edit.to) if self.edit.to else None
        chosen = {at for at in self.lines if first <= at <= last}
        if not chosen:
            raise self._no_line(first)
        done = [
            self._moved(piece, at, story) if at in chosen else piece
            for piece, at in zip(self.split.pieces, self.lines, strict=True)
        ]
        if done == list(self.split.pieces):
            raise self._nothing("the lines are that already", "这几行本来就是这样")
        if story is not None and not any(p.story == story and p.role in _BODY for p in done):
            raise self._nothing("the story would have no text left", "稿件会没有正文")
        return done

    def _moved(self, piece: Piece, at: int, story: int | None) -> Piece:
        wanted = self.edit.role
        joins = wanted == "continuation"
        role: Role = "paragraph" if joins else wanted  # type: ignore[assignment]
        if story is None:
            return replace(
                piece, story=None, role=role if role in ASIDE_ROLES else "stray", joins=False
            )
        if role in ASIDE_ROLES:
            role = "paragraph"
        beside = piece.role in ("byline", "credit") and self.lines.count(at) > 1
        if beside and role not in ("byline", "credit"):
            return replace(piece, story=story)
        return replace(piece, story=story, role=role, joins=joins)

    # --- what exists ---

    def _story_at(self, line: int) -> int:
        if line not in self.lines:
            raise self._no_line(line)
        stories = [
            p.story for p, at in zip(self.split.pieces, self.lines, strict=True) if at == line
        ]
        found = next((story for story in stories if story is not None), None)
        if found is None:
            raise NoSuchStory(
                edit=self.edit, number=self.number, line=line, lines=self._story_lines()
            )
        return found

    def _no_line(self, line: int) -> NoSuchLine:
        shown = _ranges(sorted(set(self.lines)))
        return NoSuchLine(edit=self.edit, number=self.number, line=line, lines=shown)

    def _nothing(self, why: str, why_zh: str) -> EditChangesNothing:
        return EditChangesNothing(
            edit=self.edit, number=self.number, why=why, why_zh=why_zh, lines=self._story_lines()
        )

    def _story_lines(self) -> str:
        found: dict[int, list[int]] = {}
        for piece, at in zip(self.split.pieces, self.lines, strict=True):
            if piece.story is not None:
                found.setdefault(piece.story, []).append(at)
        return "; ".join(_ranges(sorted(set(lines))) for _, lines in sorted(found.items())) or "-"


def _ranges(lines: Sequence[int]) -> str:
    """``3, 5-9``: blank lines between are bridged, so a story reads as one range."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line - parts[-1][1] <= 4:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _renumbered(
    pieces: Sequence[Piece], repairs: Sequence[PageRepair], split: PageSplit
) -> tuple[tuple[Piece, ...], tuple[PageRepair, ...]]:
    """Stories counted again in the order of their text; a story left without text is set aside."""
    first: dict[int, int] = {}
    for piece in pieces:
        if piece.story is not None and piece.role in _BODY:
            first.setdefault(piece.story, piece.start)
    order = {old: new for new, old in enumerate(sorted(first, key=lambda story: first[story]))}
    done: list[Piece] = []
    opened: set[tuple[int | None, str]] = set()
    for piece in pieces:
        story = None if piece.story is None else order.get(piece.story)
        role = piece.role if story is not None or piece.role in ASIDE_ROLES else "stray"
        joins = piece.joins and (story, role) in opened
        done.append(replace(piece, story=story, role=role, joins=joins))
        opened.add((story, role))
    owners: dict[int, int | None] = {}
    for piece in done:
        line = split.line_of(piece)
        if owners.get(line) is None:
            owners[line] = piece.story
    told: list[PageRepair] = []
    for story, repair in repairs:
        if story is not None:
            keep = (
                order.get(story)
                if repair.kind in ("by-editor", "headline-returned")
                else owners.get(repair.line)
            )
            story = keep if keep is not None else owners.get(repair.line)
        told.append((story, repair))
    return tuple(done), tuple(told)
