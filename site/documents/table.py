"""The issue as a table, one story a row: what the monthly count and other offices' systems take."""

from __future__ import annotations

from .handout import Handout, Piece

HEADER = (
    "期号",
    "序号",
    "栏目",
    "标题",
    "引题",
    "副题",
    "区县",
    "主题",
    "来源",
    "日期",
    "版次",
    "署名",
    "字数",
    "原文地址",
    "稿件编号",
    "说明",
)


def table(handout: Handout) -> list[tuple[object, ...]]:
    """The header and a row for each story. 字数 counts the characters of the text as printed."""
    return [
        HEADER,
        *(
            _row(handout.called, section.name, piece)
            for section in handout.sections
            for piece in section.pieces
        ),
    ]


def _row(called: str, section: str, piece: Piece) -> tuple[object, ...]:
    return (
        called,
        piece.number,
        section,
        piece.headline,
        piece.kicker,
        piece.deck,
        piece.place,
        "、".join(piece.themes),
        piece.source,
        piece.published.isoformat() if piece.published else "",
        piece.page,
        piece.byline,
        sum(len(paragraph.text) for paragraph in piece.paragraphs),
        piece.url,
        piece.story_id,
        "；".join(filter(None, (piece.gone, *piece.corrections))),
    )
