"""``jianbao issue …``: making and filling an issue. Reviewing it stands in :mod:`.review_commands`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ..index.clock import week_of
from ..index.limits import ISSUE_ITEMS
from ..index.store import Store
from .choosing import Proposal
from .console import out, plain, print_json
from .effort import effort, note_action
from .frozen import story_text
from .issue import Issue, Item
from .names import day, sections
from .session import Session, story_of
from .tray import proposals

issue_app = typer.Typer(
    no_args_is_help=True,
    help="Make, fill, check, review and sign issues. An issue is named by its number (47, of a supplement"
    " z2) or, for an earlier year, by its key (2025-47).",
)

Number = Annotated[str, typer.Argument(help="The issue: 47, z2 (a supplement), or 2026-47.")]
StoryPrefix = Annotated[str, typer.Argument(help="The story's id, or its first digits.")]
By = Annotated[str, typer.Option("--by", help="Who does it, for the trail.", envvar="JIANBAO_BY")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@issue_app.command("new")
def new(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="ISO week such as 2026-W47 (default: this week).")] = "",
    number: Annotated[int, typer.Option(help="The issue's number (default: the next).", min=0)] = 0,
    total: Annotated[
        int,
        typer.Option(help="The running number 总期 (default: the next, where one is kept).", min=0),
    ] = 0,
    supplement: Annotated[
        bool, typer.Option("--supplement", help="A supplement 增刊, numbered apart.")
    ] = False,
    gap: Annotated[str, typer.Option(help="Why numbers before it are missing, if they are.")] = "",
    dated: Annotated[str, typer.Option(help="Day of issue, YYYY-MM-DD (default: today).")] = "",
    most: Annotated[
        int,
        typer.Option(
            help="Stories proposed at most (default: as criteria.toml says).",
            min=0,
            max=ISSUE_ITEMS,
        ),
    ] = 0,
    empty: Annotated[bool, typer.Option("--empty", help="Propose nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be proposed.")
    ] = False,
    by: By = "",
) -> None:
    """Make an issue of the week's best stories, each with its points and the reason for them."""
    session = Session.of(context)
    week = week or week_of(session.clock().date())
    found = [] if empty else _proposed(session, week, most)
    if dry_run:
        print_proposals(found)
        return
    issue = make_issue(
        session,
        week=week,
        number=number,
        total=total,
        supplement=supplement,
        gap=gap,
        dated=day(dated, "--dated"),
        chosen=found,
        by=by,
    )
    out.print(
        f"Issue {issue.key} for {week}: {len(found)} stories, in {session.issues().path(issue.key)}"
    )
    print_proposals(found)
    if not found and not empty:
        out.print(f"No relevant story of that week is left: see `jianbao stories --week {week}`.")


@issue_app.command("propose")
def propose(
    context: typer.Context,
    number: Number,
    most: Annotated[
        int,
        typer.Option(
            help="Stories proposed at most (default: up to the criteria's number).", min=0
        ),
    ] = 0,
    add: Annotated[bool, typer.Option("--add", help="Add them at the end.")] = False,
    json: Json = False,
    by: By = "",
) -> None:
    """Propose further stories for an issue; what stands in it is never touched."""
    session = Session.of(context)
    issues = session.issues()
    issue = issues.get(issues.resolve(number))
    found = _proposed(session, issue.week, most, issue.key)
    if json:
        for one in found:
            print_json(proposal_record(one))
    else:
        print_proposals(found)
    if add and found:
        items = [Item(story=one.story.id, section=one.section) for one in found]
        issues.add_all(issue.key, items, by=by)
        note_action(session.book(), issue.key, "add", session.clock(), by=by)
        out.print(f"{len(found)} stories added to issue {issue.key}.")
    elif not found:
        out.print("Nothing further is proposed.")


def make_issue(
    session: Session,
    *,
    week: str,
    chosen: Sequence[Proposal] = (),
    number: int = 0,
    total: int = 0,
    supplement: bool = False,
    gap: str = "",
    dated: date | None = None,
    by: str = "",
) -> Issue:
    """Makes an issue of what was proposed; ``number`` and ``total`` 0 are the next ones."""
    issues = session.issues()
    dated = dated or session.clock().date()
    issue = issues.create(
        Issue(
            number=number or issues.next_number(dated.year, supplement=supplement),
            total=0 if supplement else total or issues.next_total(),
            supplement=supplement,
            gap=gap,
            week=week,
            dated=dated,
            items=tuple(Item(story=one.story.id, section=one.section) for one in chosen),
        ),
        by=by,
    )
    note_action(session.book(), issue.key, "new", session.clock(), by=by)
    return issue


def _proposed(session: Session, week: str, most: int, issue: str = "") -> list[Proposal]:
    with session.read() as store:
        return proposals(session, store, week, most=most, issue=issue)


def print_proposals(found: Sequence[Proposal]) -> None:
    """Every proposal with its section, its points and the reason."""
    for place, one in enumerate(found, 1):
        out.print(f"{place:3}  {one.story.id}  {plain(one.story.headline)}  ({one.section})")
        out.print(plain(f"     {one.why}"))


def proposal_record(one: Proposal) -> dict[str, Any]:
    """A proposal as plain data."""
    return {
        "id": one.story.id,
        "headline": one.story.headline,
        "section": one.section,
        "score": one.score,
        "why": one.why,
        "parts": [
            {"criterion": part.criterion, "points": part.points, "most": part.most, "why": part.why}
            for part in one.parts
        ],
    }


@issue_app.command("list")
def list_issues(context: typer.Context, json: Json = False) -> None:
    """List the issues with their state and how many stories they hold."""
    session = Session.of(context)
    issues = session.issues().all()
    for issue in issues:
        if json:
            print_json({"key": issue.key, **issue.model_dump(mode="json")})
            continue
        spent = effort(session.book(), issue.key)
        took = f"  {spent.total} actions, {spent.minutes:.0f} min" if spent.total else ""
        out.print(
            f"{issue.key:9}  {issue.week}  {issue.dated}  {issue.state:6}  {len(issue.items)} stories{took}"
        )
    if not issues and not json:
        out.print("No issue yet: make one with `jianbao issue new`.")


@issue_app.command("show")
def show(context: typer.Context, number: Number, json: Json = False) -> None:
    """Show what an issue holds, in order of print, and where it stands."""
    session = Session.of(context)
    issues = session.issues()
    issue = issues.get(issues.resolve(number))
    if json:
        print_json({"key": issue.key, **issue.model_dump(mode="json")})
        return
    total = f", total {issue.total}" if issue.total else ""
    out.print(f"Issue {issue.key}{total}, {issue.week}, dated {issue.dated}, {issue.state}")
    with session.read() as store:
        for place, item in enumerate(issue.items, 1):
            story = story_text(store, session.book(), item)
            own = story.headline if story else "(this story is not in the store)"
            mark = " *" if item.headline or item.deck or item.text else ""
            out.print(
                f"{place:3}  {item.story}  {item.section}  {plain(item.headline or own)}{mark}"
            )
    if any(item.headline or item.deck or item.text for item in issue.items):
        out.print("* edited")
    for one in issue.reviews:
        taken = ", pulled back" if one.pulled_back else ""
        remark = f": {plain(one.remark)}" if one.remark else ""
        out.print(
            f"review {one.stage} {one.decision} by {plain(one.by)}, {one.at:%Y-%m-%d %H:%M}{taken}{remark}"
        )
    if issue.signed_at:
        out.print(f"signed by {plain(issue.signed_by)}, {issue.signed_at:%Y-%m-%d %H:%M}")
    for change in issue.changes:
        about = f" {change.story}" if change.story else ""
        out.print(f"{change.kind}{about} {change.at:%Y-%m-%d}: {plain(change.text)}")


@issue_app.command("add")
def add(
    context: typer.Context,
    number: Number,
    story: StoryPrefix,
    section: Annotated[
        str, typer.Option(help="The section 栏目 (default: by the story's theme).")
    ] = "",
    at: Annotated[int, typer.Option(help="Its place, from 1 (default: the end).", min=0)] = 0,
    by: By = "",
) -> None:
    """Add a story."""
    session = Session.of(context)
    issues = session.issues()
    key = issues.resolve(number)
    with session.read() as store:
        story_id = story_of(store, story)
        group = section_of(session, store, story_id)
    issues.add(key, Item(story=story_id, section=section or group), at or None, by=by)
    note_action(session.book(), key, "add", session.clock(), by=by)
    out.print(f"Story {story_id} stands in issue {key}.")


def section_of(session: Session, store: Store, story_id: str) -> str:
    """The section that a story stands in by its first theme, or an empty text."""
    annotation = store.annotation(story_id)
    primary = annotation.themes[0] if annotation and annotation.themes else ""
    return sections(session.workspace().themes()).get(primary, "")


@issue_app.command("drop")
def drop(context: typer.Context, number: Number, story: StoryPrefix, by: By = "") -> None:
    """Take a story out."""
    session = Session.of(context)
    key, story_id = item_of(session, number, story)
    session.issues().drop(key, story_id, by=by)
    note_action(session.book(), key, "drop", session.clock(), by=by)
    out.print(f"Story {story_id} no longer stands in issue {key}.")


@issue_app.command("move")
def move(
    context: typer.Context,
    number: Number,
    story: StoryPrefix,
    to: Annotated[int, typer.Argument(help="Its new place, from 1.")],
    by: By = "",
) -> None:
    """Move a story to another place."""
    session = Session.of(context)
    key, story_id = item_of(session, number, story)
    session.issues().move(key, story_id, to, by=by)
    note_action(session.book(), key, "move", session.clock(), by=by)
    out.print(f"Moved to place {to} of issue {key}.")


@issue_app.command("edit")
def edit(
    context: typer.Context,
    number: Number,
    story: StoryPrefix,
    headline: Annotated[
        str | None, typer.Option(help="The headline; '' for the story's own.")
    ] = None,
    deck: Annotated[str | None, typer.Option(help="The deck 副题; '' for the story's own.")] = None,
    text: Annotated[
        Path | None,
        typer.Option(
            help="A UTF-8 file with the text, one paragraph a line.", exists=True, dir_okay=False
        ),
    ] = None,
    own_text: Annotated[
        bool, typer.Option("--own-text", help="The story's own text again.")
    ] = False,
    note: Annotated[
        str | None, typer.Option(help="The 按语 printed before it; '' for none.")
    ] = None,
    section: Annotated[str | None, typer.Option(help="The section 栏目.")] = None,
    by: By = "",
) -> None:
    """Change headline, deck, text, note or section of a story in an issue; the source stays as it is."""
    session = Session.of(context)
    key, story_id = item_of(session, number, story)
    if text is not None and own_text:
        raise typer.BadParameter("--text and --own-text contradict each other")
    words = "" if own_text else _read(text) if text else None
    if all(value is None for value in (headline, deck, note, section, words)):
        raise typer.BadParameter(
            "say what to change: --headline, --deck, --text, --note, --section"
        )
    session.issues().edit(
        key, story_id, headline=headline, deck=deck, text=words, note=note, section=section, by=by
    )
    note_action(session.book(), key, "edit", session.clock(), by=by)
    out.print(f"Story {story_id} of issue {key} is changed.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").strip("\n")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not UTF-8; save it as UTF-8") from None


@issue_app.command("note")
def note(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="The 编者按 before the stories; '' for none.")],
    by: By = "",
) -> None:
    """Set the editor's note 编者按 of an issue."""
    session = Session.of(context)
    issues = session.issues()
    key = issues.resolve(number)
    issues.set_note(key, text, by=by)
    note_action(session.book(), key, "note", session.clock(), by=by)
    out.print(f"Issue {key} has {'no note' if not text else 'a new note'}.")


@issue_app.command("undo")
def undo(
    context: typer.Context,
    number: Number,
    redo: Annotated[bool, typer.Option("--redo", help="Take the last undo back.")] = False,
    by: By = "",
) -> None:
    """Take the last change back; of a file that was broken by hand, put the last good text back."""
    session = Session.of(context)
    issues = session.issues()
    key = issues.resolve(number)
    issues.redo(key, by=by) if redo else issues.undo(key, by=by)
    note_action(session.book(), key, "redo" if redo else "undo", session.clock(), by=by)
    out.print(f"Issue {key} is as it was {'after' if redo else 'before'} the change.")


def item_of(session: Session, number: str, prefix: str) -> tuple[str, str]:
    """The issue's key, and the one story of it whose id begins so; the prefix itself if there is none."""
    issues = session.issues()
    key = issues.resolve(number)
    found = [item.story for item in issues.get(key).items if item.story.startswith(prefix)]
    return key, found[0] if len(found) == 1 else prefix
