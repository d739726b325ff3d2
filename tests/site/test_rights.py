"""What may be shown: facts, an excerpt, or all of it — on pages and in the search alike."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.annotation import Annotation, Evidence
from jianbao.index.limits import EXCERPT_LEAST, EXCERPT_MOST
from jianbao.index.story import Byline, Paragraph, Picture, Rights, Story
from jianbao.site.build import build_site
from jianbao.site.edition import Edition, EditionItem, Shelf, ShelfStory
from jianbao.site.reader_texts import packed
from jianbao.site.rights import byline_line, clean, excerpt, safe_url

from .conftest import BUILT

LEAD = "沁源县法中乡的护林队天不亮就上了山，四个村的党员分两路走，约在梁顶的老松树下碰头，谁先到谁先点名，谁迟到谁背水。"
SECOND = "他们把沿路的枯枝一根根拾到沟底，又在三处陡坡上重新打了木桩，拉起新的警示绳，留下电话。"
HIDDEN = "密不示人的第三句写在这里，任何一页、任何一个索引文件里都不应当出现它的任何部分。"


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([], []),
        (["一句话就说完了。"], ["一句话就说完了。"]),
        ([LEAD + SECOND + HIDDEN], [LEAD + SECOND]),
        (["先是一句短话。", LEAD, HIDDEN * 2], ["先是一句短话。", LEAD]),
        (["甲" * 70 + "，" + "乙" * 80 + "。"], ["甲" * 70 + "……"]),
        (["甲" * 300], ["甲" * EXCERPT_MOST + "……"]),
        (["“开会！”他说。" + "丙" * 200], ["“开会！”他说。" + "丙" * (EXCERPT_MOST - 8) + "……"]),
    ],
)
def test_the_excerpt_is_the_first_sentences(paragraphs: list[str], expected: list[str]) -> None:
    got = excerpt(tuple(Paragraph(text) for text in paragraphs))
    assert [paragraph.text for paragraph in got] == expected


def test_a_subhead_is_not_part_of_the_lead() -> None:
    got = excerpt((Paragraph("小标题", subhead=True), Paragraph("正文。")))
    assert got == (Paragraph("正文。"),)


@given(st.lists(st.text("甲乙，。！？”“ a1\n", max_size=200), max_size=6))
def test_an_excerpt_is_short_enough_and_long_enough(texts: list[str]) -> None:
    body = tuple(Paragraph(text) for text in texts)
    length = sum(len(p.text.removesuffix("……")) for p in excerpt(body))
    assert length <= EXCERPT_MOST
    assert length >= min(EXCERPT_LEAST, sum(len(clean(text)) for text in texts))


def make(rights: Rights) -> ShelfStory:
    story = Story(
        id=f"a{rights}",
        kicker="引题在此",
        headline=f"护林队上山·{rights}",
        deck="副题在此",
        paragraphs=(Paragraph(LEAD + SECOND + HIDDEN),),
        pictures=(Picture("图中是护林队。", "任冬青 摄"),),
        byline=Byline(reporters=("任冬青",)),
        source="绵山新报",
        published=date(2026, 11, 18),
        url=f"https://news.example/{rights}",
        rights=rights,
    )
    start = story.body.index("法中乡")
    proof = Evidence("county", "140431", "body", start, start + 3, "法中乡", "town", 2.0)
    about = Annotation(
        counties=("140431",), city="140400", themes=("joint",), relevant=True, evidence=(proof,)
    )
    return ShelfStory(story, about)


@pytest.fixture(scope="module")
def three(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of three stories that differ only in their rights, each in the issue as it is and
    as edited."""
    out = tmp_path_factory.mktemp("rights") / "public"
    stories = tuple(make(rights) for rights in get_args(Rights))
    day = date(2026, 11, 22)
    as_they_are = tuple(EditionItem(item.story.id) for item in stories)
    edited = tuple(EditionItem(item.story.id, text=LEAD + SECOND + HIDDEN) for item in stories)
    editions = tuple(
        Edition(number, 0, "2026-W47", day, day, day, items=items)
        for number, items in ((1, as_they_are), (2, edited))
    )
    build_site(replace(shelf, stories=stories, editions=editions), out, built=BUILT)
    return out


PARTS = (LEAD, SECOND, HIDDEN, "引题在此", "副题在此", "图中是护林队。", "任冬青", "法中乡")
SEEN: dict[str, tuple[bool, ...]] = {
    "facts": (False, False, False, False, False, False, False, False),
    "excerpt": (True, True, False, True, True, False, True, True),
    "full": (True, True, True, True, True, True, True, True),
}


@pytest.mark.parametrize("rights", get_args(Rights))
def test_a_story_page_shows_what_its_rights_allow(three: Path, rights: str) -> None:
    page = (three / "story" / f"a{rights}.html").read_text(encoding="utf-8")
    article = page[page.index("<article") : page.index("</article>")]
    assert tuple(part in article for part in PARTS) == SEEN[rights]
    for fact in (f"护林队上山·{rights}", "绵山新报", "2026年11月18日", "沁源县"):
        assert fact in article
    assert f'href="https://news.example/{rights}"' in article


def test_every_other_file_holds_only_what_may_be_shown(three: Path) -> None:
    allowed = {"story/afull.html", "issue/2026-1.html", "issue/2026-2.html", "index.html"}
    for path in sorted(three.rglob("*")):
        name = path.relative_to(three).as_posix()
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if name in allowed:
            assert text.count(HIDDEN) == 1, f"{name}: the full story, once"
        elif (name.startswith("search/") and "/t/" in name) or path.name == "stories.json":
            assert text.count(HIDDEN) <= 1
        else:
            assert HIDDEN[:6] not in text, name


def unpacked(text: str) -> str:
    """What ``find.js`` reads: two characters for each of GB 2312's, others after a tilde."""
    single = {packed(chr(code)): chr(code) for code in range(0x80, 0x10000) if code >> 11 != 0x1B}
    return "".join(
        part[1:] if part[0] == "~" else single[part]
        for part in re.findall("~.|..", text, re.DOTALL)
    )


def test_the_search_has_hidden_words_of_one_story_only(three: Path) -> None:
    """What is indexed is what the files of texts hold, and nothing else reaches the search."""
    held: list[str] = []
    for path in three.glob("search/*/t/*.js"):
        data = path.read_text(encoding="utf-8").partition(",")[2].partition(",")[2].strip()[:-1]
        held += [unpacked(story[4]) for story in json.loads(data)]
    assert len(held) == 3
    assert sum(HIDDEN in text for text in held) == 1, "the full story's own"
    assert sum(HIDDEN[:6] in text for text in held) == 1
    assert sum(LEAD in text for text in held) == 2, "the excerpt, too"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("https://", False),
        ("http://[broken", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert safe_url(url) == (url if kept else "")


def test_invisible_characters_do_not_reach_a_page() -> None:
    assert clean("a\u202eb\u200b\x00c\ud800\n d\u3000e") == "abc\ufffd d e"


@pytest.mark.parametrize(
    ("byline", "line"),
    [
        (Byline(reporters=("柳青禾", "任冬青"), correspondents=("郝一诺",)), "记者 柳青禾 任冬青　通讯员 郝一诺"),
        (Byline(raw="本报综合"), "本报综合"),
        (Byline(organisations=("文水县融媒体中心",), editors=("姚慕华",)), "文水县融媒体中心　责任编辑 姚慕华"),
        (Byline(), ""),
    ],
)  # fmt: skip
def test_a_byline_names_the_roles(byline: Byline, line: str) -> None:
    assert byline_line(byline) == line
