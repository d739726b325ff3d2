"""``jianbao sources health`` and ``jianbao show``: what a person reads of sources and of a story's past."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from jianbao.index.clock import system_clock
from jianbao.index.store import SourceRun, Store, StoryEvent, Task
from jianbao.index.story import Paragraph, Story, story_id

from .conftest import Jianbao

_SOURCE = """
id = "{id}"
name = "{name}"
kind = "listing"
family = "trs"
entries = ["http://{id}.example/dj/"]
home = "{home}"
"""


def a_story(source: str, days_ago: int) -> Story:
    day = system_clock().date() - timedelta(days=days_ago)
    url = f"http://{source}.example/{days_ago}"
    text = (Paragraph("支部把清单贴在院坝里。"), Paragraph("一件一件办。"))
    return Story(story_id(url), "清单办结", text, "样例", day, url=url, source_id=source)


def a_run(source: str, **facts: object) -> SourceRun:
    now = system_clock().isoformat()
    values: dict[str, object] = {"requests": 3, "new": 0, "same": 4, "refused": 0, "statuses": {"200": 3}}  # fmt: skip
    return SourceRun(source, now, now, **(values | facts))  # pyright: ignore[reportArgumentType]


def test_health_names_every_source_and_every_silent_county_with_the_reason(
    office: Path, jianbao: Jianbao
) -> None:
    for name, home in (("reads", "140431"), ("declines", "140428"), ("new", "140427")):
        text = _SOURCE.format(id=name, name=f"{name}样例", home=home)
        (office / "sources" / f"{name}.toml").write_text(text, encoding="utf-8")
    with Store.open(office / "data" / "jianbao.db", clock=system_clock, writer="test") as store:
        story = a_story("reads", 1)
        store.take(story, url=story.url)
        store.log_run(a_run("reads", new=1, rules={"trs": 1}))
        store.log_run(a_run("declines", problem="JB-242 it answered 521", declines="521"))
    ran = jianbao("sources", "health", "--json", cwd=office)
    assert ran.code == 1
    records = [json.loads(line) for line in ran.out.splitlines()]
    sources = {one["source"]: one for one in records if "source" in one}
    assert {name: one["state"] for name, one in sources.items()} == {
        "reads": "fine",
        "declines": "declines",
        "new": "never",
    }
    assert sources["reads"]["last"]["statuses"] == {"200": 3}
    assert [alarm["kind"] for alarm in sources["declines"]["alarms"]] == ["declines"]
    counties = {one["county"]: one for one in records if "county" in one}
    assert "140431" not in counties
    assert (counties["140428"]["state"], counties["140428"]["sources"]) == ("declines", ["declines"])  # fmt: skip
    assert counties["140427"]["state"] == "never"
    assert {one["state"] for code, one in counties.items() if code not in ("140427", "140428")} == {
        "none"
    }
    assert len(counties) > 100
    told = jianbao("sources", "health", cwd=office).out
    assert "declines programs" in told
    assert "3 × 200" in told
    assert f"{len(counties) - 2} have no source" in told


def test_show_tells_what_the_source_did_with_a_story(office: Path, jianbao: Jianbao) -> None:
    story = a_story("qinyuan", 2)
    corrected = replace(story, headline="清单办结了", paragraphs=(story.paragraphs[0], Paragraph("都办完了。")))  # fmt: skip
    with Store.open(office / "data" / "jianbao.db", clock=system_clock, writer="test") as store:
        store.take(story, url=story.url)
        assert store.take(corrected, url=story.url) == "changed"
        assert "withdrawn" not in jianbao("show", story.id, cwd=office).out.lower()
        now = system_clock().isoformat()
        for what in ("missing", "withdrawn"):
            event = StoryEvent(story.id, now, what, "the address answered 404")
            store.end_check(Task(story.url, "check"), source_id="qinyuan", event=event)
    ran = jianbao("show", story.id, cwd=office)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Withdrawn at its source")
    for words in ("changed by its source: headline, paragraphs", "- 一件一件办。", "+ 都办完了。"):
        assert words in ran.out
    record = json.loads(jianbao("show", story.id, "--json", cwd=office).out)
    assert record["withdrawn_at_source"]
    assert [one["what"] for one in record["history"]] == ["source", "missing", "withdrawn"]
    assert record["history"][0]["changes"]["paragraphs"] == {
        "before": ["一件一件办。"],
        "after": ["都办完了。"],
    }
