"""The desk's door: who is let in, what is let through, and that crawled text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from jianbao.crawler.snapshots import Snapshots
from jianbao.desk.web.guard import POLICY
from jianbao.desk.web.keys import Keys
from jianbao.index.limits import DESK_REQUEST_BYTES
from jianbao.index.story import story_id

from .conftest import HOSTILE, Desk, Post, clock, hostile_story

VIEWS = (
    "/tray",
    "/issue",
    "/coverage",
    "/sources",
    "/import",
    "/search",
    "/search?q=党员",
    "/help",
)


def test_the_address_with_the_key_opens_the_desk_and_no_other_does(steady: Desk) -> None:
    with httpx.Client(base_url=steady.base) as stranger:
        for address in (
            "/",
            "/tray",
            "/?key=",
            "/?key=wrong",
            f"/tray?key={steady.keys.entry[:-1]}x",
        ):
            refused = stranger.get(address)
            assert refused.status_code == 403, address
            assert "jianbao desk" in refused.text
            assert "set-cookie" not in refused.headers
        entered = stranger.get(steady.address)
        assert entered.status_code == 303
        assert entered.headers["location"] == "/"
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert steady.keys.entry not in cookie
        assert stranger.get("/tray").status_code == 200


def test_the_key_is_new_at_every_start_and_the_cookie_stays_good(steady: Desk) -> None:
    again = Keys.of(steady.session.workspace().store_path.parent)
    assert again.entry != steady.keys.entry
    assert (again.cookie_name, again.cookie, again.form) == (
        steady.keys.cookie_name, steady.keys.cookie, steady.keys.form,
    )  # fmt: skip
    assert again.form != again.cookie


def test_two_workspaces_have_different_cookies(steady: Desk, tmp_path: Path) -> None:
    other = Keys.of(tmp_path)
    assert other.cookie_name != steady.keys.cookie_name
    assert other.cookie != steady.keys.cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]
)  # fmt: skip
def test_a_foreign_host_is_turned_away(steady: Desk, host: str) -> None:
    with steady.client() as client:
        answer = client.get("/tray", headers={"Host": host.format(port=steady.port)})
        assert answer.status_code in (400, 421)
        assert "候选" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_of_another_page_is_turned_away(
    steady: Desk, headers: dict[str, str], method: str
) -> None:
    with steady.client() as client:
        answer = client.request(method, "/tray", headers=headers, data={"token": steady.keys.form})
        assert answer.status_code == 403
        assert "JB-481" in answer.text


def test_a_form_without_origin_or_without_its_token_changes_nothing(desk: Desk) -> None:
    with desk.client() as client:
        sent = {"number": "1", "week": "2026-W47", "dated": "2026-11-22"}
        assert client.post("/issue", data=sent).status_code == 403
        assert client.post("/issue", data=sent | {"token": desk.keys.cookie}).status_code == 403
        del client.headers["Origin"]
        assert client.post("/issue", data=sent | {"token": desk.keys.form}).status_code == 403
    assert desk.session.issues().keys() == []


@pytest.mark.parametrize("path", [*VIEWS, "/nowhere", "/assets/desk.css"])
def test_every_answer_carries_the_policy(steady: Desk, path: str) -> None:
    with steady.client() as client:
        answer = client.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


class _Markup(HTMLParser):
    """Notes what a policy without inline script and style would block, and what leads outside."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.wrong += [
            f"{tag} {name}" for name in given if name.startswith("on") or name == "style"
        ]
        if tag in ("img", "b") and tag == "img":
            self.wrong.append(tag)
        if tag == "style" or (
            tag == "script" and not (given.get("src") or "").startswith("/assets/")
        ):
            self.wrong.append(tag)
        for name in ("src", "href", "action"):
            value = given.get(name) or "/"
            own = value.startswith(("/", "#", "?"))
            external = (
                name == "href"
                and value.startswith("https://news.example/")
                and "external" in (given.get("rel") or "")
            )
            if not own and not external:
                self.wrong.append(f"{tag} {name}={value}")


@pytest.mark.parametrize(
    "path", [*VIEWS, "/story/{id}", "/tray?open={id}&state=", "/search?q=7*7", "/tray?state=&place=%3Cimg%3E"]
)  # fmt: skip
def test_crawled_text_is_never_markup(steady: Desk, path: str) -> None:
    story = story_id("hostile")
    with steady.client() as client:
        page = client.get(path.format(id=story)).text
    markup = _Markup()
    markup.feed(page)
    assert not markup.wrong
    assert "<img" not in page
    assert "{{ 7*7 }}" in page or HOSTILE not in page
    assert "javascript:" not in page


def test_a_hostile_story_in_an_issue_stays_text_in_every_view(desk: Desk, post: Post) -> None:
    story = story_id("hostile")
    post("/issue", number="1", week="2026-W47", dated="2026-11-22")
    assert post("/tray", story=story, issue="2026-1", act="choose").status_code == 200
    edited = {
        "headline": HOSTILE,
        "deck": HOSTILE,
        "note": HOSTILE,
        "text": HOSTILE,
        "section": HOSTILE,
        "base": "",
    }
    with desk.client() as client:
        shown = client.get(f"/issue/2026-1/edit/{story}").text
        edited["base"] = re.findall(r'name="base" value="(\w+)"', shown)[0]
        assert post(f"/issue/2026-1/edit/{story}", **edited).status_code == 200
        for path in ("", f"/edit/{story}", "/check", "/review", "/proof", "/export"):
            markup = _Markup()
            page = client.get(f"/issue/2026-1{path}")
            assert page.status_code == 200, path
            markup.feed(page.text)
            assert not markup.wrong, path
            assert "<img" not in page.text


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_refused(desk: Desk, declared: bool) -> None:
    def body() -> bytes:
        return b"token=" + b"x" * DESK_REQUEST_BYTES

    with desk.client() as client:
        content = body() if declared else iter([body()[:1000], body()[1000:]])
        answer = client.post(
            "/import",
            content=content,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 413
        assert "JB-482" in answer.text
    assert len(list((desk.folder / "data").glob("desk-*.txt"))) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2fapp.py", "/assets/../app.py", "/assets/%2e%2e/%2e%2e/jianbao.toml", "/story/..%2f..%2fjianbao.toml",
        "/import/..%2f..%2fdata%2fdesk.key", "/issue/..%2f..%2fjianbao", "/issue/2026-1%00", "/issue/2026-1/trail/..%2fx",
    ],
)  # fmt: skip
def test_no_path_of_a_request_reaches_the_files(steady: Desk, path: str) -> None:
    with steady.client() as client:
        answer = client.get(path)
        assert answer.status_code in (404, 409)
        assert '三晋党建一周"' not in answer.text
        assert "JB-4" in answer.text


def test_an_uploaded_name_never_becomes_a_path(desk: Desk) -> None:
    before = {str(one) for one in desk.folder.parent.rglob("*")}
    with desk.client() as client:
        for name in ("../../evil.txt", "/srv/evil.txt", "C:\\evil.txt", "a" * 300 + ".txt"):
            text = f"文水县党支部开展服务活动\n\n本报讯 {name[-12:-4]}日前文水县某村党支部组织党员上门服务。老人都说好。\n"
            answer = client.post(
                "/import", data={"token": desk.keys.form}, files={"file": (name, text.encode(), "text/plain")},
                follow_redirects=True,
            )  # fmt: skip
            assert answer.status_code == 200, answer.text
    new = {str(one) for one in desk.folder.parent.rglob("*")} - before
    assert not [one for one in new if "evil" in one or "aaaa" in one]
    assert not list((desk.folder / "data").glob("desk-*.txt"))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("page.txt", b"%PDF-1.7 ...", "JB-214"),
        ("page.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "JB-214"),
        ("page.txt", b"   \n ", "JB-212"),
        ("page.txt", "党".encode() * 400_000, "JB-213"),
        ("page.docx", b"PK\x03\x04" + b"\0" * 50, "JB-214"),
    ],
)
def test_an_upload_of_the_wrong_kind_or_size_comes_back_with_the_form(
    desk: Desk, name: str, data: bytes, code: str
) -> None:
    with desk.client() as client:
        answer = client.post(
            "/import", data={"token": desk.keys.form, "source": "汾河晚报"}, files={"file": (name, data, "text/plain")}
        )  # fmt: skip
    assert answer.status_code == 422
    assert code in answer.text
    assert 'value="汾河晚报"' in answer.text


def test_a_snapshot_is_shown_as_text(desk: Desk) -> None:
    page = f"<html><head><script>document.title=3</script></head><body onload=alert(1)><p>党员{HOSTILE}</p></body></html>"
    with desk.session.write("test") as store:
        story = replace(
            hostile_story(),
            id=story_id("kept"),
            source_id="sample",
            url="https://news.example/kept.html",
        )
        store.put_story(story)
        Snapshots(desk.folder / "data" / "snapshots", store, clock).keep(
            story.url, page.encode(), source_id="sample"
        )
    with desk.client() as client:
        assert f"/story/{story.id}/snapshot" in client.get(f"/story/{story.id}").text
        shown = client.get(f"/story/{story.id}/snapshot")
    assert shown.status_code == 200
    markup = _Markup()
    markup.feed(shown.text)
    assert not markup.wrong
    assert "&lt;script&gt;document.title=3" in shown.text, "the source is there to read"
    assert shown.headers["content-security-policy"] == POLICY


def test_the_wechat_preview_is_a_page_that_can_do_nothing(desk: Desk, post: Post) -> None:
    story = story_id("hostile")
    post("/issue", number="1", week="2026-W47", dated="2026-11-22")
    post("/tray", story=story, issue="2026-1", act="choose")
    with desk.client() as client:
        shown = client.get("/issue/2026-1/wechat")
        policy = shown.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "script" not in policy
        assert "<img" not in shown.text
        copied = client.get("/issue/2026-1/wechat", headers={"X-Jianbao-Quiet": "1"})
        assert copied.headers["content-type"].startswith("text/plain")
        for form in ("docx", "..%2fx", "exe", "pdf%00"):
            assert client.get(f"/issue/2026-1/file/{form}").status_code == 404


def test_the_form_sends_back_only_into_the_desk(desk: Desk, post: Post) -> None:
    story = story_id("hostile")
    for to in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/tray\r\nX: 1",
    ):
        answer = post("/tray", follow=False, story=story, act="hold", to=to)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/tray?said="), to
