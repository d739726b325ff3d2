"""What the registry's tests share: the command line, an office, a visitor for a site on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from jianbao.crawler.visitor import Visitor, visiting

from ..desk.conftest import Jianbao, Ran, jianbao, office

__all__ = ["Jianbao", "Ran", "jianbao", "office"]

Visiting = Callable[[str], AbstractContextManager[Visitor]]


@pytest.fixture
def look(tmp_path: Path) -> Visiting:
    """A visitor of the site that is served at an address of this machine."""

    @contextmanager
    def open_one(loopback: str) -> Iterator[Visitor]:
        agent = "jianbao/test (+https://jianbao.example/bot)"
        with visiting(
            user_agent=agent, log=tmp_path / "look.log", delay=0.01, loopback=loopback
        ) as visitor:
            yield visitor

    return open_one
