"""A day on which nobody waits long: what the board looks like most of the time."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from sim.distributions import Duration
from supervisor.bench.cast import Habits
from supervisor.bench.scene import SEATS, TAX
from tests.browser.harness import DESK, WALL, house_of, shot, shown, violations

pytestmark = pytest.mark.browser


async def test_nobody_waits_and_the_board_says_so(browser: Browser, tmp_path: Path) -> None:
    seldom = Habits(between=Duration(mean=8.0))
    async with house_of(browser, tmp_path, waiting=0, habits=seldom) as house:
        assert house.stage.waiting < 5
        async with house.page("sv-tax", DESK) as page:
            await shown(page, len(SEATS))
            async with house.stage.still():
                truth = await house.agrees(page, TAX)
                assert "READY" in truth["seats"].values()
                assert await page.locator("[data-test=waiting-count]").inner_text() == str(
                    len(truth["waiting"])
                )
            assert await violations(page) == []
            await shot(page, "normal")
        async with house.page("sv-tax", WALL, f"project={TAX}&wall") as page:
            await shown(page, len(SEATS))
            assert await violations(page) == []
            await shot(page, "wall-normal")
