"""The reader's search: an index of overlapping character pairs, cut into small script files.

Found means found: any string that stands within one line of what a story page shows is found, and
nothing else is. A string of one or two characters is one posting list. A longer one is covered by
pairs whose lists are intersected, and whose positions then prove that they stand side by side; so
the count is exact. (Reading texts to check would move megabytes for a common phrase: ten thousand
stories are 18 MB compressed. Only where at most ten stories are left, which will be shown anyway, are
their texts read instead of positions; so pairs in at most ten stories have none.) Headline and rest
are indexed apart, because headline hits come first.

The stories are numbered oldest first and stand in two parts: the bulk, whose end moves in steps, and
the newest few hundred. A day's stories so touch the small part only: the bulk is neither built nor
uploaded again, and stays in readers' caches. Where the parts divide depends on the number of stories
alone, not on what was built before.

The files are scripts that hand data to one function, since a page opened from disk may load scripts
but not fetch data. Each part lies in a folder named after its content: every file in it may be cached
for ever, and a page of one build never mixes with the index of another. In a part's folder:

* ``s/N.js``: tokens with their stories, rest and headlines, as gaps;
* ``p/N.js``: pairs with their positions in each of these stories;
* ``t/N.js``: the texts, a fixed number of stories a file;
* ``facets.js``: county, theme, source and week of every story, read when somebody filters.

``site/assets/find.js`` reads this format; ``tests/site/test_search_in_chromium.py`` holds the two
together. Numbers are written in base 45: digits 45–89 mean that more follow, 0–44 end a number.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from operator import add, ne, sub
from pathlib import Path
from typing import Any, NamedTuple

from ..index.limits import (
    SEARCH_FEW,
    SEARCH_PART_STORIES,
    SEARCH_POSITION_CHARACTERS,
    SEARCH_SHARD_CHARACTERS,
    SEARCH_TEXT_BYTES,
)
from .rights import Shown
from .view import Entry, View

DIGITS = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"\\<>')
_BASE = len(DIGITS) // 2


def _fold_table() -> dict[int, int]:
    """One character to one character, so that places in folded text are places in the text."""
    table = {0xFF00 + n: 0x20 + n for n in range(1, 0x5F)}
    table[0x3000] = 0x20
    cased = (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x370, 0x530))
    table |= {c: ord(low) for c in cased if len(low := chr(c).lower()) == 1 and ord(low) != c}
    table |= {ord(c) + 0xFEE0: ord(c.lower()) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    for same, as_one in (
        ("“”„‟〝〞＂「」『』", '"'),
        ("‘’‚‛＇", "'"),
        ("•‧・･⋅∙", "·"),
        ("○◯", "〇"),
        ("～〜∼", "~"),
    ):
        table |= {ord(c): ord(as_one) for c in same}
    return table


FOLD: dict[int, int] = _fold_table()
"""Width, case, the shapes of quotation marks and middle dots, and 〇 written as ○. The browser gets
this very table, so both sides fold alike whatever Unicode version they know."""


def fold(text: str) -> str:
    """The form in which texts and queries are compared; as long as the text itself."""
    return text.translate(FOLD)


def search_lines(story: Shown) -> tuple[str, ...]:
    """What is searched beside the headline, a line each, the lead first: all that a story page
    shows of the story's own words, and no more."""
    captions = [line for p in story.captions for line in (p.caption, p.credit)]
    rest = (story.deck, story.kicker, *captions, story.byline, story.source)
    return tuple(line for line in (*(p.text for p in story.paragraphs), *rest) if line)


def _hash(token: str) -> int:
    """Which file holds a token, modulo their number (a multiplicative hash, as in the browser)."""
    h = 2166136261
    for char in token:
        h = ((h ^ ord(char)) * 0x9E3779B1) & 0xFFFFFFFF
    return h >> 12


def number(value: int) -> str:
    """A number in base 45, most significant digit first, the last one marked."""
    text = DIGITS[value % _BASE]
    value //= _BASE
    while value:
        text = DIGITS[_BASE + value % _BASE] + text
        value //= _BASE
    return text


_KNOWN = tuple(number(value) for value in range(1 << 14))
_END = "\x7f"
"""Between two tokens of a file: no digit, and taken out of every text before it comes here."""


def _digits(values: Iterable[int], most: int) -> str:
    return "".join(map(_KNOWN.__getitem__ if most < len(_KNOWN) else number, values))


class Doc(NamedTuple):
    """A story as the search knows it: what is shown of it in a list, and its texts."""

    id: str
    day: str
    headline: str
    source: str
    tags: tuple[str, ...]
    lines: str
    facets: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """Stories with consecutive numbers from ``first``, and how they are cut into files."""

    folder: str
    first: int
    docs: tuple[Doc, ...]
    shards: int
    position_shards: int
    texts: int

    def names(self) -> list[str]:
        """The part's files, in the order of :func:`part_files`."""
        each = (("s", self.shards), ("p", self.position_shards), ("t", self._text_files()))
        inner = [f"{kind}/{n}.js" for kind, files in each for n in range(files)]
        return [self.folder + name for name in (*inner, "facets.js")]

    def _text_files(self) -> int:
        return -(-len(self.docs) // self.texts)


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
    step = SEARCH_PART_STORIES
    border = max(0, (len(docs) - step // 2) // step * step) if len(docs) >= 2 * step else 0
    halves = [(0, docs[:border]), (border, docs[border:])] if border else [(0, docs)]
    parts = tuple(_part(first, some) for first, some in halves if some)
    meta = _script("meta", 0, _meta(entries, parts))
    return Plan(f"search/{hashlib.sha256(meta).hexdigest()[:12]}/", meta, parts)


def _doc(entry: Entry) -> Doc:
    story = entry.story
    places = [*entry.counties] or [*entry.cities]
    return Doc(
        id=story.id,
        day=story.published.isoformat() if story.published else "",
        headline=story.headline,
        source=story.source,
        tags=(*(place.name for place in places), *(theme.name for theme in entry.themes)),
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
    digest = hashlib.sha256(f"{_program()} {first}\n".encode())
    digest.update(json.dumps(docs, ensure_ascii=False).encode())
    return Part(
        folder=f"search/{digest.hexdigest()[:12]}/",
        first=first,
        docs=docs,
        shards=_files(characters, SEARCH_SHARD_CHARACTERS),
        position_shards=_files(characters, SEARCH_POSITION_CHARACTERS),
        texts=size,
    )


@cache
def _program() -> str:
    """This file's digest: files that another release writes lie in another folder."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _files(characters: int, each: int) -> int:
    files = 1
    while files * each < characters:
        files *= 2
    return files


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
        "parts": [
            [p.folder.split("/")[1], p.first, len(p.docs), p.shards, p.position_shards, p.texts]
            for p in parts
        ],
        "few": SEARCH_FEW,
        "fold": ["".join(map(chr, FOLD)), "".join(map(chr, FOLD.values()))],
        "places": [[*places[code], counts[code]] for code in sorted(places)],
        "themes": [[slug, name, counts[slug]] for slug, name in sorted(themes.items())],
    }


def part_files(part: Part) -> Iterator[tuple[str, bytes]]:
    """A part's files as (path within the site, bytes)."""
    base = part.folder.split("/")[1]
    rest = _Field([doc.lines for doc in part.docs])
    heads = _Field([doc.headline for doc in part.docs])
    held: list[list[str]] = [[] for _ in range(part.shards)]
    placed: list[list[str]] = [[] for _ in range(part.position_shards)]
    for token in sorted(rest.pairs.keys() | heads.pairs.keys()):
        if " " in token or "\n" in token:
            continue
        stories, positions = rest.take(token)
        head, head_positions = heads.take(token)
        at = _hash(token)
        held[at % part.shards].append(f"{token}{stories} {head}" if head else token + stories)
        if positions or head_positions:
            text = f"{token}{positions} {head_positions}" if head_positions else token + positions
            placed[at % part.position_shards].append(text)
    for char in sorted(rest.chars.keys() | heads.chars.keys()):
        stories, head = rest.singles(char), heads.singles(char)
        text = f" {char}{stories} {head}" if head else f" {char}{stories}"
        held[_hash(char) % part.shards].append(text)
    del rest, heads
    for kind, shards in (("s", held), ("p", placed)):
        for n, texts in enumerate(shards):
            data = "".join(_END + text for text in texts)
            yield f"{part.folder}{kind}/{n}.js", _script(f"{base}/{kind}", n, data)
    for n, start in enumerate(range(0, len(part.docs), part.texts)):
        texts = [doc[:6] for doc in part.docs[start : start + part.texts]]
        yield f"{part.folder}t/{n}.js", _script(f"{base}/t", n, texts)
    columns = [_column([doc.facets[i] for doc in part.docs]) for i in range(4)]
    yield f"{part.folder}facets.js", _script(f"{base}/facets", 0, columns)


class _Field:
    """The pairs and characters of the headlines, or of the rest.

    All texts are one long text, and a pair's places in it one array; stories and places within them
    are told apart only when a list is written. Every loop over characters runs in C.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.pairs: defaultdict[str, array[int]] = defaultdict(_places)
        self.chars: defaultdict[str, array[int]] = defaultdict(_places)
        self._doc = _places()
        self._start = _places()
        start = 0
        for doc, text in enumerate(texts):
            text = fold(text)
            pairs = self.pairs
            for pair, place in zip(map(add, text, text[1:]), count(start), strict=False):
                pairs[pair].append(place)
            for char in set(text):
                self.chars[char].append(doc)
            self._doc.extend(array("I", [doc]) * len(text))
            self._start.append(start)
            start += len(text)
        self.chars.pop("\n", None)
        self.chars.pop(" ", None)
        self._most = len(texts)

    def take(self, pair: str) -> tuple[str, str]:
        """The pair's stories, and its places in each: doubled, an odd number is in the next story."""
        places = self.pairs.pop(pair, None)
        if places is None:
            return "", ""
        docs = list(map(self._doc.__getitem__, places))
        stories = list(dict.fromkeys(docs))
        text = self._gaps(stories)
        if len(stories) <= SEARCH_FEW:
            return text, ""
        inside = list(map(sub, places, map(self._start.__getitem__, docs)))
        fresh = map(ne, docs, [-1, *docs])
        values = list(map(add, map(add, inside, inside), fresh))
        return text, _digits(values, max(values))

    def singles(self, char: str) -> str:
        """The stories with a character."""
        return self._gaps(self.chars[char]) if char in self.chars else ""

    def _gaps(self, stories: Sequence[int]) -> str:
        # A number less one than the gap, because no story comes twice.
        gaps = map(sub, stories, [0, *map(_ONE, stories)])
        return _digits(gaps, self._most)


_ONE = (1).__add__


def _places() -> array[int]:
    return array("I")


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
