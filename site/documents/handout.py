"""An issue as every document prints it: what stands where, in which words, and nothing else.

Rights, withdrawals and corrections were applied before (see :mod:`..items`), so that a body that may not
be shown reaches no document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from ...index.story import Paragraph
from ..edition import Correction, Edition
from ..items import Item, corrections_of, items_of
from ..rights import clean, lines
from ..view import View

_KINDS = {"correction": "更正", "withdrawal": "撤稿", "restoration": "恢复"}


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture 图片 of the office's own, with the words under it. ``name`` is its file's name."""

    data: bytes
    kind: Literal["jpg", "png"]
    name: str
    caption: str = ""
    credit: str = ""

    @property
    def words(self) -> str:
        """Caption and credit as they are printed under the picture."""
        return "　".join(part for part in (self.caption, self.credit) if part)


@dataclass(frozen=True, slots=True)
class Piece:
    """One story of the issue as it is printed. ``number`` counts through the issue from 1.

    ``credits`` make the line below: byline, source, day, page, and whether it was cut or edited here.
    ``gone`` says that it was withdrawn; there is no text then. ``captions`` are the words under the
    source's pictures, which are not the office's to print.
    """

    number: int
    story_id: str
    headline: str
    kicker: str
    deck: str
    note: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    credits: tuple[str, ...]
    url: str
    captions: tuple[str, ...]
    pictures: tuple[Illustration, ...]
    corrections: tuple[str, ...]
    gone: str
    place: str
    themes: tuple[str, ...]
    source: str
    published: date | None
    page: str
    byline: str

    @property
    def credit(self) -> str:
        """The credits as one line."""
        return "　".join(self.credits)


@dataclass(frozen=True, slots=True)
class Section:
    """A section 栏目 of the issue; ``name`` is empty for stories that stand in none."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the office prints around its issues: lines of the 报尾 (报：… 送：…), and 共印N份 (0: not said)."""

    tail: tuple[str, ...] = ()
    copies: int = 0

    @property
    def printed(self) -> str:
        """``共印120份``, or nothing."""
        return f"共印{self.copies}份" if self.copies else ""


@dataclass(frozen=True, slots=True)
class Handout:
    """An issue, ready for print. ``draft``: it is not signed, and every document says so (送审稿)."""

    key: str
    masthead: str
    called: str
    publisher: str
    issued: date
    title: str
    span: str
    note: tuple[str, ...]
    sections: tuple[Section, ...]
    corrections: tuple[str, ...]
    editors: tuple[str, ...]
    signed_by: str
    imprint: Imprint
    draft: bool

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All stories in order of print."""
        return tuple(piece for section in self.sections for piece in section.pieces)

    @property
    def dated(self) -> str:
        """``2026年11月22日``."""
        return zh_day(self.issued)

    @property
    def signed(self) -> tuple[str, ...]:
        """``编辑：…`` and ``签发：…``, those that there are."""
        parts = (("编辑", "　".join(self.editors)), ("签发", self.signed_by))
        return tuple(f"{role}：{names}" for role, names in parts if names)

    @property
    def name(self) -> str:
        """Masthead and number: the document's title."""
        return f"{self.masthead}{self.called}"


def handout_of(
    view: View,
    edition: Edition,
    *,
    draft: bool = False,
    imprint: Imprint = Imprint(),
    pictures: Mapping[str, Sequence[Illustration]] | None = None,
) -> Handout:
    """The issue as it is printed. ``pictures``: story id → the office's own pictures for it."""
    items = items_of(view, edition)
    pieces = [
        _piece(number, story.story_id, item, tuple((pictures or {}).get(story.story_id, ())))
        for number, (story, item) in enumerate(zip(edition.items, items, strict=True), 1)
    ]
    named = zip((item.section for item in items), pieces, strict=True)
    total = f"（总第{edition.total}期）" if edition.total else ""
    return Handout(
        key=edition.key,
        masthead=clean(view.shelf.masthead),
        called=edition.called + total,
        publisher=clean(view.shelf.publisher),
        issued=edition.issued,
        title=clean(edition.title),
        span=f"收录{zh_day(edition.first)}至{zh_day(edition.last)}的报道",
        note=tuple(paragraph.text for paragraph in lines(edition.note)),
        sections=tuple(
            Section(name, tuple(piece for _, piece in group))
            for name, group in groupby(named, key=lambda pair: pair[0])
        ),
        corrections=tuple(map(_correction, corrections_of(edition))),
        editors=tuple(map(clean, edition.editors)),
        signed_by=clean(edition.signed_by),
        imprint=Imprint(tuple(filter(None, map(clean, imprint.tail))), imprint.copies),
        draft=draft,
    )


def _piece(number: int, story_id: str, item: Item, pictures: tuple[Illustration, ...]) -> Piece:
    story, entry = item.story, item.entry
    if item.gone or not story or not entry:
        gone = f"{zh_day(item.gone.on)}撤回：{clean(item.gone.why)}" if item.gone else "已撤回"
        return Piece(
            number=number,
            story_id=story_id,
            headline=item.headline,
            kicker="",
            deck="",
            note=(),
            paragraphs=(),
            credits=(),
            url="",
            captions=(),
            pictures=(),
            corrections=(),
            gone=gone,
            place="",
            themes=(),
            source="",
            published=None,
            page="",
            byline="",
        )
    return Piece(
        number=number,
        story_id=story_id,
        headline=item.headline,
        kicker=item.kicker,
        deck=item.deck,
        note=tuple(paragraph.text for paragraph in item.note),
        paragraphs=item.paragraphs,
        credits=_credits(item),
        url=story.url,
        captions=tuple(
            "　".join(part for part in (one.caption, one.credit) if part) for one in story.captions
        ),
        pictures=pictures,
        corrections=tuple(map(_correction, item.corrections)),
        gone="",
        place="、".join(one.name for one in entry.counties or entry.cities),
        themes=tuple(theme.name for theme in entry.themes),
        source=story.source,
        published=story.published,
        page=story.page,
        byline=story.byline,
    )


def _credits(item: Item) -> tuple[str, ...]:
    """``记者 柳青禾``, ``文水县融媒体中心``, ``2026年11月20日``, ``第3版``, ``节选``."""
    story = item.story
    if not story:
        return ()
    page = f"第{story.page}版" if story.page.isdigit() else story.page
    cut = "本刊摘编" if item.edited else "节选" if item.paragraphs and not story.whole else ""
    day = zh_day(story.published) if story.published else "日期不详"
    named = story.byline.split("　")
    return tuple(part for part in (*named, story.source, day, page, cut) if part)


def _correction(one: Correction) -> str:
    return f"{_KINDS[one.kind]}（{zh_day(one.on)}）：{one.text}"


def zh_day(day: date) -> str:
    """``2026年11月2日``: Arabic figures without leading zeros (GB/T 9704—2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def deck_line(deck: str) -> str:
    """A deck 副题 with the dash that it is printed with."""
    return deck if deck.startswith("—") else f"——{deck}"


CHINESE = "零一二三四五六七八九"


def ordinal(number: int) -> str:
    """一, 二, … 九十九: the number of a section."""
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE[ones]
    return (CHINESE[tens] if tens > 1 else "") + "十" + (CHINESE[ones] if ones else "")
