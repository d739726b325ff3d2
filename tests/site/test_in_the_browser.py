"""The site in a real Chromium: what a reader sees, and what the browser is asked to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import serve
from .test_search_in_chromium import folder, rich, view

pytestmark = pytest.mark.browser
__all__ = ["folder", "rich", "view"]

PATHS = (
    "index.html", "archive.html", "counties.html", "themes.html", "about.html", "404.html",
    "county/140431.html", "county/140105.html", "city/141100.html", "theme/service.html",
    "week/2026-W47.html", "issue/2026-45.html", "search.html", "search.html?q=%E6%94%AF%E9%83%A8",
    "search.html?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E6%A0%B7%E7%9A%84%E8%AF%9D",
)  # fmt: skip
COUNTED = "() => document.querySelector('#found')?.textContent && !document.querySelector('#hits').hasAttribute('aria-busy')"


@pytest.fixture(scope="module")
def base(built: Path) -> Iterator[str]:
    server, address = serve(built)
    yield address
    server.shutdown()


class Tab:
    """A page that notes what it asks for and what it complains about."""

    def __init__(self, chromium: Any, **settings: Any) -> None:
        self.context = chromium.new_context(**settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(5000)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    def _failed(self, request: Any) -> None:
        # An icon still on its way when the next page is opened is no complaint.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url} {request.failure}")

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def search(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_function(COUNTED)
        return self.page

    def found(self, text: str) -> None:
        self.page.wait_for_function(
            "(t) => document.querySelector('#found').textContent.includes(t)", arg=text
        )


@pytest.mark.parametrize("way", ["http", "file"])
def test_no_page_complains_or_asks_elsewhere(
    chromium: Any, built: Path, base: str, way: str
) -> None:
    start = base if way == "http" else built.as_uri() + "/"
    story = sorted((built / "story").iterdir())[0].name
    with Tab(chromium) as tab:
        for path in (*PATHS, f"story/{story}"):
            if path == "404.html" and way == "file":
                continue  # only servers send it, and its links begin at the site's address
            tab.page.goto(start + path)
            if path.startswith("search"):
                tab.page.wait_for_function(COUNTED)
            styled = tab.page.evaluate(
                "getComputedStyle(document.querySelector('.top')).borderBottomStyle"
            )
            assert styled == "solid", "the policy lets the style sheet in"
        assert not tab.complaints
        assert all(url.startswith(start) for url in tab.asked)


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(chromium: Any, built: Path, base: str, width: int) -> None:
    story = max((built / "story").iterdir(), key=lambda path: path.stat().st_size).name
    with Tab(chromium, viewport={"width": width, "height": 800}) as tab:
        for path in (*PATHS, f"story/{story}"):
            tab.page.goto(base + path)
            if path.startswith("search"):
                tab.page.wait_for_function(COUNTED)
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_links_and_buttons_are_large_enough_to_touch(chromium: Any, base: str) -> None:
    """44 px for what stands alone; links within a sentence, a headline or a line of facts are text."""
    small = """() => [...document.querySelectorAll('a, button, input, summary')]
      .filter((e) => !e.closest('p, h1, h2, h3, .meta, .skip') || e.closest('.sort, .more'))
      .map((e) => [e.getBoundingClientRect().height, e.textContent])
      .filter(([height]) => height > 0 && height < 43.5)"""
    with Tab(chromium, viewport={"width": 360, "height": 800}) as tab:
        for path in PATHS:
            tab.page.goto(base + path)
            if path.startswith("search"):
                tab.page.wait_for_function(COUNTED)
            assert tab.page.evaluate(small) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(chromium: Any, base: str, scheme: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for every text that is shown."""
    weak = """() => {
      const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
      const out = [];
      for (const e of document.querySelectorAll('body *')) {
        if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
        let at = e;
        while (at && (rgb(getComputedStyle(at).backgroundColor)[3] ?? 1) === 0) at = at.parentElement;
        const ground = at ? rgb(getComputedStyle(at).backgroundColor) : [255, 255, 255];
        const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground)].sort((x, y) => y - x);
        const ratio = (a + .05) / (b + .05);
        if (ratio < 4.5) out.push([e.tagName, e.className, e.textContent.slice(0, 20), ratio]);
      }
      return out;
    }"""
    with Tab(chromium, color_scheme=scheme) as tab:
        for path in PATHS:
            tab.page.goto(base + path)
            if path.startswith("search"):
                tab.page.wait_for_function(COUNTED)
                tab.page.wait_for_timeout(250)
            assert tab.page.evaluate(weak) == [], path


@pytest.mark.parametrize("way", ["http", "file"])
def test_typing_finds_and_the_address_follows(
    chromium: Any, built: Path, base: str, way: str
) -> None:
    start = base if way == "http" else built.as_uri() + "/"
    with Tab(chromium) as tab:
        page = tab.search(start + "search.html")
        page.keyboard.press("/")
        page.keyboard.type("党支部", delay=20)
        tab.found("含有“党支部”的报道")
        assert page.url.endswith("?q=%E5%85%9A%E6%94%AF%E9%83%A8")
        marks = page.locator("#hits > li").first.locator("mark").all_text_contents()
        assert set(marks) == {"党支部"}
        count = page.locator("#found").text_content()
        page.locator("[data-facet=theme] a").first.click()
        page.wait_for_selector(".chosen")
        assert "theme=" in page.url
        assert page.locator("#found").text_content() != count
        page.go_back()
        page.wait_for_selector(".chosen", state="detached")
        assert page.locator("#found").text_content() == count
        page.go_back()
        tab.found("最近的在前")
        assert page.input_value("#q") == ""
        page.go_forward()
        tab.found("含有“党支部”的报道")
        page.reload()
        tab.found("含有“党支部”的报道")
        assert page.input_value("#q") == "党支部"
        assert not tab.complaints


def test_back_from_a_story_returns_to_the_results(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=支部&sort=date")
        before = page.locator("#hits").inner_text()
        page.locator("#hits h2 a").nth(2).click()
        page.wait_for_selector("article.story")
        page.go_back()
        tab.found("含有“支部”的报道")
        assert page.locator("#hits").inner_text() == before


def test_the_keyboard_reaches_results_and_returns(chromium: Any, base: str) -> None:
    focus = "document.activeElement.closest('#hits > li') ? [...document.querySelectorAll('#hits > li')].indexOf(document.activeElement.closest('#hits > li')) : document.activeElement.id"
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=支部")
        page.focus("#q")
        for key, expected in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", "q"), ("ArrowDown", 0), ("Escape", "q")):  # fmt: skip
            page.keyboard.press(key)
            assert page.evaluate(focus) == expected
        page.keyboard.press("Escape")
        tab.found("最近的在前")
        page.goto(base + "counties.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("/")
        page.keyboard.type("社区")
        page.keyboard.press("Enter")
        tab.found("含有“社区”的报道")


def test_words_that_an_input_method_is_still_composing_are_not_searched(
    chromium: Any, base: str
) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html")
        before = page.url
        page.evaluate("""() => {
          const q = document.getElementById("q");
          q.dispatchEvent(new CompositionEvent("compositionstart"));
          q.value = "dang'yuan";
          q.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
        }""")
        page.wait_for_timeout(300)
        assert page.url == before
        page.evaluate("""() => {
          const q = document.getElementById("q");
          q.value = "党员";
          q.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
        }""")
        tab.found("含有“党员”的报道")


def test_the_last_thing_typed_wins(chromium: Any, base: str) -> None:
    """An earlier query whose files come late does not replace the later one."""
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html")
        held: list[Any] = []
        page.route("**/s/*.js", lambda route: held.append(route), times=1)
        page.fill("#q", "一老一小")
        page.wait_for_timeout(400)
        assert held
        page.fill("#q", "党员")
        tab.found("含有“党员”的报道")
        for route in held:
            route.continue_()
        page.wait_for_timeout(300)
        assert "党员" in page.locator("#found").text_content()


def test_nothing_found_offers_what_is_there(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=党支部委屈巴巴")
        assert "没有符合的报道" in page.locator("#hits").inner_text()
        page.locator(".ideas a").first.click()
        page.wait_for_selector("#hits li.line")
        page.goto(base + "search.html?q=支部&theme=no-such")
        page.wait_for_selector(".ideas a")
        assert "去掉筛选" in page.locator(".ideas").inner_text()
        page.goto(base + "search.html?q=" + "长" * 201)
        tab.found("请缩短")


def test_the_name_of_a_place_leads_to_its_stories(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=沁源县")
        page.get_by_text("归入“沁源县”的").click()
        page.wait_for_selector(".chosen")
        assert page.url.endswith("?place=140431")


def test_results_do_not_jump_while_typing(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html?q=支部")
        page.focus("#q")
        page.keyboard.press("End")
        for word in ("书记", "党员"):
            page.keyboard.type(word)
            page.wait_for_timeout(400)
            top = page.evaluate("document.getElementById('hits').getBoundingClientRect().top")
            page.keyboard.press("Backspace")
            page.wait_for_timeout(300)
            assert (
                page.evaluate("document.getElementById('hits').getBoundingClientRect().top") == top
            )


def test_without_scripts_the_search_page_shows_other_ways(chromium: Any, base: str) -> None:
    with Tab(chromium, java_script_enabled=False) as tab:
        tab.page.goto(base + "search.html")
        text = tab.page.locator("main").inner_text()
        assert "按区县浏览" in text
        assert "2026年第47周" in text
        assert not tab.page.locator("#q").is_visible()
        tab.page.locator("noscript a, main a", has_text="按区县浏览").first.click()
        assert tab.page.locator(".matrix").is_visible()


def test_a_hostile_story_is_shown_as_text(chromium: Any, folder: Path) -> None:
    with Tab(chromium) as tab:
        page = tab.search(f"{folder.as_uri()}/search.html?q=%3Cimg%20src%3Dx")
        assert "</script><img src=x onerror=alert(1)>" in page.locator("#hits").inner_text()
        assert page.locator("#hits mark").first.text_content() == "<img"
        assert page.locator("img").count() == 0
        page.goto(f"{folder.as_uri()}/story/attack.html")
        assert page.locator("img").count() == 0
        assert not tab.complaints


def test_a_lost_index_file_says_what_to_do(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        page = tab.search(base + "search.html")
        page.route("**/s/*.js", lambda route: route.abort())
        page.fill("#q", "一老一小")
        tab.found("本站可能刚刚更新过")
        assert page.get_by_text("请重新载入本页").is_visible()


def test_the_issue_prints_without_the_furniture(chromium: Any, base: str) -> None:
    with Tab(chromium) as tab:
        tab.page.goto(base + "index.html")
        tab.page.emulate_media(media="print", color_scheme="dark")
        assert not tab.page.locator(".top").is_visible()
        assert not tab.page.locator(".foot").is_visible()
        assert tab.page.locator(".masthead h1").is_visible()
        assert (
            tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
            == "rgb(255, 255, 255)"
        )
