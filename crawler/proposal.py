"""A proposed record of a source, line by line with its reason, and as the TOML file that it becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from ..index.gazetteer import Gazetteer, Place
from .addresses import site_of
from .sources import Source
from .webpage import Page, squeeze

_ORDER: Final = (
    *("id", "name", "kind", "family", "entries", "aliases", "home", "site_code", "story_address"),
    *("rights", "delay", "loopback"),
)
_SPLIT: Final = re.compile(r"\s*[_|｜—–·»>-]+\s*")
_OFFICE: Final = re.compile(
    r"(?:[县市区省]|政府|网|日报|晚报|报|党校|组织部|党建|融媒|新闻|先锋|通讯)"
)
_SITE_CODE: Final = re.compile(r"^([1-6]\d{5})[0-9A-Za-z]{4}$")
_PREFIXES: Final = ("www", "m", "wap", "web")


@dataclass(frozen=True)
class Proposal:
    """What a look at a site found. ``reasons`` go by field; ``notes`` are what else was seen there."""

    source: Source
    reasons: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def lines(self) -> list[tuple[str, str, str]]:
        """Field, value as TOML, reason; in the order of the file."""
        data = self.source.model_dump(mode="json", exclude_unset=True)
        return [
            (name, _toml(data[name]), self.reasons.get(name, "")) for name in _ORDER if name in data
        ]

    def toml(self, day: date | None = None) -> str:
        """The file ``sources/<id>.toml``; with a ``day``, its history begins there."""
        out = [f"# {self.source.name}"]
        for name, value, reason in self.lines():
            line = f"{name} = {value}"
            if not reason:
                out.append(line)
            elif "\n" in line or len(line) + len(reason) > _WIDTH:
                out += [f"# {name}: {reason}", line]
            else:
                out.append(f"{line:<48}  # {reason}")
        out += [f"# Seen: {note}" for note in self.notes]
        if day:
            out += [
                "",
                "[[log]]",
                f"day = {day.isoformat()}",
                'what = "recognised, and three stories read, by `jianbao sources add`"',
            ]
        return "\n".join(_one_line(line) for line in out) + "\n"


_WIDTH: Final = 140


def _one_line(line: str) -> str:
    # What a site says of itself goes into a comment: no control character may end it early.
    return "".join(c if c.isprintable() or c in "\n\u3000" else " " for c in line)


def _toml(value: object) -> str:
    """A TOML value (1.0); JSON's strings are TOML's basic strings but for DEL and non-BMP escapes."""
    if isinstance(value, list):
        inner = [_toml(one) for one in value]
        joined = ", ".join(inner)
        return f"[{joined}]" if len(joined) < _WIDTH else "[\n  " + ",\n  ".join(inner) + ",\n]"
    if isinstance(value, str):
        if "\\" in value and "'" not in value and value.isprintable():
            return f"'{value}'"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def site_name(page: Page | None, url: str) -> tuple[str, str]:
    """What the site is called, and where that is said."""
    host = urlsplit(url).hostname or url
    if page is None:
        return host, "the host; write the site's name here"
    if said := page.meta.get("sitename"):
        return _name(said), "meta SiteName"
    pieces = [
        piece for piece in _SPLIT.split(page.title) if piece and piece not in ("首页", "网站首页")
    ]
    offices = [piece for piece in pieces if _OFFICE.search(piece)]
    if named := (offices or pieces):
        return _name(named[-1]), "the window's title"
    return host, "the host; write the site's name here"


def _name(said: str) -> str:
    """What a site calls itself, as the name of a source: one printable line of at most 80 characters."""
    return squeeze("".join(c if c.isprintable() else " " for c in said))[:80] or "?"


def place_of(page: Page | None, name: str, gazetteer: Gazetteer, province: str) -> tuple[str, str]:
    """The code of the place that a site speaks for, and why; empty where nothing says it."""
    code = _SITE_CODE.match(page.meta.get("siteidcode", "")) if page is not None else None
    if code and (place := gazetteer.place(code[1])):
        return (
            place.code,
            f"SiteIDCode {code[0]} begins with the code of {gazetteer.full_name(place.code)}",
        )
    for text, where in (
        (name, "the site's name"),
        (page.title if page is not None else "", "the title"),
    ):
        found = _named_in(text, gazetteer, province)
        if len(found) == 1:
            return found[0].code, f"{where} names {found[0].name}"
        if found:
            several = "、".join(gazetteer.full_name(place.code) for place in found[:4])
            return "", f"{where} could mean {several}: write the code"
    return "", "nothing on the site names its place: write the code"


def _named_in(text: str, gazetteer: Gazetteer, province: str) -> list[Place]:
    """The smallest places that a text names in full, in the home province where there are some."""
    named = [place for word in _runs(text) for place in gazetteer.named(word)]
    if not named:
        # 「文水新闻网」: a place without its ending, at the head of the name.
        head = next((text[:size] for size in (4, 3, 2) if gazetteer.short_named(text[:size])), "")
        named = list(gazetteer.short_named(head)) if head else []
    units = {place.code: place for place in named if place.level != "town"}
    near = [place for place in units.values() if place.province == province]
    found = near or list(units.values())
    ranks = {"county": 0, "city": 1, "province": 2}
    best = min((ranks[place.level] for place in found), default=0)
    return sorted((place for place in found if ranks[place.level] == best), key=lambda p: p.code)


def _runs(text: str) -> list[str]:
    """Every run of characters that may be a place's name with its ending."""
    found: list[str] = []
    for end in (match.end() for match in re.finditer(r"[省市县区旗盟州]", text)):
        found += [text[start:end] for start in range(max(0, end - 12), end - 1)]
    return found


def id_for(url: str, taken: Collection[str]) -> str:
    """An id from a host: ``qinyuan`` for ``www.qinyuan.gov.cn``, ``qinyuan-epaper`` for its e-paper."""
    host = (urlsplit(url).hostname or "source").lower()
    site = site_of(host)
    labels = [site.split(".")[0]]
    rest = host.removesuffix(site).strip(".")
    labels += [label for label in rest.split(".") if label and label not in _PREFIXES]
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(labels)).strip("-")[:36].rstrip("-") or "source"
    if plain not in taken:
        return plain
    return next(f"{plain}-{n}" for n in range(2, 10_000) if f"{plain}-{n}" not in taken)
