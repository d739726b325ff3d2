"""Keywords and lead are the story's own words, each with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.keywords import COUNT, keywords
from jianbao.index.lead import ELLIPSIS, lead
from jianbao.index.limits import EXCERPT_LEAST, EXCERPT_MOST
from jianbao.index.normalise import fold_characters
from jianbao.index.segment import default_segmenter
from jianbao.index.story import Paragraph, Story
from tests.search.samples import sample_stories

STORIES = [story for story, _ in sample_stories()]


def test_every_sample_story_has_five_keywords_that_stand_in_it() -> None:
    segmenter = default_segmenter()
    for story in STORIES:
        found = keywords(story, segmenter)
        assert len(found) == COUNT, story.headline
        text = fold_characters("\n".join((story.kicker, story.headline, story.deck, story.body)))
        assert all(word in text for word in found)


@pytest.mark.parametrize(
    ("headline", "wanted", "unwanted"),
    [
        ("沁源县：一颗土豆牵起六个村", {"土豆", "合作社"}, {"沁源县", "满仓", "牵起"}),
        ("沁源与武乡结成红色讲解对子", {"讲解员", "主题党日"}, {"沁源", "武乡"}),
        ("党课寄到工棚里", {"党课", "工棚", "三会一课"}, {"没有", "一个"}),
    ],
)
def test_keywords_say_what_it_is_about_and_not_where_or_who(
    headline: str, wanted: set[str], unwanted: set[str]
) -> None:
    (story,) = (one for one in STORIES if one.headline == headline)
    found = set(keywords(story, default_segmenter()))
    assert wanted <= found
    assert not unwanted & found


@pytest.mark.parametrize("body", ["", "。", "abc 123", "\ud800", "的的的的"])
def test_a_story_without_words_has_no_keywords_and_does_no_harm(body: str) -> None:
    assert keywords(Story("a", "", (Paragraph(body),)), default_segmenter()) == ()


def test_traditional_text_gives_the_keywords_of_the_simplified_one() -> None:
    plain = Story("a", "党支部领办合作社", (Paragraph("合作社的党员种土豆，土豆卖得好。"),))
    other = Story("a", "黨支部領辦合作社", (Paragraph("合作社的黨員種土豆，土豆賣得好。"),))
    assert keywords(plain, default_segmenter()) == keywords(other, default_segmenter())


def test_the_lead_of_every_sample_story_is_its_own_text_of_the_right_length() -> None:
    for story in STORIES:
        sentences = lead(story.paragraphs)
        length = sum(one.end - one.start for one in sentences)
        assert EXCERPT_LEAST <= length <= EXCERPT_MOST, story.headline
        for one in sentences:
            words = story.paragraphs[one.paragraph].text[one.start : one.end]
            assert one.text(story.paragraphs) == words + (ELLIPSIS if one.cut else "")
            assert not story.paragraphs[one.paragraph].subhead


def test_a_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    long = Paragraph("村里的老党员挨家挨户走访，" * 12 + "这才放心。")
    (one,) = lead((long,))
    assert one.cut
    assert long.text[one.end] == "，"
    assert one.text((long,)).endswith("走访……")


def test_a_subhead_is_no_part_of_the_lead() -> None:
    paragraphs = (Paragraph("小标题", subhead=True), Paragraph("第一句话说清了事情。"))
    assert [one.paragraph for one in lead(paragraphs)] == [1]


@given(st.lists(st.text(alphabet="党员。！”， a", max_size=90), max_size=6))
def test_any_text_gives_a_lead_in_order_within_the_limit(texts: list[str]) -> None:
    paragraphs = tuple(map(Paragraph, texts))
    places = [(one.paragraph, one.start, one.end) for one in lead(paragraphs)]
    assert places == sorted(places)
    assert all(texts[at][start:end].strip() for at, start, end in places)
    assert sum(end - start for _, start, end in places) <= EXCERPT_MOST
