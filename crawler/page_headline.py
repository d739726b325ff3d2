"""The lines of a headline block 标题: kicker 引题, headline 主题, deck 副题, and a place line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from .byline_names import HAN

HeadRole = Literal["kicker", "headline", "deck"]

DASHES: Final = "—－–―-"
_DECK = re.compile(f"^[{DASHES}]{{1,3}}[^{DASHES}]")
_UNIT: Final = rf"(?![一二三四五六七八九十两几多各全])(?:(?![从在到和与的是把对向为让])[{HAN}]){{1,5}}?(?:省|市|县|区|镇|乡|村|街道|社区)"
_PLACE = re.compile(rf"^(?=.{{2,14}}$)(?:{_UNIT}){{1,4}}$")
_PLACE_COLON = re.compile(rf"^((?:{_UNIT}){{1,4}})[:：]")


def is_place(line: str) -> bool:
    """A line that is only the name of a place (文水县, 文水县凤城镇)."""
    return bool(_PLACE.match(line))


def begins_with_place(line: str) -> bool:
    """``文水县：…``, ``文水县凤城镇：…``: the shape of a headline, hardly ever of a subhead."""
    return bool(_PLACE_COLON.match(line))


def head_roles(lines: Sequence[str]) -> list[tuple[HeadRole, bool]]:
    """What each line of a headline block is, and whether it goes on with the headline before it.

    A dash opens the deck; a lone place name, above or below, is the kicker; ``X县：`` with nothing
    after the colon is the first half of the headline; of what is left the last is the headline and
    the rest, above it, the kicker.
    """
    roles: list[tuple[HeadRole, bool]] = [("kicker", False)] * len(lines)
    plain: list[int] = []
    for i, line in enumerate(lines):
        if _DECK.match(line):
            roles[i] = ("deck", False)
        elif not (is_place(line) or (line.startswith("【") and line.endswith("】"))):
            plain.append(i)
    plain = plain or [i for i, (role, _) in enumerate(roles) if role == "kicker"][-1:]
    if plain:
        last = plain[-1]
        roles[last] = ("headline", False)
        if len(plain) > 1 and plain[-2] == last - 1 and lines[last - 1].endswith((":", "：")):
            roles[last - 1] = ("headline", False)
            roles[last] = ("headline", True)
    return roles
