"""Names of places in a text: the matcher, and what a source's name says about its home.

Leftmost-longest over all levels, today's and old names, township stems and company brands. Names are
matched on the raw text, never on words, because jieba breaks most township names; its word
boundaries only keep short names out of ordinary words (提高平安 is not 高平).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import add
from pathlib import Path
from typing import Literal

from .gazetteer import Gazetteer
from .limits import STORY_PLACES
from .localplaces import LocalPlaces
from .normalise import fold, fold_characters
from .segment import Segmenter

ACTORS = Path(__file__).parent / "data" / "actors.toml"

Kind = Literal[
    "county",
    "old",
    "city",
    "province",
    "town",
    "short",
    "city-short",
    "province-short",
    "stem",
    "brand",
    "never",
]

FULL: tuple[Kind, ...] = ("county", "old", "city", "province", "town")
COUNTY_KINDS: tuple[Kind, ...] = ("county", "old", "short")

GENERIC = frozenset(
    {"城区", "郊区", "矿区", "东区", "西区", "新城区", "老城区", "市中区", "城中区", "城东区"}
    | {"城西区", "城北区", "城关区", "城厢区", "江北区", "江南区", "开发区"}
)
"""Names that are words of every city: units only after their city's name, or before their own organs."""

ORDINARY = frozenset(
    {"小店", "盐湖", "和顺", "长子", "平定", "交口", "孝义", "永和", "大宁", "方山", "振兴"}
)
"""Short names that are everyday words: a small shop, a salt lake, the eldest son. They need a colon
after them at the head of a headline, an organ of the county, or the full name elsewhere."""

NOT_A_PLACE = frozenset(["中心镇"])
"""In the township list, but in every text an ordinary word."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in one field. ``senses`` are kind and codes, the more specific sense first.

    ``code`` and ``sense`` are set once the hit is resolved; ``rule`` says by what.
    """

    start: int
    end: int
    name: str
    senses: tuple[tuple[Kind, tuple[str, ...]], ...]
    sense: Kind | None = None
    code: str = ""
    rule: str = ""

    def codes(self, *kinds: Kind) -> tuple[str, ...]:
        """Candidates in these senses."""
        return tuple(code for kind, codes in self.senses if kind in kinds for code in codes)

    def settled(self, sense: Kind, code: str, rule: str) -> Hit:
        """The same hit, resolved."""
        return replace(self, sense=sense, code=code, rule=rule)


class Finder:
    """Finds every place name in a folded text. Built once; the text's length sets the time."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        segmenter: Segmenter,
        home: str,
        local: LocalPlaces | None = None,
    ) -> None:
        self._names: dict[str, dict[Kind, list[str]]] = {}
        self._segmenter = segmenter
        self._add_units(gazetteer, home)
        self._add_towns(gazetteer, home)
        actors = tomllib.loads(ACTORS.read_text(encoding="utf-8"))
        self.papers: dict[str, str] = actors["papers"]
        for name, code in actors["brands"].items():
            self._add(name, "brand", [code])
        self.own: frozenset[str] = frozenset()
        if local is not None:
            self._add_local(local, gazetteer)
        # The first two characters give the lengths to try: most positions end after one look-up.
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {head: sorted(found, reverse=True) for head, found in lengths.items()}
        self._inner = self._names_inside(segmenter.words)

    def _add_local(self, local: LocalPlaces, gazetteer: Gazetteer) -> None:
        """The office's rules in place of all other senses of the same names."""
        kinds: dict[str, Kind] = {"province": "province", "city": "city", "county": "county"}
        for name, code in local.names.items():
            place = gazetteer.place(code)
            kind = kinds.get(place.level, "town") if place else "never"
            self._names[name] = {kind: [code]}
        for name in local.never:
            self._names[name] = {"never": []}
        self.papers = {
            **local.sources,
            **{n: c for n, c in self.papers.items() if n not in local.sources},
        }
        self.own = frozenset({*local.names, *local.never})

    def _names_inside(self, words: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Edges of short names inside words of ours (国网吕梁供电公司): those words do not hide them."""
        inner: dict[str, tuple[int, ...]] = {}
        for word in words:
            if len(word) > 3 and word not in self._names:
                spans = [(a, b) for a in range(len(word) - 1) for b in (a + 2, a + 3)]
                edges = [
                    e
                    for a, b in spans
                    if self._is_short(word[a:b])
                    for e in (a, b)
                    if b <= len(word)
                ]
                if edges:
                    inner[word] = tuple(edges)
        return inner

    def _is_short(self, name: str) -> bool:
        return not {"city-short", "short"}.isdisjoint(self._names.get(name, ()))

    def _add(self, name: str, kind: Kind, codes: Iterable[str]) -> None:
        name = fold_characters(name)
        if len(name) > 1 and name not in NOT_A_PLACE:
            known = self._names.setdefault(name, {}).setdefault(kind, [])
            known.extend(code for code in codes if code not in known)

    def _add_units(self, gazetteer: Gazetteer, home: str) -> None:
        shorts: dict[str, tuple[Kind, Kind]] = {
            "county": ("county", "short"),
            "city": ("city", "city-short"),
            "province": ("province", "province-short"),
        }
        for unit in gazetteer.units():
            full, short = shorts[unit.level]
            self._add(unit.name, full, [unit.code])
            if unit.short != unit.name:
                self._add(unit.short, short, [unit.code])
                if unit.name.endswith("自治县"):
                    self._add(unit.short + "县", full, [unit.code])
        for name in gazetteer.old_names():
            for old in gazetteer.old_named(name):
                # An old name of two characters from elsewhere (新县, 万县) is too often a word.
                if len(name) > 2 or gazetteer.province_of(old.successors[0]) == home:
                    self._add(name, "old", old.successors)

    def _add_towns(self, gazetteer: Gazetteer, home: str) -> None:
        for name, codes in gazetteer.town_names().items():
            if len(name) > 2:
                self._add(name, "town", codes)
        for county in gazetteer.counties_of(home):
            for town in gazetteer.towns_of(county.code):
                if len(town.short) > 1:
                    self._add(town.short + "社区", "stem", [town.code])
                    self._add(town.short + "村", "stem", [town.code])

    def find(self, text: str) -> list[Hit]:
        """All names, leftmost-longest, without overlap; short ones only on word boundaries.

        At most ``STORY_PLACES`` of them: further ones could not change the decision.
        """
        found: list[Hit] = []
        lengths, names = self._lengths, self._names
        words = _Boundaries(text, self._segmenter.tokens, self._inner)
        free = 0
        for at, head in enumerate(map(add, text, text[1:])):
            if head not in lengths or at < free:
                continue
            for length in lengths[head]:
                name = text[at : at + length]
                senses = names.get(name)
                if (
                    senses is not None
                    and len(name) == length
                    and (name in self.own or self._stands(at, name, senses, words))
                ):
                    free = at + length
                    if "never" not in senses:
                        found.append(
                            Hit(at, free, name, tuple((k, tuple(c)) for k, c in senses.items()))
                        )
                    break
            if len(found) == STORY_PLACES:
                break
        return found

    @staticmethod
    def _stands(at: int, name: str, senses: dict[Kind, list[str]], words: _Boundaries) -> bool:
        if name[-1] == "区" and words.follows(at + len(name)) in ("划", "域", "间"):
            return False  # 河北区划 is 河北 and 区划
        if "brand" in senses or len(name) > 3:
            return True
        if len(name) == 3 and not senses.keys() & {"short", "city-short", "town", "stem"}:
            return True
        return words.allow(at, at + len(name))

    def home_of(self, source: str, prefer: str) -> str:
        """The place of a source: code of a county, city or province, or empty.

        ``prefer`` is the home province: a short name elsewhere says too little (新华, 光明).
        """
        name = fold(source).text
        for paper, code in self.papers.items():
            if paper in name:
                return self._channel(name.split(paper, 1)[1], prefer) or code
        return self._channel(name, prefer)

    def _channel(self, name: str, prefer: str) -> str:
        """The most specific place that a source's name holds."""
        best: dict[str, str] = {}
        at = 0
        while at < len(name) - 1:
            for length in self._lengths.get(name[at : at + 2], ()):
                senses = self._names.get(name[at : at + length])
                if senses is None or len(name) - at < length:
                    continue
                for level, code in _source_senses(senses, prefer, best):
                    best.setdefault(level, code)
                at += length - 1
                break
            at += 1
        return best.get("county") or best.get("city") or best.get("province") or ""


def _source_senses(
    senses: dict[Kind, list[str]], prefer: str, best: dict[str, str]
) -> Iterable[tuple[str, str]]:
    """What one name inside a source's name stands for; broader senses first where one name has two."""
    for kind in ("province", "province-short"):
        for code in senses.get(kind, ())[:1]:
            yield "province", code
            return
    for kind in ("city", "city-short", "brand"):
        for code in senses.get(kind, ())[:1]:
            yield "city", code
            return
    inside = [code for kind in COUNTY_KINDS for code in senses.get(kind, ())]
    city = best.get("city")
    chosen = [c for c in inside if city and c[:4] == city[:4]] or [
        c for c in inside if c[:2] == prefer[:2]
    ]
    if not chosen and "county" in senses:
        chosen = inside
    if len(set(chosen)) == 1:
        yield "county", chosen[0]


class _Boundaries:
    """Word boundaries of a text, cut only where somebody asks: most clauses hold no short name."""

    _BREAK = re.compile(r"[\s,。、;:!?()“”‘’《》]")
    _LINKING = re.compile(r"[和随]|应县[委政][^,。;:!?]{0,3}(?:邀|要求|请求)")
    """At the head of a clause these go on with another word: 和县政府一起, 应县政府邀请."""

    def __init__(
        self,
        text: str,
        tokens: Callable[[str], list[tuple[str, int, int]]],
        inner: Mapping[str, tuple[int, ...]],
    ) -> None:
        self._text, self._tokens, self._inner = text, tokens, inner
        self._to = 0
        self._edges: set[int] = set()

    def follows(self, at: int) -> str:
        """The character at an offset, or empty at the end."""
        return self._text[at : at + 1]

    def allow(self, start: int, end: int) -> bool:
        """The span begins and ends where a word does. Spans are asked for from left to right."""
        while self._to < end:
            stop = self._BREAK.search(self._text, self._to)
            clause_end = stop.start() if stop else len(self._text)
            if clause_end > start:
                self._cut(self._to, clause_end)
            self._to = clause_end + 1
        return start in self._edges and end in self._edges

    def _cut(self, start: int, end: int) -> None:
        for word, a, b in self._tokens(self._text[start:end]):
            self._edges.update((start + a, start + b))
            if word in self._inner:
                self._edges.update(start + a + edge for edge in self._inner[word])
            # 应/县政协 at the head of a clause: the word after it has taken the county's second character.
            if a == 1 and word[0] == "县" and not self._LINKING.match(self._text, start):
                self._edges.add(start + 2)
