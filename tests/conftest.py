"""What every test shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A slow machine must not fail a property: speed is kept by benchmarks, never by a timed test.
settings.register_profile(
    "jianbao", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("jianbao")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where a browser or an office suite is required, a test that was skipped for want of it has failed."""
    report = yield
    for marker in ("browser", "office"):
        required = f"JIANBAO_{marker.upper()}_REQUIRED"
        if os.environ.get(required) and report.skipped and item.get_closest_marker(marker):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: skipped, but {required} is set"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a process: Playwright runs once in it."""
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    quiet = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=quiet.split())
        yield browser
        browser.close()
