"""Days and weeks in a reader's words."""

from __future__ import annotations

from datetime import date

from ..index.clock import week_range
from .view import UNDATED


def zh_date(day: date) -> str:
    """``2026年11月22日``"""
    return f"{day.year}年{day.month}月{day.day}日"


def zh_span(first: date, last: date) -> str:
    """``2026年11月16日—22日``, repeating only what changes."""
    end = f"{last.day}日"
    if (first.year, first.month) != (last.year, last.month):
        end = f"{last.month}月{end}"
    if first.year != last.year:
        end = f"{last.year}年{end}"
    return zh_date(first) if first == last else f"{zh_date(first)}—{end}"


def zh_week(week: str) -> str:
    """``2026年第47周（11月16日—22日）``; ``日期不详`` for undated stories."""
    if week == UNDATED:
        return "日期不详"
    first, last = week_range(week)
    end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{week[:4]}年第{int(week[6:])}周（{first.month}月{first.day}日—{end}）"
