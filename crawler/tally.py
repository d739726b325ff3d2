"""Counts what one source's visit did, and tells whoever watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from ..index.errors import JianbaoError
from ..index.store import Change
from ..index.story import Story
from .article import Extraction

_FIELDS: Final = ("published", "source", "pictures")
"""Fields whose loss shows that a site's layout changed; byline and editors are counted beside them."""


@dataclass
class Tally:
    """One source's counts. ``tell`` receives each event as plain data."""

    source_id: str
    tell: Callable[[dict[str, Any]], None]
    requests: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    problem: JianbaoError | None = None
    finished: bool = False
    received: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    withdrawn: int = 0
    doubted: int = 0
    declines: str = ""
    waits: str = ""

    def asked(self, url: str) -> None:
        """A request went out."""
        self.requests += 1
        self._tell("asked", url)

    def answered(self, status: int, size: int) -> None:
        """An answer came, with a body of ``size`` bytes."""
        self.statuses[str(status)] += 1
        self.received += size

    def take(self, story: Story, change: Change, found: Extraction) -> None:
        """A story was stored, as it was found."""
        self.rules[found.rule] += 1
        self.doubted += bool(found.doubt)
        self.filled.update(name for name in _FIELDS if getattr(story, name))
        self.filled.update(["byline"] if story.byline.people() else [])
        self.filled.update(["editors"] if story.byline.editors else [])
        setattr(self, change, getattr(self, change) + 1)
        self._tell(change, story.url, story.headline)

    def look(self, url: str, *, withdrawn: bool = False) -> None:
        """A known story was looked at again; ``withdrawn`` when its source no longer has it."""
        self.checked += 1
        if withdrawn:
            self.withdrawn += 1
            self._tell("withdrawn", url)

    def refuse(self, url: str, reason: str) -> None:
        """A page was set aside for good."""
        self.refused.append((url, reason))
        self._tell("refused", url, reason)

    def miss(self, url: str, problem: JianbaoError) -> None:
        """A story page could not be read this time."""
        self.missed.append((url, problem.english()))
        self._tell("missed", url, problem.english())

    def _tell(self, what: str, url: str, detail: str = "") -> None:
        self.tell({"source": self.source_id, "what": what, "url": url, "detail": detail})
