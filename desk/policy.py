"""Rights by source 版权登记: ``rights.toml`` says what each source permits, until when, and by what.

    [[source]]
    name = "太行样报"             # as it stands in the stories; or id = "…" of sources/
    rights = "full"               # none, facts, excerpt, full
    licence = "授权书 2026-03"
    until = 2027-03-31            # afterwards `then`
    then = "facts"

A source that is not listed has the rights of its file in ``sources/``; an imported page those given
with the import. Whatever is made for readers is made from these rulings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..crawler.sources import load_sources
from ..index.story import Rights, Story
from ..index.tomlfile import read_toml
from .workspace import Workspace

Permission = Literal["none", "facts", "excerpt", "full"]


class SourceRights(BaseModel):
    """What one source permits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    id: str = ""
    rights: Permission
    licence: str = ""
    until: dt.date | None = None
    then: Permission = "facts"
    note: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> SourceRights:
        if bool(self.name) == bool(self.id):
            raise ValueError("a source is named by its name or by its id")
        if self.rights == "full" and not self.licence:
            raise ValueError("full text needs a licence: write which one into licence")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: tuple[SourceRights, ...] = Field(default=())

    @model_validator(mode="after")
    def _each_once(self) -> _File:
        names = [one.name or one.id for one in self.source]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice[0]} is listed twice")
        return self


@dataclass(frozen=True, slots=True)
class Ruling:
    """What of a story may be shown today; ``none``: it is shown nowhere."""

    rights: Permission
    licence: str = ""
    until: dt.date | None = None
    expired: bool = False


class Policy:
    """What every source permits."""

    def __init__(self, listed: tuple[SourceRights, ...], registered: Mapping[str, Rights]) -> None:
        self._by_name = {one.name: one for one in listed if one.name}
        self._by_id = {one.id: one for one in listed if one.id}
        self._registered = registered

    def ruling(self, story: Story, today: dt.date) -> Ruling:
        """What may be shown of a story on a day."""
        listed = self._by_id.get(story.source_id) or self._by_name.get(story.source)
        if listed is None:
            return Ruling(self._registered.get(story.source_id, story.rights))
        expired = listed.until is not None and today > listed.until
        rights = listed.then if expired else listed.rights
        return Ruling(rights, listed.licence, listed.until, expired)

    def ruled(self, story: Story, today: dt.date) -> Story | None:
        """The story with the rights of today, or ``None`` when it may not be shown at all."""
        rights = self.ruling(story, today).rights
        return None if rights == "none" else replace(story, rights=rights)


def load_policy(workspace: Workspace) -> Policy:
    """The workspace's policy; where there is no ``rights.toml``, the sources' own files.

    Raises:
        FileIsWrong: with the line.
    """
    path = workspace.root / "rights.toml"
    listed = read_toml(path, _File).source if path.is_file() else ()
    registered: dict[str, Rights] = {
        one.id: one.rights for one in load_sources(workspace.sources_folder)
    }
    return Policy(listed, registered)
