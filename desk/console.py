"""What the command line prints: data on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

# Crawled text is never markup to rich, and no terminal control sequence of it gets through.
out = Console(markup=False, highlight=False, soft_wrap=True)
err = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def speak_utf8() -> None:
    """Chinese must survive a Windows console and a pipe, whatever the code page says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def plain(text: str) -> str:
    """Text for a terminal: control characters, which could steer it, are shown as ``�``."""
    return "".join(char if char.isprintable() or char in "\u3000" else "�" for char in text)


def print_json(record: dict[str, Any], stream: TextIO | None = None) -> None:
    """One object on one line."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate of a hostile page cannot be written as UTF-8; JSON can say it.
    safe = line.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
    (stream or sys.stdout).write(safe + "\n")


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars for long work, on standard error; they leave nothing behind when it is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=err, transient=not err.is_terminal, disable=not err.is_terminal
    ) as bars:
        yield bars
