"""Which counties a story is about 归属, which are only mentioned, and why.

Every mention weighs position × kind × use. A further county counts when it reaches 0.6 of the best,
or opens a paragraph of its own; more than four are a city's or a province's story. 待定 is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .annotation import About, Evidence, Field, Level
from .context import joins, listed, use_of, visited
from .gazetteer import Gazetteer
from .normalise import fold
from .places import Finder, Hit
from .resolve import FieldText, Known, Resolver, stands_alone

FURTHER = 0.6
MOST_COUNTIES = 4
STRONGER = 1.1
"""Weight in the body from which another county contradicts the source: more than one full name."""
CITY_ALONE = 2.0
"""Weight that a city needs without a source of that city: a lead, or more than passing mentions."""
LEAD = 60
"""Characters of the first sentence, after the dateline, that count as lead."""

_KIND = {"county": 1.0, "old": 1.0, "town": 0.9, "short": 0.8, "stem": 0.5}
_FIELD = {"headline": 5.0, "kicker": 4.0, "deck": 4.0}
_DATELINE = re.compile(r"\s*(?:[^\s,。]{0,12}[讯电]\s*)?(?:\([^)\n]{0,60}\)\s*)?")
_OUR_COUNTY = re.compile(r"我县|全县|我区|全区(?!域)|我旗|全旗")
_OUR_CITY = re.compile(r"我市|全市")
_LOCAL = re.compile(
    r"县委|县政府|县直|县里|县城|县纪委|县[^,。]{1,6}局|区委|区里|乡党委|镇党委|乡镇|街道|社区|村党|村民|村里|镇里|乡里|支部|[我全][县区市]"
)
_CITY_ACTOR = re.compile(r"市委|市直|市纪委|市政府|市领导|全市|我市|市[^,。县]{1,6}局(?!域)")
_PROVINCE_ACTOR = re.compile(r"省委|省直|省纪委|全省|我省|省政府|省[^,。]{1,5}厅")
_ZONE_AFTER = re.compile(
    r"(?:经济技术|高新技术产业|经济|高新|转型)?(?:开发区|经开区|高新区|综改区|示范区)(?!街道)|经开区|高新区"
)
_COMPANY_AFTER = re.compile(
    r"[^,。:;]{0,6}(?:集团|公司|矿业|煤业|煤电|煤焦|焦化|钢铁|股份|控股|化工|药业|酒业|乳业|某矿)"
)
_MEETING_AFTER = re.compile(r"[^,。]{0,6}(?:召开|举行|举办|开幕|闭幕|启动|开班)")
_CITY_ORGAN_AFTER = re.compile(
    r"委|直|纪委|政府|人大|政协|供电|[^,。]{0,4}分行|[^,。]{0,6}分公司|烟草|移动|联通|电信|邮政|铁路|工务段|机务段|某|老干部|教育|大学|学院"
    r"|[^,。:;]{0,10}(?:公司|电厂|机场|医院)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The attribution of one story."""

    counties: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    city: str | None = None
    province: str | None = None
    level: Level = "none"
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class _Tally:
    """Weights and evidence by unit, while one story is read."""

    weights: dict[str, list[float]] = field(default_factory=dict)
    opens: dict[str, None] = field(default_factory=dict)
    leads: dict[str, None] = field(default_factory=dict)
    parties: dict[str, None] = field(default_factory=dict)
    visits: dict[str, None] = field(default_factory=dict)
    stays: dict[str, None] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    def add(self, code: str, weight: float) -> None:
        self.weights.setdefault(code, []).append(weight)

    def total(self, code: str) -> float:
        """The best mention counts whole, every further one half of the one before."""
        ordered = sorted(self.weights.get(code, ()), reverse=True)
        return sum(weight * 0.5**rank for rank, weight in enumerate(ordered))

    def ranked(self) -> list[str]:
        """Units with any weight, the heaviest first; the first named wins a tie."""
        order = {code: at for at, code in enumerate(self.weights)}
        return sorted(self.weights, key=lambda code: (-self.total(code), order[code]))


class Attributor:
    """Decides the place of stories. ``home`` is the province whose short names are taken for granted."""

    def __init__(self, gazetteer: Gazetteer, finder: Finder, home: str = "140000") -> None:
        self._table = gazetteer
        self._finder = finder
        self._home = home

    def attribute(
        self,
        fields: Sequence[tuple[Field, str]],
        *,
        source: str = "",
        signed: Sequence[str] = (),
        home: str = "",
        published: date | None = None,
    ) -> Place:
        """The place of a story given field by field, in reading order.

        ``signed`` are the organisations of the byline; ``home`` the registry's code of the source.
        """
        known, origin = self._known(source, signed, home, published)
        texts = [FieldText(name, raw, fold(raw)) for name, raw in fields if raw]
        for text in texts:
            text.hits = self._finder.find(text.text)
        Resolver(self._table, texts, known).run()
        counties, cities = _Tally(), _Tally()
        for text in texts:
            self._weigh(text, counties, cities)
        self._our_own(texts, known, counties, cities)
        return self._decide(texts, known, origin, counties, cities)

    # --- what the source says ---

    def _known(
        self, source: str, signed: Sequence[str], home: str, published: date | None
    ) -> tuple[Known, tuple[Field, str]]:
        code, origin = home, source
        origin_field: Field = "source"
        if not code:
            code = self._finder.home_of(source, self._home) if source else ""
        if len(code) < 6 or code.endswith("00"):
            for organisation in signed:
                narrower = self._finder.home_of(organisation, self._home)
                if (
                    narrower
                    and not narrower.endswith("00")
                    and (not code or self._table.within(narrower, code))
                ):
                    code, origin, origin_field = narrower, organisation, "byline"
                    break
        place = self._table.place(code) if code else None
        year = published.year if published else 0
        if place is None:
            return Known(home=self._home, year=year), ("source", "")
        return Known(place.county, place.city, place.province, self._home, year), (
            origin_field,
            origin,
        )

    # --- weighing the mentions ---

    def _weigh(self, text: FieldText, counties: _Tally, cities: _Tally) -> None:
        stands_for = [self._unit(hit) for hit in text.hits]
        in_list = {} if text.name in _FIELD else listed(text.text, text.hits, stands_for)
        lead_end = _lead_end(text.text) if text.name == "body" else 0
        for at, hit in enumerate(text.hits):
            code = stands_for[at]
            if not code:
                continue
            short = hit.sense in ("short", "city-short")
            factor, rule = use_of(text.text, hit, short=short, start=text.starts[at])
            is_city = code.endswith("00") and code[2:4] != "00"
            if factor < 0 and hit.sense == "short" and _COMPANY_AFTER.match(text.text, hit.end):
                # 平遥牛肉集团 is not 平遥县; its city is still where it acts.
                code, is_city, factor, rule = self._table.city_of(code), True, 0.8, "brand"
            if not code or (
                factor < 0 and not (is_city and _CITY_ORGAN_AFTER.match(text.text, hit.end))
            ):
                continue
            factor = max(factor, 0.0) if rule != "name-part" else 1.0
            if (
                is_city
                and _MEETING_AFTER.match(text.text, hit.end)
                and _PROVINCE_ACTOR.search(text.text)
            ):
                factor, rule = 0.0, "venue"
            if at in in_list:
                factor, rule = 0.0, in_list[at]
            position = _position(text, text.starts[at], lead_end)
            if is_city:
                self._weigh_city(text, hit, code, position * factor, rule, cities)
            elif not code.endswith("0000"):
                weight = position * factor * self._kind_factor(text, at, hit)
                self._weigh_county(text, at, code, weight, rule, lead_end, counties)

    def _unit(self, hit: Hit) -> str:
        """The county, city or province a settled hit stands for; empty while unsettled."""
        if not hit.code:
            return ""
        if hit.sense in ("city", "city-short", "province", "province-short", "brand"):
            return hit.code
        return self._table.county_of(hit.code) or self._table.city_of(hit.code)

    @staticmethod
    def _kind_factor(text: FieldText, at: int, hit: Hit) -> float:
        factor = _KIND.get(hit.sense or "", 0.0)
        if hit.rule == "unsupported":
            return 0.0
        if (
            hit.rule == "chain"
            and at
            and text.starts[at] == text.starts[at - 1]
            and hit.sense in ("town", "stem")
        ):
            return factor * 0.3  # the county written before it has counted already
        if hit.rule in ("home-province", "source-province", "province-in-text"):
            return factor * 0.7
        return factor

    def _weigh_county(
        self,
        text: FieldText,
        at: int,
        code: str,
        weight: float,
        rule: str,
        lead_end: int,
        tally: _Tally,
    ) -> None:
        hit = text.hits[at]
        tally.seen.setdefault(code)
        about: About = "county" if weight > 0 else "mentioned"
        tally.evidence.append(_evidence(text, hit, about, code, rule or _rule(hit), weight))
        if rule == "venue":
            tally.visits.setdefault(code)
        if weight <= 0:
            return
        tally.add(code, weight)
        if text.name == "body" or not visited(text.text, text.starts[at]):
            tally.stays.setdefault(code)
        if joins(text.text, hit, text.starts[at]):
            tally.parties.setdefault(code)
        if text.name in _FIELD or text.starts[at] < lead_end:
            tally.leads.setdefault(code)
        if _opens_paragraph(text.text, text.starts[at]) and hit.sense in ("county", "old", "town"):
            tally.opens.setdefault(code)

    def _weigh_city(
        self, text: FieldText, hit: Hit, code: str, weight: float, rule: str, tally: _Tally
    ) -> None:
        if _ZONE_AFTER.match(text.text, hit.end):
            weight, rule = weight + 2, "zone"
        elif _CITY_ORGAN_AFTER.match(text.text, hit.end):
            weight, rule = weight * 1.5, rule or "city-organ"
        elif hit.sense == "brand":
            rule = rule or "brand"
        tally.seen.setdefault(code)
        if weight > 0:
            tally.add(code, weight)
            tally.evidence.append(_evidence(text, hit, "city", code, rule or _rule(hit), weight))

    def _our_own(
        self, texts: Sequence[FieldText], known: Known, counties: _Tally, cities: _Tally
    ) -> None:
        """我县 and 全县 are the source's county, 我市 its city, county-level or not."""
        county = self._table.place(known.county) if known.county else None
        for text in texts:
            for pattern, own in ((_OUR_COUNTY, county), (_OUR_CITY, county)):
                for match in pattern.finditer(text.text):
                    hit = Hit(match.start(), match.end(), match.group(), ())
                    weight = _FIELD.get(text.name, 2.0)
                    if own is not None and own.name.endswith("市") == (pattern is _OUR_CITY):
                        counties.add(own.code, weight)
                        counties.seen.setdefault(own.code)
                        if text.name in _FIELD:
                            counties.leads.setdefault(own.code)
                        counties.evidence.append(
                            _evidence(text, hit, "county", own.code, "our-county", weight)
                        )
                    elif pattern is _OUR_CITY and known.city:
                        cities.add(known.city, weight)
                        cities.evidence.append(
                            _evidence(text, hit, "city", known.city, "our-city", weight)
                        )

    # --- the decision ---

    def _decide(
        self,
        texts: Sequence[FieldText],
        known: Known,
        origin: tuple[Field, str],
        counties: _Tally,
        cities: _Tally,
    ) -> Place:
        head = "\n".join(t.text for t in texts if t.name in _FIELD)
        body = next((t.text for t in texts if t.name == "body"), "")
        lead = head + "\n" + body[: _lead_end(body)]
        city_acts = any(e.rule in ("zone", "city-organ", "brand") for e in cities.evidence)
        self._source_prior(known, origin, lead, head + body, city_acts, counties)
        chosen = self._choose(lead, counties, known)
        mentioned = tuple(sorted(code for code in counties.seen if code not in chosen))
        evidence = [
            e if e.about != "county" or e.value in chosen else _as_mention(e)
            for e in counties.evidence
        ]
        evidence = _strongest([*evidence, *cities.evidence])
        if chosen:
            city = {self._table.city_of(code) for code in chosen}
            province = {self._table.province_of(code) for code in chosen}
            return Place(
                tuple(chosen),
                mentioned,
                city.pop() or None if len(city) == 1 else None,
                province.pop() if len(province) == 1 else None,
                "county",
                evidence,
            )
        return self._above(texts, known, origin, lead, cities, mentioned, evidence)

    def _source_prior(
        self,
        known: Known,
        origin: tuple[Field, str],
        lead: str,
        whole: str,
        city_acts: bool,
        tally: _Tally,
    ) -> None:
        """A county's own medium decides when nothing stronger contradicts."""
        if not known.county:
            return
        elsewhere = any(
            code != known.county and (code in tally.leads or tally.total(code) > STRONGER)
            for code in tally.weights
        )
        above = (_PROVINCE_ACTOR.search(lead) or city_acts) and not _LOCAL.search(lead)
        if elsewhere or above or (not _LOCAL.search(whole) and tally.weights):
            return
        where, words = origin
        tally.add(known.county, 2.0)
        tally.leads.setdefault(known.county)
        tally.seen.setdefault(known.county)
        tally.evidence.append(
            Evidence("county", known.county, where, 0, len(words), words, "source", 2.0)
        )

    def _choose(self, lead: str, tally: _Tally, known: Known) -> list[str]:
        # A headline's 走进某县 is as much a venue as the text says it is.
        ranked = [
            code for code in tally.ranked() if code in tally.stays or code not in tally.visits
        ]
        if not ranked:
            return []
        best = tally.total(ranked[0])
        chosen = [
            code
            for code in ranked
            if tally.total(code) >= FURTHER * best
            or code in tally.parties
            or (code in tally.opens and len(tally.opens) > 1)
        ]
        if len(chosen) > MOST_COUNTIES:
            return []
        if not any(code in tally.leads for code in chosen) and self._above_county(
            lead, chosen, known
        ):
            chosen = [c for c in chosen if len(tally.weights[c]) > 1 or c in tally.opens]
        return chosen

    def _above_county(self, lead: str, chosen: Sequence[str], known: Known) -> bool:
        """The headline and lead act for a city or a province, not for a county-level city."""
        names = [self._table.county_name(code) for code in (*chosen, known.county) if code]
        city = _CITY_ACTOR.search(lead) and not any(name.endswith("市") for name in names)
        return bool(city or _PROVINCE_ACTOR.search(lead))

    def _above(
        self,
        texts: Sequence[FieldText],
        known: Known,
        origin: tuple[Field, str],
        lead: str,
        cities: _Tally,
        mentioned: tuple[str, ...],
        evidence: tuple[Evidence, ...],
    ) -> Place:
        """No county: a city, a province, or nothing; undecided where an ambiguous name stays open."""
        if known.city and not _PROVINCE_ACTOR.search(lead):
            cities.add(known.city, 3.0)
            where, words = origin
            source = Evidence("city", known.city, where, 0, len(words), words, "source", 3.0)
            evidence = (*evidence, source)
        ranked = cities.ranked()
        city = ranked[0] if ranked and cities.total(ranked[0]) >= CITY_ALONE else None
        if len(ranked) > 1 and cities.total(ranked[1]) >= 0.8 * cities.total(ranked[0]):
            city = None
        opened = [
            (text, hit)
            for text in texts
            for hit in text.hits
            if not hit.code
            and hit.codes("county", "old", "town")
            and (text.name in _FIELD or hit.start < LEAD)
        ]
        opened = [
            (text, hit)
            for text, hit in opened
            if hit.name not in ("城区", "郊区", "矿区", "开发区")
        ]
        province = self._table.province_of(city) if city else None
        if province is None and (_PROVINCE_ACTOR.search(lead) or known.province):
            named = [
                hit.code
                for t in texts
                for hit in t.hits
                if hit.sense in ("province", "province-short")
            ]
            province = known.province or (named[0] if named else self._home)
        if opened:
            text, hit = opened[0]
            evidence = (*evidence, _evidence(text, hit, "county", "", "ambiguous", 0.0))
            return Place((), mentioned, city, province, "undecided", evidence)
        level: Level = "city" if city else "province" if province else "none"
        return Place((), mentioned, city, province, level, evidence)


def _lead_end(body: str) -> int:
    """Where the lead ends: the first sentence after the dateline, at most LEAD characters of it."""
    dateline = _DATELINE.match(body)
    start = dateline.end() if dateline else 0
    stops = [stop for mark in "。!?\n" if (stop := body.find(mark, start)) >= 0]
    return min([*stops, start + LEAD, len(body)])


def _position(text: FieldText, start: int, lead_end: int) -> float:
    """Weight of the place in the story; headline-initial names and lines of their own weigh most."""
    if text.name in _FIELD:
        return _FIELD[text.name] + (1.0 if start <= 1 else 0.0)
    if stands_alone(text.text, start):
        return 5.0
    if start < lead_end:
        return 3.0
    first_paragraph = text.text.find("\n")
    return 1.5 if first_paragraph < 0 or start < first_paragraph else 1.0


def _opens_paragraph(text: str, start: int) -> bool:
    """The name begins a paragraph that is not the first."""
    return "\n" in text[max(start - 3, 0) : start]


def _rule(hit: Hit) -> str:
    if hit.sense in ("county", "city", "province"):
        return "full-name"
    return {"old": "old-name", "town": "town", "stem": "town-stem"}.get(
        hit.sense or "", "short-name"
    )


def _evidence(
    text: FieldText, hit: Hit, about: About, value: str, rule: str, weight: float
) -> Evidence:
    start, end = text.folded.span(hit.start, hit.end)
    return Evidence(
        about, value, text.name, start, end, text.raw[start:end], rule, round(weight, 2)
    )


def _as_mention(evidence: Evidence) -> Evidence:
    return Evidence(
        "mentioned",
        evidence.value,
        evidence.field,
        evidence.start,
        evidence.end,
        evidence.words,
        evidence.rule,
        evidence.weight,
    )


def _strongest(evidence: Sequence[Evidence], most: int = 5) -> tuple[Evidence, ...]:
    """The ``most`` weightiest pieces for each decision, in reading order."""
    kept: dict[tuple[str, str], int] = {}
    chosen: list[int] = []
    for at in sorted(range(len(evidence)), key=lambda at: (-evidence[at].weight, at)):
        key = (evidence[at].about, evidence[at].value)
        kept[key] = kept.get(key, 0) + 1
        if kept[key] <= most:
            chosen.append(at)
    return tuple(evidence[at] for at in sorted(chosen))
