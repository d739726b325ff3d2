"""One clock, one zone. Nothing else in the project asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .errors import JianbaoError

ZONE = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


class WeekIsUnreadable(JianbaoError):
    """A week was not given as an ISO week."""

    code = "JB-101"
    what = "{week!r} is not a week"
    remedy = "write an ISO week such as 2026-W47"
    what_zh = "“{week}”不是有效的周次"
    remedy_zh = "请按 2026-W47 的形式填写"


def system_clock() -> datetime:
    """The machine's time in Asia/Shanghai."""
    return datetime.now(ZONE)


def week_of(day: date) -> str:
    """The ISO week of a day: ``2026-W47`` (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_range(week: str) -> tuple[date, date]:
    """Monday and Sunday of an ISO week.

    Raises:
        WeekIsUnreadable: the text is not ``YYYY-Www`` or the year has no such week.
    """
    try:
        monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a date, no time
    except ValueError:
        raise WeekIsUnreadable(week=week) from None
    return monday, monday + timedelta(days=6)
