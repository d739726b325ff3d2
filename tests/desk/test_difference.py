"""The difference by sentence: a figure changed is a sentence changed, and its characters are marked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.desk.difference import Part, difference, sentences

ORIGINAL = "村里来了126名党员。他们清理积雪。\n晚上，大家回家；第二天继续。"


def kinds(parts: list[Part]) -> list[str]:
    return [part.kind for part in parts]


def test_sentences_end_at_their_marks_and_keep_them() -> None:
    assert sentences("他说：“好。”大家笑了！\n第二段；还有。尾巴") == [
        "他说：“好。”",
        "大家笑了！",
        "第二段；",
        "还有。",
        "尾巴",
    ]


def test_the_same_text_has_no_difference() -> None:
    assert kinds(difference(ORIGINAL, ORIGINAL)) == ["same"] * 4


def test_a_sentence_left_out_is_removed_and_nothing_else() -> None:
    parts = difference(ORIGINAL, ORIGINAL.replace("他们清理积雪。", ""))
    assert kinds(parts) == ["same", "removed", "same", "same"]
    assert parts[1].before == "他们清理积雪。"


def test_a_changed_figure_is_marked_whole() -> None:
    parts = difference(ORIGINAL, ORIGINAL.replace("126", "162"))
    assert kinds(parts) == ["changed", "same", "same", "same"]
    (old,), (new,) = parts[0].marks_before, parts[0].marks_after
    assert (parts[0].before[old.start : old.end], parts[0].after[new.start : new.end]) == (
        "126",
        "162",
    )
    assert old.figure
    assert new.figure


def test_changed_words_are_marked_without_a_figure() -> None:
    part = difference("党员清理了村道。", "党员清扫了村道。")[0]
    (mark,) = part.marks_after
    assert part.after[mark.start : mark.end] == "扫"
    assert not mark.figure


def test_a_new_sentence_is_added_where_it_stands() -> None:
    parts = difference("甲来了。丙走了。", "甲来了。今天天气晴朗。丙走了。")
    assert kinds(parts) == ["same", "added", "same"]


def test_the_paragraph_of_every_sentence_is_told() -> None:
    parts = difference(ORIGINAL, ORIGINAL + "\n新的一段。")
    assert [part.paragraph for part in parts] == [0, 0, 1, 1, 2]


def test_very_long_texts_are_compared_by_paragraph() -> None:
    long = "\n".join(f"第{n}段。有两句。" for n in range(300))
    parts = difference(long, long.replace("第7段。", "第七段。"))
    assert [part.before for part in parts if part.kind == "changed"] == ["第7段。有两句。"]


text = st.lists(
    st.sampled_from(["党员来了。", "清雪；", "126户受益。", "\n", "好！", "162户受益。"]),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(text.map("".join), text.map("".join))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    parts = difference(before, after)
    assert [part.before for part in parts if part.before] == sentences(before)
    assert [part.after for part in parts if part.after] == sentences(after)
    for part in parts:
        assert (part.kind == "same") is (part.before == part.after)
        for mark in part.marks_before:
            assert 0 <= mark.start < mark.end <= len(part.before)
        for mark in part.marks_after:
            assert 0 <= mark.start < mark.end <= len(part.after)
