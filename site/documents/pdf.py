"""The issue as a PDF: PDF/A-2a and PDF/UA-1, tagged, fonts embedded, the same bytes every time.

Set by typst from ``issue.typ``; the issue goes in as data, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from ...index.errors import JianbaoError
from .handout import Handout, Illustration, Piece, deck_line, ordinal
from .images import size_of

STANDARDS = ["a-2a", "ua-1"]
_TEMPLATE = Path(__file__).with_name("issue.typ")
_WIDEST, _HIGHEST = 397.0, 454.0
"""A picture at most 140 × 160 mm, in points."""

FACES: dict[str, tuple[str, ...]] = {
    "song": (
        "FZXiaoBiaoSong-B05S",
        "FZXiaoBiaoSong-B05",
        "方正小标宋简体",
        "STZhongsong",
        "SimSun",
    ),
    "fang": ("FangSong", "FangSong_GB2312", "仿宋", "STFangsong"),
    "hei": (
        "SimHei",
        "黑体",
        "STHeiti",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Microsoft YaHei",
    ),
    "kai": ("KaiTi", "KaiTi_GB2312", "楷体", "STKaiti", "AR PL UKai CN"),
}
"""The faces of GB/T 9704 under the names that their fonts go by, best first."""
ANY = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "SimSun",
    "Songti SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)
"""What stands in for a face that is not installed."""
NAMES = {"song": "小标宋", "fang": "仿宋", "hei": "黑体", "kai": "楷体"}
_HEAVY = {"FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong"}
"""Faces of headlines that are heavy by themselves; others are set in bold."""


class FontIsMissing(JianbaoError):
    """No font on this computer has Chinese characters."""

    code = "JB-322"
    what = "no font with Chinese characters was found, so the PDF cannot be set"
    remedy = (
        "install one (Windows and macOS have one; on Debian `apt install fonts-noto-cjk`), or put font"
        " files into the folder {folder}"
    )
    what_zh = "没有找到中文字体，无法生成 PDF"
    remedy_zh = "请安装中文字体（Windows 自带仿宋、楷体、黑体），或把字体文件放进 {folder} 文件夹"


class PdfCannotBeMade(JianbaoError):
    """The typesetter refused."""

    code = "JB-323"
    what = "the PDF of this issue cannot be made: {detail}"
    remedy = (
        "a character that no installed font has is changed in the issue, or a font that has it is put into"
        " the folder {folder}; the other documents are not concerned"
    )
    what_zh = "本期 PDF 无法生成：{detail}"
    remedy_zh = "若是生僻字缺字形，请在本期中改用其他字，或把含有该字的字体放进 {folder} 文件夹；其他文档不受影响"


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of a PDF by role, best first, and which of the standard's faces were not there (``stood_in``:
    the Chinese name of the face and the font that was taken)."""

    families: dict[str, tuple[str, ...]]
    heavy: str
    stood_in: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def installed(folder: Path | None) -> frozenset[str]:
    """The font families of this computer and of the workspace's own folder."""
    fonts = typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=False,
        font_paths=[folder] if folder and folder.is_dir() else [],
    )
    return frozenset(fonts.families())


def faces(folder: Path | None = None) -> Faces:
    """Chooses the fonts.

    Raises:
        FontIsMissing: none of them is here.
    """
    here = installed(folder)
    stand_ins = tuple(name for name in ANY if name in here)
    found: dict[str, tuple[str, ...]] = {}
    stood_in: list[tuple[str, str]] = []
    for role, names in FACES.items():
        own = tuple(name for name in names if name in here)
        found[role] = tuple(dict.fromkeys((*own, *stand_ins)))
        if not found[role]:
            raise FontIsMissing(folder=folder or "fonts/")
        if not own:
            stood_in.append((NAMES[role], found[role][0]))
    heavy = "regular" if found["song"][0] in _HEAVY else "bold"
    return Faces(found, heavy, tuple(stood_in))


def pdf_document(handout: Handout, fonts: Path | None = None) -> bytes:
    """The issue as PDF. ``fonts`` is a folder with more fonts than are installed.

    Raises:
        FontIsMissing, PdfCannotBeMade: see there.
    """
    chosen = faces(fonts)
    files = {"issue.typ": _TEMPLATE.read_bytes()}
    data = _data(handout, chosen, files)
    try:
        with TemporaryDirectory(prefix="jianbao-") as folder:
            for name, content in files.items():
                Path(folder, name).write_bytes(content)
            made = typst.compile(
                Path(folder, "issue.typ"),
                root=Path(folder),
                font_paths=[fonts] if fonts and fonts.is_dir() else [],
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=STANDARDS,  # pyright: ignore[reportArgumentType]
                timestamp=datetime.combine(handout.issued, time(), UTC),
            )
    except typst.TypstError as error:
        folder = fonts or "fonts/"
        raise PdfCannotBeMade(
            handout.key, detail=str(error).split("\n")[0], folder=folder
        ) from error
    assert isinstance(made, bytes)  # noqa: S101 - without an output file bytes are returned
    return made


def _data(handout: Handout, chosen: Faces, files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "faces": {**chosen.families, "heavy": chosen.heavy},
        "name": handout.name,
        "publisher": handout.publisher,
        "day": [handout.issued.year, handout.issued.month, handout.issued.day],
        "dated": handout.dated,
        "masthead": handout.masthead,
        "called": handout.called,
        "title": handout.title,
        "draft": handout.draft,
        "note": handout.note,
        "corrections": handout.corrections,
        "contents": len(handout.pieces) > 1,
        "sections": [
            {
                "name": f"{ordinal(number)}、{section.name}" if section.name else "",
                "pieces": [_piece(piece, files) for piece in section.pieces],
            }
            for number, section in enumerate(handout.sections, 1)
        ],
        "signed": "　　".join(handout.signed),
        "tail": handout.imprint.tail,
        "copies": handout.imprint.printed,
    }


def _piece(piece: Piece, files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "number": piece.number,
        "kicker": piece.kicker,
        "headline": piece.headline,
        "deck": deck_line(piece.deck) if piece.deck else "",
        "note": piece.note,
        "paragraphs": [{"text": p.text, "subhead": p.subhead} for p in piece.paragraphs],
        "pictures": _pictures(piece.number, piece.pictures, files),
        "captions": piece.captions,
        "corrections": piece.corrections,
        "credits": piece.credits,
        "url": piece.url,
        "gone": piece.gone,
    }


def _pictures(
    number: int, pictures: Sequence[Illustration], files: dict[str, bytes]
) -> list[dict[str, Any]]:
    laid: list[dict[str, Any]] = []
    for at, picture in enumerate(pictures, 1):
        name = f"picture-{number}-{at}.{picture.kind}"
        files[name] = picture.data
        width, height = size_of(picture.data)
        scale = min(_WIDEST / width, _HIGHEST / height, 1.0)
        laid.append(
            {
                "file": name,
                "alt": picture.words or f"图片{at}",
                "words": picture.words,
                "width": width * scale,
                "height": height * scale,
            }
        )
    return laid
