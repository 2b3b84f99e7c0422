"""Engines that come back late: Asterisk has dealt with callers alone meanwhile, and those who wait keep their place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.degraded import SEATS
from calls.lifecycle import Outcome, State
from calls.outages import DegradedCallEnded, PhoneTaken
from telephony.asterisk import EmbeddedAsterisk
from tests.live.centre import NUMBER, PATIENCE_S
from tests.live.life import asked
from tests.live.mortal_house import MortalHouse, mortal_house
from tests.live.mortal_town import ANNA, BERT, CARL, SEAT, town
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, all_hear, hears_music

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalHouse]:
    async with mortal_house(tmp_path_factory.mktemp("degraded"), town()) as one:
        yield one


async def seat_is_noted(house: MortalHouse) -> None:
    """Wait until Asterisk could read who is there; that is written a moment later."""
    file = house.stack.plan.degraded / SEATS
    async with asyncio.timeout(PATIENCE_S):
        while SEAT not in file.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def wait_in_asterisk(house: MortalHouse, count: int) -> None:
    """Wait until so many callers are in a line of Asterisk's own."""
    asterisk = EmbeddedAsterisk(house.stack.plan, house.stack.secrets)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            _, channels = await asked(asterisk, "channels")
            if sum(one["dialplan"]["app_name"] == "Queue" for one in channels) == count:
                return
            await asyncio.sleep(0.05)


async def test_who_waits_in_asterisks_own_line_comes_behind_those_who_waited_before(
    house: MortalHouse,
) -> None:
    operator = house.operator()
    anna, bert, carl = (house.caller(number) for number in (ANNA, BERT, CARL))
    async with house.at_work(operator), anna, bert, carl:
        talk, hers = await house.talking(anna, operator)
        berts = await bert.dial(NUMBER)
        await house.call_in(State.QUEUED, BERT)
        await seat_is_noted(house)
        await house.dies()
        carls = await carl.dial(NUMBER)
        await wait_in_asterisk(house, 1)
        await hears_music(carls)
        await house.awakes()
        adopted = await house.call_in(State.QUEUED, CARL)
        await all_hear((talk, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await anna.hang_up(talk)
        again = await operator.rung(2)
        await all_hear((berts, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await bert.hang_up(berts)
        third = await operator.rung(3)
        await all_hear((carls, {OPERATOR_HZ}), (third, {CALLER_HZ}))
        await carl.hang_up(carls)
        record = await house.stored(adopted)
    assert (record.outcome, record.queue, record.caller) == (Outcome.ANSWERED, "line/main", CARL)
    assert house.killed_at < record.arrived_at < house.back_at
    assert not house.seen.events(DegradedCallEnded)
    assert not house.faults


async def test_who_talks_by_asterisk_alone_talks_on_and_is_counted(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller(ANNA) as anna, house.caller(BERT) as bert:
        await seat_is_noted(house)
        await house.dies()
        his = await anna.dial(NUMBER)
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await house.awakes()
        await house.holds(lambda: bool(house.seen.events(PhoneTaken)))
        waits = await bert.dial(NUMBER)
        await house.call_in(State.QUEUED, BERT)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await anna.hang_up(his)
        again = await operator.rung(2)
        await all_hear((waits, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await bert.hang_up(waits)
        await house.holds(lambda: bool(house.seen.events(DegradedCallEnded)))
        [event] = house.seen.events(DegradedCallEnded)
        assert isinstance(event, DegradedCallEnded)
        record = await house.stored(event.call)
    assert (record.outcome, record.caller, record.seat) == (Outcome.DEGRADED_ANSWERED, ANNA, "seat01")
    assert not house.faults
