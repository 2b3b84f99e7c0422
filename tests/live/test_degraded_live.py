"""Callers whom nobody but Asterisk itself can serve: the engine was never started, is killed, or comes back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from calls.commands import AnswerLeg
from calls.events import CallArrived
from calls.outages import DegradedCallEnded
from engine.centre import Centre
from recordings.analysis import two_way_audio
from recordings.convert import finish_file
from sim.live.telephone import Talk
from telephony.ami import Ami, AmiSettings
from telephony.ari import events as ari_events
from telephony.asterisk import EmbeddedAsterisk
from telephony.degraded_return import DegradedReturn, Seen, adopted, taken_phones
from telephony.ports import free_ports
from telephony.site import DegradedSite, TrunkSite
from tests.live.degraded_house import (
    BACKUP,
    CALLER,
    CALLER_HZ,
    NUMBER,
    OPERATOR_HZ,
    OTHER_HZ,
    PATIENCE_S,
    SAID_HZ,
    House,
    project,
)
from tests.live.edge import Edge, edge_of
from tests.live.instances import make_plan, make_secrets

pytestmark = pytest.mark.live

TONES = (CALLER_HZ, OPERATOR_HZ, OTHER_HZ, SAID_HZ)


@pytest.fixture(scope="module")
def county() -> int:
    """Where the carrier's line leads to."""
    return free_ports(1, socket.SOCK_DGRAM)[0]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, county: int) -> Iterator[EmbeddedAsterisk]:
    """An Asterisk that waits one second for its engine; it outlives the loops of the tests."""
    trunk = TrunkSite(server=f"127.0.0.1:{county}")
    plan = make_plan(tmp_path_factory.mktemp("alone"), trunk=trunk, degraded_rules=DegradedSite(wait_s=1))
    with asyncio.Runner() as runner:
        running = EmbeddedAsterisk(plan, make_secrets(plan))
        runner.run(running.start())
        try:
            yield running
        finally:
            runner.run(running.stop())


@pytest.fixture
def house(alone: EmbeddedAsterisk) -> Iterator[House]:
    house = House(alone)
    yield house
    house.forget()
    numbers = (CALLER, CALLER[1:], NUMBER, BACKUP)
    console = (alone.plan.instance / "log" / "console.log").read_text()
    assert not any(number in alone.plan.log.read_text() + console for number in numbers)


@pytest.fixture
async def ami(alone: EmbeddedAsterisk) -> AsyncIterator[Ami]:
    settings = AmiSettings(alone.plan.ami_user, alone.secrets.ami, port=alone.plan.ports.ami)
    async with Ami(settings) as one:
        yield one


async def hears(talk: Talk, *tones: int) -> None:
    """Wait until somebody hears exactly these."""
    async with asyncio.timeout(PATIENCE_S):
        await talk.up.wait()
        while await talk.audio.tones(TONES) != set(tones):
            pass


async def test_outside_the_hours_a_caller_is_told_so(house: House) -> None:
    house.leave(project(), shut=True)
    async with house.caller() as caller:
        talk = await caller.dial(NUMBER)
        await hears(talk, SAID_HZ)
        assert (await talk.end()).startswith("BYE")
    note = await house.note()
    assert (note["project"], note["caller"], note["way"], note["answered_at"]) == (
        "tax",
        CALLER,
        "closed",
        0.0,
    )
    assert await house.importing().run(alone=()) == 1
    [event] = house.events
    assert isinstance(event, DegradedCallEnded)
    assert (event.how, event.recording, event.ended_at > event.arrived_at) == ("closed", False, True)
    assert not house.importing().left()


async def test_within_the_hours_a_seat_takes_the_call_and_it_is_recorded(
    house: House, tmp_path: Path
) -> None:
    house.leave(project(notice=["notice"]), seats=["seat01"])
    async with house.seat("seat01") as operator, house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await asyncio.gather(hears(his, OPERATOR_HZ), hears(hers, CALLER_HZ))
        await caller.hang_up(his)
        await hers.end()
    note = await house.note()
    assert (note["seat"], note["way"], note["by_backup"]) == ("seat01", "seats", False)
    assert note["arrived_at"] < note["answered_at"] < note["ended_at"]
    await house.importing().run(alone=())
    [event] = house.events
    assert isinstance(event, DegradedCallEnded)
    assert (event.seat, event.how, event.recording) == ("seat01", "rang", True)
    [(raw, call, of, _)] = house.kept
    assert (call, of) == (event.call, "tax")
    finished = finish_file(raw, tmp_path)
    assert finished.seconds == pytest.approx(event.ended_at - event.answered_at, abs=0.3)
    assert two_way_audio(tmp_path / f"{call}.wav", CALLER_HZ, OPERATOR_HZ).two_way


async def test_a_telephone_that_picks_up_by_itself_is_asked_to(house: House) -> None:
    house.leave(project(), seats=["seat01"], auto=True)
    async with house.seat("seat01") as operator, house.caller() as caller:
        talk = await caller.dial(NUMBER)
        assert "answer-after=0" in (await operator.rung()).invite
        await hears(talk, OPERATOR_HZ)
    await house.note()


async def test_where_nobody_is_there_the_county_takes_the_call(house: House, county: int) -> None:
    house.leave(project(backup=BACKUP))
    async with house.county(county) as office, house.caller() as caller:
        his = await caller.dial(NUMBER)
        hers = await office.rung()
        assert hers.invite.startswith(f"INVITE sip:{BACKUP}@")
        await asyncio.gather(hears(his, OTHER_HZ), hears(hers, CALLER_HZ))
        await caller.hang_up(his)
        await hers.end()
    note = await house.note()
    assert (note["seat"], note["by_backup"], note["answered_at"] > 0) == ("", True, True)


async def test_where_the_county_is_busy_too_the_caller_is_told(house: House, county: int) -> None:
    house.leave(project(backup=BACKUP))
    async with house.county(county) as office, house.caller() as caller:
        office.answers = "486 Busy Here"
        talk = await caller.dial(NUMBER)
        await hears(talk, SAID_HZ)
        await talk.end()
    note = await house.note()
    assert (note["way"], note["by_backup"], note["answered_at"]) == ("backup", False, 0.0)


async def test_a_seat_that_talks_in_a_call_left_behind_is_not_rung(house: House) -> None:
    house.leave(project(), seats=["seat01", "seat02"])
    busy, free, first = house.seat("seat01"), house.seat("seat02", OTHER_HZ), house.caller()
    async with busy, free, first, edge_of(house.asterisk) as edge:
        his, hers, _ = await edge.conversation(first, busy)
        await asyncio.gather(hears(his, OPERATOR_HZ), hears(hers, CALLER_HZ))
        await edge.ari.close()  # nothing is ended: as if it had been killed
        async with house.caller("0488302222") as second:
            talk = await second.dial(NUMBER)
            await free.rung()
            await hears(talk, OTHER_HZ)
            await hears(his, OPERATOR_HZ)
            assert len(busy.talks) == 1
        await edge.ari.connect()
    await house.note()


async def test_an_engine_that_is_only_restarted_gets_the_call(house: House) -> None:
    house.leave(project(), shut=True)
    async with house.caller() as caller:
        talk = await caller.dial(NUMBER)
        async with asyncio.timeout(PATIENCE_S):
            while not any(one for one in await channels(house) if "engine-away" in one):
                pass
        async with edge_of(house.asterisk) as edge:
            arrived = await edge.until(CallArrived)
            assert not talk.final.done()
            edge.do(AnswerLeg(arrived.leg))
            assert await talk.final == 200
            await caller.hang_up(talk)
    assert not list((house.folder / "calls").iterdir())


async def test_who_gives_up_while_the_bell_rings_is_counted(house: House) -> None:
    house.leave(project(), seats=["seat01"])
    async with house.caller() as caller:
        talk = await caller.dial(NUMBER)
        async with asyncio.timeout(PATIENCE_S):
            while not any(one for one in await channels(house) if "engine-away" in one):
                pass
        await caller.hang_up(talk)
    note = await house.note()
    assert (note["project"], note["way"], note["answered_at"]) == ("tax", "announce", 0.0)


async def test_without_a_plan_the_carrier_says_congestion(house: House) -> None:
    async with house.caller() as caller:
        assert await (await caller.dial(NUMBER)).final == 503


async def test_an_unknown_number_is_told_to_be_one(house: House) -> None:
    house.leave(project())
    async with house.caller() as caller:
        assert await (await caller.dial("0480000777")).final == 404


async def test_a_telephone_that_dials_meets_congestion(house: House) -> None:
    async with house.seat("seat01") as phone:
        assert await (await phone.dial("*11")).final == 503


async def test_callers_in_the_line_keep_their_order_when_the_engine_is_back(house: House, ami: Ami) -> None:
    house.leave(project(), seats=["seat01"])
    arrivals: asyncio.Queue[ari_events.StasisStart] = asyncio.Queue()
    async with house.seat("seat01") as busy, house.caller() as first:
        talking = await first.dial(NUMBER)
        await hears(await busy.rung(), CALLER_HZ)
        async with house.caller("0488302222") as second, house.caller("0488303333") as third:
            waiting = [await second.dial(NUMBER)]
            await waiting[0].up.wait()
            waiting.append(await third.dial(NUMBER))
            await waiting[1].up.wait()
            async with edge_of(house.asterisk) as edge:
                edge.ari.on_event(ari_events.StasisStart, arrivals.put_nowait)
                back = returning(house, edge, ami)
                async with asyncio.timeout(PATIENCE_S):
                    while arrivals.qsize() < 2:
                        await back.once()
                starts = [arrivals.get_nowait() for _ in waiting]
                calls = [adopted(one.channel.id, one.args, Centre({"tax": project()}, ())) for one in starts]
                assert [call.caller for call in calls if call] == ["0488302222", "0488303333"]
                assert all(call and call.queue == "tax/main" and call.state == "waiting" for call in calls)
                assert taken_phones(await look(edge), ["seat01", "seat02"]) == {"seat01"}
                await first.hang_up(talking)
                for one, start in zip((second, third), starts, strict=True):
                    await one.hang_up(waiting[starts.index(start)])
                async with asyncio.timeout(PATIENCE_S):
                    while not await back.once():
                        pass
    told = [event for event in house.events if isinstance(event, DegradedCallEnded)]
    assert [event.caller for event in told] == [CALLER]
    phones = [type(event).__name__ for event in house.events if not isinstance(event, DegradedCallEnded)]
    assert phones == ["PhoneTaken", "PhoneGivenBack"]


def returning(house: House, edge: Edge, ami: Ami) -> DegradedReturn:
    """The one who works off what Asterisk had alone."""

    async def redirect(channel: str, context: str) -> None:
        await ami.action("Redirect", Channel=channel, Context=context, Exten="s", Priority="1")

    async def looking() -> Seen:
        return await look(edge)

    return DegradedReturn(looking, redirect, house.importing(), ["seat01", "seat02"], house.events.append)


async def look(edge: Edge) -> Seen:
    """What Asterisk has."""
    return Seen(await edge.ari.channels.list(), await edge.ari.bridges.list())


async def channels(house: House) -> list[str]:
    """The channels, a line each."""
    return (await house.asterisk.console("core show channels concise")).splitlines()
