"""``jianbao extract``: pages in, one JSON object a line out; a bad file gets a sentence and the rest goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jianbao.desk import cli
from jianbao.desk.cli import app
from jianbao.index.errors import JianbaoError

_PAGES = Path(__file__).parent / "pages"
_GOOD = _PAGES / "01-gov-full-meta.html"
_KEYS = {
    *("headline", "kicker", "deck", "published", "source", "byline", "editors", "paragraphs"),
    *("captions", "images", "family", "rule", "warnings"),
}


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["extract", *map(str, words)])


def test_every_page_gives_one_object_with_every_field(tmp_path: Path) -> None:
    other = shutil.copy(_PAGES / "39-figure-captions.html", tmp_path / "other.html")
    result = run(_GOOD, other, "--json", "--url", "http://www.a.example/n/1.html")
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 0
    assert set(first) >= _KEYS
    assert first["byline"].keys() >= {"reporters", "correspondents", "authors", "raw"}
    assert first["source"] == "样例县融媒体中心"
    assert second["images"] == ["http://www.a.example/a.jpg"]
    assert second["captions"] == ["村民在文化广场晒玉米。"]


def test_a_picture_keeps_its_own_address_when_the_pages_is_unknown() -> None:
    result = run(_PAGES / "39-figure-captions.html", "--json")
    assert json.loads(result.stdout)["images"] == ["/a.jpg"]


def test_a_folder_is_read_page_by_page() -> None:
    result = run(_PAGES, "--json")
    assert result.exit_code == 1  # some pages hold no story
    assert len(result.stdout.splitlines()) >= 45


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.html", b"", "it is empty"),
        ("spaces.html", b" \n\t ", "it is empty"),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "it is not HTML"),
        ("text.html", "只有文字，没有标签。".encode(), "it is not HTML"),
        ("huge.html", b"<html><body>" + b"<p>x</p>" * 7_000_000, "more than 4194304"),
        (
            "broken.html",
            b"<html><body><p>" + b"\xff\xfe\x81\xff" * 900,
            "neither UTF-8 nor GB 18030",
        ),
        ("nothing.html", b"<!doctype html><html></html>", "no story body was found"),
    ],
)
def test_a_bad_file_gets_a_sentence_and_the_rest_goes_on(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    alone, beside = run(bad, "--json"), run(bad, _GOOD, "--json")
    assert (alone.exit_code, beside.exit_code) == (3, 1)
    assert alone.stdout == ""
    assert json.loads(beside.stdout)["published"] == "2026-11-03"
    assert sentence in beside.stderr
    assert name in beside.stderr
    assert "Remedy: " in beside.stderr


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    missing = run(tmp_path / "gone.html")
    assert (missing.exit_code, "there is no such file" in missing.stderr) == (3, True)
    assert run(tmp_path).exit_code == 3


def test_without_json_a_person_can_read_it() -> None:
    result = run(_GOOD)
    assert result.exit_code == 0
    assert "source: 样例县融媒体中心" in result.stdout
    assert "5 paragraphs" in result.stdout or "paragraphs" in result.stdout


def test_wrong_use_is_two() -> None:
    assert run().exit_code == 2


def test_it_needs_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(_GOOD, "--json").exit_code == 0
    assert issubclass(cli.extract.FileIsNoWebPage, JianbaoError)
