"""One address for one story, however many addresses carry it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from .families import Family
from .sources import Source

_TRACKING: Final = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "spm", "from"),
    *("isappinstalled", "share_token", "wfr", "scene", "srcid", "nsukey", "timestamp"),
)
_INDEX: Final = re.compile(r"/index\.s?html?$")
_PORTS: Final = {"http": "80", "https": "443"}
# The province's own names under .cn stand before it like .com and .gov do.
_SECOND_LEVEL: Final = frozenset(
    [
        "ac",
        "com",
        "edu",
        "gov",
        "mil",
        "net",
        "org",
        "bj",
        "sh",
        "tj",
        "cq",
        "he",
        "sx",
        "nm",
        "ln",
        "jl",
        "hl",
        "js",
        "zj",
        "ah",
        "fj",
        "jx",
        "sd",
        "ha",
        "hb",
        "hn",
        "gd",
        "gx",
        "hi",
        "sc",
        "gz",
        "yn",
        "xz",
        "sn",
        "gs",
        "qh",
        "nx",
        "xj",
    ]
)


def canonical_address(url: str, family: Family | None = None, source: Source | None = None) -> str:
    """The one address of a story.

    It has no fragment, no tracking parameters, no default port and no ``index.html``; it stands on
    the source's main host where the source names others as its aliases, and in the main tree where
    the source or its family knows of twins.
    """
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    name, _, port = host.rpartition(":")
    if name and _PORTS.get(scheme) == port:
        host = name
    path = _INDEX.sub("/", parts.path) or "/"
    if source:
        main = urlsplit(source.entries[0])
        if host in source.aliases or host == main.netloc.lower():
            scheme, host = main.scheme, main.netloc.lower()
        for twin, tree in source.twins.items():
            path = path.replace(twin, tree, 1)
    plain = urlunsplit((scheme, host, path, parts.query, ""))
    if parts.query:
        plain = canonicalize_url(url_query_cleaner(plain, _TRACKING, remove=True)).rstrip("?")
    return family.canonical(plain) if family else plain


def site_of(host: str) -> str:
    """The part of a host name that one office registered: ``qinyuan.gov.cn`` of ``www.qinyuan.gov.cn``.

    Numbers and single names are their own site; a port is not part of it.
    """
    name = host.lower().rpartition("@")[2].split(":")[0].rstrip(".")
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return name
    takes = 3 if labels[-1] == "cn" and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-takes:])
