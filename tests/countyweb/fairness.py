"""How well other people's extractors read the county web: the measure of how real its pages are."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import mean

import readability
import trafilatura
from lxml import html as lxml_html

from jianbao.crawler.charset import decode
from jianbao.desk.countyweb.dataset import SITES, SampleStory, Site, load_stories
from jianbao.desk.countyweb.server import build_site
from jianbao.desk.countyweb.shape import printed_blocks

_SPACES = re.compile(r"\s+")
_LONGEST = 7  # paragraphs; longer ones go over three pages in one of the shapes
_SHORTEST = 380  # characters; the notices among the stories are not what real test sets hold


def by_readability(text: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        summary = readability.Document(text).summary()
    return str(lxml_html.fromstring(summary).text_content()) if summary.strip() else ""


def by_trafilatura(text: str) -> str:
    return trafilatura.extract(text, include_comments=False) or ""


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "readability-lxml": by_readability,
    "trafilatura": by_trafilatura,
}


def grams(text: str) -> Counter[str]:
    """The multiset of character 5-grams after NFKC and without white space."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    return Counter(plain[at : at + 5] for at in range(max(1, len(plain) - 4)))


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(found: str, gold: str) -> Score:
    one, other = grams(found), grams(gold)
    common = (one & other).total()
    return Score(common / max(1, one.total()), common / max(1, other.total()))


def printed(story: SampleStory) -> str:
    """What a person would copy as the story's text: sign-off, paragraphs and captions."""
    blocks = printed_blocks(story, ["" for _ in story.captions])
    return "\n".join(
        f"{caption.text}{caption.credit}" if caption else text for _, text, caption in blocks
    )


def pages(site: Site, every: int = 7) -> Iterator[tuple[SampleStory, str]]:
    """Stories of the whole web as one site would print them, decoded rightly."""
    pool = [
        replace(story, site=site, page=story.page or "2")
        for story in load_stories()
        if len(story.paragraphs) < _LONGEST
        and not story.repost_of
        and sum(len(paragraph.text) for paragraph in story.paragraphs) >= _SHORTEST
    ][::every]
    built = build_site(site, pool, None)
    for story in pool:
        yield story, decode(built.answers[built.stories[story.slug]].body).text


def table(every: int = 7) -> dict[str, dict[Site, list[Score]]]:
    """Scores by extractor and site."""
    found: dict[str, dict[Site, list[Score]]] = {name: {} for name in EXTRACTORS}
    for site in SITES:
        for story, text in pages(site, every):
            for name, extract in EXTRACTORS.items():
                one = score(extract(text), printed(story))
                found[name].setdefault(site, []).append(one)
    return found


def over_sites(scores: dict[Site, list[Score]], of: Callable[[Score], float]) -> float:
    """The mean over the sites' means: a site counts once, however much it prints."""
    return mean(mean(of(one) for one in ones) for ones in scores.values())
