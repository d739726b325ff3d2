"""The page and the styles of a 简报 in Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋", "黑体", "楷体"
LATIN = "Times New Roman"
ER, XIAO_ER, SAN, SI = 22.0, 18.0, 16.0, 14.0
"""二号, 小二, 三号, 四号 in points."""
LINE = 28.95
"""22 lines in 225 mm, in points."""
RED, BLACK = "C8102E", "000000"
_LEFT, _CENTRE, _RIGHT, _BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: face, size in points, and how it stands. ``indent`` is in characters."""

    name: str
    face: str
    size: float
    align: WD_ALIGN_PARAGRAPH = _LEFT
    colour: str = BLACK
    indent: int = 0
    before: float = 0
    after: float = 0
    line: float | None = LINE
    level: int | None = None
    tab: bool = False
    below: str = ""
    above: str = ""
    keep: bool = False


STYLES = (
    Style("简报密级", HEI, SAN),
    Style("简报报头", SONG, 54, _CENTRE, RED, before=24, after=6, line=None),
    Style("简报期号", FANG, SAN, _CENTRE, after=6),
    Style("简报编发", FANG, SAN, after=14, tab=True, below=RED),
    Style("Title", SONG, ER, _CENTRE, before=6, after=14, line=34),
    Style("简报按语标题", HEI, SAN, _CENTRE, before=6, keep=True),
    Style("简报按语", KAI, SAN, _BOTH, indent=2),
    Style("简报更正", KAI, SI, _BOTH, line=24, before=4, after=4),
    Style("简报目录标题", HEI, SAN, _CENTRE, before=10, after=4, keep=True),
    Style("TOC 1", HEI, SI, line=24, before=4),
    Style("TOC 2", FANG, SI, line=24),
    Style("Heading 1", HEI, SAN, before=18, after=6, level=0, keep=True),
    Style("简报引题", KAI, SAN, _CENTRE, before=12, keep=True),
    Style("Heading 2", SONG, XIAO_ER, _CENTRE, before=14, after=6, line=32, level=1, keep=True),
    Style("Subtitle", KAI, SAN, _CENTRE, after=6, keep=True),
    Style("Heading 3", KAI, SAN, indent=2, level=2, keep=True),
    Style("Body Text", FANG, SAN, _BOTH, indent=2),
    Style("简报图片", FANG, SAN, _CENTRE, before=6, line=None, keep=True),
    Style("Caption", KAI, SI, _CENTRE, line=22, after=4),
    Style("简报来源", KAI, SI, _RIGHT, line=24, before=2, after=10),
    Style("简报签发", FANG, SI, _RIGHT, line=24, before=18),
    Style("简报报尾", FANG, SI, line=24, tab=True, above=BLACK, below=BLACK),
)
"""Every style that an issue is set in. An office's own template must have them all."""

_WIDTH = Mm(156)
_CLOSER = -5
"""28 characters of 16 points in 156 mm: each is set closer by a quarter of a point (in 1/20 of a point). A
grid of characters would do the same in Word, and pull the line apart in LibreOffice."""


def make_styles(document: WordDocument) -> None:
    """Makes or changes the styles of a document."""
    normal: Any = document.styles["Normal"]
    _set_face(normal, FANG)
    normal.font.size = Pt(SAN)
    for style in STYLES:
        _make(document, style)


def _make(document: WordDocument, style: Style) -> None:
    known = {one.name for one in document.styles}
    if style.name in known:
        made: Any = document.styles[style.name]
    else:
        made = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
    made.hidden, made.quick_style, made.unhide_when_used = False, True, True
    _set_face(made, style.face)
    made.font.size = Pt(style.size)
    made.font.bold, made.font.italic = False, False
    made.font.color.rgb = RGBColor.from_string(style.colour)
    if style.indent:
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(_CLOSER))
        made.element.rPr.find(qn("w:sz")).addprevious(closer)
    form = made.paragraph_format
    form.alignment = style.align
    form.space_before, form.space_after = Pt(style.before), Pt(style.after)
    form.keep_with_next, form.widow_control = style.keep, True
    if style.line is None:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(style.line)
    properties = made.element.get_or_add_pPr()
    _drop(properties, "w:ind", "w:pBdr", "w:tabs", "w:numPr")
    if style.indent:
        form.first_line_indent = Pt(style.indent * style.size)
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), str(style.indent * 100))
    if style.tab:
        form.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    if style.above or style.below:
        _set_rules(properties, style.above, style.below)
    if style.level is not None:
        _set_level(properties, style.level)


def _set_face(style: Any, face: str) -> None:
    """Latin letters and figures in one face, Chinese in another: Word keeps them apart."""
    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.lower().endswith("theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hAnsi"), LATIN)
    fonts.set(qn("w:cs"), LATIN)
    fonts.set(qn("w:hint"), "eastAsia")
    language = style.element.rPr.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        style.element.rPr.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _set_rules(properties: Any, above: str, below: str) -> None:
    borders = OxmlElement("w:pBdr")
    for side, colour in (("top", above), ("bottom", below), ("between", above and below)):
        if colour:
            rule = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", colour)):
                rule.set(qn(f"w:{name}"), value)
            borders.append(rule)
    _insert(properties, borders)


def _set_level(properties: Any, level: int) -> None:
    _drop(properties, "w:outlineLvl")
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    properties.append(outline)


_ORDER = ("keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr")
"""What stands before the borders in a paragraph's properties (ECMA-376, CT_PPrBase)."""


def _insert(properties: Any, borders: Any) -> None:
    before = {qn(f"w:{name}") for name in ("pStyle", *_ORDER)}
    at = 0
    for at, child in enumerate(properties, 1):
        if child.tag not in before:
            at -= 1
            break
    properties.insert(at, borders)


def _drop(properties: Any, *names: str) -> None:
    for name in names:
        for child in properties.findall(qn(name)):
            properties.remove(child)


def set_page(document: WordDocument) -> None:
    """A4 and the margins of GB/T 9704, 22 lines, page numbers at the outer edge."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    properties = section._sectPr
    _drop(properties, "w:docGrid")
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE * 20)))
    properties.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], _RIGHT)
    _number(section.even_page_footer.paragraphs[0], _LEFT)


def _number(paragraph: WordParagraph, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = Pt(SI)
    paragraph.paragraph_format.right_indent = Pt(SI)
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size, run.font.name = Pt(SI), "宋体"
        if text is None:
            for kind in ("begin", "PAGE", "end"):
                if kind == "PAGE":
                    part = OxmlElement("w:instrText")
                    part.text = " PAGE "
                else:
                    part = OxmlElement("w:fldChar")
                    part.set(qn("w:fldCharType"), kind)
                run._r.append(part)
