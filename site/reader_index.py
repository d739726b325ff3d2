"""The reader's search: an index of overlapping character pairs, cut into small script files.

Found means found: any string that stands within one line of what a story page shows is found, nothing
else is, and the count is exact. Characters and pairs have lists of stories (``reader_postings``); what
is longer is put together from pairs and small differences (``reader_strings``); and where few stories
are left, their texts are read, which will be shown anyway.

The stories are numbered oldest first and stand in parts: the bulk, whose end moves in steps and which
is cut where it grows too long, and the newest few hundred. A day's stories so touch the small part
only: the bulk is neither built nor uploaded again, and stays in readers' caches. Where the parts divide
depends on the number of stories alone, not on what was built before.

The files are scripts that hand data to one function, since a page opened from disk may load scripts
but not fetch data. Each part lies in a folder named after its content: every file in it may be cached
for ever, and a page of one build never mixes with the index of another. In a part's folder:

* ``s/N.js``: a shard of the lists, as bits in base 64 (``reader_bits``);
* ``t/N.js``: the texts, a fixed number of stories a file (``reader_texts``);
* ``facets.js``: county, theme, source and week of every story, read when somebody filters.

``site/assets/find.js`` reads this format; ``tests/site/test_search_in_chromium.py`` holds the two
together.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..index.limits import (
    SEARCH_FEW,
    SEARCH_PART_MOST,
    SEARCH_PART_STORIES,
    SEARCH_SHARD_CHARACTERS,
    SEARCH_STRING,
    SEARCH_TEXT_BYTES,
)
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
    """Stories with consecutive numbers from ``first``, and how they are cut into files: ``2**bits``
    shards, and ``texts`` stories to a file of texts."""

    folder: str
    first: int
    docs: tuple[Doc, ...]
    bits: int
    texts: int

    def names(self) -> list[str]:
        """The part's files, in the order of :func:`part_files`."""
        each = (("s", 1 << self.bits), ("t", -(-len(self.docs) // self.texts)))
        inner = [f"{kind}/{n}.js" for kind, files in each for n in range(files)]
        return [self.folder + name for name in (*inner, "facets.js")]


@dataclass(frozen=True, slots=True)
class Plan:
    """The search's parts, and ``meta.js`` in ``folder`` (``search/<digest>/``), which names them."""

    folder: str
    meta: bytes
    parts: tuple[Part, ...]


def plan_index(view: View) -> Plan:
    """Numbers the stories, oldest first, and divides them into parts. Nothing is indexed yet."""
    entries = view.entries[::-1]
    docs = tuple(map(_doc, entries))
    borders = _borders(len(docs))
    parts = tuple(_part(start, docs[start:end]) for start, end in pairwise(borders) if start < end)
    meta = _script("meta", 0, _meta(entries, parts))
    return Plan(f"search/{hashlib.sha256(meta).hexdigest()[:12]}/", meta, parts)


def _borders(stories: int) -> list[int]:
    step = SEARCH_PART_STORIES
    bulk = max(0, (stories - step // 2) // step * step) if stories >= 2 * step else 0
    return [*range(0, bulk, SEARCH_PART_MOST), bulk, stories]


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


def _part(first: int, docs: tuple[Doc, ...]) -> Part:
    characters = sum(len(doc.headline) + len(doc.lines) for doc in docs)
    size = max(1, SEARCH_TEXT_BYTES // 3 * len(docs) // max(1, characters))
    limits = (SEARCH_FEW, SEARCH_STRING, SEARCH_SHARD_CHARACTERS, size)
    digest = hashlib.sha256(f"{_program()} {first} {limits}\n".encode())
    digest.update(json.dumps(docs, ensure_ascii=False).encode())
    return Part(
        folder=f"search/{digest.hexdigest()[:12]}/",
        first=first,
        docs=docs,
        bits=max(1, (characters // SEARCH_SHARD_CHARACTERS).bit_length()),
        texts=size,
    )


@cache
def _program() -> str:
    """A digest of what writes the files: those of another release lie in another folder."""
    files = sorted(Path(__file__).parent.glob("reader_*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _meta(entries: Sequence[Entry], parts: Sequence[Part]) -> dict[str, Any]:
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
        "parts": [[p.folder.split("/")[1], p.first, len(p.docs), p.bits, p.texts] for p in parts],
        "few": SEARCH_FEW,
        "most": SEARCH_STRING,
        "fold": fold_runs(),
        "places": [[*places[code], counts[code]] for code in sorted(places)],
        "themes": [[slug, name, counts[slug]] for slug, name in sorted(themes.items())],
    }


def part_files(part: Part) -> Iterator[tuple[str, bytes]]:
    """A part's files as (path within the site, bytes)."""
    base = part.folder.split("/")[1]
    texts = ((fold(doc.headline), fold(doc.lines)) for doc in part.docs)
    for n, data in enumerate(shards(texts, part.bits, SEARCH_FEW, SEARCH_STRING)):
        yield f"{part.folder}s/{n}.js", _script(f"{base}/s", n, data)
    for n, start in enumerate(range(0, len(part.docs), part.texts)):
        some = part.docs[start : start + part.texts]
        told = [[*doc[:4], packed(f"{doc.headline}\n{doc.lines}")] for doc in some]
        yield f"{part.folder}t/{n}.js", _script(f"{base}/t", n, told)
    columns = [_column([doc.facets[i] for doc in part.docs]) for i in range(4)]
    yield f"{part.folder}facets.js", _script(f"{base}/facets", 0, columns)


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
