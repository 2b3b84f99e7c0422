"""What operators dial: star codes, numbers outside and inside, and what the telephone says to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from engine.centre import Centre, Person, SeatPlan
from engine.extensions_file import Extension
from sim.live import phone_sip as sip
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear, straight_project
from tests.live.phone_talks import OUTSIDE, Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SEAT, PERSONAL, HANAKO = "seat01", "seat03", "hanako"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    """seat03 belongs to whoever logs in there."""
    classes = {"inquiry_classes": ["納付", "減免"]}
    projects = (
        straight_project("line", NUMBER, classes, wrapup_s=None),
        straight_project("other", MENU_NUMBER),
    )
    seats = (
        SeatPlan(SEAT, ("line",), "201"),
        SeatPlan("seat02", ("other",), "202"),
        SeatPlan(PERSONAL, ("other",), "203", personal=True),
    )
    people = {HANAKO: Person(HANAKO, "801", "花子", ("other",))}
    centre = Centre({p.project: p for p in projects}, seats, {"35": Extension("ext35", "35")}, people=people)
    async with talks_in(tmp_path_factory.mktemp("codes"), centre) as one:
        yield one


async def test_somebody_logs_in_and_out_at_a_seat(talks: Talks) -> None:
    async with talks.telephone(PERSONAL, OPERATOR_HZ) as operator, talks.caller() as caller:
        assert await talks.dials(operator, "*14") == "not_logged_in"
        assert await talks.dials(operator, "*11801") == "logged_in"
        await talks.floor.until_seat(PERSONAL, SeatState.READY)
        his = await caller.dial(MENU_NUMBER)
        hers = await operator.rung(3)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        call = await talks.call_in(State.TALKING)
        await operator.hang_up(hers)
        assert (await talks.record(call)).operator == HANAKO
        await talks.floor.until_seat(PERSONAL, SeatState.READY)
        assert await talks.dials(operator, "*12") == "logged_out"
        await talks.floor.until_seat(PERSONAL, SeatState.LOGGED_OUT)
        await talks.floor.nothing_left()


async def test_a_break_and_its_end(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator):
        code = await operator.dial("*132")
        assert (await code.end()).startswith("BYE")
        assert talks.said()[-1] == "break"
        await talks.floor.until_seat(SEAT, SeatState.BREAK)
        assert talks.engine.floor.seats[SEAT].reason == "食事"
        assert await talks.dials(operator, "*14") == "ready"
        await talks.floor.until_seat(SEAT, SeatState.READY)


@pytest.mark.parametrize(
    ("code", "said", "given"), [("*152", "classified", "減免"), ("*16", "wrapped_up", "")]
)
async def test_the_end_of_the_record(talks: Talks, code: str, said: str, given: str) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, _ = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await caller.hang_up(his)
        await talks.floor.until_seat(SEAT, SeatState.WRAP_UP)
        assert await talks.dials(operator, code) == said
        await talks.floor.until_seat(SEAT, SeatState.READY)
        assert (await talks.record(call)).inquiry_class == given


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("*16", "not_now"),
        ("*151", "not_now"),
        ("*19", "unknown_code"),
        ("**", "unknown_code"),
        ("*11999", "no_such_person"),
        ("*21999", "no_such_seat"),
        ("*21202", "no_call_there"),
        ("99999", "unknown_number"),
        ("202", "busy"),
    ],
)
async def test_at_the_wrong_moment_and_to_nowhere(talks: Talks, number: str, said: str) -> None:
    operator = talks.operator()
    async with talks.at_work(operator):
        assert await talks.dials(operator, number) == said
        await talks.floor.until_seat(SEAT, SeatState.READY)


async def test_who_is_being_rung_cannot_dial(talks: Talks) -> None:
    operator = talks.telephone(SEAT, OPERATOR_HZ, "180 Ringing")
    async with talks.at_work(operator), talks.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        code = await operator.dial("*12")
        assert await code.final == 486
        await operator.pick_up(hers)
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await talks.floor.until_seat(SEAT, SeatState.WRAP_UP)
        assert await talks.dials(operator, "*16") == "wrapped_up"


async def test_a_break_is_dialled_on_the_second_line_of_a_conversation(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        assert await talks.dials(operator, "*13") == "break"
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await talks.floor.until_seat(SEAT, SeatState.WRAP_UP)
        assert await talks.dials(operator, "*16") == "wrapped_up"
        await talks.floor.until_seat(SEAT, SeatState.BREAK)
        assert await talks.dials(operator, "*14") == "ready"


async def test_an_operator_calls_somebody_outside(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third(OUTSIDE, "180 Ringing")
    async with talks.at_work(operator, third):
        hers = await operator.dial(OUTSIDE)
        theirs = await third.rung()
        assert f"sip:{NUMBER}@" in sip.header(theirs.invite, "From")
        await third.pick_up(theirs)
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        call = await talks.call_in(State.TALKING, OUTSIDE)
        await third.hang_up(theirs)
        await hers.end()
        await talks.floor.until_seat(SEAT, SeatState.WRAP_UP)
        assert await talks.dials(operator, "*16") == "wrapped_up"
        record, recording = await talks.record(call), await talks.recording(call)
    assert (record.direction, record.outcome, record.number) == ("out", Outcome.ANSWERED, NUMBER)
    [talk] = record.talks
    assert recording.heard(talk.began, talk.ended) == ({THIRD_HZ}, {OPERATOR_HZ})


async def test_nobody_answers_outside(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third(OUTSIDE, "486 Busy Here")
    async with talks.at_work(operator, third):
        hers = await operator.dial(OUTSIDE)
        assert (await hers.end()).startswith("BYE")
        await talks.floor.until_seat(SEAT, SeatState.READY)
        [record] = [r for r in talks.seen.records.records.values() if r.outcome == Outcome.NOT_REACHED]
        assert record.direction == "out"


@pytest.mark.parametrize("number", ["202", "35"])
async def test_an_operator_calls_a_colleague(talks: Talks, number: str) -> None:
    operator, third = talks.operator(), talks.third(number)
    async with talks.at_work(operator, third):
        hers = await operator.dial(number)
        theirs = await third.rung()
        assert "<sip:201@" in sip.header(theirs.invite, "From")
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        call = await talks.call_in(State.TALKING, number)
        await operator.hang_up(hers)
        await theirs.end()
        record = await talks.record(call)
        await talks.floor.until_seat(SEAT, SeatState.READY)
    assert (record.direction, record.recording_seconds) == ("internal", None)


async def test_an_extension_calls_nobody(talks: Talks) -> None:
    async with talks.third("35") as extension:
        assert await talks.dials(extension, "201") == "forbidden"
        await talks.floor.nothing_left()
