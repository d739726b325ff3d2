"""Stories that carry the same copy are folded, the first publisher on top; others never are."""

from __future__ import annotations

from datetime import date

from jianbao.index.reprints import fold_reprints
from jianbao.index.story import Paragraph, Story

LONG = [
    "槐树沟村党支部把议事会搬到了修渠的工地上,谁家的地边先让谁先说话。",
    "会上定下三条:石料由合作社垫付,工钱月底结清,账目贴在村口的墙上。",
    "老支书带着六名党员连干十一天,把三百二十米的老渠清了个底朝天。",
    "水通那天,下游的两个自然村送来一面锦旗,挂在村委会的门厅里。",
]
OTHER = [
    "柳树湾社区的党员轮流到日间照料站值班,给老人读报、理发、量血压。",
    "照料站的账本放在门口,谁捐了一袋面、谁用了一壶油都写得清楚。",
]


def a_story(
    name: str,
    sentences: list[str],
    day: int | None = 3,
    source_id: str = "",
    source: str = "",
) -> Story:
    published = date(2026, 11, day) if day else None
    return Story(
        name,
        f"标题{name}",
        tuple(map(Paragraph, sentences)),
        published=published,
        source_id=source_id,
        source=source,
    )


def test_a_cut_copy_folds_under_the_first_publisher() -> None:
    stories = [a_story("cut", LONG[:2], 5), a_story("whole", LONG, 3), a_story("other", OTHER, 3)]
    assert fold_reprints(stories) == {"cut": "whole", "whole": "whole", "other": "other"}


def test_the_earliest_day_is_first_even_when_the_later_text_is_longer() -> None:
    assert fold_reprints([a_story("later", LONG, 6), a_story("early", LONG[:3], 2)]) == {
        "later": "early",
        "early": "early",
    }


def test_an_undated_copy_is_never_first() -> None:
    assert (
        fold_reprints([a_story("undated", LONG, None), a_story("dated", LONG, 9)])["undated"]
        == "dated"
    )


def test_on_one_day_the_publisher_comes_before_the_site_that_names_it() -> None:
    gov = [
        a_story(f"gov{n}", [line], source_id="gov", source="文水县人民政府")
        for n, line in enumerate(OTHER)
    ]
    taken = a_story("taken", LONG, source_id="gov", source="文水县融媒体中心")
    own = a_story("own", LONG[:3], source_id="media", source="文水县融媒体中心")
    assert fold_reprints([*gov, taken, own])["taken"] == "own"
    unsigned = a_story("unsigned", LONG, source_id="gov")
    assert fold_reprints([*gov, unsigned, own])["own"] == "unsigned"


def test_a_source_that_prints_two_names_equally_often_has_no_name_of_its_own() -> None:
    one = a_story("one", LONG, source_id="gov", source="文水县人民政府")
    two = a_story("two", OTHER, source_id="gov", source="文水县融媒体中心")
    cut = a_story("cut", LONG[:3], source_id="media", source="文水县融媒体中心")
    assert fold_reprints([one, two, cut])["cut"] == "one"


def test_width_script_and_spaces_do_not_hide_a_copy() -> None:
    traditional = [
        LONG[0].replace("党支部", "黨支部").replace("会", "會"),
        LONG[1].replace("账目", "賬目"),
        LONG[2].replace("三百", "三 百"),
    ]
    assert fold_reprints([a_story("a", LONG, 2), a_story("b", traditional, 4)])["b"] == "a"


def test_the_footer_of_a_source_does_not_make_its_stories_copies() -> None:
    footer = "本网所载内容仅供基层党组织学习交流使用,转载请与编辑部联系并注明出处。" * 3
    stories = [
        a_story(
            str(n), [f"第{n}件事是本村自己办成的,别处没有一样的办法。", footer], source_id="portal"
        )
        for n in range(4)
    ]
    assert all(own == first for own, first in fold_reprints(stories).items())


def test_two_stories_about_one_event_stay_apart() -> None:
    rewritten = [
        "渠修好了。",
        LONG[1],
        "这是另一家报纸自己采写的现场,细节和引语都与前者不同,篇幅也更长一些。" * 3,
    ]
    assert fold_reprints([a_story("a", LONG, 2), a_story("b", rewritten, 2)])["b"] == "b"


def test_a_story_without_text_stands_alone() -> None:
    assert fold_reprints([a_story("a", [], 2), a_story("b", [], 2)]) == {"a": "a", "b": "b"}
