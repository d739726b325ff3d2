"""The editors' search 检索. What other modules need of it stands here; nothing else knows what keeps it."""

from .cache import (
    SearchFolderIsForeign,
    SearchIndexBusy,
    SearchIndexCannotBeWritten,
    SearchIndexDamaged,
    SearchIndexMissing,
)
from .engine import SearchIndex
from .query import Query
from .results import FacetCount, Facets, Hit, Results
from .suggest import Hint, hints, near_places
from .typed import Names, dated_words, place_codes, read_line

__all__ = [
    "FacetCount",
    "Facets",
    "Hint",
    "Hit",
    "Names",
    "Query",
    "Results",
    "SearchFolderIsForeign",
    "SearchIndex",
    "SearchIndexBusy",
    "SearchIndexCannotBeWritten",
    "SearchIndexDamaged",
    "SearchIndexMissing",
    "dated_words",
    "hints",
    "near_places",
    "place_codes",
    "read_line",
]
