"""Keywords 关键词: five words of the story that say what it is about.

jieba's TF-IDF table gives a word's rarity; Party-building terms and words of the headline weigh more.
Names of places are left out: the county is the annotation's. Every keyword stands in the story.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from .fastcut import JIEBA
from .gazetteer import Gazetteer
from .normalise import fold_characters
from .segment import TERMS, Segmenter, read_words
from .story import Story

COUNT = 5
HEADLINE, DECK, TERM = 4.0, 2.0, 1.6
"""A word of the headline counts four times, of kicker or deck twice; a domain term 1.6 times."""
COMMON = 5.5
"""A word of lower IDF (进行 4.2, 工作 3.5) is in too many texts to say anything."""
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[\u3400-\u9fff]{2,}")
_COUNTED = re.compile(r"[一二三四五六七八九十百千万亿两几半多每第零〇]")
_SCRAPED = frozenset("了着过的得地们么吗呢吧啊里上下起来去那这")
"""A word that begins or ends with one of these is a turn of phrase (坐下来, 孩子们), no subject."""


def keywords(story: Story, segmenter: Segmenter) -> tuple[str, ...]:
    """At most five words of two or more Chinese characters, the most telling first."""
    body = segmenter.cut(fold_characters(story.body))
    weights: defaultdict[str, float] = defaultdict(float)
    for weight, text in ((HEADLINE, story.headline), (DECK, story.kicker), (DECK, story.deck)):
        for word in segmenter.cut(fold_characters(text)):
            weights[word] += weight
    for word in body:
        weights[word] += 1.0
    for name in _given_names(body):
        weights.pop(name, None)
    rarity, usual = _rarity()
    terms, places = _terms(), _places()
    scores: dict[str, float] = {}
    for word, weight in weights.items():
        if not _WORD.fullmatch(word) or word in places:
            continue
        if word in terms:
            scores[word] = (1 + math.log(weight)) * rarity.get(word, usual) * TERM
        elif (
            rarity.get(word, 0.0) >= COMMON
            and not _COUNTED.match(word)
            and not _SCRAPED & {word[0], word[-1]}
            and word[0] != word[1]
        ):
            scores[word] = (1 + math.log(weight)) * rarity[word] * (1.0 if weight > 1 else 0.5)
    chosen: list[str] = []
    for word in sorted(scores, key=lambda word: (-scores[word], word)):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == COUNT:
            break
    return tuple(chosen)


def _given_names(words: Sequence[str]) -> set[str]:
    """Words that stand more than once and always behind the same single character: 满仓 in 阎满仓."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    for left, word in pairwise(words):
        before[word].append(left)
    return {
        word
        for word, found in before.items()
        if len(found) > 1 and len(set(found)) == 1 and _HAN.fullmatch(found[0])
    }


@lru_cache(maxsize=1)
def _rarity() -> tuple[dict[str, float], float]:
    """jieba's table of IDF, and its median, which stands for words that it does not have."""
    lines = (JIEBA / "analyse" / "idf.txt").read_text(encoding="utf-8").splitlines()
    table = {word: float(value) for word, value in (line.split(" ") for line in lines)}
    return table, sorted(table.values())[len(table) // 2]


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    return frozenset(read_words(TERMS))


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    table = Gazetteer.load()
    names = {name for place in table.units() for name in (place.name, place.short)}
    return frozenset(names | table.town_names().keys())
