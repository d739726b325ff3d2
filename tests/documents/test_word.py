"""The Word document: real styles, a table of contents that stands there, the geometry of GB/T 9704."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from jianbao.desk.export import document_of, export_issue, handout_for
from jianbao.desk.issue import Issue
from jianbao.site.documents.word import (
    TemplateIsUnusable,
    TemplateLacksStyles,
    default_template,
    template_document,
    word_document,
)
from jianbao.site.documents.word_styles import STYLES, Style
from tests.desk.made import Office, story_id

from .conftest import a_png


def docx(office: Office, issue: Issue) -> bytes:
    with office.session.read() as store:
        return document_of(office.session, store, issue.key, "docx")[1]


def opened(data: bytes) -> WordDocument:
    return Document(io.BytesIO(data))


def texts(document: WordDocument) -> list[str]:
    """Every paragraph, links and field results included."""
    return [
        "".join(t.text or "" for t in p._p.iter(qn("w:t"), qn("w:tab")))
        for p in document.paragraphs
    ]


def test_every_part_stands_in_its_style_in_the_order_of_print(office: Office, issue: Issue) -> None:
    document = opened(docx(office, issue))
    styled = [
        (p.style.name if p.style else "", text)
        for p, text in zip(document.paragraphs, texts(document), strict=True)
    ]
    begins = [
        ("简报密级", "送审稿"),
        ("简报报头", "三晋党建一周"),
        ("简报期号", "第1期（总第102期）"),
        ("简报编发", "2026年11月22日"),
        ("简报按语标题", "编者按"),
        ("简报按语", "本期选登冬季工作做法。"),
    ]
    assert styled[: len(begins)] == begins
    item = [
        ("简报按语", "按语　账目怎样公开，这一篇讲得细。"),
        ("简报引题", "一片坡地 九个账本"),
        ("Heading 2", "苏家沟：沙棘地里的账本"),
        ("Subtitle", "——寿阳县苏家沟村见闻"),
        ("Body Text", "苏家沟村党支部把沙棘地分成九片。"),
        ("Heading 3", "分片照看 逢五公开"),
        ("Body Text", "每片由一名党员照看，账目逢五公开。"),
        ("Caption", "图片说明：村民在沙棘地里采果。　苏望川 摄"),
        ("简报来源", "记者 苏望川　通讯员 闻小满　太行晚报样刊　2026年11月18日　第3版　原文"),
    ]
    at = styled.index(item[0])
    assert styled[at : at + len(item)] == item
    assert ("Heading 1", "二、服务群众") in styled
    assert styled[-1] == ("简报签发", "编辑：闻一舟")


def test_the_contents_are_there_without_being_updated_and_lead_to_the_headlines(
    office: Office, issue: Issue
) -> None:
    document = opened(docx(office, issue))
    entries = [p for p in document.paragraphs if p.style and p.style.name == "TOC 2"]
    headlines = [
        t
        for p, t in zip(document.paragraphs, texts(document), strict=True)
        if p.style and p.style.name == "Heading 2"
    ]
    listed = ["".join(t.text or "" for t in p._p.iter(qn("w:t"))) for p in entries]
    assert listed == headlines
    anchors = [link.get(qn("w:anchor")) for p in entries for link in p._p.iter(qn("w:hyperlink"))]
    marks = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert anchors == marks
    kinds = [c.get(qn("w:fldCharType")) for c in document.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_the_page_is_a4_with_the_margins_of_the_standard(office: Office, issue: Issue) -> None:
    section = opened(docx(office, issue)).sections[0]
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(size.mm) if size else 0 for size in sizes] == [210, 297, 37, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_style_names_its_chinese_face(style: Style) -> None:
    document = default_template()
    made = document.styles[style.name]
    fonts = made.element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == style.face
    assert not [name for name in fonts.attrib if name.lower().endswith("theme")]


PARAGRAPH = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
"""
RUN = """
rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
eastAsianLayout specVanish oMath
"""


@pytest.mark.parametrize(("tag", "order"), [("w:pPr", PARAGRAPH), ("w:rPr", RUN)])
def test_properties_stand_in_the_order_that_word_insists_on(
    office: Office, issue: Issue, tag: str, order: str
) -> None:
    """ECMA-376 part 1, CT_PPr and CT_RPr: Word calls a file with another order damaged."""
    document = opened(docx(office, issue))
    for part in (document.element, document.styles.element, document.sections[0].footer._element):
        for properties in part.iter(qn(tag)):
            places = [order.split().index(child.tag.split("}")[1]) for child in properties]
            assert places == sorted(places), [child.tag for child in properties]


def test_the_same_issue_gives_the_same_bytes(office: Office, issue: Issue) -> None:
    first = docx(office, issue)
    office.hands.turn(hours=30)
    assert docx(office, issue) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_characters_that_xml_forbids_and_markup_are_only_text(office: Office, issue: Issue) -> None:
    whole = "\n".join(texts(opened(docx(office, issue))))
    assert "</title><img src=x onerror=alert(1)> & “引号” #[image(1)]" in whole
    assert "\x0b" not in whole
    assert "\u202e" not in whole


def test_a_picture_of_the_office_stands_with_its_words_and_a_description(
    office: Office, issue: Issue
) -> None:
    folder = office.root / "pictures"
    folder.mkdir()
    (folder / f"{story_id('沙棘')}.png").write_bytes(a_png(3000, 2000))
    document = opened(docx(office, issue))
    (shape,) = document.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (140, 93)
    assert shape._inline.docPr.get("descr") == "村民在沙棘地里采果。　苏望川 摄"


def test_an_offices_own_template_keeps_its_styles_and_loses_its_text(
    office: Office, issue: Issue
) -> None:
    template = opened(template_document())
    template.styles["简报报头"].font.name = "Arial"  # type: ignore[union-attr]
    template.sections[0].header.paragraphs[0].text = "某某市委办公室"
    path = office.root / "own.docx"
    template.save(str(path))
    with office.session.read() as store:
        done = export_issue(office.session, store, issue.key, ["docx"], template=path)
    document = opened(done.files[0].read_bytes())
    assert document.styles["简报报头"].font.name == "Arial"  # type: ignore[union-attr]
    assert document.sections[0].header.paragraphs[0].text == "某某市委办公室"
    assert not [text for text in texts(document) if "样式示例" in text]


def test_a_template_without_a_style_is_refused_with_its_name_and_nothing_is_written(
    office: Office, issue: Issue
) -> None:
    template = default_template()
    for name in ("简报来源", "Subtitle"):
        template.styles[name].delete()
    path = office.root / "own.docx"
    template.save(str(path))
    with (
        office.session.read() as store,
        pytest.raises(TemplateLacksStyles, match="Subtitle、简报来源"),
    ):
        export_issue(office.session, store, issue.key, template=path)
    assert not (office.root / "documents").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"<html></html>"])
def test_what_is_no_word_file_is_refused(office: Office, issue: Issue, content: bytes) -> None:
    with office.session.read() as store:
        handout = handout_for(office.session, store, issue.key)
    with pytest.raises(TemplateIsUnusable):
        word_document(handout, content or b"x")


@pytest.mark.office
def test_libreoffice_opens_and_saves_it_again_without_losing_a_character(
    office: Office, issue: Issue, tmp_path: Path
) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    source = tmp_path / "issue.docx"
    source.write_bytes(docx(office, issue))
    again = tmp_path / "again"
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            "soffice",
            home,
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(again),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    before, after = (
        # All texts of the body: LibreOffice puts the table of contents into a frame of its own.
        re.sub(
            r"\s",
            "",
            "".join(t.text or "" for t in opened(path.read_bytes()).element.body.iter(qn("w:t"))),
        )
        for path in (source, again / "issue.docx")
    )
    assert after == before
