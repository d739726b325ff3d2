"""Rows about pages: markup, characters, days."""

from __future__ import annotations

from datetime import date

from jianbao.index.story import Story

from .host import Answers, Reply
from .lists import FEED, ITEM, LAUGHS, NESTED, OUTSIDE, feed
from .pages import (
    html,
    instead,
    path,
    rows_of,
    site,
    story,
    title,
)
from .row import Check, Row, holds, second, texts_of, undated

MARKUP: dict[str, Row] = {
    "laughs-feed": Row((16,), feed("<item><title>&a9;</title></item>", LAUGHS), "JB-249", "", stories=0, source=FEED),
    "outside-entity-feed": Row((16,), feed("<item><title>&a;</title></item>", OUTSIDE), "JB-249", "", stories=0, source=FEED),
    "parameter-entity-feed": Row(
        (16,), feed(ITEM.format("x"), '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://10.0.0.1/x.dtd"> %p;]>'),
        "JB-249", "", stories=0, source=FEED,
    ),
    "laughs-story": Row(
        (16,), site(html(LAUGHS.replace("rss", "html") + story(2, body="<p>&a9;&a1;</p>"))), stories=2,
        check=holds(title(2), without=("haha",)),
    ),
    "nested-feed": Row((17,), feed("<item>" * 3_000), "JB-249", "", stories=0, source=FEED),
    "nested-story": Row((17,), site(html(story(2, body=NESTED))), stories=2),
    "nested-around": Row(
        (17,), site(html(NESTED + story(2))), stories=1, refused=("no-body",),
    ),
    "nested-list": Row(
        (17,), instead("/list/", html(NESTED + rows_of(1))), "JB-248", "", stories=0
    ),
    "nested-links": Row(
        (17,), site(html(story(2, body="<a href=x><b>" * 50_000))), stories=2
    ),
    "attributes": Row(
        (17,), site(html(story(2, after="<p " + " ".join(f"a{n}='1'" for n in range(100_000)) + ">x</p>"))),
        stories=2,
    ),
    "regular-expressions": Row(
        (18,),
        site(
            html(story(2, head="<script>" + "createPageHTML( " * 40_000 + "</script>")),
            html(story(3, head="<meta http-equiv='refresh' content='" + "0;url=" * 40_000 + "'>")),
            html(story(4, head="<base href='" + "h" * 300_000 + "'>")),
            html(story(5, body="<p>" + "（记者 " * 50_000 + "</p>")),
            html(story(6, body="<p>责任编辑" + " " * 200_000 + "</p>")),
            html(story(7, head="<meta charset='" + "gb" * 100_000 + "'>")),
            html(story(8, body="<p>来源：" + "某" * 90_000 + "</p>")),
        ),
        stories=8,
    ),
    "content-type-of-a-novel": Row(
        (18,), site(html(story(2), kind="text/html; charset=" + "a;" * 9_000)), missed=1
    ),
    "one-paragraph-of-a-megabyte": Row(
        (45,), site(html(story(2, body="<p>" + "村里办了一件实事" * 45_000 + "</p>"))), stories=2
    ),
    "script-in-the-headline": Row(
        (23,), site(html(story(2, heading="支部&lt;script&gt;alert(1)&lt;/script&gt;清单").replace(title(2), "支部&lt;script&gt;alert(1)&lt;/script&gt;清单"))),
        stories=2, check=second(lambda one: one.headline in ("支部<script>alert(1)</script>清单", "支部alert(1)清单")),
    ),
    "markup-that-runs": Row(
        (24, 25),
        site(html(story(2, body=(
            "<iframe srcdoc='<p>内嵌的假稿件内容在这里。</p>'></iframe><svg><text>矢量假字</text><script>x='假脚本'</script></svg>"
            "<style>p{content:'假样式'}</style><object data='x'>假对象</object><template>假模板</template>"
            "<noscript>请启用脚本</noscript>"),
            head="<script type='application/ld+json'>{\"a\":\"</script><p>断开的数据</p>\"}</script>"))),
        stories=2, check=holds(title(2), without=("假",)),
    ),
    "links-that-run": Row(
        (26,),
        instead("/list/", html(
            "<ul>" + "".join(f"<li><a href='{href}'>{title(9)}</a>2026-11-03</li>" for href in (
                "javascript:location='/t20261103_9.html'", "data:text/html,/t20261103_9.html", "file:///t20261103_9.html",
                "http://[bad/t20261103_9.html", "http://links-that-run.example:99999/t20261103_9.html", "\\\\10.0.0.1\\t20261103_9.html",
            )) + "</ul>" + rows_of(1))),
    ),
    "pictures-that-run": Row(
        (26,),
        site(html(story(2, body="<p><img src='javascript:alert(1)'></p><p>图为会场。</p><p><img src='data:image/png;base64,AAAA'></p>"))),
        stories=2, check=second(lambda one: all(p.url.startswith("http") or not p.url for p in one.pictures)),
    ),
    "templates-in-the-text": Row(
        (27,), site(html(story(2, body="<p>支部把{{ 7*7 }}和{% raw %}写在黑板上，谁也不懂，后来擦了。</p>"))),
        stories=2, check=holds("{{ 7*7 }}和{% raw %}"),
    ),
    "paths-in-addresses": Row(
        (30,),
        instead("/list/", html(
            "<ul><li><a href='/list/../../../etc/t20261103_9.html'>x</a>2026-11-03</li>"
            "<li><a href='/list/%2e%2e/%2e%2e/t20261103_8.html'>x</a>2026-11-03</li>"
            "<li><a href='/list/%00/t20261103_7.html'>x</a>2026-11-03</li></ul>" + rows_of(1))),
        missed=3,
    ),
    "a-headline-of-a-page": Row(
        (31,), site(html(story(2).replace(title(2), "一" * 4_000))), stories=2,
        check=second(lambda one: len(one.headline) <= 4_000),
    ),
    "a-name-too-long-for-a-file": Row(
        (31,),
        {**instead("/list/", html(f"<ul><li><a href='/list/202611/{'长' * 300}/t20261103_2.html'>x</a>2026-11-03</li></ul>" + rows_of(1))),
         "*": html(story(2))},
        stories=2,
    ),
}  # fmt: skip

WRONG = "支部书记白镕、贺堃、申喆和任㛃在䶮河边开会，记了三页纸，说了五件事，一件一件写在墙上，月底再来看。"


def said(number: int, encoding: str, meta: str, header: str) -> Reply:
    head = f"<meta http-equiv='Content-Type' content='text/html; charset={meta}'>" if meta else ""
    body = story(number, body=f"<p>{WRONG}</p>" * 3, head=head).encode(encoding)
    return Reply(body, kind="text/html" + (f"; charset={header}" if header else ""))


def broken(number: int, encoding: str) -> Reply:
    body = story(number, body=f"<p>{WRONG}</p>" * 40).encode(encoding)
    at = body.rindex("三页纸".encode(encoding))
    return Reply(body[:at] + b"\xff" + body[at:])


def right_in_all(count: int) -> Check:
    def check(stories: list[Story]) -> None:
        spoiled = [one for one in stories if one.headline != title(1)]
        assert len(spoiled) == count
        for one in spoiled:
            assert "\ufffd" not in texts_of([one])
            assert WRONG in one.body, one

    return check


CHARACTERS: dict[str, Row] = {
    "seven-wrong-labels": Row(
        (19,),
        site(
            said(2, "gb18030", "gb2312", ""), said(3, "gb18030", "gb2312", "utf-8"),
            said(4, "gb18030", "utf-8", ""), said(5, "gb18030", "", ""),
            said(6, "utf-8", "gb2312", ""), said(7, "utf-8", "", ""), broken(8, "utf-8"),
        ),
        stories=8, check=right_in_all(7),
    ),
    "labels-against-each-other": Row(
        (20,),
        site(
            said(2, "utf-8", "utf-8", "iso-8859-1"), said(3, "utf-8-sig", "gbk", "gb2312"),
            said(4, "utf-16", "utf-8", "utf-8"), said(5, "utf-16-be", "", "utf-16be"),
            said(6, "gb18030", "big5", "shift_jis"), said(7, "utf-8", "utf-7", "utf-7"), broken(8, "gb18030"),
        ),
        stories=8, check=right_in_all(7),
    ),
    "broken-at-the-source": Row(
        (19,), site(html(story(2, body="<p>支部书记\ufffd\ufffd\ufffd在河边开会\ufffd\ufffd\ufffd</p>"))), refused=("broken-characters",)
    ),
    "no-text-at-all": Row((19,), site(Reply(bytes(range(128, 256)) * 90)), refused=("broken-bytes",)),
    "controls": Row(
        (21,),
        site(html(story(2, body="<p>支部\x00把\x0b清单\x7f贴在&#0;墙&#xD800;上\ufffe，\uffff月底&#x1F;对账，谁也不许漏掉一项。</p>")),
             Reply(story(3, body="<p>半个字").encode() + b"\xed\xa0\x80" + "也能读，余下的都在这里写着。</p>".encode())),
        stories=3, check=holds("支部把清单贴在墙上，月底对账", without=("\x00", "\ufffe", "\ud800", "\x1f", "\x7f")),
    ),
    "directions": Row(
        (22,),
        site(html(story(2, body="<p>支部书记\u202e远山\u202c和\u200b李\u2066四\u2069&#8238;在村里开会，说了三件事情。</p>"))),
        stories=2,
        check=second(lambda one: "支部书记远山和李四在村里开会" in one.body and any(r.kind == "cleaned" for r in one.repairs)),
    ),
}  # fmt: skip


def dated(number: int, day: str) -> Reply:
    return html(story(number).replace("2026-11-03 08:00", day))


def without_day(answers: Answers) -> Answers:
    """The list names no day, nor does the address."""
    return {
        **answers,
        "/list/": html(f"<ul><li><a href='/list/a_1.html'>{title(1)}</a></li><li><a href='/list/a_2.html'>{title(2)}</a></li></ul>"),
        "/list/a_1.html": html(story(1)),
        "/list/a_2.html": answers[path(2)],
    }  # fmt: skip


def odd_day(day: str) -> Row:
    return Row(
        (37,), without_day(site(dated(2, day))), stories=2, check=undated,
        source={"story_address": r"/a_\d\.html$"},
    )  # fmt: skip


DATES: dict[str, Row] = {
    "day-in-the-future": odd_day("2099-11-03 08:00"),
    "day-of-the-epoch": odd_day("1970-01-01 00:00"),
    "day-of-the-moon": odd_day("丙午年九月廿五"),
    "day-that-is-none": odd_day("2026-13-45"),
    "day-without-a-year": odd_day("11月"),
    "day-of-another-age": odd_day("0001-01-01"),
    "tomorrow": Row(
        (37, 38), without_day(site(dated(2, "2026-11-23"))), stories=2,
        source={"story_address": r"/a_\d\.html$"},
        check=second(lambda one: one.published in (None, date(2026, 11, 23))),
    ),
}  # fmt: skip
