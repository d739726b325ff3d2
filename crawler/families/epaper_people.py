"""Digital editions in the manner of the People's Daily.

Seen: ``/html/2026-11/03/nbs.D110000renmrb_01.htm`` for a page, ``nw.D110000renmrb_20261103_1-01.htm`` for
a story; the pages in ``#pageList``, the stories in ``#titleList``; kicker, headline and deck as ``h3``, ``h1``
and ``h2`` of ``.text_c``, the body in ``#ozoom``.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page, text_of
from .epaper import edition, number_of
from .family import Parts, is_info
from .plain import parts_with_body

_STORY: Final = re.compile(r"/(20\d\d)-(\d\d)/(\d\d)/nw\.D\w+-\w+\.html?")
_SHEET: Final = re.compile(r"/(20\d\d)-(\d\d)/(\d\d)/nbs\.D\w+\.html?$")
_NUMBER: Final = re.compile(r"第\s*0*(\d{1,3})\s*版|_\d{8}_\d+-0*(\d{1,3})\.html?")
_DIVIDED: Final = re.compile(r"\?div=-?\d+$")


def _recognises(page: Page) -> bool:
    return page.first("#pageList, #titleList") is not None and page.first(".text_c") is not None


def _parts(page: Page) -> Parts | None:
    block, body = page.first(".text_c, .article"), page.first("#ozoom, #articleContent")
    if block is None or body is None:
        return None
    heads = {
        name: next((text_of(found) for found in block.iter(name)), "")
        for name in ("h1", "h2", "h3")
    }
    parts = parts_with_body(page, body, headline=heads["h1"], info=_info(page))
    if parts is None:
        return None
    sheet = _NUMBER.search(page.url)
    return Parts(
        parts.blocks,
        parts.headline,
        heads["h3"] or parts.kicker,
        heads["h2"] or parts.deck,
        parts.info,
        number_of(sheet),
        parts.after,
        further=parts.further,
    )


def _info(page: Page) -> str:
    """The line with the paper's name, day and page."""
    found = (text_of(one) for one in page.all(".date, .sec, .sha_left, .lai"))
    return next((text for text in found if is_info(text)), "")


FAMILY: Final = edition(
    "epaper_people",
    story=_STORY,
    sheet=_SHEET,
    recognises=_recognises,
    parts=_parts,
    canonical=lambda url: _DIVIDED.sub("", url),
)
