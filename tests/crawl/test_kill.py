"""Killed at any moment, a crawl goes on without losing or doubling a story."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlReport, CrawlSettings, crawl
from jianbao.crawler.sources import load_sources
from jianbao.desk.countyweb.dataset import load_stories
from jianbao.desk.countyweb.server import serve_countyweb, write_sources
from jianbao.index.store import Store, WriterIsBusy

from .odd_site import now, stored

_CRAWL = """
import sys
from pathlib import Path
from tests.crawl.test_kill import read
read(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def read(folder: Path, sources: Path) -> CrawlReport:
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")
    return crawl(load_sources(sources), folder / "store.db", clock=now, settings=settings)


def wait_until_free(path: Path) -> None:
    """The crawl's process sees that its caller is gone and ends by itself, within seconds."""
    for _ in range(200):
        try:
            Store.open(path, clock=now, writer="test").close()
        except WriterIsBusy:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the crawl went on without its caller")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX systems")
@pytest.mark.parametrize("whole_group", [False, True], ids=["the command", "both processes"])
def test_a_killed_crawl_ends_like_an_undisturbed_one(tmp_path: Path, whole_group: bool) -> None:
    rng = random.Random(os.urandom(8))  # noqa: S311 - the moment must differ from run to run
    # A third of the stories: the moment is what matters, and the crawl runs twice.
    with serve_countyweb(stories=load_stories()[::3]) as web:
        write_sources(tmp_path / "sources", web.addresses)
        (tmp_path / "killed").mkdir()
        moment = rng.randrange(3, len(web.stories))
        process = subprocess.Popen(
            [sys.executable, "-c", _CRAWL, str(tmp_path / "killed"), str(tmp_path / "sources")],
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        while process.poll() is None and len(web.requests) < moment * 2:
            time.sleep(0.005)
        print(f"killed after {len(web.requests)} requests")
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        wait_until_free(tmp_path / "killed" / "store.db")
        before = {story.id for story in stored(tmp_path / "killed")}
        report = read(tmp_path / "killed", tmp_path / "sources")
        assert report.problems == ()
        assert report.changed == 0
        assert before <= {story.id for story in stored(tmp_path / "killed")}
        assert len(before) + report.new == len(web.stories)
        wanted = sorted((story.site, story.headline) for story in web.stories)
        taken = sorted((story.source_id, story.headline) for story in stored(tmp_path / "killed"))
        assert taken == wanted
