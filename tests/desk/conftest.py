"""The command line, run in this process as a person would run it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao.desk.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Jianbao = Callable[..., Ran]


@pytest.fixture
def jianbao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jianbao:
    """Runs ``jianbao …`` in a folder (by default where the last command ran)."""

    def run(*words: object, cwd: Path | None = None) -> Ran:
        if cwd:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["jianbao", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture
def office(tmp_path: Path, jianbao: Jianbao) -> Path:
    """A new workspace; commands run in it."""
    made = jianbao("init", tmp_path / "office", "--contact", "desk@example.org")
    assert made.code == 0, made.err
    jianbao("issue", "list", cwd=tmp_path / "office")
    return tmp_path / "office"
