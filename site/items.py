"""The items of an issue as readers get them: rights, withdrawals and corrections applied.

Pages and documents alike are made from these, so that a body that may not be shown, or was withdrawn,
reaches none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..index.story import Paragraph
from .edition import Correction, Edition, EditionItem, Withdrawal
from .rights import Shown, clean, lines, shown, within
from .view import Entry, View


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an issue as it is shown: ``entry`` and ``story`` or, for a story taken off the site,
    ``gone``. ``edited``: the paragraphs are the editor's. ``kicker`` and ``deck`` are empty under a
    headline of the editor's, unless the editor wrote a deck."""

    anchor: str
    section: str
    headline: str
    kicker: str
    deck: str
    note: tuple[Paragraph, ...]
    paragraphs: tuple[Paragraph, ...]
    edited: bool
    corrections: tuple[Correction, ...]
    entry: Entry | None
    story: Shown | None
    gone: Withdrawal | None


def items_of(view: View, edition: Edition) -> tuple[Item, ...]:
    """The items of an issue, in order of print."""
    return tuple(
        _item(view, edition, item, f"i{number}") for number, item in enumerate(edition.items, 1)
    )


def corrections_of(edition: Edition) -> tuple[Correction, ...]:
    """The corrections that concern the issue as a whole."""
    return tuple(_clean(one) for one in edition.corrections if not one.story_id)


def _item(view: View, edition: Edition, item: EditionItem, anchor: str) -> Item:
    section = clean(item.section)
    added = tuple(
        _clean(one)
        for one in edition.corrections
        if one.story_id == item.story_id and one.kind == "correction"
    )
    if gone := view.gone.get(item.story_id):
        headline = "（本篇已撤回）"
        return Item(anchor, section, headline, "", "", (), (), False, (), None, None, gone)
    entry = view.by_id[item.story_id]
    story = shown(item.story) if item.story else entry.story
    edited, own = lines(item.text), clean(item.headline)
    return Item(
        anchor=anchor,
        section=section,
        headline=own or story.headline,
        kicker="" if own else story.kicker,
        deck=clean(item.deck) or ("" if own else story.deck),
        note=lines(item.note),
        paragraphs=within(story.rights, edited) if edited else story.paragraphs,
        edited=bool(edited) and story.rights != "facts",
        corrections=added,
        entry=entry,
        story=story,
        gone=None,
    )


def _clean(one: Correction) -> Correction:
    return one._replace(text=clean(one.text))
