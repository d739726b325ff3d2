"""The reader's search against the plain truth: a string is found where it stands, and nowhere else.

The truth is made in Python from what the story pages show; the search runs in a real Chromium, all
queries in one page.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.index.story import Paragraph
from jianbao.site import reader_index
from jianbao.site.build import build_site
from jianbao.site.edition import Shelf
from jianbao.site.reader_index import number
from jianbao.site.reader_texts import FOLD, fold, search_lines
from jianbao.site.view import Entry, View, make_view

from .conftest import BUILT, serve
from .test_pages import hostile

CURATED = (
    "党", "支部", "党支部", "网格员", "“三农”", "“三农”问题", '"三农"问题', "「三农」问题", "2025年", "Ａ级",
    "a级", "A级", "5G", "５ｇ", "5G基站", "的", "。", "，", "”", "”的", "党员 群众", "支部　书记", "一老一小", "不存在的词句",
    "刘胡兰镇", "二〇二六", "二○二六", "记者", "融媒体中心", "img", "</script>", "<img src=x", "\U00020bb7野家", "\U00020bb7",
    "%", "·", "（", "党建 党建", "为民服务", "…", "……", "onerror=alert(1)", "__proto__", "constructor",
)  # fmt: skip
EXTRA = (
    "这里谈“三农”问题，也谈2025年的A级景区和5G基站，还有一家叫\U00020bb7野家的小店。",
    "二○二六年，ＦＵＬＬ Ｗｉｄｔｈ 字母，İstanbul，ΑΣΣΟΣ，ß，__proto__，constructor，100％。",
    "党",
)


@pytest.fixture(scope="module")
def rich(shelf: Shelf) -> Shelf:
    """The sample shelf with a hostile story, and one that mixes scripts, widths and quotes."""
    first = next(i for i in shelf.stories if i.annotation.relevant and i.story.rights == "full")
    mixed = replace(
        first.story,
        id="mixed",
        published=None,
        headline="混排“三农”问题 2025年",
        paragraphs=tuple(Paragraph(text) for text in EXTRA),
    )
    return replace(
        shelf, stories=(*shelf.stories, hostile(), replace(first, story=mixed)), editions=()
    )


@pytest.fixture(scope="module")
def view(rich: Shelf) -> View:
    return make_view(rich)


@pytest.fixture(scope="module")
def folder(rich: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rich") / "public"
    build_site(rich, out, built=BUILT)
    return out


@pytest.fixture(scope="module")
def parted(rich: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with limits so small that the index has several parts, that differences rather than
    texts prove a match, and that every text lies in a file of its own."""
    out = tmp_path_factory.mktemp("parted") / "public"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("PART_STORIES", 16), ("PART_MOST", 48), ("FEW", 2), ("TEXT_BYTES", 3)):
            patch.setattr(reader_index, f"SEARCH_{name}", value)
        build_site(rich, out, built=BUILT)
    assert len(list(out.glob("search/*/facets.js"))) == 3
    return out


def holds(line: str, term: str) -> bool:
    return term in fold(line)


def truth(view: View, query: str) -> tuple[list[str], int]:
    """Ids in the expected order, and how many of them hold every string in the headline."""
    terms = set(fold(query).split())

    def has(entry: Entry, term: str) -> bool:
        return any(holds(line, term) for line in (entry.story.headline, *search_lines(entry.story)))

    def titled(entry: Entry) -> bool:
        return bool(terms) and all(holds(entry.story.headline, term) for term in terms)

    hits = [entry for entry in view.entries if all(has(entry, term) for term in terms)]
    return [e.story.id for e in sorted(hits, key=lambda e: not titled(e))], sum(map(titled, hits))


def queries(view: View) -> list[str]:
    """Curated ones, and cuts of the shown texts at any place: whole, widened, upper-cased, spoilt,
    and two from different places."""
    draw = random.Random(20261122)  # noqa: S311 - reproducible, not secret
    lines = [
        line for e in view.entries for line in (e.story.headline, *search_lines(e.story)) if line
    ]

    def cut() -> str:
        line = draw.choice(lines)
        start = draw.randrange(len(line))
        return line[start : start + draw.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 12, 30))]

    wide = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
    found = [*CURATED]
    for number_ in range(660):
        kind = number_ % 6
        text = cut()
        if kind == 3:
            text = text.translate(wide) if number_ % 4 else text.upper()
        elif kind == 4:
            text = text[: len(text) // 2] + draw.choice("党的一县") + text[len(text) // 2 :]
        elif kind == 5:
            text = f"{text} {cut()}"
        if text.strip():
            found.append(text)
    return list(dict.fromkeys(found))


FIND = """async (queries) => {
  const ids = {}, out = [];
  for (const q of queries) {
    const { hits, head } = await jianbao.find({ q });
    for (const doc of hits) ids[doc] ??= (await jianbao.textOf(doc)).id;
    out.push([hits.map((doc) => ids[doc]), head]);
  }
  return out;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("way", ["http", "file"])
def test_every_string_is_found_and_counted_exactly(
    chromium: Any, folder: Path, parted: Path, view: View, way: str
) -> None:
    folder = folder if way == "http" else parted
    asked = queries(view)
    assert len(asked) >= 500
    server, base = serve(folder)
    page = chromium.new_page()
    page.goto(f"{base if way == 'http' else folder.as_uri() + '/'}search.html")
    page.wait_for_function("() => document.querySelectorAll('#hits > li').length > 0")
    answers = page.evaluate(FIND, asked)
    page.close()
    server.shutdown()
    wrong = [
        (query, len(ids), len(truth(view, query)[0]))
        for query, (ids, head) in zip(asked, answers, strict=True)
        if (ids, head) != truth(view, query)
    ]
    assert not wrong
    lengths = [len(ids) for ids, _ in answers]
    assert sum(length == 0 for length in lengths) > 20
    assert sum(length > 0 for length in lengths) > 400


@pytest.mark.browser
def test_filters_and_facets_agree_with_the_stories(chromium: Any, parted: Path, view: View) -> None:
    page = chromium.new_page()
    page.goto(f"{parted.as_uri()}/search.html")
    page.wait_for_function("() => document.querySelectorAll('#hits > li').length > 0")

    def values(entry: Entry, facet: str) -> list[str]:
        return {
            "place": [*(c.code for c in entry.cities), *(c.code for c in entry.counties)],
            "theme": [theme.slug for theme in entry.themes],
            "source": [entry.story.source] if entry.story.source else [],
            "week": [entry.week],
        }[facet]

    facets = ("place", "theme", "source", "week")
    ask = """async (state) => {
      const { hits, facets } = await jianbao.find(state);
      return [hits.length, Object.fromEntries(Object.entries(facets).map(([k, v]) => [k, Object.fromEntries(v)]))];
    }"""
    for query in ("", "支部", "党员", "没有这样的话"):
        held = set(truth(view, query)[0])
        inside = [e for e in view.entries if e.story.id in held]
        for state in (
            {},
            {"place": "140400"},
            {"place": "140431"},
            {"theme": "service", "week": "2026-W46"},
            {"place": "141100", "theme": "rural"},
            {"source": inside[0].story.source if inside else "无"},
            {"week": "undated"},
            {"theme": "no-such"},
        ):
            count, got = page.evaluate(ask, {"q": query, **state})
            assert count == sum(all(v in values(e, f) for f, v in state.items()) for e in inside)
            for facet in facets:
                rest = {f: v for f, v in state.items() if f != facet}
                tally: dict[str, int] = {}
                for entry in inside:
                    if all(v in values(entry, f) for f, v in rest.items()):
                        for value in values(entry, facet):
                            tally[value] = tally.get(value, 0) + 1
                assert got[facet] == tally, (query, state, facet)
    page.close()


@pytest.mark.browser
def test_the_first_five_stories_are_shown_before_the_rest_have_come(
    chromium: Any, parted: Path
) -> None:
    server, base = serve(parted)
    page = chromium.new_page()
    held: list[Any] = []
    asked: set[str] = set()

    def hold(route: Any) -> None:
        asked.add(route.request.url)
        if len(asked) > 5:
            held.append(route)
        else:
            route.continue_()

    page.route("**/t/*.js", hold)
    page.goto(f"{base}search.html", wait_until="commit")
    page.wait_for_function("() => document.querySelectorAll('#hits > li').length === 5")
    assert page.get_attribute("#hits", "aria-busy") == "true"
    assert "篇" in page.inner_text("#found")
    first = page.locator("#hits h2").all_inner_texts()
    for route in held:
        route.continue_()
    page.wait_for_function("() => document.querySelectorAll('#hits > li').length === 10")
    assert page.get_attribute("#hits", "aria-busy") is None
    assert page.locator("#hits h2").all_inner_texts()[:5] == first
    page.close()
    server.shutdown()


@pytest.mark.browser
def test_a_list_that_is_replaced_does_not_move_what_stands_below_it(
    chromium: Any, parted: Path
) -> None:
    server, base = serve(parted)
    page = chromium.new_page(viewport={"width": 400, "height": 600})
    page.goto(f"{base}search.html?q=支部")
    page.wait_for_function("() => document.querySelectorAll('#hits > li').length === 10")
    page.evaluate("""() => {
      window.heights = [];
      new MutationObserver(() => heights.push(hits.offsetHeight)).observe(hits, { childList: true });
      window.before = hits.offsetHeight;
    }""")
    page.route("**/t/*.js", lambda route: route.continue_())
    page.fill("#q", "党员")
    page.wait_for_function("() => document.title.startsWith('党员') && !hits.ariaBusy")
    heights, before = page.evaluate("() => [heights, before]")
    assert heights
    assert min(heights[:-1], default=before) >= before
    page.close()
    server.shutdown()


@given(st.text(max_size=40))
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert len(folded.encode("utf-16", "surrogatepass")) == len(
        text.encode("utf-16", "surrogatepass")
    )
    assert fold(folded) == folded


def test_folding_makes_one_of_what_readers_take_for_one() -> None:
    same = (
        ("Ａ级", "a级"),
        ("“三农”", "「三农」"),
        ("二○二六", "二〇二六"),
        ("５Ｇ", "5g"),
        ("买•提", "买·提"),
    )
    assert all(fold(one) == fold(other) for one, other in same)
    assert not any(0xD800 <= c < 0xE000 or c > 0xFFFF for c in (*FOLD, *FOLD.values()))


@given(st.integers(min_value=0, max_value=1 << 40))
def test_a_number_is_written_so_that_it_ends_itself(value: int) -> None:
    text = number(value)
    digits = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"\\<>')
    read = 0
    for char in text:
        read = read * 45 + digits.index(char) % 45
    assert read == value
    assert [digits.index(char) >= 45 for char in text] == [True] * (len(text) - 1) + [False]
