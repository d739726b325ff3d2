"""Issue and build from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Jianbao
from .test_find import PAGE


@pytest.fixture
def indexed(office: Path, jianbao: Jianbao) -> Path:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    jianbao("import", "page.txt", "--source", "太行晚报样刊", "--date", "2026-11-18")
    jianbao("index")
    return office


def ids(jianbao: Jianbao) -> list[str]:
    return [json.loads(line)["id"] for line in jianbao("stories", "--json").out.splitlines()]


def sign(jianbao: Jianbao, number: object = 1) -> None:
    """From an open issue to a signed one, whatever the checks say."""
    found = [
        json.loads(line) for line in jianbao("issue", "check", number, "--json").out.splitlines()
    ]
    accepted = [word for one in found for word in ("--accept", f"{one['key']}=样稿")]
    locked = jianbao("issue", "lock", number, "--by", "闻一舟", *accepted)
    assert locked.code == 0, locked.err
    for name in ("闻一舟", "郝一诺", "孟舟"):
        jianbao("issue", "review", number, "--by", name)
    assert jianbao("issue", "sign", number, "--by", "孟舟").code == 0


def test_an_issue_is_proposed_with_reasons_and_published_when_signed(
    indexed: Path, jianbao: Jianbao
) -> None:
    made = jianbao("issue", "new", "--week", "2026-W47")
    assert made.code == 0, made.err
    assert "2 stories" in made.out
    assert jianbao("build").code == 0
    assert not list((indexed / "public").glob("issue/*.html"))
    assert jianbao("issue", "lock", 1, "--by", "闻一舟").code == 0
    jianbao("build")
    assert not list((indexed / "public").glob("issue/*.html"))
    jianbao("issue", "unlock", 1)
    sign(jianbao)
    assert jianbao("build").code == 0
    front = (indexed / "public" / "index.html").read_text(encoding="utf-8")
    assert "第1期" in front.replace(" ", "")
    assert "流动党小组" in front
    assert "签发：孟舟" in front


def test_an_edited_headline_is_what_readers_see(indexed: Path, jianbao: Jianbao) -> None:
    jianbao("issue", "new", "--week", "2026-W47")
    (path,) = (indexed / "issues").glob("*-001.toml")
    path.write_text(
        path.read_text(encoding="utf-8").replace('headline = ""', 'headline = "编者另拟的标题"', 1),
        encoding="utf-8",
    )
    sign(jianbao)
    jianbao("build")
    assert "编者另拟的标题" in (indexed / "public" / "index.html").read_text(encoding="utf-8")


def test_a_story_used_once_is_not_proposed_again(indexed: Path, jianbao: Jianbao) -> None:
    jianbao("issue", "new", "--week", "2026-W47")
    again = jianbao("issue", "new", "--week", "2026-W47")
    assert "-2 for" in again.out
    assert "No relevant story of that week is left" in again.out


def test_the_editor_fills_an_empty_issue_by_hand(indexed: Path, jianbao: Jianbao) -> None:
    jianbao("issue", "new", "--week", "2026-W47", "--empty")
    one, two = ids(jianbao)
    assert jianbao("issue", "add", 1, one[:8]).code == 0
    assert jianbao("issue", "add", 1, two, "--at", 1).code == 0
    assert jianbao("issue", "move", 1, two[:8], 2).code == 0
    shown = jianbao("issue", "show", 1).out
    assert shown.index(one) < shown.index(two)
    assert jianbao("issue", "drop", 1, one).code == 0
    assert [
        json.loads(line)["number"] for line in jianbao("issue", "list", "--json").out.splitlines()
    ] == [1]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["issue", "show", 9], 3, "JB-420"),
        (["issue", "new", "--week", "last"], 3, "JB-101"),
        (["issue", "new", "--number", 1], 3, "JB-421"),
        (["issue", "add", 1, "zzz"], 3, "JB-404"),
        (["issue", "move", 1, "zzz", 1], 3, "JB-423"),
        (["serve"], 2, "jianbao build"),
    ],
)
def test_what_cannot_be_done_is_said(
    indexed: Path, jianbao: Jianbao, words: list[object], code: int, says: str
) -> None:
    jianbao("issue", "new", "--week", "2026-W47")
    done = jianbao(*words)
    assert done.code == code
    assert says in done.err


def test_building_twice_writes_nothing_new(indexed: Path, jianbao: Jianbao) -> None:
    jianbao("build")
    again = jianbao("build").out
    written = int(again.split(" ")[0])
    assert written <= 4  # the files that carry the time of the build


def test_crawling_without_a_contact_is_refused(tmp_path: Path, jianbao: Jianbao) -> None:
    jianbao("init", tmp_path / "office")
    done = jianbao("crawl", cwd=tmp_path / "office")
    assert done.code == 3
    assert "JB-403" in done.err


def test_a_broken_settings_file_names_its_line(indexed: Path, jianbao: Jianbao) -> None:
    path = indexed / "jianbao.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('title = "党建简报"', "title = "), encoding="utf-8"
    )
    done = jianbao("stories")
    assert done.code == 3
    assert "jianbao.toml:" in done.err
