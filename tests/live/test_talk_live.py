"""Hold, consultation and conference on a real Asterisk: what everybody hears, and what is recorded of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    HoldAsked,
    RetrieveAsked,
    SwapAsked,
)
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, hears, hears_music
from tests.live.phone_talks import OUTSIDE, Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SEAT = "seat01"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    async with talks_in(tmp_path_factory.mktemp("talk")) as one:
        yield one


async def test_a_caller_on_hold_hears_music_and_is_taken_back(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        talks.done(HoldAsked(SEAT))
        await hears_music(his)
        talks.done(RetrieveAsked(SEAT))
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
async def test_the_hold_button_of_the_telephone_does_the_same(talks: Talks, direction: str) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await operator.offer(hers, direction)
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        await hears_music(his)
        await operator.offer(hers, "sendrecv")
        await talks.floor.until_seat(SEAT, SeatState.TALKING)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_keys_of_the_operator_hold_and_take_back(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await hers.audio.press("*1")
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        await hears_music(his)
        await hers.audio.press("*1")
        await talks.floor.until_seat(SEAT, SeatState.TALKING)
        await caller.hang_up(his)


async def test_a_caller_on_hold_is_not_lost_by_the_operators_telephone(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        talks.done(HoldAsked(SEAT))
        await operator.hang_up(hers)
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_a_caller_who_hangs_up_on_hold(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        talks.done(HoldAsked(SEAT))
        await hears_music(his)
        await caller.hang_up(his)
        assert (await hers.end()).startswith("BYE")


@pytest.mark.parametrize("number", ["202", "35", OUTSIDE])
async def test_somebody_is_asked_and_takes_the_caller(talks: Talks, number: str) -> None:
    operator, third = talks.operator(), talks.third(number)
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, number)
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await hears_music(his)
        talks.done(CompleteAsked(SEAT))
        await hers.end()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await third.hang_up(theirs)
        assert (await his.end()).startswith("BYE")


async def consulted(talks: Talks, number: str) -> None:
    """The operator asks whoever has this number."""
    to = talks.engine.floor.centre.telephone(number)
    assert to is not None
    talks.done(ConsultAsked(SEAT, *to))


async def test_the_operator_hangs_up_while_the_other_telephone_rings(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third(answers="180 Ringing")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, "202")
        theirs = await third.rung()
        await operator.hang_up(hers)
        await talks.call_in(State.TRANSFERRED)
        await hears_music(his)
        await third.pick_up(theirs)
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_back_to_the_caller_without_whoever_was_asked(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, "202")
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        talks.done(RetrieveAsked(SEAT))
        await theirs.end()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


@pytest.mark.parametrize("no", ["486 Busy Here", "603 Decline"])
async def test_who_is_asked_does_not_want(talks: Talks, no: str) -> None:
    operator, third = talks.operator(), talks.third(answers=no)
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, "202")
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        talks.done(RetrieveAsked(SEAT))
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_from_one_to_the_other_and_back(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, "202")
        theirs = await third.rung()
        await hears(hers, THIRD_HZ)
        talks.done(SwapAsked(SEAT))
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await hears_music(theirs)
        talks.done(SwapAsked(SEAT))
        await all_hear((theirs, {OPERATOR_HZ}), (hers, {THIRD_HZ}))
        await hears_music(his)
        await caller.hang_up(his)
        await theirs.end()


async def test_a_recording_of_everything_in_one_file(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third("35")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await hears(his, OPERATOR_HZ)
        talks.done(HoldAsked(SEAT))
        await hears_music(his)
        await consulted(talks, "35")
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        talks.done(ConferenceAsked(SEAT))
        await all_hear(
            (his, {OPERATOR_HZ, THIRD_HZ}), (hers, {CALLER_HZ, THIRD_HZ}), (theirs, {CALLER_HZ, OPERATOR_HZ})
        )
        talks.done(CompleteAsked(SEAT))
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
        record, recording = await talks.record(call), await talks.recording(call)
    assert [(talk.who, talk.role) for talk in record.talks] == [
        ("seat:seat01", "operator"),
        ("extension:35", "consulted"),
        ("extension:35", "joined"),
        ("extension:35", "transferred"),
    ]
    periods = talks.periods(call)
    assert [(period.state, recording.heard(period.began, period.ended)) for period in periods] == [
        (State.TALKING, ({CALLER_HZ}, {OPERATOR_HZ})),
        (State.HELD, ({CALLER_HZ}, set())),
        (State.CONSULTING, ({CALLER_HZ}, set())),
        (State.TALKING, ({CALLER_HZ}, {OPERATOR_HZ, THIRD_HZ})),
        (State.TALKING, ({CALLER_HZ}, {THIRD_HZ})),
    ]


async def test_the_third_leaves_and_the_others_talk_on(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await consulted(talks, "202")
        theirs = await third.rung()
        await hears(hers, THIRD_HZ)
        talks.done(ConferenceAsked(SEAT))
        await hears(his, OPERATOR_HZ, THIRD_HZ)
        await third.hang_up(theirs)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await operator.hang_up(hers)
        await his.end()
