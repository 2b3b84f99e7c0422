"""A caller is sent on, by the screen, by keys and by the button of the operator's telephone (REFER)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from calls.requests import TransferAsked
from sim.live import phone_sip as sip
from sim.live.telephone import Talk
from tests.live.centre import NUMBER
from tests.live.phone_office import CALLER, CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, hears, hears_music
from tests.live.phone_talks import OUTSIDE, Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SEAT = "seat01"
WHO = {"202": "seat:seat02", "35": "extension:35", OUTSIDE: f"outside:{OUTSIDE}"}

Send = Callable[[Talks, Talk, str], Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    async with talks_in(tmp_path_factory.mktemp("transfers")) as one:
        yield one


async def by_screen(talks: Talks, hers: Talk, number: str) -> None:
    to = talks.engine.floor.centre.telephone(number)
    assert to is not None
    talks.done(TransferAsked(SEAT, *to))


async def by_keys(talks: Talks, hers: Talk, number: str) -> None:
    await hers.audio.press(f"*2{number}#")


async def by_button(talks: Talks, hers: Talk, number: str) -> None:
    assert await hers.phone.refer(hers, f"<sip:{number}@127.0.0.1>") == 202
    assert await hers.referred() == "SIP/2.0 200 OK"


@pytest.mark.parametrize("number", ["202", "35", OUTSIDE])
@pytest.mark.parametrize("send", [by_screen, by_button])
async def test_the_caller_goes_to_another_telephone(talks: Talks, send: Send, number: str) -> None:
    operator, third = talks.operator(), talks.third(number)
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await hears(his, OPERATOR_HZ)
        await send(talks, hers, number)
        theirs = await third.rung()
        assert (await hers.end()).startswith("BYE")
        await talks.floor.until_seat(SEAT, SeatState.READY)
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
        record, recording = await talks.record(call), await talks.recording(call)
    assert (record.outcome, record.transfers) == (Outcome.ANSWERED, (WHO[number],))
    roles = [(talk.who, talk.role, recording.heard(talk.began, talk.ended)) for talk in record.talks]
    assert roles == [
        ("seat:seat01", "operator", ({CALLER_HZ}, {OPERATOR_HZ})),
        (WHO[number], "transferred", ({CALLER_HZ}, {THIRD_HZ})),
    ]


async def test_by_keys_in_the_conversation(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third("35")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await by_keys(talks, hers, "35")
        theirs = await third.rung()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await third.hang_up(theirs)
        await his.end()


@pytest.mark.parametrize(
    ("number", "shown"),
    [("35", f'"line" <sip:{CALLER}@'), ("202", f'"line" <sip:{CALLER}@'), (OUTSIDE, f"sip:{NUMBER}@")],
)
async def test_what_the_other_telephone_shows(talks: Talks, number: str, shown: str) -> None:
    """Inside the project and the caller; outside the number of the project, which is ours."""
    operator, third = talks.operator(), talks.third(number, "180 Ringing")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await by_screen(talks, hers, number)
        theirs = await third.rung()
        assert shown in sip.header(theirs.invite, "From")
        await hears_music(his)
        await caller.hang_up(his)
        assert (await theirs.end()).startswith("CANCEL")


@pytest.mark.parametrize("no", ["486 Busy Here", "603 Decline", "480 Temporarily Unavailable"])
@pytest.mark.parametrize("number", ["202", OUTSIDE])
async def test_nobody_wants_him_and_he_comes_back(talks: Talks, number: str, no: str) -> None:
    operator, third = talks.operator(), talks.third(number, no)
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await by_screen(talks, hers, number)
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await operator.hang_up(again)
        await his.end()
        record = await talks.record(call)
    assert (record.outcome, record.transfers, record.seat) == (Outcome.ANSWERED, (), SEAT)


async def test_the_other_telephone_is_not_there(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        assert talks.ask(TransferAsked(SEAT, "seat", "seat02")).refusal == "conflict"
        assert talks.ask(TransferAsked(SEAT, "seat", "seat99")).refusal == "unknown"
        await by_screen(talks, hers, "35")
        again = await operator.rung(2)
        await all_hear((his, {OPERATOR_HZ}), (again, {CALLER_HZ}))
        await caller.hang_up(his)


# ---- attended, by the telephone alone: hold, second line, REFER with Replaces


async def second_line(talks: Talks, hers: Talk, number: str) -> Talk:
    """The operator holds the caller and dials somebody on another line of his telephone."""
    await hers.phone.offer(hers, "inactive")
    await talks.floor.until_seat(SEAT, SeatState.HOLDING)
    second = await hers.phone.dial(number)
    await talks.floor.until_seat(SEAT, SeatState.CONSULTING)
    return second


@pytest.mark.parametrize("number", ["202", "35", OUTSIDE])
async def test_two_lines_of_one_telephone_are_put_together(talks: Talks, number: str) -> None:
    operator, third = talks.operator(), talks.third(number)
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        second = await second_line(talks, hers, number)
        theirs = await third.rung()
        await all_hear((second, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await hears_music(his)
        assert await operator.refer(hers, second.as_replaced()) == 202
        assert await hers.referred() == "SIP/2.0 200 OK"
        await second.end()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        await caller.hang_up(his)
        record = await talks.record(call)
    assert record.transfers == (WHO[number],)


async def test_from_line_to_line(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        second = await second_line(talks, hers, "202")
        theirs = await third.rung()
        await all_hear((second, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await operator.offer(second, "inactive")
        await operator.offer(hers, "sendrecv")
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await hears_music(theirs)
        await operator.offer(hers, "inactive")
        await operator.offer(second, "sendrecv")
        await all_hear((theirs, {OPERATOR_HZ}), (second, {THIRD_HZ}))
        await hears_music(his)
        await operator.hang_up(second)
        await theirs.end()
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        await operator.offer(hers, "sendrecv")
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_the_second_line_hears_that_nobody_wants_to_talk(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third(answers="486 Busy Here")
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        await hers.phone.offer(hers, "inactive")
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        second = await hers.phone.dial("202")
        await second.end()
        await operator.offer(hers, "sendrecv")
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


# ---- nowhere


@pytest.mark.parametrize("target", ["<sip:99999@127.0.0.1>", "<sip:nobody@127.0.0.1>", "<sip:203@127.0.0.1>"])
async def test_a_refer_to_nowhere_changes_nothing(talks: Talks, target: str) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        assert await operator.refer(hers, target) == 202
        assert await hers.referred() == "SIP/2.0 603 Decline"
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)


async def test_a_refer_that_names_a_call_of_nobody(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        replaced = "<sip:202@127.0.0.1?Replaces=none%3Bto-tag%3Da%3Bfrom-tag%3Db>"
        assert await operator.refer(hers, replaced) == 202
        assert await hers.referred() == "SIP/2.0 603 Decline"
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
