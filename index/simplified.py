"""Traditional characters → simplified ones, one by one, for matching only.

The pairs are OpenCC's (``t2s``). Whole phrases are never converted: 乾 in 乾隆 and in 乾燥 would then
fold apart, and a part of a text would no longer be a part of the folded text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from opencc import OpenCC

_HAN = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


@lru_cache(maxsize=1)
def simplified_characters() -> Mapping[str, str]:
    """Every Han character that has another, simplified form, with that form (one character)."""
    characters = [chr(code) for first, end in _HAN for code in range(first, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1}
