"""Bylines in all their forms. Every name is invented."""

from __future__ import annotations

import time
from typing import Any

import pytest

from jianbao.crawler.byline import BylineParse, join_bylines, parse_byline
from jianbao.crawler.byline_names import is_name, is_organisation, names_in

HEADS: list[tuple[str, dict[str, Any]]] = [
    ("本报讯（记者 柳青禾 通讯员 郝一诺）入冬以来，", {"lead_type": "本报讯", "reporters": ("柳青禾",), "correspondents": ("郝一诺",), "after": "入冬"}),
    ("本报讯(记者 柳青禾 苗 禾)11月3日,", {"reporters": ("柳青禾", "苗禾"), "after": "11月3日"}),
    ("本报讯（通讯员 郝一诺 白渡 记者 柳青禾）日前，", {"reporters": ("柳青禾",), "correspondents": ("郝一诺", "白渡")}),
    ("本报讯（全媒体记者 苏晚晴 见习记者 蒲小满 实习生 石砾）冬天，", {"reporters": ("苏晚晴",), "trainee_reporters": ("蒲小满",), "interns": ("石砾",)}),
    ("本报文水11月9日讯（首席记者 任雁声）今天，", {"lead_type": "本报讯", "dateline_place": "文水", "dateline_date": "11月9日", "reporters": ("任雁声",)}),
    ("本报11月9日讯（记者 任雁声）今天，", {"dateline_date": "11月9日", "reporters": ("任雁声",)}),
    ("新华社太原11月5日电（记者令狐晓舟、贺棠）记者获悉，", {"lead_type": "电头", "agency": "新华社", "dateline_place": "太原", "dateline_date": "11月5日", "reporters": ("令狐晓舟", "贺棠"), "after": "记者获悉"}),
    ("据新华社北京11月1日电 （记者贺棠）近日，", {"relay": True, "agency": "新华社", "reporters": ("贺棠",), "after": "近日"}),
    ("本报讯 记者贺棠、通讯员白渡报道：入冬，", {"lead_type": "本报讯", "reporters": ("贺棠",), "correspondents": ("白渡",), "after": "入冬"}),
    ("文水融媒讯（郝一诺 苗禾）十一月，", {"lead_type": "融媒讯", "agency": "文水融媒", "authors": ("郝一诺", "苗禾"), "after": "十一月"}),
    ("吕梁晚报讯 近日，", {"lead_type": "融媒讯", "agency": "吕梁晚报", "reporters": (), "after": "近日"}),
    ("本报综合消息 近日，多地", {"lead_type": "综合", "reporters": (), "after": "近日"}),
    ("本报讯 近日，文水县", {"lead_type": "本报讯", "reporters": (), "after": "近日"}),
    ("（记者 柳青禾）入冬以来，", {"lead_type": "", "reporters": ("柳青禾",), "after": "入冬"}),
    ("（上接第二版）各村还", {"jump_from_page": "2", "reporters": (), "after": "各村"}),
]  # fmt: skip

LINES: list[tuple[str, dict[str, Any]]] = [
    ("□ 本报记者 柳青禾", {"reporters": ("柳青禾",)}),
    ("■本报记者 柳青禾 通讯员 郝一诺", {"reporters": ("柳青禾",), "correspondents": ("郝一诺",)}),
    ("◎ 柳青禾 郝一诺", {"authors": ("柳青禾", "郝一诺")}),
    ("◇ 苗 禾", {"authors": ("苗禾",)}),
    ("记者 欧阳 岚 阿依·努尔 文/图", {"reporters": ("欧阳岚", "阿依·努尔"), "text_and_photo": True}),
    ("文/图 温小寒", {"authors": ("温小寒",), "photographers": ("温小寒",), "text_and_photo": True}),
    ("温小寒 文/图", {"authors": ("温小寒",), "photographers": ("温小寒",)}),
    ("采写：本报记者 温小寒　摄影：本报记者 白渡", {"reporters": ("温小寒",), "photographers": ("白渡",)}),
    ("口述：任守田　整理：本报记者 温小寒", {"told_by": ("任守田",), "reporters": ("温小寒",)}),
    ("本报记者温小寒令狐晓舟", {"reporters": ("温小寒", "令狐晓舟"), "ambiguous": True, "confidence": "low"}),
    ("中共文水县委组织部", {"org_authors": ("中共文水县委组织部",)}),
    ("文水县凤城镇党委书记 任守田", {"authors": ("任守田",), "author_title": "文水县凤城镇党委书记"}),
    ("特约记者 温小寒", {"reporters": ("温小寒",)}),
]  # fmt: skip

TAILS: list[tuple[str, dict[str, Any]]] = [
    ("……心里更暖了。（柳青禾文/图）", {"authors": ("柳青禾",), "photographers": ("柳青禾",), "text_and_photo": True}),
    ("……更有特色。（文水县融媒体中心）", {"org_authors": ("文水县融媒体中心",)}),
    ("……打下基础。（文水县融媒体中心 柳青禾 苗禾）", {"org_authors": ("文水县融媒体中心",), "authors": ("柳青禾", "苗禾")}),
    ("……更大力量。（卫小河）", {"authors": ("卫小河",)}),
    ("……千家万户。（付 叶 高 朗）", {"authors": ("付叶", "高朗")}),
    ("……暖了民心。（记者 付叶 通讯员 高朗 摄影报道）", {"reporters": ("付叶",), "correspondents": ("高朗",), "text_and_photo": True}),
    ("……新路子。 王小夏", {"authors": ("王小夏",), "confidence": "low"}),
    ("……堡垒。（作者单位：文水县委党校）", {"author_affiliation": "文水县委党校", "authors": ()}),
    ("……（作者系凤城镇驻村第一书记）", {"author_title": "凤城镇驻村第一书记", "authors": ()}),
    ("……县委组织部、县直工委供稿", {"org_authors": ("县委组织部", "县直工委")}),
    ("……新篇章。（原载《文水日报》2026年11月2日第3版）", {"reprint_of": "文水日报", "reprint_date": "2026-11-02", "reprint_page": "3"}),
    ("……合作协议。（完）", {"authors": (), "strip": True}),
    ("……其他事项。（下转第三版）", {"authors": (), "jump_to_page": "3", "strip": True}),
    ("……其他事项。（卫小河）（下转第十二版）", {"authors": ("卫小河",), "jump_to_page": "12", "strip": True}),
    ("……合影。（资料图片）", {"authors": (), "is_caption": True}),
    ("（付叶）", {"authors": ("付叶",), "start": 0}),
]  # fmt: skip

NOT_BYLINES: list[tuple[str, str]] = [
    ("tail", "……老支书任大爷（化名）说。"),
    ("tail", "……他说（笑声）"),
    ("tail", "……与会的有任守田（左）和众人。"),
    ("tail", "……增长百分之三（同比）。"),
    ("tail", "……路修通了（见图）"),
    ("tail", "……一家人团圆。"),
    ("tail", "……他回到文水县（今凤城镇）"),
    ("head", "记者从县委组织部获悉，今年以来"),
    ("head", "（二）强化责任，压实担子。"),
    ("head", "通讯员们走村入户，"),
    ("line", "建强阵地 织密服务网"),
    ("line", "一枚公章 三道手续"),
    ("line", "他说，这条路走对了。"),
    ("line", "山西省文水县"),
    ("line", "从一张欠条说起"),
]

OTHERS: list[tuple[str, str, dict[str, Any]]] = [
    ("caption", "图为志愿者在社区食堂盛饭。　白渡 摄", {"is_caption": True, "photographers": ("白渡",), "confidence": "high"}),
    ("caption", "社区举办诗会。（新华社发 白渡 摄）", {"photo_agency": "新华社", "photographers": ("白渡",)}),
    ("caption", "夜色中的老街 白渡 摄", {"photographers": ("白渡",), "raw": "白渡 摄"}),
    ("caption", "资料图片", {"is_caption": True, "photographers": ()}),
    ("caption", "（图片由文水县融媒体中心提供）", {"is_caption": True, "photo_org": "文水县融媒体中心"}),
    ("caption", "本报记者 白渡 摄", {"photographers": ("白渡",)}),
    ("caption", "两镇党员查看河道沙盘", {"is_caption": True, "confidence": "low", "photographers": ()}),
    ("meta", "发布时间：2026-11-12 08:31　来源：文水日报　作者：柳青禾　浏览次数：128　字体：【大 中 小】", {"pub": "2026-11-12T08:31", "source": "文水日报", "authors": ("柳青禾",)}),
    ("meta", "来源: 县委组织部 时间: 2026年11月2日 编辑: 苗禾", {"pub": "2026-11-02", "source": "县委组织部", "editors": ("苗禾",)}),
    ("meta", "2026-11-12 08:31 文水融媒 【字号：大 中 小】", {"pub": "2026-11-12T08:31", "source": "文水融媒"}),
    ("meta", "稿源：文水新闻网—文水晚报 作者： 编辑：苗禾", {"source": "文水新闻网—文水晚报", "authors": (), "editors": ("苗禾",)}),
    ("meta", "信息来源：中共凤城镇委员会　发布日期：[2026-11-12]　阅读：[<script>]次", {"pub": "2026-11-12", "source": "中共凤城镇委员会"}),
    ("footer", "（责编：苗禾、柳青禾）", {"editors": ("苗禾", "柳青禾")}),
    ("footer", "责任编辑：苗禾　校对：柳青禾　终审：任守田", {"editors": ("苗禾",), "proofreaders": ("柳青禾",), "final_review": ("任守田",)}),
    ("footer", "本版责编：苗禾　版式：白渡　电子信箱：page@example.org", {"editors": ("苗禾",), "layout": ("白渡",)}),
    ("footer", "编辑丨苗禾　　审核丨柳青禾　　监制丨任守田", {"editors": ("苗禾",), "reviewers": ("柳青禾",), "producers": ("任守田",)}),
]  # fmt: skip


def _check(parse: BylineParse, text: str, expected: dict[str, Any]) -> None:
    assert parse.found or parse.is_caption
    for name, value in expected.items():
        if name == "after":
            assert text[parse.end :].lstrip().startswith(value)
        else:
            assert getattr(parse, name) == value, name


@pytest.mark.parametrize(("text", "expected"), HEADS, ids=[text for text, _ in HEADS])
def test_a_lead_names_its_people_and_ends_where_the_body_begins(
    text: str, expected: dict[str, Any]
) -> None:
    parse = parse_byline(text, "head")
    _check(parse, text, expected)
    assert parse.strip


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[text for text, _ in LINES])
def test_a_line_of_its_own_is_read(text: str, expected: dict[str, Any]) -> None:
    parse = parse_byline(text, "line")
    _check(parse, text, expected)
    assert parse.is_byline_line
    assert parse.raw == text


@pytest.mark.parametrize(("text", "expected"), TAILS, ids=[text for text, _ in TAILS])
def test_a_sign_off_is_read_and_bounded(text: str, expected: dict[str, Any]) -> None:
    parse = parse_byline(text, "tail")
    _check(parse, text, expected)
    assert parse.end == len(text)
    assert parse.raw == text[parse.start : parse.end]
    assert parse.strip


@pytest.mark.parametrize(("where", "text"), NOT_BYLINES, ids=[text for _, text in NOT_BYLINES])
def test_what_only_looks_like_a_byline_is_left_alone(where: Any, text: str) -> None:
    parse = parse_byline(text, where)
    assert not parse.strip
    assert not parse.names_somebody()


@pytest.mark.parametrize(("where", "text", "expected"), OTHERS, ids=[text for _, text, _ in OTHERS])
def test_credits_meta_lines_and_footers_are_read(
    where: Any, text: str, expected: dict[str, Any]
) -> None:
    _check(parse_byline(text, where), text, expected)


def test_the_table_has_sixty_rows_and_more() -> None:
    assert len(HEADS) + len(LINES) + len(TAILS) + len(NOT_BYLINES) + len(OTHERS) >= 60


def test_two_bylines_of_one_story_become_one() -> None:
    both = join_bylines(
        [
            parse_byline("本报讯（记者 柳青禾）", "head"),
            parse_byline("（记者 柳青禾 通讯员 苗禾）", "tail"),
        ]
    )
    assert both.raw == "本报讯（记者 柳青禾）\n（记者 柳青禾 通讯员 苗禾）"
    assert both.reporters == ("柳青禾",)
    assert both.correspondents == ("苗禾",)


def test_trainees_and_interns_are_trainees_of_the_story() -> None:
    byline = parse_byline("本报讯（见习记者 蒲小满 实习生 石砾）近日，", "head").to_byline()
    assert byline.trainees == ("蒲小满", "石砾")


@pytest.mark.parametrize("name", ["柳青禾", "苗禾", "欧阳岚", "令狐晓舟", "阿依·努尔", "雒一鸣"])
def test_names_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("word", ["资料图片", "化名", "完", "左", "组织部", "服务", "一二三四五"])
def test_marks_of_the_paper_are_no_names(word: str) -> None:
    assert not is_name(word)


def test_a_unit_is_told_from_a_person() -> None:
    assert is_organisation("文水县融媒体中心")
    assert not is_organisation("柳青禾")
    assert names_in("文水县融媒体中心 柳青禾", labelled=False)[:2] == (
        ["柳青禾"],
        ["文水县融媒体中心"],
    )


@pytest.mark.parametrize("where", ["head", "line", "tail", "caption", "meta", "footer"])
@pytest.mark.parametrize(
    "unit", ["记者 ", "（", "王 ", "来源：", "本报讯（", "编辑丨", "。（完）", "　"]
)
def test_a_hostile_line_costs_no_time(where: Any, unit: str) -> None:
    text = unit * (20_000 // len(unit))
    started = time.perf_counter()
    parse_byline(text, where)
    assert time.perf_counter() - started < 20  # a pattern that blows up takes minutes
