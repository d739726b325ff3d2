"""Templates to pages. Every value is escaped; a name that a template does not get is an error."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ...index.annotation import Annotation
from ...index.clock import week_range
from ...index.gazetteer import Gazetteer
from ...index.limits import DESK_LINE_CHARACTERS, QUERY_CHARACTERS
from ...site.rights import byline_line, clean, safe_url
from .words import RIGHTS, SAID

if TYPE_CHECKING:
    from .ask import Ask

NAVIGATION: Final = (
    ("/tray", "待选"),
    ("/issue", "本期"),
    ("/coverage", "覆盖"),
    ("/sources", "来源"),
    ("/import", "导入"),
    ("/search", "检索"),
    ("/help", "帮助"),
)
WEEKDAYS: Final = "一二三四五六日"


class Printer:
    """Renders the desk's pages."""

    def __init__(self, assets: Path) -> None:
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters |= {
            "zh_date": zh_date,
            "zh_short": zh_short,
            "zh_week": zh_week,
            "zh_time": zh_time,
            "clean": clean,
            "safe_url": safe_url,
            "byline": byline_line,
            "county": county_name,
            "full_place": full_place,
        }
        digest = hashlib.sha256(b"".join(one.read_bytes() for one in sorted(assets.iterdir())))
        self._env.globals |= {
            "stamp": digest.hexdigest()[:10],
            "navigation": NAVIGATION,
            "query_characters": QUERY_CHARACTERS,
            "line_characters": DESK_LINE_CHARACTERS,
            "words": SAID,
            "rights_words": RIGHTS,
        }

    def page(self, ask: Ask, template: str, **facts: Any) -> str:
        """A page with the desk's head and the form token."""
        path = ask.request.url.path
        shown = {
            "office": ask.room.workspace().settings.site.title,
            "here": next(
                (to for to, _ in NAVIGATION if path == to or path.startswith(f"{to}/")), ""
            ),
            "address": path + (f"?{ask.request.url.query}" if ask.request.url.query else ""),
            "token": ask.room.keys.form,
            "said": ask.query("said"),
            "county_names": county_names(ask.room.workspace().settings.home.province),
        }
        return self._env.get_template(template).render({**shown, **facts})

    def bare(self, template: str, **facts: Any) -> str:
        """A page that needs no workspace: refusals and errors."""
        return self._env.get_template(template).render(facts)


def zh_date(day: date | None) -> str:
    """``2026年11月20日``."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "日期不详"


def zh_short(day: date | None) -> str:
    """``11月20日 周五``."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}" if day else "日期不详"


def zh_time(moment: datetime | str) -> str:
    """``11月20日 18:05``."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def zh_week(week: str) -> str:
    """``2026年第47周（11月16日—22日）``."""
    first, last = week_range(week)
    until = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{week[:4]}年第{int(week[6:])}周（{first.month}月{first.day}日—{until}）"


def county_name(code: str) -> str:
    """The name of a county, city or province; the code where there is none."""
    places = Gazetteer.load()
    found = places.place(code)
    return found.name if found else code


def full_place(code: str) -> str:
    """``吕梁市文水县``: the name that is not another county's."""
    places = Gazetteer.load()
    found = places.place(code)
    if found is None:
        return code
    city = places.place(places.city_of(code)) if found.level == "county" else None
    return f"{city.name}{found.name}" if city and city.code != code else found.name


def places_of(about: Annotation | None) -> tuple[str, ...]:
    """The codes that a story is shown under: its counties, else its city, else nothing."""
    if about is None:
        return ()
    return about.counties or ((about.city,) if about.city else ())


@lru_cache(maxsize=4)
def county_names(province: str) -> tuple[str, ...]:
    """Full names of a province's counties, for the fields where one is typed."""
    places = Gazetteer.load()
    return tuple(
        places.full_name(county.code)
        for city in places.cities_of(province)
        for county in places.counties_of(city.code)
    )


def joined(values: Iterable[str]) -> str:
    """``甲、乙``."""
    return "、".join(values)
