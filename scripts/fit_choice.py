"""Fits the numbers of ``index/data/choice.toml`` to the labelled stories.

    python scripts/fit_choice.py            prints how they do on stories they were not fitted to
    python scripts/fit_choice.py --write    and writes the file

Logistic regression by Newton's method, twice: is the theme one of the story's (one row for every story and
theme), and does it come before another of them (one row for every pair). A penalty pulls the numbers of
single themes to zero, so that a theme with few stories stays an average one. Nothing is drawn at random:
the same stories give the same file.

Stories whose words were collected into the table look easier than they are, so they count
``KNOWN`` times; those of ``UNSEEN``, which other hands wrote without a look at the rules, count whole. The
figures printed leave out one of these batches, or the county web, at a time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.annotate import sample_stories
from jianbao.index.annotate import Annotator, story_of
from jianbao.index.choice import CHOICE, Choice, ThemeScore, signs, signs_of_order
from jianbao.index.themes import load_themes
from jianbao.index.tomlfile import write_text
from tests.annotation.measure import CASES, read_cases

UNSEEN = tuple(f"cases-{number}" for number in range(13, 21))
KEPT_APART = ("cases-21", "cases-22")
"""Never fitted to, and no word was taken from them: what they show is to be expected of the next batch."""
KNOWN = 0.5
PENALTY = 0.1
PENALTY_OF_THEME = 2.0
PENALTY_OF_LENGTH = 15.0
PENALTY_OF_ORDER = 0.5
NEAR = 0.3
"""Share of the heaviest weight from which a theme that is not the story's may be taken with it …"""
NEAR_COUNTS = 0.5
"""… and how much it counts that it must not come first."""
STEPS = 40

Array = NDArray[np.float64]
OF_LIKELY = ("base", "share", "promise", "words", "weight", "length")
OF_ORDER = ("share", "weight", "headline", "lead")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One relevant story: its batch, its themes, the weights of all themes."""

    batch: str
    gold: Sequence[str]
    scores: dict[str, ThemeScore]
    length: int

    @property
    def best(self) -> float:
        return max((one.weight for one in self.scores.values()), default=1.0)

    @property
    def counts(self) -> float:
        return 1.0 if self.batch in UNSEEN else KNOWN


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
        )
        for batch, gold, story in found
        if gold.relevant
    ]


def regression(rows: Array, answers: Array, counts: Array, penalty: Array) -> Array:
    """The numbers that make the answers likeliest, less the penalty on their squares."""
    numbers = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ numbers))
        slope = rows.T @ (counts * (chance - answers)) + penalty * numbers
        bend = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        numbers -= step
        if np.abs(step).max() < 1e-9:
            break
    return numbers


def one_hot(slug: str, slugs: Sequence[str]) -> list[float]:
    return [float(slug == one) for one in slugs]


def fit(stories: Sequence[Labelled], slugs: Sequence[str]) -> Choice:
    """Both regressions; a theme without any word has the weight zero and is learnt from as well."""
    rows: list[list[float]] = []
    answers: list[float] = []
    counts: list[float] = []
    for story in stories:
        for slug in slugs:
            score = story.scores.get(slug) or ThemeScore(slug, 0.0, ())
            told = signs(score, story.best, story.length)
            weight = told[3]
            hot = one_hot(slug, slugs)
            rows.append([1.0, *told, *hot, *(weight * one for one in hot)])
            answers.append(float(slug in story.gold))
            counts.append(story.counts)
    penalty = np.array(
        [0.01, *[PENALTY] * 4, PENALTY_OF_LENGTH, *[PENALTY_OF_THEME] * (2 * len(slugs))]
    )
    likely = regression(np.array(rows), np.array(answers), np.array(counts), penalty).round(2)
    first = order(stories, slugs).round(2)
    size = len(slugs)
    ordered = [float(number) for number in (*likely, *first)]
    own = {
        slug: {
            "likely": ordered[6 + at],
            "weight": ordered[6 + size + at],
            "first": ordered[len(likely) + 4 + at],
        }
        for at, slug in enumerate(slugs)
    }
    return Choice.model_validate(
        {
            "likely": dict(zip(OF_LIKELY, ordered, strict=False)),
            "first": dict(zip(OF_ORDER, ordered[len(likely) :], strict=False)),
            "theme": own,
        }
    )


def order(stories: Sequence[Labelled], slugs: Sequence[str]) -> Array:
    """What makes a theme the first of two; of one that is wrongly near as well."""
    rows: list[list[float]] = []
    counts: list[float] = []

    def told(story: Labelled, slug: str) -> Array:
        score = story.scores.get(slug) or ThemeScore(slug, 0.0, ())
        return np.array([*signs_of_order(score, story.best), *one_hot(slug, slugs)])

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
    pairs = [
        (
            one.gold,
            [
                t.slug
                for t in choice.choose(list(one.scores.values()), fields.__contains__, one.length)
            ],
        )
        for one in stories
    ]
    shared = sum(len({*gold} & {*found}) for gold, found in pairs)
    named = sum(len(gold) + len(found) for gold, found in pairs)
    among = sum(gold[0] in found for gold, found in pairs) / len(pairs)
    first = sum(gold[0] == found[0] for gold, found in pairs if found) / len(pairs)
    return f"F1 {2 * shared / named:.3f}  primary {among:.3f}  first {first:.3f}"


def written(choice: Choice) -> str:
    """The file's text."""
    lines = [
        "# How likely a theme is, and which comes first, from the weights of a story's themes: fitted to the labelled",
        "# stories by scripts/fit_choice.py. Odds are logarithms: +0.7 doubles them. A theme is likelier the larger its",
        "# share of the heaviest theme's weight, the more words speak for it, and the more it weighs, and when the",
        "# headline promises it; less likely in a long text. Of two chosen themes that one is first which has more of",
        "# [first]. Under [theme] stands what a theme has more or less of than others: `likely` for itself, `weight` for",
        "# its weight, `first` for coming first.",
        "",
    ]
    for table, numbers in (("likely", choice.likely), ("first", choice.first)):
        lines += [f"[{table}]", *(f"{key} = {value}" for key, value in numbers), ""]
    lines.append("[theme]")
    for slug, own in choice.theme.items():
        told = ", ".join(f"{key} = {value}" for key, value in own)
        lines.append(f"{slug} = {{ {told} }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits index/data/choice.toml.")
    parser.add_argument("--write", action="store_true", help="write the file")
    given = parser.parse_args()
    themes = load_themes()
    slugs = themes.slugs()
    fields = {theme.slug for theme in themes.themes if theme.group == "field"}
    every = labelled()
    stories = [one for one in every if one.batch not in KEPT_APART]
    for batch in (*UNSEEN, "county web"):
        known = [one for one in stories if one.batch != batch]
        left = [one for one in stories if one.batch == batch]
        print(f"{batch:12s} left out  {figures(fit(known, slugs), left, fields)}")
    choice = fit(stories, slugs)
    print(f"{'all':12s} fitted    {figures(choice, stories, fields)}")
    for batch in KEPT_APART:
        left = [one for one in every if one.batch == batch]
        print(f"{batch:12s} kept apart {figures(choice, left, fields)}")
    if given.write:
        write_text(CHOICE, written(choice))


if __name__ == "__main__":
    main()
