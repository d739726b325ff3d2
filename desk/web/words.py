"""The desk's words 用语: what the program calls things, in the editor's language."""

from __future__ import annotations

from typing import Final

from ...index.story import RepairKind, Rights

ROLES: Final[dict[str, str]] = {
    "headline": "标题",
    "kicker": "引题",
    "deck": "副题",
    "byline": "署名",
    "paragraph": "正文",
    "subhead": "小标题",
    "caption": "图片说明",
    "credit": "图片署名",
}
"""Roles of a piece of a page in a story, in the order in which they are offered."""

RIGHTS: Final[dict[Rights, str]] = {
    "excerpt": "只刊节选，附原文链接",
    "full": "可刊全文（已获许可）",
    "facts": "只刊标题、来源、日期",
}

REPAIRS: Final[dict[RepairKind | str, str]] = {
    "joined": "断栏接合",
    "joined-across": "移出图片说明后接合",
    "headline-returned": "错位标题归位",
    "caption-out": "图片说明移出正文",
    "byline-out": "署名移出正文",
    "set-aside": "搁置",
    "by-editor": "编辑改动",
    "cleaned": "清除不可见字符",
}

FIELDS: Final = {
    "kicker": "引题",
    "headline": "标题",
    "deck": "副题",
    "body": "正文",
    "byline": "署名",
    "source": "来源",
}

EVENTS: Final[dict[str, str]] = {
    "source": "来源改过",
    "rules": "按新规则重新读取",
    "import": "重新导入",
    "replaced": "换成新的文本",
    "missing": "来源处找不到了",
    "withdrawn": "来源撤稿",
    "returned": "来源处又恢复了",
}
"""What happened to a story at its source."""

CHANGED: Final[dict[str, str]] = {
    **FIELDS,
    "paragraphs": "正文",
    "published": "日期",
    "pictures": "图片",
    "page": "版次",
    "rights": "权限",
    "url": "网址",
}

ABOUT: Final = {
    "county": "归属区县",
    "mentioned": "提及区县",
    "city": "归属市",
    "theme": "主题",
    "relevance": "党建相关",
}

HEALTH: Final = {
    "fine": ("正常", "照常更新，读取正常。", "ok"),
    "quiet": ("无新稿", "本次没有新稿，符合它平时的节奏。", "ok"),
    "dark": (
        "久未更新",
        "沉默时间超过平时最长间隔。请用浏览器打开看看是否停更或换了栏目。",
        "warn",
    ),
    "layout": (
        "版式变了",
        "页面结构变了，原来有的内容现在取不到。请联系维护人员更新来源规则。",
        "warn",
    ),
    "fields": (
        "有栏缺失",
        "平时都有的内容（如日期、署名）这次取不到。请抽查几篇稿件，并联系维护人员。",
        "warn",
    ),
    "doubt": ("正文存疑", "两种读取办法得出的正文不一致。请对照原网页抽查。", "warn"),
    "waits": ("稍后再访", "网站要求过一会儿再来，程序会按时再试。", "ok"),
    "broken": (
        "读取失败",
        "上次没有读到。下次采集会再试；连续几次失败请用浏览器核对网址。",
        "stop",
    ),
    "declines": (
        "谢绝程序",
        "网站谢绝程序访问，程序已停止访问。请打开网站复制文字，到“导入”粘贴。",
        "stop",
    ),
    "never": ("从未采集", "还没有采集过。请运行 jianbao crawl。", "warn"),
}
"""State of a source → short word, what to do, tone."""

SAID: Final = {
    "brought": "文字已收下。请核对拆分，再点“收入稿库”。",
    "mended": "已改动拆分。",
    "unmended": "已撤回上一步改动。",
    "described": "版面信息已更新。",
    "taken": "稿件已收入稿库，可在“待选”和“检索”中看到。",
    "corrected": "已更正标引。",
    "created": "已建好这一期。从候选里选稿吧。",
    "all": "推荐的稿件已选入本期。",
    "moved": "已调整。",
    "dropped": "已移出本期，可以撤销。",
    "saved": "已保存。",
    "locked": "已锁定，等一审。",
    "unlocked": "已解锁，可以改动。",
    "review-pass": "已记下审稿意见：通过。",
    "review-return": "已退回编辑，本期重新打开。",
    "review-pull": "已撤回上一次审稿。",
    "signed": "已签发。现在可以导出各种文档。",
    "correction": "已追加更正，各种输出都会显示。",
    "exported": "文档已生成。",
    "withdrawn": "已撤回。网站、检索和各期都不再出现正文，撤稿记录留着。",
    "restored": "已恢复刊发。",
    "undone": "已撤销上一步。",
    "redone": "已重做。",
    "uncorrected": "已撤回更正，恢复程序的标引。",
}
"""What was just done, by the word that stands in the address."""
