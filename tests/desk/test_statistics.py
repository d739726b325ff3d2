"""Counts: used stories by county, unit and month; who is silent and why; what an issue took."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from jianbao.desk.coverage import coverage, last_weeks
from jianbao.desk.csvtext import csv_text
from jianbao.desk.effort import effort, note_action
from jianbao.desk.statistics import chart, usage, usage_csv
from jianbao.desk.withdrawal import withdraw
from jianbao.index.store import SourceRun
from jianbao.index.story import Byline

from .conftest import Jianbao
from .made import Office, a_story, make_office, story_id

UNIT = Byline(organisations=("文水县融媒体中心",))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = make_office(tmp_path / "office")
    made.put(
        [
            a_story("甲", byline=UNIT),
            a_story("乙"),
            a_story("丙", county="140431", source="绵山新报"),
            a_story("丁", county="140431", day=date(2026, 12, 2)),
            a_story("戊", byline=UNIT),
            a_story("己", relevant=False),
        ]
    )
    made.signed(*map(story_id, "甲乙丙"))
    made.hands.turn(days=14)
    made.signed(story_id("丁"), number=2, dated=date(2026, 12, 6), week="2026-W49")
    return made


FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)


def test_used_stories_are_counted_by_county_and_month_with_zeros(office: Office) -> None:
    with office.session.read() as store:
        found = usage(office.session, store, FIRST, LAST)
    assert (found.months, found.issues, found.stories) == (("2026-11", "2026-12"), 2, 4)
    assert len(found.counties) == 117
    rows = {row.name: row for row in found.counties}
    assert (rows["文水县"].by_month, rows["文水县"].received) == ((2, 0), 3)
    assert (rows["沁源县"].by_month, rows["沁源县"].total) == ((1, 1), 2)
    assert rows["交城县"].by_month == (0, 0)
    assert [row.code for row in found.counties] == sorted(row.code for row in found.counties)


def test_units_are_who_signs_or_else_the_source(office: Office) -> None:
    with office.session.read() as store:
        found = usage(office.session, store, FIRST, LAST)
    assert [(row.name, row.total) for row in found.units] == [
        ("太行晚报样刊", 2),
        ("文水县融媒体中心", 1),
        ("绵山新报", 1),
    ]


def test_open_issues_and_withdrawn_stories_do_not_count(office: Office) -> None:
    office.issue(story_id("戊"), number=3, dated=date(2026, 12, 13), week="2026-W50")
    withdraw(office.session, story_id("丙"), why="来源要求", by="孟舟")
    with office.session.read() as store:
        found = usage(office.session, store, FIRST, LAST)
    assert (found.issues, found.stories) == (2, 3)
    assert {row.name: row.total for row in found.counties}["沁源县"] == 1


def test_the_table_sums_up_and_no_cell_is_a_formula(office: Office) -> None:
    office.put([a_story("庚", county="141121", source="=HYPERLINK(1)", day=date(2026, 12, 9))])
    office.signed(story_id("庚"), number=3, dated=date(2026, 12, 13), week="2026-W50")
    with office.session.read() as store:
        found = usage(office.session, store, FIRST, LAST)
    rows = list(csv.reader(io.StringIO(usage_csv(found, "county").removeprefix("\ufeff"))))
    assert rows[0] == ["代码", "地市", "区县", "收稿", "2026-11", "2026-12", "用稿合计"]
    assert rows[-1][0] == "合计"
    assert int(rows[-1][-1]) == sum(int(row[-1]) for row in rows[1:-1]) == 5
    units = usage_csv(found, "unit")
    assert "'=HYPERLINK(1)" in units
    assert "\r\n=HYPERLINK" not in units


def test_the_chart_shows_the_most_used_first(office: Office) -> None:
    with office.session.read() as store:
        found = usage(office.session, store, FIRST, LAST)
    bars = chart(found, "unit", most=2)
    assert [(bar.name, bar.count, bar.share) for bar in bars] == [
        ("太行晚报样刊", 2, 1.0),
        ("文水县融媒体中心", 1, 0.5),
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "　@x"])
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    (row,) = csv.reader(
        io.StringIO(csv_text([[cell, 3, "普通"]]).removeprefix("\ufeff"), newline="")
    )
    assert row[0].startswith("'")
    assert row[1:] == ["3", "普通"]


def test_usage_on_the_command_line(office: Office, jianbao: Jianbao) -> None:
    given = ("usage", "--from", FIRST, "--to", LAST)
    rows = [
        json.loads(line) for line in jianbao(*given, "--json", cwd=office.root).out.splitlines()
    ]
    assert {row["name"]: row["used"] for row in rows}["文水县"] == 2
    assert "4 stories in 2 signed issues" in jianbao(*given, "--used-only").out
    assert jianbao(*given, "--by", "unit", "--export", office.root / "u.csv").code == 0
    assert (office.root / "u.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert jianbao("usage", "--by", "town").code == 2


# --- coverage ---

WEEKS = ("2026-W47", "2026-W48", "2026-W49")


def a_source(office: Office, name: str, home: str, **facts: str) -> None:
    lines = [f'{key} = "{value}"' for key, value in facts.items()]
    text = (
        f'id = "{name}"\nname = "{name}"\nkind = "listing"\nfamily = "trs"\n'
        f'entries = ["https://{name}.example/list/"]\nhome = "{home}"\n'
    )
    (office.root / "sources" / f"{name}.toml").write_text(text + "\n".join(lines), encoding="utf-8")


def a_run(office: Office, name: str, problem: str = "") -> None:
    with office.session.write("test") as store:
        now = office.hands().isoformat()
        store.log_run(SourceRun(name, now, now, 9, 0, 9, 0, problem=problem))


def test_the_matrix_has_every_county_and_counts_weeks_and_themes(office: Office) -> None:
    with office.session.read() as store:
        found = coverage(office.session, store, WEEKS)
    assert (len(found.cities), sum(len(city.counties) for city in found.cities)) == (11, 117)
    rows = {row.name: row for city in found.cities for row in city.counties}
    assert (rows["文水县"].by_week, rows["文水县"].newest) == ((3, 0, 0), date(2026, 11, 18))
    assert (rows["沁源县"].by_week, rows["沁源县"].silent) == ((1, 0, 1), None)
    at = [slug for slug, _ in found.themes].index("rural")
    assert rows["沁源县"].by_theme[at] == rows["沁源县"].total == 2
    city = next(one for one in found.cities if one.name == "吕梁市")
    assert city.by_week == (3, 0, 0)


def test_a_silent_county_says_why(office: Office) -> None:
    a_source(office, "jiaocheng", "141122")
    a_run(office, "jiaocheng", "JB-204 the list page answered 500")
    a_source(office, "xingxian", "141123")
    a_source(office, "linxian", "141124")
    a_run(office, "linxian")
    with office.session.write("test") as store:
        for back in range(1, 12):
            day = date(2026, 12, 6) - timedelta(days=back)
            story, about = a_story(
                f"临{back}", relevant=False, county="", day=day, source_id="linxian"
            )
            store.put_story(story)
            store.put_annotation(story.id, about, "test")
    with office.session.read() as store:
        found = coverage(office.session, store, WEEKS)
    rows = {row.name: row.silent for city in found.cities for row in city.counties}
    causes = {name: rows[name].cause for name in ("交城县", "兴县", "临县", "柳林县")}  # type: ignore[union-attr]
    assert causes == {
        "交城县": "broken",
        "兴县": "never",
        "临县": "nothing",
        "柳林县": "no-source",
    }
    assert rows["交城县"].sources == ("jiaocheng",)  # type: ignore[union-attr]
    assert "文水县" not in {row.name for row in found.silent}


def test_copies_and_withdrawn_stories_are_not_counted(office: Office) -> None:
    office.fold({story_id("戊"): story_id("甲")})
    withdraw(office.session, story_id("乙"), why="来源要求", by="孟舟")
    with office.session.read() as store:
        found = coverage(office.session, store, WEEKS)
    rows = {row.name: row for city in found.cities for row in city.counties}
    assert rows["文水县"].total == 1


def test_the_last_weeks_end_with_this_one() -> None:
    assert last_weeks(date(2027, 1, 5), 3) == ["2026-W52", "2026-W53", "2027-W01"]


def test_coverage_on_the_command_line(office: Office, jianbao: Jianbao) -> None:
    shown = jianbao("coverage", "--weeks", 2, "--silent", cwd=office.root)
    assert "柳林县  没有登记来源" in shown.out
    rows = [json.loads(line) for line in jianbao("coverage", "--json").out.splitlines()]
    assert len(rows) == 117


# --- effort ---


def test_effort_counts_actions_and_minutes_without_long_pauses(office: Office) -> None:
    book, at = office.session.book(), office.hands()
    for seconds, name, by in (
        (0, "add", "闻一舟"),
        (60, "add", "闻一舟"),
        (70, "edit", "郝一诺"),
        (130, "move", "郝一诺"),
        (3600, "lock", "闻一舟"),
        (3630, "sign", "闻一舟"),
    ):
        note_action(book, "2026-9", name, at + timedelta(seconds=seconds), by=by)
    took = effort(book, "2026-9")
    assert (took.total, took.minutes) == (6, 2.5)
    assert dict(took.actions)["add"] == 2
    assert (took.first, took.last) == (at, at + timedelta(seconds=3630))
    assert effort(book, "2026-8").total == 0
