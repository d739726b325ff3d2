"""Who may use a desk: the key in the address that the command prints, then a cookie.

The address key is new at every start, so that an address in a browser's history or on a terminal
opens nothing later. The secret behind the cookie stays in ``data/``, which holds the whole store and is
as private: a tab that was open when the process was killed goes on saving after the next start.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ...index.errors import JianbaoError
from ...index.tomlfile import write_bytes

SECRET_BYTES = 32


class KeyCannotBeKept(JianbaoError):
    """The desk's secret cannot be read from or written to ``data/``."""

    code = "JB-480"
    what = "the desk's key cannot be read or written ({detail})"
    remedy = "check that you may write into the workspace's data folder; deleting this file makes a new key"
    what_zh = "编辑台的密钥无法读写（{detail}）"
    remedy_zh = "请检查工作区 data 文件夹的写入权限；删除该文件会生成新密钥"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one run. ``entry`` stands in the printed address; ``cookie`` is given for it;
    ``form`` stands in every form, so that knowing the cookie's name and a port is not enough to act."""

    entry: str
    cookie_name: str
    cookie: str
    form: str

    @classmethod
    def of(cls, folder: Path) -> Keys:
        """The keys of the workspace whose ``data/`` is ``folder``; the secret is made when missing.

        Raises:
            KeyCannotBeKept: the file cannot be read or written.
        """
        secret = _secret(folder / "desk.key")

        def made(purpose: str) -> str:
            return hmac.new(secret, purpose.encode("ascii"), hashlib.sha256).hexdigest()

        # Cookies do not know ports: two desks on one machine must not take each other's place.
        return cls(
            entry=secrets.token_urlsafe(24),
            cookie_name=f"jianbao-{made('name')[:8]}",
            cookie=made("cookie"),
            form=made("form"),
        )


def same(given: str, wanted: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("ascii"))


def _secret(path: Path) -> bytes:
    try:
        if path.is_file():
            known = path.read_bytes()
            if len(known) == SECRET_BYTES:
                return known
        made = secrets.token_bytes(SECRET_BYTES)
        write_bytes(path, made)
        os.chmod(path, 0o600)  # noqa: PTH101 - what Windows ignores of it does no harm
    except OSError as error:
        raise KeyCannotBeKept(path, detail=error.strerror or error) from error
    return made
