"""Text for matching: half width, simplified, spaced-out names closed up; with the way back.

Only matching sees this text. What people read stays the source's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .simplified import simplified_characters

_CJK = "\u3400-\u9fff"
_SPACED_OUT = re.compile(rf"(?<![{_CJK}])[{_CJK}](?:[ \u3000\u00a0]+[{_CJK}])+(?![{_CJK}])")
"""Characters that stand apart one by one (文 水 县), as headlines are sometimes set."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for matching. ``origin`` maps its offsets back, ``None`` where they are the same."""

    text: str
    origin: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the text that was folded, of the characters ``start:end`` of this one."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Folds a text of any length; linear, and never fails."""
    folded = fold_characters(text)
    drop = [
        at
        for run in _SPACED_OUT.finditer(folded)
        for at in range(run.start(), run.end())
        if folded[at] in " \u00a0"
    ]
    if not drop:
        return Folded(folded)
    gone = set(drop)
    kept = tuple(at for at in range(len(folded)) if at not in gone)
    return Folded("".join(folded[at] for at in kept), kept)


def fold_characters(text: str) -> str:
    """Folds character by character: the length stays."""
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """One character to one character: full width to half width, traditional to simplified.

    A character that GB 2312 has is left alone: 乾 is 干 in 乾燥, but 乾坤湾 is a township.
    """
    pairs = simplified_characters().items()
    table = {ord(old): new for old, new in pairs if not _in_gb2312(old)}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table[0x3000] = " "
    return table


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
