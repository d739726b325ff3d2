"""Pages that say in place of a story that there is none, and stories that only speak of such things."""

from __future__ import annotations

import pytest

from jianbao.crawler.charset import decode
from jianbao.crawler.notices import notice_in
from jianbao.desk.countyweb.dataset import SITES, load_stories
from jianbao.desk.countyweb.server import build_site

from .answers import HUMAN, LOGIN, MAINTENANCE, NOT_FOUND

NAVIGATION = "<div class='nav'>" + "<a href='/lm/'>政务公开</a>" * 30 + "</div>"


@pytest.mark.parametrize(
    ("page", "notice"),
    [
        (NOT_FOUND, "missing"),
        (LOGIN, "login"),
        (HUMAN, "human"),
        (MAINTENANCE, "maintenance"),
        (f"<title>样例县政府</title>{NAVIGATION}<h2>您访问的页面已被删除</h2>", "missing"),
        ("<title>404</title><body><script>location='/'</script></body>", "missing"),
        ("<html><body><p>对不起，您要查看的文章不存在！</p></body></html>", "missing"),
        ("<html><body>Not Found</body></html>", "missing"),
        ("<title>样例网</title><p>找不到您要的页面，五秒后返回首页。</p>", "missing"),
        ("<title>访问验证</title><p>请按住滑块拖到最右边。</p>", "human"),
        ("<title>Just a moment...</title><p>Checking your browser</p>", "human"),
        ("<h1>访问被拦截</h1><p>您的请求带有不合法的参数，事件编号已记录。</p>", "human"),
        ("<title>提示</title><p>您的访问过于频繁，请稍后再试</p>", "human"),
        ("<title>统一身份认证登录</title><form><input type=password></form>", "login"),
        ("<title>系统升级维护中</title><p>请稍后访问。</p>", "maintenance"),
        ("<title>提示</title><p>网站正在维护，请稍后访问。</p>", "maintenance"),
    ],
)
def test_a_notice_is_told_by_what_it_says(page: str, notice: str) -> None:
    assert notice_in(page) == notice


STORY = (
    "镇党委把党员分成六个小组，挨家挨户问难处，当天能办的当天办，办不了的写清楚谁来办、哪天办完。"
)


@pytest.mark.parametrize(
    "page",
    [
        # A story about such things says where it comes from and when.
        f"<h1>医保系统升级维护公告</h1><p>发布时间：2026-11-03　来源：样例县医保局</p><p>{STORY}</p>",
        f"<h1>支部把“404号”小院变成议事厅</h1><p>来源：样例县融媒体中心</p><p>{STORY}</p>",
        f"<h1>社区电子屏验证码谜语会</h1><meta name='PubDate' content='2026-11-03'><p>{STORY}</p>",
        # A long text is no notice, whatever its headline.
        f"<h1>走失的页面，找回的人心</h1><p>{STORY * 12}</p>",
        # A form for a password in the corner of a story page.
        f"<title>支部办实事</title><form><input type='password'></form><h1>支部办实事</h1><p>{STORY}</p>",
        # A link to the log-in page, a list, an empty page.
        "<title>登录中心党支部开展活动</title><p>活动在登录中心举行。</p>",
        "<title>工作动态</title><ul><li><a href='/1.html'>一件事</a></li></ul>",
        "",
    ],
)
def test_a_story_that_speaks_of_such_things_is_none(page: str) -> None:
    assert notice_in(page) is None


def test_no_page_of_the_county_web_is_taken_for_a_notice() -> None:
    stories = load_stories()
    for site in SITES:
        for path, answer in build_site(site, stories, None).answers.items():
            if answer.status == 200 and answer.content_type.startswith("text/"):
                assert notice_in(decode(answer.body).text) is None, (site, path)


def test_a_huge_page_is_not_searched() -> None:
    assert notice_in("<title>404</title>" + "x" * 100_000) is None
