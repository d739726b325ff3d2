"""Marking: text cut into pieces, so that templates show where the evidence stands, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...index.annotation import Annotation, Evidence
from ...index.story import Story


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of text. ``about`` is what it is evidence for (county, theme …), empty for plain text."""

    text: str
    about: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph in pieces."""

    pieces: tuple[Marked, ...]
    subhead: bool


def marked(text: str, evidence: Iterable[Evidence], start: int = 0) -> tuple[Marked, ...]:
    """``text``, which begins at ``start`` of its field, with the evidence in it marked.

    Where two pieces of evidence overlap, the first character decides: the heavier one that begins
    there is shown.
    """
    end = start + len(text)
    inside = [
        one for one in evidence if one.start < end and one.end > start and one.end > one.start
    ]
    inside.sort(key=lambda one: (one.start, -abs(one.weight), -one.end))
    return tuple(_pieces(text, inside, start, end))


def _pieces(text: str, inside: list[Evidence], start: int, end: int) -> Iterator[Marked]:
    at = start
    for one in inside:
        first, last = max(one.start, at), min(one.end, end)
        if first >= last:
            continue
        if first > at:
            yield Marked(text[at - start : first - start])
        yield Marked(text[first - start : last - start], one.about, one.rule)
        at = last
    if at < end:
        yield Marked(text[at - start :])


def speaking(about: Annotation | None) -> tuple[Evidence, ...]:
    """The evidence for what was decided: not what was considered and left."""
    if about is None:
        return ()
    wanted = {*about.counties, *about.themes, about.city or ""} - {""}
    return tuple(
        one
        for one in about.evidence
        if one.weight > 0
        and one.rule not in ("runner-up", "by-editor")
        and (one.value in wanted or one.about == "relevance")
    )


def marked_field(story: Story, about: Annotation | None, field: str) -> tuple[Marked, ...]:
    """A field of one line, marked."""
    return marked(getattr(story, field), [one for one in speaking(about) if one.field == field])


def marked_body(story: Story, about: Annotation | None) -> tuple[MarkedParagraph, ...]:
    """The body, marked. Evidence counts its places in :attr:`Story.body`."""
    evidence = [one for one in speaking(about) if one.field == "body"]
    at, done = 0, []
    for paragraph in story.paragraphs:
        pieces = marked(paragraph.text, evidence, at)
        done.append(MarkedParagraph(pieces, paragraph.subhead))
        at += len(paragraph.text) + 1
    return tuple(done)
