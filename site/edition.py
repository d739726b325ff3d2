"""What a site shows: the stories, the published issues, and the names of places and themes.

The desk fills a :class:`Shelf`; nothing on the site comes from anywhere else. Every text in it is
taken as hostile and escaped where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ..index.annotation import Annotation
from ..index.story import Story


class County(NamedTuple):
    """A county-level unit 县级行政区: six-digit code and name."""

    code: str
    name: str


class City(NamedTuple):
    """A prefecture-level city 地级市 with its counties in code order."""

    code: str
    name: str
    counties: tuple[County, ...]


class Theme(NamedTuple):
    """A theme 主题分类; ``group`` is the Chinese name of its group (领域党建)."""

    slug: str
    name: str
    group: str


class Reprint(NamedTuple):
    """A copy 转载 of a story in another source, which has no page of its own."""

    source: str
    published: date | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """A story with what it is about, and where else it was printed."""

    story: Story
    annotation: Annotation
    reprints: tuple[Reprint, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionItem:
    """One story in an issue.

    ``headline``, ``deck`` and ``text`` (one paragraph a line) are the editor's; empty means the story's
    own. ``note`` is the 按语 before it. The rights of the source bound the editor's text, too: it is cut
    to an excerpt where only an excerpt may be shown, and left out where only facts may. ``story`` is the
    story as it was signed, where its text is another by now: a signed issue does not change.
    """

    story_id: str
    section: str = ""
    headline: str = ""
    text: str = ""
    deck: str = ""
    note: str = ""
    story: Story | None = None


class Correction(NamedTuple):
    """What was added to a signed issue, about one of its stories or (``story_id`` empty) the whole."""

    on: date
    kind: Literal["correction", "withdrawal", "restoration"]
    text: str
    story_id: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A published issue 期. ``number`` counts within the year of ``issued``, supplements 增刊 apart;
    ``total`` is the running number 总第…期, 0 when none is kept. ``week`` is ``2026-W47``.
    ``corrections`` were added after it was signed, the oldest first."""

    number: int
    total: int
    week: str
    first: date
    last: date
    issued: date
    title: str = ""
    note: str = ""
    items: tuple[EditionItem, ...] = ()
    supplement: bool = False
    editors: tuple[str, ...] = ()
    signed_by: str = ""
    corrections: tuple[Correction, ...] = ()

    @property
    def key(self) -> str:
        """The issue's file name and order within the site: ``2026-47``, a supplement ``2026-z2``."""
        return f"{self.issued.year}-{'z' if self.supplement else ''}{self.number}"

    @property
    def called(self) -> str:
        """``第47期``, ``增刊第2期``."""
        return f"{'增刊' if self.supplement else ''}第{self.number}期"

    @property
    def updated(self) -> date:
        """The day of the last correction, or of issue."""
        return max((self.issued, *(one.on for one in self.corrections)))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A story taken off the site. Its address keeps a page that says so, with the reason."""

    story_id: str
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything a site is made of.

    ``title`` names the site, ``masthead`` is the large red name of the issue 报头, ``publisher``
    the 编发单位, ``home`` the province's code, ``contact`` one line saying where corrections go.
    ``cities`` are the home province's, in code order. Stories that are not relevant and stand in no
    issue are not shown; a withdrawn story is shown nowhere. ``address`` is the site's public http(s)
    address; sitemap, feeds and canonical addresses need one and are left out without it.
    """

    title: str
    masthead: str
    publisher: str
    home: str
    stories: tuple[ShelfStory, ...]
    editions: tuple[Edition, ...]
    cities: tuple[City, ...]
    themes: tuple[Theme, ...]
    withdrawn: tuple[Withdrawal, ...] = ()
    contact: str = ""
    address: str = ""
