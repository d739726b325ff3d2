"""``jianbao export``: all documents or none, and what the editor should know of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.desk.export import DocumentsCannotBeWritten, FormIsUnknown, export_issue
from jianbao.desk.issue import Issue
from jianbao.desk.pictures import PictureIsUnusable
from jianbao.desk.withdrawal import withdraw
from tests.desk.conftest import Jianbao, jianbao
from tests.desk.made import Office, story_id

from .conftest import a_png

__all__ = ["jianbao"]


def test_the_command_writes_what_was_asked_for_and_says_where(
    office: Office, issue: Issue, jianbao: Jianbao
) -> None:
    ran = jianbao("export", "1", "--to", "docx,md,csv", cwd=office.root)
    assert ran.code == 0, ran.err
    folder = office.root / "documents" / issue.key
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{issue.key}.csv",
        f"{issue.key}.docx",
        f"{issue.key}.md",
    ]
    assert str(folder / f"{issue.key}.docx") in ran.out
    assert "送审稿" in ran.out


def test_a_form_that_does_not_exist_names_those_that_do(
    office: Office, issue: Issue, jianbao: Jianbao
) -> None:
    ran = jianbao("export", "1", "--to", "docx,odt", cwd=office.root)
    assert ran.code == 3
    assert FormIsUnknown.code in ran.err
    assert "docx, pdf, wechat, md and csv" in ran.err
    assert not (office.root / "documents").exists()


def test_an_issue_that_does_not_exist_is_told(office: Office, jianbao: Jianbao) -> None:
    ran = jianbao("export", "9", cwd=office.root)
    assert ran.code == 3
    assert "JB-420" in ran.err


def test_the_default_template_is_written_once(
    office: Office, jianbao: Jianbao, tmp_path: Path
) -> None:
    assert jianbao("export", "--save-template", tmp_path / "own.docx", cwd=office.root).code == 0
    again = jianbao("export", "--save-template", tmp_path / "own.docx", cwd=office.root)
    assert again.code == 2
    assert "exists already" in again.err


def test_a_signed_issue_is_no_proof(office: Office) -> None:
    key = office.signed(story_id("清雪")).key
    with office.session.read() as store:
        done = export_issue(office.session, store, key, ["md"])
    text = done.files[0].read_text("utf-8")
    assert "送审稿" not in text
    assert "签发：孟舟" in text


def test_a_withdrawn_story_leaves_its_place_and_no_text_in_every_form(office: Office) -> None:
    key = office.signed(story_id("沙棘")).key
    withdraw(office.session, story_id("沙棘"), why="当事人要求", by="闻一舟")
    with office.session.read() as store:
        done = export_issue(office.session, store, key, ["wechat", "md", "csv"])
    for path in done.files:
        text = path.read_text("utf-8")
        assert "沙棘地分成九片" not in text, path
        assert "当事人要求" in text, path


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (30 << 20), "30 MB"),
        (b"GIF89a....", "neither JPEG nor PNG"),
        (a_png()[:20], "damaged"),
    ],
)
def test_a_picture_that_cannot_be_printed_stops_the_export_with_its_name(
    office: Office, issue: Issue, data: bytes, said: str
) -> None:
    folder = office.root / "pictures"
    folder.mkdir()
    path = folder / f"{story_id('清雪')}.jpg"
    path.write_bytes(data)
    with office.session.read() as store, pytest.raises(PictureIsUnusable) as told:
        export_issue(office.session, store, issue.key, ["docx"])
    assert said in told.value.english()
    assert path.name in told.value.english()
    assert not (office.root / "documents").exists()


def test_a_folder_that_cannot_be_written_is_told(office: Office, issue: Issue) -> None:
    (office.root / "documents").write_text("a file in the way", encoding="utf-8")
    with office.session.read() as store, pytest.raises(DocumentsCannotBeWritten):
        export_issue(office.session, store, issue.key, ["md"])
