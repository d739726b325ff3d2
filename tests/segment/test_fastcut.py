"""The fast tokenizer cuts exactly as jieba does with HMM off."""

from __future__ import annotations

import random
import warnings

import pytest

from jianbao.index.fastcut import FastTokenizer
from jianbao.index.segment import dictionary_words
from tests.search.samples import sample_stories

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

Both = tuple[FastTokenizer, jieba.Tokenizer]


@pytest.fixture(scope="module")
def both() -> Both:
    """Both tokenizers with the same words of ours."""
    fast, slow = FastTokenizer(), jieba.Tokenizer()
    slow.FREQ, slow.total = slow.gen_pfdict(slow.get_dict_file())
    slow.initialized = True
    words = sorted({w for w in dictionary_words() if len(w) > 1}, key=lambda w: (len(w), w))
    for word in words:
        fast.add(word)
        weight = 1.0
        for piece in slow.cut(word, HMM=False):
            weight *= (slow.FREQ.get(piece) or 1) / slow.total
        slow.add_word(word, max(int(weight * slow.total) + 1, slow.FREQ.get(word, 1)))
    return fast, slow


def test_every_sample_story_is_cut_alike(both: Both) -> None:
    fast, slow = both
    for story, _ in sample_stories():
        text = "\n".join((story.headline, story.deck, story.body, story.byline.raw))
        assert fast.cut(text) == slow.lcut(text, HMM=False)


def test_ten_thousand_random_strings_are_cut_alike_ties_included(both: Both) -> None:
    fast, slow = both
    dice = random.Random(11)  # noqa: S311 - the same strings in every run
    words = list(slow.FREQ)
    characters = [c for story, _ in sample_stories() for c in story.body]
    ranges = [(0, 0x2FF), (0x3000, 0x30FF), (0x3400, 0x9FFF), (0xFF00, 0xFFEF), (0x20000, 0x2A000)]
    for number in range(10_000):
        if number % 3 == 0:
            text = "".join(dice.choice(characters) for _ in range(dice.randint(1, 60)))
        elif number % 3 == 1:
            text = "".join(dice.choice(words) for _ in range(dice.randint(1, 20)))
        else:
            text = "".join(
                chr(dice.randint(*dice.choice(ranges))) for _ in range(dice.randint(1, 40))
            )
        assert fast.cut(text) == slow.lcut(text, HMM=False), text


def test_half_characters_are_cut_and_kept() -> None:
    assert "".join(FastTokenizer().cut("党支部\ud83d议事会\udc00")) == "党支部\ud83d议事会\udc00"
