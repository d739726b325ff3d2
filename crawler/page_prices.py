"""What speaks for and against a reading of one line: the prices of ``page_labels``.

Each price is points of evidence: about 1 is a hint, 3 decides when nothing speaks against it, 6 is
as good as certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import ChainMap
from collections.abc import Collection, Sequence
from functools import cache
from typing import Final, Literal

from .page_lines import Line
from .page_words import Vocabulary, pairs

Loose = tuple[int, str]
"""A headline block without a text: the index of its first line, and its words."""
REACH: Final = 200
"""Lines within which a headline's text is looked for: a full newspaper page has 40 to 150. Keeps a
year of pages in one file from being compared with itself."""
Mode = Literal["start", "head", "done", "open", "sub", "tailed"]
State = tuple[Mode, int, int]
"""Where the reading stands; what the story has at its start (1: its author's name, 0: a headline
only, -1: neither); and how many subheads it has (0, 1, 2 for more)."""

BOXES: Final = "□■◇◆◎●○"
_WINDOW: Final = 3
"""Paragraphs each side of a gap; measured best of 2, 3, 4 and 6 on our own stories."""
_SAME: Final = 0.0225
"""Likeness at which "one story" and "two stories" are equally probable."""
_SLOPE: Final = 90.0
_MOST: Final = 4.0
UNSIGNED: Final = {1: 0.5, 0: 2.5, -1: 5.0}
"""What it costs that a story ends without a sign-off: nearly all stories are signed once, and
hardly any text has neither headline nor name."""
BELOW_PLACE_HEADLINE: Final = 2.5
"""A headline that names its place (文水县：…) stands last in its block: kickers stand above it and a
deck has a dash, so a bare line below it is rather the caption of the picture."""
LONE_SUBHEAD: Final = 2.0
"""Subheads come in twos and more."""


class Prices:
    """The prices of one page, each looked up once."""

    def __init__(self, lines: Sequence[Line], vocabulary: Vocabulary) -> None:
        self.lines = lines
        self.vocabulary = vocabulary
        self.bodies = [i for i, line in enumerate(lines) if _is_body(line)]
        self._rank: list[int] = []
        for i in range(len(lines) + 1):
            self._rank.append(
                (self._rank[-1] if self._rank else 0) + (i > 0 and _is_body(lines[i - 1]))
            )
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

    def new_story(self, index: int, state: State) -> float:
        """Points for a story beginning with this line, after what was read so far."""
        mode, named, subheads = state
        if mode == "start":
            return 0.0
        score = self.break_before(index) - (LONE_SUBHEAD if subheads == 1 else 0.0)
        if mode == "tailed":
            return score + 4.0
        if mode == "open":
            return score - 7.0
        if mode == "sub":
            return score - 9.0
        return score - UNSIGNED[named]

    def same_story(self, mode: Mode) -> float:
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

    def ends_the_block(self, index: int) -> bool:
        """Whether a headline block can hardly go on below this line."""
        line = self.lines[index] if index >= 0 else None
        return line is not None and line.place_colon and not line.text.endswith(("：", ":"))

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
            self.vocabulary.overlap(
                words, ChainMap(*[self.vocabulary.line(i) for i in self.bodies[a:b]])
            )
            for a, b in ((max(0, rank - 6), rank), (rank + 1, rank + 3), (rank + 2, rank + 6))
        )
        most = 0.0 if self.lines[index].picture_words else 4.0
        return max(-1.0, min(most, 20 * ((max(second, later) - before) / total - 0.08)))

    def _caption(self, index: int, mode: Mode) -> float:
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
        score += self.vocabulary.seam(left.body, after.body) - self.vocabulary.seam(
            left.body, line.body
        )
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

    def _continuation(self, index: int, mode: Mode) -> float:
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


def _is_body(line: Line) -> bool:
    return (line.kind == "text" and not line.short) or (
        line.kind == "text" and line.lead is not None
    )
