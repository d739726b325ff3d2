"""The hostile host: each row ends with its outcome, and all of them within their time and memory."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlSettings, SourceReport, crawl
from jianbao.crawler.sources import Source
from jianbao.index.limits import RESPONSE_SECONDS
from jianbao.index.store import Store
from jianbao.index.story import Story

from ..crawl.odd_site import now
from .host import Host, hostile_host
from .pages import site
from .row import Row
from .table import GROUPS, TABLE, Group

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="what is used is told by POSIX")


@dataclass
class Visit:
    """What came of a crawl: reports and stories by row, and what its process used."""

    reports: dict[str, SourceReport]
    stories: dict[str, list[Story]]
    host: Host
    memory: int
    seconds: float
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
def own_worker(folder: Path, waits: int) -> Iterator[Path]:
    """The crawl's process is ours of this folder: the product's, and it says what it used."""
    program, used = folder / "python", folder / "used.json"
    script = Path(__file__).with_name("worker.py")
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P '{script}'\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_USED", str(used))
        patch.setenv("HOSTILE_WAITS", str(waits or ""))
        # A proxy named by the environment must not be a way in, nor a way round the guard.
        patch.setenv("http_proxy", "http://127.0.0.1:9")
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        patch.setattr(sys, "executable", str(program))
        yield used


def visit(folder: Path, group: Group) -> Visit:
    served = {
        name: row.answers() if callable(row.answers) else row.answers
        for name, row in group.rows.items()
    }
    with hostile_host(served) as host, own_worker(folder, group.waits) as used:
        report = crawl(
            [source_of(name, row, host.address) for name, row in group.rows.items()],
            folder / "store.db",
            clock=now,
            settings=CrawlSettings(contact="https://jianbao.example/bot", log=folder / "crawl.log"),
        )
    stories: dict[str, list[Story]] = {name: [] for name in group.rows}
    with Store.open(folder / "store.db", clock=now) as store:
        for story in store.stories():
            stories[story.source_id].append(story)
    return Visit(
        reports={one.source_id: one for one in report.sources},
        stories=stories,
        host=host,
        **json.loads(used.read_text(encoding="utf-8")),
        log=(folder / "crawl.log").read_text(encoding="utf-8"),
    )


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visit]:
    class Visits(dict[str, Visit]):
        def __missing__(self, name: str) -> Visit:
            group = GROUPS.get(name, Group({"idle": Row((), site())}, seconds=0, memory=0))
            self[name] = visit(tmp_path_factory.mktemp(name), group)
            return self[name]

    return Visits()


@cache
def group_of(name: str) -> str:
    return next(group for group, one in GROUPS.items() if name in one.rows)


@pytest.mark.parametrize("name", [name for group in GROUPS.values() for name in group.rows])
def test_a_hostile_row_ends_as_it_should(visits: dict[str, Visit], name: str) -> None:
    row, visited = TABLE[name], visits[group_of(name)]
    report = visited.reports[name]
    said = report.problem.english() if report.problem else ""
    assert (report.problem.code if report.problem else "") == row.problem, said
    assert row.words in said
    assert tuple(sorted(one.reason for one in report.refused)) == tuple(sorted(row.refused))
    assert len(report.missed) == row.missed, report.missed
    assert len(visited.stories[name]) == row.stories
    asked = visited.host.paths(name)
    assert len(asked) <= row.most, asked
    if row.check:
        row.check(visited.stories[name])


@pytest.mark.parametrize("name", GROUPS)
def test_rows_stay_within_their_time_and_memory(visits: dict[str, Visit], name: str) -> None:
    group, visited, idle = GROUPS[name], visits[name], visits["idle"]
    above = visited.memory - idle.memory
    print(f"\n{name}: {len(group.rows)} rows, {visited.seconds:.1f} s, {above} MB above idle")
    assert visited.seconds - idle.seconds <= group.seconds
    assert above <= group.memory


@pytest.mark.parametrize("name", GROUPS)
def test_nothing_is_sent_that_was_given(visits: dict[str, Visit], name: str) -> None:
    """No cookie, no credentials, and no word of where we come from to another host."""
    for row, path, headers in visits[name].host.asked:
        assert not {"cookie", "authorization", "proxy-authorization"} & headers.keys(), (row, path)
        assert f"//{row}.example/" in headers.get("referer", f"//{row}.example/")


@pytest.mark.parametrize("name", GROUPS)
def test_no_row_makes_the_program_fail(visits: dict[str, Visit], name: str) -> None:
    log = visits[name].log
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]
    codes = [one.problem.code for one in visits[name].reports.values() if one.problem]
    assert "JB-252" not in codes


def test_the_rows_of_fetching_and_parsing_are_there() -> None:
    numbers = {number for row in TABLE.values() for number in row.numbers}
    assert numbers >= {1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}
    assert numbers >= {24, 25, 26, 27, 30, 31, 37, 38, 39, 40, 45}


def test_only_the_waiting_was_shortened() -> None:
    assert all(group.waits < RESPONSE_SECONDS for group in GROUPS.values())
