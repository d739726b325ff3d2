"""The folder of the search index: which index in it is the valid one, and how a new one takes its place.

``current.json`` names a subfolder and the rules that it was built by. A new index is built in the next
subfolder and becomes valid when ``current.json`` is replaced: a rebuild that is killed at any moment
leaves the old index as it was.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import JianbaoError
from ..limits import SEARCH_WAIT_SECONDS
from .files import sync

_GENERATION = re.compile(r"g-\d{6}")
_OURS = re.compile(r"g-\d{6}|current\.json(\.new)?|lock")


class SearchIndexMissing(JianbaoError):
    """There is no usable index: none was built yet, or the rules have changed since."""

    code = "JB-150"
    what = "there is no search index to use ({why})"
    remedy = "run `jianbao index --rebuild`"
    what_zh = "检索库暂不可用（{why_zh}）"
    remedy_zh = "请运行 jianbao index --rebuild 重建检索库"


class SearchIndexDamaged(JianbaoError):
    """The index's files cannot be read. It is only a cache: the store was not touched."""

    code = "JB-151"
    what = (
        "the search index cannot be read ({detail}); the stories themselves are safe in the store"
    )
    remedy = "run `jianbao index --rebuild`"
    what_zh = "检索库无法读取（{detail}），稿库未受影响"
    remedy_zh = "请运行 jianbao index --rebuild 重建检索库"


class SearchFolderIsForeign(JianbaoError):
    """The folder holds something that we did not write."""

    code = "JB-152"
    what = "the folder holds {name}, which is no part of a search index; nothing was changed"
    remedy = "name another folder, or move the file away"
    what_zh = "该文件夹里有不属于检索库的文件（{name}），没有做任何改动"
    remedy_zh = "请换一个文件夹，或先移走该文件"


class SearchIndexBusy(JianbaoError):
    """Another process is writing the index."""

    code = "JB-153"
    what = "another jianbao is writing the search index"
    remedy = "wait until it has finished and run the command again"
    what_zh = "另一个简报程序正在更新检索库"
    remedy_zh = "请等它完成后再试"


class SearchIndexCannotBeWritten(JianbaoError):
    """The disk is full or the folder is read-only. The index is as it was."""

    code = "JB-159"
    what = "the search index could not be written ({detail}); the old one is still in use"
    remedy = "free some disk space or check the folder's rights, then run the command again"
    what_zh = "检索库写入失败（{detail}），原有检索库仍可使用"
    remedy_zh = "请清理磁盘空间或检查文件夹权限后重试"


def current(folder: Path, rules: Mapping[str, str]) -> str:
    """The name of the valid index in this folder.

    Raises:
        SearchIndexMissing: there is none, or it was built by other rules.
        SearchFolderIsForeign, SearchIndexDamaged: see there.
    """
    refuse_foreign(folder)
    try:
        found = json.loads((folder / "current.json").read_bytes())
        name, built_by = found["name"], found["rules"]
    except FileNotFoundError:
        raise SearchIndexMissing(folder, why="none was built yet", why_zh="尚未建立") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SearchIndexDamaged(folder, detail=f"current.json: {error}") from None
    if built_by != rules:
        raise SearchIndexMissing(
            folder, why="it was built by other rules", why_zh="检索规则或词典已更新"
        )
    if not isinstance(name, str) or not _GENERATION.fullmatch(name):
        raise SearchIndexDamaged(folder, detail="current.json names no index of ours")
    return name


def make_current(folder: Path, name: str, rules: Mapping[str, str]) -> None:
    """Swaps: from here on the index of this name is the valid one."""
    new = folder / "current.json.new"
    content = json.dumps({"name": name, "rules": dict(rules)}, indent=1)
    new.write_text(content + "\n", encoding="utf-8", newline="\n")
    sync(new)
    new.replace(folder / "current.json")


def refuse_foreign(folder: Path) -> None:
    """Looks at the names only; a folder that is not there yet is fine.

    Once ``current.json`` stands in it, the folder is ours, whatever a file manager leaves in it.

    Raises:
        SearchFolderIsForeign: something in it is not ours.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise SearchFolderIsForeign(folder, name=folder.name) from None
    if "current.json" in names:
        return
    for name in names:
        if not _OURS.fullmatch(name):
            raise SearchFolderIsForeign(folder, name=name)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time.

    Raises:
        SearchIndexBusy: another process has been writing for too long.
    """
    try:
        with FileLock(folder / "lock", timeout=SEARCH_WAIT_SECONDS):
            yield
    except Timeout:
        raise SearchIndexBusy(folder) from None


def next_name(folder: Path) -> str:
    """A name that no index in this folder has, killed rebuilds included."""
    held = [int(e.name[2:]) for e in folder.iterdir() if _GENERATION.fullmatch(e.name)]
    return f"g-{max(held, default=0) + 1:06d}"


def sweep(folder: Path, name: str) -> None:
    """Removes older indexes; on Windows one that is still open stays until the next rebuild."""
    for entry in sorted(folder.iterdir()):
        if _GENERATION.fullmatch(entry.name) and entry.name != name:
            shutil.rmtree(entry, ignore_errors=True)
