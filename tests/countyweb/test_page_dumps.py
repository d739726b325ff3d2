"""The damaged newspaper page of the sample web comes out as its stories."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from jianbao.crawler.pagetext import split_page
from jianbao.desk.countyweb.dataset import SampleStory, load_page_gold
from jianbao.index.story import Byline

ROLES = ("reporters", "correspondents", "authors", "photographers", "organisations")


@pytest.fixture(scope="module")
def page() -> tuple[str, tuple[SampleStory, ...]]:
    with as_file(files("jianbao.desk.countyweb").joinpath("pages")) as folder:
        text = Path(folder, "page-3.txt").read_text(encoding="utf-8")
        return text, load_page_gold(Path(folder, "page-3.toml"))


def people(byline: Byline) -> dict[str, tuple[str, ...]]:
    return {role: getattr(byline, role) for role in ROLES}


def test_a_damaged_page_gives_its_stories(page: tuple[str, tuple[SampleStory, ...]]) -> None:
    text, gold = page
    found = split_page(text).stories(source=gold[0].source, published=date(2026, 11, 20), page="3")
    assert [one.headline for one in found] == [one.headline for one in gold]
    for story, wanted in zip(found, gold, strict=True):
        assert (story.kicker, story.deck) == (wanted.kicker, wanted.deck)
        assert story.paragraphs == wanted.paragraphs
        assert people(story.byline) == people(wanted.byline)
        captions = [(one.caption, one.credit) for one in story.pictures]
        assert captions == [(one.text, one.credit) for one in wanted.captions]


def test_the_page_is_damaged_in_every_way(page: tuple[str, tuple[SampleStory, ...]]) -> None:
    """Columns cut sentences, captions stand between, one headline is displaced, three kinds of byline."""
    text, gold = page
    lines = [line for line in text.splitlines() if line]
    whole = {one.text for story in gold for one in story.paragraphs}
    cut = [line for line in lines if any(line != one and line in one for one in whole)]
    assert len(cut) >= 4
    assert {story.byline_style for story in gold} == {"box", "lead", "tail"}
    assert lines.index(gold[2].headline) > max(
        lines.index(line) for line in lines if line in gold[2].paragraphs[-1].text
    )
    assert all(any(one.text in line for line in lines) for story in gold for one in story.captions)
