"""What operators and their telephones do between the calls: not answering, breaks, hot desking, headsets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied, WrapUpFinished
from engine.centre import Centre, Person, SeatPlan
from sim.live import phone_sip as sip
from sim.live.telephone import Telephone
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, Office, all_hear, office, straight_project

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SECOND, HANAKO = "0488302222", "hanako"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """seat01 serves a line that rings for a moment only; seat03 and seat04 are for people; seat05 has a headset."""
    projects = {
        "line": straight_project("line", NUMBER, ring_timeout_s=0.4, misses=2),
        "desk": straight_project("desk-line", MENU_NUMBER, wrapup_s=None, misses=1),
    }
    seats = (
        SeatPlan("seat01", ("line",)),
        SeatPlan("seat03", ("desk-line",), personal=True),
        SeatPlan("seat04", ("desk-line",), personal=True),
        SeatPlan("seat05", ("line",), auto_answer=True),
    )
    people = {HANAKO: Person(HANAKO, "801", "花子", ("desk-line",))}
    centre = Centre({p.project: p for p in projects.values()}, seats, people=people)
    async with office(tmp_path_factory.mktemp("seats"), centre) as one:
        yield one


def phone(house: Office, answers: str = "200 OK", seat: str = "seat01") -> Telephone:
    return house.telephone(seat, OPERATOR_HZ, answers)


async def test_nobody_picks_up_twice_and_the_caller_keeps_his_place(house: Office) -> None:
    operator = phone(house, "180 Ringing")
    async with house.at_work(operator), house.caller() as first, house.caller(SECOND) as second:
        his = await first.dial(NUMBER)
        await house.call_in(State.RINGING)
        hers = await second.dial(NUMBER)
        for number in (1, 2):
            assert "cause=26" not in await (await operator.rung(number)).end()
        await house.floor.until_seat("seat01", SeatState.NOT_ANSWERING)
        assert house.engine.floor.seats["seat01"].reason == "no_answer"
        assert {call.state for call in house.engine.floor.calls.values()} == {State.QUEUED}
        operator.answers = "200 OK"
        house.done(SeatReadied("seat01"))
        third = await operator.rung(3)
        await all_hear((his, {OPERATOR_HZ}), (third, {CALLER_HZ}))
        assert (await house.call_in(State.TALKING)).offers == 3
        await operator.hang_up(third)
        fourth = await operator.rung(4)
        await all_hear((hers, {OPERATOR_HZ}), (fourth, {CALLER_HZ}))
        await second.hang_up(hers)


@pytest.mark.parametrize(
    ("says", "reason"),
    [("486 Busy Here", "busy"), ("480 Temporarily Unavailable", "no_answer"), ("603 Decline", "rejected")],
)
async def test_a_telephone_that_does_not_want(house: Office, says: str, reason: str) -> None:
    operator = phone(house, says)
    async with house.at_work(operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        await house.floor.until_seat("seat01", SeatState.NOT_ANSWERING)
        assert house.engine.floor.seats["seat01"].reason == reason
        assert len(operator.talks) == 2
        await caller.hang_up(his)


async def test_a_break_after_the_conversation_and_its_end(house: Office) -> None:
    operator = phone(house)
    async with house.at_work(operator), house.caller() as first, house.caller(SECOND) as second:
        his, hers = await house.talking(first, operator)
        house.done(SeatPaused("seat01", "食事"))
        assert house.engine.floor.seats["seat01"].state is SeatState.TALKING
        waiting = await second.dial(NUMBER)
        await operator.hang_up(hers)
        await his.end()
        await house.floor.until_seat("seat01", SeatState.BREAK)
        assert house.engine.floor.seats["seat01"].reason == "食事"
        # Nobody is there for a new caller: the flow tells him so.
        await waiting.end()
        house.done(SeatReadied("seat01"))
        await house.floor.until_seat("seat01", SeatState.READY)


async def test_who_waits_is_rung_for_at_the_end_of_a_break(house: Office) -> None:
    operator = phone(house)
    async with house.at_work(operator), house.caller() as first, house.caller(SECOND) as second:
        _, hers = await house.talking(first, operator)
        waiting = await second.dial(NUMBER)
        await house.call_in(State.QUEUED, SECOND)
        house.done(SeatPaused("seat01", "休憩"))
        await operator.hang_up(hers)
        await house.floor.until_seat("seat01", SeatState.BREAK)
        house.done(SeatReadied("seat01"))
        again = await operator.rung(2)
        await all_hear((waiting, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await second.hang_up(waiting)


async def test_a_headset_is_asked_to_pick_up_by_itself(house: Office) -> None:
    headset, plain = phone(house, seat="seat05"), phone(house)
    async with house.at_work(headset), house.caller() as caller:
        his, hers = await house.talking(caller, headset)
        assert sip.header(hers.invite, "Call-Info") == "<sip:localhost>;answer-after=0"
        assert "info=alert-autoanswer" in sip.header(hers.invite, "Alert-Info")
        await caller.hang_up(his)
    async with house.at_work(plain), house.caller() as caller:
        his, hers = await house.talking(caller, plain)
        assert not sip.header(hers.invite, "Call-Info") + sip.header(hers.invite, "Alert-Info")
        assert '"line" <sip:0488301111@' in sip.header(hers.invite, "From")
        await caller.hang_up(his)


async def test_a_person_takes_her_calls_along_to_another_seat(house: Office) -> None:
    third, fourth = phone(house, seat="seat03"), phone(house, seat="seat04")
    async with third, fourth, house.caller() as caller, house.caller(SECOND) as other:
        refused = await other.dial(MENU_NUMBER)
        await refused.end()  # at a personal seat nobody is there before somebody logs in
        assert house.ask(SeatLoggedIn("seat03")).refusal == "unknown"
        for seat, telephone in (("seat03", third), ("seat04", fourth)):
            house.done(SeatLoggedIn(seat, HANAKO))
            await house.floor.until_seat(seat, SeatState.READY)
            his = await caller.dial(MENU_NUMBER)
            hers = await telephone.rung()
            await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
            busy = house.ask(SeatLoggedIn("seat03" if seat == "seat04" else "seat04", HANAKO))
            assert busy.refusal == "conflict"
            call = await house.call_in(State.TALKING)
            await caller.hang_up(his)
            await house.floor.until_seat(seat, SeatState.WRAP_UP)
            house.done(WrapUpFinished(seat))
            await house.floor.until_seat(seat, SeatState.READY)
            record = await house.record(call)
            assert (record.seat, record.operator) == (seat, HANAKO)
        assert house.engine.floor.seats["seat03"].state is SeatState.LOGGED_OUT
        house.done(SeatLoggedOut("seat04"))
        await house.floor.until_seat("seat04", SeatState.LOGGED_OUT)
        await house.floor.nothing_left()
