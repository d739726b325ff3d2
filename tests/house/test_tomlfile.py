"""A hand-written file with a mistake is refused with the line of the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from jianbao.index.tomlfile import FileIsMissing, FileIsWrong, line_of, read_toml, write_text


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    story: str
    place: int = 0


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    head: Part | None = None
    items: list[Part] = []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("number = ", 1, "", id="not TOML"),
        pytest.param("number = 1\n\n[[items]]\nstory = 'a'\n\n[[items]]\nstory = 7\n", 7, "story", id="wrong type in the second table"),
        pytest.param("number = 1\nnumbre = 2\n", 2, "numbre", id="misspelt key"),
        pytest.param("number = 1\n[head]\nstory = 'a'\nplace = 'x'\n", 4, "place", id="wrong type in a table"),
        pytest.param("number = 1\n[[items]]\nplace = 1\n", 2, "story", id="missing key names its table"),
        pytest.param("# only a comment\n", 1, "number", id="missing key of the file"),
    ],
)  # fmt: skip
def test_the_line_of_a_mistake_is_named(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileIsWrong) as caught:
        read_toml(path, Sample)
    assert caught.value.where == f"{path}:{line}"
    assert says in caught.value.english()


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_bytes("\ufeffnumber = 3\r\n[[items]]\r\nstory = '甲'\r\n".encode())
    assert read_toml(path, Sample) == Sample(number=3, items=[Part(story="甲")])


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_bytes("number = 3\nhead = {story = '甲'}\n".encode("gb18030"))
    with pytest.raises(FileIsWrong, match="UTF-8") as caught:
        read_toml(path, Sample)
    assert caught.value.where == f"{path}:2"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileIsMissing):
        read_toml(tmp_path / "none.toml", Sample)


def test_a_file_that_is_too_big_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_bytes(b"number = 1\n" + b"# padding\n" * 300_000)
    with pytest.raises(FileIsWrong, match="bytes"):
        read_toml(path, Sample)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    write_text(path, "旧")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "新\ud800")
    assert path.read_text(encoding="utf-8") == "旧"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.txt"]


def test_an_unknown_place_names_the_first_line() -> None:
    assert line_of("a = 1\n", ("nowhere",)) == 1
