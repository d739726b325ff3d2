"""The texts of stories as they were locked: a source that changes its page does not change an issue.

They are kept in the desk's book, because an imported page that is split anew takes its stories out of
the store, and a signed issue has to stand nevertheless.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..index.store import Store, digest_of
from ..index.story import Story
from .book import Book
from .issue import Issue, Item


def keep_texts(book: Book, stories: Iterable[Story]) -> dict[str, str]:
    """Keeps the stories' present texts. Returns story id → digest, an item's ``version``."""
    records = {story.id: story.to_json() for story in stories}
    digests = {story_id: digest_of(record) for story_id, record in records.items()}
    with book.writing() as db:
        db.executemany(
            "INSERT OR IGNORE INTO texts VALUES (?, ?, ?)",
            [
                (digests[story_id], story_id, json.dumps(record, ensure_ascii=False))
                for story_id, record in sorted(records.items())
            ],
        )
    return digests


def story_text(store: Store, book: Book, item: Item) -> Story | None:
    """The story of an item as it was locked; as it is now, when it was not; ``None`` when it is gone."""
    if not item.version or store.text_digest(item.story) == item.version:
        return store.story(item.story)
    rows = book.rows("SELECT record FROM texts WHERE digest = ?", (item.version,))
    if rows:
        return Story.from_json(json.loads(rows[0][0]))
    return store.story_as(item.story, item.version) or store.story(item.story)


def texts_of(store: Store, book: Book, issue: Issue) -> dict[str, Story]:
    """The stories of an issue by id, each as it was locked; those that are gone are left out."""
    found = {item.story: story_text(store, book, item) for item in issue.items}
    return {story_id: story for story_id, story in found.items() if story}
