"""From Scrapy's failures to our sentences."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
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


_DETAILS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, f"no answer within {RESPONSE_SECONDS} s"),
    (DownloadConnectionRefusedError, "the connection was refused"),
    (CannotResolveHostError, "its name is not known"),
    (ResponseDataLossError, "the answer was cut off"),
    (NotSupported, "it sent us to an address of another kind"),
    (DownloadFailedError, "its answer could not be understood"),
)


def problem_of(failure: Failure, where: str) -> JianbaoError:
    """The sentence for a failed request."""
    error = failure.value
    if isinstance(error, Declined):
        return error.problem
    if isinstance(error, HttpError):
        return problem_of_status(error.response.status, where)
    if isinstance(error, DownloadCancelledError):
        return ListIsTooLarge(where, limit=RESPONSE_BYTES)
    host = (urlsplit(where).hostname or "").lower()
    if isinstance(error, CannotResolveHostError) and host in PRIVATE_NAMES:
        return LeadsElsewhere(where, target=PRIVATE_NAMES[host])
    for kind, detail in _DETAILS:
        if isinstance(error, kind):
            return SiteIsDown(where, detail=detail)
    if isinstance(error, ValueError) and "scheme" in str(error):
        return SiteIsDown(where, detail="it sent us to an address of another kind")
    return SiteIsDown(where, detail=str(error) or type(error).__name__)


def problem_of_status(status: int, where: str) -> JianbaoError:
    """The sentence for an answer that is not the page."""
    if status in _DECLINING:
        return SiteDeclines(where, status=status)
    return ListIsGone(where, status=status) if status in _GONE else SiteFails(where, status=status)
