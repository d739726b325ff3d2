"""An issue with everything that a document prints, made in a small office."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.desk.issue import Issue
from jianbao.index.story import Byline, Paragraph, Picture
from tests.desk.made import Office, a_story, make_office, story_id


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with five stories: a plain one, one with all parts, an excerpt, facts only, an odd one."""
    made = make_office(tmp_path / "office")
    whole, about = a_story(
        "沙棘",
        body="苏家沟村党支部把沙棘地分成九片。\n每片由一名党员照看，账目逢五公开。",
        pictures=(Picture("村民在沙棘地里采果。", "苏望川 摄"),),
        byline=Byline(
            raw="记者 苏望川 通讯员 闻小满", reporters=("苏望川",), correspondents=("闻小满",)
        ),
    )
    parts = whole.paragraphs
    whole = replace(
        whole,
        kicker="一片坡地 九个账本",
        headline="苏家沟：沙棘地里的账本",
        deck="寿阳县苏家沟村见闻",
        paragraphs=(parts[0], Paragraph("分片照看 逢五公开", subhead=True), parts[1]),
        url="https://news.example.cn/2026/11/18/saji.html?a=1&b=<2>",
        page="3",
    )
    odd, odd_about = a_story(
        "怪字",
        headline="</title><img src=x onerror=alert(1)> & “引号” #[image(1)]",
        body='正文里有 *星号* _下划线_ $公式$ @引用 <b>标签</b>。\n=HYPERLINK("http://x")\n1. 像列表 \x0b\x00 还有 \u202e 反向。',
    )
    made.put(
        [
            (whole, about),
            a_story("清雪"),
            a_story("节选", rights="excerpt", body="社区把议事会搬进凉亭。" * 30),
            a_story("只列", rights="facts"),
            (odd, odd_about),
        ]
    )
    return made


@pytest.fixture
def issue(office: Office) -> Issue:
    """The issue of all five."""
    made = office.issue(
        *(story_id(name) for name in ("沙棘", "清雪", "节选", "只列", "怪字")), total=102
    )
    issues = office.session.issues()
    issues.edit(made.key, story_id("沙棘"), note="账目怎样公开，这一篇讲得细。", by="闻一舟")
    issues.edit(
        made.key, story_id("清雪"), headline="一场雪 四十把锹", section="服务群众", by="闻一舟"
    )
    return issues.set_facts(
        made.key, note="本期选登冬季工作做法。", editors=("闻一舟",), by="闻一舟"
    )


def a_png(width: int = 60, height: int = 40) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\x99" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
