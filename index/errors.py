"""Errors that a person can act on.

Every error of ours says what happened, where, and what to do; carries a code that is documented in
``docs/errors.md``; and speaks English on the command line and in logs, Chinese at the desk.

Codes by room: ``JB-1xx`` index, ``JB-2xx`` crawler, ``JB-3xx`` site, ``JB-4xx`` desk.
"""

from __future__ import annotations

from typing import ClassVar


class JianbaoError(Exception):
    """Base of all our errors. Subclasses are declared beside the code that raises them.

    The four texts may hold ``{name}`` fields, filled from the keyword arguments of the constructor.
    """

    code: ClassVar[str] = "JB-000"
    what: ClassVar[str] = "something went wrong"
    remedy: ClassVar[str] = "report it with the log"
    what_zh: ClassVar[str] = "出现未预料的问题"
    remedy_zh: ClassVar[str] = "请把日志发给维护人员"

    def __init__(self, where: object = "", **facts: object) -> None:
        self.where = str(where)
        self.facts = facts
        super().__init__(self.english())

    def english(self) -> str:
        """``JB-204 sources/wenshui.toml: the list page answered 521. Remedy: …``"""
        place = f"{self.where}: " if self.where else ""
        what, remedy = self.what.format(**self.facts), self.remedy.format(**self.facts)
        return f"{self.code} {place}{what}. Remedy: {remedy}."

    def chinese(self) -> str:
        """The same sentence for people at the desk."""
        place = f"{self.where}：" if self.where else ""
        what, remedy = self.what_zh.format(**self.facts), self.remedy_zh.format(**self.facts)
        return f"{place}{what}。处理办法：{remedy}。（{self.code}）"


def all_error_classes() -> list[type[JianbaoError]]:
    """Every declared error class, by code. Only rooms that were imported are seen."""
    found: list[type[JianbaoError]] = []
    waiting = list(JianbaoError.__subclasses__())
    while waiting:
        cls = waiting.pop()
        found.append(cls)
        waiting.extend(cls.__subclasses__())
    return sorted(found, key=lambda cls: cls.code)
