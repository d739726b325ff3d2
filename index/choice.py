"""Which themes a story gets 主题取舍, from the weights of all of them.

What counts is not the weight alone: a heavy field leaves little room for a light one, ten words say more
than one heavy word, and some themes (为民服务) are told in few listed words while others (社区) collect
many in passing. These proportions are numbers in ``data/choice.toml``, fitted to the labelled stories by
``scripts/fit_choice.py``; a person can read them, and change one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from .annotation import Evidence
from .tomlfile import read_toml

CHOICE = Path(__file__).parent / "data" / "choice.toml"

OTHER_KIND = 0.25
"""Likelihood a second theme needs when it is of the other kind: a field and its work are the usual pair."""
SAME_KIND = 0.5
"""The same for a second theme of the same kind, and for every third: rather there than not."""
USUAL_LENGTH = 250.0
"""A short newspaper story; longer texts collect more words without being about more."""
MOST = 3
NEXT = 3
"""How many themes after the likeliest are looked at."""


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """The weight of one theme in one story, and the words it came from.

    ``headline`` and ``lead`` are the parts of the weight that come from there, ``words`` the number of
    words that weigh at least one where they stand. ``promised``: the headline has a word of this theme
    alone, not as an image, and none that looks like it only.
    """

    slug: str
    weight: float
    evidence: tuple[Evidence, ...]
    headline: float = 0.0
    lead: float = 0.0
    words: int = 0
    promised: bool = False


def signs(score: ThemeScore, best: float, length: int) -> tuple[float, ...]:
    """Share of the heaviest weight, promise, words, weight, length: what the likelihood rests on."""
    return (
        score.weight / best,
        float(score.promised),
        math.log1p(score.words),
        math.log1p(score.weight),
        math.log(max(1.0, length / USUAL_LENGTH)),
    )


def signs_of_order(score: ThemeScore, best: float) -> tuple[float, ...]:
    """Share, weight, weight in the headline and in the lead: what the order of the chosen rests on."""
    parts = (score.weight, max(0.0, score.headline), max(0.0, score.lead))
    return (score.weight / best, *map(math.log1p, parts))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Likely(_Strict):
    """How likely a theme is: logarithm of the odds. ``weight`` and ``words`` count by their logarithm.

    So does ``length``, from :data:`USUAL_LENGTH` on: a long text touches more in passing.
    """

    base: float
    share: float
    promise: float
    words: float
    weight: float
    length: float


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
    first: _First
    theme: dict[str, _OfTheme] = Field(default_factory=dict)

    def likelihood(self, score: ThemeScore, best: float, length: int = 0) -> float:
        """Between 0 and 1; ``best`` is the heaviest theme's weight, ``length`` that of the body."""
        own = self.theme.get(score.slug, _AVERAGE)
        share, promise, words, weight, long = signs(score, best, length)
        odds = self.likely.base + own.likely + self.likely.share * share
        odds += self.likely.promise * promise
        odds += self.likely.words * words + (self.likely.weight + own.weight) * weight
        odds += self.likely.length * long
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))

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

    def ranked(
        self, scores: Sequence[ThemeScore], length: int = 0
    ) -> list[tuple[float, ThemeScore]]:
        """All themes with their likelihood, the likeliest first; what is promised is rather there."""
        best = max((one.weight for one in scores), default=0.0)
        rated = [
            (max(self.likelihood(one, best, length), SAME_KIND * one.promised), one)
            for one in scores
        ]
        return sorted(rated, key=lambda pair: -pair[0])

    def choose(
        self, scores: Sequence[ThemeScore], is_field: Callable[[str], bool], length: int = 0
    ) -> tuple[ThemeScore, ...]:
        """The likeliest theme, and up to two more, the primary one first."""
        ranked = self.ranked(scores, length)
        if not ranked:
            return ()
        chosen = [ranked[0][1]]
        kind = is_field(chosen[0].slug)
        near = [
            (chance + (SAME_KIND - OTHER_KIND) * (is_field(one.slug) != kind), one)
            for chance, one in ranked[1 : 1 + NEXT]
        ]
        second = max(near, key=lambda pair: pair[0], default=None)
        if second and second[0] >= SAME_KIND:
            chosen.append(second[1])
            rest = [one for chance, one in ranked[1 : 1 + NEXT] if chance >= SAME_KIND]
            chosen += [one for one in rest if one not in chosen][: MOST - len(chosen)]
        best = max(one.weight for one in scores)
        return tuple(sorted(chosen, key=lambda one: -self.leading(one, best)))


_AVERAGE = _OfTheme(likely=0.0, weight=0.0, first=0.0)


@lru_cache(maxsize=1)
def load_choice() -> Choice:
    """The numbers that come with the program."""
    return read_toml(CHOICE, Choice)
