"""The lead 导语: the story's own first sentences, each with its place. No word of it is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .limits import EXCERPT_LEAST, EXCERPT_MOST
from .story import Paragraph

ELLIPSIS = "……"
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)]*|[^。！？!?]+")
_CLAUSE_END = "，、；：,;"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The characters ``start`` to ``end`` of a paragraph (both from 0). ``cut``: more of the sentence follows."""

    paragraph: int
    start: int
    end: int
    cut: bool = False

    def text(self, paragraphs: Sequence[Paragraph]) -> str:
        """The words themselves, with an ellipsis where they were cut."""
        words = paragraphs[self.paragraph].text[self.start : self.end]
        return words + ELLIPSIS if self.cut else words


def lead(paragraphs: Sequence[Paragraph]) -> tuple[Sentence, ...]:
    """Whole first sentences up to :data:`~.limits.EXCERPT_MOST` characters, subheads left out.

    Where they come to less than :data:`~.limits.EXCERPT_LEAST`, the next sentence is cut at its last
    clause that fits, or at the limit. A story with less text than that gives all it has.
    """
    kept: list[Sentence] = []
    used = 0
    for sentence in _sentences(paragraphs):
        length = sentence.end - sentence.start
        if kept and used >= EXCERPT_LEAST and sentence.paragraph != kept[-1].paragraph:
            break
        if used + length <= EXCERPT_MOST:
            kept.append(sentence)
            used += length
            continue
        if used < EXCERPT_LEAST:
            words = sentence.text(paragraphs)
            end = sentence.start + _clause(words, EXCERPT_MOST - used, EXCERPT_LEAST - used)
            kept.append(Sentence(sentence.paragraph, sentence.start, end, cut=True))
        break
    return tuple(kept)


def _sentences(paragraphs: Sequence[Paragraph]) -> Iterator[Sentence]:
    for number, paragraph in enumerate(paragraphs):
        if not paragraph.subhead:
            for match in _SENTENCE.finditer(paragraph.text):
                if match.group().strip():
                    yield Sentence(number, match.start(), match.end())


def _clause(words: str, most: int, least: int) -> int:
    """How many characters of a sentence that is too long: to its last clause that fits."""
    head = words[:most]
    end = max(head.rfind(mark) for mark in _CLAUSE_END)
    return end if end >= least else len(head)
