"""Hanweb's newer generation (jpaas): ``/art/2026/art_<32 hexadecimal digits>.html`` stories.

Seen: lists are empty in the page; a script asks ``/api-gateway/jpaas-publish-server/front/page/build/unit``
with ``webId``, ``tplSetId``, ``tagId``, ``pageId`` and ``paramJson={"pageNo":1,…}``, and the answer is JSON
with the rows as HTML in ``data.html``. A page number past the end gives the last page again.
"""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..webpage import Page
from .family import Family, Parts, dated_rows
from .plain import parts_with_body

_STORY: Final = re.compile(r"/art/\d{4}(?:/\d{1,2}/\d{1,2})?/art_[0-9a-f]{32}\.html?$")
_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_SETTING: Final = re.compile(
    r"[\"'](webId|tplSetId|pageType|tagId|pageId|parseType|editType)[\"']\s*:\s*[\"']([^\"']*)[\"']"
)
_SIZE: Final = re.compile(r"[\"'](?:pageSize|rows)[\"']\s*:\s*[\"']?(\d{1,3})")
_NAMES: Final = ("webId", "tplSetId", "pageType", "tagId", "pageId", "parseType", "editType")


def _recognises(page: Page) -> bool:
    return bool(_UNIT in page.scripts or _settings(page) or _STORY.search(page.url))


def _settings(page: Page) -> dict[str, str]:
    """What the list's script would ask with; it stands in a script or in an attribute."""
    texts = [
        page.scripts,
        *(str(tag.get("querydata")) for tag in page.all("script, div") if tag.get("querydata")),
    ]
    found = dict(_SETTING.findall("\n".join(texts)))
    return found if {"webId", "pageId"} <= found.keys() else {}


def _following(page: Page) -> str:
    parts = urlsplit(page.url)
    if parts.path == _UNIT:
        asked = dict(parse_qsl(parts.query))
        try:
            at = json.loads(asked.get("paramJson", ""))
            number, size = int(at["pageNo"]), int(at["pageSize"])
        except (ValueError, KeyError, TypeError):
            return ""
    elif asked := _settings(page):
        found = _SIZE.search(page.scripts)
        number, size = 0, int(found[1]) if found else 15
    else:
        return ""
    kept = {name: asked[name] for name in _NAMES if name in asked}
    kept |= {
        "paramJson": json.dumps({"pageNo": number + 1, "pageSize": size}, separators=(",", ":"))
    }
    return page.address(
        f"{_UNIT}?{urlencode({'parseType': 'buildstatic', 'pageType': 'column'} | kept)}"
    )


def _parts(page: Page) -> Parts | None:
    body = page.first(".article-content, #zoom, .art_con, .TRS_Editor, .main-txt")
    return parts_with_body(page, body) if body is not None else None


FAMILY: Final = Family("jpaas", _STORY, _recognises, dated_rows, _following, _parts)
