"""The byline grammar 署名: who wrote, photographed and edited, in every place where papers say it.

Six places are known: the lead 电头 of the first paragraph, a line of its own, the bracket that
closes the last paragraph, a picture's credit, the meta line of a web page and the editors' footer.
The forms come from reading county papers and web pages; ``tests/byline`` holds them as a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from ..index.story import Byline
from .byline_names import HAN, NOT_NAMES, is_name, is_organisation
from .byline_roles import BOTH, People, people_in

Where = Literal["head", "line", "tail", "caption", "meta", "footer"]
Confidence = Literal["high", "medium", "low"]

ROLE_FIELDS: Final = (
    "reporters",
    "correspondents",
    "trainee_reporters",
    "interns",
    "authors",
    "photographers",
    "org_authors",
    "editors",
    "proofreaders",
    "reviewers",
    "final_review",
    "producers",
    "layout",
    "told_by",
)


@dataclass(frozen=True, slots=True)
class BylineParse:
    """What one byline says. ``start`` and ``end`` bound it in the text that was given.

    ``found`` is false when the text holds no byline, mark or credit at all. ``strip`` says that
    the words from ``start`` to ``end`` are no part of the body. People of unknown role are
    ``authors``, units are ``org_authors``.
    """

    raw: str = ""
    start: int = 0
    end: int = 0
    found: bool = False
    strip: bool = False
    confidence: Confidence = "high"
    ambiguous: bool = False
    is_byline_line: bool = False
    is_caption: bool = False
    text_and_photo: bool = False
    relay: bool = False
    lead_type: str = ""
    agency: str = ""
    dateline_place: str = ""
    dateline_date: str = ""
    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    trainee_reporters: tuple[str, ...] = ()
    interns: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    org_authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    proofreaders: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    final_review: tuple[str, ...] = ()
    producers: tuple[str, ...] = ()
    layout: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    author_title: str = ""
    author_affiliation: str = ""
    reprint_of: str = ""
    reprint_date: str = ""
    reprint_page: str = ""
    jump_to_page: str = ""
    jump_from_page: str = ""
    photo_agency: str = ""
    photo_org: str = ""
    pub: str = ""
    source: str = ""

    def names_somebody(self) -> bool:
        """Whether any person or unit is named."""
        return any(getattr(self, name) for name in ROLE_FIELDS) or bool(self.photo_org)

    def to_byline(self) -> Byline:
        """The story's byline. Somebody who only told the story, or proof-read it, is not in it."""
        return Byline(
            raw=self.raw,
            reporters=self.reporters,
            correspondents=self.correspondents,
            trainees=(*self.trainee_reporters, *self.interns),
            authors=self.authors,
            photographers=self.photographers,
            organisations=self.org_authors,
            editors=self.editors,
        )


def join_bylines(parts: list[BylineParse]) -> Byline:
    """One byline of several places; ``raw`` holds the parts in order, one a line."""
    bylines = [part.to_byline() for part in parts]

    def all_of(role: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for b in bylines for name in getattr(b, role)))

    return Byline(
        raw="\n".join(b.raw for b in bylines if b.raw),
        reporters=all_of("reporters"),
        correspondents=all_of("correspondents"),
        trainees=all_of("trainees"),
        authors=all_of("authors"),
        photographers=all_of("photographers"),
        organisations=all_of("organisations"),
        editors=all_of("editors"),
    )




# --- shared by all places ---------------------------------------------------------------------

_OFFICE: Final = "书记|主任|局长|部长|县长|区长|市长|镇长|乡长|村长|支书|院长|校长|主席|所长|站长|队长|队员|干部|教授|经理|董事长|馆长|组长|委员|科长|处长|站员"
_OFFICE_END = re.compile(rf"(?:{_OFFICE})$")
_TERMINAL: Final = "。！？!?….”’」』》;；"
_PAGE: Final = r"第?[\s]*(?P<page>[一二三四五六七八九十\d]{1,4})[\s]*版"
_JUMP_TO = re.compile(rf"^(?:下转|转|未完.{{0,2}}转){_PAGE}")
_JUMP_FROM = re.compile(rf"^[（(【]?(?:上接|紧接|接){_PAGE}[^（()）。，]{{0,12}}[）)】]?")
_PHOTO_MARK: Final = "资料图片?|资料照片|资料图片?来源.{0,12}|网络图片|图片来源.{0,20}|均?为?资料图片?|图片|照片|题图|配图"


def page_number(words: str) -> str:
    """``三`` → ``3``, ``十二`` → ``12``; digits stay."""
    if words.isdecimal():
        return str(int(words))
    digits = {char: number for number, char in enumerate("〇一二三四五六七八九")}
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return "".join(str(digits.get(char, "")) for char in words)
    return str(10 * digits.get(tens, 1) + digits.get(ones, 0))


def _named(people: People) -> dict[str, Any]:
    """The people as fields of a parse; 文/图 makes the writers the photographers too."""
    named: dict[str, Any] = {role: tuple(names) for role, names in people.roles.items() if names}
    if people.both:
        named["text_and_photo"] = True
        if "authors" in named:
            named["photographers"] = named["authors"]
    if not people.certain:
        named |= {"ambiguous": True, "confidence": "low"}
    return named


def _bare(name: str) -> str:
    """An office before a name is no part of it."""
    return _OFFICE_END.sub("", name)


# --- the lead 电头 ----------------------------------------------------------------------------

_ROLE_WORD: Final = "记者|通讯员|实习生|特约"
_DAY: Final = r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)"
_LEADS: Final = (
    ("综合", re.compile(r"本报综合(?:消息|报道|讯)(?=[\s\u3000：:（(]|$)")),
    ("电头", re.compile(rf"(?P<relay>据)?[\s]*(?P<agency>新华社|中新社|中新网|[{HAN}]{{1,4}}社)(?P<place>[{HAN}]{{2,8}}?){_DAY}电")),
    ("本报讯", re.compile(rf"本[报网台刊](?P<place>[{HAN}]{{2,8}}?)??{_DAY}?专?讯")),
    ("融媒讯", re.compile(rf"(?P<agency>[{HAN}]{{2,12}}?(?:融媒体?|日报|晚报|晨报|时报|周报|新闻网|网|传媒|新闻|发布|中心))讯(?=[\s\u3000（(])")),
)
_LEAD_BRACKET = re.compile(r"[\s\u3000]*[（(](?P<who>[^（()）]{1,120})[)）]")
_LEAD_OPEN = re.compile(
    rf"[\s\u3000]*(?P<who>[^，。：:；\s]{{0,6}}?(?:{_ROLE_WORD})[^，。：:；]{{1,60}}?)(?:摄影)?报道[：:，,]"
)


def _head(text: str) -> BylineParse:
    lead = len(text) - len(text.lstrip())
    body = text[lead : lead + 240]
    if jump := _JUMP_FROM.match(body):
        end = lead + jump.end()
        return BylineParse(body[: jump.end()], lead, end, True, True, jump_from_page=page_number(jump["page"]))
    for lead_type, form in _LEADS:
        if match := form.match(body):
            return _lead(body, lead, lead_type, match)
    bracket = _LEAD_BRACKET.match(body)
    if bracket and bracket.end() < len(body) and re.search(_ROLE_WORD, bracket["who"]):
        people = people_in(bracket["who"])
        if people.labelled and not people.rest:
            return BylineParse(bracket[0].strip(), lead, lead + bracket.end(), True, True, **_named(people))
    return BylineParse()


def _lead(body: str, lead: int, lead_type: str, match: re.Match[str]) -> BylineParse:
    facts = match.groupdict()
    end, named = match.end(), {}
    who = _LEAD_BRACKET.match(body, end) or _LEAD_OPEN.match(body, end)
    if who:
        people = people_in(who["who"])
        if people.roles and not people.rest:
            end, named = who.end(), _named(people)
    return BylineParse(
        raw=body[:end].strip(),
        start=lead,
        end=lead + end,
        found=True,
        strip=True,
        lead_type=lead_type,
        agency=facts.get("agency") or "",
        dateline_place=facts.get("place") or "",
        dateline_date=facts.get("date") or "",
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
        return BylineParse()
    people = people_in(words)
    found: dict[str, Any] = _named(people)
    title = _title_before_name(words)
    if title:
        found = {"author_title": title[0], "authors": (title[1],)}
    elif not people.roles or people.rest:
        return BylineParse()
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
    if head and _OFFICE_END.search(head) and " " not in head and is_name(name, labelled=True):
        return head, name
    return None


# --- the end of the last paragraph ------------------------------------------------------------

_TAIL_BRACKET = re.compile(r"[（(](?P<inner>[^（()）]{1,80})[)）][\s\u3000]*$")
_BARE_NAMES = re.compile(rf"(?<=[。！？!?”…])[\s\u3000]+(?P<who>[{HAN}·]{{2,8}}(?:[\s\u3000、]+[{HAN}·]{{1,8}}){{0,3}})$")
_SUPPLIED = re.compile(rf"(?<=[。！？!?”…])[\s\u3000]*(?P<who>[{HAN}、\s]{{2,40}})供稿$")
_REPRINT = re.compile(r"^(?:原载|转载自|转自|选自|据)《(?P<of>[^》]{1,30})》(?P<rest>.{0,40})$")
_AFFILIATION = re.compile(r"^作者单位[：:](?P<unit>.{2,40})$")
_POSITION = re.compile(r"^作者(?:系|为|是)(?P<title>.{2,40})$")
_NOTE = re.compile(r"^(?:本文.{0,20}|有删[节改减]|编者.{0,20}|续完?|完|全文完|待续|未完待续|连载.{0,6}|[\d一二三四五六七八九十]{1,3}|节选|摘编)$")
_EDITORS = re.compile(r"^(?:本版|本期|值班)?(?:责任编辑|责编|编辑)")


def sign_offs(text: str) -> list[BylineParse]:
    """Every sign-off that closes the text, in order: names, a jump to another page, an end mark.

    Brackets are read from right to left, as long as each is a sign-off.
    """
    end, parses = len(text.rstrip()), list[BylineParse]()
    at = end
    while bracket := _TAIL_BRACKET.search(text, max(0, at - 90), at):
        before = text[max(0, at - 120) : bracket.start()].rstrip()
        closes = not before or before[-1] in _TERMINAL or before[-1] in "）)"
        parse = _sign_off(bracket["inner"].strip(), closes=closes)
        if not parse.found:
            break
        raw = text[bracket.start() : at].rstrip()
        parses.insert(0, replace(parse, raw=raw, start=bracket.start(), end=bracket.start() + len(raw)))
        at = len(text[: bracket.start()].rstrip())
    if parses:
        return parses
    bare = _tail_without_bracket(text)
    return [bare] if bare.found else []


def _tail(text: str) -> BylineParse:
    parses = sign_offs(text)
    if not parses:
        return BylineParse()
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
    if jump := _JUMP_TO.match(inner):
        return replace(strip, jump_to_page=page_number(jump["page"]))
    if jump := _JUMP_FROM.match(inner):
        return replace(strip, jump_from_page=page_number(jump["page"]))
    if reprint := _REPRINT.match(inner):
        day = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", reprint["rest"])
        page = re.search(_PAGE, reprint["rest"])
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
        return BylineParse()
    if _NOTE.match(inner):
        return strip
    if re.fullmatch(_PHOTO_MARK, inner) or (
        _CREDIT.fullmatch(inner) and not BOTH.search(inner)
    ):
        return replace(_caption(inner), strip=True, found=True)
    if _EDITORS.match(inner):
        return replace(_footer(inner), strip=True)
    return _signed_by(inner)


def _signed_by(inner: str) -> BylineParse:
    if inner in NOT_NAMES:
        return BylineParse()
    if title := _title_before_name(inner):
        return BylineParse(found=True, strip=True, author_title=title[0], authors=(title[1],))
    people = people_in(inner)
    if not people.roles or people.rest or (re.search("[，。：:]", inner) and not people.labelled):
        return BylineParse()
    return BylineParse(found=True, strip=True, **_named(people))


def _tail_without_bracket(text: str) -> BylineParse:
    base = max(0, len(text) - 100)
    stripped = text[base:].rstrip()
    if match := _SUPPLIED.search(stripped):
        people = people_in(match["who"])
        if people.roles and not people.rest:
            return _at(stripped, base, match.start("who"), len(stripped), _named(people))
    if match := _BARE_NAMES.search(stripped):
        people = people_in(match["who"])
        if people.roles and not people.rest:
            return _at(stripped, base, match.start("who"), len(stripped), _named(people) | {"confidence": "low"})
    return BylineParse()


def _at(text: str, base: int, start: int, end: int, named: dict[str, Any]) -> BylineParse:
    facts = {"raw": text[start:end], "start": base + start, "end": base + end, "found": True, "strip": True}
    return BylineParse(**facts | named)


# --- pictures ---------------------------------------------------------------------------------

_CREDIT = re.compile(
    rf"(?:新华社发[\s\u3000]*)?(?:(?:本报)?(?:见习|实习|摄影|全媒体)?(?:记者|通讯员)[\s\u3000]*)?"
    rf"[{HAN}·]{{1,8}}(?:[\s\u3000、]+[{HAN}·]{{1,4}}){{0,3}}[\s\u3000/／]*(?:摄影?|供图|图)"
    rf"|(?:摄影|图片?|供图)[：:/／\s\u3000]+[{HAN}·]{{1,8}}(?:[\s\u3000、]+[{HAN}·]{{1,4}}){{0,3}}"
    rf"|(?:本?[组文]?(?:图片?|照片)均?)由[{HAN}A-Za-z0-9·\s]{{2,40}}(?:提供|供图|拍摄|摄)"
    rf"|(?:图片|照片)来源[：:\s].{{1,30}}"
)
_CREDIT_AT_END = re.compile(rf"(?:^|(?<=[。！？!?”…\s\u3000]))(?P<credit>{_CREDIT.pattern}|{_PHOTO_MARK})$")
_PHOTO_BY_ORG = re.compile(rf"由(?P<org>[{HAN}A-Za-z0-9·\s]{{2,40}}?)(?:提供|供图|拍摄|摄)$")
_PICTURE_START = re.compile(r"^(?:[▲△▼↑↓←→]|图[①-⑩一二三四五六七八九\d]?[为：:]|[上下左右]图|图片?[①-⑩]|[①-⑩])")


def _caption(text: str) -> BylineParse:
    """``start`` and ``end`` bound the credit; without one both stand at the end."""
    stripped = text.strip()
    lead = text.find(stripped)
    bracket = re.search(r"[（(](?P<credit>[^（()）]{1,60})[)）]$", stripped)
    if BOTH.search(stripped[-30:]):
        bracket = None
    if bracket and (_CREDIT.fullmatch(bracket["credit"].strip()) or re.fullmatch(_PHOTO_MARK, bracket["credit"])):
        start, credit = bracket.start(), bracket["credit"].strip()
    elif not BOTH.search(stripped[-30:]) and (
        match := _CREDIT_AT_END.search(stripped, max(0, len(stripped) - 70))
    ):
        start, credit = match.start("credit"), match["credit"]
        first, space, rest = credit.partition(" ") if " " in credit else credit.partition("\u3000")
        if space and len(first) > 1 and _CREDIT.fullmatch(rest) and not _names_somebody(first):
            start, credit = start + len(first) + 1, rest  # 夜色中的老街 A 摄: only A took it
    else:
        sure = bool(_PICTURE_START.match(stripped))
        end = lead + len(stripped)
        short = len(stripped) <= 60
        return BylineParse(
            start=end, end=end, found=sure, is_caption=sure or short, confidence="high" if sure else "low"
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
        return facts | ({"photo_org": unit} if is_organisation(unit) or len(unit) > 4 else {"photographers": (unit,)})
    if re.fullmatch(_PHOTO_MARK, credit):
        return facts
    words = re.sub(r"[\s\u3000/／]*(?:摄影?|供图|图)$", "", credit)
    people = people_in(words)
    names = [name for role in ("photographers", "reporters", "correspondents", "authors", "trainee_reporters") for name in people.roles.get(role, [])]
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
    ("", "浏览次数|浏览量?|点击次数|点击数?|点击量|阅读次数|阅读量|阅读|访问量|访问次数|字体大小|字体|字号|打印本页|打印|关闭|分享到?|审核|校对|监制|终审|收藏"),
)
_LABEL = re.compile("|".join(f"(?P<l{n}>{words})" for n, (_, words) in enumerate(_LABELS)))
_LABEL_MARK = re.compile(r"[\s\u3000]*[：:丨｜|][\s\u3000]*")
_MOMENT = re.compile(r"(\d{4})\s?[-/年.]\s?(\d{1,2})\s?[-/月.]\s?(\d{1,2})日?(?:[\sT]+(\d{1,2}):(\d{2})(?::\d{2})?)?")


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
    return [(name, text[after:end].strip(" \u3000\t|｜丨【】[]")) for (_, after, name), end in zip(spots, ends, strict=True)]


def _meta(text: str) -> BylineParse:
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


def _footer(text: str) -> BylineParse:
    stripped = text.strip().strip("（）()[]【】")
    stripped = re.split(r"(?:电子信箱|投稿邮箱|邮箱|电话|热线|[Ee]-?mail)[：:丨]?", stripped)[0]
    people = people_in(stripped)
    roles = _named(people)
    editorial = {"editors", "proofreaders", "reviewers", "final_review", "producers", "layout"}
    if not editorial & set(roles):
        return BylineParse()
    return BylineParse(**{"raw": text.strip(), "end": len(text), "found": True, "strip": True, **roles})


_PLACES: Final = {
    "head": _head,
    "line": _line,
    "tail": _tail,
    "caption": _caption,
    "meta": _meta,
    "footer": _footer,
}


def parse_byline(raw: str, where: Where) -> BylineParse:
    """Reads the byline of a text that stands in the given place.

    For ``head`` and ``tail`` the text is a whole paragraph (only its ends are read); for the others
    it is the line itself. Nothing is raised: a text without a byline gives ``found`` = false.
    """
    return _PLACES[where](raw)
