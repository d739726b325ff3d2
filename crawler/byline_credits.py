"""Credits of pictures, meta lines of web pages, and the editors' footer."""

from __future__ import annotations

import re
from typing import Any, Final

from .byline_names import HAN, is_name, is_organisation
from .byline_parse import PHOTO_MARK, BylineParse, named_fields
from .byline_roles import BOTH, people_in

# --- pictures ---------------------------------------------------------------------------------

CREDIT = re.compile(
    rf"(?:新华社发[\s\u3000]*)?(?:(?:本报)?(?:见习|实习|摄影|全媒体)?(?:记者|通讯员)[\s\u3000]*)?"
    rf"[{HAN}·]{{1,8}}(?:[\s\u3000、]+[{HAN}·]{{1,4}}){{0,3}}(?:[\s\u3000/／]*(?:摄影?|供图)|[\s\u3000]*[/／][\s\u3000]*图)"
    rf"|(?:摄影|图片?|供图)[：:/／\s\u3000]+[{HAN}·]{{1,8}}(?:[\s\u3000、]+[{HAN}·]{{1,4}}){{0,3}}"
    rf"|(?:本?[组文]?(?:图片?|照片)均?)由[{HAN}A-Za-z0-9·\s]{{2,40}}(?:提供|供图|拍摄|摄)"
    rf"|(?:图片|照片)来源[：:\s].{{1,30}}"
)
_CREDIT_AT_END = re.compile(
    rf"(?:^|(?<=[。！？!?”…\s\u3000]))(?P<credit>{CREDIT.pattern}|{PHOTO_MARK})$"
)
_PHOTO_BY_ORG = re.compile(rf"由(?P<org>[{HAN}A-Za-z0-9·\s]{{2,40}}?)(?:提供|供图|拍摄|摄)$")
_PICTURE_START = re.compile(
    r"^(?:[▲△▼↑↓←→]|图[①-⑩一二三四五六七八九\d]?[为：:]|[上下左右]图|图片?[①-⑩]|[①-⑩])"
)


def read_caption(text: str) -> BylineParse:
    """``start`` and ``end`` bound the credit; without one both stand at the end."""
    stripped = text.strip()
    lead = text.find(stripped)
    bracket = re.search(r"[（(](?P<credit>[^（()）]{1,60})[)）]$", stripped)
    if BOTH.search(stripped[-30:]):
        bracket = None
    if bracket and (
        CREDIT.fullmatch(bracket["credit"].strip()) or re.fullmatch(PHOTO_MARK, bracket["credit"])
    ):
        start, credit = bracket.start(), bracket["credit"].strip()
    elif not BOTH.search(stripped[-30:]) and (
        match := _CREDIT_AT_END.search(stripped, max(0, len(stripped) - 70))
    ):
        start, credit = match.start("credit"), match["credit"]
        first, space, rest = credit.partition(" ") if " " in credit else credit.partition("\u3000")
        if space and len(first) > 1 and CREDIT.fullmatch(rest) and not _names_somebody(first):
            start, credit = start + len(first) + 1, rest  # 夜色中的老街 A 摄: only A took it
    else:
        sure = bool(_PICTURE_START.match(stripped))
        end = lead + len(stripped)
        short = len(stripped) <= 60
        return BylineParse(
            start=end,
            end=end,
            found=sure,
            is_caption=sure or short,
            confidence="high" if sure else "low",
        )
    return BylineParse(
        raw=stripped[start:],
        start=lead + start,
        end=lead + len(stripped),
        found=True,
        is_caption=True,
        **_photographers(credit),
    )


def _names_somebody(word: str) -> bool:
    return is_name(word) or "记者" in word or "通讯员" in word or word in ("摄影", "新华社发")


def _photographers(credit: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if credit.startswith("新华社发"):
        facts["photo_agency"] = "新华社"
        credit = credit.removeprefix("新华社发").strip()
    if match := _PHOTO_BY_ORG.search(credit):
        unit = match["org"].strip()
        return facts | (
            {"photo_org": unit}
            if is_organisation(unit) or len(unit) > 4
            else {"photographers": (unit,)}
        )
    if re.fullmatch(PHOTO_MARK, credit):
        return facts
    words = re.sub(r"[\s\u3000/／]*(?:摄影?|供图|图)$", "", credit)
    people = people_in(words)
    names = [
        name
        for role in ("photographers", "reporters", "correspondents", "authors", "trainee_reporters")
        for name in people.roles.get(role, [])
    ]
    if not names and people.rest:
        names = [name for name in people.rest if is_name(name, labelled=True)]
    if units := people.roles.get("org_authors"):
        facts["photo_org"] = units[0]
    return facts | {"photographers": tuple(dict.fromkeys(names))}


# --- web pages: the meta line and the editors' footer -----------------------------------------

_LABELS: Final = (
    ("pub", "发布时间|发布日期|发表时间|更新时间|成文日期|时间|日期"),
    ("source", "信息来源|文章来源|新闻来源|稿件来源|来源|稿源|出处"),
    ("editors", "责任编辑|责编|编辑"),
    ("authors", "作者|撰稿人?|记者"),
    (
        "",
        "浏览次数|浏览量?|点击次数|点击数?|点击量|阅读次数|阅读量|阅读|访问量|访问次数|字体大小|字体|字号|打印本页|打印|关闭|分享到?|审核|校对|监制|终审|收藏",
    ),
)
_LABEL = re.compile("|".join(f"(?P<l{n}>{words})" for n, (_, words) in enumerate(_LABELS)))
_LABEL_MARK = re.compile(r"[\s\u3000]*[：:丨｜|][\s\u3000]*")
_MOMENT = re.compile(
    r"(\d{4})\s?[-/年.]\s?(\d{1,2})\s?[-/月.]\s?(\d{1,2})日?(?:[\sT]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)


def _moment(words: str) -> tuple[str, int]:
    """The first date in ISO form, with the minute when it is given, and where it ends."""
    match = _MOMENT.search(words)
    if not match:
        return "", -1
    year, month, day, hour, minute = match.groups()
    text = f"{year}-{int(month):02}-{int(day):02}"
    return (f"{text}T{int(hour):02}:{minute}" if hour else text), match.end()


def _labelled_values(text: str) -> list[tuple[str, str]]:
    """``来源：X 作者： 编辑：Y`` → pairs; an empty value stays empty."""
    spots = [
        (match.start(), mark.end(), _LABELS[int(str(match.lastgroup)[1:])][0])
        for match in _LABEL.finditer(text)
        if (mark := _LABEL_MARK.match(text, match.end()))
    ]
    ends = [*(spot[0] for spot in spots[1:]), len(text)][: len(spots)]
    return [
        (name, text[after:end].strip(" \u3000\t|｜丨【】[]"))
        for (_, after, name), end in zip(spots, ends, strict=True)
    ]


def read_meta(text: str) -> BylineParse:
    facts: dict[str, Any] = {}
    for name, value in _labelled_values(text):
        if not name or not value or facts.get(name):
            continue
        if name == "pub":
            facts["pub"] = _moment(value)[0]
        elif name == "source":
            facts["source"] = re.split(r"[\s\u3000]", value)[0]
        else:
            people = people_in(f"{'编辑' if name == 'editors' else '作者'}：{value}")
            facts[name] = tuple(people.roles.get(name, ()))
            if units := people.roles.get("org_authors"):
                facts["org_authors"] = tuple(units)
    if "pub" not in facts:
        facts["pub"], end = _moment(text)
        if "source" not in facts and end >= 0:
            word = re.match(rf"[\s\u3000]+([{HAN}A-Za-z]{{2,20}})(?=[\s\u3000]|$)", text[end:])
            facts["source"] = word[1] if word else ""
    found = any(facts.values())
    return BylineParse(raw=text.strip(), end=len(text), found=found, strip=found, **facts)


def read_footer(text: str) -> BylineParse:
    stripped = text.strip().strip("（）()[]【】")
    stripped = re.split(r"(?:电子信箱|投稿邮箱|邮箱|电话|热线|[Ee]-?mail)[：:丨]?", stripped)[0]
    people = people_in(stripped)
    roles = named_fields(people)
    editorial = {"editors", "proofreaders", "reviewers", "final_review", "producers", "layout"}
    if not editorial & set(roles):
        return BylineParse()
    return BylineParse(
        **{"raw": text.strip(), "end": len(text), "found": True, "strip": True, **roles}
    )
