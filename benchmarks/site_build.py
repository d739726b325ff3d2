"""How long a site takes to build, whole and for a day's hundred new stories, beside Pelican and MkDocs.

    python -m venv peers && peers/bin/pip install pelican markdown mkdocs
    python benchmarks/site_build.py [--stories 10000] [--peers peers]

All build the same stories (see ``reader_search.py``) in one run, one after another: ours with county,
city, theme, source and week pages, tables, feeds and the search; the others with their default theme,
Pelican without its cache, MkDocs with its own search plugin (whose stemmer knows no Chinese). Beside
the seconds of the clock, in which other work on the machine counts, stand those of the processor.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.made_stories import make_shelf
from benchmarks.reader_search import BUILT
from jianbao.site.build import BuildReport, build_site
from jianbao.site.edition import Shelf, ShelfStory
from jianbao.site.output import put
from jianbao.site.pages import Press
from jianbao.site.view import make_view


def worked() -> float:
    """Seconds of the processor that this process and those it has waited for have had."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(what: Callable[[], Any]) -> tuple[list[float], Any]:
    """Seconds of the clock and of the processor, and the result."""
    start, before = time.perf_counter(), worked()
    result = what()
    return [round(time.perf_counter() - start, 1), round(worked() - before, 1)], result


def markdown(folder: Path, stories: Sequence[ShelfStory], header: str) -> None:
    """One file a story, with the header a peer wants."""
    folder.mkdir(parents=True)
    for item in stories:
        story = item.story
        head = header.format(
            title=story.headline, date=story.published, theme=item.annotation.themes[0], id=story.id
        )
        body = "\n\n".join(paragraph.text for paragraph in story.paragraphs)
        (folder / f"{story.id}.md").write_text(f"{head}\n{body}\n", encoding="utf-8")


def pelican(python: Path, work: Path, stories: Sequence[ShelfStory]) -> list[float]:
    markdown(
        work / "content", stories, "Title: {title}\nDate: {date}\nCategory: {theme}\nSlug: {id}\n"
    )
    command = [python, "-m", "pelican", "content", "-o", "output", "--ignore-cache"]
    took, _ = timed(lambda: subprocess.run(command, cwd=work, check=True, capture_output=True))
    return took


def mkdocs(python: Path, work: Path, stories: Sequence[ShelfStory]) -> list[float]:
    markdown(work / "docs", stories, "---\ntitle: '{title}'\n---\n")
    (work / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
    command = [python, "-m", "mkdocs", "build", "--quiet"]
    took, _ = timed(lambda: subprocess.run(command, cwd=work, check=True, capture_output=True))
    return took


def story_pages(shelf: Shelf, out: Path) -> list[int]:
    """Story pages rendered and written by one process, by the clock and by the processor."""
    press = Press(make_view(shelf), built=BUILT, search={})
    pages = [page for page in press.pages()[0] if page.path.startswith("story/")]

    def printed() -> None:
        for page in pages:
            put(out, page.path, page.render())

    gc.freeze()  # as a build does
    took, _ = timed(printed)
    gc.unfreeze()
    return [round(len(pages) / seconds) for seconds in took]


def ours(shelf: Shelf, out: Path) -> dict[str, Any]:
    stories = shelf.stories
    before = replace(shelf, stories=stories[:-100])
    figures: dict[str, Any] = {}

    def build(what: Shelf, processes: int, folder: str = "two") -> BuildReport:
        return build_site(what, out / folder, built=BUILT, processes=processes)

    figures["story pages alone, a second"] = story_pages(before, out / "pages")
    # Each in a folder of its own, and none removed before the end: a disk that has just removed 25,000
    # files makes new ones a quarter as fast.
    figures["whole, one process, s"], _ = timed(lambda: build(before, 1, "one"))
    figures["whole, two processes, s"], report = timed(lambda: build(before, 2))
    figures["files"] = report.written
    figures["nothing new, s"], _ = timed(lambda: build(before, 2))
    figures["100 new stories, s"], report = timed(lambda: build(shelf, 2))
    figures["files written for them"] = report.written
    figures["story pages a second, all else included"] = round(
        len(before.stories) / figures["whole, two processes, s"][0]
    )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--peers", type=Path, help="a virtual environment with both peers")
    given = parser.parse_args()
    shelf = replace(make_shelf(given.stories + 100), address="https://www.example.cn/jianbao/")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        figures: dict[str, Any] = {"stories": given.stories} | ours(shelf, work / "public")
        shutil.rmtree(work / "public")
        if given.peers:
            python = given.peers.absolute() / "bin" / "python"
            for name, peer in (("Pelican", pelican), ("MkDocs", mkdocs)):
                (work / name).mkdir()
                took = peer(python, work / name, shelf.stories[:-100])
                figures[f"{name}, whole, s"] = took
                own = figures["whole, two processes, s"]
                figures[f"{name} to ours"] = [
                    round(a / b, 1) for a, b in zip(took, own, strict=True)
                ]
                shutil.rmtree(work / name)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
