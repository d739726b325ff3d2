"""The content system of Guangdong's government sites 南方网 (NFC).

Seen: ``/content/post_4954524.html`` stories, bodies in ``.article-content`` or ``#zoomcon``; lists numbered from 1,
page 2 is ``index_2.html``; the words ``gkmlpt`` in addresses of its open-government pages.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/content/post_\d+\.html?$")


def _recognises(page: Page) -> bool:
    if _STORY.search(page.url):
        return True
    # A list is known by its links alone; one of them may be a link to another site.
    hrefs = (link.get("href") or "" for link in page.tree.iter("a"))
    return sum(_STORY.search(href) is not None for href in hrefs) >= _LINKS_LEAST


_LINKS_LEAST: Final = 3


def _parts(page: Page) -> Parts | None:
    body = page.first(".article-content, #zoomcon, .article_con")
    return parts_with_body(page, body) if body is not None else None


FAMILY: Final = Family("nfc", _STORY, _recognises, dated_rows, next_link, _parts)
