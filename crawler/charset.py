"""What characters a page's bytes are. Declarations are not asked: they are wrong too often.

Chinese local sites declare gb2312 over GB 18030, utf-8 over GBK, ISO-8859-1 over either, or nothing.
Strict UTF-8 first and GB 18030 second read all of these rightly, because GBK text is not valid UTF-8
except by an accident that needs every character of the page to take part. (Measured on seven ways
to mislabel; see ``tests/crawl/test_charset.py``.)
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from ..index.errors import JianbaoError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A page of thousands of characters with a byte or two broken in transit is still that page.
_BROKEN_PER_MILLE: Final = 1


class BytesAreNotText(JianbaoError):
    """The bytes are neither UTF-8 nor GB 18030."""

    code = "JB-232"
    what = "the page is neither UTF-8 nor GB 18030 ({broken} places cannot be read)"
    remedy = "open it in a browser and import its text by hand"
    what_zh = "网页既不是 UTF-8 也不是 GB 18030 编码（{broken} 处无法识别）"
    remedy_zh = "请用浏览器打开后复制文字导入"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and how many broken places were dropped from it."""

    text: str
    encoding: str
    dropped: int = 0


def decode(body: bytes) -> Decoded:
    """Reads the bytes of a page as text, never with a replacement character in it.

    A byte order mark decides, or markup with every other byte zero (UTF-16); then strict UTF-8; then
    strict GB 18030; then UTF-8 with halved characters; then whichever of the two breaks in fewer places, with those places dropped and counted, up to one in a thousand bytes.

    Raises:
        BytesAreNotText: more is broken than that.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decode_as(encoding, body[len(mark) :])
    if encoding := _unmarked_utf16(body):
        return _decode_as(encoding, body)
    for encoding in ("utf-8", "gb18030"):
        try:
            return Decoded(body.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    if halves := _decode_halves(body):
        return _checked(halves, body)
    tried = [_decode_lossy(encoding, body) for encoding in ("utf-8", "gb18030")]
    return _checked(min(tried, key=lambda decoded: decoded.dropped), body)


def _unmarked_utf16(body: bytes) -> str:
    """UTF-16 without a mark: every other byte of the markup at the beginning is zero."""
    head = body[:96]  # the doctype or the first tags
    big, little = head[0::2].count(0), head[1::2].count(0)
    if max(big, little) * 4 <= len(head) or min(big, little) * 8 > len(head):
        return ""
    if b"<\0" not in head and b"\0<" not in head:
        return ""
    return "utf-16-be" if big > little else "utf-16-le"


def _decode_as(encoding: str, body: bytes) -> Decoded:
    try:
        return Decoded(body.decode(encoding), encoding)
    except UnicodeDecodeError:
        return _checked(_decode_lossy(encoding, body), body)


def _decode_halves(body: bytes) -> Decoded | None:
    """UTF-8 in which older databases wrote rare characters and emoji as two halves (CESU-8): pairs are
    joined, a half without its other half is dropped and counted. ``None`` for anything else."""
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lone = joined.count("\ufffd") - text.count("\ufffd")
    if not lone:
        return Decoded(joined, "utf-8")
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return Decoded(paired, "utf-8", lone)


def _decode_lossy(encoding: str, body: bytes) -> Decoded:
    """Drops what cannot be read, and counts it."""
    text = body.decode(encoding, errors="ignore")
    replaced = body.decode(encoding, errors="replace")
    return Decoded(text, encoding, replaced.count("\ufffd") - text.count("\ufffd"))


def _checked(decoded: Decoded, body: bytes) -> Decoded:
    if decoded.dropped * 1000 > max(1000, len(body) * _BROKEN_PER_MILLE):
        raise BytesAreNotText(broken=decoded.dropped)
    return decoded
