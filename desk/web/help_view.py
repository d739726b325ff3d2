"""Help 帮助: the week in short, and every shortcut; switching the shortcuts off."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from .ask import Ask

KEYS: Final = (
    ("全部页面", (("?", "打开本页"), ("/", "跳到检索框"), ("g 然后 t", "待选"), ("g 然后 i", "本期"),
     ("g 然后 f", "覆盖"), ("g 然后 l", "来源"), ("g 然后 d", "导入"), ("g 然后 s", "检索"),
     ("u", "撤销上一步"), ("n", "下一步（页首红色按钮）"))),
    ("待选", (("j 或 ↓", "下一篇"), ("k 或 ↑", "上一篇"), ("s", "选入本期"), ("h", "留用"),
     ("x", "不用"), ("o 或 回车", "展开或收起正文和依据"))),
    ("本期·编排", (("j / k", "下一条 / 上一条"), ("Alt+↑ / Alt+↓", "上移 / 下移"), ("e", "编辑这一条"))),
    ("编辑一条", (("Ctrl+S", "立即保存（平时停顿即自动保存）"), ("Alt+PageDown", "下一条"), ("Alt+PageUp", "上一条"))),
)  # fmt: skip


def show(ask: Ask) -> Response:
    """The page behind ``?``."""
    return ask.page("help.html", keys=KEYS)


def home(_: Ask) -> Response:
    """The desk opens with the tray."""
    return RedirectResponse("/tray", 303)


VIEWS: Final = (("GET", "/help", show), ("GET", "/", home))
