"""Pages are kept as they came, and stories can be made from them again without any network."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from jianbao.crawler.reparse import reparse
from jianbao.crawler.snapshots import SnapshotIsDamaged, Snapshots
from jianbao.crawler.sources import Rule
from jianbao.index.store import Store, StoreCannotWrite

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


def test_a_page_that_goes_back_to_its_earlier_bytes_is_the_latest_again(tmp_path: Path) -> None:
    store, _ = kept(tmp_path)
    clock = iter(now() + timedelta(days=day) for day in range(9))
    snapshots = Snapshots(tmp_path / "snapshots", store, lambda: next(clock))
    with store:
        for body in (b"<p>a</p>", b"<p>b</p>", b"<p>a</p>"):
            snapshots.keep("http://a.example/1", body, source_id="a")
        (latest,) = store.snapshots("a")
        assert snapshots.body(latest) == b"<p>a</p>"
        assert store.latest_snapshot("http://a.example/1") == latest


def test_a_story_behind_a_redirect_is_made_again_under_its_own_address(tmp_path: Path) -> None:
    with odd_site() as site:
        site.publish([1])
        old = "/list/202611/t20261103_1.html"
        site.answers["/list/202611/t20261103_77.html"] = site.answers[old]
        site.answers[old] = Answer(status=301, headers={"Location": "t20261103_77.html"})
        assert visit_one(tmp_path, source(site.address)).new == 1
    (before,) = stored(tmp_path)
    assert before.url.endswith("_77.html")
    store, snapshots = kept(tmp_path)
    with store:
        assert reparse(snapshots, [ODD]).same == 1
        store._db.execute("DELETE FROM stories")
        store._db.execute("DELETE FROM addresses")
        assert reparse(snapshots, [ODD]).new == 1
    assert stored(tmp_path) == [before]


def test_a_page_is_read_again_as_on_the_day_it_came(folder: Path) -> None:
    """A year later the rules of that day still hold: what was in the future stays undated, say."""
    before = stored(folder)
    with Store.open(folder / "store.db", clock=now, writer="test") as store:
        later = Snapshots(folder / "snapshots", store, lambda: now() + timedelta(days=400))
        earlier = Snapshots(folder / "snapshots", store, lambda: now() - timedelta(days=400))
        for snapshots in (later, earlier):
            report = reparse(snapshots, [ODD])
            assert (report.same, report.changed) == (2, 0)
    assert stored(folder) == before


def months(folder: Path) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name[:6]}" for path in folder.rglob("*.gz"))


def test_what_is_kept_is_bounded_and_the_oldest_months_go_first(tmp_path: Path) -> None:
    store, _ = kept(tmp_path)
    folder = tmp_path / "snapshots"
    with store:
        for month in (8, 9, 10, 11):
            moment = now().replace(month=month, day=1)
            snapshots = Snapshots(folder, store, lambda moment=moment: moment)
            for name in ("a", "b"):
                snapshots.keep(f"http://{name}.example/{month}", os.urandom(3000), source_id=name)
        assert snapshots.prune() == []
        present = Snapshots(folder, store, now)
        whole = sum(path.stat().st_size for path in folder.rglob("*.gz"))
        assert present.prune(whole - 1) == ["a/202608.warc.gz"]
        assert present.prune(int(whole * 0.55)) == ["b/202608.warc.gz", "a/202609.warc.gz", "b/202609.warc.gz"]  # fmt: skip
        assert months(folder) == ["a/202610", "a/202611", "b/202610", "b/202611"]
        assert [one.url for one in store.snapshots("a")] == ["http://a.example/10", "http://a.example/11"]  # fmt: skip
        # However little room there is, the present month stays.
        present.prune(0)
        assert months(folder) == ["a/202611", "b/202611"]
        assert all(present.body(one) for one in store.snapshots("a"))


def test_a_file_that_a_kill_left_without_a_known_page_goes_first(tmp_path: Path) -> None:
    store, snapshots = kept(tmp_path)
    with store:
        snapshots.keep("http://a.example/1", b"<p>a</p>", source_id="a")
        stray = tmp_path / "snapshots" / "a" / "202512.warc.gz"
        stray.write_bytes(b"half a file")
        assert snapshots.prune() == ["a/202512.warc.gz"]
        assert not stray.exists()


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, snapshots = kept(tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with store:
        monkeypatch.setattr("jianbao.crawler.snapshots.os.fsync", full)
        with pytest.raises(StoreCannotWrite, match="No space left"):
            snapshots.keep("http://a.example/1", b"<p>a</p>", source_id="a")
        monkeypatch.undo()
        assert store.snapshots("a") == []
        kept_now = snapshots.keep("http://a.example/1", b"<p>b</p>", source_id="a")
        assert (kept_now.start, snapshots.body(kept_now)) == (0, b"<p>b</p>")
