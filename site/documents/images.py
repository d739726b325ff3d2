"""Pictures: what kind a file is, and how large. Only JPEG and PNG are printed."""

from __future__ import annotations

from typing import Literal

from docx.image.image import Image

_MAGIC: tuple[tuple[bytes, Literal["jpg", "png"]], ...] = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)


def kind_of(data: bytes) -> Literal["jpg", "png"] | None:
    """The kind of a picture by its first bytes; its name is not asked."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return None


def size_of(data: bytes) -> tuple[float, float]:
    """Width and height in points at the picture's own resolution (72 dots an inch when it says none).

    Raises:
        ValueError: the header is damaged.
    """
    try:
        image = Image.from_blob(data)
        return image.width.pt, image.height.pt
    except Exception as error:  # python-docx raises what its parsing of the header comes upon
        raise ValueError(type(error).__name__) from error
