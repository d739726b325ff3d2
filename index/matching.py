"""Finds many fixed words in a text at once. One pass; the text's length sets the time."""

from __future__ import annotations

from collections.abc import Iterable


class WordMatcher:
    """Finds all occurrences of its words, those that begin together longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        buckets: dict[str, set[str]] = {}
        for word in words:
            if word:
                buckets.setdefault(word[0], set()).add(word)
        self._buckets = {
            first: tuple(sorted(found, key=lambda word: (-len(word), word)))
            for first, found in buckets.items()
        }

    def find(self, text: str) -> list[tuple[int, str]]:
        """(start, word) in order of start; overlapping ones too."""
        found: list[tuple[int, str]] = []
        buckets = self._buckets
        for at, character in enumerate(text):
            words = buckets.get(character)
            if words is not None:
                found.extend((at, word) for word in words if text.startswith(word, at))
        return found
