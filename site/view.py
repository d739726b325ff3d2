"""The shelf, made ready to be shown: who stands where, in which order, and what is left out."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar

from ..index.annotation import Annotation
from ..index.clock import week_of
from ..index.errors import JianbaoError
from ..index.limits import NEIGHBOURS
from .digests import digest_of
from .edition import City, County, Edition, Reprint, Shelf, ShelfStory, Theme, Withdrawal
from .rights import Shown, clean, safe_url, shown

_SAFE_ID = re.compile(r"[0-9a-z][0-9a-z-]{0,63}")
UNDATED = "undated"
_Key = TypeVar("_Key")


class IdIsUnsafe(JianbaoError):
    """An id would become a file name and is not one: small letters, digits and hyphens only."""

    code = "JB-301"
    what = "{kind} id {value!r} cannot name a page"
    remedy = "use small letters, digits and hyphens, at most 64"
    what_zh = "{kind}的编号“{value}”不能用作页面名称"
    remedy_zh = "请只用小写字母、数字和连字符，不超过 64 个"


class ComesTwice(JianbaoError):
    """Two stories or two issues would be written to the same page."""

    code = "JB-302"
    what = "{kind} {value!r} is on the shelf twice"
    remedy = "give each issue of a year its own number, and each story its own id"
    what_zh = "{kind}“{value}”重复"
    remedy_zh = "请给同一年的每一期编不同的期号，给每篇稿件不同的编号"


class ItemIsUnknown(JianbaoError):
    """An issue names a story that is not on the shelf."""

    code = "JB-303"
    what = "the issue contains story {value!r}, which is not there"
    remedy = "take it out of the issue, or import the story again"
    what_zh = "本期收有稿件“{value}”，但库中没有这篇稿件"
    remedy_zh = "请从本期移除，或重新导入该稿件"


class Source(NamedTuple):
    """A source 来源 as readers see it; ``key`` names its page."""

    key: str
    name: str


def source_of(name: str) -> Source:
    """A source by its name: names are Chinese, and file names are not."""
    return Source(hashlib.sha256(name.encode("utf-8")).hexdigest()[:12], name)


@dataclass(slots=True, eq=False)
class Entry:
    """A story as the site knows it. ``counties``, ``cities`` and ``themes`` hold only codes and
    slugs that have a page here; ``week`` is an ISO week or ``undated``.

    ``digest`` stands for all the rest: two entries with one digest look alike on every page. ``text``
    stands for the story alone. Both are made from what the entry is made from, so that what is shown of
    a story need only be worked out for pages that are printed anew.
    """

    item: ShelfStory
    counties: tuple[County, ...]
    cities: tuple[City, ...]
    themes: tuple[Theme, ...]
    week: str
    issues: tuple[Edition, ...]
    source: Source | None
    text: str
    digest: str
    _shown: Shown | None = None
    _lead: str | None = None

    @property
    def id(self) -> str:
        return self.item.story.id

    @property
    def link(self) -> str:
        """The address of its page within the site."""
        return f"story/{self.id}.html"

    @property
    def published(self) -> date | None:
        return self.item.story.published

    @property
    def about(self) -> Annotation:
        return self.item.annotation

    @property
    def story(self) -> Shown:
        """What may be shown of the story."""
        if self._shown is None:
            self._shown = shown(self.item.story)
        return self._shown

    @property
    def lead(self) -> str:
        """The story's lead as one line; it is looked for once."""
        if self._lead is None:
            self._lead = self.story.lead
        return self._lead

    @property
    def reprints(self) -> tuple[Reprint, ...]:
        """The copies elsewhere, the oldest first."""
        copies = (
            Reprint(clean(r.source), r.published, safe_url(r.url)) for r in self.item.reprints
        )
        return tuple(sorted(copies, key=lambda r: (r.published or date.max, r.source, r.url)))


@dataclass(frozen=True, slots=True)
class View:
    """All entries newest first (undated last), and the same by place, theme and week."""

    shelf: Shelf
    entries: tuple[Entry, ...]
    by_id: dict[str, Entry]
    editions: tuple[Edition, ...]
    gone: dict[str, Withdrawal]
    by_county: dict[str, list[Entry]]
    by_city: dict[str, list[Entry]]
    by_theme: dict[str, list[Entry]]
    by_week: dict[str, list[Entry]]
    by_source: dict[Source, list[Entry]]


def make_view(shelf: Shelf) -> View:
    """Orders and checks a shelf.

    Raises:
        IdIsUnsafe, ComesTwice, ItemIsUnknown: the shelf contradicts itself.
    """
    gone = {withdrawal.story_id: withdrawal for withdrawal in shelf.withdrawn}
    _check(shelf, gone)
    editions = tuple(sorted(shelf.editions, key=lambda e: (e.issued, e.number), reverse=True))
    entries = list(_entries(shelf, editions, gone))
    entries.sort(key=lambda entry: entry.id)
    entries.sort(key=lambda entry: entry.published or date.min, reverse=True)
    return View(
        shelf=shelf,
        entries=tuple(entries),
        by_id={entry.id: entry for entry in entries},
        editions=editions,
        gone=gone,
        by_county=_group(entries, lambda entry: [unit.code for unit in entry.counties]),
        by_city=_group(entries, lambda entry: [city.code for city in entry.cities]),
        by_theme=_group(entries, lambda entry: [theme.slug for theme in entry.themes]),
        by_week=_group(entries, lambda entry: (entry.week,)),
        by_source=_group(entries, lambda entry: (entry.source,) if entry.source else ()),
    )


def _entries(
    shelf: Shelf, editions: Sequence[Edition], gone: Mapping[str, Withdrawal]
) -> Iterator[Entry]:
    issues: dict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        for story_id in dict.fromkeys(item.story_id for item in edition.items):
            issues[story_id].append(edition)
    signed = {edition.key: digest_of(edition) for edition in editions}
    city_of = {county.code: city for city in shelf.cities for county in city.counties}
    county = {unit.code: unit for city in shelf.cities for unit in city.counties}
    cities = {city.code: city for city in shelf.cities}
    themes = {theme.slug: theme for theme in shelf.themes}
    weeks, source = cache(week_of), cache(source_of)
    for item in shelf.stories:
        story, about = item.story, item.annotation
        if story.id in gone or not (about.relevant or story.id in issues):
            continue
        own = tuple([county[code] for code in about.counties if code in county])
        around = {city_of[unit.code].code: city_of[unit.code] for unit in own}
        if about.city in cities:
            around[about.city] = cities[about.city]
        named = tuple([themes[slug] for slug in about.themes if slug in themes])
        within = tuple(issues[story.id]) if story.id in issues else ()
        text, printed_in = digest_of(story), clean(story.source)
        places = [[(city.code, city.name) for city in around.values()], own, named]
        told = [text, about, places, [signed[edition.key] for edition in within], item.reprints]
        yield Entry(
            item=item,
            counties=own,
            cities=tuple(around.values()),
            themes=named,
            week=weeks(story.published) if story.published else UNDATED,
            issues=within,
            source=source(printed_in) if printed_in else None,
            text=text,
            digest=digest_of(told),
        )


def neighbours(view: View) -> Iterator[tuple[Entry, list[Entry], list[Entry]]]:
    """Every story, newest first, with the stories nearest in time of the same main county, and of the
    same main theme.

    Nearest, not newest: an old story's page then stays the same when new stories arrive.
    """
    at: dict[str, int] = defaultdict(int)
    for entry in view.entries:
        near: list[Entry] = []
        alike: list[Entry] = []
        if entry.counties:
            code = entry.counties[0].code
            near = _nearest(view.by_county[code], at[code], ())
        if entry.themes:
            slug = entry.themes[0].slug
            alike = _nearest(view.by_theme[slug], at[slug], near)
        for unit in entry.counties:
            at[unit.code] += 1
        for theme in entry.themes:
            at[theme.slug] += 1
        yield entry, near, alike


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a story was given to a county, city or theme: the words, and where they stood."""

    about: str
    words: str
    places: str


_ABOUT = {
    "county": "区县",
    "city": "地市",
    "theme": "主题",
    "relevance": "党建",
    "mentioned": "提及",
}
_FIELD = {
    "kicker": "引题",
    "headline": "标题",
    "deck": "副题",
    "body": "正文",
    "byline": "署名",
    "source": "来源",
}


def reasons(entry: Entry) -> list[Reason]:
    """The evidence in a reader's words: one line for each decision and wording, the editor's first,
    then the strongest.

    Only what speaks for something that this site shows is listed; under facts rights no words of
    the body are quoted. An editor's note is for the desk, and is not shown.
    """
    names = {unit.code: unit.name for unit in (*entry.counties, *entry.cities)}
    names |= {theme.slug: theme.name for theme in entry.themes} | {"yes": "属党建报道"}
    weight: dict[tuple[str, str, str], float] = defaultdict(float)
    where: dict[tuple[str, str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    edited: dict[tuple[str, str], None] = {}
    for item in entry.about.evidence:
        if item.rule == "by-editor" and item.value in names:
            edited[item.about, item.value] = None
        hidden = entry.story.rights == "facts" and item.field not in {"headline", "source"}
        if item.about == "mentioned" or item.value not in names or item.weight <= 0 or hidden:
            continue
        key = (item.about, item.value, clean(item.words)[:24])
        weight[key] += item.weight
        where[key][item.field].add(item.start)
    ordered = sorted(weight, key=lambda key: (list(_ABOUT).index(key[0]), -weight[key], key))
    by_editor = [
        Reason(f"{_ABOUT[about]} · {names[value]}", "", "编辑改定") for about, value in edited
    ]
    return by_editor + [
        Reason(
            about=f"{_ABOUT[about]} · {names[value]}",
            words=words,
            places="，".join(
                f"{_FIELD[field]}{len(starts)}处" if len(starts) > 1 else _FIELD[field]
                for field, starts in sorted(
                    where[about, value, words].items(), key=lambda item: list(_FIELD).index(item[0])
                )
            ),
        )
        for about, value, words in ordered
    ]


def _nearest(listed: list[Entry], here: int, without: Sequence[Entry]) -> list[Entry]:
    """Those around ``listed[here]``, in their order."""
    entry, found = listed[here], list[int]()
    for away in range(1, NEIGHBOURS * 2 + 1):
        for i in (here - away, here + away):
            if len(found) < NEIGHBOURS and 0 <= i < len(listed):
                other = listed[i]
                if other is not entry and other not in without:
                    found.append(i)
        if len(found) == NEIGHBOURS:
            break
    return [listed[i] for i in sorted(found)]


def _group(
    entries: Iterable[Entry], keys: Callable[[Entry], Iterable[_Key]]
) -> dict[_Key, list[Entry]]:
    groups: dict[_Key, list[Entry]] = {}
    for entry in entries:
        for key in keys(entry):
            groups.setdefault(key, []).append(entry)
    return groups


def _check(shelf: Shelf, gone: dict[str, Withdrawal]) -> None:
    ids = [item.story.id for item in shelf.stories]
    _unique("稿件", ids)
    _unique("期", [edition.key for edition in shelf.editions])
    units = [unit.code for city in shelf.cities for unit in city.counties]
    for kind, values in (
        ("story", [*ids, *gone]),
        ("county", units),
        ("city", [city.code for city in shelf.cities]),
        ("theme", [theme.slug for theme in shelf.themes]),
        ("issue", [edition.key for edition in shelf.editions]),
    ):
        for value in values:
            if not _SAFE_ID.fullmatch(value):
                raise IdIsUnsafe(kind=kind, value=value)
    known = {*ids, *gone}
    for edition in shelf.editions:
        for item in edition.items:
            if item.story_id not in known:
                raise ItemIsUnknown(f"{edition.key}", value=item.story_id)


def _unique(kind: str, values: list[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ComesTwice(kind=kind, value=value)
        seen.add(value)
