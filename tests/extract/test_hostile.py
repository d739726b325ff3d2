"""Pages made to hold a reader up: each is read or refused in seconds, never searched without end."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest

from jianbao.crawler.article import StoryIsRefused, extract
from jianbao.crawler.webpage import Page

_S = "镇党委把党员分成六个小组，挨家挨户问难处，当天能办的当天办，办不了的写清楚谁来办。"
_HEAD = "<html><head><title>支部办实事有清单还有很多别的事情_样例网</title></head><body><h1>另一个题目写在这里</h1>"
_SECONDS = 12  # of processor time for about a megabyte; one second is usual


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>第{number}条短句子事情</p>" for number in range(30_000)),
        "<div><span>字，</span>" * 250 + f"<p>{_S}</p>" + "</div>" * 250,
        "<p>" + _S * 9_000 + "</p>",
        "<p>" + "（记者 " * 90_000 + "</p>",
        f"<p>{_S}</p>" * 5 + "<p>2026-11-01 来源：</p>" * 20_000,
        f"<p>{_S}</p>" * 5 + ("<p>" + "[1]" * 50 + "x</p>") * 3_000,
        f"<p>{_S}</p>" * 5 + ("<p>责任编辑" + " " * 200 + "x</p>") * 3_000,
        f"<p>{_S}{'[1]' * 9_000}x</p>",
        f"<p>{_S}</p>" * 5 + f"<p>{_S}" + "（" * 60_000 + "</p>",
        f"<p>{_S}</p>" * 5 + "<p>" + "记者、" * 60_000 + "报道</p>",
    ],
    ids=[
        "lines",
        "nesting",
        "one line",
        "roles",
        "meta lines",
        "pagers",
        "spaces",
        "digits",
        "brackets",
        "names",
    ],
)
def test_a_hostile_page_is_done_with_in_seconds(body: str) -> None:
    began = time.process_time()
    with suppress(StoryIsRefused):
        extract(Page.parse(_HEAD + body, "http://a.example/1.html"), today=date(2026, 11, 22))
    assert time.process_time() - began < _SECONDS
