"""Engines that are killed while callers choose, speak, wait and are rung for: nobody loses his place, or his word."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from calls.events import MessageStored
from calls.lifecycle import Outcome, SeatState, State
from calls.notes import NoteCallbackState
from recordings.analysis import dominant_tone
from sim.live.telephone import Telephone
from telephony.asterisk import EmbeddedAsterisk
from tests.live.centre import NUMBER
from tests.live.life import gone
from tests.live.mortal_house import MortalHouse, mortal_house
from tests.live.mortal_town import ANNA, BERT, CARL, DORA, SEAT, URGENT, chosen, town
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, hears_music

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SPEAKS_S = 2.5


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def one_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MortalHouse]:
    async with mortal_house(tmp_path_factory.mktemp("line"), town()) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def house(one_house: MortalHouse) -> AsyncIterator[MortalHouse]:
    yield one_house
    assert not one_house.faults


def asterisk(house: MortalHouse) -> EmbeddedAsterisk:
    """To look at from outside."""
    return EmbeddedAsterisk(house.stack.plan, house.stack.secrets)


# ---- in the flow


@pytest.mark.parametrize("meanwhile", [False, True], ids=["afterwards", "meanwhile"])
async def test_a_key_in_the_middle_of_a_menu(house: MortalHouse, meanwhile: bool) -> None:
    """What is pressed while nobody listens is lost, and may be pressed again."""
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his = await chosen(caller, "")
        await house.call_in(State.IVR)
        await house.dies()
        if meanwhile:
            await his.audio.press("2")
        await house.awakes()
        await his.audio.press("2")
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        call = await house.call_in(State.TALKING)
        await caller.hang_up(his)
    assert (await house.stored(call)).keys == "2"


async def test_a_number_that_is_half_typed(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his = await chosen(caller, "512")
        call = await house.call_in(State.IVR)
        await house.holds(lambda: house.seen.records.records[call.id].keys == "512")
        await house.reborn()
        await his.audio.press("34")
        await operator.rung()
        await caller.hang_up(his)
    assert (await house.stored(call)).keys == "51234"


async def test_a_text_that_ends_while_nobody_looks(house: MortalHouse) -> None:
    operator = house.operator()
    async with house.at_work(operator), house.caller() as caller:
        his = await chosen(caller, "4")
        call = await house.call_in(State.IVR)
        await house.holds(lambda: call.position.node == "short" and bool(call.playback))
        playback = call.playback
        await house.dies()
        await gone(asterisk(house), f"playbacks/{playback}")
        await house.awakes()
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


@pytest.mark.parametrize("ends", ["key afterwards", "key meanwhile", "hangs up meanwhile"])
async def test_a_message(house: MortalHouse, ends: str) -> None:
    async with house.caller() as caller:
        his = await chosen(caller, "3")
        call = await house.call_in(State.IVR)
        await house.holds(lambda: call.message is not None)
        name = f"{call.id}-message"
        await asyncio.sleep(SPEAKS_S)
        await house.dies()
        if ends == "key meanwhile":
            await his.audio.press("#")
            await gone(asterisk(house), f"recordings/live/{name}")
        elif ends == "hangs up meanwhile":
            await caller.hang_up(his)
            await gone(asterisk(house), f"channels/{call.leg}")
        await house.awakes()
        if ends == "key afterwards":
            await his.audio.press("#")
        await house.holds(
            lambda: any(getattr(event, "message", "") == name for event in house.seen.events(MessageStored))
        )
        record = await house.stored(call)
    assert record.outcome == Outcome.SELF_SERVED
    assert (record.message_seconds or 0) > 2
    [path] = house.stack.recordings.rglob(f"{name}.wav")
    with wave.open(str(path)) as audio:
        samples = np.frombuffer(audio.readframes(audio.getnframes()), "<i2").astype(float)
    tone_hz, share = dominant_tone(samples, 8000)
    assert (abs(tone_hz - CALLER_HZ) < 10, share > 0.8) == (True, True)
    await house.floor.nothing_left()


# ---- in the line


async def test_the_order_of_the_line(house: MortalHouse) -> None:
    operator = house.operator()
    callers = [house.caller(number) for number in (ANNA, BERT, CARL, DORA)]
    anna, bert, carl, dora = callers
    async with house.at_work(operator), anna, bert, carl, dora:
        talk, hers = await house.talking(anna, operator)
        talks = {}
        for phone, number in ((bert, NUMBER), (carl, NUMBER), (dora, URGENT)):
            talks[phone.user] = await phone.dial(number)
            await house.call_in(State.QUEUED, phone.user)
        await house.reborn()
        await hears_music(*talks.values())
        await anna.hang_up(talk)
        served = []
        for turn in (2, 3, 4):
            hers = await operator.rung(turn)
            await house.floor.until_seat(SEAT, SeatState.TALKING)
            [call] = [one for one in house.engine.floor.calls.values() if one.state is State.TALKING]
            served.append(call.caller)
            await operator.hang_up(hers)
            await house.stored(call)
    assert served == [DORA, BERT, CARL]


async def test_a_telephone_that_rings_on(house: MortalHouse) -> None:
    operator = house.telephone(SEAT, OPERATOR_HZ, "180 Ringing")
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        call = await house.call_in(State.RINGING)
        await house.reborn()
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
    record = await house.stored(call)
    assert (record.outcome, record.offers, len(operator.talks)) == (Outcome.ANSWERED, 1, 1)


async def test_who_picks_up_while_nobody_looks_is_rung_again_for_the_same_caller(house: MortalHouse) -> None:
    operator = house.telephone(SEAT, OPERATOR_HZ, "180 Ringing")
    first, second = house.caller(ANNA), house.caller(BERT)
    async with house.at_work(operator), first, second:
        his = await first.dial(NUMBER)
        hers = await operator.rung()
        call = await house.call_in(State.RINGING, ANNA)
        await second.dial(NUMBER)
        await house.call_in(State.QUEUED, BERT)
        await house.dies()
        await operator.pick_up(hers)
        await hers.end()
        operator.answers = "200 OK"
        await house.awakes()
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        assert (await house.call_in(State.TALKING, ANNA)) is call
        waiting = await house.call_in(State.QUEUED, BERT)
        await first.hang_up(his)
        await operator.rung(3)
        await second.hang_up(second.talks[0])
        record = await house.stored(call)
        await house.stored(waiting)
    assert (record.outcome, record.offers, [talk.who for talk in record.talks]) == (
        "answered",
        2,
        ["seat:seat01"],
    )


@pytest.mark.parametrize("state", [State.QUEUED, State.RINGING, State.TALKING])
async def test_who_hangs_up_while_nobody_looks(house: MortalHouse, state: State) -> None:
    answers = "200 OK" if state is State.TALKING else "180 Ringing"
    operator = house.telephone(SEAT, OPERATOR_HZ, answers)
    async with house.at_work(operator), house.caller() as caller, house.caller(BERT) as other:
        waits = await other.dial(NUMBER)
        first = await operator.rung()
        if state is State.QUEUED:
            his = await caller.dial(NUMBER)
            call = await house.call_in(state)
        else:
            his, call = waits, await house.call_in(state, BERT)
        await house.dies()
        await his.phone.hang_up(his)
        await gone(asterisk(house), f"channels/{call.leg}")
        await house.awakes()
        record = await house.stored(call)
        if state is State.TALKING:
            await first.end()
        if state is State.QUEUED:
            assert len(house.engine.floor.calls) == 1
            await other.hang_up(waits)
    assert record.outcome == (Outcome.ANSWERED if state is State.TALKING else Outcome.ABANDONED_QUEUE)


# ---- called back


def states(house: MortalHouse) -> list[str]:
    commands = [command for entry in house.seen.entries for command in entry.commands]
    return [one.state for one in commands if isinstance(one, NoteCallbackState)]


async def wished(house: MortalHouse, caller: Telephone) -> None:
    his = await chosen(caller, "1")
    await house.holds(lambda: bool(house.engine.floor.callbacks))
    await caller.hang_up(his)


async def test_who_is_to_be_called_back(house: MortalHouse) -> None:
    operator, home = house.operator(), house.third(ANNA)
    async with house.at_work(operator, home), house.caller(BERT) as other, house.caller(ANNA) as caller:
        _, hers = await house.talking(other, operator)
        await wished(house, caller)
        await house.reborn()
        await operator.hang_up(hers)
        again, theirs = await operator.rung(2), await home.rung()
        await all_hear((theirs, {OPERATOR_HZ}), (again, {THIRD_HZ}))
        await house.reborn()
        await all_hear((theirs, {OPERATOR_HZ}), (again, {THIRD_HZ}))
        await home.hang_up(theirs)
        await house.holds(lambda: not house.engine.floor.callbacks)
    assert states(house)[-1] == "reached"


@pytest.mark.parametrize("whom", ["operator", "caller"])
async def test_who_is_being_called_back(house: MortalHouse, whom: str) -> None:
    rings = {who: "180 Ringing" if who == whom else "200 OK" for who in ("operator", "caller")}
    operator, home = house.telephone(SEAT, OPERATOR_HZ, rings["operator"]), house.third(ANNA, rings["caller"])
    async with house.at_work(operator, home), house.caller(ANNA) as caller:
        await wished(house, caller)
        hers = await operator.rung()
        if whom == "operator":
            await house.reborn()
            await operator.pick_up(hers)
            theirs = await home.rung()
        else:
            theirs = await home.rung()
            await house.reborn()
            await home.pick_up(theirs)
        await all_hear((theirs, {OPERATOR_HZ}), (hers, {THIRD_HZ}))
        await home.hang_up(theirs)
        await house.holds(lambda: not house.engine.floor.callbacks)
    assert states(house)[-1] == "reached"


async def test_who_was_dialled_and_picked_up_while_nobody_looked_is_dialled_again(house: MortalHouse) -> None:
    operator, home = house.operator(), house.third(ANNA, "180 Ringing")
    async with house.at_work(operator, home), house.caller(ANNA) as caller:
        await wished(house, caller)
        await operator.rung()
        theirs = await home.rung()
        await house.dies()
        await home.pick_up(theirs)
        await theirs.end()
        home.answers = "200 OK"
        await house.awakes()
        again, hers = await home.rung(2), await operator.rung(2)
        await all_hear((again, {OPERATOR_HZ}), (hers, {THIRD_HZ}))
        await home.hang_up(again)
        await house.holds(lambda: not house.engine.floor.callbacks)
