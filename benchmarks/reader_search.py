"""The reader's search at scale: what the index weighs, and what a query moves and takes.

    python benchmarks/reader_search.py [--stories 10000] [--keep FOLDER]

Stories are recombined from the sentences of the sample county web, with invented people and real
township names put in, so that the vocabulary grows with their number; length about 850 characters,
full rights. A real Chromium asks over loopback from a server that sends gzip; bytes are what the
server sent. "First" is a fresh browser profile: page, scripts, index and the first ten results.
"Further" is a query in an open page, files already read being kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate, pairwise
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

import jieba

from jianbao.desk.countyweb.dataset import load_stories
from jianbao.index.annotation import Annotation
from jianbao.index.clock import ZONE
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.story import Byline, Paragraph, Story, story_id
from jianbao.site.build import build_site
from jianbao.site.edition import City, County, Shelf, ShelfStory, Theme
from jianbao.site.reader_index import DIGITS, fold, part_files, plan_index, search_lines
from jianbao.site.view import make_view

HOME = "140000"
OWN = 0.82
BUILT = datetime(2026, 11, 23, 8, tzinfo=ZONE)
CHROMIUM = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "青禾远山晓棠慕华若朴玉莲一诺冬青明轩思源建业春燕秋实海波丽萍志强文博雨桐天佑婉清国栋素梅"
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


def _words() -> tuple[list[str], list[int]]:
    """jieba's dictionary of Chinese words with their frequencies in newspapers."""
    path = Path(jieba.__file__).with_name("dict.txt")
    rows = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if len(row[0]) <= 4 and int(row[1]) > 3]
    return [row[0] for row in rows], list(accumulate(int(row[1]) for row in rows))


def make_shelf(count: int, *, own: float = OWN) -> Shelf:
    """Stories of 850 characters: a share ``own`` of the sentences is the sample county web's, with
    real township names and invented people; the others are words drawn by frequency."""
    draw = random.Random(count)  # noqa: S311 - reproducible, not secret
    places = Gazetteer.load()
    cities = tuple(
        City(c.code, c.name, tuple(County(u.code, u.name) for u in places.counties_of(c.code)))
        for c in places.cities_of(HOME)
    )
    counties = [unit for city in cities for unit in city.counties]
    towns = {unit.code: places.towns_of(unit.code) for unit in counties}
    samples = [sample for sample in load_stories() if sample.relevant]
    sentences = sorted(
        {s for x in samples for p in x.paragraphs for s in re.findall("[^。！？]+[。！？]", p.text)}
    )
    headlines = [sample.headline for sample in samples]
    themes = sorted({slug for sample in samples for slug in sample.themes})
    words, weights = _words()

    def sentence(topic: list[str]) -> str:
        if draw.random() < own:
            return draw.choice(sentences)
        drawn = draw.choices(words, cum_weights=weights, k=draw.randrange(3, 9))
        drawn += draw.choices(topic, k=len(drawn))
        draw.shuffle(drawn)
        drawn.insert(len(drawn) // 2, "，")
        return "".join(drawn) + "。"

    stories: list[ShelfStory] = []
    for number in range(count):
        county = draw.choice(counties)
        town = draw.choice(towns[county.code]).name
        person = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
        paragraphs = [
            Paragraph(f"{county.name}{town}的{person}说，这是第{draw.randrange(2, 999)}次上门。")
        ]
        # A story keeps to its subject: half of its words come back.
        topic = ["".join(draw.choices(words, cum_weights=weights, k=2)) for _ in range(12)]
        while sum(len(paragraph.text) for paragraph in paragraphs) < 790:
            paragraphs.append(Paragraph("".join(sentence(topic) for _ in range(4))))
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


_HAN = re.compile("[\u4e00-\u9fff]{2}")
_LAST = frozenset(DIGITS[: len(DIGITS) // 2])
ASK = """async (q) => {
  const start = performance.now();
  const { hits } = await jianbao.find({ q }, false);
  await Promise.all(hits.slice(0, 10).map(jianbao.textOf));
  return [performance.now() - start, hits.length];
}"""
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


def ask_browser(folder: Path, asked: list[str]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    server = Server(folder)
    base = f"http://127.0.0.1:{server.server_address[1]}/search.html"
    first: list[tuple[float, float]] = []
    further: list[tuple[float, float, int, int]] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM.split())
        for query in CURATED[:5]:
            context = browser.new_context()
            page = context.new_page()
            before = server.sent
            page.goto(f"{base}?q={quote(query)}", wait_until="commit")
            page.wait_for_function(READY)
            took = page.evaluate("performance.now()")
            first.append(((server.sent - before) / 1000, took))
            context.close()
        page = browser.new_context().new_page()
        page.goto(f"{base}?q={quote('书记')}")
        page.wait_for_function(READY)
        for query in asked:
            before = server.sent
            took, found = page.evaluate(ASK, query)
            further.append(((server.sent - before) / 1000, took, found, len(query)))
        browser.close()
    server.shutdown()
    middle = statistics.median
    return {
        "first query KB, median of 5": round(middle(kb for kb, _ in first), 1),
        "first query ms, median of 5": round(middle(ms for _, ms in first)),
        "further query KB, median": round(middle(row[0] for row in further), 1),
        "further query KB, p95": round(
            sorted(row[0] for row in further)[len(further) * 95 // 100], 1
        ),
        "further query ms, median": round(middle(row[1] for row in further), 1),
        "further query ms, p95": round(
            sorted(row[1] for row in further)[len(further) * 95 // 100], 1
        ),
        "queries": len(further),
        "hits, median": middle(row[2] for row in further),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--pagefind", type=Path, help="an npm folder with pagefind in it")
    parser.add_argument("--keep", type=Path, help="build here and leave it")
    given = parser.parse_args()
    shelf = make_shelf(given.stories)
    figures: dict[str, Any] = {"stories": given.stories}
    weight = 0
    start = time.perf_counter()
    view = make_view(shelf)
    figures["view s"] = round(time.perf_counter() - start, 1)
    figures["characters per story"] = round(
        sum(len(line) for e in view.entries for line in search_lines(e.story)) / given.stories
    )
    start = time.perf_counter()
    plan = plan_index(view)
    files = [(f"{plan.folder}meta.js", plan.meta)]
    for part in plan.parts:
        files += part_files(part)
    figures["index s"] = round(time.perf_counter() - start, 1)
    figures["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for kind in ("meta.js", "s", "c", "p", "t", "facets.js"):
        own = [data for name, data in files if name.split("/")[2] == kind]
        sizes = [len(gzip.compress(data, 6)) for data in own]
        figures[f"{kind}: files, kB raw, kB gz, largest kB gz"] = [
            len(own), sum(map(len, own)) // 1000, sum(sizes) // 1000, round(max(sizes) / 1000, 1)
        ]  # fmt: skip
        if kind != "t":
            weight += sum(sizes)
    figures["index bytes per story, gz, texts apart"] = round(weight / given.stories)
    lists = [data.decode() for name, data in files if "/s/" in name]
    pairs = [e for data in lists for e in data.split("\x7f")[1:] if _HAN.match(e)]
    figures["pairs of Chinese characters"] = len(pairs)
    figures["their postings, million"] = round(sum(c in _LAST for e in pairs for c in e) / 1e6, 1)
    with tempfile.TemporaryDirectory() as folder:
        out = given.keep or Path(folder) / "public"
        start = time.perf_counter()
        build_site(shelf, out, built=BUILT, processes=2)
        figures["whole site s"] = round(time.perf_counter() - start, 1)
        start = time.perf_counter()
        build_site(shelf, out, built=BUILT, processes=2)
        figures["again, nothing new, s"] = round(time.perf_counter() - start, 1)
        asked = queries(shelf)
        figures |= ask_browser(out, asked)
        if given.pagefind:
            figures |= run_pagefind(given.pagefind, out)
            lines = {
                e.story.id: fold("\n".join((e.story.headline, *search_lines(e.story))))
                for e in view.entries
            }
            truth = {q: {key for key, text in lines.items() if fold(q) in text} for q in asked}
            figures |= ask_pagefind(out, asked, truth)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
