"""From labelled lines to stories: whose headline, whose caption, what fits nowhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .page_labels import Label
from .page_lines import Line
from .page_prices import REACH, Loose
from .page_words import Vocabulary

STORY_CHARACTERS: Final = 40
"""A text without a headline needs this many characters to be a story; a brief has 60 or more."""
BRIEF_CHARACTERS: Final = 15
"""The same for a text under a headline."""
_HEAD_LINES: Final = 8
"""Lines of a headline block at most: a displaced block and the story's own. More are a list."""
_NEAR: Final = 8
"""Paragraphs each side of a cut that are compared with a headline."""
_AT_HOME: Final = 0.3
"""Share of a headline's words in the text below it from which on it is taken for its own."""
_CLEARLY: Final = 3.0
"""By how much a headline's words must fit one text better than another before it is moved."""


@dataclass
class Draft:
    """One story in the making; the numbers are indexes of lines."""

    heads: list[int] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    captions: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    above: Draft | None = None
    """The story over whose headline this block stands."""

    def is_story(self, lines: Sequence[Line]) -> bool:
        """Whether there is enough text, in sentences, to be one."""
        size = sum(lines[i].length for i in self.body)
        least = BRIEF_CHARACTERS if self.heads or self.returned else STORY_CHARACTERS
        return size >= least and any(lines[i].closed for i in self.body)


@dataclass
class Drafted:
    """All drafts of a page in the order of their text, and the headline blocks left over."""

    drafts: list[Draft]
    loose: list[list[int]]


def draft_stories(lines: Sequence[Line], labels: list[Label], vocabulary: Vocabulary) -> Drafted:
    """Groups the lines into stories, and gives displaced headlines back. ``labels`` may be
    corrected where a headline block from elsewhere shows that a line was read wrongly."""
    drafts, loose_captions = _group(labels)
    matcher = _Matcher(lines, labels, vocabulary, drafts)
    matcher.take_out_loose()
    matcher.give_to_headless()
    matcher.split_runs()
    matcher.split_at_decks()
    matcher.split_long_runs()
    matcher.take_out_loose()
    loose = matcher.place_rest()
    stories = [draft for draft in matcher.drafts if draft.body]
    _place_captions(lines, vocabulary, stories, [*loose_captions, *matcher.captions])
    stories.sort(key=lambda draft: draft.body[0])
    return Drafted(stories, loose)


def loose_heads(
    lines: Sequence[Line], labels: Sequence[Label], vocabulary: Vocabulary
) -> list[Loose]:
    """The headline blocks of a page that has more of them than texts without one."""
    matcher = _Matcher(lines, list(labels), vocabulary, _group(labels)[0])
    matcher.split_at_decks()
    matcher.split_long_runs()
    matcher.take_out_loose()
    if len(matcher.loose) <= len(matcher.headless()):
        return []
    blocks = sorted(matcher.loose, key=lambda block: block.heads[0])
    return [(block.heads[0], " ".join(lines[i].text for i in block.heads)) for block in blocks]


def _group(labels: Sequence[Label]) -> tuple[list[Draft], list[int]]:
    drafts: list[Draft] = [Draft()]
    captions: list[int] = []
    for i, label in enumerate(labels):
        draft = drafts[-1]
        if label in ("head", "deck", "byline"):
            if draft.body:
                drafts.append(draft := Draft())
            (draft.bylines if label == "byline" else draft.heads).append(i)
        elif label == "first":
            if draft.body:
                drafts.append(draft := Draft())
            draft.body.append(i)
        elif label in ("paragraph", "continuation", "subhead"):
            draft.body.append(i)
        elif label == "signature":
            draft.bylines.append(i)
        elif label == "caption":
            captions.append(i)
    for draft in drafts:
        if len(draft.heads) > _HEAD_LINES:
            draft.heads = draft.heads[-_HEAD_LINES:] if draft.body else []
    return drafts, captions


class _Matcher:
    """Gives displaced headline blocks back to the texts that speak of the same thing."""

    def __init__(
        self,
        lines: Sequence[Line],
        labels: list[Label],
        vocabulary: Vocabulary,
        drafts: list[Draft],
    ) -> None:
        self.lines, self.labels, self.vocabulary = lines, labels, vocabulary
        self.drafts = drafts
        self.captions: list[int] = []
        self.loose: list[Draft] = []
        self._head_pairs: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._bags: dict[tuple[int, ...], set[str]] = {}

    def fit(self, heads: Sequence[int], body: Sequence[int]) -> float:
        """How well a headline block's words fit a text; long texts get no advantage beyond reach."""
        key = tuple(body[:60])
        if key not in self._bags:
            self._bags[key] = self.vocabulary.of(key)
        bag = self._bags[key]
        return self.vocabulary.overlap(self._pairs(heads), bag)

    def _pairs(self, heads: Sequence[int]) -> tuple[str, ...]:
        key = tuple(heads)
        if key not in self._head_pairs:
            self._head_pairs[key] = tuple(sorted({p for i in key for p in self.vocabulary.line(i)}))
        return self._head_pairs[key]

    def _seen(self, words: Sequence[str], body: Sequence[int]) -> float:
        """The weight of the words that stand in any of the lines."""
        return self.vocabulary.overlap(words, ChainMap(*[self.vocabulary.line(i) for i in body]))

    def headless(self, near: int | None = None) -> list[Draft]:
        """Texts without a headline; with ``near``, on the same page as that line."""
        return [
            d
            for d in self.drafts
            if not d.heads
            and not d.returned
            and d.is_story(self.lines)
            and (near is None or self._close(d, near))
        ]

    def _close(self, draft: Draft, line: int) -> bool:
        return bool(draft.body) and draft.body[0] - REACH < line < draft.body[-1] + REACH

    def split_at_decks(self) -> None:
        """Nothing of a headline block stands below its deck but a place line: two blocks."""
        for draft in list(self.drafts):
            for at in range(1, len(draft.heads)):
                above, here = draft.heads[at - 1], draft.heads[at]
                if self.labels[above] == "deck" and not self.lines[here].is_place:
                    upper = Draft(heads=draft.heads[:at], above=draft)
                    draft.heads = draft.heads[at:]
                    words = " ".join(self.lines[i].text for i in upper.heads)
                    if self.fit(upper.heads, draft.body) >= _AT_HOME * self.vocabulary.total(words):
                        self._restore(upper, draft)
                    else:
                        self.drafts.append(upper)
                    break

    def split_long_runs(self) -> None:
        """A kicker and a headline are all that stands above a text. With three lines, or with a
        headline of the form ``X县：…`` above another, the upper part came from elsewhere."""
        for draft in list(self.drafts):
            heads = draft.heads
            if not draft.body:
                continue
            starts = self._unit_starts(heads)
            strange = len(starts) > 2 or (len(starts) == 2 and self.lines[heads[0]].place_colon)
            if not strange:
                continue

            def gain(cut: int, draft: Draft = draft) -> float:
                upper, lower = draft.heads[:cut], draft.heads[cut:]
                shape = self._shape(upper) + self._shape(lower)
                return self.fit(lower, draft.body) - self.fit(upper, draft.body) + shape

            cut = max(starts[1:], key=gain)
            if self.fit(heads[cut:], draft.body) > self.fit(heads[:cut], draft.body):
                self.drafts.append(Draft(heads=heads[:cut], above=draft))
                draft.heads = heads[cut:]

    def _shape(self, heads: Sequence[int]) -> float:
        """A kicker is the shorter line, and stands right above its headline."""
        starts = self._unit_starts(heads)
        if len(starts) != 2:
            return 0.0
        first, second = heads[starts[0]], heads[starts[1]]
        longer = self.lines[first].length - self.lines[second].length
        return -0.2 * max(0, longer) - (1.5 if second > first + 1 else 0.0)

    def _unit_starts(self, heads: Sequence[int]) -> list[int]:
        """Where the plain lines of a block begin; ``X县：`` and the line below count as one, a deck
        belongs to what stands above it, and a place line to what it stands next to."""
        starts: list[int] = []
        joined, place = False, -1
        for at, i in enumerate(heads):
            line = self.lines[i]
            if line.is_place:
                place = at
                continue
            if self.labels[i] == "head" and not joined:
                above = place == at - 1 and (not starts or self.labels[heads[place - 1]] == "deck")
                starts.append(place if above and place >= 0 else at)
            joined = line.text.endswith(("：", ":"))
        return starts

    def split_runs(self) -> None:
        """A displaced block often stands just above the next story's own headline: the run of short
        lines is cut where each part fits its text best."""
        done: set[int] = set()
        for _, draft, cut, owner in sorted(self._run_cuts(), key=lambda found: -found[0]):
            if id(draft) not in done and not owner.returned:
                owner.returned, draft.heads = draft.heads[:cut], draft.heads[cut:]
                done.add(id(draft))

    def _run_cuts(self) -> Iterator[tuple[float, Draft, int, Draft]]:
        """Every cut that is clearly right: points, the story below, the cut, the upper part's owner."""
        headless = self.headless()
        for draft in self.drafts:
            if not headless or not draft.body or len(draft.heads) < 2:
                continue
            waiting = [d for d in headless if self._close(d, draft.heads[0])]
            for cut in self._unit_starts(draft.heads)[1:]:
                upper, lower = draft.heads[:cut], draft.heads[cut:]
                for owner in waiting:
                    moved = self.fit(upper, owner.body) - self.fit(upper, draft.body)
                    kept = self.fit(lower, draft.body) - self.fit(lower, owner.body)
                    gain = moved + kept + self._shape(upper) + self._shape(lower)
                    if moved > _CLEARLY / 2 and gain > _CLEARLY:
                        yield gain, draft, cut, owner

    def take_out_loose(self) -> None:
        """Blocks with no text after them wait for an owner."""
        self.loose += [d for d in self.drafts if d.heads and not d.body]
        self.drafts = [d for d in self.drafts if d.body or not d.heads]

    def give_to_headless(self) -> None:
        """The plain case: a block without a text, a text without a headline."""
        self.loose = [block for block in self.loose if not self._give_to_headless(block)]

    def place_rest(self) -> list[list[int]]:
        """What is still loose shows a caption read as a headline, or a story hidden in another;
        what fits nowhere is returned."""
        left: list[list[int]] = []
        for block in self.loose:
            done = self._give_to_headless(block) or self._give_instead_of_caption(block)
            if done or self._give_by_cutting(block):
                continue
            if block.above is not None and not block.above.returned:
                self._restore(block, block.above)
            else:
                left.append([*block.heads, *block.bylines])
        return left

    def _restore(self, block: Draft, draft: Draft) -> None:
        """Nobody wants the upper part: it is the headline, and what stood below its deck is the
        first piece of the text."""
        if self.labels[block.heads[-1]] == "deck" and len(draft.heads) == 1:
            self.labels[draft.heads[0]] = "paragraph"
            if not self.lines[draft.heads[0]].closed:
                self.labels[draft.body[0]] = "continuation"
            draft.body = [*draft.heads, *draft.body]
            draft.heads = list(block.heads)
        else:
            draft.heads = sorted(block.heads + draft.heads)

    def _give_to_headless(self, block: Draft) -> bool:
        waiting = self.headless(block.heads[0])
        if not waiting:
            return False
        owner = max(waiting, key=lambda d: (self.fit(block.heads, d.body), d.body[0]))
        others = [d for d in self.drafts if d is not owner and self._close(d, block.heads[0])]
        best_other = max((self.fit(block.heads, d.body) for d in others), default=0.0)
        mine = self.fit(block.heads, owner.body)
        if (len(waiting) > 1 and mine <= 0) or mine + 2 * _CLEARLY < best_other:
            return False
        self._return(block, owner)
        return True

    def _return(self, block: Draft, owner: Draft) -> None:
        owner.returned = block.heads
        owner.bylines += block.bylines

    def _give_instead_of_caption(self, block: Draft) -> bool:
        """A caption without a full stop above a story whose headline went elsewhere looks like its
        headline; the block that knows the story better shows what it is."""
        found: list[tuple[float, Draft]] = []
        for draft in self.drafts:
            if len(draft.heads) != 1 or not self._close(draft, block.heads[0]):
                continue
            line = self.lines[draft.heads[0]]
            if line.place_colon or line.halves > 1 or not (line.picture_words or line.gap > 1):
                continue
            gain = self.fit(block.heads, draft.body) - self.fit(draft.heads, draft.body)
            found.append((gain, draft))
        if not found:
            return False
        gain, owner = max(found, key=lambda pair: (pair[0], -pair[1].body[0]))
        if gain <= _CLEARLY:
            return False
        for i in owner.heads:
            self.labels[i] = "caption"
            self.captions.append(i)
        owner.heads = []
        self._return(block, owner)
        return True

    def _give_by_cutting(self, block: Draft) -> bool:
        """A story without any mark of its beginning hides in the story before it: the headline that
        is left over shows where to cut."""
        best: tuple[float, Draft, int] | None = None
        for draft in self.drafts:
            if not self._close(draft, block.heads[0]):
                continue
            for at in range(1, min(len(draft.body), REACH)):
                score = self._cut_score(block, draft, at)
                if score is not None and (best is None or score > best[0]):
                    best = (score, draft, at)
        if best is None or best[0] < (_CLEARLY if block.above is None else 2 * _CLEARLY):
            return False
        _, draft, at = best
        owner = Draft(body=draft.body[at:])
        draft.body = draft.body[:at]
        owner.bylines = [i for i in draft.bylines if i > owner.body[0]]
        draft.bylines = [i for i in draft.bylines if i < owner.body[0]]
        self.labels[owner.body[0]] = "first"
        self.drafts.append(owner)
        self._return(block, owner)
        return True

    def _cut_score(self, block: Draft, draft: Draft, at: int) -> float | None:
        first, before = draft.body[at], draft.body[at - 1]
        if self.labels[first] != "paragraph" or self.labels[before] == "subhead":
            return None
        if not self.lines[before].closed:
            return None
        left, right = draft.body[max(0, at - _NEAR) : at], draft.body[at : at + _NEAR]
        words = self._pairs(block.heads)
        fit = self._seen(words, right) - self._seen(words, left)
        if fit < max(_CLEARLY, _AT_HOME * self.vocabulary.total(words)):
            return None
        if sum(self.lines[i].length for i in right) < STORY_CHARACTERS:
            return None
        mine = self._pairs(draft.heads)
        own = self._seen(mine, left) - self._seen(mine, right)
        near = self.vocabulary.likeness(
            self.vocabulary.of(left[-3:]), self.vocabulary.of(right[:3])
        )
        return fit + 0.5 * own - 200.0 * near + 4.0


def _place_captions(
    lines: Sequence[Line], vocabulary: Vocabulary, stories: Sequence[Draft], captions: Sequence[int]
) -> None:
    """A caption inside a story is the story's. One between two stories goes to the one whose
    photographer or words it shares, else to the one it is printed nearer to, else to the first."""
    if not stories:
        return
    ordered = sorted(stories, key=lambda draft: draft.body[0])
    opened = sorted((min(d.heads + d.body), d.body[0], n) for n, d in enumerate(ordered))
    begun = [draft.body[0] for draft in ordered]
    groups: list[list[int]] = []
    for i in sorted(captions):
        if groups and groups[-1][-1] == i - 1 and lines[i].kind == "credit":
            groups[-1].append(i)
        else:
            groups.append([i])
    for group in groups:
        above = bisect_left(opened, (group[0], 0, 0))
        below = bisect_left(begun, group[0])
        before = ordered[opened[above - 1][2]] if above else None
        after = ordered[below] if below < len(ordered) else None
        inside = before and (max(before.body) > group[0] or before is after)
        if inside or after is None or before is None:
            owner = before or after
        else:
            words = " ".join(lines[i].text for i in group)
            fits = [
                vocabulary.overlap(words, vocabulary.of(d.body)) + _same_people(lines, d, words)
                for d in (before, after)
            ]
            below_it = group[-1] + 1
            nearer = below_it < len(lines) and lines[group[0]].gap > lines[below_it].gap
            owner = after if (fits[1], nearer) > (fits[0], False) else before
        assert owner is not None  # noqa: S101 - there is at least one story
        owner.captions += group


def _same_people(lines: Sequence[Line], draft: Draft, words: str) -> float:
    """Points when the caption's photographer signed the story."""
    signed = [lines[i].own or (lines[i].tails or [None])[0] for i in draft.bylines]
    signed += [lines[draft.body[0]].lead, *lines[draft.body[-1]].tails]
    people = {name for parse in signed if parse for name in parse.to_byline().people()}
    return 8.0 if any(name in words for name in people) else 0.0
