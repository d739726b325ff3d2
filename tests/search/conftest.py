"""One index of about 130 stories for all reading tests; tests that write build their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jianbao.index.search import SearchIndex
from jianbao.index.search.folding import fold
from jianbao.index.segment import Segmenter, default_segmenter
from jianbao.index.story import Story

from .samples import Annotated, recombined, sample_stories


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return default_segmenter()


@pytest.fixture(scope="session")
def stories() -> tuple[Annotated, ...]:
    return (*sample_stories(), *recombined(60))


@pytest.fixture(scope="session")
def index(
    tmp_path_factory: pytest.TempPathFactory,
    stories: tuple[Annotated, ...],
    segmenter: Segmenter,
) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("search") / "index"
    with SearchIndex.rebuild(folder, stories, segmenter) as built:
        yield built


@pytest.fixture(scope="session")
def texts(stories: tuple[Annotated, ...]) -> dict[str, list[str]]:
    """What plain substring search reads: every printed text of every story, folded."""
    return {story.id: [fold(text) for text in printed(story)] for story, _ in stories}


def printed(story: Story) -> list[str]:
    byline = story.byline
    return [
        story.kicker,
        story.headline,
        story.deck,
        *(paragraph.text for paragraph in story.paragraphs),
        *(text for picture in story.pictures for text in (picture.caption, picture.credit)),
        byline.raw,
        *byline.people(),
        *byline.organisations,
        *byline.editors,
        story.source,
    ]
