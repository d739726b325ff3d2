"""docs/add-a-source.md, from empty to merged: every command in it is run, in its order."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.crawler import sources
from jianbao.crawler.families import FAMILY_NAMES
from jianbao.desk.countyweb.server import serve_countyweb

from ..crawl.odd_site import now
from .conftest import Jianbao, Ran

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(console|toml)\n(.*?)```", re.DOTALL)
ENDS_WITH = {
    # The new rule reads the pages that an older one is expected to read, as the page says.
    "sources check qinyuan": [0, 1],
}


@pytest.fixture(autouse=True)
def _evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line's clock stands on the last evening of the sample stories."""
    monkeypatch.setattr("jianbao.desk.cli.system_clock", now)


def test_the_page_can_be_followed_from_empty_to_merged(
    tmp_path: Path, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, commands = tmp_path, 0
    expected = {words: list(codes) for words, codes in ENDS_WITH.items()}
    with serve_countyweb() as web:
        monkeypatch.setenv("JIANBAO_LOOPBACK", web.addresses["county-gov"])
        for kind, text in BLOCK.findall(PAGE):
            if kind == "toml":
                if text.startswith("[[rules]]"):
                    path = here / "sources" / "qinyuan.toml"
                    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, "utf-8")
                continue
            for line in text.strip().split("\n"):
                words = shlex.split(line.removeprefix("$ "))
                commands += 1
                if words[0] == "cd":
                    here = here / words[1]
                elif words[0] == "python":
                    run_python(words[1:])
                else:
                    assert words[0] == "jianbao"
                    codes = expected.get(" ".join(words[1:]), [0])
                    done: Ran = jianbao(*words[1:], cwd=here)
                    assert done.code == (codes.pop(0) if codes else 0), (line, done)
    assert commands >= 14
    assert (here / "sources" / "qinyuan" / "story-1.toml").is_file()
    (source,) = sources.load_sources(here / "sources")
    assert (source.id, source.home, source.rules[0].version) == ("qinyuan", "140431", "v2")


def run_python(words: list[str]) -> None:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_error_of_the_page_is_one_of_the_programs() -> None:
    codes = set(re.findall(r"JB-\d{3}", PAGE))
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "crawler").glob("*.py"))
    assert codes
    assert all(f'"{code}"' in written for code in codes)


def test_every_family_and_field_has_its_line_in_the_reference() -> None:
    reference = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    fields = set(sources.Source.model_fields) - {"loopback"}
    parts = [sources.Rule, sources.Rhythm, sources.Calendar, sources.Seen, sources.LogEntry]
    for part in parts:
        fields |= set(part.model_fields)
    missing = {name for name in fields if not re.search(rf"\b{name}\b", reference)}
    assert not missing
    assert not {name for name in FAMILY_NAMES if f"| `{name}` |" not in reference}
