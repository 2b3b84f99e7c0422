"""Whether callers can reach us: is the carrier there, and has it registered us?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami, AmiError
from telephony.background import Worker
from telephony.site import TrunkSite

EVERY_S = 5.0
PATIENCE_S = 45.0
"""So long a first registration may take: Asterisk begins it within ten seconds, and waits 32 for an answer."""

GONE = "Unreachable"
REGISTERED, BEGINNING = "Registered", "Unregistered"


class TrunkWatch(Worker):
    """Inside `async with`: asks Asterisk every `every_s` seconds, and sounds the alarm TRUNK_DOWN or clears it.

    A trunk with neither a server nor a registration has nobody to ask. What is not known (Asterisk is away, or has
    asked nobody yet) changes nothing.
    """

    _name = "trunk"

    def __init__(
        self,
        ami: Ami,
        trunk: TrunkSite,
        alarms: Alarms,
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ami = ami
        self._trunk = trunk
        self._alarms = alarms
        self._every_s = every_s
        self._clock = clock
        self._beginning_since: float | None = None

    async def _work(self) -> None:
        while self._trunk.registration or self._trunk.watched:
            await self.look()
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Once."""
        try:
            registrations, contacts = await self._registrations(), await self._contacts()
        except AmiError:
            self._beginning_since = None
            return
        troubles = [self._registration(registrations), self._contact(contacts)]
        if found := [trouble for trouble in troubles if trouble]:
            self._alarms.sound(AlarmName.TRUNK_DOWN, "; ".join(found))
        elif None not in troubles:
            self._alarms.clear(AlarmName.TRUNK_DOWN)

    # ---- what Asterisk says

    async def _registrations(self) -> Sequence[str]:
        if self._trunk.registration is None:
            return ()
        rows = await self._ami.listing("PJSIPShowRegistrationsOutbound", "OutboundRegistrationDetail")
        return [row.status for row in rows if row.objectname == self._trunk.name]

    async def _contacts(self) -> Sequence[str]:
        if not self._trunk.watched:
            return ()
        rows = await self._ami.listing("PJSIPShowEndpoint", "ContactStatusDetail", Endpoint=self._trunk.watch)
        return [row.status for row in rows]

    # ---- what that means: "" for nothing to complain of, None for not known

    def _registration(self, states: Sequence[str]) -> str | None:
        registration = self._trunk.registration
        if registration is None:
            return ""
        if not states:
            return None
        [state] = states[:1]
        if state != BEGINNING:
            self._beginning_since = None
        elif self._waited() < PATIENCE_S:
            return None
        if state == REGISTERED:
            return ""
        why = "there is no answer yet" if state == BEGINNING else f"Asterisk says {state}"
        return f"we are not registered at {registration.server}: {why}"

    def _waited(self) -> float:
        now = self._clock()
        if self._beginning_since is None:
            self._beginning_since = now
        return now - self._beginning_since

    def _contact(self, states: Sequence[str]) -> str | None:
        registration = self._trunk.registration
        if not self._trunk.watched:
            return ""
        if GONE in states:
            server = self._trunk.server or (registration.server if registration is not None else "")
            return f"the carrier does not answer at {server}"
        return "" if states and {*states} <= {"Reachable"} else None
