"""Role words of bylines and the people who stand behind them: ``记者 A B 通讯员 C 文/图``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .byline_names import HAN, names_in

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
    (
        "editors",
        "(?:本版|本期|值班|网络|网站|见习|实习|栏目|文字|新媒体|微信)?(?:责任编辑|责任编审|责编|编辑|主编|值班主任)",
    ),
    ("authors", "(?:专栏|特约)?作者|采写|撰写|撰文|撰稿|执笔|整理|整合|编译|评论员|文字|文"),
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


# 云溪日报记者 A: the medium that stands right before a role word is nobody's name.
_MEDIUM = re.compile(rf"[{HAN}A-Za-z0-9·《》—-]+$")
_OWN_ROLES: Final = frozenset(
    ("reporters", "trainee_reporters", "interns", "correspondents", "editors", "authors")
)
_MEDIUM_ENDS = re.compile(r"(?:网|报|社|台|新闻|客户端|融媒体?|传媒|杂志|周刊|发布|中心|频道)$")
# 对此文亦有贡献, 发自太原, 文水报道: what is said after the names.
_SAID_AFTER: Final = re.compile(
    rf"[\s\u3000]*(?:对[此本]文[亦也]有贡献|发自[{HAN}]{{2,6}}|(?:[\s\u3000]+[{HAN}]{{2,6}})?(?:综合|现场)?报道|供稿|投稿)$"
)
# A/文 B/图, and 文/A 图/B
_WROTE: Final = re.compile(rf"([{HAN}]{{2,4}})[/／](?:文|撰文)(?=$|[\s\u3000、，；])")
_TOOK: Final = re.compile(rf"(?<![{HAN}])([{HAN}]{{2,4}})[/／](?:图|摄|摄影)(?=$|[\s\u3000、，；])")
_BY: Final = re.compile(
    rf"(?:^|(?<=[\s\u3000；]))(文|图)[/／](?=[{HAN}]{{2,4}}(?:$|[\s\u3000、；]))"
)
# （A 编辑）, （A/编译）, （A 撰稿）: the role behind the name.
_ROLE_BEHIND: Final = re.compile(
    rf"^(?P<who>[{HAN}·]{{2,4}}(?:[、\s\u3000][{HAN}·]{{2,4}}){{0,3}})[\s\u3000]*[/／\s\u3000][\s\u3000]*(?P<role>责任编辑|责编|编辑|编译|撰稿|撰文|采写|整理|记者|通讯员)$"
)


_LAST_NAME = re.compile(rf"[\s\u3000]*[{HAN}]{{2,3}}$")


def _role_spans(text: str) -> list[tuple[int, int, str]]:
    """Where role words stand: ``(start, end of the word, role)``.

    A one-character word (文, 图) is a role only with a colon, or it would eat into names.
    """
    spans: list[tuple[int, int, str]] = []
    for match in _ROLE.finditer(text):
        word = match["role"]
        alone = match.start() == 0 or text[match.start() - 1] in " \u3000、，,（(/；;：:》】"
        alone = alone or (word == "编辑" and text[match.start() - 1] in "网报社台刊")
        # 记者A B摄影C: the last of a run without spaces
        alone = alone or (word == "摄影" and _LAST_NAME.match(text, match.end()) is not None)
        if len(word) == 1 and not match["mark"]:
            continue
        if (
            not alone
            and not match["mark"]
            and word not in ("记者", "通讯员", "实习生")
            and len(word) < 4
        ):
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
    text = _SAID_AFTER.sub("", text.strip())
    text = _WROTE.sub(r"\1 ", _TOOK.sub(r" 摄影：\1 ", _BY.sub(r"\1：", text)))
    if behind := _ROLE_BEHIND.match(text):
        text = f"{behind['role']}：{behind['who']}"
    spans = _role_spans(text)
    people.labelled = bool(spans)
    starts = [span[0] for span in spans]
    first = text[: starts[0]] if starts else text
    if spans and spans[0][2] in _OWN_ROLES:
        first = _MEDIUM.sub("", first)
    _take(people, "authors", first, labelled=False)
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
        following = spans[number + 1][2] if number + 1 < len(spans) else ""
        words = text[end:until]
        if following and (medium := _MEDIUM.search(words)):
            # 通讯员 A 云溪日报记者 B; 采写：云溪日报记者 B
            wrote = role == "authors" and following in ("reporters", "trainee_reporters", "interns")
            if (medium.start() > 0 and _MEDIUM_ENDS.search(medium[0])) or wrote:
                words = words[: medium.start()]
        _take(people, role, words, labelled=True)
    return people


def _take(people: People, role: str, words: str, *, labelled: bool) -> None:
    words = re.sub(r"^[\s\u3000:：丨｜|]+|[\s\u3000:：丨｜|。]+$", "", words)
    if not words:
        return
    names, organisations, rest, certain = names_in(
        words, labelled=labelled, handles=role == "editors"
    )
    people.add(role, names)
    people.add("org_authors", organisations)
    people.rest += rest
    people.certain = people.certain and certain
