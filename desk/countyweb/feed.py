"""Shape 4: a bulletin that announces its stories in an RSS feed.

The feed's days are not RFC 822, its links are wrapped in CDATA and carry tracking parameters, and
English items stand among the Chinese ones. It answers conditional requests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import partial

from . import mess
from .dataset import SampleStory
from .shape import (
    Answer,
    Answers,
    Shape,
    html,
    numbered,
    page,
    picture,
    printed_blocks,
    robots,
    until,
)

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


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the site as it stands on ``upto``."""
    numbers = numbered(stories, 700120)
    out = until(stories, upto)
    answers: Answers = {"/robots.txt": robots("/inner/", f"http://{HOST}/sitemap.xml")}
    items: list[_Item] = []
    places: dict[str, str] = {}
    for index, story in enumerate(out):
        path = _path(story, numbers)
        cards = mess.related(story, out, partial(_path, numbers=numbers), 2) if index % 2 else []
        answers.update(_story_pages(story, path, index, cards))
        places[story.slug] = path
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
    answers.update(_sitemaps(out, places))
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
    return Shape(answers, places)


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


def _sitemaps(out: Sequence[SampleStory], places: Mapping[str, str]) -> Answers:
    """A sitemap index of one file a week; it names itself among them, and wraps some in CDATA."""
    weeks: dict[int, list[SampleStory]] = {}
    for story in out:
        weeks.setdefault(story.published.isocalendar().week, []).append(story)
    names = [f"/sitemap_2026_{week}.xml" for week in weeks]
    answers = {
        name: _xml(
            page(
                "sitemap.xml",
                entries=[
                    (f"http://{HOST}{places[one.slug]}", f"{one.published}T02:39:11+08:00")
                    for one in ones
                ],
                index=False,
            )
        )
        for name, ones in zip(names, weeks.values(), strict=True)
    }
    listed = [(f"http://{HOST}{name}", "2026-11-22") for name in (*names, "/sitemap.xml")]
    return answers | {"/sitemap.xml": _xml(page("sitemap.xml", entries=listed, index=True))}


def _xml(text: str) -> Answer:
    return Answer(text.encode(), "text/xml; charset=utf-8")


def _path(story: SampleStory, numbers: Mapping[str, int]) -> str:
    return f"/article/{story.published:%Y/%m/%d}/{numbers[story.slug]}.html"


def _story_pages(story: SampleStory, path: str, index: int, cards: Sequence[mess.Link]) -> Answers:
    stem = path.removesuffix(".html")
    pictures = [f"{stem}_{number}.png" for number in range(len(story.captions))]
    old = story.published <= _OLD_LAYOUT_UNTIL
    text = page(
        "feed-story-old.html" if old else "feed-story.html",
        site=_SITE,
        story=story,
        clock=f"{9 + index % 8:02d}:39",
        blocks=printed_blocks(story, pictures),
        hot=mess.other_news(story.slug, 4, "/article/2023/01/{}/1.html"),
        cards=cards,
        hotline=index % 3 == 2,
        rights=mess.DISCLAIMERS[1] if index % 4 == 1 else "",
        comments=mess.COMMENTS[:2] if index % 3 == 0 else (),
    )
    return {path: html(text), **{address: picture(address) for address in pictures}}
