"""The issue: its file is the editor's, its order is kept, and a signed one does not change."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jianbao.desk.book import Book
from jianbao.desk.issue import (
    Change,
    Issue,
    IssueChangedMeanwhile,
    IssueExists,
    IssueIsLocked,
    IssueIsMissing,
    IssueIsNotReady,
    IssueIsSigned,
    Item,
    ItemIsWrong,
    NumberIsWrong,
    SignedIssueWasChanged,
)
from jianbao.desk.issue_text import issue_text, rewritten
from jianbao.desk.issues import Issues
from jianbao.index.tomlfile import FileIsWrong

from .made import START, Hands

KEY = "2026-1"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def issues(tmp_path: Path, hands: Hands) -> Issues:
    made = Issues(tmp_path / "issues", Book(tmp_path / "desk.db"), hands)
    items = tuple(Item(story=one, section="领域党建") for one in ("aaa", "bbb", "ccc"))
    made.create(Issue(number=1, week="2026-W47", dated=date(2026, 11, 22), items=items))
    return made


def order(issues: Issues) -> list[str]:
    return [item.story for item in issues.get(KEY).items]


def sign(issues: Issues, key: str = KEY) -> Issue:
    issues.lock(key, {})
    return issues.sign(key, by="孟舟")


def test_stories_are_added_moved_and_dropped_in_order(issues: Issues) -> None:
    issues.add(KEY, Item(story="ddd"), at=1)
    assert order(issues) == ["ddd", "aaa", "bbb", "ccc"]
    issues.move(KEY, "ddd", 4)
    assert order(issues) == ["aaa", "bbb", "ccc", "ddd"]
    issues.drop(KEY, "bbb")
    assert order(issues) == ["aaa", "ccc", "ddd"]
    issues.reorder(KEY, ["ddd", "aaa", "ccc"])
    assert order(issues) == ["ddd", "aaa", "ccc"]
    for story in ("aaa", "ccc", "ddd"):
        issues.drop(KEY, story)
    assert order(issues) == []
    issues.add_all(KEY, [Item(story="aaa"), Item(story="bbb")])
    issues.add_all(KEY, [Item(story="aaa", headline="不覆盖"), Item(story="ccc")])
    assert order(issues) == ["aaa", "bbb", "ccc"]
    assert issues.get(KEY).items[0].headline == ""


def test_what_the_editor_wrote_into_the_file_survives_every_change(issues: Issues) -> None:
    path = issues.path(KEY)
    text = path.read_text(encoding="utf-8").replace(
        'headline = ""', 'headline = "编者改的标题"  # 与县里核过', 1
    )
    path.write_text(text, encoding="utf-8")
    issues.move(KEY, "aaa", 3)
    issues.edit(KEY, "bbb", text="第一段。\n第二段。")
    issues.set_note(KEY, "编者的话")
    issues.reorder(KEY, ["bbb", "ccc", "aaa"])
    assert issues.get(KEY).items[2].headline == "编者改的标题"
    assert "与县里核过" in path.read_text(encoding="utf-8")


def test_the_file_does_not_grow_blank_lines_by_being_changed(issues: Issues) -> None:
    for _ in range(5):
        issues.move(KEY, "aaa", 3)
        issues.move(KEY, "aaa", 1)
    assert "\n\n\n" not in issues.path(KEY).read_text(encoding="utf-8")


def test_a_text_of_several_lines_stands_as_such_in_the_file(issues: Issues) -> None:
    issues.edit(KEY, "aaa", text="第一段。\n第二段。")
    assert 'text = """\n第一段。\n第二段。"""' in issues.path(KEY).read_text(encoding="utf-8")


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('\n"\\#=[]'),
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(words, words, words), max_size=4), words)
def test_any_text_is_read_as_it_was_written(texts: list[tuple[str, str, str]], note: str) -> None:
    def issue(texts: list[tuple[str, str, str]], note: str) -> Issue:
        items = tuple(
            Item(story=f"s{n}", headline=head, text=text, note=own)
            for n, (head, text, own) in enumerate(texts)
        )
        day = date(2026, 11, 22)
        return Issue(number=1, week="2026-W47", dated=day, items=items, note=note)

    wanted = issue(texts, note)
    empty = issue([("", "", "")] * len(texts), "")
    for text in (issue_text(wanted), rewritten(issue_text(empty), wanted)):
        assert Issue.model_validate(tomllib.loads(text)) == wanted


def test_the_facts_of_an_issue_are_changed_and_its_name_is_not(issues: Issues) -> None:
    issues.set_facts(KEY, title="专题", editors=("闻一舟",), total=300, dated=date(2026, 11, 23))
    issue = issues.get(KEY)
    assert (issue.title, issue.editors, issue.total) == ("专题", ("闻一舟",), 300)
    assert (issue.dated, issue.key) == (date(2026, 11, 23), KEY)
    with pytest.raises(TypeError, match="number"):
        issues.set_facts(KEY, number=9)


@pytest.mark.parametrize(
    "act",
    [
        lambda issues: issues.add(KEY, Item(story="aaa")),
        lambda issues: issues.drop(KEY, "zzz"),
        lambda issues: issues.move(KEY, "zzz", 1),
        lambda issues: issues.move(KEY, "aaa", 0),
        lambda issues: issues.move(KEY, "aaa", 4),
        lambda issues: issues.add(KEY, Item(story="zzz"), at=5),
        lambda issues: issues.reorder(KEY, ["aaa", "bbb"]),
        lambda issues: issues.reorder(KEY, ["aaa", "bbb", "bbb"]),
        lambda issues: issues.edit(KEY, "zzz", headline="没有这篇"),
        lambda issues: issues.set_facts(KEY, dated=date(2027, 1, 2)),
    ],
)
def test_an_impossible_change_is_refused_and_nothing_is_written(
    issues: Issues, act: Callable[[Issues], None]
) -> None:
    before = issues.path(KEY).read_bytes()
    with pytest.raises(ItemIsWrong):
        act(issues)
    assert issues.path(KEY).read_bytes() == before


def test_a_locked_issue_does_not_change_until_it_is_unlocked(issues: Issues) -> None:
    issues.lock(KEY, {"aaa": "1"})
    with pytest.raises(IssueIsLocked):
        issues.drop(KEY, "aaa")
    with pytest.raises(IssueIsLocked):
        issues.undo(KEY)
    issues.unlock(KEY)
    issues.drop(KEY, "aaa")
    assert order(issues) == ["bbb", "ccc"]


def test_an_empty_issue_is_not_locked(issues: Issues) -> None:
    for story in order(issues):
        issues.drop(KEY, story)
    with pytest.raises(IssueIsNotReady, match="holds no story"):
        issues.lock(KEY, {})


@pytest.mark.parametrize(
    "act",
    [
        lambda issues: issues.drop(KEY, "aaa"),
        lambda issues: issues.edit(KEY, "aaa", headline="改"),
        lambda issues: issues.unlock(KEY),
        lambda issues: issues.lock(KEY, {}),
        lambda issues: issues.sign(KEY, by="另一人"),
        lambda issues: issues.undo(KEY),
        lambda issues: issues.set_note(KEY, "改"),
    ],
)
def test_a_signed_issue_never_changes(issues: Issues, act: Callable[[Issues], None]) -> None:
    sign(issues)
    before = issues.path(KEY).read_bytes()
    with pytest.raises(IssueIsSigned):
        act(issues)
    assert issues.path(KEY).read_bytes() == before


def test_what_is_added_to_a_signed_issue_leaves_its_content_alone(
    issues: Issues, hands: Hands
) -> None:
    signed = sign(issues)
    change = Change(at=hands(), kind="correction", story="aaa", text="应为十二户", by="闻一舟")
    after = issues.add_change(KEY, change)
    assert after.digest == signed.digest == after.signed_digest
    assert issues.get(KEY).changes == (change,)


def test_a_signed_file_that_was_changed_by_hand_is_refused_and_put_back(
    issues: Issues, hands: Hands
) -> None:
    sign(issues)
    change = Change(at=hands(), kind="correction", text="应为十二户", by="闻一舟")
    issues.add_change(KEY, change)
    path = issues.path(KEY)
    good = path.read_bytes()
    path.write_bytes(good.replace("领域党建".encode(), "服务与联建".encode(), 1))
    with pytest.raises(SignedIssueWasChanged, match="undo"):
        issues.get(KEY)
    assert issues.undo(KEY).changes == (change,)
    assert path.read_bytes() == good


# --- two desks on one workspace ---


def test_two_desks_never_overwrite_each_other(issues: Issues) -> None:
    seen = issues.get(KEY).version
    first = issues.edit(KEY, "aaa", headline="第一张桌子改的", seen=seen)
    with pytest.raises(IssueChangedMeanwhile):
        issues.edit(KEY, "aaa", headline="第二张桌子改的", seen=seen)
    assert issues.get(KEY).items[0].headline == "第一张桌子改的"
    issues.edit(KEY, "bbb", headline="看过之后再改", seen=first.version)
    assert issues.get(KEY).version != first.version


def test_a_change_by_hand_counts_as_somebody_elses(issues: Issues) -> None:
    seen = issues.get(KEY).version
    path = issues.path(KEY)
    path.write_text(path.read_text(encoding="utf-8") + "\n# 手写\n", encoding="utf-8")
    with pytest.raises(IssueChangedMeanwhile):
        issues.drop(KEY, "aaa", seen=seen)


def test_a_change_that_changes_nothing_is_no_version(issues: Issues) -> None:
    before = len(issues.history.versions(KEY))
    same = issues.edit(KEY, "aaa", headline="")
    assert same.version == issues.get(KEY).version
    assert len(issues.history.versions(KEY)) == before


# --- undo ---


def test_undo_goes_back_step_by_step_and_redo_returns(issues: Issues) -> None:
    issues.drop(KEY, "aaa")
    issues.move(KEY, "bbb", 2)
    issues.edit(KEY, "ccc", headline="改")
    seen = [tuple((one.story, one.headline) for one in issues.get(KEY).items)]
    for _ in range(3):
        issues.undo(KEY)
        seen.append(tuple((one.story, one.headline) for one in issues.get(KEY).items))
    assert order(issues) == ["aaa", "bbb", "ccc"]
    with pytest.raises(IssueIsNotReady, match="nothing to undo"):
        issues.undo(KEY)
    for wanted in reversed(seen[:-1]):
        issues.redo(KEY)
        assert tuple((one.story, one.headline) for one in issues.get(KEY).items) == wanted
    with pytest.raises(IssueIsNotReady, match="nothing to redo"):
        issues.redo(KEY)


def test_a_new_change_ends_what_can_be_redone(issues: Issues) -> None:
    issues.drop(KEY, "aaa")
    issues.undo(KEY)
    issues.drop(KEY, "bbb")
    with pytest.raises(IssueIsNotReady):
        issues.redo(KEY)
    issues.undo(KEY)
    assert order(issues) == ["aaa", "bbb", "ccc"]


def test_saves_of_one_text_within_two_minutes_are_one_step(issues: Issues, hands: Hands) -> None:
    for text in ("党", "党员", "党员带头"):
        hands.turn(seconds=20)
        issues.edit(KEY, "aaa", text=text, by="闻一舟")
    hands.turn(minutes=5)
    issues.edit(KEY, "aaa", text="党员带头清雪", by="闻一舟")
    assert issues.undo(KEY).items[0].text == "党员带头"
    assert issues.undo(KEY).items[0].text == ""


def test_a_change_by_hand_can_be_undone(issues: Issues) -> None:
    path = issues.path(KEY)
    path.write_text(path.read_text(encoding="utf-8").replace("aaa", "zzz"), encoding="utf-8")
    assert issues.undo(KEY).items[0].story == "aaa"
    issues.redo(KEY)
    issues.undo(KEY)
    assert order(issues)[0] == "aaa"


def test_undo_keeps_reviews_and_acknowledgements(issues: Issues, hands: Hands) -> None:
    from jianbao.desk.issue import Review

    issues.edit(KEY, "aaa", headline="改")
    issues.lock(KEY, {})
    digest = issues.get(KEY).digest
    review = Review(
        stage=1, by="郝一诺", at=hands(), decision="returned", remark="再核", digest=digest
    )
    issues.add_review(KEY, review, state="open")
    issues.undo(KEY)
    assert issues.get(KEY).reviews == (review,)


@pytest.mark.parametrize("broken", [b"", b"number = ", b"\xff\xfe\x00", b"number = 1\n"])
def test_a_broken_file_goes_back_to_its_last_good_text(issues: Issues, broken: bytes) -> None:
    issues.edit(KEY, "aaa", headline="最后的好文本")
    good = issues.path(KEY).read_bytes()
    issues.path(KEY).write_bytes(broken)
    with pytest.raises(FileIsWrong):
        issues.get(KEY)
    issues.undo(KEY)
    assert issues.path(KEY).read_bytes() == good


# --- numbers ---


def another(**facts: object) -> Issue:
    return Issue.model_validate({"week": "2026-W48", "dated": date(2026, 11, 29), **facts})


def test_a_number_is_given_once(issues: Issues) -> None:
    with pytest.raises(IssueExists):
        issues.create(another(number=1))
    with pytest.raises(IssueIsMissing):
        issues.get("2026-2")
    with pytest.raises(IssueIsMissing):
        issues.resolve("2")


def test_a_gap_is_refused_unless_it_is_meant(issues: Issues) -> None:
    with pytest.raises(NumberIsWrong, match="follows issue 1"):
        issues.create(another(number=3))
    assert not issues.path("2026-3").exists()
    issues.create(another(number=3, gap="第2期停刊"))
    issues.create(another(number=4))
    assert issues.next_number(2026) == 5


def test_numbers_begin_anew_each_year_and_supplements_count_apart(issues: Issues) -> None:
    issues.create(another(number=1, supplement=True))
    issues.create(another(number=2))
    with pytest.raises(NumberIsWrong):
        issues.create(another(number=3, supplement=True))
    with pytest.raises(NumberIsWrong):
        issues.create(another(number=3, dated=date(2027, 1, 4), week="2027-W01"))
    issues.create(another(number=1, dated=date(2027, 1, 4), week="2027-W01"))
    assert issues.keys() == ["2026-1", "2026-2", "2026-z1", "2027-1"]
    assert issues.resolve("1") == "2027-1"
    assert issues.resolve("2026-1") == "2026-1"
    assert issues.resolve("z1") == issues.resolve("增刊1") == "2026-z1"
    assert issues.get("2026-z1").called == "2026年增刊第1期"


def test_the_first_issue_of_an_office_may_have_any_number(tmp_path: Path) -> None:
    issues = Issues(tmp_path / "issues", Book(tmp_path / "desk.db"), Hands())
    issues.create(another(number=31, total=310))
    assert (issues.next_number(2026), issues.next_total()) == (32, 311)
    with pytest.raises(NumberIsWrong, match="running number 313 follows 310"):
        issues.create(another(number=32, total=313))
    issues.create(another(number=32, total=311))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('story = "bbb"', 'story = "aaa"', "twice"),
        ('week = "2026-W47"', 'week = "2026-W54"', "week"),
        ("number = 1", "number = 0", "number"),
        ("number = 1", "number = 2", r"2026-001.toml:2: .*is called"),
        ('state = "open"', 'state = "opne"', r"2026-001.toml:8: state"),
        ('state = "open"', 'state = "signed"', "who signed"),
        ('note = ""', 'ntoe = ""', r"ntoe"),
        ("dated = 2026-11-22", "dated = 2026-11-32", r":7"),
        ('signed_by = ""', 'signed_by = "孟舟"', "only a signed issue"),
    ],
)
def test_a_hand_broken_file_says_what_is_wrong_and_where(
    issues: Issues, old: str, new: str, says: str
) -> None:
    path = issues.path(KEY)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileIsWrong, match=says):
        issues.get(KEY)


@pytest.mark.parametrize("key", ["", "..", "../../etc", "2026-", "2026-1/../2", "x", "2026-1\n"])
def test_no_key_leads_out_of_the_folder(issues: Issues, key: str) -> None:
    with pytest.raises(IssueIsMissing):
        issues.get(key)


# --- faults ---


def test_a_full_disk_leaves_the_old_file(issues: Issues, monkeypatch: pytest.MonkeyPatch) -> None:
    from jianbao.desk.issue import IssueCannotBeWritten

    before = issues.path(KEY).read_bytes()

    def full(_path: Path, _text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jianbao.desk.issue_edits.write_text", full)
    with pytest.raises(IssueCannotBeWritten, match="No space left"):
        issues.drop(KEY, "aaa")
    monkeypatch.undo()
    assert issues.path(KEY).read_bytes() == before
    assert issues.drop(KEY, "aaa").items[0].story == "bbb"


def test_a_book_that_cannot_be_written_leaves_the_old_file(issues: Issues, tmp_path: Path) -> None:
    from jianbao.desk.book import BookCannotBeUsed

    before = issues.path(KEY).read_bytes()
    book = tmp_path / "desk.db"
    good = book.read_bytes()
    for name in ("desk.db", "desk.db-wal", "desk.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    book.write_bytes(b"damaged, and long enough to be read as a file" * 99)
    with pytest.raises(BookCannotBeUsed):
        issues.drop(KEY, "aaa")
    assert issues.path(KEY).read_bytes() == before
    book.write_bytes(good)
    issues.drop(KEY, "aaa")
    assert order(issues) == ["bbb", "ccc"]


def test_control_characters_of_a_paste_do_not_reach_the_file(issues: Issues) -> None:
    issues.edit(KEY, "aaa", text="第一段\x0b\r\n第二\x00段\ufeff")
    assert issues.get(KEY).items[0].text == "第一段\n第二段"


def test_the_time_of_a_change_is_the_offices(issues: Issues, hands: Hands) -> None:
    hands.turn(hours=1)
    signed = sign(issues)
    assert signed.signed_at == START + timedelta(hours=1)
    assert issues.get(KEY) == signed
