"""A fetched page → a story, or a reason why not.

The rule of the source is asked first, then the rule of its family; meta tags fill and check what
the page prints. A page that does not give a believable story is refused with its reason and never
half-taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from ..index.errors import JianbaoError
from ..index.limits import STORY_CHARACTERS, STORY_PAGES
from ..index.story import Byline, Paragraph, Picture, Repair, Story, story_id
from .byline import BylineParse, is_name, join_bylines, parse_byline
from .dates import published
from .families import FAMILIES, Family, Parts
from .sources import Rule, Source
from .trim import Body, take_apart
from .webpage import Page, blocks_of, squeeze, text_of

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


_TRACKING: Final = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "spm", "from"),
    *("isappinstalled", "share_token", "wfr", "scene", "srcid", "nsukey", "timestamp"),
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ADVERT: Final = re.compile(r"^\s*[【\[（(]?(?:公益|分类)?广告[】\]）)]?\s*$|^遗失声明$|^公益广告")
_SITE_CODE: Final = re.compile(r"^([1-6]\d{5})\d{4}$")
_DASHES: Final = " \u3000—－-–―"
_BROKEN_PER: Final = 50  # one broken character in so many is left out with a word (emoji, mostly)
_BROKEN_LEAST: Final = 400  # in a shorter text every one may be in a name
_MOSTLY_LINKS: Final = 0.5  # a story page of the county web and of the pages read stays under 0.1


def _merged(one: Byline, other: Byline) -> Byline:
    """Who signs a story of several pages: the last one often holds the editors and the sign-off."""
    roles = (field.name for field in fields(Byline) if field.name != "raw")
    named = {
        role: tuple(dict.fromkeys((*getattr(one, role), *getattr(other, role)))) for role in roles
    }
    return Byline(raw="\n".join(dict.fromkeys(filter(None, (one.raw, other.raw)))), **named)


def canonical_address(url: str, family: Family | None = None) -> str:
    """The one address of a story: no fragment, no tracking parameters, its family's main tree."""
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if (parts.scheme, host.rpartition(":")[2]) in (("http", "80"), ("https", "443")):
        host = host.rpartition(":")[0]
    plain = urlunsplit((parts.scheme.lower(), host, parts.path or "/", parts.query, ""))
    if parts.query:
        plain = canonicalize_url(url_query_cleaner(plain, _TRACKING, remove=True)).rstrip("?")
    return family.canonical(plain) if family else plain


def extract(
    page: Page,
    *,
    today: date,
    source: Source | None = None,
    listed: date | None = None,
    whole: bool = True,
) -> Extraction:
    """Reads a story page.

    Args:
        page: the parsed page.
        today: the day of the clock; days of publication after tomorrow are not believed.
        source: whose page it is; without one the page is told apart by the families' fingerprints.
        listed: the day that the list printed beside the link, used when nothing else is known.
        whole: whether the page should hold a story by itself; a further page may be short.

    Raises:
        StoryIsRefused: there is no believable story in it.
    """
    family = FAMILIES[source.family] if source else _family_of(page)
    url = canonical_address(page.url, family)
    found = _find(page, family, source, today)
    if not found:
        raise _refused(page.url, "no-body")
    parts, rule = found
    body = take_apart(parts.blocks, after=parts.after, headline=parts.headline)
    info = parse_byline(parts.info, "meta")
    dated = published(
        url=url or _own_address(page),
        today=today,
        meta=_said_day(page),
        info=parts.info,
        listed=listed,
    )
    if dated.day is None:
        dated = published(url="", today=today, rest=_other_days(page, parts))
    repairs = list(body.repairs)
    if parts.kicker and body.place:
        repairs.append(Repair("set-aside", body.place))
    if page.removed:
        repairs.append(Repair("cleaned", f"{page.removed} invisible characters"))
    if page.dropped:
        repairs.append(Repair("cleaned", f"{page.dropped} broken bytes"))
    warnings = [
        text for text in (dated.doubt, "" if dated.day else "no day of publication") if text
    ]
    extraction = Extraction(
        url=url,
        headline=squeeze(parts.headline),
        # A lone place name above the text reads as a kicker, as on a newspaper page.
        kicker=parts.kicker or body.place,
        deck=parts.deck.strip(_DASHES),
        paragraphs=tuple(body.paragraphs),
        published=dated.day,
        source=_source_name(page, body, info, source),
        byline=_byline(page, body, info),
        pictures=tuple(body.pictures),
        page=parts.page,
        home=_home(page, source),
        family=family.name,
        rule=rule,
        repairs=tuple(repairs),
        warnings=tuple(warnings),
        further=tuple(parts.further)[: STORY_PAGES - 1],
    )
    alone = whole and not extraction.further
    if (reason := _why_not(extraction, body)) and (alone or reason != "short"):
        raise _refused(page.url, reason)
    return _without_broken(extraction)


def _refused(url: str, reason: str) -> StoryIsRefused:
    words, words_zh = REASONS[reason]
    return StoryIsRefused(url, reason=reason, words=words, words_zh=words_zh)


def _family_of(page: Page) -> Family:
    return next(
        (family for family in FAMILIES.values() if family.recognises(page)), FAMILIES["plain"]
    )


def _find(
    page: Page, family: Family, source: Source | None, today: date
) -> tuple[Parts, str] | None:
    """The parts of the page and who found them: a rule of the source (by number), or the family."""
    parts = family.parts(page)
    day = published(url=page.url or _own_address(page), today=today, meta=_said_day(page)).day
    for number, rule in enumerate(source.rules if source else (), start=1):
        if rule.holds_on(day) and (ruled := _by_rule(page, rule, parts)):
            return ruled, f"source rule {number}"
    if (
        parts
        and len(_HAN.findall("".join(block.text for block in parts.blocks))) >= STORY_CHARACTERS
    ):
        return parts, family.name
    # Another system, or a layout that its rule does not know: by its looks then.
    fallback = FAMILIES["plain"].parts(page) if family.name != "plain" else None
    if fallback:
        return fallback, "looks"
    return (parts, family.name) if parts else None


def _by_rule(page: Page, rule: Rule, parts: Parts | None) -> Parts | None:
    """The family's parts with the rule's selectors in their place; nothing when its body is missing."""
    body = page.first(rule.body) if rule.body else None
    if rule.body and body is None:
        return None
    blocks = blocks_of(body, page) if body is not None else (parts.blocks if parts else None)
    if blocks is None:
        return None
    base = parts or Parts(blocks, "")
    texts = {
        name: text_of(found)
        for name in ("headline", "kicker", "deck", "info")
        if (selector := getattr(rule, name)) and (found := page.first(selector)) is not None
    }
    ruled = replace(base, blocks=blocks, **texts)
    return ruled if ruled.headline else None


_DAY_TAGS: Final = (
    *(
        "pubdate",
        "article:published_time",
        "publishdate",
        "weibo:article:create_at",
        "firstpublishedtime",
    ),
    *(
        "og:release_date",
        "og:published_time",
        "datepublished",
        "apub:time",
        "publish_time",
        "pub_date",
    ),
)
_DAY_IN_SCRIPT: Final = re.compile(
    r"(?:pub_?(?:lish)?_?(?:time|date)|date_?published|news_?time|create_?time|upload_?date)[\"']?\s*[:=]\s*[\"'](\d{4}[-/]\d{1,2}[-/]\d{1,2}[^\"']{0,20})[\"']",
    re.IGNORECASE,
)
_DAY_PLACES: Final = (
    "#pubtime_baidu, #pubtime, .pubtime, #publish_time, .publish-time, .publish_time, time, "
    "[class*=pubdate], [id*=pubdate], [class*=time], [class*=date], [id*=time]"
)


def _said_day(page: Page) -> str:
    """The day that a meta tag names."""
    return next((page.meta[name] for name in _DAY_TAGS if name in page.meta), "")


def _other_days(page: Page, parts: Parts) -> list[str]:
    """Places that name the day when neither meta tag nor meta line does, the surest first."""
    texts = [text_of(found) for found in page.all(_DAY_PLACES)[:20]]
    texts = [text for text in texts if len(text) <= 60]
    if found := _DAY_IN_SCRIPT.search(page.scripts):
        texts.insert(0, found[1])
    below = (b.text for b in parts.after[:6] if len(b.text) <= 80 and b.linked < 0.5)
    return texts + [text for text in below if re.search("发布|日期|时间|来源", text)]


def _own_address(page: Page) -> str:
    """The address that a page gives of itself, for its day only: it is not where it was found."""
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            return str(link.get("href"))
    return page.meta.get("og:url", "") or page.meta.get("url", "")


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


def _source_name(page: Page, body: Body, info: BylineParse, source: Source | None) -> str:
    said = (
        info.source
        or body.source
        or page.meta.get("contentsource", "")
        or page.meta.get("source", "")
    )
    return clean_source(said) or (source.name if source else "")


_SOURCE_LABEL: Final = re.compile(
    r"^[\s【\[（(]*(?:[\u4e00-\u9fff]{0,4}来源|稿源|出处|来自)\s*[：:丨｜]?\s*"
)
_SOURCE_TAIL: Final = re.compile(
    r"(?:[\s\u3000|｜]*(?:举报|评论|分享|订阅|关注|收藏|转载|作者|编辑|责任编辑|责编|点击|浏览|阅读|字号|字体|打印|手机|微博|我有话|我来说|进入|官方|参与|条|已有)(?:[：:\s（(\d].*)?)+$"
)


def clean_source(said: str) -> str:
    """来源 without its label and without what the page prints behind it."""
    said = re.sub(r"<[^>]*>", "", said)
    said = _SOURCE_TAIL.sub("", _SOURCE_LABEL.sub("", said.strip()))
    said = said.strip(" \u3000：:|｜【】[]()（）-—,，;；")
    return "" if said in _NO_SOURCE or len(said) > 40 else said


_NO_SOURCE: Final = frozenset(
    ("分享", "评论", "正文", "字号", "阅读", "浏览", "不详", "未知", "admin")
)


def _byline(page: Page, body: Body, info: BylineParse) -> Byline:
    """Everybody named, each in one role: the body's own words before the page's meta line."""
    author = page.meta.get("author", "")
    # 审核 and 监制 lines name units and officials who did not write: of these lines, editors only.
    editors = [BylineParse(editors=parse.editors) for parse in body.editors]
    edited = {name for parse in (info, *editors) for name in parse.editors}
    # The meta line's words also hold time and source; they are kept when nothing else signs.
    signed = any(parse.names_somebody() for parse in body.bylines)
    silent = replace(info, raw="" if signed or not _signs(info) else info.raw)
    # Some systems write the editor, or the clerk who pressed the button, into the author's tag.
    if not signed and not _signs(info) and is_name(author) and author not in edited:
        silent = BylineParse(raw=author, authors=(author,), editors=info.editors)
    whole = join_bylines([*body.bylines, silent, *editors])
    known = {*whole.reporters, *whole.correspondents, *whole.trainees}
    return replace(whole, authors=tuple(name for name in whole.authors if name not in known))


def _signs(info: BylineParse) -> bool:
    return bool(info.authors or info.reporters or info.correspondents or info.org_authors)


def _home(page: Page, source: Source | None) -> str:
    """The site's own code, ten digits of which the first six name the place; else the registry's."""
    code = _SITE_CODE.match(page.meta.get("siteidcode", ""))
    return code[1] if code else (source.home if source else "")


def _why_not(extraction: Extraction, body: Body) -> str:
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
    if len(_HAN.findall(whole)) * 4 < len(whole):
        return "not-chinese"
    if body.linked > _MOSTLY_LINKS:
        return "links"
    return "short" if letters < STORY_CHARACTERS else ""
