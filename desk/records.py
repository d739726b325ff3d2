"""A story as plain data, for ``--json``; and as text, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..index.annotation import Annotation, Evidence
from ..index.gazetteer import Gazetteer
from ..index.keywords import keywords
from ..index.lead import lead
from ..index.search import Hint, Results
from ..index.segment import Segmenter
from ..index.story import BYLINE_ROLES, Byline, Story
from ..index.themes import Themes
from .console import plain

ABOUT = {
    "county": "county",
    "mentioned": "mentioned",
    "city": "city",
    "theme": "theme",
    "relevance": "relevant",
}


def story_record(
    story: Story, annotation: Annotation | None, first: str, segmenter: Segmenter
) -> dict[str, Any]:
    """The record that ``jianbao stories --json`` prints; ``docs/records.md`` describes it.

    ``captions`` are the words printed at each picture: its caption, or its credit where that is all
    (资料图片). ``paragraphs`` are the body's lines in order; ``subheads`` are the places of those that are
    subheads, counted from 0. What annotation would say is ``null`` before ``jianbao index``.
    """
    about = annotation.to_json() if annotation else dict.fromkeys(Annotation().to_json())
    return {
        "id": story.id,
        "kicker": story.kicker,
        "headline": story.headline,
        "deck": story.deck,
        "paragraphs": [one.text for one in story.paragraphs],
        "subheads": [n for n, one in enumerate(story.paragraphs) if one.subhead],
        "captions": [
            one.caption or one.credit for one in story.pictures if one.caption or one.credit
        ],
        "pictures": [
            {"caption": p.caption, "credit": p.credit, "url": p.url} for p in story.pictures
        ],
        "byline": byline_record(story.byline),
        "source": story.source,
        "published": story.published.isoformat() if story.published else None,
        "page": story.page,
        "url": story.url,
        "rights": story.rights,
        "first": first,
        "keywords": list(keywords(story, segmenter)),
        "lead": [
            {
                "text": one.text(story.paragraphs),
                "paragraph": one.paragraph,
                "start": one.start,
                "end": one.end,
            }
            for one in lead(story.paragraphs)
        ],
        **about,
        "repairs": [{"kind": r.kind, "text": r.text, "line": r.line} for r in story.repairs],
    }


def byline_record(byline: Byline) -> dict[str, Any]:
    """``raw`` and a list of names for every role."""
    return {"raw": byline.raw, **{role: list(getattr(byline, role)) for role in BYLINE_ROLES}}


def results_record(results: Results, offered: Sequence[Hint] = ()) -> dict[str, Any]:
    """What ``jianbao search --json`` prints: all of it in one object."""
    return {
        "total": results.total,
        "hits": [
            {
                "id": hit.story_id,
                "headline": hit.headline,
                "published": hit.published.isoformat() if hit.published else None,
                "source": hit.source,
                "counties": list(hit.counties),
                "themes": list(hit.themes),
                "excerpt": "".join(text for text, _ in hit.excerpt),
                "marks": _marks(hit.excerpt),
                "score": hit.score,
            }
            for hit in results.hits
        ],
        "facets": {
            name: {one.value: one.count for one in getattr(results.facets, name)}
            for name in ("cities", "counties", "themes", "sources", "weeks")
        },
        "hints": [{"why": hint.why, "query": hint.line} for hint in offered],
    }


def _marks(pieces: Sequence[tuple[str, bool]]) -> list[list[int]]:
    """Start and end, in characters of the excerpt, of what was found."""
    marks: list[list[int]] = []
    at = 0
    for text, marked in pieces:
        if marked:
            marks.append([at, at + len(text)])
        at += len(text)
    return marks


def story_lines(story: Story) -> Iterator[str]:
    """The story for a person: headline block, source line, byline, body, pictures."""
    yield from (plain(line) for line in (story.kicker, story.headline, story.deck) if line)
    day = story.published.isoformat() if story.published else "date unknown"
    place = f"page {story.page}" if story.page else ""
    yield plain(
        " · ".join(part for part in (story.id, story.source, day, place, story.url) if part)
    )
    for role in BYLINE_ROLES:
        if names := getattr(story.byline, role):
            yield f"  {role}: {plain(' '.join(names))}"
    for one in story.paragraphs:
        yield ("\n## " if one.subhead else "\n") + plain(one.text)
    for picture in story.pictures:
        yield "\n[picture] " + plain(f"{picture.caption} {picture.credit}".strip())


def digest_lines(story: Story, segmenter: Segmenter) -> Iterator[str]:
    """The keywords, and the lead with the paragraphs (from 1) that its sentences stand in."""
    yield f"keywords: {plain(' '.join(keywords(story, segmenter)))}"
    for one in lead(story.paragraphs):
        place = f"paragraph {one.paragraph + 1}, {one.start}–{one.end}"
        yield f"lead: {plain(one.text(story.paragraphs).strip())} ({place})"


def repair_lines(story: Story) -> Iterator[str]:
    """What was done to the source's text, one repair a line."""
    for repair in story.repairs:
        where = f"line {repair.line}" if repair.line else ""
        yield f"  {repair.kind:17} {where:9} {plain(repair.text)}"


def annotation_lines(annotation: Annotation, gazetteer: Gazetteer, themes: Themes) -> Iterator[str]:
    """What a story is about, and every reason."""
    counties = " ".join(gazetteer.full_name(code) for code in annotation.counties)
    yield f"county: {counties or annotation.level}"
    if annotation.city and not annotation.counties:
        yield f"city: {gazetteer.full_name(annotation.city)}"
    if annotation.mentioned:
        yield "mentioned only: " + " ".join(
            gazetteer.full_name(code) for code in annotation.mentioned
        )
    yield "themes: " + (" ".join(themes.name(slug) or slug for slug in annotation.themes) or "none")
    yield f"relevant: {'yes' if annotation.relevant else 'no'} ({annotation.reason})"
    if beaten := list(_runners_up(annotation, gazetteer, themes)):
        yield "runners-up: " + "  ".join(beaten)
    for one in annotation.evidence:
        if one.rule == "runner-up":
            continue
        if one.rule == "by-editor":
            yield f"  {ABOUT[one.about]:9} {_value(one, gazetteer, themes) or 'none':14} by the editor, {plain(one.words)}"
            continue
        yield f"  {ABOUT[one.about]:9} {_value(one, gazetteer, themes):14} {one.weight:+6.1f}  “{plain(one.words)}” in {one.field} {one.start}–{one.end}: {one.rule}"


def _runners_up(annotation: Annotation, gazetteer: Gazetteer, themes: Themes) -> Iterator[str]:
    """What was considered and not taken: other bearers of a name, counties with less weight, themes."""
    weights: dict[str, float] = {}
    for one in annotation.evidence:
        if one.about == "mentioned" and one.weight > 0:
            weights[one.value] = weights.get(one.value, 0.0) + one.weight
    for code, weight in weights.items():
        yield f"{gazetteer.full_name(code)} {weight:+.1f}"
    for one in annotation.evidence:
        if one.rule == "runner-up":
            weight = f"{one.weight:+.1f}" if one.weight else f"also has “{plain(one.words)}”"
            yield f"{_value(one, gazetteer, themes)} {weight}"


def _value(evidence: Evidence, gazetteer: Gazetteer, themes: Themes) -> str:
    if evidence.about == "theme":
        return themes.name(evidence.value) or evidence.value
    if evidence.about == "relevance":
        return evidence.value
    return gazetteer.full_name(evidence.value) or evidence.value
