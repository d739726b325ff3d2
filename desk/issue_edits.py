"""Changing what stands in an issue: checked, written whole or not at all, and kept for undo.

A change is written into the file in place, so that comments and order of the editor's file survive.
``seen`` is the :attr:`~.issue.Issue.version` that the caller had in view: when the file is another by
now, nothing is written (two desks on one workspace).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ..index.clock import Clock
from ..index.limits import BOOK_SECONDS
from ..index.tomlfile import write_text
from .book import Book, BookCannotBeUsed
from .issue import (
    Issue,
    IssueCannotBeWritten,
    IssueChangedMeanwhile,
    IssueIsBusy,
    IssueIsLocked,
    IssueIsNotReady,
    IssueIsSigned,
    Item,
    ItemIsWrong,
    State,
)
from .issue_folder import IssueFolder, version_of
from .issue_history import History
from .issue_text import rewritten

Act = Callable[[Issue], Issue]


class IssueEdits(IssueFolder):
    """The issues of a workspace, with their items to change. ``by`` names the person, for the trail."""

    def __init__(self, folder: Path, book: Book, clock: Clock) -> None:
        super().__init__(folder)
        self._clock = clock
        self.history = History(book)

    def set_facts(self, key: str, *, by: str = "", seen: str = "", **facts: Any) -> Issue:
        """Changes title, note (编者按), editors, week, total, gap, or dated within the year."""
        unknown = facts.keys() - {"title", "note", "editors", "week", "total", "gap", "dated"}
        if unknown:
            raise TypeError(f"not a fact of an issue: {', '.join(sorted(unknown))}")

        def act(issue: Issue) -> Issue:
            after = with_facts(issue, **facts)
            if after.key != issue.key:
                problem = f"dated {after.dated} would make it issue {after.key}"
                raise ItemIsWrong(self.path(key), number=key, problem=problem)
            return after

        return self._edit(key, act, name="facts", by=by, seen=seen)

    def set_note(self, key: str, note: str, *, by: str = "", seen: str = "") -> Issue:
        """The 编者按 of the issue; empty for none."""
        return self.set_facts(key, note=note, by=by, seen=seen)

    # --- its items ---

    def add(
        self, key: str, item: Item, at: int | None = None, *, by: str = "", seen: str = ""
    ) -> Issue:
        """Adds a story, at the end or at a place counted from 1."""

        def act(issue: Issue) -> Issue:
            if issue.item(item.story):
                self._refuse(key, f"story {item.story} stands in it already")
            items = list(issue.items)
            place = len(items) if at is None else self._place(key, at, len(items) + 1)
            items.insert(place, item)
            return with_facts(issue, items=items)

        return self._edit(key, act, name="add", by=by, seen=seen)

    def add_all(self, key: str, items: Sequence[Item], *, by: str = "", seen: str = "") -> Issue:
        """Adds stories at the end in one change; those that stand in it already are left alone."""

        def act(issue: Issue) -> Issue:
            fresh = [item for item in items if not issue.item(item.story)]
            return with_facts(issue, items=[*issue.items, *fresh])

        return self._edit(key, act, name="add", by=by, seen=seen)

    def drop(self, key: str, story_id: str, *, by: str = "", seen: str = "") -> Issue:
        """Takes a story out."""

        def act(issue: Issue) -> Issue:
            at = self._find(key, issue, story_id)
            return with_facts(issue, items=[one for n, one in enumerate(issue.items) if n != at])

        return self._edit(key, act, name="drop", by=by, seen=seen)

    def move(self, key: str, story_id: str, to: int, *, by: str = "", seen: str = "") -> Issue:
        """Moves a story to a place counted from 1."""

        def act(issue: Issue) -> Issue:
            items = list(issue.items)
            item = items.pop(self._find(key, issue, story_id))
            items.insert(self._place(key, to, len(issue.items)), item)
            return with_facts(issue, items=items)

        return self._edit(key, act, name="move", by=by, seen=seen)

    def reorder(self, key: str, ids: Sequence[str], *, by: str = "", seen: str = "") -> Issue:
        """Puts all stories into a new order; the same stories have to be named, each once."""

        def act(issue: Issue) -> Issue:
            known = {item.story: item for item in issue.items}
            if sorted(ids) != sorted(known):
                self._refuse(key, "the new order does not name the same stories, each once")
            return with_facts(issue, items=[known[one] for one in ids])

        return self._edit(key, act, name="reorder", by=by, seen=seen)

    def edit(
        self,
        key: str,
        story_id: str,
        *,
        headline: str | None = None,
        deck: str | None = None,
        text: str | None = None,
        note: str | None = None,
        section: str | None = None,
        by: str = "",
        seen: str = "",
    ) -> Issue:
        """Changes what the editor wrote for a story; ``None`` leaves a field, empty means the story's own."""
        given = {"headline": headline, "deck": deck, "text": text, "note": note, "section": section}
        given = {name: value for name, value in given.items() if value is not None}

        def act(issue: Issue) -> Issue:
            at = self._find(key, issue, story_id)
            items = list(issue.items)
            items[at] = Item.model_validate(items[at].model_dump() | given)
            return with_facts(issue, items=items)

        return self._edit(key, act, name=f"edit {story_id}", by=by, seen=seen)

    # --- inside ---

    def _edit(
        self,
        key: str,
        act: Act,
        *,
        name: str,
        by: str,
        seen: str,
        states: Sequence[State] = ("open",),
    ) -> Issue:
        with self._alone():
            self._check_seen(key, seen)
            issue = self.get(key)
            self._check_state(issue, states)
            changed = act(issue).at_version(issue.version)
            if changed != issue:
                before = self._text(key)
                return self._write(
                    key, before, rewritten(before, changed), changed, act=name, by=by
                )
            return issue

    def _check_seen(self, key: str, seen: str) -> None:
        if seen and seen != self.version(key):
            raise IssueChangedMeanwhile(self.path(key), number=key)

    def _check_state(self, issue: Issue, states: Sequence[State]) -> None:
        if issue.state in states:
            return
        if issue.state == "signed":
            raise IssueIsSigned(self.path(issue.key), number=issue.key)
        if issue.state == "locked":
            raise IssueIsLocked(self.path(issue.key), number=issue.key)
        wanted = "signed" if "signed" in states else "locked"
        raise IssueIsNotReady(
            self.path(issue.key), number=issue.key,
            problem=f"it is not {wanted} yet",
            problem_zh="还没有签发" if wanted == "signed" else "还没有锁定",
            next=f"`jianbao issue {'sign' if wanted == 'signed' else 'lock'} {issue.key}` comes first",
            next_zh="请先签发" if wanted == "signed" else "请先锁定",
        )  # fmt: skip

    def _write(
        self, key: str, before: str, after: str, issue: Issue, *, act: str, by: str, to: int = 0
    ) -> Issue:
        path = self.path(key)

        def write() -> None:
            try:
                write_text(path, after)
            except OSError as error:
                raise IssueCannotBeWritten(path, detail=error.strerror or error) from error

        try:
            self.history.keep(
                key, before, after, act=act, by=by, at=self._clock(), write=write, to=to
            )
        except BookCannotBeUsed:
            # The disk filled up between the file and the end of the transaction.
            if before and path.is_file() and self._text(key) != before:
                write_text(path, before)
            elif not before:
                path.unlink(missing_ok=True)
            raise
        return issue.at_version(version_of(after.encode("utf-8")))

    def _text(self, key: str) -> str:
        return self.path(key).read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / ".lock", timeout=BOOK_SECONDS)
            lock.acquire()
        except Timeout:
            raise IssueIsBusy(self.folder) from None
        except OSError as error:
            raise IssueCannotBeWritten(self.folder, detail=error.strerror or error) from error
        try:
            yield
        finally:
            lock.release()

    def _find(self, key: str, issue: Issue, story_id: str) -> int:
        for n, item in enumerate(issue.items):
            if item.story == story_id:
                return n
        self._refuse(key, f"story {story_id} does not stand in it")
        raise AssertionError

    def _place(self, key: str, to: int, last: int) -> int:
        if not 1 <= to <= last:
            self._refuse(key, f"place {to} is not one of 1 to {last}")
        return to - 1

    def _refuse(self, key: str, problem: str) -> None:
        raise ItemIsWrong(self.path(key), number=key, problem=problem)


def with_facts(issue: Issue, **facts: Any) -> Issue:
    """The issue with other facts, checked anew."""
    data = {name: getattr(issue, name) for name in type(issue).model_fields}
    return Issue.model_validate(data | facts)
