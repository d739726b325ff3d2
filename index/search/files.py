"""The files of the search index: read by memory map, checked by sum, and no pickle trusted.

Whoosh keeps its table of contents and the head of each term dictionary as pickles. They are read with
an unpickler that knows the few classes they need, so that a planted file can name no other.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import pickle
import sys
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import CorruptIndexError

SUMS = ".sum"
"""Ending of the file that holds the checksums of a segment's other files."""

_NEEDED = {
    ("whoosh.codec.whoosh3", "W3Segment"),
    ("collections", "defaultdict"),
    ("builtins", "int"),
    ("builtins", "set"),
    (f"{__package__}.postings", "PackedCodec"),
}


class _Unpickler(pickle.Unpickler):
    """Reads Whoosh's own bookkeeping and nothing else: a planted pickle names no other class."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _NEEDED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a search index")
        return super().find_class(module, name)


class _MappedFile(StructFile):
    """A read-only file by memory map: positional reads share no file pointer between threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as handle:
            empty = not handle.seek(0, io.SEEK_END)
            self.mapped: Any = (
                b"" if empty else mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            )
        super().__init__(self.mapped or io.BytesIO(), name=path.name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        return self.mapped[position : position + length]

    def get_array(self, position: int, typecode: str, length: int) -> array[Any]:
        values = array(typecode)
        values.frombytes(self.get(position, length * values.itemsize))
        if sys.byteorder == "little":
            values.byteswap()
        return values

    def read_pickle(self) -> Any:
        return _Unpickler(self.file).load()

    def close(self) -> None:
        if not self.is_closed:
            super().close()


class Storage(FileStorage):
    """A folder whose files are read by memory map."""

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        del kwargs
        return _MappedFile(Path(self._fpath(name)))


def check(folder: Path, segments: Iterable[Any]) -> None:
    """Compares every file with its checksum (20 ms at 5,000 stories): damage must not look like
    a story that does not hold the string.

    Raises:
        CorruptIndexError: a file is not as it was written.
    """
    for segment in segments:
        sums = folder / segment.make_filename(SUMS)
        for name, expected in json.loads(sums.read_bytes()).items():
            if file_sum(sums.parent / name) != expected:
                raise CorruptIndexError(name)


def file_sum(path: Path) -> int:
    """CRC-32 of a file."""
    total = 0
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            total = zlib.crc32(chunk, total)
    return total


def sync(path: Path) -> None:
    """Waits until the file is on the disk."""
    with path.open("r+b") as handle:
        os.fsync(handle.fileno())
