"""From names to units: containment chains, ambiguous names, and the support that short names need.

The order of rules is that of an editor: what stands directly before the name, then the rest of the
text, then the source. What stays open is left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .annotation import Field
from .gazetteer import Gazetteer
from .normalise import Folded
from .places import GENERIC, ORDINARY, Hit, Kind

_CHAIN_GAPS = frozenset(
    ["", " ", "的", "·", "所属", "下辖", "下辖的", "所辖", "辖区", "辖区的", "境内的"]
)
_ORGAN_AFTER = re.compile(
    r"县委|市委|区委|县政府|县城|县纪委|县直|组织部|把|农商行|农商银行|供电|支行|联社|税务|法院|检察院|公安"
    r"|一中|二中|医院|融媒|经济技术开发区|经济开发区|经开区|开发区|工业园|高新区|新闻|发布|妇幼|中医院|党员|干部|乡亲|派"
)
_OWN_ORGAN_AFTER = re.compile(
    r"县委|市委|区委|县政府|区政府|县城|县直|农商|供电|支行|融媒|新闻|发布|法院|检察院|经开区|开发区"
)
_DATELINE_AFTER = re.compile(r"[讯电]|\d{1,2}月\d{1,2}日[讯电]")
_GENERIC_ORGAN_AFTER = re.compile(r"区委|区政府|区纪委|人大|政协|委")
_PLACE_BEFORE = re.compile(r"(?:^|[。!?\n”在到赴从往来与和、于去])$|来自$|前往$")
_PLACE_AFTER = re.compile(r"[县市区人籍的、和与]|等地|一带|境内|城")


_COUNTED_AFTER = re.compile(
    r"(?:[、和与]?[\u4e00-\u9fff]{2,3}){0,3}?[两二三四](?:地|县|市|区)(?!域)"
)
"""甲、乙、丙三地: names that are counted are units."""
_ALONE = re.compile(r"[^\n]{2,6}\n")


def stands_alone(text: str, start: int) -> bool:
    """The name has a line of its own before other text, as papers set a place above a story."""
    return (start == 0 or text[start - 1] == "\n") and _ALONE.match(text, start) is not None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from outside the text: the source's place and the day's year (0: unknown)."""

    county: str = ""
    city: str = ""
    province: str = ""
    home: str = "140000"
    year: int = 0


@dataclass(slots=True)
class FieldText:
    """One field of the story, folded, with its hits and the start of each hit's chain."""

    name: Field
    raw: str
    folded: Folded
    hits: list[Hit] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text


class Resolver:
    """Resolves all hits of one story together."""

    def __init__(self, gazetteer: Gazetteer, texts: Sequence[FieldText], known: Known) -> None:
        self._table = gazetteer
        self._texts = texts
        self._known = known
        self._by_name: dict[str, str] = {}
        self.counties: dict[str, None] = {}
        self._cities: dict[str, None] = {}
        self._provinces: dict[str, None] = {}
        self._stems: dict[str, frozenset[str]] = {}

    def run(self) -> None:
        """Settles every hit that can be settled, in place; the others keep an empty code."""
        for text in self._texts:
            self._chains(text)
        self._each(self._full_name)
        self._each(self._town)
        self._each(self._stem)
        self._each(self._short)

    def _each(self, rule: Callable[[FieldText, int, Hit], Hit | None]) -> None:
        for text in self._texts:
            for at, hit in enumerate(text.hits):
                if not hit.code:
                    settled = rule(text, at, hit)
                    if settled is not None:
                        text.hits[at] = settled
                        self._learn(settled)

    def _learn(self, hit: Hit) -> None:
        """Remembers what a settled hit says about the rest of the text."""
        if hit.rule == "unsupported":
            return
        if hit.sense in ("province", "province-short"):
            self._provinces[hit.code] = None
        elif hit.sense in ("city", "city-short"):
            self._cities[hit.code] = None
        elif hit.sense != "brand":
            county = self._table.county_of(hit.code)
            if county:
                self.counties[county] = None
                if hit.sense != "short" or hit.rule == "chain":
                    self._by_name.setdefault(hit.name, hit.code)

    # --- containment chains ---

    def _chains(self, text: FieldText) -> None:
        """Province, city, county, township written together: each resolves what stands to its right."""
        text.starts = [hit.start for hit in text.hits]
        for at, hit in enumerate(text.hits):
            settled: Hit | None = None
            if at and text.text[text.hits[at - 1].end : hit.start] in _CHAIN_GAPS:
                settled = self._inside(hit, text.hits[at - 1])
                if settled:
                    text.starts[at] = text.starts[at - 1]
            settled = settled or self._broad(hit)
            if settled:
                text.hits[at] = settled
                self._learn(settled)

    def _inside(self, hit: Hit, before: Hit) -> Hit | None:
        area = before.code or self._only_short(before)
        if not area:
            return None
        place = self._table.place(area)
        if place is not None and place.level == "county" and self._has_town(area, hit.name):
            return hit.settled("town", area, "chain")
        senses: Iterable[tuple[Kind, tuple[str, ...]]] = hit.senses
        if self._known.year and "county" in dict(senses):
            senses = sorted(
                senses, key=lambda item: item[0] != "old" or not self._in_use(hit.name, area)
            )
        for sense, codes in senses:
            inside = [code for code in codes if code != area and self._table.within(code, area)]
            if len(inside) == 1:
                return hit.settled(sense, inside[0], "chain")
            if len(inside) > 1 and sense == "old":
                return hit.settled(sense, "", "split")
        if place is not None and place.level == "county" and hit.codes("town", "stem"):
            # A township that is new, or run by another county than the list says: the text decides.
            return hit.settled("town", area, "chain")
        return None

    def _in_use(self, name: str, area: str) -> bool:
        """The old name was in use there in the year of publication."""
        return any(
            old.first <= self._known.year <= old.last
            and self._table.within(old.successors[0], area)
            for old in self._table.old_named(name)
        )

    def _only_short(self, hit: Hit) -> str:
        """The county of an unsettled short name, if the home province has exactly one."""
        inside = [code for code in hit.codes("short") if self._table.within(code, self._known.home)]
        return inside[0] if len(inside) == 1 and not hit.codes("town", "stem") else ""

    def _has_town(self, county: str, stem: str) -> bool:
        if county not in self._stems:
            self._stems[county] = frozenset(t.short for t in self._table.towns_of(county))
        return stem in self._stems[county]

    def _broad(self, hit: Hit) -> Hit | None:
        """Provinces, cities, brands and county names that only one unit bears."""
        for sense, codes in hit.senses:
            if sense in ("province", "city", "brand", "province-short", "city-short"):
                return hit.settled(sense, codes[0], "name")
        full = hit.codes("county")
        if len(full) == 1 and hit.name not in GENERIC and not hit.codes("old"):
            return hit.settled("county", full[0], "name")
        return None

    # --- ambiguous names ---

    def _pick(self, codes: Sequence[str], *, strict: bool) -> tuple[str, str]:
        """One of several candidates and the rule, or empty: the text first, then the source.

        ``strict``: a city's paper does not speak of another city's townships and short names.
        """
        known, table = self._known, self._table
        found = [code for code in codes if table.county_of(code) in self.counties]
        if len({table.county_of(code) for code in found}) == 1:
            return found[0], "county-in-text"
        areas = [
            ([known.county], "source"),
            (list(self._cities), "city-in-text"),
            ([known.city], "source-city"),
            (list(self._provinces), "province-in-text"),
            ([known.province], "source-province"),
            ([known.home], "home-province"),
        ]
        for inside, rule in areas:
            found = [
                code for code in codes if any(area and table.within(code, area) for area in inside)
            ]
            if len({table.county_of(code) for code in found}) == 1:
                other = strict and known.city and not table.within(found[0], known.city)
                if not (other and rule in ("home-province", "source-province")):
                    return found[0], rule
            if len(found) > 1:
                codes = found
        return "", "ambiguous"

    def _full_name(self, text: FieldText, at: int, hit: Hit) -> Hit | None:
        del at
        full, old = hit.codes("county"), hit.codes("old")
        if not full and not old:
            return None
        if hit.name in self._by_name:
            return hit.settled("county" if full else "old", self._by_name[hit.name], "same-name")
        if hit.name in GENERIC:
            # 城区 and 郊区 are words of every city; they are units before their own organs.
            if (
                not _GENERIC_ORGAN_AFTER.match(text.text, hit.end)
                and text.text[hit.end : hit.end + 1] != ":"
            ):
                return None
            near = [
                c
                for c in (*full, *old)
                if self._known.city and self._table.within(c, self._known.city)
            ]
            return hit.settled("county", near[0], "source-city") if len(set(near)) == 1 else None
        if len(full) == 1 and not (
            old and self._in_use(hit.name, self._known.city or self._known.home)
        ):
            return hit.settled("county", full[0], "name")
        code, rule = self._pick(full or old, strict=False)
        if not code and full:
            return None
        return hit.settled(
            "county" if full else "old", code or (old[0] if len(set(old)) == 1 else ""), rule
        )

    def _town(self, text: FieldText, at: int, hit: Hit) -> Hit | None:
        del text, at
        codes = hit.codes("town")
        if not codes:
            return None
        code, rule = self._pick(codes, strict=True)
        return hit.settled("town", code, rule) if code else None

    def _stem(self, text: FieldText, at: int, hit: Hit) -> Hit | None:
        """X社区 and X村 by the township's stem: only where the county or the city is already there."""
        del text, at
        codes = hit.codes("stem")
        if not codes:
            return None
        code, rule = self._pick(codes, strict=True)
        return hit.settled("stem", code, rule) if rule in ("county-in-text", "source") else None

    # --- short names ---

    def _short(self, text: FieldText, at: int, hit: Hit) -> Hit | None:
        codes = hit.codes("short")
        if not codes:
            return None
        confirmed = [code for code in codes if code in self.counties or code == self._known.county]
        if len(set(confirmed)) == 1:
            return hit.settled("short", confirmed[0], "confirmed")
        code, rule = self._pick(codes, strict=True)
        if not code or (rule == "home-province" and self._known.city):
            return None
        if self._supported(text, at, hit):
            return hit.settled("short", code, "position")
        if hit.name in ORDINARY:
            return None
        before = text.text[max(hit.start - 2, 0) : hit.start]
        if _PLACE_BEFORE.search(before) or _PLACE_AFTER.match(text.text, hit.end):
            return hit.settled("short", code, "unsupported")
        return None

    @staticmethod
    def _supported(text: FieldText, at: int, hit: Hit) -> bool:
        """Headline-initial, before a colon, a line of its own, or before an organ of a county."""
        del at
        initial = text.name in ("headline", "kicker") and hit.start <= 1
        return (
            initial
            or stands_alone(text.text, hit.start)
            or _ORGAN_AFTER.match(text.text, hit.end) is not None
            or _COUNTED_AFTER.match(text.text, hit.end) is not None
        )
