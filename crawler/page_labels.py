"""What each line of a page is: headline, subhead, paragraph, continuation, caption, …

Alone, a headline, a subhead, a caption and a cut-off piece of a sentence look the same. So every
line may be several things at a price, every order of things has its price too, and the cheapest
reading of the whole page is taken (Viterbi; the time grows with the number of lines only). Prices
are points of evidence: about 1 is a hint, 3 decides when nothing speaks against it, 6 is as good
as certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import ChainMap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from .page_lines import Line
from .page_words import Vocabulary, pairs

Label = Literal[
    "head",  # a line of a headline block: kicker, headline or place
    "deck",
    "byline",  # a line of its own with names, at the start of a story
    "signature",  # names on a line of their own, at the end of a story
    "paragraph",
    "first",  # a paragraph that begins a story without a headline
    "continuation",
    "subhead",
    "caption",
    "out",
]
Loose = tuple[int, str]
"""A headline block without a text: the index of its first line, and its words."""
REACH: Final = 200
"""Lines within which a headline's text is looked for: a full newspaper page has 40 to 150. Keeps a
year of pages in one file from being compared with itself."""
_Mode = Literal["start", "head", "done", "open", "sub", "tailed"]
_State = tuple[_Mode, int, int]
"""Where the reading stands; what the story has at its start (1: its author's name, 0: a headline
only, -1: neither); and how many subheads it has (0, 1, 2 for more)."""

BOXES: Final = "□■◇◆◎●○"
_WINDOW: Final = 3
"""Paragraphs each side of a gap; measured best of 2, 3, 4 and 6 on our own stories."""
_SAME: Final = 0.0225
"""Likeness at which "one story" and "two stories" are equally probable."""
_SLOPE: Final = 90.0
_MOST: Final = 4.0
_UNSIGNED: Final = {1: 0.5, 0: 2.5, -1: 5.0}
"""What it costs that a story ends without a sign-off: nearly all stories are signed once, and
hardly any text has neither headline nor name."""
_LONE_SUBHEAD: Final = 2.0
"""Subheads come in twos and more."""


@dataclass(slots=True)
class _Step:
    score: float
    back: _State | None
    label: Label


class PageReader:
    """The prices of one page, and its cheapest reading."""

    def __init__(self, lines: Sequence[Line], vocabulary: Vocabulary) -> None:
        self.lines = lines
        self.vocabulary = vocabulary
        self.bodies = [i for i, line in enumerate(lines) if _is_body(line)]
        self._rank: list[int] = []
        for i in range(len(lines) + 1):
            self._rank.append((self._rank[-1] if self._rank else 0) + (i > 0 and _is_body(lines[i - 1])))
        # The same line is looked at from many states.
        self._break = cache(self._break_at)
        self.reach = cache(self._reach)
        self.block_reach = cache(self._block_reach)
        self.look_for(())
        self.head = cache(self._head)
        self.subhead = cache(self._subhead)
        self.caption = cache(self._caption)
        self.piece = cache(self._piece)
        self.continuation = cache(self._continuation)
        gaps = sorted(line.gap for line in lines[1:]) or [0]
        self.usual_gap = gaps[len(gaps) // 2]

    def look_for(self, loose: Sequence[Loose]) -> None:
        """Sets the headline blocks whose text was not found at an earlier reading."""
        self._loose_at = [line for line, _ in loose]
        words = [sorted(pairs(text)) for _, text in loose]
        self._loose = [(found, self.vocabulary.total(found) or 1.0) for found in words]
        self.headless = cache(self._headless)

    def break_before(self, index: int) -> float:
        """Points for "another subject begins here", from the words each side of the line."""
        return self._break(self._rank[index])

    def _break_at(self, rank: int) -> float:
        left: list[int] = []
        for i in reversed(self.bodies[max(0, rank - _WINDOW) : rank]):
            if left and self.lines[i].signed:
                break
            left.append(i)
            if self.lines[i].lead:
                break
        right: list[int] = []
        for i in self.bodies[rank : rank + _WINDOW]:
            if right and self.lines[i].lead:
                break
            right.append(i)
            if self.lines[i].signed:
                break
        if not left or not right:
            return 0.0
        like = self.vocabulary.likeness(self.vocabulary.of(left), self.vocabulary.of(right))
        return max(-_MOST, min(_MOST, _SLOPE * (_SAME - like)))

    # --- prices -------------------------------------------------------------------------------

    def new_story(self, index: int, state: _State) -> float:
        """Points for a story beginning with this line, after what was read so far."""
        mode, named, subheads = state
        if mode == "start":
            return 0.0
        score = self.break_before(index) - (_LONE_SUBHEAD if subheads == 1 else 0.0)
        if mode == "tailed":
            return score + 4.0
        if mode == "open":
            return score - 7.0
        if mode == "sub":
            return score - 9.0
        return score - _UNSIGNED[named]

    def same_story(self, mode: _Mode) -> float:
        """Points for going on in the same story; after a sign-off that is next to impossible."""
        return -6.0 if mode == "tailed" else 0.0

    def _head(self, index: int) -> float:
        line = self.lines[index]
        score = -0.5 - max(0.0, line.fragment)
        if line.place_first:
            score += 3.0 if line.text.endswith(("：", ":")) else 2.0
        elif line.place_colon:
            score += 0.7
        if line.picture_words:
            score -= 1.5
        usual = 20 if line.halves == 1 else 30
        score -= max(0, line.length - usual) * 0.3
        if line.is_place:
            score += 1.0
        if line.text.endswith("。"):
            score -= 8.0
        elif line.closed and not line.text.endswith(("：", ":")):
            score -= 1.5
        after = self.next_ink(index)
        if after and (after.kind in ("deck", "byline") or after.lead):
            score += 2.0
        return score

    def _subhead(self, index: int, subheads: int) -> float:
        line = self.lines[index]
        score = -0.5 - max(0.0, line.fragment) + (0.5 if subheads else 0.0)
        if line.closed:
            score -= 2.5
        usual = 12 if line.halves == 1 else 17
        if line.length > usual:
            score -= (line.length - usual) * 0.6
        if line.is_place:
            score -= 1.0
        if line.place_first:
            score -= 1.5
        if line.picture_words:
            score -= 1.0
        if self.has_twin(index, range(max(0, index - 9), index)):
            score += 1.0
        elif self.has_twin(index, range(index + 1, min(len(self.lines), index + 10))):
            score += 0.5
        return score

    def has_twin(self, index: int, near: range) -> bool:
        """Whether a line built alike stands near: the subheads of a story are parallel."""
        mine = self.lines[index]
        return any(
            (other := self.lines[i]).short
            and not other.closed
            and other.kind == "text"
            and (other.halves, other.place_colon) == (mine.halves, mine.place_colon)
            and abs(other.length - mine.length) <= 2
            for i in near
        )

    def _reach(self, index: int) -> float:
        """Points for a line speaking of all that follows, as headlines do: subheads speak of the
        next paragraph only, and of what was before as much as of what comes."""
        rank, words = self._rank[index], self.vocabulary.line(index)
        total = self.vocabulary.total(words) or 1.0
        before, second, later = (
            self.vocabulary.overlap(words, ChainMap(*[self.vocabulary.line(i) for i in self.bodies[a:b]]))
            for a, b in ((max(0, rank - 6), rank), (rank + 1, rank + 3), (rank + 2, rank + 6))
        )
        most = 0.0 if self.lines[index].picture_words else 4.0
        return max(-1.0, min(most, 20 * ((max(second, later) - before) / total - 0.08)))

    def _caption(self, index: int, mode: _Mode) -> float:
        line = self.lines[index]
        if line.kind in ("caption", "credit"):
            return 3.0
        cue = line.closed or line.picture_words or line.gap > self.usual_gap
        score = -4.0 if mode == "done" and not cue else -3.0
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        if after and after.kind == "credit":
            named = after.own is not None and bool(after.own.photographers)
            score += 5.0 if named else 1.5 if mode == "head" else 3.0
        score -= line.text.count("，") + line.text.count(",")
        if line.gap > self.usual_gap and line.gap >= 2:
            score += 1.5  # the empty lines are the picture
        if line.picture_words:
            score += 2.5 if mode == "head" else 2.2
        if line.halves > 1:
            score -= 1.5
        if mode == "sub":
            score -= 1.5
        if mode == "open" and line.closed:
            score += self.inside_cut(index)
        elif line.lone_clause:
            score += 2.5
        elif line.closed:
            score += 1.0 if mode == "head" else -1.0
        if line.text.startswith(("“", "「")) or line.place_colon:
            score -= 1.5
        return score - max(0.0, line.fragment)

    def inside_cut(self, index: int) -> float:
        """Points for a finished line standing in a cut and not ending the paragraph: the line after
        it must then go on with the sentence."""
        left, line, after = self.last_body(index), self.lines[index], self.next_text(index)
        if left is None or after is None:
            return -3.0
        score = 1.5 if line.lone_clause else -1.0
        score += self.vocabulary.seam(left.body, after.body) - self.vocabulary.seam(left.body, line.body)
        below = self.next_ink(index)
        if below is not after:
            score -= 1.5
        return score + after.mid_sentence - (1.0 if after.opens else 0.0)

    def _piece(self, index: int) -> float:
        """Points for a short open line being the first piece of a paragraph."""
        line = self.lines[index]
        if line.closed or not line.short:
            return 0.0
        score = -2.5 + line.fragment
        after = self.next_text(index)
        if after is None:
            return score - 2.0
        if after.continues:
            score += 4.0
        elif line.halves == 1:
            score += after.mid_sentence
        return score + 1.2 * self.vocabulary.seam(line.body, after.body)

    def _continuation(self, index: int, mode: _Mode) -> float:
        """Points for the line going on with the paragraph that is open."""
        line = self.lines[index]
        if mode != "open":
            return -2.0 if line.continues and mode == "done" else -30.0
        if line.lead or line.kind == "byline":
            return -8.0
        left = self.last_body(index)
        seam = self.vocabulary.seam(left.body, line.body) if left else 0.0
        score = 1.0 * seam
        score += 3.0 if line.continues else line.mid_sentence
        if line.short and not line.closed:
            score += -2.0 + line.fragment
        return score

    def _block_reach(self, index: int) -> float:
        """The best :meth:`reach` of a headline block that begins here: kickers say little."""
        best = self.reach(index)
        for below in range(index + 1, min(index + 5, len(self.lines))):
            line = self.lines[below]
            if line.kind in ("caption", "credit", "out"):
                continue
            if line.short and line.kind == "text" and not line.closed and not line.lead:
                best = max(best, self.reach(below))
            break
        return best

    def _headless(self, index: int) -> float:
        """Points for a story beginning here without a headline."""
        rank, best = self._rank[index], 0.0
        low = bisect_left(self._loose_at, index - REACH)
        high = bisect_left(self._loose_at, index + REACH)
        for words, total in self._loose[low:high]:
            after = self._nearest(words, self.bodies[rank : rank + 5])
            before = self._nearest(words, self.bodies[max(0, rank - 5) : rank][::-1])
            best = max(best, (after - before) / total)
        return -2.5 + min(7.0, 14.0 * best)

    def _nearest(self, words: Collection[str], bodies: Sequence[int]) -> float:
        """How much of the words the lines have, the nearest ones counting most."""
        share = (0.4, 0.3, 0.25, 0.2, 0.15)
        return sum(
            part * self.vocabulary.overlap(words, self.vocabulary.line(i))
            for part, i in zip(share, bodies, strict=False)
        )

    def next_ink(self, index: int) -> Line | None:
        for line in self.lines[index + 1 : index + 5]:
            if line.kind not in ("caption", "credit", "out"):
                return line
        return None

    def next_text(self, index: int) -> Line | None:
        """The next line that can hold body text, short lines without a stop passed over once."""
        for line in self.lines[index + 1 : index + 5]:
            if line.kind == "text" and (line.closed or not line.short):
                return line
        return None

    def last_body(self, index: int) -> Line | None:
        for line in reversed(self.lines[max(0, index - 6) : index]):
            if line.kind == "text" and (not line.short or line.fragment > 0 or not line.closed):
                return line
        return None

    # --- readings -----------------------------------------------------------------------------

    def readings(self, index: int, state: _State) -> list[tuple[float, Label, _State]]:
        """Every thing the line may be after ``state``: points, label, state after it."""
        line, (mode, named, subheads) = self.lines[index], state
        if line.kind == "out":
            return [(0.0, "out", state)]
        if line.kind == "credit":
            return [(0.0, "caption", state)]
        if line.kind == "caption":
            found = [(self.caption(index, mode), "caption", state), *self._text(index, state, -3.0)]
            return [reading for reading in found if reading[1] not in ("head", "subhead")]
        if line.kind == "deck":
            new = self.new_story(index, state) if mode != "head" else 0.0
            return [(new, "deck", ("head", named if mode == "head" else 0, 0)), *self._text(index, state, -3.0)]
        if line.kind == "signature":
            return self._signature(index, state)
        if line.kind == "byline":
            return self._byline(index, state)
        found = self._text(index, state, 0.0)
        if line.own and mode in ("head", "done"):
            found += [(score - 1.0, label, after) for score, label, after in self._byline(index, state)]
        return found

    def _byline(self, index: int, state: _State) -> list[tuple[float, Label, _State]]:
        mode, named, _ = state
        if mode in ("head", "start"):
            return [(3.0, "byline", ("head", 1, 0))]
        start = self.new_story(index, state) - 0.5
        close = -4.0 if named == 1 or mode == "tailed" else -0.5
        if self.lines[index].text[0] in BOXES:
            close -= 3.5  # the box is printed between headline and text
        return [(start, "byline", ("head", 1, 0)), (close, "signature", ("tailed", 0, state[2]))]

    def _signature(self, index: int, state: _State) -> list[tuple[float, Label, _State]]:
        mode, named, subheads = state
        line = self.lines[index]
        if not line.signed:
            return [(0.0, "signature", state)]
        if mode in ("head", "start"):
            return [(1.0, "byline", ("head", 1, 0))]
        return [(-4.0 if mode == "tailed" else 0.0, "signature", ("tailed", named, subheads))]

    def _text(self, index: int, state: _State, base: float) -> list[tuple[float, Label, _State]]:
        line, (mode, named, subheads) = self.lines[index], state
        found: list[tuple[float, Label, _State]] = []
        end: _Mode = "tailed" if line.signed else "done" if line.closed or line.ended else "open"
        lead = line.lead is not None and bool(line.lead.lead_type or line.lead.names_somebody())
        piece = base + self.piece(index)
        if line.lone_clause:
            piece -= 1.5
        if line.text.endswith(("：", ":")) and line.short:
            piece -= 3.5  # 他说： is not printed on a line of its own
        going_on = self.same_story(mode) - (6.0 if lead and mode != "head" else 0.0)
        if line.signed and named == 1:
            piece -= 2.5  # a story is signed once: at its start or at its end
        if lead and mode == "head" and named == 1:
            going_on -= 3.0
        if mode == "open":
            going_on -= 6.0
        if mode != "start":
            found.append((piece + going_on, "paragraph", (end, 1 if lead else named, subheads)))
        if mode != "head":
            begins = self.new_story(index, state) + max(-1.0 if lead else -9.0, self.headless(index))
            found.append((piece + begins, "first", (end, 1 if lead else -1, 0)))
        found.append((base + self.continuation(index, mode) + self.same_story(mode), "continuation", (end, named, subheads)))
        if line.short and not lead:
            found += self._short(index, state, base)
        return found

    def _short(self, index: int, state: _State, base: float) -> list[tuple[float, Label, _State]]:
        mode, named, subheads = state
        found: list[tuple[float, Label, _State]] = []
        more = min(subheads + 1, 2)
        if mode == "head":
            below = 3.5 if named == 1 and not self.lines[index].is_place else 0.5
            found.append((base + self.head(index) - below, "head", ("head", named, 0)))
        else:
            new = self.new_story(index, state) + (self.block_reach(index) if mode == "done" else 0.0)
            found.append((base + self.head(index) + new, "head", ("head", 0, 0)))
        if mode == "done":
            found.append((base + self.subhead(index, subheads), "subhead", ("sub", named, more)))
        elif mode in ("open", "head", "sub", "tailed"):
            price = {"open": -7.0, "head": -4.0, "sub": -5.0, "tailed": -6.0}[mode]
            found.append((base + self.subhead(index, subheads) + price, "subhead", ("sub", named, more)))
        found.append((base + self.caption(index, mode), "caption", state))
        return found

    def labels(self, loose: Sequence[Loose] = ()) -> list[Label]:
        """The cheapest reading: one label a line.

        ``loose`` are headline blocks whose text was not found at the first reading: somewhere a
        story begins without one, and its words tell where.
        """
        self.look_for(loose)
        columns: list[dict[_State, _Step]] = []
        column: dict[_State, _Step] = {("start", 0, 0): _Step(0.0, None, "out")}
        for index in range(len(self.lines)):
            following: dict[_State, _Step] = {}
            for state, step in column.items():
                for points, label, after in self.readings(index, state):
                    score = step.score + points
                    if after not in following or score > following[after].score:
                        following[after] = _Step(score, state, label)
            columns.append(following)
            column = following
        found: list[Label] = []
        state: _State | None = max(column, key=lambda s: column[s].score + _ending(s))
        for steps in reversed(columns):
            assert state is not None  # noqa: S101 - every column but the first was reached from a state
            step = steps[state]
            found.append(step.label)
            state = step.back
        return found[::-1]


def _is_body(line: Line) -> bool:
    return (line.kind == "text" and not line.short) or (line.kind == "text" and line.lead is not None)


def _ending(state: _State) -> float:
    """Points for the page ending here: an unfinished paragraph, a lone subhead, or a story that
    nobody signed are unlikely."""
    mode, named, subheads = state
    lone = _LONE_SUBHEAD if subheads == 1 else 0.0
    unsigned = 0.0 if mode in ("head", "tailed", "start") else 0.5 - _UNSIGNED[named]
    return {"open": -2.0, "sub": -4.0, "head": -1.0}.get(mode, 0.0) + unsigned - lone
