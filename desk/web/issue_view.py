"""The issue 本期: its order, its facts, and what was changed last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from ...index.clock import week_range
from ...index.story import Story
from ..effort import effort
from ..frozen import texts_of
from ..issue import Issue, Item
from ..withdrawal import withdrawn
from .ask import Ask, wrong
from .current import (
    Next,
    all_issues,
    count,
    editor,
    in_hand,
    issue_facts,
    remember_editor,
    section_names,
)

FACTS: Final = {
    "title": "本期题目",
    "note": "编者按",
    "editors": "编辑",
    "total": "总期号",
    "dated": "日期",
    "gap": "跳号原因",
}
NOTE_CHARACTERS: Final = 2_000
MOVES: Final = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the issue with its story, which is ``None`` when it is gone."""

    place: int
    item: Item
    story: Story | None
    headline: str
    edited: bool
    withdrawn: bool
    starts: bool
    """Whether a new section begins with it."""


def home(ask: Ask) -> Response:
    """The issue in hand; without one, how to begin it; and all issues."""
    issues = all_issues(ask.room)
    now = in_hand(issues)
    if now and not ask.query("all"):
        return ask.go(f"/issue/{now.key}")
    shelf = ask.room.session.issues()
    new = {
        "number": shelf.next_number(ask.room.today().year), "total": shelf.next_total(),
        "dated": ask.room.today().isoformat(), "week": ask.room.week(), "first": not issues,
    }  # fmt: skip
    efforts = {one.key: effort(ask.room.session.book(), one.key) for one in issues}
    return ask.page(
        "issues.html", issues=issues[::-1], new=None if now else new, efforts=efforts,
        **issue_facts(ask, None, "", None),
    )  # fmt: skip


def create(ask: Ask) -> Response:
    """A new, empty issue."""
    session = ask.room.session
    number, total = ask.first("number").strip(), ask.first("total").strip() or "0"
    if not number.isdecimal() or not total.isdecimal() or len(number + total) > 9:
        raise wrong("number", "期号", "not a number", "请填写数字")
    week = ask.line("week", "选稿的周")
    issue = Issue(
        number=int(number), total=int(total), week=_week(week), dated=_day(ask.first("dated")),
        supplement=ask.first("supplement") == "1", gap=ask.line("gap", "跳号原因"),
        editors=(editor(ask),) if editor(ask) else (),
    )  # fmt: skip
    made = session.issues().create(issue, by=editor(ask))
    count(ask, made.key, "new")
    return ask.go(f"/tray?issue={made.key}", said="created")


def _week(week: str) -> str:
    week_range(week)
    return week


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise wrong("dated", "日期", "not a day", "请写成 2026-11-22") from None


def show(ask: Ask) -> Response:
    """The order of the issue and its facts."""
    issue = get(ask)
    lines = lines_of(ask, issue)
    first = issue.items[0].story if issue.items else ""
    then = (
        Next("去审签 →", f"/issue/{issue.key}/review") if issue.state == "locked"
        else Next("去导出 →", f"/issue/{issue.key}/export") if issue.state == "signed"
        else Next("排好了，去编辑 →", f"/issue/{issue.key}/edit/{first}") if first
        else Next("去选稿 →", f"/tray?issue={issue.key}")
    )  # fmt: skip
    facts: dict[str, Any] = {
        "lines": lines, "base": base_of_facts(issue), "effort": effort(ask.room.session.book(), issue.key),
        "sections": section_names(ask.room), "others": all_issues(ask.room)[::-1],
        "characters": sum(len(one.item.text or (one.story.body if one.story else "")) for one in lines),
    }  # fmt: skip
    return ask.page("issue.html", **facts, **issue_facts(ask, issue, "order", then))


def get(ask: Ask) -> Issue:
    """The issue of the address."""
    issues = ask.room.session.issues()
    return issues.get(issues.resolve(ask.word("key")))


def lines_of(ask: Ask, issue: Issue) -> list[Line]:
    """The issue's items with their stories, as locked or as they are now."""
    session = ask.room.session
    with ask.room.read() as store:
        stories = texts_of(store, session.book(), issue) if store else {}
    gone = withdrawn(ask.room.workspace())
    found: list[Line] = []
    for place, item in enumerate(issue.items, 1):
        story = stories.get(item.story)
        headline = item.headline or (story.headline if story else "") or "（无标题）"
        edited = bool(item.headline or item.deck or item.text)
        starts = bool(item.section) and (
            place == 1 or issue.items[place - 2].section != item.section
        )
        found.append(Line(place, item, story, headline, edited, item.story in gone, starts))
    return found


def arrange(ask: Ask) -> Response:
    """Moves, drops, sorts, or gives a section to an item; by button, key or drag alike."""
    issues, key = ask.room.session.issues(), ask.word("key")
    act, story, by = ask.first("act"), ask.first("story"), editor(ask)
    said = "moved"
    if act in MOVES:
        _step(ask, key, story, MOVES[act])
    elif act == "place":
        to = ask.first("place").strip()
        if not to.isdecimal() or len(to) > 4:
            raise wrong("place", "位置", "not a number", "请填写数字")
        issues.move(key, story, int(to), by=by)
    elif act == "reorder":
        issues.reorder(key, ask.first("ids").split(), by=by)
    elif act == "drop":
        issues.drop(key, story, by=by)
        said = "dropped"
    elif act == "section":
        issues.edit(key, story, section=ask.line("section", "栏目"), by=by)
    elif act == "group":
        _group(ask, key)
    else:
        raise wrong("act", "操作", "unknown", "无法识别的操作")
    count(ask, key, act)
    return ask.back(f"/issue/{key}", said=said, about=story)


def _step(ask: Ask, key: str, story: str, by: int) -> None:
    """One place up or down; at an end it stays where it is."""
    issues = ask.room.session.issues()
    issue = issues.get(key)
    places = [item.story for item in issue.items]
    if story not in places:
        issues.move(key, story, 1)  # says that it does not stand in the issue
    to = places.index(story) + 1 + by
    if 1 <= to <= len(places):
        issues.move(key, story, to, by=editor(ask), seen=issue.version)


def _group(ask: Ask, key: str) -> None:
    """Items of one section stand together, the sections in the order of their first item."""
    issues = ask.room.session.issues()
    issue = issues.get(key)
    order = list(dict.fromkeys(item.section for item in issue.items))
    ids = [item.story for name in order for item in issue.items if item.section == name]
    issues.reorder(key, ids, by=editor(ask), seen=issue.version)


def base_of_facts(issue: Issue) -> str:
    """Stands for the facts as they were shown: a form that was filled over others is a conflict."""
    told = "\x1f".join(str(getattr(issue, name)) for name in FACTS)
    return hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]


def set_facts(ask: Ask) -> Response:
    """Title, 编者按, editors, 总期, date; saved on each pause in typing."""
    issues, key = ask.room.session.issues(), ask.word("key")
    total = ask.first("total").strip() or "0"
    if not total.isdecimal() or len(total) > 6:
        raise wrong("total", "总期号", "not a number", "请填写数字")
    names = ask.line("editors", "编辑").replace("，", "、").replace(" ", "、").split("、")
    given = {
        "title": ask.line("title", "本期题目"), "note": ask.text("note", "编者按", NOTE_CHARACTERS),
        "editors": tuple(one for one in names if one), "total": int(total), "dated": _day(ask.first("dated")),
        "gap": ask.line("gap", "跳号原因"),
    }  # fmt: skip
    issue = issues.get(key)
    current = {name: getattr(issue, name) for name in FACTS}
    if current != given and ask.first("base") != base_of_facts(issue):
        return _facts_conflict(ask, issue, given)
    issue = issues.set_facts(key, by=editor(ask), seen=issue.version, **given)
    count(ask, key, "facts")
    name = given["editors"][0] if given["editors"] else ""
    if ask.quiet:
        return remember_editor(
            ask.data({"base": base_of_facts(issue), "words": saved_words(ask)}), name
        )
    return remember_editor(ask.go(f"/issue/{key}", said="saved"), name)


def _facts_conflict(ask: Ask, issue: Issue, given: dict[str, Any]) -> Response:
    pairs = [
        (name, FACTS[name], told(given[name]), told(getattr(issue, name)))
        for name in FACTS
        if given[name] != getattr(issue, name)
    ]
    kept = [(name, told(given[name])) for name in FACTS if given[name] == getattr(issue, name)]
    return conflict(
        ask,
        issue,
        f"/issue/{issue.key}/facts",
        f"/issue/{issue.key}",
        base_of_facts(issue),
        pairs,
        kept,
    )


def told(value: object) -> str:
    """A fact as a form holds it."""
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return "" if value == 0 else str(value)


def conflict(
    ask: Ask, issue: Issue, action: str, back: str, base: str,
    pairs: list[tuple[str, str, str, str]], kept: list[tuple[str, str]],
) -> Response:  # fmt: skip
    """Two people changed one place: both texts side by side; nothing is saved or lost until one decides."""
    answer = ask.page(
        "conflict.html", status=409, action=action, back=back, base=base, pairs=pairs, kept=kept,
        **issue_facts(ask, issue, "", None),
    )  # fmt: skip
    answer.headers["x-jianbao-conflict"] = "1"
    return answer


def saved_words(ask: Ask) -> str:
    """``已保存 18:05``."""
    return f"已保存 {ask.room.session.clock():%H:%M:%S}"


def undo(ask: Ask) -> Response:
    """Takes the last change of the issue back; of a broken file, puts the last good text back."""
    key = ask.word("key")
    ask.room.session.issues().undo(key, by=editor(ask))
    count(ask, key, "undo")
    return ask.back(f"/issue/{key}", said="undone")


def redo(ask: Ask) -> Response:
    """Takes the last undo back."""
    key = ask.word("key")
    ask.room.session.issues().redo(key, by=editor(ask))
    count(ask, key, "redo")
    return ask.back(f"/issue/{key}", said="redone")


VIEWS: Final = (
    ("GET", "/issue", home),
    ("POST", "/issue", create),
    ("GET", "/issue/{key:str}", show),
    ("POST", "/issue/{key:str}/order", arrange),
    ("POST", "/issue/{key:str}/facts", set_facts),
    ("POST", "/issue/{key:str}/undo", undo),
    ("POST", "/issue/{key:str}/redo", redo),
)
