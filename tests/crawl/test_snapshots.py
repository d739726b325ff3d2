"""Pages are kept as they came, and stories can be made from them again without any network."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from jianbao.crawler.reparse import reparse
from jianbao.crawler.snapshots import SnapshotIsDamaged, Snapshots
from jianbao.crawler.sources import Rule
from jianbao.index.store import Store

from .odd_site import (
    HOST,
    SENTENCE,
    Answer,
    now,
    odd_site,
    source,
    stored,
    story_page,
    title,
    visit_one,
)
from .test_systems import BASE, long_story


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stories crawled, with their snapshots."""
    folder = tmp_path_factory.mktemp("crawled")
    with odd_site() as site:
        site.publish([1, 2])
        visit_one(folder, source(site.address))
    return folder


@pytest.fixture
def folder(crawled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(crawled, tmp_path / "copy")


ODD = source("http://127.0.0.1:1")


def kept(folder: Path) -> tuple[Store, Snapshots]:
    store = Store.open(folder / "store.db", clock=now, writer="test")
    return store, Snapshots(folder / "snapshots", store, now)


def test_every_page_is_kept_byte_for_byte_the_refused_too(tmp_path: Path) -> None:
    gbk = story_page(2).sent.decode().encode("gb18030")
    with odd_site() as site:
        site.publish([1, 2, 3])
        site.answers["/list/202611/t20261103_2.html"] = Answer(gbk)
        site.answers["/list/202611/t20261103_3.html"] = story_page(3, text="太短。")
        assert visit_one(tmp_path, source(site.address)).new == 2
        sent = [story_page(1).sent, gbk, story_page(3, text="太短。").sent]
    store, snapshots = kept(tmp_path)
    with store:
        found = store.snapshots("odd")
        assert [snapshots.body(one) for one in found] == sent
    assert {one.file for one in found} == {"odd/202611.warc.gz"}
    with (tmp_path / "snapshots" / "odd" / "202611.warc.gz").open("rb") as file:
        records = [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file)
        ]
    assert sorted(records, key=lambda one: one[1]) == [
        ("response", f"http://{HOST}/list/202611/t20261103_{n}.html", sent[n - 1])
        for n in (1, 2, 3)
    ]


def test_the_same_page_is_kept_once(tmp_path: Path) -> None:
    store, snapshots = kept(tmp_path)
    with store:
        first = snapshots.keep("http://a.example/1", b"<p>a</p>", source_id="a")
        assert snapshots.keep("http://a.example/1", b"<p>a</p>", source_id="a") == first
        other = snapshots.keep("http://a.example/1", b"<p>b</p>", source_id="a")
        assert other.start == first.size
        assert [one.digest for one in store.snapshots("a")] == [other.digest]
        assert [snapshots.body(one) for one in (first, other)] == [b"<p>a</p>", b"<p>b</p>"]


def test_stories_are_made_again_without_a_network(folder: Path) -> None:
    before = stored(folder)
    store, snapshots = kept(folder)
    with store:
        report = reparse(snapshots, [ODD])
        assert (report.same, report.changed, report.new, report.problems) == (2, 0, 0, [])
        for story in before:
            store._db.execute("DELETE FROM stories WHERE id = ?", (story.id,))
        assert reparse(snapshots, [ODD]).new == 2
    assert stored(folder) == before


def test_a_new_rule_changes_the_stories_and_their_earlier_text_is_kept(folder: Path) -> None:
    ruled = ODD.model_copy(update={"rules": (Rule(deck="h1"),)})
    store, snapshots = kept(folder)
    with store:
        assert reparse(snapshots, [ruled]).changed == 2
        for story in store.stories():
            assert story.deck == story.headline
            assert [earlier.deck for earlier in store.revisions(story.id)] == [""]


def test_a_page_that_was_refused_becomes_a_story_when_a_rule_finds_it(tmp_path: Path) -> None:
    store, snapshots = kept(tmp_path)
    url = f"http://{HOST}/list/202611/t20261103_2.html"
    body = f"<h1>{title(2)}</h1><div class=TRS_Editor>短</div><div class=odd style='display:none'><p>{SENTENCE * 2}</p></div>"
    ruled = ODD.model_copy(update={"rules": (Rule(headline="h1", body=".odd p"),)})
    with store:
        snapshots.keep(url, body.encode(), source_id="odd")
        store.refuse(url, source_id="odd", why="short")
        assert reparse(snapshots, [ODD]).refused == [(url, "short")]
        assert reparse(snapshots, [ruled]).new == 1
        assert store.refused() == []


def test_a_story_of_several_pages_is_joined_again(tmp_path: Path) -> None:
    with odd_site() as site:
        long_story(site, 3)
        one = source(site.address, family="people", entries=(f"{BASE}/GB/1/index.html",))
        visit_one(tmp_path, one)
    before = stored(tmp_path)
    store, snapshots = kept(tmp_path)
    with store:
        assert reparse(snapshots, [one]).same == 1
    assert len(before[0].paragraphs) == 4


def test_what_a_kill_left_behind_is_cut_away(tmp_path: Path) -> None:
    store, snapshots = kept(tmp_path)
    with store:
        first = snapshots.keep("http://a.example/1", b"<p>a</p>", source_id="a")
        path = tmp_path / "snapshots" / first.file
        path.write_bytes(path.read_bytes() + b"\x1f\x8b half a record")
        second = snapshots.keep("http://a.example/2", b"<p>b</p>", source_id="a")
        assert snapshots.body(second) == b"<p>b</p>"
        assert gzip.decompress(path.read_bytes()).count(b"WARC/1.1") == 2


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "zeros"])
def test_a_damaged_snapshot_is_a_sentence_and_harms_no_story(folder: Path, damage: str) -> None:
    before = stored(folder)
    store, snapshots = kept(folder)
    with store:
        path = folder / "snapshots" / "odd" / "202611.warc.gz"
        body = path.read_bytes()
        middle = max(one.start for one in store.snapshots("odd"))
        damaged = {
            "missing": b"",
            "cut": body[: middle + 40],
            "zeros": bytes(len(body)),
            "other": body[middle:] + body[:middle],
        }
        path.write_bytes(damaged[damage])
        if damage == "missing":
            path.unlink()
        report = reparse(snapshots, [ODD])
        assert report.problems
        assert all(isinstance(problem, SnapshotIsDamaged) for problem in report.problems)
        assert (report.new, report.changed) == (0, 0)
    assert stored(folder) == before
