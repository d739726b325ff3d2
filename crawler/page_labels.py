"""What each line of a page is: headline, subhead, paragraph, continuation, caption, …

Alone, a headline, a subhead, a caption and a cut-off piece of a sentence look the same. So every
line may be several things at a price, every order of things has its price too, and the cheapest
reading of the whole page is taken (Viterbi; the time grows with the number of lines only). Prices
are points of evidence: about 1 is a hint, 3 decides when nothing speaks against it, 6 is as good
as certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .page_prices import (
    BELOW_PLACE_HEADLINE,
    BOXES,
    LONE_SUBHEAD,
    UNSIGNED,
    Loose,
    Mode,
    Prices,
    State,
)

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
Reading = tuple[float, Label, State]
"""One thing a line may be: points, what it is, where the reading stands after it."""


@dataclass(slots=True)
class _Step:
    score: float
    back: State | None
    label: Label


class PageReader(Prices):
    """The cheapest reading of one page."""

    def readings(self, index: int, state: State) -> list[Reading]:
        """Every thing the line may be after ``state``: points, label, state after it."""
        line, (mode, named, _) = self.lines[index], state
        if line.kind == "out":
            return [(0.0, "out", state)]
        if line.kind == "credit":
            return [(0.0, "caption", state)]
        if line.kind == "caption":
            caption: list[Reading] = [(self.caption(index, mode), "caption", state)]
            others = self._text(index, state, -3.0)
            return caption + [other for other in others if other[1] not in ("head", "subhead")]
        if line.kind == "deck":
            new = self.new_story(index, state) if mode != "head" else 0.0
            after: State = ("head", named if mode == "head" else 0, 0)
            deck: list[Reading] = [(new, "deck", after)]
            return deck + self._text(index, state, -3.0)
        if line.kind == "signature":
            return self._signature(index, state)
        if line.kind == "byline":
            return self._byline(index, state)
        found = self._text(index, state, 0.0)
        if line.own and mode in ("head", "done"):
            for score, label, after in self._byline(index, state):
                found.append((score - 1.0, label, after))
        return found

    def _byline(self, index: int, state: State) -> list[Reading]:
        mode, named, _ = state
        if mode in ("head", "start"):
            return [(3.0, "byline", ("head", 1, 0))]
        start = self.new_story(index, state) - 0.5
        close = -4.0 if named == 1 or mode == "tailed" else -0.5
        if self.lines[index].text[0] in BOXES:
            close -= 3.5  # the box is printed between headline and text
        return [(start, "byline", ("head", 1, 0)), (close, "signature", ("tailed", 0, state[2]))]

    def _signature(self, index: int, state: State) -> list[Reading]:
        mode, named, subheads = state
        line = self.lines[index]
        if not line.signed:
            return [(0.0, "signature", state)]
        if mode in ("head", "start"):
            return [(1.0, "byline", ("head", 1, 0))]
        return [(-4.0 if mode == "tailed" else 0.0, "signature", ("tailed", named, subheads))]

    def _text(self, index: int, state: State, base: float) -> list[Reading]:
        line, (mode, named, subheads) = self.lines[index], state
        found: list[Reading] = []
        end: Mode = "tailed" if line.signed else "done" if line.closed or line.ended else "open"
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
            begins = self.new_story(index, state) + max(
                -1.0 if lead else -9.0, self.headless(index)
            )
            found.append((piece + begins, "first", (end, 1 if lead else -1, 0)))
        found.append(
            (
                base + self.continuation(index, mode) + self.same_story(mode),
                "continuation",
                (end, named, subheads),
            )
        )
        if line.short and not lead:
            found += self._short(index, state, base)
        return found

    def _short(self, index: int, state: State, base: float) -> list[Reading]:
        mode, named, subheads = state
        found: list[Reading] = []
        more = min(subheads + 1, 2)
        if mode == "head":
            below = 3.5 if named == 1 and not self.lines[index].is_place else 0.5
            if self.ends_the_block(index - 1) and not self.lines[index].is_place:
                below += BELOW_PLACE_HEADLINE
            found.append((base + self.head(index) - below, "head", ("head", named, 0)))
        else:
            new = self.new_story(index, state) + (
                self.block_reach(index) if mode == "done" else 0.0
            )
            found.append((base + self.head(index) + new, "head", ("head", 0, 0)))
        if mode == "done":
            found.append((base + self.subhead(index, subheads), "subhead", ("sub", named, more)))
        elif mode in ("open", "head", "sub", "tailed"):
            price = {"open": -7.0, "head": -4.0, "sub": -5.0, "tailed": -6.0}[mode]
            found.append(
                (base + self.subhead(index, subheads) + price, "subhead", ("sub", named, more))
            )
        found.append((base + self.caption(index, mode), "caption", state))
        return found

    def labels(self, loose: Sequence[Loose] = ()) -> list[Label]:
        """The cheapest reading: one label a line.

        ``loose`` are headline blocks whose text was not found at the first reading: somewhere a
        story begins without one, and its words tell where.
        """
        self.look_for(loose)
        columns: list[dict[State, _Step]] = []
        column: dict[State, _Step] = {("start", 0, 0): _Step(0.0, None, "out")}
        for index in range(len(self.lines)):
            following: dict[State, _Step] = {}
            for state, step in column.items():
                for points, label, after in self.readings(index, state):
                    score = step.score + points
                    if after not in following or score > following[after].score:
                        following[after] = _Step(score, state, label)
            columns.append(following)
            column = following
        found: list[Label] = []
        state: State | None = max(column, key=lambda s: column[s].score + _ending(s))
        for steps in reversed(columns):
            assert state is not None  # noqa: S101 - every column but the first was reached from a state
            step = steps[state]
            found.append(step.label)
            state = step.back
        return found[::-1]


def _ending(state: State) -> float:
    """Points for the page ending here: an unfinished paragraph, a lone subhead, or a story that
    nobody signed are unlikely."""
    mode, named, subheads = state
    lone = LONE_SUBHEAD if subheads == 1 else 0.0
    unsigned = 0.0 if mode in ("head", "tailed", "start") else 0.5 - UNSIGNED[named]
    return {"open": -2.0, "sub": -4.0, "head": -1.0}.get(mode, 0.0) + unsigned - lone
