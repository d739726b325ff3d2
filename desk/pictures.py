"""The office's own pictures for an issue: files in ``pictures/``, named after the story they belong to.

``pictures/1a2b3c4d5e6f.jpg`` is the picture of that story, ``1a2b3c4d5e6f-2.png`` its second one. The
sources' pictures are never fetched: they are not the office's to print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..index.errors import JianbaoError
from ..index.limits import PICTURE_BYTES, PICTURES_BYTES
from ..index.story import Story
from ..site.documents.handout import Illustration
from ..site.documents.images import kind_of, size_of
from ..site.rights import clean

_NAME = re.compile(r"([0-9a-f]{12})(?:-(\d{1,2}))?\.(?:jpe?g|png)", re.IGNORECASE)


class PictureIsUnusable(JianbaoError):
    """A picture that no document can print."""

    code = "JB-472"
    what = "the picture cannot be printed: {problem}"
    remedy = (
        "save it again as JPEG, at most {most} MB, or take it out of pictures/; nothing was written"
    )
    what_zh = "图片无法使用：{problem_zh}"
    remedy_zh = "请另存为 JPEG（不超过 {most} MB），或从 pictures 文件夹移走；没有写出任何文件"


def pictures_of(
    folder: Path, story_ids: Sequence[str], stories: Mapping[str, Story]
) -> dict[str, tuple[Illustration, ...]]:
    """Story id → its pictures in order. The words under picture N are those under the source's picture N.

    Raises:
        PictureIsUnusable: too big, or neither JPEG nor PNG.
    """
    wanted = set(story_ids)
    found: dict[str, list[tuple[int, Path]]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        if named and named[1].lower() in wanted:
            found.setdefault(named[1].lower(), []).append((int(named[2] or 1), path))
    total = 0
    pictures: dict[str, tuple[Illustration, ...]] = {}
    for story_id, files in sorted(found.items()):
        story = stories.get(story_id)
        read: list[Illustration] = []
        for place, path in sorted(files):
            picture = _read(path, story, place)
            total += len(picture.data)
            if total > PICTURES_BYTES:
                most = PICTURES_BYTES >> 20
                raise _unusable(
                    path,
                    f"the pictures of this issue have over {most} MB together",
                    f"本期图片合计超过 {most} MB",
                )
            read.append(picture)
        pictures[story_id] = tuple(read)
    return pictures


def _read(path: Path, story: Story | None, place: int) -> Illustration:
    size = path.stat().st_size
    if size > PICTURE_BYTES:
        raise _unusable(
            path, f"it has {size / (1 << 20):.0f} MB", f"文件有 {size / (1 << 20):.0f} MB，过大"
        )
    data = path.read_bytes()
    kind = kind_of(data)
    if not kind:
        raise _unusable(path, "it is neither JPEG nor PNG", "不是 JPEG 或 PNG 图片")
    try:
        size_of(data)
    except ValueError:
        raise _unusable(path, "the file is damaged", "图片文件已损坏") from None
    known = story.pictures if story and story.rights == "full" else ()
    words = known[place - 1] if place <= len(known) else None
    return Illustration(
        data=data,
        kind=kind,
        name=path.name,
        caption=clean(words.caption) if words else "",
        credit=clean(words.credit) if words else "",
    )


def _unusable(path: Path, problem: str, problem_zh: str) -> PictureIsUnusable:
    most = PICTURE_BYTES >> 20
    return PictureIsUnusable(path, problem=problem, problem_zh=problem_zh, most=most)
