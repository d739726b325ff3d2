"""Searches in a real Chromium, ours and Pagefind's in turn: what they move and what they take.

"First" is a fresh browser profile on a page that already carries the query: from the start of the
navigation to the first results on the screen (ours: the first five) and to all ten. Nothing is asked of
the page before it has rested: a debugger that waits inside it takes tens of milliseconds of its own.
"Further" is a query in an open page, files already read being kept. Bytes are what the server sent.

How fast a machine is at all tells the *bare page*: no style, no words, only a script that asks for as many
files as our median query reads, in the same three steps. Nothing that finds can be faster.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

CHROMIUM = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
SLOW = {"offline": False, "latency": 50, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
REST = 1500
"""Milliseconds in which every first query has long ended."""
ROUNDS = 3

ASK = """async (q) => {
  const start = performance.now();
  const { hits } = await jianbao.find({ q }, { counted: false, shown: 10 });
  await Promise.all(hits.slice(0, 5).map(jianbao.textOf));
  const first = performance.now() - start;
  const shown = await Promise.all(hits.slice(0, 10).map(jianbao.textOf));
  return [first, performance.now() - start, hits.length, shown.map(({ id }) => id)];
}"""
ASK_PAGEFIND = """async (q) => {
  const start = performance.now();
  const { results } = await pagefind.search(q);
  const five = await Promise.all(results.slice(0, 5).map((r) => r.data()));
  const first = performance.now() - start;
  const rest = await Promise.all(results.slice(5, 10).map((r) => r.data()));
  return [first, performance.now() - start, results.length, [...five, ...rest].map((d) => d.raw_url ?? d.url)];
}"""
PAGEFIND = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>x</title><script type="module">
%s
window.pagefind = await import("/pagefind/pagefind.js");
await pagefind.init();
const { results } = await pagefind.search(new URLSearchParams(location.search).get("q"));
await Promise.all(results.slice(0, 5).map((r) => r.data()));
performance.mark("first");
await Promise.all(results.slice(5, 10).map((r) => r.data()));
performance.mark("shown");
</script>"""
BARE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>x</title>
<link rel="stylesheet" href="bare.css"><script src="bare.js" defer></script>"""
LISTS, TEXTS = 3, 8
"""Files that our queries read in the median: of lists, and of texts, half of them for the first results."""
BARE_SCRIPT = """
window.jianbao = () => {};
const [lists, texts] = %s;
const load = (file) => new Promise((done) => {
  const script = document.createElement("script");
  script.src = file;
  script.onload = () => { script.remove(); done(); };
  document.head.append(script);
});
window.ask = async (first = () => {}) => {
  await Promise.all(lists.splice(0, %d).map(load));
  const all = texts.splice(0, %d).map(load);
  await Promise.all(all.slice(0, all.length / 2));
  first();
  await Promise.all(all);
};
ask(() => performance.mark("first")).then(() => performance.mark("shown"));
"""
ASK_BARE = """async () => {
  const start = performance.now();
  let first;
  await ask(() => { first = performance.now() - start; });
  return [first, performance.now() - start, 0, []];
}"""
CUT_ELSEWHERE = "delete Intl.Segmenter; window.Worker = undefined;"


class Server(ThreadingHTTPServer):
    """Sends the search's files, compressed beforehand, and counts the bytes."""

    def __init__(self, folder: Path) -> None:
        wanted = [*folder.glob("*.html"), *folder.glob("assets/*"), *folder.glob("search/**/*.js")]
        wanted += [path for path in folder.glob("pagefind/**/*") if path.is_file()]
        self.files = {
            "/" + path.relative_to(folder).as_posix(): gzip.compress(path.read_bytes(), 6, mtime=0)
            for path in wanted
        }
        for name, before in (("pagefind", ""), ("pagefind-pairs", CUT_ELSEWHERE)):
            self.files[f"/{name}.html"] = gzip.compress((PAGEFIND % before).encode())
        kinds = [sorted(name for name in self.files if f"/{kind}/" in name) for kind in "st"]
        script = BARE_SCRIPT % (json.dumps(kinds), LISTS, TEXTS)
        for name, text in (("bare.html", BARE), ("bare.js", script), ("bare.css", "p {}")):
            self.files[f"/{name}"] = gzip.compress(text.encode())
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


class Way(NamedTuple):
    """A search to ask: its page, its question, and whether the question is cut into pairs."""

    page: str
    ask: str
    cut: bool = False

    def words(self, query: str) -> str:
        return " ".join(map("".join, pairwise(query))) or query if self.cut else query


OURS = {"ours": Way("search.html", ASK), "bare page": Way("bare.html", ASK_BARE)}
PEERS = {
    "Pagefind": Way("pagefind.html", ASK_PAGEFIND),
    "Pagefind, pairs": Way("pagefind-pairs.html", ASK_PAGEFIND, cut=True),
}


def ask_all(
    folder: Path, asked: Sequence[str], truth: dict[str, set[str]], *, peers: bool
) -> dict[str, Any]:
    """Figures of every way, asked in turn; with peers also what ours takes as a part of Pagefind's."""
    from playwright.sync_api import sync_playwright

    ways = OURS | PEERS if peers else OURS
    server = Server(folder)
    with sync_playwright() as play:
        before = renderers()
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM.split())
        figures: dict[str, Any] = {}
        first = _first(browser, server, ways, asked[:5])
        further, grown = _further(browser, server, ways, asked, truth, before)
        browser.close()
    server.shutdown()
    for name in ways:
        figures[name] = first[name] | further[name]
    figures["ours"]["browser memory over an empty page, MB"] = grown
    figures["bare page"] = {key: n for key, n in figures["bare page"].items() if " ms" in key}
    for name in list(ways)[1:]:
        figures[f"ours to {name}"] = {
            key: round(value / other, 2)
            for key, value in figures["ours"].items()
            if (other := figures[name].get(key)) and (" ms" in key or "KB" in key)
        }
    return figures


def _first(
    browser: Any, server: Server, ways: dict[str, Way], asked: Sequence[str]
) -> dict[str, dict[str, float]]:
    rows: dict[tuple[str, bool], list[tuple[float, float, float]]] = {}
    for again in range(ROUNDS + 1):
        for query in asked:
            for slow in (False, True):
                for name, way in ways.items():
                    got = _fresh(browser, server, way, query, slow=slow)
                    if again:  # the first round warms the machine
                        rows.setdefault((name, slow), []).append(got)
    figures: dict[str, dict[str, float]] = {}
    for (name, slow), got in rows.items():
        moved, first, shown = (statistics.median(column) for column in zip(*got, strict=True))
        line = ", slow line" if slow else ""
        figures.setdefault(name, {}).update(
            {
                f"first query{line}, ms": round(first),
                f"first query, all ten{line}, ms": round(shown),
            }
            | ({} if slow else {"first query, KB": round(moved, 1)})
        )
    return figures


def _fresh(
    browser: Any, server: Server, way: Way, query: str, *, slow: bool
) -> tuple[float, float, float]:
    """KB, and milliseconds to the first results and to all ten."""
    page = browser.new_context().new_page()
    if slow:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
    base = f"http://127.0.0.1:{server.server_address[1]}/{way.page}"
    before = server.sent
    page.goto(f"{base}?q={quote(way.words(query))}", wait_until="commit")
    page.wait_for_timeout(REST)
    page.wait_for_function("() => performance.getEntriesByName('shown').length")
    first, shown = page.evaluate(
        "['first', 'shown'].map((name) => performance.getEntriesByName(name)[0].startTime)"
    )
    page.context.close()
    return (server.sent - before) / 1000, first, shown


def _further(
    browser: Any,
    server: Server,
    ways: dict[str, Way],
    asked: Sequence[str],
    truth: dict[str, set[str]],
    before: dict[int, int],
) -> tuple[dict[str, dict[str, float]], int]:
    """Figures, and megabytes that our page has grown by over an empty one."""
    pages: dict[str, Any] = {}
    grown = 0.0
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in ways}
    for name, way in ways.items():
        page = pages[name] = browser.new_context().new_page()
        empty = memory(before) if name == "ours" else 0.0
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/{way.page}?q={quote('书记')}")
        page.wait_for_timeout(REST)
        for query in asked:
            sent = server.sent
            first, took, found, shown = page.evaluate(way.ask, way.words(query))
            wanted = truth[query]
            right = sum(PurePosixPath(urlsplit(url).path).stem in wanted for url in shown)
            precision = right / len(shown) if shown else float(not wanted)
            error = abs(found - len(wanted)) / max(1, len(wanted))
            rows[name].append(((server.sent - sent) / 1000, first, took, precision, error))
        if name == "ours":
            grown = memory(before) - empty
    figures: dict[str, dict[str, float]] = {}
    for name, got in rows.items():
        moved, first, took, precision, error = zip(*got, strict=True)
        figures[name] = {
            f"further query, {what}, {which}": round(value, 1)
            for what, column in (("KB", moved), ("ms", first), ("all ten, ms", took))
            for which, value in zip(("median", "p95"), _middle(column), strict=True)
        }
        figures[name] |= {
            "precision of the first ten": round(statistics.mean(precision), 3),
            "counts wrong": sum(1 for value in error if value),
            "counts, median error": round(statistics.median(error), 2),
        }
    return figures, round(grown)


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
