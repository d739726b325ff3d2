"""Credit lines: lines of a page that say only who wrote or edited a story and where it came from.

They stand between headline and body, inside the body, behind its last word and below it, with
brackets or without, one thing a line or all in one: ``（来源：… 编辑：…）``, ``文章来源: …``,
``【作者：…】 (责任编辑：…)``, ``□ 本报记者 …``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .byline import BylineParse, parse_byline
from .byline_parse import NOTHING
from .leads import read_line
from .metaline import read_labels

_LONGEST: Final = 140
_LABEL: Final = re.compile(
    r"(?:来源于?|稿源|出处|编辑|责编|编审|作者|撰稿|采写|记者|通讯员|校对|审核|监制)[\s\u3000]*[：:丨｜|︱/／]"
)
_HINT: Final = re.compile(
    r"来源|稿源|出处|[编责撰审校监]|记者|作者|通讯员|采写|实习生|特约|文[/／\\\\]|评论员"
)
_SENTENCE: Final = re.compile(r"[。！？!?；]|[，,][^，,]{4,}[，,]")
# What may stand beside credits in their line: buttons, brackets, the site's own address.
_BESIDE: Final = re.compile(
    r"[【】\[\]（）()<>《》|｜丨、，,·\s\u3000\d:：/.\-_A-Za-z]+|原标题|打印|收藏|关闭|字号|字体|大|中|小|分享|我要|评论|查看|更多|返回|纠错|投稿|声明|举报|摄影|视频|图片|推荐|手机|首页"
)
_QUESTION: Final = re.compile(r"[\s\u3000]*记者[\s\u3000]*[：:]")
_LEFT_MOST: Final = 14  # characters of other words in a line of credits
_TAIL: Final = re.compile(
    r"[\s\u3000]*(?P<open>[（(【\[〔<])(?P<inner>[^（(【\[〔<>〕\]】)）。！？]{2,70})[）)】\]〕>][\s\u3000]*$"
)


def read_credit(text: str, *, labelled: bool = False) -> BylineParse:
    """A whole line of credits; nothing is found in a line that also says something else.

    With ``labelled`` (amid a body or outside it) ``记者：`` does not count: it is the label of the
    questions in an interview.
    """
    if not text or len(text) > _LONGEST or not _HINT.search(text) or _SENTENCE.search(text):
        return NOTHING
    if _LABEL.search(text):
        facts, left = read_labels(text)
        facts.pop("pub", None)
        if facts and len(_BESIDE.sub("", left)) <= _LEFT_MOST:
            if labelled and _QUESTION.match(text):
                return NOTHING
            parse = BylineParse(raw=text.strip(), end=len(text), found=True, strip=True, **facts)
            footer = parse_byline(text, "footer")
            return parse if parse.editors or not footer.editors else replace(footer, **facts)
        footer = parse_byline(text, "footer")
        if footer.found:
            return footer
    return NOTHING if _QUESTION.match(text) else read_line(text)


def read_credit_behind(text: str) -> BylineParse:
    """Credits in the bracket that closes a text: ``start`` is where the bracket begins."""
    found = _TAIL.search(text, max(0, len(text) - 80))
    if not found or not _LABEL.search(found["inner"]):
        return NOTHING
    facts, left = read_labels(found["inner"])
    facts.pop("pub", None)
    if not facts or len(_BESIDE.sub("", left)) > _LEFT_MOST:
        return NOTHING
    return BylineParse(
        raw=found[0].strip(), start=found.start(), end=len(text), found=True, strip=True, **facts
    )
