"""The reader's search at scale: what the index weighs, and what a query moves and takes.

    python -m benchmarks.reader_search [--stories 10000] [--pagefind NPM] [--keep FOLDER]

The stories are made (``made_stories.py``), about 840 characters each, full rights. A real Chromium asks
over loopback from a server that sends gzip (``in_browser.py``). Every count is compared with the plain
truth.

With ``--pagefind``, an npm folder with pagefind in it, Pagefind indexes the same story pages and is asked
the same queries in turn: as typed, and cut into overlapping pairs, which its index happens to hold.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from operator import add
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.in_browser import ask_all
from jianbao.index.clock import ZONE
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf
from jianbao.site.reader_index import Lists, Texts, plan_index
from jianbao.site.reader_texts import fold, search_lines
from jianbao.site.view import make_view

BUILT = datetime(2026, 11, 23, 8, tzinfo=ZONE)
CURATED = (
    "党支部",
    "网格员",
    "党员",
    "一老一小",
    "流动党员",
    "社区党委",
    "积分超市",
    "老支书",
    "2026年",
    "记者",
)


def queries(shelf: Shelf) -> list[str]:
    draw = random.Random(7)  # noqa: S311
    lines = [line for e in make_view(shelf).entries[:2000] for line in search_lines(e.story)]
    cut: list[str] = []
    while len(cut) < 90:
        line, length = draw.choice(lines), draw.choice((2, 3, 4, 5, 6, 8))
        start = draw.randrange(max(1, len(line) - length))
        text = line[start : start + length]
        if len(text) == length and text.isalnum():
            cut.append(text)
    return [*CURATED, *cut]


def run_pagefind(npm: Path, folder: Path) -> dict[str, Any]:
    command = [npm / "node_modules/.bin/pagefind", "--site", folder, "--glob", "story/*.html"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took = round(time.perf_counter() - start, 1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    files = list((folder / "pagefind").rglob("*"))
    size = sum(path.stat().st_size for path in files if path.is_file()) // 1000
    return {"Pagefind: index s, peak MB, files, kB": [took, peak, len(files), size]}


def index_alone(some: Sequence[Lists | Texts]) -> tuple[float, int, list[tuple[str, int, int]]]:
    """Builds parts or texts in a process of its own: seconds of CPU, peak MB, and the files' weights."""
    gc.disable()
    start = time.process_time()
    made = (file for one in some for file in one.files())
    files = [(name, len(data), len(gzip.compress(data, 6))) for name, data in made]
    packing = sum(size for _, size, _ in files) / 25e6  # gzip itself, measured: 25 MB/s
    # Not ru_maxrss, which begins with what the parent process had.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
    return time.process_time() - start - packing, peak, files


def entropy(texts: Sequence[str]) -> float:
    """Bytes a story that the stories of all pairs of words' characters need at least."""
    held = Counter(
        pair for text in texts for pair in set(map(add, text, text[1:])) if pair.isalnum()
    )
    size = math.lgamma(len(texts) + 1)
    bits = sum(size - math.lgamma(n + 1) - math.lgamma(len(texts) - n + 1) for n in held.values())
    return bits / math.log(2) / 8 / len(texts)


def weigh(shelf: Shelf) -> dict[str, Any]:
    """What the index weighs and costs, part by part in a process of its own, as a build makes it."""
    plan = plan_index(make_view(shelf))
    figures: dict[str, Any] = {}
    texts = [f"{doc.headline}\n{doc.lines}" for part in plan.parts for doc in part.stock().docs]
    figures["characters a story"] = round(sum(map(len, texts)) / len(texts))
    figures["entropy of the pairs' lists, bytes a story"] = round(entropy(texts))
    made = []
    for some in ([part.stock()] for part in plan.parts):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            made.append(pool.submit(index_alone, some).result())
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        made.append(pool.submit(index_alone, [block.stock() for block in plan.blocks]).result())
    figures["index: parts, CPU s, peak MB of a process"] = [
        len(plan.parts), round(sum(seconds for seconds, _, _ in made), 1), max(peak for _, peak, _ in made),
    ]  # fmt: skip
    files = [file for _, _, some in made for file in some]
    meta = len(gzip.compress(json.dumps(plan.meta, ensure_ascii=False).encode(), 6))
    figures["in the search page itself: kB gz"] = round(meta / 1000, 1)
    for kind in ("s", "t", "facets.js"):
        sizes = [(raw, packed) for name, raw, packed in files if name.split("/")[2] == kind]
        figures[f"{kind}: files, kB raw, kB gz, largest kB gz"] = [
            len(sizes), sum(raw for raw, _ in sizes) // 1000, sum(gz for _, gz in sizes) // 1000,
            round(max(gz for _, gz in sizes) / 1000, 1),
        ]  # fmt: skip
    weight = sum(gz for name, _, gz in files if name.split("/")[2] != "t") + meta
    figures["index bytes a story, gz, texts apart"] = round(weight / len(texts))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--pagefind", type=Path, help="an npm folder with pagefind in it")
    parser.add_argument("--keep", type=Path, help="build here and leave it")
    given = parser.parse_args()
    # Not above: its dictionary weighs 60 MB in the processes whose memory is measured.
    from benchmarks.made_stories import make_shelf

    shelf = make_shelf(given.stories)
    figures: dict[str, Any] = {"stories": given.stories} | weigh(shelf)
    with tempfile.TemporaryDirectory() as folder:
        out = given.keep or Path(folder) / "public"
        start = time.perf_counter()
        build_site(shelf, out, built=BUILT, processes=2)
        figures["whole site s"] = round(time.perf_counter() - start, 1)
        asked = queries(shelf)
        lines = {
            e.story.id: fold("\n".join((e.story.headline, *search_lines(e.story))))
            for e in make_view(shelf).entries
        }
        truth = {q: {key for key, text in lines.items() if fold(q) in text} for q in asked}
        if given.pagefind:
            figures |= run_pagefind(given.pagefind, out)
        figures |= ask_all(out, asked, truth, peers=bool(given.pagefind))
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
