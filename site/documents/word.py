"""The issue as a Word document: real styles, real headings, a 目录 that stands there when it is opened.

Geometry and faces follow GB/T 9704—2012 (党政机关公文格式) where a 简报 follows it: A4, margins 37/35/28/26 mm,
22 lines of 28 characters, body 三号仿宋, titles 小标宋, first level 黑体, second 楷体, page number 四号 with
a dash on either side, odd pages right and even ones left. The standard names faces, not font files, and
so do we: Word takes its own substitute where one is not installed.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph as WordParagraph

from ...index.errors import JianbaoError
from ...index.limits import TEMPLATE_BYTES
from .handout import Handout, Illustration, Piece, deck_line, ordinal
from .word_styles import STYLES, make_styles, set_page

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP entry can carry: the same issue gives the same bytes."""
_WIDEST, _HIGHEST = Mm(140), Mm(160)
"""A picture stays within the type area of 156 × 225 mm, with its caption on the same page."""


class TemplateIsUnusable(JianbaoError):
    """The office's Word template cannot be read."""

    code = "JB-320"
    what = "the Word template cannot be used ({detail})"
    remedy = (
        "give a .docx saved by Word; `jianbao export --save-template FILE` makes one to start from"
    )
    what_zh = "Word 模板无法使用（{detail}）"
    remedy_zh = "请使用 Word 另存的 .docx 文件；可先导出默认模板再修改"


class TemplateLacksStyles(JianbaoError):
    """The office's Word template has not all the styles that an issue is set in."""

    code = "JB-321"
    what = "the Word template has no paragraph style named {styles}"
    remedy = "add the styles in Word, or start from `jianbao export --save-template FILE`; nothing was written"
    what_zh = "Word 模板缺少样式：{styles}"
    remedy_zh = "请在 Word 中新建这些样式，或导出默认模板后修改；没有写出任何文件"


def word_document(handout: Handout, template: bytes | None = None) -> bytes:
    """The issue as .docx, the same bytes every time.

    ``template`` is the office's own .docx: its page, header and styles are used and its text is dropped.

    Raises:
        TemplateIsUnusable, TemplateLacksStyles: see there.
    """
    document = _opened(template) if template else default_template()
    _Writer(document, handout).write()
    core = document.core_properties
    core.title, core.author = _xml(handout.name), _xml(handout.publisher)
    core.last_modified_by, core.comments, core.keywords = "", "", ""
    core.language, core.revision = "zh-CN", 1
    core.created = core.modified = datetime.combine(handout.issued, time(), ZoneInfo("UTC"))
    return _packed(document)


def template_document() -> bytes:
    """The default template, for an office to change in Word: empty, with every style."""
    document = default_template()
    core = document.core_properties
    core.title, core.author, core.comments = "简报模板", "", ""
    core.created = core.modified = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
    for style in STYLES:
        document.add_paragraph(f"{style.name}：样式示例", style=style.name)
    return _packed(document)


def default_template() -> WordDocument:
    """An empty document with the page and the styles of a 简报."""
    document = Document()
    make_styles(document)
    set_page(document)
    return document


def _opened(template: bytes) -> WordDocument:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > TEMPLATE_BYTES:
            raise TemplateIsUnusable(detail=f"over {TEMPLATE_BYTES >> 20} MB")
        document = Document(io.BytesIO(template))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise TemplateIsUnusable(detail=type(error).__name__) from error
    known = {style.name for style in document.styles}
    if missing := [style.name for style in STYLES if style.name not in known]:
        raise TemplateLacksStyles(styles="、".join(missing))
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return document


class _Writer:
    """Writes one handout into one document."""

    def __init__(self, document: WordDocument, handout: Handout) -> None:
        self._document = document
        self._handout = handout
        self._marks = 0

    def write(self) -> None:
        handout = self._handout
        self._head()
        if handout.note:
            self._add("编者按", "简报按语标题")
            for line in handout.note:
                self._add(line, "简报按语")
        for line in handout.corrections:
            self._add(line, "简报更正")
        if len(handout.pieces) > 1:
            self._contents()
        for number, section in enumerate(handout.sections, 1):
            if section.name:
                self._add(f"{ordinal(number)}、{section.name}", "Heading 1")
            for piece in section.pieces:
                self._piece(piece)
        self._tail()

    def _head(self) -> None:
        handout = self._handout
        if handout.draft:
            self._add("送审稿", "简报密级")
        self._add(handout.masthead, "简报报头")
        self._add(handout.called, "简报期号")
        self._add(f"{handout.publisher}\t{handout.dated}", "简报编发")
        if handout.title:
            self._add(handout.title, "Title")

    def _contents(self) -> None:
        """A table of contents whose entries are there without being asked for: a bare field is empty
        until somebody updates it. The field around them lets Word put in page numbers."""
        self._add("目　录", "简报目录标题")
        entries: list[tuple[str, str, str]] = []
        for number, section in enumerate(self._handout.sections, 1):
            if section.name:
                entries.append((f"{ordinal(number)}、{section.name}", "TOC 1", ""))
            entries += [(p.headline, "TOC 2", _mark(p)) for p in section.pieces]
        for at, (text, style, mark) in enumerate(entries):
            paragraph = self._document.add_paragraph(style=style)
            if at == 0:
                _field_begin(paragraph, r' TOC \o "1-2" \h \z \u ')
            if mark:
                link = OxmlElement("w:hyperlink")
                link.set(qn("w:anchor"), mark)
                link.append(_run(text))
                paragraph._p.append(link)
            else:
                paragraph.add_run(_xml(text))
            if at == len(entries) - 1:
                _field_char(paragraph, "end")

    def _piece(self, piece: Piece) -> None:
        for line in piece.note:
            self._add(line, "简报按语", lead="按语　")
        if piece.kicker:
            self._add(piece.kicker, "简报引题")
        self._bookmarked(self._add(piece.headline, "Heading 2"), _mark(piece))
        if piece.gone:
            self._add(piece.gone, "简报更正")
            return
        if piece.deck:
            self._add(deck_line(piece.deck), "Subtitle")
        for paragraph in piece.paragraphs:
            self._add(paragraph.text, "Heading 3" if paragraph.subhead else "Body Text")
        for picture in piece.pictures:
            self._picture(picture)
        for caption in piece.captions:
            self._add(f"图片说明：{caption}", "Caption")
        for line in piece.corrections:
            self._add(line, "简报更正")
        credit = self._add(piece.credit, "简报来源")
        if piece.url:
            if piece.credit:
                credit.add_run("　")
            self._link(credit, "原文", piece.url)

    def _picture(self, picture: Illustration) -> None:
        paragraph = self._document.add_paragraph(style="简报图片")
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.data))
        scale = min(_WIDEST / shape.width, _HIGHEST / shape.height, 1.0)
        shape.width = Length(round(shape.width * scale))
        shape.height = Length(round(shape.height * scale))
        properties = shape._inline.docPr
        properties.set("descr", _xml(picture.words or picture.name))
        properties.set("name", _xml(picture.name))
        if picture.words:
            self._add(picture.words, "Caption")

    def _tail(self) -> None:
        handout = self._handout
        if handout.signed:
            self._add("　　".join(handout.signed), "简报签发")
        lines = list(handout.imprint.tail)
        if copies := handout.imprint.printed:
            lines[-1:] = [f"{lines[-1] if lines else ''}\t{copies}"]
        for line in lines:
            self._add(line, "简报报尾")

    def _add(self, text: str, style: str, lead: str = "") -> WordParagraph:
        paragraph = self._document.add_paragraph(style=style)
        if lead:
            paragraph.add_run(lead).bold = True
        paragraph.add_run(_xml(text))
        return paragraph

    def _bookmarked(self, paragraph: WordParagraph, name: str) -> None:
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(kind)
            mark.set(qn("w:id"), str(self._marks))
            if kind == "w:bookmarkStart":
                mark.set(qn("w:name"), name)
                paragraph._p.insert(1, mark)
            else:
                paragraph._p.append(mark)
        self._marks += 1

    def _link(self, paragraph: WordParagraph, text: str, url: str) -> None:
        link = OxmlElement("w:hyperlink")
        relation = self._document.part.relate_to(
            _xml(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link.set(qn("r:id"), relation)
        link.append(_run(text))
        paragraph._p.append(link)


def _mark(piece: Piece) -> str:
    return f"item{piece.number}"


def _run(text: str) -> Any:
    run, inner = OxmlElement("w:r"), OxmlElement("w:t")
    inner.text = _xml(text)
    inner.set(qn("xml:space"), "preserve")
    run.append(inner)
    return run


def _field_begin(paragraph: WordParagraph, instruction: str) -> None:
    _field_char(paragraph, "begin")
    run, inner = OxmlElement("w:r"), OxmlElement("w:instrText")
    inner.set(qn("xml:space"), "preserve")
    inner.text = instruction
    run.append(inner)
    paragraph._p.append(run)
    _field_char(paragraph, "separate")


def _field_char(paragraph: WordParagraph, kind: str) -> None:
    run, inner = OxmlElement("w:r"), OxmlElement("w:fldChar")
    inner.set(qn("w:fldCharType"), kind)
    run.append(inner)
    paragraph._p.append(run)


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no place for (its production 2, Char)."""
    return _NO_XML.sub("", text)


def _packed(document: WordDocument) -> bytes:
    """The document as a ZIP whose entries carry no time of writing."""
    raw, packed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()


def read_template(path: Path) -> bytes:
    """A template file.

    Raises:
        TemplateIsUnusable: it is not there, not readable, or too big.
    """
    try:
        if path.stat().st_size > TEMPLATE_BYTES:
            raise TemplateIsUnusable(path, detail=f"over {TEMPLATE_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise TemplateIsUnusable(path, detail=error.strerror or type(error).__name__) from error
