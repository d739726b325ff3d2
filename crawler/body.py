"""Where the story stands on a page whose system is not known.

All visible text is one sequence of blocks. Sentences weigh for the story, links, labels and the words
of page furniture against it; the heaviest run is the story (maximum subsequence segmentation, Pasternack
and Roth, WWW 2009). The markup then says how far it reaches: the smallest element that holds most of the
run. So neither the tags (``p``, ``br``, nested ``section``) nor the depth of the layout matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from .furniture import EDITORS, END, FULL_STOP, FURNITURE, HAN, MARKS, NOISY
from .headline import is_info
from .webpage import Block, Page

# Ids and classes that content systems give to the body and to nothing else.
BODIES: Final = (
    *("#js_content", "#zoom", "#zoomcon", "#UCAP-CONTENT", "ucapcontent", "#vsb_content"),
    *(".v_news_content", ".TRS_Editor", ".trs_editor_view", "#rwb_zw", "#ozoom", "#articleContent"),
    *(".rm_txt_con", ".art_txt", "#artibody", "#endText", "#Cnt-Main-Article-QQ", "#main_content"),
    *(".article-content", ".article_content", ".pages_content", "#ArticleContent", "#contentText"),
    *("founder-content", "#ContentBody", "#text_content", ".news_txt", "#p-detail", ".post_body"),
    *(".article-detail", "#article_content", "#NewsContent"),
)
BELOW: Final = 40  # blocks below the body in which the editors' line is looked for
_SENTENCES_LEAST: Final = 12  # characters; shorter lines with a comma are also slogans and menus
_HEAVIEST: Final = 300  # one long paragraph must not outweigh the order of the page
_LEAST: Final = 60  # Chinese characters in a body; containers of known names also hold rulers
_MOST_OF_RUN: Final = 0.75  # an element that holds this share of the run's weight is its element
_NOISE_MOST: Final = 0.4  # share of the page's sentences that comments and side columns may hold
_BELOW_MOST: Final = 0.3  # more text than this below the run is comments in the same element
_CLEAN: Final = (
    0.5  # share of an element's text that must be the run's, for its edges to be trusted
)


@dataclass(frozen=True, slots=True)
class Run:
    """The story's place in ``page.blocks``: ``first`` ≤ n < ``last``; ``start`` is its first sentence."""

    first: int
    last: int
    start: int
    by: str


def find_body(page: Page, after: int = 0) -> Run | None:
    """The run of blocks that is the story; nothing when the page has no text of that kind.

    ``after`` is the first block that may belong to it (what stands before the headline may not).
    """
    blocks = page.blocks
    weights = [_weight(block) if number >= after else 0.0 for number, block in enumerate(blocks)]
    noise = _Noise(blocks, weights)
    weights = [
        -10.0 if weight > 0 and noise.holds(block.node) else weight
        for block, weight in zip(blocks, weights, strict=True)
    ]
    first, last = _heaviest(weights)
    if last == first or sum(len(HAN.findall(blocks[n].text)) for n in range(first, last)) < _LEAST:
        return None
    total = sum(max(0.0, weights[n]) for n in range(first, last))
    element = _holder(blocks, weights, first, last, total)
    known = _known(page, blocks, weights, total)
    by = "looks"
    if known is not None:
        element, by = known, "looks, body by its name"
    return _edges(blocks, weights, element, (first, last), after, by)


def span_of(page: Page, element: HtmlElement) -> tuple[int, int]:
    """The blocks of an element as a range; empty when it shows nothing."""
    within = set(element.iter())
    numbers = [n for n, block in enumerate(page.blocks) if block.node in within]
    return (numbers[0], numbers[-1] + 1) if numbers else (0, 0)


def below(page: Page, element: HtmlElement) -> Sequence[Block]:
    """The blocks after an element: the editors' line often stands there."""
    last = span_of(page, element)[1]
    return page.blocks[last : last + BELOW]


class _Noise:
    """Whether an element lies inside one whose name says comments, related stories, footer.

    A name is not believed when most sentences of the page stand inside: ``post-with-sidebar``.
    """

    def __init__(self, blocks: Sequence[Block], weights: Sequence[float]) -> None:
        self._known: dict[HtmlElement, bool] = {}
        self._held = _held(blocks, weights, 0, len(blocks))
        self._believed = _NOISE_MOST * sum(weight for weight in weights if weight > 0)

    def holds(self, node: HtmlElement | None) -> bool:
        path: list[HtmlElement] = []
        found = False
        while node is not None and node.tag != "body":
            if node in self._known:
                found = self._known[node]
                break
            path.append(node)
            node = node.getparent()
        for one in reversed(path):
            named = _is_noisy(one) and self._held.get(one, 0.0) <= self._believed
            found = found or named
            self._known[one] = found
        return found


def _is_noisy(element: HtmlElement) -> bool:
    if element.tag in ("footer", "nav", "aside", "form") and element.get("method") is None:
        return element.tag != "form"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and NOISY.search(names) is not None


def _weight(block: Block) -> float:
    text = block.text
    if not text:
        return 0.0
    size = len(text)
    if block.linked > 0.5:
        return -10.0 - min(size, 40)
    if END.match(text):
        return -120.0
    if size < 120 and (FURNITURE.match(text) or EDITORS.match(text)):
        return -15.0
    if size < 160 and is_info(text) and not FULL_STOP.search(text):
        return -8.0
    marks = len(MARKS.findall(text))
    if (size >= _SENTENCES_LEAST and marks) or FULL_STOP.search(text) or size > 60:
        return min(size, _HEAVIEST) * (1 - block.linked) * (1.0 if marks else 0.3)
    return -8.0


def _heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """The range of the largest sum (Kadane's algorithm)."""
    best, best_range, total, start = 0.0, (0, 0), 0.0, 0
    for number, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, number
        total += weight
        if total > best:
            best, best_range = total, (start, number + 1)
    return best_range


def _holder(
    blocks: Sequence[Block], weights: Sequence[float], first: int, last: int, total: float
) -> HtmlElement | None:
    """The smallest element with most of the run's weight."""
    held = _held(blocks, weights, first, last)
    best: HtmlElement | None = None
    depth = -1
    for element, weight in held.items():
        if weight >= total * _MOST_OF_RUN:
            deep = sum(1 for _ in element.iterancestors())
            if deep > depth:
                best, depth = element, deep
    return best


def _held(
    blocks: Sequence[Block], weights: Sequence[float], first: int, last: int
) -> dict[HtmlElement, float]:
    """How much of the sentences in a range each element holds."""
    held: dict[HtmlElement, float] = {}
    for number in range(first, last):
        node = blocks[number].node
        if weights[number] <= 0:
            continue
        while node is not None:
            held[node] = held.get(node, 0.0) + weights[number]
            node = node.getparent()
    return held


def _known(
    page: Page, blocks: Sequence[Block], weights: Sequence[float], total: float
) -> HtmlElement | None:
    """An element with a body's name that holds at least half of what was found."""
    held = _held(blocks, weights, 0, len(blocks))
    named = [found for found in page.all(", ".join(BODIES)) if held.get(found, 0.0) >= total / 2]
    # The innermost: names like these are also given to what holds body, share bar and comments.
    return named[-1] if named else None


def _edges(
    blocks: Sequence[Block],
    weights: Sequence[float],
    element: HtmlElement | None,
    run: tuple[int, int],
    after: int,
    by: str,
) -> Run:
    first, last = run
    if element is not None:
        within = set(element.iter())
        numbers = [n for n, b in enumerate(blocks) if n >= after and b.node in within]
        heavy = [n for n in numbers if weights[n] > 0 and (first <= n < last or by != "looks")]
        if heavy:
            text = sum(len(blocks[n].text) for n in numbers)
            good = sum(len(blocks[n].text) for n in numbers if weights[n] > 0)
            start = heavy[0]
            below = [n for n in numbers if n >= last]
            if sum(len(blocks[n].text) for n in below) > _BELOW_MOST * good:
                numbers = [n for n in numbers if n < last + 3]
            if good >= text * _CLEAN:
                return Run(_upwards(blocks, weights, numbers[0], start), numbers[-1] + 1, start, by)
            first, last = heavy[0], heavy[-1] + 1
    start = next((n for n in range(first, last) if weights[n] > 0), first)
    end = last
    # A last line without a full stop (a name, a unit) weighs nothing; it is still the story's.
    while end < len(blocks) and end < last + 3 and blocks[end].node is blocks[last - 1].node:
        end += 1
    return Run(_upwards(blocks, weights, max(after, first - 4), start), end, start, by)


def _upwards(blocks: Sequence[Block], weights: Sequence[float], lowest: int, start: int) -> int:
    """From the first sentence back over pictures, captions and byline lines, not over links."""
    at = start
    while at > lowest and (not blocks[at - 1].text or weights[at - 1] == -8.0):
        at -= 1
    return at
