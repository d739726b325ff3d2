"""Choosing: relevant, fresh, one of a fold; by stated criteria, each with its reason; never by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jianbao.desk.choosing import Criteria, load_criteria
from jianbao.desk.tray import Filters, hold, proposals, reject, release, tray
from jianbao.desk.withdrawal import restore, withdraw
from jianbao.index.story import Byline, Picture
from jianbao.index.tomlfile import FileIsWrong

from .conftest import Jianbao
from .made import WEEK, Office, a_story, make_office, story_id


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path / "office")


def proposed(office: Office, most: int = 12, issue: str = "") -> list[str]:
    with office.session.read() as store:
        return [
            one.story.id for one in proposals(office.session, store, WEEK, most=most, issue=issue)
        ]


def ids(*names: str) -> list[str]:
    return [story_id(name) for name in names]


def test_only_fresh_relevant_stories_of_the_week_are_proposed(office: Office) -> None:
    office.put(
        [
            a_story("合适"),
            a_story("上周", day=date(2026, 11, 15)),
            a_story("无关", relevant=False),
            a_story("用过"),
            a_story("转载"),
            a_story("无日期", day=None),
            a_story("留用"),
            a_story("不用"),
            a_story("撤回"),
        ]
    )
    office.fold({story_id("转载"): story_id("合适")})
    office.issue(story_id("用过"))
    book, at = office.session.book(), office.hands()
    hold(book, story_id("留用"), at=at)
    reject(book, story_id("不用"), why="与本县无关", at=at)
    withdraw(office.session, story_id("撤回"), why="来源要求", by="孟舟")
    assert proposed(office) == ids("合适")
    release(book, story_id("留用"))
    release(book, story_id("不用"))
    restore(office.session, story_id("撤回"), why="误撤", by="孟舟")
    assert set(proposed(office)) == set(ids("合适", "留用", "不用", "撤回"))


def test_a_used_copy_marks_its_whole_fold_as_used(office: Office) -> None:
    office.put([a_story("原发"), a_story("转载")])
    office.fold({story_id("转载"): story_id("原发")})
    office.issue(story_id("转载"))
    assert proposed(office) == []


def test_no_county_fills_the_issue(office: Office) -> None:
    office.put(a_story(f"甲{n}") for n in range(9))
    office.put([a_story("乙", county="140431"), a_story("丙", county="140781")])
    found = set(proposed(office, most=3))
    assert set(ids("乙", "丙")) < found


def test_a_county_of_the_last_issues_waits_for_one_that_was_not_used(office: Office) -> None:
    office.put(
        [a_story("旧", day=date(2026, 11, 10)), a_story("甲"), a_story("乙", county="140431")]
    )
    office.signed(story_id("旧"), number=7, week="2026-W46", dated=date(2026, 11, 15))
    assert proposed(office, most=1) == ids("乙")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"headline": "全省首个村级试点：党员领办清单"}, {}),
        ({"pictures": (Picture(caption="清雪现场"),)}, {}),
        ({}, {"byline": Byline()}),
        ({}, {"source": ""}),
        ({}, {"body": "党员清雪。"}),
        ({"body": "党员帮助126户清雪，办实事38件。" * 14}, {}),
    ],
)
def test_the_criteria_put_the_better_story_first(
    office: Office, better: dict[str, object], worse: dict[str, object]
) -> None:
    office.put([a_story("甲", county="140431", **worse), a_story("乙", county="140431", **better)])  # type: ignore[arg-type]
    assert proposed(office, most=1) == ids("乙")


def test_a_story_that_others_reprinted_is_news(office: Office) -> None:
    office.put([a_story("甲"), a_story("乙"), a_story("乙二", source="绵山新报")])
    office.fold({story_id("乙二"): story_id("乙")})
    assert proposed(office, most=1) == ids("乙")


def test_every_proposal_says_why_and_its_points_add_up(office: Office) -> None:
    office.put([a_story("甲", headline="首个党员服务清单出台"), a_story("乙", county="")])
    with office.session.read() as store:
        for one in proposals(office.session, store, WEEK):
            assert len(one.parts) == 5
            assert all(part.why and 0 <= part.points <= part.most for part in one.parts)
            assert one.score == pytest.approx(sum(part.points for part in one.parts))
            assert one.why.startswith(f"{round(one.score)}分：新闻价值")
            assert all(part.why in one.why for part in one.parts)


def test_sections_stand_in_the_order_of_the_themes(office: Office) -> None:
    office.put(
        [
            a_story("甲", county="140431", theme="service"),
            a_story("乙", county="141121", theme="member"),
            a_story("丙", county="140781", theme="rural"),
        ]
    )
    assert proposed(office) == ids("丙", "乙", "甲")


def test_the_same_stories_give_the_same_proposals_in_any_order(tmp_path: Path) -> None:
    stories = [a_story(f"稿{n}", county=["141121", "140431", "140781"][n % 3]) for n in range(12)]
    found: list[list[str]] = []
    for n, some in enumerate((stories, stories[::-1])):
        one = make_office(tmp_path / str(n))
        one.put(some)
        found.append(proposed(one, most=5))
    assert found[0] == found[1]


def test_the_offices_own_criteria_count(office: Office) -> None:
    office.put([a_story("甲", source="太行样报"), a_story("乙", source="绵山新报")])
    path = office.root / "criteria.toml"
    path.write_text('most = 1\n[sources]\n"绵山新报" = 1.0\n', encoding="utf-8")
    assert proposed(office, most=0) == ids("乙")
    path.write_text('[sources]\n"太行样报" = 1.0\n', encoding="utf-8")
    assert proposed(office, most=1) == ids("甲")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[weights]\nnews = -1\n", "criteria.toml:2: weights.news"),
        ("[weights]\nnew = 1\n", "criteria.toml:2"),
        ("most = 0\n", "criteria.toml:1: most"),
        ("most = \n", "criteria.toml:1"),
    ],
)
def test_wrong_criteria_name_their_line(office: Office, text: str, says: str) -> None:
    path = office.root / "criteria.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileIsWrong, match=says):
        load_criteria(path)


def test_a_new_workspace_has_the_criteria_to_change(office: Office, tmp_path: Path) -> None:
    given = load_criteria(office.root / "criteria.toml")
    assert given == load_criteria(tmp_path / "none.toml")
    assert (given.weights, given.most) == (Criteria().weights, Criteria().most)


# --- the tray ---


def test_the_tray_shows_a_fold_once_with_its_reprints_and_where_it_was_used(office: Office) -> None:
    office.put([a_story("甲"), a_story("甲二", source="绵山新报"), a_story("乙"), a_story("丙")])
    office.fold({story_id("甲二"): story_id("甲")})
    office.signed(story_id("甲"))
    office.issue(story_id("乙"), number=2, week="2026-W48", dated=date(2026, 11, 29))
    with office.session.read() as store:
        found = {one.story.id: one for one in tray(office.session, store, WEEK).candidates}
    assert set(found) == set(ids("甲", "乙", "丙"))
    one, other, third = (found[story_id(name)] for name in "甲乙丙")
    assert [copy.source for copy in one.reprints] == ["绵山新报"]
    assert (one.state, one.used_in, one.rank) == ("used", ("2026-1",), 0)
    assert (other.state, other.chosen_in) == ("chosen", ("2026-2",))
    assert (third.state, third.rank) == ("candidate", 1)


def test_facets_count_within_the_other_filters(office: Office) -> None:
    office.put(
        [
            a_story("甲", county="141121", theme="rural"),
            a_story("乙", county="141121", theme="member"),
            a_story("丙", county="140431", theme="rural", source="绵山新报"),
            a_story("丁", relevant=False),
        ]
    )
    with office.session.read() as store:
        found = tray(office.session, store, WEEK, Filters(place="141121"))
    assert {one.value: one.count for one in found.facets.counties} == {"141121": 2, "140431": 1}
    assert {one.value: one.count for one in found.facets.themes} == {"rural": 1, "member": 1}
    assert {one.value: one.count for one in found.facets.sources} == {"太行晚报样刊": 2}
    assert {one.value: one.count for one in found.facets.relevance} == {"yes": 2, "no": 1}
    assert {one.name for one in found.facets.cities} == {"吕梁市", "长治市"}
    assert found.total == 4
    with office.session.read() as store:
        city = tray(office.session, store, WEEK, Filters(place="141100", relevant=""))
    assert len(city.candidates) == 3


def test_what_was_decided_is_remembered_with_its_reason(office: Office) -> None:
    office.put([a_story("甲"), a_story("乙")])
    book = office.session.book()
    reject(book, story_id("甲"), why="篇幅太短", by="闻一舟", at=office.hands())
    hold(book, story_id("乙"), why="等图片", by="闻一舟", at=office.hands())
    with office.session.read() as store:
        found = {one.story.id: one for one in tray(office.session, store, WEEK).candidates}
    assert (found[story_id("甲")].state, found[story_id("甲")].reason) == ("rejected", "篇幅太短")
    assert (found[story_id("乙")].state, found[story_id("乙")].reason) == ("held", "等图片")


def test_decisions_need_no_lock_of_the_store(office: Office) -> None:
    office.put([a_story("甲")])
    with office.session.write("crawl"):
        reject(office.session.book(), story_id("甲"), why="不合适", at=office.hands())
        office.issue(story_id("甲"))


def test_stories_without_a_day_have_a_tray_of_their_own(office: Office) -> None:
    office.put([a_story("甲", day=None), a_story("乙")])
    with office.session.read() as store:
        assert [one.story.id for one in tray(office.session, store, "").candidates] == ids("甲")


# --- the command line ---


def test_proposing_again_only_adds_and_only_when_asked(office: Office, jianbao: Jianbao) -> None:
    office.put(a_story(f"稿{n}", county=["141121", "140431"][n % 2]) for n in range(5))
    made = jianbao("issue", "new", "--week", WEEK, "--most", 2, cwd=office.root)
    assert made.code == 0, made.err
    assert "分：新闻价值" in made.out
    issues = office.session.issues()
    key = issues.keys()[0]
    first = [item.story for item in issues.get(key).items]
    issues.reorder(key, first[::-1])
    issues.edit(key, first[0], headline="编辑改过的标题")
    jianbao("issue", "propose", 1)
    assert [item.story for item in issues.get(key).items] == first[::-1]
    assert jianbao("issue", "propose", 1, "--most", 1, "--add").code == 0
    after = issues.get(key).items
    assert [item.story for item in after][:2] == first[::-1]
    assert len(after) == 3
    assert after[1].headline == "编辑改过的标题"


def test_a_dry_run_makes_nothing(office: Office, jianbao: Jianbao) -> None:
    office.put([a_story("甲")])
    shown = jianbao("issue", "new", "--week", WEEK, "--dry-run", cwd=office.root)
    assert story_id("甲") in shown.out
    assert office.session.issues().keys() == []


def test_the_tray_on_the_command_line(office: Office, jianbao: Jianbao) -> None:
    import json

    office.put([a_story("甲"), a_story("乙", county="140431")])
    jianbao("tray", "reject", story_id("甲"), "--why", "篇幅太短", cwd=office.root)
    rows = [json.loads(line) for line in jianbao("tray", "--week", WEEK, "--json").out.splitlines()]
    assert {row["id"]: row["state"] for row in rows} == {
        story_id("甲"): "rejected",
        story_id("乙"): "candidate",
    }
    assert "篇幅太短" in jianbao("tray", "--week", WEEK, "--county", "文水").out
    assert jianbao("tray", "release", story_id("甲")).code == 0
    assert jianbao("tray", "hold", story_id("乙"), "--why", "等图片").code == 0
    assert "held: 等图片" in jianbao("tray", "--week", WEEK, "--state", "held").out
