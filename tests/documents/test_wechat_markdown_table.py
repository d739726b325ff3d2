"""WeChat, Markdown and the table: what their readers refuse is not in them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from lxml import html

from jianbao.desk.export import Form, document_of, export_issue, handout_for, wechat_of
from jianbao.desk.issue import Issue
from tests.desk.made import Office, story_id

from .conftest import a_png


def page(office: Office, issue: Issue) -> str:
    with office.session.read() as store:
        return wechat_of(office.session, store, issue.key).html


def test_wechat_gets_inline_styles_and_nothing_that_it_refuses(
    office: Office, issue: Issue
) -> None:
    tree = html.fragment_fromstring(page(office, issue))
    for element in tree.iter():
        assert element.tag in {"section", "p", "strong", "sup", "br"}
        assert set(element.attrib) <= {"style"}
    styles = " ".join(element.get("style", "") for element in tree.iter())
    assert not re.search(r"position|url\(|background-image|float", styles)
    assert all(element.get("style") for element in tree.iter("p"))


def test_wechat_gets_addresses_as_numbered_notes(office: Office, issue: Issue) -> None:
    tree = html.fragment_fromstring(page(office, issue))
    text = tree.text_content()
    assert "第3版[1]" in text
    assert (
        "[1] 苏家沟：沙棘地里的账本：https://news.example.cn/2026/11/18/saji.html?a=1&b=<2>" in text
    )


def test_wechat_lists_the_pictures_to_upload_in_their_order(office: Office, issue: Issue) -> None:
    folder = office.root / "pictures"
    folder.mkdir()
    for name in (f"{story_id('清雪')}.png", f"{story_id('沙棘')}-2.png", f"{story_id('沙棘')}.png"):
        (folder / name).write_bytes(a_png())
    with office.session.read() as store:
        done = export_issue(office.session, store, issue.key, ["wechat"])
    listed = done.files[1].read_text("utf-8-sig").splitlines()
    assert [line.split("（")[0] for line in listed] == [
        f"图 1：{story_id('沙棘')}.png",
        f"图 2：{story_id('沙棘')}-2.png",
        f"图 3：{story_id('清雪')}.png",
    ]
    assert "【图 1】村民在沙棘地里采果。" in done.files[0].read_text("utf-8")


def test_a_hostile_headline_is_text_for_wechat(office: Office, issue: Issue) -> None:
    made = page(office, issue)
    assert "<img" not in made
    assert "&lt;img src=x onerror=alert(1)&gt;" in made


def test_markdown_escapes_what_would_be_markup(office: Office, issue: Issue) -> None:
    with office.session.read() as store:
        text = document_of(office.session, store, issue.key, "md")[1].decode("utf-8")
    assert "### 1. 苏家沟：沙棘地里的账本" in text
    assert r"\*星号\* \_下划线\_ $公式$ @引用 \<b\>标签\</b\>" in text
    assert "\n1\\. 像列表" in text
    assert "<https://news.example.cn/2026/11/18/saji.html?a=1&b=%3C2%3E>" in text
    assert not re.search(r"(?<!\\)<(?!https://)", text)


def test_the_table_has_a_row_a_story_and_runs_nothing(office: Office, issue: Issue) -> None:
    issues = office.session.issues()
    issues.edit(issue.key, story_id("清雪"), headline='=HYPERLINK("http://x","点我")', by="闻一舟")
    with office.session.read() as store:
        data = document_of(office.session, store, issue.key, "csv")[1].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert [row["序号"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["区县"] == "文水县"
    assert rows[0]["字数"] == "42"
    assert rows[1]["标题"] == """'=HYPERLINK("http://x","点我")"""


@pytest.mark.parametrize("form", ["docx", "pdf", "wechat", "md", "csv"])
def test_rights_bound_every_form(office: Office, issue: Issue, form: Form) -> None:
    """The excerpt's later sentences and the body of the story that may only be named are in no document."""
    with office.session.read() as store:
        handout = handout_for(office.session, store, issue.key)
        document_of(office.session, store, issue.key, form)
    excerpt, facts = handout.pieces[2], handout.pieces[3]
    assert sum(len(p.text) for p in excerpt.paragraphs) <= 120
    assert "节选" in excerpt.credits
    assert facts.paragraphs == ()
    assert facts.headline
