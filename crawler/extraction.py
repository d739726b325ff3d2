"""What is taken from one page, and why a page is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Final

from ..index.errors import JianbaoError
from ..index.story import Byline, Paragraph, Picture, Repair, Story, story_id
from .sources import Source

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "no-body": ("no story body was found in it", "没有找到正文"),
    "short": ("its body is too short for a story", "正文过短"),
    "credits": ("it only names the editors of an issue", "只是责任编辑名单"),
    "advert": ("it is an advertisement", "是广告"),
    "not-chinese": ("it is not in Chinese", "不是中文稿件"),
    "links": ("it is mostly links to other pages", "大部分是链接，不是稿件"),
    "broken-characters": (
        "some of its characters were already broken at the source",
        "源网页文字已损坏",
    ),
    "broken-bytes": ("it cannot be read as UTF-8 or GB 18030", "网页编码无法识别"),
    "too-large": ("it is larger than a story page can be", "网页过大"),
    "robots": ("the site's robots.txt asks programs not to read it", "网站 robots.txt 不允许采集"),
    "gone": ("the site no longer has it", "网页已不存在"),
    "unreadable": ("it could not be read on five different days", "连续五天无法读取"),
    "not-there": (
        "the site says with an ordinary answer that it has no such page",
        "网页提示内容不存在",
    ),
    "elsewhere": ("it leads to another site", "链接跳转到了其他网站"),
    "not-html": ("it is not a web page", "不是网页"),
}
"""Why a page was not taken: what the store keeps, in English and in Chinese."""


class StoryIsRefused(JianbaoError):
    """A page gives no story. ``reason`` is a key of :data:`REASONS`."""

    code = "JB-233"
    what = "this page was not taken: {words}"
    remedy = "if it is a story, import its text by hand"
    what_zh = "此网页未采用：{words_zh}"
    remedy_zh = "如确为稿件，请复制文字导入"

    @property
    def reason(self) -> str:
        """The key of :data:`REASONS`."""
        return str(self.facts["reason"])


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was found on one page. ``rule`` says who found the body."""

    url: str
    headline: str
    paragraphs: tuple[Paragraph, ...]
    kicker: str = ""
    deck: str = ""
    published: date | None = None
    source: str = ""
    byline: Byline = field(default_factory=Byline)
    pictures: tuple[Picture, ...] = ()
    page: str = ""
    home: str = ""
    family: str = ""
    rule: str = ""
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    """The addresses of the story's other pages, in order."""
    doubt: str = ""
    """How a second extractor sees the body otherwise; empty when it agrees or was not asked."""

    def joined(self, other: Extraction) -> Extraction:
        """This story with the text of its next page, without what that page repeats."""
        known = {paragraph.text for paragraph in self.paragraphs}
        known_pictures = {picture.url for picture in self.pictures}
        return replace(
            self,
            paragraphs=(*self.paragraphs, *(p for p in other.paragraphs if p.text not in known)),
            pictures=(
                *self.pictures,
                *(p for p in other.pictures if not p.url or p.url not in known_pictures),
            ),
            byline=_merged(self.byline, other.byline),
            repairs=(*self.repairs, *other.repairs),
            warnings=tuple(dict.fromkeys((*self.warnings, *other.warnings))),
            doubt=self.doubt or other.doubt,
        )

    def to_story(self, source: Source | None = None) -> Story:
        """The story, under the rights of its source; its id follows from the address."""
        return Story(
            id=story_id(self.url),
            headline=self.headline,
            paragraphs=self.paragraphs,
            source=self.source,
            published=self.published,
            kicker=self.kicker,
            deck=self.deck,
            pictures=self.pictures,
            byline=self.byline,
            page=self.page,
            url=self.url,
            source_id=source.id if source else "",
            home=self.home,
            repairs=self.repairs,
            rights=source.rights if source else "excerpt",
        )


def _merged(one: Byline, other: Byline) -> Byline:
    """Who signs a story of several pages: the last one often holds the editors and the sign-off."""
    roles = (field.name for field in fields(Byline) if field.name != "raw")
    named = {
        role: tuple(dict.fromkeys((*getattr(one, role), *getattr(other, role)))) for role in roles
    }
    return Byline(raw="\n".join(dict.fromkeys(filter(None, (one.raw, other.raw)))), **named)


def refused(url: str, reason: str) -> StoryIsRefused:
    """The refusal of a page for a reason of :data:`REASONS`."""
    words, words_zh = REASONS[reason]
    return StoryIsRefused(url, reason=reason, words=words, words_zh=words_zh)
