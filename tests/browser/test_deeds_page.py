"""What a supervisor does at the page: by mouse, by keys alone, and always with a reason that is kept."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page

from supervisor.bench.scene import TAX
from tests.browser.harness import House, shot, violations

pytestmark = pytest.mark.browser

REASON = "会議のため"


async def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press the tabulator until the focus is there."""
    for _ in range(most):
        if await page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the tabulator")


async def test_a_seat_s_state_by_keys_alone(house: House) -> None:
    board = house.stage.live.board
    async with house.page("sv-tax") as page:
        await tab_to(page, "[data-seat]")
        while await page.evaluate("document.activeElement.dataset.seat") != "seat05":
            await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-test=dialog-seat]")
        assert await violations(page) == []
        await shot(page, "seat")
        await tab_to(page, "[data-test=act-break]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-test=confirm]")
        assert await violations(page) == []
        # Without a reason nothing is done.
        await page.keyboard.press("Enter")
        await page.locator("[data-test=fault] p").first.wait_for()
        assert house.audited("SeatPaused") == []
        await page.keyboard.insert_text(REASON)
        await shot(page, "dialog")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-test=dialog-seat]", state="detached")
        assert "05" in await page.locator("[data-test=toast]").inner_text()
        await house.stage.until(lambda: board.seats["seat05"].state == "BREAK", 120)
        await page.wait_for_selector("[data-seat=seat05][data-state=BREAK]")
        assert board.seats["seat05"].reason == REASON
    [line] = house.audited("SeatPaused")
    assert (line["by"], line["seat"], line["why"]) == ("sv-tax", "seat05", REASON)


async def test_escape_closes_and_nothing_was_done(house: House) -> None:
    before = len(list(house.stage.audit.entries()))
    async with house.page("sv-tax") as page:
        before += 1  # he has logged in
        await page.locator("[data-seat=seat07]").click()
        await page.locator("[data-test=act-logged_out]").click()
        await page.locator("[data-test=reason]").fill(REASON)
        await page.keyboard.press("Escape")
        await page.wait_for_selector("[data-test=dialog-seat]", state="detached")
        assert len(list(house.stage.audit.entries())) == before


async def test_a_project_is_closed_with_a_reason_and_opened_again(house: House) -> None:
    card = f"[data-project={TAX}]"
    until = dt.datetime.now(ZoneInfo("Asia/Tokyo")) + dt.timedelta(days=2)
    async with house.page("sv-tax") as page:
        await page.locator(f"{card} [data-test=switch]").click()
        await page.wait_for_selector("[data-test=dialog-project]")
        assert await violations(page) == []
        await page.locator("[data-test=kind-closed]").click()
        await page.locator("[data-test=until]").fill(f"{until:%Y-%m-%dT%H:%M}")
        await page.locator("[data-test=reason]").fill("大雪")
        assert await violations(page) == []
        await shot(page, "switch")
        await page.locator("[data-test=do]").click()
        await page.wait_for_selector(f"{card} [data-standing=closed]")
        assert not house.stage.office.orders.status()[TAX]["open"]
        told = await page.locator(f"{card} .standing").inner_text()
        assert "大雪" in told
        assert "sv-tax" in told
        await page.locator(f"{card} [data-test=switch]").click()
        await page.locator("[data-test=kind-none]").click()
        await page.locator("[data-test=reason]").fill("雪がやんだ")
        await page.locator("[data-test=do]").click()
        await page.wait_for_selector(f"{card} [data-standing=open]")
    closed, opened = house.audited("override")
    assert (closed["by"], closed["kind"], closed["project"], closed["why"]) == (
        "sv-tax",
        "closed",
        TAX,
        "大雪",
    )
    assert (opened["by"], opened["kind"], opened["why"]) == ("sv-tax", "none", "雪がやんだ")


async def test_who_may_not_is_offered_nothing(house: House) -> None:
    async with house.page("auditor-tax") as page:
        assert await page.locator("[data-test=switch]").count() == 0
        await page.locator("[data-seat=seat08]").click()
        await page.wait_for_selector("[data-test=dialog-seat]")
        assert await page.locator("[data-test^=act-]").count() == 0


async def test_a_supervisor_listens_from_where_he_sits_and_stops(house: House) -> None:
    ears = house.stage.live.board.ears
    async with house.page("supervisor191") as page:
        talking = page.locator("[data-seat^=seat][data-state=TALKING]").first
        await talking.wait_for()
        await talking.click()
        await page.locator("[data-test=act-listen]").click()
        assert await page.locator("[data-test=telephone]").input_value() == "supervisor01"
        await page.locator("[data-test=reason]").fill("新人の支援")
        await page.locator("[data-test=do]").click()
        await house.stage.until(lambda: "supervisor01" in ears)
        await page.locator("[data-test=own-ear]").first.wait_for()
        await page.locator("[data-test=stop]").first.click()
        await house.stage.until(lambda: "supervisor01" not in ears)
        await page.wait_for_selector("[data-test=own-ear]", state="detached")
    assert {line["by"] for line in house.audited("ear")} == {"supervisor191"}


async def test_the_audit_log_is_read_at_the_page(house: House) -> None:
    async with house.page("admin-tax") as page:
        await page.locator("[data-test=audit-open]").click()
        await page.wait_for_selector("[data-test=audit] tbody tr")
        told = await page.locator("[data-test=audit]").inner_text()
        assert REASON in told
        assert await violations(page) == []
        await shot(page, "audit")
    async with house.page("sv-tax") as page:
        assert await page.locator("[data-test=audit-open]").count() == 0


async def test_the_list_of_keys(house: House) -> None:
    async with house.page("sv-tax") as page:
        await page.keyboard.press("?")
        await page.wait_for_selector("[data-test=dialog-keys]")
        assert await violations(page) == []


async def test_logging_out_leaves_nothing_behind(house: House) -> None:
    async with house.page("sv-tax") as page:
        await page.locator("[data-test=log-out]").click()
        await page.wait_for_selector("[data-test=login]")
        assert await page.locator("[data-seat]").count() == 0
        assert await page.context.cookies() == []
        await page.go_back()
        assert await page.locator("[data-seat]").count() == 0
