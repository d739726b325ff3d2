"""The folder ``issues/``: one TOML file per issue, read with the line of every mistake."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from ..index.tomlfile import FileIsWrong, line_of, read_toml
from .issue import (
    Issue,
    IssueIsMissing,
    NumberIsWrong,
    SignedIssueWasChanged,
)

_KEY = re.compile(r"(?:(\d{4})-)?(z|增|增刊)?(\d{1,4})")


_READ: dict[Path, Issue] = {}
"""Issues as they were last read: a year of them is looked through for every view of the tray."""


class IssueFolder:
    """The issues of a workspace, to read. :class:`~.issues.Issues` changes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """The file of an issue: ``2026-047.toml``, of a supplement ``2026-z02.toml``.

        Raises:
            IssueIsMissing: the key is none.
        """
        match = _KEY.fullmatch(key)
        if match is None or not match[1]:
            raise IssueIsMissing(self.folder, number=key)
        number = int(match[3])
        return self.folder / f"{match[1]}-{f'z{number:02d}' if match[2] else f'{number:03d}'}.toml"

    def resolve(self, typed: str | int) -> str:
        """What a person types for an issue → its key: ``47`` or ``z2`` is the newest of that number.

        Raises:
            IssueIsMissing: there is none.
        """
        match = _KEY.fullmatch(str(typed).strip())
        if match is None:
            raise IssueIsMissing(self.folder, number=typed)
        kind = "z" if match[2] else ""
        wanted = f"{kind}{int(match[3])}"
        keys = [key for key in self.keys() if key.partition("-")[2] == wanted]
        keys = [key for key in keys if not match[1] or key.startswith(match[1])]
        if not keys:
            raise IssueIsMissing(self.folder, number=typed)
        return max(keys)

    def keys(self) -> list[str]:
        """The keys of all issues: by year, supplements after the issues."""
        found: list[tuple[str, bool, int]] = []
        for path in self.folder.glob("*.toml"):
            match = _KEY.fullmatch(path.stem)
            if match and match[1]:
                found.append((match[1], bool(match[2]), int(match[3])))
        return [f"{year}-{'z' if extra else ''}{number}" for year, extra, number in sorted(found)]

    def all(self) -> list[Issue]:
        """Every issue, in the order of :meth:`keys`. A wrong file is refused with its line."""
        return [self.get(key) for key in self.keys()]

    def get(self, key: str) -> Issue:
        """One issue.

        Raises:
            IssueIsMissing: no such issue.
            FileIsWrong: the file has a mistake, or holds another number than its name; with the line.
            SignedIssueWasChanged: the file of a signed issue is not what was signed.
        """
        path = self.path(key)
        if not path.is_file():
            raise IssueIsMissing(self.folder, number=key)
        version = self.version(key)
        known = _READ.get(path)
        if known and known.version == version:
            return known
        issue = read_toml(path, Issue)
        if issue.key != self.key_of(path):
            text = path.read_text(encoding="utf-8-sig")
            problem = f"the file says issue {issue.key} and is called {path.name}"
            raise FileIsWrong(f"{path}:{line_of(text, ('number',))}", problem=problem)
        if issue.state == "signed" and issue.signed_digest != issue.digest:
            raise SignedIssueWasChanged(path, number=issue.key)
        if self.version(key) == version:
            _READ[path] = issue.at_version(version)
        return issue.at_version(self.version(key))

    @staticmethod
    def key_of(path: Path) -> str:
        """The key that a file's name stands for."""
        year, _, number = path.stem.partition("-")
        return f"{year}-z{int(number[1:])}" if number[:1] == "z" else f"{year}-{int(number)}"

    def version(self, key: str) -> str:
        """The version of the file as it stands."""
        try:
            return version_of(self.path(key).read_bytes())
        except FileNotFoundError:
            raise IssueIsMissing(self.folder, number=key) from None

    def next_number(self, year: int, *, supplement: bool = False) -> int:
        """The number after the last one of a year's series."""
        return _last(self._series(year, supplement)) + 1

    def next_total(self) -> int:
        """The 总期 after the last one, or 0 where none is kept."""
        totals = [issue.total for issue in self.all() if not issue.supplement]
        return max(totals) + 1 if any(totals) else 0

    def check_number(self, issue: Issue) -> None:
        """Refuses a number or a 总期 that leaves a gap or comes again, unless the gap is meant.

        The first issue of a workspace may have any number: the office may have begun on paper.

        Raises:
            NumberIsWrong: with the number expected.
        """
        if issue.gap:
            return
        others = [one for one in self.all() if one.key != issue.key]
        series = self._series(issue.dated.year, issue.supplement, without=issue.key)
        before = [number for number in series if number < issue.number]
        began = any(one.supplement == issue.supplement for one in others)
        first = issue.number if not began else min([1, *series])
        expected = _last(before) + 1 if before else first
        if issue.number != expected:
            problem = f"issue {issue.number} of {issue.dated.year} follows issue {expected - 1}"
            raise NumberIsWrong(self.path(issue.key), problem=problem, expected=expected)
        if issue.supplement or not issue.total:
            return
        totals = [one.total for one in others if one.total and one.dated <= issue.dated]
        later = [one.total for one in others if one.total and one.dated > issue.dated]
        if totals and issue.total != max(totals) + 1:
            problem = f"running number {issue.total} follows {max(totals)}"
            expected_total = f"with running number {max(totals) + 1}"
            raise NumberIsWrong(
                self.path(issue.key), problem=problem, expected=f"{issue.number} {expected_total}"
            )
        if issue.total in later:
            problem = f"running number {issue.total} is given to a later issue too"
            raise NumberIsWrong(self.path(issue.key), problem=problem, expected=issue.number)

    def _series(self, year: int, supplement: bool, without: str = "") -> Sequence[int]:
        kind = "z" if supplement else ""
        numbers = [
            key.partition("-")[2]
            for key in self.keys()
            if key.startswith(f"{year}-") and key != without
        ]
        return [int(n.removeprefix("z")) for n in numbers if n.startswith("z") == bool(kind)]


def version_of(data: bytes) -> str:
    """The version that a file of these bytes has."""
    return hashlib.sha256(data).hexdigest()[:16]


def _last(numbers: Sequence[int]) -> int:
    return max(numbers, default=0)
