"""``jianbao run``: what an office's timer does every night: crawl, index, build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from filelock import FileLock, Timeout
from rich.progress import Progress

from ..index.errors import JianbaoError
from .collect import crawl_sources
from .console import err, out
from .indexing import bring_up_to_date
from .publishing import build_into
from .session import Session


class RunIsGoing(JianbaoError):
    """A timer fired while the last run was still going."""

    code = "JB-438"
    what = "another `jianbao run` is still going in this workspace"
    remedy = "wait for it, or set the timer to a longer interval; nothing was done"
    what_zh = "本工作区的上一次自动运行还没有结束"
    remedy_zh = "请等它完成，或把定时间隔调长；没有做任何事"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: its name, how many problems it told, and the error that ended it, if any."""

    name: str
    problems: int = 0
    error: JianbaoError | None = None

    @property
    def well(self) -> bool:
        """Nothing is to be looked at."""
        return not self.problems and self.error is None


def run_all(session: Session, bars: Progress) -> list[Step]:
    """Crawls, indexes and builds. A step that fails is told, and the next ones do their part: the site
    stays fresh when a county's server, or the whole line, is down.

    Raises:
        RunIsGoing: the last run has not ended.
    """
    workspace = session.workspace()
    workspace.store_path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.root / "data" / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunIsGoing(workspace.root) from None
    try:
        return [
            _step("crawl", lambda: crawl_sources(session, workspace, [], None, bars)),
            _step("index", lambda: _index(session, bars)),
            _step("build", lambda: _build(session, bars)),
        ]
    finally:
        lock.release()


def _step(name: str, work: Callable[[], int]) -> Step:
    try:
        return Step(name, work())
    except JianbaoError as error:
        err.print(f"{name}: {error.english()}")
        return Step(name, error=error)


def _index(session: Session, bars: Progress) -> int:
    with session.write("run") as store:
        out.print(bring_up_to_date(session.workspace(), store, bars).sentence())
    return 0


def _build(session: Session, bars: Progress) -> int:
    folder = session.workspace().public_folder
    with session.read() as store:
        report = build_into(folder, store, session, bars)
    out.print(
        f"{report.written} pages written, {report.unchanged} unchanged, {report.removed} removed."
    )
    return 0
