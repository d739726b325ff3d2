"""An office's own rules about places 本地地名规则: ``places.toml`` of the workspace.

    never = ["党家山"]            # looks like a place, but is none here
    [names]
    "红崖农场" = "文水县"          # county, city or township, by full name or code
    [sources]
    "河东文学" = "140800"          # whose paper it is

They beat the table that comes with the program. What contradicts itself is refused with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from .gazetteer import Gazetteer, Place
from .normalise import fold_characters
from .tomlfile import FileIsWrong, line_of, read_toml


class PlacesFileIsWrong(FileIsWrong):
    """``places.toml`` can be read, but contradicts itself or names a place that is not in the table."""

    code = "JB-123"
    remedy = "mend that line of places.toml; nothing was annotated"
    remedy_zh = "请改正 places.toml 中的这一行；没有标引任何稿件"


class _PlacesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    never: tuple[str, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocalPlaces:
    """Names that are never a place, names and sources with the code of their place; all folded."""

    never: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> str:
        """All of it as text, for the digest of the rules."""
        return f"{sorted(self.never)}{sorted(self.names.items())}{sorted(self.sources.items())}"


def load_places(path: Path, gazetteer: Gazetteer, home: str) -> LocalPlaces:
    """Reads ``places.toml``.

    Raises:
        FileIsMissing: there is no such file.
        PlacesFileIsWrong: with file and line: a name stands twice (in whatever characters) and for
            different things, is too short, or its place is not in the table or borne by several.
        FileIsWrong: not TOML, or an unknown key.
    """
    data = read_toml(path, _PlacesFile)
    text = path.read_text(encoding="utf-8-sig")

    def wrong(key: tuple[str, ...], word: str, problem: str) -> PlacesFileIsWrong:
        return PlacesFileIsWrong(f"{path}:{_line(text, key, word)}", problem=problem)

    never: set[str] = set()
    for name in data.never:
        if len(name.strip()) < 2:
            raise wrong(("never",), name, f"{name!r} is too short to be told from other words")
        never.add(fold_characters(name.strip()))
    found: dict[str, dict[str, str]] = {"names": {}, "sources": {}}
    for table, given in (("names", data.names), ("sources", data.sources)):
        for name, place in given.items():
            folded, key = fold_characters(name.strip()), (table, name)
            code = _code(place, gazetteer, home)
            if len(folded) < 2:
                raise wrong(key, name, f"{name!r} is too short to be told from other words")
            if not code:
                raise wrong(
                    key, name, f"{place!r} is no place of the table, or several; write a code"
                )
            if table == "names" and folded in never:
                raise wrong(key, name, f"{name!r} is a place here and under never")
            if found[table].setdefault(folded, code) != code:
                raise wrong(key, name, f"{name!r} stands twice, for different places")
    return LocalPlaces(frozenset(never), found["names"], found["sources"])


def one_place(name: str, gazetteer: Gazetteer, home: str) -> Place | None:
    """The unit with this code, full name (with its city before it if need be) or short name.

    Of several the one of the home province; ``None`` where none or still more than one is left.
    """
    if name.isdigit():
        return gazetteer.place(name)
    found = list(gazetteer.named(name)) or list(gazetteer.short_named(name))
    found = found or list(gazetteer.towns_named(name))
    if not found:
        found = [
            unit
            for unit in gazetteer.units()
            if name.endswith(unit.name) and name in gazetteer.full_name(unit.code)
        ]
    near = [unit for unit in found if unit.province == home]
    chosen = near or found
    return chosen[0] if len(chosen) == 1 else None


def _code(name: str, gazetteer: Gazetteer, home: str) -> str:
    place = one_place(name.strip(), gazetteer, home)
    return place.code if place else ""


def _line(text: str, key: tuple[str, ...], word: str) -> int:
    """The line of a quoted Chinese key or value; the last one of several, which is the second."""
    lines = [n for n, line in enumerate(text.split("\n"), 1) if word in line.split("#")[0]]
    return lines[-1] if lines else line_of(text, key)
