"""Reads a text file that somebody gives us: page text from a paper's system, a mail, a phone.

A file is read whole or refused with a sentence; it never comes back with replacement characters
for bytes that could not be read. What was removed from the text is recorded.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..index.errors import JianbaoError
from ..index.invisible import INVISIBLE
from ..index.limits import PAGE_TEXT_BYTES
from ..index.story import Repair


class FileIsMissing(JianbaoError):
    code = "JB-210"
    what = "the file cannot be opened ({why})"
    remedy = "check the name and that you may read it, then give it again"
    what_zh = "文件打不开（{why}）"
    remedy_zh = "请核对文件名和读取权限后重试"


class FileIsNotRegular(JianbaoError):
    code = "JB-211"
    what = "this is {what_it_is}, not a file with text"
    remedy = "give the text file itself"
    what_zh = "这不是文本文件，而是{what_it_is_zh}"
    remedy_zh = "请直接选择文本文件"


class FileIsEmpty(JianbaoError):
    code = "JB-212"
    what = "the file holds no text ({size} bytes)"
    remedy = "check that the text was saved, then give the file again"
    what_zh = "文件里没有文字（{size} 字节）"
    remedy_zh = "请确认内容已保存，再重新导入"


class FileIsTooBig(JianbaoError):
    code = "JB-213"
    what = "the file is {size_mb} MB; page text may be {limit_mb} MB at most"
    remedy = "cut it into pages and give them one by one"
    what_zh = "文件有 {size_mb} MB，版面文字最大 {limit_mb} MB"
    remedy_zh = "请按版面拆成几个文件，再分别导入"


class FileIsNotText(JianbaoError):
    code = "JB-214"
    what = "this is {kind}, not plain text, whatever its name says"
    remedy = "open it, copy the text, and save it as a .txt file"
    what_zh = "这是{kind_zh}，不是纯文本"
    remedy_zh = "请打开后复制文字，另存为 .txt 文本文件"


class FileCannotBeDecoded(JianbaoError):
    code = "JB-215"
    what = "line {line} cannot be read as Chinese text in UTF-8, GB18030 or UTF-16"
    remedy = "open the file in the program that made it and save it as UTF-8"
    what_zh = "第 {line} 行无法按 UTF-8、GB18030 或 UTF-16 读出"
    remedy_zh = "请用原来的软件打开，另存为 UTF-8 编码"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file as read: ``encoding`` is the codec that fitted; ``cleaned`` is what was removed.

    ``text`` is already cleaned; hand ``cleaned`` on to :func:`~jianbao.crawler.pagetext.split_page`
    so that the repairs are kept with the stories.
    """

    text: str
    encoding: str
    cleaned: tuple[Repair, ...] = ()


_MAGIC: Final = (
    (b"%PDF", "a PDF document", " PDF 文档"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office document (.doc, .xls or .wps)",
        "旧版 Office 文档（.doc、.xls 或 .wps）",
    ),
    (b"{\\rtf", "a rich-text document (.rtf)", " RTF 文档"),
    (b"PK\x03\x04", "a zip archive or a Word document (.docx)", "压缩包或 Word 文档（.docx）"),
    (b"PK\x05\x06", "an empty zip archive", "空的压缩包"),
    (b"Rar!", "a RAR archive", " RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", " 7z 压缩包"),
    (b"\x1f\x8b", "a gzip archive", " gzip 压缩文件"),
    (b"\xff\xd8\xff", "a JPEG picture", " JPEG 图片"),
    (b"\x89PNG", "a PNG picture", " PNG 图片"),
    (b"GIF8", "a GIF picture", " GIF 图片"),
    (b"BM", "a BMP picture", " BMP 图片"),
    (b"II*\x00", "a TIFF picture", " TIFF 图片"),
    (b"MM\x00*", "a TIFF picture", " TIFF 图片"),
    (b"RIFF", "a WebP picture or a sound", " WebP 图片或音频"),
    (b"MZ", "a program", "可执行程序"),
    (b"\x7fELF", "a program", "可执行程序"),
    (b"SQLite format 3", "a database", "数据库文件"),
)


def read_text_file(path: Path) -> TextFile:
    """Reads a regular file of at most :data:`PAGE_TEXT_BYTES` bytes.

    Encodings: UTF-8 and UTF-16 with their marks, UTF-8, UTF-16 without a mark when it plainly is,
    GB18030 (which covers GBK and GB 2312). Raises one of the ``JB-21x`` errors of this module.
    """
    try:
        mode = path.stat()
        _require_regular(path, mode.st_mode)
        if mode.st_size > PAGE_TEXT_BYTES:
            raise _too_big(path, mode.st_size)
        with path.open("rb") as file:
            data = file.read(PAGE_TEXT_BYTES + 1)
    except OSError as problem:
        raise FileIsMissing(path, why=problem.strerror or str(problem)) from problem
    if len(data) > PAGE_TEXT_BYTES:  # it grew while we looked
        raise _too_big(path, len(data))
    if not data.strip():
        raise FileIsEmpty(path, size=len(data))
    _refuse_binary(path, data)
    text, encoding = _decode(path, data)
    text, cleaned = clean_text(text)
    if not text.strip():
        raise FileIsEmpty(path, size=len(data))
    return TextFile(text, encoding, cleaned)


def _too_big(path: Path, size: int) -> FileIsTooBig:
    mb = 1024 * 1024
    return FileIsTooBig(path, size_mb=f"{size / mb:.1f}", limit_mb=PAGE_TEXT_BYTES // mb)


def _require_regular(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise FileIsNotRegular(path, what_it_is="a folder", what_it_is_zh="文件夹")
    raise FileIsNotRegular(path, what_it_is="a device or a pipe", what_it_is_zh="设备或管道")


def _refuse_binary(path: Path, data: bytes) -> None:
    for magic, kind, kind_zh in _MAGIC:
        short = len(magic) < 3 and b"\x00" not in data[:64]
        if data.startswith(magic) and not short:
            raise FileIsNotText(path, kind=kind, kind_zh=kind_zh)


# --- encodings --------------------------------------------------------------------------------

_PLAIN: Final = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～　○□■◇◆△▲●①②③④⑤⑥⑦⑧⑨⑩％＋－×℃"
)
_LIKELY: Final = 0.6
"""Share of everyday characters below which a decoding is not believed. News text has 0.97 and more;
Big5 or Shift-JIS bytes read as GB18030 have 0.3 to 0.5."""


def _everyday(char: str) -> bool:
    """A character that Chinese news text is made of: ASCII, its punctuation, GB 2312 level one."""
    if " " <= char <= "~" or char in "\t\r\n" or char in _PLAIN or "\uff01" <= char <= "\uff5e":
        return True
    try:
        row = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= row <= 0xD7


def _plausibility(text: str) -> float:
    sample = [char for char in text[:20000] if not char.isspace()]
    return sum(map(_everyday, sample)) / len(sample) if sample else 0.0


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(path, data, codec), codec
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if text.count("\x00") * 8 < len(text):  # UTF-16 of plain ASCII is valid UTF-8 full of NULs
            return text, "utf-8"
    candidates: list[tuple[float, str, str]] = []
    for codec in ("gb18030", "utf-16-le", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        candidates.append((_plausibility(text), codec, text))
    best = max(candidates, default=(0.0, "", ""))
    if best[0] < _LIKELY:
        if b"\x00" in data:
            raise FileIsNotText(path, kind="a binary file", kind_zh="二进制文件")
        raise FileCannotBeDecoded(path, line=_first_bad_line(data))
    return best[2], best[1]


def _strict(path: Path, data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode(codec, "ignore")
        raise FileCannotBeDecoded(path, line=before.count("\n") + 1) from problem


def _first_bad_line(data: bytes) -> int:
    """The line where both UTF-8 and GB18030 have failed; 1 when only the sense is missing."""
    places: list[int] = []
    for codec in ("utf-8", "gb18030"):
        try:
            data.decode(codec)
        except UnicodeDecodeError as problem:
            places.append(problem.start)
    return data.count(b"\n", 0, max(places, default=0)) + 1


# --- cleaning ---------------------------------------------------------------------------------

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{INVISIBLE}\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """One kind of line end, and no control, zero-width or direction characters, nor NULs.

    They are invisible, so nobody put them there for a reader; each line that lost some is recorded.
    A replacement character that is already in the file stays, and is recorded too: a letter was
    lost before we came.
    """
    text = _NEWLINES.sub("\n", text)
    if not _INVISIBLE.search(text) and "\ufffd" not in text:
        return text, ()
    repairs: list[Repair] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = Counter(_INVISIBLE.findall(line))
        if found:
            lines[number - 1] = _INVISIBLE.sub("", line)
            names = ", ".join(
                f"U+{ord(char):04X} ×{count}" for char, count in sorted(found.items())
            )
            repairs.append(Repair("cleaned", names, number))
        if lost := line.count("\ufffd"):
            repairs.append(
                Repair("cleaned", f"U+FFFD ×{lost}: lost before the file came to us, kept", number)
            )
    return "\n".join(lines), tuple(repairs)
