"""What a family of content systems is: how to recognise it, and its list, story and paging rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lxml.html import HtmlElement

from ..webpage import Block, Page, is_small, squeeze, text_of


@dataclass(frozen=True, slots=True)
class Row:
    """A story as a list announces it. ``day`` is printed beside it, possibly without a year."""

    url: str
    title: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Where a family's story rule found what. ``info`` is the meta line 来源/作者/编辑/时间.

    ``blocks`` are the body's, ``after`` what stands below it (the editors' line often does);
    ``read`` says in words who found the body, when it was not the family's own rule;
    ``further`` are the addresses of the story's other pages, in order.
    """

    blocks: Sequence[Block]
    headline: str
    kicker: str = ""
    deck: str = ""
    info: str = ""
    page: str = ""
    after: Sequence[Block] = ()
    read: str = ""
    further: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One family.

    ``story_address`` finds the addresses of stories, ``rows`` reads a list page, ``following``
    gives the next list page or nothing, ``parts`` reads a story page or finds no story there,
    ``canonical`` gives the one address of a story that several addresses carry. ``sheets`` are the
    pages 版 of an e-paper's issue, in order, the given one among them; ``issue_day`` is the day in
    the address of a page or story, ``issue_address`` the same page's address on another day;
    ``is_sheet`` says whether an address is that of a page 版.
    """

    name: str
    story_address: re.Pattern[str]
    recognises: Callable[[Page], bool]
    rows: Callable[[Page, re.Pattern[str]], list[Row]]
    following: Callable[[Page], str]
    parts: Callable[[Page], Parts | None]
    canonical: Callable[[str], str] = lambda url: url
    sheets: Callable[[Page], list[str]] | None = None
    issue_day: Callable[[str], date | None] = lambda _: None
    issue_address: Callable[[str, date], str] = lambda url, _: url
    is_sheet: Callable[[str], bool] = lambda _: False


# Without a year only in two digits each: 「1/3」 is the first of three pages.
_DAY: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?|\d{2}[-/.]\d{2}|\d{1,2}月\d{1,2}日)(?!\d)"
)
# The day of the month in large type, the month and year below it.
_DAY_FIRST: Final = re.compile(
    r"(?<!\d)(\d{1,2})日?\s+((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})月?(?!\d)"
)
_NEXT: Final = re.compile(r"^[\[【<(（]?\s*下一?页\s*[>》\]】)）»›]*$")
_INFO: Final = re.compile(
    r"来源|稿源|出处|发布时间|发布日期|日期|作者|编辑|(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}"
)
_PAGE_SUFFIX: Final = re.compile(r"\.s?html?$")
_NUMBERED: Final = re.compile(r"[_-]\d{1,2}\.s?html?\s*(?:[?#].*)?$")
_PAGE_LINK: Final = re.compile(r"^[\[【（(]?\s*\d{1,2}\s*[\]】）)]?$")
_PAGE_TAGS: Final = frozenset(("body", "html", "form", "main", "ul", "ol", "tbody", "table", "nav"))
_INSIDE_ROW: Final = 30  # elements in one row of a list
_LINKS_IN_ROW: Final = 2  # the title, and perhaps a column
_INSIDE_DAY: Final = 4  # elements in a printed day
_DAY_LONGEST: Final = 16  # characters; 「[2026年11月03日]」 has 13
_NUMBERS_LEAST: Final = 2
_INSIDE_INFO: Final = 25  # elements in a meta line; font size and share buttons make most of them
_INFO_LONGEST: Final = 200  # characters; the longest meta line seen holds 120
_HEAD_LONGEST: Final = 60  # characters of a kicker or deck


def dated_rows(page: Page, pattern: re.Pattern[str]) -> list[Row]:
    """Links to stories that have a day beside them, in order; all of them where no row has a day.

    The day is what tells a list from the navigation around it, whose links look just like stories.
    """
    dated: dict[str, Row] = {}
    undated: dict[str, Row] = {}
    for link in page.tree.iter("a"):
        url = page.address(link.get("href") or "")
        if not url or not pattern.search(url):
            continue
        inside, printed = _split_link(link)
        title = _full_title(printed, (link.get("title") or "").strip())
        day = inside or _day_beside(link)
        rows, known = (dated, dated.get(url)) if day else (undated, undated.get(url))
        # A picture or a number links the story too, before or after the title does.
        if (known is None and (day or title)) or (known and len(known.title) < len(printed)):
            rows[url] = Row(url, title, day)
    return list((dated or undated).values())


def _full_title(printed: str, said: str) -> str:
    """A link's title: its ``title`` where the text is cut short or missing, else its text."""
    cut = printed.rstrip("….").rstrip()
    return said if not printed or (len(said) > len(printed) and said.startswith(cut)) else printed


def _split_link(link: HtmlElement) -> tuple[str, str]:
    """The day that stands inside a link in an element of its own, and the link's text without it."""
    printed = text_of(link)
    for element in link.iterdescendants():
        if isinstance(element.tag, str) and is_small(element, _INSIDE_DAY):
            text = text_of(element)
            if text and (day := _day_in(text)) and len(text) <= _DAY_LONGEST:
                return day, squeeze(printed.replace(text, " ", 1))
    return "", printed


def _day_beside(link: HtmlElement) -> str:
    """The day in the same row: the largest element around the link that holds no other story."""
    own = _apart(link)
    for up in link.iterancestors():
        if up.tag in _PAGE_TAGS or not is_small(up, _INSIDE_ROW):
            return ""
        if len({one.get("href") for one in up.iter("a")}) > _LINKS_IN_ROW:
            return ""
        text = _apart(up)
        if len(text) > len(own) and (day := _day_in(text.replace(own, " ", 1))):
            return day
    return ""


def _apart(element: HtmlElement) -> str:
    """The text of an element with its pieces apart: style sheets part day and month, not spaces."""
    return squeeze(" ".join(map(str, element.itertext())))


def _day_in(text: str) -> str:
    if turned := _DAY_FIRST.search(text):
        return f"{turned[2]}-{int(turned[3]):02}-{int(turned[1]):02}"
    found = _DAY.search(text)
    return found[0] if found else ""


def next_link(page: Page) -> str:
    """The address of the next list page: behind 下一页, or behind the number after this page's own."""
    links = [(text_of(link), link) for link in page.tree.iter("a")]
    for text, link in links:
        said = text or (link.get("title") or "").strip()
        if _NEXT.match(said) and (url := page.address(link.get("href") or "")):
            return url if url.split("#")[0] != page.url.split("#")[0] else ""
    numbered = {int(text): link for text, link in links if text.isdecimal() and len(text) <= 3}
    here = next(
        (
            number
            for number in range(1, max(numbered, default=0))
            if number not in numbered
            or page.address(numbered[number].get("href") or "").split("#")[0]
            in ("", page.url.split("#")[0])
        ),
        0,
    )
    # Two numbers at least: a lone one is a page number of something else.
    if not here or here + 1 not in numbered or len(numbered) < _NUMBERS_LEAST:
        return ""
    return page.address(numbered[here + 1].get("href") or "")


def no_following(_: Page) -> str:
    """For what has no second page."""
    return ""


def further_pages(page: Page) -> list[str]:
    """The other pages of a long story, in order: links behind a number or 下一页 to the same name with
    a number behind it (``c1-2.html``, ``content_1_2.htm``)."""
    stem = _PAGE_SUFFIX.sub("", page.url.split("?")[0])
    if stem == page.url or not stem:
        return []
    shape = re.compile(re.escape(stem) + r"[_-](\d{1,2})\.s?html?$")
    found: dict[str, int] = {}
    for link in page.tree.iter("a"):
        href = link.get("href") or ""
        # Making an address whole takes long, and few links are numbered.
        if not _NUMBERED.search(href):
            continue
        url = page.address(href)
        number = shape.search(url)
        if number and (_PAGE_LINK.match(text_of(link)) or _NEXT.match(text_of(link))):
            found.setdefault(url, int(number[1]))
    return sorted(found, key=lambda url: found[url])


def is_info(text: str) -> bool:
    """Whether a short text is a meta line."""
    return bool(text) and len(text) <= _INFO_LONGEST and _INFO.search(text) is not None


def around_headline(headline: HtmlElement, body: HtmlElement) -> tuple[str, str, str]:
    """Kicker, deck and meta line as they stand around a headline element, before the body.

    The kicker is the short text right before the headline under the same parent; the deck is what
    follows it with a dash or carries "deck", "sub" or "fu" in its class; the meta line is the
    first text of its shape.
    """
    kicker = deck = info = ""
    for before in headline.itersiblings(preceding=True):
        if not isinstance(before.tag, str) or not (text := text_of(before)):
            continue
        if (
            len(text) <= _HEAD_LONGEST
            and not is_info(text)
            and next(before.iter("a"), None) is None
        ):
            kicker = text
        break
    for after in _elements_between(headline, body):
        text = text_of(after)
        if not text or len(text) > _INFO_LONGEST:
            continue
        if not deck and len(text) <= _HEAD_LONGEST and _is_deck(after, text):
            deck = text
        elif not info and is_info(text):
            info = text
    return kicker, deck, info


def _is_deck(element: HtmlElement, text: str) -> bool:
    names = (element.get("class") or "").lower()
    return text.startswith(("—", "－－", "--")) or any(
        word in names for word in ("deck", "subtitle", "futi", "sub-title")
    )


def _elements_between(first: HtmlElement, last: HtmlElement) -> Iterator[HtmlElement]:
    """Elements in document order after ``first`` and before ``last``, outside both."""
    within = set(first.iter())
    passed = False
    for element in first.getroottree().iter("*"):
        if element is last:
            return
        if element is first:
            passed = True
        elif passed and element not in within and is_small(element, _INSIDE_INFO):
            yield element
