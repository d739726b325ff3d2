"""The tray 候选稿: a week's stories as an editor meets them, with a memory of what was decided.

A fold of reprints is one candidate, the first publisher's story on top. What was held or rejected stays
so until it is released; what stood in an issue says in which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from ..index.annotation import Annotation
from ..index.clock import week_range
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from ..index.story import Story
from ..index.themes import Themes
from .book import Book
from .choosing import Balance, Choice, Chooser, Points, Proposal, load_criteria
from .issue import Issue
from .names import sections
from .session import Session
from .withdrawal import withdrawn
from .workspace import Workspace

State = Literal["candidate", "chosen", "used", "held", "rejected", "withdrawn"]

STATES: dict[State, str] = {
    "candidate": "候选",
    "chosen": "已选入本期",
    "used": "已用",
    "held": "留用",
    "rejected": "不用",
    "withdrawn": "已撤回",
}


class Decision(NamedTuple):
    """What an editor decided about a candidate, with the reason."""

    state: Literal["held", "rejected"]
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story of the tray. ``used_in`` are keys of signed issues, ``chosen_in`` of issues in the making;
    ``reason`` is the editor's for holding or rejecting it; ``rank`` counts from 1 among candidates
    that may be proposed, 0 for the others."""

    story: Story
    annotation: Annotation
    reprints: tuple[Story, ...]
    state: State
    used_in: tuple[str, ...]
    chosen_in: tuple[str, ...]
    reason: str
    score: float
    parts: tuple[Points, ...]
    why: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to filter by, its Chinese name, and how many candidates within the other filters have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the tray can be filtered by."""

    cities: tuple[Facet, ...]
    counties: tuple[Facet, ...]
    themes: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    relevance: tuple[Facet, ...]
    states: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Tray:
    """The candidates that the filters leave, the best first; ``total`` without filters."""

    week: str
    candidates: tuple[Candidate, ...]
    facets: Facets
    total: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means all. ``place`` is the code of a city or a county; ``relevant`` is ``yes`` or ``no``."""

    place: str = ""
    theme: str = ""
    source: str = ""
    relevant: str = "yes"
    state: str = ""


def tray(
    session: Session,
    store: Store,
    week: str,
    filters: Filters = Filters(),
    *,
    issue: str = "",
) -> Tray:
    """The tray of an ISO week; an empty week means the stories without a day.

    ``issue`` is the key of the issue being made: counties and themes that it has many of get fewer
    points.

    Raises:
        WeekIsUnreadable: the week is none.
    """
    workspace = session.workspace()
    gazetteer, themes = Gazetteer.load(), workspace.themes()
    everything = _candidates(session, store, week, issue)
    tests = _tests(filters, gazetteer)
    kept = [one for one in everything if all(test(one) for test in tests.values())]

    def others(name: str) -> list[Candidate]:
        rest = [test for key, test in tests.items() if key != name]
        return [one for one in everything if all(test(one) for test in rest)]

    return Tray(week, tuple(kept), _facets(others, gazetteer, themes, workspace), len(everything))


def proposals(
    session: Session, store: Store, week: str, *, most: int = 0, issue: str = ""
) -> list[Proposal]:
    """What is proposed for an issue of a week: only stories that nobody decided about yet.

    ``most`` 0 means as many as the criteria say, less what ``issue`` holds already.
    """
    chooser, balance = _chooser(session, issue)
    if not most:
        held = len(session.issues().get(issue).items) if issue else 0
        most = max(0, chooser.criteria.most - held)
    fresh = [
        Choice(one.story, one.annotation, len(one.reprints))
        for one in _candidates(session, store, week, issue)
        if one.state == "candidate" and one.annotation.relevant
    ]
    return chooser.propose(fresh, balance, most=most)


def hold(book: Book, story_id: str, *, at: datetime, why: str = "", by: str = "") -> None:
    """Keeps a story for a later issue; it is not proposed until it is released."""
    _decide(book, story_id, "held", why, by, at)


def reject(book: Book, story_id: str, *, at: datetime, why: str, by: str = "") -> None:
    """Sets a story aside with a reason; it is not proposed until it is released."""
    _decide(book, story_id, "rejected", why, by, at)


def release(book: Book, story_id: str) -> None:
    """Forgets what was decided about a story."""
    with book.writing() as db:
        db.execute("DELETE FROM tray WHERE story = ?", (story_id,))


def decisions(book: Book) -> dict[str, Decision]:
    """What was decided, by story."""
    rows = book.rows("SELECT story, state, why, by, at FROM tray ORDER BY story")
    return {
        row[0]: Decision(row[1], row[2], row[3], datetime.fromisoformat(row[4])) for row in rows
    }


def _decide(book: Book, story_id: str, state: str, why: str, by: str, at: datetime) -> None:
    with book.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO tray VALUES (?, ?, ?, ?, ?)",
            (story_id, state, why, by, at.isoformat()),
        )


def _chooser(session: Session, issue_key: str) -> tuple[Chooser, Balance]:
    workspace = session.workspace()
    themes = workspace.themes()
    criteria = load_criteria(workspace.root / "criteria.toml")
    chooser = Chooser(criteria, Gazetteer.load(), themes, sections(themes))
    with session.read() as store:
        return chooser, balance_of(session.issues().all(), store, criteria.back, issue_key)


def balance_of(issues: Sequence[Issue], store: Store, back: int, issue_key: str) -> Balance:
    """Counties and themes of the last issues before one, and of that one itself."""
    here = [one for one in issues if one.key == issue_key]
    before = sorted((one for one in issues if one.key != issue_key), key=lambda one: one.dated)
    before = [one for one in before if not here or one.dated <= here[0].dated]

    def counted(some: Iterable[Issue]) -> tuple[Counter[str], Counter[str]]:
        counties: Counter[str] = Counter()
        themes: Counter[str] = Counter()
        for item in (item for one in some for item in one.items):
            about = store.annotation(item.story) or Annotation()
            counties.update(about.counties or ((about.city,) if about.city else ()))
            themes.update(about.themes[:1])
        return counties, themes

    return Balance(*counted(before[-back:] if back else []), *counted(here))


def _candidates(session: Session, store: Store, week: str, issue_key: str) -> list[Candidate]:
    first, last = week_range(week) if week else (None, None)
    chooser, balance = _chooser(session, issue_key)
    issues = session.issues().all()
    gone, decided = withdrawn(session.workspace()), decisions(session.book())
    folds = store.folds()
    copies: dict[str, list[str]] = {}
    for story_id, first_id in folds.items():
        if story_id != first_id:
            copies.setdefault(first_id, []).append(story_id)
    found: list[Candidate] = []
    for story, about in store.annotated_between(first, last):
        if folds.get(story.id, story.id) != story.id or about is None:
            continue
        others = [one for one in map(store.story, copies.get(story.id, ())) if one]
        fold = {story.id, *(one.id for one in others)}
        used = tuple(one.key for one in issues if one.state == "signed" and _holds(one, fold))
        chosen = tuple(one.key for one in issues if one.state != "signed" and _holds(one, fold))
        decision = decided.get(story.id)
        state: State = (
            "withdrawn"
            if story.id in gone
            else "used"
            if used
            else "chosen"
            if chosen
            else decision.state
            if decision
            else "candidate"
        )
        parts = chooser.points(Choice(story, about, len(others)), balance)
        found.append(
            Candidate(
                story=story,
                annotation=about,
                reprints=tuple(others),
                state=state,
                used_in=used,
                chosen_in=chosen,
                reason=decision.why if decision else "",
                score=round(sum(part.points for part in parts), 1),
                parts=parts,
                why=chooser.reason(parts),
            )
        )
    found.sort(key=lambda one: (not one.annotation.relevant, -one.score, one.story.id))
    ranks = iter(range(1, len(found) + 1))
    return [
        replace(one, rank=next(ranks))
        if one.state == "candidate" and one.annotation.relevant
        else one
        for one in found
    ]


def _holds(issue: Issue, fold: set[str]) -> bool:
    return any(item.story in fold for item in issue.items)


def _tests(filters: Filters, gazetteer: Gazetteer) -> dict[str, Callable[[Candidate], bool]]:
    return {
        "place": lambda one: not filters.place or filters.place in _areas(one, gazetteer),
        "theme": lambda one: not filters.theme or filters.theme in one.annotation.themes,
        "source": lambda one: not filters.source or filters.source == one.story.source,
        "relevant": lambda one: (
            filters.relevant in ("", "yes" if one.annotation.relevant else "no")
        ),
        "state": lambda one: filters.state in ("", one.state),
    }


def _areas(one: Candidate, gazetteer: Gazetteer) -> set[str]:
    about = one.annotation
    cities = {gazetteer.city_of(code) for code in about.counties}
    return {*about.counties, *cities, *((about.city,) if about.city else ())} - {""}


def _facets(
    others: Callable[[str], list[Candidate]],
    gazetteer: Gazetteer,
    themes: Themes,
    workspace: Workspace,
) -> Facets:
    home = workspace.settings.home.province
    placed = others("place")
    areas = Counter(code for one in placed for code in _areas(one, gazetteer))
    theme = Counter(slug for one in others("theme") for slug in one.annotation.themes)
    source = Counter(one.story.source for one in others("source") if one.story.source)
    relevant = Counter("yes" if one.annotation.relevant else "no" for one in others("relevant"))
    state = Counter(one.state for one in others("state"))
    cities = [place.code for place in gazetteer.cities_of(home)]
    elsewhere = sorted(c for c in areas if c.endswith("00") and c not in cities)
    return Facets(
        cities=_named([*cities, *elsewhere], areas, gazetteer.county_name),
        counties=_named(
            sorted(c for c in areas if not c.endswith("00")), areas, gazetteer.county_name
        ),
        themes=_named(
            [one.slug for one in themes.themes], theme, lambda slug: themes.name(slug) or slug
        ),
        sources=_named(sorted(source, key=lambda name: (-source[name], name)), source, str),
        relevance=_named(
            ["yes", "no"], relevant, {"yes": "党建稿件", "no": "非党建稿件"}.__getitem__
        ),
        states=_named(list(STATES), state, lambda value: STATES[value]),
    )


def _named(
    values: Sequence[str], counts: Mapping[str, int], name: Callable[..., str]
) -> tuple[Facet, ...]:
    return tuple(Facet(value, name(value), counts[value]) for value in values if counts.get(value))
