"""Copies of WeChat articles 公众号文章, as county media centres put them on their own pages.

Seen: headline in ``#activity-name``, account in ``#js_name``, the text in nested sections of ``#js_content``
(hidden until a script runs), the time only as epoch seconds in a script (``ct``), pictures in ``data-src``.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from ...index.clock import ZONE
from ..webpage import Page, text_of
from .family import Family, Parts, dated_rows, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/s(?:/|\?__biz=)[\w-]+|/(?:wx|weixin|wechat|article|share)/\w*\d{3,}")
_EPOCH: Final = re.compile(r"\b(?:ct|create_time|oriCreateTime)\s*[=:]\s*[\"']?(\d{10})\b")


def _recognises(page: Page) -> bool:
    return page.first("#js_content") is not None


def _parts(page: Page) -> Parts | None:
    body = page.first("#js_content")
    return parts_with_body(page, body, info=_info(page)) if body is not None else None


def _info(page: Page) -> str:
    """The meta line that a script would print: account and day."""
    name, moment = page.first("#js_name"), _EPOCH.search(page.scripts)
    said = f"来源：{text_of(name)}" if name is not None else ""
    if moment is None:
        return said
    day = datetime.fromtimestamp(int(moment[1]), ZONE).date()
    return f"{said}　发布时间：{day.isoformat()}"


FAMILY: Final = Family("wechat", _STORY, _recognises, dated_rows, next_link, _parts)
