"""An engine dies with calls in every state, and another life finds what has happened meanwhile, and nothing else."""

from __future__ import annotations

import pytest

from calls.event import Event
from calls.events import CallArrived, GuidanceFinished, LegAnswered, LegEnded, LegsConnected
from calls.lifecycle import State
from calls.outages import CallAdopted
from engine.engine import Engine
from engine.memory import freeze, thaw
from sim.live.telephone import Telephone
from telephony.asterisk import EmbeddedAsterisk
from telephony.lookout import Lookout
from telephony.reconcile import Findings
from tests.live.centre import MENU_NUMBER, NUMBER, small_centre
from tests.live.edge import CALLER_HZ, OPERATOR_HZ, TONES
from tests.live.life import Life, asked, cleared, gone

pytestmark = pytest.mark.live

ANNA, BERT, CARL, DORA, EMIL = (f"048830000{number}" for number in range(1, 6))
SEATS = ("seat01", "seat02")


async def found(lookout: Lookout) -> Findings:
    """By the next look."""
    findings = await lookout.look()
    assert findings is not None
    return findings


async def waits(life: Life, caller: Telephone, number: str = NUMBER) -> str:
    """Somebody dials and waits in the line; the leg."""
    await caller.dial(number)
    return (await life.call_in(State.QUEUED, caller.user)).leg


async def test_what_happened_while_the_engine_was_away(asterisk: EmbeddedAsterisk) -> None:
    life = Life(asterisk, Engine(small_centre(SEATS)), SEATS)
    operator, slow = life.telephone("seat01", OPERATOR_HZ), life.telephone("seat02", answers="180 Ringing")
    anna, bert, carl, emil = life.caller(ANNA, CALLER_HZ), *map(life.caller, (BERT, CARL, EMIL))
    async with operator, slow, anna, bert, carl, emil:
        async with life:
            talk = await anna.dial(NUMBER)
            talking = await life.call_in(State.TALKING, ANNA)
            await bert.dial(NUMBER)
            ringing = await life.call_in(State.RINGING, BERT)
            rung = await slow.rung()
            carls = await waits(life, carl)
            await emil.dial(MENU_NUMBER)
            playing = await life.call_in(State.IVR, EMIL)
            playback, seat_leg = playing.playback, ringing.rings[0].leg
            assert not await found(life.lookout)
            assert life.engine.floor.calls[playing.id].playback == playback
            memory = freeze(life.engine)
            await life.dies()

        await carl.hang_up(carl.talks[0])
        await gone(asterisk, f"channels/{carls}")
        await slow.hang_up(rung)
        await gone(asterisk, f"channels/{seat_leg}")
        await gone(asterisk, f"playbacks/{playback}")

        async with Life(asterisk, thaw(memory)) as life:
            findings = await life.lookout.look(first=True)
            assert findings == Findings([LegEnded(carls), LegEnded(seat_leg), GuidanceFinished(playback)])
            assert not await found(life.lookout)
            assert life.engine.floor.calls[talking.id].state is State.TALKING
            assert await talk.audio.tones(TONES) == {OPERATOR_HZ}
            for phone in (anna, bert, emil):
                await phone.hang_up(phone.talks[0])
            await life.until(lambda: not life.engine.legs())
        await cleared(asterisk)


async def test_what_was_told_and_never_heard(asterisk: EmbeddedAsterisk) -> None:
    life = Life(asterisk, Engine(small_centre(SEATS[:1])), SEATS[:1])
    slow = life.telephone("seat01", OPERATOR_HZ, answers="180 Ringing")
    async with slow, life.caller(ANNA, CALLER_HZ) as anna, life:
        life.deaf = True
        talk = await anna.dial(NUMBER)
        [arrived] = (await found_at_last(life, CallArrived)).events
        assert isinstance(arrived, CallArrived)
        assert (arrived.number, arrived.caller) == (NUMBER, ANNA)

        await found_at_last(life, GuidanceFinished)
        rung = await slow.rung()
        await slow.pick_up(rung)
        [answered] = (await found_at_last(life, LegAnswered)).events
        assert isinstance(answered, LegAnswered)
        [connected] = (await found_at_last(life, LegsConnected)).events
        assert connected == LegsConnected(life.engine.floor.calls[call_of(answered.leg)].bridge)
        assert await talk.audio.tones(TONES) == {OPERATOR_HZ}
        life.deaf = False
        await anna.hang_up(talk)
        await life.until(lambda: not life.engine.legs())
        assert [type(event) for event in life.events()].count(CallArrived) == 1
    await cleared(asterisk)


def call_of(leg: str) -> str:
    """The id of the call to which a leg belongs."""
    return leg.partition(".")[0]


async def found_at_last(life: Life, kind: type[Event]) -> Findings:
    """Look until something of this kind is found; nothing else may be before."""
    while not (findings := await found(life.lookout)).events:
        pass
    assert [type(event) for event in findings.events] == [kind]
    return findings


async def test_who_fell_out_of_a_bridge_comes_back(asterisk: EmbeddedAsterisk) -> None:
    life = Life(asterisk, Engine(small_centre(SEATS[:1])), SEATS[:1])
    async with life.telephone("seat01", OPERATOR_HZ), life.caller(ANNA, CALLER_HZ) as anna, life:
        talk = await anna.dial(NUMBER)
        call = await life.call_in(State.TALKING, ANNA)
        await life.ari.bridges.remove_channel(call.bridge, call.leg)
        await life.ari.bridges.create("c1x-1.b1")
        await life.ari.bridges.create("somebody-elses")
        findings = await found(life.lookout)
        assert findings == Findings(put_in=[(call.bridge, call.leg)], close=["c1x-1.b1"])
        assert await talk.audio.tones(TONES) == {OPERATOR_HZ}
        assert "c1x-1.b1" in [bridge.id for bridge in await life.ari.bridges.list()]  # it was found once only
        await found(life.lookout)
        assert {bridge.id for bridge in await life.ari.bridges.list()} == {call.bridge, "somebody-elses"}
        await life.ari.bridges.destroy("somebody-elses")
        await anna.hang_up(talk)
        await life.until(lambda: not life.engine.legs())
    await cleared(asterisk)


async def test_marks_tell_an_engine_without_memory_whose_calls_these_are(asterisk: EmbeddedAsterisk) -> None:
    life = Life(asterisk, Engine(small_centre(SEATS)), SEATS)
    operator, slow = life.telephone("seat01", OPERATOR_HZ), life.telephone("seat02", answers="180 Ringing")
    callers = [life.caller(number, CALLER_HZ) for number in (ANNA, BERT, CARL, DORA, EMIL)]
    anna, bert, carl, dora, emil = callers
    async with operator, slow, anna, bert, carl, dora, emil:
        async with life:
            await anna.dial(NUMBER)
            talking = await life.call_in(State.TALKING, ANNA)
            await bert.dial(NUMBER)
            ringing = await life.call_in(State.RINGING, BERT)
            carls, doras = await waits(life, carl), await waits(life, dora)
            await emil.dial(MENU_NUMBER)
            playing = await life.call_in(State.IVR, EMIL)
            assert talking.seat is not None
            seat_leg = talking.seat.leg
            await life.marking.settled()
            await life.dies()
        async with Life(asterisk, Engine(small_centre(SEATS))) as life:
            told: list[Event] = []
            life.lookout._feed = told.append  # what an engine makes of it is tested elsewhere
            assert await life.lookout.adopt() == 5
            by_caller = {call.caller: call for call in told if isinstance(call, CallAdopted)}
            states = {caller: call.state for caller, call in by_caller.items()}
            assert states == {
                ANNA: "talking", BERT: "waiting", CARL: "waiting", DORA: "waiting", EMIL: "flow",
            }  # fmt: skip
            annas, berts = by_caller[ANNA], by_caller[BERT]
            assert (annas.call, annas.seat, annas.seat_leg) == (talking.id, "seat01", seat_leg)
            assert (annas.bridge, annas.leg, annas.project) == (talking.bridge, talking.leg, "line")
            assert (berts.call, berts.queue, berts.number) == (ringing.id, "line/main", NUMBER)
            assert by_caller[EMIL].call == playing.id
            waiting = [call.leg for call in told if isinstance(call, CallAdopted) and call.state == "waiting"]
            assert waiting == [ringing.leg, carls, doras]
            for phone in (*callers, operator, slow):
                await phone.hang_up(phone.talks[0])
            for bridge in await life.ari.bridges.list():
                await life.ari.bridges.destroy(bridge.id)
        await cleared(asterisk)


async def test_subscriptions_survive_the_engine(asterisk: EmbeddedAsterisk) -> None:
    """Should Asterisk forget them one day, the lookout makes them anew; here it need not."""
    life = Life(asterisk, Engine(small_centre(())), ())
    async with life.caller(ANNA) as anna:
        async with life:
            await anna.dial(MENU_NUMBER)
            leg = (await life.call_in(State.IVR, ANNA)).leg
            assert not await found(life.lookout)  # everything that was asked for has been done
            memory = freeze(life.engine)
            await life.dies()
        status, own = await asked(asterisk, f"applications/{asterisk.plan.app}")
        assert (status, own["channel_ids"]) == (200, [leg])
        async with Life(asterisk, thaw(memory)) as life:
            assert not await life.lookout.look(first=True)
            for _ in range(2):  # one that Asterisk made by itself, and ours
                await life.ari.applications.unsubscribe(asterisk.plan.app, f"channel:{leg}")
            await found(life.lookout)
            assert life.lookout.found == {"subscription": 1}
            await anna.hang_up(anna.talks[0])
            await life.until(lambda: not life.engine.legs())
        await cleared(asterisk)
