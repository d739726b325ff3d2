"""The byline grammar 署名: who wrote, photographed and edited, in every place where papers say it.

Six places are known: the lead 电头 of the first paragraph, a line of its own, the bracket that
closes the last paragraph, a picture's credit, the meta line of a web page and the editors' footer.
The forms come from reading county papers and web pages; ``tests/byline`` holds them as a table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from .byline_credits import CREDIT, read_caption, read_footer, read_meta
from .byline_names import HAN, NOT_NAMES, is_name
from .byline_parse import (
    JUMP_FROM,
    JUMP_TO,
    NOTHING,
    OFFICE_END,
    PAGE,
    PHOTO_MARK,
    TERMINAL,
    BylineParse,
    Where,
    join_bylines,
    named_fields,
    page_number,
)
from .byline_roles import BOTH, people_in

__all__ = ["BylineParse", "Where", "join_bylines", "parse_byline", "sign_offs"]


# --- the lead 电头 ----------------------------------------------------------------------------

_ROLE_WORD: Final = "记者|通讯员|实习生|特约"
_DAY: Final = r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)"
_LEADS: Final = (
    ("综合", re.compile(r"本报综合(?:消息|报道|讯)(?=[\s\u3000：:（(]|$)")),
    (
        "电头",
        re.compile(
            rf"(?P<relay>据)?[\s]*(?P<agency>新华社|中新社|中新网|[{HAN}]{{1,4}}社)(?P<place>[{HAN}]{{2,8}}?){_DAY}电"
        ),
    ),
    (
        "本报讯",
        re.compile(
            rf"本[报网台刊](?:(?P<place>[{HAN}]{{2,8}}?)??{_DAY}?专?讯|(?P<place2>[{HAN}]{{2,8}}?)(?P<date2>\d{{1,2}}月\d{{1,2}}日)电)"
        ),
    ),
    (
        "融媒讯",
        re.compile(
            rf"(?P<agency>[{HAN}]{{2,12}}?(?:融媒体?|日报|晚报|晨报|时报|周报|新闻网|网|传媒|新闻|发布|中心))讯(?=[\s\u3000（(])"
        ),
    ),
)
_LEAD_BRACKET = re.compile(r"[\s\u3000]*[（(](?P<who>[^（()）]{1,120})[)）]")
_LEAD_OPEN = re.compile(
    rf"[\s\u3000]*(?P<who>[^，。：:；\s]{{0,6}}?(?:{_ROLE_WORD})[^，。：:；]{{1,60}}?)(?:摄影)?报道[：:，,]"
)
# 本报太原11月5日电 记者柳青禾 “…: nothing but a space closes the name.
_LEAD_BARE = re.compile(
    rf"[\s\u3000]+(?P<who>(?:记者|通讯员)[\s\u3000]?[{HAN}]{{2,3}}(?:、[{HAN}]{{2,3}}){{0,2}})(?=[\s\u3000]+\S)"
)


def _head(text: str) -> BylineParse:
    lead = len(text) - len(text.lstrip())
    body = text[lead : lead + 240]
    if jump := JUMP_FROM.match(body):
        end = lead + jump.end()
        return BylineParse(
            body[: jump.end()], lead, end, True, True, jump_from_page=page_number(jump["page"])
        )
    for lead_type, form in _LEADS:
        if match := form.match(body):
            return _lead(body, lead, lead_type, match)
    bracket = _LEAD_BRACKET.match(body)
    if bracket and bracket.end() < len(body) and re.search(_ROLE_WORD, bracket["who"]):
        people = people_in(bracket["who"])
        if people.labelled and not people.rest:
            return BylineParse(
                bracket[0].strip(), lead, lead + bracket.end(), True, True, **named_fields(people)
            )
    return NOTHING


def _lead(body: str, lead: int, lead_type: str, match: re.Match[str]) -> BylineParse:
    facts = match.groupdict()
    end, named = match.end(), {}
    who = (
        _LEAD_BRACKET.match(body, end) or _LEAD_OPEN.match(body, end) or _LEAD_BARE.match(body, end)
    )
    if who:
        people = people_in(who["who"])
        if people.roles and not people.rest:
            end, named = who.end(), named_fields(people)
    return BylineParse(
        raw=body[:end].strip(),
        start=lead,
        end=lead + end,
        found=True,
        strip=True,
        lead_type=lead_type,
        agency=facts.get("agency") or "",
        dateline_place=facts.get("place") or facts.get("place2") or "",
        dateline_date=facts.get("date") or facts.get("date2") or "",
        relay=bool(facts.get("relay")),
        **named,
    )


# --- a line of its own ------------------------------------------------------------------------

_MARK = re.compile(r"^[□■◇◆◎●○▲△☐◻◼★☆]+[\s\u3000]*")
_BRACKETED = re.compile(r"^[（(][^（()）]{1,80}[)）]$")


def _line(text: str) -> BylineParse:
    stripped = text.strip()
    start = text.find(stripped)
    if _BRACKETED.match(stripped):
        return _tail(text)
    mark = _MARK.match(stripped)
    words = stripped[mark.end() :] if mark else stripped
    if not words or len(words) > 80 or re.search("[。！？!?；]|[，,].*[，,]", words):
        return NOTHING
    people = people_in(words)
    found: dict[str, Any] = named_fields(people)
    title = _title_before_name(words)
    if title:
        found = {"author_title": title[0], "authors": (title[1],)}
    elif not people.roles or people.rest:
        return NOTHING
    certain = bool(mark) or people.labelled or people.both
    if not certain:
        found["confidence"] = "low"
    return BylineParse(
        **{
            "raw": stripped,
            "start": start,
            "end": start + len(stripped),
            "found": True,
            "strip": True,
            "is_byline_line": True,
            **found,
        }
    )


def _title_before_name(words: str) -> tuple[str, str] | None:
    """``云溪县石门乡党委书记 曹一帆`` → office and name."""
    head, _, name = re.sub(r"[\s\u3000]+", " ", words).rpartition(" ")
    if head and OFFICE_END.search(head) and " " not in head and is_name(name, labelled=True):
        return head, name
    return None


# --- the end of the last paragraph ------------------------------------------------------------

_TAIL_BRACKET = re.compile(r"[（(](?P<inner>[^（()）]{1,80})[)）][\s\u3000]*$")
_BARE_NAMES = re.compile(
    rf"(?<=[。！？!?”…])[\s\u3000]+(?P<who>[{HAN}·]{{2,8}}(?:[\s\u3000、]+[{HAN}·]{{1,8}}){{0,3}})$"
)
_BARE_REPORTERS = re.compile(
    rf"(?<=[。！？!?”])[\s\u3000]*(?P<who>(?:[{HAN}]{{0,8}})(?:记者|通讯员)[\s\u3000]*[{HAN}·]{{2,4}}(?:[\s\u3000、]+[{HAN}·]{{2,4}}){{0,2}})$"
)
_SUPPLIED = re.compile(rf"(?<=[。！？!?”…])[\s\u3000]*(?P<who>[{HAN}、\s]{{2,40}})供稿$")
_REPRINT = re.compile(r"^(?:原载|转载自|转自|选自|据)《(?P<of>[^》]{1,30})》(?P<rest>.{0,40})$")
_AFFILIATION = re.compile(r"^作者单位[：:](?P<unit>.{2,40})$")
_POSITION = re.compile(r"^作者(?:系|为|是)(?P<title>.{2,40})$")
_NOTE = re.compile(
    r"^(?:本文.{0,20}|有删[节改减]|编者.{0,20}|续完?|完|全文完|待续|未完待续|连载.{0,6}|[\d一二三四五六七八九十]{1,3}|节选|摘编)$"
)
_EDITORS = re.compile(r"^(?:本版|本期|值班)?(?:责任编辑|责编|编辑)")


def sign_offs(text: str) -> list[BylineParse]:
    """Every sign-off that closes the text, in order: names, a jump to another page, an end mark.

    Brackets are read from right to left, as long as each is a sign-off.
    """
    end, parses = len(text.rstrip()), list[BylineParse]()
    at = end
    while bracket := _TAIL_BRACKET.search(text, max(0, at - 90), at):
        before = text[max(0, at - 120) : bracket.start()].rstrip()
        closes = not before or before[-1] in TERMINAL or before[-1] in "）)"
        parse = _sign_off(bracket["inner"].strip(), closes=closes)
        if not parse.found:
            break
        raw = text[bracket.start() : at].rstrip()
        parses.insert(
            0, replace(parse, raw=raw, start=bracket.start(), end=bracket.start() + len(raw))
        )
        at = len(text[: bracket.start()].rstrip())
    if parses:
        return parses
    bare = _tail_without_bracket(text)
    return [bare] if bare.found else []


def _tail(text: str) -> BylineParse:
    parses = sign_offs(text)
    if not parses:
        return NOTHING
    start, end = parses[0].start, parses[-1].end
    merged = parses[0]
    for parse in parses[1:]:
        merged = _merged(merged, parse)
    return replace(merged, raw=text[start:end], start=start, end=end)


def _merged(one: BylineParse, other: BylineParse) -> BylineParse:
    """Two sign-offs side by side as one; what the first leaves open the second fills."""
    facts = {
        name: value
        for name in BylineParse.__dataclass_fields__
        if not (getattr(one, name)) and (value := getattr(other, name))
    }
    return replace(one, **facts)


def _sign_off(inner: str, *, closes: bool) -> BylineParse:
    """One bracket. Without a full stop before it (``closes``) only a mark of the paper counts."""
    strip = BylineParse(found=True, strip=True)
    if jump := JUMP_TO.match(inner):
        return replace(strip, jump_to_page=page_number(jump["page"]))
    if jump := JUMP_FROM.match(inner):
        return replace(strip, jump_from_page=page_number(jump["page"]))
    if reprint := _REPRINT.match(inner):
        day = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", reprint["rest"])
        page = re.search(PAGE, reprint["rest"])
        return replace(
            strip,
            reprint_of=reprint["of"],
            reprint_date="{}-{:0>2}-{:0>2}".format(*day.groups()) if day else "",
            reprint_page=page_number(page["page"]) if page else "",
        )
    if unit := _AFFILIATION.match(inner):
        return replace(strip, author_affiliation=unit["unit"].strip())
    if title := _POSITION.match(inner):
        return replace(strip, author_title=title["title"].strip())
    if not closes:
        return NOTHING
    if _NOTE.match(inner):
        return strip
    if re.fullmatch(PHOTO_MARK, inner) or (CREDIT.fullmatch(inner) and not BOTH.search(inner)):
        return replace(read_caption(inner), strip=True, found=True)
    if _EDITORS.match(inner):
        return replace(read_footer(inner), strip=True)
    return _signed_by(inner)


def _signed_by(inner: str) -> BylineParse:
    if inner in NOT_NAMES:
        return NOTHING
    if title := _title_before_name(inner):
        return BylineParse(found=True, strip=True, author_title=title[0], authors=(title[1],))
    people = people_in(inner)
    if not people.roles or people.rest or (re.search("[，。：:]", inner) and not people.labelled):
        return NOTHING
    return BylineParse(found=True, strip=True, **named_fields(people))


def _tail_without_bracket(text: str) -> BylineParse:
    base = max(0, len(text) - 100)
    stripped = text[base:].rstrip()
    if match := _SUPPLIED.search(stripped):
        people = people_in(match["who"])
        if people.roles and not people.rest:
            return _at(stripped, base, match.start("who"), len(stripped), named_fields(people))
    if match := _BARE_REPORTERS.search(stripped):
        people = people_in(match["who"])
        if people.labelled and people.roles and not people.rest:
            return _at(stripped, base, match.start("who"), len(stripped), named_fields(people))
    if match := _BARE_NAMES.search(stripped):
        people = people_in(match["who"])
        if people.roles and not people.rest:
            return _at(
                stripped,
                base,
                match.start("who"),
                len(stripped),
                named_fields(people) | {"confidence": "low"},
            )
    return NOTHING


def _at(text: str, base: int, start: int, end: int, named: dict[str, Any]) -> BylineParse:
    facts = {
        "raw": text[start:end],
        "start": base + start,
        "end": base + end,
        "found": True,
        "strip": True,
    }
    return BylineParse(**facts | named)


_PLACES: Final = {
    "head": _head,
    "line": _line,
    "tail": _tail,
    "caption": read_caption,
    "meta": read_meta,
    "footer": read_footer,
}


def parse_byline(raw: str, where: Where) -> BylineParse:
    """Reads the byline of a text that stands in the given place.

    For ``head`` and ``tail`` the text is a whole paragraph (only its ends are read); for the others
    it is the line itself. Nothing is raised: a text without a byline gives ``found`` = false.
    """
    return _PLACES[where](raw)
