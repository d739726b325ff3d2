"""How well a split page agrees with what the generator made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from jianbao.crawler.pagetext import PageSplit, split_page
from jianbao.index.story import Story

from .generator import GoldPage, GoldStory

PEOPLE = ("reporters", "correspondents", "authors", "photographers", "organisations")


@dataclass
class Tally:
    """Right, found and wanted."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, found: set[object], wanted: set[object]) -> None:
        self.right += len(found & wanted)
        self.found += len(found)
        self.wanted += len(wanted)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0


@dataclass
class Score:
    """Figures over many pages."""

    pages: int
    boundary: Tally
    stitch: Tally
    headline: float
    whole_page: float
    wrong: list[tuple[int, list[str]]]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _body_lines(split: PageSplit) -> list[list[list[int]]]:
    """For each story the paragraphs, each a list of the lines it was joined from."""
    stories: list[list[list[int]]] = [[] for _ in range(split.count)]
    for piece in split.pieces:
        if piece.story is not None and piece.role in ("paragraph", "subhead"):
            paragraphs = stories[piece.story]
            if piece.joins and paragraphs:
                paragraphs[-1].append(split.line_of(piece))
            else:
                paragraphs.append([split.line_of(piece)])
    return stories


def _pairs(paragraphs: Iterable[list[int]]) -> set[object]:
    return {pair for lines in paragraphs for pair in pairwise(lines)}


def _starts(stories: list[list[list[int]]]) -> set[object]:
    """Lines where a story's text begins; the page's first is no find and does not count."""
    return set(sorted(story[0][0] for story in stories if story)[1:])


def compare(gold: GoldStory, story: Story) -> list[str]:
    """Which fields of one story are wrong."""
    wrong = [
        name
        for name in ("kicker", "headline", "deck")
        if _plain(getattr(gold, name)) != _plain(getattr(story, name))
    ]
    if [(p.text, p.subhead) for p in story.paragraphs] != gold.texts:
        wrong.append("paragraphs")
    if sorted((p.caption, p.credit) for p in story.pictures) != sorted(gold.pictures):
        wrong.append("pictures")
    found = {role: set(getattr(story.byline, role)) for role in PEOPLE}
    if found != {role: set(gold.people.get(role, ())) for role in PEOPLE}:
        wrong.append("byline")
    return wrong


def score_page(page: GoldPage, split: PageSplit, score: Score) -> list[str]:
    """Adds one page to the figures, and says what is wrong with it."""
    wanted = [[[line.number for line in lines] for lines, _ in gold.body] for gold in page.stories]
    found = _body_lines(split)
    score.boundary.add(_starts(found), _starts(wanted))
    score.stitch.add(
        _pairs(p for story in found for p in story), _pairs(p for story in wanted for p in story)
    )
    stories = split.stories()
    wrong = (
        []
        if len(stories) == len(page.stories)
        else [f"{len(stories)} stories, not {len(page.stories)}"]
    )
    owner = {line: number for number, story in enumerate(found) for p in story for line in p}
    for gold, lines in zip(page.stories, wanted, strict=True):
        number = owner.get(lines[0][0])
        problems = compare(gold, stories[number]) if number is not None else ["lost", "headline"]
        score.headline += "headline" not in problems
        wrong += [f"{gold.headline}: {problem}" for problem in problems]
    return wrong


def score_pages(pages: Iterable[GoldPage]) -> Score:
    """Splits every page and measures."""
    score = Score(0, Tally(), Tally(), 0.0, 0.0, [])
    headlines = 0
    for page in pages:
        wrong = score_page(page, split_page(page.text), score)
        score.pages += 1
        headlines += len(page.stories)
        score.whole_page += not wrong
        if wrong:
            score.wrong.append((page.seed, wrong))
    score.headline /= max(headlines, 1)
    score.whole_page /= max(score.pages, 1)
    return score
