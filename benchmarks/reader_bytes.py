"""What a first query moves on a site of any size, computed from the files that the browser would read.

    python -m benchmarks.reader_bytes [--stories 200000]

For sizes at which building and asking the whole site would take an hour: the index alone is built, part
by part, and for each curated query the files are named that ``site/assets/find.js`` asks for: the search
page, its script and style, in each part the shards of the query's pairs, the texts of the first ten
results, and the one text in each part that tells whether a longer string is what it looks like. Sizes
are those of gzip, level 6, without headers.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.reader_search import BUILT, CURATED, index_alone
from jianbao.site.pages import Press
from jianbao.site.reader_index import Lists, Texts, plan_index
from jianbao.site.reader_postings import mixed
from jianbao.site.reader_texts import fold
from jianbao.site.view import make_view


def shards_of(query: str, bits: int) -> set[int]:
    """The shards that hold a query's pairs, or its one character."""
    tokens = list(pairwise(query)) or [(query,)]
    codes = [int("".join(f"{ord(char):04x}" for char in token), 16) for token in tokens]
    return set((mixed(np.array(codes, np.uint32)) >> np.uint32(32 - bits)).tolist())


def built(some: Sequence[Lists | Texts]) -> tuple[float, int, dict[str, int]]:
    """Seconds of CPU, peak MB, and each file's bytes."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        seconds, peak, files = pool.submit(index_alone, some).result()
    return seconds, peak, {name: size for name, _, size in files}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=200_000)
    given = parser.parse_args()
    # Not above: its dictionary weighs 60 MB in the processes whose memory is measured.
    from benchmarks.made_stories import make_shelf

    gc.disable()
    view = make_view(make_shelf(given.stories))
    plan = plan_index(view)
    press = Press(view, built=BUILT, search=plan.meta)
    page = next(page for page in press.pages()[1] if page.path == "search.html").render()
    once = [page, press.assets["assets/search.js"], press.assets["assets/style.css"]]
    fixed = sum(len(gzip.compress(data, 6)) for data in once)
    lists = dict.fromkeys(CURATED, 0)
    checks: dict[str, list[tuple[bool, int, int]]] = {query: [] for query in CURATED}
    hits: dict[str, list[tuple[bool, int, int]]] = {query: [] for query in CURATED}
    work: list[tuple[float, int]] = []
    index = len(gzip.compress(json.dumps(plan.meta, ensure_ascii=False).encode(), 6))
    weights: list[int] = []
    seconds, peak, sizes = built([block.stock() for block in plan.blocks])
    work.append((seconds, peak))
    for block in plan.blocks:
        each = [sizes[name] for name in block.names()]
        weights += [each[n // block.each] for n in range(len(block.entries))]
    for part in plan.parts:
        stock = part.stock()
        seconds, peak, sizes = built([stock])
        texts = [fold(f"{doc.headline}\n{doc.lines}") for doc in stock.docs]
        work.append((seconds, peak))
        index += sum(sizes.values())
        for query in CURATED:
            wanted = fold(query)
            lists[query] += sum(
                sizes[f"{part.folder}s/{n}.js"] for n in shards_of(wanted, part.bits)
            )
            own = [
                (wanted in text[: text.index("\n")], part.first + n, weights[part.first + n])
                for n, text in enumerate(texts)
                if wanted in text
            ]  # fmt: skip
            hits[query] += own
            if own and len(wanted) > 2:
                checks[query].append(max(own))
    told: dict[str, Any] = {}
    for query in CURATED:
        shown = set(sorted(hits[query])[-10:])
        first, more = (sum(t[2] for t in some) for some in (shown, {*checks[query]} - shown))
        row = (fixed + lists[query] + first + more, lists[query], first, more)
        told[query] = [len(hits[query]), *(round(x / 1000, 1) for x in row)]
    totals = sorted(row[1] for row in told.values())
    figures = {
        "stories": given.stories,
        "parts": [len(part.entries) for part in plan.parts],
        "CPU s of the texts, and of each part": [round(seconds, 1) for seconds, _ in work],
        "CPU s, peak MB": [round(sum(s for s, _ in work), 1), max(peak for _, peak in work)],
        "index bytes a story, gz, texts apart": round(index / given.stories),
        "page, script and style, KB": round(fixed / 1000, 1),
        "first query, KB, median and most": [totals[len(totals) // 2], totals[-1]],
        "hits; KB in all, lists, ten texts, texts that tell": told,
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
