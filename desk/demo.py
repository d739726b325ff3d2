"""``jianbao demo``: the whole line on the sample county web, into a fresh folder."""

from __future__ import annotations

import shutil
import sys
import time
from datetime import date, datetime
from pathlib import Path

from ..index.clock import ZONE, week_of
from ..index.errors import JianbaoError
from ..index.tomlfile import write_text
from .collect import crawl_sources
from .console import out, progress
from .countyweb.server import serve_countyweb, write_sources
from .import_commands import import_files
from .importing import Facts
from .indexing import bring_up_to_date
from .issue_commands import new_issue
from .publishing import build_into
from .session import Session
from .workspace import Workspace

TODAY = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)
"""The evening of the last day on which the sample web has news: the demo is the same every day."""

PAGES = Path(__file__).parent / "countyweb" / "pages"
MARK = ".jianbao-demo"


class FolderIsNoDemo(JianbaoError):
    """The demo was pointed at a folder with other things in it."""

    code = "JB-430"
    what = "this folder holds other things than an earlier demo"
    remedy = "choose a new folder with --out; nothing was changed"
    what_zh = "这个文件夹里有演示以外的内容"
    remedy_zh = "请用 --out 另选一个新文件夹，没有改动任何内容"


def run_demo(folder: Path) -> None:
    """Crawl, import, index, issue and site on the sample web, which is served on this machine
    and stops with the demo.

    Raises:
        FolderIsNoDemo: the folder is neither new, nor empty, nor an earlier demo's.
    """
    started = time.monotonic()
    _make_room(folder)
    workspace = Workspace.create(
        folder, title="三晋党建一周", province="140000", contact="demo@example.org"
    )
    write_text(folder / MARK, "Made by `jianbao demo`; replaced by the next one.\n")
    session = Session(folder=folder, clock=lambda: TODAY)
    with serve_countyweb(upto=TODAY.date()) as web, progress() as bars:
        write_sources(workspace.sources_folder, web.addresses)
        out.print("1. Crawl four sample sites of invented news, served on this machine")
        crawl_sources(session, workspace, [], None, bars)
        out.print("\n2. Repair the damaged text of a newspaper page")
        _import_pages(workspace, session)
        out.print("\n3. County and themes for every story, reprints, search")
        with session.write("demo") as store:
            done = bring_up_to_date(workspace, store, bars)
        out.print(done.sentence())
        out.print("\n4. An issue of the week")
        new_issue(session, week=week_of(TODAY.date()), lock=True)
        out.print("\n5. The site")
        with session.read() as store:
            report = build_into(workspace.public_folder, workspace, store, session, bars)
    out.print(
        f"{report.written} files written in {time.monotonic() - started:.0f} s from the start."
    )
    _say_what_next(workspace, folder)


def _make_room(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / MARK).is_file():
        raise FolderIsNoDemo(folder)
    shutil.rmtree(folder)


def _import_pages(workspace: Workspace, session: Session) -> None:
    inbox = workspace.root / "inbox"
    for path in sorted(PAGES.glob("*.txt")):
        shutil.copyfile(path, inbox / path.name)
    facts = Facts(source="太行晚报样刊", published=date(2026, 11, 20), page="3", rights="full")
    import_files(sorted(inbox.glob("*.txt")), facts, session)


def _say_what_next(workspace: Workspace, folder: Path) -> None:
    page = (workspace.public_folder / "index.html").absolute()
    out.print(f"\nOpen  {page.as_uri()}")
    # Lines that can be copied as they stand, also where the program is not on the path.
    called = Path(sys.argv[0])
    program = str(called) if called.stem == "jianbao" and not shutil.which("jianbao") else "jianbao"
    start = f"{program} -w {folder}"
    out.print("\nThree things to try:")
    out.print(
        f"  {start} search 党员志愿     every story that contains it, counted by county and theme"
    )
    out.print(
        f"  {start} page list           then `page show ID`: how the damaged page was put together"
    )
    out.print(f"  {start} issue unlock 1      then add, drop or move stories, lock it, and build")
