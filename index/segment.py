"""The segmenter 分词: jieba behind one small interface.

Words rank; they never decide what is found. HMM is off: its guesses at unknown words break one
township name in four, and without it the same text always gives the same words. The dictionary is
read afresh in every process: jieba's own cache lies under a fixed name in the shared temporary
folder, where any other user of the machine could have put it.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from .gazetteer import Gazetteer
from .limits import SEGMENT_OVERLAP, SEGMENT_RUN

with warnings.catch_warnings():
    # jieba 0.42.1 warns about its own escapes and about pkg_resources on newer Pythons.
    warnings.simplefilter("ignore")
    import jieba

logging.getLogger("jieba").setLevel(logging.WARNING)

TERMS = Path(__file__).parent / "data" / "terms.txt"
HOME_PROVINCE = "140000"

_RUN = re.compile(rf"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]{{{SEGMENT_RUN},}}")
"""What jieba treats as one block (its ``re_han_default``), where it is too long for one lattice."""


class _Tokenizer(jieba.Tokenizer):
    """jieba's tokenizer, its dictionary read without log lines and without the shared cache file."""

    def initialize(self, dictionary: str | None = None) -> None:
        del dictionary
        with self.lock:
            if not self.initialized:
                with self.get_dict_file() as handle:
                    self.FREQ, self.total = _prefix_dictionary(handle.read().decode("utf-8"))
                self.initialized = True


def _prefix_dictionary(text: str) -> tuple[dict[str, int], int]:
    """Word frequencies, with zero for every proper prefix: what ``jieba.Tokenizer.gen_pfdict`` builds."""
    frequencies: dict[str, int] = {}
    total = 0  # by line, as jieba counts: a few words of its dictionary stand twice
    for line in text.splitlines():
        word, count, _ = line.split(" ", 2)
        frequencies[word] = int(count)
        total += int(count)
    prefixes: dict[str, int] = {}
    for word in frequencies:
        for end in range(len(word) - 1, 0, -1):
            prefix = word[:end]
            if prefix in prefixes:
                break
            prefixes[prefix] = 0
    return prefixes | frequencies, total


class Segmenter:
    """Cuts Chinese text into words. Safe to share between threads once built.

    ``words`` are kept whole wherever they stand alone; inside other text the more probable reading
    still wins (兴县 does not cut 振兴/县里 in two).
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._tokenizer = _Tokenizer()
        self._tokenizer.initialize()
        # Short words first: a long word's weight has to beat the pieces it is made of.
        added = sorted({w.strip() for w in words}, key=lambda w: (len(w), w))
        self.words = tuple(word for word in added if len(word) > 1)
        for word in self.words:
            self._add(word)

    def _add(self, word: str) -> None:
        """Gives the word the least weight that keeps it whole (``jieba.suggest_freq``, HMM off)."""
        table, total = self._tokenizer.FREQ, self._tokenizer.total
        weight = 1.0
        for piece in self._tokenizer.cut(word, HMM=False):
            weight *= (table.get(piece) or 1) / total
        least = max(int(weight * total) + 1, table.get(word, 1))
        self._tokenizer.add_word(word, least)

    def cut(self, text: str) -> list[str]:
        """All words in order, spaces and punctuation among them: joined, they are the text again."""
        words: list[str] = []
        at = 0
        for run in _RUN.finditer(text):
            words += self._tokenizer.cut(text[at : run.start()], HMM=False)
            words += self._cut_long(run.group())
            at = run.end()
        words += self._tokenizer.cut(text[at:] if at else text, HMM=False)
        return words

    def _cut_long(self, run: str) -> Iterator[str]:
        """A run without punctuation, in overlapping windows: memory and time stay linear."""
        at = 0
        while at < len(run):
            end = min(at + SEGMENT_RUN, len(run))
            for word in list(self._tokenizer.cut(run[at:end], HMM=False)):
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
