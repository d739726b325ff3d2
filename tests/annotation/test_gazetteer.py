"""The division table: complete, honest about old names, and refused when damaged."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from jianbao.index.errors import JianbaoError
from jianbao.index.gazetteer import TABLE, Gazetteer, _load, short_name
from jianbao.index.normalise import fold

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_gazetteer.py"


def test_the_mainland_and_shanxi_are_complete(gazetteer: Gazetteer) -> None:
    counties = [unit for unit in gazetteer.units() if unit.level == "county"]
    shanxi = gazetteer.counties_of("140000")
    assert len(counties) == 2847
    assert len(gazetteer.provinces()) == 31
    assert len(gazetteer.cities_of("140000")) == 11
    endings = [sum(unit.name.endswith(ending) for unit in shanxi) for ending in "区市县"]
    assert endings == [26, 11, 80]
    assert [unit.code for unit in shanxi] == sorted(unit.code for unit in shanxi)
    assert sum(len(gazetteer.towns_of(unit.code)) for unit in shanxi) == 1280
    assert gazetteer.data_as_of == "2026-04"


@pytest.mark.parametrize(
    ("code", "full", "city"),
    [
        ("141121", "山西省吕梁市文水县", "141100"),
        ("140123101", "山西省太原市娄烦县静游镇", "140100"),
        ("110101", "北京市东城区", "110000"),
        ("469021", "海南省定安县", ""),
        ("140000", "山西省", ""),
        ("999999", "", ""),
    ],
)
def test_a_code_gives_its_full_name_and_city(
    gazetteer: Gazetteer, code: str, full: str, city: str
) -> None:
    assert gazetteer.full_name(code) == full
    assert gazetteer.city_of(code) == city


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("文水县", "文水"),
        ("兴县", "兴县"),
        ("万柏林区", "万柏林"),
        ("神农架林区", "神农架"),
        ("六枝特区", "六枝"),
        ("浦东新区", "浦东"),
        ("木垒哈萨克自治县", "木垒"),
        ("东乡族自治县", "东乡"),
        ("彭水苗族土家族自治县", "彭水"),
        ("隆林各族自治县", "隆林"),
        ("鄂温克族自治旗", "鄂温克"),
        ("峰峰矿区", "峰峰"),
        ("阿鲁科尔沁旗", "阿鲁科尔沁"),
        ("城区", "城区"),
    ],
)
def test_a_suffix_is_not_stripped_blindly(gazetteer: Gazetteer, name: str, short: str) -> None:
    assert gazetteer.named(name)[0].short == short


def test_a_name_of_several_units_gives_them_all(gazetteer: Gazetteer) -> None:
    assert [unit.city for unit in gazetteer.named("城区")] == ["140300", "140500", "441500"]
    assert {town.county for town in gazetteer.towns_named("凤城镇")} >= {"140522", "141121"}
    assert [unit.code for unit in gazetteer.short_named("文水")] == ["141121"]
    assert gazetteer.named("没有这个县") == ()


@pytest.mark.parametrize(
    ("name", "year", "successors"),
    [
        ("大同县", 2018, {"140215"}),
        ("长治县", 2018, {"140404"}),
        ("潞城市", 2018, {"140406"}),
        ("太谷县", 2019, {"140703"}),
        ("渝北区", 2025, {"500157"}),
        ("南郊区", 2018, {"140212", "140213", "140214"}),
    ],
)
def test_an_old_name_has_its_successor_and_last_year(
    gazetteer: Gazetteer, name: str, year: int, successors: set[str]
) -> None:
    olds = [old for old in gazetteer.old_named(name) if old.last == year]
    assert {code for old in olds for code in old.successors} == successors


def test_every_successor_is_a_unit_of_today(gazetteer: Gazetteer) -> None:
    for name in gazetteer.old_names():
        for old in gazetteer.old_named(name):
            assert all(gazetteer.place(code) for code in old.successors), old
            assert old.first <= old.last


def test_zones_prisons_and_county_communities_are_no_townships(gazetteer: Gazetteer) -> None:
    names = gazetteer.town_names()
    for name in ("永济监狱", "闻喜县社区", "上党经济技术开发区", "原平农场", "定襄县居民"):
        assert name not in names
    assert "东城街道" in gazetteer.town_names()
    assert sum(len(codes) for codes in names.values()) == 38_403


def test_a_township_lies_in_its_county_and_city(gazetteer: Gazetteer) -> None:
    assert gazetteer.county_of("140108101") == "140108"
    assert gazetteer.within("140108101", "140100")
    assert not gazetteer.within("140108101", "140122")
    assert not gazetteer.within("", "140000")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1"),
        ("# gazetteer 1\t2026-04\t2025-11\t2024-12\n140000\n# old names\nx\ty\n", "2"),
        (
            "# gazetteer 1\t2026-04\t2025-11\t2024-12\n140000\t山西省\n# old names\n潞城市\t长治市\t早\t晚\t1\n",
            "4",
        ),
        ("# something else\n140000\t山西省\n", "2"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    table = tmp_path / "gazetteer.tsv"
    table.write_text(text, encoding="utf-8", newline="\n")
    with pytest.raises(JianbaoError, match=f"JB-120 gazetteer.tsv: .* line {line}"):
        _load(table)


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_gazetteer", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_drops_what_is_no_township_and_follows_changes_to_the_end(
    tmp_path: Path,
) -> None:
    divisions = {
        "140000": "山西省",
        "140400": "长治市",
        "140406": "潞城区",
        "810000": "香港特别行政区",
    }
    towns = {
        "140406001": ["潞华街道办事处", "140406"],
        "140406400": ["潞城经济技术开发区", "140406"],
        "140999101": ["迁来镇", "140406"],
    }
    history = (
        "代码,一级行政区,二级行政区,名称,级别,状态,启用时间,变更/弃用时间,新代码\n"
        "140422,山西省,长治市,潞城县,县级,弃用,1983,1994,140481\n"
        "140481,山西省,长治市,潞城市,县级,弃用,1994,2018,140406\n"
    )
    (tmp_path / "divisions-2026-04.json").write_text(json.dumps(divisions), encoding="utf-8")
    (tmp_path / "towns-2025-11.json").write_text(json.dumps(towns), encoding="utf-8")
    (tmp_path / "areacodes-history.csv").write_text(history, encoding="utf-8-sig")
    script = load_script()
    script.AFTER_HISTORY.clear()
    assert script.build(tmp_path).splitlines()[1:] == [
        "140000\t山西省",
        "140400\t长治市",
        "140406\t潞城区\t001潞华街道,140999101迁来镇",
        "# old names",
        "潞城县\t长治市\t1983\t1994\t140406",
        "潞城市\t长治市\t1994\t2018\t140406",
    ]


def test_the_table_holds_unix_line_ends_and_names_that_fold_to_their_own_length(
    gazetteer: Gazetteer,
) -> None:
    assert b"\r" not in TABLE.read_bytes()
    shanxi = gazetteer.counties_of("140000")
    names = [unit.name for unit in shanxi] + [
        t.name for unit in shanxi for t in gazetteer.towns_of(unit.code)
    ]
    assert [name for name in names if len(fold(name).text) != len(name)] == []
    assert short_name("苏木山苏木", "town") == "苏木山"
