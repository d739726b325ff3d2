"""The editors' search against the standard recipe, in one run: speed, and what is found.

The standard recipe is what jieba's own documentation shows: Whoosh ``TEXT`` fields with
``jieba.analyse.ChineseAnalyzer``, the query parser, ``filter=`` and ``groupedby=``. Every answer of
ours counts all facets and marks twenty excerpts; the recipe does so only in the rows of that name.

    python -m benchmarks.index [--stories 5000]

Both have the same stories and machine; times are processor time, so that other work on the machine
does not count (nor do waits for the disk). Each query is asked three times, of an index opened anew
every time.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jieba.analyse import ChineseAnalyzer
from whoosh import fields
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.qparser.default import MultifieldParser
from whoosh.query.compound import And
from whoosh.query.ranges import DateRange
from whoosh.query.terms import Term

from jianbao.index.search import SearchIndex
from jianbao.index.search.document import story_parts
from jianbao.index.search.folding import fold
from jianbao.index.search.query import Query
from jianbao.index.segment import default_segmenter
from tests.search.samples import Annotated, recombined, sample_stories

WORDS = [
    "党建",
    "党支部",
    "书记",
    "社区",
    "网格员",
    "党员",
    "合作社",
    "村民",
    "街道",
    "乡村振兴",
    "主题党日",
    "志愿者",
    "红色",
    "老人",
    "人才",
    "医院",
    "企业",
    "服务",
]
CITY = "141100"
SINCE, UNTIL = date(2025, 3, 1), date(2025, 8, 31)
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=5000)
    count: int = parser.parse_args().stories
    stories = list(recombined(count))
    characters = sum(len(text) for story, _ in stories for _, text in story_parts(story))
    print(f"{count} stories of {characters / count:.0f} characters on average")
    strings = unsegmented(200)
    with tempfile.TemporaryDirectory() as scratch:
        ours = measure_ours(Path(scratch) / "ours", stories, strings)
        gc.collect()
        recipe = measure_recipe(Path(scratch) / "recipe", stories, strings)
    print(f"{'':34}{'jianbao':>12}{'recipe':>12}{'ratio':>8}")
    for name, mine in ours.items():
        other = recipe.get(name)
        ratio = f"{max(mine, other) / max(min(mine, other), 1e-9):.1f}" if other else ""
        print(
            f"{name:34}{mine:12.3f}{other if other is not None else float('nan'):12.3f}{ratio:>8}"
        )


def unsegmented(count: int) -> list[str]:
    """Strings of two to eight Chinese characters, cut anywhere out of the sample stories."""
    dice = random.Random(7)  # noqa: S311 - the same strings in every run
    runs = [
        run
        for story, _ in sample_stories()
        for _, text in story_parts(story)
        for run in re.findall(r"[\u4e00-\u9fff]{2,}", text)
    ]
    strings: set[str] = set()
    while len(strings) < count:
        run = dice.choice(runs)
        length = min(dice.randint(2, 8), len(run))
        start = dice.randint(0, len(run) - length)
        strings.add(run[start : start + length])
    return sorted(strings)


def measure_ours(
    folder: Path, stories: Sequence[Annotated], strings: Sequence[str]
) -> dict[str, float]:
    segmenter = default_segmenter()
    began = time.process_time()
    SearchIndex.rebuild(folder, stories, segmenter).close()
    figures = {"stories indexed per second": len(stories) / (time.process_time() - began)}
    figures["index, MB"] = size_of(folder)

    def ask(make: Callable[[str], Query]) -> list[float]:
        times: list[float] = []
        for _ in range(ROUNDS):
            with SearchIndex.open(folder, segmenter) as index:
                times += [timed(lambda w=word: index.search(make(w))) for word in WORDS]
        return times

    figures |= quantiles("term", ask(lambda w: Query(w)))
    figures |= quantiles(
        "filtered", ask(lambda w: Query(w, counties=(CITY,), since=SINCE, until=UNTIL))
    )
    figures |= quantiles("facets", ask(lambda w: Query(w)))
    figures |= quantiles("by date", ask(lambda w: Query(w, sort="date")))
    figures |= quantiles("excerpts", ask(lambda w: Query(w)))
    began = time.process_time()
    with SearchIndex.open(folder, segmenter) as index:
        figures["open, ms"] = 1000 * (time.process_time() - began)
        figures |= recall(
            stories,
            strings,
            lambda s: [hit.story_id for hit in index.search(Query(s, limit=len(stories))).hits],
        )
        changed = list(recombined(100, seed=1))
        began = time.process_time()
        index.update(changed)
        figures["update by 100 stories, s"] = time.process_time() - began
    return figures


def measure_recipe(
    folder: Path, stories: Sequence[Annotated], strings: Sequence[str]
) -> dict[str, float]:
    analyzer = ChineseAnalyzer()
    list(analyzer("载入词典"))
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(stored=True, analyzer=analyzer),
        content=fields.TEXT(stored=True, analyzer=analyzer),
        area=fields.KEYWORD,
        county=fields.ID(sortable=True),
        theme=fields.ID(sortable=True),
        source=fields.ID(sortable=True),
        published=fields.DATETIME(sortable=True),
    )
    folder.mkdir()
    began = time.process_time()
    writer = create_in(str(folder), schema).writer()
    for story, about in stories:
        writer.add_document(**recipe_document(story, about))
    writer.commit()
    figures = {"stories indexed per second": len(stories) / (time.process_time() - began)}
    figures["index, MB"] = size_of(folder)
    parser = MultifieldParser(["title", "content"], schema)
    inside = And([Term("area", CITY), DateRange("published", midnight(SINCE), midnight(UNTIL))])

    def ask(**options: Any) -> list[float]:
        times: list[float] = []
        for _ in range(ROUNDS):
            index: FileIndex = open_dir(str(folder))
            with index.searcher() as searcher:
                times += [
                    timed(lambda w=w: recipe_answer(searcher, parser, w, **options)) for w in WORDS
                ]
        return times

    figures |= quantiles("term", ask())
    figures |= quantiles("filtered", ask(filter=inside))
    figures |= quantiles("facets", ask(groupedby=["county", "theme", "source"]))
    figures |= quantiles("by date", ask(sortedby="published", reverse=True))
    figures |= quantiles("excerpts", ask(marked=True))
    began = time.process_time()
    with open_dir(str(folder)).searcher() as searcher:
        figures["open, ms"] = 1000 * (time.process_time() - began)
        figures |= recall(
            stories,
            strings,
            lambda s: [hit["id"] for hit in searcher.search(parser.parse(s), limit=None)],
        )
    began = time.process_time()
    writer = open_dir(str(folder)).writer()
    for story, about in recombined(100, seed=1):
        writer.update_document(**recipe_document(story, about))
    writer.commit()
    figures["update by 100 stories, s"] = time.process_time() - began
    return figures


def recipe_document(story: Any, about: Any) -> dict[str, Any]:
    parts = story_parts(story)
    return {
        "id": story.id,
        "title": story.headline,
        "content": "\n".join(text for field, text in parts if field != "headline"),
        "area": " ".join((*about.counties, about.city or "")),
        "county": about.counties[0] if about.counties else "",
        "theme": about.themes[0] if about.themes else "",
        "source": story.source,
        "published": midnight(story.published),
    }


def recipe_answer(
    searcher: Any, parser: Any, words: str, *, marked: bool = False, **options: Any
) -> None:
    results = searcher.search(parser.parse(words), limit=20, **options)
    len(results)
    for hit in results:
        hit["title"]
        if marked:
            hit.highlights("content")
    for name in options.get("groupedby", ()):
        results.groups(name)


def recall(
    stories: Sequence[Annotated], strings: Sequence[str], find: Callable[[str], list[str]]
) -> dict[str, float]:
    """Against plain substring search over the folded text."""
    texts = {s.id: "\n".join(fold(text) for _, text in story_parts(s)) for s, _ in stories}
    wanted = hits = returned = 0
    for string in strings:
        truth = {story_id for story_id, text in texts.items() if fold(string) in text}
        found = set(find(string))
        wanted += len(truth)
        returned += len(found)
        hits += len(truth & found)
    return {"recall, unsegmented": hits / wanted, "precision, unsegmented": hits / max(returned, 1)}


def quantiles(name: str, times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return {f"{name}, p50 ms": statistics.median(times), f"{name}, p95 ms": p95}


def timed(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return 1000 * (time.process_time() - began)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Whoosh keeps naive times


def size_of(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
