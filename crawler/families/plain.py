"""Story pages of a plain modern layout: one headline, one body container, day and source between.

It is also the last to be asked for a page that no other family recognises, and for a page of a family
whose own rule finds no story in it: then everything is found by its looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lxml.html import HtmlElement

from ..body import BELOW, Run, find_body, span_of
from ..headline import find_headline, read_head
from ..webpage import Page
from .family import Family, Parts, dated_rows, further_pages, next_link

_STORY: Final = re.compile(r"/(?:19|20)\d\d[-/]?\d\d.*\d+\.s?html?$|/\w*\d{4,}\.s?html?$")


def _recognises(_: Page) -> bool:
    return True  # it is the last to be asked


def _parts(page: Page) -> Parts | None:
    run = find_body(page)
    if run is None:
        return None
    headline, at = find_headline(page, run.start)
    if at >= run.first and (again := find_body(page, at + 1)):
        run = again  # the headline stands inside the body's element, with whatever is above it
    return _parts_of(page, run, headline, at)


def parts_with_body(
    page: Page,
    body: HtmlElement,
    *,
    headline: str = "",
    info: str = "",
    further: Sequence[str] = (),
) -> Parts | None:
    """The story whose body's element a family's rule has found.

    ``headline`` and ``info`` (its meta line) are given where the family knows them better than the eye;
    ``further`` are its other pages.
    """
    first, last = span_of(page, body)
    if first == last:  # a page of nothing but its headline
        first = last = len(page.blocks)
    if headline:
        at = next((n for n in range(first) if page.blocks[n].text == headline), -1)
    else:
        headline, at = find_headline(page, min(first, len(page.blocks) - 1))
    run = Run(max(first, at + 1), last, max(first, at + 1), "")
    parts = _parts_of(page, run, headline, at)
    if parts is None:
        return None
    return replace(parts, info=info or parts.info, further=tuple(further) or parts.further)


def _parts_of(page: Page, run: Run, headline: str, at: int) -> Parts | None:
    if not headline:
        return None
    kicker, deck, info = read_head(page, at, run.first, run.start)
    return Parts(
        [page.blocks[n] for n in range(run.first, run.last) if n not in run.without],
        headline,
        kicker,
        deck,
        info,
        # Frames inside the body are not the story's, but the editors' line may stand in one.
        after=[
            *page.blocks[run.last : run.last + BELOW],
            *(page.blocks[n] for n in sorted(run.without)),
        ],
        read=run.by,
        further=further_pages(page),
    )


FAMILY: Final = Family("plain", _STORY, _recognises, dated_rows, next_link, _parts)
