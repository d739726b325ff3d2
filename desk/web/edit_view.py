"""Editing one item: the editor's text, the original beside it, and the difference by sentence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ...index.limits import DESK_TEXT_CHARACTERS
from ...index.story import Story
from ..difference import Mark, Part, difference
from ..frozen import story_text
from ..issue import Issue, Item
from .ask import Ask
from .current import Next, count, editor, issue_facts, section_names
from .issue_view import NOTE_CHARACTERS, conflict, get, saved_words
from .story_view import StoryIsUnknown, about_facts
from .words import RIGHTS

FIELDS: Final = {
    "section": "栏目",
    "headline": "标题",
    "deck": "副题",
    "note": "按语",
    "text": "正文",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence of the difference, cut at its marks: (text, is it marked, is it a figure)."""

    kind: str
    before: tuple[tuple[str, bool, bool], ...]
    after: tuple[tuple[str, bool, bool], ...]
    paragraph: int


def show(ask: Ask) -> Response:
    """The form for one item."""
    issue = get(ask)
    item, story = _item(ask, issue, ask.word("story"))
    places = [one.story for one in issue.items]
    at = places.index(item.story)
    before = places[at - 1] if at else ""
    after = places[at + 1] if at + 1 < len(places) else ""
    then = (
        Next("下一条 →", f"/issue/{issue.key}/edit/{after}")
        if after
        else Next("编完了，去校对 →", f"/issue/{issue.key}/check")
    )
    facts: dict[str, Any] = {
        "item": item, "story": story, "place": at + 1, "before": before, "after": after,
        "filled": filled(item, story), "base": base_of(item, story),
        "diff": shown_difference(item, story), "sections": section_names(ask.room),
        "rights": RIGHTS[story.rights], "most": DESK_TEXT_CHARACTERS,
        "original": about_facts(ask.room.workspace(), story, None),
    }  # fmt: skip
    return ask.page("edit.html", **facts, **issue_facts(ask, issue, "edit", then))


def _item(ask: Ask, issue: Issue, story_id: str) -> tuple[Item, Story]:
    item = issue.item(story_id)
    with ask.room.read() as store:
        story = story_text(store, ask.room.session.book(), item) if store and item else None
    if item is None or story is None:
        raise StoryIsUnknown(prefix=story_id[:20])
    return item, story


def own_text(story: Story) -> str:
    """The story's own body, one paragraph a line."""
    return story.body


def filled(item: Item, story: Story) -> dict[str, str]:
    """What the form holds: the editor's words, else the story's own, ready to be edited."""
    return {
        "section": item.section, "headline": item.headline or story.headline,
        "deck": item.deck or story.deck, "note": item.note, "text": item.text or own_text(story),
    }  # fmt: skip


def base_of(item: Item, story: Story) -> str:
    """Stands for the item as the form showed it."""
    told = "\x1f".join(filled(item, story).values())
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def save(ask: Ask) -> Response:
    """Saves an item. Words that are the story's own stay the story's: the file holds only what differs."""
    issue = get(ask)
    given = {
        "section": ask.line("section", "栏目"), "headline": ask.line("headline", "标题"),
        "deck": ask.line("deck", "副题"), "note": ask.text("note", "按语", NOTE_CHARACTERS),
        "text": ask.text("text", "正文", DESK_TEXT_CHARACTERS),
    }  # fmt: skip
    item, story = _item(ask, issue, ask.word("story"))
    now = filled(item, story)
    if given != now and ask.first("base") != base_of(item, story):
        pairs = [
            (name, FIELDS[name], given[name], now[name])
            for name in FIELDS
            if given[name] != now[name]
        ]
        kept = [(name, given[name]) for name in FIELDS if given[name] == now[name]]
        here = f"/issue/{issue.key}/edit/{story.id}"
        return conflict(ask, issue, here, here, base_of(item, story), pairs, kept)
    own = {"headline": story.headline, "deck": story.deck, "text": own_text(story)}
    kept_own = {name: "" if own.get(name) == value else value for name, value in given.items()}
    if given != now:
        issue = ask.room.session.issues().edit(
            issue.key, story.id, by=editor(ask), seen=issue.version, **kept_own
        )
        count(ask, issue.key, "edit")
    item = issue.item(story.id) or item
    if ask.quiet:
        diff = ask.room.printer.bare("diff.html", diff=shown_difference(item, story))
        return ask.data({"base": base_of(item, story), "words": saved_words(ask), "diff": diff})
    return ask.go(f"/issue/{issue.key}/edit/{story.id}", said="saved")


def shown_difference(item: Item, story: Story) -> dict[str, list[Shown]]:
    """The difference of every field that the editor may change."""
    now = filled(item, story)
    pairs = {
        "标题": (story.headline, now["headline"]),
        "副题": (story.deck, now["deck"]),
        "正文": (own_text(story), now["text"]),
    }
    return {
        name: [_shown(part) for part in _removed_first(difference(before, after))]
        for name, (before, after) in pairs.items()
        if before.strip() != after.strip()
    }


def _removed_first(parts: list[Part]) -> list[Part]:
    """What went stands before what came in its place."""
    done: list[Part] = []
    run: list[Part] = []
    for part in [*parts, None]:
        if part is not None and part.kind in ("added", "removed"):
            run.append(part)
            continue
        done += sorted(run, key=lambda one: one.kind != "removed")
        run = []
        if part is not None:
            done.append(part)
    return done


def _shown(part: Part) -> Shown:
    return Shown(
        part.kind,
        _cut(part.before, part.marks_before),
        _cut(part.after, part.marks_after),
        part.paragraph,
    )


def _cut(text: str, marks: tuple[Mark, ...]) -> tuple[tuple[str, bool, bool], ...]:
    pieces: list[tuple[str, bool, bool]] = []
    at = 0
    for start, end, figure in marks:
        if start > at:
            pieces.append((text[at:start], False, False))
        pieces.append((text[start:end], True, figure))
        at = end
    if at < len(text):
        pieces.append((text[at:], False, False))
    return tuple(pieces)


VIEWS: Final = (
    ("GET", "/issue/{key:str}/edit/{story:str}", show),
    ("POST", "/issue/{key:str}/edit/{story:str}", save),
)
