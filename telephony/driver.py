"""Drives the engine on the real clock: the live one of the two clocks."""

from __future__ import annotations

import asyncio
import logging
import math
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

    An engine that goes on after a crash begins with `number`, its last entry, and `now`, that entry's time. It is
    held until somebody has looked at what it has missed (`hold`, `go_on`). `stepped` is told what each step took (s).
    """

    def __init__(
        self,
        engine: Engine,
        carry_out: Callable[[Command], None],
        journal: Callable[[Entry], None],
        clock: Callable[[], float] = time.time,
        number: int = 0,
        now: float = 0.0,
        stepped: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.engine = engine
        self._carry_out = carry_out
        self._journal = journal
        self._clock = clock
        self.now = now
        self.number = number
        self._stepped = stepped
        self._inbox: deque[Event] = deque()
        self._busy = self._held = False
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._idle = asyncio.Event()

    def feed(self, event: Event) -> None:
        """Take one event in and carry out what follows from it."""
        self._inbox.append(event)
        if self._busy:
            return
        self._work_off()

    def hold(self) -> None:
        """Whatever comes waits, and no deadline fires, until `go_on`."""
        self.close()
        self._deadline = None
        self._busy = self._held = True

    def feed_missed(self, event: Event) -> None:
        """Take in what has happened already, nobody knows when.

        While the driver is held that was before the next deadline, which would not have fired otherwise: a telephone
        that was picked up while nobody looked has not rung too long.
        """
        if not self._held:
            self.feed(event)
            return
        at, deadline = self._clock(), self.engine.next_deadline()
        if deadline is not None and deadline <= at:
            at = math.nextafter(deadline, 0.0)
        self._step(event, at)

    def go_on(self) -> None:
        """Take in what has come since `hold`, in the order of receipt, and let deadlines fire."""
        self._held = False
        self._work_off()

    def _work_off(self) -> None:
        self._busy = True
        try:
            while self._inbox:
                self._step(self._inbox.popleft(), self._clock())
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

    def _step(self, event: Event, at: float) -> None:
        self.now = max(self.now, at)  # whatever a clock says, the journal's never goes back
        begun = time.perf_counter()
        commands = self.engine.handle(event, self.now)
        self._stepped(time.perf_counter() - begun)
        self.number += 1
        self._journal(Entry(self.number, self.now, event, commands))
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
