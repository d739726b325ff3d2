"""Choosing 选稿: which stories are proposed for an issue, in which order, and why.

The criteria are stated in ``criteria.toml`` of the workspace; each proposal says how many points every
criterion gave it. Nothing enters an issue unless the editor asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..index.annotation import Annotation
from ..index.gazetteer import Gazetteer
from ..index.limits import ISSUE_ITEMS
from ..index.story import Story
from ..index.themes import Themes
from ..index.tomlfile import read_toml

Criterion = Literal["news", "county", "theme", "completeness", "source"]

NAMES: dict[Criterion, str] = {
    "news": "新闻价值",
    "county": "地区均衡",
    "theme": "主题均衡",
    "completeness": "稿件完整",
    "source": "来源",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weights(_Strict):
    """Points that each criterion can give at most."""

    news: float = Field(default=35, ge=0, le=100)
    county: float = Field(default=25, ge=0, le=100)
    theme: float = Field(default=15, ge=0, le=100)
    completeness: float = Field(default=15, ge=0, le=100)
    source: float = Field(default=10, ge=0, le=100)


class News(_Strict):
    """Words that make news, each with its share of the points; they count in headline and lead."""

    words: dict[str, float] = Field(default_factory=dict)
    figures: float = Field(default=0.2, ge=0, le=1)
    """Share for results given in figures."""
    reprinted: float = Field(default=0.25, ge=0, le=1)
    """Share for each other source that carried it, up to three."""


class Criteria(_Strict):
    """``criteria.toml``, whole. ``back`` is how many earlier issues count for the balance."""

    most: int = Field(default=12, ge=1, le=ISSUE_ITEMS)
    back: int = Field(default=4, ge=0, le=52)
    shortest: int = Field(default=200, ge=0)
    longest: int = Field(default=2500, ge=1)
    weights: Weights = Weights()
    news: News = News()
    sources: dict[str, float] = Field(default_factory=dict)
    """Share of the points by name of source; others get ``other_sources``."""
    other_sources: float = Field(default=0.5, ge=0, le=1)


@dataclass(frozen=True, slots=True)
class Points:
    """What one criterion gave: ``points`` of ``most``, and why, in Chinese."""

    criterion: Criterion
    points: float
    most: float
    why: str

    @property
    def name(self) -> str:
        """新闻价值 …"""
        return NAMES[self.criterion]


@dataclass(frozen=True, slots=True)
class Balance:
    """How often counties and themes stood in the last issues, and stand in the one being made."""

    counties: Mapping[str, int] = field(default_factory=dict[str, int])
    themes: Mapping[str, int] = field(default_factory=dict[str, int])
    counties_here: Mapping[str, int] = field(default_factory=dict[str, int])
    themes_here: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Proposal:
    """A story proposed for an issue: its section, its points, and the reason in Chinese."""

    story: Story
    section: str
    parts: tuple[Points, ...]
    why: str

    @property
    def score(self) -> float:
        """All points together."""
        return round(sum(part.points for part in self.parts), 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A story that may be proposed: fresh, of the week, relevant, the first of its fold."""

    story: Story
    annotation: Annotation
    reprints: int = 0


def load_criteria(path: Path) -> Criteria:
    """The workspace's criteria, or the ones that come with the program where there is no file.

    Raises:
        FileIsWrong: with the line.
    """
    return read_toml(path if path.is_file() else DEFAULT, Criteria)


DEFAULT = Path(__file__).parent / "data" / "start" / "criteria.toml"
"""The criteria that a new workspace begins with."""


class Chooser:
    """Gives points by the criteria. ``sections`` is theme slug → section, in order of print."""

    def __init__(
        self, criteria: Criteria, gazetteer: Gazetteer, themes: Themes, sections: Mapping[str, str]
    ) -> None:
        self.criteria = criteria
        self._gazetteer = gazetteer
        self._themes = themes
        self._sections = sections

    def points(self, choice: Choice, balance: Balance) -> tuple[Points, ...]:
        """What every criterion gives a story, in the order of :data:`NAMES`."""
        weights, story, about = self.criteria.weights, choice.story, choice.annotation
        return (
            _part("news", weights.news, *self._news(choice)),
            _part("county", weights.county, *self._county(about, balance)),
            _part("theme", weights.theme, *self._theme(about, balance)),
            _part("completeness", weights.completeness, *self._completeness(story)),
            _part("source", weights.source, *self._source(story)),
        )

    def propose(self, choices: Sequence[Choice], balance: Balance, *, most: int) -> list[Proposal]:
        """The best stories, each chosen with the ones before it in view, in order of print."""
        waiting = sorted(choices, key=lambda one: one.story.id)
        counties, themes = Counter(balance.counties_here), Counter(balance.themes_here)
        found: list[Proposal] = []
        while waiting and len(found) < most:
            here = Balance(balance.counties, balance.themes, counties, themes)
            scored = [(self.points(one, here), one) for one in waiting]
            parts, best = max(scored, key=lambda one: sum(part.points for part in one[0]))
            waiting.remove(best)
            counties.update(_places(best.annotation))
            themes.update(best.annotation.themes[:1])
            found.append(
                Proposal(best.story, self.section_of(best.annotation), parts, self.reason(parts))
            )
        order = list(dict.fromkeys(self._sections.values()))
        return sorted(found, key=lambda one: (order.index(one.section), -one.score, one.story.id))

    def section_of(self, about: Annotation) -> str:
        """The section that a story stands in by its first theme."""
        order = list(dict.fromkeys(self._sections.values()))
        return self._sections.get(
            about.themes[0] if about.themes else "", order[0] if order else ""
        )

    @staticmethod
    def reason(parts: Sequence[Points]) -> str:
        """``82分：新闻价值30/35（…）；…``"""
        total = round(sum(part.points for part in parts))
        told = "；".join(f"{one.name}{one.points:.0f}/{one.most:.0f}（{one.why}）" for one in parts)
        return f"{total}分：{told}"

    def _news(self, choice: Choice) -> tuple[float, str]:
        news, story = self.criteria.news, choice.story
        head = "\n".join((story.kicker, story.headline, story.deck, story.body[:120]))
        words = {word: share for word, share in news.words.items() if word in head}
        share, why = sum(words.values()), []
        if words:
            why.append("“" + "”“".join(sorted(words, key=lambda w: (-words[w], w))[:3]) + "”")
        results = len(_RESULT.findall(story.body))
        if results:
            share += news.figures * min(results, 3) / 3
            why.append(f"成效数字{results}处")
        if choice.reprints:
            share += news.reprinted * min(choice.reprints, 3)
            why.append(f"另有{choice.reprints}家转载")
        return share, "、".join(why) or "一般动态"

    def _county(self, about: Annotation, balance: Balance) -> tuple[float, str]:
        places = _places(about)
        if not places:
            return 0.3, "地区未定"
        place = places[0]
        name = self._gazetteer.county_name(place) or place
        before, here = balance.counties.get(place, 0), balance.counties_here.get(place, 0)
        if here:
            return 0.25 / (1 + here), f"{name}本期已有{here}篇"
        if before:
            return 1 / (1 + before), f"{name}近{self.criteria.back}期用过{before}篇"
        return 1.0, f"{name}近{self.criteria.back}期没有用过"

    def _theme(self, about: Annotation, balance: Balance) -> tuple[float, str]:
        if not about.themes:
            return 0.3, "主题未定"
        theme = about.themes[0]
        name = self._themes.name(theme) or theme
        before, here = balance.themes.get(theme, 0), balance.themes_here.get(theme, 0)
        if here:
            return 1 / (1 + here), f"{name}本期已有{here}篇"
        usual = sum(balance.themes.values()) / max(1, len(balance.themes))
        if before > usual:
            return 0.6, f"{name}近期较多（{before}篇）"
        return 1.0, f"{name}近期{f'{before}篇' if before else '没有'}"

    def _completeness(self, story: Story) -> tuple[float, str]:
        criteria, length = self.criteria, len(story.body)
        lacks = [
            name
            for name, there in (
                ("标题", bool(story.headline)),
                ("日期", story.published is not None),
                ("署名", bool(story.byline.people() or story.byline.organisations)),
                ("来源", bool(story.source)),
                ("图片", bool(story.pictures)),
            )
            if not there
        ]
        share = 1 - 0.15 * len(lacks)
        if length < criteria.shortest:
            share, lacks = share - 0.25, [*lacks, f"篇幅（仅{length}字）"]
        said = f"缺{'、'.join(lacks)}" if lacks else "要素齐全"
        if length > criteria.longest:
            share, said = share - 0.15, f"{said}，偏长（{length}字）"
        return share, said

    def _source(self, story: Story) -> tuple[float, str]:
        share = self.criteria.sources.get(story.source, self.criteria.other_sources)
        named = story.source or "来源不详"
        if not story.source:
            share = 0.0
        if story.rights == "facts":
            return share * 0.5, f"{named}，只可用标题"
        return share, named


_RESULT = re.compile(
    r"\d[\d,.]*(?:余|多)?(?:万|亿)?(?:户|人次|名|人|件|项|个|场次?|元|亩|吨|公里|%|％|家|支|条|所|处)"
)


def _part(criterion: Criterion, most: float, share: float, why: str) -> Points:
    return Points(criterion, round(most * min(1.0, max(0.0, share)), 1), most, why)


def _places(about: Annotation) -> tuple[str, ...]:
    return about.counties or ((about.city,) if about.city else ())
