"""Reprints 转载: stories that carry the same copy are folded, and the first publisher stands on top.

Local papers shorten agency copy, so two texts are compared by *containment*: the share of the
shorter text's character 5-grams that stand in the longer one. A cut copy has containment 1.0 where
its Jaccard likeness is .09. Only stories that share clauses are compared, one of each fold, and a clause
that many different stories have leads nowhere: the work grows with the number of stories, not with
its square (``python -m benchmarks.reprints``).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .normalise import fold
from .story import Story

CLAUSE_CHARACTERS = 10
"""Shorter clauses (他笑着说) are anybody's. Whole sentences are too long: a sub-editor changes one word in
each of them."""
GRAM = 5
CONTAINMENT = 0.8
"""From here on it is the same copy. Measured on Chinese pairs: from .6 up all of them were."""
CHECK = 0.5
"""From here on a person looks: a copy that was worked over, or two reports with the same quotations."""
SHORT_GRAMS = 80
SHORT_CONTAINMENT, SHORT_CHECK = 0.95, CONTAINMENT
"""A text under 80 5-grams is half a formula of address: more of it has to be the same."""
LEAST_GRAMS = 24
"""A shorter text (a caption, a notice) is too little to say that it was copied."""
BOILERPLATE_STORIES = 3
"""A sentence under this many different beginnings in one source is the source's, not the story's."""
FORMULA_STORIES = 24
"""A clause of so many different stories (为深入学习贯彻…) is everybody's."""
COMPARED = 12
"""Stories compared with one, those that share most with it first."""
EVEN = 0.1
"""Texts whose lengths differ less are the same whole; otherwise one is a part of the other."""

Direction = Literal["whole", "part", "more"]


@dataclass(frozen=True, slots=True)
class Copy:
    """One story carries the copy of an earlier one.

    ``direction``: it is the ``whole`` of it, ``part`` of it, or has ``more``. ``certain``: it is folded;
    otherwise a person should look. ``containment`` is the share of the shorter text, 0 to 1.
    """

    story_id: str
    other_id: str
    containment: float
    direction: Direction
    certain: bool


@dataclass(frozen=True, slots=True)
class Reprints:
    """``firsts``: story id → id of the first story of its fold. ``copies``: why, one a story at most."""

    firsts: dict[str, str]
    copies: tuple[Copy, ...]


def fold_reprints(stories: Iterable[Story]) -> dict[str, str]:
    """For every story the id of the first story of its fold: its own id when it stands alone."""
    return find_reprints(stories).firsts


def find_reprints(stories: Iterable[Story]) -> Reprints:
    """Folds stories with the same copy. First is the earliest day (an unknown day comes last); on one day
    a story that its source signs as its own comes before one that names another 来源; then the longest
    text, then the id."""
    known = list(stories)
    usual = _usual_names(known)
    ordered = sorted(known, key=lambda story: _precedence(story, usual))
    texts = _own_texts(ordered)
    grams = lru_cache(maxsize=2_048)(lambda at: _grams("\n".join(texts[at])))
    holders: dict[int, list[int]] = defaultdict(list)
    first = list(range(len(ordered)))
    copies: list[Copy] = []
    for at, own in enumerate(texts):
        clauses = dict.fromkeys(clause for sentence in own for clause in _clauses(sentence))
        found = [
            _compare(other, grams(at), grams(other)) for other in _candidates(clauses, holders)
        ]
        best = max((one for one in found if one), default=None)
        if best:
            certain, containment, other = best[0], best[1], -best[2]
            direction = _direction(len(grams(at)), len(grams(other)))
            ids = ordered[at].id, ordered[other].id
            copies.append(Copy(*ids, round(containment, 3), direction, certain))
            first[at] = first[other] if certain else at
        for clause in clauses:
            held = holders[zlib.crc32(clause.encode("utf-8", "surrogatepass"))]
            if len(held) < FORMULA_STORIES and all(first[other] != first[at] for other in held):
                held.append(at)
    firsts = {story.id: ordered[first[at]].id for at, story in enumerate(ordered)}
    return Reprints(firsts, tuple(copies))


def _precedence(story: Story, usual: dict[str, str]) -> tuple[bool, str, bool, int, str]:
    day = story.published.isoformat() if story.published else ""
    elsewhere = bool(story.source) and story.source != usual.get(story.source_id, story.source)
    return (not day, day, elsewhere, -len(story.body), story.id)


def _usual_names(stories: Iterable[Story]) -> dict[str, str]:
    """Registered source → the 来源 that it prints most often, which is its own name. A source that prints
    two names equally often has none: nobody can say which of them is its own."""
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for story in stories:
        if story.source_id and story.source:
            printed[story.source_id][story.source] += 1
    usual: dict[str, str] = {}
    for source_id, names in printed.items():
        (name, most), *others = names.most_common(2)
        if not others or others[0][1] < most:
            usual[source_id] = name
    return usual


def _candidates(clauses: Iterable[str], holders: dict[int, list[int]]) -> list[int]:
    """Earlier stories that share clauses, those that share the most characters first."""
    shared: Counter[int] = Counter()
    for clause in clauses:
        held = holders.get(zlib.crc32(clause.encode("utf-8", "surrogatepass")), ())
        if len(held) < FORMULA_STORIES:
            for other in held:
                shared[other] += len(clause)
    return sorted(shared, key=lambda other: (-shared[other], other))[:COMPARED]


def _own_texts(stories: Sequence[Story]) -> list[list[str]]:
    """The sentences of each story, each once, in order, without those its source always prints.

    A source's sentence stands under different beginnings; a story that was put out three times has one.
    """
    split = [_sentences(story) for story in stories]
    beginnings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for story, own in zip(stories, split, strict=True):
        source = story.source_id or story.source
        for sentence in own[1:] if source else ():
            held = beginnings[source, _numberless(sentence)]
            if len(held) < BOILERPLATE_STORIES:
                held.add(own[0])
    printed = {key for key, held in beginnings.items() if len(held) >= BOILERPLATE_STORIES}
    return [
        [one for one in own if (story.source_id or story.source, _numberless(one)) not in printed]
        for story, own in zip(stories, split, strict=True)
    ]


def _sentences(story: Story) -> list[str]:
    parts = (part.strip() for part in re.split(r"[。!?;\n]+", fold(story.body).text))
    return list(dict.fromkeys(part for part in parts if part))


def _numberless(sentence: str) -> str:
    return re.sub(r"\d+", "0", sentence)


def _clauses(sentence: str) -> Iterator[str]:
    for part in re.split(r"[,、:()《》“”‘’\"']", sentence):
        clause = re.sub(r"\W", "", part)
        if len(clause) >= CLAUSE_CHARACTERS:
            yield clause


def _grams(text: str) -> frozenset[str]:
    """Character 5-grams of letters and digits; a Latin word or a number counts as one character."""
    bare = re.sub(r"\W", "", text)
    bare = re.sub(r"[a-zA-Z0-9]{2,}", _one_character, bare)
    return frozenset(bare[at : at + GRAM] for at in range(len(bare) - GRAM + 1))


def _one_character(run: re.Match[str]) -> str:
    return chr(0xE000 + zlib.crc32(run.group().lower().encode()) % 0x1900)


def _compare(
    other: int, one: frozenset[str], two: frozenset[str]
) -> tuple[bool, float, int] | None:
    """Certain or not, the containment, and the story's place (the earlier is the more); ``None`` when
    it is another text."""
    shorter = min(len(one), len(two))
    if shorter < LEAST_GRAMS:
        return None
    containment = len(one & two) / shorter
    short = shorter < SHORT_GRAMS
    if containment < (SHORT_CHECK if short else CHECK):
        return None
    return containment >= (SHORT_CONTAINMENT if short else CONTAINMENT), containment, -other


def _direction(own: int, other: int) -> Direction:
    if abs(own - other) <= EVEN * max(own, other):
        return "whole"
    return "part" if own < other else "more"
