"""What an editor changed, by sentence: the trail shows it, and so does the desk.

Sentences are matched by their likeness, so that a sentence with one figure changed is *changed*, with
the words marked, and not one removed and one added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from ..index.limits import DIFFERENCE_SENTENCES

Kind = Literal["same", "added", "removed", "changed"]

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]+[”’」』）)]*|[^。！？!?；;\n]+|\n")
_ALIKE = 0.5
"""Share of characters in common from which two sentences are one sentence changed."""
_PIECE = re.compile(r"\d[\d,.]*%?|[A-Za-z]+|.", re.S)


class Mark(NamedTuple):
    """Characters ``start`` to ``end`` of a sentence that the other side does not have."""

    start: int
    end: int
    figure: bool
    """A figure or a percentage is among them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence: ``before`` in the original, ``after`` in the edited text; either may be empty.

    ``paragraph`` is the paragraph (from 0) that it stands in, in the edited text, or in the original
    when it was removed.
    """

    kind: Kind
    before: str
    after: str
    paragraph: int
    marks_before: tuple[Mark, ...] = ()
    marks_after: tuple[Mark, ...] = ()


def sentences(text: str) -> list[str]:
    """The sentences of a text, paragraph breaks left out; clauses ended by ； stand alone."""
    return [sentence for sentence, _ in _placed(text)]


def difference(original: str, edited: str) -> list[Part]:
    """The edited text against the original, sentence by sentence in reading order.

    Texts of more than :data:`~.limits.DIFFERENCE_SENTENCES` sentences are compared by paragraph.
    """
    before, after = _placed(original), _placed(edited)
    if max(len(before), len(after)) > DIFFERENCE_SENTENCES:
        before, after = _paragraphs(original), _paragraphs(edited)
    matcher = SequenceMatcher(
        None, [one.strip() for one, _ in before], [one.strip() for one, _ in after], autojunk=False
    )
    parts: list[Part] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            parts += [
                Part("same", b[0], a[0], a[1])
                for b, a in zip(before[i:i_end], after[j:j_end], strict=True)
            ]
        else:
            parts += _replaced(before[i:i_end], after[j:j_end])
    return parts


def _replaced(
    before: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]
) -> Iterator[Part]:
    """Sentences that differ: the alike ones are paired, in order, the likest first."""
    at = 0
    for sentence, paragraph in after:
        best, place = 0.0, -1
        for n in range(at, len(before)):
            likeness = _likeness(before[n][0], sentence)
            if likeness > best:
                best, place = likeness, n
        if best < _ALIKE:
            yield Part("added", "", sentence, paragraph)
            continue
        yield from (Part("removed", words, "", where) for words, where in before[at:place])
        yield _marked(before[place][0], sentence, paragraph)
        at = place + 1
    yield from (Part("removed", words, "", where) for words, where in before[at:])


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def _marked(before: str, after: str, paragraph: int) -> Part:
    own, new = _PIECE.findall(before), _PIECE.findall(after)
    left: list[Mark] = []
    right: list[Mark] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, own, new, autojunk=False).get_opcodes():
        if tag != "equal":
            left += _mark(own, i, i_end)
            right += _mark(new, j, j_end)
    return Part("changed", before, after, paragraph, tuple(left), tuple(right))


def _mark(pieces: Sequence[str], start: int, end: int) -> list[Mark]:
    if start == end:
        return []
    at = sum(map(len, pieces[:start]))
    figure = any(piece[0].isdigit() or piece in _CHINESE_DIGITS for piece in pieces[start:end])
    return [Mark(at, at + sum(map(len, pieces[start:end])), figure)]


_CHINESE_DIGITS = frozenset("〇零一二两三四五六七八九十百千万亿")


def _placed(text: str) -> list[tuple[str, int]]:
    """Sentences with their paragraphs."""
    found: list[tuple[str, int]] = []
    paragraph = 0
    for match in _SENTENCE.finditer(text):
        if match.group() == "\n":
            paragraph += 1
        elif match.group().strip():
            found.append((match.group().strip(), paragraph))
    return found


def _paragraphs(text: str) -> list[tuple[str, int]]:
    return [(line.strip(), n) for n, line in enumerate(text.split("\n")) if line.strip()]
