"""A story of several pages, put together; and why a page gives none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from ..index.story import Repair
from .article import Extraction, StoryIsRefused, extract
from .charset import BytesAreNotText
from .sources import Source
from .webpage import Page, PageHasNoText

NO_STORY: Final = (PageHasNoText, StoryIsRefused, BytesAreNotText)
"""What reading a page raises when it gives no story."""


def joined(
    found: Extraction,
    waiting: list[str],
    url: str,
    make: Callable[[], Page],
    *,
    first: str,
    today: date,
    source: Source,
) -> tuple[Extraction, list[str]]:
    """A story with its next page, and the addresses of those that still wait.

    ``first`` is the story's own address. A page that holds nothing leaves a note.
    """
    try:
        more = extract(make(), today=today, source=source, whole=False)
    except NO_STORY:
        return replace(found, repairs=(*found.repairs, missing_page(url))), waiting
    # The second page may be the first to name the fourth.
    known = (*found.further, *waiting, first)
    news = [one for one in more.further if one not in known]
    whole = replace(found.joined(more), further=(*found.further, *news))
    return whole, [*waiting, *news]


def reason_of(refusal: Exception) -> str:
    """Why a page gave no story, as a key of ``REASONS``."""
    if isinstance(refusal, StoryIsRefused):
        return refusal.reason
    return "broken-bytes" if isinstance(refusal, BytesAreNotText) else "no-body"


def missing_page(url: str) -> Repair:
    """What a story says of a page of its own that could not be read."""
    return Repair("set-aside", f"a further page of the story could not be read: {url}")
