"""Three reviews 三审三校: lock, review, pull back, sign, correct; each with who, when and about what.

A review holds for the content that was read: a change afterwards means that all stages are passed again.
A returned issue is open again. A signature is for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal

from ..index.errors import JianbaoError
from ..index.limits import PULL_BACK_MINUTES
from ..index.store import Store
from .checks import Checks, findings
from .finding import KINDS, Finding
from .frozen import keep_texts
from .issue import Acknowledgement, Change, Decision, Issue, IssueIsNotReady, ItemIsWrong, Review
from .session import Session

Stage = Literal[1, 2, 3]
STAGES: dict[int, str] = {1: "一审", 2: "二审", 3: "三审"}
DECISIONS: dict[Decision, str] = {"passed": "通过", "returned": "退回"}


class FindingsAreOpen(JianbaoError):
    """Serious findings stand in the way of locking. ``findings`` holds them."""

    code = "JB-436"
    what = "{count} findings stand open, the first: {first}"
    remedy = (
        "mend them, or let one stand with its reason: `jianbao issue lock {number} --accept KEY=REASON`;"
        " `jianbao issue check {number}` lists them"
    )
    what_zh = "还有 {count} 处校对发现没有处理，第一处：{first_zh}"
    remedy_zh = "请改正，或逐条写明理由后保留"

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, issue: Issue, standing: Sequence[Finding]) -> FindingsAreOpen:
        """The error for these findings."""
        first = standing[0]
        error = cls(
            issue.called,
            count=len(standing),
            number=issue.key,
            first=f"{first.message_en} (“{first.words}”)" if first.words else first.message_en,
            first_zh=first.message_zh,
        )
        error.findings = tuple(standing)
        return error


class NameIsMissing(JianbaoError):
    """A review is somebody's."""

    code = "JB-437"
    what = "a review needs the name of who reviews"
    remedy = "give it with --by NAME"
    what_zh = "审稿须署名"
    remedy_zh = "请填写审稿人姓名"


def next_stage(issue: Issue) -> Stage | None:
    """The review that comes next, or ``None`` when all three have passed for the present content."""
    standing = issue.standing()
    stages: tuple[Stage, ...] = (1, 2, 3)
    return next((stage for stage in stages if stage not in standing), None)


def acknowledge(
    session: Session, found: Sequence[Finding], reasons: Mapping[str, str], by: str
) -> list[Acknowledgement]:
    """The findings that the editor lets stand, by :attr:`Finding.key`, each with its reason.

    Raises:
        ItemIsWrong: a key is none of an open finding that may stand, or its reason is empty.
    """
    known = {one.key: one for one in found}
    made: list[Acknowledgement] = []
    for key, why in reasons.items():
        one = known.get(key)
        problem = (
            f"there is no finding {key}"
            if one is None
            else f"finding {key} cannot stand: {one.message_en}"
            if one.severity == "stop"
            else ""
            if why.strip()
            else f"finding {key} needs a reason"
        )
        if one is None or problem:
            raise ItemIsWrong(number="", problem=problem)
        about = f"{KINDS[one.kind]}：{one.message_zh}"
        made.append(
            Acknowledgement(finding=key, about=about, why=why.strip(), by=by, at=session.clock())
        )
    return made


def lock(
    session: Session,
    store: Store,
    key: str,
    *,
    by: str,
    accept: Mapping[str, str] | None = None,
    seen: str = "",
    checks: Checks | None = None,
) -> Issue:
    """Checks an issue and freezes it, with the texts of its stories, for review.

    ``accept``: finding's key → why it may stand.

    Raises:
        FindingsAreOpen: some are neither mended nor accepted.
        NameIsMissing: nobody answers for it.
    """
    _check_name(by)
    issues = session.issues()
    issue = issues.get(key)
    found = findings(session, store, issue, checks)
    made = acknowledge(session, found, accept or {}, by)
    accepted = {one.finding for one in made}
    if standing := [one for one in found if one.open and one.key not in accepted]:
        raise FindingsAreOpen.of(issue, standing)
    stories = [story for story in (store.story(item.story) for item in issue.items) if story]
    versions = keep_texts(session.book(), stories)
    return issues.lock(key, versions, made, by=by, seen=seen or issue.version)


def pass_review(
    session: Session,
    key: str,
    *,
    stage: Stage | None = None,
    by: str,
    remark: str = "",
    seen: str = "",
) -> Issue:
    """Passes the next review (``stage`` only says which one the caller means)."""
    return _review(session, key, stage, by, "passed", remark, seen)


def return_review(
    session: Session, key: str, *, stage: Stage | None = None, by: str, remark: str, seen: str = ""
) -> Issue:
    """Returns an issue to the editor with a remark; it is open again."""
    return _review(session, key, stage, by, "returned", remark, seen)


def _review(
    session: Session,
    key: str,
    stage: Stage | None,
    by: str,
    decision: Decision,
    remark: str,
    seen: str,
) -> Issue:
    _check_name(by)
    issues = session.issues()
    issue = issues.get(key)
    due = next_stage(issue)
    if issue.state == "locked" and (due is None or stage not in (None, due)):
        wanted = STAGES[due] if due else ""
        raise IssueIsNotReady(
            issues.path(key), number=key,
            problem=f"review {due} comes next" if due else "all three reviews have passed",
            problem_zh=f"下一步是{wanted}" if due else "三审都已通过",
            next=f"`jianbao issue {f'review {key}' if due else f'sign {key}'}`",
            next_zh=f"请先完成{wanted}" if due else "请签发",
        )  # fmt: skip
    review = Review(
        stage=due or 1,
        by=by,
        at=session.clock(),
        decision=decision,
        remark=remark,
        digest=issue.digest,
    )
    state = "open" if decision == "returned" else "locked"
    return issues.add_review(key, review, by=by, seen=seen or issue.version, state=state)


def pull_back(session: Session, key: str, *, by: str) -> Issue:
    """Takes the last review back: by who gave it, within :data:`~.limits.PULL_BACK_MINUTES`.

    Raises:
        IssueIsNotReady: there is none of that person, it is too late, or the issue is signed.
    """
    issues = session.issues()
    issue = issues.get(key)
    last = next((one for one in reversed(issue.reviews) if not one.pulled_back), None)
    now = session.clock()
    late = last is not None and now - last.at > timedelta(minutes=PULL_BACK_MINUTES)
    if last is None or last.by != by or late:
        problem, zh = (
            (f"{PULL_BACK_MINUTES} minutes have passed", f"已过{PULL_BACK_MINUTES}分钟")
            if last and late
            else (f"the last review is not {by}'s", f"最近一次审稿不是{by}作的")
        )
        raise IssueIsNotReady(
            issues.path(key), number=key, problem=problem, problem_zh=zh,
            next=f"return it with a remark: `jianbao issue review {key} --return`",
            next_zh="请用退回并写明意见",
        )  # fmt: skip
    taken = [
        one.model_copy(update={"pulled_back": now}) if one is last else one for one in issue.reviews
    ]
    return issues.put_reviews(key, taken, by=by, seen=issue.version)


def sign(session: Session, store: Store, key: str, *, by: str, seen: str = "") -> Issue:
    """Signs 签发 a locked issue whose reviews have passed; the next build publishes it.

    Raises:
        IssueIsNotReady: a review that the workspace asks for is missing.
        FindingsAreOpen: a story was withdrawn, or its rights ended, after locking.
    """
    _check_name(by)
    issues = session.issues()
    issue = issues.get(key)
    due = next_stage(issue)
    if (
        issue.state == "locked"
        and due is not None
        and due <= session.workspace().settings.issue.reviews
    ):
        raise IssueIsNotReady(
            issues.path(key), number=key,
            problem=f"review {due} has not passed", problem_zh=f"{STAGES[due]}还没有通过",
            next=f"`jianbao issue review {key} --by NAME`", next_zh=f"请先完成{STAGES[due]}",
        )  # fmt: skip
    if issue.state == "locked":
        late = [one for one in findings(session, store, issue) if one.open]
        if late:
            raise FindingsAreOpen.of(issue, late)
    return issues.sign(key, by=by, seen=seen or issue.version)


def correct(
    session: Session, key: str, *, text: str, by: str, story: str = "", seen: str = ""
) -> Issue:
    """Adds a correction 更正 to a signed issue, about a story of it or about the whole.

    Raises:
        ItemIsWrong: the story does not stand in it, or the correction says nothing.
    """
    _check_name(by)
    issues = session.issues()
    issue = issues.get(key)
    if story and issue.item(story) is None:
        raise ItemIsWrong(number=key, problem=f"story {story} does not stand in it")
    if not text.strip():
        raise ItemIsWrong(number=key, problem="a correction says what is right")
    change = Change(at=session.clock(), kind="correction", story=story, text=text.strip(), by=by)
    return issues.add_change(key, change, seen=seen)


def _check_name(by: str) -> None:
    if not by.strip():
        raise NameIsMissing()
