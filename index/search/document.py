"""A story as the search index keeps it: its terms, the weight of its words, its columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from operator import add

from ..annotation import Annotation
from ..segment import Segmenter
from ..story import Story
from .folding import fold
from .postings import BYLINE, Fields
from .snapshot import NO_STAMP, key_of

_HEAD = ("kicker", "headline", "deck")
_WEIGHTS = {"headline": 4, "kicker": 2, "deck": 2}
"""A word of the headline counts four times, one of kicker or deck twice; everything else once."""


def story_parts(story: Story) -> list[tuple[str, str]]:
    """Everything of a story that can be found, as (field, text), in the order of reading."""
    byline = story.byline
    named = (*byline.people(), *byline.organisations, *byline.editors)
    unprinted = [name for name in dict.fromkeys(named) if name not in byline.raw]
    parts = [("kicker", story.kicker), ("headline", story.headline), ("deck", story.deck)]
    parts += [("body", paragraph.text) for paragraph in story.paragraphs]
    parts += [("caption", text) for p in story.pictures for text in (p.caption, p.credit)]
    parts += [("byline", line) for line in (*byline.raw.split("\n"), *unprinted)]
    parts.append(("source", story.source))
    return [(field, text) for field, text in parts if text.strip()]


def story_fields(
    story: Story, annotation: Annotation | None, segmenter: Segmenter, stamp: str = NO_STAMP
) -> Fields:
    """What :meth:`~.postings.Writer.add_story` takes. Without an annotation no filter finds the story."""
    about = annotation or Annotation()
    parts = story_parts(story)
    folded = [(field, fold(text)) for field, text in parts]
    words, length = _words(folded, segmenter)
    terms: dict[str, Iterable[str]] = {
        "id": (story.id,),
        "pair": _pairs(text for _, text in folded),
        "head": _pairs(text for field, text in folded if field in _HEAD),
        "sign": _pairs(text for field, text in folded if field == "byline"),
        "county": dict.fromkeys(about.counties),
        "area": _areas(about),
        "theme": dict.fromkeys(about.themes),
        "source": (story.source,) if story.source else (),
        "day": (story.published.isoformat(),) if story.published else (),
        "flag": ("relevant",) if about.relevant else (),
    }
    shown = {
        "headline": story.headline,
        "published": story.published.isoformat() if story.published else None,
        "source": story.source,
        "counties": about.counties,
        "themes": about.themes,
        "parts": parts,
    }
    columns = {
        "key": key_of(story.published, length, stamp, story.id),
        "text": b"\n".join(
            (BYLINE if field == "byline" else b"") + text.encode("utf-8", "surrogatepass")
            for field, text in folded
        ),
        "shown": json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogatepass"),
    }
    return terms, words, columns


def is_word(word: str) -> bool:
    """Whether the segmenter's piece is more than punctuation and spaces."""
    return word.isalnum() or any(map(str.isalnum, word))


def _words(folded: Iterable[tuple[str, str]], segmenter: Segmenter) -> tuple[dict[str, int], int]:
    """Word → weight of 1 to 255 (what a byte holds), and the number of words."""
    by_weight: dict[int, list[str]] = {}
    for field, text in folded:
        by_weight.setdefault(_WEIGHTS.get(field, 1), []).append(text)
    words: dict[str, int] = {}
    length = 0
    for weight, texts in sorted(by_weight.items()):
        counted = Counter(segmenter.cut("\n".join(texts)))
        for other in [word for word in counted if not is_word(word)]:
            del counted[other]
        length += counted.total()
        if words or weight > 1:
            for word, count in counted.items():
                words[word] = words.get(word, 0) + weight * count
        else:
            words = counted
    if words and max(words.values()) > 255:
        words = {word: min(weight, 255) for word, weight in words.items()}
    return words, length


def _pairs(texts: Iterable[str]) -> set[str]:
    """All single characters and all pairs of neighbours."""
    pairs: set[str] = set()
    for text in texts:
        pairs.update(text)
        pairs.update(map(add, text, text[1:]))
    return pairs


def _areas(about: Annotation) -> dict[str, None]:
    codes = [code for code in (*about.counties, about.city, about.province) if code]
    return dict.fromkeys(area for c in codes for area in (c, c[:4] + "00", c[:2] + "0000"))
