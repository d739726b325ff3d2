"""The pages: complete, linked, escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from jianbao.index.annotation import Annotation, Evidence
from jianbao.index.story import Byline, Paragraph, Picture, Story
from jianbao.site.build import build_site
from jianbao.site.dates import zh_span, zh_week
from jianbao.site.edition import City, County, Edition, EditionItem, Shelf, ShelfStory
from jianbao.site.printing import POLICY
from jianbao.site.reader_texts import search_lines
from jianbao.site.view import ComesTwice, IdIsUnsafe, ItemIsUnknown, make_view, reasons

from .conftest import BUILT

ATTACK = "</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Links, ids and elements of one page; ``attributes`` are all names that occur."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "src", "action"}:
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def pages(folder: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}


def test_every_link_leads_somewhere(built: Path) -> None:
    all_pages = pages(built)
    assert len(all_pages) > 200
    for path, page in all_pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"http", "https"}, (path, link)
                continue
            # The page for a missing address is sent for any folder's: its links begin at the root.
            rooted = path.name == "404.html" and bool(parts.path)
            assert link.startswith("/jianbao/") == rooted, (path, link)
            inside = unquote(parts.path).removeprefix("/jianbao/")
            start = built if path.name == "404.html" else path.parent
            target = (start / inside).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            assert target.is_relative_to(built)
            if parts.fragment:
                assert parts.fragment in all_pages[target].ids, (path, link)


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(built: Path) -> None:
    for path, page in pages(built).items():
        html = path.read_text(encoding="utf-8")
        assert POLICY.replace("'", "&#39;") in html
        assert "style" not in page.tags
        assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
        assert not re.search(
            r'<script(?![^>]*\ssrc=)(?! type="application/(ld\+)?json"[ >])', html
        ), path
        named = html.replace('<link rel="canonical" href="https:', "")
        assert not re.search(
            r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"https?:", named
        )


def test_every_page_has_its_landmarks_and_one_heading(built: Path) -> None:
    for path, page in pages(built).items():
        for tag in ("header", "nav", "main", "footer", "title"):
            assert tag in page.tags, (path, tag)
        assert page.tags.count("h1") == 1, path
        assert len(page.ids) == len(set(page.ids)), path


def test_every_county_of_the_province_has_a_page(built: Path, shelf: Shelf) -> None:
    counties = [unit for city in shelf.cities for unit in city.counties]
    assert len(counties) == 117
    index = (built / "counties.html").read_text(encoding="utf-8")
    for unit in counties:
        page = (built / "county" / f"{unit.code}.html").read_text(encoding="utf-8")
        assert f'<h1 class="plain">{unit.name}</h1>' in page
        assert f'href="county/{unit.code}.html"' in index
    assert len(list((built / "city").iterdir())) == 11
    assert len(list((built / "theme").iterdir())) == 16


def test_an_empty_county_says_what_to_do(built: Path, shelf: Shelf) -> None:
    view = make_view(shelf)
    empty = next(
        unit for city in shelf.cities for unit in city.counties if unit.code not in view.by_county
    )
    page = (built / "county" / f"{empty.code}.html").read_text(encoding="utf-8")
    assert f"还没有收录{empty.name}的党建报道" in page
    assert "search.html?q=" in page


def test_what_is_set_aside_is_not_on_the_site(built: Path, shelf: Shelf) -> None:
    aside = [item.story for item in shelf.stories if not item.annotation.relevant]
    assert aside
    for story in aside:
        assert not (built / "story" / f"{story.id}.html").exists()
        for path in built.rglob("*.html"):
            assert story.id not in path.read_text(encoding="utf-8")


def test_what_an_editor_chose_is_shown_even_if_the_program_set_it_aside(shelf: Shelf) -> None:
    aside = next(item for item in shelf.stories if not item.annotation.relevant)
    edition = replace(shelf.editions[0], items=(EditionItem(aside.story.id),))
    assert aside.story.id in make_view(replace(shelf, editions=(edition,))).by_id


def test_the_front_page_is_the_newest_issue(built: Path) -> None:
    front = Page((built / "index.html").read_text(encoding="utf-8")).text
    assert "第47期（总第147期）" in front
    assert "2026年11月22日" in front
    assert "编者按" in front
    assert "把服务送到家门口" in front
    issue = Page((built / "issue" / "2026-46.html").read_text(encoding="utf-8")).text
    assert "编者按" not in issue


def test_a_site_without_an_issue_shows_the_newest_stories(shelf: Shelf, tmp_path: Path) -> None:
    build_site(replace(shelf, editions=()), tmp_path / "out", built=BUILT)
    front = Page((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    assert "第一期还没有出版" in front.text
    assert sum(link.startswith("story/") for link in front.links) == 20


def test_a_site_without_a_story_can_be_built(shelf: Shelf, tmp_path: Path) -> None:
    build_site(replace(shelf, editions=(), stories=()), tmp_path / "out", built=BUILT)
    assert "还没有收录报道" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def hostile(story_id: str = "attack") -> ShelfStory:
    """Hostile in every field that a page prints."""
    story = Story(
        id=story_id,
        kicker=ATTACK,
        headline=ATTACK,
        deck=ATTACK,
        paragraphs=(
            Paragraph(ATTACK, subhead=True),
            Paragraph(ATTACK + "\u2028\ud83d{{ 7*7 }}{% x %}"),
        ),
        pictures=(Picture(ATTACK, ATTACK, "javascript:alert(1)"),),
        byline=Byline(raw=ATTACK, reporters=(ATTACK,)),
        source=ATTACK,
        published=date(2026, 11, 20),
        page=ATTACK,
        url='https://news.example/"><script>alert(1)</script>',
        rights="full",
    )
    proof = Evidence("theme", "service", "body", 0, 5, ATTACK, ATTACK, 9.0)
    about = Annotation(
        counties=("140431", "../../x"), city="140400", themes=("service", ATTACK),
        relevant=True, reason=ATTACK, evidence=(proof,),
    )  # fmt: skip
    return ShelfStory(story, about)


def test_a_site_whose_publisher_is_not_named_yet_reads_well(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_site(replace(shelf, publisher="", contact=""), out, built=BUILT)
    about = Page((out / "about.html").read_text(encoding="utf-8"))
    assert "《三晋党建简报》每周从" in about.text
    assert "请与编发单位联系。" in about.text
    for path in out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "由编发" not in html, path
        assert "：编发的" not in html, path
        assert "<p> 编发</p>" not in html, path


def test_a_hostile_story_stays_text(shelf: Shelf, tmp_path: Path) -> None:
    edition = replace(
        shelf.editions[-1],
        title=ATTACK,
        note=ATTACK,
        items=(EditionItem("attack", ATTACK, ATTACK, ATTACK), EditionItem("attack")),
    )
    poisoned = replace(
        shelf,
        title=ATTACK,
        masthead=ATTACK,
        publisher=ATTACK,
        contact=ATTACK,
        stories=(*shelf.stories, hostile()),
        editions=(*shelf.editions[:-1], edition),
    )
    out = tmp_path / "out"
    build_site(poisoned, out, built=BUILT)
    for path, page in pages(out).items():
        assert "img" not in page.tags, path
        assert not {name for name in page.attributes if name.startswith("on")}, path
        data = path.parent.name == "story" or path.name == "search.html"
        assert page.tags.count("script") <= 2 + data, path
    page = Page((out / "story" / "attack.html").read_text(encoding="utf-8"))
    assert page.text.count(ATTACK) > 8
    assert "{{ 7*7 }}" in page.text
    for path in out.rglob("*.js"):
        if "search" in path.relative_to(out).parts[0]:
            text = path.read_text(encoding="utf-8")
            assert "<" not in text
            assert "\u2028" not in text


@pytest.mark.parametrize("bad", ["../x", "", "a/b", "A", "a" * 65, "a.b", "a\n", "..", "con:"])
def test_an_id_that_is_no_file_name_is_refused(shelf: Shelf, bad: str) -> None:
    item = shelf.stories[0]
    with pytest.raises(IdIsUnsafe, match="JB-301"):
        make_view(
            replace(shelf, stories=(replace(item, story=replace(item.story, id=bad)),), editions=())
        )
    with pytest.raises(IdIsUnsafe):
        make_view(replace(shelf, cities=(City("140100", "太原市", (County(bad, "某县"),)),)))


def test_two_of_one_name_are_refused(shelf: Shelf) -> None:
    with pytest.raises(ComesTwice, match="JB-302"):
        make_view(replace(shelf, stories=(*shelf.stories, shelf.stories[0])))
    with pytest.raises(ComesTwice):
        make_view(replace(shelf, editions=(*shelf.editions, shelf.editions[0])))


def test_an_issue_with_an_unknown_story_is_refused(shelf: Shelf) -> None:
    day = date(2026, 11, 22)
    edition = Edition(1, 0, "2026-W47", day, day, day, items=(EditionItem("nobody"),))
    with pytest.raises(ItemIsUnknown, match="JB-303"):
        make_view(replace(shelf, editions=(edition,)))


def test_an_edited_headline_leaves_the_original_on_the_story_page(
    shelf: Shelf, tmp_path: Path
) -> None:
    first = shelf.editions[-1].items[0]
    story = next(item.story for item in shelf.stories if item.story.id == first.story_id)
    item = replace(first, headline="编辑改过的题目")
    edition = replace(shelf.editions[-1], items=(item, *shelf.editions[-1].items[1:]))
    build_site(replace(shelf, editions=(edition,)), tmp_path / "out", built=BUILT)
    front = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    page = (tmp_path / "out" / "story" / f"{story.id}.html").read_text(encoding="utf-8")
    assert "编辑改过的题目" in front
    assert "编辑改过的题目" not in page
    assert story.headline in page


def test_the_evidence_is_told_in_chinese_and_folded_away(built: Path, shelf: Shelf) -> None:
    item = next(
        i for i in shelf.stories
        if i.story.rights == "full" and i.annotation.relevant
        and {e.field for e in i.annotation.evidence} == {"headline", "body"}
    )  # fmt: skip
    html = (built / "story" / f"{item.story.id}.html").read_text(encoding="utf-8")
    fold = Page(html[html.index("<details") : html.index("</details>")])
    assert "标引依据" in fold.text
    assert "正文" in fold.text
    assert "区县 · " in fold.text
    assert "full-name" not in fold.text


def test_neighbours_share_the_county_or_the_theme(built: Path, shelf: Shelf) -> None:
    view = make_view(shelf)
    for entry in view.entries:
        html = (built / "story" / f"{entry.story.id}.html").read_text(encoding="utf-8")
        if "neighbours" not in html:
            continue
        aside = Page(html[html.index('<aside class="neighbours"') : html.index("</aside>")])
        for link in (link for link in aside.links if link.startswith("../story/")):
            other = view.by_id[link[9:-5]]
            assert other is not entry
            assert set(other.counties) & set(entry.counties) or set(other.themes) & set(
                entry.themes
            )


def test_what_is_searched_is_what_the_story_page_shows(built: Path, shelf: Shelf) -> None:
    for entry in make_view(shelf).entries:
        page = Page((built / "story" / f"{entry.story.id}.html").read_text(encoding="utf-8")).text
        for line in (entry.story.headline, *search_lines(entry.story)):
            assert line in page


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "2026年11月16日—22日"),
        (date(2026, 11, 30), date(2026, 12, 6), "2026年11月30日—12月6日"),
        (date(2026, 12, 28), date(2027, 1, 3), "2026年12月28日—2027年1月3日"),
        (date(2026, 11, 16), date(2026, 11, 16), "2026年11月16日"),
    ],
)
def test_a_span_of_days_says_only_what_changes(first: date, last: date, expected: str) -> None:
    assert zh_span(first, last) == expected


def test_a_week_is_named_by_its_days() -> None:
    assert zh_week("2026-W47") == "2026年第47周（11月16日—22日）"
    assert zh_week("2026-W53") == "2026年第53周（12月28日—1月3日）"
    assert zh_week("undated") == "日期不详"


def test_what_an_editor_decided_stands_first_in_the_evidence(shelf: Shelf) -> None:
    item = next(i for i in shelf.stories if i.annotation.relevant and i.annotation.evidence)
    code = item.annotation.counties[0]
    note = "不给读者看的话"
    own = Evidence("county", code, "headline", 0, 0, note, "by-editor", 0.0)
    about = replace(item.annotation, evidence=(*item.annotation.evidence, own))
    view = make_view(replace(shelf, stories=(replace(item, annotation=about),), editions=()))
    first, *rest = reasons(view.entries[0])
    assert (first.words, first.places) == ("", "编辑改定")
    assert rest
    assert all(note not in reason.words for reason in (first, *rest))
