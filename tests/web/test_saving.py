"""Nothing that was typed is lost: pauses save, a killed desk, a closed browser, two desks at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.session import Session

from .conftest import WEEK, Desk, clock, free_port, sample_stories

ROOT = Path(__file__).parents[2]
SENTENCE = "这一句是编辑刚写的，还没有按保存。"


def start(folder: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """A desk in its own process; returns it with the key of its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve", str(folder), str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def with_issue(folder: Path) -> str:
    """An issue of three stories; returns the first one's id."""
    from jianbao.desk.issue import Issue, Item

    issues = Session(folder, clock).issues()
    ids = [story.id for story in sample_stories()[:3]]
    issues.create(
        Issue(
            number=3, week=WEEK, dated=clock().date(),
            items=tuple(Item(story=one, section="领域党建") for one in ids),
        )
    )  # fmt: skip
    return ids[0]


def text_of(folder: Path, story: str) -> str:
    item = Session(folder, clock).issues().get("2026-3").item(story)
    assert item is not None
    return item.text


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(15000)
    yield page
    context.close()


def write(page: Any, words: str) -> None:
    """Types at the end of the text."""
    page.focus("#text")
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


@pytest.mark.browser
def test_a_pause_in_typing_saves_and_shows_what_changed(page: Any, desk: Desk) -> None:
    story = with_issue(desk.folder)
    page.goto(desk.address)
    page.goto(f"{desk.base}/issue/2026-3/edit/{story}")
    write(page, SENTENCE)
    page.wait_for_selector(".saved[data-state=saved]")
    assert text_of(desk.folder, story).endswith(SENTENCE)
    assert SENTENCE in page.inner_text("#diff ins")
    assert page.url.endswith(story), "the page was not loaded again"
    page.fill("#headline", "新标题")
    page.wait_for_selector("#diff ins:has-text('新标题')")
    page.click("#undo")
    page.wait_for_selector("text=已撤销上一步")
    assert text_of(desk.folder, story) == "", "both edits are one thought"
    assert page.input_value("#headline") != "新标题"


@pytest.mark.browser
def test_what_was_typed_before_the_script_came_is_saved_too(page: Any, desk: Desk) -> None:
    story = with_issue(desk.folder)
    page.goto(desk.address)
    held: list[Any] = []
    page.route("**/desk.js*", lambda route: held.append(route))
    page.goto(f"{desk.base}/issue/2026-3/edit/{story}", wait_until="commit")
    page.fill("#headline", "早于脚本的标题")
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_selector(".saved[data-state=saved]")
    page.wait_for_selector("#diff ins:has-text('早于脚本的标题')")


@pytest.mark.browser
def test_a_killed_desk_loses_nothing_and_the_open_tab_goes_on(page: Any, office: Path) -> None:
    story = with_issue(office)
    port = free_port()
    process, key = start(office, port)
    base = f"http://127.0.0.1:{port}"
    page.goto(f"{base}/?key={key}")
    page.goto(f"{base}/issue/2026-3/edit/{story}")
    write(page, SENTENCE)
    page.wait_for_selector(".saved[data-state=saved]")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert text_of(office, story).endswith(SENTENCE), "what was saved stands in the file"
    write(page, "断了以后又写了一句。")
    page.wait_for_selector(".saved[data-state=failed]")
    assert "重新运行 jianbao desk" in page.inner_text("#offline")
    process, _ = start(office, port)
    try:
        page.wait_for_selector(".saved[data-state=saved]", timeout=30000)
        assert text_of(office, story).endswith(SENTENCE + "断了以后又写了一句。")
        assert not page.is_visible("#offline")
    finally:
        process.kill()
        process.wait()


@pytest.mark.browser
def test_a_browser_closed_while_the_desk_was_down_brings_the_text_back(
    page: Any, office: Path
) -> None:
    story = with_issue(office)
    port = free_port()
    process, key = start(office, port)
    base = f"http://127.0.0.1:{port}"
    page.goto(f"{base}/?key={key}")
    page.goto(f"{base}/issue/2026-3/edit/{story}")
    page.wait_for_selector("#text")
    process.kill()
    process.wait()
    write(page, SENTENCE)
    page.wait_for_selector(".saved[data-state=failed]")
    context = page.context
    page.close()
    process, _ = start(office, port)
    try:
        again = context.new_page()
        again.goto(f"{base}/issue/2026-3/edit/{story}")
        again.wait_for_selector(".saved[data-state=saved]", timeout=15000)
        assert again.input_value("#text").endswith(SENTENCE)
        assert text_of(office, story).endswith(SENTENCE)
    finally:
        process.kill()
        process.wait()


@pytest.mark.browser
def test_two_desks_on_one_workspace_show_both_texts_and_lose_none(
    chromium: Any, desk: Desk
) -> None:
    story = with_issue(desk.folder)
    other = Desk(desk.folder)
    contexts = [chromium.new_context(locale="zh-CN") for _ in range(2)]
    try:
        mine, theirs = (context.new_page() for context in contexts)
        for page, served in ((mine, desk), (theirs, other)):
            page.set_default_timeout(15000)
            page.goto(served.address)
            page.goto(f"{served.base}/issue/2026-3/edit/{story}")
        write(theirs, "对方写的一句。")
        theirs.wait_for_selector(".saved[data-state=saved]")
        write(mine, "我写的一句。")
        mine.wait_for_selector("#keep-mine")
        assert "刚被别人改过" in mine.inner_text("h1")
        assert mine.input_value("#mine-text").endswith("我写的一句。")
        assert mine.input_value("#theirs-text").endswith("对方写的一句。")
        assert text_of(desk.folder, story).endswith("对方写的一句。"), "nothing was overwritten"
        both = mine.input_value("#theirs-text") + "我写的一句。"
        mine.fill("#mine-text", both)
        mine.click("#keep-mine")
        mine.wait_for_selector("#text")
        assert mine.input_value("#text") == both
        assert text_of(desk.folder, story) == both
        # The other desk goes on with another field of another item: that is no conflict.
        items = [item.story for item in desk.session.issues().get("2026-3").items]
        theirs.goto(f"{other.base}/issue/2026-3/edit/{items[1]}")
        mine.fill("#headline", "又改了第一条")
        mine.wait_for_selector(".saved[data-state=saved]")
        theirs.fill("#headline", "改第二条")
        theirs.wait_for_selector(".saved[data-state=saved]")
        headlines = [item.headline for item in desk.session.issues().get("2026-3").items]
        assert headlines[:2] == ["又改了第一条", "改第二条"]
    finally:
        for context in contexts:
            context.close()
        other.stop()


@pytest.mark.browser
def test_a_pasted_page_that_was_not_sent_is_still_there(page: Any, desk: Desk) -> None:
    page.goto(desk.address)
    page.goto(f"{desk.base}/import")
    page.fill("#text", "粘贴了一半的版面文字")
    page.goto(f"{desk.base}/help")
    page.goto(f"{desk.base}/import")
    assert page.input_value("#text") == "粘贴了一半的版面文字"


def test_every_save_is_whole_or_not_at_all_when_the_desk_is_killed(office: Path) -> None:
    """Killed at any moment under a stream of saves, the issue reads well and holds a text that was sent."""
    import httpx

    from jianbao.desk.web.keys import Keys

    story = with_issue(office)
    keys = Keys.of(office / "data")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    for round_ in range(2):
        process, _ = start(office, port)
        client = httpx.Client(
            base_url=base, headers={"Origin": base}, cookies={keys.cookie_name: keys.cookie}
        )
        sent = [text_of(office, story)]
        shown = client.get(f"/issue/2026-3/edit/{story}").text
        now = shown.partition('name="base" value="')[2].partition('"')[0]
        end = time.monotonic() + 0.4 + 0.13 * round_
        while time.monotonic() < end:
            sent.append(f"第{round_}轮第{len(sent)}次保存的正文。" * 50)
            answer = client.post(
                f"/issue/2026-3/edit/{story}", headers={"X-Jianbao-Quiet": "1"},
                data={"token": keys.form, "base": now, "text": sent[-1], "headline": "标题", "section": "栏目"},
            )  # fmt: skip
            now = answer.json()["base"]
        process.kill()
        process.wait()
        client.close()
        assert text_of(office, story) in sent
    Session(office, clock).issues().undo("2026-3")
