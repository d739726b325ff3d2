"""Bringing what is made from the store up to date: annotations, folds, the search index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from ..index.annotate import Annotator
from ..index.annotation import Annotation
from ..index.gazetteer import Gazetteer
from ..index.reprints import fold_reprints
from ..index.search import SearchIndex, SearchIndexDamaged, SearchIndexMissing
from ..index.segment import Segmenter, default_segmenter
from ..index.store import Store
from ..index.story import Story
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one run of :func:`bring_up_to_date` did."""

    annotated: int
    stories: int
    folded: int
    without_county: int
    set_aside: int

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
        Gazetteer.load(), workspace.themes(), segmenter, home=workspace.settings.home.province
    )


def bring_up_to_date(
    workspace: Workspace, store: Store, bars: Progress, *, rebuild: bool = False
) -> Indexed:
    """Annotates what is new or changed, folds reprints, and brings the search index up to date.

    With ``rebuild`` every story is annotated again and the search index is made anew.
    """
    annotator = annotator_of(workspace)
    waiting = list(store.stories()) if rebuild else store.unannotated(annotator.rules)
    for story in bars.track(waiting, description="annotate"):
        store.put_annotation(story.id, annotator.annotate(story), annotator.rules)
    everything = list(store.annotated())
    firsts = fold_reprints(story for story, _ in everything)
    store.put_folds(firsts)
    update_search(workspace, store, bars, rebuild=rebuild)
    known = [annotation for _, annotation in everything if annotation]
    return Indexed(
        annotated=len(waiting),
        stories=len(everything),
        folded=sum(own != first for own, first in firsts.items()),
        without_county=sum(one.relevant and not one.counties for one in known),
        set_aside=sum(not one.relevant for one in known),
    )


def update_search(workspace: Workspace, store: Store, bars: Progress, *, rebuild: bool) -> None:
    """Writes to the search index what has changed in the store since; the whole of it when the index
    is missing, was made by other rules, is damaged, or half of it would change."""
    segmenter = default_segmenter(workspace.words())
    stamps = store.stamps()
    index = None if rebuild else _usable(workspace.index_folder, segmenter)
    if index is not None:
        with index:
            changed = [one for one, stamp in stamps.items() if index.stamps.get(one) != stamp]
            removed = sorted(index.stamps.keys() - stamps.keys())
            if 2 * (len(changed) + len(removed)) <= len(stamps):
                if changed or removed:
                    task = bars.add_task("search index", total=len(changed))
                    index.update(_stories(store, changed), removed, stamps=stamps)
                    bars.update(task, completed=len(changed))
                return
    task = bars.add_task("search index", total=len(stamps))
    SearchIndex.rebuild(
        workspace.index_folder,
        store.annotated(),
        segmenter,
        stamps=stamps,
        progress=lambda done: bars.update(task, completed=done),
    ).close()


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
