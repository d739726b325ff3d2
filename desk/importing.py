"""Bringing page text in: from a file to stories in the store, with the editor's edits replayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from ..crawler.pagetext import Edit, PageSplit, split_page
from ..crawler.textfile import read_text_file
from ..index.clock import Clock
from ..index.errors import JianbaoError
from ..index.store import Change, ImportedPage, Store
from ..index.story import Repair, Rights, Story, story_id


class PageIsUnknown(JianbaoError):
    """No imported page has an id that begins so."""

    code = "JB-410"
    what = "no imported page has an id that begins with {prefix!r}"
    remedy = "see `jianbao page list` for the ids"
    what_zh = "没有编号以“{prefix}”开头的版面"
    remedy_zh = "请在版面列表中查看编号"


class NothingToUndo(JianbaoError):
    """The page has no edits."""

    code = "JB-411"
    what = "the split of this page has not been edited"
    remedy = "nothing needs to be undone"
    what_zh = "这个版面的拆分没有改动过"
    remedy_zh = "不需要撤回"


class FolderIsEmpty(JianbaoError):
    """A folder to import holds no text file."""

    code = "JB-412"
    what = "there is no .txt file in this folder"
    remedy = "save the page text as a .txt file into it and import it again"
    what_zh = "这个文件夹里没有 .txt 文件"
    remedy_zh = "请把版面文字存成 .txt 放进来再导入"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a page beside its text. Nothing of it is guessed from the text."""

    source: str = ""
    published: date | None = None
    page: str = ""
    rights: Rights | None = None


@dataclass(frozen=True, slots=True)
class PageDraft:
    """A page that was read and split but not stored: what ``--dry-run`` shows."""

    page: ImportedPage
    split: PageSplit
    stories: tuple[Story, ...]
    encoding: str


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The files to import: a folder stands for the ``.txt`` files in it, by name.

    Raises:
        FolderIsEmpty: a folder has none.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() == ".txt")
        if not inside:
            raise FolderIsEmpty(path)
        yield from inside


def draft_page(path: Path, facts: Facts, store: Store | None, clock: Clock) -> PageDraft:
    """Reads and splits a file. A page that was imported before keeps its edits and, where ``facts``
    does not say otherwise, its facts.

    Raises:
        JianbaoError: the file cannot be read as text (``JB-21x``).
    """
    file = read_text_file(path)
    page_id = story_id("page", file.text)[:8]
    known = store.page(page_id) if store else None
    day = facts.published.isoformat() if facts.published else ""
    page = ImportedPage(
        id=page_id,
        name=path.name,
        text=file.text,
        source=facts.source or (known.source if known else ""),
        published=day or (known.published if known else ""),
        page=facts.page or (known.page if known else ""),
        rights=facts.rights or (known.rights if known else "excerpt"),
        edits=known.edits if known else (),
        cleaned=tuple(asdict(repair) for repair in file.cleaned),
        imported=known.imported if known else clock().isoformat(timespec="seconds"),
    )
    split = split_again(page)
    return PageDraft(page, split, stories_of(page, split), file.encoding)


def split_again(page: ImportedPage) -> PageSplit:
    """The split of an imported page as it stands now, edits and all."""
    cleaned = [Repair(**repair) for repair in page.cleaned]
    edits = [Edit.from_json(edit) for edit in page.edits]
    return split_page(page.text, edits=edits, cleaned=cleaned)


def edit_page(store: Store, page: ImportedPage, edit: Edit) -> tuple[PageSplit, dict[Change, int]]:
    """Adds an edit to a page and stores the stories that come of it.

    Raises:
        JianbaoError: the edit does not fit the page (``JB-22x``); nothing was changed.
    """
    return _store(store, replace(page, edits=(*page.edits, edit.to_json())))


def undo_edit(store: Store, page: ImportedPage) -> tuple[PageSplit, dict[Change, int]]:
    """Takes the last edit of a page back.

    Raises:
        NothingToUndo: there is none.
    """
    if not page.edits:
        raise NothingToUndo(page.id)
    return _store(store, replace(page, edits=page.edits[:-1]))


def page_of(store: Store, prefix: str) -> ImportedPage:
    """The imported page whose id begins with ``prefix``.

    Raises:
        PageIsUnknown: there is none, or more than one.
    """
    found = [page for page in store.pages() if prefix and page.id.startswith(prefix)]
    if len(found) != 1:
        raise PageIsUnknown(prefix=prefix)
    return found[0]


def _store(store: Store, page: ImportedPage) -> tuple[PageSplit, dict[Change, int]]:
    split = split_again(page)
    return split, store.put_page(page, stories_of(page, split))


def stories_of(page: ImportedPage, split: PageSplit) -> tuple[Story, ...]:
    """The page's stories under ids that no other story can have.

    Source, day and headline name a story when all are known. A page whose source or day is not
    known lends its own id; a second story of the same headline on one page adds its place.
    """
    published = date.fromisoformat(page.published) if page.published else None
    taken: set[str] = set()
    stories: list[Story] = []
    for number, story in enumerate(
        split.stories(source=page.source, published=published, page=page.page)
    ):
        own = story.id
        if not page.source or published is None:
            own = story_id(own, page.id)
        if own in taken:
            own = story_id(own, page.id, str(number))
        taken.add(own)
        stories.append(replace(story, id=own, rights=page.rights))
    return tuple(stories)
