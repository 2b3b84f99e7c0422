"""Telephones that misbehave, and people who leave at the worst moment: every call ends, and every seat comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.events import ProjectWithdrawn
from calls.lifecycle import Outcome, SeatState, State
from calls.requests import SeatLoggedIn, SeatLoggedOut
from engine.centre import Centre, SeatPlan
from sim.live.telephone import Telephone
from telephony.site import PhonesSite, TrunkSite
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, Office, all_hear, hears, office, straight_project

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SECOND = "0488302222"
SILENT_S = 2


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Whoever sends no audio for so long is taken for gone. seat03 alone serves the project `gone`."""
    projects = (
        straight_project("line", NUMBER, misses=9, ring_timeout_s=1),
        straight_project("gone", MENU_NUMBER),
    )
    seats = (SeatPlan("seat01", ("line",)), SeatPlan("seat02", ("line",)), SeatPlan("seat03", ("gone",)))
    centre = Centre({project.project: project for project in projects}, seats)
    rules = PhonesSite(rtp_timeout_s=SILENT_S, hold_timeout_s=SILENT_S)
    trunk = TrunkSite(rtp_timeout_s=SILENT_S)
    async with office(tmp_path_factory.mktemp("bad"), centre, trunk, rules) as one:
        yield one


def phone(house: Office, answers: str = "200 OK", seat: str = "seat01") -> Telephone:
    return house.telephone(seat, OPERATOR_HZ, answers)


@pytest.mark.parametrize("time", range(5))
async def test_picks_up_and_drops_at_once(house: Office, time: int) -> None:
    """Whether the two were connected in between is a matter of luck; that the caller is served is not."""
    operator = phone(house, "180 Ringing")
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        call = await house.call_in(State.RINGING)
        await operator.pick_up(hers)
        await operator.hang_up(hers)
        await house.seen.until(lambda: call.answered and (call.offers > 1 or call.state is State.CLOSED))
        if call.state is State.CLOSED:
            assert (await his.end()).startswith("BYE")
        else:
            again = await operator.rung(2)
            await operator.pick_up(again)
            await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
            await caller.hang_up(his)


async def test_picks_up_twice(house: Office) -> None:
    operator = phone(house, "180 Ringing")
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await operator.pick_up(hers)
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


@pytest.mark.parametrize(
    "says", ["486 Busy Here", "603 Decline", "480 Temporarily Unavailable", "302 Moved Temporarily", "500 No"]
)
async def test_refuses_and_another_seat_takes_the_caller(house: Office, says: str) -> None:
    operator, other = phone(house, says), phone(house, seat="seat02")
    async with house.at_work(operator, other), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await other.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        assert len(operator.talks) == 1
        await caller.hang_up(his)


async def test_the_operator_vanishes_in_the_conversation(house: Office) -> None:
    operator = phone(house)
    async with operator, house.caller() as caller:
        await house.floor.until_seat("seat01", SeatState.READY)
        his, _ = await house.talking(caller, operator)
        call = await house.call_in(State.TALKING)
        await hears(his, OPERATOR_HZ)
        operator.vanish()
        assert (await his.end()).startswith("BYE")
        assert (await house.record(call)).outcome == Outcome.ANSWERED
    async with house.at_work(phone(house)):  # it is back
        assert house.engine.floor.seats["seat01"].state is SeatState.READY


async def test_the_caller_vanishes_in_the_conversation(house: Office) -> None:
    operator = phone(house)
    async with house.at_work(operator), house.caller() as caller:
        _, hers = await house.talking(caller, operator)
        await hears(hers, CALLER_HZ)
        caller.vanish()
        assert (await hers.end()).startswith("BYE")
        await house.floor.until_seat("seat01", SeatState.READY)


async def test_the_operator_vanishes_while_he_holds_and_the_caller_is_rung_for_again(house: Office) -> None:
    operator = phone(house)
    async with house.at_work(operator), house.caller() as caller:
        his, hers = await house.talking(caller, operator)
        await operator.offer(hers, "inactive")
        await house.floor.until_seat("seat01", SeatState.HOLDING)
        await hers.end()
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_the_one_that_registered_last_rings(house: Office) -> None:
    old, new = phone(house), phone(house)
    async with house.at_work(old, new), house.caller() as caller:
        his, hers = await house.talking(caller, new)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        assert not old.talks
        await caller.hang_up(his)


async def test_the_operator_logs_out_while_his_telephone_rings(house: Office) -> None:
    operator = phone(house, "180 Ringing")
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        house.done(SeatLoggedOut("seat01"))
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await house.floor.until_seat("seat01", SeatState.LOGGED_OUT)
        house.done(SeatLoggedIn("seat01"))


async def test_a_telephone_that_has_left_the_network_is_rung_in_vain(house: Office) -> None:
    gone, other = phone(house), phone(house, seat="seat02")
    async with gone:
        await house.floor.until_seat("seat01", SeatState.READY)
        async with house.at_work(other), house.caller() as caller:
            gone.vanish()
            his = await caller.dial(NUMBER)
            hers = await other.rung()
            assert house.engine.floor.seats["seat01"].misses == 1
            await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
            await caller.hang_up(his)
    async with house.at_work(phone(house)):
        assert house.engine.floor.seats["seat01"].state is SeatState.READY


async def test_a_project_is_withdrawn_while_callers_wait(house: Office) -> None:
    operator = phone(house, seat="seat03")
    async with house.at_work(operator), house.caller() as first, house.caller(SECOND) as second:
        his = await first.dial(MENU_NUMBER)
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        waiting = await second.dial(MENU_NUMBER)
        await house.call_in(State.QUEUED, SECOND)
        house.service.feed(ProjectWithdrawn("gone"))
        async with house.caller("0488303333") as third:
            late = await third.dial(MENU_NUMBER)
            assert await asyncio.wait_for(late.final, 20) == 404
        await operator.hang_up(hers)
        again = await operator.rung(2)
        await all_hear((waiting, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await operator.hang_up(again)
        await waiting.end()
