"""Wordings 用语: ``terms.toml`` of the workspace, wrong → right, each with its reason."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..index.tomlfile import FileIsWrong, line_of, read_toml
from .finding import Spot

DEFAULT = Path(__file__).parent / "data" / "terms.toml"


class Term(BaseModel):
    """One wording. ``unless`` are longer wordings in which it is right (安装 holds 装)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wrong: str = Field(min_length=1, max_length=40)
    right: str = ""
    why: str = Field(min_length=1)
    severity: Literal["stop", "ask", "note"] = "ask"
    unless: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Term:
        if any(self.wrong not in one for one in self.unless):
            raise ValueError(f"each of `unless` holds {self.wrong!r} itself")
        if self.right == self.wrong:
            raise ValueError("wrong and right are the same")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    defaults: bool = True
    term: tuple[Term, ...] = ()


class Terms:
    """All wordings that are looked for, found in one pass over a text."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms
        self._by_wrong = {term.wrong: term for term in terms}
        words = sorted(self._by_wrong, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    def find(self, text: str) -> list[Spot]:
        """The wrong wordings of a text, in order."""
        found: list[Spot] = []
        for match in self._pattern.finditer(text) if self._pattern else ():
            term = self._by_wrong[match.group()]
            if (term.right and _inside(match, term.right)) or any(
                _inside(match, longer) for longer in term.unless
            ):
                continue
            said = f"“{term.wrong}”应为“{term.right}”" if term.right else f"“{term.wrong}”不宜使用"
            en = f"a wording of terms.toml: {term.right or 'not used'}"
            found.append(Spot("term", term.severity, *match.span(), f"{said}：{term.why}", en))
        return found


def _inside(match: re.Match[str], longer: str) -> bool:
    """The match is part of the longer wording, where it is right."""
    at = longer.find(match.group())
    while at >= 0:
        start = match.start() - at
        if start >= 0 and match.string.startswith(longer, start):
            return True
        at = longer.find(match.group(), at + 1)
    return False


def load_terms(path: Path) -> Terms:
    """The workspace's wordings before those that come with the program (``defaults = false`` leaves
    these out).

    Raises:
        FileIsWrong: with the line; also when a wording comes twice.
    """
    own = read_toml(path, _File) if path.is_file() else _File()
    seen: set[str] = set()
    for n, term in enumerate(own.term):
        if term.wrong in seen:
            line = line_of(path.read_text(encoding="utf-8-sig"), ("term", n, "wrong"))
            raise FileIsWrong(f"{path}:{line}", problem=f"{term.wrong} is listed twice")
        seen.add(term.wrong)
    rest = (one for one in (_defaults() if own.defaults else ()) if one.wrong not in seen)
    return Terms((*own.term, *rest))


@lru_cache(maxsize=1)
def _defaults() -> tuple[Term, ...]:
    return read_toml(DEFAULT, _File).term
