"""Changing issues: every change is checked, written whole or not at all, and kept for undo.

A change is written into the file in place, so that comments and order of the editor's file survive.
``seen`` is the :meth:`~.issue_folder.IssueFolder.version` that the caller had in view: when the file is
another by now, nothing is written (two desks on one workspace).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from filelock import FileLock, Timeout

from ..index.clock import Clock
from ..index.limits import BOOK_SECONDS
from ..index.tomlfile import FileIsWrong, write_text
from .book import Book
from .issue import (
    Acknowledgement,
    Change,
    Issue,
    IssueCannotBeWritten,
    IssueChangedMeanwhile,
    IssueExists,
    IssueIsBusy,
    IssueIsLocked,
    IssueIsNotReady,
    IssueIsSigned,
    Item,
    ItemIsWrong,
    Review,
    SignedIssueWasChanged,
    State,
)
from .issue_folder import IssueFolder, version_of
from .issue_history import History, Version, after_undo, before_last
from .issue_text import issue_text, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator

Act = Callable[[Issue], Issue]


class Issues(IssueFolder):
    """The issues of a workspace, to read and to change. ``by`` names the person, for the trail."""

    def __init__(self, folder: Path, book: Book, clock: Clock) -> None:
        super().__init__(folder)
        self._clock = clock
        self.history = History(book)

    # --- the whole issue ---

    def create(self, issue: Issue, *, by: str = "") -> Issue:
        """Writes a new issue file.

        Raises:
            IssueExists: the number is taken.
            NumberIsWrong: it leaves a gap, or 总期 does, and ``gap`` does not say why.
        """
        with self._alone():
            if self.path(issue.key).exists():
                raise IssueExists(self.path(issue.key), number=issue.key)
            self.check_number(issue)
            return self._write(issue.key, "", issue_text(issue), issue, act="new", by=by)

    def set_facts(self, key: str, *, by: str = "", seen: str = "", **facts: Any) -> Issue:
        """Changes title, note (编者按), editors, week, total, gap, or dated within the year."""
        unknown = facts.keys() - {"title", "note", "editors", "week", "total", "gap", "dated"}
        if unknown:
            raise TypeError(f"not a fact of an issue: {', '.join(sorted(unknown))}")

        def act(issue: Issue) -> Issue:
            changed = _changed(issue, **facts)
            if changed.key != issue.key:
                problem = f"dated {changed.dated} would make it issue {changed.key}"
                raise ItemIsWrong(self.path(key), number=key, problem=problem)
            return changed

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
            return _changed(issue, items=items)

        return self._edit(key, act, name="add", by=by, seen=seen)

    def add_all(self, key: str, items: Sequence[Item], *, by: str = "", seen: str = "") -> Issue:
        """Adds stories at the end in one change; those that stand in it already are left alone."""

        def act(issue: Issue) -> Issue:
            fresh = [item for item in items if not issue.item(item.story)]
            return _changed(issue, items=[*issue.items, *fresh])

        return self._edit(key, act, name="add", by=by, seen=seen)

    def drop(self, key: str, story_id: str, *, by: str = "", seen: str = "") -> Issue:
        """Takes a story out."""

        def act(issue: Issue) -> Issue:
            at = self._find(key, issue, story_id)
            return _changed(issue, items=[one for n, one in enumerate(issue.items) if n != at])

        return self._edit(key, act, name="drop", by=by, seen=seen)

    def move(self, key: str, story_id: str, to: int, *, by: str = "", seen: str = "") -> Issue:
        """Moves a story to a place counted from 1."""

        def act(issue: Issue) -> Issue:
            items = list(issue.items)
            item = items.pop(self._find(key, issue, story_id))
            items.insert(self._place(key, to, len(issue.items)), item)
            return _changed(issue, items=items)

        return self._edit(key, act, name="move", by=by, seen=seen)

    def reorder(self, key: str, ids: Sequence[str], *, by: str = "", seen: str = "") -> Issue:
        """Puts all stories into a new order; the same stories have to be named, each once."""

        def act(issue: Issue) -> Issue:
            known = {item.story: item for item in issue.items}
            if sorted(ids) != sorted(known):
                self._refuse(key, "the new order does not name the same stories, each once")
            return _changed(issue, items=[known[one] for one in ids])

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
            return _changed(issue, items=items)

        return self._edit(key, act, name=f"edit {story_id}", by=by, seen=seen)

    # --- its state; :mod:`.review` says when ---

    def lock(
        self,
        key: str,
        versions: Mapping[str, str],
        acknowledged: Sequence[Acknowledgement] = (),
        *,
        by: str = "",
        seen: str = "",
    ) -> Issue:
        """Freezes an open issue for review. ``versions`` are the digests of its stories' texts."""

        def act(issue: Issue) -> Issue:
            if not issue.items:
                raise IssueIsNotReady(
                    self.path(key), number=key,
                    problem="it holds no story", problem_zh="还没有稿件",
                    next=f"add stories with `jianbao issue add {key} ID`", next_zh="请先选入稿件",
                )  # fmt: skip
            items = [
                item.model_copy(update={"version": versions.get(item.story, "")})
                for item in issue.items
            ]
            known = [*issue.acknowledged, *acknowledged]
            return _changed(issue, state="locked", items=items, acknowledged=known)

        return self._edit(key, act, name="lock", by=by, seen=seen)

    def unlock(self, key: str, *, by: str = "", seen: str = "") -> Issue:
        """Opens a locked issue again; its reviews stay in the trail."""
        return self._edit(
            key,
            lambda issue: _changed(issue, state="open"),
            name="unlock", by=by, seen=seen, states=("open", "locked"),
        )  # fmt: skip

    def add_review(
        self, key: str, review: Review, *, by: str = "", seen: str = "", state: State = "locked"
    ) -> Issue:
        """Adds a review to a locked issue; a review that returns it opens it again."""
        return self._edit(
            key,
            lambda issue: _changed(issue, state=state, reviews=[*issue.reviews, review]),
            name=f"review-{review.stage}-{review.decision}", by=by, seen=seen, states=("locked",),
        )  # fmt: skip

    def put_reviews(
        self, key: str, reviews: Sequence[Review], *, by: str = "", seen: str = ""
    ) -> Issue:
        """Writes the reviews with one of them pulled back."""
        return self._edit(
            key,
            lambda issue: _changed(issue, reviews=list(reviews)),
            name="pull-back", by=by, seen=seen, states=("open", "locked"),
        )  # fmt: skip

    def sign(self, key: str, *, by: str, seen: str = "") -> Issue:
        """Signs a locked issue for good."""

        def act(issue: Issue) -> Issue:
            self.check_number(issue)
            now = self._clock()
            return _changed(
                issue, state="signed", signed_by=by, signed_at=now, signed_digest=issue.digest
            )

        return self._edit(key, act, name="sign", by=by, seen=seen, states=("locked",))

    def add_change(self, key: str, change: Change, *, seen: str = "") -> Issue:
        """Adds a correction, a withdrawal or its end to a signed issue."""
        return self._edit(
            key,
            lambda issue: _changed(issue, changes=[*issue.changes, change]),
            name=change.kind, by=change.by, seen=seen, states=("signed",),
        )  # fmt: skip

    # --- undo ---

    def undo(self, key: str, *, by: str = "", seen: str = "") -> Issue:
        """Puts the content before the last change back; of a broken file, the last good text.

        Reviews and acknowledgements are never undone. Undo after undo goes further back.

        Raises:
            IssueIsNotReady: nothing is left to undo.
            IssueIsLocked, IssueIsSigned: the issue does not change in this state.
        """
        return self._put_back(key, "undo", by, seen)

    def redo(self, key: str, *, by: str = "", seen: str = "") -> Issue:
        """Takes the last undo back.

        Raises:
            IssueIsNotReady: nothing was undone.
        """
        return self._put_back(key, "redo", by, seen)

    def _put_back(self, key: str, act: str, by: str, seen: str) -> Issue:
        with self._alone():
            self._check_seen(key, seen)
            versions = self.history.versions(key)
            before = self._text(key)
            try:
                issue = self.get(key)
            except (FileIsWrong, SignedIssueWasChanged):
                return self._mend(key, versions, before, by)
            self._check_state(issue, ("open",))
            target = before_last(versions) if act == "undo" else after_undo(versions)
            if versions and act == "undo" and before != versions[-1].text:
                target = versions[-1]  # a change by hand is undone like any other
            if target is None:
                raise IssueIsNotReady(
                    self.path(key), number=key,
                    problem=f"there is nothing to {act}",
                    problem_zh="没有可以撤销的改动" if act == "undo" else "没有可以重做的改动",
                    next=f"see `jianbao issue trail {key}`", next_zh="请查看过程记录",
                )  # fmt: skip
            old = Issue.model_validate(tomlkit.parse(target.text).unwrap())
            kept = _changed(
                old, state="open", reviews=issue.reviews, acknowledged=issue.acknowledged
            )
            text = rewritten(target.text, kept)
            return self._write(key, before, text, kept, act=act, by=by, to=target.number)

    def _mend(self, key: str, versions: Sequence[Version], before: str, by: str) -> Issue:
        """A file that cannot be read goes back to the last text that a command wrote."""
        good = [one for one in versions if one.text != before]
        if not good:
            self.get(key)
        last = good[-1]
        issue = Issue.model_validate(tomlkit.parse(last.text).unwrap())
        return self._write(key, before, last.text, issue, act="undo", by=by, to=last.number)

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
        # The file first: a version without its file would offer an undo of what never was.
        try:
            write_text(self.path(key), after)
        except OSError as error:
            raise IssueCannotBeWritten(self.path(key), detail=error.strerror or error) from error
        self.history.keep(key, before, after, act=act, by=by, at=self._clock(), to=to)
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


def _changed(issue: Issue, **facts: Any) -> Issue:
    """The issue with other facts, checked anew."""
    data = {name: getattr(issue, name) for name in type(issue).model_fields}
    return Issue.model_validate(data | facts)
