"""Drives the engine on the real clock: the live one of the two clocks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

from calls.command import Command
from calls.event import Event
from calls.events import TimePassed
from calls.journal import Entry
from engine.engine import Engine

log = logging.getLogger(__name__)


class Driver:
    """Everything that happens comes in by `feed`, one after the other, in the order of receipt.

    Each step is handed to `journal` before its commands are carried out: the intention is stored first. An
    event that comes up while a step is in hand (a command that fails at once) waits for the step to end.
    """

    def __init__(
        self,
        engine: Engine,
        carry_out: Callable[[Command], None],
        journal: Callable[[Entry], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.engine = engine
        self._carry_out = carry_out
        self._journal = journal
        self._clock = clock
        self._now = 0.0
        self._number = 0
        self._inbox: deque[Event] = deque()
        self._busy = False
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._idle = asyncio.Event()

    def feed(self, event: Event) -> None:
        """Take one event in and carry out what follows from it."""
        self._inbox.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._inbox:
                self._step(self._inbox.popleft())
        finally:
            self._busy = False
        self._arm()
        if not self.engine.floor.calls:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until the engine has no call any more."""
        self._idle.clear()
        if self.engine.floor.calls:
            await self._idle.wait()

    def close(self) -> None:
        """No deadline fires any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _step(self, event: Event) -> None:
        # The machine's clock may be set back; the journal's never is.
        self._now = max(self._now, self._clock())
        commands = self.engine.handle(event, self._now)
        self._number += 1
        self._journal(Entry(self._number, self._now, event, commands))
        for command in commands:
            self._carry_out(command)

    def _arm(self) -> None:
        deadline = self.engine.next_deadline()
        if deadline == self._deadline:
            return
        self.close()
        self._deadline = deadline
        if deadline is not None:
            delay = max(0.0, deadline - self._clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self._fire)

    def _fire(self) -> None:
        self._deadline = None
        self.feed(TimePassed())
