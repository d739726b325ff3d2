"""Killed at any moment, a crawl goes on without losing a story, doubling one, or asking twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlReport, CrawlSettings, crawl
from jianbao.crawler.sources import Source, load_sources
from jianbao.desk.countyweb.dataset import load_stories
from jianbao.desk.countyweb.server import CountyWeb, serve_countyweb, write_sources
from jianbao.index.store import Store, WriterIsBusy

from . import killing
from .odd_site import now, stored

KILLS = 30
SITES = ("county-gov", "department", "portal", "epaper", "feed", "board")
"""A list with pages, a list that a script fetches, stories of several pages, issues, a feed, a forum."""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="kill -9 is a signal of POSIX systems"
)
Asked = list[tuple[str, str]]


def read(folder: Path, sources: Sequence[Source]) -> CrawlReport:
    settings = CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log")
    return crawl(sources, folder / "store.db", clock=now, settings=settings)


def sources_of(web: CountyWeb, folder: Path) -> list[Source]:
    write_sources(folder, web.addresses)
    return [source for source in load_sources(folder) if source.id in SITES]


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


@dataclass
class Disturbed:
    """One store, filled by crawls that were killed; ``runs`` are what each of them asked."""

    folder: Path
    runs: list[Asked] = field(default_factory=list)

    def repeats(self) -> Counter[tuple[str, str]]:
        """What was asked in more than one run, without what a kill left unanswered: of each site the
        last address of a killed run."""
        asked = Counter(one for run in self.runs for one in set(run))
        for run in self.runs[:-1]:
            last = {site: (site, path) for site, path in run}
            asked.subtract(last.values())
        return Counter({one: count for one, count in asked.items() if count > 1})


def disturbed_until_killed(web: CountyWeb, folder: Path, sources: Sequence[Source], kills: int, rng: random.Random) -> tuple[Disturbed, int]:  # fmt: skip
    """Kills crawls into one folder at random moments until enough were killed or one ends by itself;
    then runs one to the end. Returns how many were killed."""
    folder.mkdir()
    done, killed, job = Disturbed(folder), 0, killing.job_of(folder, sources, now())
    ended = False
    while killed < kills and not ended:
        began = len(web.requests)
        started = killing.start(folder / "crawl.log")
        started.orders.write(job)
        started.orders.flush()
        process = started.process
        moment = rng.randrange(len(sources), 25 + 3 * len(sources))
        while process.is_alive() and len(web.requests) - began < moment:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.03)
        process.kill()
        process.join()
        started.orders.close()
        started.events.close()
        ended = process.exitcode == 0
        killed += not ended
        done.runs.append([(site, path) for site, path, _ in web.requests[began:]])
    began = len(web.requests)
    report = read(folder, sources)
    assert report.problems == ()
    assert report.changed == 0
    done.runs.append([(site, path) for site, path, _ in web.requests[began:]])
    return done, killed


def test_killed_thirty_times_a_crawl_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4), "big")  # the moments must differ from run to run
    rng = random.Random(seed)  # noqa: S311
    print(f"seed {seed}")
    with serve_countyweb(stories=load_stories()) as web:
        sources = sources_of(web, tmp_path / "sources")
        calm = tmp_path / "calm"
        calm.mkdir()
        assert read(calm, sources).problems == ()
        wanted = stored(calm)
        began = len(web.requests)
        assert read(calm, sources).new == 0
        every_time = {(site, path) for site, path, _ in web.requests[began:]}
        killed, folders = 0, 0
        while killed < KILLS:
            folders += 1
            folder = tmp_path / f"killed{folders}"
            done, more = disturbed_until_killed(web, folder, sources, KILLS - killed, rng)
            killed += more
            assert [one.to_json() for one in stored(folder)] == [one.to_json() for one in wanted]
            repeated = {one: n for one, n in done.repeats().items() if one not in every_time}
            assert repeated == {}, f"seed {seed}"
            assert waiting(folder) == waiting(calm)
        print(f"{killed} kills in {folders} folders")


def waiting(folder: Path) -> list[tuple[str, str, str]]:
    """What the queue still holds: what robots.txt closed, mostly, and stories to look at again."""
    with Store.open(folder / "store.db", clock=now) as store:
        return sorted((task.kind, task.url, task.due) for task in store.tasks())


_CRAWL = """
import sys
from pathlib import Path
from tests.crawl.test_kill import load_sources, read
read(Path(sys.argv[1]), load_sources(Path(sys.argv[2])))
"""


@pytest.mark.parametrize("whole_group", [False, True], ids=["the command", "both processes"])
def test_a_killed_command_leaves_no_crawl_behind(tmp_path: Path, whole_group: bool) -> None:
    with serve_countyweb(stories=load_stories()[::3]) as web:
        write_sources(tmp_path / "sources", web.addresses)
        (tmp_path / "killed").mkdir()
        process = subprocess.Popen(
            [sys.executable, "-c", _CRAWL, str(tmp_path / "killed"), str(tmp_path / "sources")],
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        while process.poll() is None and len(web.requests) < 30:
            time.sleep(0.005)
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        wait_until_free(tmp_path / "killed" / "store.db")
        before = {story.id for story in stored(tmp_path / "killed")}
        sources = load_sources(tmp_path / "sources")
        assert read(tmp_path / "killed", sources).problems == ()
        taken = {story.id for story in stored(tmp_path / "killed")}
        assert before <= taken
        (tmp_path / "calm").mkdir()
        read(tmp_path / "calm", sources)
        assert taken == {story.id for story in stored(tmp_path / "calm")}
