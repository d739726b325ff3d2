"""Shape 4: a bulletin that announces its stories in an RSS feed.

The feed's days are not RFC 822, its links are wrapped in CDATA and carry tracking parameters, and
English items stand among the Chinese ones. It answers conditional requests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime

from .dataset import SampleStory
from .shape import Answer, Answers, html, numbered, page, picture, printed_blocks, robots, until

HOST = "www.taihang-sample.example"
_SITE = "太行党建通讯（样例）"
_FEED = "/rss/rss.xml?siteId=1"
_OLD_LAYOUT_UNTIL = date(2026, 11, 8)


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of the feed."""

    title: str
    link: str
    day: str


def build(stories: Sequence[SampleStory], upto: date | None) -> Answers:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 700120)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/inner/")}
    items: list[_Item] = []
    for index, story in enumerate(out):
        path = f"/article/{story.published:%Y/%m/%d}/{numbers[story.slug]}.html"
        answers.update(_story_pages(story, path, index))
        link = f"http://{HOST}{path}" + ("?utm_source=rss&utm_medium=feed#top" if index % 2 else "")
        items.append(_Item(story.headline, link, f"{story.published} {1 + index % 20:02d}:39:11.0"))
    english = _Item(
        "County reading rooms open on weekends",
        f"http://{HOST}/en/2026/11/05/9001.html",
        "2026-11-05 02:10:00.0",
    )
    closed = _Item("内部通报", f"http://{HOST}/inner/2026/11/05/9002.html", "2026-11-05 03:00:00.0")
    items = [*items[::-1][:2], english, closed, *items[::-1][2:]]
    answers[_FEED] = _feed(items)
    answers["/en/2026/11/05/9001.html"] = html(
        page(
            "feed-plain.html",
            site=_SITE,
            title=english.title,
            text="The reading rooms open at nine. " * 12,
        )
    )
    answers["/inner/2026/11/05/9002.html"] = html(
        page(
            "feed-plain.html",
            site=_SITE,
            title=closed.title,
            text="本通报只发内部，请勿转载。" * 12,
        )
    )
    return answers


def _feed(items: Sequence[_Item]) -> Answer:
    body = page("feed.xml", site=_SITE, host=HOST, items=items).encode()
    day = max(item.day for item in items)[:10]
    modified = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    return Answer(
        body,
        "text/xml; charset=utf-8",
        validators=(
            ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"'),
            ("Last-Modified", format_datetime(modified, usegmt=True)),
        ),
    )


def _story_pages(story: SampleStory, path: str, index: int) -> Answers:
    stem = path.removesuffix(".html")
    pictures = [f"{stem}_{number}.png" for number in range(len(story.captions))]
    old = story.published <= _OLD_LAYOUT_UNTIL
    text = page(
        "feed-story-old.html" if old else "feed-story.html",
        site=_SITE,
        story=story,
        clock=f"{9 + index % 8:02d}:39",
        blocks=printed_blocks(story, pictures),
    )
    return {path: html(text), **{address: picture(address) for address in pictures}}
