"""The real browser of the tests that open pages, where the machine has one."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.patience import PATIENCE_SECONDS

PATIENCE = 1000 * PATIENCE_SECONDS  # Playwright counts milliseconds
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """A browser; without one on the machine the test is skipped."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    path = next(filter(None, found), None)
    if path is None:
        pytest.skip("Chromium is not installed on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()
