"""The stories of the sample county web, with what a perfect reader would find in them.

Each file of ``stories/`` and ``stories/shapes/`` holds ``[[story]]`` tables, and ``[[repost]]`` tables:
copies of another site's story, whole or cut. What a page prints comes from the same record that
tests compare against, so a shape can never drift from its gold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from ...index.errors import JianbaoError
from ...index.story import Byline, Paragraph

Site = Literal[
    "county-gov",
    "city-gov",
    "department",
    "paper",
    "founder",
    "epaper",
    "portal",
    "school",
    "board",
    "media",
    "feed",
    "moving",
]
SITES: tuple[Site, ...] = get_args(Site)
BylineStyle = Literal["box", "lead", "tail", "none"]

_FOLDER = Path(__file__).parent / "stories"
_SUBHEAD = "## "


class SampleStoryIsWrong(JianbaoError):
    """A story of the sample county web does not follow the format."""

    code = "JB-450"
    what = "story {slug!r} of the sample county web is wrong ({detail})"
    remedy = "correct the file, or reinstall jianbao"
    what_zh = "样例网站的稿件“{slug}”有误（{detail}）"
    remedy_zh = "请更正该文件，或重新安装简报程序"


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's words, as printed under it."""

    text: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class SampleStory:
    """One invented story and its gold. ``byline_printed`` are the raw words without box or brackets."""

    slug: str
    site: Site
    published: date
    kicker: str
    headline: str
    deck: str
    place_line: str
    byline_printed: str
    byline_style: BylineStyle
    byline: Byline
    source: str
    page: str
    paragraphs: tuple[Paragraph, ...]
    captions: tuple[Caption, ...]
    counties: tuple[str, ...]
    city: str
    themes: tuple[str, ...]
    relevant: bool
    repost_of: str = ""

    @property
    def editor(self) -> str:
        """The 责任编辑, or an empty text."""
        return self.byline.editors[0] if self.byline.editors else ""


def load_stories(folder: Path | None = None) -> tuple[SampleStory, ...]:
    """Every sample story, by day of publication and slug.

    Raises:
        SampleStoryIsWrong: a file is not TOML, a field is missing or unknown, or a slug comes twice.
    """
    stories: dict[str, SampleStory] = {}
    reposts: list[tuple[Path, dict[str, Any]]] = []
    for path in sorted((folder or _FOLDER).rglob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SampleStoryIsWrong(path, slug="", detail=error) from error
        reposts += [(path, table) for table in tables.get("repost", [])]
        for table in tables.get("story", []):
            _add(stories, path, table, _story)
    for path, table in reposts:
        _add(stories, path, table, lambda table: _repost(table, stories))
    return tuple(sorted(stories.values(), key=lambda story: (story.published, story.slug)))


def load_page_gold(path: Path) -> tuple[SampleStory, ...]:
    """The stories of a damaged page of newspaper text, in the order of the page, from the file beside it.

    Raises:
        SampleStoryIsWrong: as :func:`load_stories`.
    """
    stories: dict[str, SampleStory] = {}
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
        _add(stories, path, {**table, "site": "paper"}, _story)
    return tuple(stories.values())


def _add(
    stories: dict[str, SampleStory],
    path: Path,
    table: dict[str, Any],
    read: Callable[[dict[str, Any]], SampleStory],
) -> None:
    slug = str(table.get("slug", ""))
    try:
        story = read(table)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SampleStoryIsWrong(path, slug=slug, detail=repr(error)) from error
    if slug in stories:
        raise SampleStoryIsWrong(path, slug=slug, detail="the slug comes twice")
    stories[slug] = story


def _repost(table: dict[str, Any], stories: Mapping[str, SampleStory]) -> SampleStory:
    """A copy of another site's story: the paragraphs ``keep`` (by number, from 0), no pictures.

    A cut copy has lost the original's sign-off; its author is the unit that sent it in.
    """
    first = stories[table["of"]]
    if table["site"] not in SITES or not isinstance(table["published"], date):
        raise ValueError(f"{table['site']}, {table['published']}")
    keep = table["keep"] or range(len(first.paragraphs))
    return replace(
        first,
        slug=table["slug"],
        site=table["site"],
        published=table["published"],
        headline=table["headline"] or first.headline,
        kicker="",
        deck="",
        place_line="",
        byline_printed=table["unit"],
        byline_style="none",
        byline=Byline(organisations=(table["unit"],)),
        source=table["source"],
        page="",
        paragraphs=tuple(first.paragraphs[number] for number in keep),
        captions=(),
        repost_of=first.slug,
    )


def _story(table: dict[str, Any]) -> SampleStory:
    if table["site"] not in SITES or table["byline_style"] not in get_args(BylineStyle):
        raise ValueError(f"{table['site']}, {table['byline_style']}")
    if not isinstance(table["published"], date):
        raise TypeError("published is not a TOML date")
    editor = table["editor"]
    return SampleStory(
        slug=table["slug"],
        site=table["site"],
        published=table["published"],
        kicker=table["kicker"],
        headline=table["headline"],
        deck=table["deck"],
        place_line=table["place_line"],
        byline_printed=table["byline"],
        byline_style=table["byline_style"],
        byline=Byline(
            reporters=tuple(table["reporters"]),
            correspondents=tuple(table["correspondents"]),
            authors=tuple(table["authors"]),
            photographers=tuple(table["photographers"]),
            organisations=tuple(table["organisations"]),
            editors=(editor,) if editor else (),
        ),
        source=table["source"],
        page=table["page"],
        paragraphs=tuple(_paragraph(text) for text in table["paragraphs"]),
        captions=tuple(Caption(**caption) for caption in table["captions"]),
        counties=tuple(table["counties"]),
        city=table["city"],
        themes=tuple(table["themes"]),
        relevant=table["relevant"],
    )


def _paragraph(text: str) -> Paragraph:
    if text.startswith(_SUBHEAD):
        return Paragraph(text.removeprefix(_SUBHEAD), subhead=True)
    return Paragraph(text)
