"""A supervisor takes part in conversations from his page: who hears whom is measured, why he did it is in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from sim.live.telephone import Talk, Telephone
from tests.browser.harness import shot
from tests.live.centre import NUMBER
from tests.live.ear_house import nothing_but
from tests.live.monitor_desk import WAIT_MS, Desk
from tests.live.monitor_house import LiveHouse, live_house
from tests.live.monitor_town import DESK, SEAT, SUPERVISOR, TAX
from tests.live.phone_office import (
    CALLER_HZ,
    FOURTH_HZ,
    OPERATOR_HZ,
    all_hear,
    hears,
)

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHouse]:
    async with live_house(tmp_path_factory.mktemp("monitor")) as one:
        yield one


class Scene(NamedTuple):
    """A caller talks with the operator at seat01, whose supervisor looks at it; `call` is its id."""

    desk: Desk
    supervisor: Telephone
    his: Talk
    hers: Talk
    call: str


@asynccontextmanager
async def conversation(house: LiveHouse) -> AsyncIterator[Scene]:
    """It goes on inside; afterwards everybody has gone."""
    operator, supervisor = house.telephone(SEAT), house.telephone(DESK)
    async with house.page(SUPERVISOR) as page:
        desk = Desk(page)
        async with operator, supervisor, house.caller() as caller:
            for seat in (SEAT, DESK):
                await desk.until_seat(seat, SeatState.READY)
            his = await caller.dial(NUMBER)
            hers = await operator.rung()
            await desk.until_seat(SEAT, SeatState.TALKING)
            await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
            call = await house.call_in(State.TALKING)
            yield Scene(desk, supervisor, his, hers, call)
            await caller.hang_up(his)
            await desk.free(SEAT)
            await house.stored(call)
        for seat in (SEAT, DESK):
            await desk.until_seat(seat, SeatState.LOGGED_OUT)


def ears(house: LiveHouse, call: str, why: str) -> list[dict[str, Any]]:
    """What the audit log says of a reason: each time the same supervisor at the same call."""
    lines = house.reasons(why)
    assert {(line["by"], line["seat"], line["call"], line["project"]) for line in lines} == {
        (SUPERVISOR, DESK, call, TAX)
    }
    return lines


async def test_a_listener_hears_both_and_is_heard_by_nobody(house: LiveHouse) -> None:
    async with conversation(house) as scene:
        async with nothing_but(scene.his, OPERATOR_HZ), nothing_but(scene.hers, CALLER_HZ):
            await scene.desk.take_part("listen", SEAT, "品質の確認")
            ear = await scene.supervisor.rung()
            await hears(ear, CALLER_HZ, OPERATOR_HZ)
            await scene.desk.page.locator(f"[data-seat={SEAT}][data-heard=true]").wait_for(timeout=WAIT_MS)
            await scene.desk.stop()
            await ear.end()
        await scene.desk.page.locator(f"[data-seat={SEAT}][data-heard=false]").wait_for(timeout=WAIT_MS)
    assert [line["mode"] for line in ears(house, scene.call, "品質の確認")] == ["listen"]


async def test_from_a_whisper_to_taking_over(house: LiveHouse) -> None:
    async with conversation(house) as scene:
        desk = scene.desk
        async with nothing_but(scene.his, OPERATOR_HZ):
            await desk.take_part("whisper", SEAT, "新人の助け")
            ear = await scene.supervisor.rung()
            await all_hear((scene.hers, {CALLER_HZ, FOURTH_HZ}), (ear, {CALLER_HZ, OPERATOR_HZ}))
        await shot(desk.page, "live-whisper")
        await desk.take_part("barge", SEAT, "苦情の対応")
        await all_hear(
            (scene.his, {OPERATOR_HZ, FOURTH_HZ}),
            (scene.hers, {CALLER_HZ, FOURTH_HZ}),
            (ear, {CALLER_HZ, OPERATOR_HZ}),
        )
        await desk.take_part("take_over", SEAT, "責任者が代わる")
        assert (await scene.hers.end()).startswith("BYE")
        await all_hear((scene.his, {FOURTH_HZ}), (ear, {CALLER_HZ}))
        await desk.until_seat(SEAT, SeatState.WRAP_UP)
        await desk.until_seat(DESK, SeatState.TALKING)
        assert len(scene.supervisor.talks) == 1
        await scene.his.phone.hang_up(scene.his)
        await desk.until_seat(DESK, SeatState.WRAP_UP)
        await house.dials(scene.supervisor, "*16")
    for why, mode in (("新人の助け", "whisper"), ("苦情の対応", "barge"), ("責任者が代わる", "take_over")):
        assert [line["mode"] for line in ears(house, scene.call, why)] == [mode]
    record = await house.stored(scene.call)
    assert [(talk.who, talk.role) for talk in record.talks if talk.role == "operator"] == [
        (f"seat:{SEAT}", "operator"), (f"seat:{DESK}", "operator"),
    ]  # fmt: skip


async def test_he_is_rung_where_he_sits(house: LiveHouse) -> None:
    async with conversation(house) as scene:
        desk = scene.desk
        await house.dials(scene.supervisor, "*11191")
        await desk.until(f"() => document.querySelector('[data-seat={DESK}]').textContent.includes('岡')")
        await desk.until_seat(DESK, SeatState.READY)
        await desk.take_part("listen", SEAT, "初日")
        ear = await scene.supervisor.rung(2)
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        await scene.supervisor.hang_up(ear)
        await desk.page.locator("[data-test=own-ear]").wait_for(state="detached", timeout=WAIT_MS)
    assert [line["mode"] for line in ears(house, scene.call, "初日")] == ["listen"]


async def test_who_has_no_conversation_cannot_be_heard(house: LiveHouse) -> None:
    async with conversation(house) as scene:
        assert await scene.desk.acts(SEAT) >= {"listen", "whisper", "barge", "take_over"}
        assert await scene.desk.acts(DESK) & {"listen", "whisper", "barge", "take_over"} == set()
