"""A desk with a busy week: every story of the sample web in one week, so that the tray is full."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.progress import Progress

from jianbao.desk.countyweb.dataset import load_stories
from jianbao.desk.importing import Facts, draft_page
from jianbao.desk.indexing import bring_up_to_date
from jianbao.desk.session import Session
from jianbao.desk.web.app import make_app
from jianbao.desk.web.command import listen, server_of
from jianbao.desk.web.keys import Keys
from jianbao.desk.workspace import Workspace
from jianbao.index.clock import ZONE
from jianbao.index.store import Store
from jianbao.index.story import Paragraph, Picture, Story, story_id

WEEK = "2026-W47"
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)
PAGES = Path(__file__).parents[2] / "desk" / "countyweb" / "pages"
HOSTILE = '</script><img src=x onerror="document.title=1"><b>党员</b>{{ 7*7 }}'


def clock() -> datetime:
    return NOW


def sample_stories() -> list[Story]:
    """The stories of the sample web, spread over one week; two of them are the same copy."""
    made: list[Story] = []
    for number, sample in enumerate(load_stories()):
        made.append(
            Story(
                id=story_id(sample.slug),
                kicker=sample.kicker,
                headline=sample.headline,
                deck=sample.deck,
                paragraphs=sample.paragraphs,
                pictures=tuple(Picture(caption=c.text, credit=c.credit) for c in sample.captions),
                byline=sample.byline,
                source=sample.source,
                published=MONDAY + timedelta(days=number % 7),
                page=sample.page,
                url=f"https://news.example/{sample.slug}.html",
                home="140000",
                rights="excerpt" if number % 9 == 4 else "full",
            )
        )
    first = made[0]
    return [
        *made,
        replace(
            first, id=story_id("copy"), source="汾河转载报", published=MONDAY + timedelta(days=6)
        ),
    ]


def hostile_story() -> Story:
    """Every text of it is markup, script or template; it speaks of a village's Party branch, too."""
    village = "文水县凤城镇某村党支部组织党员志愿服务队上门为老人服务，村党支部书记带头。"
    return Story(
        id=story_id("hostile"),
        kicker=HOSTILE,
        headline=f"文水县党支部{HOSTILE}",
        deck=HOSTILE,
        paragraphs=(
            Paragraph(village + HOSTILE),
            Paragraph(HOSTILE, subhead=True),
            Paragraph(village),
        ),
        pictures=(Picture(caption=HOSTILE, credit=HOSTILE),),
        source=f"来源{HOSTILE}",
        published=MONDAY,
        page=HOSTILE,
        url="javascript:document.title=2",
        rights="full",
    )


def build_office(folder: Path) -> Workspace:
    workspace = Workspace.create(
        folder, title="三晋党建一周", province="140000", contact="desk@example.org"
    )
    session = Session(folder, clock)
    with session.write("test") as store:
        for story in (*sample_stories(), hostile_story()):
            store.put_story(story)
        _import(store, sorted(PAGES.glob("*.txt"))[0])
        with Progress(disable=True) as bars:
            bring_up_to_date(workspace, store, bars)
    return workspace


def _import(store: Store, path: Path) -> None:
    facts = Facts(source="太行晚报样刊", published=date(2026, 11, 20), page="3", rights="full")
    draft = draft_page(path, facts, store, clock)
    store.put_page(draft.page, draft.stories)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that is built once; tests get copies."""
    folder = tmp_path_factory.mktemp("office") / "office"
    build_office(folder)
    return folder


@pytest.fixture
def office(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "office")
    return tmp_path / "office"


class Desk:
    """A desk that is being served from this process."""

    def __init__(self, folder: Path) -> None:
        self.session = Session(folder, clock)
        self.folder = folder
        self.keys = Keys.of(self.session.workspace().store_path.parent)
        listening = listen(free_port())
        self.port = listening.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self._server = server_of(make_app(self.session, self.keys, self.port))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    @property
    def address(self) -> str:
        return f"{self.base}/?key={self.keys.entry}"

    def client(self) -> httpx.Client:
        """A browser's manners without a browser, with the cookie."""
        return httpx.Client(
            base_url=self.base,
            headers={"Origin": self.base},
            cookies={self.keys.cookie_name: self.keys.cookie},
            timeout=30,
        )

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def desk(office: Path) -> Iterator[Desk]:
    served = Desk(office)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def steady(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for tests that only look."""
    folder = tmp_path_factory.mktemp("steady") / "office"
    shutil.copytree(pattern, folder)
    served = Desk(folder)
    yield served
    served.stop()


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(desk: Desk) -> Post:
    """Sends a form as a page of the desk does."""
    client = desk.client()

    def send(path: str, follow: bool = True, **fields: Any) -> httpx.Response:
        data = {"token": desk.keys.form, **fields}
        return client.post(path, data=data, follow_redirects=follow)

    return send
