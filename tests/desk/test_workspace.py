"""The workspace: made in an empty folder, found from inside, refused with the line when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.desk.workspace import FolderIsNotEmpty, Workspace, WorkspaceIsMissing
from jianbao.index.tomlfile import FileIsWrong


def make(root: Path, title: str = "党建简报", publisher: str = "") -> Workspace:
    return Workspace.create(
        root, title=title, publisher=publisher, province="140000", contact="desk@example.org"
    )


def test_a_new_workspace_is_found_from_any_folder_inside(tmp_path: Path) -> None:
    made = make(tmp_path / "office")
    assert Workspace.open(tmp_path / "office" / "issues") == made
    assert made.settings.home.province == "140000"
    assert made.settings.crawl.contact == "desk@example.org"


@pytest.mark.parametrize(
    "title", ["党建“周报”", 'He said "so"', "back\\slash", "new\nline", "bell\x07"]
)
def test_any_title_and_publisher_survive_the_settings_file(tmp_path: Path, title: str) -> None:
    site = make(tmp_path / "office", title, publisher=title).settings.site
    assert (site.title, site.publisher) == (title, title)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"mine")
    with pytest.raises(FolderIsNotEmpty):
        make(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.docx"]


def test_outside_a_workspace_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceIsMissing, match="jianbao init"):
        Workspace.open(tmp_path)


def test_a_misspelt_setting_is_refused_with_its_line(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    path = workspace.root / "jianbao.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("slogan", "slogna"), encoding="utf-8")
    with pytest.raises(FileIsWrong, match="slogna") as caught:
        Workspace.open(workspace.root)
    assert caught.value.where.startswith(f"{path}:")


def test_the_offices_own_words_are_read_without_comments(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    assert workspace.words() == ()
    (workspace.root / "words.txt").write_text("# 本地\n花开向阳\n\n", encoding="utf-8")
    assert workspace.words() == ("花开向阳",)
