"""What the crawl's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from . import killing


@pytest.fixture
def quick_crawls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawls whose process is forked instead of started: the same code, without seven hundred
    milliseconds of imports. For tests that look at many evenings in a row."""
    if os.name == "posix":
        monkeypatch.setattr("jianbao.crawler.crawl._worker", killing.quick_worker)


@pytest.fixture(scope="module")
def quick_module() -> Iterator[None]:
    """The same for the fixtures of a whole module."""
    with pytest.MonkeyPatch.context() as patch:
        if os.name == "posix":
            patch.setattr("jianbao.crawler.crawl._worker", killing.quick_worker)
        yield
