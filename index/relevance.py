"""Is a story Party-building news 党建稿件, and why.

It is when a Party organisation, or people acting as members, do something in it. A formula
(在县委、县政府的领导下), a speaker's title (村党支部书记某某说) or a word that only contains 党 (党参,
民主党派的支部) is no action.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from .annotation import Evidence, Field
from .normalise import Folded

LEAST = 1.0
"""One Party organisation, or members, acting."""
LEAST_OTHER_NEWS = 4.5
"""The same, when the headline is plainly about weather, traffic, production, a government meeting …"""
DESCRIBED = 0.4
"""A person's title or membership (村党支部书记某某说, 老党员): two of them are not yet an actor."""
LEAST_SHARE = 0.05
"""Share of sentences with such a mention, below which a long report only brushes the Party."""
LEAST_SOFT_NEWS = 1.5
"""The same for works, trade, blossom and shows: more than a single mention is enough."""
LEAST_LIFE_NEWS = 2.5
"""The same, when the headline names something of daily life (heating, finds, sport, prices): such words
also stand in stories that are relevant, so a little more than a passing mention is enough."""
_TITLES = frozenset({"支书", "村支书"})
"""A secretary's bare title. Where a headline is about trade, a show or daily life and nothing else in the
story is of the Party, its bearer sells or plays like anybody: as much is asked as of other news."""
AS_MEMBER = 1.5
"""Reporting to one's residents' community is done by members only, and as members."""
_AS_MEMBER = frozenset({"在职党员", "报到党员", "双报到"})
HEADLINE = 3.0
MOST_SHOWN = 5

_NEUTRAL = re.compile(
    r"在[^,。;]{0,14}(?:党委|县委|市委|区委|省委|党中央)[^,。;]{0,14}领导下"
    r"|[县市区省]委[、和][县市区省]政府|[县市区省]委(?:副?书记|常委)|党委、政府"
    r"|党参|党家[庄村坡]?|党留庄|国民党"
    r"|(?:民革|民盟|民建|民进|农工党?|致公党?|九三学社|台盟|民主党派)[^,。;]{0,12}(?:支部|总支|支社|委员会|成员|社员|党员)?"
    r"|人大常委会党组|政协党组|团[^,。;]{0,4}[县市区省]委|[县市区省]委统战部"
    r"|[县市区省]委(?:宣传部|网信办|政法委)[^,。;]{0,20}(?:主办|承办|协办|举办|指导)"
    r"|(?:在|来到|走进|到)[^,。;]{0,10}党群服务(?:中心|站)"
)
_SPEAKER = re.compile(
    r"(?:党支部|党总支|党委|支部|组织部|党组)(?:副?书记|委员|副?部长)[^,。;:“]{0,10}(?:说|介绍|告诉|表示|讲|坦言|感慨|算了|提醒|指出|强调|称|呼吁|透露|建议|感叹|笑道|看着|指着)"
    r"|党员(?:民警|交警|辅警|医生|教师|专家|律师)?[^,。;:“]{0,3}(?:提醒|提示|介绍)"
    r"|老党员|是一?[名个位](?:老|退休|预备|农民)?党员"
)
_ACTOR = re.compile(
    r"在职党员|报到党员|双报到|党支部|党总支|党委|党工委|党组织|党组(?!织)|党员|党小组|组织部(?![分署队])|社会工作部|第一书记|驻村工作队|主题党日"
    r"|党日|党课|党建|党群|党校|党徽|党旗|党费|入了?党|党性|党史|支部|纪委|纪检|巡察|巡视(?:组|巡察|整改|反馈|工作)|支委|从严治党|村两委|两委"
    r"|老干部局|人才办|人才工作领导小组|党纪|任前公示|审查调查|警示教育|基层减负|清廉|八项规定|干部[^,。;]{0,4}培训|年轻干部|驻村干部|村?支书|(?<!团)[县市区]委(?!、)"
)
_OTHER_NEWS = re.compile(
    r"气温|降温|降雨|降雪|天气|预警|航班|航线|列车|时刻|客运|公交|施工|养护|断道|(?<!直)通车|吊装|并网|开工|竣工"
    r"|投产|封顶|签约仪式|联赛|比赛|赛事|决赛|夺冠|运动会|马拉松|演出|展演|汇演|话剧|大赛|晚会|歌手|开幕|艺术节|文化节|旅游|景区|游客|开门迎客"
    r"|归仓|丰收|开镰|播种|上市|价格|招聘会|火灾|事故|破获|嫌疑|诈骗|判决|常务会议|(?:县|市|(?<![社小城])区)长(?![子治寿安春江丰沙宁泰兴清葛岛洲白汀武阳垣岭海乐顺坡虹])|防火|防汛|人大|政协"
    r"|工会|共青团|团县委|团市委|妇联|民革|民盟|民建|民进|九三学社|农工党|致公党|非遗|秧歌|剪纸"
)


_LIFE_NEWS = re.compile(
    r"供暖|供热|停电|停水|遗址|考古|出土|古墓|文物|壁画|招工|足球|篮球|乒乓|广场舞|太极拳|书画|摄影|灯会|社火|庙会|油价|菜价|上架|超市"
    r"|采摘节|丰收节|亩产|秋色|花海|开园|候鸟|褐马鸡|地震|流感|疫苗|高考|中考|票房|新品种|通航|试运行|产能|销量|客流"
)
_SOFT_NEWS = re.compile(
    r"过半|贯通|合龙|通关|首票|扩建|投运|投用|试运行|上新|热卖|抢手|俏销|畅销|走俏|展销|博览会|订货会|文博会|广交会"
    r"|音乐节|演唱会|灯光秀|电影|戏曲|诵读|夜游|露营|滑雪|冰雪|花开|盛开|花期|赏花|观鸟|丰产|增产|销往|直播[带卖销]|走红"
    r"|新车|航展|车展|快速路|光伏电站|风电场|出行提示|票价|消费券|年货|打折|网红"
)


@dataclass(frozen=True, slots=True)
class Relevance:
    """The decision, its reason as a Chinese sentence, and the words it rests on."""

    relevant: bool
    reason: str
    evidence: tuple[Evidence, ...]


def judge(fields: Sequence[tuple[Field, str, Folded]]) -> Relevance:
    """Judges a story given as (field, raw text, folded text)."""
    total, sentences, acting = 0.0, 0, 0
    evidence: list[Evidence] = []
    against: list[Evidence] = []
    for name, raw, folded in fields:
        text = folded.text
        taken = [m.span() for m in _NEUTRAL.finditer(text)]
        speakers = [m.span() for m in _SPEAKER.finditer(text)]
        found = [m for m in _ACTOR.finditer(text) if not _inside(m.start(), taken)]
        for match in found:
            described = _inside(match.start(), speakers)
            weight = DESCRIBED if described else 1.0 if name == "body" else HEADLINE
            if weight == 1.0 and match.group() in _AS_MEMBER:
                weight = AS_MEMBER
            total += weight
            evidence.append(_words(name, raw, folded, match, "yes", "party-actor", weight))
        if name == "body":
            sentences, acting = _sentences(text, [m.start() for m in found])
        else:
            other = list(_OTHER_NEWS.finditer(text))
            against += [_words(name, raw, folded, m, "no", "other-news", -1.0) for m in other]
    share = acting / sentences if sentences else 1.0
    life, soft = (_in_heads(fields, pattern) for pattern in (_LIFE_NEWS, _SOFT_NEWS))
    bare = all(one.words in _TITLES for one in evidence)
    least = (
        LEAST_OTHER_NEWS
        if against or (bare and life + soft)
        else LEAST_LIFE_NEWS
        if life
        else LEAST_SOFT_NEWS
        if soft
        else LEAST
    )
    against += life + soft
    relevant = total >= least and (share >= LEAST_SHARE or total >= 2 * LEAST_OTHER_NEWS)
    shown = sorted(evidence, key=lambda e: (-e.weight, e.field == "body"))[:MOST_SHOWN]
    reason = _reason(relevant, [e.words for e in shown], len(evidence), [e.words for e in against])
    return Relevance(relevant, reason, (*shown, *against[:2]))


def _in_heads(
    fields: Sequence[tuple[Field, str, Folded]], pattern: re.Pattern[str]
) -> list[Evidence]:
    """Words of other news in headline, kicker and deck."""
    return [
        _words(name, raw, folded, match, "no", "other-news", -0.5)
        for name, raw, folded in fields
        if name != "body"
        for match in pattern.finditer(folded.text)
    ]


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    near = bisect_right(spans, (at, sys.maxsize)) - 1
    return near >= 0 and spans[near][0] <= at < spans[near][1]


def _sentences(text: str, places: Sequence[int]) -> tuple[int, int]:
    """Sentences, and those among them that hold one of the places."""
    ends = [m.end() for m in re.finditer(r"[。!?;\n]+", text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    acting, at = 0, 0
    for start, end in zip([0, *ends], ends, strict=False):
        before = at
        while at < len(places) and places[at] < end:
            at += 1
        acting += at > before and end > start
    return len(ends), acting


def _reason(relevant: bool, words: Sequence[str], count: int, other: Sequence[str]) -> str:
    quoted = "".join(f"“{word}”" for word in dict.fromkeys(words))
    if relevant:
        return f"党组织或党员是文中的行动主体：{quoted}等，共{count}处。"
    if not count:
        return "文中没有党组织或党员的活动，属一般地方新闻。"
    subject = f"，标题写的是“{other[0]}”" if other else ""
    return f"文中只是顺带提到{quoted}（{count}处）{subject}，党组织或党员不是行动主体。"


def _words(
    name: Field,
    raw: str,
    folded: Folded,
    match: re.Match[str],
    value: str,
    rule: str,
    weight: float,
) -> Evidence:
    start, end = folded.span(match.start(), match.end())
    return Evidence("relevance", value, name, start, end, raw[start:end], rule, weight)
