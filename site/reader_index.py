"""The reader's search: an index of overlapping character pairs, cut into small script files.

Found means found: any string that stands within one line of what a story page shows is found, and
nothing else is. A string of one or two characters is one posting list. A longer one is covered by
pairs whose lists are intersected, and whose positions then prove that they stand side by side; so
the count is exact. (Reading texts to check would move megabytes for a common phrase: ten thousand
stories are 18 MB compressed. Only where at most ten stories are left, which will be shown anyway, are
their texts read instead of positions.) Headline and rest are indexed apart, because headline hits
come first.

The files are scripts that hand data to one function, since a page opened from disk may load scripts
but not fetch data. They lie in a folder named after their content: every file in it may be cached
for ever, and a page of one build never mixes with the index of another.

``site/assets/find.js`` reads this format; ``tests/site/test_search_in_chromium.py`` holds the two
together. Numbers are written in base 45: digits 45–89 mean that more follow, 0–44 end a number.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any

from ..index.limits import SEARCH_SHARD_BYTES, SEARCH_TEXT_BYTES
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


def shard_of(token: str, shards: int) -> int:
    """Which file holds a token (a multiplicative hash; the browser computes the same)."""
    h = 2166136261
    for char in token:
        h = ((h ^ ord(char)) * 0x9E3779B1) & 0xFFFFFFFF
    return (h >> 16) % shards


def number(value: int) -> str:
    """A number in base 45, most significant digit first, the last one marked."""
    text = DIGITS[value % _BASE]
    value //= _BASE
    while value:
        text = DIGITS[_BASE + value % _BASE] + text
        value //= _BASE
    return text


_KNOWN = tuple(number(value).encode("ascii") for value in range(1 << 15))


def _digits(value: int) -> bytes:
    return _KNOWN[value] if value < len(_KNOWN) else number(value).encode("ascii")


class _Posting:
    """One token's stories as gaps, and for a pair its positions in each of them.

    A position is a gap to the one before, doubled; an odd number is a first one in the next story.
    """

    __slots__ = ("doc", "place", "positions", "stories")

    def __init__(self) -> None:
        self.doc = -1
        self.place = 0
        self.stories = bytearray()
        self.positions = bytearray()


class _Field(dict[str, _Posting]):
    """The tokens of the headlines, or of the rest. The loop is kept flat: it sees every character
    of the site. Pairs across a space or the end of a line are left out at the end, not in it."""

    def add(self, doc: int, lines: Sequence[str]) -> None:
        text = fold("\n".join(lines))
        digits = _KNOWN.__getitem__ if doc + 2 * len(text) < len(_KNOWN) else _digits
        for place, pair in enumerate(map(add, text, text[1:])):
            posting = self.get(pair)
            if posting is None:
                posting = self[pair] = _Posting()
            if posting.doc == doc:
                posting.positions += digits((place - posting.place) * 2)
            else:
                posting.stories += digits(doc - posting.doc - 1)
                posting.positions += digits(place * 2 + 1)
                posting.doc = doc
            posting.place = place
        for char in set(text):
            posting = self.get(char)
            if posting is None:
                posting = self[char] = _Posting()
            posting.stories += digits(doc - posting.doc - 1)
            posting.doc = doc

    def tokens(self) -> set[str]:
        return {token for token in self if " " not in token and "\n" not in token}


_NOWHERE = _Posting()


@dataclass(frozen=True, slots=True)
class SearchFiles:
    """``folder`` (``search/<digest>/``) and its files as (path within the site, bytes)."""

    folder: str
    files: list[tuple[str, bytes]]


def index_files(view: View) -> SearchFiles:
    """Everything the reader's search loads. Stories are numbered oldest first, so that a new one
    leaves the numbers of the others alone."""
    entries = view.entries[::-1]
    rest, heads = _Field(), _Field()
    for doc, entry in enumerate(entries):
        rest.add(doc, search_lines(entry.story))
        heads.add(doc, (entry.story.headline,))
    fields = (rest, heads)
    tokens = sorted(rest.tokens() | heads.tokens())
    weight = sum(8 + len(posting.stories) for field in fields for posting in field.values())
    shards = 1
    while shards * SEARCH_SHARD_BYTES < weight:
        shards *= 2
    stories = (
        (token, [field.get(token, _NOWHERE).stories for field in fields]) for token in tokens
    )
    pairs = (token for token in tokens if len(token) > 1)
    positions = (
        (pair, [field.get(pair, _NOWHERE).positions for field in fields]) for pair in pairs
    )
    files = [*_shards("s", shards, stories), *_shards("p", shards, positions)]
    starts: list[int] = []
    for count, (start, texts) in enumerate(_texts(entries)):
        starts.append(start)
        files.append((f"t/{count}.js", _script("t", count, texts)))
    files.append(("meta.js", _script("meta", 0, _meta(entries, shards, starts))))
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(name.encode("ascii") + b"\0" + hashlib.sha256(data).digest())
    folder = f"search/{digest.hexdigest()[:12]}/"
    return SearchFiles(folder, [(folder + name, data) for name, data in files])


def _shards(
    kind: str, shards: int, lists: Iterable[tuple[str, list[bytearray]]]
) -> Iterable[tuple[str, bytes]]:
    held: list[dict[str, str]] = [{} for _ in range(shards)]
    for token, (rest, head) in lists:
        text = rest.decode("ascii")
        held[shard_of(token, shards)][token] = f"{text} {head.decode('ascii')}" if head else text
    for count, tokens in enumerate(held):
        yield f"{kind}/{count}.js", _script(kind, count, tokens)


def _texts(entries: Sequence[Entry]) -> Iterable[tuple[int, list[list[str]]]]:
    start, size, texts = 0, 0, []
    for doc, entry in enumerate(entries):
        story = entry.story
        day = story.published.isoformat() if story.published else ""
        text = "\n".join(search_lines(story))
        if texts and size + len(text) > SEARCH_TEXT_BYTES // 3:
            yield start, texts
            start, size, texts = doc, 0, []
        texts.append([story.id, day, story.headline, text])
        size += len(text) + len(story.headline)
    if texts:
        yield start, texts


def _meta(entries: Sequence[Entry], shards: int, starts: list[int]) -> dict[str, Any]:
    places: dict[str, tuple[str, str, str]] = {}
    for entry in entries:
        for city in entry.cities:
            places[city.code] = (city.code, city.name, "")
            for unit in city.counties:
                if unit in entry.counties:
                    places[unit.code] = (unit.code, unit.name, city.code)
    themes = {theme.slug: theme.name for entry in entries for theme in entry.themes}
    return {
        "docs": len(entries),
        "shards": shards,
        "fold": ["".join(map(chr, FOLD)), "".join(map(chr, FOLD.values()))],
        "texts": _gaps(starts),
        "places": [places[code] for code in sorted(places)],
        "themes": sorted(themes.items()),
        "place": _column(
            [[*(c.code for c in e.cities), *(c.code for c in e.counties)] for e in entries]
        ),
        "theme": _column([[theme.slug for theme in e.themes] for e in entries]),
        "source": _column([[e.story.source] if e.story.source else [] for e in entries]),
        "week": _column([[e.week] for e in entries]),
    }


def _column(values: list[list[str]]) -> list[Any]:
    """A property of every story: the combinations that occur, commonest first, and one number each."""
    counts = Counter(tuple(value) for value in values)
    combos = sorted(counts, key=lambda combo: (-counts[combo], combo))
    place = {combo: at for at, combo in enumerate(combos)}
    return [combos, "".join(number(place[tuple(value)]) for value in values)]


def _gaps(values: list[int]) -> str:
    return "".join(number(b - a) for a, b in zip([0, *values], values, strict=False))


def _script(kind: str, count: int, data: Any) -> bytes:
    """One call of the page's function. ``<`` and the two line separators are escaped, so that the
    text of a story can close neither a script element nor a line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'jianbao("{kind}",{count},{text})\n'.encode()
