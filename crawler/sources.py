"""The registry of sources 来源: one declarative TOML file each, in a workspace's ``sources/``.

A source says where its lists are, which family of content system it runs on, whose place it speaks
for, and how gently it wants to be read. Rules that only one source needs stand in its file, with
the days they are good for, so that old pages keep parsing after a redesign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import cssselect
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..index.errors import JianbaoError
from ..index.story import Rights
from ..index.tomlfile import read_toml
from .families import FAMILY_NAMES

Kind = Literal["listing", "epaper", "feed"]


class SourceComesTwice(JianbaoError):
    """Two files carry the same source id."""

    code = "JB-230"
    what = "the source id {source_id!r} is already used by {other}"
    remedy = "give one of the two files another id"
    what_zh = "来源编号“{source_id}”已被 {other} 使用"
    remedy_zh = "请给其中一个文件换一个编号"


class SourceIsUnknown(JianbaoError):
    """A source was asked for that the registry does not hold."""

    code = "JB-231"
    what = "there is no source {source_id!r}; known are: {known}"
    remedy = "write one of the known ids, or add a file to sources/"
    what_zh = "没有编号为“{source_id}”的来源；已有：{known}"
    remedy_zh = "请填写已有的来源编号，或在 sources/ 中新增文件"


class Rule(BaseModel):
    """Selectors (CSS) of one layout of one source. An empty one leaves that part to the family.

    ``valid_from`` and ``valid_until`` are the first and last day of publication that the layout
    was used for; the first rule whose days fit and whose body selector finds something is taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date | None = None
    valid_until: date | None = None
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    info: str = ""
    body: str = ""

    @field_validator("headline", "kicker", "deck", "info", "body")
    @classmethod
    def _is_css(cls, value: str) -> str:
        if value:
            try:
                cssselect.parse(value)
            except cssselect.SelectorError as error:
                raise ValueError(f"{value!r} is not a CSS selector: {error}") from None
        return value

    def holds_on(self, day: date | None) -> bool:
        """Whether the layout was in use on a day; an unknown day fits every layout."""
        if day is None:
            return True
        return (self.valid_from or day) <= day <= (self.valid_until or day)


class Source(BaseModel):
    """One source.

    ``entries`` are list pages, feeds, or an e-paper's index. ``home`` is the administrative code of
    the place it speaks for (six digits, GB/T 2260). ``delay`` is in seconds between requests; the
    site's own Crawl-delay wins when longer. ``story_address`` is a regular expression that a
    story's address must contain; without it the family's own shape is used. ``loopback`` sends
    every request to a server on this machine instead of the source's host: the demo and the tests
    set it, and nothing else may.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Kind
    family: str
    entries: Annotated[tuple[str, ...], Field(min_length=1)]
    home: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    rights: Rights = "excerpt"
    delay: Annotated[float, Field(ge=0.01, le=600)] = 3.0
    story_address: str = ""
    rules: tuple[Rule, ...] = ()
    loopback: Annotated[str, Field(pattern=r"^(http://127\.0\.0\.1:\d{1,5})?$")] = ""

    @field_validator("family")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in FAMILY_NAMES:
            raise ValueError(f"there is no family {value!r}; known are {', '.join(FAMILY_NAMES)}")
        return value

    @field_validator("entries")
    @classmethod
    def _are_http(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            parts = urlsplit(entry)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{entry!r} is not an http(s) address")
        return value

    @field_validator("story_address")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value

    @model_validator(mode="after")
    def _is_gentle(self) -> Source:
        # A mistyped delay would hammer a county office's server; only our own machine may be fast.
        if self.delay < 1 and not self.loopback:
            raise ValueError("delay must be at least 1 second")
        return self

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names (with port) of the entries: the only ones that are asked."""
        return tuple(dict.fromkeys(urlsplit(entry).netloc.lower() for entry in self.entries))


def load_sources(folder: Path) -> list[Source]:
    """Every source of a folder, by file name. Files that are not ``*.toml`` are not looked at.

    Raises:
        FileIsWrong, FileIsMissing: a file cannot be read or says something wrong; with its line.
        SourceComesTwice: an id is used by two files.
    """
    seen: dict[str, Path] = {}
    sources: list[Source] = []
    for path, source in _read_all(folder):
        if other := seen.get(source.id):
            raise SourceComesTwice(path, source_id=source.id, other=other.name)
        seen[source.id] = path
        sources.append(source)
    return sources


def _read_all(folder: Path) -> Iterator[tuple[Path, Source]]:
    for path in sorted(folder.glob("*.toml")):
        yield path, read_toml(path, Source)
