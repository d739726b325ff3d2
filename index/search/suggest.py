"""Did you mean 您是不是要找: places that were misspelt, and marks that hide what was meant.

A suggestion is only made when it finds something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..gazetteer import Gazetteer

HOME_PROVINCE = "14"
_NAME = re.compile("[\u3400-\u9fff]{3,12}")
_MARKS = re.compile("[“”‘’「」『』《》]")


@dataclass(frozen=True, slots=True)
class Hint:
    """Why a line found nothing, and a line that finds something."""

    why: str
    line: str


def near_places(name: str, gazetteer: Gazetteer, *, towns: bool) -> list[str]:
    """At most three names of units, then of townships where they are wanted, that one slip (two from
    five characters on) turns into ``name``.

    A slip is a character wrong, missing, too many, or two changed places. The fewest slips come
    first, then units before townships, then the home province, then the code.
    """
    slips = 1 if len(name) < 5 else 2
    found: dict[str, tuple[int, int, bool, str]] = {}
    for place_name, town, code in _names(gazetteer, towns=towns):
        if abs(len(place_name) - len(name)) > slips or len(place_name) < 2 or place_name == name:
            continue
        if len(set(name) & set(place_name)) < len(set(name)) - slips:
            continue
        distance = _slips(name, place_name)
        if distance <= slips:
            rank = (distance, town, code[:2] != HOME_PROVINCE, code)
            found[place_name] = min(found.get(place_name, rank), rank)
    return sorted(found, key=found.__getitem__)[:3]


def _names(gazetteer: Gazetteer, *, towns: bool) -> Iterator[tuple[str, int, str]]:
    for place in gazetteer.units():
        yield place.name, 0, place.code
    for name, codes in (gazetteer.town_names() if towns else {}).items():
        yield name, 1, min(codes, key=lambda code: (code[:2] != HOME_PROVINCE, code))


def _slips(one: str, other: str) -> int:
    """Damerau and Levenshtein's distance with neighbours changed at most once."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, character in enumerate(one, 1):
        above, before_above = row, before
        row = [at]
        for place, right in enumerate(other, 1):
            least = min(above[place] + 1, row[-1] + 1, above[place - 1] + (character != right))
            if at > 1 < place and character == other[place - 2] and one[at - 2] == right:
                least = min(least, before_above[place - 2] + 1)
            row.append(least)
        before = above
    return row[-1]


def hints(line: str, finds: Callable[[str], int], gazetteer: Gazetteer) -> list[Hint]:
    """For a line that found nothing: lines that find something. ``finds`` counts a line's stories."""
    offered: list[Hint] = []
    if _MARKS.search(line):
        plain = " ".join(_MARKS.sub(" ", line).split())
        if plain and finds(plain):
            offered.append(
                Hint(
                    "Chinese marks are looked for as text; to keep spaces use straight ones", plain
                )
            )
    for run in dict.fromkeys(_NAME.findall(line)):
        if finds(run):
            continue
        for name in near_places(run, gazetteer, towns=True):
            other = line.replace(run, name)
            if finds(other):
                offered.append(Hint(f"no story holds {run}; did you mean {name}", other))
    return offered
