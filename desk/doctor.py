"""``jianbao doctor``: is everything in its place, and if not, what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from ..crawler.sources import load_sources
from ..index.errors import JianbaoError
from ..index.limits import DISK_LEAST_BYTES
from ..index.search import SearchIndex
from ..index.segment import default_segmenter
from ..site.documents.pdf import faces
from .checks_terms import load_terms
from .choosing import load_criteria
from .issue_folder import IssueFolder
from .policy import load_policy
from .session import Session
from .withdrawal import withdrawal_log, withdrawn
from .workspace import Workspace

State = Literal["fine", "look", "wrong"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: ``wrong`` stops work, ``look`` does not yet. ``remedy`` says what to
    do, empty when all is fine."""

    about: str
    state: State
    said: str
    remedy: str = ""


def examine(session: Session) -> list[Diagnosis]:
    """Everything, in the order in which it should be mended. Nothing is changed.

    Raises:
        WorkspaceIsMissing, FileIsWrong: there is no workspace to examine.
    """
    workspace = session.workspace()
    found = [Diagnosis("workspace", "fine", f"{workspace.root}: {workspace.settings.site.title}")]
    for about, look in (
        ("disk", lambda: _disk(workspace)),
        ("settings", lambda: _settings(workspace)),
        ("sources", lambda: _sources(workspace)),
        ("files", lambda: _files(workspace)),
        ("issues", lambda: _issues(session)),
        ("fonts", lambda: _fonts(workspace)),
        ("locks", lambda: _locks(workspace)),
        ("store", lambda: _store(session)),
        ("desk's book", lambda: _book(session)),
        ("search index", lambda: _index(session)),
        ("site", lambda: _site(session)),
    ):
        found += _looked_at(about, look)
    return found


def _looked_at(about: str, look: Callable[[], Iterator[Diagnosis]]) -> list[Diagnosis]:
    """What was found before an error, and the error with its own remedy."""
    found: list[Diagnosis] = []
    try:
        found += look()
    except JianbaoError as error:
        remedy = error.remedy.format(**error.facts)
        place = f"{error.where}: " if error.where else ""
        said = f"{error.code} {place}{error.what.format(**error.facts)}"
        found.append(Diagnosis(about, "wrong", said, remedy))
    except OSError as error:
        said = f"{error.filename or about}: {error.strerror or error}"
        found.append(Diagnosis(about, "wrong", said, "check the folder's rights and the disk"))
    return found


def _disk(workspace: Workspace) -> Iterator[Diagnosis]:
    free = shutil.disk_usage(workspace.root).free
    said = f"{free / 2**30:.1f} GiB free"
    if free < DISK_LEAST_BYTES:
        yield Diagnosis(
            "disk", "look", said, "free some space: a crawl and a build need about 1 GiB"
        )
    else:
        yield Diagnosis("disk", "fine", said)
    probe = workspace.root / ".jianbao-doctor"
    probe.write_bytes(b"")
    probe.unlink()


def _settings(workspace: Workspace) -> Iterator[Diagnosis]:
    settings = workspace.settings
    if not settings.crawl.contact:
        yield Diagnosis(
            "settings", "look", "no contact for the sites that are crawled",
            "write one into `contact` under [crawl] of jianbao.toml; without it nothing is crawled",
        )  # fmt: skip
    if not settings.site.publisher:
        yield Diagnosis(
            "settings", "look", "no publisher 编发单位", "write it into `publisher` under [site] of jianbao.toml"
        )  # fmt: skip
    if not settings.site.address:
        yield Diagnosis(
            "settings", "look", "no public address: feeds and sitemap are not made",
            "write it into `address` under [site] of jianbao.toml",
        )  # fmt: skip
    if settings.issue.reviews < 3:
        yield Diagnosis(
            "settings", "fine", f"an issue is signed after {settings.issue.reviews} reviews"
        )


def _sources(workspace: Workspace) -> Iterator[Diagnosis]:
    sources = load_sources(workspace.sources_folder)
    if not sources:
        yield Diagnosis(
            "sources",
            "look",
            "no source yet",
            "`jianbao sources add` or write a file into sources/",
        )
    else:
        yield Diagnosis(
            "sources",
            "fine",
            f"{len(sources)} sources; `jianbao sources health` says how each does",
        )


def _files(workspace: Workspace) -> Iterator[Diagnosis]:
    """The files that people write by hand; a mistake in one is told with its line."""
    readers: tuple[tuple[str, Callable[[], object]], ...] = (
        ("criteria.toml", lambda: load_criteria(workspace.root / "criteria.toml")),
        ("terms.toml", lambda: load_terms(workspace.root / "terms.toml")),
        ("rights.toml", lambda: load_policy(workspace)),
        ("withdrawals.toml", lambda: withdrawal_log(workspace)),
        ("corrections.toml", workspace.corrections),
        ("places.toml", workspace.places),
        ("themes.toml", workspace.themes),
        ("words.txt", workspace.words),
    )
    for name, read in readers:
        wrong = [one for one in _looked_at(name, lambda read=read: _read(read)) if one.remedy]
        if wrong:
            yield from wrong
        elif (workspace.root / name).is_file():
            yield Diagnosis(name, "fine", "read without a mistake")
    if left := sorted(path.name for path in workspace.root.rglob(".*.tmp") if path.is_file()):
        yield Diagnosis(
            "files", "look", f"{len(left)} half-written files of a killed program, such as {left[0]}",
            "delete them: no program reads them",
        )  # fmt: skip


def _read(read: Callable[[], object]) -> Iterator[Diagnosis]:
    read()
    yield from ()


def _issues(session: Session) -> Iterator[Diagnosis]:
    folder: IssueFolder = session.issues()
    wrong: list[Diagnosis] = []
    states: dict[str, int] = {}

    def one_issue(key: str) -> Iterator[Diagnosis]:
        issue = folder.get(key)
        states[issue.state] = states.get(issue.state, 0) + 1
        folder.check_number(issue)
        yield from ()

    keys = folder.keys()
    for key in keys:
        wrong += _looked_at("issues", lambda key=key: one_issue(key))
    for path in sorted(folder.folder.glob("*.toml")):
        if path.name not in {folder.path(key).name for key in keys}:
            wrong.append(
                Diagnosis(
                    "issues",
                    "look",
                    f"{path.name} is not named like an issue",
                    "name it 2026-047.toml, or a supplement 2026-z02.toml",
                )
            )
    yield from wrong
    if not wrong:
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        yield Diagnosis("issues", "fine", told or "none yet")


def _fonts(workspace: Workspace) -> Iterator[Diagnosis]:
    stood_in = faces(workspace.fonts_folder).stood_in
    if stood_in:
        told = ", ".join(f"{font} for {face}" for face, font in stood_in)
        yield Diagnosis(
            "fonts", "look", f"the PDF takes {told}",
            "install the face, or put its font file into fonts/ of the workspace",
        )  # fmt: skip
    else:
        yield Diagnosis("fonts", "fine", "every face of the PDF is here")


def _locks(workspace: Workspace) -> Iterator[Diagnosis]:
    held = [
        name for name in ("jianbao.db.lock", "run.lock") if _is_held(workspace.root / "data" / name)
    ]
    if held:
        yield Diagnosis(
            "locks", "look", f"another program is at work ({', '.join(held)})",
            "wait until it has finished; a program that was killed leaves no lock",
        )  # fmt: skip
    else:
        yield Diagnosis("locks", "fine", "nothing is held")


def _is_held(path: Path) -> bool:
    if not path.is_file():
        return False
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def _store(session: Session) -> Iterator[Diagnosis]:
    if not session.workspace().store_path.is_file():
        yield Diagnosis("store", "look", "no story yet", "`jianbao crawl` or `jianbao import`")
        return
    with session.read() as store:
        stamps = store.stamps()
        stories = [issue_story for issue_story in _printed(session) if issue_story not in stamps]
    yield Diagnosis("store", "fine", f"{len(stamps)} stories")
    if stories:
        yield Diagnosis(
            "store", "look", f"{len(stories)} stories of open issues are not in the store: {' '.join(stories[:3])}",
            "import them again, or drop them: `jianbao issue check`",
        )  # fmt: skip


def _printed(session: Session) -> list[str]:
    folder = session.issues()
    keys = folder.keys()
    issues = [folder.get(key) for key in keys if _readable(folder, key)]
    return sorted({item.story for one in issues if one.state != "signed" for item in one.items})


def _readable(folder: IssueFolder, key: str) -> bool:
    try:
        folder.get(key)
    except JianbaoError:
        return False
    return True


def _book(session: Session) -> Iterator[Diagnosis]:
    answer = session.book().rows("PRAGMA quick_check")
    if answer and answer[0][0] != "ok":
        yield Diagnosis(
            "desk's book",
            "wrong",
            f"data/desk.db is damaged: {answer[0][0]}",
            "restore it from a copy",
        )
    else:
        yield Diagnosis("desk's book", "fine", "whole" if answer else "none yet")


def _index(session: Session) -> Iterator[Diagnosis]:
    workspace = session.workspace()
    if not workspace.store_path.is_file():
        return
    with (
        SearchIndex.open(workspace.index_folder, default_segmenter(workspace.words())) as index,
        session.read() as store,
    ):
        gone = withdrawn(workspace)
        stamps = {one: stamp for one, stamp in store.stamps().items() if one not in gone}
        held = dict(index.stamps)
    late = sum(held.get(one) != stamp for one, stamp in stamps.items()) + len(held.keys() - stamps)
    if late:
        yield Diagnosis(
            "search index", "look", f"{late} stories behind the store", "`jianbao index`"
        )
    else:
        yield Diagnosis("search index", "fine", f"{len(held)} stories, up to date")


def _site(session: Session) -> Iterator[Diagnosis]:
    workspace = session.workspace()
    folder = session.issues()
    keys = [key for key in folder.keys() if _readable(folder, key)]  # noqa: SIM118 - no dict
    signed = [key for key in keys if folder.get(key).state == "signed"]
    missing = [
        key for key in signed if not (workspace.public_folder / "issue" / f"{key}.html").is_file()
    ]
    if not (workspace.public_folder / "index.html").is_file():
        yield Diagnosis("site", "look", "not built yet", "`jianbao build`")
    elif missing:
        yield Diagnosis(
            "site", "look", f"signed but not on it: {' '.join(missing)}", "`jianbao build`"
        )
    else:
        yield Diagnosis("site", "fine", f"{len(signed)} issues on it")
