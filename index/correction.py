"""An editor's corrections 编辑改定: kept by story in ``corrections.toml``, stronger than every rule.

    [[correction]]
    story = "0123456789ab"
    headline = "…"               # only for whoever reads this file
    counties = ["141121"]        # [] means: no county
    themes = ["rural", "member"]
    relevant = true
    date = 2026-11-22
    who = "…"
    why = "…"

What is not given stays as the rules have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import tomlkit
from pydantic import BaseModel, ConfigDict, Field

from .annotation import About, Annotation, Evidence, Level
from .gazetteer import Gazetteer
from .themes import Themes
from .tomlfile import FileIsWrong, line_of, read_toml, write_text


class CorrectionIsWrong(FileIsWrong):
    """``corrections.toml`` can be read, but contradicts itself."""

    code = "JB-124"
    remedy = "mend that line of corrections.toml; nothing was annotated"
    remedy_zh = "请改正 corrections.toml 中的这一行；没有标引任何稿件"


class Correction(BaseModel):
    """What an editor decided about one story; ``None`` leaves it to the rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    story: str = Field(pattern=r"^[0-9a-f]{12}$")
    headline: str = ""
    counties: tuple[str, ...] | None = None
    themes: tuple[str, ...] | None = Field(default=None, max_length=3)
    relevant: bool | None = None
    date: dt.date
    who: str = ""
    why: str = ""

    def acts(self) -> bool | None:
        """Whether the story counts as Party-building news: themes alone say that it does."""
        return True if self.relevant is None and self.themes else self.relevant

    def note(self) -> str:
        """When, by whom and why, as one line."""
        return " ".join(part for part in (self.date.isoformat(), self.who, self.why) if part)


class _CorrectionsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    correction: tuple[Correction, ...] = ()


def load_corrections(path: Path, gazetteer: Gazetteer, themes: Themes) -> dict[str, Correction]:
    """Corrections by story; none where there is no file.

    Raises:
        CorrectionIsWrong: with file and line: a story twice, a code that is no county, an unknown
            theme, themes for a story that is not relevant, or nothing corrected at all.
        FileIsWrong: not TOML, or a field is unknown or of the wrong kind.
    """
    if not path.is_file():
        return {}
    found: dict[str, Correction] = {}
    for at, one in enumerate(read_toml(path, _CorrectionsFile).correction):
        key, problem = contradiction(one, gazetteer, themes)
        if one.story in found:
            key, problem = "story", f"the story {one.story} is corrected twice"
        if problem:
            text = path.read_text(encoding="utf-8-sig")
            raise CorrectionIsWrong(
                f"{path}:{line_of(text, ('correction', at, key))}", problem=problem
            )
        found[one.story] = one
    return found


def contradiction(one: Correction, gazetteer: Gazetteer, themes: Themes) -> tuple[str, str]:
    """The key and the problem of a correction that cannot be meant; both empty if it can."""
    for code in one.counties or ():
        place = gazetteer.place(code)
        if place is None or place.level != "county":
            return "counties", f"{code} is no county of the table"
    for slug in one.themes or ():
        if slug not in themes.slugs():
            return "themes", f"there is no theme {slug!r}"
    for key, values in (("counties", one.counties), ("themes", one.themes)):
        if values and len(set(values)) < len(values):
            return key, f"{key} holds one twice"
    if one.themes == ():
        return "themes", "a story has one to three themes; if it has none, it is not relevant"
    if one.relevant is False and one.themes:
        return "relevant", "themes are given for a story that is not relevant"
    if one.counties is None and one.themes is None and one.relevant is None:
        return "story", "nothing is corrected"
    return "", ""


def save_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Writes the whole file, ordered by story, or nothing. Comments of the file are not kept."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment("Corrections by the editor 编辑改定. `jianbao correct` writes this file.")
    )
    tables = tomlkit.aot()
    for one in sorted(corrections, key=lambda one: one.story):
        table = tomlkit.table()
        for key, value in one.model_dump(exclude_none=True).items():
            if value != "":
                table.add(key, list(value) if isinstance(value, tuple) else value)
        tables.append(table)
    document.add("correction", tables)
    write_text(path, tomlkit.dumps(document) if tables else "")


def corrected(annotation: Annotation, one: Correction, gazetteer: Gazetteer) -> Annotation:
    """The annotation with what the editor decided in place of what the rules found.

    ``annotation`` is made by the rules, told whether the story is relevant (:meth:`Correction.acts`).
    Evidence of the rules for what was decided otherwise is left out.
    """
    found = annotation
    if one.counties is not None:
        found = _placed(found, one.counties, gazetteer)
        found = _decided(found, "county", one.counties or ("",), one.note())
    if one.themes is not None:
        found = replace(found, themes=one.themes)
        found = _decided(found, "theme", one.themes, one.note())
    if one.relevant is not None or one.themes:
        yes = bool(one.acts())
        reason = f"编辑改定为{'' if yes else '非'}党建稿件（{one.note()}）。"
        found = replace(found, relevant=yes, reason=reason, themes=found.themes if yes else ())
        found = _decided(found, "relevance", ("yes" if yes else "no",), one.note())
    return found


def _placed(found: Annotation, counties: Sequence[str], gazetteer: Gazetteer) -> Annotation:
    chosen = tuple(counties)
    mentioned = tuple(sorted({*found.counties, *found.mentioned} - set(chosen)))
    if not chosen:
        level: Level = "city" if found.city else "province" if found.province else "none"
        return replace(found, counties=(), mentioned=mentioned, level=level)
    cities = {gazetteer.city_of(code) for code in chosen}
    provinces = {gazetteer.province_of(code) for code in chosen}
    return replace(
        found,
        counties=chosen,
        mentioned=mentioned,
        city=(cities.pop() or None) if len(cities) == 1 else None,
        province=provinces.pop() if len(provinces) == 1 else None,
        level="county",
    )


def _decided(found: Annotation, about: About, values: Sequence[str], note: str) -> Annotation:
    """The evidence with the editor's in place of the rules' for the same kind of decision."""
    kept = [
        replace(e, about="mentioned")
        if e.about == "county" and about == "county" and e.value
        else e
        for e in found.evidence
        if e.about != about or (about == "county" and e.value in found.mentioned)
    ]
    own = [Evidence(about, value, "headline", 0, 0, note, "by-editor", 0.0) for value in values]
    return replace(found, evidence=(*own, *kept))
