"""The registry of sources 来源: one declarative TOML file each, in a workspace's ``sources/``.

A source says where its lists are, which family of content system it runs on, whose place it speaks
for, and how gently it wants to be read. Rules that only one source needs stand in its file, with
the days they are good for, so that old pages keep parsing after a redesign. Every field is described
in ``docs/sources.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from ..index.clock import ZONE
from ..index.errors import JianbaoError
from ..index.limits import DAILY_REQUESTS, LIST_PAGES
from ..index.story import Rights
from ..index.tomlfile import read_toml
from .source_parts import Calendar, LogEntry, Part, Rhythm, Rule, Seen, Window, known_family

Kind = Literal["listing", "epaper", "feed", "sitemap"]
State = Literal["verified", "unverified", "paused"]

__all__ = [
    "Calendar",
    "Kind",
    "LeftOut",
    "LogEntry",
    "Rhythm",
    "Rule",
    "Seen",
    "Source",
    "SourceComesTwice",
    "SourceIsUnknown",
    "State",
    "due",
    "load_sources",
]


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


class Source(Part):
    """One source.

    ``entries`` are list pages, feeds, sitemaps, or an e-paper's index. ``home`` is the administrative
    code of the place it speaks for (six digits, GB/T 2260), ``site_code`` the site's own SiteIDCode.
    ``delay`` is in seconds between requests, and each pause is up to ``jitter`` times longer; the
    site's own Crawl-delay wins when longer. ``windows`` are the hours it may be asked in (any, when
    empty), ``daily_requests`` the most requests of one day. ``aliases`` are other host names of the
    same site, ``sisters`` other sites whose stories its lists may bring; ``twins`` are parts of a
    path that repeat the site (``/BIG5/``) and what they become. ``story_address`` is a regular
    expression that a story's address must contain; without it the family's own shape is used.
    ``loopback`` sends every request to a server on this machine instead of the source's host: the
    demo and the tests set it, and nothing else may.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Kind
    family: str
    entries: Annotated[tuple[str, ...], Field(min_length=1)]
    home: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    site_code: Annotated[str, Field(pattern=r"^([0-9A-Za-z]{10})?$")] = ""
    contact: Annotated[str, Field(max_length=200)] = ""
    notes: Annotated[str, Field(max_length=2000)] = ""
    rights: Rights = "excerpt"
    licence: Annotated[str, Field(max_length=200)] = ""
    delay: Annotated[float, Field(ge=0.01, le=600)] = 3.0
    jitter: Annotated[float, Field(ge=0, le=5)] = 0.5
    windows: tuple[str, ...] = ()
    daily_requests: Annotated[int, Field(ge=1, le=20_000)] = DAILY_REQUESTS
    list_pages: Annotated[int, Field(ge=1, le=LIST_PAGES)] = LIST_PAGES
    since: date | None = None
    story_address: str = ""
    aliases: tuple[str, ...] = ()
    sisters: tuple[str, ...] = ()
    twins: dict[str, str] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    rhythm: Rhythm | None = None
    calendar: Calendar | None = None
    state: State = "verified"
    retired: date | None = None
    seen: tuple[Seen, ...] = ()
    log: tuple[LogEntry, ...] = ()
    loopback: Annotated[str, Field(pattern=r"^(http://127\.0\.0\.1:\d{1,5})?$")] = ""

    @field_validator("family")
    @classmethod
    def _is_known(cls, value: str) -> str:
        return known_family(value)

    @field_validator("entries")
    @classmethod
    def _are_http(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            parts = urlsplit(entry)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{entry!r} is not an http(s) address")
        return value

    @field_validator("windows")
    @classmethod
    def _are_windows(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            Window.read(text)
        return value

    @field_validator("story_address")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value

    @field_validator("aliases", "sisters")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+(:\d{1,5})?", host):
                raise ValueError(f"{host!r} is not a host name (lower case, no http://, no path)")
        return value

    @field_validator("twins")
    @classmethod
    def _are_paths(cls, value: dict[str, str]) -> dict[str, str]:
        for twin, main in value.items():
            if not (twin.startswith("/") and twin.endswith("/") and len(twin) > 2):
                raise ValueError(f"{twin!r} is not a part of a path such as /BIG5/")
            if not (main.startswith("/") and main.endswith("/")) or twin in main:
                raise ValueError(f"{main!r} is not a part of a path that {twin!r} can become")
        return value

    @field_validator("rules")
    @classmethod
    def _are_told_apart(cls, value: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [rule.version for rule in value if rule.version]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two rules have the version {twice!r}")
        return value

    @model_validator(mode="after")
    def _is_gentle(self) -> Source:
        # A mistyped delay would hammer a county office's server; only our own machine may be fast.
        if self.delay < 1 and not self.loopback:
            raise ValueError("delay must be at least 1 second")
        if self.calendar and self.kind != "epaper":
            raise ValueError("only an epaper has a calendar")
        return self

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names (with port) of the source: the only ones that are asked."""
        own = [urlsplit(entry).netloc.lower() for entry in self.entries]
        return tuple(dict.fromkeys((*own, *self.aliases, *self.sisters)))

    def open_at(self, moment: datetime) -> bool:
        """Whether the source may be asked at a moment, by its ``windows``."""
        here = moment.astimezone(ZONE)
        return not self.windows or any(Window.read(text).holds(here) for text in self.windows)

    def opens(self, moment: datetime) -> datetime:
        """When the source may next be asked: the moment itself, or the beginning of its next window."""
        here = moment.astimezone(ZONE)
        if self.open_at(here):
            return here
        return min(Window.read(text).next_start(here) for text in self.windows)

    def has_issue(self, day: date) -> bool:
        """Whether an e-paper's issue is to be expected on a day; always, without a calendar."""
        return self.calendar is None or self.calendar.has_issue(day)


def load_sources(folder: Path) -> list[Source]:
    """Every source of a folder, by file name. Files that are not ``*.toml`` are not looked at.

    Raises:
        FileIsWrong, FileIsMissing: a file cannot be read or says something wrong; with its line.
        SourceComesTwice: an id is used by two files.
    """
    return [source for _, source in read_folder(folder)]


def read_folder(folder: Path) -> list[tuple[Path, Source]]:
    """Every source of a folder with its file; raises what :func:`load_sources` raises."""
    seen: dict[str, Path] = {}
    found = list(_read_all(folder))
    for path, source in found:
        if other := seen.get(source.id):
            raise SourceComesTwice(path, source_id=source.id, other=other.name)
        seen[source.id] = path
    return found


def _read_all(folder: Path) -> Iterator[tuple[Path, Source]]:
    for path in sorted(folder.glob("*.toml")):
        yield path, read_toml(path, Source)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A source that a crawl does not ask, and why: ``unverified``, ``paused`` or ``retired``."""

    source: Source
    why: Literal["unverified", "paused", "retired"]

    def english(self) -> str:
        """The reason and what to do about it."""
        name = self.source.id
        return {
            "unverified": f"{name} is unverified and was left out: run `jianbao sources check --live {name}`",
            "paused": f"{name} is paused and was left out: set `state` in its file to go on",
            "retired": f"{name} was left out: its file says that it ended on {self.source.retired}",
        }[self.why]


def due(
    sources: Sequence[Source], names: Sequence[str], *, today: date
) -> tuple[list[Source], list[LeftOut]]:
    """The sources of a crawl: the named ones, or all; and those that are left out, with the reason.

    An unverified source is never crawled, named or not: nobody has seen yet what it would give.

    Raises:
        SourceIsUnknown: a name is not in the registry.
    """
    by_id = {source.id: source for source in sources}
    for name in names:
        if name not in by_id:
            raise SourceIsUnknown(source_id=name, known=", ".join(by_id) or "none")
    asked = [by_id[name] for name in dict.fromkeys(names)] if names else list(sources)
    chosen: list[Source] = []
    left: list[LeftOut] = []
    for source in asked:
        if source.retired and source.retired <= today:
            left.append(LeftOut(source, "retired"))
        elif source.state != "verified":
            left.append(LeftOut(source, source.state))
        else:
            chosen.append(source)
    return chosen, left
