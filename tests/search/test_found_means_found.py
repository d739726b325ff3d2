"""Any string that was typed finds every story that holds it, and no other."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.index.search import SearchIndex
from jianbao.index.search.folding import fold
from jianbao.index.search.query import Query
from jianbao.index.segment import Segmenter
from jianbao.index.story import Byline, Paragraph, Picture, Story

from .conftest import printed
from .samples import Annotated

STRINGS = 2_000


def found(index: SearchIndex, text: str) -> set[str]:
    results = index.search(Query(text, limit=10_000))
    ids = {hit.story_id for hit in results.hits}
    assert len(ids) == len(results.hits) == results.total
    return ids


def holding(texts: dict[str, list[str]], *strings: str) -> set[str]:
    return {
        story_id
        for story_id, parts in texts.items()
        if all(any(fold(string) in part for part in parts) for string in strings)
    }


def typed(string: str) -> str:
    """The string as one types it: a mark in front of it, or a bare OR, has to be quoted."""
    return f'"{string}"' if string[0] in '"＂-－' or string in ("OR", "|", "｜") else string


def test_two_thousand_strings_cut_anywhere_are_found_exactly_where_they_stand(
    index: SearchIndex, stories: tuple[Annotated, ...], texts: dict[str, list[str]]
) -> None:
    dice = random.Random(1)  # noqa: S311 - the same in every run
    sources = [text for story, _ in stories for text in printed(story) if len(text) > 1]
    seen = 0
    while seen < STRINGS:
        text = dice.choice(sources)
        length = min(len(text), dice.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20)))
        start = dice.randint(0, len(text) - length)
        string = text[start : start + length].strip()
        if not string or "\n" in string:
            continue
        expected = holding(texts, *string.split())
        assert expected
        assert found(index, typed(string)) == expected, string
        seen += 1


def test_strings_that_stand_nowhere_find_nothing(
    index: SearchIndex, texts: dict[str, list[str]]
) -> None:
    """Two halves of real strings put together: all character pairs may be there, the string is not."""
    dice = random.Random(2)  # noqa: S311 - the same in every run
    sources = [text for parts in texts.values() for text in parts if len(text) > 8]
    for _ in range(400):
        left, right = dice.choice(sources), dice.choice(sources)
        string = (left[2:5] + right[3:6]).replace(" ", "")
        if string and typed(string) == string:
            assert found(index, string) == holding(texts, string), string


def test_two_strings_with_a_space_mean_both(
    index: SearchIndex, texts: dict[str, list[str]]
) -> None:
    for one, other in (("党员", "老人"), ("社区", "合作社"), ("书记", "，")):
        assert found(index, f"{one} {other}") == holding(texts, one, other)
        assert found(index, f"{one}\u3000{other}") == holding(texts, one, other)


def test_or_means_either_and_minus_means_without(
    index: SearchIndex, texts: dict[str, list[str]]
) -> None:
    street, village, secretary = (holding(texts, s) for s in ("街道", "合作社", "书记"))
    assert found(index, "街道 OR 合作社") == street | village
    assert found(index, "街道 | 合作社 书记") == (street | village) & secretary
    assert found(index, "书记 -街道") == secretary - street
    assert found(index, "-街道 -合作社") == set(texts) - street - village


def test_one_character_is_enough(index: SearchIndex, texts: dict[str, list[str]]) -> None:
    for character in "党镇0，”a":
        assert found(index, character) == holding(texts, character), character


NOTE = Story(
    id="note",
    kicker="　引题里的话：看5Ｇ怎么进村",
    headline="“三农”问题，2025年这样答——Wi-Fi 6 进村记",
    deck="副题 说的是㎡与①",
    paragraphs=(
        Paragraph("兩個支部開會，決定把廣場交給黨員看管。皇后大道與乾坤灣。"),
        Paragraph("他說：「網格員ＡＢＣ來了」，全價120.5元/m²，漲了３％。\u200b零寬\ufeff在此。"),
        Paragraph("第二段末尾甲", subhead=True),
        Paragraph("乙第三段开头，Café 与 naïve 同在，家庭👨‍👩‍👧一起来。"),
    ),
    pictures=(Picture("图为村民在晒谷场上。", "段青山 摄"),),
    byline=Byline(raw="", reporters=("柳青禾",), organisations=("文水县融媒体中心",)),
    source="Ｘ城晚报",
)


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter) -> SearchIndex:
    folder = tmp_path_factory.mktemp("note") / "search"
    return SearchIndex.rebuild(folder, [(NOTE, None)], segmenter)


@pytest.mark.parametrize(
    "text",
    [
        "引题里的话：看5G",
        "引题里的话:看５g",
        "“三农”问题",
        "2025年",
        "２０２５年这",
        "wi-fi",
        "WI-FI 6",
        '"wi-fi 6 进"',
        "说的是m2与1",
        "㎡与①",
        "两个支部开会",
        "兩個支部開會",
        "乾坤湾",
        "皇后大道与",
        "格员abc来",
        "「網格員",
        "120.5元/m²",
        "涨了3%",
        "零宽在此",
        "零\u200b寬",
        "caf\u00e9",
        "cafe\u0301 与",
        "NAÏVE",
        "👨‍👩‍👧",
        "晒谷场",
        "段青山",
        "柳青禾",
        "县融媒体",
        "x城晚",
        "——",
        "问题，2",
    ],
)
def test_width_case_script_and_invisible_marks_make_no_difference(
    note: SearchIndex, text: str
) -> None:
    assert note.search(Query(text)).total == 1


@pytest.mark.parametrize(
    "text",
    ["甲乙", "末尾甲乙第", "晒谷场上。段青山", "三农问题", "2025年这样答--", "wifi", "禾文水"],
)
def test_strings_do_not_reach_across_paragraphs_or_over_characters(
    note: SearchIndex, text: str
) -> None:
    assert note.search(Query(text)).total == 0


def test_a_story_with_broken_characters_is_kept_and_found(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    broken = replace(NOTE, id="broken", paragraphs=(Paragraph("前半\ud83d后半\x00部分"),))
    with SearchIndex.rebuild(tmp_path / "search", [(broken, None)], segmenter) as index:
        assert [hit.story_id for hit in index.search(Query("后半部分")).hits] == ["broken"]


def test_an_empty_index_answers(tmp_path: Path, segmenter: Segmenter) -> None:
    with SearchIndex.rebuild(tmp_path / "search", [], segmenter) as index:
        assert index.search(Query("党建")).total == 0
        assert index.search(Query()).hits == ()
        index.update([(NOTE, None)])
        assert index.search(Query("晒谷场")).total == 1
