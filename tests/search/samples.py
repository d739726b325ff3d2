"""Stories for the search tests and the benchmark: our own sample stories, and recombinations of them."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jianbao.index.annotation import Annotation
from jianbao.index.story import Byline, Paragraph, Picture, Story, story_id

Annotated = tuple[Story, Annotation]


@lru_cache(maxsize=1)
def sample_stories() -> tuple[Annotated, ...]:
    """Every sample story of the county web, annotated with its gold."""
    folder = files("jianbao.desk.countyweb") / "stories"
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    tables = [t for path in paths for t in tomllib.loads(path.read_text("utf-8"))["story"]]
    return tuple(_story(table) for table in tables)


def _story(table: dict[str, Any]) -> Annotated:
    byline = Byline(
        raw=table["byline"],
        reporters=tuple(table["reporters"]),
        correspondents=tuple(table["correspondents"]),
        authors=tuple(table["authors"]),
        photographers=tuple(table["photographers"]),
        organisations=tuple(table["organisations"]),
        editors=(table["editor"],) if table["editor"] else (),
    )
    story = Story(
        id=story_id(table["slug"]),
        headline=table["headline"],
        kicker=table["kicker"],
        deck=table["deck"],
        paragraphs=tuple(
            Paragraph(text.removeprefix("## "), subhead=text.startswith("## "))
            for text in table["paragraphs"]
        ),
        pictures=tuple(Picture(c["text"], c["credit"]) for c in table["captions"]),
        byline=byline,
        source=table["source"],
        published=table["published"],
        page=table["page"],
    )
    about = Annotation(
        counties=tuple(table["counties"]),
        city=table["city"] or None,
        province="140000",
        themes=tuple(table["themes"]),
        relevant=table["relevant"],
    )
    return story, about


def recombined(count: int, *, seed: int = 20261103) -> Iterator[Annotated]:
    """``count`` stories: one's headline and annotation, the paragraphs of three, over two years."""
    dice = random.Random(seed)  # noqa: S311 - the same stories in every run
    samples = sample_stories()
    paragraphs = [p for story, _ in samples for p in story.paragraphs]
    first = date(2024, 12, 2)
    for number in range(count):
        story, about = dice.choice(samples)
        body = dice.sample(paragraphs, k=dice.randint(3, 8))
        yield (
            Story(
                id=story_id("recombined", str(seed), str(number)),
                headline=story.headline,
                kicker=story.kicker,
                deck=story.deck,
                paragraphs=(story.paragraphs[0], *body),
                pictures=story.pictures,
                byline=story.byline,
                source=story.source,
                published=first + timedelta(days=dice.randrange(720)),
            ),
            about,
        )
