"""The law of page repair: no character is lost or invented, whatever the text."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.crawler.pagetext import PageSplit, split_page
from jianbao.index.story import Story

from .generator import make_page, own_stories

_LINES = sorted(
    {line.removeprefix("## ") for story in own_stories()[:12] for line in story["paragraphs"]}
    | {story["headline"] for story in own_stories()}
)
_MARKS = ["□ 本报记者 柳青禾", "（柳青禾）", "（记者 柳青禾）（下转第三版）", "本报讯（记者 柳青禾）近日，", "资料图片", "白渡 摄", "——一个村的账本", "文水县", "文水县：", "第3版", "责任编辑：苗禾", "【广告】", "（", "）", "“", "：", "。", "，", "……", "　", "2026年11月3日", "big", "U\u200b+"]  # fmt: skip
_HAN = st.text(
    alphabet="党员支部村镇的了在一二三，。：；“”（）\u3000 \u20bb7𠮷", min_size=1, max_size=60
)
_CUT = st.builds(
    lambda line, at: line[: max(1, at % len(line))], st.sampled_from(_LINES), st.integers(0, 400)
)
_FRAGMENT = st.one_of(st.sampled_from(_LINES), _CUT, st.sampled_from(_MARKS), _HAN)
_TEXTS = st.lists(
    st.tuples(_FRAGMENT, st.sampled_from(["\n", "\n\n", "\n\n\n\n", "", " "])), max_size=18
).map(lambda parts: "".join(f"{fragment}{gap}" for fragment, gap in parts))


def _han(text: str) -> str:
    return "".join(re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", text))


def _fields(story: Story) -> list[str]:
    pictures = [words for p in story.pictures for words in (p.caption, p.credit)]
    return [
        story.kicker,
        story.headline,
        story.deck,
        story.byline.raw,
        *(p.text for p in story.paragraphs),
        *pictures,
    ]


def _is_in_order(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


def check_law(split: PageSplit) -> None:
    """Pieces partition the ink; fields and set-aside text hold every Han character once, in order."""
    seen = [False] * len(split.text)
    for piece in split.pieces:
        assert piece.start < piece.end
        assert split.text[piece.start : piece.end] == split.text[piece.start : piece.end].strip()
        for at in range(piece.start, piece.end):
            assert not seen[at]
            seen[at] = True
    assert all(taken or char.isspace() for taken, char in zip(seen, split.text, strict=True))
    fields = [field for story in split.stories() for field in _fields(story)]
    aside = [item.text for item in split.set_aside()]
    whole = _han(split.text)
    assert Counter(_han("".join([*fields, *aside]))) == Counter(whole)
    for story in split.stories():
        paragraphs = "".join(p.text for p in story.paragraphs)
        for field in (story.kicker, story.headline, story.deck, story.byline.raw, paragraphs):
            assert _is_in_order(_han(field), whole)
    assert {repair.kind for _, repair in split.repairs} <= set(_KINDS)


_KINDS = ("joined", "joined-across", "headline-returned", "caption-out", "byline-out", "set-aside", "by-editor", "cleaned")  # fmt: skip


@settings(max_examples=150)
@given(_TEXTS)
def test_no_character_is_lost_or_invented(text: str) -> None:
    check_law(split_page(text))


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_at_all_is_split_without_raising(text: str) -> None:
    check_law(split_page(text))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_law_holds_for_pages_with_their_lines_shuffled(seed: int, random: object) -> None:
    lines = make_page(seed).text.split("\n")
    random.shuffle(lines)  # type: ignore[attr-defined]
    check_law(split_page("\n".join(lines)))


def test_the_law_holds_for_the_pages_that_are_measured() -> None:
    for seed in range(0, 300, 10):
        check_law(split_page(make_page(seed).text))
