"""What comes in from Asterisk on its way to the engine, against an ARI that speaks Asterisk's protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest

from calls.command import Command
from calls.commands import ConnectLegs, HangUp
from calls.event import Event
from calls.events import CallArrived, LegEnded, LegReferred, LegsConnected
from engine.engine import Engine
from telephony.ari import AriClient
from telephony.intake import Intake
from telephony.pins import PinPad
from telephony.to_asterisk import ToAsterisk
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit

REFERRED: dict[str, Any] = {
    "refer_to": {"requested_destination": {"destination": "35"}},
    "referred_by": {"source_channel": {"id": "c1.s1"}},
}


class FakeEngine:
    """Knows legs and does, at each event, what it was told to do."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.does: dict[type[Event], list[Command]] = {}

    def legs(self) -> set[str]:
        return self.known


class Doorway:
    """An intake and everything around it."""

    def __init__(self, fake: FakeAri, client: AriClient) -> None:
        self.fake = fake
        self.engine = FakeEngine()
        self.fed: list[Event] = []
        self.full = False
        self.out = ToAsterisk(client, lambda command: "", lambda *of: None, self.feed)
        pins = PinPad(lambda number: None)
        self.intake = Intake(client, cast(Engine, self.engine), self.out, pins, self.feed, lambda: self.full)
        self.intake.listen()

    def feed(self, event: Event) -> None:
        self.fed.append(event)
        for command in self.engine.does.get(type(event), []):
            self.out.carry_out(command)

    async def told(self, kind: str, then: Callable[[], bool], **fields: Any) -> None:
        """Asterisk tells something, and something follows."""
        await self.fake.emit(kind, **fields)
        await self.fake.until(then)

    async def settled(self) -> None:
        """Everything that Asterisk told has been taken: events come in their order."""
        await self.told(
            "StasisStart",
            lambda: any("subscription" in one["uri"] and "mark" in str(one) for one in self.fake.requests),
            channel={"id": "mark"},
            args=[],
        )


@pytest.fixture
async def doorway() -> AsyncIterator[Doorway]:
    async with fake_ari() as fake, AriClient(settings(fake.port)) as client:
        yield Doorway(fake, client)


async def test_a_referral_that_the_engine_carries_out_is_answered_before_the_leg_ends(
    doorway: Doorway,
) -> None:
    doorway.engine.does[LegReferred] = [HangUp("c1.s1")]
    await doorway.told("ChannelTransfer", lambda: len(doorway.fake.asked()) == 2, **REFERRED)
    assert doorway.fed == [LegReferred("c1.s1", "35")]
    assert doorway.fake.asked() == ["POST channels/c1.s1/transfer_progress", "DELETE channels/c1.s1"]
    assert doorway.fake.requests[-2]["query_strings"] == [{"name": "states", "value": "channel_answered"}]


async def test_a_referral_that_leads_to_nothing_is_refused(doorway: Doorway) -> None:
    await doorway.told("ChannelTransfer", lambda: len(doorway.fake.asked()) == 1, **REFERRED)
    assert doorway.fed == [LegReferred("c1.s1", "35")]
    assert doorway.fake.requests[-1]["query_strings"] == [{"name": "states", "value": "channel_declined"}]


async def test_a_referral_to_nowhere_is_refused_and_the_engine_not_asked(doorway: Doorway) -> None:
    nowhere = REFERRED | {"refer_to": {"requested_destination": {"destination": ""}}}
    await doorway.told("ChannelTransfer", lambda: len(doorway.fake.asked()) == 1, **nowhere)
    assert doorway.fed == []


async def test_our_own_answer_to_a_referral_is_no_referral(doorway: Doorway) -> None:
    await doorway.fake.emit("ChannelTransfer", state="channel_answered", **REFERRED)
    await doorway.settled()
    assert doorway.fed == []
    assert doorway.fake.asked() == []


async def test_two_are_connected_once_and_not_again_when_one_comes_back(doorway: Doorway) -> None:
    doorway.out.carry_out(ConnectLegs("b1", "leg1", "c1.s1"))
    both = {"channel": {"id": "leg1"}, "bridge": {"id": "b1", "channels": ["c1.s1", "leg1"]}}
    for _ in range(2):
        await doorway.fake.emit("ChannelEnteredBridge", **both)
    await doorway.settled()
    assert doorway.fed == [LegsConnected("b1")]


async def test_of_a_leg_that_nobody_knows_no_end_is_told(doorway: Doorway) -> None:
    doorway.engine.known = {"leg1"}
    for leg in ("leg0", "leg1"):
        await doorway.fake.emit("StasisEnd", channel={"id": leg})
    await doorway.settled()
    assert doorway.fed == [LegEnded("leg1")]


async def test_who_has_hung_up_is_in_no_bridge(doorway: Doorway) -> None:
    doorway.out.carry_out(ConnectLegs("b1", "leg1", "c1.s1"))
    await doorway.fake.emit("StasisEnd", channel={"id": "leg1"})
    await doorway.settled()
    assert doorway.out.whereabouts.emptied("b1") == ["c1.s1"]


async def test_a_caller_for_whom_there_is_no_room_is_turned_away(doorway: Doorway) -> None:
    arrival = {"channel": {"id": "leg1"}, "args": ["inbound", "0480000001", "", "1"]}
    doorway.full = True
    await doorway.told("StasisStart", lambda: "DELETE channels/leg1" in doorway.fake.asked(), **arrival)
    assert doorway.fed == []
    doorway.full = False
    await doorway.fake.emit("StasisStart", **arrival)
    await doorway.settled()
    assert doorway.fed == [CallArrived("leg1", "0480000001")]
