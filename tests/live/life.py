"""An engine and its edge on a real Asterisk, that may die at any moment and begin another life."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from calls.commands import PlayGuidance
from calls.event import Event
from calls.events import PhoneRegistered
from calls.journal import Entry
from calls.lifecycle import State
from engine.call import Call
from engine.engine import Engine
from sim.live.telephone import PATIENCE_S, Telephone
from telephony.ami import Ami, AmiSettings
from telephony.ari import AriClient, AriSettings
from telephony.ari import events as ari_events
from telephony.asterisk import EmbeddedAsterisk
from telephony.driver import Driver
from telephony.from_asterisk import EVENT_TYPES
from telephony.intake import Intake
from telephony.lookout import Lookout
from telephony.marking import Marking
from telephony.marks import Marks
from telephony.pins import PinPad
from telephony.to_asterisk import ToAsterisk


class Life:
    """`async with Life(asterisk, engine) as life:` takes calls inside. `deaf`: what Asterisk tells is lost."""

    def __init__(self, asterisk: EmbeddedAsterisk, engine: Engine, seats: Sequence[str] = ()) -> None:
        address = asterisk.address
        self.asterisk = asterisk
        self.engine = engine
        self.deaf = False
        self.entries: list[Entry] = []
        self.ari = AriClient(
            AriSettings(
                app=asterisk.plan.app,
                username=address.ari_user,
                password=asterisk.secrets.ari,
                host=address.host,
                port=address.http_port,
                events=EVENT_TYPES,
            )
        )
        self.out = ToAsterisk(self.ari, self._sound, lambda *of: None, self.feed)
        self.ami = Ami(AmiSettings(address.ami_user, asterisk.secrets.ami, address.host, address.ami_port))
        self.marking = self.out.marking = Marking(Marks(engine.floor), self.ami)
        self.driver = Driver(engine, self.out.carry_out, self._note)
        pins = PinPad(lambda number: None)
        Intake(self.ari, engine, self.out, pins, self.feed, lambda: False).listen()
        self.ari._connected.clear()  # nobody catches up but the lookout
        self.lookout = Lookout(self.ari, engine, self.out, self.feed, Path(), lambda message: None)
        self.lookout.remember(pins)
        self._dispatch = self.ari._dispatch
        self.ari._dispatch = self._hear  # type: ignore[method-assign]
        self._grown = asyncio.Event()
        self._seats = seats

    async def __aenter__(self) -> Life:
        await self.ami.connect()
        await self.ari.connect()
        for seat in self._seats:
            self.feed(PhoneRegistered(seat))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.driver.close()
        await self.ari.close()
        await self.ami.close()

    async def dies(self) -> None:
        """As by kill -9: the connection breaks in the middle of anything."""
        self.driver.close()
        connection = self.ari._connection
        assert connection is not None
        response: Any = connection._ws._response
        response.connection.transport.abort()
        await self.ari.close()

    def feed(self, event: Event) -> None:
        self.driver.feed(event)

    def events(self) -> list[Event]:
        """What the engine was told, in order."""
        return [entry.event for entry in self.entries]

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for what only an event can bring about."""
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self._grown.clear()
                await self._grown.wait()

    async def call_in(self, state: State, caller: str) -> Call:
        """The call of a caller, once it is in a state."""

        def found() -> list[Call]:
            calls = self.engine.floor.calls.values()
            return [call for call in calls if call.caller == caller and call.state is state]

        await self.until(lambda: bool(found()))
        return found()[0]

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._grown.set()

    def _hear(self, event: ari_events.Event | ari_events.UnknownEvent) -> None:
        if not self.deaf:
            self._dispatch(event)

    def _sound(self, command: PlayGuidance) -> str:
        beep = f"sound:{self.asterisk.plan.beep.with_suffix('')}"
        return ",".join([beep] * (10 if command.guidance == "prompt" else 1))

    # ---- who takes part

    def telephone(self, phone: str, tone_hz: int | None = None, answers: str = "200 OK") -> Telephone:
        """A telephone of ours."""
        one = Telephone(self.asterisk.plan.ports.sip, phone, self.asterisk.secrets.phones[phone], tone_hz)
        one.answers = answers
        return one

    def caller(self, number: str, tone_hz: int | None = None) -> Telephone:
        """Somebody on the carrier's line."""
        return Telephone(self.asterisk.plan.ports.sip, number, tone_hz=tone_hz)


async def asked(asterisk: EmbeddedAsterisk, path: str) -> tuple[int, Any]:
    """What Asterisk says while no engine is there: HTTP status and body."""
    address = asterisk.address
    login = base64.b64encode(f"{address.ari_user}:{asterisk.secrets.ari}".encode()).decode()
    url = f"http://{address.host}:{address.http_port}/ari/{path}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Basic {login}"}) as session,
        session.get(url) as reply,
    ):
        return reply.status, await reply.json()


async def gone(asterisk: EmbeddedAsterisk, path: str) -> None:
    """Wait until Asterisk knows nothing of it any more."""
    async with asyncio.timeout(PATIENCE_S):
        while (await asked(asterisk, path))[0] != 404:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def cleared(asterisk: EmbeddedAsterisk) -> None:
    """Wait until there is no channel any more."""
    async with asyncio.timeout(PATIENCE_S):
        while (await asked(asterisk, "channels"))[1] or (await asked(asterisk, "bridges"))[1]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
