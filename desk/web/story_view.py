"""Story 稿件: the text, what was repaired, why it has its county and themes, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rich.progress import Progress
from starlette.responses import Response

from ...crawler.charset import BytesAreNotText, decode
from ...crawler.snapshots import SnapshotIsDamaged, Snapshots
from ...crawler.webpage import Page, PageHasNoText, blocks_of
from ...index.annotation import Annotation, Evidence
from ...index.correction import Correction, CorrectionIsWrong, contradiction, save_corrections
from ...index.gazetteer import Gazetteer
from ...index.localplaces import one_place
from ...index.search import SearchIndex, SearchIndexDamaged, SearchIndexMissing
from ...index.segment import default_segmenter
from ...index.store import Snapshot, Store
from ...index.story import Story
from ...index.themes import Themes
from ..history import history
from ..indexing import annotated, bring_up_to_date
from ..publishing import build_into
from ..session import StoryIsUnknown
from ..withdrawal import restore, withdraw, withdrawn
from ..workspace import Workspace
from .ask import Ask, wrong
from .current import all_issues, count, editor, in_hand, remember_editor
from .marking import marked_body, marked_field
from .printing import full_place
from .room import Room
from .words import ABOUT, CHANGED, EVENTS, FIELDS, REPAIRS, RIGHTS


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for one decision, in words."""

    about: str
    kind: str
    name: str
    words: str
    places: str
    weight: float


@dataclass(frozen=True, slots=True)
class Other:
    """What else the story might be about: one click makes it so."""

    kind: str
    value: str
    name: str


def show(ask: Ask) -> Response:
    """One story, whole."""
    with ask.room.read() as store:
        story = story_of(store, ask.word("story"))
        assert store is not None  # noqa: S101 - the story was found in it
        about = store.annotation(story.id)
        folds = store.folds()
        first = folds.get(story.id, story.id)
        copies = [
            store.story(one) for one, of in sorted(folds.items()) if of == first and one != story.id
        ]
        facts: dict[str, Any] = {
            "story": story,
            "about": about,
            "first": first,
            "copies": [copy for copy in copies if copy],
            "revisions": store.revisions(story.id),
            "page": store.page_of(story.id),
            "snapshot": _snapshot(store, story),
        }
        facts["history"] = [_event(one) for one in history(store, story.id)]
    workspace = ask.room.workspace()
    issues = all_issues(ask.room)
    issue = in_hand(issues)
    facts |= about_facts(workspace, story, about)
    facts |= {
        "holding": [one for one in issues if one.item(story.id)], "gone": withdrawn(workspace).get(story.id),
        "open_issue": issue if issue and issue.state == "open" and not issue.item(story.id) else None,
        "editor": editor(ask),
    }  # fmt: skip
    facts["repairs"] = [
        (REPAIRS.get(one.kind, one.kind), one.text, one.line) for one in story.repairs
    ]
    facts["rights"] = RIGHTS[story.rights]
    return ask.page("story.html", **facts)


def about_facts(workspace: Workspace, story: Story, about: Annotation | None) -> dict[str, Any]:
    """What a page needs to show a story marked, with its reasons and what else it might be about."""
    themes = workspace.themes()
    return {
        "headline": marked_field(story, about, "headline"),
        "kicker": marked_field(story, about, "kicker"),
        "deck": marked_field(story, about, "deck"),
        "body": marked_body(story, about),
        "reasons": list(reasons(about, themes)),
        "others": list(others(about, themes)),
        "themes": [(one.slug, one.name) for one in themes.themes],
        "theme_names": [themes.name(slug) or slug for slug in (about.themes if about else ())],
        "corrected": bool(about and any(one.rule == "by-editor" for one in about.evidence)),
    }


def story_of(store: Store | None, story_id: str) -> Story:
    """A story by its whole id.

    Raises:
        StoryIsUnknown: there is none.
    """
    story = store.story(story_id) if store else None
    if story is None:
        raise StoryIsUnknown(prefix=story_id[:20])
    return story


def _snapshot(store: Store, story: Story) -> Snapshot | None:
    """The latest page that was kept for the story's address."""
    if not story.source_id or not story.url:
        return None
    return next((one for one in store.snapshots(story.source_id) if one.url == story.url), None)


def reasons(about: Annotation | None, themes: Themes) -> Iterator[Reason]:
    """Every reason, one line for each decision and wording, the strongest first."""
    merged: dict[tuple[str, str, str], list[Evidence]] = {}
    for one in about.evidence if about else ():
        if one.rule != "runner-up" and one.weight:
            merged.setdefault((one.about, one.value, one.words), []).append(one)
    order = list(ABOUT)
    for (kind, value, words), group in sorted(
        merged.items(),
        key=lambda item: (order.index(item[0][0]), -sum(one.weight for one in item[1]), item[0]),
    ):
        fields = dict.fromkeys(FIELDS[one.field] for one in group)
        places = "、".join(
            f"{name}{count}处" if (count := _count(group, name)) > 1 else name for name in fields
        )
        by_editor = group[0].rule == "by-editor"
        yield Reason(
            ABOUT[kind], kind, name_of(kind, value, themes),
            words, "编辑更正" if by_editor else places, sum(one.weight for one in group),
        )  # fmt: skip


def _count(group: list[Evidence], field_zh: str) -> int:
    return sum(FIELDS[one.field] == field_zh for one in group)


def name_of(kind: str, value: str, themes: Themes) -> str:
    """The name behind a code or a slug."""
    if kind == "theme":
        return themes.name(value) or value
    if kind == "relevance":
        return {"yes": "属党建报道", "no": "不属党建报道"}.get(value, value)
    return full_place(value)


def others(about: Annotation | None, themes: Themes) -> Iterator[Other]:
    """What was considered and not taken: counties that are mentioned, themes that came close."""
    if about is None:
        return
    for code in about.mentioned:
        if code not in about.counties:
            yield Other("county", code, full_place(code))
    offered = {
        one.value for one in about.evidence if one.rule == "runner-up" and one.about == "theme"
    }
    for theme in themes.themes:
        if theme.slug in offered and theme.slug not in about.themes:
            yield Other("theme", theme.slug, theme.name)


def correct(ask: Ask) -> Response:
    """The editor's word about county, themes or relevance; kept over every indexing."""
    room, workspace = ask.room, ask.room.workspace()
    with room.write("correct") as store:
        story = story_of(store, ask.word("story"))
        about = store.annotation(story.id) or Annotation()
        corrections = workspace.corrections()
        before = corrections.pop(story.id, None)
        said = "uncorrected"
        if ask.first("undo") != "1":
            known = before.model_dump() if before else {}
            given = _given(ask, workspace, about)
            if given.get("relevant") is False:
                known["themes"] = None
            known |= given | {"story": story.id, "headline": story.headline}
            known |= {
                "date": room.today(),
                "who": ask.line("who", "更正人"),
                "why": ask.line("why", "理由"),
            }
            corrections[story.id] = _checked(workspace, Correction(**known))
            said = "corrected"
        save_corrections(workspace.corrections_path, corrections.values())
        _annotate(room, store, story, corrections.get(story.id))
    return ask.back(f"/story/{story.id}", said=said, about=story.id)


def _annotate(room: Room, store: Store, story: Story, correction: Correction | None) -> None:
    """Brings annotation and search index of this one story up to date: an editor waits for it."""
    annotator = room.annotator()
    about = annotated(annotator, story, correction)
    store.put_annotation(story.id, about, annotator.rules)
    workspace = room.workspace()
    try:
        index = SearchIndex.open(workspace.index_folder, default_segmenter(workspace.words()))
    except (SearchIndexMissing, SearchIndexDamaged):
        return  # the next `jianbao index` makes it anew
    with index:
        index.update([(story, about)], (), stamps=store.stamps())


def _given(ask: Ask, workspace: Workspace, about: Annotation) -> dict[str, Any]:
    """What was clicked or typed: ``set`` is one click, the other fields are the form."""
    kind, _, value = ask.first("set").partition(":")
    if kind == "county":
        return {"counties": (_county(workspace, value),)}
    if kind == "theme":
        return {
            "themes": (_theme(workspace, value), *[one for one in about.themes if one != value])[:3]
        }
    if kind == "only":
        return {"themes": (_theme(workspace, value),)}
    if kind == "relevant":
        return {"relevant": value == "yes"}
    if kind == "none":
        return {"counties": ()}
    if typed := ask.line("county", "区县"):
        names = typed.replace("，", "、").replace(" ", "、").split("、")
        return {"counties": tuple(_county(workspace, name) for name in names if name)}
    if chosen := [slug for slug in ask.all("theme") if slug]:
        return {"themes": tuple(_theme(workspace, slug) for slug in dict.fromkeys(chosen))[:3]}
    raise wrong("set", "更正", "nothing was said", "没有填写更正内容")


def _county(workspace: Workspace, name: str) -> str:
    place = one_place(name, Gazetteer.load(), workspace.settings.home.province)
    if place is None or place.level != "county":
        raise wrong(
            "county",
            "区县",
            f"{name!r} is no county",
            f"没有叫“{name[:20]}”的区县，或不止一个；请连市名一起写",
        )
    return place.code


def _theme(workspace: Workspace, slug: str) -> str:
    if not workspace.themes().name(slug):
        raise wrong("theme", "主题", "no such theme", "没有这个主题")
    return slug


def _checked(workspace: Workspace, one: Correction) -> Correction:
    _, problem = contradiction(one, Gazetteer.load(), workspace.themes())
    if problem:
        raise CorrectionIsWrong(problem=problem)
    return one


def _event(one: dict[str, Any]) -> tuple[str, str, str]:
    """When, what happened, and what it changed."""
    what = str(one["what"])
    names = [CHANGED.get(str(name), str(name)) for name in one.get("changes", {})]
    return str(one["at"]), EVENTS.get(what, what), "、".join(names)


def take_out(ask: Ask) -> Response:
    """Withdraws a story from every output, with its copies; or lets it in again. Both stay in the log."""
    room = ask.room
    why, by = ask.line("why", "理由", needed=True), ask.line("by", "姓名", needed=True)
    with room.read() as store:
        story = story_of(store, ask.word("story"))
        folds = store.folds() if store else {}
    first = folds.get(story.id, story.id)
    copies = [one for one, of in sorted(folds.items()) if of == first and one != story.id]
    if back := ask.first("act") == "restore":
        restore(room.session, story.id, why=why, by=by)
    else:
        withdraw(room.session, story.id, why=why, by=by, headline=story.headline, copies=copies)
    count(ask, "", "restore" if back else "withdraw")
    with room.write("withdraw") as store, Progress(disable=True) as bars:
        bring_up_to_date(room.workspace(), store, bars)
        public = room.workspace().public_folder
        # A built site must not go on showing what was just withdrawn.
        if (public / "index.html").is_file():
            build_into(public, store, room.session, bars)
    return remember_editor(
        ask.go(f"/story/{story.id}", said="restored" if back else "withdrawn"), by
    )


def snapshot(ask: Ask) -> Response:
    """The page as it was fetched, as text: the words of it, and its source. Never as a page."""
    room = ask.room
    with room.read() as store:
        story = story_of(store, ask.word("story"))
        assert store is not None  # noqa: S101 - the story was found in it
        kept = _snapshot(store, story)
        if kept is None:
            raise SnapshotIsDamaged(url=story.url, detail="it is not kept")
        folder = room.workspace().store_path.parent / "snapshots"
        body = Snapshots(folder, store, room.session.clock).body(kept)
    try:
        source = decode(body).text
    except BytesAreNotText:
        source = body.decode("utf-8", "replace")
    try:
        blocks = blocks_of(Page.parse(source, story.url).tree)
        words = [block.text for block in blocks if block.text]
    except PageHasNoText:
        words = []
    return ask.page("snapshot.html", story=story, kept=kept, source=source, words=words)


VIEWS: Final = (
    ("GET", "/story/{story:str}", show),
    ("POST", "/story/{story:str}/correct", correct),
    ("POST", "/story/{story:str}/withdraw", take_out),
    ("GET", "/story/{story:str}/snapshot", snapshot),
)
