"""Export 导出: every document of the issue with one click, and the WeChat text onto the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, Response

from ..export import FORMS, Form, export_issue, wechat_of
from ..issue import Issue
from .ask import Ask, NoSuchPage, wrong
from .current import Next, count, issue_facts
from .issue_view import get
from .review_view import download

NAMES: Final = {
    "docx": "Word",
    "pdf": "PDF",
    "wechat": "微信公众号",
    "md": "Markdown",
    "csv": "表格（CSV）",
}
USES: Final = {
    "docx": "打印、存档，可再排版",
    "pdf": "上报、传阅，不能改动",
    "wechat": "复制后粘贴到公众号后台",
    "md": "纯文字，任何软件都能打开",
    "csv": "一稿一行，带来源和日期",
}
MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "wechat": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
}
ENDINGS: Final = {
    "docx": ".docx",
    "pdf": ".pdf",
    "wechat": "-wechat.html",
    "md": ".md",
    "csv": ".csv",
}
PREVIEW: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The WeChat text has inline styles by its nature. Its preview is a page that can do nothing else."""


def show(ask: Ask) -> Response:
    """The documents of an issue: which there are, and how to make them."""
    issue = get(ask)
    then = (
        None if issue.state == "signed"
        else Next("去审签 →", f"/issue/{issue.key}/review") if issue.state == "locked"
        else Next("去校对 →", f"/issue/{issue.key}/check")
    )  # fmt: skip
    return ask.page(
        "export.html", forms=FORMS, names=NAMES, uses=USES, made=made(ask, issue), remarks=ask.room.remarks.get(issue.key, ()),
        **issue_facts(ask, issue, "export", then),
    )  # fmt: skip


def make(ask: Ask) -> Response:
    """Makes the documents: all of them, or the one whose button was pressed."""
    issue, form = get(ask), ask.first("form")
    if form and form not in FORMS:
        raise wrong("form", "文档", "unknown", "没有这种文档")
    with ask.room.read() as store:
        if store is None:
            raise NoSuchPage()
        forms: list[Form] = [one for one in FORMS if form in ("", one)]
        done = export_issue(ask.room.session, store, issue.key, forms)
    count(ask, issue.key, "export")
    ask.room.remarks[issue.key] = done.remarks
    return ask.go(f"/issue/{issue.key}/export", said="exported")


def made(ask: Ask, issue: Issue) -> dict[str, Path]:
    """Form → the file that stands ready."""
    folder = ask.room.workspace().documents_folder / issue.key
    files = {form: folder / f"{issue.key}{ENDINGS[form]}" for form in FORMS}
    return {form: path for form, path in files.items() if path.is_file()}


def fetch(ask: Ask) -> Response:
    """A document that was made, to keep. The address names the form; the file is found by it."""
    issue, form = get(ask), ask.word("form")
    path = made(ask, issue).get(form)
    if path is None:
        raise NoSuchPage()
    return download(path.read_bytes(), path.name, MEDIA[form])


def wechat(ask: Ask) -> Response:
    """The WeChat text: for the clipboard when the script asks, else as a page that can do nothing."""
    issue = get(ask)
    with ask.room.read() as store:
        if store is None:
            raise NoSuchPage()
        text = wechat_of(ask.room.session, store, issue.key).html
    if ask.quiet:
        count(ask, issue.key, "copy")
        return Response(text, media_type="text/plain; charset=utf-8")
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>微信预览</title><body>{text}</body></html>'
    return HTMLResponse(page, headers={"content-security-policy": PREVIEW})


VIEWS: Final = (
    ("GET", "/issue/{key:str}/export", show),
    ("POST", "/issue/{key:str}/export", make),
    ("GET", "/issue/{key:str}/file/{form:str}", fetch),
    ("GET", "/issue/{key:str}/wechat", wechat),
)
