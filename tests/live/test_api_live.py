"""An operator's day by API: HTTP, the live stream, real telephones; everybody has a token of his own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.events import PhoneRegistered
from calls.lifecycle import Outcome, SeatState
from sim.live import phone_sip as sip
from tests.live.api_house import House, api_house, course, until_gone
from tests.live.centre import NUMBER
from tests.live.phone_office import CALLER, CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, hears_music

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

OUTSIDE = "0481234567"
FIRST, OTHER = "seat01", "seat02"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with api_house(tmp_path_factory.mktemp("api")) as one:
        yield one


# ---- the morning


async def test_people_come_to_work(house: House) -> None:
    assert (await house.get("leader181", "shifts"))["missing"] == ["op101", "op102"]
    first, other = house.at(FIRST), house.at(OTHER)
    screen = await house.listen("leader181")
    async with first, other:
        await house.seen.until(lambda: len(house.seen.events(PhoneRegistered)) >= 2)
        assert await house.refused("op102", FIRST, "login", operator="op101") == (403, "")
        assert await house.refused("supervisor191", FIRST, "logout") == (404, "")  # it is not there for him
        await house.does("op101", FIRST, "login")
        assert (await house.get("op101", "me"))["seats"] == [FIRST]
        assert (await house.get("leader181", "shifts"))["missing"] == ["op102"]
        assert await house.refused("op102", FIRST, "login") == (403, "")
        await house.does("leader181", OTHER, "login", operator="op102")
        await house.does("op102", OTHER, "break", reason="朝礼")
        await house.does("op102", OTHER, "ready")
        for person, seat in (("op101", FIRST), ("op102", OTHER)):
            await house.does(person, seat, "logout")
    told = await screen.until("seat", seat=OTHER, state="LOGGED_OUT")
    assert course(told, "seat", OTHER, "state", "operator", "reason") == [
        ("READY", "op102", ""),
        ("BREAK", "op102", "朝礼"),
        ("READY", "op102", ""),
        ("LOGGED_OUT", "", ""),
    ]
    assert house.audited()[-1] == ("leader181", "SeatLoggedIn", OTHER)


# ---- calls


async def test_a_call_from_the_line_to_its_record(house: House) -> None:
    operator = house.at(FIRST)
    screen = await house.listen("op101")
    async with house.people(op101=operator), house.caller() as caller:
        assert (await screen.frame())["me"]["seats"] == [FIRST]  # who sits down is told everything anew
        his, hers, call = await house.talks(caller, operator)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        assert await house.does("op101", FIRST, "hold") == call
        await hears_music(his)
        assert await house.refused("op101", FIRST, "hold") == (409, "HELD")
        await house.does("op101", FIRST, "retrieve")
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await house.does("op101", FIRST, "class", inquiry_class="2")
        await house.does("op101", FIRST, "hangup")
        assert (await his.end()).startswith("BYE")
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        assert await house.refused("op101", FIRST, "hold") == (409, "WRAP_UP")
        await house.does("op101", FIRST, "wrapup/end")
        changes = await until_gone(screen, "call", call)
    assert course(changes, "call", call, "state", "inquiry_class") == [
        ("ARRIVED", ""),
        ("IVR", ""),
        ("QUEUED", ""),
        ("RINGING", ""),
        ("TALKING", ""),
        ("HELD", ""),
        ("TALKING", ""),
        ("TALKING", "還付"),
        ("WRAP_UP", "還付"),
        "gone",
    ]
    states = ["RINGING", "TALKING", "HOLDING", "TALKING", "WRAP_UP"]
    told = course(changes, "seat", FIRST, "state")
    # That it is ready may be told before he is told everything anew, or after.
    assert told[told.index("RINGING") :] == states
    record = house.seen.records.records[call]
    assert (record.outcome, record.inquiry_class, record.operator) == (Outcome.ANSWERED, "還付", "op101")


async def test_what_makes_no_sense_now(house: House) -> None:
    operator = house.at(FIRST)
    async with house.people(op101=operator), house.caller() as caller:
        for what in ("hold", "retrieve", "complete", "swap", "conference", "hangup", "wrapup/end"):
            assert await house.refused("op101", FIRST, what) == (409, "READY"), what
        target = {"kind": "seat", "target": OTHER}
        assert await house.refused("op101", FIRST, "transfer", **target) == (409, "READY")
        his, _, _ = await house.talks(caller, operator)
        assert await house.refused("op101", FIRST, "transfer", **target) == (409, "LOGGED_OUT")
        assert await house.refused("op101", FIRST, "consult", kind="extension", target="99") == (404, "")
        assert await house.refused("op101", FIRST, "dial", number=OUTSIDE) == (409, "TALKING")
        assert await house.refused("op102", FIRST, "hangup") == (403, "")
        assert await house.refused("supervisor191", FIRST, "hold") == (404, "")
        await caller.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "ready")


async def test_who_logs_out_while_it_rings_may_still_pick_up(house: House) -> None:
    operator = house.at(FIRST, "180 Ringing")
    async with house.people(op101=operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await house.does("op101", FIRST, "logout")
        assert (await house.get("op101", f"seats/{FIRST}"))["state"] == "RINGING"
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        assert await house.refused("op101", FIRST, "ready") == (409, "WRAP_UP")
        await house.does("op101", FIRST, "wrapup/end")
        await house.floor.until_seat(FIRST, SeatState.LOGGED_OUT)
        assert await house.refused("op101", FIRST, "logout") == (403, "")  # nobody sits there any more
        await house.does("op101", FIRST, "login")


async def test_a_colleague_is_asked_and_takes_the_caller(house: House) -> None:
    operator, other = house.at(FIRST), house.at(OTHER)
    screen = await house.listen("leader181")
    async with house.people(op101=operator), house.caller() as caller:
        his, hers, call = await house.talks(caller, operator)
        async with house.people(op102=other):
            await house.does("op101", FIRST, "consult", kind="seat", target=OTHER)
            theirs = await other.rung()
            await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
            await hears_music(his)
            await house.does("op101", FIRST, "complete")
            await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
            assert (await house.get("op102", f"calls/{call}"))["caller"] == CALLER
            await house.does("op101", FIRST, "wrapup/end")  # until then it is his call as well
            assert (await house.get("op101", f"calls/{call}"))["caller"] == CALLER[:-4] + "****"
            await caller.hang_up(his)
            await house.floor.until_seat(OTHER, SeatState.WRAP_UP)
            await house.does("leader181", OTHER, "wrapup/end")
            changes = await until_gone(screen, "call", call)
    assert course(changes, "call", call, "state", "seat")[4:] == [
        ("TALKING", FIRST),
        ("CONSULTING", FIRST),
        ("TRANSFERRED", OTHER),
        ("TALKING", OTHER),
        ("WRAP_UP", OTHER),
        "gone",
    ]
    assert house.audited()[-1] == ("leader181", "WrapUpFinished", OTHER)


async def test_the_35th_telephone_joins_and_gets_the_caller(house: House) -> None:
    operator, third = house.at(FIRST), house.telephone("ext35", THIRD_HZ)
    screen = await house.listen("leader181")
    async with house.people(op101=operator), third, house.caller() as caller:
        his, hers, call = await house.talks(caller, operator)
        await house.does("op101", FIRST, "consult", kind="extension", target="35")
        theirs = await third.rung()
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await house.does("op101", FIRST, "swap")
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await hears_music(theirs)
        await house.does("op101", FIRST, "conference")
        await all_hear((his, {OPERATOR_HZ, THIRD_HZ}), (theirs, {CALLER_HZ, OPERATOR_HZ}))
        await house.does("op101", FIRST, "complete")
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await house.does("op101", FIRST, "wrapup/end")
        await caller.hang_up(his)
        changes = await until_gone(screen, "call", call)
    told = [one for one in course(changes, "call", call, "state", "parties") if one != "gone" and one[1]]
    assert [(state, parties[0]["who"], parties[0]["role"]) for state, parties in told] == [
        ("CONSULTING", "extension:35", "consulted"),
        ("TALKING", "extension:35", "consulted"),
        ("TALKING", "extension:35", "joined"),
        ("TRANSFERRED", "extension:35", "joined"),
        ("TALKING", "extension:35", "joined"),
        ("TALKING", "extension:35", "transferred"),
    ]


async def test_an_operator_calls_somebody_outside(house: House) -> None:
    operator, party = house.at(FIRST, "180 Ringing"), house.outside(OUTSIDE)
    screen = await house.listen("leader181")
    async with house.people(op101=operator), party:
        call = await house.does("op101", FIRST, "dial", number=OUTSIDE)
        hers = await operator.rung()
        assert not party.talks  # the operator comes first
        await operator.pick_up(hers)
        theirs = await party.rung()
        assert f"sip:{NUMBER}@" in sip.header(theirs.invite, "From")
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await house.does("op101", FIRST, "hangup")
        assert (await theirs.end()).startswith("BYE")
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
        changes = await until_gone(screen, "call", call)
    assert course(changes, "call", call, "direction", "state", "caller") == [
        ("out", "ARRIVED", OUTSIDE),
        ("out", "RINGING", OUTSIDE),
        ("out", "TALKING", OUTSIDE),
        ("out", "WRAP_UP", OUTSIDE),
        "gone",
    ]
