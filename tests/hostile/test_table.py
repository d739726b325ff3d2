"""The hostile host: each row ends with its outcome, within its time and its memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlEvent, CrawlSettings, SourceReport, crawl
from jianbao.crawler.sources import Source
from jianbao.index.limits import RESPONSE_SECONDS
from jianbao.index.store import Store
from jianbao.index.story import Story

from ..crawl.odd_site import now
from .host import Host, hostile_host
from .table import TABLE, Row
from .worker import SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the memory figure is POSIX's")

TOGETHER = {name: row for name, row in TABLE.items() if not row.alone}
ALONE = {name: row for name, row in TABLE.items() if row.alone}


@dataclass
class Visit:
    reports: dict[str, SourceReport]
    stories: dict[str, list[Story]]
    seconds: dict[str, float]
    host: Host
    peak: int
    log: str


def source_of(name: str, row: Row, address: str) -> Source:
    values: dict[str, object] = {
        "id": name,
        "name": name,
        "kind": "listing",
        "family": "trs",
        "entries": (f"http://{name}.example/list/",),
        "home": "140431",
        "delay": 0.01,
        "loopback": address,
    }
    return Source.model_validate(values | row.source)


@contextmanager
def small_limits(folder: Path) -> Iterator[Path]:
    """The crawl's process is ours of this folder: the product's, with two numbers made small."""
    program, peak = folder / "python", folder / "peak"
    script = Path(__file__).with_name("worker.py")
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P '{script}'\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_PEAK", str(peak))
        # A proxy named by the environment must not be a way in, nor a way round the guard.
        patch.setenv("http_proxy", "http://127.0.0.1:9")
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        patch.setattr(sys, "executable", str(program))
        yield peak


def visit(folder: Path, rows: dict[str, Row]) -> Visit:
    began: dict[str, float] = {}
    took: dict[str, float] = {}

    def watch(event: CrawlEvent) -> None:
        if event.what == "started":
            began[event.source_id] = time.monotonic()
        if event.what == "done":
            took[event.source_id] = time.monotonic() - began[event.source_id]

    served = {
        name: row.answers() if callable(row.answers) else row.answers for name, row in rows.items()
    }
    with hostile_host(served) as host, small_limits(folder) as peak:
        report = crawl(
            [source_of(name, row, host.address) for name, row in rows.items()],
            folder / "store.db",
            clock=now,
            settings=CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log"),
            progress=watch,
        )
    with Store.open(folder / "store.db", clock=now) as store:
        stories: dict[str, list[Story]] = {name: [] for name in rows}
        for story in store.stories():
            stories[story.source_id].append(story)
    return Visit(
        {one.source_id: one for one in report.sources},
        stories,
        took,
        host,
        int(peak.read_text(encoding="utf-8")),
        (folder / "crawl.log").read_text(encoding="utf-8"),
    )


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The memory of a crawl with nothing hostile in it, in MB."""
    from .pages import site

    return visit(tmp_path_factory.mktemp("idle"), {"idle": Row((), site())}).peak


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return visit(tmp_path_factory.mktemp("together"), TOGETHER)


def check(name: str, row: Row, visited: Visit) -> None:
    report = visited.reports[name]
    said = report.problem.english() if report.problem else ""
    assert (report.problem.code if report.problem else "") == row.problem, said
    assert row.words in said
    assert tuple(sorted(one.reason for one in report.refused)) == tuple(sorted(row.refused))
    assert len(report.missed) == row.missed, report.missed
    assert len(visited.stories[name]) == row.stories
    asked = visited.host.paths(name)
    assert len(asked) <= row.most, asked
    assert visited.seconds[name] <= row.seconds
    if row.check:
        row.check(visited.stories[name])


@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_a_hostile_row_ends_as_it_should(together: Visit, name: str) -> None:
    check(name, TOGETHER[name], together)


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_row_that_is_after_our_memory_gets_little_of_it(
    idle: int, tmp_path: Path, name: str
) -> None:
    visited = visit(tmp_path, {name: ALONE[name]})
    check(name, ALONE[name], visited)
    print(f"\n{name}: {visited.peak} MB, idle {idle} MB, {visited.seconds[name]:.1f} s")
    assert visited.peak - idle <= ALONE[name].memory


def test_nothing_is_sent_that_was_given(together: Visit) -> None:
    """No cookie, no credentials, and no word of where we come from to another host."""
    for name, path, headers in together.host.asked:
        assert "cookie" not in headers, (name, path)
        assert "authorization" not in headers, (name, path)
        assert "proxy-authorization" not in headers, (name, path)
        assert f"//{name}.example/" in headers.get("referer", f"http://{name}.example/")


def test_the_healthy_story_is_read_beside_whatever_else_the_site_does(together: Visit) -> None:
    for name, row in TOGETHER.items():
        if row.stories and not row.problem and "x" not in row.source:
            assert any("号清单办结" in one.headline for one in together.stories[name]), name


def test_no_row_makes_the_program_fail(together: Visit) -> None:
    assert "Traceback" not in together.log, together.log[together.log.index("Traceback") - 500 :][:3000]
    assert not [name for name, one in together.reports.items() if one.problem and one.problem.code == "JB-252"]


def test_only_the_waiting_was_shortened() -> None:
    assert SECONDS < RESPONSE_SECONDS
