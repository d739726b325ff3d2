"""From the workspace to the site: the store's stories and the locked issues onto one shelf."""

from __future__ import annotations

import os
from pathlib import Path

from rich.progress import Progress

from ..index.clock import week_range
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from ..site.build import BuildReport, build_site
from ..site.edition import (
    City,
    County,
    Edition,
    EditionItem,
    Reprint,
    Shelf,
    ShelfStory,
    Theme,
)
from .issue import Issue, Issues
from .names import sections
from .session import Session
from .workspace import Workspace


def shelf_of(workspace: Workspace, store: Store) -> Shelf:
    """Everything the site is built from. Stories without an annotation are not on it yet."""
    site, home = workspace.settings.site, workspace.settings.home.province
    gazetteer = Gazetteer.load()
    issues = [issue for issue in Issues(workspace.issues_folder).all() if issue.state == "locked"]
    printed = {item.story for issue in issues for item in issue.items}
    folds = store.folds()
    annotated = [(story, about) for story, about in store.annotated() if about]
    # One copy of a reprint is shown, the first; unless the editor chose another.
    shown = {
        story.id
        for story, _ in annotated
        if folds.get(story.id, story.id) == story.id or story.id in printed
    }
    copies: dict[str, list[Reprint]] = {}
    for story, _ in annotated:
        if story.id not in shown:
            copy = Reprint(story.source, story.published, story.url)
            copies.setdefault(folds[story.id], []).append(copy)
    themes = workspace.themes()
    groups = sections(themes)
    return Shelf(
        title=site.title,
        masthead=site.title,
        publisher=site.publisher,
        home=home,
        stories=tuple(
            ShelfStory(story, about, tuple(copies.get(folds.get(story.id, story.id), ())))
            for story, about in annotated
            if story.id in shown
        ),
        editions=tuple(_edition(issue) for issue in issues),
        cities=tuple(
            City(
                city.code,
                city.name,
                tuple(County(one.code, one.name) for one in gazetteer.counties_of(city.code)),
            )
            for city in gazetteer.cities_of(home)
        ),
        themes=tuple(Theme(one.slug, one.name, groups[one.slug]) for one in themes.themes),
        contact=workspace.settings.crawl.contact,
        address=site.address.rstrip("/") + "/" if site.address else "",
    )


def _edition(issue: Issue) -> Edition:
    first, last = week_range(issue.week)
    return Edition(
        number=issue.number,
        total=issue.total,
        week=issue.week,
        first=first,
        last=last,
        issued=issue.dated,
        note=issue.note,
        items=tuple(
            EditionItem(item.story, item.section, item.headline, item.text) for item in issue.items
        ),
    )


def build_into(
    folder: Path, workspace: Workspace, store: Store, session: Session, bars: Progress
) -> BuildReport:
    """Builds the site, with a bar."""
    task = bars.add_task("build", total=None)
    return build_site(
        shelf_of(workspace, store),
        folder,
        built=session.clock(),
        processes=min(2, os.cpu_count() or 1),
        progress=lambda done, total: bars.update(task, completed=done, total=total),
    )
