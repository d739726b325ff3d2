"""Reading in a real Chromium: for everybody, on a slow line, with odd texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from jianbao.index.story import Paragraph
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf
from jianbao.site.rights import clean

from .conftest import BUILT, serve
from .test_in_the_browser import COUNTED, PATHS, Tab

pytestmark = pytest.mark.browser

TWICE = {"coverage/2026.html", "issue/2026-45.html"}
"""Of the same kind as another page that axe looks at: large ones take it seconds."""
KINDS = (*PATHS, "timeline.html", "coverage.html", "coverage/2026.html", "sources.html")


@pytest.fixture(scope="module")
def base(built: Path) -> Iterator[str]:
    server, address = serve(built)
    yield address
    server.shutdown()


def kinds(built: Path) -> list[str]:
    """One address of every kind of page; of the stories, the longest page."""
    story = max((built / "story").iterdir(), key=lambda path: path.stat().st_size).name
    source = min(path.name for path in (built / "source").iterdir())
    return [*KINDS, f"story/{story}", f"source/{source}"]


RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],  # nothing else depends on the colours
}
AXE = """async (runOnly) => (await axe.run({ runOnly }))
  .violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(" ")).slice(0, 3)])"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(
    chromium: Any, built: Path, base: str, scheme: str
) -> None:
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    with Tab(chromium, color_scheme=scheme) as tab:
        for path in kinds(built):
            if path in TWICE:
                continue
            tab.page.goto(base + path)
            if path.startswith("search"):
                tab.page.wait_for_function(COUNTED)
                tab.page.wait_for_timeout(250)
            tab.page.evaluate(script)
            assert tab.page.evaluate(AXE, RULES[scheme]) == [], path


@pytest.mark.parametrize("width", [360, 1280])
def test_the_new_pages_fit_the_screen(chromium: Any, built: Path, base: str, width: int) -> None:
    with Tab(chromium, viewport={"width": width, "height": 800}) as tab:
        for path in kinds(built)[len(PATHS) :]:
            tab.page.goto(base + path)
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_slow_line_shows_first_results_soon(chromium: Any, base: str) -> None:
    """50 ms and 10 Mbit/s; the page, its scripts, the index and the texts are four trips. What a busy
    machine cannot change is asserted closely: how many files and bytes the first results need. Their
    time on a quiet machine is measured by ``benchmarks/reader_search.py``."""
    with Tab(chromium) as tab:
        sizes: list[int] = []
        tab.page.on("response", lambda answer: sizes.append(int(answer.headers["content-length"])))
        line = tab.context.new_cdp_session(tab.page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 50, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6},
        )  # fmt: skip
        tab.page.goto(base + "search.html?q=党支部", wait_until="commit")
        tab.page.wait_for_selector("#hits > li.line")
        took = tab.page.evaluate("performance.now()")
        assert took < 4000
        assert len(tab.asked) < 24
        # Not compressed here; gzip makes half of it.
        assert sum(sizes) < 90_000


def test_two_tabs_keep_to_themselves(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        one, other = tab.page, tab.context.new_page()
        one.goto(base + "search.html?q=支部")
        other.goto(base + "search.html?q=党员")
        for page in (one, other):
            page.wait_for_function(COUNTED)
        one.fill("#q", "社区")
        tab.found("含有“社区”的报道")
        assert "“党员”" in other.locator("#found").text_content()
        assert other.url.endswith("%E5%85%9A%E5%91%98")
        other.reload()
        other.wait_for_function(COUNTED)
        assert "“党员”" in other.locator("#found").text_content()


def test_everything_can_be_reached_without_scripts(chromium: Any, built: Path, base: str) -> None:
    with Tab(chromium, java_script_enabled=False) as tab:
        for path in kinds(built):
            tab.page.goto(base + path)
            assert tab.page.locator("main h1").is_visible(), path
        tab.page.goto(base + "index.html")
        tab.page.get_by_role("link", name="时间线").click()
        tab.page.locator(".weeks a").first.click()
        tab.page.locator("article.line a").first.click()
        assert tab.page.locator("article.story").is_visible()


def test_filters_are_read_only_when_they_are_opened(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=党支部")
        assert not any(url.endswith("facets.js") for url in tab.asked)
        page.get_by_text("按地区、主题、时间筛选").click()
        page.wait_for_selector("[data-facet=place] a")
        assert any(url.endswith("facets.js") for url in tab.asked)
        counts = page.locator("[data-facet=week] b").all_text_contents()
        total = page.evaluate(
            "document.querySelector('#found').textContent.match(/报道 (\\d+) 篇/)[1]"
        )
        assert sum(map(int, counts)) == int(total)


@pytest.mark.parametrize(
    ("name", "headline", "text"),
    [
        ("long", "很长的标题" * 60, "正文。"),
        ("one-word", "A" * 300, "B" * 500),
        ("emoji", "支部里的👩‍👩‍👧 一家", "送来了🎉和👍🏽。"),
        ("rare", "𠮷野𡈽𪚥的支部", "村名里有𪨊字，人名里有𬱖字。"),
        ("rtl", "شعبة القرية 支部", "מועצת הכפר，\u202e倒过来\u202c 的字。"),
        ("none", "", ""),
    ],
)  # fmt: skip
def test_odd_texts_are_shown_and_found(
    chromium: Any, shelf: Shelf, tmp_path: Path, name: str, headline: str, text: str
) -> None:
    item = next(i for i in shelf.stories if i.annotation.relevant and i.story.rights == "full")
    story = replace(
        item.story, id=name, headline=headline, paragraphs=(Paragraph(text),), deck="", kicker="", pictures=(),
    )  # fmt: skip
    odd = replace(shelf, stories=(replace(item, story=story),), editions=())
    build_site(odd, tmp_path, built=BUILT)
    with Tab(chromium, viewport={"width": 360, "height": 800}) as tab:
        page = tab.page
        page.goto(f"{tmp_path.as_uri()}/story/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "ltr"
        assert (page.locator("h1").text_content() or "").strip() == (
            clean(headline) or "（无标题）"
        )
        for asked in filter(None, (headline[:12], headline[-3:], text[-4:])):
            page = tab.search(f"{tmp_path.as_uri()}/search.html")
            page.fill("#q", asked)
            tab.found("报道 1 篇")
            page.wait_for_selector("#hits mark")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert not tab.complaints
