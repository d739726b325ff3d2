"""Makes newspaper page dumps with known stories, out of the project's own stories.

What it does to a page was read off real dumps: columns cut paragraphs anywhere, also inside of
words; pictures leave captions and empty lines, also inside of a cut; a headline block stands at the
end of the page or above another story; bylines come in every form; subheads have no mark.
Whatever a careful person could not decide either is not made: a cut just behind a full stop, or two
prints of one story on one page.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any


@dataclass
class Out:
    """One printed line, before lines are numbered."""

    text: str
    gap: int | None = None
    number: int = 0


@dataclass
class GoldStory:
    """What page repair should find. ``body`` holds (lines, subhead) in order."""

    kicker: str = ""
    headline: str = ""
    deck: str = ""
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    body: list[tuple[list[Out], bool]] = field(default_factory=list)
    texts: list[tuple[str, bool]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    displaced: bool = False


@dataclass
class GoldPage:
    """A made page: its text and its stories in the order of their bodies."""

    seed: int
    text: str
    stories: list[GoldStory]
    counts: dict[str, int]


@cache
def own_stories() -> tuple[dict[str, Any], ...]:
    """The project's own stories, each copy once: reprints share paragraphs."""
    folder = files("jianbao.desk.countyweb").joinpath("stories")
    seen: set[str] = set()
    kept: list[dict[str, Any]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".toml"):
            continue
        for story in tomllib.loads(entry.read_text(encoding="utf-8"))["story"]:
            marks = {p[i : i + 12] for p in story["paragraphs"] for i in range(0, len(p) - 12, 5)}
            runs = {p[i : i + 12] for p in story["paragraphs"] for i in range(len(p) - 11)}
            if seen & runs:
                continue
            seen |= marks
            kept.append(story)
    return tuple(kept)


# --- a byline in one of the printed forms -----------------------------------------------------

BOXES = ("□ ", "□", "■ ", "■", "◇ ", "◎ ", "● ")


def _padded(name: str, rng: random.Random) -> str:
    return f"{name[0]} {name[1]}" if len(name) == 2 and rng.random() < 0.5 else name


def _names(names: Sequence[str], rng: random.Random) -> str:
    between = rng.choice((" ", " ", "、")) if all(len(n) > 2 for n in names) else " "
    return between.join(_padded(name, rng) if between == " " else name for name in names)


@dataclass
class _Signing:
    line: str = ""
    lead: str = ""
    tail: str = ""
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)


def sign(story: dict[str, Any], rng: random.Random) -> _Signing:
    """The story's own people in a form of the press; the roles follow the form."""
    people = [*story["reporters"], *story["correspondents"], *story["authors"]]
    unit = story["organisations"][0] if story["organisations"] else ""
    if not people and not unit:
        return _Signing()
    if not people:
        return _Signing(tail=f"（{unit}）", people={"organisations": (unit,)})
    style = rng.choices(("box", "lead", "tail", "none"), (3, 3, 5, 0.2))[0]
    if style == "none":
        return _Signing()
    reporters, others = people[:1], people[1:]
    roles = {"reporters": tuple(reporters), "correspondents": tuple(others)}
    words = f"记者 {_names(reporters, rng)}" + (f" 通讯员 {_names(others, rng)}" if others else "")
    if style == "box":
        return _box(people, words, roles, rng)
    if style == "lead":
        kind = rng.choice(("本报讯", "本报讯", "本报讯", f"本报{story['headline'][:0]}讯"))
        a, b = rng.choice(("（）", "()", "（）"))
        return _Signing(lead=f"{kind}{a}{words}{b}", people=roles)
    return _tail(people, unit, words, roles, rng)


def _box(
    people: list[str], words: str, roles: dict[str, tuple[str, ...]], rng: random.Random
) -> _Signing:
    form = rng.random()
    if form < 0.75:
        return _Signing(line=f"{rng.choice(BOXES)}本报{words}", people=roles)
    if form < 0.87:
        return _Signing(
            line=f"{rng.choice(BOXES)}{_names(people, rng)}", people={"authors": tuple(people)}
        )
    text = rng.choice((f"文/图 {people[0]}", f"{people[0]} 文/图", f"本报记者 {people[0]} 文/图"))
    if "记者" in text:
        return _Signing(line=text, people={"reporters": (people[0],)})
    return _Signing(line=text, people={"authors": (people[0],), "photographers": (people[0],)})


def _tail(
    people: list[str], unit: str, words: str, roles: dict[str, tuple[str, ...]], rng: random.Random
) -> _Signing:
    form = rng.random()
    named = tuple(people)
    a, b = rng.choice(("（）", "（）", "()"))
    if unit and form < 0.5:
        return _Signing(
            tail=f"{a}{unit} {_names(people, rng)}{b}",
            people={"organisations": (unit,), "authors": named},
        )
    if form < 0.3:
        return _Signing(tail=f"{a}{words}{b}", people=roles)
    if form < 0.45:
        name = people[0]
        return _Signing(
            tail=f"{a}{name}文/图{b}", people={"authors": (name,), "photographers": (name,)}
        )
    return _Signing(tail=f"{a}{_names(people, rng)}{b}", people={"authors": named})


# --- one story as printed ---------------------------------------------------------------------


@dataclass
class _Printed:
    gold: GoldStory
    heads: list[Out] = field(default_factory=list)
    above: list[Out] = field(default_factory=list)
    body: list[Out] = field(default_factory=list)
    cuts: int = 0
    across: int = 0
    captions: int = 0
    subheads: int = 0


def _cut_spots(text: str) -> list[int]:
    """Where a column may cut: not next to a stop, a colon or a semicolon, and not near the ends."""
    bad = "。！？；：!?;:…"
    spots = range(6, len(text) - 6)
    return [
        i
        for i in spots
        if text[i - 1] not in bad
        and not (text[i - 1] in "”’」』）)》" and text[i - 2] in bad)
        and text[i] not in "”’」』）)》，。、；：！？,;:!?.%％"
        and not (
            text[i - 1].isascii()
            and text[i].isascii()
            and text[i - 1].isalnum()
            and text[i].isalnum()
        )
        and " " not in text[i - 1 : i + 1]
    ]


def _cut(text: str, rng: random.Random) -> list[str]:
    spots = _cut_spots(text)
    if not spots:
        return [text]
    count = 2 if len(text) > 90 and rng.random() < 0.1 else 1
    chosen = sorted(rng.sample(spots, min(count, len(spots))))
    if len(chosen) == 2 and chosen[1] - chosen[0] < 8:
        chosen = chosen[:1]
    bounds = [0, *chosen, len(text)]
    return [text[a:b] for a, b in pairwise(bounds)]


def _caption_lines(
    caption: str, credit: str, rng: random.Random, *, keep_stop: bool
) -> tuple[list[Out], tuple[str, str]]:
    """A caption in one of its printed forms, and the (caption, credit) that should be found.

    A noun phrase without stop and credit (清晨的货车司机休息室) above a headline could be a kicker as
    well: there the full stop stays (``keep_stop``), unless the words say that somebody does something.
    """
    action = re.search("正在|在|帮|为|查看|观看", caption)
    if keep_stop and not action and caption:
        caption = caption.rstrip("。") + "。"
    elif rng.random() < 0.35:
        caption = caption.rstrip("。")
    elif caption and not caption.endswith("。") and rng.random() < 0.5:
        caption += "。"
    if not caption:
        return [Out(credit)], ("", credit)
    if not credit:
        return [Out(caption)], (caption, "")
    form = rng.random()
    if form < 0.4:
        return [Out(f"{caption}{rng.choice((' ', '　'))}{credit}")], (caption, credit)
    if form < 0.6 and "资料" not in credit:
        return [Out(f"{caption}（{credit}）")], (caption, f"（{credit}）")
    return [Out(caption), Out(credit)], (caption, credit)


def _head_lines(story: dict[str, Any], gold: GoldStory, rng: random.Random) -> list[Out]:
    headline = story["headline"]
    place, rest = re.match(r"^([^：“]{2,14}：)?(.*)$", headline).groups()  # type: ignore[union-attr]
    lines: list[str] = []
    if place and rng.random() < 0.3:
        lines = [place, rest]
        gold.headline = headline
    else:
        space = " " if place and rng.random() < 0.4 else ""
        gold.headline = f"{place or ''}{space}{rest}"
        lines = [gold.headline]
    kickers = [story["kicker"]] if story["kicker"] else []
    lines = [*kickers, *lines]
    if story["place_line"]:
        below = rng.random() < 0.6
        lines = [*lines, story["place_line"]] if below else [story["place_line"], *lines]
        kickers = [*kickers, story["place_line"]] if below else [story["place_line"], *kickers]
    gold.kicker = " ".join(kickers)
    if story["deck"]:
        gold.deck = story["deck"]
        lines.append(rng.choice(("——", "——", "—")) + story["deck"])
    return [Out(line) for line in lines]


def _print_story(story: dict[str, Any], rng: random.Random, *, displaced: bool) -> _Printed:
    gold = GoldStory()
    printed = _Printed(gold, heads=_head_lines(story, gold, rng))
    signing = sign(story, rng)
    gold.people = {role: names for role, names in signing.people.items() if names}
    if signing.line:
        printed.body.append(Out(signing.line))
    last = len(story["paragraphs"]) - 1
    slots: list[int] = []
    cut_slots: list[int] = []
    for number, raw in enumerate(story["paragraphs"]):
        subhead = raw.startswith("## ")
        text = raw.removeprefix("## ").strip()
        gold.texts.append((text, subhead))
        printed.subheads += subhead
        pieces = [text] if subhead or rng.random() > 0.17 else _cut(text, rng)
        lines = [Out(piece) for piece in pieces]
        gold.body.append((lines, subhead))
        if number == 0 and signing.lead:
            lines[0].text = signing.lead + lines[0].text
        own_line = number == last and signing.tail and rng.random() < 0.4
        if number == last and signing.tail and not own_line:
            lines[-1].text += signing.tail
        for at, line in enumerate(lines):
            if at:
                cut_slots.append(len(printed.body))
                printed.cuts += 1
            elif printed.body and not subhead and not (number and gold.body[number - 1][1]):
                slots.append(len(printed.body))
            printed.body.append(line)
        if own_line:
            printed.body.append(Out(signing.tail))
    _drop_captions(story, printed, slots, cut_slots, rng, displaced=displaced)
    return printed


def _drop_captions(
    story: dict[str, Any],
    printed: _Printed,
    slots: list[int],
    cut_slots: list[int],
    rng: random.Random,
    *,
    displaced: bool,
) -> None:
    """Pictures above the headline, below it, between paragraphs, and inside of cuts.

    A bare 资料图片 above a text without a headline could be either neighbour's: not made.
    """
    wanted = [(c["text"], c["credit"]) for c in story["captions"] if rng.random() < 0.8]
    if not wanted and rng.random() < 0.3:
        wanted = [("", "资料图片")]
    drops: list[tuple[int, list[Out], tuple[str, str]]] = []
    for caption, credit in wanted:
        form = rng.random()
        in_head = 0.4 <= form < 0.75 or not slots
        lines, found = _caption_lines(caption, credit, rng, keep_stop=in_head and not credit)
        lines[0].gap = rng.choice((1, 1, 3, 3))
        printed.captions += 1
        if cut_slots and form < 0.4:
            drops.append((rng.choice(cut_slots), lines, found))
            printed.across += 1
        elif form < 0.55 and caption:
            printed.above += lines
            printed.gold.pictures.append(found)
        elif (form < 0.75 and (caption or not displaced)) or not slots:
            at = 1 if printed.body[0].text[0] in "□■◇◎●" and rng.random() < 0.5 else 0
            drops.append((at, lines, found))
        else:
            drops.append((rng.choice(slots), lines, found))
    used: set[int] = set()
    for at, lines, found in sorted(drops, key=lambda drop: drop[0], reverse=True):
        if at in used:
            printed.captions -= 1
            printed.across -= at in cut_slots
            continue
        used.add(at)
        printed.body[at:at] = lines
        printed.gold.pictures.append(found)


# --- the page ---------------------------------------------------------------------------------

_ASCII = str.maketrans("，：？！（）；", ",:?!();")
_TOPS = ("第3版 基层党建", "2026年11月12日 星期四", "要闻", "A04版")
_ENDS = (
    "责任编辑：{a} 版式：{b}",
    "本版责编：{a} 校对：{b}",
    "责编 {a}  电子信箱：page@example.org",
    "编辑：{a}",
)


def make_page(seed: int) -> GoldPage:
    """The page of this seed: the same text for the same stories, always."""
    rng = random.Random(seed)  # noqa: S311 - reproducible test data
    pool = own_stories()
    weights = [
        4.0 if any(p.startswith("## ") for p in story["paragraphs"]) else 1.0 for story in pool
    ]
    count = rng.choice((2, 3, 3, 4, 4, 5))
    picked: list[int] = []
    while len(picked) < count:
        index = rng.choices(range(len(pool)), weights)[0]
        if index not in picked:
            picked.append(index)
    moved = rng.randrange(count) if rng.random() < 0.55 else -1
    stories = [
        _print_story(pool[index], rng, displaced=n == moved) for n, index in enumerate(picked)
    ]
    order: list[Out] = []
    target = -1
    if moved >= 0:
        stories[moved].gold.displaced = True
        others = [i for i in range(count) if i not in (moved, moved - 1)]
        target = rng.choice(others) if others and rng.random() < 0.4 else count - 1
    for number, printed in enumerate(stories):
        order += printed.above
        if number != moved:
            order += printed.heads
        order += printed.body
        if number == target:
            order += stories[moved].heads
    if rng.random() < 0.2:
        order.insert(0, Out(rng.choice(_TOPS)))
    if rng.random() < 0.25:
        a, b = rng.sample([story["editor"] for story in pool if story["editor"]], 2)
        order.append(Out(rng.choice(_ENDS).format(a=a, b=b)))
    ascii_marks = rng.random() < 0.4
    text = _typeset(order, rng, ascii_marks=ascii_marks)
    golds = [printed.gold for printed in stories]
    if ascii_marks:
        _to_ascii(golds)
    counts = {
        "lines": len(order),
        "stories": count,
        "cuts": sum(p.cuts for p in stories),
        "across": sum(p.across for p in stories),
        "captions": sum(p.captions for p in stories),
        "subheads": sum(p.subheads for p in stories),
        "displaced": int(moved >= 0),
    }
    return GoldPage(seed, text, golds, counts)


def _typeset(order: list[Out], rng: random.Random, *, ascii_marks: bool) -> str:
    dense = rng.random() < 0.15
    indent = "　　" if rng.random() < 0.2 else ""
    printed: list[str] = [""] * rng.choice((0, 0, 2, 3))
    for line in order:
        if ascii_marks:
            line.text = line.text.translate(_ASCII)
        if printed and printed[-1]:
            gap = 0 if dense else 1
            if line.gap and not dense:
                gap = line.gap
            printed += [""] * gap
        line.number = len(printed) + 1
        printed.append((indent if len(line.text) > 45 else "") + line.text)
    return "\n".join(printed) + rng.choice(("", "\n"))


def _to_ascii(golds: list[GoldStory]) -> None:
    for gold in golds:
        gold.kicker = gold.kicker.translate(_ASCII)
        gold.headline = gold.headline.translate(_ASCII)
        gold.deck = gold.deck.translate(_ASCII)
        gold.texts = [(text.translate(_ASCII), subhead) for text, subhead in gold.texts]
        gold.pictures = [(a.translate(_ASCII), b.translate(_ASCII)) for a, b in gold.pictures]
