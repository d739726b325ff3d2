"""Reading text files that people give us, and refusing what is none."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from jianbao.crawler.textfile import (
    FileCannotBeDecoded,
    FileIsEmpty,
    FileIsMissing,
    FileIsNotRegular,
    FileIsNotText,
    FileIsTooBig,
    clean_text,
    read_text_file,
)
from jianbao.index.errors import JianbaoError

TEXT = "文水县凤城镇：一张饭桌坐满了人\n\n社区食堂每天供应一百二十份午饭，多是蔬菜和面食。镕、堃、喆。\n"


def _file(folder: Path, data: bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.replace("\n", "\r\n").encode("gb18030"), "gb18030"),
        (TEXT.replace("\n", "\r").encode("utf-8"), "utf-8"),
        (b"plain ascii\n", "utf-8"),
    ],
)
def test_text_is_read_in_every_encoding_people_have(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    read = read_text_file(_file(tmp_path, data))
    assert read.encoding == encoding
    assert read.text in (TEXT, "plain ascii\n")
    assert read.cleaned == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 80, "Office"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (b"{\\rtf1\\ansi", "rich-text"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "program"),
        (bytes(range(256)) * 8, "binary"),
    ],
)
def test_a_binary_file_is_named_for_what_it_is(tmp_path: Path, data: bytes, kind: str) -> None:
    with pytest.raises(FileIsNotText) as caught:
        read_text_file(_file(tmp_path, data))
    assert kind in caught.value.english()


def test_a_word_document_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(FileIsNotText, match="Word"):
        read_text_file(path)


@pytest.mark.parametrize(
    "data", [b"", b" \n\r\n ", "　\n".encode(), b"\xef\xbb\xbf", "\u200b".encode()]
)
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FileIsEmpty):
        read_text_file(_file(tmp_path, data))


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(FileIsTooBig) as caught:
        read_text_file(path)
    assert "50.0 MB" in caught.value.english()


@pytest.mark.parametrize(
    "data",
    [
        "文水县凤城镇".encode() + b"\xff\xfe\xff" + "一张饭桌坐满了人".encode(),
        "鳳城鎮的社區食堂每天供應一百二十份午飯".encode("big5"),
        TEXT.encode("utf-16")[:-1],
    ],
)
def test_what_cannot_be_decoded_is_refused_never_replaced(tmp_path: Path, data: bytes) -> None:
    with pytest.raises((FileCannotBeDecoded, FileIsNotText)):
        read_text_file(_file(tmp_path, data))


def test_one_bad_byte_is_told_with_its_line(tmp_path: Path) -> None:
    data = "第一行\n第二行".encode() + b"\xff\xff" + "坏\n".encode()
    with pytest.raises(FileCannotBeDecoded) as caught:
        read_text_file(_file(tmp_path, data))
    assert "line 2" in caught.value.english()


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileIsNotRegular, match="folder"):
        read_text_file(tmp_path)
    with pytest.raises(FileIsMissing):
        read_text_file(tmp_path / "none.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes among Windows files")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(FileIsNotRegular, match="pipe"):
        read_text_file(pipe)


def test_every_refusal_speaks_both_languages(tmp_path: Path) -> None:
    for data in (b"", b"%PDF-1.4", "文水".encode() + b"\xff\xff"):
        path = _file(tmp_path, data)
        with pytest.raises(JianbaoError) as caught:
            read_text_file(path)
        assert str(path) in caught.value.english()
        assert "Remedy:" in caught.value.english()
        assert "处理办法" in caught.value.chinese()


def test_invisible_characters_go_and_are_counted() -> None:
    text, cleaned = clean_text("凤\u200b城\u200b镇\n\u202e午饭\x00\n社区\u2028食堂\ufffd")
    assert text == "凤城镇\n午饭\n社区\n食堂\ufffd"
    assert [(r.line, r.text.split(":")[0]) for r in cleaned] == [
        (1, "U+200B ×2"),
        (2, "U+0000 ×1, U+202E ×1"),
        (4, "U+FFFD ×1"),
    ]


def test_the_repairs_of_the_file_reach_the_story(tmp_path: Path) -> None:
    from jianbao.crawler.pagetext import split_page

    body = "社区食堂每天供应一百二十份午饭，多是蔬菜和面食，老人自己端，端不动的有人送。" * 2
    read = read_text_file(_file(tmp_path, f"一张饭桌坐满了人\n\n社\u200b区{body}\n".encode()))
    (story,) = split_page(read.text, cleaned=read.cleaned).stories()
    assert [(r.kind, r.line) for r in story.repairs] == [("cleaned", 3)]
