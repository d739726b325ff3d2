"""The reader's search at scale: what the index weighs, and what a query moves and takes.

    python -m benchmarks.reader_search [--stories 10000] [--pagefind NPM] [--keep FOLDER]

The stories are made (``made_stories.py``), about 840 characters each, full rights. A real Chromium asks
over loopback from a server that sends gzip; bytes are what the server sent. "First" is a fresh browser
profile: page, scripts, index and the first ten results. "Further" is a query in an open page, files
already read being kept. Every count is compared with the plain truth.

With ``--pagefind``, an npm folder with pagefind in it, Pagefind indexes the same story pages and is asked
the same queries: as typed, and cut into overlapping pairs, which its index happens to hold.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import math
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from multiprocessing import get_context
from operator import add
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.made_stories import make_shelf
from jianbao.index.clock import ZONE
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf
from jianbao.site.reader_index import Part, part_files, plan_index
from jianbao.site.reader_texts import fold, search_lines
from jianbao.site.view import make_view

BUILT = datetime(2026, 11, 23, 8, tzinfo=ZONE)
CHROMIUM = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
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


class Server(ThreadingHTTPServer):
    """Sends the search's files, compressed beforehand, and counts the bytes."""

    def __init__(self, folder: Path) -> None:
        wanted = [*folder.glob("*.html"), *folder.glob("assets/*"), *folder.glob("search/**/*.js")]
        wanted += [path for path in folder.glob("pagefind/**/*") if path.is_file()]
        self.files = {
            "/" + path.relative_to(folder).as_posix(): gzip.compress(path.read_bytes(), 6, mtime=0)
            for path in wanted
        }
        self.sent = 0
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # one write per answer: two would wait 40 ms for each other
    disable_nagle_algorithm = True
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        path = PurePosixPath(urlsplit(self.path).path)
        data = self.server.files.get(str(path), b"")
        self.server.sent += len(data)
        kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        self.send_response(200)
        self.send_header("Content-Type", kinds.get(path.suffix, "text/html") + "; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


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


ASK = """async (q) => {
  const start = performance.now();
  const { hits } = await jianbao.find({ q }, false);
  await Promise.all(hits.slice(0, 10).map(jianbao.textOf));
  return [performance.now() - start, hits.length];
}"""
SLOW = {"offline": False, "latency": 50, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
READY = "() => document.querySelector('#hits > li') && !document.querySelector('#hits').hasAttribute('aria-busy')"


PAGEFIND = """async ([q, pairs]) => {
  const start = performance.now();
  const { results } = await window.pagefind.search(pairs ? pairs : q);
  const shown = await Promise.all(results.slice(0, 10).map((r) => r.data()));
  return [performance.now() - start, results.map((r) => r.id).length, shown.map((d) => d.raw_url ?? d.url)];
}"""
LOAD = """async (segmenter) => {
  if (!segmenter) { delete Intl.Segmenter; window.Worker = undefined; }
  window.pagefind = await import("/pagefind/pagefind.js");
  await window.pagefind.init();
}"""


def pairs_of(query: str) -> str:
    return " ".join(map("".join, pairwise(query))) or query


def ask_pagefind(folder: Path, asked: list[str], truth: dict[str, set[str]]) -> dict[str, Any]:
    """Pagefind with the query as typed, and cut into overlapping pairs as its index happens to be."""
    from playwright.sync_api import sync_playwright

    server = Server(folder)
    base = f"http://127.0.0.1:{server.server_address[1]}/blank.html"
    figures: dict[str, Any] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM.split())
        for cut in (False, True):
            first: list[float] = []
            for query in CURATED[:5]:
                page = browser.new_context().new_page()
                before = server.sent
                page.goto(base)
                page.evaluate(LOAD, not cut)
                page.evaluate(PAGEFIND, [query, pairs_of(query) if cut else ""])
                first.append((server.sent - before) / 1000)
                page.context.close()
            page = browser.new_context().new_page()
            page.goto(base)
            page.evaluate(LOAD, not cut)
            page.evaluate(PAGEFIND, ["书记", ""])
            rows: list[tuple[float, float, float, float]] = []
            for query in asked:
                before = server.sent
                took, found, shown = page.evaluate(
                    PAGEFIND, [query, pairs_of(query) if cut else ""]
                )
                right = sum(PurePosixPath(urlsplit(url).path).stem in truth[query] for url in shown)
                wanted = len(truth[query])
                rows.append(
                    (
                        (server.sent - before) / 1000,
                        took,
                        right / len(shown) if shown else float(not wanted),
                        abs(found - wanted) / max(1, wanted),
                    )
                )
            name = "Pagefind, pairs" if cut else "Pagefind"
            column = list(zip(*rows, strict=True))
            figures[f"{name}: first KB; further KB median, p95; ms median"] = [
                round(statistics.median(first), 1),
                *(round(x, 1) for x in _middle(column[0])),
                round(_middle(column[1])[0], 1),
            ]
            figures[f"{name}: precision@10; median error of the count"] = [
                round(statistics.mean(column[2]), 3), round(statistics.median(column[3]), 3)
            ]  # fmt: skip
        browser.close()
    server.shutdown()
    return figures


def run_pagefind(npm: Path, folder: Path) -> dict[str, Any]:
    command = [npm / "node_modules/.bin/pagefind", "--site", folder, "--glob", "story/*.html"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took = round(time.perf_counter() - start, 1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    (folder / "blank.html").write_text("<!doctype html><html lang=zh-CN><title>x</title>")
    files = list((folder / "pagefind").rglob("*"))
    size = sum(path.stat().st_size for path in files if path.is_file()) // 1000
    return {"Pagefind: index s, peak MB, files, kB": [took, peak, len(files), size]}


def chromium() -> str:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


def _middle(values: Sequence[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[len(values) * 95 // 100]


def renderers() -> dict[int, int]:
    """The memory of every renderer of a Chromium on this machine, kB (proportional set size)."""
    found: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes():
                rollup = (folder / "smaps_rollup").read_text()
                found[int(folder.name)] = int(rollup.split("Pss:")[1].split()[0])
        except (OSError, IndexError):
            continue
    return found


def memory(before: dict[int, int]) -> float:
    """Megabytes of the renderers that have come since."""
    return sum(size for pid, size in renderers().items() if pid not in before) / 1024


def ask_browser(folder: Path, asked: list[str], truth: dict[str, set[str]]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    server = Server(folder)
    base = f"http://127.0.0.1:{server.server_address[1]}/search.html"
    first: list[tuple[float, float, float]] = []
    further: list[tuple[float, float, int, int]] = []
    with sync_playwright() as play:
        before_all = renderers()
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM.split())

        def fresh(query: str, *, slow: bool = False) -> float:
            page = browser.new_context().new_page()
            if slow:
                line = page.context.new_cdp_session(page)
                line.send("Network.enable")
                line.send("Network.emulateNetworkConditions", SLOW)
            page.goto(f"{base}?q={quote(query)}", wait_until="commit")
            page.wait_for_function(READY)
            took = page.evaluate("performance.getEntriesByName('shown')[0].startTime")
            page.context.close()
            return took

        fresh("书记")
        for query in CURATED[:5]:
            before = server.sent
            took = fresh(query)
            first.append(((server.sent - before) / 1000, took, fresh(query, slow=True)))
        page = browser.new_context().new_page()
        page.goto("about:blank")
        empty = memory(before_all)
        page.goto(f"{base}?q={quote('书记')}")
        page.wait_for_function(READY)
        for query in asked:
            before = server.sent
            took, found = page.evaluate(ASK, query)
            further.append(((server.sent - before) / 1000, took, found, len(truth[query])))
        used = memory(before_all) - empty
        browser.close()
    server.shutdown()
    kilobytes, times, slow = zip(*first, strict=True)
    moved, took, found, wanted = zip(*further, strict=True)
    return {
        "first query: KB, ms, ms on a slow line (medians of 5)": [
            round(statistics.median(kilobytes), 1), round(statistics.median(times)), round(statistics.median(slow)),
        ],
        "first query: KB of each": [round(value, 1) for value in kilobytes],
        "further query: KB median, p95": [round(value, 1) for value in _middle(moved)],
        "further query: ms median, p95": [round(value, 1) for value in _middle(took)],
        "queries, median of hits, wrong counts": [
            len(further), statistics.median(found), sum(a != b for a, b in zip(found, wanted, strict=True)),
        ],
        "browser memory over an empty page, MB": round(used),
    }  # fmt: skip


def index_alone(part: Part) -> tuple[float, int, list[tuple[str, int, int]]]:
    """Builds a part in a process of its own: seconds of CPU, peak MB, and the files' weights."""
    gc.disable()
    start = time.process_time()
    files = [(name, len(data), len(gzip.compress(data, 6))) for name, data in part_files(part)]
    packing = sum(size for _, size, _ in files) / 25e6  # gzip itself, measured: 25 MB/s
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
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
    texts = [f"{doc.headline}\n{doc.lines}" for part in plan.parts for doc in part.docs]
    figures["characters a story"] = round(sum(map(len, texts)) / len(texts))
    figures["entropy of the pairs' lists, bytes a story"] = round(entropy(texts))
    made = []
    for part in plan.parts:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            made.append(pool.submit(index_alone, part).result())
    figures["index: parts, CPU s, peak MB of a process"] = [
        len(made), round(sum(seconds for seconds, _, _ in made), 1), max(peak for _, peak, _ in made),
    ]  # fmt: skip
    files = [file for _, _, some in made for file in some]
    figures["meta.js: kB gz"] = round(len(gzip.compress(plan.meta, 6)) / 1000, 1)
    for kind in ("s", "t", "facets.js"):
        sizes = [(raw, packed) for name, raw, packed in files if name.split("/")[2] == kind]
        figures[f"{kind}: files, kB raw, kB gz, largest kB gz"] = [
            len(sizes), sum(raw for raw, _ in sizes) // 1000, sum(gz for _, gz in sizes) // 1000,
            round(max(gz for _, gz in sizes) / 1000, 1),
        ]  # fmt: skip
    weight = sum(gz for name, _, gz in files if name.split("/")[2] != "t") + len(plan.meta)
    figures["index bytes a story, gz, texts apart"] = round(weight / len(texts))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--pagefind", type=Path, help="an npm folder with pagefind in it")
    parser.add_argument("--keep", type=Path, help="build here and leave it")
    given = parser.parse_args()
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
        figures |= ask_browser(out, asked, truth)
        if given.pagefind:
            figures |= run_pagefind(given.pagefind, out)
            figures |= ask_pagefind(out, asked, truth)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
