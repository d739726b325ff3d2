"""Digests: what a page or a file is made from, in 24 hexadecimal digits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def digest_of(value: Any) -> str:
    """A digest of plain data, dates, records of ours in all their fields, and of what carries a
    ``digest`` of its own that stands for it."""
    text = _ENCODER.encode(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "digest", None) or _fields(type(value))(value)


@cache
def own_files(*endings: str) -> str:
    """A digest of the program, what it uses of the index, and of other files with some ``endings``: a new
    release makes every file anew."""
    files = [path for path in _HERE.rglob("*") if path.suffix in {".py", *endings}]
    files += (_HERE.parent / "index").glob("*.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()[:24]


@cache
def _fields(kind: type) -> Callable[[Any], Any]:
    return attrgetter(*kind.__slots__)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_plain, check_circular=False
)
"""One for all: to make it takes longer than to use it."""
