"""``docs/an-editors-week.md``, done step by step in a real Chromium, its actions counted.

The page is the script: 点〔…〕 clicks, 按 `…` presses, 在〔…〕写「…」 fills, 看到「…」 looks, and a picture is
taken where the page shows one. ``JIANBAO_PICTURES=1`` writes the pictures anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.effort import effort

from .conftest import Desk

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
STEP = re.compile(
    r"点〔(?P<click>.+?)〕|按 `(?P<key>[^`]+)`(?: (?P<times>\d+) 次)?|在〔(?P<label>.+?)〕写「(?P<words>.+?)」"
    r"|看到「(?P<see>.+?)」|!\[.*?\]\((?P<picture>pictures/desk-.+?\.png)\)"
)
BAR = 60
"""Actions from sixty candidates to a signed issue of twelve stories with all documents."""
MAGIC = {
    ".docx": b"PK\x03\x04",
    ".pdf": b"%PDF-",
    ".html": b"<",
    ".md": b"#",
    ".csv": b"\xef\xbb\xbf",
}


class Editor:
    """Does what the page says, and counts."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.actions = 0

    def do(self, step: re.Match[str]) -> None:
        if step["click"]:
            self._click(step["click"])
        elif step["key"]:
            for _ in range(int(step["times"] or 1)):
                self._press(step["key"])
        elif step["label"]:
            self._fill(step["label"], step["words"])
        elif step["see"]:
            self.page.locator(f"main :text({step['see']!r}):visible").first.wait_for()
        elif step["picture"]:
            self._picture(DOCS / step["picture"])

    def _click(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()
        self.actions += 1

    def _press(self, key: str) -> None:
        # The mark on a row is what tells a person that the keys are heard by now.
        self.page.locator("[data-row][data-at]").first.wait_for()
        before = self.page.locator("#said").inner_text()
        self.page.keyboard.press(key)
        self.actions += 1
        if (
            key in "shu"
        ):  # the next key is for the next row: wait as a person does, until it is there
            self.page.wait_for_timeout(100)
            said = self.page.locator("#said .done")
            said.wait_for()
            for _ in range(200):
                if self.page.locator("#said").inner_text() != before:
                    break
                self.page.wait_for_timeout(50)

    def _fill(self, label: str, words: str) -> None:
        field = self.page.locator("label").filter(has_text=re.compile(f"^{label}"))
        field.locator("input, textarea").first.fill(words)
        self.actions += 1

    def _picture(self, path: Path) -> None:
        if os.environ.get("JIANBAO_PICTURES"):
            self.page.wait_for_timeout(300)
            path.write_bytes(self.page.screenshot())
        assert path.is_file(), path


def test_the_tutorial_leads_to_a_signed_issue_with_all_documents(chromium: Any, desk: Desk) -> None:
    text = (DOCS / "an-editors-week.md").read_text(encoding="utf-8").partition("## 一、")[2]
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 720})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.base)
    page = context.new_page()
    page.set_default_timeout(30000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(desk.address)
    assert page.locator(".cand").count() >= 60
    editor = Editor(page)
    for step in STEP.finditer(text.partition("## 几件")[0]):
        try:
            editor.do(step)
        except Exception as error:
            raise AssertionError(
                f"{step.group()}: at {page.url}\n{page.inner_text('main')[:1500]}"
            ) from error
    assert not complaints
    issue = desk.session.issues().get("2026-1")
    assert issue.state == "signed"
    assert len(issue.items) == 12
    assert issue.items[0].headline == "把服务送到家门口"
    assert [review.by for review in issue.standing().values()] == ["柳青禾", "宋知秋", "郭远山"]
    made = {
        path.suffix: path.read_bytes()
        for path in (desk.folder / "documents" / "2026-1").iterdir()
        if path.suffix != ".txt"
    }
    assert set(made) == set(MAGIC)
    assert all(data.startswith(MAGIC[suffix]) for suffix, data in made.items())
    pasted = page.evaluate(
        "async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()"
    )
    assert "把服务送到家门口" in pasted
    assert "style=" in pasted
    assert not re.search(r"<script|<style|class=", pasted)
    assert editor.actions <= BAR, editor.actions
    # Every action that changed something was counted by the desk itself; looking and typing are not.
    assert 20 <= effort(desk.session.book(), "2026-1").total <= editor.actions
    print(f"{editor.actions} actions")
    context.close()
