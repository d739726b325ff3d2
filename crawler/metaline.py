"""The meta line 信息栏 of a web page: ``发布时间：… 来源：… 作者：… 编辑：… 字体：大 中 小``, with labels or without.

Labels come in any order, often with nothing behind them; without labels the line is a time, a medium
and perhaps a name. A person's name is never taken for the source, nor a share button for either.
"""

from __future__ import annotations

import re
from typing import Any, Final

from .byline_names import HAN, is_name
from .byline_roles import people_in

_LABELS: Final = (
    (
        "pub",
        "发布(?:时间|日期)?|发表(?:时间|日期)?|更新时间|成文日期|发稿时间|上传时间|添加时间|录入时间|编辑日期|加入时间|时间|日期",
    ),
    (
        "source",
        "(?:信息|文章|新闻|稿件|资料|消息|内容|原文|本文|作品)来源(?!于)|来源于?|稿源|出处|供稿单位|来自|转自|转载自|摘自",
    ),
    ("editors", "(?:本文|网络|本网)?(?:责任编辑|责编|编辑)"),
    ("authors", "文章作者|作者|撰稿人?|采写|撰文|编译"),
    ("reporters", "(?:本报|本网)?记者"),
    ("correspondents", "通讯员"),
    ("photographers", "摄影"),
    (
        "",
        "浏览(?:次数|量|数)?|点击(?:次数|量|数|率)?|阅读(?:次数|量|数)?|访问(?:量|次数)|查看|人气|字体(?:大小)?|字号|打印(?:本页)?|关闭|分享到?|审核|初审|复审|校对|监制|终审|录入|发布人|收藏|评论|所属分类|分类|栏目|关键词|标签|信息类别|索引号|主题分类|文号|手机看新闻|视力保护色|保护视力色|背景色|选择字号|大小",
    ),
)
_LABEL = re.compile("|".join(f"(?P<l{n}>{words})" for n, (_, words) in enumerate(_LABELS)))
_MARK = re.compile(rf"[\s\u3000]*(?:[：:丨｜/／]|[|︱](?=[{HAN}]))[\s\u3000]*")
# 来源CSDN, 来源 新华网, 本文来源于某报: some templates print the label without a mark.
_BARE_LABEL = re.compile(
    r"(?:^|(?<=[\s\u3000|｜】\]]))(?:来源|本文来源于)[\s\u3000]*(?=[^\s\u3000：:丨｜])"
)
_BARE_AUTHOR = re.compile(rf"(?<=[|｜\s\u3000])作者(?P<who>[{HAN}]{{2,3}})(?=[|｜\s\u3000]|$)")
_BRACKETED = re.compile(rf"[\[【][\s\u3000]*(?P<who>[{HAN}]{{2,4}})[\s\u3000]*[\]】]")
# What a page prints behind the last name of its editors.
_AFTER_EDITORS = re.compile(
    r"标签|关键[词字]|返回|查看|更多|我要|举报|分享|来源|【|】|\[|\]|[）)]|[\s\u3000]{3,}|[|｜](?![\u3400-\u9fff]{2,4}$)"
)
_WORDS_LABEL = re.compile(r"(?:关键词|标签|栏目|分类)[\s\u3000]*[：:丨｜/／][\s\u3000]*$")
_NICKNAME = re.compile(rf"[{HAN}]{{2,6}}")
_CITY = re.compile(rf"[（(][{HAN}]{{2,4}}[)）]?$")
_MOMENT = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?[-/年.]\s?(\d{1,2})\s?[-/月.]\s?(\d{1,2})(?!\d)日?"
    r"(?:[\s\u3000T|]*(?:星期.)?[\s\u3000T]*(\d{1,2})[:：时](\d{2})(?:[:：分]\d{2})?(?:\.\d)?(?![\d])分?秒?)?"
)
_MEDIA: Final = re.compile(
    r"(?:网|报|社|台|刊|新闻|中心|在线|传媒|融媒体?|发布|频道|客户端|广播|杂志|通讯|热线|日报|晚报|晨报|时报|都市报|部|局|委|办|政府|公司|协会|电视|之声|党建|先锋|快讯|资讯|财经|科技|体育|娱乐|观察|周刊|论坛|博客|号|站|家|镇|乡|县|市|区|街道|法院|检察院|学校|大学|学院|医院|党校)(?:[（(][^（()）]{1,8}[)）])?$"
)
_NOISE: Final = re.compile(
    r"^(?:[\d\s.,，:：/\-+()（）条人次个|｜%]*|.*(?:评论|分享|微信|微博|QQ|空间|朋友圈|好友|收藏|打印|字号|字体|繁体|简体|举报|订阅|关注|关闭|正文|首页|推荐|复制|邮箱|二维码|扫描|手机|参与|阅读|浏览|点击|查看|下载|人气|大中小|缩小|放大|视频|语音|朗读|[Aa][-+]|收听|播放|纠错|我要|我有|说两句|投稿|点赞|转发|更多|字体大小|登录|注册|专题|网友|留言|保存|专区|热度|星期[一二三四五六日天]?|北京时间|格林尼治|更新|今日|昨天|上午|下午|来源|日期|时间|发布时间|作者|编辑|责编).*|大|中|小|A\+?-?|T|\W+|[A-Za-z.]{1,6}|(?:https?://)?(?:www\.)?[\w-]+\.(?:com|cn|net|org|gov).*)$"
)
_NOBODY: Final = frozenset(
    [
        "佚名",
        "未知",
        "网络",
        "综合",
        "本站",
        "管理员",
        "匿名",
        "小编",
        "原创",
        "转载",
        "不详",
        "网络整理",
        "网友",
        "编辑",
        "记者",
        "责任编辑",
        "本报",
        "本网",
        "编辑部",
        "党政办",
        "办公室",
        "宣传科",
        "整合",
        "整理",
        "报道",
        "采写",
        "编译",
        "供稿",
        "撰稿",
        "摄影",
        "见习",
        "实习",
        "综合报道",
        "佚",
        "名",
        "系统管理员",
        "超级管理员",
        "系统",
        "通稿",
    ]
)
_TAIL: Final = re.compile(
    r"(?:举报|评论|分享|订阅|关注|收藏|微博|暂无.*|[（(]\d.*|\[[^\]]*\]?|我要.*|我有话.*|我来说.*|[.。·,，;；:：]+)+$"
)
NO_SOURCE: Final = frozenset(
    [
        *("分享", "评论", "正文", "字号", "阅读", "浏览", "不详", "未知", "admin", "作者", "编辑"),
        *(
            "转载",
            "转载文章",
            "网络",
            "互联网",
            "网友",
            "资料图",
            "资料图片",
            "综合",
            "原创",
            "未标注",
        ),
    ]
)
_DASH_INSIDE = re.compile(r"[\s\u3000]*([-—–·])[\s\u3000]*")


def read_metaline(text: str, *, bare: bool = True) -> dict[str, Any]:
    """The facts of a meta line: ``pub`` (ISO 8601), ``source``, and people by role.

    Lines of the text are read apart; with ``bare`` a medium without a label is looked for beside
    the time.
    """
    facts, rest = _read(text)
    if bare and not facts.get("source"):
        _unlabelled(rest, facts)
    if bare and facts.get("pub") and not facts.get("authors") and not facts.get("reporters"):
        near = [line for line in rest if _MOMENT.search(line)]
        found = (shape.search(line) for line in near for shape in (_BARE_AUTHOR, _BRACKETED))
        names = [one["who"] for one in found if one and is_name(one["who"])]
        facts["authors"] = tuple(name for name in names[:1] if name not in _NOBODY)
    return {name: value for name, value in facts.items() if value}


def read_labels(text: str) -> tuple[dict[str, Any], str]:
    """The labelled facts of a line, and what is left of the line without them."""
    facts, rest = _read(text)
    return {name: value for name, value in facts.items() if value}, " ".join(rest)


def _read(text: str) -> tuple[dict[str, Any], list[str]]:
    facts: dict[str, Any] = {}
    rest: list[str] = []
    for line in text.replace("<script>", " ").split("\n"):
        rest.append(_labelled(line, facts))
        if moment := _MOMENT.search(line):
            facts.setdefault("pub", _iso(moment))
    return facts, rest


def _iso(moment: re.Match[str]) -> str:
    year, month, day, hour, minute = moment.groups()
    text = f"{year}-{int(month):02}-{int(day):02}"
    return f"{text}T{int(hour):02}:{minute}" if hour and int(hour) < 24 else text


def _labelled(line: str, facts: dict[str, Any]) -> str:
    """Reads ``来源：X 作者： 编辑：Y`` into the facts; returns the line without it."""
    spots: list[tuple[int, int, str]] = []
    for match in _LABEL.finditer(line):
        mark = _MARK.match(line, match.end())
        # 只看该作者|倒序浏览: a button, not a label
        if mark and mark[0].strip() == "|" and line[: match.start()].strip()[-1:] not in ("", "|"):
            continue
        if mark and not (spots and match.start() < spots[-1][1]):
            spots.append((match.start(), mark.end(), _LABELS[int(str(match.lastgroup)[1:])][0]))
    if not any(name == "source" for _, _, name in spots) and (bare := _BARE_LABEL.search(line)):
        spots = sorted([*spots, (bare.start(), bare.end(), "source")])
    if not spots:
        return line
    ends = [*(spot[0] for spot in spots[1:]), len(line)]
    left = line[: spots[0][0]]
    for (_, after, name), end in zip(spots, ends, strict=True):
        value = line[after:end].strip(" \u3000\t|｜丨【】[]()（）,，;；")
        used = _take(name, value, facts)
        if name or not _WORDS_LABEL.search(line[:after]):
            left += "\u3000" + value.removeprefix(used)
    return left


def _take(name: str, value: str, facts: dict[str, Any]) -> str:
    """Puts one labelled value into the facts; returns how much of it was the value."""
    if name == "pub":
        moment = _MOMENT.search(value)
        if moment and not facts.get("pub"):
            facts["pub"] = _iso(moment)
        return ""
    if not value or not name or facts.get(name):
        return ""
    if name == "source":
        return _take_source(value, facts)
    role = {"authors": "作者", "reporters": "记者", "correspondents": "通讯员"}.get(name, "摄影")
    if name == "editors":
        words = _AFTER_EDITORS.split(value)[0]
        people = people_in(f"编辑：{words}")
        nickname = (
            people.rest[0] if len(people.rest) == 1 and not any(people.roles.values()) else ""
        )
        if _NICKNAME.fullmatch(nickname) and nickname not in _NOBODY:
            people.add("editors", [nickname])
    else:
        words = re.split(r"[\s\u3000]{3,}|[|｜】\]]", value)[0]
        words = re.sub(r"[_A-Za-z0-9]+", " ", words)
        people = people_in(f"{role}：{words}")
    for found, names in people.roles.items():
        kept = tuple(one for one in names if one not in _NOBODY)
        if kept and not facts.get(found):
            facts[found] = kept
    return words


def _take_source(value: str, facts: dict[str, Any]) -> str:
    """来源：某某网 张三: the medium, and behind it perhaps who wrote."""
    said = _DASH_INSIDE.sub(r"\1", value)
    said, *behind = re.split(r"[\s\u3000|｜]+|(?=(?:19|20)\d\d[-年/.])", said)
    said = _CITY.sub("", _TAIL.sub("", said.strip("：:·,，;；-—")))
    if said.startswith("《") and said.endswith("》"):
        said = said[1:-1]
    if said and said not in NO_SOURCE:
        facts["source"] = said
        if len(behind) == 1 and is_name(behind[0]) and not _MEDIA.search(behind[0]):
            facts.setdefault("authors", (behind[0],))
    return value.split()[0] if value.split() else ""


def _unlabelled(lines: list[str], facts: dict[str, Any]) -> None:
    """A medium, and perhaps a name, that stand beside the time without a label."""
    at = next((n for n, line in enumerate(lines) if _MOMENT.search(line)), None)
    if at is None:
        return
    moment = _MOMENT.search(lines[at])
    before, after = (lines[at][: moment.start()], lines[at][moment.end() :]) if moment else ("", "")
    near = [after, before, *(lines[n] for n in (at + 1, at - 1) if 0 <= n < len(lines))]
    names: list[str] = []
    for part in near:
        for token in _tokens(part):
            person, slash, medium = token.partition("/")
            if slash and is_name(person) and _MEDIA.search(medium):
                names.append(person)
                token = medium
            if is_name(token) and not (_MEDIA.search(token) and len(token) > 2):
                names.append(token)
            elif not facts.get("source") and _may_be_source(token, sure=part is after):
                facts["source"] = token
        if facts.get("source"):
            break
    if names and not facts.get("authors") and not facts.get("reporters"):
        facts["authors"] = tuple(dict.fromkeys(names))


def _tokens(part: str) -> list[str]:
    words = re.split(r"[\s\u3000|｜【】\[\]]+", _DASH_INSIDE.sub(r"\1", part))
    words = [_TAIL.sub("", word.strip("()（）:：,，;；·-—")) for word in words]
    return [word for word in words if word and not _NOISE.match(word) and word not in _NOBODY]


def _may_be_source(token: str, *, sure: bool) -> bool:
    """Right behind the time any word of the right shape is the source; elsewhere it has to say so."""
    if not re.fullmatch(rf"[{HAN}A-Za-z0-9·\-—（）()《》“”]{{2,24}}", token) or token.isdigit():
        return False
    return sure or _MEDIA.search(token) is not None
