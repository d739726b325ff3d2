"""The content system of people.com.cn, which provincial dailies and their county channels run too.

Seen: ``/n1/2026/1103/c1013-31161234.html`` and ``/GB/64387/12345.html``; bodies in ``#rwb_zw`` or
``.rm_txt_con``; the source in a link behind the time; long stories over ``c1013-31161234-2.html`` with 【1】【2】
at the end; ``/BIG5/`` repeats the site in traditional characters; the author's meta tag holds a clerk's number.
"""

from __future__ import annotations

import re
from typing import Final

from ..webpage import Page
from .family import Family, Parts, dated_rows, further_pages, next_link
from .plain import parts_with_body

_STORY: Final = re.compile(r"/c\d+-\d+\.html?$|/GB/(?:\d+/)+\d+\.html?$|/\d{6}/\d{6,9}\.html?$")
_TWIN: Final = re.compile(r"/BIG5/(?=n\d/)|/BIG5(?=/)")
_FURTHER: Final = re.compile(r"(/c\d+-\d+)-\d{1,2}(?=\.html?$)")


def _recognises(page: Page) -> bool:
    return page.first("#rwb_navpath, .rwb_navpath, #rwb_zw, .rm_txt_con, .rm_txt") is not None


def _canonical(url: str) -> str:
    # Dated stories of the twin lose its name, those in a column's folder stand under /GB/.
    main = _TWIN.sub(lambda twin: "/" if twin[0].endswith("/") else "/GB", url)
    return _FURTHER.sub(r"\1", main)


def _parts(page: Page) -> Parts | None:
    body = page.first("#rwb_zw, .rm_txt_con, .box_con, .art_txt, #p_content")
    return parts_with_body(page, body, further=further_pages(page)) if body is not None else None


FAMILY: Final = Family("people", _STORY, _recognises, dated_rows, next_link, _parts, _canonical)
