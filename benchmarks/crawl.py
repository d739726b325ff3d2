"""Stories a second, end to end, against a server on this machine; where the time goes; whether memory grows.

    python -m benchmarks.crawl --stories 2000
    python -m benchmarks.crawl --stories 20000 --furniture 4     # memory; TMPDIR=/dev/shm keeps the disk out

Eight sites are served from a process of their own, each with lists of fifteen titles and story pages of
about 30 kB in the shape of a government portal. The crawl is the real one: robots.txt, lists, one request
at a time per host, extraction, snapshots with fsync, the store with full synchronisation. The pauses are
the shortest that a source's file allows (10 ms), which is less than a page takes.

A thread of the crawl's process looks every few milliseconds at what the main thread is doing; time counts
for the part of ours that is on the stack, libraries that it calls included, and for Scrapy and Twisted
where none is. Resident memory is read from /proc as the stories come.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Final

from jianbao.crawler import worker
from jianbao.crawler.sources import Source
from jianbao.index.clock import ZONE
from jianbao.index.store import Store

HOSTS: Final = 8
ROWS: Final = 15
NOW: Final = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)
_SAMPLE_SECONDS: Final = 0.005
_WORDS: Final = (
    *("支部书记", "村委会主任", "驻村干部", "网格员", "老党员", "合作社", "县城", "镇上", "院坝", "灌渠"),
    *("修好了", "量了一遍", "记在本子上", "挨户问过", "签了字", "约好日子", "开了会", "算清账", "栽上", "验收"),
    *("三里水渠", "二十盏路灯", "八百棵核桃", "一条机耕路", "两间活动室", "四户危房", "六亩大棚", "一口机井"),
)  # fmt: skip
_PARTS: Final = {
    "article.py": "extraction",
    "story_pages.py": "extraction",
    "webpage.py": "extraction",
    "snapshots.py": "snapshots",
    "connection.py": "store",
    "lists.py": "lists",
    "charset.py": "charset",
    "addons.py": "politeness, guard, charset",
    "guard.py": "politeness, guard, charset",
}


def sentence(seed: int) -> str:
    """A sentence that no other seed gives."""
    picked = [_WORDS[(seed * 7 + n * n * 3 + seed // 28 * n) % len(_WORDS)] for n in range(9)]
    return f"第{seed}号清单里写着：{'，'.join(picked)}。"


def story_html(number: int, furniture: int) -> bytes:
    """A story page, with 80 pieces of furniture of about 30 kB: navigation, the story, related links."""
    title = f"第{number}个支部把清单办完了"
    navigation = "".join(
        f'<li><a href="/zw/{n}/" class="nav-{n}">栏目{n}</a></li>' for n in range(furniture)
    )
    related = "".join(
        f'<li><span class="dot"></span><a href="/dj/202610/t20261001_{900000 + n}.html" target="_blank" title="往期{n}">往期消息第{n}条的标题</a><em>2026-10-01</em></li>'
        for n in range(furniture)
    )
    body = "".join(
        f"<p style='text-indent:2em'>　　{''.join(sentence(number * 40 + p * 4 + s) for s in range(3))}</p>"
        for p in range(1 + furniture // 11)
    )
    script = f"<script>var token='{'x' * 75 * furniture}';</script>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}_样例县</title>"
        f"<meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='2026-11-03 08:00'>"
        f"<meta name='ContentSource' content='样例县融媒体中心'>{script}</head><body><ul>{navigation}</ul>"
        f"<h1>{title}</h1><div class='info'>来源：样例县融媒体中心　发布时间：2026-11-03 08:00</div>"
        f"<div class='TRS_Editor'>{body}<p>（记者 柳青禾）</p></div><p>责任编辑：温若谷</p>"
        f"<ul class='related'>{related}</ul><div class='footer'>样例站点</div></body></html>"
    ).encode()


def list_html(page: int, pages: int, stories: int) -> bytes:
    """A list page of fifteen titles."""
    numbers = range(page * ROWS, min(stories, (page + 1) * ROWS))
    day = date(2026, 11, 3)
    rows = "".join(
        f"<li><a href='/dj/202611/t20261103_{n}.html'>第{n}个支部把清单办完了</a><span>{day}</span></li>"
        for n in numbers
    )
    script = f'<script>createPageHTML({pages}, {page}, "index", "html");</script>'
    return f"<html><body><ul>{rows}</ul>{script}</body></html>".encode()


def serve(stories: int, furniture: int, ready: Connection) -> None:
    """The server's process: every host has the same stories under its own name."""
    pages = -(-stories // ROWS)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            path = self.path.split("example", 1)[-1]
            if path == "/robots.txt":
                status, body, kind = 200, b"User-agent: *\nDisallow:\n", "text/plain"
            elif path.startswith("/dj/202611/"):
                number = int(path.rsplit("_", 1)[1].removesuffix(".html"))
                status, body, kind = 200, story_html(number, furniture), "text/html; charset=utf-8"
            else:
                name = path.rsplit("/", 1)[1]
                page = int(name.removeprefix("index_").removesuffix(".html")) if name else 0
                body = list_html(page, pages, stories)
                status, kind = 200, "text/html; charset=utf-8"
            self.send_response_only(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    ready.send(server.server_port)
    server.serve_forever()


@contextmanager
def served(stories: int, furniture: int) -> Iterator[str]:
    """The server's address; the process ends with the block, or with this program."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(stories, furniture, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def inside(samples: Path) -> None:
    """The crawl's own process, with the thread that watches it."""
    main, parts, stop = threading.get_ident(), Counter[str](), threading.Event()

    def watch() -> None:
        while not stop.wait(_SAMPLE_SECONDS):
            frame = sys._current_frames().get(main)
            parts[part_of(frame)] += 1

    threading.Thread(target=watch, daemon=True).start()
    worker.main()
    stop.set()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {"parts": dict(parts), "cpu": usage.ru_utime + usage.ru_stime}
    samples.write_text(json.dumps(told), encoding="utf-8")


def part_of(frame: FrameType | None) -> str:
    """Which part of ours is on the stack, or what else is."""
    ours, waiting = "", False
    while frame:
        file = Path(frame.f_code.co_filename)
        if "selectors" in file.name or file.name == "base_events.py":
            waiting = waiting or frame.f_code.co_name == "select"
        if file.parent.name in ("crawler", "index", "store", "spiders", "families") and not ours:
            ours = "spiders"
        if file.name in _PARTS:
            ours = _PARTS[file.name]
        elif file.parent.name == "store":
            ours = "store"
        if ours and ours != "spiders":
            return ours
        frame = frame.f_back
    return "waiting for the network" if waiting else ours or "Scrapy and Twisted"


def main() -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--stories", type=int, default=2_000, help="stories in all")
    parser.add_argument("--furniture", type=int, default=80, help="links around a story")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside)
        return
    each = -(-options.stories // HOSTS)
    with tempfile.TemporaryDirectory() as name, served(each, options.furniture) as address:
        measure(Path(name), address, each)


def measure(folder: Path, address: str, each: int) -> None:
    """One crawl of all sites, from an empty store."""
    sources = [
        Source.model_validate(
            {"id": f"site{n}", "name": f"样例{n}", "kind": "listing", "family": "trs", "loopback": address,
             "entries": [f"http://site{n}.example/dj/"], "delay": 0.01, "jitter": 0, "daily_requests": 20_000}
        )
        for n in range(HOSTS)
    ]  # fmt: skip
    job = {
        "sources": [source.model_dump(mode="json") for source in sources],
        "store": str(folder / "store.db"),
        "now": NOW.isoformat(),
        "since": (NOW - timedelta(days=60)).date().isoformat(),  # goes beyond the usual list pages
        "user_agent": "jianbao/0 (+https://jianbao.example/bot)",
        "log": str(folder / "crawl.log"),
    }
    samples, began = folder / "samples.json", time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crawl", "--inside", str(samples)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(job).encode("ascii") + b"\n")
    process.stdin.flush()
    memory: list[tuple[int, int]] = []
    stories, first = 0, 0.0
    for line in process.stdout:
        if json.loads(line)["what"] == "new":
            stories += 1
            first = first or time.monotonic()
            if stories % max(100, HOSTS * each // 20) == 0:
                memory.append((stories, resident(process.pid)))
    process.wait()
    took = time.monotonic() - began
    told = json.loads(samples.read_text(encoding="utf-8"))
    with Store.open(folder / "store.db", clock=lambda: NOW) as store:
        assert sum(1 for _ in store.stories()) == stories == HOSTS * each
    kept = sum(path.stat().st_size for path in (folder / "snapshots").rglob("*.gz"))
    print(f"{stories} stories in {took:.0f} s: {stories / took:.0f} stories/s, start included")
    print(
        f"processor time of the crawl {told['cpu']:.0f} s: {stories / told['cpu']:.0f} stories per second of it"
    )
    whole = sum(told["parts"].values())
    for part, count in sorted(told["parts"].items(), key=lambda one: -one[1]):
        print(f"  {count / whole:5.1%}  {part}")
    print("resident memory (MB) by stories: " + ", ".join(f"{n}: {kb // 1024}" for n, kb in memory))
    print(f"kept: {kept / stories / 1024:.1f} kB a story; store {(folder / 'store.db').stat().st_size / stories / 1024:.1f} kB a story")  # fmt: skip


def resident(pid: int) -> int:
    """Resident memory of a process in kB; 0 where /proc is not there."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])


if __name__ == "__main__":
    main()
