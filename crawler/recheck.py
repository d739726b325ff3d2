"""When a story is looked at again at its source, and what that look says of it.

Corrections come a day after publication, withdrawals within the week, the tidying up of old pages after
a month (``CHECK_DAYS``). Two days on which a page is gone make a withdrawal: one day may be a mistake of the server's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ..index.limits import CHECK_DAYS
from ..index.store import Store, StoryEvent, Task


def days_after(day: date, today: date) -> list[str]:
    """The days still to come on which a story of ``day`` is looked at again."""
    days = (day + timedelta(days=after) for after in CHECK_DAYS)
    return [one.isoformat() for one in days if one > today]


def check_task(url: str, days: Iterable[str], facts: Mapping[str, Any]) -> list[Task]:
    """The task of looking at an address on these days; none without days.

    ``facts`` are what the page said of itself: ``etag``, ``last_modified``, ``digest``; and
    ``missing``, the day on which it was first found gone.
    """
    left = sorted(set(days))
    return [Task(url, "check", due=left[0], facts={**facts, "days": left})] if left else []


def after_look(task: Task, today: date, **facts: Any) -> list[Task]:
    """The next look, after one that found the page; ``facts`` replace what is known of it."""
    kept = {name: value for name, value in task.facts.items() if name not in ("missing", "tried")}
    left = [day for day in task.facts["days"] if day > today.isoformat()]
    return check_task(task.url, left, {**kept, **facts})


def after_gone(
    task: Task, story_id: str, now: str, status: int
) -> tuple[StoryEvent | None, list[Task]]:
    """What a look that found the page gone says, and the next look.

    The first such day is an event and brings a look on the next day; another day withdraws the story.
    Later looks go on as planned, for it may come back.
    """
    today, said = date.fromisoformat(now[:10]), f"the address answered {status}"
    left = [day for day in task.facts["days"] if day > today.isoformat()]
    first = task.facts.get("missing", "")
    if not first:
        tomorrow = (today + timedelta(days=1)).isoformat()
        facts = {**task.facts, "missing": today.isoformat()}
        missing = StoryEvent(story_id, now, "missing", said)
        return missing, check_task(task.url, [tomorrow, *left], facts)
    if first == today.isoformat():
        return None, check_task(task.url, [*left], task.facts)
    if task.facts.get("withdrawn"):
        return None, check_task(task.url, left, task.facts)
    event = StoryEvent(story_id, now, "withdrawn", f"{said}, as on {first}")
    return event, check_task(task.url, left, {**task.facts, "withdrawn": today.isoformat()})


def watch(store: Store, printed: Mapping[str, date], today: date) -> int:
    """Has the stories that an issue printed looked at again, counted from that day.

    Stories of pages that an editor brought in have no address to look at. Returns how many stories
    got a look that was not planned yet.
    """
    planned = 0
    for story_id, day in sorted(printed.items()):
        story, url = store.story(story_id), store.address_of(story_id)
        days = days_after(day, today)
        if story is None or not url or not days:
            continue
        task = store.task(story.source_id, "check", url)
        if task is None:
            store.add_tasks(story.source_id, check_task(url, days, {}))
        elif set(days) - set(task.facts["days"]):
            (wider,) = check_task(url, [*task.facts["days"], *days], task.facts)
            store.finish(task, story.source_id, [replace(wider, why=task.why)])
        else:
            continue
        planned += 1
    return planned
