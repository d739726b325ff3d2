"""Text that is odd, broken or hostile, and rules that contradict each other: an answer, never a crash."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from jianbao.index.annotate import Annotator
from jianbao.index.annotation import Annotation
from jianbao.index.correction import Correction, corrected, load_corrections, save_corrections
from jianbao.index.gazetteer import Gazetteer
from jianbao.index.localplaces import PlacesFileIsWrong, load_places, one_place
from jianbao.index.segment import Segmenter
from jianbao.index.themes import load_themes


def record(title: str, body: str, source: str = "") -> dict[str, object]:
    return {"id": 1, "title": title, "body": body, "source_name": source}


@pytest.mark.parametrize(
    ("title", "body", "counties"),
    [
        ("岢嵐縣：黨支部領辦合作社", "岢嵐縣水峪貫鄉的黨支部領著鄉親養羊。", ["140929"]),
        ("文水县：党员夜校", "２０２５年３月，文水县１２名党员办起夜校。", ["141121"]),
        ("文　水　县：党员夜校", "支部开课。", ["141121"]),
        ("文水县：党员夜校", "", ["141121"]),
        ("", "文水县的党支部办起夜校。", ["141121"]),
        ("", "", []),
        ("党员夜校", "村党支部办起夜校，老人也来听。", []),
        ("\u202e\x00\ud800", "\ufffd" * 50, []),
    ],
    ids=[
        "traditional",
        "full width",
        "spaced out",
        "no body",
        "no headline",
        "nothing",
        "no place",
        "rubbish",
    ],
)
def test_odd_text_gets_a_plain_answer(
    annotator: Annotator, title: str, body: str, counties: list[str]
) -> None:
    found = annotator.annotate_record(record(title, body))
    assert found["counties"] == counties
    if not counties:
        assert (found["city"], found["level"]) == (None, "none")


def test_time_grows_with_the_length_and_not_faster(annotator: Annotator) -> None:
    story = "文水县孝义镇的党支部办起夜校，凤城镇、介休市、隰县的支部书记也来听课，老人孩子都高兴。"

    def seconds(times: int) -> float:
        started = time.process_time()
        annotator.annotate_record(record("文水县：党员夜校", story * times))
        return time.process_time() - started

    short = min(seconds(230) for _ in range(3))
    assert seconds(4600) < 20 * short * 3 + 0.5, "200,000 characters against 10,000"


def test_a_local_name_beats_the_table_and_a_banned_name_is_no_place(
    tmp_path: Path, annotator: Annotator, gazetteer: Gazetteer
) -> None:
    path = tmp_path / "places.toml"
    path.write_text(
        'never = ["孝义"]\n[names]\n"红崖農場" = "岚县"\n[sources]\n"河滩报" = "兴县"\n',
        encoding="utf-8",
    )
    own = Annotator(places=load_places(path, gazetteer, "140000"))
    assert own.rules != annotator.rules
    farm = record("农场里的夜校", "红崖农场的党支部办起夜校。", "河滩报")
    assert annotator.annotate_record(farm)["counties"] == []
    assert own.annotate_record(farm)["counties"] == ["141127"]
    village = record("村里的夜校", "村党支部办起夜校。", "河滩报")
    assert own.annotate_record(village)["counties"] == ["141123"]
    virtue = record("孝义：写进村规的两个字", "临县三交镇的党支部把孝义写进村规。")
    assert own.annotate_record(virtue)["counties"] == ["141124"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('never = ["红崖"]\n\n[names]\n"紅崖" = "岚县"\n', 4),
        ('[names]\n"红崖" = "城区"\n"白崖" = "某县"\n', 3),
        ('[names]\n"红崖" = "141127"\n"紅崖" = "141123"\n', 3),
    ],
)
def test_overrides_that_contradict_each_other_are_refused_with_the_line(
    tmp_path: Path, gazetteer: Gazetteer, text: str, line: int
) -> None:
    path = tmp_path / "places.toml"
    path.write_text(text.replace('"城区"', '"大同市"'), encoding="utf-8")
    with pytest.raises(PlacesFileIsWrong) as caught:
        load_places(path, gazetteer, "140000")
    assert caught.value.where == f"{path}:{line}"


def test_a_place_is_named_by_code_by_name_or_with_its_city(gazetteer: Gazetteer) -> None:
    codes = {
        name: getattr(one_place(name, gazetteer, "140000"), "code", None)
        for name in ("141121", "文水县", "文水", "阳泉市城区", "城区", "鼓楼区", "义乌市", "火星县")
    }
    assert codes == {
        "141121": "141121",
        "文水县": "141121",
        "文水": "141121",
        "阳泉市城区": "140302",
        "城区": None,
        "鼓楼区": None,
        "义乌市": "330782",
        "火星县": None,
    }


def test_other_words_mean_other_rules(annotator: Annotator) -> None:
    plain, more = Segmenter(["老槐树"]), Segmenter(["老槐树", "红崖沟"])
    assert plain.fingerprint != more.fingerprint
    assert plain.fingerprint == Segmenter(["老槐树"]).fingerprint
    assert Annotator(segmenter=more).rules != annotator.rules
    assert Annotator(home="110000").rules != annotator.rules


def test_a_correction_beats_the_rules_and_keeps_what_it_does_not_name(
    annotator: Annotator, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "corrections.toml"
    one = Correction.model_validate(
        {"story": "0" * 12, "counties": ("140302", "140303"), "date": "2026-11-22", "who": "编辑"}
    )
    save_corrections(path, [one])
    assert load_corrections(path, gazetteer, load_themes()) == {"0" * 12: one}
    assert load_corrections(tmp_path / "none.toml", gazetteer, load_themes()) == {}
    found = annotator.annotate_record(record("文水县：党员夜校", "文水县的党支部办起夜校。"))
    from_rules = {key: found[key] for key in ("themes", "relevant")}
    del found["id"]
    told = corrected(Annotation.from_json(found), one, gazetteer)
    assert (told.counties, told.city, told.mentioned) == (
        ("140302", "140303"),
        "140300",
        ("141121",),
    )
    assert {"themes": list(told.themes), "relevant": told.relevant} == from_rules
    assert [e.value for e in told.evidence if e.rule == "by-editor"] == ["140302", "140303"]


def test_other_bearers_of_a_name_are_told(annotator: Annotator) -> None:
    found = annotator.annotate_record(record("凤城镇：党员包街", "凤城镇的党员包街。", "吕梁日报"))
    assert found["counties"] == ["141121"]
    beaten = {
        e["value"] for e in found["evidence"] if e["rule"] == "runner-up" and e["about"] == "county"
    }
    assert "140522" in beaten
    assert "town-by-source" in {e["rule"] for e in found["evidence"]}
