"""What every mention of a place weighs: position × kind × use, with its evidence.

The headline and a line of its own weigh most, then the lead, the first paragraph, the rest. What is
only listed, visited or somebody's birthplace weighs nothing and stays a mention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .annotation import About, Evidence
from .context import (
    bare_neighbour,
    is_dateline,
    is_meeting_place,
    joins,
    listed,
    paired_hits,
    sentence_start,
    use_of,
    visited,
)
from .gazetteer import Gazetteer
from .places import Hit
from .resolve import FieldText, Known, stands_alone

LEAD = 60
"""Characters of the first sentence, after the dateline, that count as lead."""
AGAIN = 0.3
"""What a township adds to the county written directly before it, which has counted already."""
FAR = 0.7
"""A township resolved by the province alone says less than one resolved by text or source."""
HALF = 0.5
"""What each further mention counts of the one before: a name is not truer for being repeated."""

FIELD_WEIGHT = {"headline": 5.0, "kicker": 4.0, "deck": 4.0}
PROVINCE_ACTOR = re.compile(r"省委|省直|省纪委|全省|我省|省政府|省[^,。]{1,5}厅")

_ALONE, _LEAD, _FIRST, _REST = 5.0, 3.0, 1.5, 1.0
_KIND = {"county": 1.0, "old": 1.0, "town": 0.9, "short": 0.8, "stem": 0.5}
_DATELINE = re.compile(r"\s*(?:[^\s,。]{0,12}[讯电]\s*)?(?:\([^)\n]{0,60}\)\s*)?")
_OURS = re.compile(r"我县|全县|我区|全区(?!域)|我旗|全旗|我市|全市")
_ZONE_AFTER = re.compile(
    r"(?:经济技术|高新技术产业|经济|高新|转型)?(?:开发区|经开区|高新区|综改区|示范区)(?!街道)|经开区|高新区"
)
_COMPANY_AFTER = re.compile(
    r"[^,。:;]{0,6}(?:集团|公司|矿业|煤业|煤电|煤焦|焦化|钢铁|股份|控股|化工|药业|酒业|乳业|某矿)"
)
ABOVE_COUNTY = re.compile(
    r"全省|省委|省直|全市|市委|市直|市政协|市人大|市纪委|我省|[\u4e00-\u9fff]{2}市[^,。;县区]{0,24}会"
)
"""A province's or a city's meeting or class: the county where it sits is its venue."""
_MEETING_AFTER = re.compile(r"[^,。]{0,6}(?:召开|举行|举办|开幕|闭幕|启动|开班)")
_CITY_ORGAN_AFTER = re.compile(
    r"委|直|纪委|政府|人大|政协|供电|[^,。]{0,4}分行|[^,。]{0,6}分公司|烟草|移动|联通|电信|邮政|铁路|工务段|机务段|某|老干部|教育|大学|学院"
    r"|[^,。:;]{0,10}(?:公司|电厂|机场|医院)"
)


@dataclass(slots=True)
class Tally:
    """Weights and evidence by unit, while one story is read.

    Beside the weights, the units that: open a paragraph, stand in headline or lead, are parties to
    an event, are visited, are more than visited, are named only by a short name without support, are
    in the body a neighbour or somebody's origin, do something in the body, and all that were seen. Dictionaries, because their
    order is that of the text.
    """

    weights: dict[str, list[float]] = field(default_factory=dict)
    opens: dict[str, None] = field(default_factory=dict)
    leads: dict[str, None] = field(default_factory=dict)
    parties: dict[str, None] = field(default_factory=dict)
    visits: dict[str, None] = field(default_factory=dict)
    stays: dict[str, None] = field(default_factory=dict)
    weak: dict[str, None] = field(default_factory=dict)
    neighbours: dict[str, None] = field(default_factory=dict)
    acts: dict[str, None] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)
    rivals: dict[str, Evidence] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    def add(self, code: str, weight: float) -> None:
        """One more mention."""
        self.weights.setdefault(code, []).append(weight)

    def total(self, code: str) -> float:
        """The best mention counts whole, every further one half of the one before."""
        ordered = sorted(self.weights.get(code, ()), reverse=True)
        return sum(weight * HALF**rank for rank, weight in enumerate(ordered))

    def ranked(self) -> list[str]:
        """Units with any weight, the heaviest first; the first named wins a tie."""
        order = {code: at for at, code in enumerate(self.weights)}
        return sorted(self.weights, key=lambda code: (-self.total(code), order[code]))


@dataclass(frozen=True, slots=True)
class _Frame:
    """One field while it is weighed: where its lead and first paragraph end, and who acts in it."""

    text: FieldText
    lead_end: int
    first_end: int
    provincial: bool
    above: bool

    @classmethod
    def of(cls, text: FieldText) -> _Frame:
        first = text.text.find("\n")
        return cls(
            text,
            lead_end(text.text) if text.name == "body" else 0,
            first if first >= 0 else len(text.text),
            PROVINCE_ACTOR.search(text.text) is not None,
            ABOVE_COUNTY.search(text.text[:LEAD]) is not None,
        )

    def position(self, start: int) -> float:
        """Weight of the place in the story; headline-initial names weigh one more."""
        text = self.text
        if text.name in FIELD_WEIGHT:
            return FIELD_WEIGHT[text.name] + (1.0 if start <= 1 else 0.0)
        if stands_alone(text.text, start):
            return _ALONE
        if start < self.lead_end:
            return _LEAD
        return _FIRST if start < self.first_end else _REST


class Weigher:
    """Weighs the resolved mentions of one story."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._table = gazetteer
        self.counties = Tally()
        self.cities = Tally()

    def weigh(self, text: FieldText) -> None:
        """Takes in all hits of one field."""
        frame = _Frame.of(text)
        units = [self._unit(hit) for hit in text.hits]
        in_list = (
            {}
            if text.name in FIELD_WEIGHT
            else listed(text.text, text.hits, units, above=frame.above)
        )
        paired = paired_hits(text.text, text.hits, units)
        for at, hit in enumerate(text.hits):
            if not units[at]:
                continue
            code, factor, rule = self._use(frame, at, hit, units[at])
            if (
                rule == "neighbour"
                and at in paired
                and hit.rule != "unsupported"
                and not self._beside(text, at)
            ):
                factor, rule = 1.0, ""  # 甲县和乙县隔河相望: both are what is told about
            if at in in_list:
                factor, rule = 0.0, in_list[at]
            if factor < 0 or not code or code.endswith("0000"):
                continue
            weight = factor * frame.position(text.starts[at])
            if code.endswith("00"):
                self._city(text, hit, code, weight, rule)
            else:
                if hit.rule == "unsupported" and factor > 0:
                    self.counties.weak.setdefault(code)
                self._county(frame, at, code, weight * _kind_factor(text, at, hit), rule)

    def _unit(self, hit: Hit) -> str:
        """The county, city or province a settled hit stands for; empty while unsettled."""
        if not hit.code:
            return ""
        if hit.sense in ("city", "city-short", "province", "province-short", "brand"):
            return hit.code
        return self._table.county_of(hit.code) or self._table.city_of(hit.code)

    def _use(self, frame: _Frame, at: int, hit: Hit, code: str) -> tuple[str, float, str]:
        """The unit, factor and rule of one hit; a company's name turns a county into its city."""
        text = frame.text.text
        short = hit.sense in ("short", "city-short")
        factor, rule = use_of(text, hit, short=short, start=frame.text.starts[at])
        if factor < 0 and hit.sense == "short" and _COMPANY_AFTER.match(text, hit.end):
            # 平遥牛肉集团 is not 平遥县; its city is still where it acts.
            return self._table.city_of(code), 0.8, "brand"
        if not code.endswith("00"):
            if frame.above and is_meeting_place(text, frame.text.starts[at], hit):
                factor, rule = 0.0, "venue"
            return code, factor, rule
        if factor < 0 and _CITY_ORGAN_AFTER.match(text, hit.end):
            factor, rule = 1.0, ""
        if frame.provincial and _MEETING_AFTER.match(text, hit.end):
            factor, rule = 0.0, "venue"
        if is_dateline(text, hit):
            factor, rule = 0.0, "dateline"
        return code, factor, rule

    def _county(self, frame: _Frame, at: int, code: str, weight: float, rule: str) -> None:
        text, tally = frame.text, self.counties
        hit, start = text.hits[at], text.starts[at]
        tally.seen.setdefault(code)
        about: About = "county" if weight > 0 else "mentioned"
        tally.evidence.append(evidence_of(text, hit, about, code, rule or _rule(hit), weight))
        for other in self._others(hit, code):
            tally.rivals.setdefault(
                other, evidence_of(text, hit, "county", other, "runner-up", 0.0)
            )
        if rule == "venue":
            tally.visits.setdefault(code)
        if rule in ("neighbour", "biography") and text.name == "body":
            tally.neighbours.setdefault(code)
        if weight <= 0:
            return
        tally.add(code, weight)
        if text.name == "body" or not visited(text.text, start):
            tally.stays.setdefault(code)
        if text.name == "body":
            tally.acts.setdefault(code)
        if joins(text.text, hit, start):
            tally.parties.setdefault(code)
            self._first_party(text, at, code)
        if text.name in FIELD_WEIGHT or start < frame.lead_end:
            tally.leads.setdefault(code)
        opens = "\n" in text.text[max(start - 3, 0) : start]
        if opens and hit.sense in ("county", "old", "town"):
            tally.opens.setdefault(code)

    def _others(self, hit: Hit, code: str) -> list[str]:
        """Other counties that the name could have meant: the nearest three, where it was not written out."""
        if hit.rule == "chain" or hit.sense not in ("county", "old", "town", "short"):
            return []
        found = dict.fromkeys(self._table.county_of(other) for other in hit.codes(hit.sense))
        near = sorted(
            (c for c in found if c and c != code),
            key=lambda c: (c[:4] != code[:4], c[:2] != code[:2], c),
        )
        return near[:3]

    def _beside(self, text: FieldText, at: int) -> bool:
        """Only a neighbour of the place named before it, which has a township and this one has not."""
        before = [hit for hit in text.hits[:at] if hit.end <= text.starts[at]]
        return bool(before) and bare_neighbour(text.text, before[-1], text.hits[at])

    def _first_party(self, text: FieldText, at: int, code: str) -> None:
        """甲县…与乙县…结对: who stands before 与 in the same sentence is as much a party."""
        sentence = sentence_start(text.text, text.starts[at])
        for before in reversed(text.hits[:at]):
            if before.start < sentence:
                return
            unit = self._unit(before)
            if unit and unit != code and not unit.endswith("00"):
                self.counties.parties.setdefault(unit)
                return

    def _city(self, text: FieldText, hit: Hit, code: str, weight: float, rule: str) -> None:
        if _ZONE_AFTER.match(text.text, hit.end):
            weight, rule = weight + 2, "zone"
        elif _CITY_ORGAN_AFTER.match(text.text, hit.end):
            weight, rule = weight * 1.5, rule or "city-organ"
        elif hit.sense == "brand":
            rule = rule or "brand"
        self.cities.seen.setdefault(code)
        if weight > 0:
            self.cities.add(code, weight)
            self.cities.evidence.append(
                evidence_of(text, hit, "city", code, rule or _rule(hit), weight)
            )

    def our_own(self, texts: Sequence[FieldText], known: Known) -> None:
        """我县 and 全县 are the source's county, 我市 its city, county-level or not."""
        own = self._table.place(known.county) if known.county else None
        for text in texts:
            for match in _OURS.finditer(text.text):
                hit = Hit(match.start(), match.end(), match.group(), ())
                weight = FIELD_WEIGHT.get(text.name, 2.0)
                is_city = hit.name.endswith("市")
                if own is not None and own.name.endswith("市") == is_city:
                    self.counties.add(own.code, weight)
                    self.counties.seen.setdefault(own.code)
                    if text.name in FIELD_WEIGHT:
                        self.counties.leads.setdefault(own.code)
                    self.counties.evidence.append(
                        evidence_of(text, hit, "county", own.code, "our-county", weight)
                    )
                elif is_city and known.city:
                    self.cities.add(known.city, weight)
                    self.cities.evidence.append(
                        evidence_of(text, hit, "city", known.city, "our-city", weight)
                    )


def _kind_factor(text: FieldText, at: int, hit: Hit) -> float:
    """What kind of name it is, and how it was resolved."""
    factor = _KIND.get(hit.sense or "", 0.0)
    if hit.rule == "unsupported":
        return 0.0
    chained = hit.rule == "chain" and at > 0 and text.starts[at] == text.starts[at - 1]
    if chained and hit.sense in ("town", "stem"):
        return factor * AGAIN
    if hit.rule in ("home-province", "source-province", "province-in-text"):
        return factor * FAR
    return factor


def lead_end(body: str) -> int:
    """Where the lead ends: the first sentence after the dateline, at most LEAD characters of it."""
    dateline = _DATELINE.match(body)
    start = dateline.end() if dateline else 0
    stops = [stop for mark in "。!?\n" if (stop := body.find(mark, start, start + LEAD)) >= 0]
    return min([*stops, start + LEAD, len(body)])


TOWN_RULES = ("town", "town-by-source", "town-by-area", "town-by-home")
"""A township, and by what its county was decided where several have one of that name."""
_DECIDED_BY = {
    "source": "-by-source",
    "source-city": "-by-source",
    "source-province": "-by-source",
    "city-in-text": "-by-area",
    "province-in-text": "-by-area",
    "home-province": "-by-home",
}


def _rule(hit: Hit) -> str:
    if hit.sense == "town" and len(hit.codes("town")) > 1:
        return "town" + _DECIDED_BY.get(hit.rule, "")
    if hit.sense in ("county", "city", "province"):
        return "full-name"
    return {"old": "old-name", "town": "town", "stem": "town-stem"}.get(
        hit.sense or "", "short-name"
    )


def evidence_of(
    text: FieldText, hit: Hit, about: About, value: str, rule: str, weight: float
) -> Evidence:
    """A piece of evidence with the source's own characters."""
    start, end = text.folded.span(hit.start, hit.end)
    words = text.raw[start:end]
    return Evidence(about, value, text.name, start, end, words, rule, round(weight, 2))
