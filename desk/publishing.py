"""From the workspace to what people read: stories and signed issues onto one shelf, with the rights of
today and without what was withdrawn."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.progress import Progress

from ..index.annotation import Annotation
from ..index.clock import ZONE, week_range
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from ..index.story import Story
from ..site.build import BuildReport, build_site
from ..site.edition import (
    City,
    Correction,
    County,
    Edition,
    EditionItem,
    Reprint,
    Shelf,
    ShelfStory,
    Theme,
    Withdrawal,
)
from .frozen import texts_of
from .issue import Issue
from .names import sections
from .policy import Policy, load_policy
from .session import Session
from .withdrawal import withdrawn


def shelf_of(session: Session, store: Store, *, drafts: Iterable[Issue] = ()) -> Shelf:
    """Everything that is made for readers. Stories without an annotation are not on it yet.

    ``drafts`` are issues that are not signed and are wanted nevertheless, for a proof 送审稿.
    """
    issues = [issue for issue in session.issues().all() if issue.state == "signed"]
    known = {story.id: (story, about) for story, about in store.annotated() if about}
    return _shelf(session, store, [*issues, *drafts], known)


def issue_shelf(session: Session, store: Store, key: str) -> Shelf:
    """One issue alone, signed or not, with its stories: what its documents are made from.

    Raises:
        IssueIsMissing, FileIsWrong, SignedIssueWasChanged: there is no such issue to show.
    """
    issue = session.issues().get(key)
    known: dict[str, tuple[Story, Annotation]] = {}
    for item in issue.items:
        if story := store.story(item.story):
            known[story.id] = (story, store.annotation(story.id) or Annotation())
    return _shelf(session, store, [issue], known)


def _shelf(
    session: Session,
    store: Store,
    issues: Sequence[Issue],
    known: dict[str, tuple[Story, Annotation]],
) -> Shelf:
    workspace, today = session.workspace(), session.clock().date()
    site, home = workspace.settings.site, workspace.settings.home.province
    gazetteer, policy = Gazetteer.load(), load_policy(workspace)
    texts = {issue.key: texts_of(store, session.book(), issue) for issue in issues}
    for printed in texts.values():
        for story in printed.values():
            # Printed, and not in the store or its annotations any more: it stands as it was signed.
            known.setdefault(story.id, (story, Annotation()))
    gone = _gone(_withdrawals(session), known, issues, policy, today)
    folds, printed_ids = store.folds(), {item.story for issue in issues for item in issue.items}
    stories = _stories(known, folds, printed_ids, gone, policy, today)
    themes = workspace.themes()
    groups = sections(themes)
    return Shelf(
        title=site.title,
        masthead=site.title,
        publisher=site.publisher,
        home=home,
        stories=tuple(stories),
        editions=tuple(_edition(issue, texts[issue.key], store, policy, today) for issue in issues),
        cities=tuple(
            City(
                city.code,
                city.name,
                tuple(County(one.code, one.name) for one in gazetteer.counties_of(city.code)),
            )
            for city in gazetteer.cities_of(home)
        ),
        themes=tuple(Theme(one.slug, one.name, groups[one.slug]) for one in themes.themes),
        withdrawn=tuple(gone.values()),
        contact=workspace.settings.crawl.contact,
        address=site.address.rstrip("/") + "/" if site.address else "",
    )


def _withdrawals(session: Session) -> dict[str, Withdrawal]:
    """The withdrawals as the site tells them."""
    return {
        one.story: Withdrawal(one.story, one.at.astimezone(ZONE).date(), one.why)
        for one in withdrawn(session.workspace()).values()
    }


def _gone(
    gone: dict[str, Withdrawal],
    known: Mapping[str, tuple[Story, Annotation]],
    issues: Iterable[Issue],
    policy: Policy,
    today: date,
) -> dict[str, Withdrawal]:
    """What was withdrawn; and what a signed issue holds although nobody permits its use any more."""
    found = dict(sorted(gone.items()))
    for item in (item for issue in issues for item in issue.items):
        if item.story in found:
            continue
        if item.story not in known:
            found[item.story] = Withdrawal(item.story, today, "原稿已不在稿库")
            continue
        ruling = policy.ruling(known[item.story][0], today)
        if ruling.rights == "none":
            on = ruling.until if ruling.expired and ruling.until else today
            found[item.story] = Withdrawal(item.story, on, "来源不允许转载")
    return found


def _stories(
    known: Mapping[str, tuple[Story, Annotation]],
    folds: Mapping[str, str],
    printed: set[str],
    gone: Mapping[str, Withdrawal],
    policy: Policy,
    today: date,
) -> list[ShelfStory]:
    # One copy of a reprint is shown, the first that may be; unless the editor chose another.
    ruled = {
        story.id: (shown, about)
        for story, about in known.values()
        if story.id not in gone and (shown := policy.ruled(story, today))
    }
    first_shown: dict[str, str] = {}
    for story_id in sorted(ruled, key=lambda one: (folds.get(one, one) != one, one)):
        first_shown.setdefault(folds.get(story_id, story_id), story_id)
    shown_ids = {*first_shown.values(), *(one for one in ruled if one in printed)}
    copies: dict[str, list[Reprint]] = {}
    for story_id, (story, _) in ruled.items():
        if story_id not in shown_ids:
            copy = Reprint(story.source, story.published, story.url)
            copies.setdefault(folds.get(story_id, story_id), []).append(copy)
    return [
        ShelfStory(story, about, tuple(copies.get(folds.get(story_id, story_id), ())))
        for story_id, (story, about) in ruled.items()
        if story_id in shown_ids
    ]


def _edition(
    issue: Issue, texts: Mapping[str, Story], store: Store, policy: Policy, today: date
) -> Edition:
    first, last = week_range(issue.week)
    return Edition(
        number=issue.number,
        total=issue.total,
        week=issue.week,
        first=first,
        last=last,
        issued=issue.dated,
        title=issue.title,
        note=issue.note,
        items=tuple(
            EditionItem(
                item.story,
                item.section,
                item.headline,
                item.text,
                item.deck,
                item.note,
                _frozen(item.version, texts.get(item.story), store, policy, today),
            )
            for item in issue.items
        ),
        supplement=issue.supplement,
        editors=issue.editors,
        signed_by=issue.signed_by,
        corrections=tuple(
            Correction(one.at.astimezone(ZONE).date(), one.kind, one.text, one.story)
            for one in issue.changes
        ),
    )


def _frozen(
    version: str, text: Story | None, store: Store, policy: Policy, today: date
) -> Story | None:
    """The text as it was locked, where the store has another by now; always with the rights of today."""
    if text is None or not version or store.text_digest(text.id) == version:
        return None
    ruling = policy.ruling(text, today)
    return None if ruling.rights == "none" else replace(text, rights=ruling.rights)


def build_into(folder: Path, store: Store, session: Session, bars: Progress) -> BuildReport:
    """Builds the site, with a bar."""
    task = bars.add_task("build", total=None)
    return build_site(
        shelf_of(session, store),
        folder,
        built=session.clock(),
        processes=min(2, os.cpu_count() or 1),
        progress=lambda done, total: bars.update(task, completed=done, total=total),
    )
