"""The demo: the whole line into a fresh folder, the same bytes each time, never over other files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.desk.countyweb.dataset import SITES, load_stories

from .conftest import Jianbao


def run_demo(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jianbao.desk.cli", "demo", "--out", str(folder)],
        capture_output=True, encoding="utf-8", env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "first"
    done = run_demo(folder, PYTHONHASHSEED="1", TZ="America/Lima")
    assert done.returncode == 0, done.stderr
    assert (folder / "public" / "index.html").absolute().as_uri() in done.stdout
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_sample_story_is_there_once_with_its_page_text(demo: Path, jianbao: Jianbao) -> None:
    listed = jianbao("stories", "--json", cwd=demo)
    headlines = [json.loads(line)["headline"] for line in listed.out.splitlines()]
    crawled = [one["url"] for one in map(json.loads, listed.out.splitlines()) if one["url"]]
    assert len(crawled) == len(set(crawled)) == len(load_stories())
    assert len(headlines) == len(load_stories()) + 3
    assert "机关支部进渔村 党员认领护岸林" in headlines


def test_two_demos_give_the_same_site_byte_for_byte(demo: Path, tmp_path: Path) -> None:
    done = run_demo(tmp_path / "second", PYTHONHASHSEED="2", TZ="Asia/Kathmandu")
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "second" / "public") == tree(demo / "public")
    assert tree(tmp_path / "second" / "issues") == tree(demo / "issues")


def test_a_second_demo_replaces_the_first_and_nothing_else(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.docx").write_bytes(b"mine")
    refused = run_demo(tmp_path / "mine")
    assert refused.returncode == 3
    assert "JB-430" in refused.stderr
    assert tree(tmp_path / "mine") == {"letter.docx": b"mine"}


def test_what_the_demo_says_to_try_works(demo: Path, tmp_path: Path, jianbao: Jianbao) -> None:
    found = jianbao("search", "党员志愿", cwd=demo)
    assert found.code == 0
    assert " found" in found.out
    assert "右玉县 1" in found.out
    page = jianbao("page", "list").out.split()[0]
    assert "headline-returned" in jianbao("page", "show", page).out
    trail = jianbao("issue", "trail", 1).out
    assert "三审通过" in trail
    done = jianbao("issue", "correct", 1, "--by", "闻一舟", "--text", "更正示例")
    assert done.code == 0, done.err
    built = jianbao("build", "--out", tmp_path / "public")
    assert built.code == 0, built.err
    assert "更正示例" in (tmp_path / "public" / "index.html").read_text(encoding="utf-8")


def test_a_second_crawl_after_the_web_is_gone_loses_nothing(demo: Path, jianbao: Jianbao) -> None:
    before = jianbao("stories", "--json", cwd=demo).out
    down = jianbao("crawl")
    assert down.code == 1
    assert down.err.count("JB-2") >= len(SITES)  # and a line for each look at a known story
    assert "Remedy" in down.err
    assert jianbao("stories", "--json").out == before
    listed = jianbao("sources", "list")
    assert listed.out.count("JB-2") == len(SITES)
