"""A story in a list: the line that stands on a dozen pages of its own, and on those of eight other stories.

Written here and not in a template, whose macros take six times as long: lines are half of what is
printed. Every text of a story passes :func:`_text`.
"""

from __future__ import annotations

from html import escape as _text

from markupsafe import Markup

from .dates import zh_date
from .view import Entry

_LEAD = 72
"""Characters of the first paragraph under a headline; up to eight more are not cut off."""


def line(entry: Entry, root: str, lead: bool = True, level: int = 2) -> Markup:
    """A story in a list, its headline of a ``level``, with or without its first words."""
    story = entry.story
    words = ""
    if lead and story.paragraphs:
        words = f'<p class="lead">{_text(_cut(story.paragraphs[0].text))}</p>\n'
    return Markup(  # noqa: S704 - every text was escaped
        f'<article class="line">\n<h{level}><a href="{root}{entry.link}">'
        f"{_text(story.headline)}</a></h{level}>\n{words}{meta(entry, root)}</article>\n"
    )


def meta(entry: Entry, root: str) -> Markup:
    """Day, source, page, places and themes."""
    story = entry.story
    day = "<span>日期不详</span>"
    if story.published:
        day = f'<time datetime="{story.published.isoformat()}">{zh_date(story.published)}</time>'
    source = ""
    if story.source:
        page = f" {page_words(story.page)}" if story.page else ""
        source = f"<span>{_text(story.source + page)}</span>\n"
    return Markup(f'<p class="meta">\n{day}\n{source}{tags(entry, root)}\n</p>\n')  # noqa: S704


def tags(entry: Entry, root: str) -> Markup:
    """Its counties, or cities where no county is known, and its themes, each leading to its page."""
    places = [("county", unit.code, unit.name) for unit in entry.counties]
    if not places:
        places = [("city", city.code, city.name) for city in entry.cities]
    made = [
        f'<a class="tag" href="{root}{kind}/{code}.html">{_text(name)}</a>'
        for kind, code, name in places
    ]
    made += [
        f'<a class="tag theme" href="{root}theme/{theme.slug}.html">{_text(theme.name)}</a>'
        for theme in entry.themes
    ]
    return Markup("".join(made))  # noqa: S704


def page_words(number: str) -> str:
    """``第3版``; a page that has a name instead of a number keeps it."""
    return f"第{number}版" if number.isdigit() else number


def _cut(text: str) -> str:
    return text if len(text) <= _LEAD + 8 else text[: _LEAD - 2] + "……"
