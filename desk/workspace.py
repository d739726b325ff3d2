"""The workspace 工作区: the folder that holds everything of one editorial office.

``jianbao init`` makes it. Its settings are read once into one frozen object and passed down.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from ..index.correction import Correction, load_corrections
from ..index.errors import JianbaoError
from ..index.gazetteer import Gazetteer
from ..index.localplaces import LocalPlaces, load_places
from ..index.segment import read_words
from ..index.themes import Themes, load_themes
from ..index.tomlfile import read_toml, write_text

SETTINGS_FILE = "jianbao.toml"
_START = Path(__file__).parent / "data" / "start"
"""Files that a new workspace begins with: criteria.toml, rights.toml, terms.toml."""


class WorkspaceIsMissing(JianbaoError):
    """The command was run outside a workspace."""

    code = "JB-401"
    what = "this is not a Jianbao workspace (no jianbao.toml here or above)"
    remedy = "go into your workspace, or make one with `jianbao init DIR`"
    what_zh = "当前文件夹不是简报工作区（没有找到 jianbao.toml）"
    remedy_zh = "请进入工作区文件夹，或用 jianbao init 新建一个"


class FolderIsNotEmpty(JianbaoError):
    """``init`` was pointed at a folder that holds other things."""

    code = "JB-402"
    what = "the folder already holds other files"
    remedy = "choose a new or an empty folder; nothing was changed"
    what_zh = "文件夹里已有其他文件"
    remedy_zh = "请选择新的或空的文件夹，没有改动任何内容"


class ContactIsMissing(JianbaoError):
    """A crawler that does not say whose it is does not start."""

    code = "JB-403"
    what = "the crawler has no contact to give to the sites it visits"
    remedy = 'write an address or a telephone number into `contact = ""` under [crawl]'
    what_zh = "没有填写采集器的联系方式"
    remedy_zh = "请在 [crawl] 的 contact 一项填写邮箱、网址或电话"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSettings(_Part):
    """What stands at the head of every issue and page."""

    title: str = Field(min_length=1, max_length=40)
    publisher: str = Field(default="", max_length=60)
    slogan: str = Field(default="", max_length=60)
    address: str = Field(
        default="",
        max_length=200,
        pattern=r"^(https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*)?)?$",
    )


class HomeSettings(_Part):
    """The province whose counties are listed, and which ambiguous names mean by default."""

    province: str = Field(pattern=r"^\d{2}0000$")


class CrawlSettings(_Part):
    """Who the crawler says it is."""

    contact: str = Field(default="", max_length=120)


class IssueSettings(_Part):
    """How issues are reviewed: ``reviews`` is how many of the three (三审) a signature needs."""

    reviews: int = Field(default=3, ge=0, le=3)


class DocumentSettings(_Part):
    """What the documents of an issue print beside it: lines of the 报尾, 共印N份 (0: not said), and the
    office's own Word template, a path within the workspace."""

    tail: tuple[str, ...] = ()
    copies: int = Field(default=0, ge=0, le=100_000)
    template: str = ""


class Settings(_Part):
    """``jianbao.toml``, whole."""

    site: SiteSettings
    home: HomeSettings
    crawl: CrawlSettings = CrawlSettings()
    issue: IssueSettings = IssueSettings()
    documents: DocumentSettings = DocumentSettings()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and its settings. The folders are made when something is put into them."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace that ``folder`` stands in.

        Raises:
            WorkspaceIsMissing: neither the folder nor one above it is a workspace.
            FileIsWrong: ``jianbao.toml`` has a mistake.
        """
        folder = folder.absolute()
        for root in (folder, *folder.parents):
            if (root / SETTINGS_FILE).is_file():
                return cls(root, read_toml(root / SETTINGS_FILE, Settings))
        raise WorkspaceIsMissing(folder)

    @classmethod
    def create(
        cls, root: Path, *, title: str, province: str, contact: str = "", publisher: str = ""
    ) -> Workspace:
        """Makes a workspace in a new or empty folder.

        Raises:
            FolderIsNotEmpty: the folder holds anything.
        """
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise FolderIsNotEmpty(root)
        for folder in ("sources", "inbox", "issues", "data"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for given in sorted(_START.glob("*.toml")):
            write_text(root / given.name, given.read_text(encoding="utf-8"))
        write_text(root / "words.txt", _WORDS)
        settings = _SETTINGS.format(
            title=_quoted(title),
            publisher=_quoted(publisher),
            province=province,
            contact=_quoted(contact),
        )
        write_text(root / SETTINGS_FILE, settings)
        return cls.open(root)

    @property
    def store_path(self) -> Path:
        """The database."""
        return self.root / "data" / "jianbao.db"

    @property
    def book_path(self) -> Path:
        """The desk's book: what the desk remembers beside the issue files."""
        return self.root / "data" / "desk.db"

    @property
    def withdrawals_path(self) -> Path:
        """Stories that were withdrawn, and the log of it."""
        return self.root / "withdrawals.toml"

    @property
    def index_folder(self) -> Path:
        """The editors' search index: a cache."""
        return self.root / "data" / "index"

    @property
    def sources_folder(self) -> Path:
        """One TOML file per source."""
        return self.root / "sources"

    @property
    def issues_folder(self) -> Path:
        """One TOML file per issue."""
        return self.root / "issues"

    @property
    def public_folder(self) -> Path:
        """The built site."""
        return self.root / "public"

    @property
    def documents_folder(self) -> Path:
        """The exported documents, a folder an issue."""
        return self.root / "documents"

    @property
    def pictures_folder(self) -> Path:
        """The office's own pictures for issues."""
        return self.root / "pictures"

    @property
    def fonts_folder(self) -> Path:
        """Fonts for the PDF beside the installed ones."""
        return self.root / "fonts"

    def words(self) -> tuple[str, ...]:
        """The office's own words for the segmenter: one a line."""
        path = self.root / "words.txt"
        return read_words(path) if path.is_file() else ()

    def places(self) -> LocalPlaces:
        """The office's own rules about places, from ``places.toml``; none where there is no file."""
        path, home = self.root / "places.toml", self.settings.home.province
        return load_places(path, Gazetteer.load(), home) if path.is_file() else LocalPlaces()

    @property
    def corrections_path(self) -> Path:
        """What the editor decided about single stories."""
        return self.root / "corrections.toml"

    def corrections(self) -> dict[str, Correction]:
        """The editor's corrections by story."""
        return load_corrections(self.corrections_path, Gazetteer.load(), self.themes())

    def themes(self) -> Themes:
        """The workspace's own ``themes.toml`` when it has one, else the built-in themes."""
        path = self.root / "themes.toml"
        return load_themes(path if path.is_file() else None)


def _quoted(text: str) -> str:
    """The text as a TOML basic string (TOML 1.0: backslash, quote and control characters escaped)."""
    escaped = "".join(
        f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\\x7f' else char for char in text
    )
    return f'"{escaped}"'


_SETTINGS = """\
# Settings of this Jianbao workspace 简报工作区设置. UTF-8; lines after # are comments.

[site]
title = {title}
publisher = {publisher}          # 编发单位, printed under the title
slogan = ""             # a line under the title, may stay empty
address = ""            # 网站公开地址, e.g. https://www.example.cn/jianbao/: sitemap and feeds need it

[home]
province = "{province}"   # 山西省; its counties are listed on the site

[crawl]
contact = {contact}            # 联系方式: given to every site visited; the crawler does not start without it

[issue]
reviews = 3             # 签发前须通过几审 (0 to 3): 三审三校 is the rule; an office of one may write 1

[documents]
tail = []               # 报尾, one text a line: ["报：市委常委", "送：各县（市、区）委组织部"]
copies = 0              # 共印几份; 0 prints no line
template = ""           # your own Word template in this folder; `jianbao export --save-template` makes one
"""

_WORDS = """\
# 本地词表: one word a line, for instance a local brand or the name of a village.
# The segmenter keeps these words whole. The next `jianbao index` takes up a change.
"""
