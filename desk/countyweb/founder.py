"""Shape 5: a city paper's e-paper of the classic Founder generation, in GBK.

Page numbers in addresses are ids, not 1 to n; pictures have a map of the page; kicker, deck, author
and page stand in a comment at the end. No issue on Sundays; the index is a meta refresh; each issue
carries its credits and an advert as "stories". The author's field in the comment is empty at times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from . import mess
from .dataset import SampleStory
from .shape import Answer, Answers, Shape, numbered, page, picture, printed_blocks, robots, until

HOST: Final = "epaper.yuncheng-sample.example"
PAPER: Final = "运城晨报样刊"
# The id of a page, its number and name.
_NODES: Final = ((2, "1", "要闻"), (7, "2", "县域"), (11, "3", "党建周刊"), (13, "4", "综合"))
_TAGS_FROM: Final = date(2026, 11, 11)  # the system's update writes founder-* elements as well
_STAFF: Final = "本版责任编辑：温若谷　版式：成海楼　校对：高粟"


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    headline: str


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the edition as it stands on ``upto``."""
    numbers = numbered(stories, 31870)
    days: dict[date, list[SampleStory]] = {}
    for story in until(stories, upto):
        days.setdefault(story.published, []).append(story)
    answers: Answers = {"/robots.txt": robots("/dy/")}
    for issue, (day, todays) in enumerate(days.items()):
        answers.update(_issue(day, todays, numbers, 60000 + issue * 10))
    newest = max(days, default=date(2026, 11, 2))
    refresh = (
        f'<html><head><meta http-equiv="refresh" content="0; URL=html/{newest:%Y-%m/%d}/node_2.htm">'
        f"<title>{PAPER}</title></head><body>样例网站，内容均为虚构</body></html>"
    )
    answers["/index.htm"] = answers["/"] = _gbk(refresh)
    places = {
        one.slug: f"/html/{day:%Y-%m/%d}/content_{numbers[one.slug]}.htm"
        for day, todays in days.items()
        for one in todays
    }
    return Shape(answers, places)


def _issue(
    day: date, stories: Sequence[SampleStory], numbers: Mapping[str, int], extra: int
) -> Answers:
    answers: Answers = {}
    folder = f"/html/{day:%Y-%m/%d}"
    sheets: dict[str, list[_Entry]] = {number: [] for _, number, _ in _NODES}
    placed: dict[str, list[SampleStory]] = {number: [] for _, number, _ in _NODES}
    for story in stories:
        sheet = story.page if story.page in sheets else "4"
        sheets[sheet].append(_Entry(numbers[story.slug], story.headline))
        placed[sheet].append(story)
    sheets["1"].append(_Entry(extra, "本版责编 温若谷"))
    sheets["4"].append(_Entry(extra + 1, "广告"))
    closed = f"/dy/html/{day:%Y-%m/%d}/content_69000.htm"
    for sheet, number, headline, text in (
        ("1", extra, "本版责编 温若谷", _STAFF),
        ("4", extra + 1, "广告", "盐湖边温泉冬季套票开售，团体另有优惠，电话预约。"),
        ("4", 69000, "订阅用户专区", "本区内容只供订户阅读。" * 9),
    ):
        base = closed if number == 69000 else f"{folder}/content_{number}.htm"
        answers[base] = _gbk(
            page(
                "founder-filler.html",
                paper=PAPER,
                headline=headline,
                text=text,
                number=number,
                day=day,
                sheet=sheet,
            )
        )
    for at, (node, number, name) in enumerate(_NODES):
        values: dict[str, Any] = {
            "paper": PAPER,
            "day": day,
            "sheet": number,
            "sheet_name": name,
            "entries": sheets[number],
            "node": node,
        }
        answers[f"{folder}/node_{node}.htm"] = _gbk(
            page(
                "founder-node.html",
                **values,
                number=node,
                nodes=[(one, f"{int(n):02d}", title) for one, n, title in _NODES],
                earlier=f"node_{_NODES[max(0, at - 1)][0]}.htm",
                later=f"node_{_NODES[min(3, at + 1)][0]}.htm",
                closed=closed if number == "4" else "",
            )
        )
        for story in placed[number]:
            answers.update(_story_pages(story, folder, numbers[story.slug], values))
    return answers


def _story_pages(
    story: SampleStory, folder: str, number: int, values: Mapping[str, Any]
) -> Answers:
    pictures = [f"../../../res/1/{number}_{n}.jpg" for n in range(len(story.captions))]
    entries: Sequence[_Entry] = values["entries"]
    at = next(n for n, entry in enumerate(entries) if entry.number == number)
    text = page(
        "founder-story.html",
        **values,
        story=story,
        number=number,
        author=story.byline_printed if story.byline_style == "none" else "",
        tags=story.published >= _TAGS_FROM,
        pictures=list(zip(pictures, story.captions, strict=True)),
        blocks=[block for block in printed_blocks(story, pictures) if block[0] != "picture"],
        staff=f"责任编辑：{story.editor}" if story.editor else "",
        earlier=entries[at - 1].number,
        later=entries[(at + 1) % len(entries)].number,
        chance=mess.number_of(story.slug),
    )
    answers = {f"{folder}/content_{number}.htm": _gbk(text)}
    answers.update({one.removeprefix("../../.."): picture(one) for one in pictures})
    return answers


def _gbk(text: str) -> Answer:
    return Answer(text.encode("gb18030"), "text/html")
