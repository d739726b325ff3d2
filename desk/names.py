"""What a person types for a place, a theme or a day → codes, slugs and dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import typer

from ..index.gazetteer import Gazetteer
from ..index.search import near_places, place_codes
from ..index.themes import Themes


def county_codes(names: Iterable[str]) -> set[str]:
    """Codes of counties and cities, named by code, full name or short name (文水, 吕梁).

    Raises:
        typer.BadParameter: no county or city has that name.
    """
    gazetteer = Gazetteer.load()
    codes: set[str] = set()
    for name in names:
        places = map(gazetteer.place, place_codes(name, gazetteer))
        found = {place.code for place in places if place and place.level in ("county", "city")}
        if not found:
            near = near_places(name, gazetteer, towns=False)
            raise typer.BadParameter(
                f"no county or city is called {name!r}; "
                + (f"did you mean {' or '.join(near)}?" if near else "write its full name: 文水县")
            )
        codes |= found
    return codes


def theme_slugs(names: Iterable[str], themes: Themes) -> set[str]:
    """Slugs of themes, named by slug or Chinese name.

    Raises:
        typer.BadParameter: there is no such theme; the message lists them.
    """
    known = {key: theme.slug for theme in themes.themes for key in (theme.slug, theme.name)}
    slugs: set[str] = set()
    for name in names:
        if name not in known:
            listed = ", ".join(f"{theme.slug} {theme.name}" for theme in themes.themes)
            raise typer.BadParameter(f"there is no theme {name!r}; the themes are {listed}")
        slugs.add(known[name])
    return slugs


def day(text: str, option: str) -> date | None:
    """A day as ``YYYY-MM-DD``, or ``None`` for an empty text.

    Raises:
        typer.BadParameter: the text is not a day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{option} {text!r} is not a day; write it as 2026-11-22"
        ) from None


def choice(text: str, option: str, allowed: Sequence[str]) -> str:
    """The text, when it is one of the allowed words.

    Raises:
        typer.BadParameter: it is not.
    """
    if text not in allowed:
        raise typer.BadParameter(f"{option} {text!r} is not one of {', '.join(allowed)}")
    return text


def sections(themes: Themes) -> dict[str, str]:
    """Theme slug → name of its group, the section of an issue that it stands in; in order of print."""
    names = {group.slug: group.name for group in themes.groups}
    return {theme.slug: names[theme.group] for theme in themes.themes}
