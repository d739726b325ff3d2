"""One annotator for all tests of this folder: building it reads jieba's dictionary."""

from __future__ import annotations

import pytest

from jianbao.index.annotate import Annotator
from jianbao.index.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return Annotator()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()
