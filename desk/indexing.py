"""Bringing what is made from the store up to date: annotations, folds, the search index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from ..index.annotate import Annotator
from ..index.annotation import Annotation
from ..index.correction import Correction, corrected
from ..index.gazetteer import Gazetteer
from ..index.reprints import Copy, find_reprints
from ..index.search import SearchIndex, SearchIndexDamaged, SearchIndexMissing
from ..index.segment import Segmenter, default_segmenter
from ..index.store import Store
from ..index.story import Story
from .withdrawal import withdrawn
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one run of :func:`bring_up_to_date` did."""

    annotated: int
    stories: int
    folded: int
    without_county: int
    set_aside: int
    to_check: tuple[Copy, ...] = ()
    """Stories that look like a copy of another one, but not surely: a person decides."""

    def sentence(self) -> str:
        """For a person."""
        return (
            f"{self.annotated} stories annotated, {self.stories} in the index; {self.folded} are reprints, "
            f"{self.set_aside} are not Party-building news; {self.without_county} that are have no county."
        )


def annotator_of(workspace: Workspace) -> Annotator:
    """The annotator with the workspace's words and home."""
    segmenter = default_segmenter(workspace.words())
    return Annotator(
        Gazetteer.load(),
        workspace.themes(),
        segmenter,
        home=workspace.settings.home.province,
        places=workspace.places(),
    )


def annotated(annotator: Annotator, story: Story, correction: Correction | None) -> Annotation:
    """What a story is about: by the rules, and over them by the editor."""
    if correction is None:
        return annotator.annotate(story)
    found = annotator.annotate(story, relevant=correction.acts())
    return corrected(found, correction, Gazetteer.load())


def put_corrections(annotator: Annotator, corrections: dict[str, Correction], store: Store) -> int:
    """Brings the stored annotations in line with the corrections: new, changed, or taken back.

    Returns how many annotations changed.
    """
    stale = [
        (story, wanted)
        for story, known in store.annotated()
        if (story.id in corrections or _by_editor(known))
        and known != (wanted := annotated(annotator, story, corrections.get(story.id)))
    ]
    for story, wanted in stale:
        store.put_annotation(story.id, wanted, annotator.rules)
    return len(stale)


def _by_editor(annotation: Annotation | None) -> bool:
    return annotation is not None and any(e.rule == "by-editor" for e in annotation.evidence)


def bring_up_to_date(
    workspace: Workspace, store: Store, bars: Progress, *, rebuild: bool = False
) -> Indexed:
    """Annotates what is new or changed, folds reprints, and brings the search index up to date.

    The search index takes up what has changed since. It is made anew with ``rebuild`` (every story is
    annotated again, too), when it is missing, of other rules or damaged, or when half of it would change.
    """
    corrections = workspace.corrections()
    annotator = annotator_of(workspace)
    waiting = list(store.stories()) if rebuild else store.unannotated(annotator.rules)
    for story in bars.track(waiting, description="annotate"):
        about = annotated(annotator, story, corrections.get(story.id))
        store.put_annotation(story.id, about, annotator.rules)
    put_corrections(annotator, corrections, store)
    segmenter = default_segmenter(workspace.words())
    index = None if rebuild else _usable(workspace.index_folder, segmenter)
    gone = withdrawn(workspace)
    stamps = {one: stamp for one, stamp in store.stamps().items() if one not in gone}
    held = index.stamps if index else {}
    changed = [one for one, stamp in stamps.items() if held.get(one) != stamp]
    removed = sorted(held.keys() - stamps.keys())
    firsts, to_check = store.folds(), ()
    # Folded before the index is written: a run that is killed between the two is done again whole.
    if index is None or changed or removed:
        reprints = find_reprints(store.stories())
        firsts = reprints.firsts
        store.put_folds(firsts)
        to_check = tuple(copy for copy in reprints.copies if not copy.certain)
    if index is None or 2 * (len(changed) + len(removed)) > len(stamps):
        task = bars.add_task("search index", total=len(stamps))
        SearchIndex.rebuild(
            workspace.index_folder,
            (pair for pair in store.annotated() if pair[0].id not in gone),
            segmenter,
            stamps=stamps,
            progress=lambda done: bars.update(task, completed=done),
        ).close()
    elif changed or removed:
        index.update(_stories(store, changed), removed, stamps=stamps)
    if index is not None:
        index.close()
    known = [annotation for _, annotation in store.annotated() if annotation]
    return Indexed(
        annotated=len(waiting),
        stories=len(firsts),
        folded=sum(own != first for own, first in firsts.items()),
        without_county=sum(one.relevant and not one.counties for one in known),
        set_aside=sum(not one.relevant for one in known),
        to_check=to_check,
    )


def _usable(folder: Path, segmenter: Segmenter) -> SearchIndex | None:
    try:
        return SearchIndex.open(folder, segmenter)
    except (SearchIndexMissing, SearchIndexDamaged):
        return None


def _stories(store: Store, ids: Iterable[str]) -> Iterator[tuple[Story, Annotation | None]]:
    for story_id in ids:
        story = store.story(story_id)
        if story:
            yield story, store.annotation(story_id)
