"""The folder a site is written to: ours or empty, written file by file, left with nothing stale.

Pages replace each other one by one, by rename, and not the whole folder at once: a folder that a
server or a reader holds open cannot be swapped on Windows, and a second copy of every page would
have to be made for each build. The order of writing keeps what is on disk consistent instead (a page
before any list that leads to it, the search's files before the file that names them, nothing removed
before the front page is new).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..index.errors import JianbaoError

MARKER = ".jianbao-site"
_UNFINISHED = ".jianbao-new"


class FolderIsNotOurs(JianbaoError):
    """The output folder holds things that no build of ours has put there."""

    code = "JB-300"
    what = "the folder is not empty and was not made by jianbao"
    remedy = "give an empty or new folder; nothing was changed"
    what_zh = "该文件夹不是空的，也不是本程序生成的"
    remedy_zh = "请指定一个空文件夹或新文件夹；没有改动任何文件"


class FolderCannotBeWritten(JianbaoError):
    """The disk is full or read-only, or a name of the site is taken by something else."""

    code = "JB-304"
    what = "the page could not be written ({reason})"
    remedy = "make room or allow writing, then build again; the pages already there still work"
    what_zh = "页面写不进去（{reason}）"
    remedy_zh = "请腾出空间或放开写入权限后重新生成；已有页面仍可使用"


class _Known(NamedTuple):
    key: str
    size: int


_UNKNOWN = _Known("", -1)


@dataclass
class Folder:
    """One build's hold on an output folder. ``written``, ``unchanged`` and ``removed`` count files.

    The marker keeps every file's key (a digest of what it is made from) and size: a file that has
    both is not made again. The folder is looked through once, when it is taken.
    """

    path: Path
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    _before: dict[str, _Known] = field(default_factory=dict)
    _now: dict[str, _Known] = field(default_factory=dict)
    _marked: dict[str, _Known] = field(default_factory=dict)
    """What the marker on disk says."""
    _sizes: dict[str, int] = field(default_factory=dict)
    """The files there are."""

    @classmethod
    def take(cls, path: Path) -> Folder:
        """Checks that the folder is ours, empty or missing, and makes it.

        Raises:
            FolderIsNotOurs: it is a file, or holds something and no marker of ours.
            FolderCannotBeWritten: it cannot be made.
        """
        marker = path / MARKER
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise FolderIsNotOurs(path)
        if path.is_dir() and not marker.is_file() and any(path.iterdir()):
            raise FolderIsNotOurs(path)
        folder = cls(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            folder._marked = _read_marker(marker)
            folder._sizes = dict(_look_through(str(path), ""))
        except OSError as error:
            raise FolderCannotBeWritten(path, reason=error.strerror or "") from error
        folder._before = dict(folder._marked)
        return folder

    def promise(self, keys: Mapping[str, str]) -> None:
        """Records the names that are about to be written, before the first of them: a build that is
        killed leaves no file without an owner, and none that passes for finished."""
        for name, key in keys.items():
            if self._before.get(name, _UNKNOWN).key != key:
                self._before[name] = _UNKNOWN
        self._mark(self._before)

    def has(self, name: str, key: str) -> bool:
        """Whether an earlier build left this very file."""
        known = self._before.get(name)
        return known is not None and known.key == key and known.size == self._sizes.get(name)

    def keep(self, name: str) -> None:
        """Leaves a file that the folder :meth:`has`."""
        self._now[name] = self._before[name]
        self.unchanged += 1

    def write(self, name: str, key: str, data: bytes) -> None:
        """Puts one file in place if its bytes differ from what is there.

        Raises:
            FolderCannotBeWritten: the disk refuses.
        """
        self.note(name, key, len(data), new=put(self.path, name, data))

    def note(self, name: str, key: str, size: int, *, new: bool) -> None:
        """Records a file that is in place, ``new`` or as it was."""
        self._now[name] = _Known(key, size)
        self.written += new
        self.unchanged += not new

    def finish(self) -> None:
        """Removes what earlier builds wrote and this one did not, and records what is there."""
        kept: dict[str, _Known] = {}
        emptied: set[Path] = set()
        for name in sorted(self._before.keys() - self._now.keys()):
            target = self.path.joinpath(*PurePosixPath(name).parts)
            try:
                target.unlink(missing_ok=True)
                self.removed += 1
                emptied.update(parent for parent in target.parents if self.path in parent.parents)
            except OSError:
                # Somebody holds it open (Windows); the next build tries again.
                kept[name] = _UNKNOWN
        self._mark(self._now | kept)
        for folder in sorted(emptied, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _mark(self, known: dict[str, _Known]) -> None:
        if known == self._marked:
            return
        files = {name: known[name] for name in sorted(known)}
        listed = {"made by": "jianbao", "files": files}
        text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
        put(self.path, MARKER, text.replace("],", "],\n").encode("utf-8") + b"\n")
        self._marked = dict(known)


def _look_through(folder: str, inside: str) -> Iterator[tuple[str, int]]:
    """Every file of a folder and those within, with its size. What a killed build left half written is
    removed."""
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False):
                yield from _look_through(one.path, f"{inside}{one.name}/")
            elif one.name.endswith(_UNFINISHED):
                os.unlink(one.path)  # noqa: PTH108 - as it comes
            else:
                yield inside + one.name, one.stat(follow_symlinks=False).st_size


def put(folder: Path, name: str, data: bytes) -> bool:
    """Writes a file beside its place and renames it, if its bytes differ from what is there.

    Raises:
        FolderCannotBeWritten: the disk refuses.
    """
    target = f"{folder}/{name}"
    try:
        if _same(target, data):
            return False
        fresh = target + _UNFINISHED
        try:
            file = open(fresh, "wb")  # noqa: PTH123, SIM115 - thousands of files: paths cost as much
        except FileNotFoundError:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            file = open(fresh, "wb")  # noqa: PTH123, SIM115
        with file:
            file.write(data)
        os.replace(fresh, target)  # noqa: PTH105
    except OSError as error:
        raise FolderCannotBeWritten(Path(target), reason=error.strerror or "") from error
    return True


def _same(target: str, data: bytes) -> bool:
    try:
        if os.stat(target).st_size != len(data):  # noqa: PTH116
            return False
        return Path(target).read_bytes() == data
    except OSError:
        return False


def _read_marker(marker: Path) -> dict[str, _Known]:
    """The names an earlier build wrote. A marker that was tampered with names nothing outside."""
    try:
        listed = json.loads(marker.read_text(encoding="utf-8"))["files"]
        pairs = listed.items() if isinstance(listed, dict) else ((name, None) for name in listed)
        return {name: _known(value) for name, value in pairs if _INSIDE(name)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


_INSIDE = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII).fullmatch
"""Names of a site's files: no part of them is hidden or leads out."""


def _known(value: object) -> _Known:
    match value:
        case [str(key), int(size)]:
            return _Known(key, size)
        case _:
            return _UNKNOWN
