"""The PDF: PDF/A-2a and PDF/UA-1, fonts embedded, no missing glyph, the same bytes every time."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from pypdf import PdfReader

from jianbao.desk.export import document_of
from jianbao.desk.issue import Issue
from jianbao.site.documents import pdf as pdf_module
from jianbao.site.documents.pdf import FontIsMissing, PdfCannotBeMade, installed
from tests.desk.made import Office, a_story, story_id

from .conftest import a_png

pytestmark = [
    pytest.mark.browser,  # .ci/run installs the fonts together with the browser
    pytest.mark.skipif(
        not {"Noto Serif CJK SC", "SimSun", "FangSong"} & installed(None),
        reason="no Chinese font is installed",
    ),
]


def made(office: Office, key: str) -> bytes:
    with office.session.read() as store:
        return document_of(office.session, store, key, "pdf")[1]


@pytest.fixture
def pdf(office: Office, issue: Issue) -> bytes:
    folder = office.root / "pictures"
    folder.mkdir()
    (folder / f"{story_id('沙棘')}.png").write_bytes(a_png())
    return made(office, issue.key)


def text_of(data: bytes) -> str:
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return re.sub(r"\s", "", pages)


def test_it_says_that_it_is_an_archival_and_accessible_pdf(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        meta = document.open_metadata()
        assert meta["pdfaid:part"] == "2"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"] == "三晋党建一周第1期（总第102期）"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).lower().startswith("zh")
        assert "/OutputIntents" in document.Root


def test_it_is_tagged_with_headings_links_and_a_described_figure(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = [
            str(one.S)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"
        ]
        described = [
            str(one.Alt)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
    assert {"/H1", "/H2", "/P", "/Link", "/Figure"} <= set(kinds)
    assert described == ["村民在沙棘地里采果。　苏望川 摄"]


def test_every_font_is_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [
            one
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
    assert descriptors
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in descriptors)


def test_every_text_of_the_issue_stands_in_it_and_none_is_read_as_markup(pdf: bytes) -> None:
    text = text_of(pdf)
    for part in (
        "送审稿",
        "编者按",
        "苏家沟：沙棘地里的账本",
        "——寿阳县苏家沟村见闻",
        "分片照看逢五公开",
        "一场雪四十把锹",
        "</title><imgsrc=xonerror=alert(1)>&“引号”#[image(1)]",
        "*星号*_下划线_$公式$@引用<b>标签</b>",
        "编辑：闻一舟",
    ):
        assert part in text, part


def test_the_same_issue_gives_the_same_bytes(office: Office, issue: Issue) -> None:
    first = made(office, issue.key)
    office.hands.turn(days=9)
    assert made(office, issue.key) == first


def test_the_bookmarks_are_the_headlines(pdf: bytes) -> None:
    outline = PdfReader(io.BytesIO(pdf)).outline
    flat: list[str] = []

    def walk(entries: list[object]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                flat.append(str(getattr(entry, "title")))  # noqa: B009

    walk(outline)  # pyright: ignore[reportArgumentType]
    assert "苏家沟：沙棘地里的账本" in flat


def test_a_character_that_no_font_has_is_told_and_named(office: Office) -> None:
    office.put([a_story("缺字", body="这个字\U000f1234没有字形。")])
    key = office.issue(story_id("缺字")).key
    with pytest.raises(PdfCannotBeMade) as told:
        made(office, key)
    assert "f1234" in str(told.value).lower() or "\U000f1234" in str(told.value)


def test_without_a_chinese_font_the_remedy_is_named(
    office: Office, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_module, "installed", lambda _: frozenset({"DejaVu Sans"}))
    with pytest.raises(FontIsMissing, match="fonts-noto-cjk"):
        made(office, issue.key)
