"""Fits ``index/data/choice.toml`` and ``index/data/theme-wording.tsv`` to the labelled stories.

    python scripts/fit_choice.py            prints how they do on stories they were not fitted to
    python scripts/fit_choice.py --write    and writes both files

Logistic regression by Newton's method, three times. First, how ordinary words lean: is the theme one of
the story's, by the words alone (in the space of the :data:`RANK` strongest patterns of words, where the
penalty works as it does on the words). Second, the odds of a set of themes: is the theme there, given the
story's other themes (the pseudo-likelihood of Besag, 1975, which needs no sum over sets). Third, does
a theme come before another of the story's. Penalties pull the numbers of single themes, pairs and words to zero, so
that what has few stories stays average. Nothing is drawn at random: the same stories give the same files.

What the ordinary words say of a story is always told by the stories of other batches, in fitting and in
the figures printed: a table that had seen the story would be trusted too much.

Stories whose words were collected into the table of themes look easier than they are, so they count
``KNOWN`` times; those of ``UNSEEN``, which other hands wrote without a look at the rules, count whole. The
figures printed leave out one of these batches, or the county web, at a time.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.annotate import sample_stories
from jianbao.crawler.byline_names import SURNAMES
from jianbao.index.annotate import Annotator, story_of
from jianbao.index.choice import CHOICE, MOST, Choice, ThemeScore, pair, signs, signs_of_order
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.normalise import fold
from jianbao.index.segment import default_segmenter
from jianbao.index.story import Story
from jianbao.index.themes import load_themes
from jianbao.index.themes_wording import UNIT, WORDING
from jianbao.index.tomlfile import write_text
from tests.annotation.measure import CASES, read_cases

UNSEEN = tuple(f"cases-{number}" for number in (*range(13, 21), *range(23, 28)))
KEPT_APART = ("cases-21", "cases-22", "cases-28")
"""Never fitted to, and no word was taken from them: what they show is to be expected of the next batch."""
KNOWN = 0.5
PENALTY = 0.1
PENALTY_OF_THEME = 2.0
PENALTY_OF_PAIR = 5.0
PENALTY_OF_LENGTH = 15.0
PENALTY_OF_ORDER = 0.5
NEAR = 0.3
"""Share of the heaviest weight from which a theme that is not the story's may be taken with it …"""
NEAR_COUNTS = 0.5
"""… and how much it counts that it must not come first."""
STEPS = 40

RANK = 150
"""Patterns of words kept: with 300 or 600 the left-out batches were no better."""
STORIES = 5
"""A word of the table stands in so many stories at least: a person's or a product's name does not."""
PENALTY_OF_WORDS = 0.33
RARITY = 5.0
"""Brings the rarities of a story's words to about one, so that the penalty is of one size."""
FOLDS = 7
"""Groups of batches; the words of a group's stories are heard by the table of the others."""
LEAST_PAIR = 0.3
"""A pair that changes the odds by less is not worth a line."""

Array = NDArray[np.float64]
NUMBERS = frozenset("一二三四五六七八九十百千万亿〇零两半多余几")

OF_LIKELY = ("base", "share", "promise", "weight", "length", "wording")
OF_TOGETHER = ("third", "fields", "works")
OF_ORDER = ("share", "weight", "headline", "lead")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One relevant story: its batch, its themes, the weights of all themes, its words."""

    batch: str
    gold: Sequence[str]
    scores: dict[str, ThemeScore]
    length: int
    words: frozenset[str]

    @property
    def best(self) -> float:
        return max((one.weight for one in self.scores.values()), default=0.0) or 1.0

    @property
    def counts(self) -> float:
        return 1.0 if self.batch in UNSEEN else KNOWN

    def score(self, slug: str) -> ThemeScore:
        return self.scores.get(slug) or ThemeScore(slug, 0.0, ())

    def hearing(self, wording: Mapping[str, float]) -> Labelled:
        """The same story, its words heard by another table."""
        heard = {slug: replace(self.score(slug), wording=said) for slug, said in wording.items()}
        return replace(self, scores=heard)


def words_of(story: Story) -> frozenset[str]:
    """All words of the story, as the annotator cuts them."""
    segmenter = default_segmenter()
    fields = (story.kicker, story.headline, story.deck, story.body)
    return frozenset(word for raw in fields if raw for word in segmenter.cut(fold(raw).text))


def labelled() -> list[Labelled]:
    """All relevant stories of the cases and of the county web."""
    annotator = Annotator()
    found = [
        (path.stem, gold, story_of(record)) for path in CASES for record, gold in read_cases([path])
    ]
    found += [("county web", gold, story) for story, gold in sample_stories()]
    return [
        Labelled(
            batch,
            gold.themes,
            {one.slug: one for one in annotator.theme_scores(story)},
            len(story.body),
            words_of(story),
        )
        for batch, gold, story in found
        if gold.relevant
    ]


def regression(rows: Array, answers: Array, counts: Array, penalty: Array) -> Array:
    """The numbers that make the answers likeliest, less the penalty on their squares."""
    numbers = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ numbers, -50, 50)))
        slope = rows.T @ (counts * (chance - answers)) + penalty * numbers
        bend = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        numbers -= step
        if np.abs(step).max() < 1e-9:
            break
    return numbers


class Wordings:
    """How ordinary words lean: the words of the table, and the leanings by some of the stories."""

    def __init__(self, stories: Sequence[Labelled], slugs: Sequence[str]) -> None:
        self.stories = stories
        self.words = ordinary(stories)
        number = {word: at for at, word in enumerate(self.words)}
        self._heard = np.zeros((len(stories), len(self.words)))
        for row, story in enumerate(stories):
            known = [number[word] for word in story.words if word in number]
            self._heard[row, known] = 1 / math.sqrt(len(story.words))
        met = (self._heard > 0).sum(axis=0)
        self._rarity = (1 + np.log((1 + len(stories)) / (1 + met))) / RARITY
        patterns = np.linalg.svd(self._heard * self._rarity, full_matrices=False)[2][:RANK].T
        told = self._heard * self._rarity @ patterns
        self._patterns = patterns
        self._rows = np.hstack([np.ones((len(stories), 1)), told])
        self._answers = np.array([[slug in one.gold for slug in slugs] for one in stories], float)
        self._counts = np.array([one.counts for one in stories])
        self._slugs = slugs

    def leanings(self, among: NDArray[np.bool_]) -> Array:
        """Word × theme, in whole units of the table."""
        penalty = np.array([0.001] + [PENALTY_OF_WORDS] * (self._rows.shape[1] - 1))
        rows, counts = self._rows[among], self._counts[among]
        numbers = [
            regression(rows, self._answers[among, at], counts, penalty)[1:]
            for at in range(len(self._slugs))
        ]
        found = self._patterns @ np.array(numbers).T * self._rarity[:, None]
        return np.round(found * UNIT)

    def heard_by_others(self) -> list[Labelled]:
        """The stories, the words of each heard by a table that has not seen its batch."""
        batches = sorted({one.batch for one in self.stories})
        fold_of = {batch: at % FOLDS for at, batch in enumerate(batches)}
        folds = np.array([fold_of[one.batch] for one in self.stories])
        told = np.zeros(self._answers.shape)
        for at in range(FOLDS):
            left = folds == at
            told[left] = self._heard[left] @ self.leanings(~left) / UNIT
        return [
            story.hearing(dict(zip(self._slugs, map(float, row), strict=True)))
            for story, row in zip(self.stories, told, strict=True)
        ]

    def written(self) -> str:
        """The table of all stories as text; a word that leans nowhere is left out."""
        lines = [
            "# How ordinary words lean between the themes, in quarters; fitted by scripts/fit_choice.py to",
            "# the labelled stories. What a story's words say of a theme is the sum of the numbers, divided",
            "# by the root of the number of its words; `wording` in choice.toml says what that is worth.",
            "\t".join(("word", *self._slugs)),
        ]
        table = self.leanings(np.ones(len(self.stories), bool)).astype(int)
        for word, row in zip(self.words, table, strict=True):
            if row.any():
                lines.append("\t".join((word, *(str(cell) if cell else "" for cell in row))))
        return "\n".join(lines) + "\n"


def ordinary(stories: Sequence[Labelled]) -> list[str]:
    """Chinese words of several stories that are no name and no number: those tell of our cases only."""
    table = Gazetteer.load()
    endings = ("街道", "镇", "乡")
    stems = {
        name.removesuffix(end)
        for name in table.town_names()
        for end in endings
        if name.endswith(end)
    }
    met = Counter(word for one in stories for word in one.words)
    return sorted(
        word
        for word, times in met.items()
        if times >= STORIES
        and all("\u4e00" <= character <= "\u9fff" for character in word)
        and not NUMBERS.issuperset(word[:2])
        and word not in SURNAMES
        and word not in stems
        and not (table.named(word) or table.short_named(word) or table.towns_named(word))
        and not table.old_named(word)
    )


def one_hot(slug: str, slugs: Sequence[str]) -> list[float]:
    return [float(slug == one) for one in slugs]


def fit(stories: Sequence[Labelled], slugs: Sequence[str], fields: set[str]) -> Choice:
    """Both regressions; a theme without any word has the weight zero and is learnt from as well."""
    pairs = [pair(*two) for two in combinations(slugs, 2)]
    rows: list[list[float]] = []
    answers: list[float] = []
    counts: list[float] = []
    for story in stories:
        for slug in slugs:
            others = [one for one in story.gold if one != slug]
            if not 0 < len(others) < MOST:  # alone it is there for certain: some theme must be
                continue
            told = signs(story.score(slug), story.best, story.length)
            hot = one_hot(slug, slugs)
            same = sum((one in fields) == (slug in fields) for one in others)
            rows.append(
                [1.0, *told, *hot, *(told[2] * one for one in hot)]
                + [len(others) - 1.0, same * (slug in fields), same * (slug not in fields)]
                + [float(any(pair(slug, one) == key for one in others)) for key in pairs]
            )
            answers.append(float(slug in story.gold))
            counts.append(story.counts)
    size, single = len(slugs), len(OF_LIKELY)
    penalty = np.array(
        [0.01, *[PENALTY] * 3, PENALTY_OF_LENGTH, PENALTY]
        + [PENALTY_OF_THEME] * (2 * size)
        + [PENALTY] * len(OF_TOGETHER)
        + [PENALTY_OF_PAIR] * len(pairs)
    )
    likely = regression(np.array(rows), np.array(answers), np.array(counts), penalty)
    first = order(stories, slugs)
    told = [float(number) for number in likely.round(2)]
    ordered = [float(number) for number in first.round(2)]
    together = single + 2 * size
    bonds = zip(pairs, told[together + len(OF_TOGETHER) :], strict=True)
    own = {
        slug: {
            "likely": told[single + at],
            "weight": told[single + size + at],
            "first": ordered[len(OF_ORDER) + at],
        }
        for at, slug in enumerate(slugs)
    }
    return Choice.model_validate(
        {
            "likely": dict(zip(OF_LIKELY, told, strict=False)),
            "together": dict(zip(OF_TOGETHER, told[together:], strict=False)),
            "first": dict(zip(OF_ORDER, ordered, strict=False)),
            "pairs": {key: bond for key, bond in bonds if abs(bond) >= LEAST_PAIR},
            "theme": own,
        }
    )


def order(stories: Sequence[Labelled], slugs: Sequence[str]) -> Array:
    """What makes a theme the first of two; of one that is wrongly near as well."""
    rows: list[list[float]] = []
    counts: list[float] = []

    def told(story: Labelled, slug: str) -> Array:
        return np.array([*signs_of_order(story.score(slug), story.best), *one_hot(slug, slugs)])

    for story in stories:
        near = [s for s, one in story.scores.items() if one.weight >= NEAR * story.best]
        wrong = [(slug, NEAR_COUNTS) for slug in near if slug not in story.gold]
        for later, part in [*((slug, 1.0) for slug in story.gold[1:]), *wrong]:
            apart = told(story, story.gold[0]) - told(story, later)
            rows += [list(apart), list(-apart)]
            counts += [story.counts * part] * 2
    answers = np.array([1.0, 0.0] * (len(rows) // 2))
    penalty = np.array([PENALTY] * 4 + [PENALTY_OF_ORDER] * len(slugs))
    return regression(np.array(rows), answers, np.array(counts), penalty)


def figures(choice: Choice, stories: Sequence[Labelled], fields: set[str]) -> str:
    """Theme F1, primary theme among those found, first theme the primary one."""
    pairs = [(one.gold, chosen(choice, one, fields)) for one in stories]
    shared = sum(len({*gold} & {*found}) for gold, found in pairs)
    named = sum(len(gold) + len(found) for gold, found in pairs)
    among = sum(gold[0] in found for gold, found in pairs) / len(pairs)
    first = sum(gold[0] == found[0] for gold, found in pairs if found) / len(pairs)
    return f"F1 {2 * shared / named:.3f}  primary {among:.3f}  first {first:.3f}"


def chosen(choice: Choice, story: Labelled, fields: set[str]) -> list[str]:
    """The themes of a story by these numbers; one that has no weight is not looked at."""
    scores = [one for one in story.scores.values() if one.weight > 0]
    return [one.slug for one in choice.choose(scores, fields.__contains__, story.length).themes]


def written(choice: Choice) -> str:
    """The file's text."""
    lines = [
        "# How likely a theme is, and which comes first, from the weights of a story's themes: fitted to the labelled",
        "# stories by scripts/fit_choice.py. Odds are logarithms: +0.7 doubles them. A theme is likelier the larger its",
        "# share of the heaviest theme's weight, the more it weighs, the more the story's ordinary words lean to it",
        "# (theme-wording.tsv), and when the headline promises it; less likely in a long text.",
        "# Sets of one to three are compared: [together] and [pairs] say what a set has more or less of than its themes",
        "# alone: that it has a third, two fields or two works, and which go together. Of the chosen themes that one is",
        "# first which has more of [first]. Under [theme] stands what a theme has more or less of than others: `likely`",
        "# for itself, `weight` for its weight, `first` for coming first.",
        "",
    ]
    tables = (("likely", choice.likely), ("together", choice.together), ("first", choice.first))
    for table, numbers in tables:
        lines += [f"[{table}]", *(f"{key} = {value}" for key, value in numbers), ""]
    lines += ["[pairs]", *(f"{key} = {value}" for key, value in choice.pairs.items()), ""]
    lines.append("[theme]")
    for slug, own in choice.theme.items():
        told = ", ".join(f"{key} = {value}" for key, value in own)
        lines.append(f"{slug} = {{ {told} }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits choice.toml and theme-wording.tsv.")
    parser.add_argument("--write", action="store_true", help="write the files")
    given = parser.parse_args()
    themes = load_themes()
    slugs = themes.slugs()
    fields = {theme.slug for theme in themes.themes if theme.group == "field"}
    every = labelled()
    wordings = Wordings([one for one in every if one.batch not in KEPT_APART], slugs)
    stories = wordings.heard_by_others()
    for batch in (*UNSEEN, "county web"):
        known = [one for one in stories if one.batch != batch]
        left = [one for one in stories if one.batch == batch]
        print(f"{batch:12s} left out  {figures(fit(known, slugs, fields), left, fields)}")
    choice = fit(stories, slugs, fields)
    print(f"{'all':12s} fitted    {figures(choice, stories, fields)}")
    if given.write:
        write_text(WORDING, wordings.written())
        write_text(CHOICE, written(choice))
        return
    for batch in KEPT_APART:  # their words are heard by the table as it was written last
        left = [one for one in every if one.batch == batch]
        print(f"{batch:12s} kept apart {figures(choice, left, fields)}")


if __name__ == "__main__":
    main()
