"""Figures 数字: every number of the edited text has to stand in the source.

Arabic and Chinese numerals, percentages, thousands separators, 万 and 亿, and dates are compared by
value, so that 3万 is 30000 and 百分之三十 is 30%. A day of the month that the source names without the
month, or only as 昨日, is known from the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ..index.normalise import fold_characters
from .finding import Spot

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_CHINESE = "零〇一二两三四五六七八九十百千万亿"

_MEASURES = (
    "余?多?(?:平方米|平方公里|立方米|千瓦时|公里|公斤|公顷|千克|厘米|毫米|毫升|个百分点|个月|人次|小时|分钟|"
    "周年|年级|年代|户|人|名|个|件|项|次|场|元|亩|吨|斤|天|日|年|月|岁|家|所|条|支|处|台|辆|套|张|棵|株|头|只|"
    "米|里|座|间|栋|幢|层|号|届|期|批|轮|组|队|份|封|页|篇|堂|课时|学时|里路|公分|升|度|倍|成|折|分|秒|排|路|"
    "本|册|盏|根|口|眼|块|片|趟|班|门|位|步|类|种|级|届|代|桩|笔|户次|对|双|箱|袋|盒)"
)
_SET_PHRASES = re.compile(
    "第一书记|第一时间|第一线|第一责任人|第一议题|第一要务|一手抓|两手抓|一把手|一肩挑|一盘棋|一张网|一线|三会一课|两学一做"
    "|四议两公开|四个意识|四个自信|两个维护|两个确立|五位一体|四个全面|一岗双责|三农|两委|两新|双报到|八项规定|四风|三严三实"
    "|两个一百年|一带一路|三重一大|两代表一委员|一体推进|一以贯之|一五一十|十全十美|千家万户|千方百计|万众一心|千头万绪"
    "|五保户|百姓|百年|十分|十足|万分|一年一度|三三两两|四面八方|五湖四海|七嘴八舌|家家户户|一户一策|一人一策|一企一策|一村一策"
    "|一村一品|一事一议|一支部一品牌|一件件|一项项|一次次|一个个|一户户|一张张|双百|百强|千企|万企|老百姓|一老一小|三产|四史|十五五|十四五|十三五"
)
_DATE = re.compile(
    r"(?:(?P<y>\d{4})年)?(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号]"
    r"|(?P<y2>(?:19|20)\d\d)[-/.](?P<m2>1[0-2]|0?[1-9])[-/.](?P<d2>3[01]|[12]\d|0?[1-9])(?!\d)"
)
_ARABIC = re.compile(
    r"(?P<percent>百分之)?(?<![\dA-Za-z.])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<k>[多余]?[百千]?[万亿]{1,2})?(?P<p>[%‰]|个百分点)?"
    rf"(?P<measure>{_MEASURES})?"
)
_WORDS = re.compile(
    rf"(?P<percent>百分之)?(?P<n>[{_CHINESE}]+(?:点[{_CHINESE}]+)?)(?P<rest>[多余]?)(?P<measure>{_MEASURES})?"
)
_YEAR_WORDS = re.compile(r"[一二][〇零一二三四五六七八九]{3}(?=年)")
_LONGEST = 24
"""A longer run of digits is a number of an account or nonsense, and no figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text: its value, and whether it is a percentage, a day ``(月, 日)`` or a year."""

    start: int
    end: int
    words: str
    value: Fraction
    kind: str
    measure: str = ""


def chinese_number(text: str) -> Fraction | None:
    """The value of a Chinese numeral (三百二十一点五, 两万三, 二〇二六), or ``None`` when it is none."""
    if len(text) > _LONGEST:
        return None
    whole, _, part = text.partition("点")
    value = _whole(whole)
    if value is None or ("点" in text and not part):
        return None
    for place, char in enumerate(part, 1):
        if char not in _DIGITS:
            return None
        value += Fraction(_DIGITS[char], 10**place)
    return value


def _whole(text: str) -> Fraction | None:
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return Fraction(int("".join(str(_DIGITS[char]) for char in text)))
    for myriad in ("亿", "万"):
        if myriad in text:
            head, _, tail = text.rpartition(myriad) if myriad == "万" else text.partition(myriad)
            above = _whole(head) if head else Fraction(1)
            below = _whole(tail) if tail else Fraction(0)
            if above is None or below is None:
                return None
            if len(tail) == 1 and tail in _DIGITS and tail not in "零〇":
                below *= _MYRIADS[myriad] // 10  # 两万三 is 23,000
            return above * _MYRIADS[myriad] + below
    total, digit, last = 0, 0, 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 1 if char in "零〇" else last
        elif char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit, last = 0, _UNITS[char]
        else:
            return None
    if digit and last >= 100 and "零" not in text and "〇" not in text:
        digit *= last // 10  # 三百五 is 350
    return Fraction(total + digit)


def figures(text: str) -> list[Figure]:
    """Every figure of a text, in order. Set phrases (三会一课) and a mere 一个 are none."""
    folded = fold_characters(text)
    taken = [False] * len(folded)
    for match in _SET_PHRASES.finditer(folded):
        _take(taken, *match.span())
    found = [*_dates(folded, taken), *_arabic(folded, taken), *_in_words(folded, taken)]
    return sorted(found, key=lambda one: one.start)


def _take(taken: list[bool], start: int, end: int) -> bool:
    if any(taken[start:end]):
        return False
    taken[start:end] = [True] * (end - start)
    return True


def _dates(text: str, taken: list[bool]) -> Iterator[Figure]:
    for match in _DATE.finditer(text):
        if _take(taken, *match.span()):
            year = match["y"] or match["y2"]
            month, day = int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
            value = Fraction(month * 100 + day)
            yield Figure(*match.span(), match.group(), value, "day", year or "")


def _arabic(text: str, taken: list[bool]) -> Iterator[Figure]:
    for match in _ARABIC.finditer(text):
        if len(match["n"]) > _LONGEST or not _take(taken, *match.span()):
            continue
        value = Fraction(match["n"].replace(",", ""))
        for char in (match["k"] or "").lstrip("多余"):
            value *= _UNITS.get(char) or _MYRIADS[char]
        sign, measure = match["p"] or "", match["measure"] or ""
        kind = (
            "percent" if match["percent"] or sign in ("%", "个百分点") else _kind_of(measure, value)
        )
        if sign == "‰":
            kind, value = "percent", value / 10
        yield Figure(*match.span(), match.group(), value, kind, measure.lstrip("余多"))


def _in_words(text: str, taken: list[bool]) -> Iterator[Figure]:
    for match in _YEAR_WORDS.finditer(text):
        value = chinese_number(match.group())
        if value and _take(taken, *match.span()):
            yield Figure(*match.span(), match.group(), value, "year", "年")
    for match in _WORDS.finditer(text):
        value, measure = chinese_number(match["n"]), match["measure"] or ""
        if value is None or not _is_figure(match, measure, value):
            continue
        if not _take(taken, *match.span()):
            continue
        kind = "percent" if match["percent"] else _kind_of(measure, value)
        yield Figure(*match.span(), match.group(), value, kind, measure.lstrip("余多"))


def _is_figure(match: re.Match[str], measure: str, value: Fraction) -> bool:
    """一 and bare numerals are mostly words: 一些, 三是, 万家灯火."""
    if match["percent"]:
        return True
    number = match["n"]
    if number[0] in "百千万亿" or value < 2:
        return False
    if measure:
        return True
    return len(number) > 2 and any(char in number for char in "十百千万亿")


def _kind_of(measure: str, value: Fraction) -> str:
    if measure.startswith("年") and 1800 <= value <= 2200 and measure == "年":
        return "year"
    if measure in ("月", "日", "号"):
        return {"月": "month", "日": "date", "号": "date"}[measure]
    return "number"


def unfounded_figures(edited: str, source: str, published: date | None) -> list[Spot]:
    """Figures of the edited text whose value does not stand in the source."""
    known = _Known(source, published)
    doubted = ((one, known.doubts(one)) for one in figures(edited))
    return [_spot(one, why) for one, why in doubted if why]


class _Known:
    """The figures of a source, and the days that follow from the day of its publication."""

    def __init__(self, source: str, published: date | None) -> None:
        self._published = published
        self._values: set[tuple[bool, Fraction]] = set()
        self._plain: set[Fraction] = set()
        self._measures: dict[tuple[str, Fraction], set[str]] = {}
        self._days: set[int] = set()
        self._dates: set[int] = {published.day} if published else set()
        self._months: set[int] = {published.month} if published else set()
        self._years: set[int] = {published.year, published.year - 1} if published else set()
        for one in figures(source):
            self._note(one)
        near = (published - timedelta(days=back) for back in range(-1, 31)) if published else ()
        self._near = {day.month * 100 + day.day for day in near}
        # 日前, 近日: any day shortly before; otherwise the source has to name the day of the month.
        self._vague = any(word in source for word in _VAGUE)

    def _note(self, one: Figure) -> None:
        value = int(one.value)
        self._values.add((one.kind == "percent", one.value))
        self._measures.setdefault((one.kind, one.value), set()).add(one.measure)
        if one.kind != "percent":
            self._plain.add(one.value)
        if one.kind == "day":
            self._days.add(value)
            self._dates.add(value % 100)
            self._months.add(value // 100)
            if one.measure:
                self._years.add(int(one.measure))
        elif one.kind == "date":
            self._dates.add(value)
        elif one.kind == "month":
            self._months.add(value)
        elif one.kind == "year":
            self._years.add(value)

    def doubts(self, one: Figure) -> str | None:
        """Why a figure is doubted, or ``None``."""
        value = int(one.value)
        if one.kind == "day":
            near = value in self._near and (value % 100 in self._dates or self._vague)
            year = not one.measure or int(one.measure) in self._years
            return None if (value in self._days or near) and year else "day"
        if one.kind == "date" and value in self._dates:
            return None
        if one.kind == "month" and value in self._months:
            return None
        if one.kind == "year" and value in self._years:
            return None
        if (one.kind == "percent", one.value) in self._values:
            measures = self._measures.get((one.kind, one.value), set())
            other = one.measure and measures and "" not in measures
            return "measure" if other and not _same_measure(one.measure, measures) else None
        if one.kind in ("number", "year") and one.value in self._plain:
            return None
        return one.kind


_VAGUE = ("日前", "近日", "昨日", "昨天", "今日", "今天", "前日", "连日来")
_LIKE = (
    {"人", "名", "位", "个", "人次"},
    {"件", "项", "桩", "条", "个"},
    {"家", "户", "个", "所"},
    {"场", "次", "趟", "轮", "期"},
    {"日", "号"},
    {"处", "个", "座", "所"},
    {"支", "个", "队"},
)


def _same_measure(measure: str, others: set[str]) -> bool:
    return measure in others or any(measure in group and group & others for group in _LIKE)


def _spot(one: Figure, why: str) -> Spot:
    said = f"“{one.words}”"
    if why == "measure":
        zh, en = (
            f"{said}：来源里同一数字后面的单位不同",
            "the source counts something else by this number",
        )
    elif why in ("day", "date", "month", "year"):
        zh, en = f"{said}：来源里没有这个日期", "this date does not stand in the source"
    else:
        zh, en = f"{said}：来源里没有这个数字", "this figure does not stand in the source"
    return Spot("figure", "ask", one.start, one.end, zh, en)
