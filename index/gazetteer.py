"""The gazetteer 行政区划表: today's divisions to the township, and old names with their successors.

One text table, built by ``scripts/build_gazetteer.py``; codes are those of GB/T 2260 (six digits) and
of the statistics office's township list (nine digits). Suffixes are never stripped blindly:
万柏林区 is not 万柏 + 林区; only 神农架林区 and 六枝特区 carry those suffixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from .errors import JianbaoError

TABLE = Path(__file__).parent / "data" / "gazetteer.tsv"

PlaceLevel = Literal["province", "city", "county", "town"]

MUNICIPALITIES = ("110000", "120000", "310000", "500000")
"""直辖市: they are province and city at once."""


class GazetteerIsDamaged(JianbaoError):
    """The division table that comes with the program cannot be read."""

    code = "JB-120"
    what = "the table of administrative divisions is damaged in line {line}"
    remedy = "install jianbao again"
    what_zh = "行政区划表第 {line} 行已损坏"
    remedy_zh = "请重新安装本程序"


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of today. ``county``, ``city`` and ``province`` are codes, empty above the unit's level.

    ``short`` is the name without its generic ending (文水 for 文水县, 木垒 for 木垒哈萨克自治县), or
    the whole name where nothing usable would remain (兴县). A county governed by its province has no
    city. For a district of a 直辖市 the city is the municipality itself.
    """

    code: str
    name: str
    short: str
    level: PlaceLevel
    county: str
    city: str
    province: str


@dataclass(frozen=True, slots=True)
class OldName:
    """A name that is no longer in use. ``successors`` are today's codes, more than one after a split."""

    name: str
    city: str
    first: int
    last: int
    successors: tuple[str, ...]


_AUTONOMOUS = re.compile(
    r"(?:各族|(?:蒙古|哈萨克|塔吉克|锡伯|柯尔克孜|维吾尔|鄂伦春|鄂温克)族?"
    r"|(?:回|藏|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|傣|黎|傈僳|佤|畲|拉祜|水|纳西|景颇|土"
    r"|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|普米|怒|保安|裕固|独龙)族|(?<=.)东乡族|族)*自治[区州县旗]$"
)
_ENDINGS = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("地区", "市", "盟", "州"),
    "county": ("新区", "矿区", "市", "县", "区", "旗"),
    "town": ("街道", "苏木", "镇", "乡"),
}
_WHOLE_ENDINGS = {
    "神农架林区": "神农架",
    "六枝特区": "六枝",
    "井陉矿区": "井陉矿区",
    "鄂伦春自治旗": "鄂伦春",
    "鄂温克族自治旗": "鄂温克",
}


def short_name(name: str, level: PlaceLevel) -> str:
    """The name without its generic ending, at least two characters long, or the name itself."""
    if name in _WHOLE_ENDINGS:
        return _WHOLE_ENDINGS[name]
    bare = _AUTONOMOUS.sub("", name) if "自治" in name else name
    if bare != name and len(bare) >= 2:
        return bare
    for ending in _ENDINGS[level]:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


class Gazetteer:
    """All units, looked up by code and by name. Use :meth:`load`; it reads the table once a process."""

    def __init__(
        self, units: Sequence[tuple[str, str]], towns: dict[str, str], old: Iterable[OldName]
    ) -> None:
        """``units`` are (code, name) in code order; ``towns`` maps a county's code to its raw entries."""
        self.data_as_of = ""
        self.towns_as_of = ""
        self.history_as_of = ""
        self._names = dict(units)
        self._raw_towns = towns
        self._places: dict[str, Place] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_short: dict[str, list[str]] = {}
        for code, name in units:
            place = self._unit(code, name)
            self._places[code] = place
            self._by_name.setdefault(name, []).append(code)
            if place.short != name:
                self._by_short.setdefault(place.short, []).append(code)
        self._old: dict[str, list[OldName]] = {}
        for entry in old:
            self._old.setdefault(entry.name, []).append(entry)
        self._town_codes: dict[str, list[str]] | None = None
        self._town_names: dict[str, dict[str, str]] = {}
        self._moved: dict[str, str] = {}

    @classmethod
    def load(cls) -> Gazetteer:
        """The table that comes with the program.

        Raises:
            GazetteerIsDamaged: with the line, when the table does not have its shape.
        """
        return _load(TABLE)

    def _unit(self, code: str, name: str) -> Place:
        province = code[:2] + "0000"
        if code == province:
            return Place(code, name, short_name(name, "province"), "province", "", "", code)
        if code.endswith("00"):
            return Place(code, name, short_name(name, "city"), "city", "", code, province)
        city = code[:4] + "00"
        if province in MUNICIPALITIES:
            city = province
        elif city not in self._names:
            city = ""
        return Place(code, name, short_name(name, "county"), "county", code, city, province)

    @staticmethod
    def _entries(county: str, raw: str) -> Iterator[tuple[str, str]]:
        """Code and name of each entry; three digits continue the county's code, nine stand alone."""
        for entry in raw.split(",") if raw else ():
            if entry[3:4].isdigit():
                yield entry[:9], entry[9:]
            else:
                yield county + entry[:3], entry[3:]

    def _read_towns(self) -> dict[str, list[str]]:
        """Township name → codes; read on first use, because the site never needs it."""
        if self._town_codes is None:
            codes: dict[str, list[str]] = {}
            for county, raw in self._raw_towns.items():
                for entry in raw.split(","):
                    if entry[3] > "9":
                        code, name = county + entry[:3], entry[3:]
                    else:
                        code, name = entry[:9], entry[9:]
                        self._moved[code] = county
                    if name in codes:
                        codes[name].append(code)
                    else:
                        codes[name] = [code]
            self._town_codes = codes
        return self._town_codes

    def _parent(self, code: str) -> str:
        """The county-level code above a township's; a few kept their code when they moved."""
        self._read_towns()
        return self._moved.get(code, code[:6])

    def _town_name(self, code: str) -> str:
        parent = self._parent(code)
        if parent not in self._town_names:
            self._town_names[parent] = dict(self._entries(parent, self._raw_towns.get(parent, "")))
        return self._town_names[parent].get(code, "")

    def place(self, code: str) -> Place | None:
        """The unit with this six- or nine-digit code, or ``None``."""
        if len(code) != 9:
            return self._places.get(code)
        name = self._town_name(code)
        if not name:
            return None
        above = self._places[self._parent(code)]
        return Place(
            code, name, short_name(name, "town"), "town", above.county, above.city, above.province
        )

    def county_name(self, code: str) -> str:
        """The full name of any unit; empty for a code that is not in the table."""
        place = self.place(code)
        return place.name if place else ""

    def full_name(self, code: str) -> str:
        """``山西省吕梁市文水县``; a 直辖市 stands once. Empty for an unknown code."""
        place = self.place(code)
        if place is None:
            return ""
        above = dict.fromkeys(
            c for c in (place.province, place.city, place.county) if c and c != code
        )
        return "".join(self._places[c].name for c in above) + place.name

    def county_of(self, code: str) -> str:
        """The code of the county-level unit of a township or of a county itself, or empty."""
        parent = self._parent(code) if len(code) == 9 else code
        place = self._places.get(parent)
        return place.county if place else ""

    def within(self, code: str, area: str) -> bool:
        """A unit lies in an area (province, city or county), or is it."""
        place = self._places.get(self._parent(code) if len(code) == 9 else code)
        return place is not None and area in (code, place.county, place.city, place.province)

    def city_of(self, code: str) -> str:
        """The code of the prefecture-level city, or empty."""
        place = self.place(code)
        return place.city if place else ""

    def province_of(self, code: str) -> str:
        """The code of the province, or empty."""
        place = self.place(code)
        return place.province if place else ""

    def provinces(self) -> tuple[Place, ...]:
        """All provinces in code order."""
        return tuple(p for p in self._places.values() if p.level == "province")

    def cities_of(self, province: str) -> tuple[Place, ...]:
        """The prefecture-level units of a province in code order."""
        return tuple(
            p for p in self._places.values() if p.level == "city" and p.province == province
        )

    def counties_of(self, code: str) -> tuple[Place, ...]:
        """The county-level units of a city or a province in code order (山西 has 117)."""
        counties = (p for p in self._places.values() if p.level == "county")
        return tuple(p for p in counties if code in (p.city, p.province))

    def towns_of(self, county: str) -> tuple[Place, ...]:
        """The townships of a county in code order."""
        found = (
            self.place(code) for code, _ in self._entries(county, self._raw_towns.get(county, ""))
        )
        return tuple(place for place in found if place)

    def units(self) -> tuple[Place, ...]:
        """Everything down to the county, in code order."""
        return tuple(self._places.values())

    def town_names(self) -> dict[str, list[str]]:
        """Township name → codes, for building a matcher. Not to be changed."""
        return self._read_towns()

    def named(self, name: str) -> tuple[Place, ...]:
        """Units down to the county with exactly this full name."""
        return tuple(self._places[code] for code in self._by_name.get(name, ()))

    def short_named(self, name: str) -> tuple[Place, ...]:
        """Units down to the county whose short name (different from the full one) is this."""
        return tuple(self._places[code] for code in self._by_short.get(name, ()))

    def towns_named(self, name: str) -> tuple[Place, ...]:
        """Townships with exactly this full name."""
        return tuple(p for p in map(self.place, self.town_names().get(name, ())) if p)

    def old_named(self, name: str) -> tuple[OldName, ...]:
        """Names that are no longer in use, with today's successors."""
        return tuple(self._old.get(name, ()))

    def old_names(self) -> tuple[str, ...]:
        """All names that are no longer in use."""
        return tuple(self._old)


@lru_cache(maxsize=2)
def _load(path: Path) -> Gazetteer:
    lines = path.read_text(encoding="utf-8").splitlines()
    units: list[tuple[str, str]] = []
    towns: dict[str, str] = {}
    old: list[OldName] = []
    rows = units_read = 0
    for rows, line in enumerate(lines, 1):
        parts = line.split("\t")
        try:
            if line.startswith("#"):
                units_read += rows > 1
            elif units_read:
                name, city, first, last, codes = parts
                old.append(OldName(name, city, int(first), int(last), tuple(codes.split(","))))
            else:
                code, name, *rest = parts
                units.append((code, name))
                if rest:
                    towns[code] = rest[0]
        except ValueError:
            raise GazetteerIsDamaged(path.name, line=rows) from None
    if not old or not lines[0].startswith("# gazetteer 1\t") or lines[0].count("\t") != 3:
        raise GazetteerIsDamaged(path.name, line=rows or 1)
    table = Gazetteer(units, towns, old)
    _, table.data_as_of, table.towns_as_of, table.history_as_of = lines[0].split("\t")
    return table
