"""Digital editions of the classic Founder 方正 generation.

Seen: ``/html/2026-11/03/node_2.htm`` for a page (the number is the page's id, not its number) and
``/html/2026-11/03/content_12345.htm`` for a story; tables without classes; kicker, headline, deck, author and
page stand in a comment at the end, ``<!--enpproperty <date>…</date><introtitle>…</introtitle>…-->``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml.html import HtmlElement

from ..body import below
from ..webpage import Block, Page, blocks_of, squeeze, text_of
from .epaper import edition, number_of
from .family import Parts

_STORY: Final = re.compile(r"/(20\d\d)-(\d\d)/(\d\d)/content_\d+(?:_\d+)?\.html?$")
_SHEET: Final = re.compile(r"/(20\d\d)-(\d\d)/(\d\d)/node_\d+\.html?$")
_PROPERTY: Final = re.compile(r"<(\w[\w-]*)>(.*?)</\1>", re.DOTALL)
_NUMBER: Final = re.compile(r"第?\s*[A-Z]?0*(\d{1,3})\s*版|^[A-Z]?0*(\d{1,3})\b")


def _recognises(page: Page) -> bool:
    return bool(_properties(page)) or page.first("#PagePicMap, founder-content") is not None


def _properties(page: Page) -> dict[str, str]:
    """The values of the ``enpproperty`` comment; ``founder-`` before a name is left out."""
    for comment in page.comments:
        if "enpproperty" in (comment.text or ""):
            pairs = _PROPERTY.findall(comment.text or "")
            return {name.removeprefix("founder-"): squeeze(value) for name, value in pairs}
    return {}


def _body(page: Page) -> HtmlElement | None:
    if (found := page.first("founder-content, #ozoom, .founder-content")) is not None:
        return found
    for comment in page.comments:
        if (comment.text or "").strip() == "enpcontent":
            return comment.getparent()
    return None


def _pictures(page: Page, body: HtmlElement) -> list[Block]:
    """Pictures and their captions, which stand in tables of their own above the text."""
    inside = set(body.iter())
    tables = [one for one in page.all(".tushuo, #newspic") if one not in inside]
    blocks = (block for table in tables for block in blocks_of(table, page))
    return [replace(block, caption=not block.image) for block in blocks]


def _parts(page: Page) -> Parts | None:
    facts, body = _properties(page), _body(page)
    printed = page.first("founder-title")
    headline = facts.get("title", "") or (text_of(printed) if printed is not None else "")
    if body is None or not headline:
        return None
    sheet = _NUMBER.search(facts.get("pagenum", "") or facts.get("nodename", ""))
    info = [f"发布时间：{facts['date'][:10]}" if facts.get("date") else ""]
    info += [f"作者：{facts['author']}" if facts.get("author") else ""]
    info += [f"来源：{facts[name]}" for name in ("papername", "sourcename") if facts.get(name)]
    return Parts(
        [*_pictures(page, body), *blocks_of(body, page)],
        headline,
        facts.get("introtitle", ""),
        facts.get("subtitle", ""),
        "　".join(text for text in info if text),
        number_of(sheet),
        after=below(page, body),
    )


FAMILY: Final = edition("founder", story=_STORY, sheet=_SHEET, recognises=_recognises, parts=_parts)
