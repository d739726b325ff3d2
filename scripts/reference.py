"""Writes ``docs/commands.md`` and ``docs/errors.md`` from the program itself.

Run it after changing a command or an error: ``python scripts/reference.py``. A test compares.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

import jianbao.crawler
import jianbao.desk
import jianbao.index
import jianbao.site
from jianbao.desk.cli import app
from jianbao.index.errors import all_error_classes

DOCS = Path(__file__).parent.parent / "docs"
ROOMS = (jianbao.index, jianbao.crawler, jianbao.site, jianbao.desk)


def import_everything() -> None:
    """Imports every module, so that every error class is known."""
    for room in ROOMS:
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def commands() -> str:
    """The command reference."""
    # Help is wrapped to the terminal; the reference must not depend on whose.
    os.environ["COLUMNS"] = "100"
    parts = [
        "# Commands 命令",
        "Written by `python scripts/reference.py` from the program itself.",
        "Exit codes: 0 done, 1 done with problems listed, 2 wrong use, 3 nothing could be done.",
    ]
    root = typer.main.get_command(app)
    for path, command in _walk(root, "jianbao"):
        context = typer.Context(command, info_name=path)
        parts += [f"## `{path}`", f"```text\n{command.get_help(context).strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name in sorted(command.commands):
            yield from _walk(command.commands[name], f"{path} {name}")


def errors() -> str:
    """The error reference."""
    import_everything()
    parts = [
        "# Errors 错误",
        "Written by `python scripts/reference.py` from the program itself. Words in braces are filled in.",
        "| code | what 情况 | what to do 处理办法 |\n|---|---|---|\n"
        + "\n".join(
            f"| {cls.code} | {_cell(cls.what)}<br>{_cell(cls.what_zh)} | {_cell(cls.remedy)}<br>{_cell(cls.remedy_zh)} |"
            for cls in all_error_classes()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"[|<]", lambda found: {"|": "\\|", "<": "&lt;"}[found[0]], text)


def main() -> None:
    """Writes both pages."""
    for name, text in (("commands.md", commands()), ("errors.md", errors())):
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
