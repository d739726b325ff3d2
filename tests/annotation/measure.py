"""Accuracy of the annotator over labelled stories, as the floors of ``tests/floors.toml`` mean it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jianbao.index.annotation import Annotation

CASES = tuple(
    sorted(Path(__file__).parent.glob("cases*.jsonl"), key=lambda path: (len(path.name), path.name))
)
"""Batches in the order they were written: each was written whole before it was scored first."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What a perfect reader finds. ``accept`` are other sets of counties that are right as well."""

    name: str
    counties: Sequence[str]
    city: str
    themes: Sequence[str]
    relevant: bool
    accept: Sequence[Sequence[str]] = ()


@dataclass(slots=True)
class Figures:
    """Shares between 0 and 1, two counts, and the names of the stories whose counties are wrong.

    ``over_attributed`` counts stories without a county that got one; ``precision`` and ``recall`` are
    those of single counties over all stories.
    """

    county_exact: float
    city: float
    relevance: float
    irrelevant_let_in: int
    over_attributed: int
    precision: float
    recall: float
    theme_f1: float
    primary: float
    wrong: list[str] = field(default_factory=list)


def measure(pairs: Iterable[tuple[Gold, Annotation]]) -> Figures:
    """Counties as exact sets; the city where there is one or no county; themes on relevant stories."""
    pairs = list(pairs)
    wrong = [
        f"{gold.name}: {sorted(found.counties)} for {sorted(gold.counties)}"
        for gold, found in pairs
        if set(found.counties) not in [set(gold.counties), *map(set, gold.accept)]
    ]
    cities = [
        (found.city or "") == gold.city for gold, found in pairs if gold.city or not gold.counties
    ]
    relevant = [(gold, found) for gold, found in pairs if gold.relevant]
    shared = sum(len({*gold.themes} & {*found.themes}) for gold, found in relevant)
    named = sum(len(gold.themes) + len(found.themes) for gold, found in relevant)
    golds = [_nearest(gold, found) for gold, found in pairs]
    hits = sum(
        len({*gold} & {*found.counties}) for gold, (_, found) in zip(golds, pairs, strict=True)
    )
    return Figures(
        county_exact=1 - len(wrong) / len(pairs),
        city=sum(cities) / len(cities),
        relevance=sum(gold.relevant == found.relevant for gold, found in pairs) / len(pairs),
        irrelevant_let_in=sum(found.relevant and not gold.relevant for gold, found in pairs),
        over_attributed=sum(
            not gold.counties and set(found.counties) not in [set(), *map(set, gold.accept)]
            for gold, found in pairs
        ),
        precision=hits / max(1, sum(len(found.counties) for _, found in pairs)),
        recall=hits / max(1, sum(map(len, golds))),
        theme_f1=2 * shared / named,
        primary=sum(gold.themes[0] in found.themes for gold, found in relevant) / len(relevant),
        wrong=wrong,
    )


def _nearest(gold: Gold, found: Annotation) -> Sequence[str]:
    """Of the right answers the one that suits what was found best."""
    answers = [gold.counties, *gold.accept]
    return max(
        answers, key=lambda one: (set(one) == set(found.counties), -len({*one} ^ {*found.counties}))
    )


def read_cases(paths: Sequence[Path] = CASES) -> list[tuple[dict[str, Any], Gold]]:
    """Records as ``jianbao annotate`` takes them, with their gold."""
    found: list[tuple[dict[str, Any], Gold]] = []
    for line in (line for path in paths for line in path.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line)
        gold = record["expect"]
        found.append(
            (
                record,
                Gold(
                    record["id"],
                    gold["counties"],
                    gold["city"] or "",
                    gold["themes"],
                    gold["relevant"],
                    gold["accept"],
                ),
            )
        )
    return found
