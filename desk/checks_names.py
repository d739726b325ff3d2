"""Names 人名, posts 职务 and places 地名 of the edited text that do not stand in the source.

A person's name is recognised by what stands around it: a post or a role before it (村民李…), or what a
person does after it (…说, …介绍); and by a known surname. A name that the source has is never a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..crawler.byline_names import COMPOUND_SURNAMES, HAN, NOT_NAMES, SURNAMES
from ..index.gazetteer import Gazetteer
from ..index.normalise import fold, fold_characters
from ..index.places import FULL, Finder
from ..index.segment import default_segmenter
from .finding import Spot

_BODY = (
    "党支部书记|党总支书记|支部书记|党委副书记|党委书记|党工委书记|党组书记|县委书记|市委书记|区委书记|镇党委书记|乡党委书记"
    "|第一书记|副书记|书记|村委会主任|居委会主任|副主任|主任|副县长|县长|副市长|市长|副区长|区长|副镇长|镇长|副乡长|乡长"
    "|副局长|局长|副部长|部长|副校长|校长|副院长|院长|副会长|会长|理事长|董事长|总经理|经理|厂长|矿长|队长|所长|站长|科长|处长"
    "|组长|工作队员|队员|网格员|楼长|社长|支委|委员|秘书长|教授|老师(?!傅)|医生|护士"
)
_POSTS = re.compile(_BODY)
_ROLES = (
    rf"(?:{_BODY}|农民|村民|居民|党员|群众|老人|住户|业主|学生|小学生|中学生|孩子|患者|脱贫户|贫困户|监测户|种植户|养殖户|大户|职工|工人"
    "|社员|志愿者|骑手|司机|负责人|退伍军人|退役军人|老兵|模范|记者|通讯员|同志|烈士|女孩|男孩|女童|男童|儿子|女儿|妻子|丈夫"
    "|母亲|父亲|孙子|孙女|大学生|干部|代表|户主|店主|老板|模范|工匠|技术员|农技员|专家|讲解员|宣讲员|调解员|留守儿童|孤儿|幼儿)"
)
_SINGLE = "".join(sorted(SURNAMES - set("老国和平时从代都家管干信司应全满公后海红空相有充")))
# Less those that begin more words than names where a role stands before them.
_GIVEN = rf"[{HAN}]"
_NAME = (
    rf"(?:(?:{'|'.join(sorted(COMPOUND_SURNAMES))}){_GIVEN}{{1,2}}?|[{_SINGLE}]{_GIVEN}{{1,2}}?)"
)
_VERBS = "说|介绍|告诉|表示|坦言|感慨|笑着|高兴|激动|带领|带着|主动|正在|一边|回忆|今年|同志|等人|等同志|担任|牵头|来到|走进|走访|组织|带头|挨家|讲"
_END = rf"(?=[，。、；：“”（）()！？,;:!?\s《]|{_VERBS}|$)"
_ROLE = re.compile(_ROLES)
_ENDED = re.compile(rf"{_NAME}{_END}")
_SPEAKS = re.compile(
    rf"(?<![{HAN}])(?P<name>{_NAME})(?=说[：:，“]|介绍[说，：:道]|告诉记者|表示[，：:]|坦言|感慨)"
)
_SAID_AFTER = re.compile(rf"[”。，]\s*(?P<name>{_NAME})(?=说|介绍|告诉|表示|坦言|感慨|笑着)")
_HEADS = re.compile(rf"(?m)^(?P<name>{_NAME})[：:]")
_NOT_GIVEN = frozenset(
    "的了是在有对此这那我你他她们个等被由到来去不也都就还上下中说要会和与及为以于而或从"
)
_NOT_A_NAME = frozenset(NOT_NAMES) | frozenset(
    """
    马上 方便 应当 金融 农户 安心 安排 高兴 高度 方式 方面 任务 任何 常态 常常 成为 关心 关键 包村
    包联 包片 包户 路长 田间 田头 水电 水利 水源 温暖 童心 童趣 祝福 花草 车辆 车间 商户 商量 商会
    支部 支书 党群 白天 左右 左手 石头 时常 时间 经常 经验 房屋 房子 查看 查找 毛巾 易地 曾经 于是
    单位 单独 应该 相互 广大 通过 连续 连夜 连心 连忙 连片 钟情 强化 解决 解答 干事 干群 海报 别人
    宣传 宣讲 冷暖 沙发 双方 温情 平时 平安 齐心 齐聚 全力 全程 全体 全员 严格 严寒 康复 康养 古树
    山区 谷子 谷雨 花椒 花卉 丰收 红色 红旗 黄花 黄土
    """.split()  # noqa: SIM905 - three hundred quotation marks say nothing
)
"""Common words that begin with a surname and stand behind a role."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name in a text and the role that stands before it."""

    start: int
    end: int
    name: str
    role: str = ""


def people(text: str) -> list[Person]:
    """People named in a text, by what stands around their names; in order, each place once."""
    folded = fold_characters(text)
    found: dict[int, Person] = {}
    for match in _ROLE.finditer(folded):
        at = match.end()
        # 志愿者刘…、陈…和白…: the role is that of all of them.
        while name := _name_at(folded, at):
            found.setdefault(at, Person(at, at + len(name), name, match.group()))
            at += len(name)
            if folded[at : at + 1] not in ("、", "和", "与"):
                break
            at += 1
    for pattern in (_SPEAKS, _SAID_AFTER, _HEADS):
        for match in pattern.finditer(folded):
            if _is_name(match["name"]):
                found.setdefault(match.start("name"), Person(*match.span("name"), match["name"]))
    return [found[start] for start in sorted(found)]


def _name_at(text: str, at: int) -> str:
    """The name that begins at a place behind a role, or an empty text.

    Where no verb or mark of :data:`_END` ends it, jieba's words do: a name is nothing that it knows, so
    the surname stands alone (赵/明明/捐款), where the surname of a common word does not (马上).
    """
    begins = text[at : at + 1] in SURNAMES & frozenset(_SINGLE)
    if not begins and text[at : at + 2] not in COMPOUND_SURNAMES:
        return ""
    if match := _ENDED.match(text, at):
        return match.group() if _is_name(match.group()) else ""
    words = default_segmenter().cut(text[at : at + 8])
    head = 1 if len(words[0]) == 1 else 2 if words[0] in COMPOUND_SURNAMES else 0
    if not head or len(words) < 3:
        return ""
    given = words[1] if len(words[1]) > 1 else words[1] + (words[2] if len(words[2]) == 1 else "")
    name = words[0] + given
    return name if len(given) <= 2 and re.fullmatch(_NAME, name) and _is_name(name) else ""


def _is_name(name: str) -> bool:
    return len(name) > 1 and not (
        name in _NOT_A_NAME
        or name[:2] in _NOT_A_NAME
        or name[-2:] in _NOT_A_NAME
        or _POSTS.search(name)
        or set(name[1:]) & _NOT_GIVEN
        or name[-1] in "县市区镇乡村员"
    )


def unfounded_names(edited: str, source: str, known: Iterable[str] = ()) -> list[Spot]:
    """People of the edited text that the source does not name, and posts that it gives otherwise.

    ``known`` are names of the byline and of captions.
    """
    folded = fold(source).text
    names = {*known, *(one.name for one in people(source))}
    found: list[Spot] = []
    seen: set[str] = set()
    for one in people(edited):
        if one.name in seen:
            continue
        seen.add(one.name)
        if one.name not in folded and one.name not in names:
            like = _alike(one.name, names)
            hint = f"，来源中有“{like}”" if like else ""
            zh = f"“{one.name}”：来源里没有这个人名{hint}"
            spot = ("name", one.start, one.end, zh, "this name does not stand in the source")
        elif post := _other_post(one, edited, folded):
            start = edited.rfind(post, 0, one.start + 1)
            zh = f"“{post}{one.name}”：来源里“{one.name}”前后没有“{post}”这一职务"
            spot = ("post", start, one.end, zh, "the source does not give this person this post")
        else:
            continue
        kind, start, end, zh, en = spot
        found.append(Spot("name" if kind == "name" else "post", "ask", start, end, zh, en))
    return sorted([*found, *_slips(edited, folded, names - seen, seen)], key=lambda one: one.start)


def _slips(edited: str, source: str, names: Iterable[str], seen: set[str]) -> Iterator[Spot]:
    """Names of the source with one of their last two characters another, wherever they stand."""
    folded = fold_characters(edited)
    for name in sorted(name for name in names if len(name) in (3, 4)):
        given = range(len(name) - 2, len(name))
        others = (f"{name[:at]}[{HAN}]{name[at + 1 :]}" for at in given)
        pattern = re.compile("|".join(others))
        for match in pattern.finditer(folded):
            wrong = match.group()
            if wrong in source or wrong in seen or not _is_name(wrong) or name in folded:
                continue
            zh = f"“{wrong}”：来源里没有这个人名，来源中有“{name}”"
            yield Spot("name", "ask", *match.span(), zh, "this name does not stand in the source")


def _alike(name: str, names: Iterable[str]) -> str:
    """A name of the source that differs by one character: the usual slip."""
    for other in sorted(names):
        if len(other) == len(name) and sum(a != b for a, b in zip(name, other, strict=True)) == 1:
            return other
    return ""


def _other_post(one: Person, edited: str, source: str) -> str:
    """The post before the name, when the source names the person without it near by."""
    match = _POSTS.search(one.role)
    if match is None or match.group() != one.role:
        return ""
    before = fold_characters(edited[max(0, one.start - 12) : one.start])
    posts = list(_POSTS.finditer(before))
    post = posts[-1].group() if posts else one.role
    for at in _places_of(one.name, source):
        around = source[max(0, at - 30) : at + len(one.name) + 16]
        if post in around:
            return ""
    return post


def _places_of(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


class Places:
    """Finds places of the edited text that the source does not name. Built once: the table is large."""

    def __init__(self, finder: Finder, gazetteer: Gazetteer) -> None:
        self._finder = finder
        self._gazetteer = gazetteer

    def unfounded(
        self, edited: str, source: str, attributed: Iterable[str], *, headline: bool = False
    ) -> list[Spot]:
        """Full names of counties, cities, townships that neither stand in the source, nor lie above a
        place of it, nor are what the story was attributed to.

        In a headline short names (文水) count too, because editors write them there.
        """
        kinds = (*FULL, "short", "city-short") if headline else FULL
        folded = fold(source).text
        allowed = self._above([*attributed, *self._codes(folded)])
        found: list[Spot] = []
        seen: set[str] = set()
        text = fold(edited)
        for hit in self._finder.find(text.text):
            codes = hit.codes(*kinds)
            if not codes or hit.name in seen or hit.name in folded or allowed & set(codes):
                continue
            seen.add(hit.name)
            start, end = text.span(hit.start, hit.end)
            zh = f"“{hit.name}”：来源里没有这个地名"
            found.append(
                Spot("place", "ask", start, end, zh, "this place does not stand in the source")
            )
        return found

    def _codes(self, text: str) -> list[str]:
        return [
            code for hit in self._finder.find(text) for _, codes in hit.senses for code in codes
        ]

    def _above(self, codes: Iterable[str]) -> set[str]:
        places = [place for place in map(self._gazetteer.place, set(codes)) if place]
        return {c for p in places for c in (p.code, p.county, p.city, p.province) if c}
