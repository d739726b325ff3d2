"""A small office with stories of our own, and a clock that a test can turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from jianbao.desk.issue import Issue, Item
from jianbao.desk.session import Session
from jianbao.desk.workspace import Workspace
from jianbao.index.annotation import Annotation
from jianbao.index.clock import ZONE
from jianbao.index.story import Byline, Paragraph, Picture, Rights, Story

WEEK = "2026-W47"
START = datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)


@dataclass
class Hands:
    """A clock."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Office:
    """A workspace with a store of stories."""

    session: Session
    hands: Hands
    stories: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.session.folder

    def put(self, pairs: Iterable[tuple[Story, Annotation]]) -> None:
        with self.session.write("test") as store:
            for story, about in pairs:
                store.put_story(story)
                store.put_annotation(story.id, about, "test")
                self.stories.append(story.id)

    def fold(self, firsts: dict[str, str]) -> None:
        with self.session.write("test") as store:
            known = {story.id: story.id for story in store.stories()}
            store.put_folds(known | firsts)

    def issue(self, *ids: str, **facts: object) -> Issue:
        """A new issue that holds these stories."""
        data = {"number": 1, "week": WEEK, "dated": date(2026, 11, 22), **facts}
        items = tuple(Item(story=one, section="领域党建") for one in ids)
        return self.session.issues().create(
            Issue.model_validate({**data, "items": items}), by="闻一舟"
        )

    def signed(self, *ids: str, **facts: object) -> Issue:
        """A new issue, locked, reviewed and signed."""
        from jianbao.desk.review import lock, pass_review, sign

        key = self.issue(*ids, **facts).key
        with self.session.read() as store:
            lock(self.session, store, key, by="闻一舟")
            for name in ("闻一舟", "郝一诺", "孟舟"):
                pass_review(self.session, key, by=name)
            return sign(self.session, store, key, by="孟舟")


def make_office(folder: Path) -> Office:
    """A new office without stories."""
    hands = Hands()
    Workspace.create(folder, title="三晋党建一周", province="140000", contact="desk@example.org")
    office = Office(Session(folder, hands), hands)
    with office.session.write("test"):
        pass
    return office


def a_story(
    name: str,
    *,
    headline: str = "",
    body: str = "",
    county: str = "141121",
    theme: str = "rural",
    day: date | None = date(2026, 11, 18),
    source: str = "太行晚报样刊",
    rights: Rights = "full",
    relevant: bool = True,
    pictures: tuple[Picture, ...] = (),
    byline: Byline | None = None,
    source_id: str = "",
) -> tuple[Story, Annotation]:
    """A story with an id made of its name, and what it is about."""
    story = Story(
        id=story_id(name),
        headline=headline or f"{name}：党员带头清雪",
        paragraphs=tuple(
            Paragraph(line)
            for line in (body or f"{name}的党员清理了村道上的积雪。" * 12).split("\n")
        ),
        source=source,
        published=day,
        rights=rights,
        pictures=pictures,
        byline=byline or Byline(raw="记者 苏望川", reporters=("苏望川",)),
        source_id=source_id,
    )
    counties = (county,) if county else ()
    themes = (theme,) if theme else ()
    return story, Annotation(
        counties=counties, themes=themes, relevant=relevant, reason="村党支部组织党员"
    )


def story_id(name: str) -> str:
    """Twelve hexadecimal digits of a name."""
    return name.encode("utf-8").hex()[:12].ljust(12, "0")
