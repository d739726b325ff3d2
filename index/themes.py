"""Themes 主题分类: one to three for every relevant story, the primary one first.

A story's field theme says whose organisation it is (农村, 社区, 国企 …), its work theme what is done
(党员教育, 为民服务 …). The words and weights stand in ``data/themes.toml``; a workspace may bring its own
file. Which of the themes with weight are taken stands in :mod:`.choice`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator

from .annotation import Evidence
from .annotation import Field as StoryField
from .choice import USUAL_LENGTH, Chosen, ThemeScore, load_choice
from .matching import WordMatcher
from .normalise import Folded, fold_characters
from .themes_wording import Heard, load_wording
from .tomlfile import FileIsWrong, line_of, read_toml

THEMES = Path(__file__).parent / "data" / "themes.toml"

FIELD_GROUP = "field"
PROMISE = 4.0
"""Weight of a trigger that belongs to one theme alone: in the headline it is what the story promises."""
LEAD = 80
"""Characters of the body that count as lead: two sentences."""
GAP = "…"
"""Joins the two halves of a trigger that stand apart: 同…党支部."""
REACH = 16
"""Characters after the first half in which the second stands: about a clause as it is spoken. A mark
ends the clause sooner."""

HEADS = frozenset("党支书镇乡村县区街局厂矿校队所企医集控领")
"""First characters of organisations (党委, 镇党委): these may follow a name that the segmenter took
together with them (阳城镇/党委), so a word's edge says nothing there."""

Cut = Callable[[str], Sequence[tuple[str, int, int]]]
"""Words of a text with start and end: :meth:`~.segment.Segmenter.tokens`."""


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
        self.choice = load_choice()
        self._wording = load_wording()
        self._title, self._image, self._lead = factors
        self._is_field = frozenset(
            theme.slug for theme in self.themes if theme.group == FIELD_GROUP
        ).__contains__
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
            [
                f"{self._title}{self._image}{self._lead}",
                self.choice.model_dump_json(),
                self._wording.told(),
            ]
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
        cut: Cut | None = None,
    ) -> list[ThemeScore]:
        """Weights of all themes with any, the heaviest first.

        ``fields`` are (name, raw, folded); ``towns`` are the townships and streets of the story's
        county, found in these fields: they say in which field its organisations work. ``cut`` gives the
        words of a text with their places: a trigger that begins in the middle of one (行政审批 holds no
        政审) does not count, and the ordinary ones among them speak as well (:mod:`.themes_wording`).
        """
        totals = [0.0] * len(self.themes)
        evidence: list[list[Evidence]] = [[] for _ in self.themes]
        body = sum(len(folded.text) for name, _, folded in fields if name == "body")
        scale = 1 / math.sqrt(max(1.0, body / USUAL_LENGTH))
        names = _stems(towns)
        cuts = [cut(folded.text) if cut else () for _, _, folded in fields]
        for (name, raw, folded), tokens in zip(fields, cuts, strict=True):
            inner = _insides(tokens)
            for at, found in enumerate(self._occurrences(folded.text, inner)):
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
        heard = self._wording.hear(cuts)
        return [
            self._scored(self.themes[at].slug, totals[at], evidence[at], heard, fields)
            for at in order
        ]

    def _scored(
        self,
        slug: str,
        weight: float,
        evidence: Sequence[Evidence],
        heard: Mapping[str, Heard],
        fields: Sequence[tuple[StoryField, str, Folded]],
    ) -> ThemeScore:
        """The score of one theme, with the parts of it that stand in headline and lead."""
        said = heard.get(slug, Heard())
        pro = [one for one in evidence if one.weight > 0]
        promise = self._title * PROMISE
        heads = [one.weight for one in evidence if one.field != "body"]
        return ThemeScore(
            slug,
            weight,
            (*_best(evidence), *_usual(slug, said, fields)),
            sum(one.weight for one in pro if one.field != "body"),
            sum(one.weight for one in pro if one.field == "body" and one.start < LEAD),
            max(heads, default=0.0) >= promise and sum(heads) >= promise,
            said.total,
        )

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

    def _occurrences(
        self, text: str, inner: Mapping[int, int]
    ) -> list[dict[str, list[tuple[int, int]]]]:
        """For every theme: word → spans, leftmost-longest within the theme (社区党委, not also 社区).

        ``inner`` tells of every place inside a word where that word ends. Triggers in two halves are
        looked for beside the whole words, but do not overlap each other, and say nothing where one
        whole word (民政局党) has said it.
        """
        found: list[dict[str, list[tuple[int, int]]]] = [{} for _ in self.themes]
        ends = [0] * len(self.themes)
        apart = [0] * len(self.themes)
        for start, word in self._matcher.find(text):
            end = start + len(word)
            if inner.get(start, end) < end and word[0] not in HEADS:
                continue
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
                    close = end + near + len(second)
                    if near >= 0 and start >= apart[at] and close > ends[at]:
                        apart[at] = close
                        found[at].setdefault(trigger, []).append((start, close))
        return found

    def choose(self, scores: Sequence[ThemeScore], length: int = 0) -> Chosen:
        """The one to three themes of a relevant story; none only where no word speaks for any.

        ``length`` is that of the body: a long text touches more in passing.
        """
        return self.choice.choose(scores, self._is_field, length)

    def runners_up(self, chosen: Chosen, most: int = 2) -> list[Evidence]:
        """The likeliest themes not chosen, each by its strongest word and its whole weight."""
        return [
            replace(one.evidence[0], rule="runner-up", weight=round(one.weight, 2))
            for one in chosen.next[:most]
        ]


def _insides(words: Sequence[tuple[str, int, int]]) -> dict[int, int]:
    """Every place in the middle of a word, with the word's end."""
    return {at: end for _, start, end in words for at in range(start + 1, end)}


def _stems(towns: Sequence[Evidence]) -> set[tuple[str, int, int]]:
    """The stems of township names by field and place: 育才 in 育才街道 is no word for talent."""
    return {
        (town.field, town.start, town.end - len(ending))
        for town in towns
        for ending in ("街道", "苏木", "镇", "乡")
        if town.words.endswith(ending)
    }


def quoted(text: str, at: int) -> bool:
    """The character stands in quotation marks: in headlines of this kind an image, not the matter."""
    opened = max(text.rfind("“", 0, at + 1), text.rfind("《", 0, at + 1))
    return opened > max(text.rfind("”", 0, at), text.rfind("》", 0, at))


def _best(evidence: Sequence[Evidence], most: int = 5) -> tuple[Evidence, ...]:
    """The weightiest words, for and against, in the order of weight."""
    return tuple(sorted(evidence, key=lambda e: (-abs(e.weight), e.field, e.start))[:most])


def _usual(
    slug: str, heard: Heard, fields: Sequence[tuple[StoryField, str, Folded]]
) -> list[Evidence]:
    """The ordinary words that say most for a theme, as evidence of their small weight."""
    found: list[Evidence] = []
    for weight, at, first, last in heard.strongest:
        name, raw, folded = fields[at]
        start, end = folded.span(first, last)
        words = raw[start:end]
        found.append(
            Evidence("theme", slug, name, start, end, words, "theme-wording", round(weight, 2))
        )
    return found


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
