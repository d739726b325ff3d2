"""Accuracy of the annotator over labelled stories, as the floors of ``tests/floors.toml`` mean it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jianbao.index.annotation import Annotation

CASES = Path(__file__).parent / "cases.jsonl"


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
    """Shares between 0 and 1, and the names of the stories whose counties are wrong."""

    county_exact: float
    city: float
    relevance: float
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
    return Figures(
        county_exact=1 - len(wrong) / len(pairs),
        city=sum(cities) / len(cities),
        relevance=sum(gold.relevant == found.relevant for gold, found in pairs) / len(pairs),
        theme_f1=2 * shared / named,
        primary=sum(gold.themes[0] in found.themes for gold, found in relevant) / len(relevant),
        wrong=wrong,
    )


def read_cases(path: Path = CASES) -> list[tuple[dict[str, Any], Gold]]:
    """Records as ``jianbao annotate`` takes them, with their gold."""
    found: list[tuple[dict[str, Any], Gold]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
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
