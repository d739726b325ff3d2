"""The reader's search: an index of overlapping character pairs, cut into small script files.

Found means found: any string that stands within one line of what a story page shows is found, and
nothing else is. A string of one or two characters is one posting list. A longer one is covered by
pairs, whose places must stand side by side; so the count is exact. (Reading texts to check would move
megabytes for a common phrase: ten thousand stories are 18 MB compressed. Only where at most ten
stories are left, which will be shown anyway, are their texts read instead of places.)

A place is a number in one long row of slots: a story takes as many slots of ``SLOT`` characters as it
needs, headline first, and at least one character stays free. Rare pairs have a list of places, which
tells the stories, too; common ones have a list of stories, and their places in these stories apart.

The stories are numbered oldest first and stand in two parts: the bulk, whose end moves in steps, and
the newest few hundred. A day's stories so touch the small part only: the bulk is neither built nor
uploaded again, and stays in readers' caches. Where the parts divide depends on the number of stories
alone, not on what was built before.

The files are scripts that hand data to one function, since a page opened from disk may load scripts
but not fetch data. Each part lies in a folder named after its content: every file in it may be cached
for ever, and a page of one build never mixes with the index of another. In a part's folder:

* ``s/N.js``: common pairs with their stories and, after a space, those that have them in the headline;
  rare pairs with a space and their places. All as gaps;
* ``c/N.js``: the same for single characters, and for pairs with a punctuation mark, which few ask for;
* ``p/N.js``: common pairs with their places in each of their stories, doubled; an odd number is the
  first in the next story;
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, count
from operator import add, ne, sub
from pathlib import Path
from typing import Any, NamedTuple

from ..index.limits import (
    SEARCH_FEW,
    SEARCH_INLINE,
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


def _file_of(token: str, files: Sequence[object]) -> int:
    """Which of the files holds a token: even or odd as its first character is, and else by a
    multiplicative hash. The browser computes the same."""
    h = 2166136261
    for char in token:
        h = ((h ^ ord(char)) * 0x9E3779B1) & 0xFFFFFFFF
    return (h >> 12) % (len(files) // 2) * 2 + ord(token[0]) % 2


def _is_word(pair: str) -> bool:
    """No punctuation in it, by a rule that the browser has, too: ideographs, small letters, digits."""
    return all(
        "\u3400" <= c < "\uf900" or c > "\uffff" or "a" <= c <= "z" or (c.isdecimal() and c < ":")
        for c in pair
    )


def number(value: int) -> str:
    """A number in base 45, most significant digit first, the last one marked."""
    text = DIGITS[value % _BASE]
    value //= _BASE
    while value:
        text = DIGITS[_BASE + value % _BASE] + text
        value //= _BASE
    return text


_KNOWN = tuple(number(value) for value in range(1 << 14))
_LEADING = tuple(
    "".join(DIGITS[_BASE + DIGITS.index(c) % _BASE] for c in known) for known in _KNOWN
)
_LAST_TWO = tuple(
    DIGITS[_BASE + value // _BASE] + DIGITS[value % _BASE] for value in range(_BASE**2)
)
_END = "\x7f"
"""Between two tokens of a file: no digit, and taken out of every text before it comes here."""
SLOT = 512
HEAD = 64
"""Where the rest begins in a story's first slot, unless the headline is longer."""


def _gaps(values: Sequence[int]) -> str:
    """Ascending numbers, written as the gaps between them less one."""
    return "".join(
        [
            _KNOWN[gap]
            if gap < len(_KNOWN)
            else _LEADING[gap // _BASE**2] + _LAST_TWO[gap % _BASE**2]
            if gap < len(_KNOWN) * _BASE**2
            else number(gap)
            for gap in map(sub, values, [0, *map(_ONE, values)])
        ]
    )


def _digits(value: int) -> str:
    return _KNOWN[value] if value < len(_KNOWN) else number(value)


_ONE = (1).__add__


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
    rare_shards: int
    position_shards: int
    texts: int

    def names(self) -> list[str]:
        """The part's files, in the order of :func:`part_files`."""
        each = (
            ("s", self.shards),
            ("c", self.rare_shards),
            ("p", self.position_shards),
            ("t", -(-len(self.docs) // self.texts)),
        )
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
    limits = (SEARCH_INLINE, SEARCH_SHARD_CHARACTERS, SEARCH_POSITION_CHARACTERS, size)
    digest = hashlib.sha256(f"{_program()} {first} {limits}\n".encode())
    digest.update(json.dumps(docs, ensure_ascii=False).encode())
    return Part(
        folder=f"search/{digest.hexdigest()[:12]}/",
        first=first,
        docs=docs,
        shards=_files(characters, SEARCH_SHARD_CHARACTERS),
        rare_shards=_files(characters, SEARCH_SHARD_CHARACTERS * 4),
        position_shards=_files(characters, SEARCH_POSITION_CHARACTERS),
        texts=size,
    )


@cache
def _program() -> str:
    """This file's digest: files that another release writes lie in another folder."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _files(characters: int, each: int) -> int:
    files = 2
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
            [
                p.folder.split("/")[1],
                p.first,
                len(p.docs),
                p.shards,
                p.rare_shards,
                p.position_shards,
                p.texts,
            ]
            for p in parts
        ],
        "slots": ["".join(number(slots(doc)) for doc in p.docs) for p in parts],
        "heads": [
            [[n, _rest(doc)] for n, doc in enumerate(p.docs) if _rest(doc) != HEAD] for p in parts
        ],
        "few": SEARCH_FEW,
        "fold": ["".join(map(chr, FOLD)), "".join(map(chr, FOLD.values()))],
        "places": [[*places[code], counts[code]] for code in sorted(places)],
        "themes": [[slug, name, counts[slug]] for slug, name in sorted(themes.items())],
    }


def part_files(part: Part, half: int | None = None) -> Iterator[tuple[str, bytes]]:
    """A part's files as (path within the site, bytes).

    The files of even and of odd numbers share no token, so that two processes can make a ``half``
    each; the even one has the texts and facets, too.
    """
    base = part.folder.split("/")[1]
    for kind, shards in _Row(part, half).shards().items():
        for n, texts in enumerate(shards):
            if half is not None and n % 2 != half:
                continue
            data = "".join([_END + text for text in texts])
            yield f"{part.folder}{kind}/{n}.js", _script(f"{base}/{kind}", n, data)
    if half == 1:
        return
    for n, start in enumerate(range(0, len(part.docs), part.texts)):
        texts = [doc[:6] for doc in part.docs[start : start + part.texts]]
        yield f"{part.folder}t/{n}.js", _script(f"{base}/t", n, texts)
    columns = [_column([doc.facets[i] for doc in part.docs]) for i in range(4)]
    yield f"{part.folder}facets.js", _script(f"{base}/facets", 0, columns)


def slots(doc: Doc) -> int:
    """How many slots a story takes; the last character of the last stays free."""
    return (_rest(doc) + len(doc.lines)) // SLOT + 1


def _rest(doc: Doc) -> int:
    return max(HEAD, len(doc.headline) + 1)


class _Row:
    """The places of all pairs of a part, and the stories of all characters.

    The loop over characters does nothing but append; what can be is done for whole lists, in C.
    """

    def __init__(self, part: Part, half: int | None = None) -> None:
        self._part = part
        self._half = half
        self._pairs: defaultdict[str, array[int]] = defaultdict(_array)
        self._chars: defaultdict[str, array[int]] = defaultdict(_array)
        self._heads: defaultdict[str, array[int]] = defaultdict(_array)
        self._doc_of: list[int] = []
        self._start_of: list[int] = []
        pairs, chars = self._pairs, self._chars
        for number_, doc in enumerate(part.docs):
            head, rest = fold(doc.headline), fold(doc.lines)
            start = len(self._doc_of) * SLOT
            for text, first in ((head, start), (rest, start + _rest(doc))):
                found = zip(map(add, text, text[1:]), count(first), strict=False)
                if half is not None:
                    found = compress(found, text.encode("utf-32-le")[::4].translate(_HALF[half]))
                for pair, place in found:
                    pairs[pair].append(place)
            for char in {*head, *rest}:
                chars[char].append(number_)
            for token in {*head, *map(add, head, head[1:])}:
                self._heads[token].append(number_)
            self._start_of.append(start)
            self._doc_of += [number_] * slots(doc)

    def shards(self) -> dict[str, list[list[str]]]:
        """The entries of the ``s``, ``c`` and ``p`` files. The places are used up."""
        part = self._part
        main: list[list[str]] = [[] for _ in range(part.shards)]
        rare: list[list[str]] = [[] for _ in range(part.rare_shards)]
        placed: list[list[str]] = [[] for _ in range(part.position_shards)]
        doc_of, start_of = self._doc_of.__getitem__, self._start_of.__getitem__
        for pair in sorted(self._pairs):
            places = self._pairs.pop(pair)
            if " " in pair or "\n" in pair:
                continue
            held = main if _is_word(pair) else rare
            if len(places) <= SEARCH_INLINE:
                held[_file_of(pair, held)].append(f"{pair} {_gaps(places)}")
                continue
            docs = list(map(doc_of, map(_SLOT_OF, places)))
            held[_file_of(pair, held)].append(pair + self._stories(pair, list(dict.fromkeys(docs))))
            inside = list(map(sub, places, map(start_of, docs)))
            values = map(add, map(add, inside, inside), map(ne, docs, [-1, *docs]))
            placed[_file_of(pair, placed)].append(pair + "".join(map(_digits, values)))
        for char in sorted(self._chars.keys() - {" ", "\n"}):
            if self._half is not None and ord(char) % 2 != self._half:
                continue
            text = self._stories(char, self._chars[char])
            rare[_file_of(char, rare)].append(f" {char}{text}")
        return {"s": main, "c": rare, "p": placed}

    def _stories(self, token: str, stories: Sequence[int]) -> str:
        heads = self._heads.get(token)
        return f"{_gaps(stories)} {_gaps(heads)}" if heads else _gaps(stories)


_HALF = tuple(bytes(n % 2 == half for n in range(256)) for half in (0, 1))
_SLOT_OF = SLOT.__rfloordiv__


def _array() -> array[int]:
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
