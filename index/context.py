"""How a place name is used in its sentence: subject, or only mentioned.

A biography, a product's origin, a list, a venue or a neighbour does not make a county the subject of
a story. The patterns are read on folded text (half-width punctuation).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .places import Hit

Use = tuple[float, str]
"""Factor on the weight, and the rule's name. Zero means: mentioned. Below zero: not this place at all."""

SUBJECT: Use = (1.0, "")

_ROLE = r"(?:任职?|工作|担任|当过?|服役|挂职|读书|读过|教书|打工|务工|经商|插队|做生意|做买卖|闯荡)"
_BIOGRAPHY_BEFORE = re.compile(
    r"(?:出生[于在]|生[于在长]|祖籍|籍贯|原籍|(?<!回)(?<!回到)(?<!返回)(?:老家|家乡)|故乡|故里|娘家|婆家|妻子|丈夫|爱人|父母|嫁自"
    r"|毕业于|就读于|曾任|曾担任|历任|原任|此前任)(?:是|为|在|就在|来自|:)?[^,。;:!?\n的在]{0,7}$"
)
_BIOGRAPHY_AFTER = re.compile(
    r"(?:人(?=[,。;、)(”\s]|$|氏)|籍(?!党员)|老乡|[县市区]?(?:出生|出世|长大)|[县市区]?(?:才|就)?是[^,。;]{0,4}(?:老家|家乡|故乡|娘家))"
)
_CONTRAST_BEFORE = re.compile(
    r"(?:不是|并非|没有|当成|当作|错当|误当|误作|误认为|混为|有别于|错到|错成)$"
)
_COMPANY_OF_AFTER = re.compile(
    r"[县市区]?(?:的?(?:一家|一|某家|某))(?:[^,。;:!?\n]{0,4})(?:公司|企业|厂)(?:到|赴|来|在)"
)
_LEFT_BEFORE = re.compile(r"(?:从|由|自)[^,。;:!?\n]{0,7}$")
_LEFT_AFTER = re.compile(
    r"[县市区]?[^,。;:!?\n]{0,8}(?:嫁|调[到任来]|转业|退伍|退休|考[到入]|毕业|学成)"
)
_ROUTE_BEFORE = re.compile(
    r"(?:途经|途径|经停|开往|驶往|直达|沿线经过|起于|止于)[^,。;:!?\n]{0,9}$"
)
_LINE_BEFORE = re.compile(r"(?<![来走赶送])[至到][^,。;:!?\n]{0,6}$")
_LINE_AFTER = re.compile(
    r"(?:之间)?的?[^,。;:!?\n]{0,6}(?:班线|专线|线路|班车|班次|公交|大巴|客车|列车|国道|省道|高速)"
)
_INSPECTED_BEFORE = re.compile(r"(?:到|赴|在|深入|前往|先后|走进)[^,。;:!?\n]{0,4}$")
_INSPECTED_AFTER = re.compile(
    r"[^,。;:!?\n]{0,2}(?:视察|督查|督导|检查|调研|走访|考察|暗访|巡查|抽查|观摩)"
    r"|的[^,。;:!?\n]{0,8}(?:开展|走访|看望|慰问)"
)
_COME_FROM_LIST = re.compile(r"来自[^,。;:!?\n]{0,14}$")
_LIST_GOES_ON = re.compile(r"[县市区]?(?:、|和)")
_FORMER_BEFORE = re.compile(
    r"(?:曾经?|先后|此前|早年|年轻时|当年|退休前|退役前|原)(?:在|于|到|从)[^,。;:!?\n]{0,7}$"
)
_FORMER_AFTER = re.compile(rf"[^,。;:!?\n]{{0,12}}{_ROLE}")
_AWAY_BEFORE = re.compile(r"(?:到|在|去|赴|从|往)[^,。;:!?\n]{0,5}$")
_AWAY_AFTER = re.compile(
    r"(?:市|县|区|城)?(?:的[^,。;]{0,6})?(?:打工|务工|经商|做生意|做买卖|做[^,。;]{0,6}(?:商品|生意|买卖|工)|试工|进货|开店|求学|读书|上学|买回|买来|运回|拉回|请来|引回)"
)
_SOLD_BEFORE = re.compile(
    r"(?:销往|卖到|卖给|运到|运往|发往|远销|送往|引自|购自|买自|来自)[^,。;:!?\n]{0,8}$"
)
_GUEST_AFTER = re.compile(
    r"[^,。;:!?\n]{0,4}(?:的)(?:客商|客人|游客|老板|商人|企业家|网友|老师傅|经销商|收购商|买家|顾客)"
)
_DATELINE_AFTER = re.compile(r"(?:\d{1,2}月\d{1,2}日)?[讯电](?=[\s(,:]|$)|\d{1,2}月\d{1,2}日电")
_NEIGHBOUR_BEFORE = re.compile(
    r"(?:毗邻|紧邻|邻近|接壤|[东南西北][接临邻连靠]|相邻的?|隔壁的?|邻县|邻近的)[^,。;:!?\n]{0,4}$"
)
_NEIGHBOUR_AFTER = re.compile(
    r"(?![与和同跟])[^,。;:!?\n把将]{0,6}(?:接壤|毗邻|交界|(?<![个些座])相邻(?!的?[两几多二三四五六七八九十\d]+个)|隔河|隔黄河|为邻|搭界|两界)"
)
_NAME_PART_AFTER = re.compile(
    r"(?:日报|晚报|晨报|时报|路(?![上径线])|大街|街(?!道)|大道|巷|高速|铁路(?!局|集团)|机场|火车站|高铁|[东西南北]站|站(?![稳在出上])"
    r"|湾|港|岛|滩|峡谷|盆地|平原|高原|运河|林场|酒店|宾馆|饭店|大学|学院|师范|矿业|煤业|煤电|煤矿|煤焦|焦煤|焦化|钢铁|集团|股份|控股|化工|发电|电厂"
    r"|水泥|药业|酒业|醋业|乳业|水库|村|社区|小区|庄|沟|桥|河|山|寺|庙|湖|广场|公园|小学|大厦|苑|花园|家园|石窟|古城|将军|宫|塔"
    r"|话|方言|口音|风味|特产|小吃|菜馆|面馆|梆子|秧歌|道情|皮影|会战|战役|起义|大捷)"
)
_STREET_AFTER = re.compile(r"(?:路(?![上径线])|大街|街(?!道)|巷|大酒店|宾馆|饭店)")
_PRODUCT_AFTER = re.compile(
    r"(?:老?陈醋|醋|[白老]?酒|红?枣|小米|核桃|苹果|[酥香]?梨|葡萄|黄花|牛肉|羊肉|驴肉|豆腐|剪纸|漆器|推光|砂器|陶|党参"
    r"|黄芪|连翘|蜂蜜|香菇|木耳|花椒|大葱|辣椒|土豆|莜面|苦?荞|刀削面|[月油干]?饼|麻花|山药|药材|柿|西瓜|莲藕|香椿)"
)
_VENUE_BEFORE = re.compile(
    r"(?:赴|前往|奔赴|赶赴|来到|走进|参观|瞻仰|走访|到|在|去|走到)[^,。;:!?\n]{0,9}$"
)
_VENUE_AFTER = re.compile(
    r"[^。;!?\n]{0,24}?(?:纪念馆|旧址|革命|烈士|陵园|故居|红色|教育基地|展览馆|博物馆|纪念碑|战场|遗址|展馆"
    r"|记忆馆|陈列馆|干部学院|党性|初心|警示教育|研学|现场教学)"
)
_SITS_AFTER = re.compile(r"[^,。;:!?\n]{0,8}(?:召开|举行|举办|开幕|闭幕|开班|结业|收官)")
_STUDY_AFTER = re.compile(r"[^。;!?\n]{0,16}?(?:考察|学习|观摩|取经|参观|培训|研修)")
_AID = re.compile(
    r"志愿|结对|帮扶|支教|支援|援建|援助|对口|慰问|义诊|捐|送医|送教|帮助|帮[村农群]|抢修|抢险|驻村|派驻"
)
_JOINT = re.compile(
    r"联盟|联建|共建|互派|互换|结对|签[订署约下]|携手|联合|[两三四]县|[两三四]地|协作|交流任职|毗邻党组织"
)
_POSTED_BEFORE = re.compile(
    r"(?:赴|到|来到|前往|在|去|援|支援|援助|帮扶|对口支援|对口帮扶|结对帮扶|驻|走进)[^,。;:!?\n]{0,9}$"
)
_POSTED_AFTER = re.compile(
    r"[^。;!?\n]{0,14}?(?:支教|支援|援建|援疆|援藏|挂职|帮扶|对口|驻村|结对)"
)
_PARTNER_BEFORE = re.compile(r"(?:与|和|同|跟|携手|联合|对口)$")
_LIST_GAP = re.compile(
    r"(?:[\u4e00-\u9fff]{1,3}(?:镇|乡|街道|村))?[县市区的]?(?:[、,]|和|与|及|以及|还有|,以及)"
    r"|的[\u4e00-\u9fff]{1,4}、"
)
_TOWN_AFTER = re.compile(r"[\u4e00-\u9fff]{1,4}?(?:镇|乡|街道|村)")
_LIST_END = re.compile(r"[县市区]?等")
SENTENCE_END = "。!?;\n"
SENTENCE = 200
"""Characters looked at on either side: no sentence of a newspaper is longer."""


def sentence_start(text: str, at: int) -> int:
    """Where the sentence around an offset begins."""
    low = max(at - SENTENCE, 0)
    return max(low, *(text.rfind(mark, low, at) + 1 for mark in SENTENCE_END))


def sentence_of(text: str, at: int) -> str:
    """The sentence around an offset."""
    high = at + SENTENCE
    ends = [end for mark in SENTENCE_END if (end := text.find(mark, at, high)) >= 0]
    return text[sentence_start(text, at) : min(ends, default=high)]


def list_runs(text: str, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """Runs ``(first, last)`` of hits that stand in one list: A、B和C. Single hits are no run."""
    runs: list[tuple[int, int]] = []
    first = 0
    for at in range(1, len(hits) + 1):
        gap = text[hits[at - 1].end : hits[at].start] if at < len(hits) else "。"
        if not (_LIST_GAP.fullmatch(gap) or gap == ""):
            if at - 1 > first:
                runs.append((first, at - 1))
            first = at
    return runs


def _holds(area: str, code: str) -> bool:
    """A province or city, by its code, that the other unit lies in."""
    head = area[:2] if area.endswith("0000") else area[:4]
    return area != code and area.endswith("00") and code.startswith(head)


def listed(
    text: str, hits: Sequence[Hit], codes: Sequence[str], *, above: bool = False
) -> dict[int, str]:
    """Indexes of hits that are only enumerated, with the rule.

    ``codes`` is the unit each hit stands for. Three or more units in one list, or two with 等, are a
    list, unless up to four of them join in something (互派, 联盟, 结对). So are two that a city or a
    province (``above``) inspects.
    """
    found: dict[int, str] = {}
    for first, last in list_runs(text, hits):
        units = {codes[at] for at in range(first, last + 1) if codes[at]}
        # 河南灵宝 is one place of the list, not two.
        units = {unit for unit in units if not any(_holds(unit, one) for one in units)}
        open_end = _LIST_END.match(text, hits[last].end) is not None
        start, end = hits[first].start, hits[last].end
        inspected = above and _INSPECTED_BEFORE.search(text[max(start - 8, 0) : start])
        open_end = open_end or bool(inspected and _INSPECTED_AFTER.match(text, end))
        if len(units) < 2 or (len(units) == 2 and not open_end):
            continue
        if len(units) <= 4 and not open_end and _JOINT.search(sentence_of(text, hits[first].start)):
            continue
        members = (at for at in range(first, last + 1) if not codes[at] or codes[at] in units)
        found.update(dict.fromkeys(members, "enumeration"))
    return found


def paired_hits(text: str, hits: Sequence[Hit], codes: Sequence[str]) -> set[int]:
    """Indexes of hits that stand in one list with another county (甲县和乙县)."""
    found: set[int] = set()
    for first, last in list_runs(text, hits):
        members = range(first, last + 1)
        if len({codes[at] for at in members if codes[at] and not codes[at].endswith("00")}) > 1:
            found.update(members)
    return found


def bare_neighbour(text: str, before: Hit, hit: Hit) -> bool:
    """甲县某镇与乙县隔河相望: the county without a township of its own is only beside the other."""
    town = before.sense == "town" or _TOWN_AFTER.match(text, before.end) is not None
    return town and hit.sense != "town" and _TOWN_AFTER.match(text, hit.end) is None


def joins(text: str, hit: Hit, start: int) -> str:
    """The rule by which a second county is a party to the event: posted aid, or a partner; or empty."""
    before = text[max(start - 16, 0) : start]
    if _POSTED_BEFORE.search(before) and _POSTED_AFTER.match(text, hit.end):
        return "aid"
    if _PARTNER_BEFORE.search(before) and _JOINT.search(sentence_of(text, hit.start)):
        return "partner"
    return ""


def visited(text: str, start: int) -> bool:
    """Somebody goes there: 赴, 走进, 来到 stands before the name."""
    return _VENUE_BEFORE.search(text[max(start - 16, 0) : start]) is not None


def is_meeting_place(text: str, start: int, hit: Hit) -> bool:
    """在某县召开: where a meeting sits, or a class is held."""
    return text[max(start - 1, 0) : start] == "在" and _SITS_AFTER.match(text, hit.end) is not None


def is_dateline(text: str, hit: Hit) -> bool:
    """新华社太原3月2日电: where the report was filed."""
    return _DATELINE_AFTER.match(text, hit.end) is not None


def use_of(text: str, hit: Hit, *, short: bool, start: int) -> Use:
    """How one hit is used. ``start`` is where its containment chain begins (省、市 before it)."""
    left = max(start - 24, 0)
    before, after = text[left:start], hit.end
    if (_NAME_PART_AFTER if short else _STREET_AFTER).match(text, after):
        return -1.0, "name-part"
    if short and _PRODUCT_AFTER.match(text, after):
        return 0.0, "product"
    if _BIOGRAPHY_BEFORE.search(before) or _BIOGRAPHY_AFTER.match(text, after):
        return 0.0, "biography"
    listing = "、" in before or _LIST_GOES_ON.match(text, after) is not None
    if listing and _COME_FROM_LIST.search(before):
        return 0.0, "biography"
    if _FORMER_BEFORE.search(before) and _FORMER_AFTER.match(text, after):
        return 0.0, "biography"
    if _COMPANY_OF_AFTER.match(text, after):
        return 0.0, "elsewhere"
    if _CONTRAST_BEFORE.search(before):
        return 0.0, "contrast"
    if _LEFT_BEFORE.search(before) and _LEFT_AFTER.match(text, after):
        return 0.0, "biography"
    if _ROUTE_BEFORE.search(before) or (
        _LINE_BEFORE.search(before) and _LINE_AFTER.match(text, after)
    ):
        return 0.0, "route"
    if _AWAY_BEFORE.search(before) and _AWAY_AFTER.match(text, after):
        return 0.0, "elsewhere"
    if _SOLD_BEFORE.search(before) and (
        not before.rstrip().endswith("来自") or _GUEST_AFTER.match(text, after)
    ):
        return 0.0, "product"
    if _NEIGHBOUR_BEFORE.search(before) or _NEIGHBOUR_AFTER.match(text, after):
        return 0.0, "neighbour"
    if _VENUE_BEFORE.search(before) and not _AID.search(sentence_of(text, hit.start)):
        if _VENUE_AFTER.match(text, after):
            return 0.0, "venue"
        if _STUDY_AFTER.match(text, after):
            return 0.5, "study-visit"
    return SUBJECT
