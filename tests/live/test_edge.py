"""What the engine asks of Asterisk and is told by it, with telephones that hold, transfer, dial and vanish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from calls.commands import (
    AddToBridge,
    AnswerLeg,
    CloseBridge,
    ConnectLegs,
    HangUp,
    PlayGuidance,
    RemoveFromBridge,
    RingSeat,
    RingTelephone,
    SnoopLeg,
    StartMusic,
    StartRinging,
    StopMusic,
)
from calls.events import (
    CallArrived,
    CommandFailed,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegReferred,
    LegRetrieved,
    LegsConnected,
    PhoneDialled,
)
from sim.live.telephone import Talk
from telephony.asterisk import EmbeddedAsterisk
from telephony.site import PhonesSite, TrunkSite
from tests.live.carrier import Carrier
from tests.live.edge import CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ, THIRD_HZ, TONES, Edge, edge_of
from tests.live.instances import make_plan, make_secrets

pytestmark = pytest.mark.live

RING_HZ = 400


@pytest.fixture
async def edge(asterisk: EmbeddedAsterisk) -> AsyncIterator[Edge]:
    async with edge_of(asterisk) as one:
        yield one


async def heard(*talks: Talk) -> list[set[int]]:
    """The tones that each of them hears, all at the same time."""
    return list(await asyncio.gather(*(talk.audio.tones((*TONES, RING_HZ)) for talk in talks)))


async def test_the_ear_of_a_supervisor(edge: Edge) -> None:
    supervisor, operator = edge.telephone("seat02", SUPERVISOR_HZ), edge.telephone("seat01", OPERATOR_HZ)
    async with edge.caller() as caller, operator, supervisor:
        his, hers, leg = await edge.conversation(caller, operator)
        await edge.pick_up("seat02", "ear")
        ear = await supervisor.rung()
        edge.do(SnoopLeg("spy", leg, spy=True, whisper=False))
        await edge.until(LegAnswered, leg="spy")
        edge.do(ConnectLegs("monitor", "spy", "ear"))
        await edge.until(LegsConnected, bridge="monitor")
        assert await heard(his, hers, ear) == [{OPERATOR_HZ}, {CALLER_HZ}, {CALLER_HZ, OPERATOR_HZ}]

        edge.do(SnoopLeg("whisper", "op", spy=True, whisper=True))
        await edge.until(LegAnswered, leg="whisper")
        edge.do(RemoveFromBridge("monitor", "spy"), AddToBridge("monitor", "whisper"))
        whispered = [{OPERATOR_HZ}, {CALLER_HZ, SUPERVISOR_HZ}, {CALLER_HZ, OPERATOR_HZ}]
        assert await heard(his, hers, ear) == whispered

        edge.do(HangUp("whisper"), CloseBridge("monitor"), AddToBridge("talk", "ear"))
        await edge.until(LegEnded, leg="whisper")
        assert await heard(his, hers, ear) == [
            {OPERATOR_HZ, SUPERVISOR_HZ},
            {CALLER_HZ, SUPERVISOR_HZ},
            {CALLER_HZ, OPERATOR_HZ},
        ]
        edge.do(HangUp(leg))
        await edge.until(LegEnded, leg="spy")


async def test_a_consultation_a_conference_and_an_attended_transfer(edge: Edge) -> None:
    third, operator = edge.telephone("seat02", THIRD_HZ), edge.telephone("seat01", OPERATOR_HZ)
    async with edge.caller() as caller, operator, third:
        his, hers, leg = await edge.conversation(caller, operator)
        edge.do(RemoveFromBridge("talk", leg), StartMusic(leg), StartRinging("op"))
        await edge.pick_up("seat02", "third")
        edge.do(AddToBridge("talk", "third"))
        theirs = await third.rung()
        waiting, asking, asked = await heard(his, hers, theirs)
        assert (asking, asked) == ({THIRD_HZ}, {OPERATOR_HZ})
        assert not waiting & {OPERATOR_HZ, THIRD_HZ}
        edge.do(StopMusic(leg), AddToBridge("talk", leg))
        assert await heard(his, hers, theirs) == [
            {OPERATOR_HZ, THIRD_HZ},
            {CALLER_HZ, THIRD_HZ},
            {CALLER_HZ, OPERATOR_HZ},
        ]
        edge.do(HangUp("op"))
        await edge.until(LegEnded, leg="op")
        assert await heard(his, theirs) == [{THIRD_HZ}, {CALLER_HZ}]
        assert len([event for event in edge.events if isinstance(event, LegsConnected)]) == 1


async def test_who_waits_for_another_telephone_hears_it_ring(edge: Edge) -> None:
    async with edge.telephone("seat01") as phone:
        await edge.pick_up("seat01", "op")
        talk = await phone.rung()
        edge.do(StartRinging("op"))
        assert await heard(talk) == [{RING_HZ}]


async def test_a_text_is_heard_by_nobody_else(edge: Edge) -> None:
    """But for so long the two do not hear each other: Asterisk takes the leg out of the conversation."""
    async with edge.caller() as caller, edge.telephone("seat01", OPERATOR_HZ) as operator:
        his, hers, _ = await edge.conversation(caller, operator)
        edge.do(PlayGuidance("op", "p1", "desk", "ready", "ja"))
        assert (await edge.until(GuidanceFinished)).ok
        assert await heard(his, hers) == [{OPERATOR_HZ}, {CALLER_HZ}]


async def test_keys_of_both_sides(edge: Edge) -> None:
    async with edge.caller() as caller, edge.telephone("seat01") as operator:
        his, hers, leg = await edge.conversation(caller, operator)
        await hers.audio.press("*1")
        await his.audio.press("5")
        await edge.until(DigitPressed, leg=leg)
        pressed = [(event.leg, event.digit) for event in edge.events if isinstance(event, DigitPressed)]
        assert pressed == [("op", "*"), ("op", "1"), (leg, "5")]


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
async def test_the_hold_button(edge: Edge, direction: str) -> None:
    async with edge.caller() as caller, edge.telephone("seat01", OPERATOR_HZ) as operator:
        his, hers, leg = await edge.conversation(caller, operator)
        assert await operator.offer(hers, direction) == 200
        await edge.until(LegHeld, leg="op")
        assert OPERATOR_HZ not in (await heard(his))[0]  # Asterisk plays its music by itself
        edge.do(RemoveFromBridge("talk", leg), StartMusic(leg))
        assert OPERATOR_HZ not in (await heard(his))[0]
        assert await operator.offer(hers, "sendrecv") == 200
        await edge.until(LegRetrieved, leg="op")
        edge.do(StopMusic(leg), AddToBridge("talk", leg))
        assert await heard(his, hers) == [{OPERATOR_HZ}, {CALLER_HZ}]


async def test_a_blind_transfer_by_the_button_of_the_telephone(edge: Edge) -> None:
    edge.does[LegReferred] = [CloseBridge("talk"), HangUp("op")]
    async with edge.caller() as caller, edge.telephone("seat01") as operator:
        _, hers, _ = await edge.conversation(caller, operator)
        assert await operator.refer(hers, "<sip:35@127.0.0.1>") == 202
        assert await hers.referred() == "SIP/2.0 200 OK"
        assert await edge.until(LegReferred) == LegReferred("op", "35")
        await edge.until(LegEnded, leg="op")


async def test_an_attended_transfer_by_the_button_of_the_telephone(edge: Edge) -> None:
    async with edge.caller() as caller, edge.telephone("seat01") as operator:
        _, hers, _ = await edge.conversation(caller, operator)
        await operator.offer(hers, "inactive")
        second = await operator.dial("35")
        dialled = await edge.until(PhoneDialled)
        assert (dialled.phone, dialled.number) == ("seat01", "35")
        edge.do(AnswerLeg(dialled.leg))
        assert await second.final == 200
        edge.does[LegReferred] = [HangUp(dialled.leg), HangUp("op")]
        assert await operator.refer(hers, second.as_replaced()) == 202
        assert await hers.referred() == "SIP/2.0 200 OK"
        assert await edge.until(LegReferred) == LegReferred("op", "", dialled.leg)
        await edge.until(LegEnded, leg=dialled.leg)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("<sip:nobody@127.0.0.1>", [LegReferred("op", "nobody")]),
        ("<sip:127.0.0.1>", []),
        ("<sip:35@127.0.0.1?Replaces=none%3Bto-tag%3Da%3Bfrom-tag%3Db>", []),
    ],
)
async def test_a_transfer_to_nowhere_is_refused_and_they_go_on_talking(
    edge: Edge, target: str, told: list[LegReferred]
) -> None:
    async with edge.caller() as caller, edge.telephone("seat01", OPERATOR_HZ) as operator:
        his, hers, _ = await edge.conversation(caller, operator)
        assert await operator.refer(hers, target) == 202
        assert await hers.referred() == "SIP/2.0 603 Decline"
        assert [event for event in edge.events if isinstance(event, LegReferred)] == told
        assert await operator.refer(hers, "<tel:0480000001>") == 400
        assert await heard(his, hers) == [{OPERATOR_HZ}, {CALLER_HZ}]


@pytest.mark.parametrize("number", ["*21201", "**", "#", "0481234567"])
async def test_a_telephone_dials(edge: Edge, number: str) -> None:
    async with edge.telephone("seat01") as phone:
        talk = await phone.dial(number, sender='"110" <sip:seat01@mayor.example>')
        dialled = await edge.until(PhoneDialled)
        assert (dialled.phone, dialled.number) == ("seat01", number)
        edge.do(AnswerLeg(dialled.leg), HangUp(dialled.leg))
        await edge.until(LegEnded, leg=dialled.leg)
        assert (await talk.ended).startswith("BYE")


async def test_nobody_dials_in_the_name_of_another(edge: Edge) -> None:
    async with edge.telephone("seat01") as phone:
        talk = await phone.dial("*14", sender="<sip:seat02@127.0.0.1>")
        assert await talk.final == 401
    assert edge.events == []


async def test_while_the_engine_is_away_a_telephone_is_refused(edge: Edge) -> None:
    async with edge.telephone("seat01") as phone:
        await edge.ari.close()
        try:
            talk = await phone.dial("*14")
            assert await talk.final == 503
        finally:
            await edge.ari.connect()


async def test_what_the_telephone_shows_and_that_it_is_to_pick_up(edge: Edge) -> None:
    async with edge.telephone("seat01") as phone:
        edge.do(RingSeat("seat01", "op", "call", "", "", "自動車税", auto_answer=True))
        await edge.until(LegAnswered, leg="op")
        invite = (await phone.rung()).invite
        assert 'From: "自動車税" <sip:anonymous@' in invite
        assert "Call-Info: <sip:localhost>;answer-after=0\r\n" in invite
        assert "Alert-Info: <http://localhost>;info=alert-autoanswer;delay=0\r\n" in invite


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("486 Busy Here", 17),
        ("600 Busy Everywhere", 17),
        ("603 Decline", 21),
        ("480 Temporarily Unavailable", 19),  # do not disturb
        ("404 Not Found", 1),
        ("503 Service Unavailable", 34),
        ("302 Moved Temporarily", 23),
    ],
)
async def test_a_telephone_that_does_not_want(edge: Edge, status: str, cause: int) -> None:
    async with edge.telephone("seat01") as phone:
        phone.answers, phone.contact = status, "35"  # 302 leads nowhere: nobody dials 35
        edge.do(RingSeat("seat01", "op", "call", "", ""))
        ended = await edge.until(LegEnded)
        # Of a telephone that sends its callers elsewhere Asterisk now and then tells no cause at all.
        assert ended in (LegEnded("op", cause), *([LegEnded("op", 0)] if status.startswith("302") else []))
        phone.contact = phone.user  # as it is registered
    assert edge.events == [ended]


async def test_a_telephone_that_is_not_there(edge: Edge) -> None:
    edge.do(RingSeat("seat09", "op", "call", "", ""))
    assert await edge.until(CommandFailed) == CommandFailed("RingSeat", "op", 500)


@pytest.fixture
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Edge, Carrier]]:
    """An Asterisk that soon takes whoever is silent for gone, and has a line to the outside."""
    rules = {"phone_rules": PhonesSite(rtp_timeout_s=2), "trunk": TrunkSite(rtp_timeout_s=2)}
    async with Carrier() as carrier:
        rules["trunk"] = TrunkSite(rtp_timeout_s=2, server=f"127.0.0.1:{carrier.port}")
        plan = make_plan(tmp_path_factory.mktemp("strict"), **rules)
        async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk, edge_of(asterisk) as one:
            yield one, carrier


async def test_who_vanishes_has_ended_his_call(strict: tuple[Edge, Carrier]) -> None:
    edge, _ = strict
    async with edge.caller() as caller, edge.telephone("seat01") as operator:
        _, _, leg = await edge.conversation(caller, operator)
        operator.vanish()
        await edge.until(LegEnded, leg="op")
        caller.vanish()
        await edge.until(LegEnded, leg=leg)


async def test_an_outside_number_is_rung_though_nobody_waits_yet(strict: tuple[Edge, Carrier]) -> None:
    edge, carrier = strict
    edge.do(RingTelephone("outside", "0481234567", "", "out", "call", "", "0570012229", "自動車税"))
    await edge.until(LegAnswered, leg="out")
    assert (carrier.dialled, carrier.shown) == (["0481234567"], ["0570012229"])
    assert not [event for event in edge.events if isinstance(event, CallArrived)]
