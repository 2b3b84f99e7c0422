"""A page through a busy hour of real calls: what a supervisor does is done, and every figure is that of the books."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import math
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState
from calls.record import CallRecord
from store.database import Database
from store.records import read_records
from tests.browser.harness import shot
from tests.live.centre import PATIENCE_S
from tests.live.monitor_desk import WAIT_MS, Desk, Shown
from tests.live.monitor_house import LiveHouse, live_house
from tests.live.monitor_rush import (
    CALLERS,
    LONG_SEAT,
    RUSH_USERS,
    SEATS,
    TAX,
    everybody_at_work,
    rush,
    write_rush,
)
from tests.live.monitor_town import DESK, SUPERVISOR, WATER, noon_zone
from tests.live.phone_office import hears_something

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

LEVEL_S, END = 20.0, 1e11
RESTING = SEATS[9]
_ALL_READY = """(seats) =>
  document.querySelectorAll("button[data-seat][data-state=READY]").length >= seats"""
WHYS = {
    "新人の様子": ("EarAsked", "listen"),
    "言葉を添える": ("EarAsked", "whisper"),
    "交代": ("SeatPaused", ""),
    "列が長い": ("SeatReadied", ""),
    "回線の点検": ("override", "closed"),
    "点検は終わり": ("override", "none"),
}
"""Why he did what: the word of the audit log for it, and which kind of it."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHouse]:
    async with live_house(tmp_path_factory.mktemp("monitor"), write_rush, RUSH_USERS) as one:
        yield one


async def test_a_busy_hour(house: LiveHouse) -> None:
    async with house.page(SUPERVISOR) as page, house.telephone(DESK) as telephone, everybody_at_work(house):
        desk = Desk(page)
        await desk.until(_ALL_READY, len(SEATS))
        await desk.keep()
        async with rush(house) as load:
            await he_looks_around(desk)
            await desk.until_seat(LONG_SEAT, SeatState.TALKING)
            await desk.take_part("listen", LONG_SEAT, "新人の様子")
            await hears_something(await telephone.rung())
            await desk.take_part("whisper", LONG_SEAT, "言葉を添える")
            await desk.stop()
            await desk.set_seat(RESTING, "break", "交代")
            await desk.until_seat(RESTING, SeatState.BREAK)
            await desk.until("() => document.querySelectorAll('[data-test=waiting-row]').length >= 8")
            await page.locator("[data-test=waiting-row][data-level='1']").first.wait_for(timeout=WAIT_MS)
            await shot(page, "live-rush")
            await desk.set_seat(RESTING, "ready", "列が長い")
            await desk.until_seat(RESTING, SeatState.TALKING)
            await the_line_is_examined(desk)
            result = await load
        assert (len(result.calls), result.failed) == (CALLERS, 0)
        await until_nothing_goes_on(desk)
        report, records = await books(house)
        board = await told(house)
        wanted = as_shown(report, records, board["projects"][TAX]["promise"])
        await desk.until_figures(TAX, lambda shown: shown == wanted)
        assert await desk.kept_stale() == 0
        assert house.said == []
    assert len(records) == CALLERS
    assert {Outcome.ANSWERED, Outcome.ABANDONED_QUEUE, Outcome.ABANDONED_IVR} < set(report["outcomes"])
    assert told_of_the_day(board) == (report["outcomes"], report["answer_rate"], *waits(records))
    assert told_of_half_hours(board) == half_hours(report)
    for why, done in WHYS.items():
        [line] = house.reasons(why)
        assert (line["by"], line["what"], line.get("mode", line.get("kind", ""))) == (SUPERVISOR, *done)


# ---- what he does


async def he_looks_around(desk: Desk) -> None:
    """At one project, at all, and at the board as it hangs on the wall."""
    page = desk.page
    await page.locator("[data-test=filter]").select_option(WATER)
    await page.locator(f"[data-project={TAX}]").wait_for(state="detached", timeout=WAIT_MS)
    assert await desk.tile(LONG_SEAT).count() == 0
    await page.locator("[data-test=filter]").select_option(TAX)
    await desk.tile(LONG_SEAT).wait_for(timeout=WAIT_MS)
    await page.locator("[data-test=wall-on]").click()
    await page.locator(f".wall [data-seat={LONG_SEAT}]").wait_for(timeout=WAIT_MS)
    await page.keyboard.press("Escape")
    await desk.tile(LONG_SEAT).wait_for(timeout=WAIT_MS)
    await page.locator("[data-test=filter]").select_option("")


async def the_line_is_examined(desk: Desk) -> None:
    """Closed, until some have heard of it, and open again; nobody who waits is sent away."""
    await desk.switch(TAX, "closed", "回線の点検", noon_zone())
    await desk.standing(TAX, "closed")
    before = await desk.figures(TAX)
    await desk.until_figures(TAX, lambda shown: shown.received >= before.received + 6)
    await desk.switch(TAX, "none", "点検は終わり")
    await desk.standing(TAX, "open")


async def until_nothing_goes_on(desk: Desk) -> None:
    """Every line is free and every record written."""
    await desk.until("() => document.querySelector('[data-test=kpi-lines]').textContent === '0'")
    await desk.until(_ALL_READY, len(SEATS))


# ---- what the books say


async def books(house: LiveHouse) -> tuple[dict[str, Any], list[CallRecord]]:
    """The report of the day, as the command makes it, and the records of all calls; everything is closed."""
    records: list[CallRecord] = []
    async with Database(house.site.store_url) as database, asyncio.timeout(PATIENCE_S):
        while sum(record.closed_at is not None for record in records) < CALLERS:
            records = await read_records(database, TAX, 0, END)
            await asyncio.sleep(0.1)
    today = dt.datetime.now(ZoneInfo(noon_zone())).date().isoformat()
    return json.loads(await house.command("report", "daily", TAX, "--date", today)), records


def waits(records: list[CallRecord]) -> tuple[float, int]:
    """The service level and the longest wait in whole seconds, of those who were in the line."""
    offered = [record for record in records if record.wait is not None]
    within = [one for one in offered if one.outcome == Outcome.ANSWERED and (one.wait or 0.0) < LEVEL_S]
    return len(within) / len(offered), max(int(one.wait or 0.0) for one in offered)


def as_shown(report: dict[str, Any], records: list[CallRecord], promise: dict[str, Any]) -> Shown:
    """What the card has to show; `promise` gives the order of the outcomes."""
    found = report["outcomes"]
    level, longest = waits(records)

    def count(*outcomes: str) -> int:
        return sum(found.get(outcome, 0) for outcome in outcomes)

    return Shown(
        received=report["offered"],
        answered=report["counted"]["numerator"],
        abandoned=count("abandoned_queue", "abandoned_ivr"),
        overload=count("overflowed", "blocked"),
        level=f"{in_per_cent(level)}%",
        longest=f"{longest // 60}:{longest % 60:02}",
        rate=in_per_cent(report["answer_rate"]),
        counted=report["counted"]["denominator"],
        above=[count(outcome) for outcome in promise["numerator"]],
        below=[count(outcome) for outcome in promise["denominator"]],
    )


def in_per_cent(rate: float) -> str:
    """Cut, and not rounded, as the page does it."""
    return f"{math.floor(rate * 1000 + 1e-9) / 10:.1f}"


def half_hours(report: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Of each half-hour with calls: how many, those that count, and their rate."""
    return {
        half["start"]: (half["offered"], *half["counted"].values(), half["answer_rate"])
        for half in report["by_half_hour"]
        if half["offered"]
    }


# ---- what the monitor says


async def told(house: LiveHouse) -> dict[str, Any]:
    """All of the board, as another program is told it."""
    async with house.guest("auditor") as guest, await guest.listen() as socket:
        tables: dict[str, Any] = json.loads((await socket.receive()).data)["tables"]
    return tables


def told_of_the_day(board: dict[str, Any]) -> tuple[Any, ...]:
    """The outcomes, the rate, the service level and the longest wait."""
    row = board["figures"][TAX]
    return row["outcomes"], row["rate"], row["service_level"], row["longest_wait"]


def told_of_half_hours(board: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The same as `half_hours`."""
    zone = ZoneInfo(noon_zone())
    return {
        f"{dt.datetime.fromtimestamp(half['start'], zone):%H:%M}": (
            half["received"], half["answered"], half["counted"], half["rate"],
        )
        for half in board["halves"].values()
        if half["project"] == TAX
    }  # fmt: skip
