"""The issue for pasting into the WeChat editor 微信公众号.

That editor keeps inline styles and drops or refuses everything else: so there is no class, id, style block,
script or link to outside in what we give it. Addresses stand as numbered notes at the end; pictures have
to be uploaded there by hand and are listed in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from markupsafe import escape

from .handout import Handout, Illustration, Piece, deck_line

_HERE = Path(__file__).parent
_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>{title}</title>
{body}
"""


@dataclass(frozen=True, slots=True)
class WeChat:
    """``html`` is the fragment to paste; ``uploads`` says which pictures to upload, in order, with the
    place and the words of each."""

    html: str
    uploads: tuple[str, ...]

    def page(self, title: str) -> str:
        """The fragment as a file to open in a browser, select whole and copy."""
        return _PAGE.format(title=escape(title), body=self.html)


def wechat_document(handout: Handout) -> WeChat:
    """The issue for WeChat."""
    numbers = {picture.name: number for number, (_, picture) in enumerate(_pictures(handout), 1)}
    linked = [piece.number for piece in handout.pieces if piece.url]
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("wechat.html").render(
        handout=handout,
        numbers=numbers,
        notes={number: place for place, number in enumerate(linked, 1)},
        deck_line=deck_line,
    )
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False,
        keep_style_tags=False,
        extra_css=(_HERE / "wechat.css").read_text("utf-8"),
    )
    body = html.fragment_fromstring(_body(inliner.inline(page)))
    for element in body.iter():
        element.attrib.pop("class", None)
    text = str(html.tostring(body, encoding="unicode"))
    return WeChat(text, uploads(handout))


def uploads(handout: Handout) -> tuple[str, ...]:
    """Which pictures have to be uploaded, a line each, in the order of print."""
    return tuple(
        f"图 {number}：{picture.name}（第{piece.number}篇《{piece.headline}》）{picture.words}"
        for number, (piece, picture) in enumerate(_pictures(handout), 1)
    )


def _pictures(handout: Handout) -> list[tuple[Piece, Illustration]]:
    return [(piece, picture) for piece in handout.pieces for picture in piece.pictures]


def _body(page: str) -> str:
    """What stands in the body: the inliner returns a whole document."""
    start = page.index("<section")
    return page[start : page.rindex("</section>") + len("</section>")]
