"""The segmenter 分词: jieba behind one small interface.

Words rank; they never decide what is found. HMM is off: its guesses at unknown words break one
township name in four, and without it the same text always gives the same words. No cache of jieba's is
read: it lies under a fixed name in the shared temporary folder, where any other user of the machine
could have put it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from .fastcut import FastTokenizer
from .gazetteer import Gazetteer
from .limits import SEGMENT_OVERLAP, SEGMENT_RUN

TERMS = Path(__file__).parent / "data" / "terms.txt"
HOME_PROVINCE = "140000"

_RUN = re.compile(rf"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]{{{SEGMENT_RUN},}}")
"""What jieba treats as one block (its ``re_han_default``), where it is too long for one lattice."""


class Segmenter:
    """Cuts Chinese text into words. Safe to share between threads once built.

    ``words`` are kept whole wherever they stand alone; inside other text the more probable reading
    still wins (兴县 does not cut 振兴/县里 in two).
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._tokenizer = FastTokenizer()
        # Short words first: a long word's weight has to beat the pieces it is made of.
        added = sorted({w.strip() for w in words}, key=lambda w: (len(w), w))
        self.words = tuple(word for word in added if len(word) > 1)
        for word in self.words:
            self._tokenizer.add(word)
        self.fingerprint = hashlib.sha256("\n".join(self.words).encode()).hexdigest()[:16]
        """Digest of the words of ours: what was cut with other words has to be cut again."""

    def cut(self, text: str) -> list[str]:
        """All words in order, spaces and punctuation among them: joined, they are the text again."""
        words: list[str] = []
        at = 0
        for run in _RUN.finditer(text):
            words += self._tokenizer.cut(text[at : run.start()])
            words += self._cut_long(run.group())
            at = run.end()
        words += self._tokenizer.cut(text[at:] if at else text)
        return words

    def _cut_long(self, run: str) -> Iterator[str]:
        """A run without punctuation, in overlapping windows: memory and time stay linear."""
        at = 0
        while at < len(run):
            end = min(at + SEGMENT_RUN, len(run))
            for word in self._tokenizer.cut(run[at:end]):
                yield word
                at += len(word)
                if end < len(run) and at >= end - SEGMENT_OVERLAP:
                    break

    def tokens(self, text: str) -> list[tuple[str, int, int]]:
        """Like :meth:`cut`, with start and end of every word in ``text``."""
        found: list[tuple[str, int, int]] = []
        at = 0
        for word in self.cut(text):
            found.append((word, at, at + len(word)))
            at += len(word)
        return found


def read_words(path: Path) -> tuple[str, ...]:
    """One word a line; ``#`` begins a comment. For ``terms.txt`` and a workspace's ``words.txt``."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def dictionary_words() -> tuple[str, ...]:
    """The words that every segmenter of ours knows beside jieba's: terms, counties, home townships.

    County names of two characters (兴县, 应县) are left as jieba has them: more weight would make it
    cut 乡村振兴县级 and 响应县委 wrongly.
    """
    table = Gazetteer.load()
    units = [p.name for p in table.units() if len(p.name) > 2]
    home = [t.name for c in table.counties_of(HOME_PROVINCE) for t in table.towns_of(c.code)]
    return tuple(dict.fromkeys([*read_words(TERMS), *units, *home]))


@lru_cache(maxsize=2)
def default_segmenter(extra: tuple[str, ...] = ()) -> Segmenter:
    """The segmenter everything shares; ``extra`` are the editor's own words. Built once a process."""
    return Segmenter((*dictionary_words(), *extra))
