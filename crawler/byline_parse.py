"""What a byline says, whatever place it stood in, and what the places have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from ..index.story import Byline
from .byline_roles import People

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


NOTHING: Final = BylineParse()
"""What is found where there is no byline."""


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
OFFICE_END = re.compile(rf"(?:{_OFFICE})$")
TERMINAL: Final = "。！？!?….”’」』》;；"
PAGE: Final = r"第?[\s]*(?P<page>[一二三四五六七八九十\d]{1,4})[\s]*版"
JUMP_TO = re.compile(rf"^(?:下转|转|未完.{{0,2}}转){PAGE}")
JUMP_FROM = re.compile(rf"^[（(【]?(?:上接|紧接|接){PAGE}[^（()）。，]{{0,12}}[）)】]?")
PHOTO_MARK: Final = "资料图片?|资料照片|资料图片?来源.{0,12}|网络图片|图片来源.{0,20}|均?为?资料图片?|图片|照片|题图|配图"


def page_number(words: str) -> str:
    """``三`` → ``3``, ``十二`` → ``12``; digits stay."""
    if words.isdecimal():
        return str(int(words))
    digits = {char: number for number, char in enumerate("〇一二三四五六七八九")}
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return "".join(str(digits.get(char, "")) for char in words)
    return str(10 * digits.get(tens, 1) + digits.get(ones, 0))


def named_fields(people: People) -> dict[str, Any]:
    """The people as fields of a parse; 文/图 makes the writers the photographers too."""
    named: dict[str, Any] = {role: tuple(names) for role, names in people.roles.items() if names}
    if people.both:
        named["text_and_photo"] = True
        if "authors" in named:
            named["photographers"] = named["authors"]
    if not people.certain:
        named |= {"ambiguous": True, "confidence": "low"}
    return named
