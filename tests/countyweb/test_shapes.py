"""Each further shape of the county web has the unpleasantness that its kind of site is known for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from jianbao.crawler.charset import decode
from jianbao.desk.countyweb import citygov, department, moving
from jianbao.desk.countyweb.dataset import SampleStory, Site, load_stories
from jianbao.desk.countyweb.server import build_site
from jianbao.desk.countyweb.shape import Shape


@pytest.fixture(scope="module")
def stories() -> tuple[SampleStory, ...]:
    return load_stories()


def built(stories: tuple[SampleStory, ...], site: Site, day: date | None = None) -> Shape:
    return build_site(site, stories, day)


def story_pages(shape: Shape) -> Iterator[str]:
    for path in shape.stories.values():
        yield decode(shape.answers[path].body).text


def of(stories: tuple[SampleStory, ...], site: Site) -> list[SampleStory]:
    return [story for story in stories if story.site == site]


class TestCityGovernment:
    def test_its_list_stands_in_a_script_and_behind_a_proxy(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "city-gov")
        page = decode(shape.answers["/col/col1021/index.html"].body).text
        visible = re.sub(r"(?s)<script.*?</script>", "", page)
        assert not any(path in visible for path in shape.stories.values())
        records = shape.answer(
            "/module/web/jpage/dataproxy.jsp", "startrecord=7&endrecord=12&webid=3&columnid=1021"
        )
        assert records is not None
        shown = {path for path in shape.stories.values() if path.encode() in records.body}
        assert shown
        assert not any(path in page for path in shown)

    def test_the_proxy_answers_nothing_to_a_question_without_its_settings(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        answer = built(stories, "city-gov").answer(
            "/module/web/jpage/dataproxy.jsp", "startrecord=1&endrecord=6"
        )
        assert answer is not None
        assert b"<record>" not in answer.body

    def test_titles_are_cut_and_half_of_the_meta_tags_are_empty(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "city-gov")
        page = decode(shape.answers["/col/col1021/index.html"].body).text
        assert re.search(r'title="([^"]{15,})"[^>]*>[^<]{13}\.\.\.<', page)
        empty = sum('name="PubDate" content=""' in page for page in story_pages(shape))
        assert 0 < empty < len(shape.stories)
        assert all("ZJEG_RSS.content.begin" in page for page in story_pages(shape))


class TestDepartment:
    def test_its_list_page_is_empty_and_the_third_page_comes_again(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "department")
        page = decode(shape.answers["/gzdt/index.html"].body).text
        assert not any(path in page for path in shape.stories.values())
        (script,) = shape.scripts.values()

        def rows(number: int) -> str:
            asked = {"paramJson": json.dumps({"pageNo": number, "pageSize": 3})}
            return json.loads(script({**department.SETTINGS, **asked}).body)["data"]["html"]

        assert rows(3) == rows(4) == rows(9) != rows(2)
        assert script({"paramJson": '{"pageNo":1,"pageSize":3}'}).status == 500


class TestClassicEpaper:
    def test_page_numbers_are_ids_and_facts_stand_in_a_comment(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "founder")
        nodes = {int(n) for path in shape.answers for n in re.findall(r"node_(\d+)\.htm$", path)}
        assert nodes == {2, 7, 11, 13}
        for page in story_pages(shape):
            assert "<!--enpproperty <articleid>" in page
            assert "<introtitle>" in page
        assert any("<founder-content>" in page for page in story_pages(shape))
        assert not all("<founder-content>" in page for page in story_pages(shape))

    def test_it_is_gbk_and_has_no_sunday(self, stories: tuple[SampleStory, ...]) -> None:
        shape = built(stories, "founder")
        for path in shape.stories.values():
            with pytest.raises(UnicodeDecodeError):
                shape.answers[path].body.decode("utf-8")
        days = {m for path in shape.answers for m in re.findall(r"/(2026-\d\d/\d\d)/node_2", path)}
        assert all(date.fromisoformat(day.replace("/", "-")).isoweekday() != 7 for day in days)


class TestPortal:
    def test_every_page_is_there_again_in_traditional_characters(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "portal")
        lists = "".join(
            decode(answer.body).text
            for path, answer in shape.answers.items()
            if path.startswith("/GB/64387/index")
        )
        assert "[繁]" in lists
        for slug, path in shape.stories.items():
            twin = decode(shape.answers[f"/BIG5{path.removeprefix('/GB')}"].body).text
            assert twin != decode(shape.answers[path].body).text, slug
            assert "責編" in twin

    def test_long_stories_go_over_three_pages(self, stories: tuple[SampleStory, ...]) -> None:
        shape = built(stories, "portal")
        long = [path for path in shape.stories.values() if path[:-5] + "-3.html" in shape.answers]
        assert len(long) >= 2
        for path in long:
            first = decode(shape.answers[path].body).text
            assert "【3】" in first
            assert path[:-5].rsplit("/", 1)[1] + "-2.html" in first

    def test_the_author_is_a_clerks_number_and_the_disclaimer_is_everywhere(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        for page in story_pages(built(stories, "portal")):
            assert '<meta name="author" content="104216">' in page
            assert "声明：本网转载" in page
            assert "责编：" in page


class TestPartySchool:
    def test_its_pages_count_downwards(self, stories: tuple[SampleStory, ...]) -> None:
        shape = built(stories, "school")
        assert "/xw/djgz/1.htm" in shape.answers
        first = decode(shape.answers["/xw/djgz.htm"].body).text
        second = re.search(r'href="djgz/(\d+)\.htm" class="Next">下页', first)
        assert second is not None
        assert f"/xw/djgz/{second[1]}.htm" in shape.answers

    def test_it_has_no_h1_and_a_counter_in_its_meta_line(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        for page in story_pages(built(stories, "school")):
            assert "<h1" not in page.lower()
            assert re.search(r"点击[^\n]*<script>_showDynClicks", page)


class TestBoard:
    def test_half_of_it_are_copies_and_most_of_them_cut(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        board = of(stories, "board")
        copies = [story for story in board if story.repost_of]
        first = {story.slug: story for story in stories}
        assert len(copies) * 2 >= len(board)
        shares = sorted(
            sum(len(one.text) for one in copy.paragraphs)
            / sum(len(one.text) for one in first[copy.repost_of].paragraphs)
            for copy in copies
        )
        assert shares[0] < 0.5
        assert shares[-1] == 1.0
        assert {first[copy.repost_of].site for copy in copies} >= {"county-gov", "founder"}

    def test_a_thread_has_replies_below_and_several_addresses(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "board")
        assert any("postmessage_2" in page for page in story_pages(shape))
        for path in shape.stories.values():
            assert shape.answers[path.replace("-1-1.", "-1-2.")] == shape.answers[path]


class TestMediaCentre:
    def test_its_day_is_an_epoch_and_its_pictures_wait(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        shape = built(stories, "media")
        for page in story_pages(shape):
            assert re.search(r'var ct = "\d{10}"', page)
            assert not re.search(r'<em id="publish_time"[^>]*>[^<]', page)
            assert 'data-src="' in page
            assert "编辑丨" in page
            assert "审核丨" in page
        new = [page for page in story_pages(shape) if "visibility: hidden" in page]
        assert new
        assert not any(
            "<p" in page.split('id="js_content"')[1].split("js_toobar3")[0] for page in new
        )

    def test_its_stories_have_neither_kicker_nor_deck(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        assert not any(one.kicker or one.deck for one in of(stories, "media"))


class TestMoving:
    def test_its_layout_changes_on_its_day(self, stories: tuple[SampleStory, ...]) -> None:
        shape = built(stories, "moving")
        for story in of(stories, "moving"):
            page = decode(shape.answers[shape.stories[story.slug]].body).text
            assert ("xl_con" in page) == (story.published < moving.LAYOUT_CHANGES)
        early = built(stories, "moving", date(2026, 11, 9))
        assert b"liebiao" in early.answers["/xw/jcdj/"].body
        assert b"card-list" in shape.answers["/xw/jcdj/"].body

    def test_one_story_is_corrected_one_withdrawn_and_one_moved(
        self, stories: tuple[SampleStory, ...]
    ) -> None:
        before, after = built(stories, "moving"), built(stories, "moving", moving.TURNS)
        gold = {story.slug: story for story in of(stories, "moving")}
        old, new = gold[moving.CORRECTED], moving.corrected(gold[moving.CORRECTED])
        (number,) = set(re.findall(r"\d+", new.paragraphs[0].text)) - set(
            re.findall(r"\d+", old.paragraphs[0].text)
        )
        path = before.stories[moving.CORRECTED]
        assert number not in decode(before.answers[path].body).text.split("xl_con")[1]
        assert new.paragraphs[0].text in decode(after.answers[path].body).text
        assert after.answers[before.stories[moving.WITHDRAWN]].status == 410
        moved = after.answers[before.stories[moving.MOVED]]
        assert (moved.status, moved.location) == (
            301,
            f"http://{moving.HOST}{after.stories[moving.MOVED]}",
        )
        listed = decode(after.answers["/xw/jcdj/"].body).text
        assert before.stories[moving.WITHDRAWN] not in listed
        assert before.stories[moving.MOVED] not in listed

    def test_it_goes_dark(self, stories: tuple[SampleStory, ...]) -> None:
        later = built(stories, "moving", date(2026, 12, 24))
        assert (
            later.answers["/xw/jcdj/"]
            == built(stories, "moving", moving.TURNS).answers["/xw/jcdj/"]
        )


def test_the_hosts_are_invented() -> None:
    assert citygov.HOST.endswith("-sample.example")
