"""The issue in hand, what its next step is, and who sits at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from starlette.responses import Response

from ..effort import note_action
from ..issue import Issue
from ..names import sections
from .ask import Ask
from .room import Room

STATES: Final = {"open": "编辑中", "locked": "已锁定，审核中", "signed": "已签发"}
NAME_COOKIE: Final = "jianbao-editor"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the week: where it is done, how far it is, and whether it is past."""

    name: str
    word: str
    link: str
    told: str
    past: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next: a link, or with ``fields`` a form to send."""

    word: str
    link: str
    fields: tuple[tuple[str, str], ...] = ()


def all_issues(room: Room) -> list[Issue]:
    """Every issue, the newest last."""
    return sorted(room.session.issues().all(), key=lambda one: (one.dated, one.key))


def in_hand(issues: Sequence[Issue]) -> Issue | None:
    """The issue that is being made: the newest that is not signed."""
    waiting = [one for one in issues if one.state != "signed"]
    return waiting[-1] if waiting else None


def chosen_issue(ask: Ask, issues: Sequence[Issue]) -> Issue | None:
    """The issue that the address names, else the one in hand."""
    named = ask.query("issue")
    return next((one for one in issues if one.key == named), None) or in_hand(issues)


def steps_of(room: Room, issue: Issue | None) -> list[Step]:
    """The week's six steps, for the head of every page that belongs to it."""
    if issue is None:
        return []
    key, made = issue.key, issue.state != "open"
    wanted = room.workspace().settings.issue.reviews
    passed = len(issue.standing())
    edited = sum(bool(item.headline or item.deck or item.text or item.note) for item in issue.items)
    first = f"/issue/{key}/edit/{issue.items[0].story}" if issue.items else f"/issue/{key}"
    signed = issue.state == "signed"
    return [
        Step("tray", "选稿", f"/tray?issue={key}", str(len(issue.items)), made),
        Step("order", "编排", f"/issue/{key}", "", made),
        Step("edit", "编辑", first, f"改{edited}" if edited else "", made),
        Step("check", "校对", f"/issue/{key}/check", "", made),
        Step(
            "review", "审签", f"/issue/{key}/review", f"{passed}/{wanted}" if made else "", signed
        ),
        Step("export", "导出", f"/issue/{key}/export", "", False),
    ]


def issue_facts(ask: Ask, issue: Issue | None, here: str, then: Next | None) -> dict[str, Any]:
    """What the head of a page of the week shows."""
    return {
        "issue": issue,
        "steps": steps_of(ask.room, issue),
        "step": here,
        "then": then,
        "state": STATES[issue.state] if issue else "",
        "editor": editor(ask),
    }


def editor(ask: Ask) -> str:
    """The name that was last given at this desk; it stands in the trail."""
    return unquote(ask.request.cookies.get(NAME_COOKIE, ""))[:40]


def remember_editor(answer: Response, name: str) -> Response:
    """Keeps the name for the next form."""
    if name:
        answer.set_cookie(
            NAME_COOKIE,
            quote(name),
            max_age=365 * 86_400,
            path="/",
            httponly=True,
            samesite="strict",
        )
    return answer


def section_names(room: Room) -> list[str]:
    """The sections that an issue usually has, in order of print."""
    return list(dict.fromkeys(sections(room.workspace().themes()).values()))


def count(ask: Ask, issue_key: str, name: str) -> None:
    """Counts one of the editor's actions."""
    session = ask.room.session
    note_action(session.book(), issue_key, name[:40], session.clock(), by=editor(ask))


def short(text: str) -> str:
    """A headline for a sentence about it."""
    return text if len(text) <= 24 else f"{text[:23]}…"
