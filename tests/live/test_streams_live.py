"""Audio whose packets are numbered anew: by another telephone after a transfer, or by the same one in mid-call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from itertools import cycle

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from calls.requests import ConferenceAsked, ConsultAsked, EarAsked, HoldAsked, RetrieveAsked, TransferAsked
from engine.call import Call
from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension
from sim.live import audio
from tests.live.centre import MENU_NUMBER, NUMBER, PATIENCE_S
from tests.live.phone_office import (
    CALLER_HZ,
    FOURTH_HZ,
    OPERATOR_HZ,
    THIRD_HZ,
    all_hear,
    hears,
    hears_music,
    straight_project,
)
from tests.live.phone_talks import Talks, talks_in

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SEAT, SUPERVISOR = "seat01", "seat03"
ALL = 1 << 16
OLDER = 5000
"""By how much the numbers of what comes later are older than those of what came before."""

Sides = tuple[set[int], set[int]]


def house() -> Centre:
    """Two seats, an extension, and a supervisor."""
    projects = {"line": straight_project("line", NUMBER), "other": straight_project("other", MENU_NUMBER)}
    seats = (
        SeatPlan(SEAT, ("line",), "201"),
        SeatPlan("seat02", ("other",), "202"),
        SeatPlan(SUPERVISOR, (), "203", supervises=("line",)),
    )
    return Centre(projects, seats, {"35": Extension("ext35", "35")})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def talks(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    async with talks_in(tmp_path_factory.mktemp("streams"), house()) as one:
        yield one


@pytest.fixture
def older_and_older(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stream of a test begins before the one that began before it; the first one at the parameter."""
    numbers = cycle((getattr(request, "param", 40000) - OLDER * late) % ALL for late in range(6))
    monkeypatch.setattr(audio, "_first_number", lambda: next(numbers))


async def reported(talks: Talks, leg: str) -> None:
    """Wait until Asterisk has told which stream comes from a leg."""
    told = asyncio.Event()

    def take(headers: Mapping[str, str]) -> None:
        if (headers["Event"], headers["Uniqueid"]) == ("RTCPSent", leg) and "Report0SourceSSRC" in headers:
            told.set()

    talks.service.ami.on_rtcp(take)
    async with asyncio.timeout(PATIENCE_S):
        await told.wait()


async def recorded(talks: Talks, call: Call, *spans: tuple[float, float]) -> list[Sides]:
    """Whose voices, on either side, between these times."""
    recording = await talks.recording(call)
    return [recording.heard(began, ended) for began, ended in spans]


# ---- somebody else


@pytest.mark.usefixtures("older_and_older")
@pytest.mark.parametrize("older_and_older", [40000, OLDER, 0, ALL // 2 + OLDER], indirect=True)
async def test_a_new_party_is_recorded_and_overheard_whatever_his_numbers_are(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    supervisor = talks.telephone(SUPERVISOR, FOURTH_HZ)
    async with talks.at_work(operator, third, supervisor), talks.caller() as caller:
        his, _hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        talks.done(EarAsked(SUPERVISOR, "listen", SEAT))
        ear = await supervisor.rung()
        await all_hear((his, {OPERATOR_HZ}), (ear, {CALLER_HZ, OPERATOR_HZ}))
        talks.done(TransferAsked(SEAT, "seat", "seat02"))
        theirs = await third.rung()
        await all_hear((his, {THIRD_HZ}), (theirs, {CALLER_HZ}), (ear, {CALLER_HZ, THIRD_HZ}))
        await caller.hang_up(his)
        record, recording = await talks.record(call), await talks.recording(call)
    assert [recording.heard(talk.began, talk.ended) for talk in record.talks] == [
        ({CALLER_HZ}, {OPERATOR_HZ}),
        ({CALLER_HZ}, {THIRD_HZ}),
    ]


@pytest.mark.usefixtures("older_and_older")
async def test_through_hold_and_conference(talks: Talks) -> None:
    operator, third = talks.operator(), talks.third()
    async with talks.at_work(operator, third), talks.caller() as caller:
        his, _hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        talks.done(HoldAsked(SEAT))
        await hears_music(his)
        talks.done(RetrieveAsked(SEAT))
        back = time.time()
        await hears(his, OPERATOR_HZ)
        asked = time.time()
        talks.done(ConsultAsked(SEAT, "seat", "seat02"))
        theirs = await third.rung()
        await hears(theirs, OPERATOR_HZ)
        talks.done(ConferenceAsked(SEAT))
        together = time.time()
        await hears(his, OPERATOR_HZ, THIRD_HZ)
        await third.hang_up(theirs)
        alone = time.time()
        await hears(his, OPERATOR_HZ)
        over = time.time()
        await caller.hang_up(his)
        sides = await recorded(talks, call, (back, asked), (together, alone), (alone, over))
    assert sides == [
        ({CALLER_HZ}, {OPERATOR_HZ}),
        ({CALLER_HZ}, {OPERATOR_HZ, THIRD_HZ}),
        ({CALLER_HZ}, {OPERATOR_HZ}),
    ]


# ---- the same one


async def test_a_telephone_begins_anew_after_its_own_hold(talks: Talks) -> None:
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        await hears(his, OPERATOR_HZ)
        await operator.offer(hers, "inactive")
        await talks.floor.until_seat(SEAT, SeatState.HOLDING)
        hers.audio.begin_anew(OLDER)
        await operator.offer(hers, "sendrecv")
        back = time.time()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        over = time.time()
        await caller.hang_up(his)
        assert await recorded(talks, call, (back, over)) == [({CALLER_HZ}, {OPERATOR_HZ})]


@pytest.mark.parametrize("who", ["caller", "operator"])
async def test_a_party_begins_anew_in_mid_call(talks: Talks, who: str) -> None:
    """Which is seen at the next report of RTCP."""
    operator = talks.operator()
    async with talks.at_work(operator), talks.caller() as caller:
        his, hers = await talks.talking(caller, operator)
        call = await talks.call_in(State.TALKING)
        speaks, listens = (his, hers) if who == "caller" else (hers, his)
        await reported(talks, call.leg if who == "caller" else talks.engine.floor.seats[SEAT].leg)
        speaks.audio.begin_anew(OLDER)
        await hears(listens)  # nothing at all
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        back = time.time()
        await his.audio.hear(1.0)
        over = time.time()
        await caller.hang_up(his)
        assert await recorded(talks, call, (back, over)) == [({CALLER_HZ}, {OPERATOR_HZ})]
