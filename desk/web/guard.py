"""The guard at the desk's door: every request passes it before anything else sees it.

The desk stands on the machine's own loopback address, where every page in the editor's browser could
send requests, too. So: the Host must be ours (a foreign name that resolves here is DNS rebinding), the
Origin must be ours or absent, a cookie that only the printed address gives must be there, a body has a
size, and every answer carries a policy that lets no inline script or style and nothing foreign in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...index.errors import JianbaoError
from ...index.limits import DESK_REQUEST_BYTES
from .keys import Keys, same

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": with it browsers send their forms with "Origin: null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
OPEN_PATHS: Final = "/assets/"
"""What a page that refuses a visitor needs to be readable; nothing of the workspace is there."""


class VisitorIsForeign(JianbaoError):
    """The request does not come from the editor's own window."""

    code = "JB-481"
    what = "the request does not come from this desk ({detail})"
    remedy = "open the address that `jianbao desk` printed"
    what_zh = "这个请求不是从编辑台发出的（{detail}）"
    remedy_zh = "请打开运行 jianbao desk 时显示的完整地址"


class RequestIsTooBig(JianbaoError):
    """More was sent than a form or a page of text can be."""

    code = "JB-482"
    what = "the request is larger than {limit_mb} MB"
    remedy = "give one page of text at a time; nothing was taken"
    what_zh = "提交的内容超过 {limit_mb} MB"
    remedy_zh = "请一次只提交一个版面的文字，没有保存任何内容"


Refuse = Callable[[JianbaoError, int], Response]


class Guard:
    """An ASGI application around the desk's own.

    Args:
        app: the desk.
        keys: of this run.
        port: the desk listens on; part of its Host and Origin.
        refuse: makes the page for a visitor that is turned away.
    """

    def __init__(self, app: ASGIApp, keys: Keys, port: int, refuse: Refuse) -> None:
        self._app, self._keys, self._refuse = app, keys, refuse
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # the desk has no sockets
            return
        answer = self._turned_away(scope) or self._entering(scope)
        if answer is not None:
            await answer(scope, receive, _with_headers(send))
            return
        await self._app(scope, _capped(receive), _with_headers(send))

    def _turned_away(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"] not in self._hosts:
            return self._refuse(VisitorIsForeign(detail="Host"), 421)
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return self._refuse(VisitorIsForeign(detail="Origin"), 403)
        # A browser that knows fetch metadata says where a request began; a navigation typed by hand is "none".
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return self._refuse(VisitorIsForeign(detail="Sec-Fetch-Site"), 403)
        if scope["method"] not in ("GET", "HEAD") and origin is None:
            return self._refuse(VisitorIsForeign(detail="Origin"), 403)
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > DESK_REQUEST_BYTES:
            return self._refuse(too_big(), 413)
        return None

    def _entering(self, scope: Scope) -> Response | None:
        """The way in: the printed address gives the cookie; without it there is only the way out."""
        if scope["path"].startswith(OPEN_PATHS):
            return None
        key = QueryParams(scope["query_string"]).get("key", "")
        if key and scope["method"] == "GET" and same(key, self._keys.entry):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(
                self._keys.cookie_name,
                self._keys.cookie,
                path="/",
                httponly=True,
                samesite="strict",
            )
            return answer
        if same(_cookie(Headers(scope=scope), self._keys.cookie_name), self._keys.cookie):
            return None
        return self._refuse(VisitorIsForeign(detail="key"), 403)


def too_big() -> RequestIsTooBig:
    """The error for a body over the limit."""
    return RequestIsTooBig(limit_mb=DESK_REQUEST_BYTES // (1024 * 1024))


def _cookie(headers: Headers, name: str) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def _capped(receive: Receive) -> Receive:
    """Counts what really comes: a chunked body declares no length."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > DESK_REQUEST_BYTES:
            raise too_big()
        return message

    return counted


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                if name not in headers:
                    headers[name] = value
        await send(message)

    return sending
