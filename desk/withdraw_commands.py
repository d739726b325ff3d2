"""``jianbao withdraw``: a story out of every output, with a tombstone and a log."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import out, plain, print_json, progress
from .indexing import bring_up_to_date
from .issue_commands import By, Json
from .publishing import build_into
from .session import Session, story_of
from .withdrawal import restore, withdraw, withdrawal_log


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("withdraw")(withdraw_story)


def withdraw_story(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")] = "",
    why: Annotated[str, typer.Option(help="Why: readers see it at the story's address.")] = "",
    by: By = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Let the story in again; the log keeps both.")
    ] = False,
    only_this: Annotated[
        bool,
        typer.Option("--only-this", help="Leave copies of it in other sources where they are."),
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show the log.")] = False,
    json: Json = False,
) -> None:
    """Take a story out of site, searches, feeds and documents; its address says that it was withdrawn.

    A site that was built into public/ is brought up to date at once; one that was copied elsewhere
    needs copying again.
    """
    session = Session.of(context)
    if listed:
        _list(session, json=json)
        return
    if not story or not why.strip():
        raise typer.BadParameter("say which story and why: jianbao withdraw ID --why TEXT")
    workspace = session.workspace()
    with session.read() as store:
        story_id = story_of(store, story)
        record, folds = store.story(story_id), store.folds()
    headline = record.headline if record else ""
    fold = folds.get(story_id, story_id)
    copies = [one for one, first in folds.items() if first == fold and one != story_id]
    if undo:
        restore(session, story_id, why=why, by=by)
    else:
        withdraw(
            session, story_id, why=why, by=by, headline=headline, copies=() if only_this else copies
        )
    out.print(plain(f"Story {story_id} {headline} is {'let in again' if undo else 'withdrawn'}."))
    if copies and not undo:
        out.print(f"Its copies {'stay' if only_this else 'too'}: {' '.join(copies)}")
    with session.write("withdraw") as store, progress() as bars:
        bring_up_to_date(workspace, store, bars)
        if (workspace.public_folder / "index.html").is_file():
            build_into(workspace.public_folder, store, session, bars)
            out.print("The searches and the site in public/ are up to date.")
        else:
            out.print("The editors' search is up to date; the site has not been built yet.")


def _list(session: Session, *, json: bool) -> None:
    log = withdrawal_log(session.workspace())
    for one in log:
        if json:
            print_json(one.model_dump(mode="json"))
            continue
        state = (
            f"undone {one.undone_at:%Y-%m-%d} ({one.undone_why})" if one.undone_at else "withdrawn"
        )
        out.print(
            plain(
                f"{one.at:%Y-%m-%d}  {one.story}  {state}  {one.headline}: {one.why} ({one.by or '-'})"
            )
        )
    if not log and not json:
        out.print("Nothing was ever withdrawn.")
