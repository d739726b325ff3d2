"""``jianbao usage`` 用稿统计, ``jianbao coverage`` 覆盖, ``jianbao tray`` 候选稿."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..index.clock import week_of
from ..index.gazetteer import Gazetteer
from ..index.tomlfile import write_text
from .console import out, plain, print_json
from .coverage import coverage, last_weeks
from .issue_commands import By as Who
from .issue_commands import Json
from .names import choice, county_codes, day, theme_slugs
from .session import Session, story_of
from .statistics import By, chart, usage, usage_csv
from .tray import Filters, Tray, hold, reject, release, tray

tray_app = typer.Typer(
    invoke_without_command=True, help="The week's candidates, and what was decided about them."
)


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("usage")(show_usage)
    app.command("coverage")(show_coverage)
    app.add_typer(tray_app, name="tray")


def show_usage(
    context: typer.Context,
    since: Annotated[str, typer.Option("--from", help="First day (default: 1 January).")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day (default: today).")] = "",
    by: Annotated[str, typer.Option(help="county or unit.")] = "county",
    export: Annotated[Path | None, typer.Option(help="Write the table to a .csv file.")] = None,
    used_only: Annotated[bool, typer.Option("--used-only", help="Leave out the zeros.")] = False,
    json: Json = False,
) -> None:
    """Count the stories that signed issues used, by county or unit and month; zeros are shown."""
    session = Session.of(context)
    today = session.clock().date()
    first = day(since, "--from") or today.replace(month=1, day=1)
    last = day(until, "--to") or today
    kind: By = "unit" if choice(by, "--by", ("county", "unit")) == "unit" else "county"
    with session.read() as store:
        found = usage(session, store, first, last)
    rows = [row for row in found.rows(kind) if row.total or not used_only]
    if export:
        write_text(export, usage_csv(found, kind))
        out.print(f"{len(found.rows(kind))} rows written to {export}.")
        return
    for row in rows:
        if json:
            months = dict(zip(found.months, row.by_month, strict=True))
            facts = {"code": row.code, "name": row.name, "city": row.city}
            print_json({**facts, "received": row.received, "used": row.total, "months": months})
        else:
            months = " ".join(f"{count:4}" for count in row.by_month)
            out.print(
                plain(f"{row.total:4}  {months}  {row.city}{row.name} ({row.received} received)")
            )
    if json:
        return
    out.print(f"{found.stories} stories in {found.issues} signed issues, {first} to {last}")
    for bar in chart(found, kind, most=10):
        out.print(plain(f"  {'█' * max(1, round(30 * bar.share)):30} {bar.count:3} {bar.name}"))


def show_coverage(
    context: typer.Context,
    weeks: Annotated[int, typer.Option(help="How many weeks back.", min=1, max=260)] = 4,
    silent: Annotated[bool, typer.Option("--silent", help="Only the silent counties.")] = False,
    json: Json = False,
) -> None:
    """Show how many stories each county had in the last weeks, and why the silent ones are."""
    session = Session.of(context)
    with session.read() as store:
        found = coverage(session, store, last_weeks(session.clock().date(), weeks))
    for city in found.cities:
        rows = [row for row in city.counties if row.silent or not silent]
        if rows and not json:
            out.print(f"{city.name}  {sum(city.by_week)}")
        for row in rows:
            if json:
                cause = row.silent.cause if row.silent else None
                weekly = dict(zip(found.weeks, row.by_week, strict=True))
                facts = {"code": row.code, "name": row.name, "city": city.name}
                print_json({**facts, "weeks": weekly, "total": row.total, "silent": cause})
                continue
            counts = " ".join(f"{count:3}" for count in row.by_week)
            why = f"  {row.silent.words}" if row.silent else ""
            out.print(f"  {counts}  {row.name}{why}")
    if not json:
        out.print(f"{len(found.silent)} counties silent in {found.weeks[0]} to {found.weeks[-1]}")


@tray_app.callback()
def show_tray(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="ISO week (default: this week).")] = "",
    county: Annotated[str, typer.Option(help="Only this county or city.")] = "",
    theme: Annotated[str, typer.Option(help="Only this theme.")] = "",
    source: Annotated[str, typer.Option(help="Only this source, by its name.")] = "",
    state: Annotated[
        str, typer.Option(help="candidate, chosen, used, held, rejected or withdrawn.")
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", help="Also what is not Party-building news.")
    ] = False,
    json: Json = False,
) -> None:
    """Show the week's candidates, the best first, with points, reasons and what was decided."""
    if context.invoked_subcommand:
        return
    session = Session.of(context)
    places = sorted(county_codes([county])) if county else [""]
    themes = sorted(theme_slugs([theme], session.workspace().themes())) if theme else [""]
    filters = Filters(places[0], themes[0], source, "" if every else "yes", state)
    with session.read() as store:
        found = tray(session, store, week or week_of(session.clock().date()), filters)
    _print_tray(found, json=json)


def _print_tray(found: Tray, *, json: bool) -> None:
    gazetteer = Gazetteer.load()
    for one in found.candidates:
        if json:
            print_json(
                {
                    "id": one.story.id,
                    "headline": one.story.headline,
                    "counties": list(one.annotation.counties),
                    "themes": list(one.annotation.themes),
                    "source": one.story.source,
                    "reprints": [copy.id for copy in one.reprints],
                    "state": one.state,
                    "used_in": list(one.used_in),
                    "chosen_in": list(one.chosen_in),
                    "reason": one.reason,
                    "rank": one.rank,
                    "score": one.score,
                    "why": one.why,
                }
            )
            continue
        places = "、".join(map(gazetteer.county_name, one.annotation.counties))
        where = (
            f" in {' '.join((*one.used_in, *one.chosen_in))}"
            if one.used_in or one.chosen_in
            else ""
        )
        reason = f": {one.reason}" if one.reason else ""
        out.print(
            plain(
                f"{one.rank or '-':>3}  {one.story.id}  {one.story.headline}  ({places}; {one.state}{where}{reason})"
            )
        )
        out.print(plain(f"     {one.why}"))
    if not json:
        out.print(f"{len(found.candidates)} of {found.total} candidates of {found.week}")


@tray_app.command("hold")
def hold_story(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")],
    why: Annotated[str, typer.Option(help="Why.")] = "",
    by: Who = "",
) -> None:
    """Keep a story for a later issue."""
    session = Session.of(context)
    with session.read() as store:
        story_id = story_of(store, story)
    hold(session.book(), story_id, why=why, by=by, at=session.clock())
    out.print(f"Story {story_id} is held.")


@tray_app.command("reject")
def reject_story(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")],
    why: Annotated[str, typer.Option(help="Why; it is shown beside the story from now on.")],
    by: Who = "",
) -> None:
    """Set a story aside with a reason."""
    session = Session.of(context)
    with session.read() as store:
        story_id = story_of(store, story)
    reject(session.book(), story_id, why=why, by=by, at=session.clock())
    out.print(f"Story {story_id} is rejected: {plain(why)}")


@tray_app.command("release")
def release_story(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")],
) -> None:
    """Forget what was decided about a story."""
    session = Session.of(context)
    with session.read() as store:
        story_id = story_of(store, story)
    release(session.book(), story_id)
    out.print(f"Story {story_id} is a candidate again.")
