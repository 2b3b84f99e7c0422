"""What the core asks of Asterisk, against an ARI that speaks Asterisk's protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import get_args

import pytest

from calls import commands as core
from calls.command import Command
from calls.commands import AnyCommand
from calls.event import Event
from calls.events import CommandFailed
from telephony.ari import AriClient
from telephony.caller_id import shown
from telephony.to_asterisk import ToAsterisk
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit

BY_THE_SERVICE = {core.OverrideHours, core.SendNotice}
"""Commands that are none of Asterisk's."""


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

    def query(self) -> dict[str, str]:
        """Of the last request."""
        return {pair["name"]: pair["value"] for pair in self.fake.requests[-1]["query_strings"]}

    async def asks(self, command: Command, *requests: str) -> None:
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
        (core.StartRinging("leg1"), ["POST channels/leg1/ring"]),
        (core.StopRinging("leg1"), ["DELETE channels/leg1/ring"]),
        (core.RingSeat("seat01", "c1.s1", "c1", "leg1", ""), ["POST channels/c1.s1"]),
        (core.RingTelephone("extension", "35", "ext35", "c1.t1", "c1", "leg1", ""), ["POST channels/c1.t1"]),
        (
            core.StartMessage("c1-message", "leg1", "city", 120, 5),
            ["POST channels/leg1/play/c1-message.beep", "POST channels/leg1/record"],
        ),
        (core.StopMessage("c1-message"), ["POST recordings/live/c1-message/stop"]),
        (core.ConnectLegs("b1", "leg1", "c1.s1"), ["POST bridges/b1", "POST bridges/b1/addChannel"]),
        (core.AddToBridge("b1", "leg1"), ["POST bridges/b1/addChannel"]),
        (core.RemoveFromBridge("b1", "leg1"), ["POST bridges/b1/removeChannel"]),
        (core.SnoopLeg("ear1", "leg1", True, False), ["POST channels/leg1/snoop/ear1"]),
        (core.CloseBridge("b1"), ["DELETE bridges/b1"]),
        (core.HangUp("leg1", "busy"), ["DELETE channels/leg1"]),
    ],
)
async def test_what_is_asked_of_asterisk(edge: Edge, command: Command, requests: list[str]) -> None:
    await edge.asks(command, *requests)
    assert edge.fed == []


async def test_a_withheld_number_is_not_shown_to_the_operator(edge: Edge) -> None:
    await edge.asks(core.RingSeat("seat01", "c1.s1", "c1", "leg1", ""), "POST channels/c1.s1")
    query = edge.query()
    assert (query["callerId"], query["endpoint"], query["appArgs"]) == ("<anonymous>", "PJSIP/seat01", "seat")
    assert query["originator"] == "leg1"
    assert "body" not in edge.fake.requests[-1]


async def test_the_telephone_shows_the_project_and_picks_up_by_itself(edge: Edge) -> None:
    command = core.RingSeat("seat01", "c1.s1", "c1", "", "0481234567", "自動車税", auto_answer=True)
    await edge.asks(command, "POST channels/c1.s1")
    assert edge.query()["callerId"] == '"自動車税" <0481234567>'
    assert "originator" not in edge.query()  # a call back: nobody waits yet
    variables = edge.fake.requests[-1]["message_body"]
    assert "answer-after=0" in variables
    assert "info=alert-autoanswer" in variables


@pytest.mark.parametrize(
    ("phone", "endpoint", "caller_id"),
    [
        ("ext35", "PJSIP/ext35", '"税" <0480000001>'),
        # The carrier is told a number and no name.
        ("", "PJSIP/0481234567@trunk", "<0480000001>"),
    ],
)
async def test_a_telephone_of_ours_and_one_outside(
    edge: Edge, phone: str, endpoint: str, caller_id: str
) -> None:
    command = core.RingTelephone("outside", "0481234567", phone, "c1.t1", "c1", "leg1", "0480000001", "税")
    await edge.asks(command, "POST channels/c1.t1")
    query = edge.query()
    assert (query["endpoint"], query["callerId"], query["originator"]) == (endpoint, caller_id, "leg1")


@pytest.mark.parametrize(
    ("number", "title", "caller_id"),
    [
        ("", "", "<anonymous>"),
        ("", "税", '"税" <anonymous>'),
        ("048", 'a"b<c>\\\n', '"abc" <048>'),
    ],
)
def test_what_a_telephone_shows(number: str, title: str, caller_id: str) -> None:
    assert shown(number, title) == caller_id


@pytest.mark.parametrize(
    ("spy", "whisper", "asked"),
    [(True, False, ("both", "none")), (True, True, ("both", "out")), (False, True, ("none", "out"))],
)
async def test_the_ear(edge: Edge, spy: bool, whisper: bool, asked: tuple[str, str]) -> None:
    await edge.asks(core.SnoopLeg("ear1", "leg1", spy, whisper), "POST channels/leg1/snoop/ear1")
    query = edge.query()
    assert (query["spy"], query["whisper"], query["appArgs"]) == (*asked, "snoop")


@pytest.mark.parametrize(
    ("command", "request_", "told"),
    [
        # 404 is a leg that is gone, and Asterisk says 422 of it.
        (
            core.AddToBridge("b1", "leg1"),
            "POST bridges/b1/addChannel",
            CommandFailed("AddToBridge", "leg1", 404),
        ),
        (
            core.SnoopLeg("ear1", "leg1", True, False),
            "POST channels/leg1/snoop/ear1",
            CommandFailed("SnoopLeg", "ear1", 422),
        ),
    ],
)
async def test_who_could_not_be_brought_into_a_conversation(
    edge: Edge, command: Command, request_: str, told: CommandFailed
) -> None:
    edge.fake.answers[request_] = (422, {"message": "Channel not in Stasis application"})
    edge.out.carry_out(command)
    async with asyncio.timeout(5):
        await edge.told.wait()
    assert edge.fed == [told]


async def test_keys_are_seen_in_every_conversation(edge: Edge) -> None:
    await edge.asks(core.ConnectLegs("b1", "leg1", "c1.s1"), "POST bridges/b1", "POST bridges/b1/addChannel")
    assert {"name": "type", "value": "mixing,dtmf_events,video_sfu"} in edge.fake.requests[-2][
        "query_strings"
    ]
    assert edge.out.connecting == {"b1"}
    edge.out.carry_out(core.CloseBridge("b1"))
    assert edge.out.connecting == set()


@pytest.mark.parametrize(
    ("before", "taken_out"),
    [
        ([], ["leg1", "c1.s1"]),
        ([core.AddToBridge("b1", "ear")], ["leg1", "c1.s1", "ear"]),
        ([core.RemoveFromBridge("b1", "leg1")], ["c1.s1"]),
        ([core.AddToBridge("b2", "leg1")], ["c1.s1"]),  # it went from one to the other
        ([core.HangUp("c1.s1")], ["leg1"]),
    ],
)
async def test_whoever_is_in_a_bridge_is_taken_out_before_it_is_closed(
    edge: Edge, before: list[Command], taken_out: list[str]
) -> None:
    for command in (core.ConnectLegs("b1", "leg1", "c1.s1"), *before, core.CloseBridge("b1")):
        edge.out.carry_out(command)
    await edge.fake.until(lambda: "DELETE bridges/b1" in edge.fake.asked())
    removed = [
        pair["value"]
        for request in edge.fake.requests[-1 - len(taken_out) : -1]
        for pair in request["query_strings"]
        if request["uri"] == "bridges/b1/removeChannel"
    ]
    assert removed == taken_out


@pytest.mark.parametrize(
    ("before", "requests"),
    [
        ([], []),
        ([core.AddToBridge("b1", "leg1")], ["POST bridges/b1/removeChannel", "POST bridges/b1/addChannel"]),
        ([core.AddToBridge("b1", "leg1"), core.RemoveFromBridge("b1", "leg1")], []),
    ],
)
async def test_a_leg_comes_into_its_bridge_again(
    edge: Edge, before: list[Command], requests: list[str]
) -> None:
    for command in before:
        edge.out.carry_out(command)
    edge.out.rejoin("leg1")
    edge.out.carry_out(core.AnswerLeg("leg1"))
    await edge.fake.until(lambda: "POST channels/leg1/answer" in edge.fake.asked())
    assert edge.fake.asked()[len(before) : -1] == requests


async def test_a_message_that_is_refused(edge: Edge) -> None:
    edge.fake.answers["POST channels/leg1/record"] = (409, {"message": "Channel is in a bridge"})
    edge.out.carry_out(core.StartMessage("c1-message", "leg1", "city", 9.5, 5))
    async with asyncio.timeout(5):
        await edge.told.wait()
    assert edge.fed == [CommandFailed("StartMessage", "c1-message", 409)]
    query = edge.query()
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
        edge.out.carry_out(core.SnoopLeg("ear1", "leg1", True, False))
        assert edge.fed == [
            CommandFailed("PlayGuidance", "p1"),
            CommandFailed("ConnectLegs", "b1"),
            CommandFailed("SnoopLeg", "ear1"),
        ]


async def test_a_recording_is_started_by_the_recorder(edge: Edge) -> None:
    edge.out.carry_out(core.StartRecording("c1", "leg1", "city"))
    assert edge.recorded == [("c1", "leg1", "city")]


async def test_every_command_is_carried_out_or_a_note(edge: Edge) -> None:
    carried_out = set(edge.out.table)
    commands = {kind for kind in get_args(AnyCommand) if not kind.__name__.startswith("Note")}
    assert commands - BY_THE_SERVICE == carried_out
