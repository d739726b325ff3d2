"""Credits of pictures, meta lines of web pages, and the editors' footer."""

from __future__ import annotations

import re
from typing import Any

from .byline_names import HAN, is_name, is_organisation
from .byline_parse import NOTHING, PHOTO_MARK, BylineParse, named_fields
from .byline_roles import BOTH, people_in
from .metaline import read_metaline

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


def read_meta(text: str) -> BylineParse:
    facts = read_metaline(text)
    found = bool(facts)
    return BylineParse(raw=text.strip(), end=len(text), found=found, strip=found, **facts)


def read_footer(text: str) -> BylineParse:
    stripped = text.strip().strip("（）()[]【】")
    stripped = re.split(
        r"(?:电子信箱|投稿邮箱|邮箱|电话|热线|[Ee]-?mail|标签|关键[词字]|来源|返回|我要|举报|查看)[：:丨]?|[\[【](?!.*编辑)",
        stripped,
    )[0]
    people = people_in(stripped)
    roles = named_fields(people)
    editorial = {"editors", "proofreaders", "reviewers", "final_review", "producers", "layout"}
    if not editorial & set(roles):
        return NOTHING
    return BylineParse(
        **{"raw": text.strip(), "end": len(text), "found": True, "strip": True, **roles}
    )
