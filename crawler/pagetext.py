"""Page repair: the plain text of a newspaper page → its stories.

A page dump has several stories without a sign between them, pieces in the wrong order, paragraphs
cut by columns, captions dropped into sentences, and headlines far from their text. The page is read
line by line (``page_lines``), as a whole (``page_labels``), put together (``page_drafts``) and cut
into pieces (``page_pieces``). No character is lost or invented: what belongs to no story is set
aside with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..index.story import Repair
from .page_drafts import draft_stories, loose_heads
from .page_edits import Edit, apply_edits
from .page_labels import PageReader
from .page_lines import read_lines
from .page_pieces import AsideRole, PageRepair, Piece, Role, make_pieces
from .page_split import REASONS, PageSplit, SetAside
from .page_words import Vocabulary
from .textfile import clean_text

__all__ = ["REASONS", "AsideRole", "Edit", "PageSplit", "Piece", "Role", "SetAside", "split_page"]


def split_page(
    text: str, *, edits: Sequence[Edit] = (), cleaned: Sequence[Repair] = ()
) -> PageSplit:
    """Splits the text of a newspaper page into stories; then replays the editor's ``edits``.

    Never raises on any text; a page without a story gives none and everything set aside. A wrong
    edit raises one of the errors of ``page_edits``. ``cleaned`` are the repairs that
    :func:`~jianbao.crawler.textfile.read_text_file` already made.
    """
    text, more = clean_text(text)
    lines = read_lines(text)
    vocabulary = Vocabulary([line.body for line in lines])
    reader = PageReader(lines, vocabulary)
    labels = reader.labels()
    if loose := loose_heads(lines, labels, vocabulary):
        labels = reader.labels(loose)
    drafted = draft_stories(lines, labels, vocabulary)
    pieces, repairs = make_pieces(lines, labels, drafted)
    split = PageSplit(text, tuple(pieces), tuple(repairs))
    split = apply_edits(split, edits) if edits else split
    return _with_cleaned(split, [*cleaned, *more])


def _with_cleaned(split: PageSplit, cleaned: Sequence[Repair]) -> PageSplit:
    """Cleaning is told to the story in whose line it happened, else to the page."""
    if not cleaned:
        return split
    owners = {split.line_of(piece): piece.story for piece in reversed(split.pieces)}
    told: list[PageRepair] = [(owners.get(repair.line), repair) for repair in cleaned]
    return PageSplit(split.text, split.pieces, (*split.repairs, *told))
