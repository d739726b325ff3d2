"""Story pages of a plain modern layout: one headline, one body container, day and source between.

It is also the last to be asked for a page that no other family recognises, and for a page of a family
whose own rule finds no story in it: then everything is found by its looks.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

from ...index.clock import ZONE
from ..body import Run, find_body, span_of
from ..headline import find_headline, read_head
from ..webpage import Page, text_of
from .family import Family, Parts, dated_rows, next_link

_STORY: Final = re.compile(r"/(?:19|20)\d\d[-/]?\d\d.*\d+\.s?html?$|/\w*\d{4,}\.s?html?$")
_EPOCH: Final = re.compile(r"\bct\s*=\s*[\"'](\d{10})[\"']")
_AFTER: Final = 40  # blocks below the body in which the editors' line is looked for


def _recognises(page: Page) -> bool:
    run = find_body(page)
    return run is not None and bool(find_headline(page, run.start)[0])


def _parts(page: Page) -> Parts | None:
    run = find_body(page)
    if run is None:
        return None
    headline, at = find_headline(page, run.start)
    if at >= run.first and (again := find_body(page, at + 1)):
        run = again  # the headline stands inside the body's element, with whatever is above it
    return _parts_of(page, run, headline, at)


def parts_with_body(page: Page, body: HtmlElement) -> Parts | None:
    """The story whose body's element a family's rule has found."""
    first, last = span_of(page, body)
    if first == last:  # a page of nothing but its headline
        first = last = len(page.blocks)
    headline, at = find_headline(page, min(first, len(page.blocks) - 1))
    run = Run(max(first, at + 1), last, max(first, at + 1), "")
    return _parts_of(page, run, headline, at)


def _parts_of(page: Page, run: Run, headline: str, at: int) -> Parts | None:
    if not headline:
        return None
    kicker, deck, info = read_head(page, at, run.first, run.start)
    return Parts(
        page.blocks[run.first : run.last],
        headline,
        kicker,
        deck,
        _wechat_info(page) or info,
        after=page.blocks[run.last : run.last + _AFTER],
        read=run.by,
    )


def _wechat_info(page: Page) -> str:
    """The meta line of a WeChat page, which a script would print: account name and epoch seconds."""
    name, moment = page.first("#js_name"), _EPOCH.search(page.scripts)
    if name is None or moment is None:
        return ""
    day = datetime.fromtimestamp(int(moment[1]), ZONE).date()
    return f"来源：{text_of(name)} 发布时间：{day.isoformat()}"


FAMILY: Final = Family("plain", _STORY, _recognises, dated_rows, next_link, _parts)
