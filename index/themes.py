"""Themes 主题分类: one to three for every relevant story, the primary one first.

A story's field theme says whose organisation it is (农村, 社区, 国企 …), its work theme what is done
(党员教育, 为民服务 …): so the best of the other kind is added when it has weight of its own. The words
and weights stand in ``data/themes.toml``; a workspace may bring its own file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator

from .annotation import Evidence
from .annotation import Field as StoryField
from .matching import WordMatcher
from .normalise import Folded, fold_characters
from .tomlfile import FileIsWrong, line_of, read_toml

THEMES = Path(__file__).parent / "data" / "themes.toml"

FIELD_GROUP = "field"
OTHER_KIND = 0.3
"""Share of the best theme's weight that the best theme of the other kind (field or work) needs."""
ENOUGH = 7.0
"""Weight at which the best of the other kind joins however heavy the first is: two or three words."""
FIELD_LEAST = 4.0
"""One strong trigger, or a headline word: below it the organisation is only scenery."""
WORK_LEAST = 3.0
"""A work theme has to be in the headline or in a quarter of the text; in weights, about this."""
THIRD = 0.45
THIRD_LEAST = 6.0
PROMISE = 4.0
"""Weight of a trigger that belongs to one theme alone: in the headline it is what the story promises."""
MOST = 3
LONG = 1.5
"""How much more is asked at most of further themes in a long text."""
LEAD = 80
"""Characters of the body that count as lead: two sentences."""
USUAL_LENGTH = 250.0
"""A short newspaper story; longer texts collect more words without being about more."""
GAP = "…"
"""Joins the two halves of a trigger that stand apart: 同…党支部."""
REACH = 16
"""Characters after the first half in which the second stands: about a clause as it is spoken. A mark
ends the clause sooner."""


class ThemeFileIsWrong(FileIsWrong):
    """The themes file can be read, but does not make sense."""

    code = "JB-121"
    remedy = "mend that line of the themes file, or delete the file to get the built-in themes"
    remedy_zh = "请改正主题文件中的这一行，或删除该文件以恢复内置主题"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Group(_Strict):
    """A group of themes 主题组: 领域, 队伍与组织, 服务与联建."""

    slug: str = Field(pattern=r"^[a-z]{2,20}$")
    name: str = Field(min_length=1)


class Theme(_Strict):
    """One theme, with the words that speak for it and those that only look like it."""

    slug: str = Field(pattern=r"^[a-z]{2,20}$")
    group: str
    name: str = Field(min_length=1)
    columns: str = ""
    definition: str = ""
    not_when: str = ""
    triggers: dict[str, PositiveFloat] = Field(min_length=1)
    places: dict[str, PositiveFloat] = Field(default_factory=dict)
    """Endings of township names (镇, 街道) whose organisations belong to this field."""
    against: dict[str, float] = Field(default_factory=dict)

    @field_validator("triggers", "against")
    @classmethod
    def _one_by_one(cls, words: dict[str, float]) -> dict[str, float]:
        """Several words of one weight may stand in one line, with spaces between."""
        found: dict[str, float] = {}
        for line, weight in words.items():
            for word in line.split() or [line]:
                if word in found:
                    raise ValueError(f"{word!r} stands twice")
                found[word] = weight
        return found


class _ThemeFile(_Strict):
    title: PositiveFloat
    image: PositiveFloat = 1.5
    lead: PositiveFloat
    group: tuple[Group, ...]
    theme: tuple[Theme, ...] = Field(min_length=1)


_CLAUSE = re.compile(r"[^,。;:!?“”《》\n]+")


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """The weight of one theme in one story, and the words it came from."""

    slug: str
    weight: float
    evidence: tuple[Evidence, ...]


class Themes:
    """All themes in their order. Use :func:`load_themes`."""

    def __init__(
        self,
        factors: tuple[float, float, float],
        groups: Sequence[Group],
        themes: Sequence[Theme],
    ) -> None:
        """``factors`` are those of the headline, of its words in quotation marks, and of the lead."""
        self.groups = tuple(groups)
        self.themes = tuple(themes)
        self._title, self._image, self._lead = factors
        self._field = [theme.group == FIELD_GROUP for theme in self.themes]
        self._weights: dict[str, list[tuple[int, float]]] = {}
        self._halves: dict[str, list[tuple[str, str, int]]] = {}
        for at, theme in enumerate(self.themes):
            for word, weight in (*theme.triggers.items(), *theme.against.items()):
                folded = fold_characters(word)
                self._weights.setdefault(folded, []).append((at, weight))
                first, gap, second = folded.partition(GAP)
                if gap:
                    self._halves.setdefault(first, []).append((second, folded, at))
        whole = [word for word in self._weights if GAP not in word]
        self._matcher = WordMatcher((*whole, *self._halves))

    def told(self) -> str:
        """Every word, weight and factor as text, for the digest of the rules."""
        return "\n".join(
            [f"{self._title}{self._image}{self._lead}"]
            + [
                f"{t.slug}{t.group}{sorted(t.triggers.items())}{sorted(t.places.items())}{sorted(t.against.items())}"
                for t in self.themes
            ]
        )

    def slugs(self) -> tuple[str, ...]:
        """The slugs in order."""
        return tuple(theme.slug for theme in self.themes)

    def name(self, slug: str) -> str:
        """The Chinese name; empty for an unknown slug."""
        return next((theme.name for theme in self.themes if theme.slug == slug), "")

    def score(
        self,
        fields: Sequence[tuple[StoryField, str, Folded]],
        towns: Sequence[Evidence] = (),
    ) -> list[ThemeScore]:
        """Weights of all themes with any, the heaviest first.

        ``fields`` are (name, raw, folded); ``towns`` are the townships and streets of the story's
        county, found in these fields: they say in which field its organisations work.
        """
        totals = [0.0] * len(self.themes)
        evidence: list[list[Evidence]] = [[] for _ in self.themes]
        body = sum(len(folded.text) for name, _, folded in fields if name == "body")
        scale = 1 / math.sqrt(max(1.0, body / USUAL_LENGTH))
        names = _stems(towns)
        for name, raw, folded in fields:
            for at, found in enumerate(self._occurrences(folded.text)):
                for word, places in found.items():
                    weight = next(value for index, value in self._weights[word] if index == at)
                    if names:
                        places = [one for one in places if (name, *folded.span(*one)) not in names]
                        if not places:
                            continue
                    first, last = places[0]
                    if name == "body":
                        lead = self._lead if first < LEAD else 1.0
                        weight *= lead * (1 + math.log(len(places))) * scale
                    else:
                        image = GAP in word or quoted(folded.text, first)
                        weight *= self._image if image else self._title
                    totals[at] += weight
                    start, end = folded.span(first, last)
                    slug, words = self.themes[at].slug, raw[start:end]
                    rule = "theme-word" if weight > 0 else "theme-against"
                    evidence[at].append(
                        Evidence("theme", slug, name, start, end, words, rule, round(weight, 2))
                    )
        for at, theme in enumerate(self.themes):
            for place in self._places(theme, towns):
                totals[at] += place.weight
                evidence[at].append(place)
        order = sorted(
            (at for at in range(len(totals)) if totals[at] > 0), key=lambda at: (-totals[at], at)
        )
        return [ThemeScore(self.themes[at].slug, totals[at], _best(evidence[at])) for at in order]

    def _places(self, theme: Theme, towns: Sequence[Evidence]) -> list[Evidence]:
        """The first township with one of the theme's endings; more of them say nothing more."""
        for place in towns:
            for ending, weight in theme.places.items():
                if fold_characters(place.words).endswith(ending):
                    early = place.field != "body" or place.start < LEAD
                    weight = round(weight * (self._lead if early else 1.0), 2)
                    return [
                        replace(
                            place,
                            about="theme",
                            value=theme.slug,
                            rule="theme-place",
                            weight=weight,
                        )
                    ]
        return []

    def _occurrences(self, text: str) -> list[dict[str, list[tuple[int, int]]]]:
        """For every theme: word → spans, leftmost-longest within the theme (社区党委, not also 社区).

        Triggers in two halves are looked for beside the whole words, but do not overlap each other.
        """
        found: list[dict[str, list[tuple[int, int]]]] = [{} for _ in self.themes]
        ends = [0] * len(self.themes)
        apart = [0] * len(self.themes)
        for start, word in self._matcher.find(text):
            end = start + len(word)
            for at, _ in self._weights.get(word, ()):
                if start >= ends[at]:
                    ends[at] = end
                    found[at].setdefault(word, []).append((start, end))
            halves = self._halves.get(word)
            clause = _CLAUSE.match(text, end, end + REACH) if halves else None
            if halves and clause:
                rest = clause.group()
                for second, trigger, at in halves:
                    near = rest.find(second)
                    if near >= 0 and start >= apart[at]:
                        apart[at] = end + near + len(second)
                        found[at].setdefault(trigger, []).append((start, apart[at]))
        return found

    def choose(self, scores: Sequence[ThemeScore], length: int = 0) -> tuple[ThemeScore, ...]:
        """The one to three themes of a relevant story; none only where no word speaks for any.

        ``length`` is that of the body: a long text touches more in passing, so more is asked of the
        second and third theme.
        """
        if not scores:
            return ()
        best = scores[0]
        strict = min(LONG, max(1.0, length / USUAL_LENGTH))
        chosen = [best]
        other = next(
            (s for s in scores if self._is_field(s.slug) != self._is_field(best.slug)), None
        )
        if other is not None:
            least = FIELD_LEAST if self._is_field(other.slug) else WORK_LEAST
            if other.weight >= max(least, strict * min(ENOUGH, OTHER_KIND * best.weight)):
                chosen.append(other)
        third = max(THIRD_LEAST, strict * THIRD * best.weight)
        for score in sorted(scores[1:4], key=lambda one: not self._promised(one)):
            if (
                score not in chosen
                and len(chosen) < MOST
                and (score.weight >= third or self._promised(score))
            ):
                chosen.append(score)
        return tuple(chosen)

    def _promised(self, score: ThemeScore) -> bool:
        """The headline has a word of this theme alone, and not as an image."""
        return any(e.field != "body" and e.weight >= self._title * PROMISE for e in score.evidence)

    def _is_field(self, slug: str) -> bool:
        return self._field[self.slugs().index(slug)]


def _stems(towns: Sequence[Evidence]) -> set[tuple[str, int, int]]:
    """The stems of township names by field and place: 育才 in 育才街道 is no word for talent."""
    return {
        (town.field, town.start, town.end - len(ending))
        for town in towns
        for ending in ("街道", "苏木", "镇", "乡")
        if town.words.endswith(ending)
    }


def runners_up(
    scores: Sequence[ThemeScore], chosen: Sequence[ThemeScore], most: int = 2
) -> list[Evidence]:
    """The heaviest themes that were not chosen, each by its strongest word and its whole weight."""
    left = [one for one in scores if one not in chosen][:most]
    return [replace(one.evidence[0], rule="runner-up", weight=round(one.weight, 2)) for one in left]


def quoted(text: str, at: int) -> bool:
    """The character stands in quotation marks: in headlines of this kind an image, not the matter."""
    opened = max(text.rfind("“", 0, at + 1), text.rfind("《", 0, at + 1))
    return opened > max(text.rfind("”", 0, at), text.rfind("》", 0, at))


def _best(evidence: Sequence[Evidence], most: int = 5) -> tuple[Evidence, ...]:
    """The weightiest words, for and against, in the order of weight."""
    return tuple(sorted(evidence, key=lambda e: (-abs(e.weight), e.field, e.start))[:most])


@lru_cache(maxsize=4)
def load_themes(path: Path | None = None) -> Themes:
    """The built-in themes, or the workspace's own file.

    Raises:
        FileIsMissing: there is no such file.
        FileIsWrong: not TOML, or a field is missing or of the wrong kind; with file and line.
        ThemeFileIsWrong: a slug twice, an unknown group, a word that is empty or without weight.
    """
    path = path or THEMES
    data = read_toml(path, _ThemeFile)
    groups = {group.slug for group in data.group}
    seen: set[str] = set()
    for at, theme in enumerate(data.theme):
        problem, key = "", ("theme", at, "slug")
        if theme.slug in seen:
            problem = f"the slug {theme.slug!r} stands twice"
        elif theme.group not in groups:
            problem, key = f"there is no group {theme.group!r}", ("theme", at, "group")
        elif blank := [word for word in (*theme.triggers, *theme.against) if not word.strip()]:
            problem, key = "an empty word", ("theme", at, "triggers", blank[0])
        elif half := [
            word
            for word in (*theme.triggers, *theme.against)
            if GAP in word and (word.count(GAP) > 1 or not all(word.split(GAP)))
        ]:
            problem, key = (
                f"{half[0]!r} needs one word on each side of the {GAP}",
                ("theme", at, "triggers" if half[0] in theme.triggers else "against", half[0]),
            )
        elif both := [word for word in theme.against if word in theme.triggers]:
            problem, key = f"{both[0]!r} speaks for and against", ("theme", at, "against", both[0])
        elif wrong := [word for word, weight in theme.against.items() if weight >= 0]:
            problem, key = (
                f"{wrong[0]!r} under against needs a negative weight",
                ("theme", at, "against", wrong[0]),
            )
        if problem:
            text = path.read_text(encoding="utf-8-sig")
            raise ThemeFileIsWrong(f"{path}:{line_of(text, key)}", problem=problem)
        seen.add(theme.slug)
    return Themes((data.title, data.image, data.lead), data.group, data.theme)
