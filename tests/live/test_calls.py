"""Real calls through a real Asterisk: every one ends in an outcome, and nothing of it is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.events import LegEnded
from calls.lifecycle import Outcome, SeatState
from recordings.analysis import two_way_audio
from sim.live.behaviour import (
    answer,
    answer_and_drop,
    press,
    reject,
    ring_on,
    talk,
    wait_for_far_end,
)
from sim.live.callers import Caller
from sim.live.tones import operator_tone_hz
from tests.live.centre import MENU_NUMBER, NUMBER, PATIENCE_S, Floor, running, small_centre
from tests.live.sip import SipCaller

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

NOTICE_S = 2.0
NOBODYS_FAULT = (
    "Playback failed for",  # a caller hung up in the middle of it
    "Session already DISCONNECTED",  # our answer crossed with a caller's CANCEL
    "Event source not found: channel",  # the caller had gone before we subscribed to his leg
    "not in bridge",  # one of the two had gone before they were taken apart
)
"""What Asterisk warns of although nothing is wrong."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    async with running(tmp_path_factory.mktemp("centre"), small_centre()) as running_floor:
        yield running_floor
        assert running_floor.service.asterisk is not None
        problems = running_floor.service.asterisk.problems()
        assert [line for line in problems if not any(words in line for words in NOBODYS_FAULT)] == []


def caller(number: str = NUMBER, behaviour: object = None, **more: object) -> Caller:
    return Caller(number, "0900000001", 440, behaviour or talk(NOTICE_S + 2), **more)  # type: ignore[arg-type]


async def test_a_call_is_answered_recorded_in_both_directions_and_stored(floor: Floor) -> None:
    async with floor.operators():
        [record] = await floor.call(caller())
    assert (record.outcome, record.seat, record.offers) == (Outcome.ANSWERED, "seat01", 1)
    assert record.heard == ("notice@1.ja",)
    assert record.caller == "0900000001"
    await floor.service.recorder.finish_all()
    [path] = floor.service.stack.recordings.rglob(f"{record.call}.wav")
    assert two_way_audio(path, 440, operator_tone_hz(0)).two_way
    assert record.recording_sha256


async def test_a_withheld_number_works_and_stays_withheld(floor: Floor) -> None:
    async with floor.operators():
        [record] = await floor.call(Caller(NUMBER, None, 440, talk(NOTICE_S + 1)))
    assert (record.outcome, record.caller) == (Outcome.ANSWERED, "")


async def test_without_a_registered_telephone_the_caller_is_told_so(floor: Floor) -> None:
    [record] = await floor.call(caller(behaviour=wait_for_far_end()))
    assert (record.outcome, record.offers) == (Outcome.OVERFLOWED, 0)
    assert record.heard == ("notice@1.ja", "notice@1.ja")


async def test_a_bye_in_the_middle_of_a_prompt(floor: Floor) -> None:
    [record] = await floor.call(caller(behaviour=talk(0.3)))
    assert record.outcome == Outcome.ABANDONED_IVR


async def test_an_invite_without_sdp(floor: Floor) -> None:
    async with floor.operators():
        [record] = await floor.call(caller(offers_sdp=False))
    assert record.outcome == Outcome.ANSWERED


async def test_a_cancel_at_once(floor: Floor) -> None:
    before = set(floor.seen.records.records)
    async with SipCaller(floor.target[1]) as one:
        one.invite(NUMBER, "<sip:0900000001@127.0.0.1>")
        one.cancel()
        async with asyncio.timeout(PATIENCE_S):
            if await one.final == 200:  # we answer so fast that the two may cross
                one.bye()
    await floor.service.driver.idle()
    await floor.nothing_left()
    # It may be over before the engine ever hears of it.
    records = [record for call, record in floor.seen.records.records.items() if call not in before]
    assert [record.outcome for record in records] in ([], [Outcome.ABANDONED_IVR])


async def test_a_caller_who_gives_up_while_a_seat_is_rung(floor: Floor) -> None:
    async with floor.operators(ring_on()) as operators:
        [record] = await floor.call(caller(behaviour=talk(NOTICE_S + 1)))
        await floor.until_seat("seat01", SeatState.READY)
        assert [one.setup_code for one in operators.calls] == [487]
    assert (record.outcome, record.offers) == (Outcome.ABANDONED_QUEUE, 1)


async def test_a_telephone_that_does_not_answer_is_followed_by_the_next(floor: Floor) -> None:
    async with floor.operators(ring_on(), answer()):
        [record] = await floor.call(caller(behaviour=talk(NOTICE_S + 4)))
    assert (record.outcome, record.offers, record.seat) == (Outcome.ANSWERED, 2, "seat02")


@pytest.mark.parametrize("status", ["486 Busy Here", "480 Temporarily Unavailable", "603 Decline"])
async def test_a_telephone_that_refuses_is_followed_by_the_next(floor: Floor, status: str) -> None:
    async with floor.operators(reject(status), answer()):
        [record] = await floor.call(caller())
    assert (record.outcome, record.offers, record.seat) == (Outcome.ANSWERED, 2, "seat02")


async def test_an_operator_who_answers_and_drops_at_once(floor: Floor) -> None:
    async with floor.operators(answer_and_drop()):
        [record] = await floor.call(caller(behaviour=talk(NOTICE_S + 3)))
    # Whether the drop comes before or after both are in the bridge is the telephones' race; both are clean.
    assert record.outcome in (Outcome.ANSWERED, Outcome.ABANDONED_QUEUE)


async def test_an_operator_who_hangs_up_ends_the_call(floor: Floor) -> None:
    async with floor.operators(answer(talk_s=1.0)):
        [record] = await floor.call(caller(behaviour=wait_for_far_end()))
    assert record.outcome == Outcome.ANSWERED
    assert record.talk is not None


async def test_a_second_hang_up_event_changes_nothing(floor: Floor) -> None:
    async with floor.operators():
        [record] = await floor.call(caller())
    floor.service.feed(LegEnded(record.leg))
    floor.service.feed(LegEnded(f"{record.call}.s1"))
    assert floor.seen.entries[-1].commands == floor.seen.entries[-2].commands == []


@pytest.mark.parametrize(("keys", "outcome"), [("1", Outcome.SELF_SERVED), ("91", Outcome.SELF_SERVED)])
async def test_keys_in_a_menu(floor: Floor, keys: str, outcome: Outcome) -> None:
    [record] = await floor.call(caller(MENU_NUMBER, press(keys, 0.8)))
    assert (record.outcome, record.keys) == (outcome, keys)


async def test_a_key_that_leads_into_the_line(floor: Floor) -> None:
    async with floor.operators(answer(talk_s=1.0)):
        [record] = await floor.call(caller(MENU_NUMBER, press("2", 0.8)))
    assert (record.outcome, record.keys) == (Outcome.ANSWERED, "2")


async def test_silence_in_a_menu_comes_to_an_end(floor: Floor) -> None:
    [record] = await floor.call(caller(MENU_NUMBER, wait_for_far_end()))
    assert record.heard == ("prompt@1.ja", "prompt@1.ja", "notice@1.ja")
    assert record.outcome == Outcome.SELF_SERVED


async def test_a_number_that_is_nobodys(floor: Floor) -> None:
    [record] = await floor.call(caller("0480009999"))
    assert (record.outcome, record.project) == (Outcome.BLOCKED, "")


async def test_more_callers_than_seats_are_served_in_the_order_of_their_coming(floor: Floor) -> None:
    async with floor.operators(answer(talk_s=1.0)):
        callers = [
            Caller(NUMBER, f"090000000{i}", 440, wait_for_far_end(), delay_s=0.3 * i) for i in range(4)
        ]
        records = await floor.call(*callers)
    assert {record.outcome for record in records} == {Outcome.ANSWERED}
    by_arrival = sorted(records, key=lambda record: record.arrived_at)
    assert sorted(records, key=lambda record: record.answered_at or 0.0) == by_arrival
