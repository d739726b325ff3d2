"""``jianbao extract``: what would be taken from HTML files, one JSON object a line."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..crawler.article import Extraction, extract
from ..crawler.webpage import Page, PageHasNoText
from ..index.errors import JianbaoError
from ..index.limits import RESPONSE_BYTES
from .console import err, out, plain, print_json, progress
from .session import Session


class FileIsNoWebPage(JianbaoError):
    """A file that was to be extracted is not an HTML page."""

    code = "JB-460"
    what = "this file was not read: {detail}"
    remedy = "give a saved web page (HTML)"
    what_zh = "未读取该文件：{detail}"
    remedy_zh = "请提供保存的网页（HTML）文件"


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("extract")(extract_command)


def extract_command(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="HTML files, or folders of them.")],
    url: Annotated[str, typer.Option(help="The address that the page was read from.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show what would be taken from HTML files: headline, day, source, byline, body, pictures."""
    today = Session.of(context).clock().date()
    files = list(_files(paths))
    taken = 0
    with progress() as bars:
        task = bars.add_task("Reading pages", total=len(files))
        for path in files:
            try:
                found = extract(read_page(path, url), today=today, compare=True)
            except JianbaoError as problem:
                err.print(plain(problem.english() if problem.where else f"{path}: {problem}"))
            else:
                taken += 1
                if as_json:
                    print_json({"path": str(path), **to_json(found)})
                else:
                    _show(path, found)
            bars.advance(task)
    if taken < len(files) or not files:
        raise typer.Exit(1 if taken else 3)


def read_page(path: Path, url: str) -> Page:
    """A saved page.

    Raises:
        FileIsNoWebPage: it is missing, empty, too large, or no HTML.
        BytesAreNotText: its characters cannot be read.
    """
    try:
        if not path.is_file():
            raise FileIsNoWebPage(path, detail="there is no such file")
        size = path.stat().st_size
        if size > RESPONSE_BYTES:
            raise FileIsNoWebPage(path, detail=f"it has {size} bytes, more than {RESPONSE_BYTES}")
        body = path.read_bytes()
    except OSError as error:
        raise FileIsNoWebPage(path, detail=error.strerror or error) from error
    if not body.strip():
        raise FileIsNoWebPage(path, detail="it is empty")
    if not _looks_like_html(body):
        raise FileIsNoWebPage(path, detail="it is not HTML")
    try:
        return Page.from_bytes(body, url)
    except PageHasNoText:
        raise FileIsNoWebPage(path, detail="it holds no HTML element") from None
    except JianbaoError as problem:
        raise type(problem)(path, **problem.facts) from None


def _looks_like_html(body: bytes) -> bool:
    """Whether an HTML tag stands in it, in any of the encodings that pages come in."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = body.replace(b"\x00", b"")
    low = body.lower()
    tags = (b"<html", b"<!doctype html", b"<body", b"<p", b"<div", b"<td", b"<br", b"<h1", b"<span")
    return b"\x00" not in low[:1024] and any(tag in low for tag in tags)


def to_json(found: Extraction) -> dict[str, Any]:
    """An extraction as plain data."""
    byline = found.byline
    roles = (
        *("reporters", "correspondents", "trainees", "authors", "photographers", "organisations"),
        "raw",
    )
    return {
        "url": found.url,
        "headline": found.headline,
        "kicker": found.kicker,
        "deck": found.deck,
        "published": found.published.isoformat() if isinstance(found.published, date) else None,
        "source": found.source,
        "byline": {role: getattr(byline, role) for role in roles},
        "editors": list(byline.editors),
        "paragraphs": [paragraph.text for paragraph in found.paragraphs],
        "captions": [picture.caption for picture in found.pictures if picture.caption],
        "images": [picture.url for picture in found.pictures if picture.url],
        "page": found.page,
        "home": found.home,
        "family": found.family,
        "rule": found.rule,
        "warnings": list(found.warnings),
        "doubt": found.doubt,
    }


_ENDINGS: Final = (".html", ".htm", ".shtml", ".xhtml")


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and of a folder its web pages: by ending or, without one, by their looks."""
    for path in paths:
        if path.is_dir():
            yield from (one for one in sorted(path.rglob("*")) if one.is_file() and _is_page(one))
        else:
            yield path


def _is_page(path: Path) -> bool:
    if path.suffix.lower() in _ENDINGS:
        return True
    # Crawls are often kept under the name of the address: 20261103_www.example.cn_1a2b
    if mimetypes.guess_type(path.name)[0]:
        return False
    try:
        with path.open("rb") as file:
            return _looks_like_html(file.read(_HEAD_BYTES))
    except OSError:
        return False


_HEAD_BYTES: Final = 4096


def _show(path: Path, found: Extraction) -> None:
    out.print(plain(f"{path}: {found.headline}"))
    for name in ("kicker", "deck", "published", "source"):
        if value := getattr(found, name):
            out.print(plain(f"  {name}: {value}"))
    if found.byline.raw or found.byline.editors:
        out.print(plain(f"  byline: {' / '.join(found.byline.people())}"))
        out.print(plain(f"  editors: {' '.join(found.byline.editors)}"))
    size = sum(len(paragraph.text) for paragraph in found.paragraphs)
    out.print(
        f"  {len(found.paragraphs)} paragraphs, {size} characters, {len(found.pictures)} pictures"
    )
    for warning in found.warnings:
        out.print(plain(f"  warning: {warning}"))
