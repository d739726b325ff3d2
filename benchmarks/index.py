"""The editors' index beside other engines, in one run: indexing, asking, memory, what is found.

    python -m benchmarks.index [--stories 10000] [--engines jianbao,words,scan,recipe,fts5,tantivy]
                             [--days 0] [--whoosh FOLDER]

Same stories, same machine, every engine in a process of its own. Times are processor time, so that
other work on the machine does not count (nor do waits for the disk). Every question is asked three
times, of an index opened anew each time. ``--days`` adds 600 stories a day and asks again.
``--whoosh`` is for the recipe alone: the folder of another Whoosh, as ``pip install --target FOLDER
Whoosh==2.7.4`` makes it. tantivy is no dependency of the project: ``pip install tantivy`` beside it,
or leave it out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from jianbao.index.search.document import story_parts
from jianbao.index.search.folding import fold
from tests.search.samples import Annotated, recombined, sample_stories

from .engine import KINDS, Ask, Kind
from .engines import ENGINES

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
ROUNDS, STRINGS, DAY = 3, 100, 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--whoosh", default="", metavar="FOLDER", help="another Whoosh")
    parser.add_argument("--alone", action="store_true", help="one engine, in this process")
    options = parser.parse_args()
    names: list[str] = options.engines.split(",")
    if options.alone:
        if options.whoosh:
            import_whoosh_from(options.whoosh)
        print(json.dumps(measure(names[0], options.stories, options.days)))
        return
    columns: dict[str, dict[str, float]] = {}
    for name in names:
        print(f"{name}: {ENGINES[name]().note}", flush=True)
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.index", "--alone"]
        command += ["--stories", str(options.stories), "--days", str(options.days)]
        command += ["--engines", name, "--whoosh", options.whoosh if name == "recipe" else ""]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"  left out: {done.stderr.strip().splitlines()[-1]}")
        else:
            columns[name] = json.loads(done.stdout.splitlines()[-1])
    show(columns)


def import_whoosh_from(folder: str) -> None:
    """From here on ``import whoosh`` takes another release. What is ours keeps the one that it has."""
    for name in [name for name in sys.modules if name.split(".")[0] == "whoosh"]:
        del sys.modules[name]
    sys.path.insert(0, folder)


def show(columns: dict[str, dict[str, float]]) -> None:
    """One row a figure, one column an engine; beside each the ratio to the recipe's."""
    rows = dict.fromkeys(row for figures in columns.values() for row in figures)
    recipe = columns.get("recipe", {})
    print(f"{'':30}" + "".join(f"{name:>20}" for name in columns))
    for row in rows:
        line = f"{row:30}"
        for figures in columns.values():
            value, other = figures.get(row), recipe.get(row)
            ratio = ""
            if value and other and figures is not recipe:
                ratio = f" ({max(value, other) / min(value, other):.1f}x)"
            line += f"{'' if value is None else f'{value:.2f}{ratio}':>20}"
        print(line)


def measure(name: str, count: int, day_count: int) -> dict[str, float]:
    """All figures of one engine."""
    engine = ENGINES[name]()
    stories = list(recombined(count))
    engine.warm()
    before = _peak()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        began = time.process_time()
        engine.build(folder, stories)
        took = time.process_time() - began
        figures = {
            "stories indexed a second": count / took,
            "index, MB": _size(folder),
            "memory while indexing, +MB": _peak() - before,
            "peak memory, MB": _peak(),
        }
        if name == "words":
            return figures
        figures |= ask_everything(lambda: engine.open(folder))
        figures |= recall(stories, engine.open(folder))
        for day in range(day_count):
            fresh = list(recombined(DAY, seed=1_000 + day))
            began = time.process_time()
            engine.add(folder, fresh)
            figures[f"day {day + 1:2}: adding, s"] = time.process_time() - began
            if day in (0, day_count - 1):
                figures |= {
                    f"day {day + 1:2}: {row}": value
                    for row, value in ask_everything(lambda: engine.open(folder)).items()
                    if row.startswith("term")
                }
    return figures


def ask_everything(open_anew: Callable[[], Callable[[Ask], int]]) -> dict[str, float]:
    """p50 and p95 of each kind of question, in milliseconds."""
    times: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        answer = open_anew()
        for kind in KINDS:
            for string in unsegmented(STRINGS) if kind == "phrase" else WORDS:
                began = time.process_time()
                answer(Ask(kind, string))
                times[kind].append(1000 * (time.process_time() - began))
    figures: dict[str, float] = {}
    for kind, taken in times.items():
        ordered = sorted(taken)
        figures[f"{kind}, p50 ms"] = statistics.median(ordered)
        figures[f"{kind}, p95 ms"] = ordered[int(0.95 * (len(ordered) - 1))]
    return figures


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


def recall(stories: Sequence[Annotated], answer: Callable[[Ask], int]) -> dict[str, float]:
    """Share of the strings for which exactly as many stories are found as hold them."""
    texts = ["\n".join(fold(text) for _, text in story_parts(story)) for story, _ in stories]
    strings = unsegmented(STRINGS)[::5]
    right = sum(
        answer(Ask("phrase", string)) == sum(fold(string) in text for text in texts)
        for string in strings
    )
    return {"strings counted right": right / len(strings)}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
