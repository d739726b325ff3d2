"""The home pages of the sites: what a person types in, leading to the lists by ordinary links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from . import (
    board,
    citygov,
    department,
    epaper,
    feed,
    founder,
    gov,
    media,
    mess,
    moving,
    paper,
    portal,
    school,
)
from .dataset import Site
from .shape import Answer, html, page

HOSTS: Final[Mapping[Site, str]] = {
    "county-gov": gov.HOST,
    "city-gov": citygov.HOST,
    "department": department.HOST,
    "paper": paper.HOST,
    "founder": founder.HOST,
    "epaper": epaper.HOST,
    "portal": portal.HOST,
    "school": school.HOST,
    "board": board.HOST,
    "media": media.HOST,
    "feed": feed.HOST,
    "moving": moving.HOST,
}
"""The invented host name of each site."""


@dataclass(frozen=True, slots=True)
class _Home:
    """``columns`` are the navigation, the Party-building one among others that are none."""

    name: str
    columns: tuple[tuple[str, str], ...]
    code: str = ""
    feed: str = ""
    generator: str = ""


_HOMES: Final[Mapping[Site, _Home]] = {
    "county-gov": _Home(
        gov.SITE_NAME,
        (
            ("走进沁源", "/zjqy/"),
            ("政务公开", "/zwgk/"),
            ("基层党建", "/zwxx/jcdj/"),
            ("办事服务", "/bsfw/"),
        ),
        gov.SITE_ID,
    ),
    "city-gov": _Home(
        "朔州市人民政府网（样例）",
        (
            ("走进朔州", "/col/col1001/index.html"),
            ("党建园地", "/col/col1021/index.html"),
            ("公示公告", "/col/col1033/index.html"),
        ),
        "1406000099",
    ),
    "department": _Home(
        "晋城市农业农村局（样例）",
        (
            ("机构概况", "/jggk/index.html"),
            ("工作动态", "/gzdt/index.html"),
            ("政策法规", "/zcfg/index.html"),
        ),
        "1405000099",
    ),
    "paper": _Home(
        "绵山新报网",
        (("本地要闻", "/bdyw/"), ("党建频道", "/djpd/"), ("广告刊例", "/ggkl/")),
    ),
    "portal": _Home(
        "三晋新闻网样例",
        (
            ("时政", "/GB/64380/index.html"),
            ("党建", "/GB/64387/index.html"),
            ("图片", "/GB/64390/"),
        ),
    ),
    "school": _Home(
        "忻州市委党校（样例）",
        (("学校概况", "/xxgk.htm"), ("党建工作", "/xw/djgz.htm"), ("教学科研", "/xw/jxky.htm")),
    ),
    "board": _Home(
        "河东党建投稿园地（样例）",
        (("基层来稿", "/forum-37-1.html"), ("站务公告", "/forum-2-1.html")),
        generator="样例论坛程序 X3.4",
    ),
    "media": _Home(
        "灵石融媒（样例）",
        (("原创", "/wx/"), ("直播", "/zb/"), ("下载客户端", "/app/")),
    ),
    "feed": _Home(
        "太行党建通讯（样例）",
        (("党建要闻", "/article/"), ("关于我们", "/about/")),
        feed="/rss/rss.xml?siteId=1",
    ),
    "moving": _Home(
        "繁峙新闻网（样例）",
        (("本地要闻", "/xw/bdyw/"), ("基层党建", "/xw/jcdj/"), ("民生", "/xw/ms/")),
    ),
}
_REFRESHES: Final[Mapping[Site, str]] = {"epaper": "pc/index.html", "founder": "index.htm"}


def home_page(site: Site) -> Answer:
    """The page at ``/``. E-papers have none of their own: they send the reader on."""
    if target := _REFRESHES.get(site):
        return html(page("epaper-index.html", target=target, paper=HOSTS[site]))
    home = _HOMES[site]
    text = page(
        "home.html",
        home=home,
        host=HOSTS[site],
        news=mess.other_news(site, 5, f"{home.columns[0][1]}{{}}.html"),
    )
    if site == "paper":  # its pages are GBK bytes, all of them, under a wrong header
        text = text.replace(
            '<meta charset="utf-8">',
            '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
        )
        return Answer(text.encode("gb18030"), "text/html; charset=ISO-8859-1")
    return html(text)
