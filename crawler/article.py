"""A fetched page → a story, or a reason why not.

The rule of the source is asked first, then the rule of its family, then the eye; meta tags fill and
check what the page prints. A page that does not give a believable story is refused with its reason and
never half-taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ..index.limits import STORY_CHARACTERS, STORY_PAGES
from ..index.story import Repair
from .addresses import canonical_address
from .byline import parse_byline
from .cascade import family_of, find_parts, printed_info
from .extraction import REASONS, Extraction, StoryIsRefused, refused
from .families import FAMILIES
from .headline import split_column
from .said import byline_of, day_known, day_of, home_of, source_of
from .second import doubt_about
from .sources import Source
from .trim import Body, take_apart
from .webpage import Block, Page, squeeze

__all__ = ["REASONS", "Extraction", "StoryIsRefused", "canonical_address", "extract"]

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ADVERT: Final = re.compile(r"^\s*[【\[（(]?(?:公益|分类)?广告[】\]）)]?\s*$|^遗失声明$|^公益广告")
_NOT_THERE: Final = re.compile(
    r"404|页面不存在|网页不存在|(?:页面|网页|内容|文章|信息|链接)[^，。]{0,8}(?:不存在|已(?:被)?删除|找不到|已失效|无法访问|走丢)|找不到(?:页面|网页|您)|(?:用户|会员|账号)登录|请(?:先)?登录|系统提示|出错了"
)
_NOT_THERE_MOST: Final = 160  # Chinese characters; what such a page says is short
_SOURCE: Final = re.compile(r"(?:来源|稿源|出处)[\s\u3000]*[：:丨｜]")
_INFO_LONGEST: Final = 240
_DASHES: Final = " \u3000—－-–―"
_BROKEN_PER: Final = 50  # one broken character in so many is left out with a word (emoji, mostly)
_BROKEN_LEAST: Final = 400  # in a shorter text every one may be in a name
_MOSTLY_LINKS: Final = 0.5  # a story page of the county web and of the pages read stays under 0.1
_SAMPLED: Final = "0"  # the last digit of the address's digest: one page in sixteen is compared


def extract(
    page: Page,
    *,
    today: date,
    source: Source | None = None,
    listed: date | None = None,
    whole: bool = True,
    compare: bool | None = None,
) -> Extraction:
    """Reads a story page.

    Args:
        page: the parsed page.
        today: the day of the clock; days of publication after tomorrow are not believed.
        source: whose page it is; without one the page is told apart by the families' fingerprints.
        listed: the day that the list printed beside the link, used when nothing else is known.
        whole: whether the page should hold a story by itself; a further page may be short.
        compare: whether a second extractor is asked too (it takes ten times as long). ``None`` asks
            it on a fixed sample of addresses and where our own rules were passed over.

    Raises:
        StoryIsRefused: there is no believable story in it.
    """
    family = FAMILIES[source.family] if source else family_of(page)
    url = canonical_address(page.url, family, source) if page.url else ""
    found = find_parts(page, family, source, day_known(page, today))
    if not found:
        raise refused(page.url, "not-there" if _NOT_THERE.search(page.title) else "no-body")
    parts, rule = found
    body = take_apart(parts.blocks, after=parts.after, headline=parts.headline)
    printed = printed_info(page, parts)
    info = _whole_info(parts.info, printed)
    dated = day_of(page, parts, info, url=url, today=today, listed=listed)
    said = parse_byline(info, "meta")
    byline = byline_of(page, body, said, printed)
    column, label, headline = split_column(squeeze(parts.headline), page.title)
    # A lone place name above the text reads as a kicker, as on a newspaper page.
    heads = [head for head in (parts.kicker, column, body.place) if head]
    repairs = [*body.repairs, *(Repair("set-aside", head) for head in heads[1:])]
    if label:
        repairs.append(Repair("set-aside", label))
    if page.removed:
        repairs.append(Repair("cleaned", f"{page.removed} invisible characters"))
    if page.dropped:
        repairs.append(Repair("cleaned", f"{page.dropped} broken bytes"))
    warnings = [dated.doubt, "" if dated.day else "no day of publication"]
    extraction = Extraction(
        url=url,
        headline=headline,
        kicker=heads[0] if heads else "",
        deck=parts.deck.strip(_DASHES),
        paragraphs=tuple(body.paragraphs),
        published=dated.day,
        source=source_of(page, body, info, said, byline, family, source),
        byline=byline,
        pictures=tuple(body.pictures),
        page=parts.page,
        home=home_of(page, source),
        family=family.name,
        rule=rule,
        repairs=tuple(repairs),
        warnings=tuple(filter(None, warnings)),
        further=tuple(parts.further)[: STORY_PAGES - 1],
    )
    alone = whole and not extraction.further
    if (reason := _why_not(extraction, body, page)) and (alone or reason != "short"):
        raise refused(page.url, reason)
    return _compared(_without_broken(extraction), page, compare)


def _whole_info(info: str, printed: Sequence[Block]) -> str:
    """The family's meta line with the source that is printed, where the family's does not name it."""
    if _SOURCE.search(info):
        return info
    lines = [one.text for one in printed if len(one.text) <= _INFO_LONGEST]
    return "\n".join([info, *(text for text in lines if not info or _SOURCE.search(text))])


def _compared(found: Extraction, page: Page, compare: bool | None) -> Extraction:
    if compare is None:
        digest = hashlib.sha256(found.url.encode("utf-8", "surrogatepass")).hexdigest()
        compare = bool(found.url) and (found.rule == "looks" or digest.endswith(_SAMPLED))
    doubt = doubt_about(page, [one.text for one in found.paragraphs]) if compare else ""
    return replace(found, doubt=doubt, warnings=(*found.warnings, doubt)) if doubt else found


def _without_broken(found: Extraction) -> Extraction:
    """Without the characters that the source had broken before us, and saying so."""
    broken = sum(paragraph.text.count("\ufffd") for paragraph in found.paragraphs)
    if not broken:
        return found
    texts = [replace(p, text=p.text.replace("\ufffd", "").strip()) for p in found.paragraphs]
    said = f"{broken} characters were already broken at the source and left out"
    return replace(
        found,
        paragraphs=tuple(paragraph for paragraph in texts if paragraph.text),
        repairs=(*found.repairs, Repair("cleaned", said)),
        warnings=(*found.warnings, said),
    )


def _why_not(extraction: Extraction, body: Body, page: Page) -> str:
    """A key of :data:`REASONS`, or an empty text for a believable story."""
    text = "".join(paragraph.text for paragraph in extraction.paragraphs)
    captions = "".join(picture.caption for picture in extraction.pictures)
    whole = extraction.headline + text
    letters = len(_HAN.findall(text + captions))
    broken = len(re.findall("\ufffd+", whole))
    if broken and (broken * _BROKEN_PER > len(whole) or len(whole) < _BROKEN_LEAST):
        return "broken-characters"
    if _ADVERT.match(extraction.headline):
        return "advert"
    if parse_byline(extraction.headline, "footer").found:
        return "credits"
    said = f"{extraction.headline} {page.title}"
    if letters < _NOT_THERE_MOST and _NOT_THERE.search(said) and extraction.published is None:
        return "not-there"
    if len(_HAN.findall(whole)) * 4 < len(whole):
        return "not-chinese"
    if body.linked > _MOSTLY_LINKS:
        return "links"
    return "short" if letters < STORY_CHARACTERS else ""
