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
from .checks import findings
from .collect import crawl_sources
from .console import out, progress
from .countyweb.dataset import SITES
from .countyweb.server import serve_countyweb, write_sources
from .import_commands import import_files
from .importing import Facts
from .indexing import bring_up_to_date
from .issue_commands import make_issue, print_proposals
from .publishing import build_into
from .review import lock, pass_review, sign
from .session import Session
from .tray import proposals
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
        folder,
        title="三晋党建一周",
        publisher="三晋党建一周编辑部",
        province="140000",
        contact="demo@example.org",
    )
    write_text(folder / MARK, "Made by `jianbao demo`; replaced by the next one.\n")
    session = Session(folder=folder, clock=lambda: TODAY)
    with serve_countyweb(upto=TODAY.date()) as web, progress() as bars:
        write_sources(workspace.sources_folder, web.addresses)
        out.print(f"1. Crawl {len(SITES)} sample sites of invented news, served on this machine")
        crawl_sources(session, workspace, [], None, bars)
        out.print("\n2. Repair the damaged text of a newspaper page")
        _import_pages(workspace, session)
        out.print("\n3. County and themes for every story, reprints, search")
        with session.write("demo") as store:
            done = bring_up_to_date(workspace, store, bars)
        out.print(done.sentence())
        out.print("\n4. An issue of the week")
        _make_issue(session)
        out.print("\n5. The site")
        with session.read() as store:
            report = build_into(workspace.public_folder, store, session, bars)
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


def _make_issue(session: Session) -> None:
    """From the proposals to a signed issue. Nobody sits there: the reviewers are invented, too."""
    week = week_of(TODAY.date())
    with session.read() as store:
        found = proposals(session, store, week)
        print_proposals(found)
        key = make_issue(session, week=week, chosen=found, by="闻一舟").key
        issue = session.issues().get(key)
        reasons = {
            one.key: "样例，人物均为虚构" for one in findings(session, store, issue) if one.open
        }
        lock(session, store, key, by="闻一舟", accept=reasons)
        for name in ("闻一舟", "郝一诺", "孟舟"):
            pass_review(session, key, by=name)
        sign(session, store, key, by="孟舟")
    out.print(f"Issue {key}: {len(found)} stories, checked, reviewed three times and signed.")


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
    out.print(
        f"  {start} issue trail 1       who did what to the issue; a signed issue never changes, so:"
        f"\n  {start} issue correct 1 --by 闻一舟 --text 更正示例，然后再运行 build"
    )
