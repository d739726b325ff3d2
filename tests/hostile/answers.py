"""Rows about answers that come in place of a page."""

from __future__ import annotations

import json

from .host import Reply, moved
from .pages import (
    html,
    instead,
    site,
)
from .row import Row

NOT_FOUND = (
    "<html><head><title>页面不存在</title></head><body><div class='box'><h1>抱歉，您访问的页面不存在或已被删除</h1>"
    "<p>可能的原因：您输入的网址有误；该网页已经被移动、更名或者删除；网站正在升级维护，请您稍后再试。</p>"
    "<p>您可以：返回上一页重新操作；返回网站首页浏览其他内容；使用站内搜索查找您需要的信息；如有疑问请与网站管理员联系。</p></div></body></html>"
)
LOGIN = (
    "<html><head><title>用户登录-样例县政府网</title></head><body><h1>用户登录</h1><form action='/login'><p>用户名：<input name='u'></p>"
    "<p>密码：<input type='password' name='p'></p><p>您需要登录以后才能继续浏览本页内容。为了保护您的账号安全，请不要在公共电脑上保存密码，"
    "使用完毕请及时退出登录。忘记密码的用户请持有效证件到政务服务大厅办理重置手续，办理时间为工作日上午九点到下午五点。</p></form></body></html>"
)
HUMAN = (
    "<html><head><title>安全验证</title></head><body><h1>请完成安全验证</h1><p>系统检测到您的访问行为异常，请拖动滑块完成验证后继续访问。"
    "本次验证是为了确认您是真人访问而不是程序自动访问，给您带来的不便敬请谅解。如果多次验证仍然无法通过，请更换浏览器或者网络环境以后再试。</p>"
    "<div id='captcha'></div></body></html>"
)
MAINTENANCE = (
    "<html><head><title>系统维护公告</title></head><body><h1>网站正在维护</h1><p>尊敬的用户：为了给您提供更好的服务，本网站正在进行系统升级维护，"
    "维护期间网站将暂停访问，预计维护时间为两个小时。由此给您带来的不便，我们深表歉意，感谢您的理解与支持，请您稍后再来访问。</p></body></html>"
)

ANSWERS_FOR_PAGES: dict[str, Row] = {
    "soft-404": Row((39,), site(html(NOT_FOUND), html(NOT_FOUND)), missed=2),
    "soft-404-by-redirect": Row(
        (39,), {**site(moved("/404.html")), "/404.html": html(NOT_FOUND)}, missed=1
    ),
    "story-becomes-the-home-page": Row(
        (39,), {**site(moved("/")), "/": html("<html><body>" + "<p><a href='/x'>栏目</a></p>" * 40 + "</body></html>")},
        refused=("no-body",),
    ),
    "login-page": Row((39,), site(html(LOGIN)), missed=1),
    "are-you-human": Row((39,), site(html(HUMAN)), "JB-242", "test for humans", missed=1),
    "list-asks-for-a-human": Row((39,), instead("/list/", html(HUMAN)), "JB-242", "test for humans", stories=0, most=2),
    "maintenance": Row((39,), site(html(MAINTENANCE)), missed=1),
    "list-is-a-login-page": Row((39,), instead("/list/", html(LOGIN)), "JB-257", "login", stories=0),
    "not-a-page": Row((39,), site(Reply(b"%PDF-1.7 " + b"x" * 900, kind="application/pdf")), refused=("not-html",)),
    "json-for-a-page": Row((39,), site(Reply(json.dumps({"code": 401}).encode(), kind="application/json")), refused=("not-html",)),
}  # fmt: skip
