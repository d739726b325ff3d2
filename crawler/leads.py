"""Signatures inside the first paragraphs of web stories that are no 本报讯: agencies, portals, brackets.

``中新网太原3月5日电(记者 A)``, ``某某在线消息（某报记者 A 通讯员 B）``, ``某某网记者A3月5日报道：``, and the line
``某某新闻记者 A B`` by itself. An agency's dateline stays in the text, as agencies ask; only who is
named is read from it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from .byline import BylineParse
from .byline_names import HAN, is_name
from .byline_parse import NOTHING
from .byline_roles import people_in

_REACH: Final = 70  # characters from the start within which a bracket belongs to the lead
_ROLE: Final = "记者|通讯员|实习生|特约|撰稿|作者|文[/／\\\\]|编译"
_BRACKET = re.compile(
    rf"[（(【\[](?P<who>[^（()）【】\[\]。]{{0,16}}(?:{_ROLE})[^（()）【】\[\]。]{{1,60}})[)）】\]]"
)
_REPORTS = re.compile(
    rf"^[^，。：:]{{0,24}}?(?P<role>记者|通讯员|实习生)[\s\u3000]*(?P<who>[{HAN}·、\s\u3000]{{2,40}}?)[\s\u3000]*(?:\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}日|今[日天]|昨[日天])?[\s\u3000]*(?:摄影)?(?:综合)?报道[：:，,。\s]"
)
_LINE = re.compile(
    rf"^[【（(\[□■◎●◆\s\u3000]*(?P<who>(?:采写[：:])?(?:[{HAN}·《》A-Za-z0-9]{{0,20}}[\s\u3000]{{1,2}})?(?:[{HAN}·《》A-Za-z0-9]{{0,20}}?)(?:{_ROLE}|评论员)[\s\u3000]*[：:/／\\\s\u3000︱丨|]*[{HAN}·、/／\s\u3000：:]{{2,50}}?)[】）)\]\s\u3000]*$"
)
# 云溪网11月3日讯（A B）: names without a role, right behind a dateline.
_DATELINE = re.compile(
    rf"^[\s\u3000]*据?[{HAN}·]{{2,16}}?(?:\d{{1,2}}月)?\d{{1,2}}日(?:讯|电|消息|报道)[\s\u3000]*[（(](?P<who>[{HAN}·、\s\u3000]{{2,30}})[)）]"
)
# 记者江边走访: four characters glued to the role are a headline unless they are two names
_GLUED = re.compile(rf"(?:记者|通讯员)[{HAN}]{{4}}")
_MEDIUM_APART = re.compile(
    rf"[{HAN}·《》A-Za-z0-9]{{2,20}}[\s\u3000]+(?=[{HAN}]{{0,4}}(?:记者|通讯员|实习生))"
)
_TAIL = re.compile(
    rf"(?<=[。！？!?”…])[\s\u3000]*[（(](?P<who>[{HAN}]{{0,12}}(?:记者|通讯员|评论员|实习生)[\s\u3000：:]*[{HAN}·、\s\u3000]{{2,40}})[)）][\s\u3000]*$"
)
_VERBS: Final = frozenset(
    [
        "整合",
        "综合",
        "报道",
        "摄影",
        "编译",
        "整理",
        "采写",
        "供稿",
        "撰稿",
        "制图",
        "见习",
        "实习",
        "文字",
        "摄影报道",
        "电",
        "讯",
        "消息",
        "发自",
        "获悉",
        "统筹",
        "撰文",
        "编辑",
        "图片",
        "视频",
        "剪辑",
    ]
)


def read_lead(text: str) -> BylineParse:
    """Who signs in the lead of a paragraph; ``strip`` is never set: the words stay in the text."""
    start = text[: _REACH + 40]
    bracket = _BRACKET.search(start)
    if bracket and bracket.start() <= _REACH:
        parse = _people(bracket["who"], bracket[0])
        if parse.found:
            return replace(parse, start=bracket.start(), end=bracket.end())
    if report := _REPORTS.match(start):
        return _people(f"{report['role']} {report['who']}", report[0])
    if dateline := _DATELINE.match(start):
        people = people_in(dateline["who"])
        names = people.roles.get("authors", [])
        if names and not people.rest and all(is_name(name) for name in names):
            return BylineParse(raw=dateline[0].strip(), found=True, authors=tuple(names))
    return NOTHING


def read_line(text: str) -> BylineParse:
    """A line that holds nothing but roles and names, with the medium's name before them or not."""
    if len(text) > 60 or not (line := _LINE.match(text)):
        return NOTHING
    parse = _people(line["who"], text)
    return replace(parse, strip=True, is_byline_line=True, end=len(text)) if parse.found else parse


def read_tail(text: str) -> BylineParse:
    """``…。（某报记者 A B）`` at the end of the last paragraph."""
    if not (bracket := _TAIL.search(text, max(0, len(text) - 70))):
        return NOTHING
    parse = _people(bracket["who"], bracket[0])
    return (
        replace(parse, strip=True, start=bracket.start(), end=len(text)) if parse.found else parse
    )


def _people(words: str, raw: str) -> BylineParse:
    words = re.sub(
        r"^(?:本[版组])?文[\s\u3000]*[/／\\]+[\s\u3000]*",
        "文：" if not re.search("记者|作者", words) else "",
        words.strip(),
    )
    words = re.sub(
        rf"[\s\u3000]*[/／][\s\u3000]*(?:文|图|摄|摄影)(?:[\s\u3000]*[{HAN}]{{0,8}}供图)?$",
        "",
        words,
    )
    # 云溪网太原频道 记者 A: the medium stands in front, by itself.
    if front := _MEDIUM_APART.match(words):
        words = words if re.search(_ROLE, front[0]) else words[front.end() :]
    words = re.sub(
        rf"^(?:采写|撰文|作者|文)[\s\u3000]*[：:/／丨][\s\u3000]*(?=[{HAN}]{{0,8}}(?:记者|实习生|通讯员))",
        "",
        words,
    )
    words = re.sub(rf"^[{HAN}A-Za-z0-9·]*?(?:专栏作者|(?:特约)?评论员)", "作者 ", words)
    people = people_in(words)
    if _GLUED.fullmatch(words) and people.certain and not is_name(words[-4:]):
        return NOTHING
    named: dict[str, Any] = {
        role: tuple(
            n
            for n in names
            if n not in _VERBS and (role == "org_authors" or is_name(n, labelled=True))
        )
        for role, names in people.roles.items()
    }
    named = {role: names for role, names in named.items() if names}
    if not named or not people.labelled or len(people.rest) > 2:
        return NOTHING
    return BylineParse(raw=raw.strip(), found=True, **named)
