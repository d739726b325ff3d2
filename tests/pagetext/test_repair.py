"""What page repair does with the hard places of a newspaper page."""

from __future__ import annotations

import time

import pytest

from jianbao.crawler.pagetext import PageSplit, split_page
from jianbao.index.story import Story

from .generator import own_stories
from .pages import DISPLACED, PLAIN


@pytest.fixture(scope="module")
def plain() -> PageSplit:
    return split_page(PLAIN)


@pytest.fixture(scope="module")
def displaced() -> PageSplit:
    return split_page(DISPLACED)


def _kinds(story: Story) -> list[str]:
    return [repair.kind for repair in story.repairs]


def test_stories_without_a_sign_between_them_are_told_apart(plain: PageSplit) -> None:
    assert [story.headline for story in plain.stories()] == [
        "山西省交城县 旧粮站“变身”邻里议事厅",
        "山西省柳林县： 红枣进了烤房 “烤”出甜日子",
        "山西省阳曲县黄寨镇： 村口添了“便民一刻钟”",
    ]
    assert plain.set_aside() == ()


def test_a_paragraph_cut_by_a_column_is_joined(plain: PageSplit) -> None:
    first = plain.stories()[0]
    assert any("旧木料和碎砖头" in p.text for p in first.paragraphs)


def test_a_word_cut_by_a_column_is_joined(plain: PageSplit) -> None:
    assert any("线缆和灯泡" in p.text for p in plain.stories()[0].paragraphs)


def test_a_caption_does_not_cut_a_word_in_two(plain: PageSplit) -> None:
    story = plain.stories()[2]
    assert any("便民点由录古咀村党支部轮流值守" in p.text for p in story.paragraphs)
    assert [(p.caption, p.credit) for p in story.pictures] == [("", "资料图片")]
    assert "joined-across" in _kinds(story)


def test_a_short_first_piece_is_joined_too(plain: PageSplit) -> None:
    assert any("准备把便民点搬上流动车" in p.text for p in plain.stories()[2].paragraphs)


def test_a_caption_before_the_first_paragraph_belongs_to_the_story_below(plain: PageSplit) -> None:
    assert [p.caption for p in plain.stories()[0].pictures] == ["议事厅里居民们在下象棋。"]


NO_STOP = """
榆社县：一口老井 拴住一村人的心

井台边新立的节水公约牌

云簇镇的老井浑了三年，今年入夏又见了清水。村党支部把淘井列进主题党日，二十三名党员分成四班，轮着下到九米深的井底清淤。

井清了，用水的规矩也立了起来。支部在井台边开会，逐户商量出一份节水公约，谁家先用、谁家后用，都按地块远近排好。（常满仓）
"""


def test_a_line_below_a_headline_that_names_its_place_is_a_caption() -> None:
    (story,) = split_page(NO_STOP).stories()
    assert story.headline == "榆社县：一口老井 拴住一村人的心"
    assert [p.caption for p in story.pictures] == ["井台边新立的节水公约牌"]


def test_subheads_without_a_mark_are_marked(plain: PageSplit) -> None:
    assert [p.text for p in plain.stories()[0].paragraphs if p.subhead] == [
        "建好阵地 茶香引来四邻",
        "议事有章 小账算得明白",
    ]


def test_bylines_of_people_and_units_leave_the_body(plain: PageSplit) -> None:
    people, unit, single = (story.byline for story in plain.stories())
    assert people.authors == people.photographers == ("雷青禾",)
    assert unit.organisations == ("柳林县融媒体中心",)
    assert single.authors == ("付小叶",)
    assert not any(
        "文/图" in p.text or "融媒体" in p.text for s in plain.stories() for p in s.paragraphs
    )


def test_a_headline_at_the_end_of_the_page_is_given_back(displaced: PageSplit) -> None:
    story = displaced.stories()[1]
    assert story.headline == "两县支部隔河握手 文峪河清了淤"
    assert story.kicker == "同清一条河+同护一片滩"
    assert "headline-returned" in _kinds(story)


def test_a_caption_above_a_headless_story_is_no_headline(displaced: PageSplit) -> None:
    assert [p.caption for p in displaced.stories()[1].pictures] == ["两县干部查看河道清淤图"]
    assert displaced.stories()[0].pictures == ()


def test_a_dash_line_is_the_deck_and_a_box_line_the_byline(displaced: PageSplit) -> None:
    story = displaced.stories()[0]
    assert (story.headline, story.deck) == ("矿工宿舍里的夜校", "孝义市兑镇镇一个煤矿支部的晚课")
    assert story.byline.reporters == ("木清扬",)
    assert story.byline.raw == "□ 本报记者 木清扬"


def test_a_place_printed_below_the_headline_is_the_kicker(displaced: PageSplit) -> None:
    assert displaced.stories()[2].kicker == "方山县"


def test_the_lead_leaves_the_first_paragraph(displaced: PageSplit) -> None:
    story = displaced.stories()[2]
    assert story.byline.reporters == ("王渡",)
    assert story.byline.correspondents == ("温小婕",)
    assert story.paragraphs[0].text.startswith("方山县大武镇的老祠堂里")


def test_every_story_of_the_displaced_page_is_found(displaced: PageSplit) -> None:
    assert displaced.count == 3
    assert displaced.set_aside() == ()
    assert any("桥下的基础桩位" in p.text for p in displaced.stories()[1].paragraphs)


def test_the_display_text_keeps_its_half_width_marks(displaced: PageSplit) -> None:
    assert displaced.stories()[0].paragraphs[0].text.startswith("夜里九点半,")


def test_repairs_say_the_line_and_show_the_edges(plain: PageSplit) -> None:
    joined = [r for r in plain.stories()[0].repairs if r.kind == "joined"]
    lines = PLAIN.split("\n")
    assert [repair.text for repair in joined] == [
        "院里堆满了旧木料|和碎砖头。去年冬",
        "家的面把图纸、线|缆和灯泡的价钱一",
    ]
    assert [lines[r.line - 1].endswith(r.text.split("|")[0]) for r in joined] == [True, True]


def test_a_split_of_one_page_is_always_the_same() -> None:
    assert split_page(PLAIN) == split_page(PLAIN)
    assert [s.id for s in split_page(PLAIN).stories()] == [
        s.id for s in split_page(PLAIN).stories()
    ]


def _typed(story: dict[str, object], *, gap: str = "\n\n") -> str:
    paragraphs = [str(p).removeprefix("## ") for p in story["paragraphs"]]  # type: ignore[union-attr, attr-defined]
    return gap.join([str(story["headline"]), f"□ {story['byline']}", *paragraphs])


@pytest.mark.parametrize("gap", ["\n\n", "\n", "\n　　", "\r\n\r\n"])
def test_a_page_with_one_clean_story_is_left_as_it_is(gap: str) -> None:
    for story in [s for s in own_stories() if s["byline_style"] == "box"][:8]:
        split = split_page(_typed(story, gap=gap))
        (found,) = split.stories()
        assert found.headline == story["headline"]
        assert [(f"## {p.text}" if p.subhead else p.text) for p in found.paragraphs] == story[
            "paragraphs"
        ]
        assert {r.kind for r in found.repairs} <= {"byline-out"}


def test_repairing_a_repaired_story_changes_nothing() -> None:
    for story in split_page(PLAIN).stories():
        lines = [
            story.kicker,
            story.headline,
            *(p.text for p in story.paragraphs),
            story.byline.raw,
        ]
        (again,) = split_page("\n\n".join(line for line in lines if line)).stories()
        assert again.paragraphs == story.paragraphs
        assert again.byline == story.byline


ASIDE = [
    ("第3版 基层党建", "furniture"),
    ("2026年11月12日 星期四", "furniture"),
    ("责任编辑：苗禾 版式：白渡", "furniture"),
    ("电子信箱：page@example.org", "furniture"),
    ("（下转第三版）", "jump"),
    ("下转第2版", "jump"),
    ("【广告】冬季供暖设备优惠", "advert"),
    ("遗失声明：本人不慎将证件遗失，声明作废。", "advert"),
    ("联系电话：0351-0000000", "advert"),
]


@pytest.mark.parametrize(("line", "reason"), ASIDE)
def test_what_is_no_story_is_set_aside_with_its_reason(line: str, reason: str) -> None:
    split = split_page(f"{PLAIN}\n\n{line}\n")
    assert split.count == 3
    assert [(a.text, a.reason, a.line) for a in split.set_aside()] == [
        (line, reason, PLAIN.count("\n") + 3)
    ]
    assert [r.text for r in split.repairs_of(None)] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n　\n",
        "【广告】冬季供暖设备优惠",
        "柳青禾\n郝一诺\n苗禾\n任守田\n白渡",
        "柳青禾 郝一诺 苗禾",
        "第3版\n2026年11月12日",
        "建强阵地 织密服务网",
    ],
)
def test_a_page_without_a_story_gives_none_and_keeps_its_text(text: str) -> None:
    split = split_page(text)
    assert split.stories() == ()
    assert "".join("".join(a.text.split()) for a in split.set_aside()) == "".join(text.split())


def test_a_jump_mark_at_the_end_of_a_story_is_set_aside() -> None:
    split = split_page(PLAIN.replace("（付小叶）", "（付小叶）（下转第三版）"))
    assert split.stories()[2].byline.raw == "（付小叶）"
    assert [(a.text, a.reason) for a in split.set_aside()] == [("（下转第三版）", "jump")]


def test_latin_words_are_joined_with_a_space() -> None:
    page = PLAIN.replace("旧木料\n\n和碎", "旧木料，墙上写着big\n\nbrother几个洋字母和碎")
    assert any("big brother" in p.text for p in split_page(page).stories()[0].paragraphs)


def test_invisible_characters_are_removed_and_told() -> None:
    split = split_page(PLAIN.replace("半条沟", "半\u200b条\u202e沟\x00"))
    assert "半条沟都是枣香" in split.stories()[1].paragraphs[0].text
    cleaned = [r for r in split.stories()[1].repairs if r.kind == "cleaned"]
    assert [r.text for r in cleaned] == ["U+0000 ×1, U+200B ×1, U+202E ×1"]


HOSTILE = ["好", "（", "（王小明", "王 ", "记者 ", "，", "“", "县：", "。（完）", "a", "1", "。 ", "——", "好啊\n", "王小明 文/图\n", "—\n", "\n"]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_line_costs_no_time(unit: str) -> None:
    size = 10_000 if "\n" in unit else 200_000
    text = unit * (size // len(unit))
    started = time.perf_counter()
    split_page(text).stories()
    assert time.perf_counter() - started < 40  # a pattern that blows up takes minutes
