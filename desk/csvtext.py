"""CSV that a spreadsheet opens without running anything of it (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
"""Without it Excel on Windows reads UTF-8 as the local code page."""


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV with a byte order mark and CRLF, numbers as numbers.

    A text that a spreadsheet would take for a formula is given an apostrophe in front (OWASP, CSV
    injection); white space before the sign does not hide it.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BOM + file.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\0", "")
    head = text.lstrip(" \n\u3000\xa0")
    return "'" + text if text.startswith(_FORMULA) or head.startswith(_FORMULA) else text
