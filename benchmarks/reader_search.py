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
import tempfile
import threading
import time
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from jianbao.desk.countyweb.dataset import load_stories
from jianbao.index.annotation import Annotation
from jianbao.index.clock import ZONE
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.story import Byline, Paragraph, Story, story_id
from jianbao.site.build import build_site
from jianbao.site.edition import City, County, Shelf, ShelfStory, Theme
from jianbao.site.reader_index import index_files, search_lines
from jianbao.site.view import make_view

HOME = "140000"
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


def make_shelf(count: int) -> Shelf:
    draw = random.Random(count)  # noqa: S311 - reproducible, not secret
    places = Gazetteer.load()
    cities = tuple(
        City(c.code, c.name, tuple(County(u.code, u.name) for u in places.counties_of(c.code)))
        for c in places.cities_of(HOME)
    )
    counties = [unit for city in cities for unit in city.counties]
    samples = [sample for sample in load_stories() if sample.relevant]
    sentences = sorted(
        {s for x in samples for p in x.paragraphs for s in re.findall("[^。！？]+[。！？]", p.text)}
    )
    headlines = [sample.headline for sample in samples]
    themes = sorted({slug for sample in samples for slug in sample.themes})
    stories: list[ShelfStory] = []
    for number in range(count):
        county = draw.choice(counties)
        town = draw.choice(places.towns_of(county.code)).name
        person = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
        paragraphs = [
            Paragraph(f"{county.name}{town}的{person}说，这是第{draw.randrange(2, 999)}次上门。")
        ]
        while sum(len(paragraph.text) for paragraph in paragraphs) < 850:
            paragraphs.append(Paragraph("".join(draw.sample(sentences, 4))))
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
        data = self.server.files[str(path)]
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
  const { hits } = await jianbao.find({ q });
  await Promise.all(hits.slice(0, 10).map(jianbao.textOf));
  return [performance.now() - start, hits.length];
}"""
READY = "() => document.querySelector('#hits > li') && !document.querySelector('#hits').hasAttribute('aria-busy')"


def ask_browser(folder: Path, asked: list[str]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    server = Server(folder)
    base = f"http://127.0.0.1:{server.server_address[1]}/search.html"
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    first: list[tuple[float, float]] = []
    further: list[tuple[float, float, int, int]] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=CHROMIUM.split())
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
    parser.add_argument("--keep", type=Path, help="build here and leave it")
    given = parser.parse_args()
    shelf = make_shelf(given.stories)
    figures: dict[str, Any] = {"stories": given.stories}
    start = time.perf_counter()
    view = make_view(shelf)
    middle = time.perf_counter()
    search = index_files(view)
    figures["index s"] = round(time.perf_counter() - middle, 1)
    figures["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for kind in ("s", "p", "t", "meta.js"):
        files = [
            data for name, data in search.files if name[len(search.folder) :].split("/")[0] == kind
        ]
        figures[f"{kind} files, kB raw, kB gz"] = [
            len(files),
            sum(map(len, files)) // 1000,
            sum(len(gzip.compress(data, 6)) for data in files) // 1000,
        ]
    weight = sum(len(gzip.compress(data, 6)) for _, data in search.files)
    figures["index bytes per story, gz"] = round(weight / given.stories)
    with tempfile.TemporaryDirectory() as folder:
        out = given.keep or Path(folder) / "public"
        start = time.perf_counter()
        build_site(shelf, out, built=datetime(2026, 11, 23, 8, tzinfo=ZONE))
        figures["whole site s"] = round(time.perf_counter() - start, 1)
        start = time.perf_counter()
        build_site(shelf, out, built=datetime(2026, 11, 23, 8, tzinfo=ZONE))
        figures["again, nothing new, s"] = round(time.perf_counter() - start, 1)
        figures |= ask_browser(out, queries(shelf))
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
