"""The editors' search 检索. What other modules need of it stands here; nothing else knows what keeps it."""

from .engine import SearchIndex
from .query import Query
from .results import FacetCount, Facets, Hit, Results

__all__ = ["FacetCount", "Facets", "Hit", "Query", "Results", "SearchIndex"]
