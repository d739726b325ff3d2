"""Which themes a story gets 主题取舍, from the weights of all of them.

What counts is not the weight alone: a heavy field leaves little room for a light one, some themes
(为民服务) are told in few listed words while others (社区) collect many in passing, and some go together (a
field and its work) while others hardly do. So sets of themes are compared, not single ones. The
proportions are numbers in ``data/choice.toml``, fitted to the labelled stories by
``scripts/fit_choice.py``; a person can read them, and change one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from .annotation import Evidence
from .tomlfile import read_toml

CHOICE = Path(__file__).parent / "data" / "choice.toml"

ENOUGH = 0.38
"""Chance from which a theme is given. With an F1 of .88 one pays from half of that, .44; writers give 1.6
to 2.0 themes a story and our own cases are at 1.8, so a little less is asked. Between .30 and .44 the F1 of
the left-out batches stays within .003, and this is the best."""
USUAL_LENGTH = 250.0
"""A short newspaper story; longer texts collect more words without being about more."""
MOST = 3
LOOKED = 6
"""The likeliest themes whose sets are compared: 41 sets. With all sixteen, 696, the choice is the same."""
STEEPEST = 500.0
"""No odds beyond this: a number that a file sets too high must not overflow."""


class Chosen(NamedTuple):
    """A story's themes, the primary one first, and those that came next, the likeliest first."""

    themes: tuple[ThemeScore, ...]
    next: tuple[ThemeScore, ...]


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """The weight of one theme in one story, and the words it came from.

    ``headline`` and ``lead`` are the parts of the weight that come from there. ``promised``: the
    headline has a word of this theme alone, not as an image, and none that looks like it only.
    ``wording``: what the story's ordinary words say of this theme, for and against.
    """

    slug: str
    weight: float
    evidence: tuple[Evidence, ...]
    headline: float = 0.0
    lead: float = 0.0
    promised: bool = False
    wording: float = 0.0


def signs(score: ThemeScore, best: float, length: int) -> tuple[float, ...]:
    """Share of the heaviest weight, promise, weight, length, wording: what the odds rest on."""
    return (
        score.weight / best,
        float(score.promised),
        math.log1p(score.weight),
        math.log(max(1.0, length / USUAL_LENGTH)),
        score.wording,
    )


def signs_of_order(score: ThemeScore, best: float) -> tuple[float, ...]:
    """Share, weight, weight in the headline and in the lead: what the order of the chosen rests on."""
    parts = (score.weight, max(0.0, score.headline), max(0.0, score.lead))
    return (score.weight / best, *map(math.log1p, parts))


def pair(one: str, other: str) -> str:
    """The key of two themes in ``[pairs]``, whichever comes first."""
    return "-".join(sorted((one, other)))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Likely(_Strict):
    """How likely a theme is: logarithm of the odds. ``weight`` counts by its logarithm.

    So does ``length``, from :data:`USUAL_LENGTH` on: a long text touches more in passing.
    """

    base: float
    share: float
    promise: float
    weight: float
    length: float
    wording: float


class _Together(_Strict):
    """What changes the odds of a set: that it has three, two fields in it, two works."""

    third: float
    fields: float
    works: float


class _First(_Strict):
    """How much speaks for a theme's being the first of those chosen."""

    share: float
    weight: float
    headline: float
    lead: float


class _OfTheme(_Strict):
    """What one theme has more or less of than the others."""

    likely: float
    weight: float
    first: float


class Choice(_Strict):
    """The numbers of ``choice.toml``. A theme it does not know counts as an average one."""

    likely: _Likely
    together: _Together
    first: _First
    pairs: dict[str, float] = Field(default_factory=dict)
    theme: dict[str, _OfTheme] = Field(default_factory=dict)

    def odds(self, score: ThemeScore, best: float, length: int = 0) -> float:
        """Logarithm of the odds for one theme alone; ``best`` is the heaviest theme's weight, ``length``
        that of the body."""
        own = self.theme.get(score.slug, _AVERAGE)
        share, promise, weight, long, wording = signs(score, best, length)
        odds = self.likely.base + own.likely + self.likely.share * share
        odds += self.likely.promise * promise + (self.likely.weight + own.weight) * weight
        odds += self.likely.length * long + self.likely.wording * wording
        return max(-STEEPEST, min(STEEPEST, odds))

    def bond(self, one: str, other: str, is_field: Callable[[str], bool]) -> float:
        """What speaks for two themes' going together, beside what speaks for each."""
        bond = self.pairs.get(pair(one, other), 0.0)
        if is_field(one) == is_field(other):
            bond += self.together.fields if is_field(one) else self.together.works
        return bond

    def leading(self, score: ThemeScore, best: float) -> float:
        """Among the chosen, the one with most of this is the primary theme."""
        own = self.theme.get(score.slug, _AVERAGE)
        share, weight, headline, lead = signs_of_order(score, best)
        return (
            own.first
            + self.first.share * share
            + self.first.weight * weight
            + self.first.headline * headline
            + self.first.lead * lead
        )

    def chances(
        self, scores: Sequence[ThemeScore], is_field: Callable[[str], bool], length: int = 0
    ) -> dict[str, float]:
        """How likely each of the likeliest themes is, over all sets of one to three of them."""
        best = max((one.weight for one in scores), default=0.0)
        alone = {one.slug: self.odds(one, best, length) for one in scores}
        looked = sorted(alone, key=lambda slug: -alone[slug])[:LOOKED]
        odds = [alone[slug] for slug in looked]
        bonds = [
            [self.bond(one, other, is_field) for other in looked[:at]]
            for at, one in enumerate(looked)
        ]
        sets: list[tuple[float, tuple[int, ...]]] = []
        for i, single in enumerate(odds):
            sets.append((single, (i,)))
            for j in range(i):
                two = single + odds[j] + bonds[i][j]
                sets.append((two, (i, j)))
                bound = self.together.third + two
                sets += [(bound + odds[k] + bonds[i][k] + bonds[j][k], (i, j, k)) for k in range(j)]
        top = max(sets, default=(0.0, ()))[0]
        whole, chances = 0.0, [0.0] * len(looked)
        for one, members in sets:
            part = math.exp(one - top)
            whole += part
            for member in members:
                chances[member] += part
        return {slug: chance / whole for slug, chance in zip(looked, chances, strict=True)}

    def choose(
        self, scores: Sequence[ThemeScore], is_field: Callable[[str], bool], length: int = 0
    ) -> Chosen:
        """The likeliest theme, and up to two more; what is promised is rather there."""
        chances = self.chances(scores, is_field, length)
        rated = [
            (max(chances[one.slug], ENOUGH * one.promised), one)
            for one in scores
            if one.slug in chances
        ]
        rated.sort(key=lambda pair: -pair[0])
        many = max(1, sum(chance >= ENOUGH for chance, _ in rated[:MOST]))
        ranked = [one for _, one in rated]
        best = max((one.weight for one in scores), default=0.0)
        first = sorted(ranked[:many], key=lambda one: -self.leading(one, best))
        return Chosen(tuple(first), tuple(ranked[many:]))


_AVERAGE = _OfTheme(likely=0.0, weight=0.0, first=0.0)


@lru_cache(maxsize=1)
def load_choice() -> Choice:
    """The numbers that come with the program."""
    return read_toml(CHOICE, Choice)
