"""The floors: what the annotator gets right on our own cases and on the sample county web."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.countyweb.dataset import SampleStory, load_stories
from jianbao.index.annotate import Annotator
from jianbao.index.annotation import Annotation
from jianbao.index.story import Byline, Paragraph, Story, story_id

from .measure import CASES, Figures, Gold, measure, read_cases

FLOORS = tomllib.loads((Path(__file__).parents[1] / "floors.toml").read_text(encoding="utf-8"))[
    "annotation"
]


def annotated(annotator: Annotator, record: dict[str, Any]) -> Annotation:
    found = annotator.annotate_record(record)
    return Annotation.from_json({key: found[key] for key in Annotation().to_json()})


@pytest.fixture(scope="module")
def on_cases(annotator: Annotator) -> Figures:
    return measure((gold, annotated(annotator, record)) for record, gold in read_cases())


SHAPES = {"board", "city-gov", "department", "founder", "media", "moving", "portal", "school"}
"""Sites of the county web whose stories and gold were written without a look at the rules."""


@pytest.fixture(scope="module")
def on_county_web(annotator: Annotator) -> Figures:
    return measured(annotator, [one for one in load_stories() if one.site not in SHAPES])


@pytest.fixture(scope="module")
def on_shapes(annotator: Annotator) -> Figures:
    return measured(annotator, [one for one in load_stories() if one.site in SHAPES])


def measured(annotator: Annotator, samples: Sequence[SampleStory]) -> Figures:
    pairs: list[tuple[Gold, Annotation]] = []
    for sample in samples:
        lines = [Paragraph(sample.place_line)] if sample.place_line else []
        story = Story(
            id=story_id(sample.slug),
            kicker=sample.kicker,
            headline=sample.headline,
            deck=sample.deck,
            paragraphs=(*lines, *sample.paragraphs),
            source=sample.source,
            published=sample.published,
            byline=Byline(organisations=sample.byline.organisations),
        )
        gold = Gold(sample.slug, sample.counties, sample.city, sample.themes, sample.relevant)
        pairs.append((gold, annotator.annotate(story)))
    return measure(pairs)


def test_the_floors_were_measured_on_these_cases() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in CASES)).hexdigest()
    assert digest == FLOORS["cases_sha256"], "the cases changed: measure again, then set the digest"


FIGURES = ["county_exact", "precision", "recall", "city", "relevance", "theme_f1", "primary"]


@pytest.mark.parametrize("figure", FIGURES)
def test_our_own_cases_stay_above_their_floor(on_cases: Figures, figure: str) -> None:
    assert getattr(on_cases, figure) >= FLOORS["cases"][figure], on_cases


def test_none_of_our_own_cases_gets_a_county_or_is_let_in_without_reason(
    on_cases: Figures,
) -> None:
    assert on_cases.over_attributed <= FLOORS["cases"]["most_over_attributed"]
    assert on_cases.irrelevant_let_in <= FLOORS["cases"]["most_irrelevant_let_in"]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_county_web_stays_above_its_floor(on_county_web: Figures, figure: str) -> None:
    assert getattr(on_county_web, figure) >= FLOORS["county_web"][figure], on_county_web


@pytest.mark.parametrize("figure", FIGURES)
def test_the_further_sites_of_the_county_web_stay_above_theirs(
    on_shapes: Figures, figure: str
) -> None:
    assert getattr(on_shapes, figure) >= FLOORS["county_web_shapes"][figure], on_shapes


def test_every_kind_of_trap_is_among_the_cases() -> None:
    kinds = {kind for record, _ in read_cases() for kind in record["traps"]}
    assert kinds >= set(FLOORS["traps"])
    assert len(read_cases()) >= 640


def test_the_same_story_gives_the_same_annotation(annotator: Annotator) -> None:
    again = Annotator()
    assert again.rules == annotator.rules
    for record, _ in read_cases()[::10]:
        assert annotator.annotate_record(record) == again.annotate_record(record)
