"""What the ordinary words of a story say of its themes 用词.

The words of ``themes.toml`` are signs that a person chose. The others are no signs, but they have their
habits: 说 and 家 go with some themes more than with others, and a hundred such leanings together tell a
village that does business from one where somebody is helped. ``data/theme-wording.tsv`` holds how much each
word leans, counted in the labelled stories by ``scripts/fit_choice.py``; it is a sign beside the others
(``wording`` in ``choice.toml``), never the decision.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from .errors import JianbaoError

WORDING = Path(__file__).parent / "data" / "theme-wording.tsv"

UNIT = 4
"""The table's whole numbers are quarters: finer ones told nothing more of stories left out."""
SHOWN = 2
"""Words shown for a theme: they explain, the sum decides."""
SHOWN_FROM = 0.5
"""Leaning from which a word explains anything."""

BITS = 40
"""Room of a theme's sum in a packed number: for more words than any text has."""
HALF = 1 << BITS - 1

Token = tuple[str, int, int]
"""A word with its start and end in the folded text of its field."""
Said = tuple[float, int, int, int]
"""A word's share of what is said of a theme, the number of its field, its start and end."""


class WordingTableIsDamaged(JianbaoError):
    """The table that comes with the program does not have its shape."""

    code = "JB-125"
    what = "line {line} of the table of ordinary words is damaged"
    remedy = "install the program again; the table is part of it"
    what_zh = "常用词表第 {line} 行已损坏"
    remedy_zh = "请重新安装程序，该表是程序的一部分"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a story's words say of one theme: their sum, and those that say most for it."""

    total: float = 0.0
    strongest: tuple[Said, ...] = ()


class Wording:
    """The leanings of ordinary words. Use :func:`load_wording`."""

    def __init__(self, table: Mapping[str, Sequence[tuple[str, float]]]) -> None:
        """``table``: word → (slug, leaning in quarters)."""
        self._table = table
        self._slugs = sorted({slug for row in table.values() for slug, _ in row})
        shift = {slug: BITS * at for at, slug in enumerate(self._slugs)}
        # A word's leanings as one number, so that a story's words are summed in one go.
        self._packed = {
            word: sum(round(leaning * UNIT) << shift[slug] for slug, leaning in row)
            for word, row in table.items()
        }
        self._telling = {
            word: told
            for word, row in table.items()
            if (told := [(slug, leaning) for slug, leaning in row if leaning >= SHOWN_FROM])
        }

    def told(self) -> str:
        """Digest of the table, for the digest of the rules."""
        return hashlib.sha256(repr(sorted(self._table.items())).encode()).hexdigest()[:16]

    def hear(self, fields: Sequence[Sequence[Token]]) -> dict[str, Heard]:
        """Theme → what the words of all fields say of it; every word counts once.

        The sum is divided by the root of the number of words: a long text has more of every habit.
        """
        words = {word for tokens in fields for word, _, _ in tokens}
        scale = 1 / math.sqrt(max(1, len(words)))
        totals = self._unpacked(sum(map(self._packed.get, words, repeat(0))))
        strongest: dict[str, list[Said]] = {}
        telling = words & self._telling.keys()
        for at, tokens in enumerate(fields):
            for word, start, end in tokens:
                if word in telling:
                    telling.remove(word)
                    for slug, leaning in self._telling[word]:
                        strongest.setdefault(slug, []).append((leaning * scale, at, start, end))
        return {
            slug: Heard(total * scale, tuple(sorted(strongest.get(slug, ()), key=_most)[:SHOWN]))
            for slug, total in totals.items()
            if total
        }

    def _unpacked(self, packed: int) -> dict[str, float]:
        """The sums of all themes out of one number: each is the rest below its bits, nearest to zero."""
        totals: dict[str, float] = {}
        for slug in self._slugs:
            low = (packed + HALF) % (2 * HALF) - HALF
            packed = packed - low >> BITS
            totals[slug] = low / UNIT
        return totals


def _most(one: Said) -> tuple[float, int, int]:
    """What says most comes first, then what stands first."""
    share, at, start, _ = one
    return (-share, at, start)


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """The table that comes with the program.

    Raises:
        WordingTableIsDamaged: with the line, when the table does not have its shape.
    """
    lines = WORDING.read_text(encoding="utf-8").splitlines()
    rows = [(number, line) for number, line in enumerate(lines, 1) if not line.startswith("#")]
    if not rows:
        raise WordingTableIsDamaged(WORDING.name, line=len(lines))
    slugs = rows[0][1].split("\t")[1:]
    table: dict[str, tuple[tuple[str, float], ...]] = {}
    for number, line in rows[1:]:
        word, *cells = line.split("\t")
        try:
            pairs = zip(slugs, cells, strict=True)
            table[word] = tuple((slug, int(cell) / UNIT) for slug, cell in pairs if cell)
        except ValueError:
            raise WordingTableIsDamaged(WORDING.name, line=number) from None
    return Wording(table)
