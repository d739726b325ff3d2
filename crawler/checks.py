"""Saved pages with their expected stories: what each rule of a source must still read, offline.

A source's pages stand in ``sources/<id>/``: a page as it was sent (``story-1.html``, ``list-1.html``) and
beside it, under the same name, a TOML file that says what a reader would take from it. A person reads
that file once; from then on a change of a rule that loses a name or a paragraph is seen at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import tomlkit

from ..index.errors import JianbaoError
from ..index.story import Byline
from ..index.tomlfile import read_toml, write_bytes, write_text
from .article import Extraction, StoryIsRefused, extract
from .lists import read_list
from .source_parts import Part
from .sources import Source
from .webpage import Page, PageHasNoText

_ROLES: Final = tuple(one.name for one in fields(Byline) if one.name != "raw")
_TEXTS: Final = ("headline", "kicker", "deck", "source", "page")


class ExpectedByline(Part):
    """Who signs, role by role."""

    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    trainees: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


class ExpectedRow(Part):
    """One row of a list."""

    url: str
    title: str = ""


class Expected(Part):
    """What a saved page must give.

    ``saved`` is the day of saving, which also stands for today when the page is read again. A story
    is expected where there is a headline; a page whose ``refused`` is set must be refused so; a list
    has ``rows`` and, where it goes on, ``following``.
    """

    url: str
    saved: date
    rule: str = ""
    refused: str = ""
    listed: date | None = None
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    published: date | None = None
    source: str = ""
    page: str = ""
    byline: ExpectedByline = ExpectedByline()
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    rows: tuple[ExpectedRow, ...] = ()
    following: str = ""

    @property
    def what(self) -> Literal["story", "list"]:
        """Whether the page is a story's or a list."""
        return "story" if self.headline or self.refused else "list"


@dataclass(frozen=True, slots=True)
class Checked:
    """One saved page, read again. ``rule`` found its body; ``differences`` say what is not as expected."""

    path: Path
    what: str
    rule: str = ""
    differences: tuple[str, ...] = ()


@dataclass
class CheckReport:
    """All saved pages of one source. ``hits`` counts which rule read how many story pages;
    ``unused`` are rules of the source that no saved page shows."""

    source_id: str
    pages: list[Checked] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    unused: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether every page gave what was expected, and there was one."""
        return bool(self.pages) and not any(page.differences for page in self.pages)


def folder_of(source: Source, sources_folder: Path) -> Path:
    """Where the saved pages of a source stand."""
    return sources_folder / source.id


def check(source: Source, sources_folder: Path) -> CheckReport:
    """Reads the saved pages of a source by today's rules and compares.

    Raises:
        FileIsWrong, FileIsMissing: a file of expectations has a mistake.
    """
    report = CheckReport(source.id)
    for path in sorted(folder_of(source, sources_folder).glob("*.toml")):
        report.pages.append(_check_one(source, path, report.hits))
    labels = [rule_label(number, rule.version) for number, rule in enumerate(source.rules, 1)]
    report.unused = tuple(label for label in labels if label not in report.hits)
    return report


def rule_label(number: int, version: str | None) -> str:
    """The name of a source's rule in counts and reports."""
    return f"source rule {version or number}"


def _check_one(source: Source, path: Path, hits: Counter[str]) -> Checked:
    expected = read_toml(path, Expected)
    saved = next((one for one in _pages_beside(path) if one.is_file()), None)
    if saved is None:
        return Checked(path, expected.what, "", ("the saved page is missing",))
    body = saved.read_bytes()
    try:
        if expected.what == "list":
            return Checked(path, "list", "", tuple(_list_differences(source, expected, body)))
        found = _extract(source, expected, body)
    except StoryIsRefused as refusal:
        wanted = expected.refused == refusal.reason
        said = () if wanted else (f"it was refused: {refusal.facts['words']}",)
        return Checked(path, "story", "", said)
    except (JianbaoError, PageHasNoText) as problem:
        return Checked(path, expected.what, "", (str(problem),))
    hits[found.rule] += 1
    if expected.refused:
        return Checked(path, "story", found.rule, ("a story was taken, none was expected",))
    return Checked(path, "story", found.rule, tuple(_story_differences(expected, found)))


def _pages_beside(path: Path) -> Iterator[Path]:
    for ending in (".html", ".htm", ".shtml", ".xml", ".json"):
        yield path.with_suffix(ending)


def _extract(source: Source, expected: Expected, body: bytes) -> Extraction:
    page = Page.from_bytes(body, expected.url)
    return extract(page, today=expected.saved, source=source, listed=expected.listed)


def _story_differences(expected: Expected, found: Extraction) -> Iterator[str]:
    for name in (*_TEXTS, "published", *(["rule"] if expected.rule else [])):
        wanted, got = getattr(expected, name), getattr(found, name)
        if wanted != got:
            yield f"{name}: {_said(got)}, expected {_said(wanted)}"
    for role in _ROLES:
        wanted, got = getattr(expected.byline, role, ()), getattr(found.byline, role)
        if tuple(wanted) != tuple(got):
            yield f"byline.{role}: {' '.join(got) or 'nobody'}, expected {' '.join(wanted) or 'nobody'}"
    yield from _text_differences(
        "paragraph", expected.paragraphs, tuple(p.text for p in found.paragraphs)
    )
    captions = tuple(one.caption for one in found.pictures if one.caption)
    yield from _text_differences("caption", expected.captions, captions)


def _text_differences(name: str, wanted: tuple[str, ...], got: tuple[str, ...]) -> Iterator[str]:
    for text in wanted:
        if text not in got:
            yield f"{name} missing: {_said(text)}"
    for text in got:
        if text not in wanted:
            yield f"{name} too much: {_said(text)}"
    if sorted(wanted) == sorted(got) and wanted != got:
        yield f"the {name}s stand in another order"


def _list_differences(source: Source, expected: Expected, body: bytes) -> Iterator[str]:
    found = read_list(source, body, expected.url)
    wanted, got = [row.url for row in expected.rows], [row.url for row in found.rows]
    for url in wanted:
        if url not in got:
            yield f"row missing: {url}"
    for url in got:
        if url not in wanted:
            yield f"row too much: {url}"
    titles = {row.url: row.title for row in found.rows}
    for row in expected.rows:
        if row.title and titles.get(row.url, row.title) != row.title:
            yield f"title: {_said(titles[row.url])}, expected {_said(row.title)}"
    if sorted(wanted) == sorted(got) and wanted != got:
        yield "the rows stand in another order"
    if expected.following != found.following:
        yield f"following: {_said(found.following)}, expected {_said(expected.following)}"


def _said(value: object) -> str:
    text = str(value) if value not in (None, "") else "nothing"
    return text if len(text) <= 60 else f"{text[:57]}…"


def save_story(
    source: Source, sources_folder: Path, *, url: str, body: bytes, saved: date, listed: date | None
) -> Path:
    """Saves a story page as it was sent, with what is taken from it today as the expectation.

    A person has to read the expectation: it is what the program found, right or wrong.

    Raises:
        StoryIsRefused: there is no believable story in the page.
    """
    expected = Expected(url=url, saved=saved, listed=listed, headline="?")
    found = _extract(source, expected, body)
    data: dict[str, Any] = {"url": url, "saved": saved, "rule": found.rule}
    if listed:
        data["listed"] = listed
    data |= {name: getattr(found, name) for name in _TEXTS if getattr(found, name)}
    if found.published:
        data["published"] = found.published
    data["paragraphs"] = [paragraph.text for paragraph in found.paragraphs]
    if captions := [one.caption for one in found.pictures if one.caption]:
        data["captions"] = captions
    if names := {role: list(getattr(found.byline, role)) for role in _ROLES}:
        data["byline"] = {role: people for role, people in names.items() if people}
    return _write(source, sources_folder, "story", body, data, ".html")


def save_list(source: Source, sources_folder: Path, *, url: str, body: bytes, saved: date) -> Path:
    """Saves a list page as it was sent, with its rows and next page as the expectation."""
    found = read_list(source, body, url)
    rows = [{"url": row.url, "title": row.title} for row in found.rows]
    data: dict[str, Any] = {"url": url, "saved": saved}
    data |= {"following": found.following} if found.following else {}
    start = body.lstrip()[:1]
    ending = ".json" if start == b"{" else ".xml" if source.kind in ("feed", "sitemap") else ".html"
    return _write(source, sources_folder, "list", body, {**data, "rows": rows}, ending)


def _write(
    source: Source, sources_folder: Path, kind: str, body: bytes, data: dict[str, Any], ending: str
) -> Path:
    folder = folder_of(source, sources_folder)
    number = next(n for n in range(1, 10_000) if not (folder / f"{kind}-{n}.toml").exists())
    document = tomlkit.document()
    document.add(
        tomlkit.comment("What a reader takes from the saved page. Read it before you trust it.")
    )
    for name, value in data.items():
        if isinstance(value, list) and value and not isinstance(value[0], dict):
            lines = tomlkit.array()
            lines.extend(value)
            document.add(name, lines.multiline(True))
        else:
            document.add(name, value)
    write_bytes(folder / f"{kind}-{number}{ending}", body)
    path = folder / f"{kind}-{number}.toml"
    write_text(path, tomlkit.dumps(document))
    return path
