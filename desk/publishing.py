"""From the workspace to the site: the store's stories and the locked issues onto one shelf."""

from __future__ import annotations

from ..index.clock import week_range
from ..index.gazetteer import Gazetteer
from ..index.store import Store
from ..index.themes import load_themes
from ..site.edition import City, County, Edition, EditionItem, Shelf, ShelfStory, Theme
from .issue import Issue, Issues
from .workspace import Workspace


def shelf_of(workspace: Workspace, store: Store) -> Shelf:
    """Everything the site is built from. Stories without an annotation are not on it yet."""
    site, home = workspace.settings.site, workspace.settings.home.province
    gazetteer = Gazetteer.load()
    folds = store.folds()
    return Shelf(
        title=site.title,
        masthead=site.title,
        publisher=site.publisher,
        home=home,
        stories=tuple(
            ShelfStory(story, annotation, first=folds.get(story.id, story.id))
            for story, annotation in store.annotated()
            if annotation
        ),
        editions=tuple(
            _edition(issue)
            for issue in Issues(workspace.issues_folder).all()
            if issue.state == "locked"
        ),
        cities=tuple(
            City(
                city.code,
                city.name,
                tuple(County(one.code, one.name) for one in gazetteer.counties_of(city.code)),
            )
            for city in gazetteer.cities_of(home)
        ),
        themes=tuple(Theme(one.slug, one.name, one.group) for one in load_themes().themes),
        contact=workspace.settings.crawl.contact,
    )


def _edition(issue: Issue) -> Edition:
    first, last = week_range(issue.week)
    return Edition(
        number=issue.number,
        total=issue.total,
        week=issue.week,
        first=first,
        last=last,
        issued=issue.dated,
        note=issue.note,
        items=tuple(
            EditionItem(item.story, item.section, item.headline, item.text) for item in issue.items
        ),
    )
