"""Role words of bylines and the people who stand behind them: ``记者 A B 通讯员 C 文/图``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .byline_names import names_in

_PREFIX = "(?:本报|本网|本台|本刊|本社|新华社|融媒体?|全媒体?|首席|特约|特派|驻站|驻地|文字|摄影|评论|时政|高级|资深)*"
_ROLES: Final = (
    ("trainee_reporters", f"{_PREFIX}(?:见习|实习){_PREFIX}记者"),
    ("photographers", "(?:本报)?摄影记者|摄影(?!报道)|拍摄|图片(?:提供)?|供图|图"),
    ("reporters", f"{_PREFIX}记者"),
    ("interns", "实习生"),
    ("correspondents", "(?:特约|本报|骨干)?通讯员"),
    ("told_by", "口述人?|讲述人?"),
    ("layout", "版式(?:设计)?|美编|制图|美术编辑|排版"),
    ("final_review", "终审"),
    ("reviewers", "审核|初审|复审|二审|三审|审稿"),
    ("proofreaders", "校对|校审|责校"),
    ("producers", "监制|总监制|出品人?"),
    ("editors", "(?:本版|本期|值班)?(?:责任编辑|责编|编辑|主编|值班主任)"),
    ("authors", "作者|采写|撰写|撰文|撰稿|执笔|整理|文字|文"),
)
BOTH: Final = re.compile(
    r"文[\s\u3000]*[/／、][\s\u3000]*(?:图片|图|摄影|摄)|(?:文图|图文)(?=$|[\s\u3000:：/])|图[/／]文|摄影报道"
)
_ROLE = re.compile(
    "(?P<role>"
    + "|".join(f"(?P<{name}>{words})" for name, words in _ROLES)
    + r")(?P<mark>[\s\u3000]*[:：丨｜|][\s\u3000]*)?"
)


@dataclass(slots=True)
class People:
    """What a stretch of byline words names, while it is being read."""

    roles: dict[str, list[str]] = field(default_factory=dict)
    both: bool = False
    labelled: bool = False
    certain: bool = True
    rest: list[str] = field(default_factory=list)

    def add(self, role: str, names: list[str]) -> None:
        self.roles.setdefault(role, []).extend(
            n for n in names if n not in self.roles.get(role, [])
        )


def _role_spans(text: str) -> list[tuple[int, int, str]]:
    """Where role words stand: ``(start, end of the word, role)``.

    A one-character word (文, 图) is a role only with a colon, or it would eat into names.
    """
    spans: list[tuple[int, int, str]] = []
    for match in _ROLE.finditer(text):
        word = match["role"]
        alone = match.start() == 0 or text[match.start() - 1] in " \u3000、，,（(/；;：:"
        if len(word) == 1 and not match["mark"]:
            continue
        if not alone and not match["mark"] and word not in ("记者", "通讯员") and len(word) < 4:
            continue
        spans.append((match.start(), match.end(), _role_of(match)))
    return spans


def _role_of(match: re.Match[str]) -> str:
    return next(name for name, _ in _ROLES if match[name])


def people_in(text: str) -> People:
    """Reads ``记者 A B 通讯员 C``: every name belongs to the role word before it."""
    people = People()
    while match := BOTH.search(text):
        people.both = True
        text = f"{text[: match.start()]} {text[match.end() :]}".strip()
    text = re.sub(r"[\s\u3000]*(?:报道|供稿|投稿)$", "", text.strip())
    spans = _role_spans(text)
    people.labelled = bool(spans)
    starts = [span[0] for span in spans]
    _take(people, "authors", text[: starts[0]] if starts else text, labelled=False)
    for number, (_, end, role) in enumerate(spans):
        until = starts[number + 1] if number + 1 < len(spans) else len(text)
        before = spans[number - 1] if number else None
        if (
            role == "reporters"
            and before
            and before[2] == "photographers"
            and not text[before[1] : starts[number]].strip()
        ):
            role = "photographers"  # 摄影：本报记者 A: the first word says what A did here
        _take(people, role, text[end:until], labelled=True)
    return people


def _take(people: People, role: str, words: str, *, labelled: bool) -> None:
    words = re.sub(r"^[\s\u3000:：丨｜|]+|[\s\u3000:：丨｜|。]+$", "", words)
    if not words:
        return
    names, organisations, rest, certain = names_in(words, labelled=labelled)
    people.add(role, names)
    people.add("org_authors", organisations)
    people.rest += rest
    people.certain = people.certain and certain
