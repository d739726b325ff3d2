"""The tray 待选: the week's candidates, and one click to choose, hold or set aside each of them."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from ...index.annotation import Annotation
from ...index.clock import week_of, week_range
from ...index.store import Store
from ..issue import Issue, Item
from ..names import sections
from ..tray import STATES, Facet, Filters, Tray, hold, proposals, reject, release, tray
from .ask import Ask, wrong
from .current import Next, all_issues, chosen_issue, count, issue_facts, short
from .search_view import Choice
from .story_view import about_facts, story_of

FILTERS: Final = ("place", "theme", "source", "relevant", "state")
REASONS: Final = ("内容重复", "时效已过", "与党建关系不大", "文字不完整", "外地稿件")
"""Reasons that are one click; any other is typed."""


def show(ask: Ask) -> Response:
    """The candidates of a week."""
    issues = all_issues(ask.room)
    issue = chosen_issue(ask, issues)
    key = issue.key if issue and issue.state == "open" else ""
    with ask.room.read() as store:
        week = _week(ask, issue, store)
        chosen = Filters(
            place=ask.query("place"), theme=ask.query("theme"), source=ask.query("source"),
            relevant=ask.query("relevant") if "relevant" in ask.request.query_params else "yes",
            state=ask.query("state") if "state" in ask.request.query_params else "candidate",
        )  # fmt: skip
        found = tray(ask.room.session, store, week, chosen, issue=key) if store else None
        offered = (
            proposals(ask.room.session, store, week, issue=key)
            if store and found and found.total
            else []
        )
        facts = _opened(ask, store, found)
        # What its own source changed or took back since the week began is worth a second look.
        since = week_range(week)[0].isoformat() if week else ask.room.today().isoformat()
        facts["revised"] = set(store.revised(since)) if store else set()
        facts["source_gone"] = set(store.withdrawals()) if store else set()
    picked = {one.story.id: one.section for one in offered}
    facts |= {
        "tray": found, "week": week, "filters": chosen, "states": STATES,
        "picked": picked, "offered": len(offered), "weeks": _neighbours(week),
        "choices": _choices(ask, found, chosen) if found else {},
        "tabs": _tabs(ask, found, chosen) if found else [],
        "link": lambda **other: _link(ask, chosen, **other),
        "called": {one.key: one.called for one in issues},
        "reasons_offered": REASONS, "can_choose": bool(key),
        "said_facts": _said(ask), "new": None if issue else _new(ask, issues, week),
    }  # fmt: skip
    return ask.page("tray.html", **facts, **issue_facts(ask, issue, "tray", _next(issue)))


def _next(issue: Issue | None) -> Next | None:
    if issue is None:
        return None
    if issue.state != "open":
        return Next("去审签 →", f"/issue/{issue.key}/review")
    return (
        Next(f"选好了，去编排（{len(issue.items)} 篇）→", f"/issue/{issue.key}")
        if issue.items
        else None
    )


def _week(ask: Ask, issue: Issue | None, store: Store | None) -> str:
    """The week asked for, else the issue's, else the newest one that has a story."""
    if "week" in ask.request.query_params:
        asked = ask.query("week")
        if asked:
            week_range(asked)
        return asked
    if issue:
        return issue.week
    newest = (
        next((one.published for one in store.stories() if one.published), None) if store else None
    )
    return week_of(min(newest, ask.room.today())) if newest else ask.room.week()


def _neighbours(week: str) -> tuple[str, str]:
    if not week:
        return "", ""
    first, last = week_range(week)
    return week_of(first.fromordinal(first.toordinal() - 7)), week_of(
        last.fromordinal(last.toordinal() + 1)
    )


def _opened(ask: Ask, store: Store | None, found: Tray | None) -> dict[str, Any]:
    """What the one opened row shows: the text with the evidence marked, the reasons, the correction."""
    opened = ask.query("open")
    one = (
        next((c for c in found.candidates if c.story.id == opened), None)
        if found and store
        else None
    )
    if one is None:
        return {"opened": "", "peek": {}, "names": _names(ask)}
    peek = about_facts(ask.room.workspace(), one.story, one.annotation)
    return {"opened": one.story.id, "peek": peek, "names": _names(ask)}


def _names(ask: Ask) -> dict[str, str]:
    return {one.slug: one.name for one in ask.room.workspace().themes().themes}


def _said(ask: Ask) -> dict[str, str]:
    """Which story the last action was about, so that it can be taken back."""
    said, about = ask.query("said"), ask.query("about")
    if said not in ("chosen", "held", "rejected", "released", "dropped", "all") or not about:
        return {}
    with ask.room.read() as store:
        story = store.story(about) if store else None
    return {
        "said": said,
        "about": about,
        "headline": short(story.headline or "（无标题）") if story else "",
    }


def _new(ask: Ask, issues: list[Issue], week: str) -> dict[str, Any]:
    """What a new issue is called, unless the editor says otherwise."""
    shelf = ask.room.session.issues()
    return {
        "number": shelf.next_number(ask.room.today().year), "total": shelf.next_total(),
        "dated": ask.room.today().isoformat(), "week": week or ask.room.week(), "first": not issues,
    }  # fmt: skip


def _choices(ask: Ask, found: Tray, chosen: Filters) -> dict[str, list[Choice]]:
    facets = found.facets
    return {
        "市": _list(ask, chosen, "place", facets.cities),
        "区县": _list(ask, chosen, "place", facets.counties),
        "主题": _list(ask, chosen, "theme", facets.themes),
        "来源": _list(ask, chosen, "source", facets.sources),
        "相关": _list(ask, chosen, "relevant", facets.relevance),
    }


def _list(ask: Ask, chosen: Filters, name: str, facets: tuple[Facet, ...]) -> list[Choice]:
    now = getattr(chosen, name)
    return [
        Choice(
            one.name, one.count,
            _link(ask, chosen, **{name: "" if one.value == now else one.value}),
            one.value == now,
        )
        for one in facets
    ]  # fmt: skip


def _tabs(ask: Ask, found: Tray, chosen: Filters) -> list[Choice]:
    counts = {one.value: one.count for one in found.facets.states}
    every = sum(counts.values())
    tabs = [(state, name, counts.get(state, 0)) for state, name in STATES.items()]
    tabs = [tab for tab in tabs if tab[2] or tab[0] in ("candidate", "chosen", "held", "rejected")]
    return [
        Choice(name, number, _link(ask, chosen, state=state), state == chosen.state)
        for state, name, number in (*tabs, ("", "全部", every))
    ]


def _link(ask: Ask, chosen: Filters, **other: str) -> str:
    """The tray with one thing changed; what is as usual stays out of the address."""
    now = {name: getattr(chosen, name) for name in FILTERS} | {"issue": ask.query("issue")}
    if "week" in ask.request.query_params:
        now["week"] = ask.query("week")
    usual = {"relevant": "yes", "state": "candidate"}
    # An empty week is an answer of its own: the stories without a day.
    pairs = {k: v for k, v in (now | other).items() if k == "week" or v != usual.get(k, "")}
    return f"/tray?{urlencode(pairs)}" if pairs else "/tray"


def act(ask: Ask) -> Response:
    """Chooses, holds, sets aside, or takes any of that back."""
    room = ask.room
    said, why = ask.first("act"), ask.line("why", "理由")
    if ask.first("because"):
        said, why = "reject", ask.first("because")[:100]
    key = ask.first("issue")
    with room.read() as store:
        story = story_of(store, ask.first("story"))
        about = (store.annotation(story.id) if store else None) or Annotation()
    book, now = room.session.book(), room.session.clock()
    if said == "choose":
        room.session.issues().add(key, Item(story=story.id, section=_section(ask, about)))
        release(book, story.id)
        done = "chosen"
    elif said == "drop":
        room.session.issues().drop(key, story.id)
        done = "dropped"
    elif said == "hold":
        hold(book, story.id, at=now, why=why)
        done = "held"
    elif said == "reject":
        reject(book, story.id, at=now, why=why)
        done = "rejected"
    elif said == "release":
        release(book, story.id)
        done = "released"
    else:
        raise wrong("act", "操作", "unknown", "无法识别的操作")
    count(ask, key, said)
    return ask.back("/tray", said=done, about=story.id)


def choose_all(ask: Ask) -> Response:
    """All proposed stories enter the issue, because the editor asked for it."""
    room, key = ask.room, ask.first("issue")
    issue = room.session.issues().get(key)
    with room.read() as store:
        offered = proposals(room.session, store, issue.week, issue=key) if store else []
    wanted = set(ask.all("story"))
    items = [
        Item(story=one.story.id, section=one.section) for one in offered if one.story.id in wanted
    ]
    room.session.issues().add_all(key, items)
    count(ask, key, "choose-all")
    return ask.go(f"/issue/{key}", said="all")


def _section(ask: Ask, about: Annotation) -> str:
    groups = sections(ask.room.workspace().themes())
    return groups.get(about.themes[0] if about.themes else "", next(iter(groups.values()), ""))


VIEWS: Final = (
    ("GET", "/tray", show),
    ("POST", "/tray", act),
    ("POST", "/tray/all", choose_all),
)
