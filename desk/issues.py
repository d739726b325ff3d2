"""The life of an issue: made, locked, reviewed, signed; and its undo. :mod:`.review` says when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit

from ..index.tomlfile import FileIsWrong
from .issue import (
    Acknowledgement,
    Change,
    Issue,
    IssueExists,
    IssueIsNotReady,
    Review,
    SignedIssueWasChanged,
    State,
)
from .issue_edits import IssueEdits, with_facts
from .issue_history import Version, after_undo, before_last
from .issue_text import issue_text, rewritten


class Issues(IssueEdits):
    """The issues of a workspace, to read and to change."""

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
            return with_facts(issue, state="locked", items=items, acknowledged=known)

        return self._edit(key, act, name="lock", by=by, seen=seen)

    def unlock(self, key: str, *, by: str = "", seen: str = "") -> Issue:
        """Opens a locked issue again; its reviews stay in the trail."""
        return self._edit(
            key,
            lambda issue: _opened(issue),
            name="unlock", by=by, seen=seen, states=("open", "locked"),
        )  # fmt: skip

    def add_review(
        self, key: str, review: Review, *, by: str = "", seen: str = "", state: State = "locked"
    ) -> Issue:
        """Adds a review to a locked issue; a review that returns it opens it again."""
        return self._edit(
            key,
            lambda issue: _reviewed(issue, review, state),
            name=f"review-{review.stage}-{review.decision}", by=by, seen=seen, states=("locked",),
        )  # fmt: skip

    def put_reviews(
        self, key: str, reviews: Sequence[Review], *, by: str = "", seen: str = ""
    ) -> Issue:
        """Writes the reviews with one of them pulled back."""
        return self._edit(
            key,
            lambda issue: with_facts(issue, reviews=list(reviews)),
            name="pull-back", by=by, seen=seen, states=("open", "locked"),
        )  # fmt: skip

    def sign(self, key: str, *, by: str, seen: str = "") -> Issue:
        """Signs a locked issue for good."""

        def act(issue: Issue) -> Issue:
            self.check_number(issue)
            now = self._clock()
            return with_facts(
                issue, state="signed", signed_by=by, signed_at=now, signed_digest=issue.digest
            )

        return self._edit(key, act, name="sign", by=by, seen=seen, states=("locked",))

    def add_change(self, key: str, change: Change, *, seen: str = "") -> Issue:
        """Adds a correction, a withdrawal or its end to a signed issue."""
        return self._edit(
            key,
            lambda issue: with_facts(issue, changes=[*issue.changes, change]),
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
            kept = _opened(old, reviews=issue.reviews, acknowledged=issue.acknowledged)
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


def _opened(issue: Issue, **facts: Any) -> Issue:
    """The issue in the making again: its stories are as the store has them now."""
    items = [item.model_copy(update={"version": ""}) for item in issue.items]
    return with_facts(issue, state="open", items=items, **facts)


def _reviewed(issue: Issue, review: Review, state: State) -> Issue:
    added = with_facts(issue, reviews=[*issue.reviews, review])
    return _opened(added) if state == "open" else added
