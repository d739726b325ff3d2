"""Days of publication: read from addresses, meta tags and printed lines, and checked against each other.

A day is never guessed. Bodies are not searched: the days in them are days of events.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_FIRST_YEAR: Final = 1990  # the oldest county pages on the web are younger
_PRINTED: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"
)
# Tried in order: the longer shapes first, so that 202611/04 is not read as a day of 2026.
_ADDRESS: Final = (
    re.compile(r"/t(20\d\d)(\d\d)(\d\d)_\d"),
    re.compile(r"/(20\d\d)[-_]?(\d\d)[-/](\d\d)(?=/|_|$)"),
    re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})(?=/|_|$)"),
    re.compile(r"/(20\d\d)/?(\d\d)(\d\d)(?=/|_|$)"),
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day of publication, or ``None``, and what was odd about it (empty when nothing was)."""

    day: date | None
    doubt: str = ""


def day_printed(text: str, *, today: date) -> date | None:
    """The first full date of a printed line: ``2026-11-03``, ``2026年11月3日``, full-width digits too.

    Days before 1990 and after tomorrow are not taken: a clock or a typist was wrong.
    """
    for found in _PRINTED.finditer(unicodedata.normalize("NFKC", text)):
        if day := _day(*found.groups(), today=today):
            return day
    return None


def has_day(text: str) -> bool:
    """Whether a full date is printed in a text."""
    return _PRINTED.search(unicodedata.normalize("NFKC", text)) is not None


def day_in_address(url: str, *, today: date) -> date | None:
    """The day that an address itself carries, in the shapes that content systems use."""
    for shape in _ADDRESS:
        if (found := shape.search(url)) and (day := _day(*found.groups(), today=today)):
            return day
    return None


def published(
    *,
    url: str,
    today: date,
    meta: str = "",
    info: str = "",
    listed: date | None = None,
    rest: Sequence[str] = (),
) -> Dated:
    """The day of publication from everything that names it.

    The printed line and the meta tag are asked first. The address decides when it differs from
    them by more than a day: editors retype dates, systems do not. What the list said comes then,
    and ``rest``, whatever else the page may print, last.
    """
    said = day_printed(meta, today=today) or day_printed(info, today=today)
    in_address = day_in_address(url, today=today)
    if said and in_address and abs(said - in_address) > timedelta(days=1):
        return Dated(in_address, f"the page says {said}, its address {in_address}")
    if said or in_address or listed:
        return Dated(said or in_address or listed)
    return Dated(next((day for text in rest if (day := day_printed(text, today=today))), None))


def _day(year: str, month: str, day: str, *, today: date) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    in_time = found <= today + timedelta(days=1)
    return found if found.year >= _FIRST_YEAR and in_time else None
