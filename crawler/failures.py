"""From Scrapy's failures to our sentences."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ..index.errors import JianbaoError
from ..index.limits import RESPONSE_BYTES, RESPONSE_SECONDS
from .problems import (
    LeadsElsewhere,
    ListIsGone,
    ListIsTooLarge,
    SiteDeclines,
    SiteFails,
    SiteIsDown,
)

_DECLINING = frozenset((401, 403, 412, 429, 451, 521))
_GONE = frozenset((404, 410))

PRIVATE_NAMES: dict[str, str] = {}
"""Host names that led to a private address in this process; the guard writes them down here, because
what comes out of a resolver is only "no such name"."""


class Declined(IgnoreRequest):
    """Scrapy's way of ending a request early, carrying our sentence."""

    def __init__(self, problem: JianbaoError) -> None:
        self.problem = problem
        super().__init__(problem.english())


def problem_of(failure: Failure, where: str) -> JianbaoError:
    """The sentence for a failed request."""
    error = failure.value
    if isinstance(error, Declined):
        return error.problem
    if isinstance(error, HttpError):
        status = error.response.status
        if status in _DECLINING:
            return SiteDeclines(where, status=status)
        return (
            ListIsGone(where, status=status) if status in _GONE else SiteFails(where, status=status)
        )
    if isinstance(error, DownloadCancelledError):
        return ListIsTooLarge(where, limit=RESPONSE_BYTES)
    if isinstance(error, DownloadTimeoutError):
        return SiteIsDown(where, detail=f"no answer within {RESPONSE_SECONDS} s")
    if isinstance(error, CannotResolveHostError):
        if refused := PRIVATE_NAMES.get((urlsplit(where).hostname or "").lower()):
            return LeadsElsewhere(where, target=refused)
        return SiteIsDown(where, detail="its name is not known")
    if isinstance(error, IgnoreRequest):
        return SiteIsDown(where, detail=str(error))
    return SiteIsDown(where, detail=type(error).__name__)
