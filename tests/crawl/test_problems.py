"""Sources that fail: each gets a sentence, and the others go on."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao.crawler.crawl import CrawlReport, SourceReport
from jianbao.index.limits import FAILURES_IN_A_ROW, REDIRECTS, RESPONSE_BYTES, ROBOTS_BYTES

from .odd_site import Answer, OddSite, odd_site, source, stored, visit

HTML = {"Content-Type": "text/html"}
TEXT = {"Content-Type": "text/plain"}


def robots(answer: Answer) -> dict[str, Answer]:
    return {"/robots.txt": answer}


def lists(answer: Answer) -> dict[str, Answer]:
    return {"/list/": answer}


def stories(count: int, answer: Answer) -> dict[str, Answer]:
    return {f"/list/202611/t20261103_{number}.html": answer for number in range(1, count + 1)}


CASES: dict[str, tuple[dict[str, Answer], str, str]] = {
    # name: (what the site answers, our code, words of the sentence)
    "robots-503": (robots(Answer(status=503)), "JB-243", "it answered 503"),
    "robots-page": (robots(Answer("<!DOCTYPE html><p>", headers=HTML)), "JB-243", "a web page"),
    "robots-plain-page": (robots(Answer(" <html>", headers=TEXT)), "JB-243", "a web page"),
    "robots-huge": (
        robots(Answer(b"#" * (ROBOTS_BYTES + 1), headers=TEXT)),
        "JB-243",
        "far too large",
    ),
    "robots-403": (robots(Answer(status=403)), "JB-242", "declines programs"),
    "robots-521": (robots(Answer(status=521)), "JB-242", "it answered 521"),
    "robots-closed": (
        robots(Answer("User-agent: *\nDisallow: /list\n", headers=TEXT)),
        "JB-244",
        "asks programs not to read",
    ),
    "list-500": (lists(Answer(status=500)), "JB-241", "answered 500"),
    "list-404": (lists(Answer(status=404)), "JB-247", "answered 404"),
    "list-412": (lists(Answer("<script>$_ts={}</script>", status=412)), "JB-242", "answered 412"),
    "list-521": (
        lists(Answer("<script>document.cookie='__jsl_clearance=1'</script>", status=521)),
        "JB-242",
        "import its page text by hand",
    ),
    "list-challenge": (
        lists(Answer("<script>var arg1='A';setCookie('acw_sc__v2',x)</script>")),
        "JB-242",
        "browser test",
    ),
    "list-empty": (lists(Answer("<html><body>欢迎</body></html>")), "JB-248", "layout"),
    "list-nothing": (lists(Answer("")), "JB-248", "layout"),
    "list-huge": (lists(Answer(b"<p>" * (RESPONSE_BYTES // 2))), "JB-245", "larger than"),
    "list-bomb": (
        lists(
            Answer(
                gzip.compress(b" " * (RESPONSE_BYTES + 1), mtime=0),
                headers=HTML | {"Content-Encoding": "gzip"},
            )
        ),
        "JB-245",
        "larger than",
    ),
    "list-bytes": (lists(Answer(bytes(range(128, 256)) * 40)), "JB-232", "neither UTF-8"),
    "list-loop": (
        lists(Answer(status=302, headers={"Location": "/list/"})),
        "JB-240",
        "max redirections",
    ),
    "list-cut": (
        lists(
            Answer(
                gzip.compress(b"<p>text</p>" * 99, mtime=0)[:-9],
                headers=HTML | {"Content-Encoding": "gzip"},
            )
        ),
        "JB-240",
        "cut off",
    ),
    "redesigned": (
        stories(9, Answer("<html><body><div id='neu'>新的版面</div></body></html>")),
        "JB-254",
        "9 story pages",
    ),
    "story-521": (stories(9, Answer(status=521)), "JB-242", "answered 521"),
    "stories-500": (stories(9, Answer(status=500)), "JB-253", f"{FAILURES_IN_A_ROW} story pages"),
}


@dataclass
class Visit:
    report: CrawlReport
    sites: dict[str, OddSite]
    folder: Path

    def of(self, name: str) -> SourceReport:
        return next(one for one in self.report.sources if one.source_id == name)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("problems")
    with ExitStack() as stack:
        sites: dict[str, OddSite] = {}
        sources = []
        for name, (answers, _, _) in {
            **CASES,
            "healthy": ({}, "", ""),
            "down": ({}, "", ""),
        }.items():
            site = stack.enter_context(odd_site())
            site.publish(list(range(1, 10)))
            site.answers.update(answers)
            sites[name] = site
            entry = f"http://{name}.example/list/"
            sources.append(source(site.address, id=name, name=name, entries=(entry,)))
        with odd_site() as gone:
            address = gone.address
        sources[-1] = source(
            address, id="down", name="down", entries=("http://down.example/list/",)
        )
        yield Visit(visit(folder, *sources), sites, folder)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_failing_source_gets_a_sentence(visited: Visit, name: str) -> None:
    _, code, words = CASES[name]
    problem = visited.of(name).problem
    assert problem is not None
    assert problem.code == code
    assert words in problem.english()
    assert f"{name}.example" in problem.english()
    assert "处理办法" in problem.chinese()


def test_a_source_that_is_down_is_said_to_be_down(visited: Visit) -> None:
    problem = visited.of("down").problem
    assert problem is not None
    assert problem.code == "JB-240"
    assert "the connection was refused" in problem.english()


def test_the_healthy_source_is_read_whole_beside_them(visited: Visit) -> None:
    healthy = visited.of("healthy")
    assert (healthy.new, healthy.problem, healthy.refused, healthy.missed) == (9, None, (), ())
    assert {story.source_id for story in stored(visited.folder)} == {"healthy"}


@pytest.mark.parametrize("name", sorted(name for name in CASES if name.startswith("robots")))
def test_nothing_but_robots_is_asked_while_it_is_unknown(visited: Visit, name: str) -> None:
    assert set(visited.sites[name].requests) == {"/robots.txt"}


@pytest.mark.parametrize("name", ["list-412", "list-521", "list-challenge", "story-521"])
def test_a_site_that_declines_is_not_asked_again(visited: Visit, name: str) -> None:
    asked = [path for path in visited.sites[name].requests if path != "/robots.txt"]
    refusing = "/list/" if name.startswith("list") else asked[-1]
    assert asked.count(refusing) == 1
    assert asked[-1] == refusing


def test_the_stories_of_a_redesigned_site_are_not_given_up(visited: Visit) -> None:
    assert visited.of("redesigned").refused == ()


def test_a_loop_of_redirects_ends(visited: Visit) -> None:
    assert visited.sites["list-loop"].requests.count("/list/") == REDIRECTS + 1


def test_the_order_of_the_report_is_the_order_given(visited: Visit) -> None:
    names = [one.source_id for one in visited.report.sources]
    assert names == [*CASES, "healthy", "down"]
