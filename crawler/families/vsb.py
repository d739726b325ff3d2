"""Boda VSB 博达站群, on which party schools, colleges and hospitals run.

Seen: ``/info/1012/3456.htm`` stories, bodies in ``#vsb_content``, the meta line in a table cell with a
click counter's script in it. Lists number their pages downwards (``tzgg.htm``, ``tzgg/11.htm``, ``tzgg/10.htm``),
so a page keeps its address while what stands on it moves: only the link 下页 says what follows.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/(?:info/\d+/\d+\.html?$|content\.jsp\?.*wbnewsid=\d+)")


def _recognises(page: Page) -> bool:
    named = page.first("#vsb_content, .v_news_content") is not None
    return named or "_newscontent_fromname" in page.form_names or "dynclicks" in page.scripts


def _parts(page: Page) -> Parts | None:
    body = page.first("#vsb_content, #vsb_content_2, #vsb_content_4, .v_news_content")
    return parts_with_body(page, body) if body is not None else None


FAMILY: Final = Family("vsb", _STORY, _recognises, dated_rows, next_link, _parts)
