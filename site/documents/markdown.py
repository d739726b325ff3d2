"""The issue as Markdown (CommonMark 0.31), for an office's own system or an archive."""

from __future__ import annotations

import re

from .handout import Handout, Piece, deck_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def markdown_document(handout: Handout) -> str:
    """The issue as Markdown. Text is escaped: no story can bring markup or HTML of its own."""
    out = [f"# {_text(handout.name)}"]
    out.append("　".join(part for part in (_text(handout.publisher), handout.dated) if part))
    if handout.draft:
        out.append("**送审稿**")
    if handout.title:
        out.append(f"**{_text(handout.title)}**")
    out.append(handout.span)
    out += [f"> **编者按**　{_text(line)}" for line in handout.note]
    out += [f"> {_text(line)}" for line in handout.corrections]
    for section in handout.sections:
        if section.name:
            out.append(f"## {_text(section.name)}")
        for piece in section.pieces:
            out += _piece(piece)
    signed = []
    if handout.editors:
        signed.append(f"编辑：{_text('、'.join(handout.editors))}")
    if handout.signed_by:
        signed.append(f"签发：{_text(handout.signed_by)}")
    tail = (*map(_text, handout.imprint.tail), handout.imprint.printed)
    if below := list(filter(None, ("　".join(signed), *tail))):
        out += ["---", *below]
    return "\n\n".join(out) + "\n"


def _piece(piece: Piece) -> list[str]:
    out = [f"**按语**　{_text(line)}" for line in piece.note]
    if piece.kicker:
        out.append(f"*{_text(piece.kicker)}*")
    out.append(f"### {piece.number}. {_text(piece.headline)}")
    if piece.gone:
        return [*out, _text(piece.gone)]
    if piece.deck:
        out.append(f"*{_text(deck_line(piece.deck))}*")
    for paragraph in piece.paragraphs:
        text = _text(paragraph.text)
        out.append(f"**{text}**" if paragraph.subhead else text)
    out += [f"图：{_text(one.words or one.name)}" for one in piece.pictures]
    out += [f"图片说明：{_text(caption)}" for caption in piece.captions]
    out += [f"> {_text(line)}" for line in piece.corrections]
    out.append(_text(piece.credit))
    if piece.url:
        out.append(f"原文：<{_address(piece.url)}>")
    return out


def _text(text: str) -> str:
    """CommonMark lets every ASCII punctuation mark be escaped; these are all that can mean something."""
    return _SPECIAL.sub(r"\\\1", text)


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
