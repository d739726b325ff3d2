"""Prefixes in a line of typing: 县:文水县 主题:农村党建 来源:晚报 署名:郝一诺 日期:2026-11-01..2026-11-20.

English prefixes mean the same, full-width colons too, and commas part alternatives (县:文水县,汾阳市).
本周 and 上周 standing alone are dates; in quotation marks they are text, as everything is.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..clock import week_of, week_range
from ..errors import JianbaoError
from ..gazetteer import Gazetteer
from ..themes import Themes
from .folding import fold
from .query import Clause, Condition, Field, FieldIsUnknown, FilterIsWrong, parse
from .suggest import near_places

_FIELDS: dict[str, Field] = {
    "county": "area",
    "city": "area",
    "县": "area",
    "市": "area",
    "区": "area",
    "县区": "area",
    "theme": "theme",
    "主题": "theme",
    "source": "source",
    "来源": "source",
    "byline": "byline",
    "署名": "byline",
    "记者": "byline",
    "date": "day",
    "日期": "day",
}
_WRITTEN: dict[Field, str] = {
    "area": "县:文水县",
    "theme": "主题:农村党建",
    "source": "来源:日报",
    "byline": "署名:郝一诺",
    "day": "日期:2026-11-01..2026-11-20",
}
_WORDS = ("本周", "上周")
_APART = re.compile("[,，、]")
_RANGE = re.compile(r"\.\.\.?|[~～至]")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")


@dataclass(frozen=True, slots=True)
class Names:
    """What prefixes are looked up in, and the day that 本周 is counted from."""

    gazetteer: Gazetteer
    themes: Themes
    today: date

    def read(self, field: str, value: str) -> Condition | None:
        """The condition that ``field:value`` stands for; ``None`` when it is text (8:30, 编者按：…).

        Raises:
            FieldIsUnknown: a Latin word that is no field of ours stands before the colon.
            FilterIsWrong: the value is missing, or names no place, theme or day.
        """
        known = _FIELDS.get(fold(field))
        if known is None:
            if re.fullmatch("[a-z_]{2,}", fold(field)) and not value.startswith("/"):
                raise FieldIsUnknown(field=f"{field}:", right=f'"{field}:{value}"')
            return None
        if not fold(value).strip():
            raise FilterIsWrong(
                problem=f"nothing stands after {field}:",
                right=f"write for example {_WRITTEN[known]}",
                problem_zh=f"“{field}:”后面没有内容",
                right_zh=f"请写成 {_WRITTEN[known]}",
            )
        if known == "area":
            return Condition("area", self._each(value, self._places))
        if known == "theme":
            return Condition("theme", self._each(value, self._theme))
        if known == "day":
            first, last = days(value, self.today)
            return Condition(
                "day", (first.isoformat() if first else "", last.isoformat() if last else "")
            )
        return Condition(known, self._each(value, lambda one: [fold(one).strip()]))

    def word(self, string: str) -> Condition | None:
        """本周 and 上周 as days; everything else is text."""
        return self.read("日期", string) if string in _WORDS else None

    @staticmethod
    def _each(value: str, read: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        found = (one for part in _APART.split(value) if part.strip() for one in read(part.strip()))
        return tuple(dict.fromkeys(found))

    def _places(self, name: str) -> list[str]:
        codes = place_codes(name, self.gazetteer)
        if not codes:
            near = near_places(name, self.gazetteer, towns=False)
            raise FilterIsWrong(
                problem=f"no county, city or province is called {name}",
                right=" or ".join(f"县:{one}" for one in near)
                or "write its full name, such as 县:文水县",
                problem_zh=f"没有名为“{name}”的县、市或省",
                right_zh="您要找的是不是 " + "、".join(near) + "？"
                if near
                else "请写全称，如 县:文水县",
            )
        return codes

    def _theme(self, name: str) -> list[str]:
        name = fold(name)
        known = self.themes.themes
        exact = [one.slug for one in known if name in (one.slug, fold(one.name))]
        # 农村 for 农村党建: a part of the name will do when only one theme has it.
        part = [one.slug for one in known if name in fold(one.name)]
        if exact or len(part) == 1:
            return exact or part
        listed = " ".join(one.name for one in known)
        raise FilterIsWrong(
            problem=f"there is no theme {name}",
            right=f"the themes are {listed}",
            problem_zh=f"没有“{name}”这个主题",
            right_zh=f"可用的主题有 {listed}",
        )


def read_line(line: str, names: Names) -> tuple[Clause, ...]:
    """The conditions of a typed line with its prefixes, for :class:`~.query.Query`'s ``clauses``.

    Raises:
        JianbaoError: what :func:`~.query.parse` and :meth:`Names.read` refuse.
    """
    return parse(line, names)


def dated_words(line: str, today: date) -> list[str]:
    """What was read as days although it is also text: ``本周: 2026-11-16 to 2026-11-22``."""
    return [
        f"{word}: {first} to {last}"
        for word in _WORDS
        if word in line.split()
        for first, last in [days(word, today)]
    ]


def place_codes(name: str, gazetteer: Gazetteer) -> list[str]:
    """Codes of the units down to the county that a person means by a code, a name or a short name.

    A name that is no longer in use means its successors.
    """
    if name.isascii() and name.isdigit():
        place = gazetteer.place(name)
        return [name] if place and place.level != "town" else []
    found = [*gazetteer.named(name), *gazetteer.short_named(name)]
    codes = [place.code for place in found]
    return codes or [code for old in gazetteer.old_named(name) for code in old.successors]


def days(value: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of 2026-11-05, 2026-11, 2026, 2026-W47, 本周, 上周 … or of a range with ``..``.

    Raises:
        FilterIsWrong: it is no day, or the range is upside down.
    """
    value = fold(value).strip()
    first: date | None
    last: date | None
    if _RANGE.search(value):
        start, end = _RANGE.split(value, maxsplit=1)
        first = _span(start, today)[0] if start.strip() else None
        last = _span(end, today)[1] if end.strip() else None
    else:
        first, last = _span(value, today)
    if (first and last and first > last) or not (first or last):
        raise _unreadable(value)
    return first, last


def _span(value: str, today: date) -> tuple[date, date]:
    value = value.strip()
    yesterday = today - timedelta(days=1)
    month_before = today.replace(day=1) - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    spans = {
        "今天": (today, today),
        "昨天": (yesterday, yesterday),
        "本周": week_range(week_of(today)),
        "上周": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "本月": _month(today.year, today.month),
        "上月": _month(month_before.year, month_before.month),
        "今年": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "去年": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    if value in spans:
        return spans[value]
    try:
        if "w" in value:
            return week_range(value.upper())
        match = _DAY.fullmatch(value)
        if not match:
            raise ValueError(value)
        year, month_number, day = (int(part) if part else 0 for part in match.groups())
        if day:
            found = date(year, month_number, day)
            return found, found
        if month_number:
            return _month(year, month_number)
        return date(year, 1, 1), date(year, 12, 31)
    except (ValueError, JianbaoError):
        raise _unreadable(value) from None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _unreadable(value: str) -> FilterIsWrong:
    return FilterIsWrong(
        problem=f"{value} is not a day or a range of days",
        right="write 日期:2026-11-01..2026-11-20, 日期:2026-11, 日期:2026-W47, 日期:本周 or 日期:上周",
        problem_zh=f"“{value}”不是有效的日期",
        right_zh="请写成 日期:2026-11-01..2026-11-20、日期:2026-11、日期:2026-W47、日期:本周 或 日期:上周",
    )
