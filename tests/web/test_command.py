"""``jianbao desk`` as a person starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from jianbao.desk.web.command import PortIsTaken, listen

from .conftest import free_port


def test_the_command_prints_an_address_that_opens_the_desk(office: Path) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jianbao.desk.cli",
        "-w",
        str(office),
        "desk",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = ""
            while "?key=" not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            address = re.findall(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{32}", printed)[0]
            assert f":{port}/" in address
            with httpx.Client(timeout=30) as client:
                assert "待选" in client.get(address, follow_redirects=True).text
            other = [*command[:-1], str(port)]
            second = subprocess.run(other, capture_output=True, text=True)
            assert second.returncode == 3
            assert "JB-487" in second.stderr
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    key = office / "data" / "desk.key"
    assert key.stat().st_size == 32
    if sys.platform != "win32":
        assert key.stat().st_mode & 0o077 == 0


def test_a_desk_outside_a_workspace_says_where_to_go(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "jianbao.desk.cli", "-w", str(tmp_path), "desk"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 3
    assert "JB-401" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_desk_listens_on_loopback_alone() -> None:
    with listen(0) as first:
        assert first.getsockname()[0] == "127.0.0.1"
        with listen(0) as second:
            assert second.getsockname()[1] != first.getsockname()[1]
        with pytest.raises(PortIsTaken):
            listen(first.getsockname()[1])
