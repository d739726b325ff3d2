"""What an editor asks: the query, read from one line of typing.

A string without spaces is looked for exactly as typed, wherever it stands. A space means *and*, ``OR``
or ``|`` means *or* (binding closer), ``-`` before a string excludes it, and straight quotation marks
keep spaces inside a string. Everything else, punctuation and Chinese quotation marks included, is
text. Full-width forms of the marks are read alike. Prefixes (县:文水县) are read where names to look
them up are at hand, see :mod:`.typed`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol

from ..errors import JianbaoError
from ..limits import QUERY_CHARACTERS, SEARCH_TERMS
from .folding import fold

Sort = Literal["relevance", "date"]


class QueryIsTooLong(JianbaoError):
    """More was pasted than a query can be."""

    code = "JB-154"
    what = "the query is too long ({found}; the most is {most})"
    remedy = "search for one telling phrase of it, such as a name or a title"
    what_zh = "检索词太长（{found}，上限{most}）"
    remedy_zh = "请只保留其中一个关键短语，例如名称或标题"


class QueryIsUnreadable(JianbaoError):
    """The query holds half a character."""

    code = "JB-155"
    what = "the query holds a character that cannot be read (number {place})"
    remedy = "type the words again instead of pasting them"
    what_zh = "检索词中第{place}个字符无法识别"
    remedy_zh = "请重新输入，不要粘贴"


class QuoteIsOpen(JianbaoError):
    """A quotation mark was opened and not closed."""

    code = "JB-156"
    what = "the quotation mark before {start} is never closed"
    remedy = "write {right}, or leave the mark out"
    what_zh = "“{start}”前面的引号没有配对"
    remedy_zh = "请写成 {right}，或去掉引号"


class QueryIsEmpty(JianbaoError):
    """There are marks but nothing to look for."""

    code = "JB-157"
    what = "there is nothing to look for in {typed}"
    remedy = 'type a word, such as 乡村振兴; with marks: 文水县 -会议 or "5G 网络"'
    what_zh = "{typed} 中没有可检索的内容"
    remedy_zh = '请输入词语，例如：乡村振兴；带符号的写法：文水县 -会议 或 "5G 网络"'


class FieldIsUnknown(JianbaoError):
    """A prefix that we do not know stands before a colon."""

    code = "JB-160"
    what = "there is no field {field} to search in"
    remedy = "write county: theme: source: byline: or date: (县: 主题: 来源: 署名: 日期:), or put the text in quotation marks: {right}"
    what_zh = "没有“{field}”这个检索字段"
    remedy_zh = "可用的字段有 县: 主题: 来源: 署名: 日期:；要检索原文，请加引号：{right}"


class FilterIsWrong(JianbaoError):
    """A filter, the sorting or the paging makes no sense."""

    code = "JB-158"
    what = "{problem}"
    remedy = "{right}"
    what_zh = "{problem_zh}"
    remedy_zh = "{right_zh}"


Field = Literal["area", "theme", "source", "byline", "day"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One field has one of the values.

    ``area``: six-digit codes, a city or province meaning everything in it. ``theme``: slugs.
    ``source``, ``byline``: folded text that stands in it. ``day``: first and last day (ISO 8601),
    either of them empty for an open range.
    """

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of the folded strings stands in a story or any of the conditions holds; or none, when excluded."""

    strings: tuple[str, ...]
    excluded: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    ``counties`` may hold county, city or province codes (six digits); a city means itself and all of its
    counties. Within one filter the values are alternatives; different filters must all hold. ``since``
    and ``until`` are inclusive days and leave out stories of unknown date. ``relevant`` keeps only
    stories that are, or are not, Party-building news. Without ``text`` the filters alone list stories,
    newest first. ``clauses`` are conditions that were read already; they must hold as well.
    """

    text: str = ""
    counties: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    source: str = ""
    since: date | None = None
    until: date | None = None
    relevant: bool | None = None
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    clauses: tuple[Clause, ...] = ()

    def check(self) -> None:
        """Refuses filters that make no sense.

        Raises:
            FilterIsWrong: the range of days is upside down, or sorting or paging is unknown.
        """
        if self.since and self.until and self.since > self.until:
            raise FilterIsWrong(
                problem=f"the first day {self.since} is after the last day {self.until}",
                right=f"write --from {self.until} --to {self.since}",
                problem_zh=f"开始日期 {self.since} 晚于结束日期 {self.until}",
                right_zh="请对调两个日期",
            )
        if self.sort not in ("relevance", "date"):
            raise FilterIsWrong(
                problem=f"{self.sort!r} is not a way to sort",
                right="write relevance or date",
                problem_zh=f"没有“{self.sort}”这种排序",
                right_zh="请选择按相关度或按日期",
            )
        if self.limit < 0 or self.offset < 0:
            raise FilterIsWrong(
                problem=f"limit {self.limit} and offset {self.offset} must not be negative",
                right="write 0 or more",
                problem_zh="条数和起点不能为负数",
                right_zh="请填写 0 或更大的数",
            )


class Prefixes(Protocol):
    """What knows the prefixes of a line of typing and the names behind them."""

    def read(self, field: str, value: str) -> Condition | None:
        """The condition that ``field:value`` stands for; ``None`` when it is text."""
        ...

    def word(self, string: str) -> Condition | None:
        """The condition that a word without prefix stands for (本周); ``None`` when it is text."""
        ...


_PIECE = re.compile(
    r"""\s*(?P<minus>[-－](?=\S))?               # an excluded string
        (?:["＂](?P<quoted>[^"＂]*)["＂](?=\s|$)  # a mark closes before a space or at the end
        |(?P<field>[^\s"＂:：]+)[:：]["＂](?P<value>[^"＂]*)["＂](?=\s|$)
        |(?P<plain>\S+))""",
    re.VERBOSE,
)
_PREFIXED = re.compile(r"(?P<field>[^\s:：]+)[:：](?P<value>.*)", re.DOTALL)

_Piece = tuple[Literal["has", "not", "or"], "str | Condition"]


def parse(text: str, prefixes: Prefixes | None = None) -> tuple[Clause, ...]:
    """The conditions of a typed line, folded for matching; empty when nothing was typed.

    Raises:
        QueryIsTooLong: more than :data:`~...limits.QUERY_CHARACTERS` or :data:`~...limits.SEARCH_TERMS`.
        QueryIsUnreadable: a lone surrogate.
        QuoteIsOpen: a quotation mark stands before a string and is never closed.
        QueryIsEmpty: marks only, such as two quotation marks with nothing between them.
        FieldIsUnknown, FilterIsWrong: what ``prefixes`` refuse.
    """
    _refuse_nonsense(text)
    pieces = _pieces(text, prefixes)
    clauses: list[Clause] = []
    joined = False
    for at, (kind, what) in enumerate(pieces):
        if kind == "or" and clauses and not clauses[-1].excluded and pieces[at + 1 :]:
            joined = pieces[at + 1][0] == "has"
            if joined:
                continue
        before = clauses.pop() if joined else Clause((), excluded=kind == "not")
        if isinstance(what, Condition):
            clauses.append(replace(before, conditions=(*before.conditions, what)))
        else:
            clauses.append(replace(before, strings=(*before.strings, what)))
        joined = False
    if not clauses and text.strip():
        raise QueryIsEmpty(typed=text.strip()[:20])
    return tuple(dict.fromkeys(clauses))


def _pieces(text: str, prefixes: Prefixes | None) -> list[_Piece]:
    pieces: list[_Piece] = []
    line = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    for match in _PIECE.finditer(line):
        plain, quoted = match["plain"], match["quoted"]
        if plain and plain[0] in '"＂' and not re.search('["＂]', plain[1:]):
            inside = line[match.start("plain") + 1 :].strip() or "乡村振兴"
            raise QuoteIsOpen(start=inside[:20], right=f'"{inside[:20]}"')
        kind: Literal["has", "not"] = "not" if match["minus"] else "has"
        condition = _condition(match, prefixes) if prefixes else None
        whole = match.group().strip()[len(match["minus"] or "") :]
        string = fold(quoted if quoted is not None else whole).strip()
        if condition:
            pieces.append((kind, condition))
        elif plain in ("OR", "|", "｜") and kind == "has":
            pieces.append(("or", string))
        elif string:
            pieces.append((kind, string))
    return pieces


def _condition(match: re.Match[str], prefixes: Prefixes) -> Condition | None:
    if match["field"]:
        return prefixes.read(match["field"], match["value"])
    if match["quoted"] is not None:
        return None
    prefixed = _PREFIXED.fullmatch(match["plain"])
    if prefixed:
        return prefixes.read(prefixed["field"], prefixed["value"])
    return prefixes.word(match["plain"])


def _refuse_nonsense(text: str) -> None:
    if len(text) > QUERY_CHARACTERS:
        raise QueryIsTooLong(found=f"{len(text)}", most=f"{QUERY_CHARACTERS}")
    for place, character in enumerate(text, 1):
        if "\ud800" <= character <= "\udfff":
            raise QueryIsUnreadable(place=place)
    if len(text.split()) > SEARCH_TERMS:
        raise QueryIsTooLong(found=f"{len(text.split())} strings", most=f"{SEARCH_TERMS}")
