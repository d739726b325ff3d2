"""One request, as the handlers see it: what was asked, checked, and the ways to answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ...index.errors import JianbaoError
from ...index.limits import DESK_FIELDS, DESK_LINE_CHARACTERS, DESK_REQUEST_BYTES
from .keys import same
from .room import Room

STORY_ID: Final = r"[0-9a-f]{12}"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class FormIsStale(JianbaoError):
    """A form without this desk's token: forged, or of another workspace's desk."""

    code = "JB-483"
    what = "the form is not of this desk"
    remedy = "go back, load the page again and send it once more; nothing was changed"
    what_zh = "这份表单不是本编辑台发出的"
    remedy_zh = "请返回并刷新页面后再提交一次，没有改动任何内容"


class FieldIsWrong(JianbaoError):
    """A field of a form holds something that it cannot hold."""

    code = "JB-484"
    what = "the field {name} cannot be read ({problem})"
    remedy = "go back and correct it; nothing was changed"
    what_zh = "“{name_zh}”一项填写有误（{problem_zh}）"
    remedy_zh = "请返回改正，没有改动任何内容"


class NoSuchPage(JianbaoError):
    """An address of the desk that leads nowhere."""

    code = "JB-485"
    what = "the desk has no such page"
    remedy = "choose one of the views at the top"
    what_zh = "编辑台没有这个页面"
    remedy_zh = "请从页首选择一个栏目"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it. ``name`` is for showing only and never becomes a path."""

    name: str
    data: bytes


@dataclass(slots=True)
class Ask:
    """A request with its form read. Handlers get it, and give back one of its answers."""

    room: Room
    request: Request
    form: Mapping[str, list[str]]
    files: tuple[Upload, ...] = ()
    number: int = 0
    """The issue 期 that the request is about, for the counting of effort; 0 is none."""

    def word(self, name: str) -> str:
        """A path parameter."""
        return str(self.request.path_params[name])

    def query(self, name: str, most: int = DESK_LINE_CHARACTERS) -> str:
        """A query parameter, or an empty text."""
        return _UNPRINTABLE.sub("", self.request.query_params.get(name, ""))[:most].strip()

    def queries(self, name: str) -> tuple[str, ...]:
        """All values of a query parameter."""
        values = self.request.query_params.getlist(name)
        return tuple(dict.fromkeys(v for v in (_clean(v) for v in values) if v))[:DESK_FIELDS]

    def line(self, name: str, name_zh: str, *, needed: bool = False) -> str:
        """A field of one line.

        Raises:
            FieldIsWrong: it is too long; or empty, where it is needed.
        """
        text = " ".join(_clean(self.first(name)).split())
        if len(text) > DESK_LINE_CHARACTERS:
            raise wrong(name, name_zh, "too long", f"超过 {DESK_LINE_CHARACTERS} 字")
        if needed and not text:
            raise wrong(name, name_zh, "empty", "没有填写")
        return text

    def text(self, name: str, name_zh: str, most: int) -> str:
        """A field of several lines; line ends become ``\\n``."""
        text = _clean(self.first(name).replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
        if len(text) > most:
            raise wrong(name, name_zh, "too long", f"超过 {most} 字")
        return text

    def first(self, name: str) -> str:
        """A field as it came, or an empty text."""
        return (self.form.get(name) or [""])[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return tuple(map(_clean, self.form.get(name, [])))

    @property
    def quiet(self) -> bool:
        """Whether the desk's script asks, and shows the answer itself."""
        return self.request.headers.get("x-jianbao-quiet") == "1"

    # --- answers ---

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page."""
        return HTMLResponse(self.room.printer.page(self, template, **facts), status)

    def data(self, facts: dict[str, Any], status: int = 200) -> Response:
        """An answer to the script."""
        return JSONResponse(facts, status)

    def go(self, path: str, **query: str) -> Response:
        """On to another page, so that loading it again repeats no action."""
        more = urlencode({key: value for key, value in query.items() if value})
        path, _, anchor = path.partition("#")
        joined = "&" if "?" in path else "?"
        target = f"{path}{joined}{more}" if more else path
        return RedirectResponse(f"{target}#{anchor}" if anchor else target, 303)

    def back(self, default: str, **query: str) -> Response:
        """On to the page of the desk that the form names; never anywhere else."""
        to = self.first("to")
        inside = re.fullmatch(r"/(?!/)[\w%./?=&~+:-]*(#[\w-]*)?", to, re.ASCII)
        return self.go(to if inside else default, **query)


Handler = Callable[[Ask], Response]


def wrong(name: str, name_zh: str, problem: str, problem_zh: str) -> FieldIsWrong:
    """The error for one field."""
    return FieldIsWrong(name=name, problem=problem, name_zh=name_zh, problem_zh=problem_zh)


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


async def read(room: Room, request: Request) -> Ask:
    """Reads a request, its form and its files; a form without this desk's token goes no further.

    Raises:
        FormIsStale: the token is missing or wrong.
        FieldIsWrong: the form cannot be read.
    """
    if request.method in ("GET", "HEAD"):
        return Ask(room, request, {})
    try:
        form: FormData = await request.form(
            max_files=20, max_fields=DESK_FIELDS, max_part_size=DESK_REQUEST_BYTES
        )
    except HTTPException as error:
        raise wrong("form", "表单", error.detail, "表单格式无法识别") from None
    fields: dict[str, list[str]] = {}
    files: list[Upload] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files.append(Upload(_clean(value.filename)[-100:], await value.read()))
        else:
            fields.setdefault(name, []).append(value)
    await form.close()
    if not same((fields.get("token") or [""])[0], room.keys.form):
        raise FormIsStale()
    return Ask(room, request, fields, tuple(files))


def endpoint(room: Room, handler: Handler) -> Callable[[Request], Any]:
    """A handler as Starlette calls it: in a thread, because the store and the files wait."""

    async def answer(request: Request) -> Response:
        ask = await read(room, request)
        return await run_in_threadpool(room.serve, handler, ask)

    return answer
