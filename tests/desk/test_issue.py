"""The issue: its file is the editor's, its order is kept, and a locked one does not change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jianbao.desk.issue import (
    Issue,
    IssueExists,
    IssueIsLocked,
    IssueIsMissing,
    Issues,
    Item,
    ItemIsWrong,
    propose,
)
from jianbao.index.annotation import Annotation
from jianbao.index.story import Paragraph, Story
from jianbao.index.tomlfile import FileIsWrong

SECTIONS = {"rural": "领域党建", "member": "队伍与组织", "service": "服务与联建"}


@pytest.fixture
def issues(tmp_path: Path) -> Issues:
    made = Issues(tmp_path)
    items = tuple(Item(story=one, section="领域党建") for one in ("aaa", "bbb", "ccc"))
    made.create(Issue(number=1, week="2026-W47", dated=date(2026, 11, 22), items=items))
    return made


def order(issues: Issues) -> list[str]:
    return [item.story for item in issues.get(1).items]


def test_stories_are_added_moved_and_dropped_in_order(issues: Issues) -> None:
    issues.add(1, Item(story="ddd"), at=1)
    assert order(issues) == ["ddd", "aaa", "bbb", "ccc"]
    issues.move(1, "ddd", 4)
    assert order(issues) == ["aaa", "bbb", "ccc", "ddd"]
    issues.drop(1, "bbb")
    assert order(issues) == ["aaa", "ccc", "ddd"]
    for story in ("aaa", "ccc", "ddd"):
        issues.drop(1, story)
    assert order(issues) == []
    issues.add(1, Item(story="aaa"))
    assert order(issues) == ["aaa"]


def test_what_the_editor_wrote_into_the_file_survives_a_move(issues: Issues) -> None:
    path = issues.path(1)
    text = path.read_text(encoding="utf-8").replace(
        'headline = ""', 'headline = "编者改的标题"  # 与县里核过', 1
    )
    path.write_text(text, encoding="utf-8")
    issues.move(1, "aaa", 3)
    assert issues.get(1).items[2].headline == "编者改的标题"
    assert "与县里核过" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "act",
    [
        lambda issues: issues.add(1, Item(story="aaa")),
        lambda issues: issues.drop(1, "zzz"),
        lambda issues: issues.move(1, "zzz", 1),
        lambda issues: issues.move(1, "aaa", 0),
        lambda issues: issues.move(1, "aaa", 4),
        lambda issues: issues.add(1, Item(story="zzz"), at=5),
    ],
)
def test_an_impossible_change_is_refused_and_nothing_is_written(
    issues: Issues, act: Callable[[Issues], None]
) -> None:
    before = issues.path(1).read_bytes()
    with pytest.raises(ItemIsWrong):
        act(issues)
    assert issues.path(1).read_bytes() == before


def test_a_locked_issue_does_not_change_until_it_is_unlocked(issues: Issues) -> None:
    issues.set_state(1, "locked")
    with pytest.raises(IssueIsLocked):
        issues.drop(1, "aaa")
    issues.set_state(1, "open")
    issues.drop(1, "aaa")
    assert order(issues) == ["bbb", "ccc"]


def test_a_number_is_given_once(issues: Issues) -> None:
    with pytest.raises(IssueExists):
        issues.create(Issue(number=1, week="2026-W48", dated=date(2026, 11, 29)))
    with pytest.raises(IssueIsMissing):
        issues.get(2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('story = "bbb"', 'story = "aaa"', "twice"),
        ('week = "2026-W47"', 'week = "2026-W54"', "week"),
        ("number = 1", "number = 0", "number"),
        ('state = "open"', 'state = "opne"', "state"),
    ],
)
def test_a_hand_broken_file_says_what_is_wrong(
    issues: Issues, old: str, new: str, says: str
) -> None:
    path = issues.path(1)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(FileIsWrong, match=says):
        issues.get(1)


def a_candidate(
    name: str, county: str, theme: str = "rural", *, day: int = 18, relevant: bool = True
) -> tuple[Story, Annotation]:
    story = Story(
        id=name, headline=name, paragraphs=(Paragraph("正文" * 200),), published=date(2026, 11, day)
    )
    return story, Annotation(
        counties=(county,), themes=(theme,), relevant=relevant, reason="村党支部"
    )


def proposed(candidates: list[tuple[Story, Annotation]], **options: Any) -> list[str]:
    given = {
        "week": "2026-W47",
        "used": frozenset(),
        "firsts": {},
        "sections": SECTIONS,
        "most": 12,
        **options,
    }
    return [one.story.id for one in propose(candidates, **given)]


def test_only_fresh_relevant_stories_of_the_week_are_proposed() -> None:
    candidates = [
        a_candidate("fits", "140431"),
        a_candidate("last week", "140431", day=15),
        a_candidate("not party news", "140431", relevant=False),
        a_candidate("used before", "140431"),
        a_candidate("reprint", "140431"),
    ]
    assert proposed(candidates, used=frozenset({"used before"}), firsts={"reprint": "fits"}) == [
        "fits"
    ]


def test_no_county_fills_the_issue() -> None:
    candidates = [
        *(a_candidate(f"a{n}", "140431") for n in range(9)),
        a_candidate("b", "141121"),
        a_candidate("c", "140781"),
    ]
    assert set(proposed(candidates, most=3)) == {"a0", "b", "c"}


def test_sections_stand_in_the_order_of_the_themes() -> None:
    candidates = [
        a_candidate("1", "140431", "service"),
        a_candidate("2", "141121", "member"),
        a_candidate("3", "140781", "rural"),
    ]
    assert proposed(candidates) == ["3", "2", "1"]
