"""What every engine that ``index.py`` compares is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from tests.search.samples import Annotated

Kind = Literal["term", "phrase", "filtered", "by date", "facets", "excerpts"]
KINDS: tuple[Kind, ...] = ("term", "phrase", "filtered", "by date", "facets", "excerpts")
CITY, SINCE, UNTIL = "141100", date(2025, 3, 1), date(2025, 8, 31)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a word that stories have, or for ``phrase`` any string cut out of them."""

    kind: Kind
    string: str


class Engine(Protocol):
    """One way to index and to ask."""

    note: str

    def warm(self) -> None:
        """Loads dictionaries: that is not indexing."""
        ...

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        """Indexes all stories, segmentation included, until they can be asked for."""
        ...

    def open(self, folder: Path) -> Callable[[Ask], int]:
        """What answers a question, with everything that is shown, and returns the number found."""
        ...

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        """Adds a day's stories."""
        ...
