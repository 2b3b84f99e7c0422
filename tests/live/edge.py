"""The edge in both directions on a real Asterisk, with the test in the engine's place: commands in, events out."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, TypeVar, cast

import aiohttp

from calls.command import Command
from calls.commands import AnswerLeg, ConnectLegs, HangUp, RingSeat, RingTelephone, SnoopLeg
from calls.event import Event
from calls.events import CallArrived, LegAnswered, LegEnded, LegsConnected, PhoneDialled
from engine.engine import Engine
from sim.live.telephone import PATIENCE_S, Talk, Telephone
from telephony.ari import AriClient, AriSettings
from telephony.asterisk import EmbeddedAsterisk
from telephony.from_asterisk import EVENT_TYPES
from telephony.intake import Intake
from telephony.pins import PinPad
from telephony.to_asterisk import ToAsterisk

E = TypeVar("E", bound=Event)

CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ, THIRD_HZ = 440, 880, 1320, 600
TONES = (CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ, THIRD_HZ)


class Edge:
    """`events` are all that came in. `does`: what is done at once when an event of a kind comes."""

    def __init__(self, asterisk: EmbeddedAsterisk, ari: AriClient) -> None:
        self.asterisk = asterisk
        self.ari = ari
        self.events: list[Event] = []
        self.does: dict[type[Event], list[Command]] = {}
        self._legs: set[str] = set()
        self._news = asyncio.Event()
        self.sound = f"sound:{asterisk.plan.beep.with_suffix('')}"
        self._out = ToAsterisk(ari, lambda command: self.sound, lambda *of: None, self._feed)
        Intake(
            ari, cast(Engine, self), self._out, PinPad(lambda number: None), self._feed, lambda: False
        ).listen()

    def legs(self) -> set[str]:
        """What the engine would know of."""
        return self._legs

    def do(self, *commands: Command) -> None:
        """Carry commands out."""
        for command in commands:
            match command:
                case RingSeat() | RingTelephone():
                    self._legs.add(command.leg)
                case SnoopLeg():
                    self._legs.add(command.snoop)
            self._out.carry_out(command)

    def _feed(self, event: Event) -> None:
        match event:
            case CallArrived() | PhoneDialled():
                self._legs.add(event.leg)
            case LegEnded():
                self._legs.discard(event.leg)
        self.events.append(event)
        self._news.set()
        self.do(*self.does.get(type(event), ()))

    async def until(self, kind: type[E], number: int = 1, **fields: Any) -> E:
        """The event of this kind and with these fields, the first or a later one of its like."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := self._of(kind, fields)) < number:
                self._news.clear()
                await self._news.wait()
        return found[number - 1]

    def _of(self, kind: type[E], fields: dict[str, Any]) -> list[E]:
        return [
            event
            for event in self.events
            if isinstance(event, kind)
            and all(getattr(event, name) == value for name, value in fields.items())
        ]

    # ---- who takes part

    def telephone(self, phone: str, tone_hz: int | None = None) -> Telephone:
        """A telephone of ours."""
        return Telephone(self.asterisk.plan.ports.sip, phone, self.asterisk.secrets.phones[phone], tone_hz)

    def caller(self) -> Telephone:
        """Somebody on the carrier's line."""
        return Telephone(self.asterisk.plan.ports.sip, "0488301111", tone_hz=CALLER_HZ)

    async def pick_up(self, seat: str, leg: str, **fields: Any) -> None:
        """Ring a telephone that picks up by itself."""
        self.do(RingSeat(seat, leg, "call", fields.pop("caller_leg", ""), "0488301111", **fields))
        await self.until(LegAnswered, leg=leg)

    async def conversation(self, caller: Telephone, operator: Telephone) -> tuple[Talk, Talk, str]:
        """The caller and seat01 (leg `op`) talk in the bridge `talk`; both calls, and the caller's leg."""
        his = await caller.dial("0570012229")
        arrived = await self.until(CallArrived)
        self.do(AnswerLeg(arrived.leg))
        await self.pick_up("seat01", "op", caller_leg=arrived.leg, title="自動車税")
        self.do(ConnectLegs("talk", arrived.leg, "op"))
        await self.until(LegsConnected, bridge="talk")
        return his, await operator.rung(), arrived.leg


@asynccontextmanager
async def edge_of(asterisk: EmbeddedAsterisk) -> AsyncIterator[Edge]:
    """Connected inside; every leg and bridge that is left is ended afterwards."""
    address = asterisk.address
    settings = AriSettings(
        app=asterisk.plan.app,
        username=address.ari_user,
        password=asterisk.secrets.ari,
        host=address.host,
        port=address.http_port,
        events=EVENT_TYPES,
    )
    await _last_one_gone(settings)
    client = AriClient(settings)
    edge = Edge(asterisk, client)
    async with client:
        try:
            yield edge
        finally:
            edge.does.clear()
            for leg in edge.legs() & {channel.id for channel in await client.channels.list()}:
                edge.do(HangUp(leg))
                await edge.until(LegEnded, leg=leg)
            for bridge in await client.bridges.list():
                await client.bridges.destroy(bridge.id)


async def _last_one_gone(settings: AriSettings) -> None:
    """Give Asterisk the time to put the last connection away: it might take a new one along with it.

    Mostly it forgets the application then; where it does not, there is nothing to be seen of it.
    """
    login = base64.b64encode(f"{settings.username}:{settings.password}".encode()).decode()
    url = f"http://{settings.address}/ari/applications/{settings.app}"
    async with aiohttp.ClientSession(headers={"Authorization": f"Basic {login}"}) as session:
        for _ in range(30):
            if (await session.get(url)).status == HTTPStatus.NOT_FOUND:
                return
            await asyncio.sleep(0.01)
