"""Bringing what is made from the store up to date: annotations, folds, the search index."""

from __future__ import annotations

from dataclasses import dataclass

from rich.progress import Progress

from ..index.annotate import Annotator
from ..index.gazetteer import Gazetteer
from ..index.reprints import fold_reprints
from ..index.search import SearchIndex
from ..index.segment import default_segmenter
from ..index.store import Store
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
    """Annotates what is new or changed, folds reprints, and makes the search index anew.

    With ``rebuild`` every story is annotated again.
    """
    annotator = annotator_of(workspace)
    waiting = list(store.stories()) if rebuild else store.unannotated(annotator.rules)
    for story in bars.track(waiting, description="annotate"):
        store.put_annotation(story.id, annotator.annotate(story), annotator.rules)
    everything = list(store.annotated())
    firsts = fold_reprints(story for story, _ in everything)
    store.put_folds(firsts)
    task = bars.add_task("search index", total=len(everything))
    SearchIndex.rebuild(
        workspace.index_folder,
        everything,
        default_segmenter(workspace.words()),
        progress=lambda done: bars.update(task, completed=done),
    )
    known = [annotation for _, annotation in everything if annotation]
    return Indexed(
        annotated=len(waiting),
        stories=len(everything),
        folded=sum(own != first for own, first in firsts.items()),
        without_county=sum(one.relevant and not one.counties for one in known),
        set_aside=sum(not one.relevant for one in known),
    )
