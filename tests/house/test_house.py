"""The shape of the house: rooms import one way, errors and commands are documented."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from jianbao.index.errors import JianbaoError, all_error_classes

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "index": {"index"},
    "crawler": {"index", "crawler"},
    "site": {"index", "site"},
    "desk": {"index", "crawler", "site", "desk"},
}
CODES = {
    "index": range(101, 200),
    "crawler": range(201, 300),
    "site": range(300, 400),
    "desk": range(401, 500),
}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.import_everything()
    return module


def rooms_imported(path: Path) -> Iterator[str]:
    """The rooms that a file imports, by relative or by absolute import."""
    depth = len(path.relative_to(ROOT).parts) - 1
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jianbao."):
            yield (node.module or "").split(".")[1]


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_rooms_import_one_way(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    strays = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in files
        for other in rooms_imported(path)
        if other not in MAY_IMPORT[room]
    }
    assert not strays


def test_every_import_is_declared() -> None:
    """A library that comes along with another one may leave with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    called = {
        "css-inline": "css_inline",
        "python-docx": "docx",
        "readability-lxml": "readability",
        "whoosh3": "whoosh",
    }
    # Never imported by us: what another library calls, and what a platform lacks.
    called_by_others = {"lxml-html-clean", "python-multipart", "tzdata"}
    declared = {re.split(r"[<>=;\s]", one)[0] for one in project["dependencies"]}
    declared = {called.get(name, name) for name in declared}
    imported: set[str] = set()
    for room in MAY_IMPORT:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    imported.add((node.module or "").split(".")[0])
    outside = imported - set(sys.stdlib_module_names) - {"jianbao"}
    assert outside <= declared
    assert declared - outside <= called_by_others


def test_every_error_has_a_code_of_its_own_in_its_rooms_range(reference: ModuleType) -> None:
    classes = [cls for cls in all_error_classes() if cls.__module__.startswith("jianbao.")]
    assert len(classes) > 20
    codes = [cls.code for cls in classes]
    assert len(codes) == len(set(codes)), sorted(code for code in codes if codes.count(code) > 1)
    for cls in classes:
        room = cls.__module__.split(".")[1]
        assert int(cls.code.removeprefix("JB-")) in CODES[room], cls


def test_every_error_speaks_both_languages_with_the_same_facts(reference: ModuleType) -> None:
    def fields(text: str) -> set[str]:
        return {
            name.split(".")[0].split("[")[0]
            for _, name, _, _ in string.Formatter().parse(text)
            if name
        }

    for cls in all_error_classes():
        for text in (cls.what, cls.remedy):
            assert text, cls
            assert not text.endswith("."), cls
        for text in (cls.what_zh, cls.remedy_zh):
            han_or_fact = re.search(r"[\u4e00-\u9fff]", text) or fields(text)
            assert han_or_fact, cls
            assert not text.endswith("。"), cls
        facts = {
            name: "x"
            for text in (cls.what, cls.remedy, cls.what_zh, cls.remedy_zh)
            for name in fields(text)
        }
        error = cls("somewhere", **facts)
        assert error.english().startswith(f"{cls.code} somewhere: ")
        assert cls.code in error.chinese()


@pytest.mark.parametrize("name", ["commands", "errors"])
def test_the_reference_pages_are_those_of_the_program(reference: ModuleType, name: str) -> None:
    written = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert written == getattr(reference, name)(), "run: python scripts/reference.py"


def test_importing_the_program_says_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import jianbao.desk.cli"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_base_error_is_never_raised_itself() -> None:
    for room in MAY_IMPORT:
        for path in (ROOT / room).rglob("*.py"):
            assert "raise JianbaoError(" not in path.read_text(encoding="utf-8"), path
    assert JianbaoError.code == "JB-000"
