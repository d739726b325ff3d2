"""One spider for each kind of source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..sources import Kind
from .epaper import EpaperSpider
from .feed import FeedSpider
from .listing import ListingSpider
from .sitemap import SitemapSpider
from .walk import WalkSpider

SPIDERS: Final[Mapping[Kind, type[WalkSpider]]] = {
    "epaper": EpaperSpider,
    "feed": FeedSpider,
    "listing": ListingSpider,
    "sitemap": SitemapSpider,
}
