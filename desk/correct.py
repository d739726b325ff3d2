"""The command that keeps an editor's corrections, and gives them back as test cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ..index.annotation import Annotation
from ..index.correction import (
    Correction,
    CorrectionIsWrong,
    contradiction,
    save_corrections,
)
from ..index.gazetteer import Gazetteer
from ..index.localplaces import one_place
from ..index.store import Store
from ..index.story import Story
from ..index.tomlfile import write_text
from .console import out, plain, progress
from .indexing import annotated, annotator_of, bring_up_to_date
from .names import choice, theme_slugs
from .records import annotation_lines
from .session import Session, story_of
from .workspace import Workspace


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(correct)


def correct(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The story's id, or its first digits.")] = "",
    county: Annotated[
        list[str] | None, typer.Option(help="A county it is about; may be given again.")
    ] = None,
    no_county: Annotated[bool, typer.Option("--no-county", help="It is about no county.")] = False,
    theme: Annotated[
        list[str] | None, typer.Option(help="A theme, the primary one first; up to three.")
    ] = None,
    relevant: Annotated[str, typer.Option(help="yes or no: is it Party-building news?")] = "",
    who: Annotated[str, typer.Option(help="Who decided it.")] = "",
    why: Annotated[str, typer.Option(help="Why, for whoever asks later.")] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Take this story's correction back.")
    ] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write all corrected stories to a file as test cases.")
    ] = None,
) -> None:
    """Correct county, themes or relevance of a story; kept over every `jianbao index`."""
    session = Session.of(context)
    workspace = session.workspace()
    if export is not None:
        if story:
            raise typer.BadParameter("--export writes all corrected stories; give no story with it")
        with session.read() as store:
            lines = list(_cases(workspace, store))
        write_text(export, "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines))
        out.print(f"{len(lines)} corrected stories written to {export}.")
        return
    given = _given(workspace, county or [], theme or [], no_county=no_county, relevant=relevant)
    if not story:
        raise typer.BadParameter("say which story, or --export FILE")
    if undo == bool(given):
        raise typer.BadParameter(
            "say what is right: --county, --no-county, --theme, --relevant; or --undo alone"
        )
    with session.write("correct") as store:
        record = store.story(story_of(store, story))
        assert record is not None  # noqa: S101 - story_of found it in this very store
        corrections = workspace.corrections()
        before = corrections.pop(record.id, None)
        if not undo:
            facts: dict[str, Any] = before.model_dump() if before else {}
            facts |= given | {"story": record.id, "headline": record.headline}
            facts |= {"date": session.clock().date(), "who": who or facts.get("who", "")}
            facts["why"] = why or facts.get("why", "")
            if facts.get("relevant") is False and "themes" not in given:
                facts["themes"] = None
            corrections[record.id] = _checked(workspace, Correction(**facts))
        save_corrections(workspace.corrections_path, corrections.values())
        with progress() as bars:
            bring_up_to_date(workspace, store, bars)
        about = store.annotation(record.id) or Annotation()
    out.print(plain(record.headline or record.id))
    for line in annotation_lines(about, Gazetteer.load(), workspace.themes()):
        out.print(line)


def _given(
    workspace: Workspace,
    counties: Sequence[str],
    themes: Sequence[str],
    *,
    no_county: bool,
    relevant: str,
) -> dict[str, Any]:
    """What the options say, as fields of a correction."""
    if counties and no_county:
        raise typer.BadParameter("--county and --no-county contradict each other")
    given: dict[str, Any] = {}
    if counties or no_county:
        given["counties"] = tuple(_county(workspace, name) for name in counties)
    if themes:
        known = workspace.themes()
        given["themes"] = tuple(slug for name in themes for slug in theme_slugs([name], known))
    if relevant:
        given["relevant"] = choice(relevant, "--relevant", ("yes", "no")) == "yes"
    if themes and given.get("relevant") is False:
        raise typer.BadParameter("a story that is not relevant has no theme")
    if len(given.get("themes", ())) > 3:
        raise typer.BadParameter("a story has at most three themes")
    return given


def _county(workspace: Workspace, name: str) -> str:
    place = one_place(name, Gazetteer.load(), workspace.settings.home.province)
    if place is None or place.level != "county":
        raise typer.BadParameter(
            f"{name!r} is no county, or several have that name; write it with its city, such as"
            " 阳泉市城区, or its six digits"
        )
    return place.code


def _checked(workspace: Workspace, one: Correction) -> Correction:
    _, problem = contradiction(one, Gazetteer.load(), workspace.themes())
    if problem:
        raise CorrectionIsWrong(problem=problem)
    return one


def _cases(workspace: Workspace, store: Store) -> Iterator[dict[str, Any]]:
    """The corrected stories in the format of the annotator's test cases, by story."""
    annotator = annotator_of(workspace)
    for story_id, one in sorted(workspace.corrections().items()):
        story = store.story(story_id)
        if story is not None:
            yield _case(story, annotated(annotator, story, one), one)


def _case(story: Story, about: Annotation, one: Correction) -> dict[str, Any]:
    day = story.published.isoformat() if story.published else None
    head = " ".join(part for part in (story.kicker, story.headline, story.deck) if part)
    return {
        "id": story.id,
        "title": head,
        "body": story.body,
        "source_name": story.source,
        "byline_text": story.byline.raw,
        "date_text": day or "",
        "expect": {
            "counties": list(about.counties),
            "accept": [],
            "city": about.city,
            "province": about.province,
            "level": "multi" if len(about.counties) > 1 else about.level,
            "themes": list(about.themes),
            "relevant": about.relevant,
            "date": day,
            "authors": [],
            "note": one.note(),
        },
        "traps": ["corrected"],
    }
