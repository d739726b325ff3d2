"""What a page says of its story beside the text: day, source, who wrote, whose place it is.

Pages say it several times, in meta tags, in the printed line, in and below the body, and not always
the same. What has a label beats what has none; what is printed beats what is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ..index.story import Byline
from .byline import BylineParse, join_bylines
from .byline_names import HAN, is_name
from .credits import read_credit
from .dates import Dated, published
from .families import Family, Parts
from .headline import names_around, site_in
from .metaline import NO_SOURCE
from .sources import Source
from .trim import Body
from .webpage import Block, Page, text_of

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
_CHANGED_TAGS: Final = (
    "dateupdate",
    "datemodified",
)  # the last resort: a story may be changed later
_DAY_IN_SCRIPT: Final = re.compile(
    r"(?:pub_?(?:lish)?_?(?:time|date)|date_?published|news_?time|create_?time|upload_?date)[\"']?\s*[:=]\s*[\"'](\d{4}[-/]\d{1,2}[-/]\d{1,2}[^\"']{0,20})[\"']",
    re.IGNORECASE,
)
_DAY_PLACES: Final = (
    "#pubtime_baidu, #pubtime, .pubtime, #publish_time, .publish-time, .publish_time, time, "
    "[class*=pubdate], [id*=pubdate], [class*=time], [class*=date], [id*=time]"
)


def said_day(page: Page) -> str:
    """The day that a meta tag names."""
    return next((page.meta[name] for name in _DAY_TAGS if name in page.meta), "")


def _other_days(page: Page, parts: Parts) -> list[str]:
    """Places that name the day when neither meta tag nor meta line does, the surest first."""
    texts = [text_of(found) for found in page.all(_DAY_PLACES)[:20]]
    texts = [text for text in texts if len(text) <= 60]
    if found := _DAY_IN_SCRIPT.search(page.scripts):
        texts.insert(0, found[1])
    texts += [page.meta[name] for name in _CHANGED_TAGS if name in page.meta]
    below = (b.text for b in parts.after[:6] if len(b.text) <= 80 and b.linked < 0.5)
    return texts + [text for text in below if re.search("发布|日期|时间|来源", text)]


def _own_address(page: Page) -> str:
    """The address that a page gives of itself, for its day only: it is not where it was found."""
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            return str(link.get("href"))
    return page.meta.get("og:url", "") or page.meta.get("url", "")


_SITE_CODE: Final = re.compile(r"^([1-6]\d{5})\d{4}$")


def day_known(page: Page, today: date) -> date | None:
    """The day of publication as far as tags and address give it, before anything is read."""
    return published(url=page.url or _own_address(page), today=today, meta=said_day(page)).day


def day_of(
    page: Page, parts: Parts, info: str, *, url: str, today: date, listed: date | None
) -> Dated:
    """The day of publication and what is odd about it."""
    dated = published(
        url=url or _own_address(page),
        today=today,
        meta=said_day(page),
        info=info,
        listed=listed,
    )
    if dated.day is None:
        return published(url="", today=today, rest=_other_days(page, parts))
    return dated


# Tags that name the source, the surest first; mediaid is a portal's own.
_SOURCE_TAGS: Final = ("contentsource", "source", "mediaid")
_HAS_HAN: Final = re.compile(rf"[{HAN}]")


def source_of(
    page: Page,
    body: Body,
    info: str,
    said: BylineParse,
    byline: Byline,
    family: Family,
    source: Source | None,
) -> str:
    """来源: printed with a label, within or below the body, in a tag, beside the time; else the site's.

    ``said`` is what the meta line ``info`` says. Where a template prints the writer's name right behind
    the source, ``byline`` tells where the name begins. On a WeChat page the account only published: the
    source is what the text names.
    """
    tags = (page.meta.get(name, "") for name in _SOURCE_TAGS)
    named = bool(said.source) and _LABELLED.search(info[: max(0, info.find(said.source))])
    labelled = said.source if named else ""
    told = (
        body.source if family.name == "wechat" else "",
        labelled,
        body.source,
        *(tag for tag in tags if _HAS_HAN.search(tag)),
        said.source,
    )
    found = next(filter(None, map(clean_source, told)), source.name if source else "")
    for name in (*byline.people(), *byline.editors, site_in(page.title)):
        if name and found.endswith(name) and len(found) > len(name) + 1:
            return found.removesuffix(name)
    return found


_LABELLED: Final = re.compile(
    r"(?:来源于?|稿源|出处|供稿单位|来自|转自|转载自|摘自)[^\u4e00-\u9fff]*$"
)


_SOURCE_LABEL: Final = re.compile(
    r"^[\s【\[（(]*(?:[\u4e00-\u9fff]{0,4}来源于?|稿源|出处|来自|摘自|转自|转载自)\s*[：:丨｜]?\s*"
)
_SOURCE_TAIL: Final = re.compile(
    r"(?:[\s\u3000|｜]*(?:举报|评论|分享|订阅|关注|收藏|转载|作者|编辑|责任编辑|责编|点击|浏览|阅读|字号|字体|打印|手机|微博|我有话|我来说|进入|官方|参与|条|已有)(?:[：:\s（(\d].*)?)+$"
)


def clean_source(said: str) -> str:
    """来源 without its label and without what the page prints behind it."""
    said = re.sub(r"<[^>]*>", "", said)
    said = _SOURCE_TAIL.sub("", _SOURCE_LABEL.sub("", said.strip()))
    said = said.strip(" \u3000：:|｜【】[]()（）-—,，;；")
    return "" if said in NO_SOURCE or len(said) > 40 else said


def byline_of(page: Page, body: Body, said: BylineParse, printed: Sequence[Block]) -> Byline:
    """Everybody named, each in one role: the body's own words before ``said``, the page's meta line."""
    author = page.meta.get("author", "")
    # 审核 and 监制 lines name units and officials who did not write: of these lines, editors only.
    editors = [BylineParse(editors=parse.editors) for parse in body.editors]
    edited = {name for parse in (said, *editors) for name in parse.editors}
    above = [parse for block in printed if (parse := _line_above(block)).found]
    signers = [*above, *body.bylines]
    # The meta line's words also hold time and source; they are kept when nothing else signs.
    signed = any(parse.names_somebody() for parse in signers)
    silent = replace(said, raw="" if signed or not _signs(said) else said.raw)
    # Some systems write the editor, or the clerk who pressed the button, into the author's tag.
    if not signed and not _signs(said) and is_name(author) and author not in edited:
        silent = BylineParse(raw=author, authors=(author,), editors=said.editors)
    if signed:
        silent = replace(
            silent, authors=tuple(name for name in silent.authors if name not in edited)
        )
    whole = join_bylines([*signers, silent, *editors])
    known = {*whole.reporters, *whole.correspondents, *whole.trainees}
    return replace(whole, authors=tuple(name for name in whole.authors if name not in known))


_WRITER: Final = re.compile(r"author|writer|zuozhe|byline")


def _line_above(block: Block) -> BylineParse:
    """A byline in a line of its own between headline and body; labels there are the meta line's."""
    if is_name(block.text) and _WRITER.search(names_around(block)):
        return BylineParse(raw=block.text, found=True, authors=(block.text,))
    if not block.text or block.linked > 0.5 or re.search(r"[：:]", block.text):
        return BylineParse()
    return read_credit(block.text)


def _signs(info: BylineParse) -> bool:
    return bool(info.authors or info.reporters or info.correspondents or info.org_authors)


def home_of(page: Page, source: Source | None) -> str:
    """The site's own code, ten digits of which the first six name the place; else the registry's."""
    code = _SITE_CODE.match(page.meta.get("siteidcode", ""))
    return code[1] if code else (source.home if source else "")
