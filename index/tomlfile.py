"""Files that people write by hand: read with the line of every mistake, written without a half.

Settings, sources and issues are TOML 1.0, checked by a pydantic model. A wrong file is refused
with its line; it is never half-read.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .errors import JianbaoError
from .limits import HAND_WRITTEN_BYTES

Model = TypeVar("Model", bound=BaseModel)


class FileIsWrong(JianbaoError):
    """A hand-written file has a mistake."""

    code = "JB-102"
    what = "{problem}"
    remedy = "mend that line in an editor and run the command again"
    what_zh = "文件内容有误（{problem}）"
    remedy_zh = "请用文本编辑器改正这一行后重试"


class FileIsMissing(JianbaoError):
    """A hand-written file is not there or cannot be read."""

    code = "JB-103"
    what = "the file cannot be read ({detail})"
    remedy = "check its name and place"
    what_zh = "文件无法读取（{detail}）"
    remedy_zh = "请检查文件名和位置"


def read_toml(path: Path, model: type[Model]) -> Model:
    """Reads a TOML file into a model.

    Raises:
        FileIsMissing: there is no such file, or it cannot be read.
        FileIsWrong: not UTF-8, too big, not TOML, or not what the model asks; ``where`` is
            ``file:line`` whenever the line is known.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileIsMissing(path, detail=error.strerror) from None
    if len(data) > HAND_WRITTEN_BYTES:
        raise FileIsWrong(
            path, problem=f"{len(data):,} bytes; at most {HAND_WRITTEN_BYTES:,} are read"
        )
    try:
        # Windows' editors put a byte order mark first and end lines with CR LF.
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = "the text is not UTF-8; save the file as UTF-8"
        raise FileIsWrong(f"{path}:{line}", problem=problem) from None
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{found[1]}" if found else f"{path}:{text.count(chr(10)) + 1}"
        raise FileIsWrong(where, problem=str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        line = line_of(text, first["loc"])
        name = ".".join(str(part) for part in first["loc"]) or path.stem
        raise FileIsWrong(f"{path}:{line}", problem=f"{name}: {first['msg']}") from None


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line (from 1) of a key in TOML text, or of the nearest table that should hold it.

    ``place`` is a path as pydantic gives it: ``("items", 2, "story")``.
    """
    names = [str(part) for part in place if isinstance(part, str)]
    index = next((part for part in place if isinstance(part, int)), 0)
    best, table, seen = 1, "", -1
    if not names:
        return best
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = header[1]
            if table == names[0]:
                seen += 1
                if seen == index:
                    best = number
        elif (key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)) and key[1] == names[-1]:
            inside = ".".join(names[:-1])
            if table == inside and (not inside or seen in (-1, index)):
                return number
    return best


def write_text(path: Path, text: str) -> None:
    """Writes a whole file or nothing: a temporary file beside it, synced, then renamed."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a whole file or nothing: a temporary file beside it, synced, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
