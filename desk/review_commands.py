"""``jianbao issue check/lock/review/sign/correct/trail/stats``: what comes after an issue is filled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ..index.tomlfile import write_text
from .checks import findings
from .console import out, plain, print_json
from .effort import effort, note_action
from .finding import KINDS, Finding
from .frozen import texts_of
from .issue import Issue
from .issue_commands import By, Json, Number, StoryPrefix, issue_app, item_of
from .review import (
    FindingsAreOpen,
    correct,
    lock,
    next_stage,
    pass_review,
    pull_back,
    return_review,
    sign,
)
from .session import Session
from .trail import trail, trail_csv, trail_markdown

_FIELDS = {"headline": "headline", "deck": "deck", "text": "text", "note": "note"}


@issue_app.command("check")
def check(context: typer.Context, number: Number, json: Json = False) -> None:
    """Check an issue: figures, names, places, wordings, personal data, rights, dates, repeats."""
    session = Session.of(context)
    issues = session.issues()
    issue = issues.get(issues.resolve(number))
    with session.read() as store:
        found = findings(session, store, issue)
    if json:
        for one in found:
            print_json(finding_record(one))
    else:
        print_findings(issue, found)
    if any(one.open for one in found):
        raise typer.Exit(1)


def print_findings(issue: Issue, found: Sequence[Finding]) -> None:
    """The findings, each with its key, its place and its reason."""
    place = {item.story: n for n, item in enumerate(issue.items, 1)}
    for one in found:
        where = f"item {place[one.story_id]}" if one.story_id in place else "issue"
        if one.field in _FIELDS:
            where += f" {one.field} {one.start}–{one.end}"
        state = "accepted" if one.acknowledged else one.severity
        out.print(plain(f"{one.key}  {state:8}  {KINDS[one.kind]}  {where}: {one.message_zh}"))
        if one.acknowledged:
            out.print(plain(f"              {one.acknowledged.by}: {one.acknowledged.why}"))
    open_ones = sum(one.open for one in found)
    out.print(
        f"{len(found)} findings, {open_ones} to be settled before locking."
        if found
        else "No findings."
    )


def finding_record(one: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "key": one.key,
        "kind": one.kind,
        "severity": one.severity,
        "story": one.story_id,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "words": one.words,
        "message": one.message_zh,
        "message_en": one.message_en,
        "accepted": one.acknowledged.why if one.acknowledged else None,
    }


@issue_app.command("lock")
def lock_issue(
    context: typer.Context,
    number: Number,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="KEY=REASON: let a finding stand, and why; may be given again."),
    ] = None,
    by: By = "",
) -> None:
    """Check an issue and freeze it for review. Findings are mended first, or accepted with a reason."""
    session = Session.of(context)
    key = session.issues().resolve(number)
    reasons = dict(_reason(one) for one in accept or [])
    with session.read() as store:
        try:
            lock(session, store, key, by=by, accept=reasons)
        except FindingsAreOpen as error:
            print_findings(session.issues().get(key), error.findings)
            raise
    note_action(session.book(), key, "lock", session.clock(), by=by)
    out.print(f"Issue {key} is locked: `jianbao issue review {key}` comes next.")


def _reason(given: str) -> tuple[str, str]:
    key, sign_, why = given.partition("=")
    if not sign_ or not why.strip():
        raise typer.BadParameter(
            f"{given!r} is not KEY=REASON; `jianbao issue check` shows the keys"
        )
    return key.strip(), why.strip()


@issue_app.command("unlock")
def unlock(context: typer.Context, number: Number, by: By = "") -> None:
    """Open a locked issue again; its reviews stay in the trail and hold if nothing changes."""
    session = Session.of(context)
    key = session.issues().resolve(number)
    session.issues().unlock(key, by=by)
    note_action(session.book(), key, "unlock", session.clock(), by=by)
    out.print(f"Issue {key} is open.")


@issue_app.command("review")
def review(
    context: typer.Context,
    number: Number,
    by: By = "",
    remark: Annotated[str, typer.Option(help="A remark 审稿意见.")] = "",
    returned: Annotated[
        bool, typer.Option("--return", help="Return it to the editor; it is open again.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--pull-back", help="Take your own last review back (30 minutes).")
    ] = False,
    stage: Annotated[int, typer.Option(help="1, 2 or 3 (default: the next).", min=0, max=3)] = 0,
) -> None:
    """Pass the next of the three reviews 三审, or return the issue with a remark."""
    session = Session.of(context)
    key = session.issues().resolve(number)
    if returned and not remark:
        raise typer.BadParameter("say why it is returned: --remark TEXT")
    if back:
        issue = pull_back(session, key, by=by)
    elif returned:
        issue = return_review(session, key, stage=stage or None, by=by, remark=remark)  # type: ignore[arg-type]
    else:
        issue = pass_review(session, key, stage=stage or None, by=by, remark=remark)  # type: ignore[arg-type]
    name = "pull-back" if back else "return" if returned else "review"
    note_action(session.book(), key, name, session.clock(), by=by)
    due = next_stage(issue)
    needed = session.workspace().settings.issue.reviews
    coming = (
        f"review {due} comes next"
        if due and due <= needed
        else f"`jianbao issue sign {key}` comes next"
    )
    out.print(
        f"Issue {key} is {issue.state}; {coming if issue.state == 'locked' else 'it can be edited'}."
    )


@issue_app.command("sign")
def sign_issue(context: typer.Context, number: Number, by: By = "") -> None:
    """Sign 签发 an issue for good: the next `jianbao build` publishes it."""
    session = Session.of(context)
    key = session.issues().resolve(number)
    with session.read() as store:
        sign(session, store, key, by=by)
    note_action(session.book(), key, "sign", session.clock(), by=by)
    spent = effort(session.book(), key)
    out.print(f"Issue {key} is signed, after {spent.total} actions in {spent.minutes:.0f} minutes.")


@issue_app.command("correct")
def correct_issue(
    context: typer.Context,
    number: Number,
    text: Annotated[
        str, typer.Option(help="What is right; it stands in every output from now on.")
    ],
    story: Annotated[str, typer.Option(help="The story it is about (default: the issue).")] = "",
    by: By = "",
) -> None:
    """Add a correction 更正 to a signed issue; what was signed stays as it is."""
    session = Session.of(context)
    key = session.issues().resolve(number)
    story_id = item_of(session, number, story)[1] if story else ""
    correct(session, key, text=text, by=by, story=story_id)
    note_action(session.book(), key, "correct", session.clock(), by=by)
    out.print(f"The correction stands in issue {key}; `jianbao build` publishes it.")


@issue_app.command("trail")
def show_trail(
    context: typer.Context,
    number: Number,
    export: Annotated[
        Path | None, typer.Option(help="Write it to a file instead: .csv or .md.")
    ] = None,
    json: Json = False,
) -> None:
    """Show who did what to an issue and when, and what was changed, sentence by sentence."""
    session = Session.of(context)
    issues = session.issues()
    issue = issues.get(issues.resolve(number))
    with session.read() as store:
        steps = trail(issue, issues.history, texts_of(store, session.book(), issue))
    if export:
        if export.suffix not in (".csv", ".md"):
            raise typer.BadParameter(f"--export {export}: the name ends in .csv or .md")
        text = trail_csv(steps) if export.suffix == ".csv" else trail_markdown(issue, steps)
        write_text(export, text)
        out.print(f"{len(steps)} steps written to {export}.")
        return
    for step in steps:
        if json:
            edits = [
                {
                    "story": edit.story,
                    "field": edit.field,
                    "changes": [
                        {"kind": part.kind, "before": part.before, "after": part.after}
                        for part in edit.parts
                    ],
                }
                for edit in step.edits
            ]
            print_json(
                {"at": step.at.isoformat(), "by": step.by, "act": step.act, "what": step.what}
                | {"remark": step.remark, "edits": edits}
            )
            continue
        remark = f": {step.remark}" if step.remark else ""
        out.print(plain(f"{step.at:%Y-%m-%d %H:%M}  {step.by or '-'}  {step.what}{remark}"))
        for edit in step.edits:
            out.print(plain(f"    {edit.headline} {edit.field}".rstrip()))
            for part in edit.parts:
                if part.before:
                    out.print(plain(f"      - {part.before}"))
                if part.after:
                    out.print(plain(f"      + {part.after}"))


@issue_app.command("stats")
def stats(context: typer.Context, number: Number, json: Json = False) -> None:
    """Say what an issue took: actions, minutes, and how much was edited."""
    session = Session.of(context)
    issues = session.issues()
    issue = issues.get(issues.resolve(number))
    spent = effort(session.book(), issue.key)
    edited = sum(bool(item.headline or item.deck or item.text) for item in issue.items)
    if json:
        print_json(
            {
                "key": issue.key,
                "stories": len(issue.items),
                "edited": edited,
                "actions": spent.total,
                "minutes": spent.minutes,
                "by_action": dict(spent.actions),
                "first": spent.first.isoformat() if spent.first else None,
                "last": spent.last.isoformat() if spent.last else None,
            }
        )
        return
    out.print(f"Issue {issue.key}: {len(issue.items)} stories, {edited} edited")
    out.print(f"{spent.total} actions in {spent.minutes:.1f} minutes of work")
    for name, count in spent.actions:
        out.print(f"  {name:10} {count}")


__all__ = ["StoryPrefix", "issue_app"]
