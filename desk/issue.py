"""The issue 期: what it holds, what state it is in, and when its file contradicts itself.

An issue is *open* while it is made, *locked* while it is reviewed, and *signed* 签发 for good: a signed
issue never changes; corrections and withdrawals are added to it (``changes``).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    field_validator,
    model_validator,
)

from ..index.clock import WeekIsUnreadable, week_range
from ..index.errors import JianbaoError
from ..index.store import digest_of

State = Literal["open", "locked", "signed"]
Decision = Literal["passed", "returned"]

CONTENT = frozenset(
    {"number", "total", "supplement", "week", "dated", "title", "note", "editors", "items"}
)
"""What a reviewer reads and a signature stands for; everything else is about how it came to be."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029]")


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


class IssueIsSigned(JianbaoError):
    """A signed issue never changes."""

    code = "JB-424"
    what = "issue {number} is signed"
    remedy = (
        "add a correction with `jianbao issue correct {number}`, or take a story out of every output with"
        " `jianbao withdraw`"
    )
    what_zh = "第 {number} 期已签发"
    remedy_zh = "签发后不再改动正文：请追加更正，或撤回稿件"


class IssueChangedMeanwhile(JianbaoError):
    """Somebody else changed the issue after it was read."""

    code = "JB-425"
    what = "issue {number} was changed by somebody else meanwhile"
    remedy = "look at the present text and make the change again; nothing was overwritten"
    what_zh = "第 {number} 期刚被别人改动过"
    remedy_zh = "请先看最新内容再改，对方的改动没有被覆盖"


class SignedIssueWasChanged(JianbaoError):
    """The file of a signed issue is not what was signed."""

    code = "JB-426"
    what = "issue {number} is signed, but its file was changed afterwards"
    remedy = (
        "put the signed text back with `jianbao issue undo {number}`; what has to change is added with"
        " `jianbao issue correct {number}`"
    )
    what_zh = "第 {number} 期签发后文件被改动"
    remedy_zh = "请用撤销恢复签发时的内容；确需改动的，追加更正"


class NumberIsWrong(JianbaoError):
    """Numbers follow one another; a gap must be meant."""

    code = "JB-427"
    what = "{problem}"
    remedy = (
        "give the number {expected}, or say why the gap is meant: --gap TEXT (in the file: gap)"
    )
    what_zh = "期号不连续（{problem}）"
    remedy_zh = "请改为第 {expected} 期，或写明为何跳号（gap 一项）"


class IssueCannotBeWritten(JianbaoError):
    """The disk is full, or the folder is read-only."""

    code = "JB-428"
    what = "the issue could not be written ({detail})"
    remedy = "free some disk space or check the folder's rights; the file is as it was before"
    what_zh = "本期文件写入失败（{detail}）"
    remedy_zh = "请清理磁盘空间或检查文件夹权限；文件保持原样"


class IssueIsBusy(JianbaoError):
    """Another program has been changing the issues for too long."""

    code = "JB-429"
    what = "another program is changing the issues of this workspace"
    remedy = "wait a moment and try again; nothing was changed"
    what_zh = "另一个程序正在改动本工作区的期"
    remedy_zh = "请稍候再试，没有改动任何内容"


class IssueIsNotReady(JianbaoError):
    """What was asked comes later in the life of an issue."""

    code = "JB-431"
    what = "issue {number}: {problem}"
    remedy = "{next}"
    what_zh = "第 {number} 期：{problem_zh}"
    remedy_zh = "{next_zh}"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_tidy(cls, value: Any) -> Any:
        """Text from Word and from web pages brings control characters that no output can carry."""
        if isinstance(value, str):
            return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        return value


class Item(_Part):
    """One story in an issue.

    ``headline``, ``deck`` and ``text`` (one paragraph a line) are the editor's; empty means the story's
    own. ``note`` is the 按语 printed before it. ``version`` is the digest of the story as it was locked,
    so that a story that its source changes later does not change the issue.
    """

    story: str = Field(min_length=1)
    section: str = ""
    headline: str = ""
    deck: str = ""
    text: str = ""
    note: str = ""
    version: str = ""


class Review(_Part):
    """One of the three reviews 三审: who said what about which content (``digest``), and when."""

    stage: Literal[1, 2, 3]
    by: str = Field(min_length=1)
    at: AwareDatetime
    decision: Decision
    remark: str = ""
    digest: str
    pulled_back: AwareDatetime | None = None


class Acknowledgement(_Part):
    """A serious finding that the editor lets stand, and why. ``finding`` is :attr:`Finding.key`."""

    finding: str = Field(min_length=1)
    about: str = ""
    why: str = Field(min_length=1)
    by: str = Field(min_length=1)
    at: AwareDatetime


class Change(_Part):
    """What was added to a signed issue: a correction 更正 or a withdrawal 撤稿; shown in every output."""

    at: AwareDatetime
    kind: Literal["correction", "withdrawal", "restoration"]
    story: str = ""
    text: str = Field(min_length=1)
    by: str = Field(min_length=1)


class Issue(_Part):
    """One issue as its file says it.

    ``number`` counts within the year of ``dated``, supplements 增刊 apart; ``total`` is 总期, counted
    over the years without supplements, 0 where none is kept. ``gap`` says why numbers before it are
    missing. ``note`` is the 编者按 of the issue.
    """

    number: int = Field(ge=1, le=999)
    total: int = Field(default=0, ge=0)
    supplement: bool = False
    gap: str = ""
    week: str
    dated: dt.date
    state: State = "open"
    title: str = ""
    note: str = ""
    editors: tuple[str, ...] = ()
    signed_by: str = ""
    signed_at: AwareDatetime | None = None
    signed_digest: str = ""
    items: tuple[Item, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    reviews: tuple[Review, ...] = ()
    changes: tuple[Change, ...] = ()
    _version: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _makes_sense(self) -> Issue:
        ids = [item.story for item in self.items]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"story {twice[0]} stands in the issue twice")
        if self.state == "signed" and not (self.signed_by and self.signed_at):
            raise ValueError("a signed issue says who signed it and when: signed_by, signed_at")
        if self.state != "signed" and (self.signed_by or self.changes):
            raise ValueError('only a signed issue has signed_by and changes; state = "signed"')
        return self

    @field_validator("week")
    @classmethod
    def _is_a_week(cls, week: str) -> str:
        try:
            week_range(week)
        except WeekIsUnreadable as error:
            raise ValueError(error.what.format(week=week)) from None
        return week

    @property
    def key(self) -> str:
        """``2026-47``, a supplement ``2026-z2``: names the issue in commands, addresses and files."""
        return f"{self.dated.year}-{'z' if self.supplement else ''}{self.number}"

    @property
    def version(self) -> str:
        """Changes with every change of the file, by whomever: give it back as ``seen``."""
        return self._version

    def at_version(self, version: str) -> Issue:
        """The same issue, as the file of that version says it."""
        self._version = version
        return self

    @property
    def called(self) -> str:
        """``2026年第47期`` or ``2026年增刊第2期``."""
        return f"{self.dated.year}年{'增刊' if self.supplement else ''}第{self.number}期"

    @property
    def digest(self) -> str:
        """Stands for the content: two issues with one digest read alike."""
        return digest_of(self.model_dump(mode="json", include=set(CONTENT)))

    def item(self, story_id: str) -> Item | None:
        """The item of a story, or ``None``."""
        return next((item for item in self.items if item.story == story_id), None)

    def standing(self) -> dict[int, Review]:
        """The reviews that hold for the present content, by stage: the last word of each stage."""
        last = {one.stage: one for one in self.reviews if not one.pulled_back}
        return {
            stage: one
            for stage, one in sorted(last.items())
            if one.digest == self.digest and one.decision == "passed"
        }
