"""The output folder: ours or empty, the same bytes for the same shelf, nothing stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jianbao.index.errors import JianbaoError
from jianbao.index.limits import (
    FEED_ARCHIVE,
    LISTED_STORIES,
    SEARCH_PART_MOST,
    SEARCH_PART_STORIES,
)
from jianbao.index.story import Byline, Paragraph, Picture, Story
from jianbao.site import build, reader_index, view
from jianbao.site.build import build_site
from jianbao.site.edition import Reprint, Shelf, ShelfStory, Withdrawal
from jianbao.site.output import MARKER, FolderCannotBeWritten, FolderIsNotOurs
from jianbao.site.rights import Shown, shown

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
    marked = (tmp_path / "out" / MARKER).stat().st_mtime_ns
    again = build_site(shelf, tmp_path / "out", built=BUILT)
    assert (tmp_path / "out" / MARKER).stat().st_mtime_ns == marked
    assert (again.written, again.unchanged, again.removed) == (0, first.written, 0)


def test_a_story_that_stays_is_not_worked_out_again(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand stories that would take longer than a day's new ones."""
    plain = replace(shelf, editions=())
    build_site(plain, tmp_path, built=BUILT)
    asked: list[str] = []

    def noted(story: Story) -> Shown:
        asked.append(story.id)
        return shown(story)

    monkeypatch.setattr(view, "shown", noted)
    build_site(plain, tmp_path, built=BUILT)
    assert not asked
    build_site(replace(plain, contact="另一个信箱"), tmp_path, built=BUILT)
    assert len(asked) == len(set(asked)) == sum(i.annotation.relevant for i in plain.stories)


@pytest.mark.parametrize(
    ("stories", "parts"),
    [
        (0, []),
        (1023, [1023]),
        (1024, [512, 512]),
        (10_000, [9_728, 272]),
        (16_384, [15_872, 512]),
        (16_385, [15_360, 1_025]),
        (32_000, [31_744, 256]),
        (50_000, [31_744, 17_408, 848]),
    ],
)
def test_the_search_stands_in_few_parts(stories: int, parts: list[int]) -> None:
    borders = reader_index.borders(stories)
    assert [b - a for a, b in pairwise(borders) if b > a] == parts


def test_the_parts_hold_every_story_once_and_the_newest_stay_few() -> None:
    for stories in range(1, 70_000, 7):
        borders = reader_index.borders(stories)
        assert (borders[0], borders[-1]) == (0, stories)
        assert borders == sorted(borders)
        sizes = [b - a for a, b in pairwise(borders) if b > a]
        assert max(sizes) <= SEARCH_PART_MOST
        assert sizes[-1] <= 3 * SEARCH_PART_STORIES


def test_only_three_pages_carry_the_time_of_the_build(shelf: Shelf, tmp_path: Path) -> None:
    build_site(shelf, tmp_path / "out", built=BUILT)
    before = digest(tmp_path / "out")
    assert build_site(shelf, tmp_path / "out", built=BUILT + timedelta(days=1)).written == 3
    after = digest(tmp_path / "out")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", "about.html", "search.html", MARKER}


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
    names = ("../precious.txt", "story/../../precious.txt", precious.as_posix())
    forged = "".join(f'"{name}":["x",4],' for name in names)
    text = marker.read_text(encoding="utf-8")
    assert '"files":{' in text
    marker.write_text(text.replace('"files":{', '"files":{' + forged), encoding="utf-8")
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


CHANGES: tuple[tuple[str, Any], ...] = (
    ("headline", "改过的标题"),
    ("kicker", "改过的引题"),
    ("deck", "改过的副题"),
    ("paragraphs", (Paragraph("只剩一段。"),)),
    ("pictures", (Picture("换了图", "郝一诺 摄"),)),
    ("byline", Byline(reporters=("任冬青",))),
    ("source", "另一家报"),
    ("page", "9"),
    ("url", "https://news.example/other"),
    ("rights", "facts"),
    ("published", None),
    ("reason", "另一种说法。"),
    ("themes", ("red",)),
    ("reprints", (Reprint("汾河转载报", BUILT.date(), "https://copy.example/2"),)),
)


def test_whatever_changes_is_printed_anew(shelf: Shelf, tmp_path: Path) -> None:
    """A build onto an older one leaves the same bytes as a build from nothing, and every page whose
    story changed in one field, each in another, is a new one."""
    full = [i for i in shelf.stories if i.story.rights == "full" and i.annotation.relevant]
    small = replace(
        shelf, stories=tuple(full[: len(CHANGES)]), editions=(), cities=shelf.cities[:2]
    )
    assert len(small.stories) == len(CHANGES)
    items: list[ShelfStory] = []
    for item, (name, value) in zip(small.stories, CHANGES, strict=True):
        if name == "reprints":
            items.append(replace(item, reprints=value))
        elif name in {"reason", "themes"}:
            items.append(replace(item, annotation=replace(item.annotation, **{name: value})))
        else:
            items.append(replace(item, story=replace(item.story, **{name: value})))
    out = tmp_path / "out"
    build_site(small, out, built=BUILT)
    before = digest(out)
    changed = replace(small, stories=tuple(items))
    for number, other in enumerate((changed, replace(changed, contact="另一个信箱", address=""))):
        build_site(other, out, built=BUILT)
        build_site(other, tmp_path / str(number), built=BUILT)
        assert digest(out) == digest(tmp_path / str(number))
    after = digest(tmp_path / "0")
    for item, (name, _) in zip(items, CHANGES, strict=True):
        page = f"story/{item.story.id}.html"
        assert before[page] != after[page], name


def test_two_processes_write_what_one_does(
    shelf: Shelf, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SPAWN_STORIES", 1)
    build_site(shelf, tmp_path / "out", built=BUILT, processes=2)
    assert digest(tmp_path / "out") == digest(built)


@pytest.mark.parametrize(("new", "moved"), [(1, False), (32, True)])
def test_new_stories_leave_the_bulk_of_the_search_alone_and_a_moving_bulk_the_texts(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: int, moved: bool
) -> None:
    monkeypatch.setattr(reader_index, "SEARCH_PART_STORIES", 16)
    stories = sorted(shelf.stories, key=lambda item: item.story.published or date.min)

    def folders(upto: int) -> dict[str, set[str]]:
        """Folders of lists (s) and of texts (t) after a build of the oldest stories."""
        build_site(
            replace(shelf, stories=tuple(stories[:upto]), editions=()), tmp_path, built=BUILT
        )
        return {
            kind: {path.parent.parent.name for path in tmp_path.glob(f"search/*/{kind}/0.js")}
            for kind in "st"
        }

    old, now = folders(len(stories) - new), folders(len(stories))
    assert len(old["s"] & now["s"]) == (0 if moved else 1)
    assert len(old["t"] - now["t"]) <= 1
    assert len(old["t"] & now["t"]) >= 3


def test_a_file_cut_short_on_disk_is_written_again(
    shelf: Shelf, built: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    for name in ("about.html", "search"):
        path = out / name if name.endswith("html") else next((out / name).glob("*/s/0.js"))
        path.write_bytes(b"")
    build_site(shelf, out, built=BUILT)
    assert digest(out) == digest(built)


_FULL = """
import resource, sys
from pathlib import Path
from tests.site.conftest import BUILT, make_shelf
from dataclasses import replace
from jianbao.index.errors import JianbaoError
from jianbao.site.build import build_site
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    build_site(replace(make_shelf(), title="新名字"), Path(sys.argv[1]), built=BUILT)
except JianbaoError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size")
def test_when_the_disk_refuses_the_old_site_stays(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(out)],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout == "JB-304\n"
    before, after = digest(built), digest(out)
    assert before.keys() == {name for name in after if not name.endswith(".jianbao-new")}
    assert before["index.html"] == after["index.html"]
    assert all((out / name).stat().st_size for name in before), "no page is half written"


def test_four_thousand_stories_of_one_county_stay_readable(shelf: Shelf, tmp_path: Path) -> None:
    item = next(i for i in shelf.stories if i.annotation.relevant and i.annotation.counties)
    code = item.annotation.counties[0]
    body = (Paragraph("一句话。"),)
    about = replace(item.annotation, evidence=(), themes=item.annotation.themes[:1])
    item = replace(item, annotation=about)
    many = tuple(
        replace(item, story=replace(item.story, id=f"s{n}", headline=f"第{n}篇", paragraphs=body))
        for n in range(4000)
    )
    build_site(replace(shelf, stories=many, editions=()), tmp_path, built=BUILT)
    page = (tmp_path / "county" / f"{code}.html").read_text(encoding="utf-8")
    assert page.count('<article class="line">') == LISTED_STORIES
    assert "共收录 4000 篇" in page
    assert f"search.html?place={code}" in page
    assert len(page) < 400_000
    archives = list((tmp_path / "feed" / "county" / code).glob("*.xml"))
    assert len(archives) == 4000 // FEED_ARCHIVE
