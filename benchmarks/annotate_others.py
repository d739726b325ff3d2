"""cpca and jionlp on the annotator's own cases, for a comparison: speed, memory, county.

    python -m venv /tmp/others && /tmp/others/bin/pip install cpca jionlp
    /tmp/others/bin/python benchmarks/annotate_others.py tests/annotation/cases*.jsonl

Run it in an environment of its own: neither is a dependency of the project. Both find places in any
text and were not made for this question; each gets the headline and body, and where it finds no
county the source's name. The first county found is its answer, as is usual with them. Memory is
given on POSIX systems only.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None


def megabytes() -> float:
    """Peak memory of this process so far."""
    if resource is None:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpca_county() -> Callable[[str], str]:
    cpca = importlib.import_module("cpca")

    def county(text: str) -> str:
        try:
            code = str(cpca.transform_text_with_addrs(text)["adcode"].tolist()[:1])
        except KeyError:  # it fails on a text without any place
            return ""
        digits = "".join(c for c in code if c.isdigit())[:6]
        return digits if digits and not digits.endswith("00") else ""

    return county


def jionlp_county() -> Callable[[str], str]:
    jionlp = importlib.import_module("jionlp")

    names = table()

    def county(text: str) -> str:
        try:
            found = jionlp.recognize_location(text)["domestic"] or []
        except ValueError:  # it fails on a few texts, the empty one among them
            return ""
        for place, _ in found:
            if place["county"]:
                return names.get((place["city"] or "", place["county"]), "")
        return ""

    return county


def table() -> dict[tuple[str, str], str]:
    """(city, county) → code, from the project's own table: jionlp answers with names."""
    path = Path(__file__).parents[1] / "index" / "data" / "gazetteer.tsv"
    names: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# old"):
            break
        code, name, *_ = line.split("\t")
        names[code] = name
    return {(names.get(code[:4] + "00", ""), name): code for code, name in names.items()}


def main() -> None:
    texts = [Path(path).read_text(encoding="utf-8") for path in sys.argv[1:]]
    cases = [json.loads(line) for text in texts for line in text.splitlines()]
    for name, make in (("cpca", cpca_county), ("jionlp", jionlp_county)):
        started = time.process_time()
        county = make()
        county("山西省吕梁市文水县")
        loaded, before = time.process_time() - started, megabytes()
        started = time.process_time()
        right = 0
        for case in cases:
            found = county(case["title"] + "。" + case["body"]) or county(case["source_name"])
            right += ({found} - {""}) in (
                set(case["expect"]["counties"]),
                *map(set, case["expect"]["accept"]),
            )
        seconds = time.process_time() - started
        print(
            f"{name:8}loads in {loaded:.1f} s, {before:.0f} MB;"
            f" {len(cases) / seconds:.0f} stories/s; county exact {right / len(cases):.3f}"
        )


if __name__ == "__main__":
    main()
