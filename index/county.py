"""Which counties a story is about 归属, which are only mentioned, and why.

A further county counts when it reaches 0.6 of the best, is a party to the event, or opens a paragraph
of its own; more than four are a city's or a province's story. 待定 is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .annotation import About, Evidence, Field, Level
from .gazetteer import Gazetteer
from .normalise import fold
from .places import GENERIC, Finder
from .resolve import FieldText, Known, Resolver
from .weigh import FIELD_WEIGHT, LEAD, PROVINCE_ACTOR, Tally, Weigher, evidence_of, lead_end

FURTHER = 0.6
MOST_COUNTIES = 4
STRONGER = 1.1
"""Weight in the body from which another county contradicts the source: more than one full name."""
CITY_ALONE = 2.0
"""Weight that a city needs without a source of that city: a lead, or more than passing mentions."""
_LOCAL = re.compile(
    r"县委|县政府|县直|县里|县城|县纪委|县[^,。]{1,6}局|区委|区里|乡党委|镇党委|乡镇|街道|社区|村党|村民|村里|镇里|乡里|[我全][县区市]"
)
_CITY_ACTOR = re.compile(r"市委|市直|市纪委|市政府|市领导|全市|我市|市[^,。县]{1,6}局(?!域)")


@dataclass(frozen=True, slots=True)
class Place:
    """The attribution of one story."""

    counties: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    city: str | None = None
    province: str | None = None
    level: Level = "none"
    evidence: tuple[Evidence, ...] = ()


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
        weigher = Weigher(self._table)
        for text in texts:
            weigher.weigh(text)
        weigher.our_own(texts, known)
        return self._decide(texts, known, origin, weigher.counties, weigher.cities)

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

    # --- the decision ---

    def _decide(
        self,
        texts: Sequence[FieldText],
        known: Known,
        origin: tuple[Field, str],
        counties: Tally,
        cities: Tally,
    ) -> Place:
        head = "\n".join(t.text for t in texts if t.name in FIELD_WEIGHT)
        body = next((t.text for t in texts if t.name == "body"), "")
        lead = head + "\n" + body[: lead_end(body)]
        city_acts = any(e.rule in ("zone", "city-organ", "brand") for e in cities.evidence)
        self._source_prior(known, origin, lead, head + body, city_acts, counties)
        chosen = self._choose(lead, counties, known)
        mentioned = tuple(sorted(code for code in counties.seen if code not in chosen))
        evidence = _told(counties.evidence, chosen)
        rivals = [e for code, e in counties.rivals.items() if code not in counties.seen][:3]
        evidence = (*_strongest([*evidence, *cities.evidence]), *rivals)
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
        tally: Tally,
    ) -> None:
        """A county's own medium decides when nothing stronger contradicts."""
        if not known.county:
            return
        elsewhere = any(
            code != known.county and (code in tally.leads or tally.total(code) > STRONGER)
            for code in tally.weights
        )
        above = (PROVINCE_ACTOR.search(lead) or city_acts) and not _LOCAL.search(lead)
        if elsewhere or above or (not _LOCAL.search(whole) and tally.weights):
            return
        where, words = origin
        tally.add(known.county, 2.0)
        tally.leads.setdefault(known.county)
        tally.seen.setdefault(known.county)
        tally.evidence.append(
            Evidence("county", known.county, where, 0, len(words), words, "source", 2.0)
        )

    def _choose(self, lead: str, tally: Tally, known: Known) -> list[str]:
        # A headline's 走进某县 is as much a venue as the text says it is; so with a neighbour.
        ranked = [
            code
            for code in tally.ranked()
            if (code in tally.stays or code not in tally.visits)
            and (code in tally.acts or code not in tally.neighbours)
        ]
        if not ranked:
            # One short name, of the source's own city, and no other county anywhere in the text.
            alone = (
                list(tally.weak)
                if len(tally.seen) == 1 and not self._above_county(lead, [], known)
                else []
            )
            return [code for code in alone if known.city in ("", self._table.city_of(code))]
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
        return bool(city or PROVINCE_ACTOR.search(lead))

    def _above(
        self,
        texts: Sequence[FieldText],
        known: Known,
        origin: tuple[Field, str],
        lead: str,
        cities: Tally,
        mentioned: tuple[str, ...],
        evidence: tuple[Evidence, ...],
    ) -> Place:
        """No county: a city, a province, or nothing; undecided where an ambiguous name stays open."""
        if known.city and not PROVINCE_ACTOR.search(lead):
            cities.add(known.city, 3.0)
            where, words = origin
            source = Evidence("city", known.city, where, 0, len(words), words, "source", 3.0)
            evidence = (*evidence, source)
        ranked = cities.ranked()
        city = ranked[0] if ranked and cities.total(ranked[0]) >= CITY_ALONE else None
        if len(ranked) > 1 and cities.total(ranked[1]) >= 0.8 * cities.total(ranked[0]):
            city = None
        province = self._table.province_of(city) if city else None
        if province is None and (PROVINCE_ACTOR.search(lead) or known.province):
            named = [
                hit.code
                for t in texts
                for hit in t.hits
                if hit.sense in ("province", "province-short")
            ]
            province = known.province or (named[0] if named else self._home)
        opened = _left_open(texts)
        if opened:
            return Place((), mentioned, city, province, "undecided", (*evidence, opened))
        level: Level = "city" if city else "province" if province else "none"
        return Place((), mentioned, city, province, level, evidence)


def _left_open(texts: Sequence[FieldText]) -> Evidence | None:
    """The first name in headline or lead that several units bear, and nothing decides between."""
    for text in texts:
        for hit in text.hits:
            early = text.name in FIELD_WEIGHT or hit.start < LEAD
            if (
                early
                and not hit.code
                and hit.codes("county", "old", "town")
                and hit.name not in GENERIC
            ):
                return evidence_of(text, hit, "county", "", "ambiguous", 0.0)
    return None


def _told(evidence: Sequence[Evidence], chosen: Sequence[str]) -> list[Evidence]:
    """Evidence for what was chosen speaks for the county, all other for a mention."""
    speaking = {e.value for e in evidence if e.about == "county"}
    told: list[Evidence] = []
    for e in evidence:
        about: About = "county" if e.value in chosen else "mentioned"
        keep = e.about == about or (about == "county" and e.value in speaking)
        told.append(e if keep else replace(e, about=about))
    return told


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
