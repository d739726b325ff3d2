"""Places: each rule alone, its evidence, and what hostile text does to it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.index.annotate import Annotator
from jianbao.index.annotation import Annotation
from jianbao.index.rules import RULE_WORDS
from jianbao.index.story import Byline, Paragraph, Story

from .measure import read_cases


def story(headline: str, *paragraphs: str, source: str = "", **more: object) -> Story:
    body = tuple(Paragraph(text) for text in paragraphs)
    return Story(id="0" * 12, headline=headline, paragraphs=body, source=source, **more)  # type: ignore[arg-type]


def rules(found: Annotation, about: str, value: str) -> set[str]:
    return {e.rule for e in found.evidence if e.about == about and e.value == value}


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("护林员贺大有是绛县人，守了半辈子山。", "140826", "biography"),
        ("他早年曾在沁水县当兵五年。", "140521", "biography"),
        ("村里的苹果销往河津市和陕西。", "140882", "product"),
        ("这里与石楼县隔河相望。", "141126", "neighbour"),
        ("年轻人多到介休市打工。", "140781", "elsewhere"),
        ("党员来到武乡县八路军纪念馆参观。", "140429", "venue"),
        ("会上，隰县、大宁县、永和县的代表作了发言。", "141031", "enumeration"),
        ("隰县的梨农、大宁县的瓜农、永和县的枣农都在名单里。", "141030", "enumeration"),
        ("讲解员在洪洞县出生，说话带着那边的口音。", "141024", "biography"),
        ("他从绛县嫁过来的媳妇最会剪枝。", "140826", "biography"),
        ("新开的班车途经交城县，一天三趟。", "141122", "route"),
        ("集镇到交城县的早班线上老人多。", "141122", "route"),
        ("外地人常把这里当成阳城县。", "140522", "contrast"),
        ("阳曲县的一家公司来这里收核桃。", "140122", "elsewhere"),
    ],
)
def test_a_county_that_is_no_subject_is_only_mentioned(
    annotator: Annotator, text: str, code: str, rule: str
) -> None:
    found = annotator.annotate(
        story("文水县：党员领着乡亲种核桃", "文水县马西乡的党员先种先试。", text)
    )
    assert found.counties == ("141121",)
    assert code in found.mentioned
    assert rule in rules(found, "mentioned", code)


def test_villages_side_by_side_do_not_make_their_county_a_neighbour(annotator: Annotator) -> None:
    text = "高平市米山镇今年把相邻七个村的党支部联合起来。"
    assert annotator.annotate(story("七个支部一本账", text)).counties == ("140581",)
    text = "高平市米山镇三个相邻的村，今年把党支部联合起来。"
    assert annotator.annotate(story("七个支部一本账", text)).counties == ("140581",)
    text = "孝义镇与相邻的三个村同修一条渠。"
    found = annotator.annotate(story("一条渠", "文水县孝义镇开会。", "文水县" + text))
    assert found.counties == ("141121",)


@pytest.mark.parametrize(
    ("headline", "counties"),
    [
        ("应县政协开会", ("140622",)),
        ("代县政协委员送医下乡", ("140923",)),
        ("应县政府邀请 农艺师来讲课", ()),
        ("和县政府一起 修好一座桥", ()),
        ("响应县政协号召 委员下乡", ()),
    ],
)
def test_an_organ_after_a_name_of_two_characters_leaves_it_its_second(
    annotator: Annotator, headline: str, counties: tuple[str, ...]
) -> None:
    assert annotator.annotate(story(headline, "会上说了三件事。")).counties == counties


@pytest.mark.parametrize(
    "text",
    [
        "平阳路和长治路口都有岗亭。",
        "住处离灵石路小学不远。",
        "他在永和村长大。",
        "大家交口称赞。",
        "愿社区长治久安。",
        "桌上摆着清徐老陈醋。",
    ],
)
def test_a_name_inside_another_name_is_no_place(annotator: Annotator, text: str) -> None:
    found = annotator.annotate(
        story("文水县：楼长夜里多走一圈", "文水县凤城镇的党员楼长轮流值守。", text)
    )
    assert (found.counties, found.mentioned, found.city) == (("141121",), (), "141100")


def test_a_township_counts_for_its_county_and_shows_its_words(annotator: Annotator) -> None:
    found = annotator.annotate(story("党员修渠记", "右玉县威远镇的党员修好了渠。"))
    assert found.counties == ("140623",)
    (town,) = [e for e in found.evidence if e.rule == "town"]
    assert (town.field, town.words, town.start, town.end) == ("body", "威远镇", 3, 6)


@pytest.mark.parametrize(
    ("source", "home", "counties", "city", "level"),
    [
        ("阳城县融媒体中心", "", ("140522",), "140500", "county"),
        ("太行日报", "", ("140522",), "140500", "county"),
        ("吕梁日报", "", ("141121",), "141100", "county"),
        ("山西日报", "", (), None, "undecided"),
        ("", "", (), None, "undecided"),
        ("某某报", "141121", ("141121",), "141100", "county"),
    ],
)
def test_an_ambiguous_township_follows_its_source_or_stays_open(
    annotator: Annotator,
    source: str,
    home: str,
    counties: tuple[str, ...],
    city: str | None,
    level: str,
) -> None:
    found = annotator.annotate(
        story("凤城镇的党员包街", "凤城镇把七条街包给了党员。", source=source, home=home)
    )
    assert (found.counties, found.city, found.level) == (counties, city, level)
    if level == "undecided":
        assert "ambiguous" in rules(found, "county", "")


@pytest.mark.parametrize(
    ("text", "published", "counties"),
    [
        ("长治市城区的社区党委开了会。", date(2015, 5, 1), ("140403",)),
        ("晋城市城区的社区党委开了会。", date(2015, 5, 1), ("140502",)),
        ("大同市城区的社区党委开了会。", date(2015, 5, 1), ("140213",)),
        ("大同市南郊区的村党支部开了会。", date(2015, 5, 1), ()),
        ("大同县的村党支部开了会。", None, ("140215",)),
    ],
)
def test_an_old_name_gives_the_unit_of_today(
    annotator: Annotator, text: str, published: date | None, counties: tuple[str, ...]
) -> None:
    found = annotator.annotate(story("支部开会", text, published=published))
    assert found.counties == counties
    if not counties:
        assert found.city == "140200"


def test_counties_that_a_city_inspects_are_a_list(annotator: Annotator) -> None:
    found = annotator.annotate(
        story("政协委员看养老", "长治市政协组织委员到潞州区、上党区视察养老机构，市政协提出建议。")
    )
    assert (found.counties, found.city) == ((), "140400")
    assert found.mentioned == ("140403", "140404")


def test_a_city_before_a_list_of_its_counties_is_not_listed_itself(annotator: Annotator) -> None:
    found = annotator.annotate(
        story("省里来人看药材", "省委组织部到长治市平顺县、壶关县调研药材支部，给长治市提了建议。")
    )
    assert (found.counties, found.city) == ((), "140400")


def test_our_county_is_that_of_the_source(annotator: Annotator) -> None:
    found = annotator.annotate(
        story("我县表彰优秀党员", "昨天，我县表彰了优秀党员。", source="岚县融媒体中心")
    )
    assert found.counties == ("141127",)
    assert "our-county" in rules(found, "county", "141127")
    city = annotator.annotate(
        story("我市表彰优秀党员", "昨天，我市表彰了优秀党员。", source="吕梁日报")
    )
    assert (city.counties, city.city, city.level) == ((), "141100", "city")


def test_who_signs_narrows_a_city_paper_down(annotator: Annotator) -> None:
    byline = Byline(raw="（临县县委组织部）", organisations=("临县县委组织部",))
    found = annotator.annotate(
        story("党员先锋岗亮灯", "窗口的党员先锋岗延时服务。", source="吕梁日报", byline=byline)
    )
    assert found.counties == ("141124",)
    assert any(e.field == "byline" and e.words == "临县县委组织部" for e in found.evidence)


def test_a_source_never_beats_a_full_name_in_the_headline(annotator: Annotator) -> None:
    found = annotator.annotate(story("岚县：党课开到粉坊", "一堂党课。", source="方山县融媒体中心"))
    assert found.counties == ("141127",)


def test_more_than_four_counties_make_a_city_story(annotator: Annotator) -> None:
    places = ["岚县普明镇", "兴县瓦塘镇", "临县三交镇", "方山县马坊镇", "中阳县武家庄镇"]
    found = annotator.annotate(
        story(
            "冬训进村",
            "全市冬训开班。",
            *(f"{place}的党员听了课。" for place in places),
            source="吕梁日报",
        )
    )
    assert (found.counties, found.city) == ((), "141100")
    assert len(found.mentioned) == 5


def test_offsets_of_folded_text_lead_to_the_source_text(annotator: Annotator) -> None:
    text = story("文 水 縣：黨員上門", "１２名黨員到文　水　縣敬老院理髮。")
    for evidence in annotator.annotate(text).evidence:
        whole = {"headline": text.headline, "body": text.body}[evidence.field]
        assert whole[evidence.start : evidence.end] == evidence.words
    assert annotator.annotate(text).counties == ("141121",)


def test_every_rule_has_words_for_the_desk(annotator: Annotator) -> None:
    used = {
        e["rule"]
        for record, _ in read_cases()
        for e in annotator.annotate_record(record)["evidence"]
    }
    assert used <= set(RULE_WORDS)


def test_evidence_stands_behind_every_decision(annotator: Annotator) -> None:
    for record, _ in read_cases():
        found = annotator.annotate_record(record)
        told = {(e["about"], e["value"]) for e in found["evidence"]}
        assert {("county", code) for code in found["counties"]} <= told
        assert {("theme", slug) for slug in found["themes"]} <= told
        if found["city"] and not found["counties"]:
            assert ("city", found["city"]) in told
        assert found["reason"].endswith("。")


@pytest.mark.parametrize(
    "body",
    [
        "文水县" * 66_000,
        "凤城镇、" * 50_000,
        "文水的" * 66_000,
        "县委、县政府党支部书记张三说" * 14_000,
        "文水县\n" * 50_000,
        "党" * 200_000,
        "同两村支部党员老人" * 22_000,
        "\ud800\x00\u202e\U00020000" * 1_000,
    ],
    ids=[
        "one name",
        "ambiguous names",
        "short names",
        "formulas",
        "lines",
        "one character",
        "halves of triggers",
        "rubbish",
    ],
)
def test_a_text_of_200_000_characters_is_answered(annotator: Annotator, body: str) -> None:
    found = annotator.annotate(story("", *body.split("\n")))
    assert len(found.evidence) < 100


@pytest.mark.parametrize("headline", ["", "会上的笑声", "县", "。"])
def test_a_text_without_any_place_has_none(annotator: Annotator, headline: str) -> None:
    found = annotator.annotate(story(headline, "他们把会开成了一场笑谈。"))
    assert (found.counties, found.mentioned, found.city, found.province, found.level) == (
        (),
        (),
        None,
        None,
        "none",
    )
    assert annotator.annotate(story(headline)).level == "none"


@settings(max_examples=60)
@given(
    st.text(
        alphabet=st.sampled_from("文水县城区长子大同太原市凤镇、，。：的在到党支部委员人\n 我全"),
        max_size=60,
    )
)
def test_any_text_gets_a_consistent_answer(annotator: Annotator, text: str) -> None:
    found = annotator.annotate(story(text.replace("\n", ""), *text.split("\n"), source="吕梁日报"))
    assert not set(found.counties) & set(found.mentioned)
    assert len(found.counties) <= 4
    assert (found.level == "county") == bool(found.counties)
    assert found.relevant or not found.themes
