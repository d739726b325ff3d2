"""150 pairs of stories with their gold: the sample stories edited as papers edit, and pairs that only look alike."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from opencc import OpenCC

from jianbao.index.story import Paragraph, Story
from tests.search.samples import sample_stories

TWICE = {
    "f4f8c59543e5",
    "ff9ffc72b31e",
    "ea88af03e83a",
    "06ad108feec7",
    "670acae96fab",
    "d39b6f724f29",
}
"""Sample stories that are reprints of one another: their pairs have no place here."""

LEADS = (
    "入冬以来，本报记者走进基层一线，看党组织怎样把难事办成，请看来自当地的报道。",
    "“事情办得好不好，群众心里有杆秤。”这句话，记者一路上听到好几回。",
    "编者按：一个支部就是一座堡垒。今天本栏目介绍一个办法不多、效果不小的例子。",
)
WORDS = {
    "村民": "乡亲",
    "去年": "上年",
    "今年": "本年",
    "如今": "现在",
    "办法": "法子",
    "记者": "笔者",
    "县里": "县上",
    "一共": "总共",
    "已经": "已",
    "老人": "老年人",
    "收入": "进账",
    "介绍": "说",
    "截至目前": "到现在",
    "每天": "天天",
    "党员们": "党员",
    "商量": "合计",
    "原来": "从前",
    "只有": "仅有",
    "第一": "头一",
    "一名": "一位",
    "两个": "两",
    "晚上": "夜里",
    "还是": "仍是",
    "没有": "没",
    "，还": "，又",
}
FOOTER = (
    "本网转载内容仅供党员学习交流，版权归原作者所有，如有疑问请与编辑部联系，投稿信箱见首页底部。"
)
FORMULA = (
    "为深入学习贯彻党的创新理论，全面落实新时代党的建设总要求，推动基层党组织全面进步全面过硬，"
)
ADDRESS = "https://www.example.org/zhihuidangjian/app/download?channel=community-service-2026"
RETOLD = (
    (
        0,
        "沁源县棉上村今年的土豆不愁卖了。六个村的支部联手办起合作社，盖窖的钱一家出一份，存到年关再发货，"
        "一斤能多卖几毛。理事长由各村书记轮换担任，规矩先从党员身上立起，次品一筐也不许混进去。年底分红之后，"
        "村里还给上了岁数的人家备下取暖的炭。",
    ),
    (
        1,
        "没有物业的老院子怎么管？沁源县胜利社区一处九十年代的家属院给出的答案是坐下来谈。每逢周三夜里，住户围着石桌"
        "议事，先修好了冻坏的下水管，又定下车位和菜地的规矩。公共花销由一位做过会计的住户记账，人人都能查看。",
    ),
    (
        2,
        "搬下山的人怎样在城里过日子？沁源县一处安置小区的支部给每家建了两份记录，一份写家里的情况，一份写外面的用工。"
        "楼下的缝纫车间让带孩子的妇女有了工资，节日里几个村的人凑在一起做饭，邻里慢慢熟了起来。",
    ),
    (
        3,
        "企业打分，机关改作风。沁源县把低分意见交给各机关支部认领，税务干部到集市上手把手教摊主开票，市场监管几路检查"
        "并成一路。三个月后仍由原来的单位再评，绝大多数给了好评，剩下的几户也有人登门去问。",
    ),
    (
        4,
        "油松林里的输电线，靠一群穿工装的党员守着。国网沁源公司把山里的线路分段包干，队长走的那段最难，来回大半天。"
        "前不久的一个深夜，值班人员从画面里看出接头过热，抢在天亮前换好，村里人第二天才晓得。",
    ),
    (
        5,
        "冷空气又要来了。沁源县气象部门提醒，周末风大天干，山口阵风强，夜里会冻，进山切莫带火。大棚要盖严，菜要早入窖。"
        "菜市场里买冬菜的人多了，价钱只涨了一点，供热和供水单位都排了班。",
    ),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stories of the corpus, and whether they carry the same copy."""

    kind: str
    one: str
    other: str
    same: bool


def corpus() -> tuple[list[Story], list[Pair]]:
    """All stories, and the pairs with their gold; the same every time."""
    dice = random.Random(150)  # noqa: S311 - the same pairs in every run
    bases = [story for story, _ in sample_stories() if story.id not in TWICE]
    stories = list(bases)
    pairs: list[Pair] = []
    edits = (
        [(_cut, "cut")] * 20
        + [(_excerpt, "excerpt")] * 15
        + [(_reordered, "reordered")] * 15
        + [(_new_lead, "new lead")] * 15
        + [(_subedited, "sub-edited")] * 15
        + [(_traditional, "traditional")] * 10
    )
    for number, (edit, kind) in enumerate(edits):
        base = bases[number % len(bases)]
        body = edit([p.text for p in base.paragraphs], dice)
        stories.append(_another(base, f"{kind}-{number}", body, number))
        pairs.append(Pair(kind, base.id, stories[-1].id, same=True))
    for kind, others in (
        ("same theme or county", _neighbours(bases, dice)),
        ("same event, told anew", _retold(bases)),
        ("shared boilerplate", _with(bases[10:30], FOOTER, "portal", at_end=True)),
        ("shared formula", _with(bases[30:50], FORMULA, "", at_end=False)),
        ("shared address", _with(bases[5:25], ADDRESS, "", at_end=True)),
    ):
        known = {story.id for story in stories}
        for one, other in others:
            stories += [story for story in (one, other) if story.id not in known]
            pairs.append(Pair(kind, one.id, other.id, same=False))
    return stories, pairs


def _another(base: Story, name: str, body: list[str], number: int) -> Story:
    assert base.published
    return replace(
        base,
        id=name,
        headline=base.headline if number % 3 else base.headline[::-1],
        paragraphs=tuple(map(Paragraph, body)),
        source="另一家报纸",
        source_id=f"paper{number % 7}",
        published=base.published + timedelta(days=number % 5),
    )


def _cut(body: list[str], dice: random.Random) -> list[str]:
    return body[: max(2, round(len(body) * dice.uniform(0.4, 0.8)))]


def _excerpt(body: list[str], dice: random.Random) -> list[str]:
    return [max(body, key=len)]


def _reordered(body: list[str], dice: random.Random) -> list[str]:
    rest = body[:-1]
    dice.shuffle(rest)
    return rest


def _new_lead(body: list[str], dice: random.Random) -> list[str]:
    return [dice.choice(LEADS), *body[1:]]


def _subedited(body: list[str], dice: random.Random) -> list[str]:
    text = "\n".join(body)
    for old, new in WORDS.items():
        text = text.replace(old, new)
    clauses = re.split(r"(?<=[，。])", text)
    kept = [clause for at, clause in enumerate(clauses) if at % 9 != 5]
    return ("本报讯 " + "".join(kept)).split("\n")


def _traditional(body: list[str], dice: random.Random) -> list[str]:
    return OpenCC("s2t").convert("\n".join(body)).split("\n")


def _neighbours(bases: list[Story], dice: random.Random) -> list[tuple[Story, Story]]:
    about = {story.id: annotation for story, annotation in sample_stories()}
    found = [
        (one, other)
        for at, one in enumerate(bases)
        for other in bases[at + 1 :]
        if set(about[one.id].counties) & set(about[other.id].counties)
        or about[one.id].themes[:1] == about[other.id].themes[:1]
    ]
    return dice.sample(found, 24)


def _retold(bases: list[Story]) -> list[tuple[Story, Story]]:
    return [
        (bases[at], replace(bases[at], id=f"retold-{at}", paragraphs=(Paragraph(text),)))
        for at, text in RETOLD
    ]


def _with(
    bases: list[Story], words: str, source_id: str, *, at_end: bool
) -> list[tuple[Story, Story]]:
    """Briefs of a sentence or two, each pair with the same words before or after it."""
    briefs: list[Story] = []
    for base in bases:
        brief = re.split(r"(?<=。)", base.paragraphs[-1].text)[0]
        text = (brief, words) if at_end else (words + brief,)
        briefs.append(
            Story(
                f"{words[:4]}-{base.id}",
                base.headline,
                tuple(map(Paragraph, text)),
                source_id=source_id,
                published=date(2026, 11, 20),
            )
        )
    return list(zip(briefs[::2], briefs[1::2], strict=True))
