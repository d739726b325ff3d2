"""``jianbao search``, ``show`` and ``stories`` at the command line: prefixes, hints, keywords and lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desk.conftest import Jianbao, jianbao, office

__all__ = ["jianbao", "office"]

PAGE = """
沁源县灵空山镇：巡山路上的“流动党小组”

本报讯（记者 温如意）深秋的灵空山镇，护林防火进入要紧的时节。镇党委把三个村的党员护林员编成四个流动党小组，轮流上山巡护，夜里住在瞭望塔下的小屋。

党小组带着喇叭和宣传单挨户走，谁家坟头朝阳、谁家地边有枯草，都记在本子上。入秋以来，累计巡山一千二百多里，劝回带火种上山的群众三十一人次。
"""


@pytest.fixture
def filled(office: Path, jianbao: Jianbao) -> Path:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    jianbao("import", "page.txt", "--source", "太行晚报样刊", "--date", "2026-11-18")
    assert jianbao("index").code == 0
    return office


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("县:沁源县 流动党小组", 1),
        ("市:长治 署名:温如意", 1),
        ("来源:晚报 日期:2026-11-18", 1),
        ("沁源 -来源:晚报", 0),
        ("county:文水县 OR 署名:温如意", 1),
        ("", 1),
    ],
)
def test_prefixes_work_at_the_command_line(
    filled: Path,
    jianbao: Jianbao,
    line: str,
    total: int,
) -> None:
    assert json.loads(jianbao("search", line, "--json").out)["total"] == total


def test_what_finds_nothing_gets_a_line_that_finds_something(
    filled: Path,
    jianbao: Jianbao,
) -> None:
    hints = json.loads(jianbao("search", "沁园县 护林", "--json").out)["hints"]
    assert "沁源县 护林" in [hint["query"] for hint in hints]
    assert "did you mean 沁源县" in jianbao("search", "沁园县").out
    assert "长治市 1: 沁源县 1" in jianbao("search", "护林").out
    assert "上周: " in jianbao("search", "上周").out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("foo:bar", "JB-160"),
        ("县:沁园县", "沁源县"),
        ("日期:明天", "日期:2026-11"),
        ("主题:诗", "农村"),
    ],
)
def test_a_wrong_prefix_is_answered_with_the_right_form(
    filled: Path,
    jianbao: Jianbao,
    line: str,
    says: str,
) -> None:
    done = jianbao("search", line)
    assert done.code == 3
    assert says in done.err


def test_keywords_and_lead_are_shown_with_their_places(
    filled: Path,
    jianbao: Jianbao,
) -> None:
    record = json.loads(jianbao("stories", "--json").out)
    assert len(record["keywords"]) == 5
    for one in record["lead"]:
        text = record["paragraphs"][one["paragraph"]]
        assert text[one["start"] : one["end"]] == one["text"].removesuffix("……")
    shown = jianbao("show", record["id"]).out
    assert f"keywords: {' '.join(record['keywords'])}" in shown
    assert "(paragraph 1, 0–" in shown
