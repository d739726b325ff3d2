"""Every way in which local sites mislabel their bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse

from jianbao.crawler.addons import OneCharset
from jianbao.crawler.charset import BytesAreNotText, decode

TEXT = "支部书记白镕、贺堃、申喆和任㛃在䶮河边开会，记了三页纸。"
PAGE = "<html><head>{meta}<title>一次会</title></head><body><p>" + TEXT * 20 + "</p></body></html>"
META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'

VARIANTS = {
    # name: (bytes are, meta says, header says)
    "gbk, meta gb2312": ("gb18030", "gb2312", ""),
    "gbk, header utf-8": ("gb18030", "gb2312", "utf-8"),
    "gbk, meta utf-8": ("gb18030", "utf-8", ""),
    "gbk, nothing said": ("gb18030", "", ""),
    "utf-8, meta gb2312": ("utf-8", "gb2312", ""),
    "utf-8, nothing said": ("utf-8", "", ""),
    "utf-8, header iso-8859-1": ("utf-8", "utf-8", "iso-8859-1"),
}


def page_bytes(encoding: str, meta: str) -> bytes:
    return PAGE.format(meta=META.format(meta) if meta else "").encode(encoding)


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_a_mislabelled_page_is_read_rightly(name: str) -> None:
    encoding, meta, _ = VARIANTS[name]
    decoded = decode(page_bytes(encoding, meta))
    assert TEXT * 20 in decoded.text
    assert (decoded.encoding, decoded.dropped) == (encoding, 0)


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_scrapy_sees_the_right_text_behind_the_middleware(name: str) -> None:
    encoding, meta, header = VARIANTS[name]
    content_type = "text/html" + (f"; charset={header}" if header else "")
    response = HtmlResponse(
        "http://odd.example/",
        headers={"Content-Type": content_type},
        body=page_bytes(encoding, meta),
    )
    fixed = OneCharset().process_response(Request("http://odd.example/"), response)
    assert isinstance(fixed, HtmlResponse)
    assert TEXT * 20 in fixed.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_broken_byte_costs_that_place_and_is_counted(encoding: str) -> None:
    body = bytearray(page_bytes(encoding, ""))
    body.insert(body.index("三页纸".encode(encoding)), 0xFF)
    decoded = decode(bytes(body))
    assert decoded.encoding == encoding
    assert decoded.dropped == 1
    assert "\ufffd" not in decoded.text
    assert decoded.text.count(TEXT) >= 19


@pytest.mark.parametrize(("mark", "encoding"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")])
def test_a_byte_order_mark_decides(mark: str, encoding: str) -> None:
    decoded = decode(TEXT.encode(mark))
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_zeros(encoding: str) -> None:
    decoded = decode(page_bytes(encoding, ""))
    assert TEXT * 20 in decoded.text
    assert (decoded.encoding, decoded.dropped) == (encoding, 0)


def test_characters_written_in_two_halves_are_joined() -> None:
    """CESU-8, as some databases write rare characters and emoji; a half alone is dropped and counted."""
    halves = "𠮷".encode("utf-16-be")
    pair = b"".join(
        chr(int.from_bytes(halves[at : at + 2], "big")).encode("utf-8", "surrogatepass")
        for at in (0, 2)
    )
    whole = decode(f"<p>{TEXT}</p>".encode() + pair)
    assert whole.text.endswith("𠮷")
    assert whole.dropped == 0
    half = decode(f"<p>{TEXT}</p>".encode() + pair[:3] + "完".encode())
    assert half.text.endswith("</p>完")
    assert half.dropped == 1


def test_a_picture_sent_as_a_page_is_no_text() -> None:
    with pytest.raises(BytesAreNotText, match="JB-232"):
        decode(b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 40 + b"\xff\xff")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(("\u4e00" + text).encode()).text == "\u4e00" + text


@given(st.binary(max_size=400))
def test_no_bytes_bring_a_replacement_character(body: bytes) -> None:
    try:
        decoded = decode(body)
    except BytesAreNotText:
        return
    assert decoded.dropped or "\ufffd" not in decoded.text or "\ufffd".encode() in body
