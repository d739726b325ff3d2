"""Builds ``index/data/gazetteer.tsv`` from the three raw tables.

    python scripts/build_gazetteer.py SRC_DIR index/data

``SRC_DIR`` holds, under these names:

* ``divisions-2026-04.json`` and ``towns-2025-11.json``: code to name, and nine-digit code to name and
  county; from github.com/mumuy/data_location (MIT, ``LICENSE-divisions-MIT.txt`` beside them);
* ``areacodes-history.csv``: every code since 1981 with years and successor, to the end of 2024; from
  github.com/yescallop/areacodes (CC0 1.0).

The raw tables are 2.2 MB and are not part of the project. The output is one line for each unit, sorted
by code, so that a change of the tables is readable as a diff, and the same input gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

DATA_AS_OF = "2026-04"
TOWNS_AS_OF = "2025-11"
HISTORY_AS_OF = "2024-12"

PRINCIPAL = {("城区", "大同市"): "140213"}
"""Where a unit was divided and one successor took nearly all of it: 平城区 was made from 城区 in 2018."""

REAL_TOWNS = ("街道", "街道办事处", "镇", "乡", "苏木")
"""The raw table also lists zones, prisons, farms and 「XX县社区」 as if they were townships."""
NOT_A_TOWN = ("特殊", "管委会", "管理委员会")

AFTER_HISTORY = [
    ("江北区", "重庆市", "1981", "2025", "500105", ["500157"]),
    ("渝北区", "重庆市", "1994", "2025", "500112", ["500157"]),
]
"""Changes after the history table ends: 两江新区 replaced both districts in November 2025."""


def town_name(raw: str) -> str:
    """The name without 办事处, and without the zone that some rows put before it."""
    name = raw.removesuffix("办事处") if raw.endswith("街道办事处") else raw
    return name.rsplit("-", 1)[-1].rsplit("）", 1)[-1]


def towns_by_county(path: Path) -> dict[str, list[str]]:
    """County code to ``001坞城街道``-like entries, in code order."""
    found: dict[str, list[str]] = {}
    for code, (name, county) in sorted(json.loads(path.read_text(encoding="utf-8")).items()):
        real = name.endswith(REAL_TOWNS) and not any(word in name for word in NOT_A_TOWN)
        if real and town_name(name) not in ("街道", "镇", "乡"):
            # A few townships kept their code when they moved to another county: those are written whole.
            short = code[6:] if code[:6] == county else code
            found.setdefault(county, []).append(short + town_name(name))
    return found


def final_codes(code: str, successors: dict[str, list[str]], units: dict[str, str]) -> list[str]:
    """The codes of today that follow ``code``, through any number of changes."""
    waiting, seen, final = [code], set[str](), set[str]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in units:
            final.add(here)
        else:
            waiting.extend(successors.get(here, []))
    return sorted(final)


def old_names(path: Path, units: dict[str, str]) -> list[tuple[str, str, str, str, str]]:
    """Rows (name, city of that time, first year, last year, successors) of names no longer in use there."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = [
            row for row in csv.DictReader(handle) if row["级别"] == "县级" and row["状态"] != "在用"
        ]
    successors: dict[str, list[str]] = {}
    for row in rows:
        codes = [part.split("[")[0] for part in row["新代码"].split(";") if part]
        successors.setdefault(row["代码"], []).extend(code for code in codes if code != row["代码"])
    successors |= {old_code: codes for *_, old_code, codes in AFTER_HISTORY}
    merged: dict[tuple[str, str, str], tuple[str, str]] = {}
    for row in rows:
        codes = final_codes(row["代码"], successors, units)
        if not codes or any(units[code] == row["名称"] for code in codes):
            continue
        principal = PRINCIPAL.get((row["名称"], row["二级行政区"]))
        codes = [principal] if principal else codes
        key = (row["名称"], row["二级行政区"].replace("直辖", row["一级行政区"]), ",".join(codes))
        first, last = merged.get(key, ("9999", "0000"))
        merged[key] = (min(first, row["启用时间"]), max(last, row["变更/弃用时间"]))
    found = [
        (name, city, first, last, codes) for (name, city, codes), (first, last) in merged.items()
    ]
    found += [
        (name, city, first, last, ",".join(codes))
        for name, city, first, last, _, codes in AFTER_HISTORY
    ]
    return sorted(found)


def build(source: Path) -> str:
    """The whole table as text."""
    units = json.loads((source / "divisions-2026-04.json").read_text(encoding="utf-8"))
    towns = towns_by_county(source / "towns-2025-11.json")
    lines = [f"# gazetteer 1\t{DATA_AS_OF}\t{TOWNS_AS_OF}\t{HISTORY_AS_OF}"]
    # Hong Kong, Macao and Taiwan stand in the raw table with codes that GB/T 2260 does not know.
    mainland = [code for code in sorted(units) if code[:2] not in ("81", "82", "83")]
    lines += [
        "\t".join([code, units[code], *([",".join(towns[code])] if code in towns else [])])
        for code in mainland
    ]
    lines.append("# old names")
    lines += ["\t".join(row) for row in old_names(source / "areacodes-history.csv", units)]
    return "\n".join(lines) + "\n"


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    (out / "gazetteer.tsv").write_text(build(source), encoding="utf-8", newline="\n")
    licence = (source / "LICENSE-divisions-MIT.txt").read_text(encoding="utf-8")
    (out / "LICENSE-gazetteer-MIT.txt").write_text(licence, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
