"""Engines that cannot simply go on: their memory is gone, their configuration another one, or Asterisk died as well."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from calls.requests import HoldAsked, RetrieveAsked, SeatLoggedIn, SeatPaused, SeatReadied, TransferAsked
from engine.centre import SeatPlan
from sim.live.telephone import Telephone
from store.database import Database
from store.lost import read_lost
from tests.live.centre import NUMBER, PATIENCE_S
from tests.live.mortal_house import MortalHouse, mortal_house
from tests.live.mortal_town import (
    ANNA,
    BERT,
    CARL,
    DORA,
    HANAKO,
    PERSONAL,
    RECORDS,
    SEAT,
    SECOND,
    URGENT,
    chosen,
    town,
)
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, hears_music

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SPEAKS_S = 1.0


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalHouse]:
    async with mortal_house(tmp_path_factory.mktemp("anew"), town()) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def house(one_house: MortalHouse) -> AsyncIterator[MortalHouse]:
    yield one_house
    assert not one_house.faults


async def one_without_memory(house: MortalHouse) -> None:
    await house.dies()
    house.forget()
    await house.awakes()


# ---- no memory


async def test_a_conversation_goes_on_and_has_a_record_and_a_recording(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        before = house.seen.records.records[call.id].answered_at or 0.0
        await his.audio.hear(SPEAKS_S)
        await one_without_memory(house)
        await his.audio.hear(SPEAKS_S)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        assert house.engine.floor.seats[SEAT].state is SeatState.TALKING
        await house.does(HoldAsked(SEAT))
        await hears_music(his)
        await house.does(RetrieveAsked(SEAT))
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await hers.end()
        record, recording = await house.stored(call.id), await house.recording(call)
    assert (record.outcome, record.seat, record.caller) == (Outcome.ANSWERED, SEAT, caller.user)
    assert record.answered_at == pytest.approx(before, abs=1.5)
    assert recording.heard(record.answered_at or 0.0, house.killed_at) == ({CALLER_HZ}, {OPERATOR_HZ})
    assert recording.heard(house.back_at, house.back_at + SPEAKS_S) == ({CALLER_HZ}, {OPERATOR_HZ})


async def test_who_is_on_hold_or_with_somebody_else(house: MortalHouse) -> None:
    """Whose operator has only put him on hold is taken back by him; nobody is torn from whom he talks to."""
    operator, third = house.operator(), house.third("35")
    async with house.at_work(operator, third), house.caller(ANNA) as anna, house.caller(BERT) as bert:
        annas, _ = await house.talking(anna, operator)
        call = await house.call_in(State.TALKING, ANNA)
        await house.does(TransferAsked(SEAT, "extension", "35"))
        theirs = await third.rung()
        await all_hear((annas, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        berts, hers = await house.talking(bert, operator)
        other = await house.call_in(State.TALKING, BERT)
        await house.does(HoldAsked(SEAT))
        await hears_music(berts)
        await one_without_memory(house)
        await all_hear((annas, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await house.holds(lambda: house.engine.floor.seats[SEAT].call == other.id)
        await all_hear((berts, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await bert.hang_up(berts)
        await hers.end()
        await third.hang_up(theirs)
        await annas.end()
        records = [await house.stored(one.id) for one in (call, other)]
    assert [record.outcome for record in records] == [Outcome.ANSWERED] * 2


async def test_the_order_of_the_line(house: MortalHouse) -> None:
    operator = house.operator()
    callers = [house.caller(number) for number in (ANNA, BERT, CARL, DORA)]
    anna, bert, carl, dora = callers
    async with house.at_work(operator), anna, bert, carl, dora:
        talk, _ = await house.talking(anna, operator)
        names = {}
        for phone, number in ((bert, NUMBER), (carl, NUMBER), (dora, URGENT)):
            await phone.dial(number)
            names[phone.user] = (await house.call_in(State.QUEUED, phone.user)).id
        await house.has_marked(*names.values())
        await one_without_memory(house)
        await anna.hang_up(talk)
        served = []
        for turn in (2, 3, 4):
            hers = await operator.rung(turn)
            await house.floor.until_seat(SEAT, SeatState.TALKING)
            [call] = [one for one in house.engine.floor.calls.values() if one.state is State.TALKING]
            served.append(call.caller)
            assert call.id == names[call.caller]
            await operator.hang_up(hers)
            assert (await house.stored(call.id)).outcome == Outcome.ANSWERED
    assert served == [DORA, BERT, CARL]


async def test_who_is_rung_for_is_rung_for_again(house: MortalHouse) -> None:
    operator = house.telephone(SEAT, OPERATOR_HZ, "180 Ringing")
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        call = await house.call_in(State.RINGING)
        await house.dies()
        house.forget()
        operator.answers = "200 OK"
        await house.awakes()
        assert (await hers.end()).startswith("CANCEL")
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)
        assert (await house.stored(call.id)).outcome == Outcome.ANSWERED


async def test_who_hangs_up_meanwhile(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller(ANNA) as anna, house.caller(BERT) as bert:
        talk, hers = await house.talking(anna, operator)
        waits = await bert.dial(NUMBER)
        await house.call_in(State.QUEUED, BERT)
        await house.dies()
        house.forget()
        await anna.hang_up(talk)
        await bert.hang_up(waits)
        await house.awakes()
        await hers.end()
        assert not house.engine.floor.calls
        assert not operator.talks[1:]


async def test_who_is_in_the_flow_begins_it_anew(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his = await chosen(caller, "5")
        call = await house.call_in(State.IVR)
        await house.holds(lambda: house.seen.records.records[call.id].keys == "5")
        await one_without_memory(house)
        await his.audio.press("2")
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        assert (await house.stored(call.id)).outcome == Outcome.ANSWERED


# ---- another configuration


async def test_what_stands_and_who_talks_with_another_seat_in_the_plan(house: MortalHouse) -> None:
    operator, personal = house.operator(), house.telephone(PERSONAL, OPERATOR_HZ)
    second, home = house.telephone(SECOND, THIRD_HZ), house.third(DORA)
    anna, bert, dora = (house.caller(number) for number in (ANNA, BERT, DORA))
    async with house.at_work(operator), personal, second, home, anna, bert, dora:
        his, hers = await house.talking(anna, operator)
        call = await house.call_in(State.TALKING, ANNA)
        waits = await bert.dial(NUMBER)
        await house.call_in(State.QUEUED, BERT)
        wish = await chosen(dora, "1")
        await house.holds(lambda: bool(house.engine.floor.callbacks))
        await dora.hang_up(wish)
        await house.does(SeatLoggedIn(PERSONAL, HANAKO))
        await house.does(SeatPaused(SECOND, "食事"))
        await house.dies()
        before = house.stack.centre
        house.change(town(SeatPlan("seat04", ("records",), "204")))
        await house.awakes()
        floor = house.engine.floor
        assert "seat04" in floor.seats
        await house.floor.until_seat(SECOND, SeatState.BREAK)
        await house.floor.until_seat(PERSONAL, SeatState.READY)
        assert floor.seats[PERSONAL].operator == HANAKO
        assert [one.number for one in floor.callbacks.values()] == [DORA]
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await anna.hang_up(his)
        again = await operator.rung(2)
        await all_hear((waits, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await bert.hang_up(waits)
        theirs, third = await home.rung(), await operator.rung(3)
        await all_hear((theirs, {OPERATOR_HZ}), (third, {THIRD_HZ}))
        await home.hang_up(theirs)
        assert (await house.stored(call.id)).outcome == Outcome.ANSWERED
        await house.does(SeatReadied(SECOND))
        await house.floor.nothing_left()
        await house.dies()
        house.change(before)
        await house.awakes()


# ---- Asterisk gone


async def until_on_disk(house: MortalHouse, *phones: Telephone) -> None:
    """Asterisk writes within a second or so who is registered, and who is not any more."""
    ports = {phone.port for phone in phones}
    async with asyncio.timeout(PATIENCE_S):
        while _registered(house) != ports:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _registered(house: MortalHouse) -> set[int]:
    """The ports of all telephones."""
    file = house.stack.plan.instance / "lib" / "astdb.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT value FROM astdb WHERE key LIKE '/registrar/contact/%'").fetchall()
    return {int(re.findall(r"@127\.0\.0\.1:(\d+)", value)[0]) for (value,) in rows}


@pytest.mark.parametrize("both", [False, True], ids=["alone", "with the engine"])
async def test_asterisk_is_killed(house: MortalHouse, both: bool) -> None:
    operator, personal = house.operator(), house.telephone(PERSONAL, OPERATOR_HZ)
    numbers = (ANNA, BERT) if both else (CARL, DORA)
    async with house.at_work(operator), personal:
        await house.does(SeatLoggedIn(PERSONAL, HANAKO))
        async with house.caller(numbers[0]) as talks, house.caller(numbers[1]) as waits:
            his, hers = await house.talking(talks, operator)
            talking = await house.call_in(State.TALKING, numbers[0])
            waiting_talk = await waits.dial(NUMBER)
            waiting = await house.call_in(State.QUEUED, numbers[1])
            await until_on_disk(house, operator, personal)
            ended = len(house.seen.entries)
            if both:
                await house.dies()
            house.kill_asterisk()
            for talk in (his, hers, waiting_talk):
                talk.over("lost")
            if both:
                await house.awakes()
            await house.holds(lambda: not house.engine.floor.calls and len(house.seen.entries) > ended)
            records = [await house.stored(one) for one in (talking, waiting)]
        assert [record.outcome for record in records] == [Outcome.ANSWERED, Outcome.LOST_SYSTEM]
        assert all(record.lost_at for record in records)
        async with Database(house.stack.site.store_url) as database:
            lost = await read_lost(database, 0.0)
        assert {caller.number for caller in lost} >= set(numbers)
        await house.floor.until_seat(PERSONAL, SeatState.READY)
        assert house.engine.floor.seats[PERSONAL].operator == HANAKO
        async with house.caller() as caller:
            his = await caller.dial(RECORDS)
            await house.call_in(State.TALKING)
            await caller.hang_up(his)
