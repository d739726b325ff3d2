"""A source's record: rules in versions, hours, calendar, aliases, state, and what a wrong value is told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from jianbao.crawler.addresses import canonical_address, site_of
from jianbao.crawler.families import FAMILIES
from jianbao.crawler.sources import Rule, Source, SourceIsUnknown, due, load_sources
from jianbao.index.clock import ZONE
from jianbao.index.tomlfile import FileIsWrong

GOOD: dict[str, object] = {
    "id": "one",
    "name": "样例县",
    "kind": "listing",
    "family": "trs",
    "entries": ("http://www.one.example/dj/",),
}
WHOLE = """\
id = "qinyuan"
name = "沁源县人民政府网"
kind = "epaper"
family = "founder"
entries = ["http://www.one.example/dj/"]
home = "140431"
site_code = "1404310099"
contact = "0355-0000000"
notes = "the office asked for evenings"
rights = "full"
licence = "letter of 2026-10-01"
delay = 6.0
jitter = 1.0
windows = ["20:00-07:00", "12:00-13:30"]
daily_requests = 300
list_pages = 5
since = 2026-01-01
story_address = 'content_\\d+'
aliases = ["one.example"]
sisters = ["wap.two.example"]
twins = { "/BIG5/" = "/GB/" }
state = "paused"
retired = 2027-01-01

[[rules]]
version = "v1"
valid_until = 2026-11-08
family = "table_paper"

[[rules]]
version = "v2"
valid_from = 2026-11-09
body = ".nr"

[rhythm]
weekdays = [1, 3, 5]
longest_gap = 10

[calendar]
first_issue = 2019-01-01
no_issue = [6, 7]
pauses = [2026-10-01]
recheck_hours = 12

[[seen]]
address = "http://www.one.example/dj/t20261103_1.html"
day = "2026-11"
what = "a story page"

[[log]]
day = 2026-11-22
what = "added"
"""


def one(**changes: object) -> Source:
    return Source.model_validate(GOOD | changes)


def test_every_field_of_the_registry_can_be_written_down(tmp_path: Path) -> None:
    (tmp_path / "qinyuan.toml").write_text(WHOLE, encoding="utf-8")
    (source,) = load_sources(tmp_path)
    unset = set(Source.model_fields) - source.model_fields_set
    assert unset == {"loopback"}
    assert source.hosts == ("www.one.example", "one.example", "wap.two.example")


def test_a_folder_beside_the_files_is_not_a_source(tmp_path: Path) -> None:
    (tmp_path / "qinyuan.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "qinyuan").mkdir()
    (tmp_path / "qinyuan" / "story-1.toml").write_text("headline = '题'\n", encoding="utf-8")
    assert len(load_sources(tmp_path)) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("windows", ("20-7",), "20:00-07:00"),
        ("windows", ("24:00-07:00",), "window"),
        ("windows", ("08:00-08:00",), "same time"),
        ("jitter", -1, "greater"),
        ("daily_requests", 0, "greater"),
        ("list_pages", 0, "greater"),
        ("aliases", ("http://one.example",), "host name"),
        ("sisters", ("One.example",), "host name"),
        ("twins", {"BIG5": "/GB/"}, "part of a path"),
        ("twins", {"/a/": "/b/a/"}, "can become"),
        ("site_code", "14043", "site_code"),
        ("state", "good", "verified"),
        ("rules", ({"version": "a"}, {"version": "a"}), "two rules"),
        ("rules", ({"version": "V 1"},), "version"),
        ("rules", ({"family": "drupal"},), "known are"),
        ("rules", ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"},), "before"),
        ("calendar", {"no_issue": (7,)}, "only an epaper"),
        ("rhythm", {"weekdays": (8,)}, "weekdays"),
        ("seen", ({"address": "a.example", "day": "2026-11", "what": "x"},), "address"),
        ("seen", ({"address": "http://a.example/", "day": "2026-13", "what": "x"},), "day"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(field: str, value: object, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        one(**{field: value})
    assert says in str(refused.value)


def test_a_paper_that_never_appears_has_no_calendar() -> None:
    with pytest.raises(ValidationError, match="never appears"):
        one(kind="epaper", calendar={"no_issue": (1, 2, 3, 4, 5, 6, 7)})


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("windows", "moment", "is_open", "opens"),
    [
        ((), at(9), True, at(9)),
        (("20:00-07:00",), at(23), True, at(23)),
        (("20:00-07:00",), at(6, 59), True, at(6, 59)),
        (("20:00-07:00",), at(7), False, at(20)),
        (("20:00-07:00",), at(12), False, at(20)),
        (("08:00-09:00",), at(9), False, at(8, day=23)),
        (("08:00-09:00", "12:00-13:00"), at(10), False, at(12)),
        # A moment of another zone is the same moment: 14:00 in Berlin is 21:00 here.
        (
            ("20:00-07:00",),
            datetime(2026, 11, 22, 14, tzinfo=ZoneInfo("Europe/Berlin")),
            True,
            at(21),
        ),
    ],
)
def test_a_source_is_asked_in_its_hours_only(
    windows: tuple[str, ...], moment: datetime, is_open: bool, opens: datetime
) -> None:
    source = one(windows=windows)
    assert source.open_at(moment) is is_open
    assert source.opens(moment) == opens


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 10, 1), False),
        (date(2018, 12, 31), False),
        (date(2019, 1, 1), True),
    ],
)
def test_a_calendar_says_on_which_days_an_issue_is_to_be_expected(
    day: date, expected: bool
) -> None:
    calendar = {
        "first_issue": date(2019, 1, 1),
        "no_issue": (7,),
        "pauses": (date(2026, 10, 1),),
    }
    assert one(kind="epaper", calendar=calendar).has_issue(day) is expected
    assert one(kind="epaper").has_issue(day)


def test_a_rule_may_name_another_family_for_the_days_before_a_new_system() -> None:
    rule = Rule(version="v1", family="founder", valid_until=date(2026, 11, 8))
    assert rule.holds_on(date(2026, 11, 8))
    assert not rule.holds_on(date(2026, 11, 9))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://one.example/a/1.html", "http://www.one.example/a/1.html"),
        ("https://www.one.example/a/1.html", "http://www.one.example/a/1.html"),
        ("http://www.one.example:80/a/1.html#top", "http://www.one.example/a/1.html"),
        ("http://www.one.example/m/a/1.html", "http://www.one.example/a/1.html"),
        ("http://www.one.example/a/b/index.shtml", "http://www.one.example/a/b/"),
        (
            "http://www.one.example/a/1.html?utm_source=x&id=2",
            "http://www.one.example/a/1.html?id=2",
        ),
        ("https://two.example/m/1.html", "https://two.example/1.html"),
    ],
)
def test_the_addresses_of_one_story_become_one(url: str, canonical: str) -> None:
    source = one(aliases=("one.example",), twins={"/m/": "/"})
    assert canonical_address(url, FAMILIES["plain"], source) == canonical
    assert canonical_address(canonical, FAMILIES["plain"], source) == canonical


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.qinyuan.gov.cn", "qinyuan.gov.cn"),
        ("zzb.qinyuan.gov.cn:8080", "qinyuan.gov.cn"),
        ("epaper.sxrb.com", "sxrb.com"),
        ("www.a.sx.cn", "a.sx.cn"),
        ("12371.cn", "12371.cn"),
        ("www.12371.cn", "12371.cn"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
    ],
)
def test_one_offices_site_is_what_it_registered(host: str, site: str) -> None:
    assert site_of(host) == site


TODAY = date(2026, 11, 22)


def test_an_unverified_source_is_never_crawled_named_or_not() -> None:
    sources = [one(), one(id="two", state="unverified"), one(id="three", state="paused")]
    chosen, left = due(sources, [], today=TODAY)
    assert [source.id for source in chosen] == ["one"]
    assert [(out.source.id, out.why) for out in left] == [
        ("two", "unverified"),
        ("three", "paused"),
    ]
    chosen, left = due(sources, ["two"], today=TODAY)
    assert chosen == []
    assert "jianbao sources check --live two" in left[0].english()


def test_a_source_that_ended_is_left_out_from_that_day_on() -> None:
    ended = one(retired=TODAY)
    assert due([ended], [], today=TODAY)[0] == []
    assert due([ended], [], today=date(2026, 11, 21))[0] == [ended]


def test_a_name_that_is_not_in_the_registry_is_an_error() -> None:
    with pytest.raises(SourceIsUnknown, match="known are: one"):
        due([one()], ["two"], today=TODAY)


def test_a_mistake_inside_a_table_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text(WHOLE.replace("longest_gap = 10", "longest_gap = 0"), "utf-8")
    with pytest.raises(FileIsWrong) as refused:
        load_sources(tmp_path)
    line = WHOLE.split("\n").index("longest_gap = 10") + 1
    assert f"q.toml:{line}" in refused.value.english()
