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
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

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


@dataclass
class Folder:
    """One build's hold on an output folder. ``written``, ``unchanged`` and ``removed`` count files."""

    path: Path
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    _before: set[str] = field(default_factory=set)
    _now: set[str] = field(default_factory=set)

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
            folder._before = _read_marker(marker)
            for left in sorted(path.rglob(f"*{_UNFINISHED}")):
                left.unlink()
        except OSError as error:
            raise FolderCannotBeWritten(path, reason=error.strerror or "") from error
        return folder

    def promise(self, names: list[str]) -> None:
        """Records the names that are about to be written, before the first of them: a build that is
        killed leaves no file without an owner."""
        self._before.update(names)
        self._mark()

    def write(self, name: str, data: bytes) -> None:
        """Puts one file in place if its bytes differ from what is there.

        Raises:
            FolderCannotBeWritten: the disk refuses.
        """
        target = self.path.joinpath(*PurePosixPath(name).parts)
        self._now.add(name)
        try:
            if _same(target, data):
                self.unchanged += 1
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(target.name + _UNFINISHED)
            fresh.write_bytes(data)
            fresh.replace(target)
        except OSError as error:
            raise FolderCannotBeWritten(target, reason=error.strerror or "") from error
        self.written += 1

    def finish(self) -> None:
        """Removes what earlier builds wrote and this one did not, and records what is there."""
        kept: set[str] = set()
        for name in sorted(self._before - self._now):
            target = self.path.joinpath(*PurePosixPath(name).parts)
            try:
                target.unlink(missing_ok=True)
                self.removed += 1
            except OSError:
                # Somebody holds it open (Windows); the next build tries again.
                kept.add(name)
        self._before = self._now | kept
        self._mark()
        folders = [Path(root) for root, _, _ in os.walk(self.path) if Path(root) != self.path]
        for folder in sorted(folders, reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()

    def _mark(self) -> None:
        listed = {"made by": "jianbao", "files": sorted(self._before)}
        data = json.dumps(listed, ensure_ascii=False, indent=0).encode("utf-8") + b"\n"
        marker = self.path / MARKER
        if _same(marker, data):
            return
        try:
            fresh = marker.with_name(MARKER + _UNFINISHED)
            fresh.write_bytes(data)
            fresh.replace(marker)
        except OSError as error:
            raise FolderCannotBeWritten(marker, reason=error.strerror or "") from error


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _read_marker(marker: Path) -> set[str]:
    """The names an earlier build wrote. A marker that was tampered with names nothing outside."""
    try:
        listed = json.loads(marker.read_text(encoding="utf-8"))
        names = [name for name in listed["files"] if isinstance(name, str)]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {
        name
        for name in names
        if name
        and not PurePosixPath(name).is_absolute()
        and "\\" not in name
        and ":" not in name
        and ".." not in PurePosixPath(name).parts
    }
