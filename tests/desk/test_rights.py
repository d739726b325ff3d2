"""What a source permits, and what was withdrawn, holds in every output."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from jianbao.desk.policy import load_policy
from jianbao.desk.publishing import shelf_of
from jianbao.desk.withdrawal import (
    AlreadyWithdrawn,
    NotWithdrawn,
    restore,
    withdraw,
    withdrawal_log,
    withdrawn,
)
from jianbao.index.clock import ZONE
from jianbao.index.tomlfile import FileIsWrong
from jianbao.site.build import build_site

from .conftest import Jianbao
from .made import Office, a_story, make_office, story_id

HIDDEN = "渠水漫过第三道石堰"
TAIL = (
    "村民们排成一排传递沙袋，河滩上的马灯亮到后半夜。镇里的食堂蒸了两笼馒头，由值班的年轻人挑到堤上。"
    "雨势在凌晨慢慢小了，石堰下游的豆腐坊保住了三间瓦房。支部当场分工，会开拖拉机的运石料，会木工的钉闸板。"
    "天亮以后，大家沿着渠岸走了一遍，把松动的石头逐个记在本子上。老石匠说，开春前要用白灰重新勾一遍缝。"
)
ONE, COPY, OTHER = story_id("甲"), story_id("甲二"), story_id("乙")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = make_office(tmp_path / "office")
    body = f"党员连夜抢修，{HIDDEN}。" + TAIL
    made.put(
        [
            a_story("甲", body=body),
            a_story("甲二", body=body, source="绵山新报"),
            a_story("乙", county="140431"),
        ]
    )
    made.fold({COPY: ONE})
    return made


def site(office: Office, into: str = "public") -> Path:
    with office.session.read() as store:
        shelf = shelf_of(office.session, store)
    folder = office.root / into
    build_site(shelf, folder, built=datetime(2026, 11, 23, tzinfo=ZONE))
    return folder


def holds(folder: Path, words: str) -> list[str]:
    """Files of a site in which the words can be read, however they are written."""
    escaped = json.dumps(words)[1:-1]
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and (
            words in (text := path.read_text(encoding="utf-8", errors="replace")) or escaped in text
        )
    )


def rights(office: Office, text: str) -> None:
    (office.root / "rights.toml").write_text(text, encoding="utf-8")


def listed(**facts: object) -> str:
    lines = [f"{name} = {value}" for name, value in facts.items()]
    return "[[source]]\n" + "\n".join(lines) + "\n"


PAPER = {"name": '"太行晚报样刊"'}


def test_full_text_with_a_licence_is_shown_and_without_one_it_is_not(office: Office) -> None:
    office.signed(ONE)
    tail = TAIL[-30:]
    shown = holds(site(office), tail)
    assert {name.split("/")[0] for name in shown} >= {"index.html", "issue", "story", "week"}
    rights(office, listed(**PAPER, rights='"excerpt"'))
    assert not holds(site(office), tail)
    rights(office, listed(**PAPER, rights='"facts"'))
    assert not holds(site(office), HIDDEN)
    assert "issue/2026-1.html" in holds(site(office), "甲：党员带头清雪")


def test_a_licence_that_ends_takes_the_body_out_of_every_file(office: Office) -> None:
    office.signed(ONE)
    rights(
        office,
        listed(**PAPER, rights='"full"', licence='"第3号"', until="2026-11-30", then='"facts"'),
    )
    assert holds(site(office), HIDDEN)
    office.hands.turn(days=9)
    assert not holds(site(office), HIDDEN)


def test_the_editors_own_text_is_bound_by_the_rights_too(office: Office) -> None:
    issue = office.issue(ONE)
    office.session.issues().edit(issue.key, ONE, text=f"摘编：{HIDDEN}。")
    rights(office, listed(**PAPER, rights='"facts"'))
    with office.session.read() as store:
        shelf = shelf_of(office.session, store, drafts=[office.session.issues().get(issue.key)])
    build_site(shelf, office.root / "draft", built=datetime(2026, 11, 23, tzinfo=ZONE))
    assert not holds(office.root / "draft", HIDDEN)


def test_a_source_that_permits_nothing_is_shown_nowhere(office: Office) -> None:
    office.signed(ONE)
    rights(office, listed(**PAPER, rights='"none"') + listed(name='"绵山新报"', rights='"none"'))
    folder = site(office)
    assert not holds(folder, HIDDEN)
    assert "本篇已撤回" in (folder / "issue" / "2026-1.html").read_text(encoding="utf-8")


def test_when_the_first_of_a_fold_may_not_be_shown_a_permitted_copy_is(office: Office) -> None:
    rights(office, listed(**PAPER, rights='"none"'))
    with office.session.read() as store:
        shown = {one.story.id for one in shelf_of(office.session, store).stories}
    assert shown == {COPY}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (listed(**PAPER, rights='"all"'), "rights.toml:3: source.0.rights"),
        (listed(**PAPER, rights='"full"'), "licence"),
        (listed(rights='"none"'), "named by its name or by its id"),
        (listed(**PAPER, rights='"none"') * 2, "listed twice"),
        (listed(**PAPER, rights='"none"', untill="2026-11-30"), "untill"),
    ],
)
def test_a_wrong_rights_file_names_its_line(office: Office, text: str, says: str) -> None:
    rights(office, text)
    with pytest.raises(FileIsWrong, match=says):
        load_policy(office.session.workspace())


def test_what_a_workspace_begins_with_changes_nothing(office: Office) -> None:
    story, _ = a_story("甲")
    before = load_policy(office.session.workspace()).ruling(story, date(2026, 11, 22))
    (office.root / "rights.toml").unlink()
    assert load_policy(office.session.workspace()).ruling(story, date(2026, 11, 22)) == before


# --- withdrawal ---


def test_a_withdrawn_story_leaves_every_file_and_its_address_says_so(office: Office) -> None:
    office.signed(ONE, OTHER)
    withdraw(office.session, ONE, why="当事人要求", by="孟舟", headline="甲", copies=[COPY])
    folder = site(office)
    assert not holds(folder, HIDDEN)
    assert not holds(folder, "甲：党员带头清雪")
    # The reader's search packs its texts; a story that is in it is there by its id.
    assert not [name for name in holds(folder, ONE) if name.startswith("search/")]
    assert [name for name in holds(folder, OTHER) if name.startswith("search/")]
    for one in (ONE, COPY):
        tombstone = (folder / "story" / f"{one}.html").read_text(encoding="utf-8")
        assert "当事人要求" in tombstone
        assert "2026年11月22日" in tombstone
    issue = (folder / "issue" / "2026-1.html").read_text(encoding="utf-8")
    assert "本篇已撤回" in issue
    assert "乙：党员带头清雪" in issue


def test_a_withdrawal_becomes_a_change_of_the_signed_issues_that_hold_it(office: Office) -> None:
    signed = office.signed(ONE)
    later = office.issue(OTHER, number=2, dated=date(2026, 11, 29), week="2026-W48")
    withdraw(office.session, ONE, why="当事人要求", by="孟舟")
    issue = office.session.issues().get(signed.key)
    assert [(one.kind, one.story, one.text, one.by) for one in issue.changes] == [
        ("withdrawal", ONE, "当事人要求", "孟舟")
    ]
    assert issue.digest == signed.digest
    assert office.session.issues().get(later.key).changes == ()


def test_a_withdrawal_is_undone_and_the_log_keeps_both(office: Office) -> None:
    office.signed(ONE)
    withdraw(office.session, ONE, why="当事人要求", by="孟舟")
    office.hands.turn(hours=2)
    restore(office.session, ONE, why="核实无误", by="孟舟")
    (entry,) = withdrawal_log(office.session.workspace())
    assert (entry.why, entry.undone_why, entry.holds) == ("当事人要求", "核实无误", False)
    assert withdrawn(office.session.workspace()) == {}
    assert "story/" + ONE + ".html" in holds(site(office), HIDDEN)
    kinds = [one.kind for one in office.session.issues().get("2026-1").changes]
    assert kinds == ["withdrawal", "restoration"]
    withdraw(office.session, ONE, why="再次要求", by="孟舟")
    assert len(withdrawal_log(office.session.workspace())) == 2


def test_a_story_is_withdrawn_once_and_only_then_undone(office: Office) -> None:
    withdraw(office.session, ONE, why="当事人要求", by="孟舟")
    with pytest.raises(AlreadyWithdrawn):
        withdraw(office.session, ONE, why="又一次", by="孟舟")
    with pytest.raises(NotWithdrawn):
        restore(office.session, OTHER, why="误撤", by="孟舟")


def test_a_broken_log_of_withdrawals_stops_the_build(office: Office) -> None:
    withdraw(office.session, ONE, why="当事人要求", by="孟舟")
    path = office.session.workspace().withdrawals_path
    path.write_text(path.read_text(encoding="utf-8").replace("why =", "whv ="), encoding="utf-8")
    with pytest.raises(FileIsWrong, match=r"withdrawals.toml:\d"):
        site(office)


def test_corrections_stand_in_the_issue_and_in_its_feed(office: Office) -> None:
    from jianbao.desk.review import correct

    path = office.root / "jianbao.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('address = ""', 'address = "https://party.example/"'), encoding="utf-8"
    )
    office.signed(ONE, OTHER)
    office.hands.turn(days=3)
    correct(office.session, "2026-1", text="第二段应为二十袋", by="闻一舟", story=ONE)
    correct(office.session, "2026-1", text="目录漏列一篇", by="闻一舟")
    found = holds(site(office), "第二段应为二十袋")
    assert found == ["feed/issues.xml", "index.html", "issue/2026-1.html"]
    feed = (office.root / "public" / "feed" / "issues.xml").read_text(encoding="utf-8")
    assert "目录漏列一篇" in feed
    assert "<updated>2026-11-25T00:00:00+08:00</updated>" in feed


def test_notes_deck_and_editors_are_printed_and_are_no_markup(office: Office) -> None:
    issue = office.issue(ONE, note="本期说修渠。", title="专题", editors=("闻<i>一舟",))
    issues = office.session.issues()
    issues.edit(
        issue.key, ONE, note="<script>按语</script>", deck="副题{{ 7*7 }}", section="<b>栏目"
    )
    with office.session.read() as store:
        shelf = shelf_of(office.session, store, drafts=[issues.get(issue.key)])
    build_site(shelf, office.root / "draft", built=datetime(2026, 11, 23, tzinfo=ZONE))
    page = (office.root / "draft" / "issue" / "2026-1.html").read_text(encoding="utf-8")
    for words in (
        "本期说修渠。",
        "&lt;script&gt;按语",
        "——副题{{ 7*7 }}",
        "&lt;b&gt;栏目",
        "闻&lt;i&gt;一舟",
    ):
        assert words in page
    assert "<script>按语" not in page


def test_a_signed_issue_stays_as_signed_when_a_page_is_split_anew(office: Office) -> None:
    import sqlite3

    office.signed(ONE, OTHER)
    before = site(office, "before")
    db = sqlite3.connect(office.session.workspace().store_path)
    db.execute("DELETE FROM stories WHERE id = ?", (OTHER,))
    db.commit()
    db.close()
    office.put([a_story("甲", body="来源改过的正文，说法不同。" * 10)])
    after = site(office, "after")
    for words in (HIDDEN, "乙：党员带头清雪"):
        assert "issue/2026-1.html" in holds(before, words)
        assert "issue/2026-1.html" in holds(after, words)


# --- the command line ---


def test_withdraw_takes_the_story_out_of_site_and_search_at_once(
    office: Office, jianbao: Jianbao
) -> None:
    assert jianbao("index", cwd=office.root).code == 0
    assert jianbao("build").code == 0
    found = json.loads(jianbao("search", HIDDEN, "--json").out)
    assert found["total"] == 2
    refused = jianbao("withdraw", ONE)
    assert refused.code == 2
    done = jianbao("withdraw", ONE[:8], "--why", "当事人要求", "--by", "孟舟")
    assert done.code == 0, done.err
    assert json.loads(jianbao("search", HIDDEN, "--json").out)["total"] == 0
    assert not holds(office.root / "public", HIDDEN)
    assert "当事人要求" in jianbao("withdraw", "--list").out
    listed = [line for line in jianbao("stories").out.splitlines() if line.startswith(ONE)]
    assert listed[0].endswith("(withdrawn)")
    shown = jianbao("show", ONE).out.splitlines()[0]
    assert shown.startswith("Withdrawn by this office on ")
    assert shown.endswith(", shown nowhere: 当事人要求")
    assert json.loads(jianbao("show", ONE, "--json").out)["withdrawn"] == "当事人要求"
    assert jianbao("withdraw", ONE, "--why", "又").code == 3
    assert jianbao("withdraw", ONE, "--undo", "--why", "核实无误").code == 0
    assert json.loads(jianbao("search", HIDDEN, "--json").out)["total"] == 1


def test_only_this_leaves_copies_where_they_are(office: Office, jianbao: Jianbao) -> None:
    jianbao("index", cwd=office.root)
    done = jianbao("withdraw", ONE, "--why", "本报要求", "--only-this")
    assert "stay" in done.out, done.err
    assert set(withdrawn(office.session.workspace())) == {ONE}
