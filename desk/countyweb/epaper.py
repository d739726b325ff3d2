"""Shape 3: a city paper's digital edition of the current "pc" generation.

``/pc/layout/202611/04/node_01.html`` lists one page's stories, ``/pc/con/…`` carries them; ``/pad/``
and ``/mobile/`` hold the same stories again. No issue on Sundays; the index sends the reader to the
newest issue by a meta refresh. Each issue also carries a credit line and an advert as "stories".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .dataset import SampleStory
from .shape import Answers, Shape, html, numbered, page, picture, printed_blocks, robots, until

HOST = "epaper.lishi-sample.example"
PAPER = "离石晚报样刊"
_SHEETS = {"1": "要闻", "2": "基层", "3": "党建", "4": "综合"}
_TREES = ("pc", "pad", "mobile")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A story as its page lists it."""

    number: int
    headline: str


def build(stories: Sequence[SampleStory], upto: date | None) -> Shape:
    """Every page of the edition as it stands on ``upto``."""
    numbers = numbered(stories, 53290)
    days: dict[date, list[SampleStory]] = {}
    for story in until(stories, upto):
        days.setdefault(story.published, []).append(story)
    answers: Answers = {"/robots.txt": robots("/vip/")}
    for issue, (day, todays) in enumerate(days.items()):
        answers.update(_issue(day, todays, numbers, 90000 + issue * 10))
    newest = max(days, default=date(2026, 11, 2))
    refresh = html(
        page("epaper-index.html", target=f"layout/{newest:%Y%m/%d}/node_01.html", paper=PAPER)
    )
    answers["/pc/index.html"] = answers["/pc/"] = refresh
    places = {
        one.slug: f"/pc/con/{day:%Y%m/%d}/content_{numbers[one.slug]}.html"
        for day, todays in days.items()
        for one in todays
    }
    return Shape(answers, places)


def _issue(
    day: date, stories: Sequence[SampleStory], numbers: Mapping[str, int], extra: int
) -> Answers:
    """One day's pages and stories, with the two that are none: the credits and an advert."""
    answers: Answers = {}
    sheets: dict[str, list[_Entry]] = {sheet: [] for sheet in _SHEETS}
    for story in stories:
        sheet = story.page if story.page in sheets else "4"
        sheets[sheet].append(_Entry(numbers[story.slug], story.headline))
        answers.update(_story_pages(story, day, sheet, numbers[story.slug], tuple(sheets[sheet])))
    credit, advert = _Entry(extra, "责任编辑 温若谷 版式 成海楼"), _Entry(extra + 1, "广告")
    sheets["1"].append(credit)
    sheets["4"].append(advert)
    for entry, text in (
        (credit, "责任编辑 温若谷　版式 成海楼　校对 高粟"),
        (advert, "北川河家具城搬迁清仓，全场八折，电话面洽。"),
    ):
        answers.update(_filler_pages(entry, text, day))
    # Behind the paper's robots.txt: a crawler that comes here has not kept to it.
    vip = "本栏目只供订户阅读，网站不允许程序采集这些内容。" * 6
    answers[f"/vip/pc/con/{day:%Y%m/%d}/content_95000.html"] = html(
        page("epaper-filler.html", paper=PAPER, day=day, headline="往年合订本", text=vip)
    )
    for sheet, entries in sheets.items():
        text = page(
            "epaper-sheet.html",
            paper=PAPER,
            day=day,
            sheet=sheet,
            sheets=_SHEETS,
            entries=entries,
            folder=f"{day:%Y%m/%d}",
            closed=f"/vip/pc/con/{day:%Y%m/%d}/content_95000.html" if sheet == "4" else "",
        )
        answers[f"/pc/layout/{day:%Y%m/%d}/node_{int(sheet):02d}.html"] = html(text)
    answers[f"/pc/layout/{day:%Y%m/%d}/page.png"] = picture(day.isoformat())
    return answers


def _story_pages(
    story: SampleStory, day: date, sheet: str, number: int, entries: Sequence[_Entry]
) -> Answers:
    pictures = [
        f"../../../../res/{day:%Y%m/%d}/{number}_{n}.png" for n in range(len(story.captions))
    ]
    text = page(
        "epaper-story.html",
        paper=PAPER,
        story=story,
        day=day,
        sheet=f"{int(sheet):02d}",
        sheet_name=_SHEETS[sheet],
        blocks=printed_blocks(story, pictures),
        comments=number % 2 == 0,
        share=number % 3 > 0,
        others=[one for one in entries if one.number != number][:3] if number % 5 < 3 else [],
    )
    answers = {f"/{tree}/con/{day:%Y%m/%d}/content_{number}.html": html(text) for tree in _TREES}
    answers.update({address.removeprefix("../../../.."): picture(address) for address in pictures})
    return answers


def _filler_pages(entry: _Entry, text: str, day: date) -> Answers:
    filler = html(
        page("epaper-filler.html", paper=PAPER, day=day, headline=entry.headline, text=text)
    )
    return {f"/{tree}/con/{day:%Y%m/%d}/content_{entry.number}.html": filler for tree in _TREES}
