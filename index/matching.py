"""Finds many fixed words in a text at once. One pass; the text's length sets the time."""

from __future__ import annotations

from collections.abc import Iterable


class WordMatcher:
    """Finds all occurrences of its words, those that begin together longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        # The first two characters tell nearly all words apart; words of one stand by themselves.
        buckets: dict[str, set[str]] = {}
        for word in words:
            if word:
                buckets.setdefault(word[:2], set()).add(word)
        self._buckets = {
            head: tuple(sorted(found, key=lambda word: (-len(word), word)))
            for head, found in buckets.items()
        }
        self._singles = frozenset(head for head in buckets if len(head) == 1)

    def find(self, text: str) -> list[tuple[int, str]]:
        """(start, word) in order of start; overlapping ones too."""
        found: list[tuple[int, str]] = []
        buckets, singles = self._buckets, self._singles
        for at, character in enumerate(text):
            words = buckets.get(text[at : at + 2])
            if words is not None and len(words[0]) > 1:
                found.extend((at, word) for word in words if text.startswith(word, at))
            if character in singles:
                found.append((at, character))
        return found
