"""A look at an unknown site: where it lists its stories, and which system a story page runs on.

Tried in this order: the address itself (feed, sitemap, e-paper's front, list), the lists behind the names
of columns, a feed that is announced, an e-paper that is linked, a sitemap, the front page. What is found
beside the best stays as a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin, urlsplit

from ..index.errors import JianbaoError
from .addresses import site_of
from .charset import BytesAreNotText, decode
from .families import FAMILIES, Family, Row
from .feeds import feed_rows, sitemap_of
from .lists import html_of
from .problems import FeedIsUnreadable
from .shapes import Cluster, cluster_of, column_links, has_words
from .sources import Kind
from .visitor import Fetched, LookedTooLong, Visitor
from .webpage import Page, PageHasNoText

_ROWS_LEAST: Final = 2  # rows that make a list; one is a link with a day beside it by chance
_FRONT_LEAST: Final = 5  # rows that make a list of a front page, which has boxes of a few
_LISTS: Final = 6  # lists that are looked at; the Party's come first
_STORIES: Final = 3  # stories that are looked at until one tells its family
_ENTRIES: Final = 3  # lists that become entries
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml")
_EDITION_WORDS: Final = re.compile(r"数字报|电子报|电子版|数字报刊|报纸阅读|读报")
_ROOT: Final = re.compile(r"/?(?:(?:index|default|home)\.\w+)?")
_DATED: Final = re.compile(r"(?:/[\d-]+)*/[^/]*$")  # the file, and folders that are a date
_SITEMAP_LINE: Final = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class IsNoWebPage(JianbaoError):
    """The address answers with something that is neither a web page nor a feed."""

    code = "JB-236"
    what = "the address answers with {kind}, which is neither a web page nor a feed"
    remedy = "give the address of the site's home page or of a list"
    what_zh = "该网址返回的是 {kind}，不是网页或订阅源"
    remedy_zh = "请给出网站首页或列表页的网址"


@dataclass(frozen=True, slots=True)
class Found:
    """A place that lists stories. ``family`` is set where the list itself tells it."""

    kind: Kind
    url: str
    rows: tuple[Row, ...]
    why: str
    cluster: Cluster | None = None
    family: Family | None = None
    words: str = ""


@dataclass
class Survey:
    """What is known of a site while it is looked at."""

    visitor: Visitor
    start: str
    home: Page | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)

    def page(self, url: str) -> Page | None:
        """A page of the site; nothing when it is gone or no web page."""
        if url in self.pages:
            return self.pages[url]
        fetched = self.visitor.get(url)
        if fetched.status in (404, 410):
            return None
        page = _page_of(fetched)
        if page is not None:
            self.pages[url] = page
        return page


def look(survey: Survey, first: Fetched) -> Iterator[Found]:
    """Where the site lists its stories: all of the best kind that it has."""
    text = _text_of(first)
    if (xml := _as_xml(text, first.url)) is not None:
        yield xml
        return
    page = _page_of(first)
    if page is None:
        kind = first.content_type.split(";")[0] or "no text"
        raise IsNoWebPage(first.url, kind=kind)
    survey.home = survey.pages[survey.start] = page
    if (edition := _as_edition(survey, page)) is not None:
        yield edition
        return
    lists = list(_lists(survey, page))
    if not lists:
        lists = [found for found in (_feed(survey, page), _edition_link(survey, page)) if found][:1]
    if not lists and (found := _sitemap(survey)):
        lists = [found]
    if not lists and (found := _front_page(survey, page)):
        lists = [found]
    _note_the_rest(survey, page, lists)
    yield from lists


def _as_xml(text: str, url: str) -> Found | None:
    """The address itself is a feed or a sitemap."""
    if not text.lstrip().startswith("<?xml") and not re.match(
        r"\s*<(?:rss|feed|urlset|sitemapindex)\b", text
    ):
        return None
    try:
        rows = feed_rows(text.encode(), url)
    except FeedIsUnreadable:
        return None
    if rows:
        return Found("feed", url, tuple(rows), "the address is a feed")
    try:
        found = sitemap_of(text.encode(), url)
    except FeedIsUnreadable:
        return None
    return Found("sitemap", url, found.rows, "the address is a sitemap")


def _as_edition(survey: Survey, page: Page, why: str = "") -> Found | None:
    """The page is one of an e-paper's issue, or links to the pages of one."""
    for family in FAMILIES.values():
        if family.sheets is None:
            continue
        sheet = page
        if family.issue_day(page.url) is None:
            links = (page.address(link.get("href") or "") for link in page.tree.iter("a"))
            near = (
                url
                for url in links
                if site_of(urlsplit(url).netloc) == site_of(urlsplit(page.url).netloc)
            )
            hit = next((url for url in near if family.is_sheet(url)), "")
            if not hit:
                continue
            linked = survey.page(hit)
            if linked is None:
                continue
            sheet = linked
        rows = family.rows(sheet, family.story_address)
        if rows:
            entry = survey.start if page is survey.home else page.url
            said = (
                why
                or f"it is the front of an e-paper: {len(family.sheets(sheet))} pages, the issue of {family.issue_day(sheet.url)}"
            )
            return Found("epaper", entry, tuple(rows), said, family=family)
    return None


def _lists(survey: Survey, home: Page) -> Iterator[Found]:
    """List pages: the given one when it is a list, then those behind the names of columns."""
    given = _as_list(survey, home, "the address that was given is a list")
    if given and not _is_front(survey.start, home, given):
        yield given
        return
    party: list[Found] = []
    news: list[Found] = []
    for count, (words, url) in enumerate(column_links(home)):
        if count >= _LISTS or len(party) >= _ENTRIES:
            break
        try:
            page = survey.page(url)
        except LookedTooLong:
            break
        except JianbaoError as problem:
            survey.notes.append(f"{words} was not looked at: {problem.english()}")
            continue
        survey.looked.append(f"{words}: {url}")
        found = _as_list(survey, page, f"the list {words}") if page is not None else None
        if found:
            (party if has_words(words) else news).append(_named(found, words, url))
    yield from (party or news[:2])
    for one in news if party else news[2:]:
        survey.notes.append(f"also a list: {one.words}")


def _named(found: Found, words: str, url: str) -> Found:
    said = f"{words} ({len(found.rows)} stories listed)"
    return Found(found.kind, url, found.rows, found.why, found.cluster, found.family, said)


def _as_list(survey: Survey, page: Page, why: str) -> Found | None:
    """The page as a list of stories, by its dated links or by what its own system's rule reads."""
    cluster = cluster_of(page)
    best: tuple[int, Family, list[Row]] | None = None
    for family in FAMILIES.values():
        if family.sheets is not None or family.name == "plain" or not family.recognises(page):
            continue
        rows = family.rows(page, family.story_address) or _fetched_rows(survey, page, family)
        if len(rows) >= _ROWS_LEAST and (best is None or len(rows) > best[0]):
            best = (len(rows), family, rows)
    if best and (cluster is None or best[0] >= len(cluster.rows)):
        _, family, rows = best
        return Found(
            "listing",
            page.url,
            tuple(rows),
            f"{why}, in the manner of {family.name}",
            cluster,
            family,
        )
    if cluster and len(cluster.rows) >= _ROWS_LEAST:
        return Found(
            "listing", page.url, cluster.rows, f"{why}: links with a day beside them", cluster
        )
    return None


def _fetched_rows(survey: Survey, page: Page, family: Family) -> list[Row]:
    """Rows that the page's script would fetch: some systems' lists are empty without it."""
    following = family.following(page)
    if not following or family.name not in ("hanweb", "jpaas"):
        return []
    text = _text_of(survey.visitor.get(following))
    try:
        return family.rows(Page.parse(html_of(text), following), family.story_address)
    except PageHasNoText:
        return []


def _feed(survey: Survey, page: Page) -> Found | None:
    """A feed that the page announces."""
    for url in _announced(page):
        text = _text_of(survey.visitor.get(url))
        survey.looked.append(f"feed: {url}")
        found = _as_xml(text, url)
        if found and found.rows:
            return Found(
                "feed",
                url,
                found.rows,
                "the home page announces a feed, and no list was found",
                words=f"feed ({len(found.rows)} items)",
            )
    return None


def _announced(page: Page) -> Iterator[str]:
    for link in page.tree.iter("link"):
        if (link.get("type") or "").lower() in _FEED_TYPES and (
            url := page.address(link.get("href") or "")
        ):
            yield url


def _edition_link(survey: Survey, page: Page) -> Found | None:
    """The e-paper that the page links by name."""
    for words, url in _editions_named(page):
        if site_of(urlsplit(url).netloc) != site_of(urlsplit(page.url).netloc):
            survey.notes.append(f"{words} is on another site: {url}")
            continue
        linked = survey.page(url)
        survey.looked.append(f"{words}: {url}")
        found = (
            _as_edition(survey, linked, f"the home page links its e-paper as {words}")
            if linked
            else None
        )
        if found:
            return Found("epaper", url, found.rows, found.why, family=found.family)
    return None


def _editions_named(page: Page) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for link in page.tree.iter("a"):
        words = (link.text_content() or "").strip() or (link.get("title") or "")
        url = page.address(link.get("href") or "")
        if url and url not in seen and len(words) <= 20 and _EDITION_WORDS.search(words):
            seen.add(url)
            yield words, url


def _sitemap(survey: Survey) -> Found | None:
    """The sitemap that robots.txt names, or the one at the usual place."""
    root = urljoin(survey.start, "/")
    robots = survey.visitor.get(f"{root}robots.txt")
    named = _SITEMAP_LINE.findall(_text_of(robots)) if robots.status == 200 else []
    for url in [*named[:2], f"{root}sitemap.xml"]:
        if site_of(urlsplit(url).netloc) != site_of(urlsplit(root).netloc):
            continue
        fetched = survey.visitor.get(url)
        survey.looked.append(f"sitemap: {url}")
        try:
            found = sitemap_of(_text_of(fetched).encode(), url) if fetched.status == 200 else None
            if found and found.files:
                inner = survey.visitor.get(found.files[0])
                found = sitemap_of(_text_of(inner).encode(), inner.url)
        except FeedIsUnreadable:
            continue
        if found and found.rows:
            return Found(
                "sitemap",
                url,
                found.rows,
                "no list and no feed were found, but a sitemap",
                words=f"sitemap ({len(found.rows)} pages in its first file)",
            )
    return None


def _front_page(survey: Survey, page: Page) -> Found | None:
    """The home page itself, when it lists stories and nothing better does."""
    cluster = cluster_of(page)
    if cluster is None or len(cluster.rows) < _FRONT_LEAST:
        return None
    front = Found(
        "listing",
        page.url,
        cluster.rows,
        "the home page itself lists stories; no list page was found behind it",
        cluster,
    )
    # Some front pages show what has long been deleted.
    return front if any(True for _ in families_of_stories(survey, front)) else None


def _note_the_rest(survey: Survey, page: Page, lists: list[Found]) -> None:
    """What else the site has; the editor may prefer it."""
    kinds = {one.kind for one in lists}
    if "feed" not in kinds:
        survey.notes.extend(f"it also announces a feed: {url}" for url in _announced(page))
    if "epaper" not in kinds:
        survey.notes.extend(f"it also links {words}: {url}" for words, url in _editions_named(page))


def _is_front(url: str, page: Page, found: Found) -> bool:
    """Whether a page with dated links is a front page: it leads to many columns, and its stories come
    from several of them. At the root of a site stands a front page in any case."""
    if _ROOT.fullmatch(urlsplit(url).path):
        return True
    if sum(1 for _ in column_links(page)) < _LISTS or found.cluster is None:
        return False
    paths = [urlsplit(row.url).path for row in found.cluster.rows]
    folders = Counter(_DATED.sub("/", path) for path in paths)
    return bool(folders) and folders.most_common(1)[0][1] * 2 < len(paths)


def families_of_stories(survey: Survey, found: Found) -> Iterator[tuple[Family, Page]]:
    """The family that each of the first stories of a list is recognised by, with the page."""
    host = site_of(urlsplit(found.url).netloc)
    own = [row.url for row in found.rows if site_of(urlsplit(row.url).netloc) == host]
    for url in own[:_STORIES]:
        try:
            page = survey.page(url)
        except LookedTooLong:
            return
        except JianbaoError:
            continue
        if page is not None:
            family = next(one for one in FAMILIES.values() if one.recognises(page))
            yield family, page
            if family.name != "plain" and family.parts(page) is not None:
                return


def _text_of(fetched: Fetched) -> str:
    try:
        return decode(fetched.body).text
    except BytesAreNotText:
        return ""


def _page_of(fetched: Fetched) -> Page | None:
    try:
        page = Page.from_bytes(fetched.body, fetched.url)
    except (PageHasNoText, BytesAreNotText):
        return None
    said = fetched.content_type.lower()
    return page if not said or "html" in said or "text/" in said else None
