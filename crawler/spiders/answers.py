"""What an answer, or the lack of one, says: headers, kinds, and whether it is for good."""

from __future__ import annotations

from typing import Final

from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ..charset import BytesAreNotText
from ..failures import Declined
from ..problems import LeadsElsewhere, ListIsTooLarge, RobotsForbid

GONE: Final = (404, 410)
_PAGE_ONLY: Final = (401, 403, 451)
"""Refusals that may be meant for one page: a site that means all of them answers so again and again."""


def header(response: Response, name: str) -> str:
    """A header of an answer; empty when it has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def headers_of(response: Response) -> list[tuple[str, str]]:
    """Every header of an answer, in order."""
    return [
        (str(name, "latin-1"), str(value, "latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def may_be_html(response: Response) -> bool:
    """Whether an answer calls itself a page, or calls itself nothing."""
    said = header(response, "Content-Type").lower()
    return not said or "html" in said or said.startswith("text/")


def answered(failure: Failure) -> Response | None:
    """The answer behind a failure, where there was one."""
    error = failure.value
    return error.response if isinstance(error, HttpError) else None


def status_of(failure: Failure) -> int:
    """The status behind a failure; 0 where nothing was answered."""
    response = answered(failure)
    return response.status if response else 0


def is_gone(failure: Failure) -> bool:
    """Whether the site says that it has no such page."""
    return status_of(failure) in GONE


def is_of_one_page(failure: Failure) -> bool:
    """Whether a refusal may be meant for this page only."""
    return status_of(failure) in _PAGE_ONLY


def for_good(failure: Failure) -> str:
    """Why a page will never be read, as a key of ``REASONS``; empty when it may come back.

    A page that robots.txt closes is not among them: such files are mended.
    """
    error = failure.value
    if status_of(failure) == 410:
        return "gone"
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):
        return "too-large"
    if isinstance(error, Declined):
        kinds = {
            LeadsElsewhere: "elsewhere",
            BytesAreNotText: "broken-bytes",
            ListIsTooLarge: "too-large",
        }
        return kinds.get(type(error.problem), "")
    return ""


def closed_by_robots(failure: Failure) -> bool:
    """Whether robots.txt asks programs not to read the page."""
    error = failure.value
    return isinstance(error, Declined) and isinstance(error.problem, RobotsForbid)
