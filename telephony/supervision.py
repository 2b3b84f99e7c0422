"""Starts our Asterisk anew whenever it has ended, for whatever reason: at once the first time, then with patience."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from telephony.alarms import AlarmName, Alarms
from telephony.background import Worker
from telephony.backoff import Backoff

log = logging.getLogger(__name__)

LIVED_S = 60.0
"""One that was up for so long was well; what ended it is no part of a series."""
_NUMBER = re.compile(r"\d{6,}")


class Supervised(Protocol):
    """What of EmbeddedAsterisk is needed here."""

    aborted: bool

    async def start(self) -> None: ...

    async def wait(self) -> int | None: ...

    def last_words(self) -> str: ...


class Supervision(Worker):
    """`async with Supervision(asterisk, alarms, on_ended, on_back)`: beside one that is up; leaves it up at the end.

    `on_ended` is told why (crashed, hung, restarted) as soon as the process is gone, `on_back` when the next one
    has booted and been checked. The alarm stands between the two. Never two starts at once.
    """

    _name = "supervision of Asterisk"

    def __init__(
        self,
        asterisk: Supervised,
        alarms: Alarms,
        on_ended: Callable[[str], None] = lambda reason: None,
        on_back: Callable[[], None] = lambda: None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._asterisk = asterisk
        self._alarms = alarms
        self._on_ended = on_ended
        self._on_back = on_back
        self._backoff = backoff or Backoff(first=0.5, most=30.0)
        self._clock = clock
        self._sleep = sleep

    async def _work(self) -> None:
        while True:
            began = self._clock()
            code = await self._asterisk.wait()
            ended = self._clock()
            if ended - began >= LIVED_S:
                self._backoff.reset()
            self._mourn(self._reason(code))
            await self._bring_back()
            log.warning("Asterisk is back after %.1f s", self._clock() - ended)
            self._alarms.clear(AlarmName.ASTERISK_DEAD)
            self._on_back()

    def _reason(self, code: int | None) -> str:
        if self._asterisk.aborted:
            return "hung"
        return "restarted" if code == 0 else "crashed"

    def _mourn(self, reason: str) -> None:
        self._alarms.sound(AlarmName.ASTERISK_DEAD, f"Asterisk has ended ({reason}); it is started anew")
        log.error("Asterisk has ended (%s). %s", reason, _without_numbers(self._asterisk.last_words()))
        self._on_ended(reason)

    async def _bring_back(self) -> None:
        while True:
            await self._sleep(self._backoff.next())
            try:
                await self._asterisk.start()
            except Exception as problem:  # noqa: BLE001 - whatever it is: without the next try there is no telephone
                text = _without_numbers(f"Asterisk does not start: {problem}")
                log.error("%s", text)
                self._alarms.sound(AlarmName.ASTERISK_DEAD, text.partition("\n")[0])
            else:
                return


def _without_numbers(text: str) -> str:
    """Asterisk's own words may hold a caller's."""
    return _NUMBER.sub("(number)", text)
