"""Own pages in the shapes and with the traps of real ones, each beside what a reader would take from it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jianbao.crawler.article import Extraction, StoryIsRefused, extract
from jianbao.crawler.webpage import Page

_PAGES = Path(__file__).parent / "pages"
_TODAY = date(2026, 11, 22)
_ROLES = ("reporters", "correspondents", "authors", "organisations")
_STORIES = sorted(
    path.stem for path in _PAGES.glob("*.html") if "-no-" not in path.stem or "day" in path.stem
)
_NO_STORIES = sorted({path.stem for path in _PAGES.glob("*.html")} - set(_STORIES))


def expected(stem: str) -> dict[str, Any]:
    return json.loads((_PAGES / f"{stem}.json").read_text(encoding="utf-8"))


def read(stem: str) -> Extraction:
    page = Page.from_bytes((_PAGES / f"{stem}.html").read_bytes(), expected(stem)["url"])
    return extract(page, today=_TODAY)


@pytest.mark.parametrize("stem", _STORIES)
def test_a_page_gives_what_a_reader_would_take_from_it(stem: str) -> None:
    wanted, found = expected(stem), read(stem)
    assert found.headline == wanted["headline"]
    assert found.published == (
        date.fromisoformat(wanted["published"]) if wanted["published"] else None
    )
    if wanted["source"] is not None:
        assert found.source == wanted["source"]
    assert list(found.byline.editors) == wanted["editors"]
    assert [paragraph.text for paragraph in found.paragraphs] == wanted["paragraphs"]
    if "captions" in wanted:
        assert [picture.caption for picture in found.pictures] == wanted["captions"]
    for role in _ROLES:
        assert list(getattr(found.byline, role)) == wanted.get(role, []), role
    for name in ("family", "home"):
        assert getattr(found, name) == wanted.get(name, getattr(found, name))


@pytest.mark.parametrize("stem", _NO_STORIES)
def test_a_page_without_a_story_is_refused(stem: str) -> None:
    with pytest.raises(StoryIsRefused) as refused:
        read(stem)
    assert refused.value.reason in expected(stem)["refused"]


def test_there_are_pages_of_many_shapes() -> None:
    assert len(_STORIES) >= 40
    assert len(_NO_STORIES) >= 5
