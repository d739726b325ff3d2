"""The editor's work, form by form: what a click does, and what is said when it cannot be done."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.desk.tray import decisions
from jianbao.index.store import Store

from .conftest import WEEK, Desk, Post, clock, sample_stories

KEY = "2026-1"
PAGE = """文水县：小院里的党员议事会

文水县凤城镇某村的小院里，村党支部书记梁又春把七名党员请到一起，商量怎样修好村口的路。

大家你一言我一语，定下了谁出工、谁出料，二十天后路就通了。

□ 本报记者 柳青禾

交城县：夜校开到了果园里

交城县夏家营镇的果园里，镇党委办起了夜校，党员技术员宋知秋教大家剪枝。

三个月里，夜校开了十二课，来听的人一次比一次多。
"""


def new_issue(post: Post, count: int = 3) -> list[str]:
    made = post("/issue", follow=False, number="1", week=WEEK, dated="2026-11-22")
    assert made.status_code == 303
    ids = [story.id for story in sample_stories()[:count]]
    for one in ids:
        chosen = post("/tray", follow=False, story=one, issue=KEY, act="choose")
        assert chosen.status_code == 303
    return ids


def base_in(page: str) -> str:
    return re.findall(r'name="base" value="(\w+)"', page)[0]


def test_the_tray_shows_sixty_candidates_with_counts_reasons_and_reprints(desk: Desk) -> None:
    with desk.client() as client:
        page = client.get("/tray").text
        rows = re.findall(r'<li class="cand[^"]*" id="c-(\w{12})"', page)
        assert len(rows) >= 60
        assert len(rows) == len(set(rows))
        assert "转载1：汾河转载报" in page, "a copy stands with its first story"
        assert len(re.findall(r'<p class="reason"><span>\d+ 分：', page)) == len(rows)
        counties = dict(
            re.findall(r'place=(\d{6})[^"]*"[^>]*><span>[^<]+</span><b>(\d+)</b>', page)
        )
        code, count = next((c, n) for c, n in counties.items() if not c.endswith("00"))
        narrowed = client.get(f"/tray?place={code}").text
        assert len(re.findall(r'id="c-\w{12}"', narrowed)) == int(count)
        assert client.get("/tray?week=2026-W40").status_code == 200
        assert "这一周还没有稿件" in client.get("/tray?week=2026-W40").text
        assert client.get("/tray?week=2026-W99").status_code == 422
        assert "JB-101" in client.get("/tray?week=drop").text


def test_choose_hold_and_reject_are_remembered_and_taken_back(desk: Desk, post: Post) -> None:
    ids = new_issue(post)
    book = desk.session.book()
    assert [item.story for item in desk.session.issues().get(KEY).items] == ids
    assert all(item.section for item in desk.session.issues().get(KEY).items)
    held, rejected = (story.id for story in sample_stories()[5:7])
    assert "已留用" in post("/tray", story=held, issue=KEY, act="hold").text
    assert (
        "已标为不用"
        in post("/tray", story=rejected, issue=KEY, act="reject", because="时效已过").text
    )
    assert {one: d.state for one, d in decisions(book).items()} == {
        held: "held",
        rejected: "rejected",
    }
    assert decisions(book)[rejected].why == "时效已过"
    with desk.client() as client:
        assert f'id="c-{held}"' not in client.get("/tray").text
        assert "不用：时效已过" in client.get("/tray?state=rejected").text
    post("/tray", story=rejected, issue=KEY, act="release")
    post("/tray", story=ids[0], issue=KEY, act="drop")
    assert list(decisions(book)) == [held]
    assert [item.story for item in desk.session.issues().get(KEY).items] == ids[1:]
    again = post("/tray", story=ids[1], issue=KEY, act="choose")
    assert again.status_code == 409
    assert "JB-423" in again.text


def test_the_proposal_enters_when_asked_and_only_then(desk: Desk, post: Post) -> None:
    post("/issue", number="1", week=WEEK, dated="2026-11-22")
    with desk.client() as client:
        page = client.get("/tray").text
    offered = re.findall(
        r'name="story" value="(\w{12})">',
        page.partition('action="/tray/all"')[2].partition("</form>")[0],
    )
    assert len(offered) == 12
    assert desk.session.issues().get(KEY).items == ()
    client = desk.client()
    answer = client.post(
        "/tray/all",
        data={"token": desk.keys.form, "issue": KEY, "story": offered},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert {item.story for item in desk.session.issues().get(KEY).items} == set(offered)


def test_one_click_corrects_county_and_theme_and_one_takes_it_back(desk: Desk, post: Post) -> None:
    story = sample_stories()[0].id

    def about() -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        with desk.session.read() as store:
            found = store.annotation(story)
        assert found is not None
        return found.counties, found.themes, found.relevant

    before = about()
    assert "已更正标引" in post(f"/story/{story}/correct", set="county:140221").text
    assert about()[0] == ("140221",)
    post(f"/story/{story}/correct", set="theme:talent")
    assert about()[1][0] == "talent"
    post(f"/story/{story}/correct", county="文水县、交城县")
    assert about()[0] == ("141121", "141122")
    post(f"/story/{story}/correct", set="relevant:no")
    assert not about()[2]
    assert "已撤回更正" in post(f"/story/{story}/correct", undo="1").text
    assert about() == before
    for fields in ({"county": "没有这个县"}, {"set": "theme:nonsense"}, {"set": "county:城区"}, {}):
        assert post(f"/story/{story}/correct", **fields).status_code == 400
    assert about() == before


def test_a_page_is_pasted_looked_at_mended_and_taken(desk: Desk, post: Post) -> None:
    shown = post("/import", text=PAGE, source="汾河晚报", day="2026-11-19", page="2", rights="full")
    assert shown.status_code == 200
    assert "拆成 2 篇" in shown.text
    page = re.findall(r"/import/(\w{8})/mend", shown.text)[0]
    with desk.session.read() as store:
        assert not [one for one in store.stories() if one.source == "汾河晚报"], (
            "looked at, not taken"
        )
    merge = re.findall(r'value="(merge:\d+:\d+)"', shown.text)[0]
    merged = post(f"/import/{page}/mend", edit=merge)
    assert "拆成 1 篇" in merged.text
    assert "拆成 2 篇" in post(f"/import/{page}/undo").text
    aside = re.findall(r'value="(aside:\d+:\d+)"', shown.text)[-1]
    assert "搁置 1 段" in post(f"/import/{page}/mend", edit=aside).text
    post(f"/import/{page}/undo")
    assert "已收入稿库" in post(f"/import/{page}/take").text
    with desk.session.read() as store:
        taken = [one for one in store.stories() if one.source == "汾河晚报"]
    assert {one.headline for one in taken} == {
        "文水县：小院里的党员议事会",
        "交城县：夜校开到了果园里",
    }
    with desk.client() as client:
        assert "小院里的党员议事会" in client.get("/tray").text
        assert "小院里的" in client.get("/search?q=议事会").text
    split = post(f"/import/{page}/mend", edit=merge)
    assert "拆成 1 篇" in split.text
    with desk.session.read() as store:
        assert len([one for one in store.stories() if one.source == "汾河晚报"]) == 1
    for edit in ("split:9999", "merge:1:x", "assign:1", "drop table", "aside:0:0:0:0", "split:-1"):
        refused = post(f"/import/{page}/mend", edit=edit)
        assert refused.status_code in (400, 422), edit
        assert "JB-" in refused.text


def test_an_import_that_cannot_be_taken_keeps_what_was_pasted(desk: Desk, post: Post) -> None:
    with Store.open(desk.folder / "data" / "jianbao.db", clock=clock, writer="crawl"):
        busy = post("/import", text=PAGE, source="汾河晚报")
    assert busy.status_code == 422
    assert "JB-112" in busy.text or "JB-11" in busy.text
    assert "小院里的党员议事会" in busy.text
    assert 'value="汾河晚报"' in busy.text
    late = post("/import", text=PAGE, day="昨天")
    assert "请写成 2026-11-22" in late.text
    assert "小院里的党员议事会" in late.text


def test_choosing_and_editing_go_on_while_a_crawl_holds_the_store(desk: Desk, post: Post) -> None:
    ids = new_issue(post, 1)
    with Store.open(desk.folder / "data" / "jianbao.db", clock=clock, writer="crawl"):
        assert (
            post("/tray", story=sample_stories()[3].id, issue=KEY, act="choose").status_code == 200
        )
        assert post("/tray", story=sample_stories()[4].id, issue=KEY, act="hold").status_code == 200
        with desk.client() as client:
            base = base_in(client.get(f"/issue/{KEY}/edit/{ids[0]}").text)
        saved = post(f"/issue/{KEY}/edit/{ids[0]}", base=base, headline="采集时也能改")
        assert saved.status_code == 200
        assert "采集时也能改" in saved.text


def test_the_file_holds_only_what_the_editor_changed(desk: Desk, post: Post) -> None:
    ids = new_issue(post, 1)
    story = sample_stories()[0]
    with desk.client() as client:
        base = base_in(client.get(f"/issue/{KEY}/edit/{ids[0]}").text)
    own = {
        "headline": story.headline,
        "deck": story.deck,
        "text": story.body,
        "section": "领域党建",
    }
    post(f"/issue/{KEY}/edit/{ids[0]}", base=base, **own)
    item = desk.session.issues().get(KEY).items[0]
    assert (item.headline, item.deck, item.text, item.section) == ("", "", "", "领域党建")


def test_a_hand_broken_issue_file_is_told_with_its_line_and_mended(desk: Desk, post: Post) -> None:
    new_issue(post, 2)
    path = next((desk.folder / "issues").glob("2026-*.toml"))
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace('week = "2026-W47"', "week = 2026-W47"), encoding="utf-8")
    with desk.client() as client:
        for address in ("/tray", f"/issue/{KEY}", f"/issue/{KEY}/check"):
            told = client.get(address)
            assert told.status_code == 422
            assert "JB-102" in told.text
            assert re.search(r"2026-001\.toml:\d+", told.text)
            assert f'action="/issue/{KEY}/undo"' in told.text
    mended = post(f"/issue/{KEY}/undo")
    assert mended.status_code == 200
    assert desk.session.issues().get(KEY).week == WEEK


def test_the_order_by_buttons_and_by_number(desk: Desk, post: Post) -> None:
    ids = new_issue(post, 4)
    order = lambda: [item.story for item in desk.session.issues().get(KEY).items]  # noqa: E731
    post(f"/issue/{KEY}/order", story=ids[2], act="up")
    assert order() == [ids[0], ids[2], ids[1], ids[3]]
    post(f"/issue/{KEY}/order", story=ids[0], act="up")
    assert order() == [ids[0], ids[2], ids[1], ids[3]], "the first stays the first"
    post(f"/issue/{KEY}/order", story=ids[3], act="place", place="1")
    assert order() == [ids[3], ids[0], ids[2], ids[1]]
    post(f"/issue/{KEY}/undo")
    post(f"/issue/{KEY}/redo")
    assert order() == [ids[3], ids[0], ids[2], ids[1]]
    post(f"/issue/{KEY}/order", act="reorder", ids=" ".join(ids))
    assert order() == ids
    stale = post(f"/issue/{KEY}/order", act="reorder", ids=" ".join(ids[:3]))
    assert stale.status_code == 409
    assert order() == ids
    post(f"/issue/{KEY}/order", story=ids[1], act="section", section="领域党建")
    post(f"/issue/{KEY}/order", story=ids[1], act="drop")
    assert ids[1] not in order()


def test_three_reviews_and_a_signature_and_then_nothing_changes(desk: Desk, post: Post) -> None:
    ids = new_issue(post, 2)
    assert "没有填写" in post(f"/issue/{KEY}/lock", by="").text
    locked = post(f"/issue/{KEY}/lock", **{"by": "郝一诺", "why-all": "已核对原文，无误"})
    assert locked.status_code == 200, locked.text
    assert desk.session.issues().get(KEY).state == "locked"
    refused = post(f"/issue/{KEY}/order", story=ids[0], act="drop")
    assert refused.status_code == 409
    assert "JB-422" in refused.text
    early = post(f"/issue/{KEY}/sign", by="郭远山")
    assert early.status_code == 409
    assert "一审" in early.text
    assert post(f"/issue/{KEY}/review", act="return", by="柳青禾", remark="").status_code == 400
    assert (
        "重新打开"
        in post(f"/issue/{KEY}/review", act="return", by="柳青禾", remark="标题太长").text
    )
    assert desk.session.issues().get(KEY).state == "open"
    post(f"/issue/{KEY}/lock", **{"by": "郝一诺", "why-all": "已核对原文，无误"})
    for name in ("柳青禾", "宋知秋", "郭远山"):
        assert post(f"/issue/{KEY}/review", act="pass", by=name).status_code == 200
    post(f"/issue/{KEY}/review", act="pull", by="郭远山")
    assert len(desk.session.issues().get(KEY).standing()) == 2
    post(f"/issue/{KEY}/review", act="pass", by="郭远山")
    assert "已签发" in post(f"/issue/{KEY}/sign", by="郭远山").text
    signed = desk.session.issues().get(KEY)
    assert (signed.state, signed.signed_by) == ("signed", "郭远山")
    for path, fields in (
        ("order", {"story": ids[0], "act": "drop"}), (f"edit/{ids[0]}", {"base": "x", "headline": "y"}),
        ("facts", {"base": "x", "note": "y", "dated": "2026-11-22"}), ("undo", {}), ("unlock", {}),
    ):  # fmt: skip
        assert post(f"/issue/{KEY}/{path}", **fields).status_code == 409, path
    assert desk.session.issues().get(KEY) == signed
    corrected = post(
        f"/issue/{KEY}/correct", text="第一条的日期应为11月17日。", by="郝一诺", story=ids[0]
    )
    assert "第一条的日期应为11月17日。" in corrected.text
    with desk.client() as client:
        csv = client.get(f"/issue/{KEY}/trail/csv")
        assert csv.headers["content-disposition"].startswith("attachment")
        for words in ("一审退回", "标题太长", "二审通过", "签发（郭远山）", "更正"):
            assert words in csv.text


def test_a_withdrawn_story_leaves_and_says_so(desk: Desk, post: Post) -> None:
    ids = new_issue(post, 2)
    post(f"/story/{ids[0]}/withdraw", act="withdraw", why="来源单位要求撤稿", by="郝一诺")
    with desk.client() as client:
        assert "来源单位要求撤稿" in client.get(f"/story/{ids[0]}").text
        assert "已撤回，请移出" in client.get(f"/issue/{KEY}").text
        assert "必须改" in client.get(f"/issue/{KEY}/check").text
    blocked = post(f"/issue/{KEY}/lock", by="郝一诺")
    assert blocked.status_code == 422
    assert "JB-436" in blocked.text
    post(f"/story/{ids[0]}/withdraw", act="restore", why="来源单位恢复", by="郝一诺")
    with desk.client() as client:
        assert "已撤回，请移出" not in client.get(f"/issue/{KEY}").text


def test_actions_are_counted_for_the_issue(desk: Desk, post: Post) -> None:
    from jianbao.desk.effort import effort

    new_issue(post, 3)
    assert effort(desk.session.book(), KEY).total == 4
    with desk.client() as client:
        assert "已用 4 次操作" in client.get(f"/issue/{KEY}").text


@pytest.mark.skipif(
    not hasattr(stat, "UF_HIDDEN") and __import__("os").name == "nt", reason="rights differ"
)
def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_half_written(
    desk: Desk, post: Post
) -> None:
    import os

    if os.geteuid() == 0:
        blocked = desk.folder / "issues" / "2026-001.toml"
        blocked.mkdir(parents=True)  # even root cannot write a file where a folder is
        answer = post("/issue", number="1", week=WEEK, dated="2026-11-22")
        assert answer.status_code >= 400
        assert "JB-" in answer.text
        assert list(blocked.iterdir()) == []
        return
    (desk.folder / "issues").chmod(0o500)
    answer = post("/issue", number="1", week=WEEK, dated="2026-11-22")
    (desk.folder / "issues").chmod(0o700)
    assert answer.status_code >= 400
    assert "JB-4" in answer.text
    assert not list((desk.folder / "issues").glob("*.toml"))


def test_the_matrix_has_every_county_and_the_cause_of_silence(desk: Desk) -> None:
    with desk.client() as client:
        page = client.get("/coverage").text
        assert len(re.findall(r"<tr><th scope=\"row\">", page)) == 117
        assert len(re.findall(r'<tr class="city">', page)) == 11
        silent = client.get("/coverage?only=silent").text
        rows = re.findall(r"<tr><th scope=\"row\">", silent)
        assert 0 < len(rows) < 117
        assert silent.count("没有登记来源") >= len(rows)
        use = client.get("/coverage/use.csv?by=county")
        assert len(use.text.strip().splitlines()) == 117 + 2


def test_an_address_that_leads_nowhere_says_so(steady: Desk) -> None:
    with steady.client() as client:
        for path, code in (
            ("/nowhere", 404),
            ("/story/000000000000", 409),
            ("/issue/2020-9", 409),
            ("/import/zzzz", 409),
        ):
            told = client.get(path)
            assert told.status_code == code, path
            assert "JB-4" in told.text
            assert "没有" in told.text


def test_the_demo_page_of_the_folder_is_split_in_view(steady: Desk, pattern: Path) -> None:
    with steady.client() as client:
        page = re.findall(r'href="/import/(\w{8})"', client.get("/import").text)[0]
        shown = client.get(f"/import/{page}").text
        assert "断栏接合" in shown
        assert "已收入稿库" in shown


def test_the_facts_of_an_issue_save_themselves_and_their_conflict_shows_both(
    desk: Desk, post: Post
) -> None:
    new_issue(post, 1)
    with desk.client() as client:
        base = base_in(client.get(f"/issue/{KEY}").text)
    facts = {
        "note": "我的按语",
        "title": "",
        "editors": "郝一诺、柳青禾",
        "total": "",
        "dated": "2026-11-22",
        "gap": "",
    }
    assert post(f"/issue/{KEY}/facts", base=base, **facts).status_code == 200
    issue = desk.session.issues().get(KEY)
    assert (issue.note, issue.editors) == ("我的按语", ("郝一诺", "柳青禾"))
    both = post(f"/issue/{KEY}/facts", base=base, **(facts | {"note": "另一个按语"}))
    assert both.status_code == 409
    assert "我的按语" in both.text
    assert "另一个按语" in both.text
    assert desk.session.issues().get(KEY).note == "我的按语"
    for wrong in ({"dated": "昨天"}, {"total": "多"}, {"dated": "2025-01-01"}):
        refused = post(f"/issue/{KEY}/facts", base=base_in(both.text), **(facts | wrong))
        assert refused.status_code in (400, 409), wrong


def test_a_fault_of_ours_is_told_as_one_and_shows_no_trace(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("jianbao.desk.web.coverage_view.coverage", broken)
    with desk.client() as client:
        told = client.get("/coverage")
    assert told.status_code == 500
    assert "JB-000" in told.text
    assert "secret detail" not in told.text
    assert told.headers["content-security-policy"]


def test_a_story_that_its_source_changed_or_took_back_is_marked(desk: Desk) -> None:
    story = sample_stories()[0]
    with desk.session.write("test") as store:
        store.take(replace(story, headline="来源改过的标题"), url=story.url)
    with desk.client() as client:
        page = client.get("/tray").text
        row = page.partition(f'id="c-{story.id}"')[2].partition("</li>")[0]
        assert "来源改过的标题" in row
        assert '<span class="tag warn">来源改过</span>' in row
        assert page.count('<span class="tag warn">来源改过</span>') == 1
        assert "此前的文本" in client.get(f"/story/{story.id}").text
