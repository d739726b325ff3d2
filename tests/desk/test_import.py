"""Importing page text: stories come out, repairs are listed, bad files are told, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jianbao.index.limits import PAGE_TEXT_BYTES

from .conftest import Jianbao, Ran

PAGE = """
榆社县：一口老井 拴住一村人的心

图为井台边新立的节水公约牌。

云簇镇的老井浑了三年，今年入夏又见了清水。村党支部把淘井列进主题党日，二十三名党员分成四班，轮着下到九米深的井底清

淤，一筐一筐把黑泥提上来，整整干了六天。

井清了，用水的规矩也立了起来。支部在井台边开会，逐户商量出一份节水公约，谁家先用、谁家后用，都按地块远近排好。老党员段清河每天早晚各看一次水位，写在门口的黑板上。（常满仓）

繁峙县砂河镇：夜校的灯亮到九点

本报讯（记者 温如意 通讯员 石小岩）立冬以后，砂河镇的党员夜校比往常更热闹。学员里有刚返乡的年轻人，也有种了一辈子地的老把式，大家围着火炉，听农技员讲怎样给果树过冬。

夜校由镇党委牵头，六个村党支部轮流承办，课程由群众点、由支部请。开课一个月，已经讲了十一场，听课的有四百多人次。
"""
ONE = PAGE.split("繁峙县")[0]
NONE = "责任编辑：温如意\n\n版式：石小岩\n"


def stories(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def imported(office: Path, jianbao: Jianbao) -> str:
    """A workspace with the page in it; gives the page's id."""
    (office / "inbox" / "page.txt").write_text(PAGE, encoding="utf-8")
    done = jianbao(
        "import", "inbox", "--source", "太行晚报样刊", "--date", "2026-11-20", "--page", "2"
    )
    assert done.code == 0, done.err
    return jianbao("page", "list").out.split()[0]


def test_a_page_becomes_stories_with_every_repair_told(imported: str, jianbao: Jianbao) -> None:
    first, second = sorted(
        stories(jianbao("stories", "--json")), key=lambda one: one["headline"], reverse=True
    )
    if first["headline"].startswith("繁峙"):
        first, second = second, first
    assert first["headline"] == "榆社县：一口老井 拴住一村人的心"
    assert "井底清淤，一筐一筐" in first["paragraphs"][0]
    assert first["captions"] == ["图为井台边新立的节水公约牌。"]
    assert first["byline"]["authors"] == ["常满仓"]
    assert {repair["kind"] for repair in first["repairs"]} >= {
        "joined",
        "caption-out",
        "byline-out",
    }
    assert second["byline"]["reporters"] == ["温如意"]
    assert second["byline"]["correspondents"] == ["石小岩"]
    assert {one["source"] for one in (first, second)} == {"太行晚报样刊"}
    assert {one["published"] for one in (first, second)} == {"2026-11-20"}
    shown = jianbao("show", first["id"][:6])
    assert "清|淤" in shown.out
    assert "not annotated yet" in shown.out
    assert "\n[picture] 图为井台边" in shown.out


def test_a_dry_run_shows_the_split_and_stores_nothing(office: Path, jianbao: Jianbao) -> None:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    shown = jianbao("import", "page.txt", "--dry-run")
    assert shown.code == 0
    assert "2 stories" in shown.out
    assert "story 2" in shown.out
    assert not (office / "data" / "jianbao.db").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_page_text_is_read_in_every_encoding_an_editor_meets(
    office: Path, jianbao: Jianbao, encoding: str
) -> None:
    (office / "page.txt").write_bytes(PAGE.encode(encoding))
    assert jianbao("import", "page.txt").code == 0
    assert len(stories(jianbao("stories", "--json"))) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "no text"),
        ("blank.txt", b"\n \r\n\t\n", "no text"),
        ("scan.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        ("letter.txt", b"PK\x03\x04\x14\x00\x06\x00" + bytes(200), "Word document"),
        ("noise.txt", bytes(range(256)) * 8, "binary"),
        ("odd.txt", "村党支部\n".encode("gb18030") + b"\xb0\xa1\xff\xff\n", "line 2"),
    ],
)
def test_a_file_that_is_no_page_text_is_told_and_the_rest_goes_on(
    office: Path, jianbao: Jianbao, name: str, content: bytes, says: str
) -> None:
    (office / "inbox" / name).write_bytes(content)
    (office / "inbox" / "zz-good.txt").write_text(PAGE, encoding="utf-8")
    done = jianbao("import", "inbox")
    assert done.code == 1
    assert name in done.err
    assert says in done.err
    assert "Remedy" in done.err
    assert len(stories(jianbao("stories", "--json"))) == 2


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(
    office: Path, jianbao: Jianbao
) -> None:
    with (office / "big.txt").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = jianbao("import", "big.txt")
    assert done.code == 3
    assert "50" in done.err
    assert PAGE_TEXT_BYTES < 50 * 1024 * 1024


def test_a_page_with_one_story_gives_one(office: Path, jianbao: Jianbao) -> None:
    (office / "one.txt").write_text(ONE, encoding="utf-8")
    assert jianbao("import", "one.txt").code == 0
    assert len(stories(jianbao("stories", "--json"))) == 1


def test_a_page_with_no_story_is_kept_whole_and_said_so(office: Path, jianbao: Jianbao) -> None:
    (office / "none.txt").write_text(NONE, encoding="utf-8")
    done = jianbao("import", "none.txt")
    assert done.code == 0
    assert "no story was found" in done.err
    page = jianbao("page", "list").out.split()[0]
    assert "温如意" in jianbao("page", "show", page).out


def test_an_empty_inbox_and_a_missing_file_say_what_to_do(office: Path, jianbao: Jianbao) -> None:
    assert "no .txt file" in jianbao("import", "inbox").err
    missing = jianbao("import", "nowhere.txt")
    assert missing.code == 3
    assert "nowhere.txt" in missing.err


def test_importing_a_page_again_doubles_nothing_and_can_add_the_day(
    imported: str, office: Path, jianbao: Jianbao
) -> None:
    again = jianbao("import", "inbox")
    assert "2 same" in again.out
    jianbao("import", "inbox", "--date", "2026-11-21")
    assert {one["published"] for one in stories(jianbao("stories", "--json"))} == {"2026-11-21"}
    assert len(stories(jianbao("stories", "--json"))) == 2


def test_readers_see_excerpts_unless_the_whole_text_is_allowed(
    imported: str, office: Path, jianbao: Jianbao
) -> None:
    assert {one["rights"] for one in stories(jianbao("stories", "--json"))} == {"excerpt"}
    jianbao("import", "inbox", "--rights", "full")
    assert {one["rights"] for one in stories(jianbao("stories", "--json"))} == {"full"}
    jianbao("import", "inbox", "--date", "2026-11-21")
    assert {one["rights"] for one in stories(jianbao("stories", "--json"))} == {"full"}
    assert jianbao("import", "inbox", "--rights", "all").code == 2


def test_an_import_without_a_day_says_what_that_means(office: Path, jianbao: Jianbao) -> None:
    (office / "page.txt").write_text(PAGE, encoding="utf-8")
    assert "--date" in jianbao("import", "page.txt").out
    assert "--date" not in jianbao("import", "page.txt", "--date", "2026-11-20").out


def test_two_pages_without_source_and_day_never_share_a_story(
    office: Path, jianbao: Jianbao
) -> None:
    (office / "inbox" / "a.txt").write_text(ONE, encoding="utf-8")
    (office / "inbox" / "b.txt").write_text(ONE.replace("九米", "七米"), encoding="utf-8")
    jianbao("import", "inbox")
    assert len(stories(jianbao("stories", "--json"))) == 2


def test_the_editor_merges_and_takes_it_back(imported: str, jianbao: Jianbao) -> None:
    before = stories(jianbao("stories", "--json"))
    merged = jianbao("page", "merge", imported, "2", "12")
    assert merged.code == 0, merged.err
    assert "1 stories now" in merged.out
    assert len(stories(jianbao("stories", "--json"))) == 1
    assert "by-editor" in jianbao("page", "show", imported).out
    assert jianbao("page", "undo", imported).code == 0
    assert stories(jianbao("stories", "--json")) == before
    assert jianbao("page", "undo", imported).code == 3


def test_the_editor_splits_and_reassigns(imported: str, jianbao: Jianbao) -> None:
    assert jianbao("page", "split", imported, "16").code == 0
    assert len(stories(jianbao("stories", "--json"))) == 3
    assert jianbao("page", "assign", imported, "4", "--to", "aside").code == 0
    assert all(not one["captions"] for one in stories(jianbao("stories", "--json")))
    assert "图为井台边新立的节水公约牌。" in jianbao("page", "show", imported).out


def test_what_was_cleaned_at_reading_is_still_told_after_an_edit(
    office: Path, jianbao: Jianbao
) -> None:
    (office / "page.txt").write_text(PAGE.replace("老井浑", "老\u200b井\u202e浑"), encoding="utf-8")
    assert "cleaned" in jianbao("import", "page.txt").out
    page = jianbao("page", "list").out.split()[0]
    assert jianbao("page", "merge", page, "2", "12").code == 0
    assert "cleaned" in jianbao("page", "show", page).out


def test_edits_outlive_a_new_import_of_the_same_page(imported: str, jianbao: Jianbao) -> None:
    jianbao("page", "merge", imported, "2", "12")
    jianbao("import", "inbox")
    assert len(stories(jianbao("stories", "--json"))) == 1


@pytest.mark.parametrize(
    "words",
    [("merge", "2", "999"), ("split", "999"), ("assign", "999", "--to", "2"), ("merge", "2", "4")],
)
def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(
    imported: str, jianbao: Jianbao, words: tuple[str, ...]
) -> None:
    before = stories(jianbao("stories", "--json"))
    done = jianbao("page", words[0], imported, *words[1:])
    assert done.code == 3
    assert "JB-22" in done.err
    assert stories(jianbao("stories", "--json")) == before


def test_wrong_words_on_the_command_line_are_wrong_use(imported: str, jianbao: Jianbao) -> None:
    assert jianbao("page", "assign", imported, "two", "--to", "aside").code == 2
    assert jianbao("page", "assign", imported, "2", "--to", "aside", "--as", "poem").code == 2
    assert jianbao("import", "inbox", "--date", "yesterday").code == 2
    assert jianbao("page", "show", "zzz").code == 3
