"""Engines that are killed while people talk: each conversation goes on with the next one, as if nothing had been."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, State
from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    HoldAsked,
    RetrieveAsked,
    TransferAsked,
)
from tests.live.mortal_house import MortalHouse, assert_whole, mortal_house
from tests.live.mortal_town import SEAT, town
from tests.live.phone_office import (
    CALLER_HZ,
    OPERATOR_HZ,
    THIRD_HZ,
    all_hear,
    hears,
    hears_music,
)
from tests.live.phone_talks import OUTSIDE

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

LISTENS_S = 1.0


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalHouse]:
    async with mortal_house(tmp_path_factory.mktemp("resume"), town()) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def house(one_house: MortalHouse) -> AsyncIterator[MortalHouse]:
    yield one_house
    assert not one_house.faults


# ---- conversations


async def test_a_conversation_and_its_recording(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await his.audio.hear(LISTENS_S)
        await house.dies()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await his.audio.hear(LISTENS_S)
        await house.awakes()
        await his.audio.hear(LISTENS_S)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await assert_whole(house, call, OPERATOR_HZ)
    [talk] = (await house.stored(call)).talks
    assert (talk.who, talk.began < house.killed_at, (talk.ended or 0) > house.back_at) == (
        "seat:seat01",
        True,
        True,
    )


async def test_a_caller_on_hold(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await house.does(HoldAsked(SEAT))
        await hears_music(his)
        await house.dies()
        await hears_music(his)
        await house.awakes()
        await hears_music(his)
        await house.does(RetrieveAsked(SEAT))
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


@pytest.mark.parametrize("number", ["35", OUTSIDE])
async def test_a_consultation(house: MortalHouse, number: str) -> None:
    operator, third = house.operator(), house.third(number)
    async with house.at_work(operator, third), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await consulted(house, number)
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await house.reborn()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await hears_music(his)
        await house.does(CompleteAsked(SEAT))
        await hers.end()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await third.hang_up(theirs)
        await his.end()


async def consulted(house: MortalHouse, number: str) -> None:
    to = house.engine.floor.centre.telephone(number)
    assert to is not None
    await house.does(ConsultAsked(SEAT, *to))


async def test_who_was_asked_is_rung_still(house: MortalHouse) -> None:
    operator, third = house.operator(), house.third("35", "180 Ringing")
    async with house.at_work(operator, third), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await consulted(house, "35")
        theirs = await third.rung()
        await house.reborn()
        await third.pick_up(theirs)
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await house.does(RetrieveAsked(SEAT))
        await theirs.end()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_a_conference(house: MortalHouse) -> None:
    operator, third = house.operator(), house.third("35")
    async with house.at_work(operator, third), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await consulted(house, "35")
        theirs = await third.rung()
        await hears(hers, THIRD_HZ)
        await house.does(ConferenceAsked(SEAT))
        three = (
            (his, {OPERATOR_HZ, THIRD_HZ}), (hers, {CALLER_HZ, THIRD_HZ}), (theirs, {CALLER_HZ, OPERATOR_HZ}),
        )  # fmt: skip
        await all_hear(*three)
        await house.dies()
        await all_hear(*three)
        await house.awakes()
        await all_hear(*three)
        await house.does(CompleteAsked(SEAT))
        await hers.end()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
        record, recording = await house.stored(call), await house.recording(call)
    assert recording.heard(house.killed_at, house.back_at) == ({CALLER_HZ}, {OPERATOR_HZ, THIRD_HZ})
    assert [talk.role for talk in record.talks] == ["operator", "consulted", "joined", "transferred"]


# ---- on the way to somebody else


async def test_a_transfer_that_is_picked_up_afterwards(house: MortalHouse) -> None:
    operator, third = house.operator(), house.third("35", "180 Ringing")
    async with house.at_work(operator, third), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await house.does(TransferAsked(SEAT, "extension", "35"))
        theirs = await third.rung()
        await hers.end()
        await house.reborn()
        await hears_music(his)
        await third.pick_up(theirs)
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
    assert (await house.stored(call)).transfers == ("extension:35",)


@pytest.mark.parametrize("when", ["afterwards", "meanwhile", "picked up meanwhile"])
async def test_a_transfer_that_comes_back(house: MortalHouse, when: str) -> None:
    """Who picks up while there is no engine is hung up by Asterisk."""
    operator, third = house.operator(), house.third("35", "180 Ringing")
    async with house.at_work(operator, third), house.caller() as caller:
        his, _ = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await house.does(TransferAsked(SEAT, "extension", "35"))
        theirs = await third.rung()
        await house.dies()
        if when == "meanwhile":
            third.refuse(theirs, "486 Busy Here")
        elif when == "picked up meanwhile":
            await third.pick_up(theirs)
            await theirs.end()
        await house.awakes()
        if when == "afterwards":
            third.refuse(theirs, "486 Busy Here")
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)
    record = await house.stored(call)
    assert (record.outcome, record.transfers, record.seat) == (Outcome.ANSWERED, (), SEAT)


@pytest.mark.parametrize("number", ["202", "35"])
async def test_a_conversation_with_somebody_else(house: MortalHouse, number: str) -> None:
    operator, third = house.operator(), house.third(number)
    async with house.at_work(operator, third), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        to = house.engine.floor.centre.telephone(number)
        assert to is not None
        await house.does(TransferAsked(SEAT, *to))
        theirs = await third.rung()
        await hers.end()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await house.reborn()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await third.hang_up(theirs)
        await his.end()
        record = await house.stored(call)
        recording = await house.recording(call)
    assert recording.heard(house.back_at, record.ended_at) == ({CALLER_HZ}, {THIRD_HZ})
    assert [talk.role for talk in record.talks] == ["operator", "transferred"]


async def test_an_operators_own_call(house: MortalHouse) -> None:
    operator, third = house.operator(), house.third(OUTSIDE)
    async with house.at_work(operator, third):
        hers = await operator.dial(OUTSIDE)
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        call = await house.call_in(State.TALKING, OUTSIDE)
        await house.reborn()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await third.hang_up(theirs)
        await hers.end()
        record, recording = await house.stored(call), await house.recording(call)
    assert (record.direction, record.outcome) == ("out", Outcome.ANSWERED)
    assert recording.heard(house.back_at, record.ended_at) == ({THIRD_HZ}, {OPERATOR_HZ})


async def test_an_operators_own_call_that_is_answered_afterwards(house: MortalHouse) -> None:
    operator, third = house.operator(), house.third(OUTSIDE, "180 Ringing")
    async with house.at_work(operator, third):
        hers = await operator.dial(OUTSIDE)
        theirs = await third.rung()
        await house.reborn()
        await third.pick_up(theirs)
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await operator.hang_up(hers)
        await theirs.end()
