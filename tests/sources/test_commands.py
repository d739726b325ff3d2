"""``jianbao sources``: list, check, add and catalogue, as an editor runs them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from jianbao.crawler.sources import load_sources

from ..crawl.odd_site import HOST, OddSite, now, odd_site, title
from . import small_sites
from .conftest import Jianbao

HOME = f"http://{HOST}/"
FILE = """\
# our own words
id = "odd"
name = "样例县"          # kept as it is
kind = "listing"
family = "trs"
entries = ["http://odd.example/list/"]
delay = 0.02
state = "unverified"
loopback = "ADDRESS"
"""


@pytest.fixture(autouse=True)
def _evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line's clock stands on the last evening of the sample stories."""
    monkeypatch.setattr("jianbao.desk.cli.system_clock", now)


def registered(office: Path, site: OddSite, text: str = FILE) -> Path:
    site.publish([1, 2, 3, 4, 5])
    path = office / "sources" / "odd.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("ADDRESS", site.address), encoding="utf-8")
    return path


def test_a_site_is_added_from_its_home_address_alone(office: Path, jianbao: Jianbao) -> None:
    with odd_site() as site:
        small_sites.enorth(site)
        dry = jianbao("sources", "add", HOME, "--loopback", site.address)
        assert dry.code == 0, dry.err
        assert 'family = "enorth"' in dry.out
        assert dry.out.count("source 样例日报") == 3
        assert "--write" in dry.err
        assert load_sources(office / "sources") == []
        done = jianbao("sources", "add", HOME, "--loopback", site.address, "--write")
        assert done.code == 0, done.err
        (source,) = load_sources(office / "sources")
        assert source.log
        again = jianbao("sources", "add", HOME, "--loopback", site.address, "--id", "odd")
        assert (again.code, "JB-230" in again.err) == (3, True)
        asked = len(site.requests)
        checked = jianbao("sources", "check")
        assert len(site.requests) == asked, "a check asks nobody"
    assert checked.code == 0, checked.err
    assert "4 saved pages, all as expected" in checked.out
    pages = sorted(path.name for path in (office / "sources" / source.id).iterdir())
    assert pages[:2] == ["list-1.html", "list-1.toml"]
    assert len(pages) == 8


def test_a_check_says_what_a_changed_rule_loses(office: Path, jianbao: Jianbao) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        jianbao("sources", "add", HOME, "--loopback", site.address, "--write")
    path = office / "sources" / "odd.toml"
    broken = path.read_text(encoding="utf-8") + '\n[[rules]]\nversion = "v1"\nheadline = "p"\n'
    path.write_text(broken, encoding="utf-8")
    found = jianbao("sources", "check", "odd")
    assert found.code == 1
    assert "headline" in found.err
    lines = jianbao("sources", "check", "odd", "--json").out.splitlines()
    assert [bool(json.loads(line)["differences"]) for line in lines] == [False, True, True, True]


def test_a_source_that_nothing_can_be_read_from_is_not_written(
    office: Path, jianbao: Jianbao
) -> None:
    with odd_site() as site:
        small_sites.listing(site, "/dj/", [f"/dj/202611/t2026110{n}_{n}.html" for n in (1, 2, 3)])
        found = jianbao("sources", "add", f"{HOME}dj/", "--loopback", site.address, "--write")
    assert found.code == 3
    assert "No story" in found.err
    assert not (office / "sources" / "odd.toml").exists()


def test_an_added_source_can_be_given_an_id_and_a_place(office: Path, jianbao: Jianbao) -> None:
    with odd_site() as site:
        small_sites.nfc(site)
        words = ["sources", "add", HOME, "--loopback", site.address, "--json"]
        found = jianbao(*words, "--id", "qinyuan", "--home", "140431")
    record = json.loads(found.out)
    assert record["source"]["id"] == "qinyuan"
    assert record["source"]["home"] == "140431"
    assert record["reasons"]["home"] == "given on the command line"
    assert record["passed"] is True
    assert len(record["stories"]) == 3


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["add"], 2, "address"),
        (["add", "http://a.example/", "--from-catalogue", "qinyuan-gov"], 2, "either"),
        (["add", "--from-catalogue", "nowhere"], 3, "JB-237"),
        (["add", "http://127.0.0.1:9/"], 3, "JB-246"),
        (["add", "http://a.example/", "--id", "Wen Shui"], 2, "--id"),
        (["add", "http://a.example/", "--home", "999999"], 2, "--home"),
        (["add", "ftp://a.example/"], 2, "not an http"),
        (["add", "http://a b/"], 2, "not an http"),
        (["add", "http://a.example:99999/"], 2, "not an http"),
        (["check"], 3, "no saved page"),
        (["check", "nobody"], 3, "JB-231"),
        (["check", "--live"], 2, "exactly one"),
        (["check", "--save"], 2, "--live"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(
    office: Path, jianbao: Jianbao, words: list[str], code: int, says: str
) -> None:
    found = jianbao("sources", *words)
    assert found.code == code
    assert says in found.err


def test_without_a_contact_no_site_is_asked(tmp_path: Path, jianbao: Jianbao) -> None:
    jianbao("init", tmp_path / "bare")
    with odd_site() as site:
        found = jianbao("sources", "add", HOME, "--loopback", site.address, cwd=tmp_path / "bare")
        assert site.requests == []
    assert "JB-403" in found.err


def test_a_live_check_verifies_a_source_and_keeps_the_editors_lines(
    office: Path, jianbao: Jianbao
) -> None:
    with odd_site() as site:
        path = registered(office, site)
        left = jianbao("crawl")
        assert "sources check --live odd" in left.err
        assert site.requests == []
        checked = jianbao("sources", "check", "--live", "odd")
        assert checked.code == 0, checked.err
        assert checked.out.count(title(1)[:2]) >= 3
        asked = [path for path in site.requests if "/t2026" in path]
        assert 3 <= len(asked) <= 5
        text = path.read_text(encoding="utf-8")
        assert "# our own words" in text
        assert "# kept as it is" in text
        assert tomllib.loads(text)["state"] == "verified"
        crawled = jianbao("crawl")
    assert crawled.code == 0, crawled.err
    assert "5 new" in crawled.out


def test_a_live_check_that_fails_verifies_nothing(office: Path, jianbao: Jianbao) -> None:
    with odd_site() as site:
        path = registered(office, site)
        site.answers["/robots.txt"] = site.answers["/list/"]
        found = jianbao("sources", "check", "--live", "odd")
    assert found.code == 3
    assert "JB-243" in found.err
    assert 'state = "unverified"' in path.read_text(encoding="utf-8")


def test_a_source_of_the_catalogue_is_taken_as_it_stands(office: Path, jianbao: Jianbao) -> None:
    done = jianbao("sources", "add", "--from-catalogue", "qinyuan-gov")
    assert done.code == 0, done.err
    assert "check --live qinyuan-gov" in done.out
    (source,) = load_sources(office / "sources")
    assert source.state == "unverified"
    assert jianbao("sources", "add", "--from-catalogue", "qinyuan-gov").code == 3
    listed = jianbao("sources", "catalogue").out
    assert "* qinyuan-gov" in listed
    assert "  xinzhou-gov" in listed
    assert "[unverified]" in jianbao("sources", "list").out


def test_the_list_as_json_holds_the_whole_record(office: Path, jianbao: Jianbao) -> None:
    jianbao("sources", "add", "--from-catalogue", "qinyuan-gov")
    (line,) = jianbao("sources", "list", "--json").out.splitlines()
    record = json.loads(line)
    assert record["state"] == "unverified"
    assert record["seen"][0]["address"].startswith("https://www.qinyuan.gov.cn/")
    assert record["last_run"] is None
