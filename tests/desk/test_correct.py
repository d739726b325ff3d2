"""An editor's corrections: kept, shown, surviving every run, given back as cases; wrong ones refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Jianbao

PAGE = """
文水县孝义镇：一张板凳坐出和气

本报讯（记者 温如意）文水县孝义镇的村党支部在老槐树下摆了八条板凳，谁有疙瘩谁来坐。党员调解员先听后劝，半年劝和了二十三家。镇党委又把板凳会推到其他村。

岚县：磨坊里的粉条香

本报讯（记者 石小岩）岚县普明镇的磨坊入冬就忙，土豆粉一挂挂晾在院里。粉坊主说，今年价钱好，买主上门来拉。

村里的老磨盘还在，游客总要摸一摸。院里的狗不叫，太阳照得人懒。
"""


@pytest.fixture
def filled(office: Path, jianbao: Jianbao) -> Path:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    jianbao("import", "page.txt", "--source", "吕梁日报样刊", "--date", "2026-11-18")
    assert jianbao("index").code == 0
    return office


def shown(jianbao: Jianbao, story: str) -> dict[str, object]:
    return json.loads(jianbao("show", story, "--json").out)


@pytest.fixture
def stories(filled: Path, jianbao: Jianbao) -> dict[str, str]:
    """Ids by the first two characters of the headline."""
    rows = [json.loads(line) for line in jianbao("stories", "--json").out.splitlines()]
    return {row["headline"][:2]: row["id"] for row in rows}


def test_a_correction_is_kept_in_a_readable_file_and_survives_a_rebuild(
    filled: Path, jianbao: Jianbao, stories: dict[str, str]
) -> None:
    story = stories["文水"]
    assert shown(jianbao, story)["counties"] == ["141121"]
    done = jianbao(
        *("correct", story[:6], "--county", "交城县", "--theme", "community", "--theme", "rural"),
        *("--who", "值班编辑", "--why", "稿件写的是交城"),
    )
    assert done.code == 0, done.err
    kept = (filled / "corrections.toml").read_text(encoding="utf-8")
    assert 'counties = ["141122"]' in kept
    assert 'themes = ["community", "rural"]' in kept
    assert 'why = "稿件写的是交城"' in kept
    for words in ([], ["index"], ["index", "--rebuild"]):
        if words:
            assert jianbao(*words).code == 0
        found = shown(jianbao, story)
        assert (found["counties"], found["themes"]) == (["141122"], ["community", "rural"])
        assert found["mentioned"] == ["141121"]
    listed = jianbao("stories", "--json", "--county", "交城县").out
    assert story in listed
    assert "by the editor" in jianbao("show", story).out


def test_evidence_says_that_it_was_the_editor(jianbao: Jianbao, stories: dict[str, str]) -> None:
    jianbao("correct", stories["文水"], "--no-county", "--why", "全市的做法")
    found = shown(jianbao, stories["文水"])
    assert (found["counties"], found["city"], found["level"]) == ([], "141100", "city")
    own = [one for one in found["evidence"] if one["rule"] == "by-editor"]  # type: ignore[attr-defined]
    assert [one["about"] for one in own] == ["county"]
    assert "全市的做法" in own[0]["words"]


def test_relevance_is_reversible_both_ways(jianbao: Jianbao, stories: dict[str, str]) -> None:
    noodles, bench = stories["岚县"], stories["文水"]
    assert shown(jianbao, noodles)["relevant"] is False
    jianbao("correct", noodles, "--relevant", "yes", "--theme", "rural")
    found = shown(jianbao, noodles)
    assert (found["relevant"], found["themes"]) == (True, ["rural"])
    assert "编辑改定为党建稿件" in str(found["reason"])
    jianbao("correct", noodles, "--relevant", "no")
    assert shown(jianbao, noodles)["themes"] == []
    jianbao("correct", bench, "--relevant", "no")
    assert shown(jianbao, bench)["relevant"] is False
    assert jianbao("correct", bench, "--undo").code == 0
    assert shown(jianbao, bench)["relevant"] is True
    assert "by the editor" not in jianbao("show", bench).out


def test_a_file_edited_by_hand_counts_at_the_next_index(
    filled: Path, jianbao: Jianbao, stories: dict[str, str]
) -> None:
    story = stories["文水"]
    path = filled / "corrections.toml"
    path.write_text(
        f'[[correction]]\nstory = "{story}"\ncounties = ["141123"]\ndate = 2026-11-19\n',
        encoding="utf-8",
    )
    jianbao("index")
    assert shown(jianbao, story)["counties"] == ["141123"]
    path.unlink()
    jianbao("index")
    assert shown(jianbao, story)["counties"] == ["141121"]


def test_corrected_stories_are_exported_as_test_cases(
    filled: Path, jianbao: Jianbao, stories: dict[str, str]
) -> None:
    jianbao("correct", stories["文水"], "--county", "交城县", "--theme", "community")
    done = jianbao("correct", "--export", "cases.jsonl")
    assert done.code == 0, done.err
    (case,) = [
        json.loads(line) for line in (filled / "cases.jsonl").read_text("utf-8").splitlines()
    ]
    assert case["title"].startswith("文水县孝义镇")
    assert case["expect"]["counties"] == ["141122"]
    assert case["expect"]["themes"] == ["community"]
    assert (case["expect"]["city"], case["date_text"]) == ("141100", "2026-11-18")
    again = jianbao("annotate", "cases.jsonl")
    assert json.loads(again.out)["id"] == stories["文水"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--county", "交城县", "--no-county"], "contradict"),
        (["--county", "城区城"], "is no county"),
        (["--county", "吕梁市"], "is no county"),
        (["--theme", "weather"], "no theme"),
        (["--theme", "rural", "--relevant", "no"], "has no theme"),
        (["--theme", "rural", "--theme", "rural"], "holds one twice"),
        (["--relevant", "perhaps"], "not one of"),
        ([], "say what is right"),
        (["--undo", "--relevant", "no"], "--undo alone"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused(
    filled: Path, jianbao: Jianbao, stories: dict[str, str], words: list[str], says: str
) -> None:
    done = jianbao("correct", stories["文水"], *words)
    assert done.code in (2, 3)
    assert says in " ".join(done.err.split())
    assert not (filled / "corrections.toml").exists()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('counties = ["999999"]', 3, "999999 is no county"),
        ('counties = ["141100"]', 3, "141100 is no county"),
        ('themes = ["weather"]', 3, "no theme 'weather'"),
        ('themes = ["rural"]\nrelevant = false', 4, "not relevant"),
        ("themes = []", 3, "one to three themes"),
        ('who = "x"', 2, "nothing is corrected"),
        ('county = "141121"', 3, "county"),
        ('relevant = true\n[[correction]]\nstory = "000000000000"\nrelevant = false', 5, "twice"),
    ],
)
def test_a_corrections_file_that_contradicts_itself_is_refused_with_its_line(
    filled: Path, jianbao: Jianbao, text: str, line: int, says: str
) -> None:
    body = text.replace("\n[[correction]]", "\ndate = 2026-11-19\n[[correction]]")
    line += "[[correction]]" in text
    (filled / "corrections.toml").write_text(
        f'[[correction]]\nstory = "000000000000"\n{body}\ndate = 2026-11-19\n', encoding="utf-8"
    )
    done = jianbao("index")
    assert done.code == 3
    assert f"corrections.toml:{line}" in done.err
    assert says in " ".join(done.err.split())


def test_local_rules_about_places_are_used(
    filled: Path, jianbao: Jianbao, stories: dict[str, str]
) -> None:
    (filled / "places.toml").write_text(
        'never = ["普明镇"]\n[names]\n"孝义镇" = "交口县"\n[sources]\n"吕梁日报样刊" = "方山县"\n',
        encoding="utf-8",
    )
    assert "2 stories annotated" in jianbao("index").out
    assert shown(jianbao, stories["岚县"])["counties"] == ["141127"]
    assert "141130" in str(shown(jianbao, stories["文水"])["counties"])


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('never = ["红崖"]\n[names]\n"红崖" = "文水县"\n', 3, "under never"),
        ('[names]\n"紅崖" = "文水县"\n"红崖" = "岚县"\n', 3, "stands twice"),
        ('[names]\n"红崖" = "火星县"\n', 2, "is no place"),
        ('[names]\n"崖" = "文水县"\n', 2, "too short"),
        ('[names]\n"红崖" = "文水县"\n"红崖" = "岚县"\n', 3, "line 3"),
        ('[sources]\n"样报" = "999999"\n', 2, "is no place"),
        ('[name]\n"红崖" = "文水县"\n', 1, "name"),
    ],
)
def test_a_places_file_that_contradicts_itself_is_refused_with_its_line(
    filled: Path, jianbao: Jianbao, text: str, line: int, says: str
) -> None:
    (filled / "places.toml").write_text(text, encoding="utf-8")
    done = jianbao("index")
    assert done.code == 3
    assert f"places.toml:{line}" in done.err
    assert says in " ".join(done.err.split())
