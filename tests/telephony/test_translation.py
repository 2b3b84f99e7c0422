"""Both tables between Asterisk and the core, against an ARI that speaks Asterisk's protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import get_args

import pytest

from calls import commands as core
from calls.commands import AnyCommand
from calls.events import (
    CallArrived,
    CommandFailed,
    DigitPressed,
    Event,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
    MessageFinished,
)
from telephony.ari import AriClient
from telephony.ari import events as ari
from telephony.ari.events import Bridge, Channel, LiveRecording, Playback
from telephony.from_asterisk import translated
from telephony.to_asterisk import ToAsterisk
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit

BY_THE_SERVICE = {core.OverrideHours, core.SendNotice}
"""Commands that are none of Asterisk's."""

LEG = Channel("leg1", state="Ringing")


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (ari.StasisStart(channel=LEG, args=["inbound", "0480000001", "0900000001", "0"]),
         CallArrived("leg1", "0480000001", "0900000001")),
        (ari.StasisStart(channel=LEG, args=["inbound", "0480000001", "", "1"]), CallArrived("leg1", "0480000001")),
        (ari.StasisStart(channel=LEG, args=["seat"]), LegAnswered("leg1")),
        (ari.StasisStart(channel=LEG, args=["something", "else"]), None),
        (ari.StasisStart(channel=LEG, args=[]), None),
        (ari.ChannelStateChange(channel=LEG), LegRang("leg1")),
        (ari.ChannelStateChange(channel=Channel("leg1", state="Up")), None),
        (ari.StasisEnd(channel=LEG), LegEnded("leg1")),
        (ari.ChannelDestroyed(channel=LEG, cause=17), LegEnded("leg1", 17)),
        (ari.ChannelDtmfReceived(channel=LEG, digit="#"), DigitPressed("leg1", "#")),
        (ari.ChannelEnteredBridge(channel=LEG, bridge=Bridge("b1", channels=["leg1"])), None),
        (ari.ChannelEnteredBridge(channel=LEG, bridge=Bridge("b1", channels=["leg0", "leg1"])), LegsConnected("b1")),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9)), MessageFinished("c1-message", 9)),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9, talking_duration=4)),
         MessageFinished("c1-message", 4)),
        (ari.RecordingFinished(recording=LiveRecording("c1-message", duration=9, talking_duration=1)),
         MessageFinished("c1-message", 0)),
        (ari.RecordingFailed(recording=LiveRecording("c1-message")), MessageFinished("c1-message", 0)),
        (ari.PlaybackFinished(playback=Playback("p1", state="done")), GuidanceFinished("p1")),
        (ari.PlaybackFinished(playback=Playback("p1", state="failed")), GuidanceFinished("p1", ok=False)),
    ],
)  # fmt: skip
def test_what_asterisk_tells(told: ari.Event, meant: Event | None) -> None:
    assert translated(told) == meant


class Edge:
    """Commands in, requests out; what fails comes back as events."""

    def __init__(self, fake: FakeAri, client: AriClient) -> None:
        self.fake = fake
        self.fed: list[Event] = []
        self.recorded: list[tuple[str, str, str]] = []
        self.told = asyncio.Event()
        self.out = ToAsterisk(client, self.media, self.record, self.feed)

    def feed(self, event: Event) -> None:
        self.fed.append(event)
        self.told.set()

    def media(self, command: core.PlayGuidance) -> str:
        if command.guidance == "unknown":
            raise LookupError("no audio")
        return f"sound:{command.project}/{command.guidance}.{command.language}"

    def record(self, recording: str, leg: str, project: str) -> None:
        self.recorded.append((recording, leg, project))

    async def asks(self, command: core.Command, *requests: str) -> None:
        self.out.carry_out(command)
        await self.fake.until(lambda: len(self.fake.asked()) >= len(requests))
        assert self.fake.asked() == list(requests)


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with fake_ari() as fake, AriClient(settings(fake.port)) as client:
        yield Edge(fake, client)


@pytest.mark.parametrize(
    ("command", "requests"),
    [
        (core.AnswerLeg("leg1"), ["POST channels/leg1/answer"]),
        (core.StartEarlyMedia("leg1"), ["POST channels/leg1/progress"]),
        (core.PlayGuidance("leg1", "p1", "city", "notice", "ja"), ["POST channels/leg1/play/p1"]),
        (core.StopGuidance("p1"), ["DELETE playbacks/p1"]),
        (core.StartMusic("leg1"), ["POST channels/leg1/moh"]),
        (core.StopMusic("leg1"), ["DELETE channels/leg1/moh"]),
        (core.RingSeat("seat01", "c1.s1", "c1", "leg1", ""), ["POST channels/c1.s1"]),
        (core.RingTelephone("extension", "35", "ext35", "c1.t1", "c1", "leg1", ""), ["POST channels/c1.t1"]),
        (
            core.StartMessage("c1-message", "leg1", "city", 120, 5),
            ["POST channels/leg1/play/c1-message.beep", "POST channels/leg1/record"],
        ),
        (core.StopMessage("c1-message"), ["POST recordings/live/c1-message/stop"]),
        (core.ConnectLegs("b1", "leg1", "c1.s1"), ["POST bridges/b1", "POST bridges/b1/addChannel"]),
        (core.CloseBridge("b1"), ["DELETE bridges/b1"]),
        (core.HangUp("leg1", "busy"), ["DELETE channels/leg1"]),
    ],
)
async def test_what_is_asked_of_asterisk(edge: Edge, command: core.Command, requests: list[str]) -> None:
    await edge.asks(command, *requests)
    assert edge.fed == []


async def test_a_withheld_number_is_not_shown_to_the_operator(edge: Edge) -> None:
    await edge.asks(core.RingSeat("seat01", "c1.s1", "c1", "leg1", ""), "POST channels/c1.s1")
    query = {pair["name"]: pair["value"] for pair in edge.fake.requests[-1]["query_strings"]}
    assert (query["callerId"], query["endpoint"], query["appArgs"]) == ("anonymous", "PJSIP/seat01", "seat")
    assert query["originator"] == "leg1"


@pytest.mark.parametrize(("phone", "endpoint"), [("ext35", "PJSIP/ext35"), ("", "PJSIP/0481234567@trunk")])
async def test_a_telephone_of_ours_and_one_outside(edge: Edge, phone: str, endpoint: str) -> None:
    command = core.RingTelephone("outside", "0481234567", phone, "c1.t1", "c1", "leg1", "0480000001")
    await edge.asks(command, "POST channels/c1.t1")
    query = {pair["name"]: pair["value"] for pair in edge.fake.requests[-1]["query_strings"]}
    assert (query["endpoint"], query["callerId"], query["originator"]) == (endpoint, "0480000001", "leg1")


async def test_a_message_that_is_refused(edge: Edge) -> None:
    edge.fake.answers["POST channels/leg1/record"] = (409, {"message": "Channel is in a bridge"})
    edge.out.carry_out(core.StartMessage("c1-message", "leg1", "city", 9.5, 5))
    async with asyncio.timeout(5):
        await edge.told.wait()
    assert edge.fed == [CommandFailed("StartMessage", "c1-message", 409)]
    query = {pair["name"]: pair["value"] for pair in edge.fake.requests[-1]["query_strings"]}
    assert (query["maxDurationSeconds"], query["maxSilenceSeconds"], query["terminateOn"]) == (
        "10",
        "5",
        "any",
    )


async def test_a_refusal_comes_back_as_an_event(edge: Edge) -> None:
    edge.fake.answers["POST channels/leg1/answer"] = (404, {"message": "Channel not found"})
    await edge.asks(core.AnswerLeg("leg1"), "POST channels/leg1/answer")
    async with asyncio.timeout(5):
        await edge.told.wait()
    assert edge.fed == [CommandFailed("AnswerLeg", "leg1", 404)]


async def test_a_text_without_audio_fails_at_once(edge: Edge) -> None:
    edge.out.carry_out(core.PlayGuidance("leg1", "p1", "city", "unknown", "ja"))
    assert edge.fed == [CommandFailed("PlayGuidance", "p1")]


async def test_too_many_requests_fail_like_refused_ones() -> None:
    async with fake_ari() as fake, AriClient(replace(settings(fake.port), max_outstanding=1)) as client:
        edge = Edge(fake, client)
        fake.held = True
        edge.out.carry_out(core.AnswerLeg("leg1"))
        edge.out.carry_out(core.PlayGuidance("leg1", "p1", "city", "notice", "ja"))
        edge.out.carry_out(core.ConnectLegs("b1", "leg1", "leg2"))
        assert edge.fed == [CommandFailed("PlayGuidance", "p1"), CommandFailed("ConnectLegs", "b1")]


async def test_a_recording_is_started_by_the_recorder(edge: Edge) -> None:
    edge.out.carry_out(core.StartRecording("c1", "leg1", "city"))
    assert edge.recorded == [("c1", "leg1", "city")]


async def test_every_command_is_carried_out_or_a_note(edge: Edge) -> None:
    carried_out = set(edge.out.table)
    commands = {kind for kind in get_args(AnyCommand) if not kind.__name__.startswith("Note")}
    assert commands - BY_THE_SERVICE == carried_out
