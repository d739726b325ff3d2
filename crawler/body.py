"""Where the story stands on a page whose system is not known.

All visible text is one sequence of blocks. Sentences weigh for the story, links, labels and the words
of page furniture against it; the heaviest run is the story (maximum subsequence segmentation, Pasternack
and Roth, WWW 2009). The markup then says how far it reaches: the smallest element that holds most of the
run. So neither the tags (``p``, ``br``, nested ``section``) nor the depth of the layout matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from .blocks import INLINE, Block, frame_of
from .furniture import EDITORS, END, FULL_STOP, FURNITURE, HAN, MARKS, NOISY, RIGHTS
from .headline import is_info, printed_title
from .webpage import Page

# Ids and classes that content systems give to the body and to nothing else.
BODIES: Final = (
    *("#js_content", "#zoom", "#zoomcon", "#UCAP-CONTENT", "ucapcontent", "#vsb_content"),
    *(".v_news_content", ".TRS_Editor", ".trs_editor_view", "#rwb_zw", "#ozoom", "#articleContent"),
    *(".rm_txt_con", ".art_txt", "#artibody", "#endText", "#Cnt-Main-Article-QQ", "#main_content"),
    *(".article-content", ".article_content", ".pages_content", "#ArticleContent", "#contentText"),
    *("founder-content", "#ContentBody", "#text_content", ".news_txt", "#p-detail", ".post_body"),
    *(".article-detail", "#article_content", "#NewsContent"),
)
BELOW: Final = 80  # blocks below the body in which the editors' line is looked for
_SENTENCES_LEAST: Final = 12  # characters; shorter lines with a comma are also slogans and menus
_HEAVIEST: Final = 300  # one long paragraph must not outweigh the order of the page
_LEAST: Final = 40  # Chinese characters in a body; containers of known names also hold rulers
_MOST_OF_RUN: Final = 0.75  # an element that holds this share of the run's weight is its element
_NOISE_MOST: Final = 0.4  # share of the page's sentences that comments and side columns may hold
_BELOW_MOST: Final = 0.3  # more text than this below the run is comments in the same element
_STRANGERS: Final = 12  # blocks of other elements that an advert or a player may put into a body
_SURVEY: Final = 2  # boxes to tick in one list
_AFTER_THE_END: Final = 0.3  # what a sentence below the end of the story still weighs
_TEASER: Final = 3  # times longer than what stands above 相关新闻: then that is the story
_OWN_WORDS: Final = 40  # weight of sentences before the site's own words begin
_CLEAN: Final = (
    0.5  # share of an element's text that must be the run's, for its edges to be trusted
)


@dataclass(frozen=True, slots=True)
class Run:
    """The story's place in ``page.blocks``: ``first`` ≤ n < ``last``; ``start`` is its first sentence.

    ``without`` are the blocks in between that belong to comments, surveys and adverts.
    """

    first: int
    last: int
    start: int
    by: str
    without: frozenset[int] = frozenset()


def find_body(page: Page, after: int = 0) -> Run | None:
    """The run of blocks that is the story; nothing when the page has no text of that kind.

    ``after`` is the first block that may belong to it (what stands before the headline may not).
    """
    blocks = page.blocks
    weights = [_weight(block) if number >= after else 0.0 for number, block in enumerate(blocks)]
    _silence_own_words(blocks, weights)
    _lower_what_follows(blocks, weights, printed_title(page))
    noise = _Noise(page, weights)
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
    top = _topmost(blocks, weights, first, last, max(after, printed_title(page) + 1))
    end = _downwards(blocks, weights, first, last)
    run = _edges(blocks, weights, element, (top, end), after, by)
    strange = {n for n in range(run.first, run.last) if noise.holds(blocks[n].node)}
    return replace(run, without=frozenset(strange))


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

    def __init__(self, page: Page, weights: Sequence[float]) -> None:
        blocks = page.blocks
        self._known: dict[HtmlElement, bool] = {}
        self._surveys = _surveys(page)
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
            named = (_is_noisy(one) or one in self._surveys) and self._held.get(
                one, 0.0
            ) <= self._believed
            found = found or named
            self._known[one] = found
        return found


def _surveys(page: Page) -> frozenset[HtmlElement]:
    """Elements that hold several boxes to tick: questions to the reader, between two paragraphs."""
    held: dict[HtmlElement, int] = {}
    for box in page.tree.iter("input"):
        if (box.get("type") or "").lower() in ("radio", "checkbox"):
            for up in islice(box.iterancestors(), 3):
                held[up] = held.get(up, 0) + 1
    return frozenset(element for element, count in held.items() if count >= _SURVEY)


def _silence_own_words(blocks: Sequence[Block], weights: list[float]) -> None:
    """What follows 声明 in the same element is the site speaking, not the story."""
    passed = 0.0
    silent: HtmlElement | None = None
    for number, block in enumerate(blocks):
        if END.match(block.text) and RIGHTS.search(block.text) and passed > _OWN_WORDS:
            silent = frame_of(block.node)
        elif silent is not None and weights[number] > 0 and frame_of(block.node) is silent:
            weights[number] = -10.0
        passed += max(0.0, weights[number])


def _lower_what_follows(blocks: Sequence[Block], weights: list[float], title: int) -> None:
    """A short story under its headline outweighs the longer teasers below 相关新闻 or 声明."""
    if title < 0:
        return
    end = passed = 0
    homes: set[HtmlElement | None] = set()
    for end in range(title + 1, len(blocks)):
        if passed >= _OWN_WORDS and END.match(blocks[end].text):
            break
        if weights[end] > 0:
            passed += weights[end]
            homes.add(frame_of(blocks[end].node))
    below: dict[HtmlElement | None, float] = {}
    for number in range(end, len(blocks)):
        if weights[number] > 0:
            home = frame_of(blocks[number].node)
            below[home] = below.get(home, 0.0) + weights[number]
    # A teaser above the story may have been taken for it: then the rest is much the longer.
    if max(below.values(), default=0.0) > passed * _TEASER:
        return
    for number in range(end, len(blocks)):
        # 推荐阅读 in a frame of its own, and the story goes on: those lines have the same home
        if weights[number] > 0 and frame_of(blocks[number].node) not in homes:
            weights[number] *= _AFTER_THE_END


def _topmost(
    blocks: Sequence[Block], weights: Sequence[float], first: int, last: int, lowest: int
) -> int:
    """Over a frame of other stories back to the story's first sentences, which stand above it."""
    homes = {frame_of(blocks[n].node) for n in range(first, last) if weights[n] > 0}
    top, strangers = first, 0
    for number in range(first - 1, lowest - 1, -1):
        if strangers > _STRANGERS:
            break
        if blocks[number].text and frame_of(blocks[number].node) not in homes:
            strangers += 1
        elif weights[number] > 0:
            top = number
    return top


def _downwards(blocks: Sequence[Block], weights: Sequence[float], first: int, last: int) -> int:
    """Past the last sentence over lists and tables that stand among the same lines."""
    homes = {frame_of(blocks[n].node) for n in range(first, last) if weights[n] > 0}
    end, strangers = last, 0
    for number in range(last, len(blocks)):
        own = frame_of(blocks[number].node) in homes
        if strangers > _STRANGERS or (own and END.match(blocks[number].text)):
            break
        if not blocks[number].text:
            continue
        if not own:
            strangers += 1
        elif weights[number] >= -8.0:
            end = number + 1
    return end


def _is_noisy(element: HtmlElement) -> bool:
    if element.tag in INLINE:
        return False
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
    marks = MARKS.search(text) is not None
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
            first, last = heavy[0], max(heavy[-1] + 1, min(last, numbers[-1] + 1))
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
    # Where the text is one line, its element holds nothing else; the picture stands beside it.
    frame = frame_of(blocks[start].node)
    while at > 0 and blocks[at - 1].image and frame_of(blocks[at - 1].node) is frame:
        at -= 1
    return at
