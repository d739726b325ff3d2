"""The desk as a web application: its addresses, its errors, its door."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ...index.errors import JianbaoError
from ...index.store import WriterIsBusy
from ...index.tomlfile import FileIsWrong
from ..issue import SignedIssueWasChanged
from ..issue_folder import IssueFolder
from ..session import Session
from . import (
    coverage_view,
    edit_view,
    export_view,
    help_view,
    import_view,
    issue_view,
    review_view,
    search_view,
    source_view,
    story_view,
    tray_view,
)
from .ask import FieldIsWrong, FormIsStale, Handler, NoSuchPage, endpoint
from .guard import Guard, RequestIsTooBig
from .keys import Keys
from .printing import Printer
from .room import Room

ASSETS: Final = Path(__file__).parent / "assets"
KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Views = tuple[tuple[str, str, Handler], ...]


def make_app(session: Session, keys: Keys, port: int) -> ASGIApp:
    """The desk of a workspace, behind its guard.

    Raises:
        WorkspaceIsMissing, FileIsWrong: there is no workspace to sit at.
    """
    session.workspace()
    room = Room(session, keys, Printer(ASSETS))
    routes = [Route("/assets/{name}", _assets())]
    for method, path, handler in views():
        routes.append(Route(path, endpoint(room, handler), methods=[method]))

    async def on_error(request: Request, error: Exception) -> Response:
        return _error_page(room, error, quiet=request.headers.get("x-jianbao-quiet") == "1")

    app = Starlette(
        routes=routes,
        exception_handlers={
            JianbaoError: on_error,
            HTTPException: on_error,
            OSError: on_error,
            # Ours to mend, not the editor's: a page that says so, and the trace in the command's window.
            Exception: on_error,
        },
    )
    return Guard(app, keys, port, lambda error, status: _refusal(room, error, status))


def views() -> Views:
    """Every address of the desk, with the method and what answers."""
    return (
        *tray_view.VIEWS,
        *issue_view.VIEWS,
        *edit_view.VIEWS,
        *review_view.VIEWS,
        *export_view.VIEWS,
        *coverage_view.VIEWS,
        *import_view.VIEWS,
        *source_view.VIEWS,
        *search_view.VIEWS,
        *story_view.VIEWS,
        *help_view.VIEWS,
    )


def _assets() -> Handler:
    """The files of the desk, read once: no name from a request ever becomes a path."""
    files = {one.name: one.read_bytes() for one in sorted(ASSETS.iterdir()) if one.suffix in KINDS}

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        kind = KINDS[Path(name).suffix]
        return Response(files[name], media_type=f"{kind}; charset=utf-8")

    return asset  # type: ignore[return-value]


def _error_page(room: Room, error: Exception, *, quiet: bool) -> Response:
    """What happened, what to do next, and that nothing was lost."""
    if isinstance(error, HTTPException):
        error = NoSuchPage()
    elif isinstance(error, OSError):
        error = DiskFails(detail=error.strerror or error)
    elif not isinstance(error, JianbaoError):
        error = JianbaoError()
    status = _status(error)
    if quiet:
        headers = {"content-type": "text/plain; charset=utf-8"}
        return Response(error.chinese(), status, headers)
    mends = _mendable(error)
    page = room.printer.bare(
        "error.html", error=error, told=told(error), mends=mends, token=room.keys.form
    )
    return HTMLResponse(page, status)


def _mendable(error: JianbaoError) -> str:
    """The key of the issue whose file was broken by hand: its last good text can be put back."""
    if not isinstance(error, FileIsWrong | SignedIssueWasChanged):
        return ""
    path = Path(re.sub(r":\d+$", "", error.where))
    named = path.parent.name == "issues" and re.fullmatch(r"\d{4}-z?\d+\.toml", path.name)
    return IssueFolder.key_of(path) if named else ""


def _refusal(room: Room, error: JianbaoError, status: int) -> Response:
    return HTMLResponse(room.printer.bare("refused.html", error=error, told=told(error)), status)


def told(error: JianbaoError) -> tuple[str, str]:
    """What happened and what to do, in Chinese, each a sentence."""
    return error.what_zh.format(**error.facts), error.remedy_zh.format(**error.facts)


class DiskFails(JianbaoError):
    """A file of the workspace cannot be read or written."""

    code = "JB-486"
    what = "a file of the workspace could not be read or written ({detail})"
    remedy = "free some disk space or check the folder's rights, then try again; nothing was half-written"
    what_zh = "工作区的文件无法读写（{detail}）"
    remedy_zh = "请清理磁盘空间或检查文件夹权限后重试，没有写入半截数据"


def _status(error: JianbaoError) -> int:
    if isinstance(error, NoSuchPage):
        return 404
    if isinstance(error, RequestIsTooBig):
        return 413
    if isinstance(error, FormIsStale):
        return 403
    if isinstance(error, FieldIsWrong):
        return 400
    if isinstance(error, WriterIsBusy):
        return 503
    if type(error) is JianbaoError:
        return 500
    return 409 if error.code.startswith("JB-4") else 500 if isinstance(error, DiskFails) else 422
