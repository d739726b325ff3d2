"""What stands around and inside the stories of real county pages, in words of our own.

Navigation, share bars, rankings, related stories, the site's disclaimer, calls to scan a code, the
next and the previous story, comments, adverts, hidden text. Every page gets its share of it by its
own number, so the same stories give the same pages.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .dataset import SampleStory


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another page; ``day`` stands beside it and ``summary`` below it, where they are printed."""

    title: str
    href: str
    day: str = ""
    summary: str = ""


_HEADLINES: Final = (
    "我市召开冬季供暖保障工作调度会",
    "全县中小学冬季长跑活动启动",
    "一图读懂：城乡居民医保缴费怎么办",
    "汾河两岸候鸟归来 观鸟请守这几条",
    "乡村大舞台连演三天 戏迷场场坐满",
    "县图书馆延长周末开放时间",
    "关于调整部分公交线路的公告",
    "秋粮收购价格信息（11月中旬）",
    "非遗剪纸走进敬老院",
    "本周蔬菜价格稳中有降",
    "冬季用气安全，这些细节别忘了",
    "县域快递进村服务站新增十二处",
    "大学生返乡办起石头画工坊",
    "道路抢修完工 两处弯道恢复通行",
    "企业用工招聘信息（第四十五期）",
    "图集｜雪后的梯田",
    "视频｜凌晨四点的蔬菜批发市场",
    "12345热线月报：噪声类诉求下降",
    "老城区雨污分流工程进入收尾阶段",
    "小杂粮有了自己的检测站",
    "太原至各县班车冬季时刻表",
    "广场舞让一让 晚自习的孩子谢谢您",
    "社保卡换发进社区 老人不用再排队",
    "林草部门发布森林高火险提示",
    "第三届乡村厨艺赛报名开始",
    "十条便民措施本月起实施",
    "矿区植被恢复监测报告公布",
    "全民健身中心试运营公告",
)

DISCLAIMERS: Final = (
    "声明：本网转载其他媒体的稿件，目的在于传递更多信息，不代表本网赞同其观点，也不对其真实性负责；作品内容、版权等问题请在三十日内与本网联系。",
    "凡本网注明来源的作品，版权均属本网所有，未经授权不得转载、摘编或以其他方式使用；已经授权的，应在授权范围内使用并注明出处。",
    "特别提示：以上信息如有与正式文件不一致之处，以正式文件为准。如需纠错，请拨打值班电话。",
)

COMMENTS: Final = (
    ("汾水人家", "办得好，希望别的村也学一学。"),
    ("山里的风", "路过看看，家乡变化真大。"),
    ("一碗油泼面", "能不能也管管我们院里的下水道？"),
)

ADVERTS: Final = (
    "城北驾校冬季班开始报名，学车送体检，详询前台。",
    "老陈醋专卖，厂家直发，满三坛包邮到家。",
    "出租临街商铺两间，水电齐全，价格面议。",
)


def number_of(text: str) -> int:
    """A number that follows from a text: which pieces of furniture a page has."""
    return zlib.crc32(text.encode())


def other_news(seed: str, count: int, href: str) -> list[Link]:
    """Links to pages that are none of our business; ``href`` has a ``{}`` for their number."""
    start = number_of(seed)
    step = 1 + start % 5
    return [
        Link(
            _HEADLINES[(start + n * step) % len(_HEADLINES)],
            href.format(1000 + (start + n) % 900),
            f"2026-{1 + (start + n * 3) % 10:02d}-{1 + (start + n * 7) % 28:02d}",
        )
        for n in range(count)
    ]


def related(
    story: SampleStory,
    stories: Sequence[SampleStory],
    address: Callable[[SampleStory], str],
    count: int = 3,
) -> list[Link]:
    """The stories that the site ran before this one, newest first."""
    at = next((n for n, one in enumerate(stories) if one.slug == story.slug), 0)
    before = [one for one in stories[max(0, at - count) : at] if one.headline != story.headline]
    return [
        Link(
            one.headline,
            address(one),
            one.published.isoformat(),
            f"{one.paragraphs[0].text[:46]}……",
        )
        for one in before[::-1]
    ]
