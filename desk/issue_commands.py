"""``jianbao issue …``: the issue from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from ..index.clock import week_of
from ..index.limits import ISSUE_ITEMS
from .console import out, plain, print_json
from .issue import Issue, Issues, Item, Proposal, State, propose
from .names import sections
from .session import Session, story_of

issue_app = typer.Typer(no_args_is_help=True, help="Make, fill, order and lock issues.")

Number = Annotated[int, typer.Argument(help="The issue's number.", min=1)]
StoryPrefix = Annotated[str, typer.Argument(help="The story's id, or its first digits.")]


@issue_app.command("new")
def new(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="ISO week such as 2026-W47 (default: this week).")] = "",
    number: Annotated[int, typer.Option(help="The issue's number (default: the next).", min=0)] = 0,
    most: Annotated[
        int, typer.Option(help="Stories proposed at most.", min=0, max=ISSUE_ITEMS)
    ] = 12,
    empty: Annotated[bool, typer.Option("--empty", help="Propose nothing.")] = False,
) -> None:
    """Make an issue and propose its stories, each with the reason."""
    session = Session.of(context)
    new_issue(
        session,
        week=week or week_of(session.clock().date()),
        number=number,
        most=0 if empty else most,
    )


def new_issue(
    session: Session, *, week: str, number: int = 0, most: int = 12, lock: bool = False
) -> None:
    """Makes an issue with at most ``most`` proposed stories; prints them with the reasons.

    ``number`` 0 is the next one. ``lock`` is for the demo: nobody sits there to look it over.
    """
    issues = _issues(session)
    existing = issues.all()
    proposals = _propose(session, existing, week, most)
    issue = Issue(
        number=number or max((one.number for one in existing), default=0) + 1,
        week=week,
        dated=session.clock().date(),
        state="locked" if lock else "open",
        items=tuple(Item(story=one.story.id, section=one.section) for one in proposals),
    )
    issues.create(issue)
    out.print(
        f"Issue {issue.number} for {week}: {len(proposals)} stories, in {issues.path(issue.number)}"
    )
    for place, one in enumerate(proposals, 1):
        out.print(
            f"{place:3}  {one.story.id}  {plain(one.story.headline)}  ({one.section}; {one.why})"
        )
    if not proposals and most:
        out.print(f"No relevant story of that week is left: see `jianbao stories --week {week}`.")


def _propose(session: Session, existing: list[Issue], week: str, most: int) -> list[Proposal]:
    groups = sections(session.workspace().themes())
    with session.read() as store:
        known = [(story, annotation) for story, annotation in store.annotated() if annotation]
        folds = store.folds()
    used = frozenset(item.story for issue in existing for item in issue.items)
    return propose(known, week=week, used=used, firsts=folds, sections=groups, most=most)


@issue_app.command("list")
def list_issues(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List the issues."""
    issues = _issues(Session.of(context)).all()
    if json:
        for issue in issues:
            print_json(issue.model_dump(mode="json"))
        return
    for issue in issues:
        out.print(
            f"{issue.number:4}  {issue.week}  {issue.dated}  {issue.state:6}  {len(issue.items)} stories"
        )
    if not issues:
        out.print("No issue yet: make one with `jianbao issue new`.")


@issue_app.command("show")
def show(context: typer.Context, number: Number) -> None:
    """Show what an issue holds, in order of print."""
    session = Session.of(context)
    issue = _issues(session).get(number)
    out.print(f"Issue {issue.number}, {issue.week}, dated {issue.dated}, {issue.state}")
    with session.read() as store:
        for place, item in enumerate(issue.items, 1):
            story = store.story(item.story)
            headline = item.headline or (
                story.headline if story else "(this story is not in the store)"
            )
            out.print(f"{place:3}  {item.story}  {item.section}  {plain(headline)}")


@issue_app.command("add")
def add(
    context: typer.Context,
    number: Number,
    story: StoryPrefix,
    section: Annotated[
        str, typer.Option(help="The section 栏目 (default: by the story's theme).")
    ] = "",
    at: Annotated[int, typer.Option(help="Its place, from 1 (default: the end).", min=0)] = 0,
) -> None:
    """Add a story."""
    session = Session.of(context)
    with session.read() as store:
        story_id = story_of(store, story)
        annotation = store.annotation(story_id)
    primary = annotation.themes[0] if annotation and annotation.themes else ""
    group = sections(session.workspace().themes()).get(primary, "")
    _issues(session).add(number, Item(story=story_id, section=section or group), at or None)
    out.print(f"Story {story_id} stands in issue {number}.")


@issue_app.command("drop")
def drop(context: typer.Context, number: Number, story: StoryPrefix) -> None:
    """Take a story out."""
    issues = _issues(Session.of(context))
    story_id = _item(issues.get(number), story)
    issues.drop(number, story_id)
    out.print(f"Story {story_id} no longer stands in issue {number}.")


@issue_app.command("move")
def move(
    context: typer.Context,
    number: Number,
    story: StoryPrefix,
    to: Annotated[int, typer.Argument(help="Its new place, from 1.")],
) -> None:
    """Move a story to another place."""
    issues = _issues(Session.of(context))
    issues.move(number, _item(issues.get(number), story), to)
    out.print(f"Moved to place {to} of issue {number}.")


@issue_app.command("lock")
def lock(context: typer.Context, number: Number) -> None:
    """Lock an issue: it is published by the next `jianbao build`, and no longer changed."""
    _set_state(context, number, "locked")


@issue_app.command("unlock")
def unlock(context: typer.Context, number: Number) -> None:
    """Open a locked issue again; the next build takes it off the site."""
    _set_state(context, number, "open")


def _set_state(context: typer.Context, number: int, state: State) -> None:
    _issues(Session.of(context)).set_state(number, state)
    out.print(f"Issue {number} is {state}.")


def _issues(session: Session) -> Issues:
    return Issues(session.workspace().issues_folder)


def _item(issue: Issue, prefix: str) -> str:
    """The one story of the issue whose id begins so; the prefix itself when there is none."""
    found = [item.story for item in issue.items if item.story.startswith(prefix)]
    return found[0] if len(found) == 1 else prefix
