"""``jianbao import`` and ``jianbao page …``: page text to stories, and mending the split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..crawler.page_pieces import ASIDE_ROLES, STORY_ROLES
from ..crawler.pagetext import REASONS, Edit, PageSplit
from ..index.errors import JianbaoError
from ..index.store import Change, Store
from ..index.story import Rights
from .console import err, out, plain, progress
from .importing import (
    Facts,
    PageDraft,
    draft_page,
    edit_page,
    files_of,
    page_of,
    split_again,
    undo_edit,
)
from .names import choice, day
from .session import Session

page_app = typer.Typer(
    no_args_is_help=True, help="Look at how a page was split into stories, and mend it."
)

PagePrefix = Annotated[str, typer.Argument(help="The page's id, or its first digits.")]
RIGHTS: dict[str, Rights] = {"facts": "facts", "excerpt": "excerpt", "full": "full"}
SHOWN = 36
"""Characters of a line in the split that a person reads at a terminal."""


def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Text files, or folders with .txt files.")],
    source: Annotated[str, typer.Option(help="The paper's name.")] = "",
    date: Annotated[str, typer.Option(help="Day of publication, YYYY-MM-DD.")] = "",
    page: Annotated[str, typer.Option(help="The page 版次.")] = "",
    rights: Annotated[
        str, typer.Option(help="What readers may see: facts, excerpt or full (default: excerpt).")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the split and store nothing.")
    ] = False,
) -> None:
    """Turn the plain text of newspaper pages into stories, and list every repair."""
    session = Session.of(context)
    workspace = session.workspace()
    facts = Facts(
        source=source.strip(),
        published=day(date, "--date"),
        page=page.strip(),
        rights=RIGHTS[choice(rights, "--rights", tuple(RIGHTS))] if rights else None,
    )
    files = list(files_of(paths))
    if dry_run:
        known = session.read() if workspace.store_path.is_file() else None
        done = _each(files, lambda path: _show_draft(draft_page(path, facts, known, session.clock)))
        if known:
            known.close()
    else:
        done = import_files(files, facts, session)
    if done < len(files):
        err.print(
            f"{len(files) - done} of {len(files)} files were not taken; nothing of the others was lost."
        )
        raise typer.Exit(3 if done == 0 else 1)
    if not dry_run:
        if not facts.published:
            out.print(
                "No day was given; stories without one enter no weekly issue. Import again with --date to add it."
            )
        if not rights:
            out.print(
                "Readers will see excerpts. With permission for the whole text, import again with --rights full."
            )
        out.print("Next: `jianbao index`. To mend a split: `jianbao page show ID`.")


def import_files(files: Sequence[Path], facts: Facts, session: Session) -> int:
    """Imports files one by one; prints the stories and repairs of each. Returns how many were taken."""
    with session.write("import") as store:
        return _each(files, lambda path: _import(path, facts, store, session))


def _each(files: Sequence[Path], act: Callable[[Path], None]) -> int:
    """Does every file; one that cannot be taken is told and does not stop the rest."""
    done = 0
    with progress() as bars:
        for path in bars.track(files, description="import"):
            try:
                act(path)
                done += 1
            except JianbaoError as error:
                err.print(error.english())
    return done


def _import(path: Path, facts: Facts, store: Store, session: Session) -> None:
    draft = draft_page(path, facts, store, session.clock)
    counts = store.put_page(draft.page, draft.stories)
    changes = (
        ", ".join(f"{count} {change}" for change, count in counts.items() if count) or "no story"
    )
    out.print(f"{plain(str(path))} ({draft.encoding}): page {draft.page.id}: {changes}")
    for story in draft.stories:
        out.print(f"  {story.id}  {plain(story.headline or '(no headline)')}")
        for repair in story.repairs:
            out.print(f"    {repair.kind:17} line {repair.line:<5} {plain(repair.text)}")
    _print_aside(draft.split)
    if not draft.stories:
        err.print(
            f"{path}: no story was found on this page. See `jianbao page show {draft.page.id}`; all of its text is kept."
        )


def _show_draft(draft: PageDraft) -> None:
    again = " (imported before)" if draft.page.edits else ""
    out.print(
        f"{plain(draft.page.name)} ({draft.encoding}): {draft.split.count} stories{again}; nothing was stored"
    )
    for line in split_lines(draft.split):
        out.print(line)


def split_lines(split: PageSplit) -> Iterator[str]:
    """The split for a person: every piece with its line, by story; then what was set aside."""
    for number in range(split.count):
        yield f"\nstory {number + 1}"
        for piece in split.of_story(number):
            words = plain(split.words(piece))
            shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 12]} … {words[-10:]}"
            yield f"  line {split.line_of(piece):<4} {'+ ' if piece.joins else '  '}{piece.role:9} {shown}"
        for repair in split.repairs_of(number):
            yield f"    {repair.kind}, line {repair.line}: {plain(repair.text)}"
    if aside := split.set_aside():
        yield "\nset aside"
        for one in aside:
            yield f"  line {one.line:<4} {REASONS[one.reason][0]}: {plain(one.text)}"


def _print_aside(split: PageSplit) -> None:
    for one in split.set_aside():
        out.print(f"  set aside, line {one.line}: {plain(one.text)} ({REASONS[one.reason][0]})")


@page_app.command("list")
def list_pages(context: typer.Context) -> None:
    """List the imported pages, the latest first."""
    with Session.of(context).read() as store:
        pages = store.pages()
    for page in pages:
        facts = (
            " ".join(part for part in (page.source, page.published, page.page) if part)
            or "source and day unknown"
        )
        edits = f"  {len(page.edits)} edits" if page.edits else ""
        out.print(f"{page.id}  {page.imported[:16]}  {plain(page.name)}  {plain(facts)}{edits}")
    if not pages:
        out.print("No page yet: `jianbao import FILE` brings one in.")


@page_app.command("show")
def show_page(context: typer.Context, page: PagePrefix) -> None:
    """Show how a page is split now, with line numbers."""
    with Session.of(context).read() as store:
        found = page_of(store, page)
    out.print(f"page {found.id}: {plain(found.name)}")
    for line in split_lines(split_again(found)):
        out.print(line)
    for number, edit in enumerate(found.edits, 1):
        out.print(f"\nedit {number}: {Edit.from_json(edit)}")


@page_app.command("merge")
def merge(
    context: typer.Context,
    page: PagePrefix,
    line: Annotated[int, typer.Argument(help="A line of the story that stays.", min=1)],
    other: Annotated[
        int, typer.Argument(help="A line of the story that becomes part of it.", min=1)
    ],
) -> None:
    """Make two stories one."""
    _edit(context, page, Edit.merge(line, other))


@page_app.command("split")
def split(
    context: typer.Context,
    page: PagePrefix,
    line: Annotated[int, typer.Argument(help="The line that begins the new story.", min=1)],
) -> None:
    """Begin a new story at a line; a subhead there becomes its headline."""
    _edit(context, page, Edit.split(line))


@page_app.command("assign")
def assign(
    context: typer.Context,
    page: PagePrefix,
    lines: Annotated[str, typer.Argument(help="A line, or lines such as 12-15.")],
    to: Annotated[str, typer.Option(help="A line of the story they belong to, or `aside`.")],
    role: Annotated[
        str, typer.Option("--as", help=f"One of: {', '.join((*STORY_ROLES, *ASIDE_ROLES))}.")
    ] = "",
) -> None:
    """Give lines to another story, another role, or set them aside."""
    first, _, last = lines.partition("-")
    numbers = (first, last or first, "0" if to == "aside" else to)
    if not all(one.isdecimal() for one in numbers):
        raise typer.BadParameter(
            "lines are numbers, such as 12 or 12-15; --to is a line number or `aside`"
        )
    role = choice(
        role or ("stray" if to == "aside" else "paragraph"), "--as", (*STORY_ROLES, *ASIDE_ROLES)
    )
    _edit(context, page, Edit.assign(*map(int, numbers), role=role))


@page_app.command("undo")
def undo(context: typer.Context, page: PagePrefix) -> None:
    """Take the last edit back."""
    with Session.of(context).write("page undo") as store:
        found, counts = undo_edit(store, page_of(store, page))
    _print_edited(found, counts)


def _edit(context: typer.Context, page: str, edit: Edit) -> None:
    with Session.of(context).write(f"page {edit.kind}") as store:
        found, counts = edit_page(store, page_of(store, page), edit)
    _print_edited(found, counts)


def _print_edited(found: PageSplit, counts: dict[Change, int]) -> None:
    for line in split_lines(found):
        out.print(line)
    changes = ", ".join(f"{count} {change}" for change, count in counts.items() if count)
    out.print(f"\n{found.count} stories now ({changes}). Next: `jianbao index`.")
