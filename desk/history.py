"""What happened to a story since it was first taken: its texts, and what its source did with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from difflib import SequenceMatcher
from typing import Any, Final

from ..index.store import Cause, Store, StoryEvent
from ..index.story import Story

_WHO: Final[dict[Cause, str]] = {
    "source": "changed by its source",
    "rules": "read anew by later rules",
    "import": "imported anew",
    "": "replaced",
}
_EVENTS: Final = {
    "missing": "its source no longer had it",
    "withdrawn": "withdrawn at its source",
    "returned": "its source has it again",
}
_UNTOLD: Final = ("id", "snapshot", "repairs")  # they follow from the rest


def history(store: Store, story_id: str) -> list[dict[str, Any]]:
    """Everything that happened to a story, the oldest first, as plain data.

    ``at`` is the moment, ``what`` is ``source``, ``rules``, ``import`` or ``replaced`` for a new text,
    else ``missing``, ``withdrawn`` or ``returned``. A new text has ``changes``: field → the text
    before and after; of the paragraphs only those that differ.
    """
    present = store.story(story_id)
    log = store.revision_log(story_id)
    texts = [*(revision.story for revision in log), *([present] if present else [])]
    found = [
        {
            "at": revision.replaced,
            "what": revision.cause or "replaced",
            "changes": changes(revision.story, texts[number + 1]),
        }
        for number, revision in enumerate(log)
        if number + 1 < len(texts)
    ]
    found += [_event(event) for event in store.events(story_id)]
    return sorted(found, key=lambda one: str(one["at"]))


def changes(before: Story, after: Story) -> dict[str, dict[str, Any]]:
    """The fields in which two texts of a story differ: what stood there and what stands there."""
    told: dict[str, dict[str, Any]] = {}
    for field in fields(Story):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name in _UNTOLD or old == new:
            continue
        if field.name == "paragraphs":
            old_lines, new_lines = ([p.text for p in one.paragraphs] for one in (before, after))
            matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
            moves = [move for move in matcher.get_opcodes() if move[0] != "equal"]
            told["paragraphs"] = {
                "before": [line for _, start, end, _, _ in moves for line in old_lines[start:end]],
                "after": [line for _, _, _, start, end in moves for line in new_lines[start:end]],
            }
        else:
            plain_old, plain_new = before.to_json()[field.name], after.to_json()[field.name]
            told[field.name] = {"before": plain_old, "after": plain_new}
    return told


def history_lines(store: Store, story_id: str) -> Iterator[str]:
    """The same as lines for a terminal."""
    for one in history(store, story_id):
        when = str(one["at"])[:16].replace("T", " ")
        if "changes" not in one:
            detail = f" ({one['detail']})" if one["detail"] else ""
            yield f"  {when}  {_EVENTS[one['what']]}{detail}"
            continue
        cause: Cause = "" if one["what"] == "replaced" else one["what"]
        yield f"  {when}  {_WHO[cause]}: {', '.join(one['changes']) or 'only how it was repaired'}"
        for change in one["changes"].values():
            for sign, side in (("-", change["before"]), ("+", change["after"])):
                for line in side if isinstance(side, list) else [side]:
                    if line:
                        yield f"    {sign} {_short(str(line))}"


def _event(event: StoryEvent) -> dict[str, Any]:
    facts = asdict(event)
    return {"at": facts["at"], "what": facts["what"], "detail": facts["detail"]}


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
