"""Highlights and excerpts: which characters of the source's text answer the query.

Matching is done on folded text, marking on the original: a mark always covers whole characters as a
reader sees them, never half of ㎡, é or a family emoji.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from ..limits import SEARCH_EXCERPT
from .folding import fold_map

Pieces = tuple[tuple[str, bool], ...]
"""Text in order, each piece with whether it is marked. Joined, the pieces are the text."""

_BREAKS = frozenset("。！？；：，、\n")
_JOINER = "\u200d"


def mark(text: str, strings: Iterable[str]) -> Pieces:
    """The whole text in pieces; every occurrence of the folded ``strings`` is marked."""
    return _cut(text, _places(text, strings), 0, len(text))


def excerpt(parts: Sequence[tuple[str, str]], strings: Sequence[str]) -> Pieces:
    """About two lines of the part that answers best, ``…`` where it was cut.

    ``parts`` are (text, folded text) in order of preference. The part with the most different
    strings wins, the first one of equals; without any string in them, the first part's beginning.
    """
    best, most = "", -1
    for text, folded in parts:
        found = sum(string in folded for string in strings)
        if found > most:
            best, most = text, found
        if most == len(strings):
            break
    places = _places(best, strings)
    start, end = _window(best, places)
    pieces = _cut(best, places, start, end)
    before = (("…", False),) if start else ()
    after = (("…", False),) if end < len(best) else ()
    return _join((*before, *pieces, *after))


def _places(text: str, strings: Iterable[str]) -> list[tuple[int, int]]:
    """Start and end of every occurrence, merged where they touch, on whole characters."""
    folded, origin = fold_map(text)
    found: list[tuple[int, int]] = []
    for string in strings:
        at = folded.find(string) if string else -1
        while at >= 0:
            last = at + len(string)
            found.append((_back(text, origin[at]), _forth(text, origin[last - 1] + 1)))
            at = folded.find(string, at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where to cut: from the break before the first mark when that is near."""
    if len(text) <= SEARCH_EXCERPT:
        return 0, len(text)
    first, last = places[0] if places else (0, 0)
    start = max(0, first - SEARCH_EXCERPT // 4)
    for at in range(first - 1, max(-1, first - SEARCH_EXCERPT // 2), -1):
        if text[at] in _BREAKS:
            start = at + 1
            break
    if first < SEARCH_EXCERPT // 2:
        start = 0
    start = max(0, min(start, len(text) - SEARCH_EXCERPT, first))
    end = min(len(text), max(start + SEARCH_EXCERPT, last))
    return _back(text, start), _forth(text, end)


def _cut(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    at = start
    for first, last in places:
        first, last = max(first, at), min(last, end)
        if first < last:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    return _join(pieces)


def _join(pieces: Iterable[tuple[str, bool]]) -> Pieces:
    joined: list[tuple[str, bool]] = []
    for text, marked in pieces:
        if joined and joined[-1][1] == marked:
            joined[-1] = (joined[-1][0] + text, marked)
        elif text:
            joined.append((text, marked))
    return tuple(joined)


def _forth(text: str, end: int) -> int:
    """Over what belongs to the character before ``end``."""
    while end < len(text) and _hangs_on(text, end):
        end += 1
    return end


def _back(text: str, start: int) -> int:
    """To the beginning of the character that ``start`` stands in."""
    while start > 0 and start < len(text) and _hangs_on(text, start):
        start -= 1
    return start


def _hangs_on(text: str, at: int) -> bool:
    """Whether this code point belongs to the character before it (accents, variation marks, joiners)."""
    character = text[at]
    return (
        character == _JOINER
        or (at > 0 and text[at - 1] == _JOINER)
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or unicodedata.category(character) in ("Mn", "Mc", "Me")
    )
