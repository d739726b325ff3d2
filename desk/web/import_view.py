"""Import 导入: a page of text in, the split looked at and mended by a click, then taken."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rich.progress import Progress
from starlette.responses import Response

from ...crawler.page_pieces import Piece, Role
from ...crawler.pagetext import REASONS, Edit, PageSplit
from ...crawler.textfile import FileIsEmpty
from ...index.errors import JianbaoError
from ...index.limits import PAGE_TEXT_BYTES
from ...index.store import ImportedPage, Store
from ...index.story import Rights, Story
from ...index.tomlfile import write_bytes
from ..importing import Facts, draft_page, page_of, split_again, stories_of
from ..importing import NothingToUndo as NothingToTakeBack
from ..indexing import bring_up_to_date
from .ask import Ask, Upload, wrong
from .room import Room
from .words import REPAIRS, RIGHTS, ROLES

_EDITS: Final = ("split", "merge", "aside", "assign")


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of the page as the editor sees it."""

    line: int
    last: int
    role: str
    role_zh: str
    words: str
    joins: bool
    starts: bool
    """Whether a new story could begin here: it is body, and body stands before it."""


@dataclass(frozen=True, slots=True)
class SplitStory:
    """One story of the split. ``line`` is the first of its body, by which edits name it."""

    number: int
    line: int
    story: Story
    rows: tuple[Row, ...]
    repairs: tuple[tuple[str, str, int], ...]


def form(ask: Ask, error: JianbaoError | None = None) -> Response:
    """The form for a page of text, and the pages that came before."""
    with ask.room.read() as store:
        pages = store.pages() if store else []
        known = [(page, _taken(store, page)) for page in pages[:30]] if store else []
    sources = sorted({page.source for page in pages if page.source})
    given = {name: ask.first(name) for name in ("text", "source", "day", "page", "rights")}
    return ask.page(
        "import.html",
        status=422 if error else 200,
        pages=known,
        sources=sources,
        given=given,
        error=error,
        most=PAGE_TEXT_BYTES // (1024 * 1024),
        rights=RIGHTS,
    )


def bring(ask: Ask) -> Response:
    """Takes pasted text or files, and shows the split. What cannot be taken comes back with the form."""
    try:
        facts = _facts(ask)
        pasted = ask.first("text").replace("\r\n", "\n")
        given = [one for one in ask.files if one.data]
        if pasted.strip():
            given.append(Upload("粘贴的文字", pasted.encode("utf-8", "replace")))
        if not given:
            raise FileIsEmpty("", size=0)
        made = [_keep(ask.room, one, facts) for one in given]
    except JianbaoError as error:
        return form(ask, error)
    return ask.go(f"/import/{made[0]}" if len(made) == 1 else "/import", said="brought")


def _facts(ask: Ask) -> Facts:
    typed = ask.first("day").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise wrong("day", "日期", "not a day", "请写成 2026-11-22") from None
    given = ask.first("rights")
    rights: Rights | None = "full" if given == "full" else "facts" if given == "facts" else None
    return Facts(ask.line("source", "来源"), day, ask.line("page", "版次"), rights)


def _keep(room: Room, given: Upload, facts: Facts) -> str:
    """Keeps one page, not yet taken; returns its id. The file's own name never becomes a path."""
    folder = room.workspace().store_path.parent
    path = folder / f"desk-{secrets.token_hex(8)}.txt"
    try:
        write_bytes(path, given.data[: PAGE_TEXT_BYTES + 1])
        with room.write("import") as store:
            draft = draft_page(path, facts, store, room.session.clock)
            page = replace(draft.page, name=given.name)
            store.put_page(page, draft.stories if _taken(store, page) else ())
            return page.id
    except JianbaoError as error:
        raise type(error)(given.name, **error.facts) from error
    finally:
        path.unlink(missing_ok=True)


def show(ask: Ask) -> Response:
    """The split of one page, with a click for everything that may be wrong with it."""
    with ask.room.read() as store:
        page = page_of(_there(store), ask.word("page"))
        taken = _taken(_there(store), page)
    split = split_again(page)
    made = stories_of(page, split)
    return ask.page(
        "import_page.html",
        page=page,
        taken=taken,
        stories=[_split_story(split, number, story) for number, story in enumerate(made)],
        aside=[(one.line, one.text, REASONS[one.reason][1]) for one in split.set_aside()],
        edits=[_edit_words(Edit.from_json(edit)) for edit in page.edits],
        roles=[(role, ROLES[role]) for role in ROLES],
    )


def mend(ask: Ask) -> Response:
    """One click of the editor's: another beginning, another role, aside, or together again."""

    def edited(page: ImportedPage) -> ImportedPage:
        edit = _edit(ask.first("edit"))
        return replace(page, edits=(*page.edits, edit.to_json()))

    return _changed(ask, edited, "mended")


def take_back(ask: Ask) -> Response:
    """Takes the last click back."""

    def shorter(page: ImportedPage) -> ImportedPage:
        if not page.edits:
            raise NothingToTakeBack(page.id)
        return replace(page, edits=page.edits[:-1])

    return _changed(ask, shorter, "unmended")


def describe(ask: Ask) -> Response:
    """Source, day, page and rights, where they were not known when the text came."""

    def described(page: ImportedPage) -> ImportedPage:
        facts = _facts(ask)
        day = facts.published.isoformat() if facts.published else ""
        return replace(
            page,
            source=facts.source,
            published=day,
            page=facts.page,
            rights=facts.rights or "excerpt",
        )

    return _changed(ask, described, "described")


def take(ask: Ask) -> Response:
    """The stories of the page enter the store, are annotated, and stand in the tray."""
    room = ask.room
    with room.write("import") as store:
        page = page_of(store, ask.word("page"))
        stories = stories_of(page, split_again(page))
        store.put_page(page, stories)
        with Progress(disable=True) as bars:
            bring_up_to_date(room.workspace(), store, bars)
    return ask.go(f"/import/{page.id}", said="taken")


def _changed(ask: Ask, change: Callable[[ImportedPage], ImportedPage], said: str) -> Response:
    """Changes a page; its stories are stored again only when they were taken before."""
    with ask.room.write("import") as store:
        before = page_of(store, ask.word("page"))
        page = change(before)
        stories = stories_of(page, split_again(page))
        store.put_page(page, stories if _taken(store, before) else ())
    return ask.back(f"/import/{page.id}", said=said)


def _taken(store: Store, page: ImportedPage) -> bool:
    """Whether the page's stories stand in the store: a page that is only looked at has none there."""
    return any(store.page_of(story.id) == page.id for story in stories_of(page, split_again(page)))


def _there(store: Store | None) -> Store:
    if store is None:
        raise wrong("page", "版面", "no page yet", "还没有导入过版面")
    return store


def _edit(said: str) -> Edit:
    """``split:12``, ``merge:3:12``, ``aside:12:14``, ``assign:12:14:3:caption`` → the edit."""
    kind, *rest = said.split(":")
    role = rest.pop() if kind == "assign" and rest else ""
    numbers = [int(one) if one.isdecimal() and len(one) < 8 else -1 for one in rest]
    if kind not in _EDITS or -1 in numbers:
        raise wrong("edit", "修改", "not an edit", "无法识别的修改")
    try:
        if kind == "split":
            return Edit.split(*numbers)
        if kind == "merge":
            return Edit.merge(*numbers)
        if kind == "aside":
            return Edit.assign(*numbers, to=0, role="stray")
        return Edit.assign(*numbers, role=role)
    except TypeError:
        raise wrong("edit", "修改", "not an edit", "无法识别的修改") from None


def _edit_words(edit: Edit) -> str:
    if edit.kind == "merge":
        return f"第 {edit.to} 行所在的稿件并入第 {edit.line} 行所在的稿件"
    if edit.kind == "split":
        return f"从第 {edit.line} 行另起一篇"
    lines = f"第 {edit.line} 行" if edit.last <= edit.line else f"第 {edit.line}—{edit.last} 行"
    if not edit.to:
        return f"{lines}搁置"
    return f"{lines}归入第 {edit.to} 行所在的稿件，作{ROLES.get(edit.role, edit.role)}"


def _split_story(split: PageSplit, number: int, story: Story) -> SplitStory:
    pieces = split.of_story(number)
    body = [piece for piece in pieces if piece.role in ("paragraph", "subhead")]
    first = split.line_of(body[0]) if body else split.line_of(pieces[0])
    rows = tuple(_row(split, piece, first) for piece in pieces)
    repairs = tuple((REPAIRS.get(one.kind, one.kind), one.text, one.line) for one in story.repairs)
    return SplitStory(number + 1, first, story, rows, repairs)


def _row(split: PageSplit, piece: Piece, first: int) -> Row:
    line = split.line_of(piece)
    role: Role = piece.role
    last = line + split.words(piece).count("\n")
    starts = line > first and role in ("paragraph", "subhead") and not piece.joins
    return Row(line, last, role, ROLES[role], split.words(piece), piece.joins, starts)


VIEWS: Final = (
    ("GET", "/import", form),
    ("POST", "/import", bring),
    ("GET", "/import/{page:str}", show),
    ("POST", "/import/{page:str}/mend", mend),
    ("POST", "/import/{page:str}/undo", take_back),
    ("POST", "/import/{page:str}/facts", describe),
    ("POST", "/import/{page:str}/take", take),
)
