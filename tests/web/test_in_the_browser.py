"""The desk in a real Chromium: every view read by axe, walked by keyboard, fit for a phone and a desk."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from jianbao.index.story import story_id

from .conftest import WEEK, Desk

pytestmark = pytest.mark.browser

RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],  # what else axe looks at is the same in both
}
AXE = """async (runOnly) => (await axe.run({ runOnly }))
  .violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary)])"""


class Tab:
    """A page that notes what it asks for and what it complains about."""

    def __init__(self, chromium: Any, desk: Desk, **settings: Any) -> None:
        self.context = chromium.new_context(locale="zh-CN", **settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(8000)
        self.desk = desk
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    def __enter__(self) -> Any:
        self.page.goto(self.desk.address)
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def go(self, path: str) -> None:
        self.page.goto(self.desk.base + path)


@pytest.fixture(scope="module")
def full(steady: Desk) -> Desk:
    """The steady desk with an issue in the making, of which one item is edited."""
    with steady.client() as client:
        token = {"token": steady.keys.form}
        client.post("/issue", data=token | {"number": "7", "week": WEEK, "dated": "2026-11-22"})
        client.post(
            "/tray", data=token | {"story": story_id("hostile"), "issue": "2026-7", "act": "choose"}
        )
        ids = [one.story.id for one in _candidates(steady)][:5]
        for one in ids:
            client.post("/tray", data=token | {"story": one, "issue": "2026-7", "act": "choose"})
        for one in [one.story.id for one in _candidates(steady)][:2]:
            client.post(
                "/tray",
                data=token | {"story": one, "issue": "2026-7", "act": "reject", "why": "内容重复"},
            )
        story = steady.session.issues().get("2026-7").items[1].story
        steady.session.issues().edit(
            "2026-7", story, headline="改过的标题", text="改过的一句，有 99 人参加。\n第二段。"
        )
    return steady


def _candidates(desk: Desk) -> Any:
    from jianbao.desk.tray import Filters, tray

    with desk.session.read() as store:
        return tray(desk.session, store, WEEK, Filters(state="candidate")).candidates


def views(desk: Desk) -> dict[str, str]:
    """Every view of a desk in use."""
    issue = desk.session.issues().get("2026-7")
    with desk.session.read() as store:
        page = store.pages()[0].id
    first = _candidates(desk)[0]
    story, place = first.story.id, first.annotation.counties[0]
    return {
        # One county: the rows of the whole week are of the same make, and axe takes seconds for them.
        "tray": f"/tray?place={place}&open={story}", "rejected": "/tray?state=rejected", "no week": "/tray?week=",
        "issue": "/issue/2026-7", "issues": "/issue?all=1", "edit": f"/issue/2026-7/edit/{issue.items[1].story}",
        "hostile edit": f"/issue/2026-7/edit/{story_id('hostile')}", "check": "/issue/2026-7/check",
        "review": "/issue/2026-7/review", "proof": "/issue/2026-7/proof", "export": "/issue/2026-7/export",
        "coverage": "/coverage", "use": "/coverage/use", "sources": "/sources", "import": "/import",
        "split": f"/import/{page}", "search": "/search", "found": "/search?q=党员", "nothing": "/search?q=没有这样的话",
        "story": f"/story/{story}", "hostile story": f"/story/{story_id('hostile')}", "help": "/help",
        "missing": "/nowhere",
    }  # fmt: skip


@pytest.fixture(scope="module")
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(chromium: Any, full: Desk, axe: str, scheme: str) -> None:
    found: dict[str, Any] = {}
    tab = Tab(
        chromium,
        full,
        viewport={"width": 1366, "height": 768},
        color_scheme=scheme,
        bypass_csp=True,
    )
    with tab as page:
        for name, path in views(full).items():
            tab.go(path)
            page.evaluate(axe)
            if wrong := page.evaluate(AXE, RULES[scheme]):
                found[name] = wrong
    assert not found


def test_no_view_complains_or_asks_elsewhere(chromium: Any, full: Desk) -> None:
    tab = Tab(chromium, full)
    with tab as page:
        for name, path in views(full).items():
            tab.go(path)
            drawn = page.evaluate(
                "getComputedStyle(document.querySelector('.top')).borderBottomStyle"
            )
            assert drawn == "double", f"{name}: the policy lets the style sheet in"
            assert page.title() not in ("1", "2"), name
        complaints = [one for one in tab.complaints if "404" not in one]
    assert not complaints
    assert all(url.startswith(full.base) for url in tab.asked)


@pytest.mark.parametrize("width", [360, 1366])
def test_no_view_scrolls_sideways_and_targets_are_large(
    chromium: Any, full: Desk, width: int
) -> None:
    """44 px for what stands alone; links within a sentence, a headline or a line of facts are text."""
    small = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
      .filter((e) => e.checkVisibility() && !e.closest('.skip, h1, h2, h3, .facts, .soft, .lead, .empty, .week, .check, .trail'))
      .map((e) => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 120)])
      .filter(([height]) => height > 0 && height < 43.5)"""
    tab = Tab(chromium, full, viewport={"width": width, "height": 768})
    with tab as page:
        for name, path in views(full).items():
            tab.go(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.evaluate(small) == [], name


def test_every_control_is_reached_by_tab_and_seen_when_it_is(chromium: Any, full: Desk) -> None:
    """Focus goes through a view in the order of reading, always with a visible ring, and out again."""
    tab = Tab(chromium, full, viewport={"width": 1366, "height": 768})
    with tab as page:
        for path in (
            views(full)["tray"],
            "/issue/2026-7",
            views(full)["edit"],
            "/issue/2026-7/check",
        ):
            tab.go(path)
            wanted = page.evaluate(
                """() => [...document.querySelectorAll('a[href], button:not(:disabled), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
                .filter((e) => e.checkVisibility()).length"""
            )
            page.evaluate("document.activeElement.blur()")
            seen, hidden = set(), []
            for _ in range(wanted + 3):
                page.keyboard.press("Tab")
                state = page.evaluate(
                    """() => { const e = document.activeElement; if (e === document.body) return null;
                    const s = getComputedStyle(e), b = e.getBoundingClientRect();
                    e.dataset.n ??= String(document.querySelectorAll('[data-n]').length);
                    return [e.dataset.n, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, b.bottom > 0 && b.top < innerHeight, e.outerHTML.slice(0, 80)]; }"""
                )
                if state is None:
                    break
                seen.add(state[0])
                if not (state[1] and state[2]):
                    hidden.append(state[3])
            assert not hidden, path
            # A date field holds several stops, but is one control.
            assert len(seen) == wanted, path


def test_the_week_by_keyboard_alone(chromium: Any, desk: Desk) -> None:
    tab = Tab(chromium, desk, viewport={"width": 1366, "height": 768})
    with tab as page:
        page.wait_for_selector("#create")
        page.focus("#create")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-at] [data-key=choose]")
        first = page.get_attribute(".cand[data-at]", "id")
        page.keyboard.press("j")
        second = page.get_attribute(".cand[data-at]", "id")
        assert second != first
        page.keyboard.press("s")
        page.wait_for_selector("text=已选入本期：")
        assert page.locator(f"#{second}").count() == 0
        third = page.get_attribute(".cand[data-at]", "id")
        assert third not in (first, second)
        assert page.evaluate("document.activeElement.closest('[data-row]').id") == third, (
            "the focus goes on"
        )
        page.keyboard.press("h")
        page.wait_for_selector("text=已留用：")
        page.keyboard.press("u")
        page.wait_for_selector("text=已放回候选：")
        assert page.locator(f"#{third}").count() == 1
        page.keyboard.press("x")
        page.wait_for_selector("details.menu[open]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=已标为不用：")
        page.keyboard.press("s")
        page.wait_for_selector("text=已选入本期：")
        page.keyboard.press("o")
        page.wait_for_selector(".peek .text")
        page.keyboard.press("n")
        page.wait_for_selector(".order [data-at]")  # marked: the keys are heard by now
        before = [item.story for item in desk.session.issues().get("2026-1").items]
        assert len(before) == 2
        page.keyboard.press("j")
        page.keyboard.press("Alt+ArrowUp")
        page.wait_for_selector("text=已调整")
        assert [item.story for item in desk.session.issues().get("2026-1").items] == before[::-1]
        assert page.get_attribute("[data-drag][data-at]", "data-drag") == before[1]
        page.keyboard.press("e")
        page.wait_for_url("**/edit/**")
        page.keyboard.press("Alt+PageDown")
        page.wait_for_url(f"**/edit/{before[0]}")
        page.keyboard.press("?")
        page.wait_for_url("**/help")
        assert not tab.complaints


def test_single_keys_can_be_switched_off(chromium: Any, full: Desk) -> None:
    tab = Tab(chromium, full)
    with tab as page:
        tab.go("/help")
        page.uncheck("#keys-on")
        tab.go("/tray")
        before = page.get_attribute(".cand[data-at]", "id")
        page.keyboard.press("j")
        page.keyboard.press("?")
        page.wait_for_timeout(200)
        assert page.url.endswith("/tray")
        assert page.get_attribute(".cand[data-at]", "id") == before


def test_order_by_drag_and_by_buttons(chromium: Any, full: Desk) -> None:
    order = lambda: [item.story for item in full.session.issues().get("2026-7").items]  # noqa: E731
    tab = Tab(chromium, full, viewport={"width": 1366, "height": 900})
    with tab as page:
        tab.go("/issue/2026-7")
        before = order()
        page.locator(f"#i-{before[0]} .grip").drag_to(
            page.locator(f"#i-{before[2]}"), target_position={"x": 40, "y": 60}
        )
        page.wait_for_selector("text=已调整")
        assert order() == [before[1], before[2], before[0], *before[3:]]
        page.click("#undo")
        page.wait_for_selector("text=已撤销上一步")
        assert order() == before
        page.locator(f"#i-{before[0]} [data-key=down]").click()
        page.wait_for_selector("text=已调整")
        assert order() == [before[1], before[0], *before[2:]]
        assert page.evaluate("document.activeElement.dataset.key") == "down"
        page.click("#undo")
        page.wait_for_selector("text=已撤销上一步")
        assert not tab.complaints


def test_everything_works_without_javascript(chromium: Any, desk: Desk) -> None:
    tab = Tab(chromium, desk, java_script_enabled=False)
    with tab as page:
        page.click("#create")
        page.locator(".cand [data-key=choose]").first.click()
        assert "已选入本期" in page.inner_text("#said")
        page.locator(".cand [data-key=choose]").first.click()
        page.locator(".cand [data-key=open]").first.click()
        assert page.locator(".peek .text").count() == 1
        page.locator(".cand .menu summary").first.click()
        page.locator(".cand .menu button").first.click()
        assert "已标为不用" in page.inner_text("#said")
        page.click("#undo")
        page.click("a[data-next]")
        page.locator("[data-key=down]").first.click()
        page.fill("textarea[name=note]", "本期选编一周做法。")
        page.click("#facts button")
        assert desk.session.issues().get("2026-1").note == "本期选编一周做法。"
        page.click("a[data-next]")
        page.fill("#headline", "没有脚本也能改标题")
        page.click("#item button")
        assert desk.session.issues().get("2026-1").items[0].headline == "没有脚本也能改标题"
        assert "没有脚本也能改标题" in page.inner_text("#diff ins")
