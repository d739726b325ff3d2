"""Mends text that was GBK, was read as a Western encoding somewhere on its way, and was saved so.

``北京`` (B1 B1 BE A9) read as Latin-9 is ``±±Ÿ©``; saved as UTF-8 and read as Latin-1 once more it is
``Â±Â±Å¸Â©``. Copies of copies look like that. Nothing is lost on the way, so it can be gone back.
"""

from __future__ import annotations

import re
from typing import Final

# Letters, signs and controls of the Western tables: what GBK bytes turn into.
_WESTERN: Final = re.compile("[\x80-\xffŒœŠšŸŽžƒ€‚„…†‡‰‹›‘’“”•–—˜™]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_STEPS: Final = 3
_TABLES: Final = ("latin-1", "iso8859-15", "cp1252")
_LEAST: Final = 200  # Western characters; a French name or two is no mojibake
_SAMPLE: Final = 20_000


def mend(text: str) -> str:
    """The text as it was written, when nearly all of it went astray; else the very same text."""
    head = text[:_SAMPLE]
    if len(_WESTERN.findall(text)) < _LEAST or len(_HAN.findall(text)) * 10 > len(text):
        return text
    if len(_WESTERN.findall(head)) < len(_HAN.findall(head)) * 10:
        return text
    for _ in range(_STEPS):
        step = _back(text)
        if step is None:
            return text
        text = step
        if len(_HAN.findall(text)) > len(_WESTERN.findall(text)):
            break
    return text


def _back(text: str) -> str | None:
    """One wrong reading undone."""
    for table in _TABLES:
        try:
            raw = text.encode(table)
        except UnicodeEncodeError:
            continue
        for encoding in ("utf-8", "gb18030"):
            try:
                found = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if found != text:
                return found
    return None
