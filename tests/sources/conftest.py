"""What the registry's tests share: the command line, an office, a town of sites and a visitor for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jianbao.crawler.visitor import Visitor, visiting
from jianbao.desk.countyweb.dataset import load_stories
from jianbao.desk.countyweb.server import CountyWeb

from ..desk.conftest import Jianbao, Ran, jianbao, office
from .town import Town, serve_town

__all__ = ["Jianbao", "Ran", "jianbao", "office"]

AGENT = "jianbao/test (+https://jianbao.example/bot)"


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """The sample county web and whatever sites a test builds, behind one address."""
    web = CountyWeb(load_stories())
    web.publish(None)
    with serve_town(web) as running:
        yield running


@pytest.fixture(scope="module")
def _process(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    log = tmp_path_factory.mktemp("look") / "look.log"
    with visiting(user_agent=AGENT, log=log, delay=0.01, loopback=town.address) as visitor:
        yield visitor


@pytest.fixture
def visitor(_process: Visitor) -> Visitor:
    """A visitor of the town that has asked for nothing yet; the fetching process is shared."""
    return _process.anew()
