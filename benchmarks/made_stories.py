"""Made stories for measuring the reader's site: as many as wanted, with the statistics of real news.

What an index weighs depends on how many different character pairs a story has, how often they come
back in it, and how fast new ones turn up. For 10,000 real stories of 848 characters those are known:
510 different pairs a story, 660 pairs in all, 357,000 pairs altogether, 450 bytes of entropy a story.
Here the sentences of the sample county web give the grammar, and words of the same kind and length,
drawn from jieba's dictionary by their frequency in newspapers, take the place of most of their content
words. A story keeps to its subject: most of its words come from a small store of its own.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import jieba
import jieba.posseg

from jianbao.desk.countyweb.dataset import load_stories
from jianbao.index.annotation import Annotation
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.story import Byline, Paragraph, Story, story_id
from jianbao.site.edition import City, County, Shelf, ShelfStory, Theme

HOME = "140000"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "青禾远山晓棠慕华若朴玉莲一诺冬青明轩思源建业春燕秋实海波丽萍志强文博雨桐天佑婉清国栋素梅"
OPEN = "nvaijlbzts"
"""First letters of the kinds of words that may be replaced; particles and figures stay."""
KEPT, OWN = 0.28, 0.68
"""Shares of such words that stay as they are, and that come from the story's own store."""
PEAK = 1.6
SUBJECT = 6
"""Words of one kind and length in a story's store; the first of them come most often."""

Words = dict[tuple[str, int], tuple[list[str], list[int]]]


def _dictionary() -> Words:
    rows: defaultdict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, times, kind = line.split(" ")
        if kind[0] in OPEN and int(times) > 3:
            rows[kind[0], len(word)].append((word, int(int(times) ** PEAK)))
    return {
        key: ([word for word, _ in some], list(accumulate(times for _, times in some)))
        for key, some in rows.items()
    }


def _frames() -> list[list[tuple[str, tuple[str, int] | None]]]:
    """The sample's sentences as words, each with its kind if it may be replaced."""
    samples = [sample for sample in load_stories() if sample.relevant]
    sentences = sorted(
        {s for x in samples for p in x.paragraphs for s in re.findall("[^。！？]+[。！？]", p.text)}
    )
    return [
        [
            (token.word, (token.flag[0], len(token.word)) if token.flag[0] in OPEN else None)
            for token in jieba.posseg.cut(sentence)
        ]
        for sentence in sentences
    ]


def _writer(draw: random.Random, words: Words) -> Callable[[str, tuple[str, int]], str]:
    """One story's choice of words."""
    store: dict[tuple[str, int], list[str]] = {}

    def write(word: str, kind: tuple[str, int]) -> str:
        luck = draw.random()
        if luck < KEPT or kind not in words:
            return word
        listed, weights = words[kind]
        if luck > KEPT + OWN:
            return draw.choices(listed, cum_weights=weights)[0]
        if kind not in store:
            store[kind] = draw.choices(listed, cum_weights=weights, k=SUBJECT)
        return store[kind][int(SUBJECT * draw.random() ** 2)]

    return write


def make_shelf(count: int) -> Shelf:
    """That many stories in full text, over five years; places and townships are real, people are not."""
    draw = random.Random(count)  # noqa: S311 - reproducible, not secret
    places = Gazetteer.load()
    cities = tuple(
        City(c.code, c.name, tuple(County(u.code, u.name) for u in places.counties_of(c.code)))
        for c in places.cities_of(HOME)
    )
    counties = [unit for city in cities for unit in city.counties]
    towns = {unit.code: places.towns_of(unit.code) for unit in counties}
    samples = [sample for sample in load_stories() if sample.relevant]
    headlines = [sample.headline for sample in samples]
    themes = sorted({slug for sample in samples for slug in sample.themes})
    frames, words = _frames(), _dictionary()
    stories: list[ShelfStory] = []
    for number in range(count):
        county = draw.choice(counties)
        town = draw.choice(towns[county.code]).name
        person = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
        write = _writer(draw, words)
        paragraphs = [
            Paragraph(f"{county.name}{town}的{person}说，这是第{draw.randrange(2, 999)}次上门。")
        ]
        while sum(len(paragraph.text) for paragraph in paragraphs) < 730:
            sentences = (draw.choice(frames) for _ in range(4))
            text = "".join(write(w, kind) if kind else w for s in sentences for w, kind in s)
            paragraphs.append(Paragraph(text))
        story = Story(
            id=story_id(str(number)),
            headline=f"{town}：{draw.choice(headlines)}",
            paragraphs=tuple(paragraphs),
            byline=Byline(reporters=(person,)),
            source=f"{draw.choice(cities).name}日报样刊",
            published=date(2022, 1, 3) + timedelta(days=number * 1750 // count),
            rights="full",
        )
        slugs = tuple(draw.sample(themes, draw.choice((1, 1, 2))))
        about = Annotation(
            counties=(county.code,), city=county.code[:4] + "00", themes=slugs, relevant=True
        )
        stories.append(ShelfStory(story, about))
    named = tuple(Theme(slug, slug, "主题") for slug in themes)
    return Shelf("简报", "简报", "编辑部", HOME, tuple(stories), (), cities, named)
