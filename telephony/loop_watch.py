"""Sees how late the event loop is, and tells systemd that it turns at all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from telephony.background import Worker
from telephony.sd_notify import Systemd
from telephony.tally import SOON, Buckets

TICK_S = 0.5
REMEMBERED = 120
"""Ticks: the last minute."""
PINGS = 4
"""So often within the watchdog's time systemd is told that the loop turns."""


class LoopWatch(Worker):
    """`async with LoopWatch(systemd):` measures inside, `tick` seconds apart. `lags`: all of it, as a histogram.

    The pings come from the loop itself and from nowhere else: a loop that hangs is killed by systemd, and the next
    engine goes on from the journal.
    """

    _name = "loop watch"

    def __init__(
        self,
        systemd: Systemd,
        tick: float = TICK_S,
        on_tick: Callable[[float], None] = lambda lag: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lags = Buckets(SOON)
        self._last: deque[float] = deque(maxlen=REMEMBERED)
        self._systemd = systemd
        self._tick = min(tick, systemd.watchdog_s / PINGS) if systemd.watchdog_s else tick
        self._on_tick = on_tick
        self._clock = clock

    def worst(self) -> float:
        """The most of the last minute, in seconds."""
        return max(self._last, default=0.0)

    async def _work(self) -> None:
        while True:
            self._systemd.alive()
            due = self._clock() + self._tick
            await asyncio.sleep(self._tick)
            lag = max(0.0, self._clock() - due)
            self.lags.add(lag)
            self._last.append(lag)
            self._on_tick(lag)
