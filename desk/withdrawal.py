"""Withdrawal 撤稿: a story's body leaves site, searches, feeds and documents; a tombstone and the log stay.

The log is ``withdrawals.toml`` in the workspace, so that a story stays withdrawn when the store is
restored from an older copy. Entries are never removed; one that was undone says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import tomlkit
from filelock import FileLock, Timeout
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from ..index.errors import JianbaoError
from ..index.limits import BOOK_SECONDS
from ..index.tomlfile import read_toml, write_text
from .issue import Change, IssueIsBusy
from .session import Session
from .workspace import Workspace


class AlreadyWithdrawn(JianbaoError):
    """A story is withdrawn once."""

    code = "JB-434"
    what = "story {story} was withdrawn already, on {on}"
    remedy = "nothing is left to do; see `jianbao withdraw --list`"
    what_zh = "稿件 {story} 已于 {on} 撤回"
    remedy_zh = "无需再次撤稿，可查看撤稿记录"


class NotWithdrawn(JianbaoError):
    """A withdrawal was to be undone that is not there."""

    code = "JB-435"
    what = "story {story} is not withdrawn"
    remedy = "see `jianbao withdraw --list`"
    what_zh = "稿件 {story} 没有撤回"
    remedy_zh = "请查看撤稿记录"


class Withdrawal(BaseModel):
    """One story that was withdrawn; ``undone_at`` when it was let in again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    story: str = Field(pattern=r"^[0-9a-z][0-9a-z-]{0,63}$")
    headline: str = ""
    at: AwareDatetime
    by: str = ""
    why: str = Field(min_length=1, max_length=500)
    undone_at: AwareDatetime | None = None
    undone_by: str = ""
    undone_why: str = ""

    @property
    def holds(self) -> bool:
        """The story is withdrawn now."""
        return self.undone_at is None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    withdrawal: tuple[Withdrawal, ...] = ()

    @model_validator(mode="after")
    def _holds_once(self) -> _File:
        holding = [one.story for one in self.withdrawal if one.holds]
        if twice := sorted({one for one in holding if holding.count(one) > 1}):
            raise ValueError(f"story {twice[0]} is withdrawn twice")
        return self


def withdrawal_log(workspace: Workspace) -> list[Withdrawal]:
    """Every withdrawal, the undone ones too, the oldest first.

    Raises:
        FileIsWrong: the file was broken by hand; with its line.
    """
    path = workspace.withdrawals_path
    return list(read_toml(path, _File).withdrawal) if path.is_file() else []


def withdrawn(workspace: Workspace) -> dict[str, Withdrawal]:
    """The stories that are withdrawn now, by id."""
    return {one.story: one for one in withdrawal_log(workspace) if one.holds}


def withdraw(
    session: Session,
    story_id: str,
    *,
    why: str,
    by: str,
    headline: str = "",
    copies: Sequence[str] = (),
) -> Withdrawal:
    """Withdraws a story, and its ``copies`` in other sources. Signed issues that hold one say so from
    now on; in open ones it is a finding.

    The public site and the search index follow with the next build and index: the command does both.

    Raises:
        AlreadyWithdrawn: it is withdrawn.
    """
    workspace, now = session.workspace(), session.clock()
    with _alone(workspace):
        log = withdrawal_log(workspace)
        holding = {one.story: one for one in log if one.holds}
        if known := holding.get(story_id):
            raise AlreadyWithdrawn(story=story_id, on=known.at.date())
        ids = [story_id, *(one for one in copies if one not in holding and one != story_id)]
        made = [Withdrawal(story=one, headline=headline, at=now, by=by, why=why) for one in ids]
        _save(workspace.withdrawals_path, [*log, *made])
    for one in ids:
        _tell_issues(session, one, "withdrawal", why, by or "编辑部", now)
    return made[0]


def restore(session: Session, story_id: str, *, why: str, by: str) -> Withdrawal:
    """Takes a withdrawal back; the log keeps both.

    Raises:
        NotWithdrawn: the story is not withdrawn.
    """
    workspace, now = session.workspace(), session.clock()
    with _alone(workspace):
        log = withdrawal_log(workspace)
        for n, one in enumerate(log):
            if one.story == story_id and one.holds:
                facts = {"undone_at": now, "undone_by": by, "undone_why": why}
                log[n] = one.model_copy(update=facts)
                _save(workspace.withdrawals_path, log)
                break
        else:
            raise NotWithdrawn(story=story_id)
    _tell_issues(session, story_id, "restoration", why or "恢复刊发", by or "编辑部", now)
    return log[n]


def _tell_issues(
    session: Session, story_id: str, kind: str, text: str, by: str, at: datetime
) -> None:
    issues = session.issues()
    for issue in issues.all():
        if issue.state == "signed" and issue.item(story_id):
            facts = {"kind": kind, "story": story_id, "text": text, "by": by, "at": at}
            issues.add_change(issue.key, Change.model_validate(facts))


def _save(path: Path, log: Sequence[Withdrawal]) -> None:
    document = tomlkit.document()
    document.add(
        tomlkit.comment("撤稿记录. `jianbao withdraw` writes this file; entries are never removed.")
    )
    tables = tomlkit.aot()
    for one in log:
        table = tomlkit.table()
        for name, value in one:
            if value not in (None, ""):
                table.add(name, value)
        tables.append(table)
    document.add("withdrawal", tables)
    write_text(path, tomlkit.dumps(document))


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    lock = FileLock(workspace.root / "data" / "withdrawals.lock", timeout=BOOK_SECONDS)
    try:
        workspace.store_path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IssueIsBusy(workspace.withdrawals_path) from None
    try:
        yield
    finally:
        lock.release()
