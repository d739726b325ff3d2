"""Saved pages with their expected stories: a rule that reads less than before is told apart from one that does not."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from jianbao.crawler.checks import ExpectedByline, check, save_list, save_story
from jianbao.crawler.sources import Source
from jianbao.index.story import Byline
from jianbao.index.tomlfile import FileIsWrong

from ..crawl.odd_site import SENTENCE, title

TODAY = date(2026, 11, 22)
URL = "http://www.one.example/dj/202611/t20261103_1.html"
STORY = (
    "<html><head><meta name='PubDate' content='2026-11-03 08:00'></head><body>"
    f"<h1>{title(1)}</h1><p>来源：样例县融媒体中心</p><div class='TRS_Editor'><p>{SENTENCE}</p><p>{SENTENCE[::-1]}</p>"
    "<p>（记者 木清扬）</p></div><div class='box'><p>责任编辑：纪怀瑾</p></div></body></html>"
)
LIST = (
    "<html><body><ul>"
    + "".join(
        f"<li><a href='./202611/t2026110{n}_{n}.html'>{title(n)}</a>2026-11-0{n}</li>"
        for n in (1, 2, 3)
    )
    + "</ul><script>createPageHTML(3, 0, 'index', 'html')</script></body></html>"
)


def source(**changes: object) -> Source:
    values: dict[str, object] = {
        "id": "one",
        "name": "样例县",
        "kind": "listing",
        "family": "trs",
        "entries": ("http://www.one.example/dj/",),
    }
    return Source.model_validate(values | changes)


def save(folder: Path, one: Source, markup: str = STORY, url: str = URL) -> Path:
    return save_story(one, folder, url=url, body=markup.encode(), saved=TODAY, listed=None)


def differences(folder: Path, one: Source) -> list[str]:
    return [text for page in check(one, folder).pages for text in page.differences]


def test_a_saved_page_gives_what_was_expected(tmp_path: Path) -> None:
    path = save(tmp_path, source())
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written["headline"] == title(1)
    assert written["published"] == date(2026, 11, 3)
    assert written["paragraphs"][0] == SENTENCE
    assert written["byline"]["reporters"] == ["木清扬"]
    report = check(source(), tmp_path)
    assert report.good
    assert dict(report.hits) == {"trs": 1}


def test_a_rule_that_reads_another_place_is_seen_at_once(tmp_path: Path) -> None:
    save(tmp_path, source())
    found = differences(tmp_path, source(rules=({"version": "v2", "body": ".TRS_Editor p"},)))
    assert any(text.startswith("rule:") for text in found)
    assert any("paragraph missing" in text for text in found)


def test_a_name_that_was_lost_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, source())
    path.write_text(
        path.read_text(encoding="utf-8").replace("木清扬", "木清扬二"), encoding="utf-8"
    )
    (text,) = differences(tmp_path, source())
    assert text == "byline.reporters: 木清扬, expected 木清扬二"


def test_the_page_is_read_as_on_the_day_it_was_saved(tmp_path: Path) -> None:
    # Read today, a story of tomorrow's date would lose it; on its own day it does not.
    save(tmp_path, source())
    path = tmp_path / "one" / "story-1.toml"
    early = path.read_text(encoding="utf-8").replace("saved = 2026-11-22", "saved = 2026-10-01")
    path.write_text(early, encoding="utf-8")
    assert any(text.startswith("published") for text in differences(tmp_path, source()))


def test_the_bytes_are_kept_as_they_were_sent(tmp_path: Path) -> None:
    body = STORY.replace("<html>", "<html><meta charset=utf-8>").encode("gb18030")
    save_story(source(), tmp_path, url=URL, body=body, saved=TODAY, listed=None)
    assert (tmp_path / "one" / "story-1.html").read_bytes() == body
    assert check(source(), tmp_path).good


def test_several_layouts_are_tried_in_order_and_their_hits_counted(tmp_path: Path) -> None:
    rules = (
        {"version": "v1", "valid_until": "2026-11-08", "body": ".nr", "headline": ".bt"},
        {"version": "v2", "valid_from": "2026-11-09", "body": ".TRS_Editor"},
        {"version": "v3", "body": ".never"},
    )
    one = source(rules=rules)
    old = f"<html><body><div class=bt>{title(2)}</div><div class=nr><p>{SENTENCE}</p><p>{SENTENCE}二</p></div></body></html>"
    save(tmp_path, one, old, URL.replace("t20261103_1", "t20261102_2"))
    new = STORY.replace("2026-11-03", "2026-11-10")
    save(tmp_path, one, new, URL.replace("t20261103_1", "t20261110_3"))
    report = check(one, tmp_path)
    assert report.good, differences(tmp_path, one)
    assert dict(report.hits) == {"source rule v1": 1, "source rule v2": 1}
    assert report.unused == ("source rule v3",)


def test_a_rule_of_nothing_but_a_family_reads_the_pages_of_the_system_before(
    tmp_path: Path,
) -> None:
    rules = ({"version": "v1", "valid_until": "2026-11-08", "family": "founder"},)
    one = source(rules=rules)
    page = (
        f"<html><body><div id='ozoom'><!--enpcontent--><p>{SENTENCE}</p><p>{SENTENCE}二</p><!--/enpcontent--></div></body></html>"
        f"<!--enpproperty <date>2026-11-03 00:00:00.0</date><title>{title(4)}</title><introtitle>引题</introtitle>/enpproperty-->"
    )
    save(tmp_path, one, page)
    written = tomllib.loads((tmp_path / "one" / "story-1.toml").read_text(encoding="utf-8"))
    assert (written["kicker"], written["rule"]) == ("引题", "source rule v1")


def test_a_page_that_must_be_refused_is_checked_too(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    page = "<html><body><h1>责任编辑 温若谷 版式 成海楼</h1><div class='TRS_Editor'><p>责任编辑 温若谷　版式 成海楼</p></div></body></html>"
    (folder / "no-1.html").write_text(page, encoding="utf-8")
    words = f'url = "{URL}"\nsaved = 2026-11-22\nrefused = "REASON"\n'
    (folder / "no-1.toml").write_text(words.replace("REASON", "credits"), encoding="utf-8")
    assert check(source(), tmp_path).good
    (folder / "no-1.toml").write_text(words.replace("REASON", "advert"), encoding="utf-8")
    assert "refused" in differences(tmp_path, source())[0]


def test_a_saved_list_gives_its_rows_and_its_next_page(tmp_path: Path) -> None:
    one = source()
    url = "http://www.one.example/dj/"
    path = save_list(one, tmp_path, url=url, body=LIST.encode(), saved=TODAY)
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [row["url"] for row in written["rows"]] == [
        f"{url}202611/t2026110{n}_{n}.html" for n in (1, 2, 3)
    ]
    assert written["following"] == f"{url}index_1.html"
    assert check(one, tmp_path).good
    found = differences(tmp_path, source(story_address=r"/t20261101_\d+\.html$"))
    assert [text.split(":")[0] for text in found] == ["row missing", "row missing"]


@pytest.mark.parametrize(
    ("kind", "body", "ending"),
    [
        ("feed", "<rss><channel><item><title>一条</title><link>http://www.one.example/1.html</link></item></channel></rss>", ".xml"),
        ("sitemap", f"<urlset><url><loc>{URL}</loc></url><url><loc>http://www.one.example/gk/</loc></url></urlset>", ".xml"),
        ("listing", '{"data":{"html":"' + LIST.split("<body>")[1].split("<script>")[0].replace('"', "'") + '"}}', ".json"),
    ],
)  # fmt: skip
def test_feeds_sitemaps_and_answers_in_json_are_lists_too(
    tmp_path: Path, kind: str, body: str, ending: str
) -> None:
    one = source(kind=kind)
    path = save_list(
        one, tmp_path, url="http://www.one.example/dj/", body=body.encode(), saved=TODAY
    )
    assert path.with_suffix(ending).is_file()
    assert len(tomllib.loads(path.read_text(encoding="utf-8"))["rows"]) == (
        3 if kind == "listing" else 1
    )
    assert check(one, tmp_path).good


def test_an_expectation_without_its_page_is_a_difference(tmp_path: Path) -> None:
    save(tmp_path, source())
    (tmp_path / "one" / "story-1.html").unlink()
    assert differences(tmp_path, source()) == ["the saved page is missing"]


def test_a_mistake_in_an_expectation_is_named_with_its_line(tmp_path: Path) -> None:
    path = save(tmp_path, source())
    path.write_text(path.read_text(encoding="utf-8") + 'headlin = "x"\n', encoding="utf-8")
    with pytest.raises(FileIsWrong, match=r"story-1\.toml"):
        check(source(), tmp_path)


def test_a_source_without_saved_pages_is_not_good(tmp_path: Path) -> None:
    assert not check(source(), tmp_path).good


def test_every_role_of_a_byline_can_be_expected() -> None:
    assert set(ExpectedByline.model_fields) == {one.name for one in fields(Byline)} - {"raw"}
