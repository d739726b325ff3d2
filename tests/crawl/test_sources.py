"""The registry: what a source file may say, and what a wrong one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jianbao.crawler.sources import Rule, SourceComesTwice, load_sources
from jianbao.index.tomlfile import FileIsWrong

GOOD = """\
id = "wenshui"
name = "文水县人民政府"
kind = "listing"
family = "trs"
entries = ["https://www.wenshui.example/djgz/"]
home = "141121"
"""


def write(folder: Path, text: str, name: str = "one.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_source_needs_six_lines(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (source,) = load_sources(tmp_path)
    assert source.hosts == ("www.wenshui.example",)
    assert source.rights == "excerpt"
    assert source.delay == 3


@pytest.mark.parametrize(
    ("line", "number", "says"),
    [
        ('kind = "listing"', 3, None),
        ('kind = "rss"', 3, "kind"),
        ('id = "Wen Shui"', 1, "id"),
        ('family = "drupal"', 4, "trs"),
        ('entries = ["ftp://a.example/"]', 5, "http"),
        ("entries = []", 5, "entries"),
        ('home = "1411"', 6, "home"),
        ("delay = 0.2", 1, "at least 1 second"),
        ('rights = "all"', 7, "rights"),
        ('story_address = "(["', 7, "regular expression"),
        ('loopback = "http://192.168.1.1:80"', 7, "loopback"),
        ("speed = 9", 7, "speed"),
        ("name = ", 2, ""),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, line: str, number: int, says: str | None
) -> None:
    key = line.split(" =")[0]
    lines = [line if old.startswith(f"{key} =") else old for old in GOOD.splitlines()]
    if line not in lines:
        lines.append(line)
    write(tmp_path, "\n".join(lines) + "\n")
    if says is None:
        load_sources(tmp_path)
        return
    with pytest.raises(FileIsWrong) as refused:
        load_sources(tmp_path)
    assert f"one.toml:{number}" in refused.value.english()
    assert says in refused.value.english()


def test_a_wrong_selector_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD + '\n[[rules]]\nbody = "div["\n')
    with pytest.raises(FileIsWrong, match="CSS"):
        load_sources(tmp_path)


def test_two_files_may_not_share_an_id(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "two.toml")
    with pytest.raises(SourceComesTwice, match=r"one\.toml"):
        load_sources(tmp_path)


@pytest.mark.parametrize(
    ("first", "last", "day", "holds"),
    [
        (None, None, date(2026, 11, 3), True),
        (None, date(2026, 11, 8), date(2026, 11, 8), True),
        (None, date(2026, 11, 8), date(2026, 11, 9), False),
        (date(2026, 11, 9), None, date(2026, 11, 8), False),
        (date(2026, 11, 9), None, None, True),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day(
    first: date | None, last: date | None, day: date | None, holds: bool
) -> None:
    assert Rule(valid_from=first, valid_until=last).holds_on(day) is holds
