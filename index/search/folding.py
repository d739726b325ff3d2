"""Folding for the search: what counts as the same character, and where it stood.

Every character folds by itself, whatever stands beside it: only then is a part of a text, folded,
a part of the folded text, which "found means found" rests on. (Converting whole phrases, as a
traditional-to-simplified converter does for display, would break it: 乾 in 乾隆 and in 乾燥.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ..simplified import simplified_characters


class _Table(dict[int, str]):
    """Code point → folded text, worked out when first met."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        if not folded:
            self.dropped.add(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f":
        return ""  # invisible: pasted text carries zero-width and variation marks
    plain = unicodedata.normalize("NFKD", character).casefold()
    simplified = simplified_characters()
    return "".join(simplified.get(c, c) for c in plain)


_TABLE = _Table()


def fold(text: str) -> str:
    """The text for matching: width, case, compatibility forms and traditional characters are one.

    Spaces of all kinds become one kind, invisible characters go. ``fold(a + b) == fold(a) + fold(b)``.
    """
    return text.translate(_TABLE)


def fold_map(text: str) -> tuple[str, Sequence[int]]:
    """The folded text and, for each of its characters, the place of the original one.

    The list has one more entry, the length of the original, for the end.
    """
    folded = text.translate(_TABLE)
    # Where nothing was dropped, equal length means that every character stayed one character.
    if len(folded) == len(text) and _TABLE.dropped.isdisjoint(text):
        return folded, range(len(text) + 1)
    places: list[int] = []
    for place, character in enumerate(text):
        places += [place] * len(_TABLE[ord(character)])
    places.append(len(text))
    return folded, places
