"""Early media on a real Asterisk: who only hears that all lines are busy is not answered, where the line allows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome
from calls.record import CallRecord
from engine.centre import Centre
from sim.live.behaviour import press, talk, wait_for_far_end
from sim.live.callers import Caller
from telephony.site import TrunkSite
from tests.live.centre import MENU_NUMBER, NUMBER, PATIENCE_S, Floor, project, running
from tests.live.sip import SipCaller

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

BUSY_HERE = 486


def free_centre() -> Centre:
    """One number that only tells of the overload, one that goes on to a menu."""
    projects = (project("overload", NUMBER, "overload"), project("menu", MENU_NUMBER, "free_menu"))
    return Centre({one.project: one for one in projects}, ())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    directory = tmp_path_factory.mktemp("early")
    async with running(directory, free_centre(), TrunkSite(early_media=True)) as running_floor:
        yield running_floor


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def answering(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    async with running(tmp_path_factory.mktemp("answering"), free_centre()) as running_floor:
        yield running_floor


async def listen(floor: Floor, number: str = NUMBER) -> tuple[list[int | str], CallRecord]:
    """What a caller sees and hears until the far end ends the call."""
    before = set(floor.seen.records.records)
    async with SipCaller(floor.target[1]) as one:
        one.invite(number, "<sip:0900000001@127.0.0.1>")
        async with asyncio.timeout(PATIENCE_S):
            await one.final
            await floor.service.driver.idle()
    await floor.nothing_left()
    [call] = set(floor.seen.records.records) - before
    return one.course, floor.seen.records.records[call]


async def test_the_overload_text_is_heard_and_the_call_never_answered(floor: Floor) -> None:
    course, record = await listen(floor)
    # Asterisk says 183 once more for each text that it plays to a call that is not answered.
    assert list(dict.fromkeys(course)) == [100, 183, "sdp", "audio", BUSY_HERE]
    assert (record.outcome, record.heard) == (Outcome.OVERFLOWED, ("notice@1.ja",))


async def test_without_early_media_the_same_call_is_answered(answering: Floor) -> None:
    course, record = await listen(answering)
    assert list(dict.fromkeys(course)) == [100, 200, "sdp", "audio"]
    assert (record.outcome, record.heard) == (Outcome.OVERFLOWED, ("notice@1.ja",))


async def test_a_menu_after_an_early_text_is_answered_and_has_its_key(floor: Floor) -> None:
    [record] = await floor.call(Caller(MENU_NUMBER, "0900000001", 440, press("1", 0.8)))
    assert (record.outcome, record.keys) == (Outcome.SELF_SERVED, "1")
    assert record.heard == ("notice@1.ja", "prompt@1.ja", "notice@1.ja")


async def test_who_gives_up_in_the_middle_of_an_early_text(floor: Floor) -> None:
    before = set(floor.seen.records.records)
    async with SipCaller(floor.target[1]) as one:
        one.invite(NUMBER, "<sip:0900000001@127.0.0.1>")
        await floor.seen.until(lambda: len(floor.seen.records.records) > len(before))
        one.cancel()
        async with asyncio.timeout(PATIENCE_S):
            assert await one.final == 487
    await floor.service.driver.idle()
    await floor.nothing_left()
    [call] = set(floor.seen.records.records) - before
    assert floor.seen.records.records[call].outcome in (Outcome.OVERFLOWED, Outcome.ABANDONED_IVR)


async def test_many_at_once(floor: Floor) -> None:
    records = await floor.call(
        *(Caller(NUMBER, f"09000000{i:02}", None, wait_for_far_end()) for i in range(20)),
        *(Caller(NUMBER, f"09000001{i:02}", None, talk(1)) for i in range(2)),
    )
    assert {record.outcome for record in records} == {Outcome.OVERFLOWED}
    assert floor.service.asterisk is not None
    # One caller above gave up in the middle of a text: Asterisk remarks on that.
    problems = floor.service.asterisk.problems()
    assert [line for line in problems if "Playback failed for" not in line] == []
