"""A second extractor: readability (the algorithm of Arc90, in its port to lxml).

It sees the body only. It is the last resort where our own rules find nothing, and a witness
otherwise: where it sees another body, one of the two is wrong, and a person should look. It is no
gate: on real pages it was itself the one in the wrong more often.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue] - compiled

from .webpage import Block, Page, blocks_of

_AGREE: Final = 0.7  # F1 of the two bodies; below it one page in ten of those measured lies
_GRAM: Final = 5


def readable_blocks(page: Page) -> list[Block]:
    """The body as readability sees it; nothing when it sees none."""
    # It is loaded only where it is asked: most pages never need it.
    from readability import Document
    from readability.readability import Unparseable

    try:
        summary = Document(etree.tostring(page.tree, encoding="unicode")).summary(html_partial=True)
        return blocks_of(html.fragment_fromstring(f"<div>{summary}</div>"), page)
    except (Unparseable, etree.ParserError, ValueError, TypeError, AttributeError, RecursionError):
        return []


def doubt_about(page: Page, paragraphs: Sequence[str]) -> str:
    """What is said when the second extractor sees another body; empty when the two agree."""
    theirs = "".join(block.text for block in readable_blocks(page))
    if not theirs:
        return "readability sees no body"
    likeness = _likeness("".join(paragraphs), theirs)
    return "" if likeness >= _AGREE else f"readability sees another body (F1 {likeness:.2f})"


def _likeness(one: str, other: str) -> float:
    """F1 of the multisets of five-character strings."""
    first, second = _grams(one), _grams(other)
    both = sum((first & second).values())
    return 2 * both / max(1, sum(first.values()) + sum(second.values()))


def _grams(text: str) -> Counter[str]:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return Counter(plain[at : at + _GRAM] for at in range(len(plain) - _GRAM + 1))
