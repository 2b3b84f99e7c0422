"""Real calls and seats on the page of the real monitor: what a supervisor sees, and the seats that he sets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from tests.browser.harness import shot
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.monitor_desk import WAIT_MS, Desk
from tests.live.monitor_house import LiveHouse, live_house
from tests.live.monitor_town import DESK, SEAT, SECOND, SUPERVISOR, TAX, WATER, WET
from tests.live.phone_office import (
    CALLER,
    CALLER_HZ,
    OPERATOR_HZ,
    THIRD_HZ,
    all_hear,
)

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

ANOTHER = "0488302222"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHouse]:
    async with live_house(tmp_path_factory.mktemp("monitor")) as one:
        yield one


async def test_a_call_is_seen_from_its_first_second_to_its_last(house: LiveHouse) -> None:
    operator = house.telephone(SEAT)
    async with (
        house.page(SUPERVISOR) as page, operator, house.caller() as caller, house.caller(ANOTHER) as another
    ):  # fmt: skip
        desk = Desk(page)
        await desk.until_seat(SEAT, SeatState.READY)
        theirs = await another.dial(NUMBER)
        await desk.until_seat(SEAT, SeatState.TALKING)
        before = await desk.until_figures(TAX, lambda shown: (shown.received, shown.answered) == (1, 1))

        his = await caller.dial(NUMBER)
        await desk.until_waiting(1)
        row = desk.rows().first
        assert CALLER[:-4] + "****" in await row.inner_text()
        call = await row.get_attribute("data-call")
        counts = "(first) => document.querySelector('[data-test=waiting-row] .wait').textContent !== first"
        await desk.until(counts, await row.locator(".wait").text_content())
        await page.locator(f"[data-call='{call}'][data-level='1']").first.wait_for(timeout=WAIT_MS)
        assert await desk.kpis() == {"waiting": "1", "talking": "1", "ready": "0", "lines": "2", "ivr": "0"}
        await shot(page, "live-waiting")

        operator.answers = "180 Ringing"
        await another.hang_up(theirs)
        await desk.until_seat(SEAT, SeatState.WRAP_UP)
        await desk.set_seat(SEAT, "ready", "列が長い")
        await desk.until_seat(SEAT, SeatState.RINGING)
        hers = await operator.rung(2)
        await operator.pick_up(hers)
        await desk.until_seat(SEAT, SeatState.TALKING)
        await desk.until_waiting(0)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        assert CALLER[:-4] + "****" in await desk.tile(SEAT).inner_text()
        assert await desk.kpis() == {"waiting": "0", "talking": "1", "ready": "0", "lines": "1", "ivr": "0"}
        after = await desk.until_figures(TAX, lambda shown: shown.answered == 2)
        assert (after.received, after.counted, after.rate) == (2, 2, "100.0")
        assert (before.rate, before.level, after.level) == ("100.0", "100.0%", "100.0%")

        await caller.hang_up(his)
        await desk.until_seat(SEAT, SeatState.WRAP_UP)
        await house.dials(operator, "*16")
        await desk.until_seat(SEAT, SeatState.READY)
        assert await desk.kpis() == {"waiting": "0", "talking": "0", "ready": "1", "lines": "0", "ivr": "0"}
        assert not {CALLER, ANOTHER} & set(re.findall(r"\d{10}", await page.content()))
        record = await house.stored(str(call))
        assert (record.caller, record.outcome) == (CALLER, "answered")
    assert [(line["by"], line["what"], line["seat"]) for line in house.reasons("列が長い")] == [
        (SUPERVISOR, "SeatReadied", SEAT)
    ]


async def test_a_seat_on_a_break_gets_no_calls_until_it_is_ready_again(house: LiveHouse) -> None:
    operator, colleague = house.telephone(SEAT), house.telephone(SECOND)
    async with (
        house.page(SUPERVISOR) as page, operator, colleague,
        house.caller() as caller, house.caller(ANOTHER) as another,
    ):  # fmt: skip
        desk = Desk(page)
        await desk.until_seat(SEAT, SeatState.READY)
        await desk.until_seat(SECOND, SeatState.READY)
        await desk.set_seat(SEAT, "break", "昼休み")
        await desk.until_seat(SEAT, SeatState.BREAK)
        assert "昼休み" in await desk.tile(SEAT).inner_text()

        his = await caller.dial(NUMBER)
        theirs = await colleague.rung()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        hers = await another.dial(NUMBER)
        await desk.until_waiting(1)
        assert operator.talks == []

        await desk.set_seat(SEAT, "ready", "混雑")
        answered = await operator.rung()
        await all_hear((hers, {OPERATOR_HZ}), (answered, {CALLER_HZ}))
        await desk.until_seat(SEAT, SeatState.TALKING)
        for phone, talk in ((caller, his), (another, hers)):
            await phone.hang_up(talk)
        for seat in (SEAT, SECOND):
            await desk.free(seat)


async def test_a_seat_that_is_logged_out_gets_no_calls(house: LiveHouse) -> None:
    operator, colleague = house.telephone(SEAT), house.telephone(SECOND)
    async with house.page(SUPERVISOR) as page, operator, colleague, house.caller() as caller:
        desk = Desk(page)
        await desk.until_seat(SEAT, SeatState.READY)
        await desk.until_seat(SECOND, SeatState.READY)
        await desk.set_seat(SEAT, "logged_out", "早退")
        await desk.until_seat(SEAT, SeatState.LOGGED_OUT)
        for number in (1, 2):
            his = await caller.dial(NUMBER)
            theirs = await colleague.rung(number)
            await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
            await caller.hang_up(his)
            await desk.free(SECOND)
        assert operator.talks == []
        assert await desk.acts(SEAT) == set()  # nobody sits down for somebody else
        await house.dials(operator, "*11")
        await desk.until_seat(SEAT, SeatState.READY)
    [line] = house.reasons("早退")
    assert (line["by"], line["seat"]) == (SUPERVISOR, SEAT)


async def test_what_the_engine_refuses_is_told(house: LiveHouse) -> None:
    operator = house.telephone(SEAT)
    async with house.page(SUPERVISOR) as page, operator, house.caller() as caller:
        desk = Desk(page)
        await desk.until_seat(SEAT, SeatState.READY)
        his = await caller.dial(NUMBER)
        await desk.until_seat(SEAT, SeatState.TALKING)
        refused = await desk.take_part(
            "listen", SEAT, "聞いてみる", DESK
        )  # nobody has plugged in that telephone
        told = await refused.json()
        assert (refused.status, told["code"]) == (409, "conflict")
        assert await desk.fault()
        await caller.hang_up(his)
        await desk.free(SEAT)
    assert [line["what"] for line in house.reasons("聞いてみる")] == ["EarAsked"]


async def test_a_call_of_another_project_is_not_there(house: LiveHouse) -> None:
    async with (
        house.page(SUPERVISOR) as page, house.telephone(WET), house.caller() as caller,
        house.caller(ANOTHER) as another,
    ):  # fmt: skip
        desk = Desk(page)
        before = await desk.figures(TAX)
        his = await caller.dial(MENU_NUMBER)
        await his.up.wait()
        await another.dial(NUMBER)
        await desk.until_figures(TAX, lambda shown: shown.received == before.received + 1)
        assert await page.locator(f"[data-seat={WET}], [data-project={WATER}]").count() == 0
        assert await house.call_in(State.TALKING)
        assert (await desk.kpis())["talking"] == "0"
