"""The reader's search: an index of overlapping character pairs, cut into small script files.

Found means found: any string that stands within one line of what a story page shows is found, nothing
else is, and the count is exact. Characters and pairs have lists of stories (``reader_postings``); what
is longer is put together from pairs and small differences (``reader_strings``); and where few stories
are left, their texts are read, which will be shown anyway.

The stories are numbered oldest first and stand in parts: full ones, which never change again, the bulk,
whose end moves in steps, and the newest few hundred. A day's stories so touch the small part
only: the bulk is neither built nor uploaded again, and stays in readers' caches. Where the parts divide
depends on the number of stories alone, not on what was built before.

The files are scripts that hand data to one function, since a page opened from disk may load scripts
but not fetch data. Each part lies in a folder named after its content: every file in it may be cached
for ever, and a page of one build never mixes with the index of another. In a part's folder:

* ``s/N.js``: a shard of the lists, as bits in base 64 (``reader_bits``);
* ``facets.js``: county, theme, source and week of every story, read when somebody filters.

The texts lie apart, in a folder for every few hundred stories, so that they stay when a part moves:

* ``t/N.js``: texts, a fixed number of stories a file (``reader_texts``).

``site/assets/find.js`` reads this format; ``tests/site/test_search_in_chromium.py`` holds the two
together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from ..index.limits import (
    EXCERPT_MOST,
    SEARCH_FEW,
    SEARCH_PART_LONG,
    SEARCH_PART_MOST,
    SEARCH_PART_STORIES,
    SEARCH_SHARD_CHARACTERS,
    SEARCH_STRING,
    SEARCH_TEXT_BYTES,
)
from .digests import digest_of, own_files
from .reader_postings import shards
from .reader_texts import fold, fold_runs, packed, search_lines
from .view import Entry, View

DIGITS = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"\\<>')
_BASE = len(DIGITS) // 2


def number(value: int) -> str:
    """A number in base 45, most significant digit first: digits 45–89 mean that more follow."""
    text = DIGITS[value % _BASE]
    value //= _BASE
    while value:
        text = DIGITS[_BASE + value % _BASE] + text
        value //= _BASE
    return text


class Doc(NamedTuple):
    """A story as the search knows it: what is shown of it in a list, and its texts. ``tags`` are codes
    of places and slugs of themes; ``sourced`` says that the last of ``lines`` is the source."""

    id: str
    day: str
    tags: str
    sourced: int
    headline: str
    lines: str
    facets: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """Stories with consecutive numbers from ``first``, whose lists are cut into ``2**bits`` shards."""

    folder: str
    first: int
    entries: tuple[Entry, ...]
    bits: int

    def names(self) -> list[str]:
        """The part's files, in the order of :meth:`Lists.files`."""
        return [
            *(f"{self.folder}s/{n}.js" for n in range(1 << self.bits)),
            f"{self.folder}facets.js",
        ]

    def stock(self) -> Lists:
        return Lists(self.folder, tuple(map(_doc, self.entries)), self.bits)


@dataclass(frozen=True, slots=True)
class Block:
    """Stories whose texts lie in one folder, ``each`` of them to a file."""

    folder: str
    entries: tuple[Entry, ...]
    each: int

    def names(self) -> list[str]:
        """The block's files, in the order of :meth:`Texts.files`."""
        return [f"{self.folder}t/{n}.js" for n in range(-(-len(self.entries) // self.each))]

    def stock(self) -> Texts:
        return Texts(self.folder, tuple(map(_doc, self.entries)), self.each)


class Lists(NamedTuple):
    """What a part's files are made of, as it is sent to another process."""

    folder: str
    docs: tuple[Doc, ...]
    bits: int

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files as (path within the site, bytes)."""
        base = self.folder.split("/")[1]
        texts = ((fold(doc.headline), fold(doc.lines)) for doc in self.docs)
        for n, data in enumerate(shards(texts, self.bits, SEARCH_FEW, SEARCH_STRING)):
            yield f"{self.folder}s/{n}.js", _script(f"{base}/s", n, data)
        columns = [_column([doc.facets[i] for doc in self.docs]) for i in range(4)]
        yield f"{self.folder}facets.js", _script(f"{base}/facets", 0, columns)


class Texts(NamedTuple):
    """The same of a block of texts."""

    folder: str
    docs: tuple[Doc, ...]
    each: int

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files as (path within the site, bytes)."""
        base = self.folder.split("/")[1]
        for n, start in enumerate(range(0, len(self.docs), self.each)):
            some = self.docs[start : start + self.each]
            told = [[*doc[:4], packed(f"{doc.headline}\n{doc.lines}")] for doc in some]
            yield f"{self.folder}t/{n}.js", _script(f"{base}/t", n, told)


@dataclass(frozen=True, slots=True)
class Plan:
    """The search's parts and texts, and ``meta``, which names them and stands in the search page itself."""

    meta: dict[str, Any]
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]


def plan_index(view: View) -> Plan:
    """Numbers the stories, oldest first, and divides them. Nothing is indexed yet."""
    entries = view.entries[::-1]
    cuts = pairwise(borders(len(entries)))
    parts = tuple(_part(start, entries[start:end]) for start, end in cuts if start < end)
    starts = range(0, len(entries), SEARCH_PART_STORIES)
    blocks = tuple(_block(entries[start : start + SEARCH_PART_STORIES]) for start in starts)
    return Plan(_meta(entries, parts, blocks), parts, blocks)


def borders(stories: int) -> list[int]:
    """Where the parts begin and end: full ones, the bulk, and the newest."""
    full = max(0, stories - SEARCH_PART_STORIES // 2) // SEARCH_PART_MOST * SEARCH_PART_MOST
    rest = stories - full
    step = SEARCH_PART_STORIES * (2 if rest > SEARCH_PART_LONG else 1)
    bulk = (rest - step // 2) // step * step if rest >= 2 * step else 0
    return [*range(0, full + 1, SEARCH_PART_MOST), full + bulk, stories]


def _doc(entry: Entry) -> Doc:
    story = entry.story
    places = [*entry.counties] or [*entry.cities]
    return Doc(
        id=story.id,
        day=story.published.isoformat() if story.published else "",
        tags=" ".join([*(place.code for place in places), *(t.slug for t in entry.themes)]),
        sourced=int(bool(story.source)),
        headline=story.headline,
        lines="\n".join(search_lines(story)),
        facets=(
            (*(c.code for c in entry.cities), *(c.code for c in entry.counties)),
            tuple(theme.slug for theme in entry.themes),
            (story.source,) if story.source else (),
            (entry.week,),
        ),
    )


def _part(first: int, entries: tuple[Entry, ...]) -> Part:
    limits = (SEARCH_FEW, SEARCH_STRING, SEARCH_SHARD_CHARACTERS)
    characters = sum(map(_length, entries))
    return Part(
        folder=_folder(["lists", first, limits], entries),
        first=first,
        entries=entries,
        bits=max(1, (characters // SEARCH_SHARD_CHARACTERS).bit_length()),
    )


def _block(entries: tuple[Entry, ...]) -> Block:
    characters = sum(map(_length, entries))
    each = max(1, SEARCH_TEXT_BYTES // 3 * len(entries) // max(1, characters))
    return Block(_folder(["texts", each], entries), entries, each)


def _folder(made: list[Any], entries: tuple[Entry, ...]) -> str:
    """A folder named after all that its files depend on."""
    told = [
        [
            e.text,
            [c.code for c in e.cities],
            [c.code for c in e.counties],
            [t.slug for t in e.themes],
        ]
        for e in entries
    ]
    return f"search/{digest_of([own_files(), made, told])[:12]}/"


def _length(entry: Entry) -> int:
    """About how many characters of a story are searched; nothing but the sizes of files hangs on it."""
    story = entry.item.story
    body = 0 if story.rights == "facts" else sum([len(p.text) for p in story.paragraphs])
    return len(story.headline) + (min(body, EXCERPT_MOST) if story.rights == "excerpt" else body)


def _meta(
    entries: Sequence[Entry], parts: Sequence[Part], blocks: Sequence[Block]
) -> dict[str, Any]:
    places: dict[str, tuple[str, str, str]] = {}
    counts: Counter[str] = Counter()
    for entry in entries:
        for city in entry.cities:
            places[city.code] = (city.code, city.name, "")
            for unit in entry.counties:
                if unit in city.counties:
                    places[unit.code] = (unit.code, unit.name, city.code)
        counts.update({unit.code for unit in (*entry.cities, *entry.counties)})
        counts.update({theme.slug for theme in entry.themes})
    themes = {theme.slug: theme.name for entry in entries for theme in entry.themes}
    return {
        "docs": len(entries),
        "parts": [[p.folder.split("/")[1], p.first, len(p.entries), p.bits] for p in parts],
        "block": SEARCH_PART_STORIES,
        "texts": [[block.folder.split("/")[1], block.each] for block in blocks],
        "few": SEARCH_FEW,
        "most": SEARCH_STRING,
        "fold": fold_runs(),
        "places": [[*places[code], counts[code]] for code in sorted(places)],
        "themes": [[slug, name, counts[slug]] for slug, name in sorted(themes.items())],
    }


def _column(values: list[tuple[str, ...]]) -> list[Any]:
    """A property of every story: the combinations that occur, commonest first, and one number each."""
    counts = Counter(values)
    combos = sorted(counts, key=lambda combo: (-counts[combo], combo))
    place = {combo: at for at, combo in enumerate(combos)}
    return [combos, "".join(number(place[value]) for value in values)]


def _script(kind: str, n: int, data: Any) -> bytes:
    """One call of the page's function. ``<`` and the two line separators are escaped, so that the
    text of a story can close neither a script element nor a line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'jianbao("{kind}",{n},{text})\n'.encode()
