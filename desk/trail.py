"""The trail 审稿记录: everything that happened to an issue, told from its history and its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from ..index.story import Story
from .csvtext import csv_text
from .difference import Part, difference
from .issue import Issue, Item
from .issue_history import BY_HAND, History
from .review import DECISIONS, STAGES

ACTS = {
    "new": "新建",
    "add": "选入",
    "drop": "移除",
    "move": "移动",
    "reorder": "排序",
    "edit": "改稿",
    "facts": "改刊头信息",
    "lock": "锁定送审",
    "unlock": "解锁",
    "pull-back": "撤回审稿意见",
    "sign": "签发",
    "correction": "更正",
    "withdrawal": "撤稿",
    "restoration": "恢复",
    "undo": "撤销",
    "redo": "重做",
    BY_HAND: "直接改文件",
}
_FIELDS = {
    "headline": "标题",
    "deck": "副题",
    "text": "正文",
    "note": "按语",
    "section": "栏目",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What was changed in one field of one story (``story`` empty: of the issue), by sentence."""

    story: str
    headline: str
    field: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, by whom, what in Chinese, and what changed."""

    at: datetime
    by: str
    act: str
    what: str
    remark: str = ""
    edits: tuple[Edit, ...] = ()


def trail(issue: Issue, history: History, stories: Mapping[str, Story]) -> list[Step]:
    """Every step of an issue, the oldest first. ``stories`` are its own, as printed."""
    steps: list[Step] = []
    before: Issue | None = None
    for version in history.versions(issue.key):
        now = _read(version.text)
        if now is None:
            steps.append(Step(version.at, version.by, version.act, "直接改文件（文件有误）"))
            continue
        act = version.act.partition(" ")[0]
        kind = "review" if act.startswith("review-") else act
        what, remark = _told(kind, now, before)
        edits = tuple(_edits(before, now, stories)) if before else ()
        steps.append(Step(version.at, version.by, kind, what, remark, edits))
        before = now
    return steps


def _read(text: str) -> Issue | None:
    try:
        return Issue.model_validate(tomlkit.parse(text).unwrap())
    except (TOMLKitError, ValidationError):
        return None


def _told(act: str, now: Issue, before: Issue | None) -> tuple[str, str]:
    if act == "review" and now.reviews:
        last = now.reviews[-1]
        return f"{STAGES[last.stage]}{DECISIONS[last.decision]}", last.remark
    if act == "pull-back":
        taken = [one for one in now.reviews if one.pulled_back]
        return (f"撤回{STAGES[taken[-1].stage]}意见" if taken else ACTS[act]), ""
    if act == "lock" and before is not None:
        fresh = now.acknowledged[len(before.acknowledged) :]
        return ACTS[act], "；".join(f"{one.about}——{one.why}" for one in fresh)
    if act in ("correction", "withdrawal", "restoration") and now.changes:
        return ACTS[act], now.changes[-1].text
    if act == "sign":
        return f"签发（{now.signed_by}）", ""
    return ACTS.get(act, act), ""


def _edits(before: Issue, now: Issue, stories: Mapping[str, Story]) -> Iterator[Edit]:
    for field, old, new in (("编者按", before.note, now.note), ("题目", before.title, now.title)):
        if old != new:
            yield Edit("", "", field, tuple(_changed(old, new)))
    known = {item.story: item for item in before.items}
    for item in now.items:
        old_item = known.pop(item.story, None)
        story = stories.get(item.story)
        headline = item.headline or (story.headline if story else item.story)
        if old_item is None:
            yield Edit(item.story, headline, "选入", ())
        else:
            yield from _item_edits(old_item, item, story, headline)
    for gone in known.values():
        story = stories.get(gone.story)
        yield Edit(
            gone.story, gone.headline or (story.headline if story else gone.story), "移除", ()
        )


def _item_edits(old: Item, new: Item, story: Story | None, headline: str) -> Iterator[Edit]:
    own = {
        "headline": story.headline if story else "",
        "deck": story.deck if story else "",
        "text": story.body if story else "",
    }
    for field, name in _FIELDS.items():
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            # An empty field stands for the story's own text: the first edit is told against that.
            was, now = was or own.get(field, ""), now or own.get(field, "")
            yield Edit(new.story, headline, name, tuple(_changed(was, now)))


def _changed(before: str, after: str) -> Iterator[Part]:
    return (part for part in difference(before, after) if part.kind != "same")


def trail_rows(steps: Sequence[Step]) -> list[list[object]]:
    """A row for each step and each sentence changed, with a row of headings first."""
    rows: list[list[object]] = [
        ["时间", "人员", "事项", "意见或理由", "稿件编号", "稿件", "位置", "原句", "改后"]
    ]
    for step in steps:
        when = step.at.strftime("%Y-%m-%d %H:%M:%S")
        head: list[object] = [when, step.by, step.what, step.remark]
        if not step.edits:
            rows.append([*head, "", "", "", "", ""])
        for edit in step.edits:
            for part in edit.parts or [None]:
                words = [part.before, part.after] if part else ["", ""]
                rows.append([*head, edit.story, edit.headline, edit.field, *words])
    return rows


def trail_csv(steps: Sequence[Step]) -> str:
    """The trail for a spreadsheet."""
    return csv_text(trail_rows(steps))


def trail_markdown(issue: Issue, steps: Sequence[Step]) -> str:
    """The trail to read and to file."""
    lines = [f"# {issue.called} 审稿记录", ""]
    for step in steps:
        lines.append(
            f"## {step.at.strftime('%Y-%m-%d %H:%M')} {_md(step.what)}　{_md(step.by)}".rstrip()
        )
        lines.append("")
        if step.remark:
            lines += [f"> {_md(step.remark)}", ""]
        for edit in step.edits:
            lines.append(f"- {_md(edit.headline)} · {edit.field}".replace("-  · ", "- "))
            for part in edit.parts:
                if part.before:
                    lines.append(f"  - 原：{_md(part.before)}")
                if part.after:
                    lines.append(f"  - 改：{_md(part.after)}")
        if step.edits:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _md(text: str) -> str:
    """Text of the web is not markup here either (CommonMark: a backslash before punctuation)."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|!&" else char for char in flat)
