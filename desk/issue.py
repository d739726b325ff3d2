"""The issue 期: which stories, in which order, under which number; one TOML file each.

The file is the editor's: readable, diffable, and mended by hand if need be. What a command changes
is changed in place, so that comments and order of the file survive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from tomlkit.items import Table

from ..index.annotation import Annotation
from ..index.clock import WeekIsUnreadable, week_range
from ..index.errors import JianbaoError
from ..index.story import Story
from ..index.tomlfile import read_toml, write_text

State = Literal["open", "locked"]


class IssueIsMissing(JianbaoError):
    """There is no issue of that number."""

    code = "JB-420"
    what = "there is no issue {number}"
    remedy = "see `jianbao issue list`, or make one with `jianbao issue new`"
    what_zh = "没有第 {number} 期"
    remedy_zh = "请查看期列表，或新建一期"


class IssueExists(JianbaoError):
    """A number is given once."""

    code = "JB-421"
    what = "issue {number} exists already"
    remedy = "choose another number with --number; nothing was changed"
    what_zh = "第 {number} 期已经存在"
    remedy_zh = "请另选期号，没有改动任何内容"


class IssueIsLocked(JianbaoError):
    """A locked issue is not changed."""

    code = "JB-422"
    what = "issue {number} is locked"
    remedy = "open it with `jianbao issue unlock {number}` first"
    what_zh = "第 {number} 期已锁定"
    remedy_zh = "请先解锁再修改"


class ItemIsWrong(JianbaoError):
    """An item of an issue cannot be added, moved or dropped as asked."""

    code = "JB-423"
    what = "{problem}"
    remedy = "see what the issue holds with `jianbao issue show {number}`"
    what_zh = "条目操作有误（{problem}）"
    remedy_zh = "请查看本期条目后重试"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """One story in an issue. ``headline`` and ``text`` are the editor's; empty means the story's own."""

    story: str = Field(min_length=1)
    section: str = ""
    headline: str = ""
    text: str = ""


class Issue(_Part):
    """One issue as its file says it. ``total`` is 总期, counted over the years; 0 means it is not given."""

    number: int = Field(ge=1)
    total: int = Field(default=0, ge=0)
    week: str
    dated: date
    state: State = "open"
    note: str = ""
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _each_story_once(self) -> Issue:
        ids = [item.story for item in self.items]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"story {twice[0]} stands in the issue twice")
        return self

    @field_validator("week")
    @classmethod
    def _is_a_week(cls, week: str) -> str:
        try:
            week_range(week)
        except WeekIsUnreadable as error:
            raise ValueError(error.what.format(week=week)) from None
        return week


@dataclass(frozen=True, slots=True)
class Proposal:
    """A story proposed for an issue, with the reason."""

    story: Story
    section: str
    why: str


class Issues:
    """The issues of a workspace: the folder ``issues/`` with a file per number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, number: int) -> Path:
        """The file of an issue."""
        return self._folder / f"{number:04d}.toml"

    def all(self) -> list[Issue]:
        """Every issue, by number. A wrong file is refused with its line (``FileIsWrong``)."""
        numbers = sorted(
            int(path.stem)
            for path in self._folder.glob("*.toml")
            if re.fullmatch(r"\d{4}", path.stem)
        )
        return [self.get(number) for number in numbers]

    def get(self, number: int) -> Issue:
        """One issue.

        Raises:
            IssueIsMissing: no such number.
        """
        if not self.path(number).is_file():
            raise IssueIsMissing(self._folder, number=number)
        return read_toml(self.path(number), Issue)

    def create(self, issue: Issue) -> None:
        """Writes a new issue file.

        Raises:
            IssueExists: the number is taken.
        """
        if self.path(issue.number).exists():
            raise IssueExists(self.path(issue.number), number=issue.number)
        document = tomlkit.document()
        document.add(
            tomlkit.comment(
                "第 N 期. Order of the items = order in print. Empty headline or text: the story's own."
            )
        )
        for key, value in issue.model_dump(exclude={"items"}).items():
            document.add(key, value)
        items = tomlkit.aot()
        for item in issue.items:
            items.append(_table(item))
        if issue.items:
            document.add("items", items)
        write_text(self.path(issue.number), tomlkit.dumps(document))

    def add(self, number: int, item: Item, at: int | None = None) -> None:
        """Adds a story, at the end or at a place counted from 1."""
        issue = self._open(number)
        if any(known.story == item.story for known in issue.items):
            raise ItemIsWrong(
                self.path(number), number=number, problem=f"story {item.story} stands in it already"
            )
        items = list(issue.items)
        items.insert(len(items) if at is None else self._place(issue, at, len(items) + 1), item)
        self._write_items(number, items)

    def drop(self, number: int, story_id: str) -> None:
        """Takes a story out."""
        issue = self._open(number)
        at = self._find(issue, story_id)
        self._write_items(number, [item for n, item in enumerate(issue.items) if n != at])

    def move(self, number: int, story_id: str, to: int) -> None:
        """Moves a story to a place counted from 1."""
        issue = self._open(number)
        items = list(issue.items)
        item = items.pop(self._find(issue, story_id))
        items.insert(self._place(issue, to, len(issue.items)), item)
        self._write_items(number, items)

    def set_state(self, number: int, state: State) -> None:
        """Locks an issue, so that it is published and no longer changed, or opens it again."""
        self.get(number)
        document = tomlkit.parse(self.path(number).read_text(encoding="utf-8-sig"))
        document["state"] = state
        write_text(self.path(number), tomlkit.dumps(document))

    def _open(self, number: int) -> Issue:
        issue = self.get(number)
        if issue.state != "open":
            raise IssueIsLocked(self.path(number), number=number)
        return issue

    def _find(self, issue: Issue, story_id: str) -> int:
        for n, item in enumerate(issue.items):
            if item.story == story_id:
                return n
        problem = f"story {story_id} does not stand in it"
        raise ItemIsWrong(self.path(issue.number), number=issue.number, problem=problem)

    def _place(self, issue: Issue, to: int, last: int) -> int:
        if not 1 <= to <= last:
            problem = f"place {to} is not one of 1 to {last}"
            raise ItemIsWrong(self.path(issue.number), number=issue.number, problem=problem)
        return to - 1

    def _write_items(self, number: int, items: Sequence[Item]) -> None:
        document = tomlkit.parse(self.path(number).read_text(encoding="utf-8-sig"))
        tables = {str(table["story"]): table for table in document.get("items", [])}
        array = tomlkit.aot()
        for item in items:
            array.append(tables.get(item.story) or _table(item))
        document.pop("items", None)
        if items:
            document.add("items", array)
        write_text(self.path(number), tomlkit.dumps(document))


def _table(item: Item) -> Table:
    table = tomlkit.table()
    for key, value in item.model_dump().items():
        table.add(key, value)
    return table


def propose(
    stories: Sequence[tuple[Story, Annotation]],
    *,
    week: str,
    used: frozenset[str],
    firsts: dict[str, str],
    sections: dict[str, str],
    most: int,
) -> list[Proposal]:
    """Stories for an issue of that week, in order of print, each with the reason.

    Relevant, dated within the week, not used in an earlier issue, one per fold of reprints. Counties
    take turns, so that no county fills the issue; within a county fuller stories come first.

    Args:
        used: ids that stand in other issues.
        firsts: story id → id of the first story of its fold.
        sections: theme slug → name of its section, in order of print.
        most: how many stories at most.
    """
    monday, sunday = week_range(week)
    by_county: dict[str, list[tuple[Story, Annotation]]] = {}
    for story, annotation in stories:
        inside = story.published is not None and monday <= story.published <= sunday
        fresh = firsts.get(story.id, story.id) == story.id and story.id not in used
        if annotation.relevant and inside and fresh:
            place = annotation.counties[0] if annotation.counties else annotation.city or ""
            by_county.setdefault(place, []).append((story, annotation))
    for candidates in by_county.values():
        candidates.sort(key=lambda pair: (-_completeness(pair[0]), pair[0].id))
    chosen: list[tuple[Story, Annotation]] = []
    turn = 0
    while len(chosen) < most and any(len(candidates) > turn for candidates in by_county.values()):
        for place in sorted(by_county, key=lambda code: (not code, code)):
            if len(by_county[place]) > turn and len(chosen) < most:
                chosen.append(by_county[place][turn])
        turn += 1
    order = list(dict.fromkeys(sections.values()))
    found = [
        Proposal(
            story,
            sections.get(annotation.themes[0] if annotation.themes else "", order[0]),
            annotation.reason,
        )
        for story, annotation in chosen
    ]
    return sorted(found, key=lambda one: order.index(one.section))


def _completeness(story: Story) -> int:
    """Has a headline, a byline, a picture; and is neither a brief nor longer than a page can hold."""
    named = bool(story.byline.people() or story.byline.organisations)
    return sum((bool(story.headline), named, bool(story.pictures), 250 <= len(story.body) <= 2500))
