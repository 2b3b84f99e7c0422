"""Debian's Chromium, driven by Playwright: for the browser tests, and to measure what a person sees."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from supervisor.bench.failure import BenchError

if TYPE_CHECKING:
    from playwright.async_api import Browser

PROGRAM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",  # in a container there is no room for one, and it shows nothing but our own page
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One browser. Raises BenchError that says what to install."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        raise BenchError("Playwright is not installed: run `./setup.sh bench`, then this again") from None
    if shutil.which(PROGRAM) is None:
        raise BenchError(f"there is no {PROGRAM}: run `./setup.sh bench`, which installs it, then this again")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
