"""``jianbao sources add``: a site's address → the proposed record, three stories of it, and its file."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

import typer

from ..crawler import catalogue
from ..crawler.checks import save_list
from ..crawler.lists import read_list
from ..crawler.proposal import Proposal
from ..crawler.recognise import recognise
from ..crawler.sources import SourceComesTwice, load_sources
from ..crawler.trial import Trial, try_source
from ..crawler.visitor import Visitor, visiting
from ..index.gazetteer import Gazetteer
from ..index.tomlfile import write_text
from .console import err, out, plain, print_json
from .session import Session
from .source_file import with_changes
from .source_trial import crawl_settings, plain_story, print_trial, save_pages
from .workspace import Workspace

_LOOK_DELAY = 2.0  # seconds between the requests of a look at an unknown site


def add(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(help="The site's home page, a list, a feed or an e-paper's front.")
    ] = "",
    from_catalogue: Annotated[
        str, typer.Option("--from-catalogue", help="Take this source of the catalogue instead.")
    ] = "",
    source_id: Annotated[
        str, typer.Option("--id", help="The id to give it (default: from the host).")
    ] = "",
    home: Annotated[
        str,
        typer.Option(help="The code of the place it speaks for, when the site does not say it."),
    ] = "",
    write: Annotated[
        bool, typer.Option("--write", help="Write the file and save a sample page.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    loopback: Annotated[str, typer.Option(hidden=True, envvar="JIANBAO_LOOPBACK")] = "",
) -> None:
    """Recognise a site, propose its file with a reason for each line, and show three stories of it."""
    if bool(url) == bool(from_catalogue):
        raise typer.BadParameter("give either an address or --from-catalogue")
    session = Session.of(context)
    workspace = session.workspace()
    taken = {source.id for source in load_sources(workspace.sources_folder)}
    if from_catalogue:
        _take_from_catalogue(workspace, from_catalogue, taken)
        return
    if source_id in taken:
        raise SourceComesTwice(source_id=source_id, other=f"{source_id}.toml")
    address = url if "://" in url else f"http://{url}"
    _check_given(address, source_id, home)
    settings = crawl_settings(workspace, "look.log")
    delay = 0.01 if loopback else _LOOK_DELAY
    with visiting(
        user_agent=settings.user_agent, log=settings.log, delay=delay, loopback=loopback
    ) as visitor:
        proposal = recognise(
            visitor,
            address,
            gazetteer=Gazetteer.load(),
            province=workspace.settings.home.province,
            taken=taken,
            loopback=loopback,
        )
        proposal = with_changes(proposal, source_id=source_id, home=home)
        if not as_json:
            out.print(plain_lines(proposal.toml()))
        trial = try_source(proposal.source, clock=session.clock, settings=settings)
        if as_json:
            _print_proposal(proposal, trial)
        else:
            print_trial(trial, as_json=False)
        if not trial.stories:
            raise typer.Exit(3)
        if write:
            _write_source(session, workspace, proposal, trial, visitor)
        elif not as_json:
            err.print("Nothing was written. Run it again with --write to keep it.")
    if not trial.passed:
        raise typer.Exit(1)


def _check_given(address: str, source_id: str, home: str) -> None:
    """Before any site is asked: what was given on the command line has to make sense."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not address.isprintable() or " " in address:
        raise typer.BadParameter(f"{address!r} is not an http(s) address")
    if source_id and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", source_id):
        raise typer.BadParameter(f"{source_id!r} is no id: use a-z, 0-9 and -", param_hint="--id")
    if home and Gazetteer.load().place(home) is None:
        raise typer.BadParameter(f"{home!r} is not the code of a place", param_hint="--home")


def plain_lines(text: str) -> str:
    """Text of several lines for a terminal."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _print_proposal(proposal: Proposal, trial: Trial) -> None:
    print_json(
        {
            "source": proposal.source.model_dump(mode="json", exclude_unset=True),
            "reasons": dict(proposal.reasons),
            "notes": list(proposal.notes),
            "stories": [plain_story(story) for story in trial.stories],
            "passed": trial.passed,
        }
    )


def _write_source(
    session: Session,
    workspace: Workspace,
    proposal: Proposal,
    trial: Trial,
    visitor: Visitor,
) -> None:
    """The file, its first saved story pages, and the list page that led to them."""
    source, today = proposal.source, session.clock().date()
    path = workspace.sources_folder / f"{source.id}.toml"
    if path.exists():
        raise SourceComesTwice(path, source_id=source.id, other=path.name)
    save_pages(session, workspace, source, trial)
    if source.kind != "epaper":
        entry = visitor.get(source.entries[0])
        found = read_list(source, entry.body, entry.url)
        if not found.rows and found.following:
            entry = visitor.get(
                found.following
            )  # the first page is empty, a script fetches the rows
        save_list(source, workspace.sources_folder, url=entry.url, body=entry.body, saved=today)
    # Last, so that a source never stands there without its pages.
    write_text(path, proposal.toml(today))
    err.print(f"Wrote {path.relative_to(workspace.root)}.")


def _take_from_catalogue(workspace: Workspace, name: str, taken: set[str]) -> None:
    path, source = catalogue.entry(name)
    target = workspace.sources_folder / f"{source.id}.toml"
    if source.id in taken or target.exists():
        raise SourceComesTwice(path, source_id=source.id, other=target.name)
    write_text(target, path.read_text(encoding="utf-8"))
    out.print(f"Wrote {target.relative_to(workspace.root)}.")
    out.print(
        f"It is unverified and not crawled yet: run `jianbao sources check --live {source.id}`."
    )
