"""Days of publication: one row a shape."""

from __future__ import annotations

from datetime import date

import pytest

from jianbao.crawler.dates import day_in_address, day_printed, published

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布时间：2026-11-03 09:12", date(2026, 11, 3)),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026.11.03 来源：县融媒体中心", date(2026, 11, 3)),
        ("2026年11月3日 第2版", date(2026, 11, 3)),
        ("２０２６年１１月３日", date(2026, 11, 3)),
        ("发布日期：[2026-11-03]　阅读：12次", date(2026, 11, 3)),
        ("2026-11-04 01:39:11.0", date(2026, 11, 4)),
        ("2026 年 11 月 3 日", date(2026, 11, 3)),
        ("版权所有 1985-11-03", None),
        ("2026-13-40", None),
        ("2027-01-05", None),  # a clock was wrong
        ("2026-11-23", date(2026, 11, 23)),  # tomorrow: a paper that is early
        ("2027-01-05 改为 2026-11-03", date(2026, 11, 3)),
        ("11-03", None),
        ("电话 12026-11-031", None),
        ("", None),
    ],
)
def test_a_printed_day(text: str, day: date | None) -> None:
    assert day_printed(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.example/x/202611/t20261103_153762.html", date(2026, 11, 3)),
        ("http://a.example/pc/con/202611/04/content_53290.html", date(2026, 11, 4)),
        ("http://a.example/article/2026/11/5/700.html", date(2026, 11, 5)),
        ("http://a.example/news/2026-11/06/1.htm", date(2026, 11, 6)),
        ("http://a.example/n/2026-11-07/579902.html", date(2026, 11, 7)),
        ("http://a.example/n1/2026/1108/c1013-31161234.html", date(2026, 11, 8)),
        ("http://a.example/20261109/133985.shtml", date(2026, 11, 9)),
        ("http://a.example/314121/10230244.html", None),
        ("http://a.example/202613/45/1.html", None),
        ("http://a.example/t29991231_1.html", None),
        ("http://a.example/zt/2026/index.html", None),
    ],
)
def test_a_day_in_an_address(url: str, day: date | None) -> None:
    assert day_in_address(url, today=TODAY) == day


URL = "http://a.example/x/202611/t20261103_1.html"


@pytest.mark.parametrize(
    ("meta", "info", "url", "listed", "day", "doubted"),
    [
        ("2026-11-03 06:23", "2026-11-03", URL, None, date(2026, 11, 3), False),
        ("2026-11-04 00:10", "", URL, None, date(2026, 11, 4), False),  # put online after midnight
        ("2026-10-01", "", URL, None, date(2026, 11, 3), True),
        ("", "2026年11月3日", "http://a.example/1.html", None, date(2026, 11, 3), False),
        ("", "", URL, date(2026, 11, 9), date(2026, 11, 3), False),
        ("", "", "http://a.example/1.html", date(2026, 11, 9), date(2026, 11, 9), False),
        ("", "", "http://a.example/1.html", None, None, False),
    ],
)
def test_what_names_the_day_is_checked_against_the_rest(
    meta: str, info: str, url: str, listed: date | None, day: date | None, doubted: bool
) -> None:
    found = published(url=url, today=TODAY, meta=meta, info=info, listed=listed)
    assert found.day == day
    assert bool(found.doubt) == doubted
