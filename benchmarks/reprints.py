"""Folding reprints: time against the number of stories. A straight line is what we promise.

    python -m benchmarks.reprints [--most 32000]

One story in five is a copy of an earlier one (cut, or with a new lead); every story begins with one of
forty formulas and ends with its source's footer. Sentences are put together from the sample stories'
clauses with other numbers and names, so that stories differ as real ones do. Processor time.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta

from jianbao.index.reprints import find_reprints
from jianbao.index.story import Paragraph, Story
from tests.search.samples import sample_stories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=32_000)
    most: int = parser.parse_args().most
    print(f"{'stories':>8}{'seconds':>9}{'ms a story':>12}{'folded':>8}{'peak MB':>9}")
    count = 1_000
    while count <= most:
        stories = list(made(count))
        began = time.process_time()
        found = find_reprints(stories)
        took = time.process_time() - began
        folded = sum(own != first for own, first in found.firsts.items())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{count:8}{took:9.1f}{1000 * took / count:12.2f}{folded:8}{peak:9.0f}", flush=True)
        count *= 2


def made(count: int) -> Iterator[Story]:
    """The stories; the same in every run."""
    dice = random.Random(29)  # noqa: S311 - the same stories in every run
    texts = [story.body for story, _ in sample_stories()]
    clauses = [c for text in texts for c in re.split(r"[，。；：\n]", text) if len(c) > 5]
    characters = [c for text in texts for c in text if "\u4e00" <= c <= "\u9fff"]
    formulas = ["".join(dice.sample(clauses, 2)) for _ in range(40)]
    earlier: list[list[str]] = []
    for number in range(count):
        if earlier and dice.random() < 0.2:
            old = dice.choice(earlier[-3_000:])
            body = old[: dice.randint(3, len(old))]
            if dice.random() < 0.5:
                body = [_sentence(dice, clauses, characters), *body[1:]]
        else:
            body = [_sentence(dice, clauses, characters) for _ in range(dice.randint(6, 16))]
            earlier.append(body)
        portal = f"portal{dice.randrange(100)}"
        lines = (f"{dice.choice(formulas)}。", *body, f"本稿由{portal}编辑部整理供各支部学习参考。")
        yield Story(
            f"{number:012x}",
            f"标题{number}",
            tuple(map(Paragraph, lines)),
            source_id=portal,
            published=date(2025, 1, 1) + timedelta(days=number * 600 // count),
        )


def _sentence(dice: random.Random, clauses: list[str], characters: list[str]) -> str:
    """Three clauses, each with two characters and all numbers changed."""
    parts: list[str] = []
    for clause in dice.sample(clauses, 3):
        letters = list(re.sub(r"\d+", lambda _: str(dice.randint(2, 9_999)), clause))
        for _ in range(2):
            letters[dice.randrange(len(letters))] = dice.choice(characters)
        parts.append("".join(letters))
    return "，".join(parts) + "。"


if __name__ == "__main__":
    main()
