"""Three reviews: named, about what was read, pulled back in time; the trail tells all of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from jianbao.desk.checks import findings
from jianbao.desk.finding import Finding
from jianbao.desk.frozen import texts_of
from jianbao.desk.issue import Issue, IssueIsNotReady, ItemIsWrong
from jianbao.desk.review import (
    FindingsAreOpen,
    NameIsMissing,
    correct,
    lock,
    next_stage,
    pass_review,
    pull_back,
    return_review,
    sign,
)
from jianbao.desk.trail import Step, trail, trail_csv, trail_markdown
from jianbao.desk.withdrawal import withdraw

from .conftest import Jianbao
from .made import Office, a_story, make_office, story_id


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = make_office(tmp_path / "office")
    made.put(
        [
            a_story(
                "甲", body="11月18日，126名党员清理了村道。\n村党支部书记任耕年说：“两小时清完。”"
            ),
            a_story("乙", county="140431"),
        ]
    )
    made.issue(story_id("甲"), story_id("乙"))
    return made


KEY = "2026-1"
ONE = story_id("甲")


def locked(office: Office, accept: dict[str, str] | None = None) -> Issue:
    with office.session.read() as store:
        return lock(office.session, store, KEY, by="闻一舟", accept=accept)


def signed(office: Office) -> Issue:
    with office.session.read() as store:
        return sign(office.session, store, KEY, by="孟舟")


def found(office: Office) -> list[Finding]:
    with office.session.read() as store:
        return findings(office.session, store, office.session.issues().get(KEY))


def steps(office: Office) -> list[Step]:
    issues = office.session.issues()
    issue = issues.get(KEY)
    with office.session.read() as store:
        texts = texts_of(store, office.session.book(), issue)
    return trail(issue, issues.history, texts)


# --- the way of an issue ---


def test_an_issue_is_signed_after_three_reviews(office: Office) -> None:
    assert next_stage(locked(office)) == 1
    for stage, name in enumerate(("闻一舟", "郝一诺", "孟舟"), 1):
        with pytest.raises(IssueIsNotReady, match=f"review {stage} has not passed"):
            signed(office)
        office.hands.turn(minutes=10)
        pass_review(office.session, KEY, by=name)
    issue = signed(office)
    assert (issue.state, issue.signed_by) == ("signed", "孟舟")
    assert [(one.stage, one.by) for one in issue.reviews] == [
        (1, "闻一舟"),
        (2, "郝一诺"),
        (3, "孟舟"),
    ]


def test_an_office_of_one_may_ask_for_fewer_reviews(office: Office) -> None:
    path = office.root / "jianbao.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("reviews = 3", "reviews = 1"), encoding="utf-8"
    )
    locked(office)
    pass_review(office.session, KEY, by="闻一舟")
    assert signed(office).state == "signed"


def test_a_review_is_of_a_locked_issue_by_a_name_and_in_order(office: Office) -> None:
    with pytest.raises(IssueIsNotReady, match="not locked"):
        pass_review(office.session, KEY, by="闻一舟")
    with pytest.raises(IssueIsNotReady, match="not locked"):
        signed(office)
    locked(office)
    with pytest.raises(NameIsMissing):
        pass_review(office.session, KEY, by=" ")
    with pytest.raises(IssueIsNotReady, match="review 1 comes next"):
        pass_review(office.session, KEY, stage=2, by="郝一诺")


def test_a_returned_issue_is_open_and_is_reviewed_anew_after_a_change(office: Office) -> None:
    locked(office)
    pass_review(office.session, KEY, by="闻一舟")
    issue = return_review(office.session, KEY, by="郝一诺", remark="标题太长")
    assert issue.state == "open"
    office.session.issues().edit(KEY, ONE, headline="党员清雪", by="闻一舟")
    assert next_stage(locked(office)) == 1
    pass_review(office.session, KEY, by="闻一舟")
    assert next_stage(pass_review(office.session, KEY, by="郝一诺")) == 3


def test_reviews_hold_when_nothing_was_changed_meanwhile(office: Office) -> None:
    locked(office)
    pass_review(office.session, KEY, by="闻一舟")
    office.session.issues().unlock(KEY, by="闻一舟")
    assert next_stage(locked(office)) == 2


def test_a_review_is_pulled_back_by_its_own_reviewer_in_time(office: Office) -> None:
    locked(office)
    pass_review(office.session, KEY, by="闻一舟")
    with pytest.raises(IssueIsNotReady, match="not 郝一诺's"):
        pull_back(office.session, KEY, by="郝一诺")
    office.hands.turn(minutes=29)
    assert next_stage(pull_back(office.session, KEY, by="闻一舟")) == 1
    pass_review(office.session, KEY, by="闻一舟")
    office.hands.turn(minutes=31)
    with pytest.raises(IssueIsNotReady, match="30 minutes have passed"):
        pull_back(office.session, KEY, by="闻一舟")


def test_a_story_that_its_source_changes_after_locking_does_not_change_the_issue(
    office: Office,
) -> None:
    locked(office)
    for name in ("闻一舟", "郝一诺", "孟舟"):
        pass_review(office.session, KEY, by=name)
    signed(office)
    office.put([a_story("甲", body="来源后来改了正文，改成了另外的说法。")])
    issue = office.session.issues().get(KEY)
    with office.session.read() as store:
        assert "126名党员" in texts_of(store, office.session.book(), issue)[ONE].body


def test_an_issue_that_is_opened_again_has_the_stories_of_today(office: Office) -> None:
    locked(office)
    office.put([a_story("甲", body="来源改过的正文，村里有了新的说法。")])
    assert [one.kind for one in found(office)] == ["changed"]
    issue = return_review(office.session, KEY, by="郝一诺", remark="来源有改动")
    with office.session.read() as store:
        assert "新的说法" in texts_of(store, office.session.book(), issue)[ONE].body
    assert found(office) == []


# --- findings ---


def test_an_open_finding_stands_in_the_way_until_it_is_mended_or_accepted(office: Office) -> None:
    issues = office.session.issues()
    issues.edit(KEY, ONE, text="11月18日，162名党员清理了村道。")
    with pytest.raises(FindingsAreOpen, match="162名") as raised:
        locked(office)
    (one,) = raised.value.findings
    text = issues.get(KEY).items[0].text
    assert (one.field, text[one.start : one.end]) == ("text", "162名")
    with pytest.raises(ItemIsWrong, match="needs a reason"):
        locked(office, {one.key: " "})
    with pytest.raises(ItemIsWrong, match="no finding"):
        locked(office, {"0" * 12: "不存在"})
    issue = locked(office, {one.key: "县里电话核实为162名"})
    assert issue.acknowledged[0].why == "县里电话核实为162名"
    assert [one.open for one in found(office)] == [False]


def test_an_acknowledgement_ends_with_the_words_it_was_for(office: Office) -> None:
    issues = office.session.issues()
    issues.edit(KEY, ONE, text="162名党员清理了村道。")
    locked(office, {one.key: "核实过" for one in found(office)})
    issues.unlock(KEY)
    issues.edit(KEY, ONE, text="今天，162名党员清理了村道。")
    assert not [one for one in found(office) if one.open]
    issues.edit(KEY, ONE, text="今天，163名党员清理了村道。")
    assert [one.words for one in found(office) if one.open] == ["163名"]


def whole(office: Office) -> list[tuple[str, str]]:
    return [(one.kind, one.severity) for one in found(office) if one.field in ("item", "issue")]


def _withdraw(office: Office) -> None:
    withdraw(office.session, ONE, why="来源要求", by="孟舟")


def _licence(text: str) -> Callable[[Office], None]:
    def write(office: Office) -> None:
        (office.root / "rights.toml").write_text(
            f'[[source]]\nname = "太行晚报样刊"\n{text}\n', encoding="utf-8"
        )
        if "excerpt" in text or "facts" in text:
            office.session.issues().edit(KEY, ONE, text="党员清理了村道。" * 20)
            office.session.issues().drop(KEY, story_id("乙"))

    return write


def _put(**facts: object) -> Callable[[Office], None]:
    return lambda office: office.put([a_story("甲", **facts)])  # type: ignore[arg-type]


def _earlier(office: Office) -> None:
    office.put([a_story("甲旧", day=date(2026, 11, 10))])
    office.fold({story_id("甲旧"): ONE})
    office.issue(
        story_id("甲旧"), number=1, dated=date(2026, 11, 15), week="2026-W46", supplement=True
    )


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda _: None, []),
        (_withdraw, [("withdrawn", "stop")]),
        (_put(day=date(2026, 11, 10)), [("date", "ask")]),
        (_put(day=None), [("date", "ask")]),
        (_put(source=""), [("source", "ask")]),
        (_put(relevant=False), [("relevance", "note")]),
        (_earlier, [("repeat", "ask")]),
        (_licence('rights = "none"'), [("rights", "stop"), ("rights", "stop")]),
        (_licence('rights = "excerpt"'), [("rights", "ask")]),
        (_licence('rights = "facts"'), [("rights", "ask")]),
        (
            _licence('rights = "full"\nlicence = "第3号"\nuntil = 2026-11-21'),
            [("rights", "ask"), ("rights", "ask")],
        ),
        (_licence('rights = "full"\nlicence = "第3号"\nuntil = 2026-11-22'), []),
    ],
)
def test_what_concerns_a_story_as_a_whole_is_found(
    office: Office, happens: Callable[[Office], None], expected: list[tuple[str, str]]
) -> None:
    happens(office)
    assert whole(office) == expected


def test_a_story_withdrawn_in_an_open_issue_cannot_be_accepted(office: Office) -> None:
    withdraw(office.session, ONE, why="来源要求", by="孟舟")
    (one,) = [one for one in found(office) if one.severity == "stop"]
    with pytest.raises(ItemIsWrong, match="cannot stand"):
        locked(office, {one.key: "还是想登"})


def test_a_story_withdrawn_after_the_reviews_stops_the_signature(office: Office) -> None:
    locked(office)
    for name in ("闻一舟", "郝一诺", "孟舟"):
        pass_review(office.session, KEY, by=name)
    withdraw(office.session, ONE, why="来源要求", by="孟舟")
    with pytest.raises(FindingsAreOpen, match="withdrawn"):
        signed(office)


def test_a_story_that_left_the_store_is_said(office: Office) -> None:
    issues = office.session.issues()
    path = issues.path(KEY)
    path.write_text(path.read_text(encoding="utf-8").replace(ONE, "0" * 12), encoding="utf-8")
    assert ("missing", "stop") in whole(office)


# --- the trail ---


def story_of_an_issue(office: Office) -> None:
    issues = office.session.issues()
    issues.edit(KEY, ONE, text="11月18日，120名党员清理了村道。", by="闻一舟")
    locked(office, {one.key: "=核实过" for one in found(office)})
    pass_review(office.session, KEY, by="闻一舟")
    office.hands.turn(minutes=5)
    return_review(office.session, KEY, by="郝一诺", remark="数字再核")
    issues.edit(KEY, ONE, text="11月18日，126名党员清理了村道。", by="闻一舟")
    locked(office)
    for name in ("闻一舟", "郝一诺", "孟舟"):
        office.hands.turn(minutes=5)
        pass_review(office.session, KEY, by=name)
    signed(office)
    office.hands.turn(days=1)
    correct(office.session, KEY, text="应为127名", by="闻一舟", story=ONE)


def test_the_trail_tells_who_when_and_what_changed_by_sentence(office: Office) -> None:
    story_of_an_issue(office)
    told = steps(office)
    assert [step.what for step in told] == [
        "新建",
        "改稿",
        "锁定送审",
        "一审通过",
        "二审退回",
        "改稿",
        "锁定送审",
        "一审通过",
        "二审通过",
        "三审通过",
        "签发（孟舟）",
        "更正",
    ]
    assert told[4].remark == "数字再核"
    assert "=核实过" in told[2].remark
    assert told[-1].remark == "应为127名"
    assert told[-1].at - told[0].at > timedelta(days=1)
    (first,) = told[1].edits
    assert [(part.kind, part.before, part.after) for part in first.parts][:1] == [
        ("changed", "11月18日，126名党员清理了村道。", "11月18日，120名党员清理了村道。")
    ]
    (second,) = told[5].edits
    assert second.parts[0].before == "11月18日，120名党员清理了村道。"


def test_the_trail_is_exported_without_a_formula(office: Office) -> None:
    story_of_an_issue(office)
    rows = list(csv.reader(io.StringIO(trail_csv(steps(office)).removeprefix("\ufeff"))))
    assert rows[0][:4] == ["时间", "人员", "事项", "意见或理由"]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_trail_as_markdown_is_no_markup_of_the_web(office: Office) -> None:
    office.session.issues().edit(KEY, ONE, headline="<b>党员</b> [链接](x) **重点**", by="闻一舟")
    text = trail_markdown(office.session.issues().get(KEY), steps(office))
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "\\*\\*重点" in text
    assert text.startswith("# 2026年第1期 审稿记录\n")


def test_a_change_by_hand_stands_in_the_trail(office: Office) -> None:
    path = office.session.issues().path(KEY)
    path.write_text(
        path.read_text(encoding="utf-8").replace('note = ""', 'note = "手改"', 1), encoding="utf-8"
    )
    office.session.issues().edit(KEY, ONE, headline="改", by="闻一舟")
    assert [step.what for step in steps(office)] == ["新建", "直接改文件", "改稿"]


# --- corrections ---


@pytest.mark.parametrize(("story", "text"), [("0" * 12, "应为"), (ONE, "  ")])
def test_a_correction_is_about_a_story_of_the_issue_and_says_something(
    office: Office, story: str, text: str
) -> None:
    with pytest.raises(ItemIsWrong):
        correct(office.session, KEY, text=text, by="闻一舟", story=story)


# --- the command line ---


def test_the_whole_way_on_the_command_line(office: Office, jianbao: Jianbao) -> None:
    jianbao("issue", "edit", 1, ONE, "--headline", "162名党员清雪", cwd=office.root)
    checked = jianbao("issue", "check", 1)
    assert checked.code == 1
    assert "162名" in checked.out
    key = json.loads(jianbao("issue", "check", 1, "--json").out.splitlines()[0])["key"]
    refused = jianbao("issue", "lock", 1, "--by", "闻一舟")
    assert refused.code == 3
    assert "JB-436" in refused.err
    assert key in refused.out
    done = jianbao("issue", "lock", 1, "--by", "闻一舟", "--accept", f"{key}=电话核实")
    assert done.code == 0, done.err
    returned = jianbao("issue", "review", 1, "--by", "郝一诺", "--return", "--remark", "再核")
    assert "it can be edited" in returned.out
    jianbao("issue", "edit", 1, ONE, "--headline", "")
    assert jianbao("issue", "lock", 1, "--by", "闻一舟").code == 0
    for name in ("闻一舟", "郝一诺", "孟舟"):
        assert jianbao("issue", "review", 1, "--by", name).code == 0
    back = jianbao("issue", "review", 1, "--by", "孟舟", "--pull-back")
    assert "review 3 comes next" in back.out
    jianbao("issue", "review", 1, "--by", "孟舟")
    assert "is signed" in jianbao("issue", "sign", 1, "--by", "孟舟").out
    assert jianbao("issue", "unlock", 1).code == 3
    assert (
        jianbao("issue", "correct", 1, "--by", "闻一舟", "--story", ONE, "--text", "应为127名").code
        == 0
    )
    assert "应为127名" in jianbao("issue", "trail", 1).out
    assert jianbao("issue", "trail", 1, "--export", office.root / "trail.md").code == 0
    assert "审稿记录" in (office.root / "trail.md").read_text(encoding="utf-8")
    record = json.loads(jianbao("issue", "stats", 1, "--json").out)
    assert record["actions"] >= 8
    assert record["by_action"]["review"] >= 4
