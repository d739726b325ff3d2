"""Who finds the story on a page: the source's rule, its family's, the eye, and readability last.

Each step hands on to the next when what it found is no story: a rule whose body is missing, a family
whose layout changed, a page of a system that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ..index.limits import STORY_CHARACTERS
from .families import FAMILIES, Family, Parts
from .furniture import END, RIGHTS
from .headline import find_headline, read_head
from .second import readable_blocks
from .sources import Rule, Source
from .webpage import Block, Page, blocks_of, text_of

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_OWN_LONGEST: Final = 200  # characters of a site's words about itself


def family_of(page: Page) -> Family:
    """The family whose fingerprint the page carries; ``plain`` when none does."""
    return next(
        (family for family in FAMILIES.values() if family.recognises(page)), FAMILIES["plain"]
    )


def find_parts(
    page: Page, family: Family, source: Source | None, day: date | None
) -> tuple[Parts, str] | None:
    """The parts of the page and who found them; nothing when it holds no story.

    Args:
        page: the page.
        family: the family of its source, or the one that its looks suggest.
        source: its source, whose rules are tried in order where they hold on ``day``.
        day: the day of publication as far as it is known before reading.
    """
    parts = family.parts(page)
    for number, rule in enumerate(source.rules if source else (), start=1):
        if not rule.holds_on(day):
            continue
        base = FAMILIES[rule.family].parts(page) if rule.family else parts
        if ruled := _by_rule(page, rule, base):
            return ruled, f"source rule {rule.version or number}"
    if parts and _is_story(parts.blocks):
        return parts, family.name
    # Another system, or a layout that its rule does not know: by its looks then.
    if family.name != "plain" and (seen := FAMILIES["plain"].parts(page)):
        return seen, "looks"
    if parts:
        return parts, family.name
    blocks = readable_blocks(page)
    if not blocks or not _is_story(blocks):
        return None
    start = next((n for n, one in enumerate(page.blocks) if one.text == blocks[0].text), 0)
    headline, at = find_headline(page, start)
    kicker, deck, info = read_head(page, at, start, start)
    return (Parts(blocks, headline, kicker, deck, info), "readability") if headline else None


def printed_info(page: Page, parts: Parts) -> list[Block]:
    """The blocks between the printed headline and the body's first line: meta line, byline, buttons."""
    first = next((one.text for one in parts.blocks if one.text), "")
    start = next((n for n, one in enumerate(page.blocks) if one.text == first), -1)
    if start <= 0:
        return []
    # The headline may stand in two blocks, or behind a column's name in one.
    at = next(
        (n for n in range(start - 1, -1, -1) if _is_of(parts.headline, page.blocks[n].text)), -1
    )
    return page.blocks[max(at + 1, start - _AROUND) : start] if at >= 0 else []


def _is_of(headline: str, text: str) -> bool:
    return len(text) > _PART and (text in headline or headline in text[: 2 * len(headline)])


_PART: Final = 5  # characters; shorter halves of headlines are also words of the navigation
_AROUND: Final = 30  # blocks above the body; share bars are long


def _is_story(blocks: Sequence[Block]) -> bool:
    """Whether the blocks hold text enough that is not the site speaking of itself."""
    story = "".join(one.text for one in blocks if not _is_own(one.text))
    return len(_HAN.findall(story)) >= STORY_CHARACTERS


def _is_own(text: str) -> bool:
    """Whether a site speaks of its rights: 凡本网注明…, 转载…版权…"""
    if len(text) > _OWN_LONGEST:
        return False
    words = set(RIGHTS.findall(text))
    return len(words) > 1 or bool(words and END.match(text))


def _by_rule(page: Page, rule: Rule, parts: Parts | None) -> Parts | None:
    """The family's parts with the rule's selectors in their place; nothing when its body is missing."""
    body = page.first(rule.body) if rule.body else None
    if rule.body and body is None:
        return None
    blocks = blocks_of(body, page) if body is not None else (parts.blocks if parts else None)
    if blocks is None:
        return None
    base = parts or Parts(blocks, "")
    texts = {
        name: text_of(found)
        for name in ("headline", "kicker", "deck", "info")
        if (selector := getattr(rule, name)) and (found := page.first(selector)) is not None
    }
    ruled = replace(base, blocks=blocks, **texts)
    return ruled if ruled.headline else None
