"""A finding 校对发现: something that a check noticed, with its place and its reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from .issue import Acknowledgement

Severity = Literal["stop", "ask", "note"]
"""``stop``: cannot be locked; ``ask``: needs an acknowledgement with a reason; ``note``: only told."""

Where = Literal["headline", "deck", "text", "note", "item", "issue"]

Kind = Literal[
    "figure",  # a number that does not stand in the source
    "name",  # a person's name that does not stand in the source
    "post",  # a person's post that the source gives otherwise
    "place",  # a place that does not stand in the source
    "term",  # a wording of terms.toml
    "phone",
    "identity",  # the number of an identity card, checksum right
    "account",  # the number of a bank card
    "address",  # a flat's door
    "minor",  # a child by name
    "illness",  # a person by surname with an illness
    "age",  # a person by name with an age
    "rights",
    "date",  # not of the week, or without a day
    "source",  # no source line
    "repeat",  # the same copy stood in an earlier issue
    "withdrawn",
    "gone",  # the source took it down
    "changed",  # the source changed its text after the issue was locked
    "missing",  # the story is not in the store
    "headline",  # no headline
    "relevance",  # not Party-building news
    "number",  # the issue's number
]

KINDS: dict[Kind, str] = {
    "figure": "数字",
    "name": "人名",
    "post": "职务",
    "place": "地名",
    "term": "用语",
    "phone": "电话",
    "identity": "身份证号",
    "account": "账号",
    "address": "住址",
    "minor": "未成年人",
    "illness": "病情",
    "age": "年龄",
    "rights": "版权",
    "date": "日期",
    "source": "来源",
    "repeat": "重复",
    "withdrawn": "已撤稿",
    "gone": "来源已删",
    "changed": "来源已改",
    "missing": "缺稿",
    "headline": "标题",
    "relevance": "相关性",
    "number": "期号",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """What a check found in one text: characters ``start`` to ``end`` of it, and why."""

    kind: Kind
    severity: Severity
    start: int
    end: int
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in an issue. ``field`` and the characters ``start`` to ``end`` are the place: ``item``
    is the story as a whole, ``issue`` the whole issue. ``acknowledged`` is the editor's reason for
    letting it stand."""

    kind: Kind
    severity: Severity
    story_id: str
    field: Where
    start: int
    end: int
    words: str
    message_zh: str
    message_en: str
    acknowledged: Acknowledgement | None = None

    @property
    def key(self) -> str:
        """Stays the same while the words do: an acknowledgement holds for them."""
        parts = (self.kind, self.story_id, self.field, self.words)
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def open(self) -> bool:
        """Stands in the way of locking."""
        return self.severity == "stop" or (self.severity == "ask" and self.acknowledged is None)

    def with_acknowledgement(self, one: Acknowledgement | None) -> Finding:
        """The same finding, let stand by the editor."""
        return replace(self, acknowledged=one)


def placed(spot: Spot, text: str, story_id: str, field: Where) -> Finding:
    """What was found in a text, as a finding of an issue."""
    words = text[spot.start : spot.end]
    return Finding(
        spot.kind,
        spot.severity,
        story_id,
        field,
        spot.start,
        spot.end,
        words,
        spot.message_zh,
        spot.message_en,
    )
