"""Every engine through the same tests; and nothing outside its package knows what keeps the index."""

from __future__ import annotations

import ast
from pathlib import Path

from jianbao.index.search import SearchIndex

from .conformance import Conformance
from .plain import PlainIndex

ROOT = Path(__file__).parents[2]
KNOWS_WHOOSH = {"files.py", "postings.py", "snapshot.py"}


class TestSearchIndex(Conformance):
    """The engine that the desk uses."""

    engine = SearchIndex


class TestPlainIndex(Conformance):
    """The engine that the others are measured by: it must pass its own rules."""

    engine = PlainIndex


def imports(path: Path) -> set[str]:
    """Modules that a file imports, as it writes them, without leading dots."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def product_files() -> list[Path]:
    rooms = ("crawler", "desk", "index", "site")
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def test_only_three_modules_know_whoosh() -> None:
    knowing = {
        path
        for path in product_files()
        if any(one.split(".")[0] == "whoosh" for one in imports(path))
    }
    assert knowing == {ROOT / "index" / "search" / name for name in KNOWS_WHOOSH}


def test_other_modules_use_the_face_of_the_search_and_nothing_behind_it() -> None:
    for path in product_files():
        if path.parent != ROOT / "index" / "search":
            behind = {one for one in imports(path) if one.startswith(("index.search.", "search."))}
            assert behind == set(), path
