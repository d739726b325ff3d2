"""The texts of the reader's search: how they are compared, and how they are packed.

Packed, a Chinese character takes two characters of ASCII, its row and column in GB 2312 (as in RFC
1843); compressed, a story so takes a seventh less than as UTF-8. Every other character stands for
itself after a tilde. Any browser can read GB 2312, so no table is sent.
"""

from __future__ import annotations

from .rights import Shown


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


def fold_runs() -> list[tuple[int, int, int, int]]:
    """:data:`FOLD` as runs of (first, how many, step, what is added), a tenth of its length."""
    runs: list[tuple[int, int, int, int]] = []
    for code in sorted(FOLD):
        added = FOLD[code] - code
        if runs:
            first, many, step, before = runs[-1]
            gap = code - first - (many - 1) * step
            if added == before and ((many == 1 and gap < 3) or gap == step):
                runs[-1] = (first, many + 1, gap, added)
                continue
        runs.append((code, 1, 1, added))
    return runs


def fold(text: str) -> str:
    """The form in which texts and queries are compared; as long as the text itself."""
    return text.translate(FOLD)


def search_lines(story: Shown) -> tuple[str, ...]:
    """What is searched beside the headline, a line each, the lead first: all that a story page
    shows of the story's own words, and no more."""
    captions = [line for p in story.captions for line in (p.caption, p.credit)]
    rest = (story.deck, story.kicker, *captions, story.byline, story.source)
    return tuple(line for line in (*(p.text for p in story.paragraphs), *rest) if line)


_NAMES = "".join(chr(c) for c in range(0x21, 0x7E) if chr(c) not in '"\\<') + "áéíó"
"""Names of the 94 rows and columns. What a script would have to escape is left out, and the last
columns, which are rare, take two bytes."""
_ROWS = (0xA1, 0xA3, *range(0xB0, 0xF8))
"""Punctuation, wide letters, and all ideographs. Rows whose meaning differs between tables are left out."""


class _Packing(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = text = f"~{chr(code)}"
        return text


def _packing() -> _Packing:
    table = _Packing()
    for row in _ROWS:
        for column in range(0xA1, 0xFF):
            char = bytes((row, column)).decode("gbk", "ignore")
            if len(char) == 1:
                table[ord(char)] = _NAMES[row - 0xA1] + _NAMES[column - 0xA1]
    return table


_PACKING = _packing()


def packed(text: str) -> str:
    """A text in rows and columns of GB 2312; ``unpacked`` in ``find.js`` reads it."""
    return text.translate(_PACKING)
