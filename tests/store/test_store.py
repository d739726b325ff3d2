"""What the store promises: nothing is lost, one writes, a stranger's file is left alone."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.annotation import Annotation, Evidence
from jianbao.index.clock import ZONE
from jianbao.index.store import (
    ImportedPage,
    ListState,
    SourceRun,
    Store,
    StoreIsDamaged,
    StoreIsMissing,
    StoreIsNewer,
    WriterIsBusy,
)
from jianbao.index.story import Byline, Paragraph, Picture, Repair, Story, story_id


def clock() -> datetime:
    return datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)


def a_story(name: str, day: date | None = date(2026, 11, 20)) -> Story:
    return Story(
        id=story_id(name),
        headline=f"{name}的支部大会开到了院坝",
        paragraphs=(
            Paragraph("先说事,后表决。"),
            Paragraph("一件一件办", subhead=True),
            Paragraph("办完了。"),
        ),
        published=day,
        byline=Byline(raw="（记者 柳青禾）", reporters=("柳青禾",)),
        pictures=(Picture("院坝里坐满了人。", "柳青禾 摄"),),
        repairs=(Repair("joined", "院|坝", 3),),
    )


def an_annotation() -> Annotation:
    evidence = Evidence(
        "county", "140431", "headline", 0, 3, "沁源县", "full name in the headline", 9.0
    )
    return Annotation(
        counties=("140431",), city="140400", level="county", relevant=True, evidence=(evidence,)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "jianbao.db"


def test_a_story_comes_back_as_it_was_put(path: Path) -> None:
    story = a_story("槐树沟")
    with Store.open(path, clock=clock, writer="test") as store:
        assert store.put_story(story) == "new"
    with Store.open(path, clock=clock) as store:
        assert store.story(story.id) == story


text = st.text(max_size=30)


@given(st.builds(Story, id=text, headline=text, paragraphs=st.lists(st.builds(Paragraph, text, st.booleans())).map(tuple),
                 published=st.none() | st.dates(), byline=st.builds(Byline, raw=text, reporters=st.lists(text).map(tuple))))  # fmt: skip
def test_every_story_survives_the_way_through_plain_data(story: Story) -> None:
    assert Story.from_json(story.to_json()) == story


def test_putting_the_same_story_twice_changes_nothing(path: Path) -> None:
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_story(a_story("槐树沟"))
        assert store.put_story(a_story("槐树沟")) == "same"
        assert store.revisions(story_id("槐树沟")) == []


def test_a_changed_story_keeps_its_earlier_text(path: Path) -> None:
    first = a_story("槐树沟")
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_story(first)
        assert store.put_story(replace(first, headline="更正后的标题")) == "changed"
        assert store.revisions(first.id) == [first]


def test_stories_come_newest_first_and_undated_last(path: Path) -> None:
    days = {"甲": date(2026, 11, 2), "乙": None, "丙": date(2026, 11, 20)}
    with Store.open(path, clock=clock, writer="test") as store:
        for name, day in days.items():
            store.put_story(a_story(name, day))
        assert [story.published for story in store.stories()] == [days["丙"], days["甲"], None]


def test_an_annotation_is_stale_when_the_text_or_the_rules_change(path: Path) -> None:
    story = a_story("槐树沟")
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_story(story)
        store.put_annotation(story.id, an_annotation(), "rules-1")
        assert store.annotation(story.id) == an_annotation()
        assert store.unannotated("rules-1") == []
        assert store.unannotated("rules-2") == [story]
        changed = replace(story, headline="更正后的标题")
        store.put_story(changed)
        assert store.unannotated("rules-1") == [changed]


def test_folds_are_stored_anew_each_time(path: Path) -> None:
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_folds({"a": "a", "b": "a"})
        store.put_folds({"b": "b"})
        assert store.folds() == {"b": "b"}


def test_a_taken_address_is_seen_and_so_is_a_refused_one(path: Path) -> None:
    with Store.open(path, clock=clock, writer="test") as store:
        store.take(a_story("槐树沟"), url="http://county.example/t1.html")
        store.refuse("http://county.example/t2.html", source_id="county", why="no body")
        assert store.seen("http://county.example/t1.html")
        assert store.seen("http://county.example/t2.html")
        assert not store.seen("http://county.example/t3.html")
        assert store.refused() == [("county", "http://county.example/t2.html", "no body")]


def test_crawl_state_comes_back_as_it_was_put(path: Path) -> None:
    state = ListState("http://county.example/", etag='"a1"', checked="2026-11-22T09:00:00+08:00")
    run = SourceRun("county", "2026-11-22T09:00:00+08:00", "2026-11-22T09:00:05+08:00", 7, 3, 2, 1)
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_list_state(state)
        store.log_run(run)
    with Store.open(path, clock=clock) as store:
        assert store.list_state(state.url) == state
        assert store.list_state("http://county.example/other") is None
        assert store.runs() == [run]


def test_a_page_split_anew_replaces_its_own_stories_only(path: Path) -> None:
    other, first, second = a_story("别处"), a_story("槐树沟"), a_story("柳树湾")
    page = ImportedPage("p1", "page.txt", "全文", imported="2026-11-22T09:00:00+08:00")
    with Store.open(path, clock=clock, writer="test") as store:
        store.put_story(other)
        assert store.put_page(page, [first, second]) == {"new": 2, "changed": 0, "same": 0}
        mended = replace(page, edits=({"do": "merge"},))
        assert store.put_page(mended, [first]) == {"new": 0, "changed": 0, "same": 1}
        assert {story.id for story in store.stories()} == {other.id, first.id}
        assert store.page("p1") == mended
        assert store.pages() == [mended]
        assert store.page_of(first.id) == "p1"


def test_a_second_writer_is_told_who_writes(path: Path) -> None:
    with Store.open(path, clock=clock, writer="crawl"):
        with pytest.raises(WriterIsBusy, match="jianbao crawl"):
            Store.open(path, clock=clock, writer="import")
        Store.open(path, clock=clock).close()
    Store.open(path, clock=clock, writer="import").close()


def test_reading_before_anything_was_written_says_what_to_do(path: Path) -> None:
    with pytest.raises(StoreIsMissing, match="jianbao import"):
        Store.open(path, clock=clock)
    assert not path.exists()


def test_a_file_that_is_no_store_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is somebody's shopping list " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreIsDamaged):
        Store.open(path, clock=clock, writer="test")
    assert path.read_bytes() == before


def test_a_store_of_a_later_version_is_refused(path: Path) -> None:
    Store.open(path, clock=clock, writer="test").close()
    db = sqlite3.connect(path)
    db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    db.commit()
    db.close()
    with pytest.raises(StoreIsNewer, match="999"):
        Store.open(path, clock=clock)


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from jianbao.index.clock import ZONE
from jianbao.index.store import Store
from jianbao.index.story import Paragraph, Story, story_id
clock = lambda: datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)
with Store.open(Path(sys.argv[1]), clock=clock, writer="test") as store:
    for n in range(100000):
        url = f"http://county.example/{n}"
        store.take(Story(story_id(url), f"第{n}篇", (Paragraph("正文" * 200),), url=url), url=url)
        print(n, flush=True)
"""


@pytest.mark.parametrize("after", [0.02, 0.11, 0.23])
def test_a_killed_writer_loses_nothing_it_had_reported(path: Path, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    time.sleep(after)
    process.send_signal(_kill())
    reported = [0, *(int(line) for line in process.stdout.read().splitlines()[:-1])]
    process.wait()
    with Store.open(path, clock=clock, writer="test") as store:
        for number in reported:
            url = f"http://county.example/{number}"
            assert store.seen(url)
            assert store.story(story_id(url)) is not None
        stored = sum(1 for _ in store.stories())
        assert stored in (len(reported), len(reported) + 1, len(reported) + 2)
        assert store.put_story(a_story("槐树沟")) == "new"


def _kill() -> signal.Signals:
    return getattr(signal, "SIGKILL", signal.SIGTERM)
