"""The editor's mending, replayed over the automatic split."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.crawler.page_edits import (
    EDIT_ROLES,
    Edit,
    EditChangesNothing,
    EditIsMalformed,
    NoSuchLine,
    NoSuchStory,
)
from jianbao.crawler.pagetext import PageSplit, split_page
from jianbao.index.errors import JianbaoError

from .pages import PLAIN
from .test_law import check_law

LINES = PLAIN.split("\n")


def _line(words: str) -> int:
    """The line number where the words stand."""
    return next(number for number, line in enumerate(LINES, 1) if words in line)


HEAD_1, HEAD_2, HEAD_3 = _line("旧粮站“变身”"), _line("红枣进了烤房"), _line("便民一刻钟")
SUBHEAD, CAPTION, BODY_2 = _line("议事有章"), _line("下象棋"), _line("烤房按枣")


def _split(*edits: Edit) -> PageSplit:
    split = split_page(f"{PLAIN}\n\n第3版 基层党建\n", edits=edits)
    check_law(split)
    return split


def _headlines(split: PageSplit) -> list[str]:
    return [story.headline for story in split.stories()]


def test_two_stories_become_one() -> None:
    before, after = _split(), _split(Edit.merge(HEAD_1, HEAD_2))
    assert _headlines(after) == [_headlines(before)[0], _headlines(before)[2]]
    merged = after.stories()[0]
    assert len(merged.paragraphs) == sum(len(s.paragraphs) for s in before.stories()[:2]) + 1
    assert [p.text for p in merged.paragraphs if p.subhead][-1] == before.stories()[1].headline
    assert merged.byline.organisations == ("柳林县融媒体中心",)


def test_one_story_becomes_two_and_the_subhead_its_headline() -> None:
    before, after = _split(), _split(Edit.split(SUBHEAD))
    assert _headlines(after)[:2] == [_headlines(before)[0], "议事有章 小账算得明白"]
    assert after.count == before.count + 1
    assert after.stories()[1].byline.authors == ("雷青禾",)


def test_lines_go_to_another_story() -> None:
    after = _split(Edit.assign(CAPTION, CAPTION, HEAD_2, "caption"))
    assert after.stories()[0].pictures == ()
    assert [p.caption for p in after.stories()[1].pictures] == ["议事厅里居民们在下象棋。"]


def test_lines_are_set_aside_and_come_back() -> None:
    aside = _split(Edit.assign(CAPTION, CAPTION, 0, "advert"))
    assert next((a.line, a.reason) for a in aside.set_aside()) == (CAPTION, "advert")
    back = _split(
        Edit.assign(CAPTION, CAPTION, 0), Edit.assign(CAPTION, CAPTION, HEAD_1, "caption")
    )
    assert back.stories()[0].pictures == _split().stories()[0].pictures


def test_a_paragraph_is_joined_by_hand_and_cut_again() -> None:
    before = _split().stories()[1].paragraphs
    joined = _split(Edit.assign(BODY_2, BODY_2, HEAD_2, "continuation"))
    assert [p.text for p in joined.stories()[1].paragraphs] == ["".join(p.text for p in before)]
    cut = _split(
        Edit.assign(BODY_2, BODY_2, HEAD_2, "continuation"),
        Edit.assign(BODY_2, BODY_2, HEAD_2, "paragraph"),
    )
    assert cut.stories()[1].paragraphs == before


def test_a_sign_off_in_the_line_stays_a_byline() -> None:
    joined = _split(Edit.assign(BODY_2, BODY_2, HEAD_2, "continuation"))
    assert joined.stories()[1].byline.organisations == ("柳林县融媒体中心",)


def test_an_edit_is_undone_by_dropping_it() -> None:
    split, move = Edit.split(SUBHEAD), Edit.assign(CAPTION, CAPTION, HEAD_3, "caption")
    both, without_split = _split(split, move), _split(move)
    assert both.count == without_split.count + 1
    assert both.stories()[-1].pictures == without_split.stories()[-1].pictures
    assert [s.paragraphs for s in without_split.stories()] == [
        s.paragraphs for s in _split().stories()
    ]


def test_splitting_and_merging_back_leaves_the_text_as_it_was() -> None:
    there_and_back = _split(Edit.split(SUBHEAD), Edit.merge(HEAD_1, SUBHEAD))
    assert there_and_back.stories()[0].paragraphs == _split().stories()[0].paragraphs


def test_each_edit_is_shown_as_a_repair() -> None:
    split = _split(Edit.merge(HEAD_1, HEAD_2), Edit.assign(CAPTION, CAPTION, 0))
    told = [repair for _, repair in split.repairs if repair.kind == "by-editor"]
    assert [repair.line for repair in told] == [HEAD_1, CAPTION]
    assert any(r.kind == "by-editor" for r in split.stories()[0].repairs)


def test_edits_are_plain_data() -> None:
    for edit in (Edit.merge(3, 9), Edit.split(13), Edit.assign(3, 7, 0, "advert")):
        assert Edit.from_json(json.loads(json.dumps(edit.to_json()))) == edit


WRONG: list[tuple[Edit, type[JianbaoError], str]] = [
    (Edit.merge(HEAD_1, 9999), NoSuchLine, "9999"),
    (Edit.split(1), NoSuchLine, "line 1"),
    (Edit.merge(HEAD_1, HEAD_1 + 1), NoSuchLine, str(HEAD_1)),
    (Edit.merge(HEAD_1, len(LINES) + 2), NoSuchStory, str(HEAD_2)),
    (Edit.merge(HEAD_1, SUBHEAD), EditChangesNothing, "one story"),
    (Edit.split(HEAD_1), EditChangesNothing, "no text"),
    (Edit.assign(BODY_2, BODY_2, HEAD_2), EditChangesNothing, "already"),
    (Edit("merge", -4), EditIsMalformed, "line number"),
    (Edit("assign", 3, 3, 3, "title"), EditIsMalformed, "title"),
]


@pytest.mark.parametrize(("edit", "error", "names"), WRONG, ids=[str(edit) for edit, _, _ in WRONG])
def test_a_wrong_edit_is_refused_and_says_what_exists(
    edit: Edit, error: type[JianbaoError], names: str
) -> None:
    with pytest.raises(error) as caught:
        _split(edit)
    assert names in caught.value.english()
    assert "处理办法" in caught.value.chinese()


@pytest.mark.parametrize(
    "data",
    [None, [], "merge 3 4", {}, {"kind": "join"}, {"kind": "merge", "line": "3"}, {"kind": "merge", "line": True}, {"kind": "split", "line": 3, "x": 1}, {"kind": "assign", "line": 3, "role": ""}],
)  # fmt: skip
def test_what_is_no_edit_is_refused(data: object) -> None:
    with pytest.raises(EditIsMalformed):
        Edit.from_json(data)


_NUMBERS = st.integers(0, len(LINES) + 3)
_EDITS = st.one_of(
    st.builds(Edit.merge, _NUMBERS, _NUMBERS),
    st.builds(Edit.split, _NUMBERS),
    st.builds(Edit.assign, _NUMBERS, _NUMBERS, _NUMBERS, st.sampled_from(EDIT_ROLES)),
)


@settings(max_examples=120)
@given(st.lists(_EDITS, max_size=4))
def test_any_edits_either_keep_the_law_or_are_refused(edits: list[Edit]) -> None:
    with contextlib.suppress(NoSuchLine, NoSuchStory, EditChangesNothing, EditIsMalformed):
        _split(*edits)
