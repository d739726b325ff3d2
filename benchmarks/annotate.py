"""Speed and accuracy of the annotator on its own cases and the sample county web.

    python benchmarks/annotate.py [--profile]

Prints what loading takes, stories a second on one core (processor time, the best of three rounds, since other work on
the machine only ever slows it), and the figures that ``tests/floors.toml`` keeps. Nothing here fails a build.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
import tracemalloc
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from jianbao.desk.countyweb.dataset import load_stories
from jianbao.index.annotate import Annotator
from jianbao.index.annotation import Annotation
from jianbao.index.gazetteer import TABLE, Gazetteer, _load
from jianbao.index.segment import default_segmenter
from jianbao.index.story import Byline, Paragraph, Story, story_id
from tests.annotation.measure import Gold, measure, read_cases

ROUNDS = 3
Result = TypeVar("Result")


def quickest(what: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of the processor in the best round, and its result."""
    rounds: list[tuple[float, Result]] = []
    for _ in range(ROUNDS):
        started = time.process_time()
        result = what()
        rounds.append((time.process_time() - started, result))
    return min(rounds, key=itemgetter(0))


def sample_stories() -> list[tuple[Story, Gold]]:
    """The stories of the county web, as a perfect crawler would hand them over."""
    found: list[tuple[Story, Gold]] = []
    for sample in load_stories():
        place = (Paragraph(sample.place_line),) if sample.place_line else ()
        story = Story(
            id=story_id(sample.slug),
            kicker=sample.kicker,
            headline=sample.headline,
            deck=sample.deck,
            paragraphs=place + sample.paragraphs,
            source=sample.source,
            published=sample.published,
            byline=Byline(organisations=sample.byline.organisations),
        )
        found.append(
            (story, Gold(sample.slug, sample.counties, sample.city, sample.themes, sample.relevant))
        )
    return found


def loading() -> Annotator:
    """What each part takes to load, alone."""
    started = time.process_time()
    table = _load.__wrapped__(TABLE)
    units = time.process_time() - started
    table.town_names()
    print(
        f"gazetteer   {1000 * units:6.0f} ms, with townships {1000 * (time.process_time() - started):.0f} ms"
    )
    tracemalloc.start()
    _load.__wrapped__(TABLE).town_names()
    print(f"            {tracemalloc.get_traced_memory()[1] / 1e6:6.1f} MB at most")
    tracemalloc.stop()
    started = time.process_time()
    segmenter = default_segmenter()
    print(f"segmenter   {1000 * (time.process_time() - started):6.0f} ms")
    started = time.process_time()
    annotator = Annotator(Gazetteer.load(), segmenter=segmenter)
    print(f"annotator   {1000 * (time.process_time() - started):6.0f} ms")
    return annotator


def report(
    name: str, pairs: list[tuple[Gold, Annotation]], characters: int, seconds: float
) -> None:
    """One block of figures."""
    figures = measure(pairs)
    print(
        f"{name:12s}{len(pairs):4d} stories of {characters // len(pairs)} characters:"
        f" {len(pairs) / seconds:.0f} stories/s, {characters / seconds / 1e6:.2f} million characters/s"
    )
    print(
        f"            county exact {figures.county_exact:.3f}  city {figures.city:.3f}"
        f"  relevance {figures.relevance:.3f}  theme F1 {figures.theme_f1:.3f}  primary {figures.primary:.3f}"
    )
    for wrong in figures.wrong:
        print(f"            {wrong}")


def main() -> None:
    annotator = loading()
    cases = read_cases()
    fields = list(Annotation().to_json())
    annotator.annotate_record(cases[0][0])  # reads the folding table
    seconds, records = quickest(lambda: [annotator.annotate_record(record) for record, _ in cases])
    found = [Annotation.from_json({key: record[key] for key in fields}) for record in records]
    length = sum(len(record["title"] + record["body"]) for record, _ in cases)
    report(
        "cases", [(gold, one) for (_, gold), one in zip(cases, found, strict=True)], length, seconds
    )
    samples = sample_stories()

    def annotated() -> list[tuple[Gold, Annotation]]:
        return [(gold, annotator.annotate(story)) for story, gold in samples]

    seconds, pairs = quickest(annotated)
    report("county web", pairs, sum(len(s.headline + s.body) for s, _ in samples), seconds)
    if "--profile" in sys.argv[1:]:
        profile = cProfile.Profile()
        profile.runcall(annotated)
        pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
