"""Finds many fixed words in a text at once. One pass; the text's length sets the time."""

from __future__ import annotations

from collections.abc import Iterable
from operator import add, itemgetter


class WordMatcher:
    """Finds all occurrences of its words, those that begin together longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._singles: set[str] = set()
        # The first two characters tell nearly all words apart; words of one stand by themselves.
        buckets: dict[str, set[str]] = {}
        for word in words:
            if len(word) > 1:
                buckets.setdefault(word[:2], set()).add(word)
            elif word:
                self._singles.add(word)
        self._buckets = {
            head: tuple(sorted(found, key=lambda word: (-len(word), word)))
            for head, found in buckets.items()
        }

    def find(self, text: str) -> list[tuple[int, str]]:
        """(start, word) in order of start; overlapping ones too."""
        found: list[tuple[int, str]] = []
        buckets = self._buckets
        for at, head in enumerate(map(add, text, text[1:])):
            if head in buckets:
                found += [(at, word) for word in buckets[head] if text.startswith(word, at)]
        if self._singles:
            found += [(at, one) for at, one in enumerate(text) if one in self._singles]
            found.sort(key=itemgetter(0))
        return found
