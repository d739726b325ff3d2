"""Changes to a source's file that keep the editor's own lines and comments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from ..crawler.proposal import Proposal
from ..crawler.sources import Source
from ..index.tomlfile import write_text


def mark_verified(path: Path, day: date, what: str) -> None:
    """Sets the state of a source's file to verified and writes a line into its log."""
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    document["state"] = "verified"
    entry = tomlkit.table()
    entry["day"], entry["what"] = day, what
    log = document.get("log")
    if not isinstance(log, AoT):
        log = tomlkit.aot()
        document["log"] = log
    log.append(entry)
    write_text(path, tomlkit.dumps(document))


def with_changes(proposal: Proposal, *, source_id: str = "", home: str = "") -> Proposal:
    """The proposal with what the editor gave on the command line."""
    given = {name: value for name, value in (("id", source_id), ("home", home)) if value}
    if not given:
        return proposal
    data = proposal.source.model_dump(mode="json", exclude_unset=True) | given
    reasons = dict(proposal.reasons) | dict.fromkeys(given, "given on the command line")
    return Proposal(Source.model_validate(data), reasons, proposal.notes)
