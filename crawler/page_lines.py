"""The lines of a page dump, and what can be said of each by itself.

A line of a dump is a paragraph, a piece of one that a column cut off, a heading, a caption, a
byline, or page furniture. What a line cannot say alone is decided in ``page_labels``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from .byline import BylineParse, parse_byline, sign_offs
from .byline_names import HAN, is_organisation
from .page_headline import begins_with_place, is_place

Kind = Literal["text", "byline", "signature", "caption", "credit", "deck", "out"]

HEADING_CHARACTERS: Final = 42
"""No printed headline, subhead or caption line of the papers read was longer."""
_CLOSING: Final = "”’」』）)》】〉\"'"
_STOPS: Final = "。！？!?….：:；;"
_WIDE_SPACE: Final = re.compile(r"[ \u3000\u00a0\t]+")

_FURNITURE = re.compile(
    r"^(?:第?\s*[一二三四五六七八九十\d]{1,3}\s*版(?:[\s·:：][^，。]{0,12})?|[A-D]?\d{1,2}\s*版?|"
    r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[^，。]{0,40}|[-—=_*＊☆★·.…~～\s]{2,}|"
    r"(?:星期[一二三四五六日天]|农历|国内统一|邮发代号|国内统一刊号|总第|今日\d+版)[^。，]{0,40}|"
    r"(?:电子信箱|投稿邮箱|本版邮箱|新闻热线|本报地址|地址|邮编|读者热线|网址|广告热线|订阅热线|零售价|印刷|承印|主管|主办|出版)[：:\s][^。]{0,60}|"
    r"(?:要闻|综合新闻|党建|基层党建|时政|民生|本地新闻|专版|专题)(?:版|新闻)?)$"
)
_JUMP = re.compile(
    r"^[（(【]?(?:下转|紧接|接)第?[一二三四五六七八九十\d]{1,3}版[^。]{0,10}[）)】]?$"
)
_ADVERT = re.compile(
    r"^[【\[]?(?:广告|公益广告|遗失声明|注销公告|减资公告|清算公告|招租|招聘启事|转让|拍卖公告|声明|寻人启事)(?:[】\]:：\s]|$)"
    r"|声明作废|特此公告|特此声明|欢迎(?:来电)?(?:咨询|选购)|(?:招商|订购|咨询|预订|服务)热线[：:]"
    r"|(?:电话|联系电话|手机)[：:]\s*[\d－-]{7,}"
)
_PLACE_COLON = re.compile(rf"^[{HAN}A-Za-z0-9（）]{{2,24}}[:：]")
_CONTINUES = re.compile("^[，。、；：！？）》”’」』％%,.;:!?]")
_DANGLING: Final = (
    "的了在和与及或是对为从向以把被将等由于让使并也都就还又不没很更最每各这那其、，,（《“‘「『—"
)
_OPENERS = re.compile(
    r"^(?:近日|日前|近年来|今年|去年|目前|如今|下一步|截至|据|同时|此外|随后|其中|为了?|在|“|当|通过|针对|围绕|这|该|\d{1,2}月\d|\d{1,2}日|走进|一边|从|自)"
)
_PICTURE_WORDS: Final = re.compile(
    rf"正在|现场|合影|[{HAN}]{{2}}(?:观看|参观|查看)[{HAN}]{{2}}|在[^，。]{2, 16}(?:采摘|劳作|忙碌|领取|观看|测量|更换|分拣|检查|听课|学习|缝制|盛)"
    r"|(?:走|站|坐|忙|蹲|跪|爬|挤)在"
    rf"|[{HAN}]{{2}}[为给向帮替][^，。]{{0,6}}(?:老人|居民|村民|群众|孩子|游客|学生|骑手|司机|农户|社员)"
    r"|^(?:[^，。]{0,8})(?:志愿者|党员|村民|居民|群众|学生|孩子们|骑手|工人|干部|人员|讲解员|菜农|农户|社员|学员|员工|司机)(?:们)?"
    r"(?:在|帮|为|给|向|正|一同|逐|查看|观看|参观)"
)


_MEASURED: Final = re.compile(
    "[一二两几这那每](?:个|块|条|张|名|位|件|本|把|次|项|支|座|间|份|场|盏|台|辆|口|户|家|所|只)$"
)
"""一块 at the end of a line waits for its noun."""
_SIGNING_UNIT: Final = re.compile(
    f"^[□■◇◆◎●○]|^(?!.*[了给在把被着过])[{HAN}]{{2,16}}"
    "(?:中心|组织部|宣传部|统战部|委员会|党校|办公室|工委|县委|市委|区委|党委|报社|公司|党政办|局)(?:[\\s\u3000]|$)|记者|通讯员"
)
"""A unit alone on a line signs only when it is of the kind that does."""
_ADVERBS: Final = re.compile("[又也还都就才已正便却仍曾没]")
_INNER_START: Final = re.compile(
    "^(?:[了们着]|的(?!确)|和(?!平|谐|顺|美|睦)|与(?!会|此|众)|及(?!时|格)|等(?!到|了|一))"
)
_SHORT_CLAUSES: Final = frozenset(
    [
        "眼下",
        "年初",
        "年底",
        "入冬",
        "入秋",
        "入夏",
        "开春",
        "会上",
        "会后",
        "课后",
        "现在",
        "后来",
        "起初",
        "其次",
        "最后",
        "首先",
        "另外",
        "当天",
        "次日",
        "昨天",
        "今天",
        "上午",
        "下午",
        "晚上",
        "清晨",
        "傍晚",
        "是的",
        "对此",
        "不过",
        "可是",
        "但是",
        "因此",
        "所以",
        "于是",
        "接着",
        "那天",
        "一年来",
        "几年来",
        "半年后",
        "一年后",
        "这几年",
        "这些年",
        "采访中",
        "活动中",
        "早上",
        "中午",
        "深夜",
        "凌晨",
        "过去",
        "以前",
        "从前",
        "原来",
        "其实",
        "当时",
        "这时",
        "这天",
    ]
)
"""Short first clauses that do open paragraphs."""


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@dataclass
class Line:
    """One printed line. ``start`` and ``end`` bound its ink in the page's text; ``number`` is its
    line number there, ``gap`` the blank lines before it."""

    text: str
    start: int
    end: int
    number: int
    gap: int
    kind: Kind = "text"
    reason: str = ""
    lead: BylineParse | None = None
    tails: list[BylineParse] = field(default_factory=list)
    own: BylineParse | None = None

    @cached_property
    def length(self) -> int:
        """Printed characters, spaces apart."""
        return sum(not char.isspace() for char in self.text)

    @cached_property
    def body(self) -> str:
        """The text without lead and sign-off."""
        start = self.lead.end if self.lead else 0
        end = self.tails[0].start if self.tails else len(self.text)
        return self.text[start:end].strip()

    @cached_property
    def signed(self) -> bool:
        """Whether a sign-off that names somebody closes the line."""
        return any(
            tail.names_somebody() or tail.author_title or tail.author_affiliation
            for tail in self.tails
        )

    @cached_property
    def ended(self) -> bool:
        """Whether a mark of the paper (end, jump) or a name closes the line."""
        return bool(self.tails)

    @cached_property
    def closed(self) -> bool:
        """Whether the paragraph's text is finished: it ends with a stop, a colon or a semicolon."""
        words = self.body.rstrip(_CLOSING)
        if not words:
            return True
        return words[-1] in _STOPS

    @cached_property
    def short(self) -> bool:
        """Could be a heading, a caption, or a small piece of a paragraph."""
        return self.length <= HEADING_CHARACTERS and "。" not in self.body[:-1]

    @cached_property
    def halves(self) -> int:
        """Into how many parts spaces cut the line; two is the shape of Chinese headings."""
        return len(_WIDE_SPACE.split(self.text.strip()))

    @cached_property
    def is_place(self) -> bool:
        return is_place(self.text)

    @cached_property
    def place_colon(self) -> bool:
        """``X：…``: somebody or some place, and what of it."""
        return bool(_PLACE_COLON.match(self.text))

    @cached_property
    def place_first(self) -> bool:
        return begins_with_place(self.text)

    @cached_property
    def continues(self) -> bool:
        """Begins with a mark that cannot begin a line."""
        return bool(_CONTINUES.match(self.text))

    @cached_property
    def opens(self) -> bool:
        """Begins as paragraphs do."""
        return bool(_OPENERS.match(self.text))

    @cached_property
    def mid_sentence(self) -> float:
        """How much the beginning reads like the middle of a sentence."""
        if _INNER_START.match(self.text):
            return 1.5
        clause = re.match(f"[{HAN}]{{1,3}}(?=[，,。；])", self.text)
        if not clause or _OPENERS.match(self.text) or clause[0] in _SHORT_CLAUSES:
            return 0.0
        return 2.0 if len(clause[0]) == 1 else 0.7

    @cached_property
    def fragment(self) -> float:
        """How much a short open line reads like a piece of a sentence rather than a heading."""
        if not self.text or self.closed:
            return 0.0
        score = -1.0
        text = self.text
        if self.length <= 3:
            score -= 1.0
        if re.search("[。？！；?!].", text.rstrip(_CLOSING)):
            score += 2.0
        if self.halves == 1:
            score += 0.7 * bool(_ADVERBS.search(text)) + 0.7 * bool(
                re.search("[他她我你那这]", text)
            )
        if re.search("^.{9,}[：:].", text) and not self.place_first:
            score += 1.5
        commas = text.count("，") + text.count(",")
        if commas:
            score += 2.5 if self.halves == 1 and not self.picture_words else 0.5
            even = commas == 1 and abs(2 * re.search("[，,]", text).start() + 1 - len(text)) <= 2  # type: ignore[union-attr]
            score -= 1.5 if even else 0.0  # 地挨着地，水连着水: two even halves make a heading
        if any(text.count(a) != text.count(b) for a, b in ("“”", "（）", "「」", "《》", "『』")):
            score += 2.5
        if text[-1] in _DANGLING or text[-1].isdecimal() or _MEASURED.search(text):
            score += 2.0
        if _OPENERS.match(text) and self.halves == 1:
            score += 1.0
        if self.halves > 1:
            score -= 2.0
        return score

    @cached_property
    def lone_clause(self) -> bool:
        """One short finished clause: a caption far more often than a paragraph."""
        marks = "；;：:“”「」？！?!" if self.picture_words else "，,；;：:“”「」？！?!"
        return (
            8 <= self.length <= 28
            and self.text.endswith("。")
            and not re.search(f"[{marks}]", self.text)
        )

    @cached_property
    def picture_words(self) -> bool:
        """Says who does what where, as captions do."""
        return bool(_PICTURE_WORDS.search(self.text)) and self.halves == 1


def read_lines(text: str) -> list[Line]:
    """Every line with ink, its own features set."""
    lines: list[Line] = []
    at, gap = 0, 0
    for number, raw in enumerate(text.split("\n"), 1):
        start, end = _stripped(text, at, at + len(raw))
        if start == end:
            gap += 1
        else:
            line = Line(text[start:end], start, end, number, gap)
            _look_at(line)
            lines.append(line)
            gap = 0
        at += len(raw) + 1
    return lines


def _look_at(line: Line) -> None:
    """Sets what is certain from the line alone."""
    text = line.text
    if len(text) <= 160 and _is_out(line):
        return
    line.tails = sign_offs(text)
    if line.tails and line.tails[0].start == 0:
        line.kind = "signature"
        if not line.tails[-1].names_somebody() and line.tails[0].is_caption:
            line.kind = "credit"
        return
    if (
        re.match("[—－-]{1,2}[^—－-]", text)
        and line.length <= HEADING_CHARACTERS
        and not line.closed
    ):
        line.kind = "deck"
        return
    if len(text) <= HEADING_CHARACTERS * 2 and _is_picture_text(line):
        return
    lead = parse_byline(text, "head")
    if lead.found:
        line.lead = lead
    if len(text) <= 60:
        own = parse_byline(text, "line")
        if line.is_place or text.endswith(("：", ":")):  # 柳林县 and 怀仁： would pass for names
            return
        if own.org_authors and not _SIGNING_UNIT.search(text):
            return
        if own.found and own.is_byline_line and not line.tails:
            line.own = own
            if own.confidence != "low" or own.ambiguous or text[0] in "□■◇◆◎●○":
                line.kind = "byline"
            elif not is_organisation(text):
                line.own = own


def _is_out(line: Line) -> bool:
    text = line.text
    footer = parse_byline(text, "footer")
    if _JUMP.match(text):
        line.kind, line.reason = "out", "jump"
    elif _ADVERT.search(text):
        line.kind, line.reason = "out", "advert"
    elif _FURNITURE.match(text) or (footer.found and not footer.authors and len(text) < 60):
        line.kind, line.reason = "out", "furniture"
    return line.kind == "out"


def _is_picture_text(line: Line) -> bool:
    caption = parse_byline(line.text, "caption")
    if not caption.found:
        return False
    if caption.raw == line.text:
        line.kind = "credit"
    elif caption.raw or line.length <= HEADING_CHARACTERS * 2:
        line.kind = "caption"
    else:
        return False
    line.tails = []
    line.own = caption
    return True
