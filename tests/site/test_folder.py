"""The output folder: ours or empty, the same bytes for the same shelf, nothing stale."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from jianbao.index.errors import JianbaoError
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf, Withdrawal
from jianbao.site.output import MARKER, FolderCannotBeWritten, FolderIsNotOurs

from .conftest import BUILT

_BUILD = """
import sys
from pathlib import Path
from tests.site.conftest import BUILT, make_shelf
from jianbao.site.build import build_site
build_site(make_shelf(), Path(sys.argv[1]), built=BUILT)
"""


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_machines_build_the_same_bytes(built: Path, tmp_path: Path) -> None:
    settings = (("7", "Asia/Shanghai", "C.UTF-8"), ("4242", "America/New_York", "C"))
    for number, (seed, zone, locale) in enumerate(settings):
        out = tmp_path / str(number)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        subprocess.run(
            [sys.executable, "-c", _BUILD, str(out)],
            check=True,
            env=environment,
            cwd=Path(__file__).parents[2],
        )
        assert digest(out) == digest(built)


def test_the_order_of_the_shelf_does_not_matter(shelf: Shelf, built: Path, tmp_path: Path) -> None:
    turned = replace(shelf, stories=shelf.stories[::-1], editions=shelf.editions[::-1])
    build_site(turned, tmp_path / "out", built=BUILT)
    assert digest(tmp_path / "out") == digest(built)


def test_a_second_build_writes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    first = build_site(
        shelf, tmp_path / "out", built=BUILT, progress=lambda *done: calls.append(done)
    )
    assert first.unchanged == first.removed == 0
    assert calls[-1] == (first.written, first.written)
    again = build_site(shelf, tmp_path / "out", built=BUILT)
    assert (again.written, again.unchanged, again.removed) == (0, first.written, 0)


def test_only_three_pages_carry_the_time_of_the_build(shelf: Shelf, tmp_path: Path) -> None:
    build_site(shelf, tmp_path / "out", built=BUILT)
    before = digest(tmp_path / "out")
    assert build_site(shelf, tmp_path / "out", built=BUILT + timedelta(days=1)).written == 3
    after = digest(tmp_path / "out")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", "about.html", "search.html"}


def test_a_story_that_leaves_the_shelf_leaves_the_site(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_site(shelf, out, built=BUILT)
    leaves = next(i for i in shelf.stories if i.annotation.relevant)
    page = out / "story" / f"{leaves.story.id}.html"
    assert page.is_file()
    fewer = replace(shelf, stories=tuple(i for i in shelf.stories if i is not leaves), editions=())
    report = build_site(fewer, out, built=BUILT)
    assert not page.exists()
    assert report.removed > 1, "its page, and the search index that knew it"
    fresh = tmp_path / "fresh"
    build_site(fewer, fresh, built=BUILT)
    assert digest(out) == digest(fresh)


def _foreign(folder: Path) -> Path:
    folder.mkdir()
    (folder / "letters.txt").write_text("mine", encoding="utf-8")
    return folder


def _file(path: Path) -> Path:
    path.write_text("a file", encoding="utf-8")
    return path


def _link(path: Path) -> Path:
    (path.parent / "elsewhere").mkdir()
    path.symlink_to(path.parent / "elsewhere", target_is_directory=True)
    return path


@pytest.mark.parametrize("make", [_foreign, _file, _link])
def test_a_folder_that_is_not_ours_is_refused_untouched(
    make: Callable[[Path], Path], shelf: Shelf, tmp_path: Path
) -> None:
    out = make(tmp_path / "out")
    before = digest(tmp_path)
    with pytest.raises(FolderIsNotOurs, match="JB-300"):
        build_site(shelf, out, built=BUILT)
    assert digest(tmp_path) == before


def test_an_empty_folder_is_taken(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert build_site(shelf, tmp_path / "out", built=BUILT).written


def test_a_refused_shelf_writes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    twice = replace(shelf, stories=(*shelf.stories, shelf.stories[0]))
    with pytest.raises(JianbaoError):
        build_site(twice, tmp_path / "out", built=BUILT)
    assert not (tmp_path / "out").exists()


def test_a_killed_build_is_finished_by_the_next(shelf: Shelf, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def die(done: int, total: int) -> None:
        if done == total // 2:
            raise KeyboardInterrupt

    other = replace(shelf, title="另一个名字", stories=shelf.stories[:9], editions=())
    with pytest.raises(KeyboardInterrupt):
        build_site(other, out, built=BUILT, progress=die)
    (out / "story" / "half.html.jianbao-new").write_text("<p", encoding="utf-8")
    build_site(shelf, out, built=BUILT)
    assert digest(out) == digest(built)


def test_a_marker_that_was_tampered_with_removes_nothing_outside(
    shelf: Shelf, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build_site(shelf, out, built=BUILT)
    precious = tmp_path / "precious.txt"
    precious.write_text("keep", encoding="utf-8")
    marker = out / MARKER
    names = f'"../precious.txt", "story/../../precious.txt", "{precious.as_posix()}"'
    text = marker.read_text(encoding="utf-8")
    marker.write_text(text.replace('"files": [', f'"files": [{names},'), encoding="utf-8")
    build_site(shelf, out, built=BUILT)
    assert precious.read_text(encoding="utf-8") == "keep"


def test_a_name_taken_by_something_else_is_reported_with_a_code(
    shelf: Shelf, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build_site(shelf, out, built=BUILT)
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    (out / "index.html" / "x").write_text("x", encoding="utf-8")
    with pytest.raises(FolderCannotBeWritten, match="JB-304"):
        build_site(shelf, out, built=BUILT)


def test_a_withdrawn_story_leaves_nothing_but_a_note(shelf: Shelf, tmp_path: Path) -> None:
    story = next(
        item.story
        for item in shelf.stories
        if item.story.id == shelf.editions[-1].items[0].story_id
    )
    out = tmp_path / "out"
    gone = Withdrawal(story.id, BUILT.date(), "来源已撤稿")
    build_site(replace(shelf, withdrawn=(gone,)), out, built=BUILT)
    note = (out / "story" / f"{story.id}.html").read_text(encoding="utf-8")
    assert "来源已撤稿" in note
    for path in out.rglob("*"):
        if path.is_file() and path.name != MARKER:
            assert story.headline not in path.read_text(encoding="utf-8"), path
