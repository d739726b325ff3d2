"""Dry runs of a source: what they print and what they keep."""

from __future__ import annotations

from typing import Any

from ..crawler.checks import save_story
from ..crawler.crawl import CrawlSettings
from ..crawler.sources import Source
from ..crawler.trial import Trial
from ..index.errors import JianbaoError
from ..index.story import Story
from .console import err, out, plain, print_json
from .session import Session
from .workspace import ContactIsMissing, Workspace


def crawl_settings(workspace: Workspace, log: str) -> CrawlSettings:
    """Who crawls, and the log file in ``data/``.

    Raises:
        ContactIsMissing: the workspace does not say whose crawler this is.
    """
    contact = workspace.settings.crawl.contact
    if not contact:
        raise ContactIsMissing(workspace.root / "jianbao.toml")
    return CrawlSettings(contact=contact, log=workspace.root / "data" / log)


def print_trial(trial: Trial, as_json: bool) -> None:
    """The stories of a dry run, and what went wrong."""
    for story in trial.stories:
        if as_json:
            print_json({"source": trial.report.source_id, **plain_story(story)})
        else:
            _print_story(story)
    if not as_json:
        for one in trial.report.refused:
            err.print(plain(f"  no story: {one.url} ({one.english()})"))
        for one in trial.report.missed:
            err.print(plain(f"  not read: {one.url} ({one.why})"))
        if trial.report.problem:
            err.print(plain(f"  {trial.report.problem.english()}"))
        if not trial.stories:
            err.print("No story would be taken.")


def plain_story(story: Story) -> dict[str, Any]:
    """A story as plain data."""
    return {
        "url": story.url,
        "headline": story.headline,
        "kicker": story.kicker,
        "deck": story.deck,
        "published": story.published.isoformat() if story.published else None,
        "source_name": story.source,
        "people": list(story.byline.people()),
        "organisations": list(story.byline.organisations),
        "editors": list(story.byline.editors),
        "paragraphs": [paragraph.text for paragraph in story.paragraphs],
        "captions": [picture.caption for picture in story.pictures if picture.caption],
    }


def _print_story(story: Story) -> None:
    out.print(plain(f"{story.published or 'no day'}  {story.headline}"))
    signed = " ".join((*story.byline.people(), *story.byline.organisations)) or "nobody"
    out.print(plain(f"    {story.url}"))
    out.print(
        plain(
            f"    source {story.source or 'unknown'}; signed by {signed}; edited by {' '.join(story.byline.editors) or 'nobody'}"
        )
    )
    size = sum(len(paragraph.text) for paragraph in story.paragraphs)
    first = story.paragraphs[0].text if story.paragraphs else ""
    out.print(
        plain(
            f"    {len(story.paragraphs)} paragraphs, {size} characters, {len(story.pictures)} pictures; begins 「{first[:30]}」"
        )
    )


def save_pages(session: Session, workspace: Workspace, source: Source, trial: Trial) -> None:
    """Keeps the pages of a dry run, each with what was taken from it as its expectation."""
    for page in trial.pages:
        try:
            path = save_story(
                source,
                workspace.sources_folder,
                url=page.url,
                body=page.body,
                saved=session.clock().date(),
                listed=page.listed,
            )
        except JianbaoError as problem:
            err.print(plain(f"  not saved: {problem.english()}"))
        else:
            err.print(f"Saved {path.relative_to(workspace.root)}: read it before you trust it.")
