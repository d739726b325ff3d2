"""Listing, showing and searching from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Jianbao

PAGE = """
沁源县灵空山镇：巡山路上的“流动党小组”

本报讯（记者 温如意）深秋的灵空山镇，护林防火进入要紧的时节。镇党委把三个村的党员护林员编成四个流动党小组，轮流上山巡护，夜里住在瞭望塔下的小屋。

党小组带着喇叭和宣传单挨户走，谁家坟头朝阳、谁家地边有枯草，都记在本子上。入秋以来，累计巡山一千二百多里，劝回带火种上山的群众三十一人次。

平遥县岳壁乡：戏台底下的理论课

本报讯（记者 石小岩）秋收一完，岳壁乡的戏台又热闹起来。乡党委把理论宣讲排进开戏前的半个钟头，党员用自己编的快板讲政策、讲变化，台下坐满了人。

半年来，已经宣讲了十九场，听众超过三千人次。老戏迷说，听完这一段，再听戏，更有味。
"""


@pytest.fixture
def filled(office: Path, jianbao: Jianbao) -> Path:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    jianbao("import", "page.txt", "--source", "太行晚报样刊", "--date", "2026-11-18")
    done = jianbao("index")
    assert done.code == 0, done.err
    assert "2 stories annotated" in done.out
    return office


def headlines(out: str) -> list[str]:
    return sorted(json.loads(line)["headline"][:3] for line in out.splitlines())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["平遥县", "沁源县"]),
        (["--county", "沁源县"], ["沁源县"]),
        (["--county", "沁源"], ["沁源县"]),
        (["--county", "140728"], ["平遥县"]),
        (["--county", "长治市"], ["沁源县"]),
        (["--county", "沁源县", "--county", "平遥县"], ["平遥县", "沁源县"]),
        (["--week", "2026-W47"], ["平遥县", "沁源县"]),
        (["--week", "2026-W46"], []),
        (["--relevant"], ["平遥县", "沁源县"]),
        (["--theme", "talent"], []),
    ],
)
def test_stories_are_listed_by_week_county_and_theme(
    filled: Path, jianbao: Jianbao, options: list[str], expected: list[str]
) -> None:
    assert headlines(jianbao("stories", "--json", *options).out) == expected


def test_a_story_record_carries_what_others_rely_on(filled: Path, jianbao: Jianbao) -> None:
    record = json.loads(jianbao("stories", "--json", "--county", "沁源县").out)
    promised = "id kicker headline deck paragraphs captions byline source published page url counties city province themes relevant first evidence"
    assert set(promised.split()) <= set(record)
    assert {"reporters", "correspondents", "photographers", "organisations"} <= set(
        record["byline"]
    )
    assert record["counties"] == ["140431"]
    assert record["city"] == "140400"
    assert record["first"] == record["id"]
    for one in record["evidence"]:
        text = (
            "\n".join(record["paragraphs"])
            if one["field"] == "body"
            else record.get(one["field"], "")
        )
        if one["field"] in ("headline", "kicker", "deck", "body"):
            assert text[one["start"] : one["end"]] == one["words"]


def test_show_says_why(filled: Path, jianbao: Jianbao) -> None:
    story = json.loads(jianbao("stories", "--json", "--county", "沁源县").out)["id"]
    shown = jianbao("show", story).out
    assert "county: 长治市沁源县" in shown or "county: 山西省长治市沁源县" in shown
    assert "“沁源县”" in shown
    assert "relevant: yes" in shown


def test_any_two_characters_find_their_story(filled: Path, jianbao: Jianbao) -> None:
    for query in ("动党", "山巡护，夜", "戏台底下", "一千二百 火种"):
        found = json.loads(jianbao("search", query, "--json").out)
        assert found["total"] == 1, query
        start, end = found["hits"][0]["marks"][0] if found["hits"][0]["marks"] else (0, 0)
        assert found["hits"][0]["excerpt"][start:end] in query


def test_search_counts_and_filters(filled: Path, jianbao: Jianbao) -> None:
    found = json.loads(jianbao("search", "本报", "--json").out)
    assert found["total"] == 2
    assert found["facets"]["counties"] == {"140431": 1, "140728": 1}
    assert json.loads(jianbao("search", "本报", "--county", "平遥", "--json").out)["total"] == 1
    assert json.loads(jianbao("search", "--from", "2026-11-19", "--json").out)["total"] == 0
    assert "0 found" in jianbao("search", "并不存在的词语").out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["search", "x" * 10_000], 3, "JB-1"),
        (["search", '"没有收尾'], 3, "JB-1"),
        (["search", "党员", "--county", "蓬莱国"], 2, "蓬莱国"),
        (["search", "党员", "--sort", "colour"], 2, "colour"),
        (["stories", "--theme", "poetry"], 2, "rural"),
        (["stories", "--week", "2026-47"], 3, "JB-101"),
        (["show", "zzzz"], 3, "JB-404"),
        (["show", ""], 3, "JB-404"),
    ],
)
def test_a_wrong_question_gets_a_right_answer(
    filled: Path, jianbao: Jianbao, words: list[str], code: int, says: str
) -> None:
    done = jianbao(*words)
    assert done.code == code
    assert says in done.err


def test_searching_before_indexing_says_what_to_run(office: Path, jianbao: Jianbao) -> None:
    missing = jianbao("search", "党员")
    assert missing.code == 3
    assert "jianbao index" in missing.err
    assert "jianbao import" in jianbao("stories").err


def test_outside_a_workspace_the_remedy_is_named(tmp_path: Path, jianbao: Jianbao) -> None:
    assert "jianbao init" in jianbao("stories", cwd=tmp_path).err


def test_indexing_again_touches_nothing_that_is_fresh(filled: Path, jianbao: Jianbao) -> None:
    assert "0 stories annotated" in jianbao("index").out
    assert "2 stories annotated" in jianbao("index", "--rebuild").out


def test_annotate_answers_every_line_that_is_a_story(tmp_path: Path, jianbao: Jianbao) -> None:
    good = {
        "id": "a",
        "title": "沁源县：巡山党小组",
        "body": "沁源县灵空山镇党委编了四个流动党小组。",
        "source_name": "",
        "byline_text": "",
        "date_text": "2026-11-18",
    }
    lines = [
        json.dumps(good, ensure_ascii=False),
        "not json",
        '["a list"]',
        '{"title": 7, "id": "b"}',
        "",
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = jianbao("annotate", tmp_path / "in.jsonl")
    assert done.code == 1
    (answer,) = map(json.loads, done.out.splitlines())
    assert {
        "id",
        "counties",
        "mentioned",
        "city",
        "province",
        "themes",
        "relevant",
        "evidence",
    } <= set(answer)
    assert answer["counties"] == ["140431"]
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in done.err.splitlines()] == [
        "2",
        "3",
        "4",
    ]
    assert jianbao("annotate", tmp_path / "none.jsonl").code == 3
