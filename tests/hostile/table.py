"""The table of hostile input: what is served, and what must come of it.

The numbers are those of the project's list of hostile inputs and faults. Each row is a site of its
own: a healthy list and story with one thing spoiled.
"""

from __future__ import annotations

from dataclasses import dataclass

from .answers import ANSWERS_FOR_PAGES
from .fetching import BOMBS, COMPRESSED, ENDLESS, REDIRECTS, REFUSALS, ROBOTS_ROWS
from .lists import LIST_BOMBS, SITEMAPS, TRAPS
from .parsing import CHARACTERS, DATES, MARKUP
from .row import Row


@dataclass(frozen=True)
class Group:
    """Rows that one crawl visits side by side. ``waits`` are the seconds that an answer may take where
    that is what the rows are about; ``seconds`` of processor time and ``memory`` (MB above an idle crawl's) are
    for all of its rows together and far above what they use: what grows with the square of its input, or
    is unpacked whole, passes them many times over."""

    rows: dict[str, Row]
    seconds: int
    memory: int
    waits: int = 0


GROUPS: dict[str, Group] = {
    "bombs": Group({**BOMBS, **LIST_BOMBS}, seconds=15, memory=40),
    "endless": Group(ENDLESS, seconds=20, memory=40, waits=4),
    "sites": Group({**COMPRESSED, **REDIRECTS, **ROBOTS_ROWS, **REFUSALS, **ANSWERS_FOR_PAGES}, seconds=25, memory=40),
    "traps": Group({**TRAPS, **SITEMAPS}, seconds=30, memory=80),
    "pages": Group({**MARKUP, **CHARACTERS, **DATES}, seconds=25, memory=80),
}  # fmt: skip
TABLE: dict[str, Row] = {name: row for group in GROUPS.values() for name, row in group.rows.items()}
