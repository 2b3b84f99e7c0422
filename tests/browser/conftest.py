"""One browser for all tests of pages, and for each module a stage with its monitor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from supervisor.bench.chromium import chromium
from tests.browser.harness import House, house_of


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share one loop: the browser, the stage and the monitor outlive a test."""
    for item in items:
        if isinstance(item, pytest.Function) and "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A stage with 200 waiting, the monitor beside it, and users of every role."""
    async with house_of(browser, tmp_path_factory.mktemp("house")) as running:
        yield running
