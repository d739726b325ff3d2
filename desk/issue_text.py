"""An issue as TOML text: written new, or into the editor's file so that comments and order survive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Table, Whitespace

from .issue import Issue, Item

_LISTS = ("items", "acknowledged", "reviews", "changes")
_ALWAYS = ("story", "section", "headline", "deck", "text", "note")
_HEAD = "Order of the items = order in print. Empty headline, deck or text: the story's own. docs/issue.md"


def issue_text(issue: Issue) -> str:
    """The file of a new issue."""
    document = tomlkit.document()
    document.add(tomlkit.comment(f"{issue.called}. {_HEAD}"))
    return tomlkit.dumps(_filled(document, issue))


def rewritten(text: str, issue: Issue) -> str:
    """The file ``text`` with what differs from ``issue`` changed, and nothing else."""
    return tomlkit.dumps(_filled(tomlkit.parse(text), issue))


def _filled(document: TOMLDocument, issue: Issue) -> TOMLDocument:
    known = {name: document.pop(name, ()) for name in _LISTS}
    for name, value in issue:
        if name in _LISTS:
            continue
        if value is None:
            document.pop(name, None)
        elif name not in document or document[name] != _plain(value):
            document[name] = _value(value)
    tables = {str(table.get("story")): table for table in known["items"]}
    _put(document, "items", [_item(item, tables.get(item.story)) for item in issue.items])
    for name in _LISTS[1:]:
        records: Sequence[Any] = getattr(issue, name)
        old = list(known[name])
        _put(
            document,
            name,
            [_record(one, old[n] if n < len(old) else None) for n, one in enumerate(records)],
        )
    return document


def _put(document: TOMLDocument, name: str, tables: Sequence[Table]) -> None:
    if tables:
        array: AoT = tomlkit.aot()
        for table in tables:
            array.append(_bare(table))
        document.add(name, array)


def _bare(table: Table) -> Table:
    """Without blank lines at its end: an array sets one between its tables each time it is made."""
    body = table.value.body
    while body and isinstance(body[-1][1], Whitespace):
        body.pop()
    return table


def _item(item: Item, table: Table | None) -> Table:
    table = tomlkit.table() if table is None else table
    for name, value in item:
        wanted = name in table or value or name in _ALWAYS
        if wanted and (name not in table or table[name] != value):
            table[name] = _value(value)
    return table


def _record(record: Any, table: Table | None) -> Table:
    facts = {name: value for name, value in record if value not in (None, "")}
    if table is not None and table.unwrap() == facts:
        return table
    fresh = tomlkit.table()
    for name, value in facts.items():
        fresh.add(name, _value(value))
    return fresh


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _value(value: Any) -> Any:
    """Text of several lines stands as several lines in the file, too."""
    if isinstance(value, str) and "\n" in value:
        raw = tomlkit.string(value, multiline=True).as_string()
        # TOML drops the line break behind the opening quotes: the text begins on a line of its own.
        return tomlkit.value(raw if value.startswith("\n") else raw.replace('"""', '"""\n', 1))
    return _plain(value)
