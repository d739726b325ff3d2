"""The starter catalogue: public sources of a province, described as far as their shape was seen.

One TOML file a source in ``catalogue/<province>/``, in the form of a workspace's own. Every one of them
is ``unverified`` until a check on the user's own line passes, and says in ``seen`` where and when its
shape was seen; it claims no more than that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..index.errors import JianbaoError
from .sources import Source, read_folder

FOLDER: Final = Path(__file__).parent.parent / "catalogue"
"""Where the catalogue stands: beside the rooms, in the tree as in an installed wheel."""


class CatalogueHasNot(JianbaoError):
    """The catalogue has no source of this id."""

    code = "JB-237"
    what = "the catalogue has no source {source_id!r}"
    remedy = "`jianbao sources catalogue` lists what it has; any other site is added by its address"
    what_zh = "来源目录中没有“{source_id}”"
    remedy_zh = "用 jianbao sources catalogue 查看目录；其他网站请按网址添加"


def entries(folder: Path = FOLDER) -> list[tuple[Path, Source]]:
    """Every source of the catalogue with its file, by province and file name.

    Raises:
        FileIsWrong, FileIsMissing, SourceComesTwice: as of a workspace's own sources.
    """
    provinces = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    return [entry for province in provinces for entry in read_folder(province)]


def entry(source_id: str, folder: Path = FOLDER) -> tuple[Path, Source]:
    """One source of the catalogue with its file.

    Raises:
        CatalogueHasNot: there is none of this id.
    """
    for path, source in entries(folder):
        if source.id == source_id:
            return path, source
    raise CatalogueHasNot(source_id=source_id)
