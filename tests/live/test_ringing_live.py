"""Many telephones ring at once on a real Asterisk: each caller gets exactly one, and no telephone gets stuck."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from calls.commands import HangUp
from calls.events import LegAnswered, LegRang
from calls.journal import Entry
from calls.lifecycle import Outcome, SeatState, State
from engine.centre import Centre, SeatPlan
from sim.live.telephone import Telephone
from tests.live.centre import NUMBER
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, Office, all_hear, office, straight_project

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

PHONES, CALLERS, ROUNDS = 34, 5, 50
SEATS = [f"seat{number:02}" for number in range(1, PHONES + 1)]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    line = straight_project("line", NUMBER, policy="ring_all", misses=1)
    plans = tuple(SeatPlan(seat, ("line",)) for seat in SEATS)
    async with office(tmp_path_factory.mktemp("ringing"), Centre({"line": line}, plans)) as one:
        yield one


def ringing(house: Office, *seats: str) -> list[Telephone]:
    """Telephones that nobody picks up by himself."""
    return [house.telephone(seat, OPERATOR_HZ, "180 Ringing") for seat in seats]


async def test_the_first_to_pick_up_has_the_caller_and_nobody_else_has_missed_him(house: Office) -> None:
    phones = ringing(house, "seat01", "seat02", "seat03")
    async with house.at_work(*phones), house.caller() as caller:
        his = await caller.dial(NUMBER)
        first, second, third = [await phone.rung() for phone in phones]
        await phones[1].pick_up(second)
        assert "cause=26" in await first.end()
        assert "cause=26" in await third.end()
        await all_hear((his, {OPERATOR_HZ}), (second, {CALLER_HZ}))
        await phones[1].hang_up(second)
        await his.end()
        for phone in phones:
            await house.floor.until_seat(phone.user, SeatState.READY)
        assert not any(seat.misses for seat in house.engine.floor.seats.values())


async def test_both_pick_up_and_one_of_them_talks(house: Office) -> None:
    phones = ringing(house, "seat01", "seat02")
    async with house.at_work(*phones), house.caller() as caller:
        his = await caller.dial(NUMBER)
        talks = [await phone.rung() for phone in phones]
        await asyncio.gather(*(phone.pick_up(talk) for phone, talk in zip(phones, talks, strict=True)))
        call = await house.call_in(State.TALKING)
        assert call.seat is not None
        winner = SEATS.index(call.seat.id)
        assert (await talks[1 - winner].end()).startswith("BYE")
        await all_hear((his, {OPERATOR_HZ}), (talks[winner], {CALLER_HZ}))
        await caller.hang_up(his)
        assert (await talks[winner].end()).startswith("BYE")


async def test_the_others_ring_on_if_one_refuses(house: Office) -> None:
    phones = ringing(house, "seat01", "seat02")
    async with house.at_work(*phones), house.caller() as caller:
        his = await caller.dial(NUMBER)
        first, second = [await phone.rung() for phone in phones]
        phones[0].refuse(first, "603 Decline")
        await house.floor.until_seat("seat01", SeatState.NOT_ANSWERING)
        await phones[1].pick_up(second)
        await all_hear((his, {OPERATOR_HZ}), (second, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_the_caller_hangs_up_while_all_ring(house: Office) -> None:
    phones = ringing(house, "seat01", "seat02", "seat03")
    async with house.at_work(*phones), house.caller() as caller:
        his = await caller.dial(NUMBER)
        talks = [await phone.rung() for phone in phones]
        call = await house.call_in(State.RINGING)
        await caller.hang_up(his)
        for talk in talks:
            assert "cause=26" in await talk.end()
        assert (await house.record(call)).outcome == Outcome.ABANDONED_QUEUE


async def test_34_telephones_and_5_callers(house: Office) -> None:
    """Five pick up whatever rings, all at the same moment, others every round; everybody else lets it ring."""
    phones = ringing(house, *SEATS)
    callers = [house.caller(f"04883011{number:02}", None) for number in range(CALLERS)]
    async with house.at_work(*phones), AsyncExitStack() as there:
        for caller in callers:
            await there.enter_async_context(caller)
        for number in range(ROUNDS):
            await one_round(house, phones, callers, number)
        assert {seat.state for seat in house.engine.floor.seats.values()} == {SeatState.READY}
        assert not any(seat.misses for seat in house.engine.floor.seats.values())


async def one_round(house: Office, phones: list[Telephone], callers: list[Telephone], number: int) -> None:
    before, began = set(house.seen.records.records), len(house.seen.entries)
    for place, phone in enumerate(phones):
        phone.talks.clear()
        phone.answers = "200 OK" if (place + number * 7) % PHONES < CALLERS else "180 Ringing"
    theirs = [await caller.dial(NUMBER) for caller in callers]
    calls = house.engine.floor.calls
    await house.seen.until(
        lambda: len(calls) == CALLERS and all(call.state is State.TALKING for call in calls.values())
    )
    for caller, talk in zip(callers, theirs, strict=True):
        await caller.hang_up(talk)
    await house.floor.nothing_left()
    talks = [talk for phone in phones for talk in phone.talks]
    assert len(talks) >= PHONES
    ends = [await talk.end() for talk in talks if not talk.picked_up]
    without = [end for end in ends if "cause=26" not in end]
    assert len(without) <= called_off_unheard(house.seen.entries[began:]), without
    records = [record for call, record in house.seen.records.records.items() if call not in before]
    assert {record.outcome for record in records} == {Outcome.ANSWERED}
    assert len({record.seat for record in records}) == CALLERS


def called_off_unheard(entries: list[Entry]) -> int:
    """How many telephones were called off before they had said that they ring.

    Asterisk has to keep such a CANCEL back until they do, and has forgotten its reason by then.
    """
    rang = {entry.event.leg for entry in entries if isinstance(entry.event, LegRang | LegAnswered)}
    commands = [command for entry in entries for command in entry.commands]
    return sum(isinstance(command, HangUp) and command.leg not in rang for command in commands)
