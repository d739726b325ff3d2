"""``jianbao export``: one issue as Word, PDF, WeChat, Markdown and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from ..index.errors import JianbaoError
from ..index.store import Store
from ..index.tomlfile import write_bytes
from ..site.documents.handout import Handout, Imprint, handout_of
from ..site.documents.markdown import markdown_document
from ..site.documents.pdf import faces, pdf_document
from ..site.documents.table import table
from ..site.documents.wechat import WeChat, uploads, wechat_document
from ..site.documents.word import read_template, template_document, word_document
from ..site.view import make_view
from .console import out, plain, progress
from .csvtext import csv_text
from .pictures import pictures_of
from .publishing import issue_shelf
from .session import Session
from .workspace import Workspace

Form = Literal["docx", "pdf", "wechat", "md", "csv"]
FORMS: tuple[Form, ...] = get_args(Form)
_FILES: dict[Form, str] = {
    "docx": "{key}.docx",
    "pdf": "{key}.pdf",
    "wechat": "{key}-wechat.html",
    "md": "{key}.md",
    "csv": "{key}.csv",
}
UPLOADS = "{key}-wechat-pictures.txt"


class DocumentsCannotBeWritten(JianbaoError):
    """The disk is full, the folder is read-only, or Word holds the file open."""

    code = "JB-470"
    what = "the document could not be written ({detail})"
    remedy = "close it in Word, free some disk space, or give another folder with --out"
    what_zh = "文档写入失败（{detail}）"
    remedy_zh = "请先在 Word 中关闭该文件，或清理磁盘空间后再导出"


class FormIsUnknown(JianbaoError):
    """A form that an issue does not come in."""

    code = "JB-471"
    what = "there is no document form {form!r}"
    remedy = "the forms are docx, pdf, wechat, md and csv; several are parted by commas"
    what_zh = "没有“{form}”这种文档格式"
    remedy_zh = "可选 docx、pdf、wechat、md、csv，多个用逗号隔开"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``remarks`` (Chinese) are what the editor should know: fonts that stood in, pictures
    to upload, that it is a proof."""

    folder: Path
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def export_issue(
    session: Session,
    store: Store,
    key: str,
    forms: Sequence[Form] = FORMS,
    *,
    folder: Path | None = None,
    template: Path | None = None,
) -> Exported:
    """Writes the documents of an issue, all of them or, when one cannot be made, none.

    An issue that is not signed comes out as a proof 送审稿. The same issue gives the same bytes.

    Raises:
        IssueIsMissing, PictureIsUnusable, TemplateIsUnusable, TemplateLacksStyles, FontIsMissing,
        PdfCannotBeMade, DocumentsCannotBeWritten: see there.
    """
    workspace = session.workspace()
    handout = handout_for(session, store, key)
    made: dict[str, bytes] = {}
    remarks = ["本期尚未签发，文档标为送审稿"] if handout.draft else []
    for form in dict.fromkeys(forms):
        made[_FILES[form].format(key=key)] = _made(form, handout, workspace, template)
    if "pdf" in forms:
        stood_in = faces(workspace.fonts_folder).stood_in
        if stood_in:
            told = "、".join(f"{face}（以 {font} 代）" for face, font in stood_in)
            remarks.append(f"本机未装公文字体，PDF 中 {told}")
    if "wechat" in forms and (listed := uploads(handout)):
        made[UPLOADS.format(key=key)] = ("\n".join(listed) + "\n").encode("utf-8-sig")
        remarks.append(f"微信稿有 {len(listed)} 张图片需在公众号后台上传，清单已附")
    folder = folder or workspace.documents_folder / key
    try:
        for name, data in made.items():
            write_bytes(folder / name, data)
    except OSError as error:
        raise DocumentsCannotBeWritten(
            error.filename or folder, detail=error.strerror or error
        ) from error
    return Exported(folder, tuple(folder / name for name in made), tuple(remarks))


def document_of(session: Session, store: Store, key: str, form: Form) -> tuple[str, bytes]:
    """One document and the name of its file, without writing it."""
    handout = handout_for(session, store, key)
    return _FILES[form].format(key=key), _made(form, handout, session.workspace(), None)


def wechat_of(session: Session, store: Store, key: str) -> WeChat:
    """The issue for the WeChat editor, for the desk's copy button."""
    return wechat_document(handout_for(session, store, key))


def handout_for(session: Session, store: Store, key: str) -> Handout:
    """The issue as its documents print it."""
    draft = session.issues().get(key).state != "signed"
    workspace = session.workspace()
    shelf = issue_shelf(session, store, key)
    (edition,) = shelf.editions
    wanted = workspace.settings.documents
    ids = [item.story_id for item in edition.items]
    stories = {item.story.id: item.story for item in shelf.stories}
    return handout_of(
        make_view(shelf),
        edition,
        draft=draft,
        imprint=Imprint(wanted.tail, wanted.copies),
        pictures=pictures_of(workspace.pictures_folder, ids, stories),
    )


def _made(form: Form, handout: Handout, workspace: Workspace, template: Path | None) -> bytes:
    if form == "docx":
        own = workspace.settings.documents.template
        path = template or (workspace.root / own if own else None)
        return word_document(handout, read_template(path) if path else None)
    if form == "pdf":
        return pdf_document(handout, workspace.fonts_folder)
    if form == "wechat":
        return wechat_document(handout).page(handout.name).encode("utf-8")
    if form == "md":
        return markdown_document(handout).encode("utf-8")
    return csv_text(table(handout)).encode("utf-8")


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(export)


def export(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(help="The issue: 47, z2 (a supplement), or 2026-47.")
    ] = "",
    to: Annotated[
        str, typer.Option("--to", help="Forms, parted by commas: docx, pdf, wechat, md, csv.")
    ] = ",".join(FORMS),
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write (default: documents/ of the workspace)."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", help="Your office's own Word template (default: as in jianbao.toml)."
        ),
    ] = None,
    save_template: Annotated[
        Path | None,
        typer.Option(
            "--save-template", help="Write the default Word template here, to change it in Word."
        ),
    ] = None,
) -> None:
    """Write an issue as Word, PDF, WeChat, Markdown and a table."""
    if save_template:
        _save_template(save_template)
        return
    if not number:
        raise typer.BadParameter("say which issue: jianbao export 47", param_hint="NUMBER")
    session = Session.of(context)
    forms = _forms(to)
    key = session.issues().resolve(number)
    with session.read() as store, progress() as bars:
        bars.add_task("export", total=None)
        done = export_issue(session, store, key, forms, folder=folder, template=template)
    for path in done.files:
        out.print(str(path))
    for remark in done.remarks:
        out.print(plain(remark))


def _forms(to: str) -> list[Form]:
    known: dict[str, Form] = {form: form for form in FORMS}
    names = [part.strip().lower() for part in to.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise FormIsUnknown(form=unknown[0])
    return [known[name] for name in names]


def _save_template(path: Path) -> None:
    if path.exists():
        raise typer.BadParameter(f"{path} exists already; nothing was written")
    try:
        write_bytes(path, template_document())
    except OSError as error:
        raise DocumentsCannotBeWritten(path, detail=error.strerror or error) from error
    out.print(f"{path}: change its styles in Word, then write template = {path.name!r} under")
    out.print("[documents] in jianbao.toml, with the file beside it, or give --template.")
