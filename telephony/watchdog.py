"""Looks after an Asterisk: knocks at its doors every few seconds, raises the alarm, and ends one of ours that hangs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address

from telephony.alarms import AlarmName, Alarms
from telephony.ari_ping import ari_answer
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import AsteriskAddress
from telephony.background import Worker
from telephony.call_probe import call_answer
from telephony.secrets import Secrets
from telephony.sip_probe import STRANGER, sip_answer
from telephony.vitals import Answer, Judge, Look, Verdict

log = logging.getLogger(__name__)

PATIENCE_S = 4.0
"""How long a door may take: more than any stall of a machine that is merely busy."""
CALL_EVERY_S = 60.0
_ALARMS = {Verdict.DEAD: AlarmName.ASTERISK_DEAD, Verdict.HUNG: AlarmName.ASTERISK_HUNG}

Notice = Callable[[Verdict, str], None]
"""Told of each new verdict, and why."""


@dataclass(frozen=True)
class Door:
    """`knock` always comes back within some seconds. `every_s`: not at each look, while it answers; 0: at each."""

    name: str
    knock: Callable[[], Awaitable[Answer]]
    every_s: float = 0.0


def embedded_doors(
    asterisk: EmbeddedAsterisk, timeout_s: float = PATIENCE_S, call_every_s: float = CALL_EVERY_S
) -> tuple[Door, ...]:
    """Those of our own: ARI, SIP, and a call through it."""
    plan = asterisk.plan
    user = plan.phones[0].id if plan.phones else STRANGER
    return (
        Door("ARI", lambda: ari_answer(asterisk.address, asterisk.secrets, timeout_s)),
        Door("SIP", lambda: sip_answer(_reached(plan.bind.sip), plan.ports.sip, timeout_s, user)),
        Door("a call", lambda: call_answer(asterisk.address, asterisk.secrets, timeout_s), call_every_s),
    )


def external_doors(
    address: AsteriskAddress,
    secrets: Secrets,
    sip_port: int,
    user: str = STRANGER,
    timeout_s: float = PATIENCE_S,
) -> tuple[Door, ...]:
    """Those of somebody else's: ARI and SIP. No call: we know nothing of its dialplan."""
    return (
        Door("ARI", lambda: ari_answer(address, secrets, timeout_s)),
        Door("SIP", lambda: sip_answer(address.host, sip_port, timeout_s, user)),
    )


class Watchdog(Worker):
    """`async with Watchdog(...)`: it looks every `every_s` seconds, as long as that lasts.

    `there`: whether the process is, None where that cannot be known. `cure` ends an Asterisk that hangs, so that its
    supervision starts another; None where there is nothing but the alarm.
    """

    _name = "watchdog"

    def __init__(
        self,
        doors: tuple[Door, ...],
        alarms: Alarms,
        there: Callable[[], bool | None] = lambda: None,
        cure: Callable[[], Awaitable[None]] | None = None,
        notice: Notice = lambda verdict, why: None,
        judge: Judge | None = None,
        every_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._doors = doors
        self._alarms = alarms
        self._there = there
        self._cure = cure
        self._notice = notice
        self._judge = judge or Judge()
        self._every_s = every_s
        self._clock = clock
        self._knocked: dict[str, float] = {}
        self.verdict = Verdict.WELL

    async def _work(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._every_s)

    async def look(self) -> Verdict:
        """One look at all doors that are due, and all that follows from it."""
        began = self._clock()
        doors = [] if self._there() is False else [door for door in self._doors if self._is_due(door, began)]
        answers = await asyncio.gather(*(door.knock() for door in doors))
        self._knocked |= {door.name: began for door in doors}
        told = {door.name: answer for door, answer in zip(doors, answers, strict=True)}
        verdict = self._judge.hear(Look(began, self._clock(), self._there(), told))
        if verdict is not self.verdict:
            self._tell(verdict)
        if verdict is Verdict.HUNG and self._cure is not None:
            log.error("Asterisk hangs (%s): it is ended", self._judge.why)
            await self._cure()
            self._judge.forget()  # the next one has a right of its own
        return verdict

    def _is_due(self, door: Door, now: float) -> bool:
        last = self._knocked.get(door.name)
        return last is None or self._judge.silent(door.name) or now - last >= door.every_s

    def _tell(self, verdict: Verdict) -> None:
        self.verdict = verdict
        for bad, alarm in _ALARMS.items():
            if bad is verdict:
                self._alarms.sound(alarm, self._judge.why)
            else:
                self._alarms.clear(alarm)
        self._notice(verdict, self._judge.why)


def _reached(address: IPv4Address) -> str:
    return "127.0.0.1" if address.is_unspecified else str(address)
