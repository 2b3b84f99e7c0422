"""Engines that are killed while somebody listens, writes or rests; that die one after the other, or only leave."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from calls.requests import (
    EarAsked,
    SeatLoggedIn,
    SeatLoggedOut,
    SeatPaused,
    SeatReadied,
)
from tests.live.centre import NUMBER
from tests.live.mortal_house import MortalHouse, assert_whole, mortal_house
from tests.live.mortal_town import HANAKO, PERSONAL, RECORDS, SEAT, SECOND, SUPERVISOR, supervisor, town
from tests.live.phone_office import (
    CALLER_HZ,
    FOURTH_HZ,
    OPERATOR_HZ,
    all_hear,
    hears,
    hears_music,
)

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

LISTENS_S = 1.0


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalHouse]:
    async with mortal_house(tmp_path_factory.mktemp("again"), town()) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def house(one_house: MortalHouse) -> AsyncIterator[MortalHouse]:
    yield one_house
    assert not one_house.faults


# ---- a supervisor


async def test_a_supervisor_goes_on_listening_and_whispers(house: MortalHouse) -> None:
    operator, ear = house.operator(), supervisor(house)
    async with house.at_work(operator, ear), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await house.does(EarAsked(SUPERVISOR, "listen", SEAT, by="anna"))
        heard = await ear.rung()
        await hears(heard, CALLER_HZ, OPERATOR_HZ)
        await house.dies()
        await hears(heard, CALLER_HZ, OPERATOR_HZ)
        await house.awakes()
        await all_hear((heard, {CALLER_HZ, OPERATOR_HZ}), (his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await house.does(EarAsked(SUPERVISOR, "whisper", by="anna"))
        await all_hear((hers, {CALLER_HZ, FOURTH_HZ}), (his, {OPERATOR_HZ}))
        await house.reborn()
        await all_hear((hers, {CALLER_HZ, FOURTH_HZ}), (his, {OPERATOR_HZ}))
        await house.does(EarAsked(SUPERVISOR, "barge", by="anna"))
        await all_hear((hers, {CALLER_HZ, FOURTH_HZ}), (his, {OPERATOR_HZ, FOURTH_HZ}))
        await house.reborn()
        await caller.hang_up(his)
        await heard.end()


# ---- seats


async def test_the_time_for_the_record_ends_when_it_should(house: MortalHouse) -> None:
    operator = house.telephone(SECOND, OPERATOR_HZ)
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(RECORDS)
        await operator.rung()
        call = await house.call_in(State.TALKING)
        await caller.hang_up(his)
        await house.floor.until_seat(SECOND, SeatState.WRAP_UP)
        await house.reborn()
        await house.floor.until_seat(SECOND, SeatState.READY)
    record = await house.stored(call)
    assert record.wrapup == pytest.approx(3.0, abs=0.5)


async def test_breaks_and_who_sits_where(house: MortalHouse) -> None:
    operator, personal = house.operator(), house.telephone(PERSONAL, OPERATOR_HZ)
    async with house.at_work(operator), personal, house.caller() as caller:
        await house.does(SeatPaused(SEAT, "食事"))
        await house.does(SeatLoggedIn(PERSONAL, HANAKO))
        await house.floor.until_seat(PERSONAL, SeatState.READY)
        await house.reborn()
        assert house.engine.floor.seats[SEAT].state is SeatState.BREAK
        his = await caller.dial(RECORDS)
        hers = await personal.rung()
        call = await house.call_in(State.TALKING)
        await caller.hang_up(his)
        await hers.end()
        assert (await house.stored(call)).operator == HANAKO
        await house.does(SeatReadied(SEAT))
        await house.does(SeatLoggedOut(PERSONAL))
        await house.floor.until_seat(SEAT, SeatState.READY)


# ---- again and again


async def test_one_after_the_other(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        for _ in range(5):
            await house.reborn()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await operator.hang_up(hers)
        await his.end()
    assert (await house.stored(call)).outcome == Outcome.ANSWERED


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_one_that_dies_at_its_start(house: MortalHouse, steps: int) -> None:
    """In the middle of what it is told first: the third step is what it has missed."""
    operator = house.operator()
    first, second = house.caller(), house.caller("0488302222")
    async with house.at_work(operator), first, second:
        his, hers = await house.talking(first, operator)
        waits = await second.dial(NUMBER)
        waiting = await house.call_in(State.QUEUED, "0488302222")
        await house.dies()
        await first.hang_up(his)
        await house.is_stillborn(steps)
        await house.awakes()
        await hers.end()
        again = await operator.rung(2)
        await all_hear((waits, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await operator.hang_up(again)
        await waits.end()
    assert (await house.stored(waiting)).outcome == Outcome.ANSWERED


async def test_a_second_one_is_refused(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        assert f"held by process {house.pid} on " in await house.another()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_one_that_leaves_by_itself(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller, house.caller("0488302222") as second:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await his.audio.hear(LISTENS_S)
        waits = await second.dial(NUMBER)
        waiting = await house.call_in(State.QUEUED, "0488302222")
        await house.leaves()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await hears_music(waits)
        await house.awakes()
        await his.audio.hear(LISTENS_S)
        await caller.hang_up(his)
        again = await operator.rung(2)
        await all_hear((waits, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await second.hang_up(waits)
        await assert_whole(house, call, OPERATOR_HZ)
    assert [(await house.stored(one)).outcome for one in (call, waiting)] == [Outcome.ANSWERED] * 2
