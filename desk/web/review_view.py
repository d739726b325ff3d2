"""Checking, locking, the three reviews and the signature; and the trail of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ...index.limits import PULL_BACK_MINUTES
from ...index.store import Store
from ..checks import findings
from ..finding import KINDS, Finding
from ..frozen import texts_of
from ..issue import Issue
from ..review import (
    DECISIONS,
    STAGES,
    FindingsAreOpen,
    correct,
    lock,
    next_stage,
    pass_review,
    pull_back,
    return_review,
    sign,
)
from ..trail import trail, trail_csv, trail_markdown
from .ask import Ask, wrong
from .current import Next, count, editor, issue_facts, remember_editor
from .issue_view import get, lines_of

SEVERITIES: Final = {"stop": "必须改", "ask": "要说明", "note": "提示"}
REASONS: Final = (
    "已核对原文，无误",
    "已向来源单位核实",
    "已获当事人同意刊出",
    "编辑表述，不涉及事实",
)
REMARK_CHARACTERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding as the page shows it, with the link to its place."""

    finding: Finding
    kind: str
    severity: str
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one item; of the issue itself when ``place`` is 0."""

    place: int
    headline: str
    story: str
    notes: tuple[Noted, ...]


def check(ask: Ask, error: FindingsAreOpen | None = None) -> Response:
    """What the checks found, each with its place; then the way on."""
    issue = get(ask)
    with ask.room.read() as store:
        found = findings(ask.room.session, store, issue, ask.room.checks()) if store else []
    groups = _groups(ask, issue, found)
    counts = {
        key: sum(one.severity == key and not one.acknowledged for one in found)
        for key in SEVERITIES
    }
    then = None if issue.state == "open" else Next("去审签 →", f"/issue/{issue.key}/review")
    return ask.page(
        "check.html", status=422 if error else 200, groups=groups, counts=counts, error=error,
        reasons=REASONS, severities=SEVERITIES, quiet_items=len(issue.items) - sum(g.place > 0 for g in groups),
        typed={key: ask.first(key) for key in ask.form},
        by=ask.first("by") or editor(ask) or (issue.editors[0] if issue.editors else ""),
        **issue_facts(ask, issue, "check", then),
    )  # fmt: skip


def _groups(ask: Ask, issue: Issue, found: list[Finding]) -> list[Group]:
    by_story: dict[str, list[Finding]] = {}
    for one in found:
        by_story.setdefault(one.story_id, []).append(one)
    heads = {line.item.story: (line.place, line.headline) for line in lines_of(ask, issue)}
    order = {"stop": 0, "ask": 1, "note": 2}
    groups: list[Group] = []
    for story, some in by_story.items():
        place, headline = heads.get(story, (0, "本期"))
        some.sort(key=lambda one: (one.acknowledged is not None, order[one.severity]))
        notes = tuple(
            Noted(one, KINDS[one.kind], SEVERITIES[one.severity], _place(issue, one))
            for one in some
        )
        groups.append(Group(place, headline, story, notes))
    return sorted(groups, key=lambda group: group.place)


def _place(issue: Issue, one: Finding) -> str:
    if not one.story_id:
        return f"/issue/{issue.key}"
    anchor = (
        f"#at-{one.field}-{one.start}-{one.end}"
        if one.field in ("headline", "deck", "text", "note")
        else ""
    )
    return f"/issue/{issue.key}/edit/{one.story_id}{anchor}"


def freeze(ask: Ask) -> Response:
    """Locks the issue for review. Open findings come back with the page, and with what was typed."""
    issue = get(ask)
    by = ask.line("by", "编辑姓名", needed=True)
    for_all = ask.line("why-all", "统一理由")
    with ask.room.read() as store:
        assert store is not None  # noqa: S101 - an issue without a store has no items to lock
        reasons = _reasons(ask, store, issue, for_all)
        try:
            lock(
                ask.room.session, store, issue.key, by=by, accept=reasons, checks=ask.room.checks()
            )
        except FindingsAreOpen as error:
            return check(ask, error)
    count(ask, issue.key, "lock")
    return remember_editor(ask.go(f"/issue/{issue.key}/review", said="locked"), by)


def _reasons(ask: Ask, store: Store, issue: Issue, for_all: str) -> dict[str, str]:
    """Finding → why it may stand: its own reason, else the one that the editor gave for the rest."""
    reasons: dict[str, str] = {}
    for one in findings(ask.room.session, store, issue, ask.room.checks()):
        why = ask.line(f"why-{one.key}", "理由") or for_all
        if one.severity == "ask" and one.acknowledged is None and why:
            reasons[one.key] = why
    return reasons


def unlock(ask: Ask) -> Response:
    """Opens a locked issue again."""
    issue = get(ask)
    ask.room.session.issues().unlock(issue.key, by=editor(ask))
    count(ask, issue.key, "unlock")
    return ask.go(f"/issue/{issue.key}", said="unlocked")


def show(ask: Ask) -> Response:
    """The three reviews, the signature, and what happened so far."""
    issue = get(ask)
    due = next_stage(issue) if issue.state == "locked" else None
    wanted = ask.room.workspace().settings.issue.reviews
    ready = issue.state == "locked" and (due is None or due > wanted)
    last = next((one for one in reversed(issue.reviews) if not one.pulled_back), None)
    then = (
        Next("去校对并锁定 →", f"/issue/{issue.key}/check") if issue.state == "open"
        else Next("去导出 →", f"/issue/{issue.key}/export") if issue.state == "signed" else None
    )  # fmt: skip
    with ask.room.read() as store:
        session = ask.room.session
        stories = texts_of(store, session.book(), issue) if store else {}
        told = trail(issue, session.issues().history, stories)
    facts: dict[str, Any] = {
        "stages": STAGES, "wanted": wanted, "due": due, "ready": ready, "standing": issue.standing(),
        "last": last, "minutes": PULL_BACK_MINUTES, "trail": told[::-1], "decisions": DECISIONS,
        "names": sorted({*issue.editors, *(one.by for one in issue.reviews), editor(ask)} - {""}),
        "lines": lines_of(ask, issue),
    }  # fmt: skip
    return ask.page("review.html", **facts, **issue_facts(ask, issue, "review", then))


def proof(ask: Ask) -> Response:
    """The whole issue to read, as a reviewer does: every item with its text as it will be printed."""
    issue = get(ask)
    then = Next("看完了，去审签 →", f"/issue/{issue.key}/review")
    return ask.page(
        "proof.html", lines=lines_of(ask, issue), **issue_facts(ask, issue, "review", then)
    )


def review(ask: Ask) -> Response:
    """Passes or returns the review that is due, or takes the last one back."""
    issue, act = get(ask), ask.first("act")
    by, remark = ask.line("by", "姓名", needed=True), ask.text("remark", "意见", REMARK_CHARACTERS)
    session = ask.room.session
    if act == "pass":
        pass_review(session, issue.key, by=by, remark=remark)
    elif act == "return":
        if not remark:
            raise wrong("remark", "意见", "empty", "退回要写明意见")
        return_review(session, issue.key, by=by, remark=remark)
    elif act == "pull":
        pull_back(session, issue.key, by=by)
    else:
        raise wrong("act", "操作", "unknown", "无法识别的操作")
    count(ask, issue.key, f"review-{act}")
    return ask.go(f"/issue/{issue.key}/review", said=f"review-{act}")


def put_signature(ask: Ask) -> Response:
    """Signs the issue, for good."""
    issue = get(ask)
    by = ask.line("by", "签发人", needed=True)
    with ask.room.read() as store:
        assert store is not None  # noqa: S101 - a locked issue has a store
        sign(ask.room.session, store, issue.key, by=by)
    count(ask, issue.key, "sign")
    return ask.go(f"/issue/{issue.key}/export", said="signed")


def put_correction(ask: Ask) -> Response:
    """Adds a correction to a signed issue."""
    issue = get(ask)
    text = ask.text("text", "更正内容", REMARK_CHARACTERS)
    if not text.strip():
        raise wrong("text", "更正内容", "empty", "没有填写")
    by = ask.line("by", "姓名", needed=True)
    correct(ask.room.session, issue.key, text=text, by=by, story=ask.first("story"))
    count(ask, issue.key, "correct")
    return ask.go(f"/issue/{issue.key}/review", said="correction")


def trail_file(ask: Ask) -> Response:
    """The trail as a file: for a spreadsheet, or to read."""
    issue, kind = get(ask), ask.word("kind")
    with ask.room.read() as store:
        session = ask.room.session
        stories = texts_of(store, session.book(), issue) if store else {}
        told = trail(issue, session.issues().history, stories)
    name = f"{issue.key}-trail.{'csv' if kind == 'csv' else 'md'}"
    text, media = (
        (trail_csv(told), "text/csv")
        if kind == "csv"
        else (trail_markdown(issue, told), "text/markdown")
    )
    return download(text.encode("utf-8"), name, media)


def download(data: bytes, name: str, media: str) -> Response:
    """A file to keep, never to show: what a browser would make of it does not matter."""
    return Response(
        data,
        media_type=f"{media}; charset=utf-8" if media.startswith("text/") else media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


VIEWS: Final = (
    ("GET", "/issue/{key:str}/check", check),
    ("POST", "/issue/{key:str}/lock", freeze),
    ("POST", "/issue/{key:str}/unlock", unlock),
    ("GET", "/issue/{key:str}/proof", proof),
    ("GET", "/issue/{key:str}/review", show),
    ("POST", "/issue/{key:str}/review", review),
    ("POST", "/issue/{key:str}/sign", put_signature),
    ("POST", "/issue/{key:str}/correct", put_correction),
    ("GET", "/issue/{key:str}/trail/{kind:str}", trail_file),
)
