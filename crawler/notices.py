"""Pages that a site sends in place of what was asked for, with the status of a success.

"This page does not exist", "please log in", "prove that you are human", "closed for maintenance": stored
as stories they would be nonsense in a digest, and taken for stories they hide that the site is down or
declines. They are told by what their title or heading says, and believed only where the page has nothing
of a story: little text, no source or day of publication.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Notice = Literal["missing", "login", "human", "maintenance"]

_SAYS: Final[tuple[tuple[Notice, re.Pattern[str]], ...]] = (
    (
        "human",
        re.compile(
            r"(?:安全|人机|滑块|访问|身份|真人)(?:访问)?(?:验证|校验)|验证码|captcha|verify (?:that )?you are (?:a )?human"
            r"|are you (?:a )?(?:human|robot)|just a moment|access denied|访问(?:被|已被)?(?:拒绝|拦截|禁止)|请求(?:被|已被)?拦截"
            r"|访问(?:过于)?频繁|web应用防火墙",
            re.IGNORECASE,
        ),
    ),
    (
        "missing",
        re.compile(
            r"(?:页面|网页|文章|内容|信息|稿件|文件|栏目|资源|地址)(?:已经|已|或)?(?:不存在|未找到|找不到|没有找到|被?删除|下线|失效|过期|走丢|丢失|飞走)"
            r"|(?:找不到|无法找到|未找到|没有找到)(?:了|您|你|该|此|这个|要)*.{0,8}(?:页面|网页|文章|内容|文件)"
            r"|(?<!\d)404(?!\d)|not found|page (?:does not exist|is gone)",
            re.IGNORECASE,
        ),
    ),
    ("login", re.compile(r"^(?:欢迎)?(?:用户|会员|账号|统一(?:身份)?(?:认证)?|系统)?(?:登录|登陆)(?:页面?|中心|系统)?(?:[-_—|].*)?$|请先?登[录陆]|log ?in|sign ?in", re.IGNORECASE)),
    ("maintenance", re.compile(r"(?:网站|系统|本站|平台|页面|服务)\S{0,6}(?:维护|升级|建设中|暂停(?:访问|服务))|(?:维护|升级)(?:中|公告)$|under (?:maintenance|construction)", re.IGNORECASE)),
)  # fmt: skip
_HEADING: Final = re.compile(r"<(title|h[1-4])\b[^<>]{0,400}>([^<]{1,120})<", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<(script|style|noscript|select)\b[^<>]{0,4000}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)  # fmt: skip
_TAG: Final = re.compile(r"<[^<>]{0,4000}>")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_PASSWORD: Final = re.compile(r"<input\b[^<>]{0,400}type\s*=\s*[\"']?password", re.IGNORECASE)
# What a story page has, and a notice of the server has not.
_OF_A_STORY: Final = re.compile(
    r"(?:来源|稿源|作者|记者|通讯员|发布时间|发布日期|责任编辑)\s*[:：]"
    r"|name\s*=\s*[\"']?(?:ArticleTitle|PubDate)[\"']?\s+content\s*=\s*[\"']?\w",
    re.IGNORECASE,
)
_LOOKED_AT: Final = (
    96 * 1024
)  # characters; the notices read so far are under 40 kB with their pictures
_LONGEST: Final = (
    320  # Chinese characters of a notice, the site's navigation not counted in most of them
)
_OPENING: Final = 60  # characters of a page without headings in which it must say what it is


def notice_in(text: str) -> Notice | None:
    """What a page that came as a success says in place of a story; ``None`` for any other page.

    Args:
        text: the page's markup.
    """
    if len(text) > _LOOKED_AT or _OF_A_STORY.search(text):
        return None
    said = [found[2].strip() for found in _HEADING.finditer(text)]
    kind = _kind_of(said)
    if kind is None and said and len(text) > 8 * 1024:
        return None
    seen = _TAG.sub(" ", _UNSEEN.sub(" ", text))
    if kind is None:
        opening = " ".join(seen.split())
        kind = _kind_of([opening[:_OPENING]])
    if kind is None or len(_HAN.findall(seen)) > _LONGEST:
        return None
    if kind == "login" and not _PASSWORD.search(text):
        return None  # a story about a log-in page, or a link to one
    return kind


def _kind_of(said: list[str]) -> Notice | None:
    for kind, pattern in _SAYS:
        if any(pattern.search(words) for words in said):
            return kind
    return None
