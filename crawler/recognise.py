"""From the address of a site to the record of a source: which system it runs on, where its stories are
listed, whose place it speaks for. Every line of the proposal carries its reason.

Nothing is guessed silently: what was not seen on the site stays out of the record, and the reason of
a field says what it was taken from.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from ..index.errors import JianbaoError
from ..index.gazetteer import Gazetteer
from .families import FAMILIES, Family, Row
from .problems import ListIsGone
from .proposal import Proposal, id_for, place_of, site_name
from .sources import Source
from .survey import Found, Survey, families_of_stories, look
from .visitor import Visitor


class IsNoNewsSite(JianbaoError):
    """Nothing on the site looks like a list of stories, a feed, a sitemap or an e-paper."""

    code = "JB-235"
    what = "no list of stories was found there ({looked})"
    remedy = "give the address of the page that lists the stories; if a script fetches them, import their text by hand"
    what_zh = "没有找到稿件列表（{looked}）"
    remedy_zh = "请给出稿件列表页的网址；如列表由脚本加载，请手工导入文字"


def recognise(
    visitor: Visitor,
    url: str,
    *,
    gazetteer: Gazetteer,
    province: str = "",
    taken: Collection[str] = (),
    loopback: str = "",
) -> Proposal:
    """Looks at a site and proposes its record.

    Args:
        visitor: asks for the pages; a few dozen at most.
        url: the site's home page, a list, a feed, or an e-paper's front.
        gazetteer: the places that a site can speak for.
        province: where a name that several places share is looked for first.
        taken: ids that other sources have.
        loopback: see :class:`~jianbao.crawler.sources.Source`.

    Raises:
        IsNoWebPage, IsNoNewsSite, LookedTooLong: nothing to propose.
        JianbaoError: of ``problems.py``: the site is down, declines programs, forbids the address, or
            leads to another site or a private address.
    """
    first = visitor.get(url)
    if first.status in (404, 410):
        raise ListIsGone(url, status=first.status)
    survey = Survey(visitor, url)
    lists = list(look(survey, first))
    if not lists:
        raise IsNoNewsSite(
            url, looked="; ".join(survey.looked) or "its home page has no such links"
        )
    family, pattern, why_family = _family_of(survey, lists)
    fields, reasons = _record(survey, lists, gazetteer, province, taken, loopback)
    fields["family"], reasons["family"] = family.name, why_family
    if pattern:
        fields["story_address"] = pattern
        reasons["story_address"] = (
            "the shape of the story addresses on the list; the family's own is another"
        )
    return Proposal(Source.model_validate(fields), reasons, tuple(survey.notes))


def _record(
    survey: Survey,
    lists: list[Found],
    gazetteer: Gazetteer,
    province: str,
    taken: Collection[str],
    loopback: str,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that do not depend on the family, each with its reason."""
    home = survey.home or next(iter(survey.pages.values()), None)
    name, why_name = site_name(home, survey.start)
    code, why_code = place_of(home, name, gazetteer, province)
    first = lists[0]
    fields: dict[str, Any] = {
        "id": id_for(first.url, taken),
        "name": name,
        "kind": first.kind,
        "entries": [one.url for one in lists],
        "home": code,
        "rights": "excerpt",
    }
    reasons = {
        "id": "from the host name; change it now or never",
        "name": why_name,
        "kind": first.why,
        "entries": "; ".join(
            dict.fromkeys(one.words or "the address that was given" for one in lists)
        ),
        "home": why_code,
        "rights": "readers see the lead and a link; ask the office before you show more",
    }
    said = home.meta.get("siteidcode", "") if home is not None else ""
    if re.fullmatch(r"[0-9A-Za-z]{10}", said):
        fields["site_code"], reasons["site_code"] = said, "meta SiteIDCode"
    others = {urlsplit(one.url).netloc for one in lists} | {urlsplit(survey.start).netloc}
    if aliases := sorted(others - {urlsplit(one.url).netloc for one in lists}):
        fields["aliases"], reasons["aliases"] = (
            aliases,
            "the address that was given leads to the entries",
        )
    if loopback:
        fields |= {"loopback": loopback, "delay": 0.02}
        reasons |= {"loopback": "served by this machine", "delay": "served by this machine"}
    else:
        fields["delay"], reasons["delay"] = (
            3.0,
            "seconds between requests; gentle enough for an office line",
        )
    return fields, reasons


def _family_of(survey: Survey, lists: list[Found]) -> tuple[Family, str, str]:
    """The family by a story of the first list; the address pattern where the family's own differs."""
    first = lists[0]
    if first.kind == "epaper" and first.family:
        return first.family, "", "the addresses of its pages and stories"
    told = list(families_of_stories(survey, first))
    # A notice or an old page among the stories may be of no system: the first that has one tells.
    named = [(family, page) for family, page in told if family.name != "plain"]
    read = [(family, page) for family, page in named if family.parts(page) is not None]
    family, story = next(iter(read or named or told), (first.family or FAMILIES["plain"], None))
    why = (
        f"a story page has its fingerprint ({story.url})"
        if story is not None
        else "the list has its fingerprint"
    )
    if family.name == "plain":
        why = "no system's fingerprint was found; everything is read by its looks"
    if first.family and first.family is not family and family.name in ("plain", "table_paper"):
        family, why = first.family, "the list has its fingerprint"
    if first.kind == "feed" or _fits(family, first.rows):
        return family, "", why
    if first.cluster is not None:
        return family, first.cluster.pattern, why
    return family, "", why


def _fits(family: Family, rows: tuple[Row, ...]) -> bool:
    """Whether the family's own shape finds the stories of a list, nearly all of them."""
    hits = sum(family.story_address.search(row.url) is not None for row in rows)
    return hits * 10 >= len(rows) * 9
