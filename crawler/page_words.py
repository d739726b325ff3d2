"""Which parts of a page speak of the same thing, by the character pairs they share.

Pairs of Han characters stand in for words: they need no dictionary, and what matters here are
names of people, places and things, which dictionaries lack. Pairs that half of the page uses say
nothing, so each pair weighs by how few lines have it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from functools import lru_cache
from typing import Final

from ..index.segment import default_segmenter
from .byline_names import HAN

_RUNS = re.compile(f"[{HAN}]+")
_EVERYWHERE: Final = frozenset(
    [
        "党建",
        "党员",
        "党组",
        "支部",
        "组织",
        "群众",
        "服务",
        "社区",
        "发展",
        "工作",
        "干部",
        "基层",
        "治理",
        "建设",
        "推动",
        "活动",
        "开展",
        "问题",
        "引领",
        "积极",
        "进行",
        "通过",
        "我们",
        "他们",
        "一个",
        "今年",
        "目前",
        "一步",
        "不断",
        "持续",
        "作用",
        "发挥",
        "实现",
        "推进",
        "加强",
        "提升",
        "全面",
        "重点",
        "结合",
        "深入",
        "聚焦",
        "有效",
        "切实",
        "促进",
        "坚持",
        "围绕",
        "充分",
        "县委",
        "镇党",
        "村党",
        "书记",
        "记者",
        "本报",
        "的时",
        "的一",
        "了一",
        "在一",
        "不是",
        "也不",
        "还有",
        "没有",
        "这个",
        "年来",
        "以来",
        "第一",
        "一次",
        "每天",
        "个月",
        "之后",
    ]
)
"""Pairs of the field that every Party-building story has; they tie nothing to anything."""


def pairs(text: str) -> set[str]:
    """Neighbouring Han characters, without the ones that every story of the field has."""
    found = {run[i : i + 2] for run in _RUNS.findall(text) for i in range(len(run) - 1)}
    return found - _EVERYWHERE


class Vocabulary:
    """The pairs of a page's texts, and how much each of them says."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._sets = [dict.fromkeys(sorted(pairs(text))) for text in texts]
        self._lines = Counter(pair for found in self._sets for pair in found)
        self._weights = {
            pair: math.log((len(texts) + 1) / count) for pair, count in self._lines.items()
        }
        self._squares = {pair: weight**2 for pair, weight in self._weights.items()}
        self._edges = Counter(
            run[i : i + size]
            for text in texts
            for run in _RUNS.findall(text)
            for size in (2, 3)
            for i in range(len(run) - size + 1)
        )

    def weight(self, pair: str) -> float:
        """Large for a pair of few lines; a pair that is not on the page weighs nothing."""
        return self._weights.get(pair, 0.0)

    def of(self, indexes: Iterable[int]) -> set[str]:
        """The pairs that stand in any of the given texts."""
        return set().union(*(self._sets[index] for index in indexes))

    def likeness(self, one: set[str], other: set[str]) -> float:
        """0 … 1: cosine of the two vocabularies, pairs weighted by rarity."""
        squares = self._squares
        norms = sum(map(squares.__getitem__, one)) * sum(map(squares.__getitem__, other))
        return sum(map(squares.__getitem__, one & other)) / math.sqrt(norms) if norms else 0.0

    def total(self, words: str | Collection[str]) -> float:
        """All the weight a short text (or its pairs) has; what :meth:`overlap` can reach at most."""
        return sum(self.weight(pair) for pair in _as_pairs(words))

    def overlap(self, words: str | Collection[str], bag: Container[str]) -> float:
        """How much of a short text's (or its pairs') weight the bag has, not normalised."""
        return sum(self.weight(pair) for pair in _as_pairs(words) if pair in bag)

    def line(self, index: int) -> dict[str, None]:
        """The pairs of one of the given texts."""
        return self._sets[index]

    def seam(self, left: str, right: str) -> float:
        """How well two edges fit: 3 when a word of the dictionary lies over the seam, 2 when the
        page has the three characters over it elsewhere, 1 when it has the two, 0 when nothing is
        known."""
        if not (_RUNS.fullmatch(left[-1:]) and _RUNS.fullmatch(right[:1])):
            return 0.0
        if _word_over(left[-6:], right[:6]):
            return 3.0
        triples = [left[-2:] + right[:1], left[-1:] + right[:2]]
        if any(len(t) == 3 and self._edges.get(t, 0) for t in triples):
            return 2.0
        return 1.0 if self._edges.get(left[-1] + right[0], 0) else 0.0


def _as_pairs(words: str | Collection[str]) -> Iterable[str]:
    return sorted(pairs(words)) if isinstance(words, str) else words


@lru_cache(maxsize=4096)
def _word_over(left: str, right: str) -> bool:
    return any(a < len(left) < b for _, a, b in default_segmenter().tokens(left + right))
