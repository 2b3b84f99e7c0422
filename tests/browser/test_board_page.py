"""The board on the page: it is what the engine has, row by row, and it goes on whatever is lost on the way."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, WebSocketRoute

from supervisor.bench.scene import SEATS, TAX, WALKING
from tests.browser.harness import (
    BOARD,
    DESK,
    LAPTOP,
    PHONE,
    SAME,
    SCRIPT,
    WALL,
    House,
    shot,
    shown,
    violations,
)

pytestmark = pytest.mark.browser

ROOT = "[data-test=root]"
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > room)
    .map((one) => `${one.tagName} ${one.getAttribute("class")} ${one.innerText?.slice(0, 80)}`);
}"""
"""What makes the page wider than the screen."""


async def n_of(page: Page) -> int:
    """The number of the frame that the page shows."""
    return int(await page.locator(ROOT).get_attribute("data-n") or -1)


async def goes_on(page: Page) -> None:
    """Wait until the page shows something newer."""
    await page.wait_for_function(
        "(n) => Number(document.querySelector('[data-test=root]').dataset.n) > n", arg=await n_of(page)
    )


# ---- what it shows


async def test_34_seats_and_200_waiting_as_the_engine_has_them(house: House) -> None:
    async with house.page("sv-tax") as page:
        await shown(page, len(SEATS))
        await goes_on(page)
        async with house.stage.still():
            truth = await house.agrees(page, TAX)
        assert truth["seats"].keys() >= set(SEATS)
        assert len(truth["waiting"]) > 150
        assert await page.locator("[data-test=waiting-count]").inner_text() == str(len(truth["waiting"]))
        # The engine moves on, and the page with it.
        await page.wait_for_function(f"(before) => !({SAME})(before)", arg=truth)
        async with house.stage.still():
            assert await house.agrees(page, TAX) != truth


async def test_all_projects_for_who_may_see_all(house: House) -> None:
    async with house.page("sv-all") as page, house.stage.still():
        truth = await house.agrees(page)
        assert {"seat41", "seat51", "seat61"} <= truth["seats"].keys()
        assert await page.locator("[data-project]").count() == 4


async def test_the_filter_shows_one_project_and_the_address_keeps_it(house: House) -> None:
    async with house.page("sv-all") as page:
        await page.locator("[data-test=filter]").select_option(WALKING)
        async with house.stage.still():
            truth = await house.agrees(page, WALKING, leaders=False)
        assert "seat01" not in truth["seats"]
        assert f"project={WALKING}" in page.url
        await page.reload()
        await shown(page)
        assert await page.locator("[data-test=filter]").input_value() == WALKING


async def test_somebody_else_s_project_is_nowhere_on_the_page(house: House) -> None:
    async with house.page("sv-walking", at=f"project={TAX}") as page:
        await goes_on(page)
        assert TAX not in await page.content()
        assert (await page.evaluate(BOARD))["seats"].keys().isdisjoint(SEATS[:30])
        assert await page.locator(f"[data-project={TAX}]").count() == 0


async def test_a_number_is_never_whole(house: House) -> None:
    async with house.page("admin-all") as page:
        await goes_on(page)
        told = await page.content()
        callers = [call.caller for call in house.stage.live.board.calls.values() if call.caller]
        assert not any(caller in told for caller in callers)


async def test_a_script_in_a_name_or_a_reason_is_a_text(house: House) -> None:
    async with house.guest("sv-tax") as guest:
        body = {"state": "break", "reason": SCRIPT}
        status, told = await guest.ask("POST", "/api/seats/seat34/state", body)
        assert status == 200, told
    async with house.page("sv-tax") as page:
        await house.stage.until(lambda: house.stage.live.board.seats["seat34"].state == "BREAK", 120)
        tile = page.locator("[data-seat=seat34]")
        await page.wait_for_function("(text) => document.body.innerText.includes(text)", arg=SCRIPT)
        assert await tile.locator("img, script").count() == 0
        await tile.click()
        assert await page.locator("dialog img, dialog script").count() == 0
        assert await page.evaluate("window.struck") is None
    async with house.page("sv-all") as page:
        leader = page.locator("[data-seat=leader41]")
        assert SCRIPT in await leader.inner_text()
        await leader.click()
        assert await page.locator("dialog img, dialog script").count() == 0
        assert await page.evaluate("window.struck") is None
    async with house.guest("sv-tax") as guest:
        assert (await guest.ask("POST", "/api/seats/seat34/state", {"state": "ready", "reason": "終了"}))[
            0
        ] == 200


# ---- what is lost on the way


class Lossy:
    """The line between page and monitor: `lose` loses the next changes. `asked`: what the page has said."""

    def __init__(self) -> None:
        self.lose = 0
        self.asked: list[str] = []
        self._said = asyncio.Event()

    async def until_asked(self) -> None:
        """Wait until the page says something."""
        async with asyncio.timeout(20):
            await self._said.wait()

    async def join(self, page: Page) -> None:
        """Stand in the way of the page."""
        await page.route_web_socket("**/api/live", self._between)

    def _between(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def up(message: str | bytes) -> None:
            self.asked.append(str(message))
            self._said.set()
            server.send(message)

        def down(message: str | bytes) -> None:
            if self.lose and json.loads(message)["type"] == "changes":
                self.lose -= 1
            else:
                socket.send(message)

        socket.on_message(up)
        server.on_message(down)


async def test_a_frame_that_is_missed_is_made_up_for(house: House) -> None:
    line = Lossy()
    async with house.context() as context:
        await house.enter(context, "sv-tax")
        page = await house.new_page(context)
        await line.join(page)
        await page.goto(house.url)
        await shown(page)
        await goes_on(page)
        assert line.asked == []
        line.lose = 3
        await line.until_asked()
        assert [json.loads(one) for one in line.asked] == [{"type": "snapshot"}]
        await goes_on(page)
        async with house.stage.still():
            await house.agrees(page, TAX)


async def test_the_engine_dies_and_the_page_stands_grey_until_it_is_back(house: House) -> None:
    async with house.page("sv-tax") as page:
        await page.evaluate("window.kept = 1")
        async with house.stage.still():
            before = await house.agrees(page, TAX)
            await house.stage.kill()
        try:
            await page.wait_for_selector(f"{ROOT}[data-stale=true]")
            assert await page.evaluate(BOARD) == before
            assert await page.locator("[data-test=stale]").is_visible()
            lamps = page.locator("[data-test=lamp]")
            assert "ok" not in await lamps.evaluate_all("(all) => all.map((one) => one.dataset.lamp)")
            assert await violations(page) == []
            await shot(page, "stale")
        finally:
            await house.stage.restart()
        await page.wait_for_selector(f"{ROOT}[data-stale=false]")
        await goes_on(page)
        async with house.stage.still():
            await house.agrees(page, TAX)
        assert await page.evaluate("window.kept") == 1
        assert await page.locator("[data-test=stale]").count() == 0


async def test_the_monitor_ends_and_the_page_comes_back_by_itself(house: House) -> None:
    async with house.page("sv-tax") as page:
        await page.evaluate("window.kept = 1")
        await house.monitor.stop()
        await page.wait_for_selector(f"{ROOT}[data-stale=true]")
        await house.monitor.start()
        await page.wait_for_selector(f"{ROOT}[data-stale=false]", timeout=60_000)
        await goes_on(page)
        async with house.stage.still():
            await house.agrees(page, TAX)
        assert await page.evaluate("window.kept") == 1


# ---- whoever looks at it


@pytest.mark.parametrize(
    ("name", "size", "at", "more", "without"),
    [
        ("busy", DESK, "", {}, ()),
        ("laptop", LAPTOP, "", {}, ()),
        ("dark", DESK, "", {"color_scheme": "dark"}, ()),
        ("wall", WALL, f"project={TAX}&wall", {}, ()),
        ("phone", PHONE, "", {"is_mobile": True, "has_touch": True}, ()),
        # Then the colours are the reader's own, and axe does not know them.
        ("forced-colours", DESK, "", {"forced_colors": "active"}, ("color-contrast",)),
    ],
)
async def test_nothing_stands_in_the_way_of_anybody(
    house: House, name: str, size: tuple[int, int], at: str, more: dict[str, Any], without: tuple[str, ...]
) -> None:
    async with house.page("sv-tax", size, at, **more) as page:
        await shown(page, len(SEATS))
        assert await violations(page, *without) == []
        await shot(page, name)
        assert await page.evaluate(TOO_WIDE) == []
